"""A unit's check-in and digest rhythm as they stand: whose they are, when they are next, what the reader may do.

Pure: changing them is `rhythm_form`'s.
"""

from dataclasses import replace
from datetime import date, datetime

from rituals.cadence import Cadence
from rituals.okrs.load import PortfolioState
from rituals.okrs.model import Unit
from rituals.okrs.roles import answers_for
from rituals.settings import slots, words
from rituals.settings.cards import Offer, RhythmValue

NONE = "none"
WHERE_THEY_ARE = "where each lead is"


def values(state: PortfolioState, unit: str, person: str | None, now: datetime) -> tuple[RhythmValue, ...]:
    """The check-in, and the digest where the unit has one or may have one."""
    found = [_checkin(state, unit, person, now)]
    if has_digest(state, state.units[unit]):
        found.append(_digest(state, unit, person, now))
    return tuple(found)


def has_digest(state: PortfolioState, unit: Unit) -> bool:
    """Units that others are below have a digest, and who has one already."""
    return state.rhythms[unit.key].digest is not None or len(state.below(unit.key)) > 1


def line(state: PortfolioState, unit: str) -> str:
    """A unit's check-in in a few words, for a list."""
    found = _checkin(state, unit, None, None)
    return f"follows {found.source}" if found.source else found.value


def _checkin(state: PortfolioState, unit: str, person: str | None, now: datetime | None) -> RhythmValue:
    whose = state.cadence_unit(unit)
    cadence = state.rhythms[whose].cadence if whose else None
    may = answers_for(state, person, unit)
    binding = is_bound(state, unit)
    return RhythmValue(
        which="checkin",
        value=words.rhythm(cadence, everyone=WHERE_THEY_ARE) if cadence else NONE,
        source=state.units[whose].name if whose and whose != unit else None,
        binding=binding,
        offers=_offers(state, unit) if may and not binding else (),
        next_on=_next(state, whose or unit, cadence, "checkin", now),
    )


def is_bound(state: PortfolioState, unit: str) -> bool:
    """Whether a unit above leaves it no check-in of its own."""
    whose = state.cadence_unit(unit)
    return whose is not None and whose != unit and state.rhythms[whose].binding


def _offers(state: PortfolioState, unit: str) -> tuple[Offer, ...]:
    if state.rhythms[unit].cadence is None:
        return ("set",)
    return ("change", "drop") if above(state, unit) else ("change",)


def _digest(state: PortfolioState, unit: str, person: str | None, now: datetime | None) -> RhythmValue:
    cadence = state.rhythms[unit].digest
    offers: tuple[Offer, ...] = ("change", "drop") if cadence else ("set",)
    return RhythmValue(
        which="digest",
        value=words.rhythm(cadence, everyone=f"in {state.zone.key}") if cadence else NONE,
        offers=offers if answers_for(state, person, unit) else (),
        next_on=_next(state, unit, cadence, "digest", now),
    )


def above(state: PortfolioState, unit: str) -> str | None:
    """The unit whose check-in would be followed without one's own."""
    rhythms = {**state.rhythms, unit: replace(state.rhythms[unit], cadence=None)}
    return replace(state, rhythms=rhythms).cadence_unit(unit)


def _next(state: PortfolioState, unit: str, c: Cadence | None, which: str, now: datetime | None) -> date | None:
    if c is None or now is None:
        return None
    people = slots.asked(state, unit, which, c, now)
    return slots.first(state, unit, slots.in_effect(state, which, c), people, now=now)
