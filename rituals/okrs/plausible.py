"""Whether a value can be true of a key result, from its start, target and present value alone. Pure."""

from decimal import Decimal

from rituals.okrs.model import KEEP_KINDS
from rituals.okrs.naming import KnownKeyResult


def never_below_zero(of: KnownKeyResult) -> bool:
    """All that is known of it is zero or more, and something is: there `-3` is hardly a value."""
    known = [bound for bound in (of.value, of.start, of.target, of.low, of.high) if bound is not None]
    return bool(known) and min(known) >= 0


def implausible(of: KnownKeyResult, value: Decimal) -> bool:
    """Below zero where nothing was, or further off its course than the whole course is long.

    The course runs from start to target; for keep kinds it is as long as the bound is high. With no course known
    nothing is implausible.
    """
    if value < 0 and never_below_zero(of):
        return True
    if of.kind == "binary":
        return value not in {0, 1}
    ends = [end for end in (of.start, of.target, of.low, of.high) if end is not None]
    if of.kind in KEEP_KINDS:
        reach = max((abs(end) for end in ends), default=Decimal(0))
    else:
        ends = [end for end in (of.start, of.target) if end is not None]
        reach = abs(ends[0] - ends[1]) if len(ends) == 2 else Decimal(0)
    if not ends or not reach:
        return False
    seen = [*ends, *([of.value] if of.value is not None else [])]
    return not min(seen) - reach <= value <= max(seen) + reach
