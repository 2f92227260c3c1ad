"""The co-owners' thread: opened once and where it belongs, one agreed value, and who may say what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from rituals.errors import FormRefusal, Refusal
from rituals.flags import saying
from rituals.flags.looking import look_due
from rituals.notices.flags import FlagEnded, FlagSaid, FlagThreadNotice, FlagWords
from rituals.okrs import service
from rituals.okrs.load import load_portfolio
from storage.database import Database
from storage.tables import Cycle, FlagView, Nudge, OutboxRow, Person, Unit, Workspace
from tests.rituals.flag_workspace import history, looked, reads, says, thread_of, threads, view
from tests.rituals.halden import ANA, BO, GRACE, NOW, PRIYA, TEAM, import_sample
from tests.rituals.stored import promised

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def in_channel(db: Database) -> list[str]:
    """The channels and people that threads were promised to."""
    return [row.to for row in promised(db, FlagThreadNotice.KIND)]


def test_the_three_worst_are_opened_in_the_portfolios_channel_the_rest_next_morning(halden: Database) -> None:
    look_due(halden, TEAM, now=NOW)
    assert in_channel(halden) == ["C01PORTFOLIO"] * 3
    assert thread_of(halden, "KR-30").id == 1
    look_due(halden, TEAM, now=datetime(2026, 11, 16, 23, tzinfo=UTC))
    assert len(threads(halden)) == 3
    look_due(halden, TEAM, now=datetime(2026, 11, 17, 8, tzinfo=UTC))
    assert len(threads(halden)) == 6


def test_nobody_is_asked_at_night_or_at_the_weekend(halden: Database) -> None:
    saturday = datetime(2026, 11, 14, 10, tzinfo=UTC)
    look_due(halden, TEAM, now=saturday)
    assert threads(halden) == []
    look_due(halden, TEAM, now=datetime(2026, 11, 16, 7, 59, tzinfo=UTC))
    assert threads(halden) == []
    look_due(halden, TEAM, now=datetime(2026, 11, 16, 8, 0, tzinfo=UTC))
    assert threads(halden)


def test_what_is_pinged_counts_as_a_nudge_and_who_has_none_left_is_only_named(halden: Database) -> None:
    with halden.transaction() as session:
        session.exec(select(Workspace)).one().nudges_a_week = 1
        grace = session.exec(select(Person).where(Person.slack == GRACE)).one()
        session.add(Nudge(team_id=TEAM, person_id=grace.id or 0, kind="by_hand", key="before", at=NOW - DAY))
    number = looked(halden)
    shown = reads(halden, number)
    assert [view.ping for view in shown.views] == [(PRIYA,), ()]
    assert [view.people for view in shown.views] == [("Priya Nair",), ("Grace Okafor",)]
    with halden.transaction(readonly=True) as session:
        rows = session.exec(select(Nudge).where(Nudge.kind == "flag")).all()
    assert {row.dropped for row in rows if row.person_id == grace.id} == {"limit"}


def test_each_owners_last_words_stand_in_the_thread(halden: Database) -> None:
    number = looked(halden)
    [row] = promised(halden, FlagWords.KIND, f"flag:{number}:")
    assert row.thread_of == f"flag:{number}"
    notice = FlagWords.model_validate(row.data)
    assert [(one.name, one.by, one.on) for one in notice.words] == [
        ("Mobile", "Priya Nair", date(2026, 11, 13)),
        ("Identity", "Grace Okafor", date(2026, 11, 16)),
    ]
    assert notice.words[0].text.startswith("Same four customers.")


def test_a_second_look_and_a_second_reason_open_no_second_thread(halden: Database) -> None:
    looked(halden)
    for day in range(1, 6):
        look_due(halden, TEAM, now=NOW + day * DAY)
    assert len(threads(halden, "KR-30")) == 1
    keys = [row.key for row in promised(halden, FlagThreadNotice.KIND)]
    assert len(keys) == len(set(keys))


def test_once_all_say_the_same_the_value_is_the_reporters_and_the_thread_ends(db: Database) -> None:
    import_sample(db)
    number = looked(db)
    says(db, PRIYA, "mobile", "24%", thread=number, step="ship to all", day="2026-11-20", note="four more customers")
    assert thread_of(db, "KR-30").state == "open"
    says(db, GRACE, "identity", "26%", thread=number)
    ended = thread_of(db, "KR-30")
    assert (ended.state, ended.value, ended.next_step, ended.next_on) == (
        "agreed",
        Decimal(24),
        "ship to all",
        date(2026, 11, 20),
    )
    look_row, value = history(db, "KR-30")[-2:]
    assert (look_row.role, look_row.value) == ("view", Decimal(26))
    assert (value.role, value.value, value.at) == ("report", Decimal(24), NOW)
    assert value.note == "Agreed by all owners. four more customers"
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        assert value.person_id == state.people["priya"].id
        assert "divergence" not in {flag.reason for flag in state.figures(state.key_results["KR-30"], NOW).flags}
    [line] = promised(db, FlagEnded.KIND)
    assert FlagEnded.model_validate(line.data).value == "24 %"
    assert reads(db, number).state == "agreed"


def test_evidence_of_an_agreed_value_is_the_thread(halden: Database) -> None:
    number = looked(halden)
    with halden.transaction() as session:
        session.exec(select(Workspace)).one().url = "https://halden.slack.com/"
        row = session.exec(select(OutboxRow).where(OutboxRow.key == f"flag:{number}")).one()
        row.state, row.channel, row.ts = "sent", "C01PORTFOLIO", "1763287200.000100"
    says(halden, PRIYA, "mobile", "24%", thread=number)
    says(halden, GRACE, "identity", "24%", thread=number)
    assert history(halden, "KR-30")[-1].evidence == "https://halden.slack.com/archives/C01PORTFOLIO/p1763287200000100"


def test_further_apart_than_a_tenth_of_the_way_is_no_agreement_and_stays_to_be_seen(halden: Database) -> None:
    number = looked(halden)
    before = len(history(halden, "KR-30"))
    says(halden, PRIYA, "mobile", "24%", thread=number)
    says(halden, GRACE, "identity", "29.1%", thread=number)
    assert thread_of(halden, "KR-30").state == "open"
    shown = reads(halden, number)
    assert [view.value for view in shown.views] == ["24 %", "29.1 %"]
    assert shown.within == "5 %"
    assert len(history(halden, "KR-30")) == before
    says(halden, GRACE, "identity", "29%", thread=number, now=NOW + HOUR)
    assert thread_of(halden, "KR-30").state == "agreed"


def test_one_agrees_with_the_other_by_a_button(db: Database) -> None:
    import_sample(db)
    number = looked(db)
    says(db, PRIYA, "mobile", "24%", thread=number)
    saying.agree(db, TEAM, GRACE, number, view(db, number, "mobile"), key="click:1", now=NOW + HOUR)
    assert (thread_of(db, "KR-30").state, thread_of(db, "KR-30").value) == ("agreed", Decimal(24))
    with pytest.raises(Refusal, match="This is settled: 24 %"):
        saying.agree(db, TEAM, GRACE, number, view(db, number, "mobile"), key="click:2", now=NOW + HOUR)


def test_nobody_agrees_with_their_own_value_or_with_one_said_anew_meanwhile(halden: Database) -> None:
    number = looked(halden)
    says(halden, PRIYA, "mobile", "24%", thread=number)
    old = view(halden, number, "mobile")
    with pytest.raises(Refusal, match="your own value"):
        saying.agree(halden, TEAM, PRIYA, number, old, key="click:1", now=NOW)
    says(halden, PRIYA, "mobile", "31%", thread=number, now=NOW + HOUR)
    with pytest.raises(Refusal, match="said anew"):
        saying.agree(halden, TEAM, GRACE, number, old, key="click:2", now=NOW + HOUR)
    assert thread_of(halden, "KR-30").state == "open"


def test_two_who_press_at_once_agree_once(db: Database) -> None:
    import_sample(db)
    number = looked(db)

    def press(who: tuple[str, str]) -> None:
        says(db, *who, "24%", thread=number)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, ((PRIYA, "mobile"), (GRACE, "identity"))))
    assert thread_of(db, "KR-30").state == "agreed"
    assert len([row for row in history(db, "KR-30") if row.note.startswith("Agreed")]) == 1
    assert len(promised(db, FlagEnded.KIND)) == 1


def test_a_form_that_is_sent_again_is_kept_once(db: Database) -> None:
    import_sample(db)
    number = looked(db)
    for _ in range(2):
        says(db, PRIYA, "mobile", "24%", thread=number, key="form:same")
    with db.transaction(readonly=True) as session:
        assert len(session.exec(select(FlagView)).all()) == 1
    assert len(promised(db, FlagSaid.KIND)) == 1


def test_a_value_given_elsewhere_counts_as_what_its_owner_says(halden: Database) -> None:
    number = looked(halden)
    says(halden, GRACE, "identity", "25%", thread=number)
    service.update_line(halden, TEAM, PRIYA, "KR-30 24% note", now=NOW + HOUR, key="typed")
    assert [view.value for view in reads(halden, number, now=NOW + HOUR).views] == ["24 %", "25 %"]
    look_due(halden, TEAM, now=NOW + HOUR)
    assert thread_of(halden, "KR-30").state == "agreed"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"value": ""}, {"value"}),
        ({"value": "soon"}, {"value"}),
        ({"value": "24%", "step": " "}, {"step"}),
        ({"value": "24%", "day": ""}, {"day"}),
        ({"value": "24%", "day": "2026-11-01"}, {"day"}),
        ({"value": "a", "step": "", "day": "x"}, {"value", "step", "day"}),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_kept(
    halden: Database, typed: dict[str, str], wrong: set[str]
) -> None:
    number = looked(halden)
    fields: dict[str, Any] = {"value": "", **typed}
    with pytest.raises(FormRefusal) as no:
        says(halden, PRIYA, "mobile", fields.pop("value"), thread=number, **fields)
    assert set(no.value.errors) == wrong
    assert reads(halden, number).views[0].value is None


def test_only_who_answers_for_an_owner_has_a_word_and_for_their_own_only(halden: Database) -> None:
    number = looked(halden)
    for other in (BO, "U0STRANGER"):
        with pytest.raises(Refusal, match="The word on KR-30 is Mobile's and Identity's"):
            says(halden, other, "mobile", "24%", thread=number)
    with pytest.raises(Refusal, match="You speak for Mobile: press that button"):
        says(halden, PRIYA, "identity", "24%", thread=number)
    says(halden, ANA, "identity", "24%", thread=number)
    assert reads(halden, number).views[1].value == "24 %"


def test_who_stands_in_for_a_lead_who_is_away_is_asked_and_speaks(halden: Database) -> None:
    with halden.transaction() as session:
        grace = session.exec(select(Person).where(Person.slack == GRACE)).one()
        bo = session.exec(select(Person).where(Person.slack == BO)).one()
        grace.away_from, grace.away_until, grace.delegate_id = date(2026, 11, 10), date(2026, 11, 30), bo.id
        session.add(grace)
    number = looked(halden)
    assert reads(halden, number).views[1].ping == (BO,)
    says(halden, BO, "identity", "24%", thread=number)
    assert reads(halden, number).views[1].by == "Bo Lindqvist"


def test_what_recovers_by_itself_ends_with_a_line(halden: Database) -> None:
    number = looked(halden)
    service.update_line(halden, TEAM, PRIYA, "KR-30 40%", now=NOW + HOUR, key="typed")
    service.update_line(halden, TEAM, GRACE, "KR-30 40%", now=NOW + HOUR, key="typed too")
    look_due(halden, TEAM, now=NOW + 2 * HOUR)
    assert thread_of(halden, "KR-30").state == "agreed"
    other = thread_of(halden, "KR-9")
    service.update_line(halden, TEAM, GRACE, "KR-9 6", now=NOW + 3 * HOUR, key="typed three")
    look_due(halden, TEAM, now=NOW + 4 * HOUR)
    assert (thread_of(halden, "KR-9").state, thread_of(halden, "KR-9").why) == ("ended", "recovered")
    said = [FlagEnded.model_validate(row.data) for row in promised(halden, FlagEnded.KIND, f"flag:{other.id}:")]
    assert [one.ended for one in said] == ["recovered"]
    assert number != other.id


def test_not_more_than_one_in_two_weeks(halden: Database) -> None:
    number = looked(halden)
    says(halden, PRIYA, "mobile", "36%", thread=number)
    says(halden, GRACE, "identity", "36%", thread=number)
    for day in range(1, 13):
        look_due(halden, TEAM, now=NOW + day * DAY)
    assert len(threads(halden, "KR-30")) == 1
    later = NOW + 15 * DAY
    service.update_line(halden, TEAM, PRIYA, "KR-30 31% 2/10", now=later - HOUR, key="typed")
    look_due(halden, TEAM, now=later)
    assert [one.state for one in threads(halden, "KR-30")] == ["agreed", "open"]


def test_a_closed_cycle_ends_its_threads(halden: Database) -> None:
    number = looked(halden)
    with halden.transaction() as session:
        for cycle in session.exec(select(Cycle)):
            cycle.closed_at = NOW + HOUR
            session.add(cycle)
    look_due(halden, TEAM, now=NOW + DAY)
    assert {one.why for one in threads(halden)} == {"closed"}
    with pytest.raises(Refusal, match="This has ended"):
        says(halden, PRIYA, "mobile", "24%", thread=number)


def test_between_the_close_and_the_next_look_nothing_is_written_into_the_closed_cycle(halden: Database) -> None:
    number = looked(halden)
    said = len(history(halden, "KR-30"))
    with halden.transaction() as session:
        for cycle in session.exec(select(Cycle)):
            cycle.closed_at = NOW + HOUR
            session.add(cycle)
    with pytest.raises(Refusal, match="This has ended"):
        says(halden, PRIYA, "mobile", "24%", thread=number, now=NOW + HOUR)
    assert len(history(halden, "KR-30")) == said


def private(db: Database, key: str = "identity") -> None:
    """Make a unit private."""
    with db.transaction() as session:
        unit = session.exec(select(Unit).where(Unit.key == key)).one()
        unit.private = True
        session.add(unit)


def test_a_private_owner_is_asked_in_a_direct_message_and_has_no_name_for_the_other(halden: Database) -> None:
    private(halden)
    number = looked(halden)
    rows = promised(halden, FlagThreadNotice.KIND, f"flag:{number}")
    assert {row.to for row in rows} == {PRIYA, GRACE}
    says(halden, GRACE, "identity", "24%", thread=number, note="the limit is raised")
    priya, grace = reads(halden, number, PRIYA), reads(halden, number, GRACE)
    assert [(view.name, view.by) for view in priya.views] == [("Mobile", ""), ("a private unit", "")]
    assert [(view.name, view.by) for view in grace.views][1] == ("Identity", "Grace Okafor")
    assert (priya.mine, grace.mine) == (("mobile",), ("identity",))
    told = [row.model_dump_json() for row in promised(halden, FlagSaid.KIND) if row.to == PRIYA]
    words = [row.model_dump_json() for row in promised(halden, FlagWords.KIND, f"flag:{number}:") if row.to == PRIYA]
    assert told
    assert words
    assert all("Identity" not in text.replace("Identity's list", "") and "Grace" not in text for text in told + words)
    with pytest.raises(Refusal) as no:
        says(halden, PRIYA, "identity", "24%", thread=number)
    assert "Identity" not in no.value.text
    assert "Grace" not in no.value.text


def test_a_direct_message_waits_for_a_nudge_to_be_free(halden: Database) -> None:
    private(halden)
    with halden.transaction() as session:
        session.exec(select(Workspace)).one().nudges_a_week = 1
        grace = session.exec(select(Person).where(Person.slack == GRACE)).one()
        session.add(Nudge(team_id=TEAM, person_id=grace.id or 0, kind="by_hand", key="before", at=NOW - DAY))
    number = looked(halden)
    due = {row.to: row.due_at for row in promised(halden, FlagThreadNotice.KIND, f"flag:{number}")}
    assert (due[PRIYA], due[GRACE] >= NOW + 6 * DAY) == (NOW, True)


def test_what_a_channel_does_not_take_goes_to_each_person(halden: Database) -> None:
    number = looked(halden)
    with halden.transaction() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.key == f"flag:{number}")).one()
        row.state, row.error = "dead", "not_in_channel"
        session.add(row)
    look_due(halden, TEAM, now=NOW + DAY)
    people = [row.to for row in promised(halden, FlagThreadNotice.KIND, f"flag:{number}:")]
    assert people == [PRIYA, GRACE]


def test_without_two_people_to_speak_for_two_owners_there_is_no_thread(halden: Database) -> None:
    with halden.transaction() as session:
        for person in session.exec(select(Person).where(Person.slack != PRIYA)):
            person.slack = None
            session.add(person)
    look_due(halden, TEAM, now=NOW)
    assert threads(halden, "KR-30") == []
