"""The use cases of `/okr update` on the sample portfolio: by line, by form, edit and undo."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlmodel import select

from rituals.errors import FormRefusal, Refusal
from rituals.notices.cards import KrCard
from rituals.okrs import card, service
from rituals.okrs.cards import Saved, UpdateForm
from rituals.okrs.form import Entry
from rituals.okrs.load import load_portfolio
from storage import outbox
from storage.database import Database
from storage.outbox import Promise
from storage.tables import CheckinRound, Cycle, KeyResultUpdate, OutboxRow
from tests.rituals.halden import ANA, BO, GRACE, INES, MIA, NOW, OMAR, SAM, TEAM, import_sample

_click = count()


def line(db: Database, user: str, text: str, key: str | None = None) -> Saved:
    """A line that is saved."""
    saved = service.update_line(db, TEAM, user, text, now=NOW, key=key or f"command:{next(_click)}")
    assert isinstance(saved, Saved)
    return saved


def refused(db: Database, user: str, text: str) -> Refusal:
    """The refusal of a line."""
    with pytest.raises(Refusal) as caught:
        service.update_line(db, TEAM, user, text, now=NOW, key="command:refused")
    return caught.value


def form(db: Database, user: str, entry: Entry, key: str | None = None) -> Saved:
    """A form that is saved."""
    return service.submit_update(db, TEAM, user, entry, now=NOW, key=key or f"form:{next(_click)}")


def faults(db: Database, user: str, entry: Entry) -> dict[str, str]:
    """What a form is refused for, by field."""
    with pytest.raises(FormRefusal) as caught:
        service.submit_update(db, TEAM, user, entry, now=NOW, key="form:refused")
    return caught.value.errors


def show(db: Database, key: str) -> KrCard:
    """The card as it is now."""
    return card.show(db, TEAM, key, now=NOW)


# One line


def test_a_line_writes_value_confidence_note_and_evidence_with_who_and_where(db: Database) -> None:
    import_sample(db)
    saved = line(db, BO, "KR-1 30 days 7/10 pilot live <https://example.com/r>", "command:1").line
    assert (saved.before, saved.after, saved.progress) == ("36 days", "30 days", 0.6)
    assert (saved.confidence, saved.confidence_before) == (7, 4)
    with db.transaction(readonly=True) as session:
        row = session.get(KeyResultUpdate, saved.update)
        assert row is not None
        assert (row.note, row.evidence, row.role, row.source) == (
            "pilot live",
            "https://example.com/r",
            "report",
            "command",
        )
        assert row.at == NOW


def test_the_same_command_again_writes_nothing_and_shows_the_same(db: Database) -> None:
    import_sample(db)
    first = line(db, BO, "KR-1 +2 days", "command:1")
    assert line(db, BO, "KR-1 +2 days", "command:1") == first
    assert show(db, "KR-1").line.now == "38 days"


def test_a_co_owner_gives_a_view_which_does_not_move_the_value(halden: Database) -> None:
    saved = line(halden, GRACE, "KR-30 25% 6/10").line
    assert (saved.role, saved.after, saved.progress) == ("view", "25 %", None)
    assert show(halden, "KR-30").line.now == "21 %"


def test_a_lead_of_the_unit_above_reports(halden: Database) -> None:
    assert line(halden, ANA, "KR-23 1.4 %").line.role == "report"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KR-1 banana", 'I found no number in "banana"'),
        ("KR-1 30 days 11/10", "Confidence runs from 0 to 10; I read 11."),
        ("KR-99 30", "No key result KR-99. Did you mean KR-9"),
        ("KR-38 3", "This is done or it is not; I read 3."),
        ("KR-9 14", "KR-9 counts milestones; I read 14 of 10."),
        ("KR-1 40 %", "This is measured in days"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words_and_writes_nothing(halden: Database, text: str, words: str) -> None:
    with halden.transaction(readonly=True) as session:
        before = load_portfolio(session, TEAM).key_results
    assert words in refused(halden, BO if "KR-1 " in text else GRACE, text).text
    with halden.transaction(readonly=True) as session:
        assert load_portfolio(session, TEAM).key_results == before


def test_an_ambiguous_number_offers_the_whole_line_with_either_in_its_place(halden: Database) -> None:
    no = refused(halden, BO, "KR-1 1.250 days 7/10 counted twice")
    assert [choice.label for choice in no.choices] == ["1.25", "1,250"]
    saved = line(halden, BO, no.choices[0].value).line
    assert (saved.after, saved.confidence) == ("1.25 days", 7)
    assert show(halden, "KR-1").history[0].note == "counted twice"


def test_an_ambiguous_name_offers_the_whole_line_with_either_in_its_place(halden: Database) -> None:
    no = refused(halden, BO, "customers 30 7/10 after the call")
    assert "Which?" in no.text
    assert no.choices[0].value == "KR-2 30 7/10 after the call"


@pytest.mark.parametrize("user", [OMAR, SAM])
def test_who_has_no_part_in_it_is_told_who_has(halden: Database, user: str) -> None:
    no = refused(halden, user, "KR-1 30 days")
    assert no.text.startswith("KR-1 is CRM's, Analytics' and Identity's: ask Bo Lindqvist, ")


def test_a_name_alone_gives_its_form_with_the_last_value_and_the_expectation(halden: Database) -> None:
    found = service.update_line(halden, TEAM, BO, "KR-1", now=NOW, key="command:1")
    assert isinstance(found, UpdateForm)
    assert (found.key, found.last, found.expected, found.last_confidence, found.value) == (
        "KR-1",
        "36 days",
        "32",
        4,
        "",
    )


def test_no_name_gives_the_form_to_choose_in_but_to_who_has_nothing_to_update(halden: Database) -> None:
    assert service.update_line(halden, TEAM, INES, "", now=NOW, key="command:1") == UpdateForm()
    assert service.update_form(halden, TEAM, ANA, "", now=NOW) == UpdateForm()
    with pytest.raises(Refusal, match="You are not in the portfolio"):
        service.update_form(halden, TEAM, SAM, "", now=NOW)


def test_a_key_result_of_a_cycle_that_is_over_is_updated_by_its_key_until_the_cycle_is_closed(halden: Database) -> None:
    later = NOW + timedelta(days=60)
    with halden.transaction() as session:
        state = load_portfolio(session, TEAM)
        assert state.current_cycles(later)
        session.add(Cycle(team_id=TEAM, key="2027-Q1", starts=date(2027, 1, 1), ends=date(2027, 3, 31)))
    saved = service.update_line(halden, TEAM, BO, "KR-1 30 days", now=later, key="command:1")
    assert isinstance(saved, Saved)
    assert saved.line.after == "30 days"
    with halden.transaction() as session:
        over = session.exec(select(Cycle).where(Cycle.key == "2026-Q4")).one()
        over.closed_at = later
        session.add(over)
    with pytest.raises(Refusal, match="KR-1 belongs to 2026-Q4, which is not open for updates"):
        service.update_line(halden, TEAM, BO, "KR-1 29 days", now=later, key="command:2")
    assert card.show(halden, TEAM, "KR-1", now=later).line.key == "KR-1"


# The form


def test_a_form_writes_what_its_fields_say(halden: Database) -> None:
    entry = Entry("KR-1", value="30 days", confidence="7", note="pilot live", evidence="https://example.com/r")
    saved = form(halden, BO, entry).line
    assert (saved.after, saved.confidence) == ("30 days", 7)
    newest = show(halden, "KR-1").history[0]
    assert (newest.note, newest.evidence) == ("pilot live", "https://example.com/r")


def test_every_unusable_field_is_named_at_once(halden: Database) -> None:
    found = faults(halden, BO, Entry("KR-1", value="1.250", confidence="11", evidence="a file"))
    assert found["value"] == 'I read "1.250" as 1.25 or 1,250 days. Which? Write 1.25 or 1,250.'
    assert found["confidence"] == "Confidence runs from 0 to 10; I read 11."
    assert found["evidence"].startswith("Give the address")


def test_an_empty_form_is_asked_what_changed(halden: Database) -> None:
    assert faults(halden, BO, Entry("KR-1")) == {"value": "Say what changed for KR-1: a value, a confidence or a note."}


def test_a_minus_where_nothing_was_below_zero_is_asked_back_with_both_ways_to_write_it(halden: Database) -> None:
    words = faults(halden, BO, Entry("KR-1", value="-4 days"))["value"]
    assert words == (
        "KR-1 was never below zero; I read −4 days. For 4 less write 32 days. "
        "If it is below zero now, type /okr update KR-1 = −4."
    )
    assert line(halden, BO, "KR-1 = −4").line.after == "−4 days"


@pytest.mark.parametrize(("value", "after"), [("5 of 10", "5 of 10"), ("done 6", "6 of 10"), ("4", "4 of 10")])
def test_milestones_are_read_as_the_weight_that_is_done(halden: Database, value: str, after: str) -> None:
    assert form(halden, GRACE, Entry("KR-9", value=value)).line.after == after


@pytest.mark.parametrize("value", ["most of it", "5 of 12", "14"])
def test_milestones_that_do_not_add_up_are_refused(halden: Database, value: str) -> None:
    assert set(faults(halden, GRACE, Entry("KR-9", value=value))) == {"value"}


def test_an_edit_takes_the_old_value_back_and_a_change_counts_from_before_it(halden: Database) -> None:
    first = line(halden, BO, "KR-1 30 days 7/10 pilot live").line
    prefilled = service.edit_form(halden, TEAM, BO, first.update, now=NOW)
    assert (prefilled.value, prefilled.confidence, prefilled.note) == ("30 days", 7, "pilot live")
    second = form(halden, BO, Entry("KR-1", value="31 days", update=first.update))
    assert (second.line.before, second.line.after) == ("36 days", "31 days")
    third = form(halden, BO, Entry("KR-1", value="+1 day", update=second.line.update))
    assert (third.line.before, third.line.after) == ("36 days", "37 days")
    assert show(halden, "KR-1").updates == 5


def test_an_edit_that_is_refused_leaves_the_old_value_in_force(halden: Database) -> None:
    first = line(halden, BO, "KR-1 30 days").line
    faults(halden, BO, Entry("KR-1", value="banana", update=first.update))
    assert show(halden, "KR-1").line.now == "30 days"


# Undo


def test_undo_takes_the_value_back_and_again_changes_nothing(db: Database) -> None:
    import_sample(db)
    saved = line(db, BO, "KR-1 30 days").line
    for _ in range(2):
        undone = service.undo(db, TEAM, BO, saved.update, now=NOW).line
        assert (undone.undone, undone.before) == (True, "36 days")
    assert show(db, "KR-1").line.now == "36 days"


def test_undo_of_an_older_value_says_where_it_stands_now(halden: Database) -> None:
    older = line(halden, BO, "KR-1 30 days").line
    line(halden, BO, "KR-1 29 days")
    assert service.undo(halden, TEAM, BO, older.update, now=NOW).line.before == "29 days"


def test_nobody_undoes_or_edits_what_another_said(halden: Database) -> None:
    saved = line(halden, BO, "KR-1 30 days").line
    for act in (service.undo, service.edit_form):
        with pytest.raises(Refusal, match="Only who gave this value"):
            act(halden, TEAM, MIA, saved.update, now=NOW)
    with pytest.raises(Refusal):
        form(halden, MIA, Entry("KR-1", value="20", update=saved.update))
    assert show(halden, "KR-1").line.now == "30 days"


def test_homes_and_boards_that_exist_are_made_due_again(halden: Database) -> None:
    with halden.transaction() as session:
        unit = load_portfolio(session, TEAM).unit_ids["suite"]
        session.add(
            CheckinRound(
                team_id=TEAM,
                unit_id=unit,
                cycle_id=1,
                local_date=NOW.date(),
                number=4,
                slot=NOW,
                due_at=NOW,
                state="open",
            )
        )
        for key, kind in ((f"home:{MIA}", "home"), (f"home:{OMAR}", "home"), ("board:1", "checkin_board")):
            outbox.promise(session, TEAM, Promise(key=key, kind=kind, to=MIA, data={}, mode="live"), now=NOW)
    line(halden, BO, "KR-1 30 days")
    with halden.transaction(readonly=True) as session:
        found = {key: outbox.find(session, TEAM, key) for key in (f"home:{MIA}", f"home:{OMAR}", "board:1")}
    assert {key: row.wanted for key, row in found.items() if isinstance(row, OutboxRow)} == {
        f"home:{MIA}": 2,
        f"home:{OMAR}": 1,
        "board:1": 2,
    }
