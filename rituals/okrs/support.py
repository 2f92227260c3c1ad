"""What a co-owner does of its own for a shared key result: linking one of its objectives or key results, and what
counts as support. That its absence is a finding is `quality.sets`' business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rituals.errors import FormRefusal, Refusal
from rituals.okrs.live import refresh_homes
from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.naming import shorten
from rituals.okrs.quality.sets import Plans
from rituals.okrs.roles import answers_for, not_yours, possessive
from rituals.okrs.seen import load_seen
from rituals.okrs.state import PortfolioState
from storage import changes
from storage import ownership as store
from storage.database import Database, Session

NONE = "none"
MOST = 99


@dataclass(frozen=True)
class SupportForm:
    """The form in which a unit's support is chosen: `choices` are (value, label), `chosen` one of the values."""

    key: str
    title: str
    unit: str
    unit_name: str
    choices: tuple[tuple[str, str], ...]
    chosen: str = ""


def open_form(db: Database, team_id: str, user: str, key: str, unit: str) -> SupportForm:
    """What of a unit's own could support a key result, and what is linked. Raises Refusal for who may not say so."""
    with db.transaction(readonly=True) as session:
        state, kr = _own(session, team_id, user, key, unit)
        linked = store.supports(session, team_id, [kr.id or 0])
    mine = next((one for one in linked if one.unit_id == state.unit_ids[unit]), None)
    chosen = value_of(mine.objective, mine.key_result) if mine else ""
    name = state.units[unit].name
    return SupportForm(key, kr.title, unit, name, candidates(state, unit, kr), chosen)


def link(db: Database, team_id: str, user: str, key: str, unit: str, choice: str, *, now: datetime, source: str) -> str:
    """Link what was chosen, or nothing any more; the words for it. `source` names this very submission.

    Raises FormRefusal for what is not there (any more), Refusal for who may not.
    """
    with db.transaction() as session:
        state, kr = _own(session, team_id, user, key, unit)
        before = _linked(session, state, kr).get(unit)
        words = write(session, state, kr, unit, choice, user, now)
        if words != (before or ""):
            differ = {"support": f"{state.units[unit].name}: {before or '–'}"}, {"support": words or "–"}
            changes.add_change(
                session, team_id, at=now, by=user, what="key_result", key=key, action="edit",
                before=differ[0], after=differ[1], source_key=source,
            )  # fmt: skip
            refresh_homes(session, state, units=kr.owners, now=now)
        return words


def write(
    session: Session, state: PortfolioState, kr: KeyResult, unit: str, choice: str, user: str, now: datetime
) -> str:
    """Write a choice of `candidates`, and the words for it; "" for none. Raises FormRefusal for another one."""
    number, place = kr.id or 0, state.unit_ids[unit]
    if choice in ("", NONE):
        store.unlink(session, state.team_id, number, place)
        return ""
    labels = dict(candidates(state, unit, kr))
    if choice not in labels:
        raise FormRefusal(
            {"support": f"That is not {possessive(state.units[unit].name)} any more. Choose another one."}
        )
    kind, _, key = choice.partition(":")
    store.link(
        session,
        state.team_id,
        key_result_id=number,
        unit_id=place,
        objective=key if kind == "o" else None,
        key_result=key if kind == "kr" else None,
        by=user,
        now=now,
    )
    return labels[choice]


def candidates(state: PortfolioState, unit: str, kr: KeyResult) -> tuple[tuple[str, str], ...]:
    """A unit's own objectives and key results of open cycles as (value, label), each objective before what is under
    it; the key result itself is none."""
    found = []
    for objective in state.objectives:
        if state.cycles[objective.cycle].closed:
            continue
        own = [one for one in objective.key_results if unit in one.owners and one.key != kr.key]
        if objective.unit == unit:
            found.append((value_of(objective.key, None), _label(objective)))
        found += [(value_of(None, one.key), _label(one)) for one in own]
    return tuple(found[:MOST])


def value_of(objective: str | None, key_result: str | None) -> str:
    """How one of a unit's own is named in a form."""
    return f"o:{objective}" if objective else f"kr:{key_result}"


def supported(session: Session, state: PortfolioState, krs: Iterable[KeyResult]) -> dict[tuple[str, str], str]:
    """By (key result, co-owner) the words for what supports it: what people linked, else what the rules see."""
    shared = [kr for kr in krs if kr.shared]
    linked = _all_linked(session, state, shared)
    plans = Plans(state.objectives) if shared else None
    for kr in shared:
        for owner in kr.owners:
            seen = plans.support_of(owner, kr) if plans and (kr.key, owner) not in linked else None
            if seen is not None:
                linked[kr.key, owner] = _label(seen)
    return linked


def settled(session: Session, state: PortfolioState) -> frozenset[tuple[str, str]]:
    """The (key result, unit) about whose support nothing is to be said: linked by people, or asked and not agreed."""
    asked = (
        (state.key_result_ids.get(row.key_result_id, ""), state.unit_keys.get(row.unit_id, ""))
        for row in store.open_ones(session, state.team_id)
    )
    return frozenset((*_all_linked(session, state, None), *asked))


def _linked(session: Session, state: PortfolioState, kr: KeyResult) -> Mapping[str, str]:
    return {unit: words for (_, unit), words in _all_linked(session, state, [kr]).items()}


def _all_linked(session: Session, state: PortfolioState, krs: Iterable[KeyResult] | None) -> dict[tuple[str, str], str]:
    numbers = None if krs is None else [kr.id or 0 for kr in krs]
    found = {}
    for one in store.supports(session, state.team_id, numbers):
        key, unit = state.key_result_ids.get(one.key_result_id), state.unit_keys.get(one.unit_id)
        by = state.objectives_by_key.get(one.objective or "") or state.key_results.get(one.key_result or "")
        if key and unit and by:
            found[key, unit] = _label(by)
    return found


def _label(one: Objective | KeyResult) -> str:
    return f"{one.key} {shorten(one.title, 70 - len(one.key))}"


def _own(session: Session, team_id: str, user: str, key: str, unit: str) -> tuple[PortfolioState, KeyResult]:
    """The key result, where the person answers for the unit and that one has a part in it."""
    state, member = load_seen(session, team_id, user)
    kr = state.key_results.get(key)
    if kr is None or unit not in kr.owners:
        raise Refusal(f"{key} is not owned together with that unit any more. /okr show {key} says who owns it.")
    if member is None or not answers_for(state, member.key, unit):
        raise not_yours(state, f"What supports {key}", [unit])
    return state, kr
