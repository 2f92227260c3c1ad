"""`/okr list` and `/okr shared`: which key results are asked for, worst first. Reads and words; writes nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from rituals.okrs import standpoints
from rituals.okrs.cards import LINES, MENU, ListPage, SharedKr, SharedPage
from rituals.okrs.figures import Figures
from rituals.okrs.filters import Asked, asked_for
from rituals.okrs.flags.log import told
from rituals.okrs.flags.shown import flag_lines
from rituals.okrs.lines import line_of
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KeyResult
from rituals.okrs.pace import BEHIND, WORST_FIRST, is_stale
from rituals.okrs.seen import load_seen
from rituals.okrs.words import flag_words
from storage.database import Database

SIDES = 10  # of so many shared key results it is told how each owner sees them

Ranked = list[tuple[KeyResult, Figures]]


def list_page(db: Database, team_id: str, user: str, query: str, *, now: datetime, start: int = 0) -> ListPage:
    """The key results that `query` asks for: any of mine, shared, behind, and a person, a unit and a cycle; the page
    from the `start`-th on, or the last one where there are fewer.

    Without a cycle, those of the current ones. Raises Refusal for a name that is unknown or can be several.
    """
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
    asked = asked_for(state, query)
    pool = _pool(state, asked, member, now)
    kept = [(kr, figures) for kr, figures in worst_first(state, pool, now) if _passes(asked, kr, figures)]
    start = max(0, min(start, (len(kept) - 1) // LINES * LINES))
    shown = kept[start : start + LINES]
    return ListPage(
        title=asked.title(state),
        lines=tuple(line_of(state, kr, f) for kr, f in shown),
        start=start,
        total=len(kept),
        choices=tuple((kr.key, kr.title) for kr, _ in kept[:MENU]),
        query=asked.typed(),
        why=_reasons(state, shown) if "behind" in asked.flags else (),
        read=asked.read,
    )


def _reasons(state: PortfolioState, shown: Ranked) -> tuple[tuple[str, str], ...]:
    """Why those fall behind whose status alone does not say so."""
    return tuple((kr.key, why(state, kr, f)[0]) for kr, f in shown if f.flags and f.status not in BEHIND)


def shared(db: Database, team_id: str, *, now: datetime, user: str = "") -> SharedPage:
    """Every shared key result of the current cycles that the user may see: who owns it, who lags, why."""
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        found = worst_first(state, [kr for kr in state.current_key_results(now) if kr.shared], now)
        sides = standpoints.of_all(session, state, found[:SIDES], with_support=False)
        books = told(session, team_id, [kr for kr, figures in found if figures.flags])
    return SharedPage(
        title="Shared key results",
        key_results=tuple(
            SharedKr(
                line=line_of(state, kr, figures),
                why=why(state, kr, figures),
                flags=flag_lines(state, kr, figures, books.get(kr.key, ())),
                lags=lags(state, kr, figures, now),
                sides=sides.get(kr.key, ()),
            )
            for kr, figures in found
        ),
    )


def worst_first(state: PortfolioState, krs: Iterable[KeyResult], now: datetime) -> Ranked:
    """With their figures: shared before a unit's own, the worst status first, the widest gap first within it."""
    found = [(kr, state.figures(kr, now)) for kr in krs]
    return sorted(found, key=lambda one: (not one[0].shared, WORST_FIRST.index(one[1].status), -(one[1].gap or 0)))


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


def _passes(asked: Asked, kr: KeyResult, figures: Figures) -> bool:
    if "shared" in asked.flags and not kr.shared:
        return False
    by_hand = figures.by_hand is not None and figures.by_hand.status in BEHIND
    return "behind" not in asked.flags or figures.status in BEHIND or bool(figures.flags) or by_hand


def _pool(state: PortfolioState, asked: Asked, caller: Member | None, now: datetime) -> tuple[KeyResult, ...]:
    """The key results of the cycle, the person and the unit that are asked for."""
    pool = state.current_key_results(now)
    if asked.cycle:
        pool = tuple(kr for o in state.objectives if o.cycle == asked.cycle for kr in o.key_results)
    if asked.person:
        pool = of_person(state, asked.person, pool)
    if asked.unit:
        pool = of_units(state, state.below(asked.unit), pool)
    return of_person(state, caller, pool) if "mine" in asked.flags else pool


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
