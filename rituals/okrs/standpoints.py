"""How each owner of a shared key result sees it, side by side: newest value, confidence and words, whether it differs
by METHOD's rule, whether it has agreed to own it, and what of its own supports it. Reads and words; writes nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from rituals.notices.cards import Standpoint
from rituals.okrs import support
from rituals.okrs.figures import Figures
from rituals.okrs.model import KeyResult, Update
from rituals.okrs.progress import as_of
from rituals.okrs.roles import answers_for
from rituals.okrs.state import Member, PortfolioState
from rituals.okrs.words import value_words
from storage import ownership as store
from storage.database import Session

_APART = ("low_unit", "high_unit", "confidence_low_unit", "confidence_high_unit")


def of_all(
    session: Session,
    state: PortfolioState,
    found: Iterable[tuple[KeyResult, Figures]],
    member: Member | None = None,
    *,
    with_support: bool = True,
) -> dict[str, tuple[Standpoint, ...]]:
    """The owners' standpoints by key of each shared key result, in the order of its owners; names as in `state`.

    What of their own supports it takes a look at all objectives, and is left out where it is not shown.
    """
    shared = [(kr, figures) for kr, figures in found if kr.shared]
    if not shared:
        return {}
    asked = {
        (row.key_result_id, state.unit_keys.get(row.unit_id, "")) for row in store.open_ones(session, state.team_id)
    }
    supports = support.supported(session, state, [kr for kr, _ in shared]) if with_support else {}
    return {
        kr.key: tuple(
            _standpoint(state, kr, figures, owner, asked, supports, member)
            for owner in kr.owners
            if not state.units[owner].hidden
        )
        for kr, figures in shared
    }


def _standpoint(
    state: PortfolioState,
    kr: KeyResult,
    figures: Figures,
    owner: str,
    asked: set[tuple[int, str]],
    supports: Mapping[tuple[str, str], str],
    member: Member | None,
) -> Standpoint:
    unit, known = state.units[owner], as_of(kr, figures.at, state.zone)
    said = [update for update in known.updates if update.unit == owner]
    last = said[-1] if said else None
    person = member.key if member else None
    return Standpoint(
        unit_key=owner,
        unit=unit.name,
        asked=(kr.id, owner) in asked,
        reports=bool(kr.reporter) and kr.reporter in unit.leads,
        value=value_words(kr, _value(said)),
        confidence=next((u.confidence for u in reversed(said) if u.confidence is not None), None),
        note=last.note if last else "",
        at=last.at if last else None,
        apart=_apart(figures, owner),
        blocked=last.blocked if last else False,
        support=supports.get((kr.key, owner), ""),
        at_home=state.objectives_by_key[kr.objective].unit == owner,
        linkable=not kr.cycle_closed and not unit.hidden and answers_for(state, person, owner),
    )


def _value(said: list[Update]) -> Decimal | None:
    return next((update.value for update in reversed(said) if update.value is not None), None)


def _apart(figures: Figures, owner: str) -> bool:
    """Whether by the rule of divergence its value or its confidence lies too far from another owner's."""
    found = next((flag.numbers for flag in figures.flags if flag.reason == "divergence"), {})
    return owner in {found.get(name) for name in _APART}
