"""The digest's use cases: open what is due, prepare and promise it, preview it.

The ledger makes each occurrence happen once; the model is asked with no transaction open. Posts nothing itself:
what is decided is promised in the outbox.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from prompts.client import ModelClient, Outcome
from rituals.cadence import parse_cadence
from rituals.calendar import NO_NAMED_DAYS, NamedDays, due_slot, interval_of, nominal_day
from rituals.digests.assemble import Asked, ConnectionRate, assemble, snapshot
from rituals.digests.facts import DigestFacts
from rituals.digests.notice import details, digest_notice
from rituals.digests.summary import summary_facts
from rituals.digests.wording import word
from rituals.errors import Choice, Refusal
from rituals.holidays import Holidays
from rituals.notices import Digest
from rituals.okrs.load import PortfolioState
from rituals.okrs.roles import answers_for, not_yours
from rituals.okrs.seen import load_for
from storage import digests
from storage.database import Database, Session
from storage.digests import DigestUnit
from storage.outbox import Promise, promise

TOO_LATE = timedelta(days=1)
LATE = "it was more than a day late"
NO_CHANNEL = "no channel is set for it"
NOT_ASKED = "no model was asked for this preview"


@dataclass(frozen=True)
class Reader:
    """Who asks for a digest by hand (a Slack user); `posts_in` is the channel to which it is to be shown."""

    user: str
    posts_in: str | None = None


@dataclass(frozen=True)
class _Slot:
    unit: DigestUnit
    day: date
    at: datetime


def open_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Enter every digest that is due at `now` in the ledger, once; returns how many are new.

    One that is more than a day late, or has no channel to go to, is entered as skipped with the reason. Cheap when
    nothing is due: it reads a few rows and takes no writer's lock.
    """
    with db.transaction(readonly=True) as session:
        slots = _slots(session, team_id, now)
    if not slots:
        return 0
    with db.transaction() as session:
        return sum(
            digests.open_issue(
                session, team_id, unit_id=s.unit.id, day=s.day, slot=s.at, skipped_because=_objection(s, now)
            )
            for s in slots
        )


def prepare(db: Database, team_id: str, *, now: datetime, model: ModelClient, connection: ConnectionRate) -> int:
    """Word every digest that is due and promise it; returns how many were issued.

    Takes as long as the model does (its time-out at most, each), so it is a job and not a listener's work. Safe to run
    twice and by several processes: an occurrence is promised by the one that settles it in the ledger first.
    """
    with db.transaction(readonly=True) as session:
        waiting = [cast(int, issue.id) for issue in digests.due(session, team_id)]
    return sum(_prepare(db, team_id, issue_id, now=now, model=model, connection=connection) for issue_id in waiting)


def preview(
    db: Database,
    team_id: str,
    unit: str | None,
    *,
    now: datetime,
    connection: ConnectionRate,
    model: ModelClient | None = None,
    reader: Reader | None = None,
) -> Digest:
    """The digest as it would be at `now`; nothing is written but what a model cost.

    `unit` None is the one that has a digest of its own. Without a `model` the blockers are worded by rules: for
    replies that must come in seconds. Raises Refusal where there is no such unit, or none for this `reader` (None:
    the operator).
    """
    with db.transaction(readonly=True) as session:
        state = load_for(session, team_id, reader.user if reader else None)
        key = unit_of(state, unit)
        if reader is not None and reader.posts_in is not None:
            _refuse_to_post(state, key, reader.user, reader.posts_in)
        facts = assemble(session, Asked(team_id, key, now), connection)
    outcome = Outcome(reason=NOT_ASKED)
    if model is not None:
        outcome = word(db, team_id, summary_facts(facts), model=model, now=now)
    return digest_notice(facts, outcome, preview=True)


def _refuse_to_post(state: PortfolioState, unit: str, user: str, channel: str) -> None:
    """A digest is shown to a whole channel by who answers for its unit; that of a private unit in its own channels."""
    by, name = state.member(user), state.units[unit].name
    if not answers_for(state, by.key if by else None, unit):
        raise not_yours(state, f"The digest of {name}", [unit])
    own = {place for key in state.lineage(unit) for place in _channels(state, key) if state.units[key].private}
    if any(state.units[key].private for key in state.lineage(unit)) and channel not in own:
        raise Refusal(
            f"{name} is private: its digest is shown in its own channel. /okr digest preview shows it to you."
        )


def _channels(state: PortfolioState, unit: str) -> set[str | None]:
    rhythm = state.rhythms[unit]
    return {rhythm.channel, rhythm.leadership_channel}


def _slots(session: Session, team_id: str, now: datetime) -> list[_Slot]:
    """The newest occurrence of each unit's digest that the ledger has not passed. A cycle that has just ended gets its
    last one; after it, silence."""
    zone = digests.timezone(session, team_id)
    found = []
    for unit in digests.units_with_digest(session, team_id):
        cadence, off = parse_cadence(unit.cadence), _days_off(session, unit)
        slot = due_slot(cadence, now=now, default_zone=zone, holidays=off)
        if slot is None or not digests.in_a_cycle(session, team_id, slot[0], grace=interval_of(cadence)):
            continue
        # with holidays set or taken away, what was issued is not issued again on another day
        if not digests.is_open(session, team_id, unit.id, since=nominal_day(cadence, slot[0], off)):
            found.append(_Slot(unit, *slot))
    return found


def _days_off(session: Session, unit: DigestUnit) -> NamedDays:
    place = next((place for place in digests.holidays_upward(session, unit.id) if place), None)
    return Holidays(place["country"], place.get("region")) if place else NO_NAMED_DAYS


def _objection(slot: _Slot, now: datetime) -> str:
    if now - slot.at > TOO_LATE:
        return LATE
    return "" if slot.unit.channel else NO_CHANNEL


def _prepare(
    db: Database, team_id: str, issue_id: int, *, now: datetime, model: ModelClient, connection: ConnectionRate
) -> bool:
    """Load, close, ask the model, write. False when it was skipped or another process was faster."""
    with db.transaction(readonly=True) as session:
        turn = _turn(session, team_id, issue_id)
        if turn is None:
            return False
        reason = _objection(turn, now)
        facts = None if reason else assemble(session, Asked(team_id, turn.unit.key, now, issue_id), connection)
    if facts is None:
        with db.transaction() as session:
            digests.settle_skipped(session, team_id, issue_id, reason=reason)
        return False
    outcome = word(db, team_id, summary_facts(facts), model=model, now=now)
    with db.transaction() as session:
        if not digests.settle_issued(session, team_id, issue_id, snapshot=snapshot(facts), now=now):
            return False
        for what in _promises(turn, facts, outcome):
            promise(session, team_id, what, now=now)
    return True


def _turn(session: Session, team_id: str, issue_id: int) -> _Slot | None:
    """A ledger row that is still due, with its unit as it is now; one whose digest was taken away goes nowhere."""
    issue = next((i for i in digests.due(session, team_id) if i.id == issue_id), None)
    if issue is None:
        return None
    found = next((u for u in digests.units_with_digest(session, team_id) if u.id == issue.unit_id), None)
    return _Slot(found or DigestUnit(issue.unit_id, "", "", {}, None), issue.local_date, issue.slot)


def _promises(turn: _Slot, facts: DigestFacts, outcome: Outcome) -> list[Promise]:
    """The message, and its whole lists as replies in its thread."""
    key, to = f"digest:{turn.unit.key}:{turn.day}", turn.unit.channel or ""
    notice = digest_notice(facts, outcome)
    replies = [
        Promise(key=f"{key}:{place}", kind=part.KIND, to=to, data=part.model_dump(mode="json"), thread_of=key)
        for place, part in enumerate(details(facts), start=1)
    ]
    return [Promise(key=key, kind=notice.KIND, to=to, data=notice.model_dump(mode="json")), *replies]


def unit_of(state: PortfolioState, unit: str | None) -> str:
    """The unit meant: by key or name; without one the first with a digest, a portfolio, or the first of all."""
    if unit is None:
        with_digest = [key for key in state.named_units if state.rhythms[key].digest]
        portfolios = [key for key, u in state.named_units.items() if u.level == "portfolio"]
        found = next(iter([*with_digest, *portfolios, *state.named_units]), None)
    else:
        wanted = unit.strip().casefold()
        found = next((k for k, u in state.named_units.items() if wanted in (k.casefold(), u.name.casefold())), None)
    if found is None:
        known = tuple(Choice(key, u.name) for key, u in state.named_units.items())
        raise Refusal(f'No unit "{unit}".' if unit else "There is no portfolio yet: import one.", choices=known[:20])
    return found
