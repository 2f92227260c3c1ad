"""From rows to a digest's facts, and from facts to the snapshot that the next digest is compared with.

Reads only, in one session. What the facts mean is decided in `rules`; nothing is worded here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, TypeGuard, cast

from rituals.calendar import interval_of
from rituals.digests.aligned import aligned
from rituals.digests.carrying import Quiet, contradictions, kept
from rituals.digests.facts import AdjustmentFacts, Before, DigestFacts, KrFacts, PersonName
from rituals.digests.own import due_soon, own_pace, sides, with_own_reasons
from rituals.digests.registers import Register, Told, read_register
from rituals.digests.slacktext import readable
from rituals.notices.digests import Audience
from rituals.okrs.by_hand import hand_set
from rituals.okrs.flag_shown import news_of
from rituals.okrs.links import links
from rituals.okrs.load import CycleSpan, PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult, Objective, Unit, Update
from rituals.okrs.pace import local_day
from rituals.okrs.progress import as_of
from rituals.okrs.roles import public
from rituals.okrs.words import kr_line
from storage import checkins, digests
from storage import digest_ledger as ledger
from storage.database import Session
from storage.tables import DigestIssue

ConnectionRate = Callable[[Sequence[Objective], Sequence[Unit]], Fraction | None]
"""`rituals.alignment.rules.connection_rate`, handed in because rituals do not import each other."""

_WEEK = timedelta(days=7)
_ROUND_KEPT = timedelta(days=14)
_NO_CHANGE = "no change"
BLOCKERS_ASKED = 2  # the question whose answer may be that there are none


@dataclass(frozen=True)
class Asked:
    """For which digest facts are wanted. `issue` is its ledger row's id, 0 for a preview."""

    team_id: str
    unit: str
    now: datetime
    issue: int = 0
    audience: Audience = "leadership"


def assemble(
    session: Session, asked: Asked, connection: ConnectionRate, whole: PortfolioState | None = None
) -> DigestFacts:
    """Everything the digest of a unit and all below it may say at an instant. Raises LookupError for no such unit.

    It is for everybody in its channel: of private units only what is public, unless it is such a unit's own. `whole`
    is the portfolio where it was loaded already, as several digests at once do.
    """
    state = public(whole or load_portfolio(session, asked.team_id), of=asked.unit)
    unit_id = state.unit_ids[asked.unit]
    last = ledger.last_issued(session, asked.team_id, unit_id, before=asked.now, audience=asked.audience)
    since = _told_at(last)
    compared = since or asked.now - _interval(state, asked)
    scope = frozenset(key for key in state.below(asked.unit) if not state.units[key].hidden)
    register = read_register(session, state, scope, now=asked.now, since=compared, told=_told(last))
    own, waited_for = sides(state, register.blockers, scope, asked.audience)
    objectives = [o for o in state.current_objectives(asked.now) if o.unit in scope]
    today = state.today(asked.now)
    cycles = [c for c in state.current_cycles(asked.now) if any(o.cycle == c.key for o in objectives)]
    cycle = min(cycles, key=lambda c: c.days, default=None)
    krs = _key_results(session, state, scope, asked, _Before(state, compared, last, asked.audience))
    return DigestFacts(
        unit=state.units[asked.unit].name,
        now=asked.now,
        zone=state.zone,
        week_of=today - timedelta(days=today.weekday()),
        key_results=krs,
        digest=asked.issue,
        since=since,
        cycle=cycle.key if cycle else None,
        elapsed=_elapsed(cycle, today) if cycle else None,
        blockers=own,
        resolved=register.resolved,
        answers=register.answers,
        adjustments=_adjustments(register),
        new_adjustments=frozenset(a.number for a in register.adjustments if a.new),
        not_answered=_not_answered(session, state, scope, asked, since),
        connection=_connection(state, asked, scope, connection),
        connection_before=_share(last.snapshot, "connection_rate") if _comparable(last, state, cycle) else None,
        aligned=aligned(session, state, asked.unit, cycle, asked.now),
        unit_names=state.unit_names,
        people=tuple(PersonName(p.name, (p.slack,) if p.slack else ()) for p in state.people.values()),
        skipped=_skipped(session, state, asked, since),
        contradictions=contradictions(_quiet(session, state, scope, asked), krs, {b.by for b in register.blockers}),
        flag_news=news_of(session, state, [k.kr for k in krs], after=compared, until=asked.now),
        audience=asked.audience,
        waited_for=waited_for,
        due=due_soon(state, asked.unit, krs, register.blockers, asked.now) if asked.audience == "unit" else (),
    )


def _comparable(last: DigestIssue | None, state: PortfolioState, cycle: CycleSpan | None) -> TypeGuard[DigestIssue]:
    """Whether the last digest was of the same cycle: another one's objectives are other ones."""
    at = _told_at(last)
    if at is None:
        return False
    return cycle is None or local_day(at, state.zone) >= cycle.starts


def _told_at(last: DigestIssue | None) -> datetime | None:
    """The instant of which a digest tells: one that waited for a person was put together before it was issued."""
    if last is None:
        return None
    at = (last.snapshot or {}).get("at")
    return datetime.fromisoformat(at) if at else last.issued_at


def _connection(
    state: PortfolioState, asked: Asked, scope: frozenset[str], connection: ConnectionRate
) -> Fraction | None:
    """Of the objectives in scope; those of a unit's own digest contribute to what is above it."""
    above = state.lineage(asked.unit) if asked.audience == "unit" else ()
    seen = scope.union(key for key in above if not state.units[key].hidden)
    objectives = [o for o in state.current_objectives(asked.now) if o.unit in seen]
    return connection(objectives, [state.units[key] for key in state.units if key in seen])


def _quiet(session: Session, state: PortfolioState, scope: frozenset[str], asked: Asked) -> list[Quiet]:
    """Which of the units said of late that nothing blocks them."""
    found = []
    for answer in digests.answers_since(session, asked.team_id, since=asked.now - _ROUND_KEPT, until=asked.now):
        member = state.people_by_id.get(answer.person_id or 0)
        if member is not None and BLOCKERS_ASKED in (answer.reading or {}).get("nothing", ()):
            found += [Quiet(state.unit_names[key], answer.at) for key in state.led_by(member.key) if key in scope]
    return found


def _elapsed(cycle: CycleSpan, today: date) -> Fraction:
    """The share of a cycle that has gone by, 0 to 1."""
    return min(max(Fraction((today - cycle.starts).days, max(cycle.days, 1)), Fraction(0)), Fraction(1))


def snapshot(facts: DigestFacts) -> dict[str, Any]:
    """What the next digest needs to know of this one, as JSON: shares are exact fractions in text."""
    return {
        "at": facts.now.isoformat(),
        "connection_rate": None if facts.connection is None else str(facts.connection),
        "key_results": {
            k.kr.key: {
                "progress": None if k.figures.progress is None else str(k.figures.progress),
                "status": k.figures.status,
                "behind": k.behind,
            }
            for k in facts.key_results
        },
        "blockers": [b.number for b in (*facts.blockers, *facts.waited_for)],
        "adjustments": [a.number for a in facts.adjustments],
        "carried": kept(facts.blockers),
    }


def _told(last: DigestIssue | None) -> Told | None:
    found = (last.snapshot if last else None) or {}
    if last is None:
        return None
    return Told(frozenset(found.get("blockers", ())), frozenset(found.get("adjustments", ())), found.get("carried", {}))


def _interval(state: PortfolioState, asked: Asked) -> timedelta:
    rhythm = state.rhythms[asked.unit]
    cadence = rhythm.audiences.get(asked.audience) or rhythm.digest
    return interval_of(cadence) if cadence else _WEEK


def _share(found: Mapping[str, Any] | None, name: str) -> Fraction | None:
    value = (found or {}).get(name)
    return None if value is None else Fraction(value)


def _key_results(
    session: Session, state: PortfolioState, scope: frozenset[str], asked: Asked, before: "_Before"
) -> tuple[KrFacts, ...]:
    now = asked.now
    homes = {o.key: o.unit for o in state.objectives}
    krs = [kr for kr in state.current_key_results(now) if homes[kr.objective] in scope or scope.intersection(kr.owners)]
    told = {kr.key: _last_words(kr, now) for kr in krs}
    ids = [u.id for u in told.values() if u is not None and u.id is not None]
    answers = digests.answers_of_updates(session, state.team_id, ids)
    urls = links(session, state.team_id, state.url, answers.values())
    places = {number: urls[a.id] for number, a in answers.items() if a.id is not None and a.id in urls}
    names = {p.slack: p.name for p in state.people.values() if p.slack}
    found = (_one(state, kr, now, before(kr), told[kr.key], places, names) for kr in krs)
    return tuple(with_own_reasons(k) for k in found) if asked.audience == "unit" else tuple(found)


def _one(
    state: PortfolioState,
    kr: KeyResult,
    now: datetime,
    before: Before | None,
    said: Update | None,
    places: Mapping[int, str],
    names: Mapping[str, str],
) -> KrFacts:
    figures = state.figures(kr, now)
    reporter = state.people[kr.reporter].name if kr.reporter else None
    line = kr_line(
        kr,
        figures,
        role="own",
        reporter_name=reporter,
        owner_names=state.names(kr.owners),
        by_hand=hand_set(state.people, figures),
    )
    if said is None:
        return KrFacts(kr, figures, line, before)
    words, on = readable(said.note, names), local_day(said.at, state.zone)
    return KrFacts(kr, figures, line, before, words, places.get(said.id or 0), on)


def _last_words(kr: KeyResult, now: datetime) -> Update | None:
    """The newest update with a note, by whoever of its owners wrote it; "no change" says nothing worth quoting."""
    noted = (u for u in reversed(as_of(kr, now).updates) if u.note.strip())
    return next((u for u in noted if u.note.strip().casefold().rstrip(".") != _NO_CHANGE), None)


@dataclass(frozen=True)
class _Before:
    """How key results stood in the last digest; before the first one, how they stood at `compared`."""

    state: PortfolioState
    compared: datetime
    last: DigestIssue | None
    audience: Audience

    def __call__(self, kr: KeyResult) -> Before | None:
        if kr.cycle_closed:  # it was closed and has not changed
            return None
        if self.last is None:
            return self._then(kr)
        found = ((self.last.snapshot or {}).get("key_results") or {}).get(kr.key)
        return None if found is None else Before(_share(found, "progress"), found["status"], bool(found["behind"]))

    def _then(self, kr: KeyResult) -> Before | None:
        if local_day(self.compared, self.state.zone) < kr.starts:
            return None
        figures = self.state.figures(kr, self.compared)
        behind = bool(figures.flags) or (self.audience == "unit" and own_pace(figures) is not None)
        return Before(figures.progress, figures.status, behind)


def _adjustments(register: Register) -> tuple[AdjustmentFacts, ...]:
    return tuple(
        AdjustmentFacts(a.number, a.text, a.by, a.key_result, a.reason, a.decide) for a in register.adjustments
    )


def _not_answered(
    session: Session, state: PortfolioState, scope: frozenset[str], asked: Asked, since: datetime | None
) -> tuple[str, ...]:
    """Leads asked in the newest round of a unit since the last digest, or in one still open, who said nothing."""
    begun = checkins.latest_rounds(session, asked.team_id, since=asked.now - _ROUND_KEPT)
    newest = {r.unit_id: r for r in begun if r.slot <= asked.now}
    wanted = [
        cast(int, r.id)
        for r in newest.values()
        if state.unit_keys.get(r.unit_id) in scope and (since is None or r.slot > since or r.state == "open")
    ]
    leads = checkins.asks_of(session, asked.team_id, wanted) if wanted else []
    return tuple(dict.fromkeys(a.person.name for a in leads if a.ask.state in ("asked", "missed")))


def _skipped(session: Session, state: PortfolioState, asked: Asked, since: datetime | None) -> tuple[str, ...]:
    """Digests that were due since the last one and not given; before the first there was nothing to miss."""
    if since is None:
        return ()
    rows = ledger.skipped_since(session, asked.team_id, state.unit_ids[asked.unit], since, audience=asked.audience)
    return tuple(f"{r.local_date:%a} {r.local_date.day} {r.local_date:%b}: {r.reason}" for r in rows)
