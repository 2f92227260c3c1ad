"""Text for Slack's mrkdwn: what people typed made safe and short, dates for every reader's own zone, numbers worded.

Everything that a person, a file or a model wrote passes `inline` or `quoted` before it enters a view, so that it can
neither ping nor break the layout. Knows no blocks and no notices.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from rituals.okrs.naming import shorten

T = TypeVar("T")

QUOTED_LINES = 12
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_TOKEN = re.compile(r"<(https?://[^<>|\s]+)(?:\|([^<>|]*))?>|<([@#!])([^<>|]*)(?:\|([^<>]*))?>")
_BARE_URL = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:)\]]")
_HELD = re.compile(
    r"(?<=\d) (?=%|of \d|(?:points?|days?|weeks?|months?|hours?|minutes?|min|h|s"
    r"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)|(?<=\d[ \u00a0]of) (?=\d)"
)
NO_BREAK = "\u00a0"
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def escape(text: str) -> str:
    """Raw text as literal mrkdwn: `& < >` escaped, so `<!channel>` is shown and pings nobody.

    Right-to-left text is isolated, so that it does not turn the numbers beside it around; control characters go.
    """
    clean = _CONTROLS.sub("", _BIDI_CONTROLS.sub("", text))
    safe = clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not clean.isascii() and any(unicodedata.bidirectional(c) in {"R", "AL"} for c in clean):
        return f"\u2068{safe}\u2069"
    return safe


def plain(text: str, limit: int = 150) -> str:
    """Raw text for plain_text and table cells, which know no markup: one line, shortened at a word, not escaped."""
    return shorten(" ".join(_CONTROLS.sub(" ", _BIDI_CONTROLS.sub("", text)).split()), limit)


def inline(text: str, limit: int = 80) -> str:
    """A name or title within a line: one line, shortened at a word, escaped."""
    return escape(plain(text, limit))


def held(text: str) -> str:
    """Numbers on one line with their unit and days with their month; code stays as it is, to be copied."""
    parts = text.split("`")
    return "`".join(part if n % 2 else _HELD.sub(NO_BREAK, part) for n, part in enumerate(parts))


def amount(worded: str) -> str:
    """A worded value as mrkdwn, `41 days`, that does not break after a number whatever its unit is."""
    return re.sub(r"(?<=\d) ", NO_BREAK, inline(worded))


def quoted(text: str, limit: int = 600) -> str:
    """A person's own words as a quotation: line breaks and links kept, mentions shown as plain names."""
    lines = [line for line in text.splitlines() if line.strip()]
    kept: list[str] = []
    for line in lines[:QUOTED_LINES]:
        left = limit - sum(map(len, kept))
        if left < 20 and kept:
            break
        kept.append(plain(line, left))
    more = ["> …"] if len(kept) < len(lines) else []
    return "\n".join([*(f"> {_said(line)}" for line in kept), *more]) or "> –"


def said(text: str, limit: int = 300) -> str:
    """A person's own words within a line: like `quoted`, without line breaks and marks."""
    return _said(plain(text, limit))


def _said(line: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _TOKEN.finditer(line):
        parts += [_with_links(line[end : match.start()]), _token(match)]
        end = match.end()
    return "".join([*parts, _with_links(line[end:])])


def _token(match: re.Match[str]) -> str:
    url, label, sigil, bare, named = match.groups()
    if url:
        return link(url, label or url)
    name = named or bare
    return escape(name if name.startswith(("@", "#")) else f"{'#' if sigil == '#' else '@'}{name}")


def _with_links(text: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _BARE_URL.finditer(text):
        parts += [escape(text[end : match.start()]), link(match.group(), match.group())]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def link(url: str | None, label: str) -> str:
    """A link where `url` is http(s), else the label alone; both raw."""
    safe = escape(label.replace("|", "/"))
    if not url or not re.fullmatch(r"https?://[^\s<>|]+", url):
        return safe
    return f"<{url.replace('&', '&amp;')}|{safe}>"


def clip(mrkdwn: str, limit: int) -> str:
    """Composed mrkdwn cut to `limit` characters at a word, never inside a link, a date or an entity."""
    if len(mrkdwn) <= limit:
        return mrkdwn
    cut = mrkdwn[: limit - 1]
    if cut.rfind("<") > cut.rfind(">"):
        cut = cut[: cut.rfind("<")]
    if re.search(r"&[a-z]{0,3}$", cut):
        cut = cut[: cut.rfind("&")]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    if space > limit * 3 // 4 and cut.rfind(">") < space:
        cut = cut[:space]
    return cut.rstrip() + "…"


def moment(at: datetime) -> str:
    """An instant in the reader's own zone: day and time. The fallback is UTC and says so."""
    stamp = at.astimezone(UTC)
    form = "{date_short_pretty} at {time}"
    return f"<!date^{int(stamp.timestamp())}^{form}|{stamp:%a} {stamp.day} {stamp:%b %H:%M} UTC>"


def day_of(at: datetime) -> str:
    """The day of an instant in the reader's own zone."""
    stamp = at.astimezone(UTC)
    return f"<!date^{int(stamp.timestamp())}^{{date_short_pretty}}|{stamp:%a} {stamp.day} {stamp:%b}>"


def day(on: date) -> str:
    """A local date: the same day for every reader, so no zone is applied."""
    return f"{on.day} {on:%b}"


def percent(share: float) -> str:
    """A share of 1 as whole per cent, halves up, never below 0: 0.6 is `60 %`."""
    return f"{max(0, int(share * 100 + 0.5))} %"


def points(change: float) -> str:
    """A change of a share in signed points: 0.03 is `+3`, nothing is `0`."""
    whole = round(change * 100)
    return f"{whole:+d}".replace("-", "−") if whole else "0"


def duration(seconds: int) -> str:
    """`1 min 10 s`, `3 min`; from ten minutes on in whole ones, halves up."""
    minutes, rest = divmod(seconds, 60)
    if minutes >= 10:
        return f"{(seconds + 30) // 60} min"
    parts = [f"{minutes} min"] if minutes else []
    return " ".join([*parts, f"{rest} s"] if rest or not minutes else parts)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: `1 blocker`, `3 blockers`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def spelled(number: int, one: str, many: str | None = None) -> str:
    """As `count`, small numbers in words: `three key results`."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """The same with a capital first letter."""
    return text[:1].upper() + text[1:]


def change(before: str | None, after: str | None) -> str:
    """Two worded amounts with their shared unit said once: `41 → 30 days`; raw."""
    if after is None:
        return before or "no value"
    if before is None:
        return after
    number, _, unit = before.partition(" ")
    shared = bool(unit) and after.partition(" ")[2] == unit
    return f"{number if shared else before} → {after}"


def beside(now: str, expected: str) -> str:
    """An expectation named beside a value, its unit left out where it is the same and a word; raw."""
    number, _, unit = expected.partition(" ")
    return number if unit[:1].isalpha() and now.partition(" ")[2] == unit else expected


def some(items: Sequence[str], most: int) -> list[str]:
    """The first `most` items, and what is left out as `and 12 more`; never "and 1 more" for one that would fit."""
    if len(items) <= most + 1:
        return list(items)
    return [*items[:most], f"and {len(items) - most} more"]


def few(items: Sequence[T], render: Callable[[T], str], most: int) -> list[str]:
    """As `some`, of items that are yet to be worded: what is left out is not."""
    shown = items if len(items) <= most + 1 else items[:most]
    left = len(items) - len(shown)
    return [*(render(item) for item in shown), *([f"and {left} more"] if left else [])]


def listed(items: Iterable[str], most: int = 8, *, between: str = ", ") -> str:
    """Items in a row: `a, b and 12 more`; `between` is "; " where the items themselves have commas."""
    row = some(list(items), most)
    if row and re.fullmatch(r"and \d+ more", row[-1]) and len(row) > 1:
        return f"{between.join(row[:-1])}{between.rstrip(', ')} {row[-1]}"
    return between.join(row)
