"""A round whose leads are away: who is asked instead, whose word it is, and what the board says.

Bo alone leads CRM and reports KR-1; Kim and Lee lead Payments. The round of Monday 16 November ends on Wednesday.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from bot.views import checkins as views
from rituals import home as homes
from rituals.checkins import advancing, answers, form_service, service
from rituals.checkins.answers import Said
from rituals.checkins.asking import unsaid_in
from rituals.checkins.form_opening import open_form
from rituals.checkins.standing_in import replacement_at
from rituals.errors import Refusal
from rituals.notices import AwayLead, CheckinPrompt
from rituals.okrs.form import Entry
from rituals.quiet import Quiet, dump_quiet
from storage.database import Database
from storage.tables import Blocker, KeyResultUpdate, OutboxRow, Person
from tests.rituals.checkin_workspace import (
    ASKED,
    BO,
    KIM,
    LEE,
    MONDAY,
    TEAM,
    ZOE,
    ask_everybody,
    ask_of,
    board,
    receipt,
    send_form,
    set_up,
    shared_answer,
    state,
)
from tests.rituals.stored import promised, rows

TUESDAY = MONDAY + timedelta(days=1)
END = datetime(2026, 11, 18, 18, tzinfo=UTC)


def away(db: Database, user: str, *, until: date = date(2026, 11, 19), delegate: str = "", **more: Any) -> None:
    """From Sunday on."""
    deputy = state(db).people[delegate].id if delegate else None
    values = {"away_from": date(2026, 11, 15), "away_until": until, "away_by": "command", "delegate_id": deputy}
    change(db, user, **values, **more)


def back(db: Database, user: str) -> None:
    change(db, user, away_from=None, away_until=None, away_by="", delegate_id=None)


def change(db: Database, user: str, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(update(Person).where(col(Person.slack) == user).values(**values))


def prompts(db: Database, user: str) -> list[CheckinPrompt]:
    """What was promised to a person, oldest first."""
    return [CheckinPrompt.model_validate(row.data) for row in promised(db, "checkin_prompt") if row.to == user]


def delegated(db: Database) -> Database:
    """Bo is away when the round asks, and Kim answers for him."""
    set_up(db)
    away(db, BO, delegate="kim")
    ask_everybody(db, now=MONDAY)
    return db


def test_the_delegate_of_an_absent_lead_is_asked_for_both_and_reads_for_whom(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    assert prompts(sqlite_db, BO) == []
    found = {one.instead_of: one for one in prompts(sqlite_db, KIM)}
    assert set(found) == {None, "Bo Lind"}
    assert found["Bo Lind"].away == "Thu 19 Nov"
    assert [line.key for line in found["Bo Lind"].lines] == ["KR-1", "KR-3"]
    ask = ask_of(sqlite_db, BO)
    assert (ask.state, ask.delegate_id) == ("asked", state(sqlite_db).people["kim"].id)


def test_the_board_says_who_answers_for_whom(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    away(sqlite_db, LEE, until=date(2026, 12, 7))
    advancing.advance(sqlite_db, TEAM, now=TUESDAY)
    found = board(sqlite_db, now=TUESDAY)
    assert found.away == (
        AwayLead(name="Bo Lind", until="Thu", delegate="Kim Oda"),
        AwayLead(name="Lee Park", until="Mon 7 Dec"),
    )
    assert "Bo Lind" not in [one.name for one in found.missing]
    shown = views.board(found).blocks[0]["text"]["text"].replace("\xa0", " ")
    assert "~ Bo Lind (away until Thu; Kim Oda answers), Lee Park (away until Mon 7 Dec)" in shown
    assert "0 of 6 have answered" in shown, "who is away without a delegate is not missed"


def test_the_delegates_answer_is_their_word_for_the_leads_unit(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    kim = state(sqlite_db).people["kim"].id
    send_form_for(sqlite_db, KIM, BO, {"KR-1": "30", "KR-3": "10"}, blockers="waiting for Payments' API")
    ask = ask_of(sqlite_db, BO)
    assert ask.state == "answered"
    written = [row for row in rows(sqlite_db, KeyResultUpdate) if row.source == "form"]
    units = {state(sqlite_db).unit_keys[row.unit_id or 0] for row in written}
    assert ({row.person_id for row in written}, {row.role for row in written}, units) == ({kim}, {"report"}, {"crm"})
    [blocker] = rows(sqlite_db, Blocker)
    assert (blocker.person_id, state(sqlite_db).unit_keys[blocker.unit_id or 0]) == (kim, "crm")
    told = shared_answer(sqlite_db, BO)
    assert (told.name, told.instead_of, told.units) == ("Kim Oda", "Bo Lind", ("CRM",))
    assert "*Kim Oda* in place of Bo Lind for CRM" in str(views.shared_answer(told).blocks)
    found = board(sqlite_db)
    assert (found.partly, found.away) == (("Bo Lind",), ()), "the third question is open"
    assert ask_of(sqlite_db, KIM).state == "asked", "Kim's own check-in still waits"


def test_what_a_delegate_says_for_another_is_not_their_own_look(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    send_form_for(sqlite_db, KIM, BO, {"KR-1": "30"})
    known, left = state(sqlite_db), ("KR-1", "view")
    with sqlite_db.transaction(readonly=True) as session:
        unsaid = unsaid_in(session, known, ask_of(sqlite_db, KIM), TUESDAY)
        assert left in [(one.kr.key, one.role) for one in unsaid]
        assert "KR-1" not in [one.kr.key for one in unsaid_in(session, known, ask_of(sqlite_db, BO), TUESDAY)]


def test_a_reply_in_the_delegated_prompts_thread_counts_for_the_lead(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    [row] = [r for r in promised(sqlite_db, "checkin_prompt") if r.to == KIM and (r.data or {})["instead_of"]]
    sent(sqlite_db, row.id or 0)
    said = Said(user=KIM, channel="DKIM", ts="2.1", text="1. KR-1 30 days\n2. no\n3. no", thread_ts="1.1", direct=True)
    answers.receive(sqlite_db, TEAM, said, now=ASKED)
    assert ask_of(sqlite_db, BO).state == "answered"
    assert [line.key for line in receipt(sqlite_db).saved] == ["KR-1"]
    assert receipt(sqlite_db).next_slot is None, "when Bo is asked next is not Kim's affair"


def test_one_tap_of_the_delegate_keeps_what_is_on_pace(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    ask = ask_of(sqlite_db, BO)
    assert form_service.no_change(sqlite_db, TEAM, KIM, ask.id or 0, now=TUESDAY) == ()
    written = [row for row in rows(sqlite_db, KeyResultUpdate) if row.source == "checkin"]
    assert [row.note for row in written] == ["No change", "No change"]


def test_home_of_the_delegate_shows_for_whom(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    owed = homes.overview(sqlite_db, TEAM, KIM, now=TUESDAY).owed
    assert sorted(str(one.instead_of) for one in owed) == ["Bo Lind", "None"]


def test_without_a_delegate_nobody_is_asked_reminded_or_missed(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    away(sqlite_db, BO)
    for hour in range(0, 80, 2):
        ask_everybody(sqlite_db, now=MONDAY + timedelta(hours=hour))
    ask = ask_of(sqlite_db, BO)
    assert (ask.state, ask.reason, ask.asked_at) == ("skipped", "away until Thu 19 Nov", None)
    assert prompts(sqlite_db, BO) == []
    nudged = [row.to for kind in ("checkin_reminder", "checkin_missed") for row in promised(sqlite_db, kind)]
    assert BO not in nudged
    assert KIM in nudged


def test_a_lead_who_goes_away_while_asked_leaves_it_to_the_delegate(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=MONDAY)
    assert [one.instead_of for one in prompts(sqlite_db, BO)] == [None]
    ask_everybody(sqlite_db)
    away(sqlite_db, BO, delegate="kim")
    assert advancing.advance(sqlite_db, TEAM, now=TUESDAY) == 1
    assert advancing.advance(sqlite_db, TEAM, now=TUESDAY) == 0, "once"
    assert [one.instead_of for one in prompts(sqlite_db, KIM)] == [None, "Bo Lind"]
    send_form_for(sqlite_db, KIM, BO, {"KR-1": "30", "KR-3": "10"})
    assert ask_of(sqlite_db, BO).state == "answered"


def test_a_delegate_is_not_woken(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    change(sqlite_db, KIM, quiet=dump_quiet(Quiet()))
    ask_everybody(sqlite_db, now=MONDAY)
    ask_everybody(sqlite_db)
    away(sqlite_db, BO, delegate="kim")
    night = MONDAY + timedelta(hours=14)
    assert advancing.advance(sqlite_db, TEAM, now=night) == 0
    assert len(prompts(sqlite_db, KIM)) == 1
    morning = datetime(2026, 11, 17, 6, tzinfo=UTC)
    assert replacement_at(state(sqlite_db), ask_of(sqlite_db, BO), night) == morning
    advancing.advance(sqlite_db, TEAM, now=morning)
    assert len(prompts(sqlite_db, KIM)) == 2


def test_who_has_answered_before_going_away_is_asked_for_nothing_more(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=MONDAY)
    send_form(sqlite_db, BO, {"KR-1": "30", "KR-3": "10"}, blockers="none", adjustments="none")
    away(sqlite_db, BO, delegate="kim")
    advancing.advance(sqlite_db, TEAM, now=TUESDAY)
    assert [one.instead_of for one in prompts(sqlite_db, KIM)] == [None]


def test_a_lead_who_is_back_early_is_asked_and_can_answer(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    away(sqlite_db, BO)
    ask_everybody(sqlite_db, now=MONDAY)
    assert ask_of(sqlite_db, BO).state == "skipped"
    back(sqlite_db, BO)
    advancing.advance(sqlite_db, TEAM, now=TUESDAY)
    assert (ask_of(sqlite_db, BO).state, len(prompts(sqlite_db, BO))) == ("asked", 1)
    send_form(sqlite_db, BO, {"KR-1": "30", "KR-3": "10"})
    assert ask_of(sqlite_db, BO).state == "answered"


def test_a_lead_who_is_back_can_answer_although_the_delegate_was_asked(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    back(sqlite_db, BO)
    found = board(sqlite_db, now=TUESDAY)
    assert (found.away, "Bo Lind" in [one.name for one in found.missing]) == ((), True)
    send_form(sqlite_db, BO, {"KR-1": "30", "KR-3": "10"}, now=TUESDAY)
    assert ask_of(sqlite_db, BO).state == "answered"
    assert shared_answer(sqlite_db, BO).instead_of is None


def test_a_delegate_who_goes_away_too_leaves_nobody_asked(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    away(sqlite_db, KIM)
    advancing.advance(sqlite_db, TEAM, now=TUESDAY)
    assert ask_of(sqlite_db, BO).state == "skipped"
    back(sqlite_db, KIM)
    advancing.advance(sqlite_db, TEAM, now=TUESDAY + timedelta(hours=1))
    assert ask_of(sqlite_db, BO).state == "asked"


def test_what_was_skipped_stays_skipped_when_the_round_closes(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    away(sqlite_db, BO, until=date(2026, 11, 18))
    for at in (MONDAY, ASKED, END, END + timedelta(days=2)):
        ask_everybody(sqlite_db, now=at)
    assert ask_of(sqlite_db, BO).state == "skipped"
    service.open_due(sqlite_db, TEAM, now=END)
    assert [one.name for one in board(sqlite_db, now=END).missing if one.name == "Bo Lind"] == []


def test_a_prompt_that_comes_late_waits_for_the_morning(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    change(sqlite_db, BO, quiet=dump_quiet(Quiet()))
    service.open_due(sqlite_db, TEAM, now=MONDAY)
    late = datetime(2026, 11, 16, 21, 30, tzinfo=UTC)  # the bot was down all day; 22:30 in Berlin
    advancing.advance(sqlite_db, TEAM, now=late)
    assert prompts(sqlite_db, BO) == []
    assert ask_of(sqlite_db, BO).slot == datetime(2026, 11, 17, 6, tzinfo=UTC)
    advancing.advance(sqlite_db, TEAM, now=datetime(2026, 11, 17, 6, tzinfo=UTC))
    assert len(prompts(sqlite_db, BO)) == 1


def send_form_for(db: Database, user: str, lead: str, values: dict[str, str], *, blockers: str = "") -> None:
    """The answer form of another lead's ask."""
    entries = [Entry(key, value) for key, value in values.items()]
    sent = form_service.Submitted(ask_of(db, lead).id or 0, "V9", entries, blockers, "")
    form_service.submit_form(db, TEAM, user, sent, now=TUESDAY)


def sent(db: Database, row_id: int) -> None:
    """The prompt stands in Kim's conversation."""
    with db.transaction() as session:
        mine = col(OutboxRow.id) == row_id
        session.execute(update(OutboxRow).where(mine).values(state="sent", channel="DKIM", ts="1.1"))


def test_the_board_says_who_is_away_before_their_hour_has_come(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    away(sqlite_db, ZOE, delegate="kim")
    ask_everybody(sqlite_db, now=MONDAY)
    assert ask_of(sqlite_db, ZOE).state == "upcoming"
    assert board(sqlite_db, now=MONDAY).away == (AwayLead(name="Zoe Blum", until="Thu", delegate="Kim Oda"),)


def test_the_delegate_opens_the_leads_form_and_a_stranger_does_not(sqlite_db: Database) -> None:
    delegated(sqlite_db)
    ask = ask_of(sqlite_db, BO).id
    form = open_form(sqlite_db, TEAM, KIM, ask_id=ask, now=TUESDAY)
    assert [field.key for field in form.fields] == ["KR-1", "KR-3"]
    with pytest.raises(Refusal):
        open_form(sqlite_db, TEAM, LEE, ask_id=ask, now=TUESDAY)
