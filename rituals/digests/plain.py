"""A digest as plain text, for a terminal (`plumbline digest --print`). The same facts in the same order as in Slack.

Pure. Statuses are words beside their shapes, so that nothing rests on a glyph a terminal may lack.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import floor
from textwrap import wrap

from rituals.digests.notice import falling_line
from rituals.digests.phrases import day_words, percent, signed
from rituals.notices import Digest
from rituals.okrs.model import Status
from rituals.okrs.words import status_words

WIDTH = 100
_SHAPES: dict[Status, str] = {"on_track": "●", "at_risk": "◐", "off_track": "○", "stale": "◌", "no_data": "◌"}


def markdown(notice: Digest) -> str:
    """The whole digest, wrapped at 100 columns, ending in a line break."""
    blocks = [_title(notice), wrapped(notice.headline)]
    blocks += [_section(title, lines) for title, lines in _sections(notice) if lines]
    blocks.append(wrapped(_worded(notice)))
    return "\n\n".join(blocks) + "\n"


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """The text in lines of at most 100 columns; a number keeps its per cent sign."""
    whole = text.replace(" %", "\u00a0%")
    lines = wrap(whole, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return "\n".join(lines).replace("\u00a0%", " %")


def _title(notice: Digest) -> str:
    parts = [notice.unit, f"week of {day_words(notice.week_of)}"]
    if notice.cycle and notice.elapsed is not None:
        parts.append(f"{notice.cycle} is {percent(Fraction(str(notice.elapsed)))} through")
    return f"# {' · '.join(parts)}"


def _sections(notice: Digest) -> Iterable[tuple[str, list[str]]]:
    yield "Falling behind", [_falling(one.line.status, falling_line(one)) for one in notice.falling] or ["Nothing."]
    yield "Decisions needed", list(notice.decisions)
    claims = [f"{c.text} {''.join(f'[{number}]' for number, _ in c.sources)}".rstrip() for c in notice.blockers]
    yield f"Blockers ({notice.blockers_open} open)", claims
    yield "Moved", [*notice.achieved, *notice.moved]
    yield "Silent", list(notice.silent)
    yield "Not answered", list(notice.not_answered)
    yield "Connection rate", _connection(notice)


def _falling(status: Status, line: str) -> str:
    shape = _SHAPES.get(status, "–")
    return f"{shape} {status_words[status]}: {line}"


def _connection(notice: Digest) -> list[str]:
    if notice.connection_rate is None:
        return []
    change = floor((notice.connection_change or 0) * 100 + 0.5)
    rate = percent(Fraction(str(notice.connection_rate)))
    return [f"{rate} of product-line objectives contribute upward" + (f" ({signed(change)})" if change else "")]


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", *(wrapped(line, "- ", "  ") for line in lines)])


def _worded(notice: Digest) -> str:
    if notice.worded_by == "model":
        left_out = f", {notice.dropped} left out" if notice.dropped else ""
        answers = f"{notice.checked_against} answer{'' if notice.checked_against == 1 else 's'}"
        return f"Worded by a model and checked against {answers}{left_out}."
    return f"Worded by rules{f' ({notice.why_rules})' if notice.why_rules else ''}."
