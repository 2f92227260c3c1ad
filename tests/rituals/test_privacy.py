"""Roles and private units on the paths that change or tell something: undo, admins, blockers, digests, files."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from rituals import feed
from rituals.alignment.rules import connection_rate
from rituals.digests import service as digests
from rituals.digests.service import Reader
from rituals.errors import Refusal
from rituals.okrs import blockers, handshakes, pages, service
from rituals.okrs.cards import Saved
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio import markdown as portfolio_markdown
from storage.database import Database
from storage.people import units
from storage.tables import Blocker, Person
from tests.rituals.halden import ANA, BO, LENA, MIA, NOW, OMAR, SAM, TEAM, whole_list


@pytest.fixture
def private(halden: Database) -> Database:
    """The sample with a private CRM."""
    with halden.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "crm").private = True
    return halden


def saved(db: Database, user: str, text: str) -> int:
    done = service.update_line(db, TEAM, user, text, now=NOW, key=f"{user}:{text}")
    assert isinstance(done, Saved)
    return done.line.update


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.text


# Roles


def test_an_admin_of_the_workspace_updates_and_undoes_everything(halden: Database) -> None:
    update = saved(halden, OMAR, "KR-22 30 days")
    assert "KR-22 is Payments': ask" in refused(lambda: saved(halden, SAM, "KR-22 29 days"))
    with halden.transaction() as session:
        person = Person(team_id=TEAM, key="sam", name="Sam Whitaker", slack=SAM, admin=True)
        session.add(person)
    assert saved(halden, SAM, "KR-22 29 days")
    assert service.undo(halden, TEAM, SAM, update, now=NOW).line.undone


def test_a_lead_above_undoes_what_those_below_said_and_a_co_owner_does_not(halden: Database) -> None:
    update = saved(halden, BO, "KR-1 35 days")
    assert "Only who gave this value can undo it" in refused(lambda: service.undo(halden, TEAM, MIA, update, now=NOW))
    assert service.undo(halden, TEAM, ANA, update, now=NOW).line.undone


def test_who_leads_the_top_changes_everything(halden: Database) -> None:
    assert saved(halden, LENA, "KR-22 28 days")


# Private units


def test_what_is_private_is_not_there_for_a_stranger_whatever_they_type(private: Database) -> None:
    assert "No key result KR-10" in refused(lambda: saved(private, OMAR, "KR-10 70 %"))
    keys = {line.key for line in whole_list(private, OMAR, "").lines}
    assert "KR-10" not in keys
    assert "KR-1" in keys
    text = refused(lambda: pages.list_page(private, TEAM, OMAR, "CRM", now=NOW))
    assert "CRM" not in text.replace('"CRM"', "")
    assert saved(private, BO, "KR-10 70 %")


def test_a_shared_key_result_names_a_private_owner_to_those_who_may_know_it(private: Database) -> None:
    def owners(user: str) -> tuple[str, ...]:
        page = whole_list(private, user, "shared")
        return next(line.owners for line in page.lines if line.key == "KR-1")

    assert owners(OMAR)[0] == "a private unit"
    assert owners(BO)[0] == owners(ANA)[0] == "CRM"


def block(db: Database, *, waits_for: str | None) -> None:
    """CRM is held up: B-7."""
    with db.transaction() as session:
        state = load_portfolio(session, TEAM)
        session.add(
            Blocker(
                team_id=TEAM,
                number=7,
                text="the quiet rework is stuck",
                unit_id=state.unit_ids["crm"],
                waits_for_unit_id=state.unit_ids[waits_for] if waits_for else None,
                person_id=state.people["bo"].id,
                opened_at=datetime(2026, 11, 9, 9, tzinfo=UTC),
            )
        )


def told(db: Database, user: str) -> list[str]:
    return [line.by for line in blockers.register(db, TEAM, "", now=NOW, user=user).lines]


def test_what_holds_up_a_private_unit_is_told_to_whom_it_waits_for_without_its_name(private: Database) -> None:
    block(private, waits_for="payments")
    assert told(private, MIA) == []
    assert told(private, OMAR) == ["a private unit"]
    assert told(private, BO) == ["CRM"]
    assert "There is no blocker B-7" in refused(lambda: blockers.resolve(private, TEAM, MIA, "7", now=NOW))
    assert blockers.resolve(private, TEAM, OMAR, "7", now=NOW).number == 7


def test_a_handshake_names_a_private_unit_to_its_own_side_only(private: Database) -> None:
    block(private, waits_for="payments")
    handshakes.ask(private, TEAM, BO, 7, now=NOW)
    with private.transaction(readonly=True) as session:
        omar = load_portfolio(session, TEAM).people["omar"].id
        asked = handshakes.ask_now(session, TEAM, {"handshake": 1, "person": omar}, NOW)
        bo = load_portfolio(session, TEAM).people["bo"].id
        back = handshakes.told_now(session, TEAM, {"handshake": 1, "person": bo}, NOW)
    assert asked is not None
    assert back is not None
    assert (asked.by, back.by) == ("a private unit", "CRM")


def preview(db: Database, unit: str | None, reader: Reader | None) -> str:
    return digests.preview(db, TEAM, unit, now=NOW, connection=connection_rate, reader=reader).model_dump_json()


def test_a_digest_is_shown_to_a_channel_by_who_answers_for_its_unit(halden: Database) -> None:
    text = refused(lambda: preview(halden, "payments", Reader(BO, "C01PORTFOLIO")))
    assert text.startswith("The digest of Payments is Payments': ask Omar Haddad")
    assert "Payments" in preview(halden, "payments", Reader(OMAR, "C01PORTFOLIO"))
    assert "Payments" in preview(halden, "payments", Reader(BO))


def test_the_digest_of_a_private_unit_stays_in_its_own_channel(private: Database) -> None:
    assert "No unit" in refused(lambda: preview(private, "CRM", Reader(OMAR)))
    assert "is private: its digest is shown in its own channel" in refused(
        lambda: preview(private, "CRM", Reader(BO, "C01PORTFOLIO"))
    )
    assert "KR-11" in preview(private, "CRM", Reader(BO, "C03CRM")) + preview(private, "CRM", Reader(BO))


def test_a_file_for_somebody_has_what_they_may_see_and_the_operators_everything(private: Database) -> None:
    def document(user: str | None) -> str:
        return portfolio_markdown.document(private, TEAM, now=NOW, user=user)

    assert "KR-10 " not in document(OMAR)
    assert "KR-10 " in document(BO)
    assert "KR-10 " in document(None)
    with private.transaction() as session:
        crm = next(unit for unit in units(session, TEAM) if unit.key == "crm")
        crm.cadence = {"every": "1 week", "on": "monday", "at": "09:00", "starts": "2026-10-05"}
    assert ": CRM" not in feed.feed(private, TEAM, now=NOW, user=OMAR)
    assert ": CRM" in feed.feed(private, TEAM, now=NOW, user=BO)
    assert ": CRM" in feed.feed(private, TEAM, now=NOW)
