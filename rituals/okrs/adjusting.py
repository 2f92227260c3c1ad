"""Deciding on proposed adjustments: who is asked, approving (which makes the change), declining, and telling all
concerned. Proposing is the forms' and the check-in's business; history is never rewritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rituals.errors import FormRefusal, Refusal
from rituals.notices import AdjustmentAsk, AdjustmentLine, AdjustmentTold
from rituals.okrs.adjusting_effect import effect_of
from rituals.okrs.authoring.cards import Typed
from rituals.okrs.authoring.words import change_words
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.roles import above_all, answers_for, is_admin, may_overrule, not_yours, seen_by
from rituals.okrs.seen import load_seen
from rituals.okrs.state import Member, PortfolioState
from storage import adjustments as store
from storage import changes as changes_made
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Adjustment, Change

LONGEST = 500
LISTED = 10  # proposals with what they would do


def waiting(db: Database, team_id: str, user: str, *, now: datetime) -> tuple[tuple[AdjustmentLine, bool], ...]:
    """The open proposals that a person may know of, oldest first, each with whether they may decide it."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        rows = store.open_ones(session, team_id)
        known = [row for row in rows if _may_be_told(state, member, row)]
        mine = {row.number: _may_decide(state, member, row) for row in known}
        effects = {row.number: effect_of(session, state, row, now) for row in known[:LISTED] if mine[row.number]}
    return tuple((line_of(state, row, effects.get(row.number, "")), mine[row.number]) for row in known)


def approve(db: Database, team_id: str, user: str, number: int, *, now: datetime) -> str | None:
    """Accept A-`number` and make its change where a form said what it is, both or neither; the key result's key where
    one is to be made by hand. The same again by the same person, and nothing more happens.

    Raises Refusal for who may not, and where the change no longer fits.
    """
    with db.transaction() as session:
        state, member = load_seen(session, team_id, user)
        row = store.get(session, team_id, number)
        mine = row is not None and member is not None and row.decided_by == member.id
        if row is None or not (mine and row.decision == "accepted"):
            row = _own(session, state, member, number)
            key = state.key_result_ids.get(row.key_result_id or 0)
            owners = state.key_results[key].owners if key else ()  # who loses a part in it is told as well
            change = _changed(session, user, row, key, now) if row.form and key else None
            _decide(session, team_id, user, number, _Verdict("accepted", change=change, owners=owners), now)
        return None if row.form else state.key_result_ids.get(row.key_result_id or 0)


def _changed(session: Session, user: str, row: Adjustment, key: str, now: datetime) -> Change | None:
    """Make the change that the form of a proposal says, by the rules of editing."""
    from rituals.okrs.authoring import (
        service as authoring,  # it stands on the reader of the file, which takes a while to load
    )

    source = f"adjustment:{row.number}"
    typed = merged(authoring.standing_in(session, row.team_id, user, key), row.form or {}, row.reason or row.text)
    try:
        authoring.submit_in(session, row.team_id, user, typed, now=now, key=source)
    except FormRefusal as no:
        why = " ".join(no.errors.values())
        raise Refusal(f"A-{row.number} does not fit {key} any more: {why} Decline it, or edit {key} by hand.") from None
    return changes_made.change_by_source(session, row.team_id, source)


def decline(db: Database, team_id: str, user: str, number: int, note: str, *, now: datetime) -> None:
    """Decline A-`number` with a reason. Raises FormRefusal without one, Refusal for who may not or too late."""
    if not note.strip():
        raise FormRefusal({"note": "Say in a sentence why; it goes to who proposed it."})
    with db.transaction() as session:
        _decide(session, team_id, user, number, _Verdict("declined", note.strip()[:LONGEST]), now)


def ask_deciders(session: Session, state: PortfolioState, row: Adjustment, kr: KeyResult, *, now: datetime) -> None:
    """Promise the question to those who decide on a key result; they see later what became of it."""
    for member in deciders(state, kr):
        key, data = f"{AdjustmentAsk.KIND}:{row.number}:{member.id}", {"number": row.number}
        promise = Promise(key=key, kind=AdjustmentAsk.KIND, to=member.slack or "", data=data, mode="live")
        outbox.keep_current(session, state.team_id, promise, now=now)


def deciders(state: PortfolioState, kr: KeyResult) -> tuple[Member, ...]:
    """Who leads the nearest unit above all owners that has a lead in Slack, else the admins."""
    return above_all(state, kr.owners)


def ask_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> AdjustmentAsk | None:
    """The question as it stands; None when it is gone."""
    row = store.get(session, team_id, data["number"])
    if row is None:
        return None
    state = load_portfolio(session, team_id)
    return AdjustmentAsk(line=line_of(state, row, effect_of(session, state, row, now)))


def line_of(state: PortfolioState, row: Adjustment, effect: str = "") -> AdjustmentLine:
    """A proposal as one line, with its effect and what was decided."""
    key = state.key_result_ids.get(row.key_result_id or 0)
    by, decider = (state.people_by_id.get(one or 0) for one in (row.person_id, row.decided_by))
    return AdjustmentLine(
        number=row.number,
        text=row.text,
        reason=row.reason,
        key=key,
        title=state.key_results[key].title if key else "",
        by=by.name if by else "",
        proposed_at=row.proposed_at,
        applies=bool(row.form),
        decision=row.decision,
        decided_by=decider.name if decider else None,
        note=row.note,
        ended=row.state == "withdrawn",
        effect=effect,
    )


def show_ended(session: Session, state: PortfolioState, numbers: Iterable[int], now: datetime) -> None:
    """The questions about proposals that ended with their cycle show that nobody is to decide any more."""
    keys = [f"{AdjustmentAsk.KIND}:{number}:{m.id}" for number in numbers for m in state.people.values()]
    outbox.again(session, state.team_id, *keys, now=now)


def _may_decide(state: PortfolioState, member: Member | None, row: Adjustment) -> bool:
    if member is None:
        return False
    key = state.key_result_ids.get(row.key_result_id or 0)
    if key is None:
        unit = state.unit_keys.get(row.unit_id or 0)
        return is_admin(state, member.key) or bool(unit and answers_for(state, member.key, unit))
    kr = state.key_results[key]
    if kr.shared:
        return may_overrule(state, member.key, kr)
    return any(answers_for(state, member.key, owner) for owner in kr.owners)


def _may_be_told(state: PortfolioState, member: Member | None, row: Adjustment) -> bool:
    """Whether a proposal is for the eyes for which `state` was made: not what was said about a hidden unit."""
    if row.key_result_id is not None:
        return row.key_result_id in state.key_result_ids
    unit = state.unit_keys.get(row.unit_id or 0)
    mine = member is not None and row.person_id == member.id
    return mine or unit is None or not state.units[unit].hidden


def _own(session: Session, state: PortfolioState, member: Member | None, number: int) -> Adjustment:
    """A-`number`, open and theirs to decide."""
    row = store.get(session, state.team_id, number)
    if row is None or not _may_be_told(state, member, row):
        raise Refusal(f"There is no proposal A-{number}. /okr adjust lists the open ones.")
    if row.state != "open":
        raise Refusal(f"A-{number} was decided already: {row.decision or row.state}.")
    if not _may_decide(state, member, row):
        key = state.key_result_ids.get(row.key_result_id or 0)
        owners = state.key_results[key].owners if key else [state.unit_keys[row.unit_id]] if row.unit_id else []
        raise not_yours(state, f"The decision on A-{number}", owners)
    return row


def merged(current: Typed, form: Mapping[str, Any], reason: str) -> Typed:
    """What stands now with only that changed which was proposed, so that edits made meanwhile stay."""
    texts = {**current.texts, **form.get("texts", {}), "reason": reason}
    lists = {**current.lists, **{name: tuple(chosen) for name, chosen in form.get("lists", {}).items()}}
    return current.model_copy(update={"texts": texts, "lists": lists, "told": True})


@dataclass(frozen=True)
class _Verdict:
    decision: str
    note: str = ""
    change: Change | None = None
    owners: tuple[str, ...] = ()

    def words(self, state: PortfolioState) -> tuple[str, ...]:
        """What it changed, by the names that `state` shows."""
        if self.change is None:
            return ()
        after = {field: value for field, value in (self.change.after or {}).items() if field != "reason"}
        return change_words(state, self.change.before or {}, after)


def _decide(session: Session, team_id: str, user: str, number: int, verdict: _Verdict, now: datetime) -> None:
    state, member = load_seen(session, team_id, user)
    row = _own(session, state, member, number)
    assert member is not None  # else it would not be theirs
    store.decide(session, row, verdict.decision, note=verdict.note, by=member.id, now=now)
    session.flush()
    _tell(session, load_portfolio(session, team_id), row, verdict, now)


def _tell(session: Session, state: PortfolioState, row: Adjustment, verdict: _Verdict, now: datetime) -> None:
    """Who proposed it and the leads of all owners get the decision, each by the names they may see; the questions
    show it.
    """
    key = state.key_result_ids.get(row.key_result_id or 0)
    if key is not None:
        keys = [f"{AdjustmentAsk.KIND}:{row.number}:{m.id}" for m in deciders(state, state.key_results[key])]
        outbox.again(session, state.team_id, *keys, now=now)
    for member in _concerned(state, row, verdict.owners):
        seen = seen_by(state, member.key)
        told = AdjustmentTold(line=line_of(seen, row), changes=verdict.words(seen)).model_dump(mode="json")
        name = f"{AdjustmentTold.KIND}:{row.number}:{member.id}"
        promise = Promise(key=name, kind=AdjustmentTold.KIND, to=member.slack or "", data=told)
        outbox.promise(session, state.team_id, promise, now=now)


def _concerned(state: PortfolioState, row: Adjustment, before: Iterable[str]) -> Iterable[Member]:
    key = state.key_result_ids.get(row.key_result_id or 0)
    owners = dict.fromkeys([*(state.key_results[key].owners if key else ()), *before])
    leads = [state.people[lead] for owner in owners for lead in state.units[owner].leads]
    proposer = state.people_by_id.get(row.person_id or 0)
    people = {member.id: member for member in (proposer, *leads) if member and member.slack}
    return [member for member in people.values() if member.id != row.decided_by]
