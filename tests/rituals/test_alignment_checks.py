"""`/okr align check`: advice over a whole portfolio, and putting a piece of it aside for good."""

from datetime import timedelta

import pytest

from rituals.alignment import checks
from rituals.alignment.page import CheckLine, CheckPage
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.portfolio_service import import_portfolio
from storage.database import Database
from tests.rituals.halden import ANA, BO, MIA, NOW, SAMPLE, TEAM

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
    assert (len(later.lines), later.dismissed) == (len(found.lines) - 1, 1)


def test_a_reason_is_asked_for(halden: Database) -> None:
    line = page(halden).lines[0]
    with pytest.raises(FormRefusal) as no:
        checks.dismiss(halden, TEAM, ANA, "suite", line.name, "  ", now=NOW)
    assert set(no.value.errors) == {"reason"}


def test_only_who_answers_for_it_puts_it_aside(halden: Database) -> None:
    line = of_rule(page(halden), "relevant")[0]
    with pytest.raises(Refusal, match="O-6 is CRM's"):
        checks.dismiss(halden, TEAM, MIA, "suite", line.name, "fine", now=NOW)
    assert page(halden).dismissed == 0


def test_advice_that_is_gone_is_not_put_aside(halden: Database) -> None:
    with pytest.raises(Refusal, match="gone"):
        checks.dismiss(halden, TEAM, ANA, "suite", "outcome:0000", "fine", now=NOW)
