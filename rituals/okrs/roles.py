"""Who may see and change what. Pure: a portfolio and a person in, yes or no out.

Anyone reads what is public. The leads of a unit write what is theirs, those who lead a unit above it and the admins
everything below; a private unit is seen by the same people only.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from rituals.errors import Refusal
from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.state import Member, PortfolioState

PRIVATE_UNIT = "a private unit"
PRIVATE_OBJECTIVE = "An objective of a private unit"
_NAMES = 4


def is_admin(state: PortfolioState, person: str | None) -> bool:
    """An admin of the Slack workspace, or a lead of a unit that has none above it and others below."""
    member = state.people.get(person or "")
    if member is None:
        return False
    return member.admin or any(not state.units[key].parent and len(state.below(key)) > 1 for key in _led(state, person))


def answers_for(state: PortfolioState, person: str | None, unit: str) -> bool:
    """Whether a person leads a unit or one above it, or is an admin: may write it, and see it where it is private."""
    return is_admin(state, person) or any(key in _led(state, person) for key in state.lineage(unit))


def leads_above(state: PortfolioState, unit: str) -> tuple[str, ...]:
    """The people to whom a missed round of a unit goes up: the leads of the nearest led unit above it."""
    above = [key for key in state.lineage(unit) if key != unit]
    return next((state.units[key].leads for key in above if state.units[key].leads), ())


def above_all(state: PortfolioState, units: Sequence[str]) -> tuple[Member, ...]:
    """Who settles what is between some units: those in Slack who lead the nearest unit above them all, else the
    admins.
    """
    above = [key for key in state.lineage(units[0]) if all(key in state.lineage(unit) for unit in units)]
    led = ([state.people[lead] for lead in state.units[key].leads] for key in above if key not in units)
    admins = [member for member in state.people.values() if member.admin]
    reachable = ([member for member in people if member.slack] for people in (*led, admins))
    return tuple(next((people for people in reachable if people), ()))


def may_write(state: PortfolioState, person: str | None, kr: KeyResult) -> bool:
    """Its reporter, the leads of its owners and those above them, and admins."""
    if person is None:
        return False
    return kr.reporter == person or any(answers_for(state, person, owner) for owner in kr.owners)


def may_overrule(state: PortfolioState, person: str | None, kr: KeyResult) -> bool:
    """Those who lead a unit above every owner, and admins: they change what its owners agreed on, and take back what
    others said of it.
    """
    led = set(_led(state, person))
    above = all(led & {key for key in state.lineage(owner) if key != owner} for owner in kr.owners)
    return is_admin(state, person) or (above and bool(kr.owners))


def may_see_unit(state: PortfolioState, person: str | None, unit: str) -> bool:
    """A unit is private where it or one above it is marked so; then only those who answer for it see it."""
    hidden = any(state.units[key].private for key in state.lineage(unit))
    return not hidden or answers_for(state, person, unit)


def who_may(state: PortfolioState, units: Iterable[str]) -> str:
    """Whom to ask about what some units own: their leads and those next above, `Bo or Ana`; "" where nobody is.

    Of a unit that is hidden from the reader nobody is named.
    """
    shown = [key for key in units if not state.units[key].hidden]
    people = [lead for key in shown for lead in state.units[key].leads]
    people += [lead for key in shown for lead in leads_above(state, key)]
    names = [state.people[key].name for key in dict.fromkeys(people)][:_NAMES]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def not_yours(state: PortfolioState, what: str, units: Iterable[str]) -> Refusal:
    """The refusal of a change to what some units own: `KR-12 is CRM's: ask Bo or Ana.`"""
    owners = tuple(units)
    if not owners:
        return Refusal(f"{what} is not yours to change: ask who it is from, or an admin of this workspace.")
    names = [possessive(name) for name in state.names(owners)]
    whose = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return Refusal(f"{what} is {whose}: ask {who_may(state, owners) or 'an admin of this workspace'}.")


def possessive(name: str) -> str:
    """`CRM's`, `Payments'`."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def public(state: PortfolioState, *, of: str | None = None) -> PortfolioState:
    """The portfolio as a channel's readers may see it: what is public; in the channel of a private unit (`of`, or one
    below it) also all that is below that unit, because who reads there was let in by its leads.
    """
    private = of is not None and any(state.units[key].private for key in state.lineage(of))
    inside = set(state.below(of)) if of is not None and private else set()
    return _seen(state, {key for key in state.units if not may_see_unit(state, None, key)} - inside, None)


def seen_by(state: PortfolioState, person: str | None) -> PortfolioState:
    """The portfolio as this person may see it; with None what is public: for channels, digests and files.

    A key result is hidden where all its owners are hidden from them and they do not report it. Units that are hidden
    keep their place in the tree and their leads, so that nothing points nowhere, and lose their name; their objectives
    lose title and links, and stay only where a key result under them may be seen.
    """
    return _seen(state, {key for key in state.units if not may_see_unit(state, person, key)}, person)


def _seen(state: PortfolioState, hidden: Set[str], person: str | None) -> PortfolioState:
    if not hidden:
        return state
    units = {k: replace(u, name=PRIVATE_UNIT, hidden=True) if k in hidden else u for k, u in state.units.items()}
    objectives = tuple(_visible(state.objectives, hidden, person))
    named = {o.key for o in objectives if o.unit not in hidden}
    return replace(state, units=units, objectives=tuple(_unlinked(objectives, named)))


def _visible(objectives: Iterable[Objective], hidden: Set[str], person: str | None) -> Iterator[Objective]:
    for objective in objectives:
        mine = (kr for kr in objective.key_results if set(kr.owners) - hidden or (person and kr.reporter == person))
        results = tuple(mine)
        if objective.unit not in hidden:
            yield replace(objective, key_results=results)
        elif results:
            yield replace(objective, title=PRIVATE_OBJECTIVE, contributes_to=(), key_results=results)


def _unlinked(objectives: Iterable[Objective], named: Set[str]) -> Iterator[Objective]:
    """Without the links to what is hidden: that one moves it is a word about it too."""
    for objective in objectives:
        links = tuple(link for link in objective.contributes_to if link.objective in named)
        yield objective if links == objective.contributes_to else replace(objective, contributes_to=links)


def _led(state: PortfolioState, person: str | None) -> tuple[str, ...]:
    return state.led_by(person) if person else ()
