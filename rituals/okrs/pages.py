"""`/okr list` and `/okr shared`: which key results are asked for, worst first. Reads and words; writes nothing."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from rituals.errors import Refusal
from rituals.notices import KrLine
from rituals.okrs.cards import ListPage, SharedKr, SharedPage
from rituals.okrs.figures import Figures
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KeyResult
from rituals.okrs.naming import Named, find
from rituals.okrs.pace import BEHIND, WORST_FIRST, is_stale
from rituals.okrs.seen import load_seen
from rituals.okrs.words import flag_words, kr_line
from storage.database import Database

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_TITLES = {"mine": "your key results", "shared": "shared", "behind": "falling behind"}

Ranked = list[tuple[KeyResult, Figures]]
Pool = tuple[str, tuple[KeyResult, ...]]


def list_page(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> ListPage:
    """The key results that `query` asks for: any of mine, shared, behind, and a person, a unit or a cycle.

    Without a cycle, those of the current ones. Raises Refusal for a name that is unknown or can be several.
    """
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
    words = query.split()
    rest = " ".join(word for word in words if word.casefold() not in _TITLES)
    filters = [name for name in _TITLES if name in {word.casefold() for word in words}]
    title, pool = _pool(state, rest, now) if rest else ("", state.current_key_results(now))
    if "mine" in filters:
        own = {kr.key for kr in of_person(state, member, pool)}
        pool = tuple(kr for kr in pool if kr.key in own)
    kept = [(kr, figures) for kr, figures in worst_first(state, pool, now) if _passes(filters, kr, figures)]
    name = ", ".join(part for part in (title, *(_TITLES[name] for name in filters)) if part) or "all key results"
    return ListPage(
        title=name[:1].upper() + name[1:], lines=tuple(line_of(state, kr, f) for kr, f in kept), query=query
    )


def shared(db: Database, team_id: str, *, now: datetime, user: str = "") -> SharedPage:
    """Every shared key result of the current cycles that the user may see: who owns it, who lags, why."""
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
    found = worst_first(state, [kr for kr in state.current_key_results(now) if kr.shared], now)
    return SharedPage(
        title="Shared key results",
        key_results=tuple(
            SharedKr(line=line_of(state, kr, figures), why=why(state, kr, figures), lags=lags(state, kr, figures, now))
            for kr, figures in found
        ),
    )


def worst_first(state: PortfolioState, krs: Iterable[KeyResult], now: datetime) -> Ranked:
    """With their figures: shared before a unit's own, the worst status first, the widest gap first within it."""
    found = [(kr, state.figures(kr, now)) for kr in krs]
    return sorted(found, key=lambda one: (not one[0].shared, WORST_FIRST.index(one[1].status), -(one[1].gap or 0)))


def line_of(state: PortfolioState, kr: KeyResult, figures: Figures, role: str = "own") -> KrLine:
    """A key result as one line, with the names of its owners and its reporter."""
    reporter = state.people[kr.reporter].name if kr.reporter else None
    return kr_line(kr, figures, role=role, reporter_name=reporter, owner_names=state.names(kr.owners))


def why(state: PortfolioState, kr: KeyResult, figures: Figures) -> tuple[str, ...]:
    """Every reason for which a shared key result falls behind, worded with its numbers."""
    return tuple(flag_words(kr, flag, state.unit_names) for flag in figures.flags)


def of_person(state: PortfolioState, member: Member | None, among: Iterable[KeyResult]) -> tuple[KeyResult, ...]:
    """What a person reports or owns as a lead; for who leads only units above, everything below them."""
    if member is None:
        return ()
    krs, led = tuple(among), state.led_by(member.key)
    own = tuple(kr for kr in krs if kr.reporter == member.key or set(led) & set(kr.owners))
    return own or of_units(state, (key for unit in led for key in state.below(unit)), krs)


def of_units(state: PortfolioState, units: Iterable[str], among: Iterable[KeyResult]) -> tuple[KeyResult, ...]:
    """What these units own, or have under an objective of theirs."""
    keys = set(units)
    return tuple(kr for kr in among if keys & {*kr.owners, state.objectives_by_key[kr.objective].unit})


def _passes(filters: list[str], kr: KeyResult, figures: Figures) -> bool:
    if "shared" in filters and not kr.shared:
        return False
    return "behind" not in filters or figures.status in BEHIND or bool(figures.flags)


def _pool(state: PortfolioState, name: str, now: datetime) -> Pool:
    """Title and key results of a cycle, a person or a unit."""
    cycle = next((key for key in state.cycles if key.casefold() == name.casefold()), None)
    if cycle is not None:
        return cycle, tuple(kr for o in state.objectives if o.cycle == cycle for kr in o.key_results)
    current = state.current_key_results(now)
    member = _person(state, name)
    if member is not None:
        return member.name, of_person(state, member, current)
    unit = _unit(state, name)
    return state.units[unit].name, of_units(state, state.below(unit), current)


def _person(state: PortfolioState, name: str) -> Member | None:
    """The person mentioned, or written as @name; None where no person is meant. Raises Refusal for an unknown one."""
    mentioned = _MENTION.fullmatch(name)
    if mentioned:
        member = state.member(mentioned[1])
        if member is None:
            raise Refusal(f"{name} has no part in this portfolio.")
        return member
    if name.startswith("@"):
        people = [Named(p.key, p.name) for p in state.people.values()]
        return state.people[find(name[1:], people, what="person").key]
    exact = [p for p in state.people.values() if name.casefold() in {p.name.casefold(), p.key.casefold()}]
    return exact[0] if len(exact) == 1 and name not in state.named_units else None


def _unit(state: PortfolioState, name: str) -> str:
    try:
        return find(name, [Named(u.key, u.name) for u in state.named_units.values()], what="unit").key
    except Refusal as no:
        if no.choices:
            raise
        some = ", ".join([u.name for u in state.named_units.values()][:8])
        raise Refusal(
            f'No unit, person or cycle "{name}". Type mine, shared, behind, @person, a cycle, or a unit such as {some}.'
        ) from None


def lags(state: PortfolioState, kr: KeyResult, figures: Figures, now: datetime) -> tuple[str, ...]:
    """Of a key result that falls behind: the owners who are silent on it, blocked, or see it worse than another."""
    if not figures.flags:
        return ()
    checks: tuple[Callable[[str], str | None], ...] = (
        lambda owner: "blocked" if owner in _named_by_flags(figures, "blocked_unit") else None,
        lambda owner: _silence(state, kr, owner, now, state.interval(kr)),
        lambda owner: "sees it worse" if owner in _named_by_flags(figures, "confidence_low_unit") else None,
    )
    found = []
    for owner in kr.owners:
        reason = next((words for check in checks if (words := check(owner))), None)
        if reason:
            found.append(f"{state.units[owner].name} ({reason})")
    return tuple(found)


def _named_by_flags(figures: Figures, key: str) -> set[str]:
    return {str(flag.numbers[key]) for flag in figures.flags if key in flag.numbers}


def _silence(state: PortfolioState, kr: KeyResult, owner: str, now: datetime, interval: timedelta) -> str | None:
    leads = state.units[owner].leads
    heard = [u.at for u in kr.updates if u.at <= now and (u.unit == owner or (u.unit is None and u.by in leads))]
    if not heard:
        return "no word yet"
    return f"silent {(now - max(heard)).days} days" if is_stale(max(heard), now, interval) else None
