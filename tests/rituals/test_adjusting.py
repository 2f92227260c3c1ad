"""Deciding on proposed adjustments: who is asked, what approving changes, and who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from rituals.errors import FormRefusal, Refusal
from rituals.notices import AdjustmentAsk, AdjustmentTold
from rituals.okrs import adjusting
from rituals.okrs.card import show
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.status import status
from storage import changes
from storage.database import Database
from storage.people import everyone, units
from storage.tables import Adjustment, KeyResultUpdate, OutboxRow
from tests.rituals.halden import ANA, BO, GRACE, MIA, NOW, TEAM, import_sample
from tests.rituals.test_authoring import edit, filled, saved

TOM = "U02TOM"


def kr(db: Database, key: str = "KR-4") -> KeyResult:
    """A key result as it is stored; KR-4 is shared by CRM, Analytics and Payments."""
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM).key_results[key]


def proposed(db: Database) -> int:
    """Bo, who leads a co-owner, proposes a change of KR-4; the proposal's number."""
    typed = filled(edit(db, BO, "KR-4"), target="1000", reason="the market shrank")
    done = saved(db, BO, typed)
    assert (done.action, bool(done.number)) == ("propose", True)
    return done.number or 0


def sent(db: Database, kind: str) -> list[OutboxRow]:
    """Messages of a kind in the order in which they were promised."""
    with db.transaction(readonly=True) as session:
        return sorted(session.exec(select(OutboxRow).where(OutboxRow.kind == kind)), key=lambda row: row.id or 0)


def data(sent: OutboxRow) -> dict[str, Any]:
    """What a message says, frozen."""
    assert sent.data is not None
    return sent.data


def row(db: Database) -> Adjustment:
    """The one proposal."""
    with db.transaction(readonly=True) as session:
        return session.exec(select(Adjustment)).one()


def test_who_leads_above_all_owners_is_asked(halden: Database) -> None:
    number = proposed(halden)
    assert [one.to for one in sent(halden, AdjustmentAsk.KIND)] == [ANA, TOM]
    with halden.transaction(readonly=True) as session:
        notice = adjusting.ask_now(session, TEAM, {"number": number}, NOW)
    assert notice is not None
    assert (notice.line.key, notice.line.by, notice.line.applies) == ("KR-4", "Bo Lindqvist", True)
    assert "the market shrank" in notice.line.text + notice.line.reason


def test_who_decides_sees_what_it_does_to_the_figures_until_it_is_decided(halden: Database) -> None:
    def effect() -> str:
        with halden.transaction(readonly=True) as session:
            notice = adjusting.ask_now(session, TEAM, {"number": number}, NOW)
        assert notice is not None
        return notice.line.effect

    number = proposed(halden)
    assert effect() == "expected today stays 51 %, progress 48 % → 1 %, on track → off track"
    assert [line.effect for line, _ in adjusting.waiting(halden, TEAM, ANA, now=NOW)] == [effect()]
    assert [line.effect for line, _ in adjusting.waiting(halden, TEAM, GRACE, now=NOW)] == [""]
    assert str(kr(halden).target) == "30"
    adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    assert effect() == ""


def test_nothing_changes_before_the_decision_and_just_that_after_it(halden: Database) -> None:
    before = kr(halden)
    number = proposed(halden)
    assert kr(halden) == before
    assert adjusting.approve(halden, TEAM, ANA, number, now=NOW) is None
    after = kr(halden)
    assert before.target != after.target
    assert str(after.target) == "1000"
    assert after.updates == before.updates
    with halden.transaction(readonly=True) as session:
        (change,) = changes.changes_of(session, TEAM, "key_result", "KR-4")
    assert change.slack_user == ANA
    assert (change.after or {})["reason"] == "the market shrank"


def test_progress_before_an_adjustment_is_by_the_old_target(halden: Database) -> None:
    def told(at: datetime) -> dict[str, Any]:
        return next(one for one in status(halden, TEAM, now=at)["key_results"] if one["key"] == "KR-4")

    def points() -> list[tuple[date, float | None]]:
        return [(one.day, one.actual) for one in show(halden, TEAM, "KR-4", now=NOW, user=ANA).chart]

    earlier, was = NOW - timedelta(minutes=1), points()
    before = told(earlier)
    adjusting.approve(halden, TEAM, ANA, proposed(halden), now=NOW)
    assert told(earlier) == before
    assert told(NOW)["progress"] < before["progress"] / 10
    assert points()[:-1] == was[:-1]  # the last one is the forecast, which is by the new target
    report(halden, "1000", at=NOW + timedelta(hours=2))
    later = show(halden, TEAM, "KR-4", now=NOW + timedelta(hours=3), user=ANA).chart
    assert [one.actual for one in later if one.day == NOW.date()] == [1.0]
    assert [(one.day, one.actual) for one in later if one.day < NOW.date()] == [p for p in was if p[0] < NOW.date()]


def report(db: Database, value: str, *, at: datetime) -> None:
    """Mia reports KR-4's value."""
    with db.transaction() as session:
        state = load_portfolio(session, TEAM)
        row = KeyResultUpdate(team_id=TEAM, key_result_id=state.key_results["KR-4"].id or 0, at=at)
        row.value, row.person_id = Decimal(value), state.people["mia"].id
        session.add(row)


def test_an_edit_made_meanwhile_stays(halden: Database) -> None:
    number = proposed(halden)
    saved(halden, ANA, filled(edit(halden, ANA, "KR-4"), title="Accounts on three products or more, weekly"))
    adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    after = kr(halden)
    assert (after.title, str(after.target)) == ("Accounts on three products or more, weekly", "1000")


def test_the_proposer_and_the_leads_of_all_owners_are_told_once(halden: Database) -> None:
    number = proposed(halden)
    adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    told = sent(halden, AdjustmentTold.KIND)
    assert {one.to for one in told} == {BO, MIA, "U05OMAR", "U06INES"}
    line = data(told[0])["line"]
    assert (line["decision"], line["decided_by"]) == ("accepted", "Ana Ruiz")
    assert any("target" in change for change in data(told[0])["changes"])


def test_a_second_decision_is_refused_and_changes_nothing(halden: Database) -> None:
    number = proposed(halden)
    adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    with pytest.raises(Refusal, match="decided already: accepted"):
        adjusting.approve(halden, TEAM, TOM, number, now=NOW)
    with pytest.raises(Refusal, match="decided already: accepted"):
        adjusting.decline(halden, TEAM, TOM, number, "no", now=NOW)
    assert row(halden).decision == "accepted"


def test_who_declines_says_why_and_nothing_changes(halden: Database) -> None:
    before = kr(halden)
    number = proposed(halden)
    with pytest.raises(FormRefusal) as no:
        adjusting.decline(halden, TEAM, ANA, number, " ", now=NOW)
    assert set(no.value.errors) == {"note"}
    adjusting.decline(halden, TEAM, ANA, number, "not before January", now=NOW)
    assert kr(halden) == before
    assert (row(halden).decision, row(halden).note) == ("declined", "not before January")
    assert {data(one)["line"]["note"] for one in sent(halden, AdjustmentTold.KIND)} == {"not before January"}


def test_a_co_owner_does_not_decide_alone(halden: Database) -> None:
    number = proposed(halden)
    for other in (BO, MIA, GRACE, "U0STRANGER"):
        with pytest.raises(Refusal, match=r"A-\d+ is"):
            adjusting.approve(halden, TEAM, other, number, now=NOW)
    assert row(halden).state == "open"


def test_what_was_said_in_words_is_agreed_to_and_then_made_by_hand(halden: Database) -> None:
    with halden.transaction() as session:
        state = load_portfolio(session, TEAM)
        said = Adjustment(team_id=TEAM, number=9, text="lower KR-4 to 1000", proposed_at=NOW)
        said.key_result_id, said.person_id = state.key_results["KR-4"].id, state.people["bo"].id
        session.add(said)
    before = kr(halden)
    assert adjusting.approve(halden, TEAM, ANA, 9, now=NOW) == "KR-4"
    assert kr(halden) == before
    assert row(halden).decision == "accepted"


def test_the_list_says_which_of_the_open_ones_are_mine_to_decide(halden: Database) -> None:
    number = proposed(halden)
    assert [(line.number, mine) for line, mine in adjusting.waiting(halden, TEAM, ANA, now=NOW)] == [(number, True)]
    assert [mine for _, mine in adjusting.waiting(halden, TEAM, BO, now=NOW)] == [False]
    adjusting.decline(halden, TEAM, ANA, number, "no", now=NOW)
    assert adjusting.waiting(halden, TEAM, ANA, now=NOW) == ()


def test_a_number_that_is_none_is_refused_with_where_to_look(halden: Database) -> None:
    with pytest.raises(Refusal, match="/okr adjust lists"):
        adjusting.approve(halden, TEAM, ANA, 77, now=NOW)


def test_the_decision_and_its_change_are_one_transaction(halden: Database) -> None:
    number = proposed(halden)
    commits: list[object] = []
    event.listen(halden.engine, "commit", commits.append)
    adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    assert len(commits) == 1


def test_the_same_click_delivered_again_is_taken_as_done(halden: Database) -> None:
    number = proposed(halden)
    adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    told = sent(halden, AdjustmentTold.KIND)
    assert adjusting.approve(halden, TEAM, ANA, number, now=NOW) is None
    assert sent(halden, AdjustmentTold.KIND) == told


def test_a_change_that_no_longer_fits_is_refused_and_stays_open(halden: Database) -> None:
    number = proposed(halden)
    with halden.transaction() as session:
        one = session.exec(select(Adjustment)).one()
        one.form = {"texts": {"target": "a great many"}, "lists": {}}
        session.add(one)
    with pytest.raises(Refusal, match=rf"A-{number} does not fit KR-4 any more"):
        adjusting.approve(halden, TEAM, ANA, number, now=NOW)
    assert row(halden).state == "open"


def test_the_name_of_a_private_owner_reaches_only_who_may_see_it(halden: Database) -> None:
    with halden.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "crm").private = True
    done = saved(
        halden, BO, filled(edit(halden, BO, "KR-4"), owners=("crm", "analytics"), target="1000", reason="ours")
    )
    assert "CRM" not in row(halden).text
    adjusting.approve(halden, TEAM, ANA, done.number or 0, now=NOW)
    said = {one.to: " ".join(data(one)["changes"]) for one in sent(halden, AdjustmentTold.KIND)}
    assert "CRM" in said[BO]
    assert "CRM" not in said[MIA]
    assert "a private unit" in said[MIA]
    assert "Payments" in said["U05OMAR"]  # whose unit has no part in it any more


def test_what_was_proposed_about_a_private_unit_is_listed_to_its_own_people_only(halden: Database) -> None:
    with halden.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "crm").private = True
        state = load_portfolio(session, TEAM)
        said = Adjustment(team_id=TEAM, number=9, text="stop the secret pilot", proposed_at=NOW)
        said.unit_id, said.person_id = state.unit_ids["crm"], state.people["bo"].id
        session.add(said)
    assert [len(adjusting.waiting(halden, TEAM, user, now=NOW)) for user in (BO, ANA)] == [1, 1]
    assert [adjusting.waiting(halden, TEAM, user, now=NOW) for user in (MIA, "U0STRANGER")] == [(), ()]
    with pytest.raises(Refusal, match="There is no proposal A-9"):
        adjusting.decline(halden, TEAM, MIA, 9, "no", now=NOW)


def test_leads_who_are_not_in_slack_are_passed_over_for_those_above_and_then_the_admins(halden: Database) -> None:
    with halden.transaction() as session:
        for person in everyone(session, TEAM):
            person.slack = None if person.key in {"ana", "tom"} else person.slack
    proposed(halden)
    assert [one.to for one in sent(halden, AdjustmentAsk.KIND)] == ["U11LENA"]


def test_of_two_who_decide_at_once_one_does_and_the_portfolio_follows_them(db: Database) -> None:
    import_sample(db)
    before = kr(db).target
    number = proposed(db)
    with ThreadPoolExecutor(2) as pool:
        yes = pool.submit(adjusting.approve, db, TEAM, ANA, number, now=NOW)
        no = pool.submit(adjusting.decline, db, TEAM, TOM, number, "not now", now=NOW)
    refused = [error for error in (yes.exception(), no.exception()) if error]
    assert [type(error) for error in refused] == [Refusal]
    assert (kr(db).target != before) == (row(db).decision == "accepted")
    assert len({data(one)["line"]["decision"] for one in sent(db, AdjustmentTold.KIND)}) == 1
