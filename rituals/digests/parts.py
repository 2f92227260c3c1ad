"""A digest in the order in which it is read: its title, its sections, how it was worded. What every output outside
Slack is made of.

Pure: words without any markup; escaping is the outputs' own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from rituals.digests.phrases import day_words, percent, signed
from rituals.notices import Digest, FallingBehind, KrLine, RatedCycle
from rituals.okrs.beside import beside, leading
from rituals.okrs.model import Status
from rituals.okrs.words import status_words

_FOR = {"portfolio": "for its product lines"}
_SHAPES: dict[Status, str] = {"on_track": "●", "at_risk": "◐", "off_track": "○", "stale": "◌", "no_data": "◌"}
_SHAPES |= {"achieved": "✓"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line and where it rests: (what to call it, address or None)."""

    text: str
    sources: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list."""

    title: str
    lines: tuple[Line, ...]


def title(notice: Digest) -> str:
    """`Product suite · week of 9 Nov · 2026-Q4 is 47 % through`."""
    parts = [notice.unit, f"week of {day_words(notice.week_of)}"]
    if notice.audience in _FOR:
        parts.append(_FOR[notice.audience])
    if notice.cycle and notice.elapsed is not None:
        parts.append(f"{notice.cycle} is {percent(Fraction(str(notice.elapsed)))} through")
    return " · ".join(parts)


def nothing_falls(notice: Digest) -> str:
    """What stands where nobody falls behind; a unit looks at all that is its own."""
    return f"None of {'its' if notice.audience == 'unit' else 'the shared'} key results."


def sections(notice: Digest) -> Iterator[Section]:
    """What stands after those that fall behind; sections with nothing in them are left out."""
    told = (
        ("Decisions needed", _lines(notice.decisions)),
        (f"Blockers ({notice.blockers_open} open)", _claims(notice)),
        *((part.title, _lines(part.lines)) for part in notice.more),
        ("Moved", _lines((*notice.achieved, *notice.moved))),
        ("Silent", _lines(notice.silent)),
        ("Not answered", _lines(notice.not_answered)),
        ("Alignment", _lines((*_connection(notice), *_beside(notice)))),
    )
    yield from (Section(name, lines) for name, lines in told if lines)


def state(line: KrLine) -> str:
    """`○ off track`: never the shape alone; `◐ at risk, set by Bo (computed on track)` where it was set by hand."""
    first = leading(line.status, line.by_hand)
    return f"{_SHAPES.get(first, '–')} {status_words[first]}{beside(line.status, line.by_hand)}"


def standing(one: FallingBehind) -> str:
    """`41 days, expected 33`."""
    now = one.line.now or "no value yet"
    return f"{now}, expected {one.line.expected}" if one.line.expected else now


def quotation(one: FallingBehind) -> str:
    """`“Sync is stuck” (5 Oct)`, or ""."""
    on = f" ({day_words(one.words_on)})" if one.words_on else ""
    return f"“{one.words}”{on}" if one.words else ""


def worded(notice: Digest) -> str:
    """Who put it in words, in a sentence."""
    if notice.worded_by == "model":
        left_out = f", {notice.dropped} left out" if notice.dropped else ""
        answers = f"{notice.checked_against} answer{'' if notice.checked_against == 1 else 's'}"
        return f"Worded by a model and checked against {answers}{left_out}."
    return f"Worded by rules{f' ({notice.why_rules})' if notice.why_rules else ''}."


def _lines(texts: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(Line(text) for text in texts)


def _claims(notice: Digest) -> tuple[Line, ...]:
    return tuple(Line(c.text, tuple((f"[{number}]", url) for number, url in c.sources)) for c in notice.blockers)


def _beside(notice: Digest) -> tuple[str, ...]:
    """Lag index, net confidence and the newest rating; of a unit's own digest none, being the portfolio's."""
    if notice.connection_rate is None or notice.audience == "unit":
        return ()
    on = f" on {day_words(notice.lag_on)}" if notice.lag_on else ""
    pace = "not enough data" if notice.lag is None else f"index {notice.lag:.2f}{on}"
    net = "not enough data" if notice.net is None else f"{signed(round(notice.net * 100))} points{on}"
    moving = "not enough data" if notice.moving is None else f"{percent(Fraction(str(notice.moving)))}{on}"
    return (
        f"connected and moving: {moving}",
        f"shared against own pace: {pace}",
        f"net confidence: {net}",
        f"rating: {_rating(notice.rating)}",
    )


def _rating(one: RatedCycle | None) -> str:
    if one is None:
        return "none yet"
    if one.withheld:
        return f"that of {one.cycle} is withheld, {one.votes} of {one.asked} voted anonymously"
    if one.mean is None:
        return f"nobody voted in that of {one.cycle}"
    before = "" if one.before is None else f" (before: {one.before:.1f})"
    return f"{one.mean:.1f} of 5 in {one.cycle}{before}"


def _connection(notice: Digest) -> tuple[str, ...]:
    if notice.connection_rate is None:
        return ()
    change = floor((notice.connection_change or 0) * 100 + 0.5)
    rate = percent(Fraction(str(notice.connection_rate)))
    return (f"{rate} of product-line objectives contribute upward" + (f" ({signed(change)})" if change else ""),)
