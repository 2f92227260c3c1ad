"""`/okr align check`: advice over a whole portfolio, and putting a piece of it aside for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rituals.alignment import checks, verdicts
from rituals.alignment.page import CheckLine, CheckPage
from rituals.errors import FormRefusal, Refusal
from rituals.notices import ConflictTold
from rituals.okrs.card import show
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from rituals.okrs.put_aside import put_aside
from rituals.workshops import drafts
from storage.database import Database
from storage.tables import Blocker, Dismissal, OutboxRow, Unit
from tests.rituals.halden import ANA, BO, MIA, NOW, SAMPLE, TEAM

DARIO = "U08DARIO"

TWIN = """
  - key: O-99
    unit: search
    cycle: 2026-Q4
    title: Search is what people open first
    contributes_to: [{objective: O-1, how: "A first answer is the first value that most accounts see in their week."}]
    key_results:
      - {key: KR-98, title: Imports of old CRM data that finish without help, start: 40, target: 80, measured_in: "%",
         owners: [search]}
      - {key: KR-99, title: Questions answered within a second, start: 40, target: 80, measured_in: "%",
         owners: [search]}
"""


def page(db: Database, user: str = ANA) -> CheckPage:
    """What somebody reads."""
    return checks.show_check(db, TEAM, user, "", now=NOW)


def of_rule(found: CheckPage, rule: str) -> list[CheckLine]:
    """The advice of one rule."""
    return [line for line in found.lines if line.rule == rule]


def test_co_owners_without_anything_of_their_own_for_it_are_named(halden: Database) -> None:
    missing = [line.missing for line in of_rule(page(halden), "support")]
    assert missing[0].startswith("Payments and CRM co-own KR-7 and have no key result or objective of their own")
    assert len(missing) == 5


def test_what_concerns_several_units_comes_first(halden: Database) -> None:
    import_portfolio(halden, TEAM, SAMPLE.read_text(encoding="utf-8").rstrip("\n") + TWIN, now=NOW)
    first = page(halden).lines[0]
    assert (first.rule, set(first.about)) == ("twice", {"KR-13", "KR-98"})
    assert "Imports of old CRM data that finish without our help" in first.missing
    assert "Imports of old CRM data that finish without help" in first.missing


def test_a_line_alone_reads_what_concerns_it_and_others(halden: Database) -> None:
    import_portfolio(halden, TEAM, SAMPLE.read_text(encoding="utf-8").rstrip("\n") + TWIN, now=NOW)
    found = checks.show_check(halden, TEAM, BO, "crm", now=NOW)
    assert [line.about for line in of_rule(found, "twice")] == [("KR-13", "KR-98")]
    assert [line.about[0] for line in of_rule(found, "support")] == ["KR-7", "KR-32"]
    assert [line.about[0] for line in of_rule(found, "relevant")] == ["O-6"]
    checks.dismiss(halden, TEAM, BO, "crm", found.lines[0].name, "two kinds of data", now=NOW)
    assert of_rule(page(halden), "twice") == []


def test_who_has_nothing_above_is_not_told_to_move_it(halden: Database) -> None:
    relevant = [line.about[0] for line in of_rule(page(halden), "relevant")]
    assert relevant == ["O-6", "O-13", "O-14", "O-18"]


def test_what_is_put_aside_with_a_reason_stays_so(halden: Database) -> None:
    found = page(halden)
    line = of_rule(found, "relevant")[0]
    for _ in range(2):
        checks.dismiss(halden, TEAM, BO, found.unit_key, line.name, "CRM's margin is its own goal", now=NOW)
    later = checks.show_check(halden, TEAM, MIA, "", now=NOW + timedelta(days=3))
    assert line.name not in {one.name for one in later.lines}
    assert len(later.lines) == len(found.lines) - 1
    [aside] = later.aside
    assert (aside.rule, aside.about, aside.by, aside.on) == ("relevant", line.about, "Bo Lindqvist", NOW.date())
    assert aside.reason == "CRM's margin is its own goal"


def test_what_is_put_aside_is_not_said_on_a_card_or_among_the_drafts_either(halden: Database) -> None:
    def said(key: str) -> tuple[str, str]:
        with halden.transaction(readonly=True) as session:
            aside = put_aside(session, TEAM)
            among = drafts.advice(load_portfolio(session, TEAM), "identity", "2026-Q4", aside)
        return show(halden, TEAM, key, now=NOW, user=ANA).advice, " ".join(among)

    line = next(line for line in page(halden).lines if line.about == ("KR-38",))
    assert ["It has no number" in words for words in said("KR-38")] == [True, True]
    checks.dismiss(halden, TEAM, ANA, "suite", line.name, "the auditors count for us", now=NOW)
    assert ["It has no number" in words for words in said("KR-38")] == [False, False]


def test_a_conflict_that_was_put_aside_is_not_said_on_the_card_of_either_side(halden: Database) -> None:
    import_portfolio(halden, TEAM, SAMPLE.read_text(encoding="utf-8").rstrip("\n") + TWIN, now=NOW)
    cards = [show(halden, TEAM, key, now=NOW, user=ANA).advice for key in ("KR-13", "KR-98")]
    assert all("measure the same thing twice" in advice for advice in cards)
    twice = of_rule(page(halden), "twice")[0]
    checks.dismiss(halden, TEAM, ANA, "suite", twice.name, "two kinds of data", now=NOW)
    cards = [show(halden, TEAM, key, now=NOW, user=ANA).advice for key in ("KR-13", "KR-98")]
    assert not any("measure the same thing twice" in advice for advice in cards)


def test_a_reason_is_asked_for(halden: Database) -> None:
    line = page(halden).lines[0]
    with pytest.raises(FormRefusal) as no:
        checks.dismiss(halden, TEAM, ANA, "suite", line.name, "  ", now=NOW)
    assert set(no.value.errors) == {"reason"}


def test_only_who_answers_for_it_puts_it_aside(halden: Database) -> None:
    line = of_rule(page(halden), "relevant")[0]
    with pytest.raises(Refusal, match="O-6 is CRM's"):
        checks.dismiss(halden, TEAM, MIA, "suite", line.name, "fine", now=NOW)
    assert page(halden).aside == ()


def test_advice_that_is_gone_is_not_put_aside(halden: Database) -> None:
    with pytest.raises(Refusal, match="gone"):
        checks.dismiss(halden, TEAM, ANA, "suite", "outcome:0000", "fine", now=NOW)


# Conflicts between two lines: confirmed or put aside, remembered, told once

RIVALS = """
  - key: O-98
    unit: search
    cycle: 2026-Q4
    title: Answers come at once
    contributes_to: [{objective: O-1, how: "The migration squad moves our index in November."}]
    key_results:
      - {key: KR-98, title: Index moved by the migration squad, start: 0, target: 80, measured_in: "%",
         owners: [search]}
  - key: O-99
    unit: crm
    cycle: 2026-Q4
    title: Old accounts come over
    contributes_to: [{objective: O-1, how: "They see value sooner when their records are there."}]
    key_results:
      - {key: KR-99, title: Accounts moved by the migration squad, start: 0, target: 40, measured_in: "%",
         owners: [crm]}
"""


@pytest.fixture
def rivals(halden: Database) -> Database:
    """Search and CRM both count on the migration squad."""
    import_portfolio(halden, TEAM, SAMPLE.read_text(encoding="utf-8").rstrip("\n") + RIVALS, now=NOW)
    return halden


def conflict(db: Database, user: str = ANA) -> CheckLine:
    return of_rule(page(db, user), "resource")[0]


def told(db: Database) -> dict[str, ConflictTold]:
    """What was promised, by who gets it."""
    with db.transaction(readonly=True) as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.kind == "conflict_told")).all()
    return {row.to: ConflictTold.model_validate(row.data) for row in rows}


def test_one_resource_promised_to_two_lines_is_found_with_both_texts(rivals: Database) -> None:
    line = conflict(rivals)
    assert line.conflict
    assert "Index moved by the migration squad" in line.missing or "moves our index in November" in line.missing
    assert "Accounts moved by the migration squad" in line.missing


def test_an_open_blocker_claims_too(halden: Database) -> None:
    with halden.transaction() as session:
        units = {unit.key: unit.id for unit in session.exec(select(Unit).where(Unit.team_id == TEAM))}
        for number, unit in ((901, "crm"), (902, "search")):
            text = "waiting for the usability lab"
            session.add(Blocker(team_id=TEAM, number=number, text=text, unit_id=units[unit], opened_at=NOW))
    assert set(conflict(halden).about) == {"B-901", "B-902"}


def test_a_blocker_of_a_private_line_is_quoted_to_its_own_people_only(halden: Database) -> None:
    test_an_open_blocker_claims_too(halden)
    _make_private(halden, "search")
    assert of_rule(page(halden, MIA), "resource") == []
    assert "usability lab" not in str(page(halden, MIA))
    assert set(conflict(halden).about) == {"B-901", "B-902"}


def test_nobody_is_advised_what_a_private_co_owner_lacks(halden: Database) -> None:
    _make_private(halden, "crm")
    about = {user: [line.about[0] for line in of_rule(page(halden, user), "support")] for user in (ANA, MIA)}
    assert ("KR-32" in about[ANA], "KR-32" in about[MIA]) == (True, False)
    assert "a private unit" not in str(page(halden, MIA))


def _make_private(db: Database, key: str) -> None:
    with db.transaction() as session:
        session.exec(select(Unit).where(Unit.team_id == TEAM, Unit.key == key)).one().private = True


def test_a_confirmed_conflict_is_remembered_and_both_lines_leads_are_told_once(rivals: Database) -> None:
    line = conflict(rivals)
    assert verdicts.confirm(rivals, TEAM, ANA, "suite", line.name, now=NOW)
    assert not verdicts.confirm(rivals, TEAM, BO, "suite", line.name, now=NOW + timedelta(minutes=1))
    first = page(rivals, MIA).lines[0]
    assert (first.name, first.confirmed_by, first.confirmed_on) == (line.name, "Ana Ruiz", NOW.date())
    got = told(rivals)
    assert set(got) == {BO, DARIO}
    assert {side.unit for side in got[BO].sides} == {"CRM", "Search"}
    assert (got[BO].by, got[BO].topic) == ("Ana Ruiz", "migration squad")


def test_who_confirms_is_not_told_what_they_said(rivals: Database) -> None:
    verdicts.confirm(rivals, TEAM, BO, "suite", conflict(rivals).name, now=NOW)
    assert set(told(rivals)) == {DARIO}


def test_of_a_private_line_the_other_lines_lead_learns_no_more_than_that_there_is_one(rivals: Database) -> None:
    name = conflict(rivals).name
    with rivals.transaction() as session:
        session.exec(select(Unit).where(Unit.team_id == TEAM, Unit.key == "crm")).one().private = True
    verdicts.confirm(rivals, TEAM, ANA, "suite", name, now=NOW)
    sides = told(rivals)[DARIO].sides
    assert [(side.unit, side.text) for side in sides if side.unit != "Search"] == [("a private unit", "")]
    assert "Accounts moved" not in str(told(rivals)[DARIO].model_dump())
    assert "Accounts moved" in str(told(rivals)[BO].model_dump())


def test_only_who_answers_for_one_of_the_lines_confirms(rivals: Database) -> None:
    with pytest.raises(Refusal, match="ask"):
        verdicts.confirm(rivals, TEAM, MIA, "suite", conflict(rivals).name, now=NOW)
    assert told(rivals) == {}


def test_what_was_put_aside_is_not_confirmed_and_says_why(rivals: Database) -> None:
    name = conflict(rivals).name
    checks.dismiss(rivals, TEAM, ANA, "suite", name, "they take turns", now=NOW)
    with pytest.raises(Refusal, match="they take turns"):
        verdicts.confirm(rivals, TEAM, BO, "suite", name, now=NOW)
    assert of_rule(page(rivals), "resource") == []


def test_a_confirmed_conflict_that_was_settled_can_be_put_aside(rivals: Database) -> None:
    name = conflict(rivals).name
    verdicts.confirm(rivals, TEAM, ANA, "suite", name, now=NOW)
    checks.dismiss(rivals, TEAM, BO, "suite", name, "CRM goes first", now=NOW + timedelta(days=2))
    assert of_rule(page(rivals), "resource") == []
    checks.dismiss(rivals, TEAM, ANA, "suite", name, "another reason", now=NOW + timedelta(days=3))
    with rivals.transaction(readonly=True) as session:
        [row] = session.exec(select(Dismissal).where(Dismissal.finding == name)).all()
    assert (row.verdict, row.reason, row.slack_user) == ("dismissed", "CRM goes first", BO)


def test_advice_about_one_line_is_not_a_conflict(halden: Database) -> None:
    with pytest.raises(Refusal, match="one line"):
        verdicts.confirm(halden, TEAM, BO, "suite", of_rule(page(halden), "relevant")[0].name, now=NOW)


def test_two_who_press_at_once_leave_one_verdict_and_one_message_for_each(rivals: Database) -> None:
    name = conflict(rivals).name
    with ThreadPoolExecutor(2) as pool:
        said = [pool.submit(verdicts.confirm, rivals, TEAM, user, "suite", name, now=NOW) for user in (ANA, BO)]
        assert sorted(one.result() for one in said) == [False, True]
    assert len(told(rivals)) in {1, 2}
