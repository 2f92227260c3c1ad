"""The check-in's decisions: who is asked for what, and when a round is late. Pure: values in, values out.

When each lead is asked is decided in `turns`.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rituals.okrs.figures import Figures
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KeyResult, Update
from rituals.okrs.pace import BEHIND, WORST_FIRST
from rituals.okrs.updates import is_reporter

_ROLE_ORDER = ("report", "view", "own")


@dataclass(frozen=True)
class Asked:
    """A key result that a lead is asked about. `role`: report (shared, they report it), view (they co-own it), own."""

    kr: KeyResult
    role: str
    figures: Figures

    @property
    def behind(self) -> bool:
        """What is behind, or silent, is always asked; "no change" covers only the rest."""
        return self.figures.status in BEHIND


def role_for(state: PortfolioState, kr: KeyResult, person: str) -> str | None:
    """How a person is asked about a key result; None when they are not."""
    led = set(state.led_by(person))
    owns = bool(led & set(kr.owners))
    if kr.shared:
        return "report" if is_reporter(state, kr, person) else "view" if owns else None
    asked = kr.reporter == person if kr.reporter else owns
    return "own" if asked else None


def asked_of(
    state: PortfolioState, person: str, now: datetime, *, on: date | None = None, within: Set[str] | None = None
) -> tuple[Asked, ...]:
    """What a lead answers for: shared key results they report, those they co-own, their own; worst first in each.

    Those of the cycles of the day `on` (today) that are not closed, and of the units `within` (all).
    """
    found = []
    mine = state.concerns(person)  # of a thousand, a handful
    for kr in (kr for kr in state.key_results_on(on or state.today(now)) if kr.key in mine and not kr.cycle_closed):
        role = role_for(state, kr, person)
        if role is not None and (within is None or _belongs(state, person, kr, within)):
            found.append(Asked(kr, role, state.figures(kr, now)))
    return tuple(sorted(found, key=lambda a: (_ROLE_ORDER.index(a.role), WORST_FIRST.index(a.figures.status))))


def spoken_of(state: PortfolioState, kr: KeyResult, person: str, *, since: datetime) -> bool:
    """Whether this person, another lead of a unit of theirs, or who stood in for them has said anything of a key result
    since an instant. What they said in somebody else's place is not their own word."""
    led = state.led_by(person)
    mine = [u for u in kr.updates if u.at >= since and (u.by == person or u.unit in led or _reports(kr, u, person))]
    return any(u.unit is None or u.unit in led or _reports(kr, u, person) for u in mine)


def _reports(kr: KeyResult, update: Update, person: str) -> bool:
    return update.role == "report" and kr.reporter == person


def unchanged(state: PortfolioState, asked: Asked, person: str) -> Decimal | None:
    """The value that "no change" says again: a co-owner's own last view where there is one, else what is reported."""
    led = state.led_by(person)
    views = (u.value for u in reversed(asked.kr.updates) if asked.role == u.role == "view" and u.unit in led)
    own = next((value for value in views if value is not None), None)
    return asked.figures.value if own is None else own


def participants(state: PortfolioState, unit: str, day: date) -> tuple[Member, ...]:
    """Who is asked in a unit's round of a day: leads of product lines below it, and who answers for a key result there.

    A unit below with a cadence of its own has its own round and is left to it.
    """
    mine = units_of_round(state, unit)
    people = {lead for key in mine if state.units[key].level == "product_line" for lead in state.units[key].leads}
    for kr in state.key_results_on(day):
        if mine & set(kr.owners) and not kr.cycle_closed:
            involved = {lead for owner in kr.owners for lead in state.units[owner].leads} | {kr.reporter}
            people |= {key for key in involved if key and role_for(state, kr, key) and _belongs(state, key, kr, mine)}
    return tuple(member for key, member in state.people.items() if key in people)


def units_of_round(state: PortfolioState, unit: str) -> frozenset[str]:
    """The units whose check-in a unit's round is: itself and those below it without a cadence of their own."""
    return state.following(unit)


def _belongs(state: PortfolioState, person: str, kr: KeyResult, mine: Set[str]) -> bool:
    """A reporter is asked where an owner is, an owner in their own unit's round."""
    owners = mine & set(kr.owners)
    return bool(owners if kr.reporter == person else owners & set(state.led_by(person)))


def too_late(ends: datetime, now: datetime) -> bool:
    """A round, or a lead's part in it, whose window has passed: after days without power one late prompt or none."""
    return now >= ends


def no_change_offered(asked: Iterable[Asked]) -> bool:
    """Only where something is on pace; what is behind is asked in any case."""
    return any(not a.behind and a.figures.value is not None for a in asked)
