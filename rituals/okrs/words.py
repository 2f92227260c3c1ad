"""Figures in words for people: amounts with their unit, reasons with their numbers, a key result as one line.

Pure. It words what the rules found and decides nothing; it knows no markup, shapes or Slack, and does not escape.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from rituals.notices import HandSet, KrLine
from rituals.okrs.figures import Figures
from rituals.okrs.flags.rules import plain_number
from rituals.okrs.forecast import Forecast
from rituals.okrs.model import KEEP_KINDS, Flag, KeyResult, Status
from rituals.okrs.numbers import write_amount, write_number
from rituals.okrs.progress import as_of, raw_progress, shown, total_weight
from rituals.okrs.units import CURRENCIES, PERCENT, measure

status_words: dict[Status, str] = {
    "closed": "closed",
    "achieved": "achieved",
    "not_started": "not started",
    "no_data": "no data",
    "stale": "stale",
    "off_track": "off track",
    "at_risk": "at risk",
    "on_track": "on track",
}
REPORTER = "the reporter"
_COUNTS = {1: "one round", 2: "two rounds", 3: "three rounds"}


def value_words(kr: KeyResult, value: Decimal | None) -> str | None:
    """A value of this key result: `41 days`; `2 of 4` for milestones; `done` or `not done` for a binary one."""
    if value is None:
        return None
    if kr.kind == "binary":
        return "done" if value >= 1 else "not done"
    if kr.kind == "milestone":
        return f"{write_number(value)} of {_all_weight(kr)}"
    return write_amount(value, kr.measured_in)


def expected_words(kr: KeyResult, figures: Figures) -> str | None:
    """What is expected, to stand after the value: `33`, `21 %`, `at most 2 %`; None while nothing is due.

    A unit that is a word is left out, because the value before it has it.
    """
    value = figures.expected_value
    if value is None or kr.kind == "binary":
        return "done" if value else None
    if kr.kind == "milestone":
        return f"{write_number(value)} of {_all_weight(kr)}"
    if kr.kind == "keep_between" and kr.low is not None and kr.high is not None:
        return f"{_short(kr.low, kr.measured_in)} to {_short(kr.high, kr.measured_in)}"
    bound = {"keep_above": "at least ", "keep_below": "at most "}.get(kr.kind, "")
    return bound + _short(value, kr.measured_in)


def percent_words(share: Fraction | float) -> str:
    """A share as whole percent, halves up: `49 %`."""
    return f"{write_number(Decimal(_percent(share)))} %"


def landing_words(course: Forecast) -> str:
    """The forecast's band: `52–61 %`; one number where its ends are the same."""
    low, high = _percent(course.low), _percent(course.high)
    return f"{low} %" if low == high else f"{low}–{high} %"


def kr_line(
    kr: KeyResult,
    figures: Figures,
    *,
    role: str,
    reporter_name: str | None,
    owner_names: Sequence[str],
    by_hand: HandSet | None = None,
) -> KrLine:
    """The key result as one line of a notice. `role` is report, view or own; names are those of people and units.

    `trend` is the change of raw progress between the last two reports, as a share; None with fewer than two.
    `by_hand` is that of the figures, with a name (`by_hand.hand_set`).
    """
    known = as_of(kr, figures.at)
    confidences = [u.confidence for u in known.updates if u.role == "report" and u.confidence is not None]
    return KrLine(
        key=kr.key,
        title=kr.title,
        status=figures.status,
        now=value_words(kr, figures.value),
        expected=expected_words(kr, figures),
        progress=None if figures.progress is None else _places(shown(figures.progress)),
        expected_progress=_places(figures.expected),
        confidence=confidences[-1] if confidences else None,
        role=role,
        reporter=reporter_name,
        last_at=figures.last_at,
        owners=tuple(owner_names),
        shared=kr.shared,
        trend=None if figures.progress is None else _trend(known),
        pace=pace_words(kr, figures),
        by_hand=by_hand,
    )


def pace_words(kr: KeyResult, figures: Figures) -> str:
    """How far it is and how far behind: `16 % of the way, 34 points behind`; "" where there is no way or no value.

    The difference is that of the two rounded numbers, so that a reader's sum comes out.
    """
    if figures.progress is None or kr.kind == "binary" or kr.kind in KEEP_KINDS:
        return ""
    now, expected = _percent(_places(shown(figures.progress))), _percent(_places(figures.expected))
    if now == expected:
        return f"{now} % of the way, on pace" if 0 < now < 100 else ""
    gap = _counted(abs(expected - now), "point")
    return f"{now} % of the way, {gap} {'behind' if now < expected else 'ahead'}"


def flag_words(kr: KeyResult, flag: Flag, unit_names: Mapping[str, str] | None = None) -> str:
    """Why it is falling behind, with the numbers of the rule; units by their key where `unit_names` has no name."""
    return _WORDED[flag.reason](kr, flag, unit_names or {})


def _pace(_: KeyResult, flag: Flag, __: Mapping[str, str]) -> str:
    """The difference is that of the two rounded numbers beside it, so that a reader's sum comes out."""
    expected, now = _percent(_number(flag, "expected")), _percent(_number(flag, "now"))
    behind = _counted(expected - now, "point")
    return f"{behind} behind ({write_number(Decimal(now))} % of the way, expected {expected} %)"


def _trend_words(_: KeyResult, flag: Flag, __: Mapping[str, str]) -> str:
    low, high = _percent(_number(flag, "low")), _percent(_number(flag, "high"))
    band = f"{low}–{high} % " if low != high else ""
    landing, needed = percent_words(_number(flag, "landing")), percent_words(_number(flag, "needed"))
    return f"on pace, but heads for {landing} ({band}from {flag.numbers['updates']} updates), needs {needed}"


def _stalled(_: KeyResult, flag: Flag, __: Mapping[str, str]) -> str:
    windows = int(_number(flag, "windows"))
    return f"stalled {_COUNTS.get(windows, f'{windows} rounds')}"


def _silent(_: KeyResult, flag: Flag, __: Mapping[str, str]) -> str:
    days = _counted(int(_number(flag, "days")), "day")
    return f"no value yet after {days}" if flag.numbers["status"] == "no_data" else f"not updated for {days}"


def _confidence(_: KeyResult, flag: Flag, __: Mapping[str, str]) -> str:
    was = f", was {flag.numbers['before']}" if "before" in flag.numbers else ""
    return f"confidence {flag.numbers['now']} of 10{was}"


def _divergence(kr: KeyResult, flag: Flag, names: Mapping[str, str]) -> str:
    found = flag.numbers
    parts = []
    if "low" in found:
        low, high = (_seen(kr, _number(flag, key)) for key in ("low", "high"))
        parts.append(f"{_unit(flag, 'low_unit', names)} sees {low}, {_unit(flag, 'high_unit', names)} {high}")
    if "confidence_low" in found:
        low_unit, high_unit = (_unit(flag, f"confidence_{end}_unit", names) for end in ("low", "high"))
        numbers = found["confidence_low"], found["confidence_high"]
        parts.append(f"confidence {numbers[0]} at {low_unit}, {numbers[1]} at {high_unit}")
    if "blocked_unit" in found:
        parts.append(f"{_unit(flag, 'blocked_unit', names)} is blocked by another unit")
    return "; ".join(parts)


_WORDED: Mapping[str, Callable[[KeyResult, Flag, Mapping[str, str]], str]] = {
    "pace": _pace,
    "trend": _trend_words,
    "stalled": _stalled,
    "silent": _silent,
    "confidence": _confidence,
    "divergence": _divergence,
}


def _number(flag: Flag, key: str) -> float:
    return float(flag.numbers[key])


def _unit(flag: Flag, key: str, names: Mapping[str, str]) -> str:
    unit = str(flag.numbers[key])
    return names.get(unit, unit) or REPORTER


def _seen(kr: KeyResult, value: float) -> str:
    amount = Decimal(str(plain_number(Decimal(str(value)))))
    if kr.kind in ("binary", "milestone"):
        return value_words(kr, amount) or ""
    return _short(amount, kr.measured_in)


def _short(value: Decimal, measured_in: str) -> str:
    """The amount without a unit that is a word; signs (%, currencies) stay."""
    family = measure(measured_in).family
    if family == PERCENT:
        return f"{write_number(value)} %"
    return write_amount(value, measured_in) if family in CURRENCIES else write_number(value)


def _all_weight(kr: KeyResult) -> str:
    total = total_weight(kr.milestones)
    return write_number(Decimal(total.numerator) / Decimal(total.denominator))


def _trend(kr: KeyResult) -> float | None:
    values = [u.value for u in kr.reports if u.value is not None][-2:]
    if len(values) < 2:
        return None
    return _places(raw_progress(kr, values[1]) - raw_progress(kr, values[0]))


def _percent(share: Fraction | float) -> int:
    return floor(Fraction(str(share)) * 100 + Fraction(1, 2))


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _places(share: Fraction) -> float:
    return float(round(share, 4))
