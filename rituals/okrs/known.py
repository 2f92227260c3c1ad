"""Key results as the reading of typed words wants them, and the one that a name means in a portfolio.

Pure. How names are compared is `naming`'s business; who may see or change a key result is not decided here.
"""

from datetime import datetime
from decimal import Decimal

from rituals.errors import Choice, Refusal
from rituals.okrs.load import PortfolioState
from rituals.okrs.mentions import Mention, mentions
from rituals.okrs.model import KeyResult
from rituals.okrs.naming import KnownKeyResult, find, find_exact
from rituals.okrs.progress import as_of, current_value, total_weight
from rituals.okrs.typed import typed


def known(kr: KeyResult) -> KnownKeyResult:
    """What the reading needs of a key result; for milestones the target is all their weight."""
    target = kr.target
    if kr.kind == "milestone":
        weight = total_weight(kr.milestones)
        target = Decimal(weight.numerator) / Decimal(weight.denominator)
    return KnownKeyResult(
        key=kr.key,
        title=kr.title,
        kind=kr.kind,
        measured_in=kr.measured_in,
        value=current_value(kr),
        start=kr.start,
        target=target,
        low=kr.low,
        high=kr.high,
    )


def open_ones(state: PortfolioState, now: datetime) -> tuple[KnownKeyResult, ...]:
    """The key results that can be updated: those of the current cycles that are not closed."""
    return tuple(known(as_of(kr, now, state.zone)) for kr in state.current_key_results(now) if not kr.cycle_closed)


def waiting_ones(state: PortfolioState, now: datetime) -> tuple[KnownKeyResult, ...]:
    """The key results of cycles that ended and are not closed: their last values come in then."""
    current = {c.key for c in state.current_cycles(now)}
    over = {c.key for c in state.cycles.values() if c.ends < state.today(now) and not c.closed} - current
    return tuple(known(as_of(kr, now, state.zone)) for o in state.objectives if o.cycle in over for kr in o.key_results)


def updatable(state: PortfolioState, text: str, now: datetime) -> tuple[KnownKeyResult, ...]:
    """The open key results, and the one whose very key begins the text where its cycle waits to be closed."""
    leading = _leading(text, list(waiting_ones(state, now)))
    named_one = leading.item if leading is not None and not leading.by_title else None
    return (*open_ones(state, now), *([named_one] if named_one else ()))


def open_one(state: PortfolioState, key: str, now: datetime) -> KeyResult:
    """The key result with this key that can be updated. Raises Refusal when it is closed, or gone."""
    among = (*open_ones(state, now), *waiting_ones(state, now))
    if not any(item.key == key for item in among):
        refuse_past(state, key, now)
        raise Refusal(f"No open key result {key}. /okr list shows all you can name.")
    return state.key_results[key]


def refuse_past(state: PortfolioState, text: str, now: datetime) -> None:
    """Raises Refusal when `text` begins with the name of a key result whose cycle is over; else does nothing."""
    among = {item.key for item in updatable(state, text, now)}
    past = [known(kr) for kr in state.key_results.values() if kr.key not in among]
    named = _leading(text, past)
    if named is None or named.item is None:
        return
    key = named.item.key
    cycle = state.objectives_by_key[state.key_results[key].objective].cycle
    raise Refusal(f"{key} belongs to {cycle}, which is not open for updates. /okr show {key} shows how it stands.")


def named(state: PortfolioState, text: str, now: datetime) -> KeyResult:
    """The key result that a person means: one of the current cycles, or any other by its exact key or title; the one
    whose key begins the text, whatever follows.

    Raises Refusal, with choices where several could be meant.
    """
    everything = [known(kr) for kr in state.key_results.values()]
    exact = find_exact(" ".join(text.split()), everything) if text.strip() else None
    leading = _leading(text, everything) if exact is None else None
    if leading is not None and leading.item is not None and not leading.by_title:
        exact = leading.item
    if exact is None:
        current = [known(kr) for kr in state.current_key_results(now)]
        exact = find(text, current or everything)
    return state.key_results[exact.key]


def meant_bare(state: PortfolioState, text: str, now: datetime) -> KeyResult | None:
    """The key result whose name is all that was typed; None when the text does not begin with one.

    Raises Refusal for an unknown key, and when more follows: with the update and the view of it as choices.
    """
    everything = [known(kr) for kr in state.key_results.values()]
    exact = find_exact(" ".join(text.split()), everything)
    if exact is not None:
        return state.key_results[exact.key]
    leading = _leading(text, everything)
    if leading is None:
        return None
    if leading.item is None:
        return named(state, leading.typed, now)
    key = leading.item.key
    raise Refusal(
        f"I read {key} and more. Do you want to save a value?",
        choices=(Choice(f"update {text}", "Save it"), Choice(f"show {key}", f"Show {key}")),
    )


def _leading(text: str, among: list[KnownKeyResult]) -> Mention | None:
    """The mention at the very beginning of a typed line."""
    plain = typed(text).plain
    begin = len(plain) - len(plain.lstrip(" \"'"))
    first = next(iter(mentions(plain, among)), None)
    return first if first and first.start == begin else None
