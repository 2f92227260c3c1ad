"""Which digests are due: read from the database in a handful of statements, whatever the number of units, because it is
asked every few seconds. What a digest says is not its business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rituals.cadence import Cadence, parse_cadence, parse_cadences
from rituals.calendar import NO_NAMED_DAYS, NamedDays, due_slot, interval_of, nominal_day
from rituals.digests.audiences import NO_CHANNEL, Place, Plan, find, plans
from rituals.holidays import Holidays
from storage import digest_ledger as ledger
from storage import digests
from storage.database import Database, Session
from storage.tables import DigestIssue

TOO_LATE = timedelta(days=1)
LATE = "it was more than a day late"

Country = tuple[str, str | None]


@dataclass(frozen=True)
class Turn:
    """An occurrence: its plan, local day and instant."""

    plan: Plan
    day: date
    at: datetime

    def objection(self, now: datetime) -> str:
        """Why it is not given; "" where it is."""
        return LATE if now - self.at > TOO_LATE else self.plan.why_not


@dataclass(frozen=True)
class _Read:
    """What is set of digests: the plans, with the row ids and holidays of units by key."""

    plans: list[Plan]
    ids: dict[str, int]
    holidays: dict[str, Country | None]

    def days_off(self, unit: str) -> NamedDays:
        place = self.holidays[unit]
        return Holidays(*place) if place else NO_NAMED_DAYS


def waiting(db: Database, team_id: str) -> bool:
    """Whether a digest is due and not prepared yet: what prepares them is loaded only then."""
    with db.transaction(readonly=True) as session:
        return bool(ledger.due(session, team_id))


def open_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Enter every digest that is due at `now` in the ledger, once; returns how many are new.

    One that is more than a day late, or has no channel to go to, is entered as skipped with the reason. Takes no
    writer's lock while nothing is due.
    """
    with db.transaction(readonly=True) as session:
        read = _read(session, team_id)
        turns = _turns(session, team_id, read, now)
    if not turns:
        return 0
    with db.transaction() as session:
        return sum(
            ledger.open_issue(
                session,
                team_id,
                unit_id=read.ids[turn.plan.unit],
                day=turn.day,
                slot=turn.at,
                audience=turn.plan.audience,
                skipped_because=turn.objection(now),
            )
            for turn in turns
        )


def turns_of(session: Session, team_id: str, issues: Sequence[DigestIssue]) -> dict[int, Turn]:
    """Ledger rows with what is planned now, by row id; one whose digest was taken away meanwhile goes nowhere."""
    read = _read(session, team_id) if issues else _Read([], {}, {})
    keys = {number: key for key, number in read.ids.items()}
    found = {}
    for issue in issues:
        unit = keys.get(issue.unit_id, "")
        gone = Plan(unit, "leadership", parse_cadence(_ANY), "UTC", None, unit, NO_CHANNEL)
        found[issue.id or 0] = Turn(find(read.plans, unit, issue.audience) or gone, issue.local_date, issue.slot)
    return found


_ANY = {"every": "1 week", "on": "friday", "at": "15:00"}


def _read(session: Session, team_id: str) -> _Read:
    rows = digests.units(session, team_id)
    keys = {row.id: row.key for row in rows}
    places = {row.key: _place(row, keys) for row in rows}
    found = plans(places, digests.timezone(session, team_id)) if any(r.digest or r.audiences for r in rows) else []
    own = {row.key: (row.holidays["country"], row.holidays.get("region")) for row in rows if row.holidays}
    above = {row.key: keys.get(row.parent_id or 0) for row in rows}
    return _Read(found, {row.key: row.id for row in rows}, {key: _nearest(own, above, key) for key in above})


def _place(row: digests.DigestUnit, keys: dict[int, str]) -> Place:
    return Place(
        key=row.key,
        level=row.level,
        parent=keys.get(row.parent_id or 0),
        channel=row.channel,
        leadership_channel=row.leadership_channel,
        digest=parse_cadence(row.digest) if row.digest else None,
        audiences=parse_cadences(row.audiences),
        private=row.private,
        zone=row.zone,
        closed_on=row.closed_on,
    )


def _nearest(own: dict[str, Country], above: dict[str, str | None], unit: str) -> Country | None:
    key: str | None = unit
    while key is not None and key not in own:
        key = above[key]
    return own[key] if key is not None else None


def _turns(session: Session, team_id: str, read: _Read, now: datetime) -> list[Turn]:
    """The newest occurrence of each digest that the ledger has not passed. A cycle that has just ended gets its last
    one; after it, silence."""
    if not read.plans:
        return []
    newest, spans = ledger.newest_days(session, team_id), digests.cycle_spans(session, team_id)
    slots: dict[tuple[Cadence, str, Country | None], tuple[date, datetime] | None] = {}
    found = []
    for plan in read.plans:
        off, shared = read.days_off(plan.unit), (plan.cadence, plan.zone, read.holidays[plan.unit])
        if shared not in slots:
            slots[shared] = due_slot(plan.cadence, now=now, default_zone=plan.zone, holidays=off)
        slot, before = slots[shared], newest.get((read.ids[plan.unit], plan.audience))
        if slot is None or not _in_a_cycle(spans, slot[0], interval_of(plan.cadence)) or _closed(plan, slot[0]):
            continue
        # with holidays set or taken away, what was issued is not issued again on another day
        if before is None or before < nominal_day(plan.cadence, slot[0], off):
            found.append(Turn(plan, *slot))
    return found


def _closed(plan: Plan, day: date) -> bool:
    return plan.closed_on is not None and plan.closed_on < day


def _in_a_cycle(spans: list[tuple[date, date]], day: date, grace: timedelta) -> bool:
    """Whether a cycle runs on a day, or ended no longer than `grace` before it."""
    return any(starts <= day <= ends + grace for starts, ends in spans)
