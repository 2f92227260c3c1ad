"""A conflict between two lines from `/okr align check` to both leads, and the pictures of alignment."""

from collections.abc import Iterator

import pytest

from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import Dismissal
from tests.bot.views.reading import elements
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, OMAR, portfolio
from tests.scenarios.seen import let_go, opened, rows

RIVALS = """
  - key: O-8
    unit: crm
    cycle: 2026-Q4
    title: Old accounts come over
    contributes_to: [{objective: O-1, how: Their first value is their own records.}]
    key_results:
      - {key: KR-80, title: Accounts moved by the migration squad, start: 0, target: 40, owners: [crm]}
  - key: O-9
    unit: payments
    cycle: 2026-Q4
    title: Every mandate is ours
    contributes_to: [{objective: O-1, how: Nobody types bank details twice.}]
    key_results:
      - {key: KR-90, title: Mandates carried over by the migration squad, start: 0, target: 900, owners: [payments]}
"""


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """CRM (Bo) and Payments (Omar) both count on the migration squad."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio().rstrip("\n") + RIVALS)
    yield made
    let_go(made)


def checked(stage: Stage, who: str) -> Message:
    person = stage.person(who)
    person.types("/okr align check")
    stage.settle()
    return person.ephemerals()[-1]


def told(stage: Stage, who: str) -> list[str]:
    person = stage.person(who)
    return [person.reads(m) for m in person.dm if "both count on one migration squad" in person.reads(m)]


def test_a_conflict_is_confirmed_once_and_goes_to_the_leads_of_both_lines(stage: Stage) -> None:
    ana, bo = stage.person(ANA), stage.person(BO)
    stage.sandbox.faults.redeliver = True
    for person, shown in ((ana, checked(stage, ANA)), (bo, checked(stage, BO))):
        assert 'CRM: KR-80 "Accounts moved by the migration squad"' in person.reads(shown)
        person.clicks(shown, label="Confirm")  # two people, on what each saw before the other pressed
    stage.settle()
    stage.go_to("2026-11-01T12:05")
    assert [row.verdict for row in rows(stage, Dismissal)] == ["confirmed"]
    assert len(told(stage, OMAR)) == 1
    assert "Payments · KR-90" in told(stage, OMAR)[0]
    assert len(told(stage, BO)) + len(told(stage, ANA)) <= 1
    assert "Confirmed by " in ana.reads(checked(stage, ANA))


def test_a_conflict_is_put_aside_with_a_reason_and_stays_so(stage: Stage) -> None:
    omar = stage.person(OMAR)
    shown = checked(stage, OMAR)
    assert "Promised to two" in omar.reads(shown)
    [aside] = [
        str(b["action_id"])
        for b in elements(shown.blocks)
        if str(b.get("action_id")).startswith("align_dismiss:resource")
    ]
    omar.clicks(shown, action_id=aside)
    assert omar.submits(opened(stage, omar), {"align_dismiss_reason": "They take turns, CRM first"}).closed
    assert [(row.verdict, row.reason) for row in rows(stage, Dismissal)] == [
        ("dismissed", "They take turns, CRM first")
    ]
    assert "Promised to two" not in omar.reads(checked(stage, OMAR))


def test_a_view_that_was_mistyped_is_named(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr align chekc")
    stage.settle()
    assert bo.reads(bo.ephemerals()[-1]).startswith('No unit "chekc".')
    assert "Or /okr align check?" in bo.reads(bo.ephemerals()[-1])


def test_matrix_and_map_come_as_files_in_a_direct_message(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr align matrix picture")
    stage.settle()
    assert "The picture of the coverage matrix comes as a direct message." in bo.reads(bo.ephemerals()[-1])
    bo.types("/okr align map")
    stage.settle()
    bo.clicks(bo.ephemerals()[-1], label="As a picture")
    stage.settle()
    stage.go_to("2026-11-01T12:05")
    files = [file for m in bo.dm for file in m.files]
    assert [file.name for file in files] == ["coverage-2026-11-01.png", "map-2026-11-01.png"]
    assert all((file.content or b"").startswith(b"\x89PNG") for file in files)
