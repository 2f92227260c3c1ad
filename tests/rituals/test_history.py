"""Undo for ten minutes, the history that keeps what was undone, and a card that is shared, on the sample portfolio."""

from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import select

from rituals.errors import Refusal
from rituals.okrs import card, history, service, sharing
from rituals.okrs.cards import HistoryEvent, Saved
from rituals.okrs.form import Entry
from rituals.okrs.seen import load_seen
from rituals.status import status
from storage import changes
from storage.database import Database
from storage.tables import Adjustment, OutboxRow, Unit
from tests.rituals.halden import BO, INES, MIA, NOW, SAM, TEAM

_click = count()
TEN, LATE = timedelta(minutes=10), timedelta(minutes=10, seconds=1)


def said(db: Database, text: str, user: str = BO) -> Saved:
    """A line that is saved."""
    saved = service.update_line(db, TEAM, user, text, now=NOW, key=f"command:{next(_click)}")
    assert isinstance(saved, Saved)
    return saved


def events(db: Database, key: str = "KR-1", user: str = BO) -> list[HistoryEvent]:
    """The history, newest first."""
    return list(history.history(db, TEAM, key, now=NOW + LATE, user=user).events)


def shares(db: Database) -> list[OutboxRow]:
    with db.transaction(readonly=True) as session:
        return list(session.exec(select(OutboxRow).where(OutboxRow.kind == "shared_card")))


def test_an_update_is_undone_until_ten_minutes_have_passed(halden: Database) -> None:
    saved = said(halden, "KR-1 30 days 7/10").line
    assert service.undo(halden, TEAM, BO, saved.update, now=NOW + TEN).line.undone


def test_after_ten_minutes_it_stands_and_the_form_is_offered_instead(halden: Database) -> None:
    saved = said(halden, "KR-1 30 days").line
    with pytest.raises(Refusal, match="can be undone for ten minutes; this one of KR-1 stands") as no:
        service.undo(halden, TEAM, BO, saved.update, now=NOW + LATE)
    assert [(choice.value, choice.label) for choice in no.value.choices] == [("update KR-1", "Update KR-1")]
    assert card.show(halden, TEAM, "KR-1", now=NOW, user=BO).line.now == "30 days"
    form = service.edit_form(halden, TEAM, BO, saved.update, now=NOW + LATE)
    assert (form.update, form.value) == (None, "")


def test_what_was_undone_in_time_stays_undone_however_often_and_late_it_is_clicked(halden: Database) -> None:
    saved = said(halden, "KR-1 30 days").line
    service.undo(halden, TEAM, BO, saved.update, now=NOW)
    assert service.undo(halden, TEAM, BO, saved.update, now=NOW + LATE).line.undone


def test_an_undo_restores_every_figure(halden: Database) -> None:
    before = status(halden, TEAM, now=NOW)
    saved = said(halden, "KR-1 30 days 2/10 all new").line
    assert status(halden, TEAM, now=NOW) != before
    service.undo(halden, TEAM, BO, saved.update, now=NOW)
    assert status(halden, TEAM, now=NOW) == before
    shown = card.show(halden, TEAM, "KR-1", now=NOW, user=BO)
    assert (shown.line.now, shown.line.confidence) == ("36 days", 4)


def test_what_was_undone_stays_in_the_history_with_its_mark(halden: Database) -> None:
    first = said(halden, "KR-1 30 days 7/10 pilot live").line
    service.undo(halden, TEAM, BO, first.update, now=NOW + timedelta(minutes=1))
    newest, *_ = events(halden)
    assert (newest.before, newest.after, newest.confidence, newest.note) == ("36 days", "30 days", 7, "pilot live")
    assert (newest.gone, newest.gone_at, newest.by) == ("undone", NOW + timedelta(minutes=1), "Bo Lindqvist")


def test_a_correction_stands_beside_what_it_corrects(halden: Database) -> None:
    first = said(halden, "KR-1 30 days").line
    entry = Entry("KR-1", value="31 days", update=first.update)
    service.submit_update(halden, TEAM, BO, entry, now=NOW + timedelta(minutes=2), key="form:1")
    new, old, *_ = events(halden)
    assert (new.before, new.after, new.gone) == ("36 days", "31 days", "")
    assert (old.after, old.gone) == ("30 days", "corrected")


def test_a_co_owners_look_is_in_the_history_as_such(halden: Database) -> None:
    said(halden, "KR-2 30 % 7/10")
    newest, *_ = events(halden, "KR-2")
    assert (newest.what, newest.after, newest.unit) == ("view", "30 %", "CRM")


def test_changes_and_proposals_are_in_the_history_in_their_order(halden: Database) -> None:
    with halden.transaction() as session:
        changes.add_change(
            session,
            TEAM,
            at=NOW,
            by=BO,
            what="key_result",
            key="KR-12",
            action="edit",
            before={"target": "100"},
            after={"target": "90", "reason": "the import is late"},
        )
        kr = next(row for row in load_seen(session, TEAM, BO)[0].key_results.values() if row.key == "KR-12")
        early = NOW - timedelta(hours=1)
        session.add(Adjustment(team_id=TEAM, number=7, text="lower it", key_result_id=kr.id, proposed_at=early))
    change, proposal, *_ = events(halden, "KR-12")
    assert (change.what, change.words, change.note, change.by) == (
        "change",
        "target 100 → 90",
        "the import is late",
        "Bo Lindqvist",
    )
    assert (proposal.what, proposal.words) == ("adjustment", "A-7: lower it")


def test_all_of_a_long_history_is_there(halden: Database) -> None:
    had = len(events(halden))
    for value in range(20, 40):
        said(halden, f"KR-1 {value} days")
    assert len(events(halden)) == had + 20


def private(db: Database, key: str) -> None:
    with db.transaction() as session:
        session.exec(select(Unit).where(Unit.team_id == TEAM, Unit.key == key)).one().private = True


def test_a_private_units_key_result_is_unknown_to_others_in_card_history_and_near_names(halden: Database) -> None:
    private(halden, "crm")
    assert events(halden, "KR-12", BO)
    for user in (INES, SAM):
        for show in (card.show, history.history):
            with pytest.raises(Refusal, match="No key result") as no:
                show(halden, TEAM, "KR-12", now=NOW, user=user)
            assert "KR-12 " not in no.value.text.replace("KR-12.", "")
            with pytest.raises(Refusal) as no:
                show(halden, TEAM, "duplicate company records", now=NOW, user=user)
            assert "KR-12" not in no.value.text
        assert service.bare_name(halden, TEAM, "duplicate company records", now=NOW, user=user) is None


def test_a_card_is_shared_once_for_the_message_it_was_shown_in(halden: Database) -> None:
    for _ in range(2):
        sharing.share(halden, TEAM, MIA, "KR-1", "C03CRM", by="somebody", now=NOW, shown="1.1")
    [row] = shares(halden)
    assert (row.to, row.data["by"]) == ("C03CRM", "Mia Tanaka")  # type: ignore[index]
    sharing.share(halden, TEAM, MIA, "KR-1", "C03CRM", by="somebody", now=NOW, shown="1.2")
    assert len(shares(halden)) == 2


def test_what_is_private_is_shared_in_its_units_own_channel_only(halden: Database) -> None:
    private(halden, "crm")
    with pytest.raises(Refusal, match="KR-12 belongs to a private unit"):
        sharing.share(halden, TEAM, BO, "KR-12", "C99ELSEWHERE", by="", now=NOW, shown="1.1")
    with pytest.raises(Refusal, match="No key result KR-12"):
        sharing.share(halden, TEAM, INES, "KR-12", "C99ELSEWHERE", by="", now=NOW, shown="1.1")
    assert shares(halden) == []
    sharing.share(halden, TEAM, BO, "KR-12", "C03CRM", by="", now=NOW, shown="1.1")
    assert len(shares(halden)) == 1
