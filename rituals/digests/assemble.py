"""From rows to a digest's facts. Reads only, in one session. What the facts mean is decided in `rules`; nothing is
worded here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import cast

from rituals.calendar import interval_of
from rituals.digests.aligned import aligned
from rituals.digests.carrying import Quiet, contradictions
from rituals.digests.facts import AdjustmentFacts, DigestFacts, PersonName
from rituals.digests.own import due_soon, sides
from rituals.digests.previous import Previous
from rituals.digests.registers import read_register
from rituals.digests.standing import Compared, key_results
from rituals.notices.digests import Audience
from rituals.okrs.flags.shown import news_of
from rituals.okrs.load import CycleSpan, PortfolioState, load_portfolio
from rituals.okrs.model import Objective, Unit
from rituals.okrs.roles import public
from storage import checkins, digests
from storage import digest_ledger as ledger
from storage.database import Session

ConnectionRate = Callable[[Sequence[Objective], Sequence[Unit]], Fraction | None]
"""`rituals.alignment.rules.connection_rate`, handed in because rituals do not import each other."""

_WEEK = timedelta(days=7)
_ROUND_KEPT = timedelta(days=14)
BLOCKERS_ASKED = 2  # the question whose answer may be that there are none


@dataclass(frozen=True)
class Asked:
    """For which digest facts are wanted. `issue` is its ledger row's id, 0 for a preview."""

    team_id: str
    unit: str
    now: datetime
    issue: int = 0
    audience: Audience = "leadership"


@dataclass(frozen=True)
class _Reading:
    """What every step reads from: the portfolio as the channel may know it, the units in `scope`, the last digest, the
    instant that is `compared` with, and the cycle that it is about."""

    session: Session
    asked: Asked
    state: PortfolioState
    scope: frozenset[str]
    last: Previous
    compared: datetime
    cycle: CycleSpan | None


def assemble(
    session: Session, asked: Asked, connection: ConnectionRate, whole: PortfolioState | None = None
) -> DigestFacts:
    """Everything the digest of a unit and all below it may say at an instant. Raises LookupError for no such unit.

    It is for everybody in its channel: of private units only what is public, unless it is such a unit's own. `whole`
    is the portfolio where it was loaded already, as several digests at once do.
    """
    reading = _reading(session, asked, public(whole or load_portfolio(session, asked.team_id), of=asked.unit))
    facts = _with_registers(reading, _of_key_results(reading))
    return _with_rounds(reading, _with_alignment(reading, facts, connection))


def _reading(session: Session, asked: Asked, state: PortfolioState) -> _Reading:
    unit = state.unit_ids[asked.unit]
    last = Previous(ledger.last_issued(session, asked.team_id, unit, before=asked.now, audience=asked.audience))
    scope = frozenset(key for key in state.below(asked.unit) if not state.units[key].hidden)
    compared = last.at or asked.now - _interval(state, asked)
    return _Reading(session, asked, state, scope, last, compared, _cycle(state, scope, asked.now))


def _cycle(state: PortfolioState, scope: frozenset[str], now: datetime) -> CycleSpan | None:
    """The shortest of those that the objectives in scope are of."""
    named = {o.cycle for o in state.current_objectives(now) if o.unit in scope}
    return min((c for c in state.current_cycles(now) if c.key in named), key=lambda c: c.days, default=None)


def _of_key_results(reading: _Reading) -> DigestFacts:
    """The unit, its week and cycle, and how its key results stand."""
    state, asked, cycle = reading.state, reading.asked, reading.cycle
    today = state.today(asked.now)
    compared = Compared(state, reading.compared, reading.last, asked.audience)
    return DigestFacts(
        unit=state.units[asked.unit].name,
        now=asked.now,
        zone=state.zone,
        week_of=today - timedelta(days=today.weekday()),
        key_results=key_results(reading.session, compared, reading.scope, asked.now),
        digest=asked.issue,
        since=reading.last.at,
        cycle=cycle.key if cycle else None,
        elapsed=_elapsed(cycle, today) if cycle else None,
        unit_names=state.unit_names,
        people=tuple(PersonName(p.name, (p.slack,) if p.slack else ()) for p in state.people.values()),
        audience=asked.audience,
    )


def _with_registers(reading: _Reading, facts: DigestFacts) -> DigestFacts:
    """Blockers and proposals, and in a unit's own digest what falls due."""
    session, asked, state, scope = reading.session, reading.asked, reading.state, reading.scope
    register = read_register(session, state, scope, now=asked.now, since=reading.compared, told=reading.last.told)
    own, waited_for = sides(state, register.blockers, scope, asked.audience)
    due = asked.audience == "unit"
    return replace(
        facts,
        blockers=own,
        resolved=register.resolved,
        answers=register.answers,
        adjustments=tuple(
            AdjustmentFacts(a.number, a.text, a.by, a.key_result, a.reason, a.decide) for a in register.adjustments
        ),
        new_adjustments=frozenset(a.number for a in register.adjustments if a.new),
        waited_for=waited_for,
        due=due_soon(state, asked.unit, facts.key_results, register.blockers, asked.now) if due else (),
    )


def _with_alignment(reading: _Reading, facts: DigestFacts, connection: ConnectionRate) -> DigestFacts:
    """The connection rate, now and in the last digest, and the figures that are kept by day."""
    asked, state, cycle = reading.asked, reading.state, reading.cycle
    return replace(
        facts,
        connection=_connection(reading, connection),
        connection_before=reading.last.connection(state, cycle),
        aligned=aligned(reading.session, state, asked.unit, cycle, asked.now),
    )


def _with_rounds(reading: _Reading, facts: DigestFacts) -> DigestFacts:
    """What check-ins and flags did since the last digest, and which digests were left out."""
    session, now, krs = reading.session, reading.asked.now, facts.key_results
    held_up = {b.by for b in (*facts.blockers, *facts.waited_for)}
    return replace(
        facts,
        not_answered=_not_answered(reading),
        skipped=_skipped(reading),
        contradictions=contradictions(_quiet(reading), krs, held_up),
        flag_news=news_of(session, reading.state, [k.kr for k in krs], after=reading.compared, until=now),
    )


def _connection(reading: _Reading, connection: ConnectionRate) -> Fraction | None:
    """Of the objectives in scope; those of a unit's own digest contribute to what is above it."""
    state, asked = reading.state, reading.asked
    above = state.lineage(asked.unit) if asked.audience == "unit" else ()
    seen = reading.scope.union(key for key in above if not state.units[key].hidden)
    objectives = [o for o in state.current_objectives(asked.now) if o.unit in seen]
    return connection(objectives, [state.units[key] for key in state.units if key in seen])


def _quiet(reading: _Reading) -> list[Quiet]:
    """Which of the units said of late that nothing blocks them."""
    state, now, found = reading.state, reading.asked.now, []
    for answer in digests.answers_since(reading.session, state.team_id, since=now - _ROUND_KEPT, until=now):
        member = state.people_by_id.get(answer.person_id or 0)
        if member is not None and BLOCKERS_ASKED in (answer.reading or {}).get("nothing", ()):
            units = [key for key in state.led_by(member.key) if key in reading.scope]
            found += [Quiet(state.unit_names[key], answer.at) for key in units]
    return found


def _elapsed(cycle: CycleSpan, today: date) -> Fraction:
    """The share of a cycle that has gone by, 0 to 1."""
    return min(max(Fraction((today - cycle.starts).days, max(cycle.days, 1)), Fraction(0)), Fraction(1))


def _interval(state: PortfolioState, asked: Asked) -> timedelta:
    rhythm = state.rhythms[asked.unit]
    cadence = rhythm.audiences.get(asked.audience) or rhythm.digest
    return interval_of(cadence) if cadence else _WEEK


def _not_answered(reading: _Reading) -> tuple[str, ...]:
    """Leads asked in the newest round of a unit since the last digest, or in one still open, who said nothing."""
    session, state, now, since = reading.session, reading.state, reading.asked.now, reading.last.at
    begun = checkins.latest_rounds(session, state.team_id, since=now - _ROUND_KEPT)
    newest = {r.unit_id: r for r in begun if r.slot <= now}
    wanted = [
        cast(int, r.id)
        for r in newest.values()
        if state.unit_keys.get(r.unit_id) in reading.scope and (since is None or r.slot > since or r.state == "open")
    ]
    leads = checkins.asks_of(session, state.team_id, wanted) if wanted else []
    return tuple(dict.fromkeys(a.person.name for a in leads if a.ask.state in ("asked", "missed")))


def _skipped(reading: _Reading) -> tuple[str, ...]:
    """Digests that were due since the last one and not given; before the first there was nothing to miss."""
    state, asked, since = reading.state, reading.asked, reading.last.at
    if since is None:
        return ()
    unit = state.unit_ids[asked.unit]
    rows = ledger.skipped_since(reading.session, asked.team_id, unit, since, audience=asked.audience)
    return tuple(f"{r.local_date:%a} {r.local_date.day} {r.local_date:%b}: {r.reason}" for r in rows)
