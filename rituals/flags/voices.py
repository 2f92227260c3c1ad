"""Whose word counts in a co-owners' thread, what each said last, and whether they agree. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from rituals.okrs.flags.rules import value_limit
from rituals.okrs.model import KeyResult
from rituals.okrs.reaching import answering_for
from rituals.okrs.roles import answers_for
from rituals.okrs.state import Member, PortfolioState
from storage.tables import FlagThread, FlagView


@dataclass(frozen=True, slots=True)
class Voice:
    """The newest value that one co-owner gave since the thread opened; `view` is its id where it was said there."""

    unit: str
    value: Decimal
    by: str | None
    at: datetime
    note: str = ""
    step: str = ""
    step_on: date | None = None
    view: int = 0


Asked = Mapping[str, tuple[Member, ...]]


def asked(state: PortfolioState, kr: KeyResult, now: datetime) -> Asked:
    """Who is asked for each owner: its leads in Slack and who stands in for them, else those above."""
    return {owner: tuple(answering_for(state, owner, now)) for owner in kr.owners}


def enough(people: Asked) -> bool:
    """Whether there are two owners to compare, and two people to speak for them."""
    return sum(bool(members) for members in people.values()) > 1 and len(everyone(people)) > 1


def everyone(people: Asked) -> tuple[Member, ...]:
    """All who are asked, each once."""
    return tuple({member.id: member for members in people.values() for member in members}.values())


def may_speak(state: PortfolioState, member: Member | None, kr: KeyResult, unit: str, now: datetime) -> bool:
    """Whether a person leads this owner or a unit above it, is an admin, or stands in for a lead who is away."""
    if member is None or unit not in kr.owners:
        return False
    return answers_for(state, member.key, unit) or member in asked(state, kr, now)[unit]


def speaks_for(state: PortfolioState, member: Member | None, kr: KeyResult, now: datetime) -> tuple[str, ...]:
    """The owners for which a person may speak, those that they lead first."""
    mine = [owner for owner in kr.owners if may_speak(state, member, kr, owner, now)]
    led = state.led_by(member.key) if member else ()
    return tuple(sorted(mine, key=lambda owner: owner not in led))


def voices(state: PortfolioState, kr: KeyResult, thread: FlagThread, views: Iterable[FlagView]) -> dict[str, Voice]:
    """What each owner said last, in the thread or by an update elsewhere; those who said nothing are left out."""
    found: dict[str, Voice] = {}
    for voice in sorted((*_elsewhere(kr, thread), *_in_thread(state, views)), key=lambda one: (one.at, one.view)):
        if voice.unit in kr.owners:
            found[voice.unit] = voice
    return found


def _elsewhere(kr: KeyResult, thread: FlagThread) -> Iterable[Voice]:
    for said in kr.updates:
        if said.unit is not None and said.value is not None and said.at >= thread.opened_at:
            yield Voice(said.unit, said.value, said.by, said.at, said.note)


def _in_thread(state: PortfolioState, views: Iterable[FlagView]) -> Iterable[Voice]:
    for row in views:
        if row.value is not None and row.unit_id in state.unit_keys:
            by = state.people_by_id.get(row.person_id)
            yield Voice(
                unit=state.unit_keys[row.unit_id],
                value=row.value,
                by=by.key if by else None,
                at=row.at,
                note=row.note,
                step=row.next_step,
                step_on=row.next_on,
                view=row.id or 0,
            )


def reporting(state: PortfolioState, kr: KeyResult) -> str:
    """The owner whose value counts: that of its reporter, else the first with a lead."""
    led = state.led_by(kr.reporter) if kr.reporter else ()
    of_reporter = next((owner for owner in kr.owners if owner in led), None)
    return of_reporter or next((owner for owner in kr.owners if state.units[owner].leads), kr.owners[0])


def limit_of(kr: KeyResult, said: Iterable[Decimal]) -> Fraction:
    """How far apart values may be to count as one (METHOD, divergence), in the key result's own unit."""
    return value_limit(kr, list(said)) or Fraction(0)


def agreed(state: PortfolioState, kr: KeyResult, people: Asked, said: Mapping[str, Voice]) -> Voice | None:
    """The voice whose value all agree on: the reporter's. None while somebody who is asked has not said a value, or two
    are further apart than the limit.
    """
    needed = [owner for owner in kr.owners if people[owner]]
    if len(needed) < 2 or any(owner not in said for owner in needed):
        return None
    values = [said[owner].value for owner in needed]
    if Fraction(max(values)) - Fraction(min(values)) > limit_of(kr, values):
        return None
    return said.get(reporting(state, kr)) or said[needed[0]]
