"""The use cases of `/okr update`: one line, the form, undo and edit. Each is one transaction.

What a line or a form means is read by `one_line` and `form`, written by `updates`; what is shown is in `pages`
and `card`.
"""

from datetime import datetime

from rituals.errors import Choice, Refusal
from rituals.okrs.cards import Saved, UpdateForm
from rituals.okrs.form import Entry, form_for, form_to_edit, form_to_pick, read_entry
from rituals.okrs.known import meant_bare, named, open_one, refuse_past, updatable
from rituals.okrs.live import refresh_boards, refresh_homes
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KeyResult
from rituals.okrs.one_line import OneLine, read_line
from rituals.okrs.progress import as_of, current_value
from rituals.okrs.seen import load_seen
from rituals.okrs.updates import UNDO_FOR, NewValue, Origin, saved_line, take_back, write_update
from rituals.okrs.words import value_words
from storage import okrs as queries
from storage.database import Database, Session
from storage.tables import KeyResultUpdate


def update_line(db: Database, team_id: str, user: str, text: str, *, now: datetime, key: str) -> Saved | UpdateForm:
    """Do what `/okr update …` says: save the value, or give the form where none was typed.

    `key` names this very command, so that it is written once. Raises Refusal when the name, the value or the
    confidence cannot be used, or the person may not update it; a choice's value is the line with what was meant.
    """
    with db.transaction() as session:
        state, by = load_seen(session, team_id, user)
        if not text.strip():
            return form_to_pick(state, by, now)
        line = _read(state, text, now)
        kr = state.key_results[line.key_result]
        if line.amount is None and line.confidence is None and line.status is None:
            return form_for(state, kr, by, now)
        new = NewValue(
            line.amount, line.confidence, line.note, line.evidence, status=line.status, status_reason=line.reason
        )
        return _save(session, state, kr, new, by, Origin("command", key), now)


def _read(state: PortfolioState, text: str, now: datetime) -> OneLine:
    try:
        return read_line(text, updatable(state, text, now))
    except Refusal:
        refuse_past(state, text, now)
        raise


def update_form(db: Database, team_id: str, user: str, text: str, *, now: datetime) -> UpdateForm:
    """The form of the key result that `text` names, or the one in which it is chosen. Raises Refusal."""
    with db.transaction(readonly=True) as session:
        state, by = load_seen(session, team_id, user)
    if not text.strip():
        return form_to_pick(state, by, now)
    kr = open_one(state, named(state, text, now).key, now)
    return form_for(state, kr, by, now)


def edit_form(db: Database, team_id: str, user: str, update_id: int, *, now: datetime) -> UpdateForm:
    """The form with what an update of the person's own said. Raises Refusal for anybody else's.

    When the time to take it back is over, it is the form of a new value: what was said then stays said.
    """
    with db.transaction(readonly=True) as session:
        state, by = load_seen(session, team_id, user)
        row = queries.get_update(session, team_id, update_id)
    if row is None or by is None or row.person_id != by.id:
        raise Refusal("Only who gave this value can edit it. You can give a new one with /okr update.")
    kr = _of(state, row)
    return form_to_edit(state, kr, row, now) if _in_time(row, now) else form_for(state, kr, by, now)


def submit_update(db: Database, team_id: str, user: str, entry: Entry, *, now: datetime, key: str) -> Saved:
    """Save a form; an edited update is taken back in the same transaction.

    Raises FormRefusal with the words for each field, Refusal when the person may not.
    """
    with db.transaction() as session:
        state, by = load_seen(session, team_id, user)
        if entry.update is not None:
            take_back(session, state, entry.update, by=by, now=now)
            state, by = load_seen(session, team_id, user)
        kr = open_one(state, entry.key, now)
        return _save(session, state, kr, read_entry(kr, entry), by, Origin("form", key), now)


def undo(db: Database, team_id: str, user: str, update_id: int, *, now: datetime) -> Saved:
    """Take an update back within ten minutes; again, and it stays taken back.

    Raises Refusal when it is not the person's own, and after its time, with the form of a new value as a choice.
    """
    with db.transaction() as session:
        before, by = load_seen(session, team_id, user)
        _refuse_late(session, before, update_id, now)
        row = take_back(session, before, update_id, by=by, now=now)
        state, by = load_seen(session, team_id, user)
        kr = _of(state, row)
        _show_again(session, state, kr, by, now)
        line = saved_line(state, row, now=now, key=kr.key)
        if row.role == "report":
            line = line.model_copy(update={"before": value_words(kr, current_value(as_of(kr, now, state.zone)))})
        return Saved(title=kr.title, line=line)


def bare_name(db: Database, team_id: str, text: str, *, now: datetime, user: str = "") -> str | None:
    """The key of the key result whose name is all that was typed; None when it begins with no name.

    Raises Refusal for an unknown key, and when more than a name was typed.
    """
    with db.transaction(readonly=True) as session:
        kr = meant_bare(load_seen(session, team_id, user)[0], text, now)
    return kr.key if kr else None


def _refuse_late(session: Session, state: PortfolioState, update_id: int, now: datetime) -> None:
    row = queries.get_update(session, state.team_id, update_id)
    if row is None or row.retracted_at is not None or _in_time(row, now):
        return
    key = _of(state, row).key
    raise Refusal(
        f"An update can be undone for ten minutes; this one of {key} stands. You can give a new value.",
        choices=(Choice(f"update {key}", f"Update {key}"),),
    )


def _in_time(row: KeyResultUpdate, now: datetime) -> bool:
    return now - row.at <= UNDO_FOR


def _save(
    session: Session,
    state: PortfolioState,
    kr: KeyResult,
    new: NewValue,
    by: Member | None,
    origin: Origin,
    now: datetime,
) -> Saved:
    row = write_update(session, state, kr, new, by=by, origin=origin, now=now)
    _show_again(session, state, kr, by, now)
    return Saved(title=kr.title, line=saved_line(state, row, now=now, key=kr.key))


def _show_again(session: Session, state: PortfolioState, kr: KeyResult, by: Member | None, now: datetime) -> None:
    reporter = state.people[kr.reporter] if kr.reporter else None
    refresh_homes(session, state, units=kr.owners, also=(by, reporter), now=now)
    if kr.shared:
        refresh_boards(session, state.team_id, now=now)


def _of(state: PortfolioState, row: KeyResultUpdate) -> KeyResult:
    found = next((kr for kr in state.key_results.values() if kr.id == row.key_result_id), None)
    if found is None:
        raise Refusal("That update is not there any more. Nothing was changed.")
    return found
