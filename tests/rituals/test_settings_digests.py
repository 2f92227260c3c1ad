"""Settings of digests: the switch for a person in between, and a rhythm for each audience."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from prompts.client import ModelClient
from rituals.alignment.rules import connection_rate
from rituals.digests import feedback
from rituals.digests.due import open_due
from rituals.digests.issuing import prepare
from rituals.errors import Refusal
from rituals.settings import pages, rhythm_form, workspace
from rituals.settings.cards import Typed, UnitPage
from storage import people, tables
from storage.database import Database
from tests.rituals.digest_workspace import FRIDAY, TEAM, set_up

NOW = datetime(2026, 11, 9, 10, tzinfo=UTC)
ANA, BO = "U01ANA", "U02BO"
WEEKLY = Typed(texts={"every": "1", "step": "weeks", "at": "15:00", "where": "own"}, lists={"weekdays": ("friday",)})


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    set_up(sqlite_db)
    with sqlite_db.transaction() as session:
        session.exec(select(tables.Person).where(tables.Person.key == "ana")).one().admin = True
    return sqlite_db


def audiences(db: Database, unit: str) -> dict[str, Any] | None:
    with db.transaction(readonly=True) as session:
        return session.exec(select(tables.Unit).where(tables.Unit.key == unit)).one().audiences


def page(db: Database, unit: str, user: str = ANA) -> UnitPage:
    return pages.unit_page(db, TEAM, user, unit, now=NOW)


def test_an_admin_has_a_person_look_at_each_digest(suite: Database) -> None:
    form = workspace.open_form(suite, TEAM, ANA, now=NOW)
    assert form.typed.several("digests") == ()
    typed = form.typed.model_copy(update={"lists": {**form.typed.lists, "digests": ("approve",)}})
    saved = workspace.save(suite, TEAM, ANA, typed, now=NOW, key="form:1")
    assert [(one.name, one.after) for one in saved.changes] == [("Digests", "posted when a lead has approved them")]
    with suite.transaction(readonly=True) as session:
        assert people.workspace(session, TEAM).approve_digests
    assert workspace.open_form(suite, TEAM, ANA, now=NOW).typed.several("digests") == ("approve",)


@pytest.mark.parametrize("which", ["portfolio", "unit"])
def test_a_portfolio_sets_a_digest_for_its_lines_and_one_of_each(suite: Database, which: str) -> None:
    assert [r.which for r in page(suite, "suite").rhythms] == ["checkin", "digest", "portfolio", "unit"]
    form = rhythm_form.open_form(suite, TEAM, ANA, f"suite:{which}", now=NOW)
    assert form.typed.text("at") == "15:00"
    saved = rhythm_form.save(suite, TEAM, ANA, f"suite:{which}", WEEKLY, now=NOW, key="form:2")
    assert saved.changes[0].name == "Digests for others"
    found = audiences(suite, "suite") or {}
    assert list(found) == [which]
    assert found[which]["on"] == "friday"
    shown = next(r for r in page(suite, "suite").rhythms if r.which == which)
    assert shown.value.startswith("every week on Friday at 15:00")
    assert shown.next_on == FRIDAY.date()
    rhythm_form.drop(suite, TEAM, ANA, f"suite:{which}", now=NOW, key="drop:1")
    assert audiences(suite, "suite") is None


def test_both_stand_beside_each_other(suite: Database) -> None:
    for which in ("portfolio", "unit"):
        rhythm_form.save(suite, TEAM, ANA, f"suite:{which}", WEEKLY, now=NOW, key=f"form:{which}")
    assert set(audiences(suite, "suite") or {}) == {"portfolio", "unit"}
    rhythm_form.drop(suite, TEAM, ANA, "suite:unit", now=NOW, key="drop:2")
    assert set(audiences(suite, "suite") or {}) == {"portfolio"}


def test_a_line_sees_whose_digest_it_gets_and_turns_it_off_and_on_again(suite: Database) -> None:
    rhythm_form.save(suite, TEAM, ANA, "suite:unit", WEEKLY, now=NOW, key="form:3")
    given = page(suite, "crm", BO).rhythms[-1]
    assert (given.which, given.source, given.offers) == ("digest", "Product suite", ("set", "off"))
    rhythm_form.drop(suite, TEAM, BO, "crm:line", now=NOW, key="off:1")
    assert audiences(suite, "crm") == {"unit": "off"}
    off = page(suite, "crm", BO).rhythms[-1]
    assert (off.value, off.source, off.offers) == ("turned off here", None, ("set", "follow"))
    rhythm_form.drop(suite, TEAM, BO, "crm:line", now=NOW, key="off:2")
    assert audiences(suite, "crm") is None


def test_a_line_without_any_may_set_its_own(suite: Database) -> None:
    own = page(suite, "crm", BO).rhythms[-1]
    assert (own.which, own.value, own.offers) == ("digest", "none", ("set",))


def test_who_does_not_answer_for_the_portfolio_sets_none(suite: Database) -> None:
    with pytest.raises(Refusal, match="ask Ana"):
        rhythm_form.save(suite, TEAM, BO, "suite:unit", WEEKLY, now=NOW, key="form:4")


def test_a_unit_shows_what_the_readers_of_its_digests_said(suite: Database) -> None:
    open_due(suite, TEAM, now=FRIDAY)
    prepare(suite, TEAM, now=FRIDAY, model=ModelClient(mode="off"), connection=connection_rate)
    for user, useful in ((ANA, True), (BO, False), ("U99ANY", True)):
        feedback.say(suite, TEAM, user, 1, useful=useful, now=FRIDAY)
    shown = pages.unit_page(suite, TEAM, ANA, "suite", now=FRIDAY)
    assert [r.useful for r in shown.rhythms if r.which == "digest"] == ["useful 2 of 3 this cycle"]
