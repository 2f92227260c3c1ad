"""A unit's check-in and digest rhythm as they stand: whose they are, when they are next, what the reader may do.

Pure: changing them is `rhythm_form`'s.
"""

from dataclasses import replace
from datetime import date, datetime

from rituals import rhythm_words
from rituals.cadence import Cadence
from rituals.digests.audiences import line_rhythm, main_audience, places_of
from rituals.okrs.load import PortfolioState
from rituals.okrs.model import Unit
from rituals.okrs.roles import answers_for
from rituals.settings import slots
from rituals.settings.cards import Offer, RhythmValue, Which

NONE = "none"
WHERE_THEY_ARE = "where each lead is"


def values(state: PortfolioState, unit: str, person: str | None, now: datetime) -> tuple[RhythmValue, ...]:
    """The check-in, and the digests that the unit has or may have."""
    found = [_checkin(state, unit, person, now)]
    if has_digest(state, state.units[unit]):
        found.append(_digest(state, unit, person, now))
    return (*found, *(_audience(state, unit, which, person, now) for which in _audiences(state, unit)))


def has_digest(state: PortfolioState, unit: Unit) -> bool:
    """Units that others are below have a digest, product lines may, and who has one already."""
    above = state.rhythms[unit.key].digest is not None or len(state.below(unit.key)) > 1
    return above or unit.level == "product_line"


def _audiences(state: PortfolioState, unit: str) -> tuple[Which, ...]:
    """For whom beside the leadership a unit may set a digest: above product lines for them, and each its own."""
    if main_audience(state.units[unit].level) == "unit":
        return ()
    lines = any(state.units[key].level == "product_line" for key in state.below(unit))
    return ("portfolio", "unit") if lines else ()


def _audience(state: PortfolioState, unit: str, which: Which, person: str | None, now: datetime | None) -> RhythmValue:
    cadence = state.rhythms[unit].audiences.get(which)
    everyone = WHERE_THEY_ARE if which == "unit" else f"in {state.zone.key}"
    offers: tuple[Offer, ...] = ("change", "drop") if cadence else ("set",)
    return RhythmValue(
        which=which,
        value=rhythm_words.rhythm(cadence, everyone=everyone) if cadence else NONE,
        offers=offers if answers_for(state, person, unit) else (),
        next_on=_next(state, unit, cadence, which, now),
    )


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
        value=rhythm_words.rhythm(cadence, everyone=WHERE_THEY_ARE) if cadence else NONE,
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
    if cadence is None and (given := _given(state, unit)):
        return given if answers_for(state, person, unit) else given.model_copy(update={"offers": ()})
    return RhythmValue(
        which="digest",
        value=rhythm_words.rhythm(cadence, everyone=f"in {state.zone.key}") if cadence else NONE,
        offers=offers if answers_for(state, person, unit) else (),
        next_on=_next(state, unit, cadence, "digest", now),
    )


def _given(state: PortfolioState, unit: str) -> RhythmValue | None:
    """The digest that a product line gets by the rhythm of a unit above, or that it turned off."""
    places = places_of(state)
    place, off = places[unit], "unit" in state.rhythms[unit].audiences
    found = line_rhythm({**places, unit: replace(place, audiences={})}, replace(place, audiences={}))
    if found is None:
        return None
    by, cadence = found
    value = "turned off here" if off else rhythm_words.rhythm(cadence, everyone=WHERE_THEY_ARE)
    offers: tuple[Offer, ...] = ("set", "follow") if off else ("set", "off")
    return RhythmValue(which="digest", value=value, source=None if off else state.units[by].name, offers=offers)


def above(state: PortfolioState, unit: str) -> str | None:
    """The unit whose check-in would be followed without one's own."""
    rhythms = {**state.rhythms, unit: replace(state.rhythms[unit], cadence=None)}
    return replace(state, rhythms=rhythms).cadence_unit(unit)


def _next(state: PortfolioState, unit: str, c: Cadence | None, which: str, now: datetime | None) -> date | None:
    if c is None or now is None:
        return None
    people = slots.asked(state, unit, which, c, now)
    return slots.first(state, unit, slots.in_effect(state, which, c), people, now=now)
