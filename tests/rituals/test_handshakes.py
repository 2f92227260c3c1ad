"""The handshake about a blocker: a unit is asked, says by when or why not, and both see it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from rituals.errors import FormRefusal, Refusal
from rituals.notices import HandshakeAsk, HandshakeTold
from rituals.okrs import blockers, handshakes
from rituals.okrs.load import load_portfolio
from storage.database import Database
from storage.people import everyone, units
from storage.tables import Blocker, Handshake
from tests.rituals.halden import ANA, BO, INES, MIA, NOW, OMAR, TEAM, import_sample
from tests.rituals.stored import promised

KINDS = (HandshakeAsk.KIND, HandshakeTold.KIND)
WISHED, LATER = date(2026, 12, 12), "2026-12-19"


@pytest.fixture
def blocked(halden: Database) -> Database:
    """CRM waits for Payments' billing API until 12 December: B-12, said by Bo. Payments is led by Omar and Inês."""
    block(halden)
    return halden


def block(db: Database) -> None:
    """Enter B-12."""
    with db.transaction() as session:
        state = load_portfolio(session, TEAM)
        session.add(
            Blocker(
                team_id=TEAM,
                number=12,
                text="the billing API is not there",
                unit_id=state.unit_ids["crm"],
                waits_for_unit_id=state.unit_ids["payments"],
                person_id=state.people["bo"].id,
                until=WISHED,
                opened_at=datetime(2026, 11, 9, 9, tzinfo=UTC),
            )
        )


def asked(db: Database) -> int:
    """Bo asks Payments; the handshake's id."""
    handshakes.ask(db, TEAM, BO, 12, now=NOW)
    return shake(db).id or 0


def shake(db: Database) -> Handshake:
    """The one handshake."""
    with db.transaction(readonly=True) as session:
        return session.exec(select(Handshake)).one()


def until(db: Database) -> date | None:
    """By when B-12 is expected out of the way."""
    with db.transaction(readonly=True) as session:
        return session.exec(select(Blocker)).one().until


def told(db: Database) -> HandshakeTold:
    """What Bo reads."""
    with db.transaction(readonly=True) as session:
        found = handshakes.told_now(session, TEAM, promised(db, HandshakeTold.KIND)[0].data or {}, NOW)
    assert found is not None
    return found


def test_every_lead_of_the_unit_that_is_waited_for_is_asked_once(blocked: Database) -> None:
    first = handshakes.ask(blocked, TEAM, BO, 12, now=NOW)
    again = handshakes.ask(blocked, TEAM, BO, 12, now=NOW)
    assert (first.unit, first.people, first.anew) == ("Payments", ("Omar Haddad", "Inês Duarte"), True)
    assert again.anew is False
    assert [row.to for row in promised(blocked, HandshakeAsk.KIND)] == [OMAR, INES]
    assert promised(blocked, HandshakeTold.KIND) == []


def test_the_question_says_who_waits_for_what_until_when(blocked: Database) -> None:
    asked(blocked)
    with blocked.transaction(readonly=True) as session:
        notice = handshakes.ask_now(session, TEAM, promised(blocked, HandshakeAsk.KIND)[0].data or {}, NOW)
    assert notice is not None
    assert (notice.by, notice.unit, notice.asked_by, notice.asked_for) == ("CRM", "Payments", "Bo Lindqvist", WISHED)


def test_a_day_that_is_accepted_is_told_to_who_asked(blocked: Database) -> None:
    handshakes.answer(blocked, TEAM, OMAR, asked(blocked), "accept", now=NOW)
    assert until(blocked) == WISHED
    found = told(blocked)
    assert (found.state, found.day, found.answered_by) == ("accepted", WISHED, "Omar Haddad")
    assert [row.to for row in promised(blocked, HandshakeTold.KIND)] == [BO]


def test_a_later_day_is_an_offer_until_who_asked_agrees(blocked: Database) -> None:
    number = asked(blocked)
    handshakes.answer(blocked, TEAM, INES, number, "counter", day=LATER, note="two of us are ill", now=NOW)
    assert (told(blocked).state, told(blocked).note, until(blocked)) == ("countered", "two of us are ill", WISHED)
    handshakes.settle(blocked, TEAM, BO, number, agreed=True, now=NOW)
    assert (shake(blocked).state, until(blocked)) == ("accepted", date(2026, 12, 19))


def test_an_offer_that_is_not_enough_stays_a_dispute_and_the_wish_stands(blocked: Database) -> None:
    number = asked(blocked)
    handshakes.answer(blocked, TEAM, INES, number, "counter", day=LATER, now=NOW)
    handshakes.settle(blocked, TEAM, BO, number, agreed=False, now=NOW)
    assert (shake(blocked).state, until(blocked)) == ("disputed", WISHED)
    with pytest.raises(Refusal, match="waits for your word"):
        handshakes.settle(blocked, TEAM, BO, number, agreed=True, now=NOW)


def test_an_earlier_day_needs_no_agreement(blocked: Database) -> None:
    handshakes.answer(blocked, TEAM, OMAR, asked(blocked), "counter", day="2026-12-05", now=NOW)
    assert (shake(blocked).state, until(blocked)) == ("accepted", date(2026, 12, 5))


def test_who_declines_says_why_and_may_think_again(blocked: Database) -> None:
    number = asked(blocked)
    with pytest.raises(FormRefusal) as no:
        handshakes.answer(blocked, TEAM, OMAR, number, "decline", now=NOW)
    assert set(no.value.errors) == {"note"}
    handshakes.answer(blocked, TEAM, OMAR, number, "decline", note="nobody is free this quarter", now=NOW)
    assert told(blocked).state == "declined"
    handshakes.answer(blocked, TEAM, INES, number, "accept", now=NOW)
    assert (told(blocked).state, told(blocked).answered_by) == ("accepted", "Inês Duarte")


@pytest.mark.parametrize("typed", ["", "soon", "2026-11-01"])
def test_a_day_that_is_none_or_over_is_refused_at_its_field(blocked: Database, typed: str) -> None:
    number = asked(blocked)
    with pytest.raises(FormRefusal) as no:
        handshakes.answer(blocked, TEAM, OMAR, number, "counter", day=typed, now=NOW)
    assert set(no.value.errors) == {"day"}
    assert shake(blocked).state == "asked"


def test_only_who_leads_the_unit_or_one_above_answers_for_it(blocked: Database) -> None:
    number = asked(blocked)
    for other in (MIA, BO, "U0STRANGER"):
        with pytest.raises(Refusal, match="is Payments'"):
            handshakes.answer(blocked, TEAM, other, number, "accept", now=NOW)
    handshakes.answer(blocked, TEAM, ANA, number, "accept", now=NOW)
    assert shake(blocked).state == "accepted"


def test_only_who_has_a_part_in_the_blocker_asks_about_it(blocked: Database) -> None:
    with pytest.raises(Refusal, match="B-12 is"):
        handshakes.ask(blocked, TEAM, MIA, 12, now=NOW)
    assert promised(blocked, HandshakeAsk.KIND) == []


def test_another_unit_can_be_asked_and_is_waited_for_from_then_on(blocked: Database) -> None:
    offered = dict(handshakes.units_to_ask(blocked, TEAM, BO, 12))
    assert "crm" not in offered
    assert offered["analytics"] == "Analytics"
    handshakes.ask(blocked, TEAM, BO, 12, "analytics", now=NOW)
    assert [row.to for row in promised(blocked, HandshakeAsk.KIND)] == [MIA]
    with blocked.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        assert session.exec(select(Blocker)).one().waits_for_unit_id == state.unit_ids["analytics"]


def test_once_it_is_out_of_the_way_nothing_is_asked_or_answered(blocked: Database) -> None:
    number = asked(blocked)
    blockers.resolve(blocked, TEAM, BO, "12", now=NOW)
    with pytest.raises(Refusal, match="out of the way"):
        handshakes.answer(blocked, TEAM, OMAR, number, "accept", now=NOW)
    with pytest.raises(Refusal, match="out of the way"):
        handshakes.ask(blocked, TEAM, BO, 12, "analytics", now=NOW)


def test_the_register_says_what_was_asked_and_answered(blocked: Database) -> None:
    def line() -> str:
        return blockers.register(blocked, TEAM, "", now=NOW, user=BO).lines[0].handshake

    assert line() == ""
    number = asked(blocked)
    assert line() == "Payments was asked"
    handshakes.answer(blocked, TEAM, INES, number, "counter", day=LATER, now=NOW)
    assert line() == "Payments offers 19 Dec"
    handshakes.settle(blocked, TEAM, BO, number, agreed=True, now=NOW)
    assert line() == "Payments: by 19 Dec"
    handshakes.answer(blocked, TEAM, OMAR, number, "decline", note="no", now=NOW)
    assert line() == "Payments cannot"


def test_both_sides_read_that_it_is_out_of_the_way(blocked: Database) -> None:
    number = asked(blocked)
    handshakes.answer(blocked, TEAM, OMAR, number, "counter", day=LATER, now=NOW)
    before = {row.key: row.wanted for kind in KINDS for row in promised(blocked, kind)}
    blockers.resolve(blocked, TEAM, BO, "12", now=NOW)
    after = {row.key: row.wanted for kind in KINDS for row in promised(blocked, kind)}
    assert after == {key: wanted + 1 for key, wanted in before.items()}
    assert told(blocked).closed is True


def test_yes_to_a_day_that_is_over_is_refused_with_what_to_do(blocked: Database) -> None:
    number = asked(blocked)
    with pytest.raises(Refusal, match=r"is over\. Offer another day"):
        handshakes.answer(blocked, TEAM, OMAR, number, "accept", now=datetime(2026, 12, 14, 9, tzinfo=UTC))
    with blocked.transaction() as session:
        row = session.exec(select(Blocker)).one()
        row.until = None
        session.add(row)
    with pytest.raises(Refusal, match=r"is over\. Offer another day"):
        handshakes.answer(blocked, TEAM, OMAR, number, "accept", now=NOW)


def test_who_offers_another_day_does_not_agree_to_it_as_well(blocked: Database) -> None:
    number = asked(blocked)
    handshakes.answer(blocked, TEAM, OMAR, number, "counter", day=LATER, now=NOW)
    with pytest.raises(Refusal, match="Who asked about B-12 says"):
        handshakes.settle(blocked, TEAM, OMAR, number, agreed=True, now=NOW)
    assert shake(blocked).state == "countered"


def test_a_unit_that_went_away_while_the_form_stood_open_is_refused(blocked: Database) -> None:
    with pytest.raises(Refusal, match="That unit is gone"):
        handshakes.ask(blocked, TEAM, BO, 12, "closed-since", now=NOW)


def test_each_lead_reads_the_names_that_they_may_see(blocked: Database) -> None:
    with blocked.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "crm").private = True
        next(person for person in everyone(session, TEAM) if person.key == "omar").admin = True
    asked(blocked)
    with blocked.transaction(readonly=True) as session:
        notices = [
            handshakes.ask_now(session, TEAM, row.data or {}, NOW) for row in promised(blocked, HandshakeAsk.KIND)
        ]
    assert [notice.by for notice in notices if notice] == ["CRM", "a private unit"]


def test_nobody_of_a_private_unit_is_named_to_who_asks_it(blocked: Database) -> None:
    with blocked.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "payments").private = True
    done = handshakes.ask(blocked, TEAM, BO, 12, now=NOW)
    assert (done.unit, done.people) == ("a private unit", ())
    handshakes.answer(blocked, TEAM, OMAR, shake(blocked).id or 0, "counter", day=LATER, now=NOW)
    assert (told(blocked).unit, told(blocked).answered_by) == ("a private unit", None)
    with pytest.raises(Refusal) as no:
        handshakes.answer(blocked, TEAM, MIA, shake(blocked).id or 0, "accept", now=NOW)
    assert "Payments" not in no.value.text
    assert "Omar" not in no.value.text


def test_what_is_disputed_goes_to_who_leads_both(blocked: Database) -> None:
    number = asked(blocked)
    handshakes.answer(blocked, TEAM, OMAR, number, "counter", day=LATER, now=NOW)
    handshakes.settle(blocked, TEAM, BO, number, agreed=False, now=NOW)
    assert [row.to for row in promised(blocked, HandshakeTold.KIND)] == [BO, ANA, "U02TOM"]
    blockers.resolve(blocked, TEAM, BO, "12", now=NOW)
    assert {row.wanted for row in promised(blocked, HandshakeTold.KIND)[1:]} == {2}


def test_of_two_leads_who_answer_at_once_one_answer_stands_whole(db: Database) -> None:
    import_sample(db)
    block(db)
    number = asked(db)
    with ThreadPoolExecutor(2) as pool:
        yes = pool.submit(handshakes.answer, db, TEAM, OMAR, number, "accept", now=NOW)
        no = pool.submit(handshakes.answer, db, TEAM, INES, number, "decline", note="nobody is free", now=NOW)
    assert (yes.exception(), no.exception()) == (None, None)
    found = told(db)
    whole = {("accepted", WISHED, "", "Omar Haddad"), ("declined", None, "nobody is free", "Inês Duarte")}
    assert (found.state, found.day, found.note, found.answered_by) in whole


def test_who_stands_in_for_a_lead_who_is_away_is_asked_too_and_may_answer(blocked: Database) -> None:
    with blocked.transaction() as session:
        people = {person.key: person for person in everyone(session, TEAM)}
        people["omar"].away_from, people["omar"].away_until = date(2026, 11, 14), date(2026, 11, 20)
        people["omar"].delegate_id = people["mia"].id
    number = asked(blocked)
    assert [row.to for row in promised(blocked, HandshakeAsk.KIND)] == [OMAR, INES, MIA]
    assert handshakes.asked_unit(blocked, TEAM, MIA, number, now=NOW) == "Payments"
    with pytest.raises(Refusal, match="is Payments'"):
        handshakes.answer(blocked, TEAM, MIA, number, "accept", now=datetime(2026, 11, 23, 9, tzinfo=UTC))
    handshakes.answer(blocked, TEAM, MIA, number, "accept", now=NOW)
    assert told(blocked).answered_by == "Mia Tanaka"


def test_the_units_nearest_to_who_is_held_up_are_offered_first(blocked: Database) -> None:
    offered = [key for key, _ in handshakes.units_to_ask(blocked, TEAM, BO, 12)]
    with blocked.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    mine = set(state.lineage("crm"))
    near = [len(mine & set(state.lineage(key))) for key in offered]
    assert near == sorted(near, reverse=True)
    assert near[0] > near[-1]
