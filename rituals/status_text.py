"""The value of `plumbline status` as text for a terminal: 80 columns, plain characters, what needs action first.

Pure, from the JSON value alone, so that what a person reads is what a script gets.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rituals.okrs.pace import WORST_FIRST

WIDTH = 80
_LONGEST_KEY = 12
_STATUS = 11  # "not started"
_FIGURES = ("now", "expected", "behind")

Row = Mapping[str, Any]


def status_text(value: Row) -> str:
    """The whole report; ends with a line break. `behind` is in percentage points, negative when ahead."""
    sections = (
        [f"Status at {_instant(value['now'])}"],
        _key_results(value["key_results"]),
        _alignment(value["alignment"]),
        _checkins(value["checkins"]),
        _blockers(value["blockers"]),
        _ratings(value["ratings"]),
    )
    return "\n\n".join("\n".join(line.rstrip() for line in lines) for lines in sections if lines) + "\n"


def _key_results(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return ["Key results: none in the current cycle"]
    wide = min(_LONGEST_KEY, max(_columns(_clean(row["key"])) for row in rows))
    ordered = sorted(rows, key=lambda row: (WORST_FIRST.index(row["status"]), not row["flags"], -(row["gap"] or 0)))
    counts = Counter(row["status"] for row in ordered)
    summary = ", ".join(f"{count} {_words(status)}" for status, count in counts.items())
    head = _line("status", "key", "title", _FIGURES, wide)
    return [*_wrapped(f"Key results, worst first: {summary}"), head, *(line for r in ordered for line in _kr(r, wide))]


def _kr(row: Row, wide: int) -> list[str]:
    behind = "-" if row["gap"] is None else f"{row['gap']:.1f}"
    figures = (_percent(row["progress"]), _percent(row["expected"]), behind)
    lines = [_line(_words(row["status"]), row["key"], row["title"], figures, wide)]
    if by_hand := row.get("set_by_hand"):
        who = f" by {by_hand['by']}" if by_hand["by"] else ""
        lines += _wrapped(
            f"set {_words(by_hand['status'])}{who}: {by_hand['reason']}", _STATUS + 2, " " * (_STATUS + 2)
        )
    if row["flags"]:
        reasons = ", ".join(flag["reason"] for flag in row["flags"])
        lines += _wrapped(
            f"falling behind ({reasons}); owned by {', '.join(row['owners'])}", _STATUS + 2, " " * (_STATUS + 2)
        )
    return lines


def _line(status: str, key: str, title: str, figures: Sequence[str], wide: int) -> str:
    now, expected, behind = figures
    tail = f"  {now:>6}  {expected:>8}  {behind:>6}"
    room = WIDTH - _STATUS - 2 - wide - 2 - len(tail)
    return f"{status:<{_STATUS}}  {_fit(key, wide)}  {_fit(title, room)}{tail}"


def _alignment(value: Row) -> list[str]:
    figures = (
        ("connection rate", _percent(value["connection_rate"])),
        ("net confidence", _percent(value["net_confidence"])),
        ("shared velocity", _number(value["shared_velocity"])),
        ("unit-only velocity", _number(value["unit_velocity"])),
        ("shared lag index", _number(value["shared_lag_index"])),
    )
    lines = [f"{name:<20}{shown:>8}" for name, shown in figures]
    gaps = value["coverage"]["gaps"]
    for name, keys in gaps.items():
        if keys:
            lines += _wrapped(f"{_words(name)}: {', '.join(keys)}")
    return ["Alignment", *lines]


def _checkins(rows: Sequence[Row]) -> list[str]:
    """A line for each day with a slot, the newest first."""
    if not rows:
        return ["Check-ins: none in the current cycle yet"]
    days: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        days[row["slot"][:10]].append(row)
    lines = [line for day in sorted(days, reverse=True) for line in _day(day, days[day])]
    return ["Check-ins, newest first", *lines]


def _day(day: str, rows: Sequence[Row]) -> list[str]:
    skipped = [f"{row['lead'] or ''} skipped: {row['reason']}".strip() for row in rows if row["state"] == "skipped"]
    asked = [row for row in rows if row["state"] != "skipped"]
    said = sum(row["state"] in {"answered", "late"} for row in asked)
    parts = [f"{said} of {len(asked)} answered"] if asked else []
    for state in ("late", "asked", "missed", "upcoming"):
        if leads := [row["lead"] for row in asked if row["state"] == state]:
            parts.append(f"{'waiting for' if state == 'asked' else state} {', '.join(leads)}")
    return _wrapped("; ".join([*parts, *skipped]), 12, first=f"{day}  ")


def _blockers(rows: Sequence[Row]) -> list[str]:
    """The oldest first, as they stand in the register."""
    if not rows:
        return ["Blockers: none open"]
    lines = [f"Blockers, oldest first: {len(rows)} open"]
    for row in rows:
        who = row["unit"] or row["person"] or "somebody"
        waits = f" waits for {row['waits_for']}" if row["waits_for"] else ""
        until = f" until {row['until']}" if row["until"] else ""
        age = f"{row['days']} d"
        lines += _wrapped(f"{who}{waits}{until}: {row['text']}", 15, first=f"B-{row['number']:<5}{age:>6}  ")
    return lines


def _ratings(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    return ["Ratings, newest first", *(line for row in rows for line in _rating(row))]


def _rating(row: Row) -> list[str]:
    voted = f"{row['n']} voted" + (f" ({_percent(row['response_rate'])})" if row["response_rate"] is not None else "")
    result = f"{row['mean']:.1f} of 5, spread {row['spread']:.1f}, {voted}" if row["mean"] is not None else voted
    if row["mean"] is None and row["n"]:
        result = f"withheld: anonymous, and only {voted}"
    words = {"open": f"open, {voted} so far", "skipped": "skipped, nobody was asked"}.get(row["state"], result)
    return _wrapped(f"{row['unit']}: {words}", 14, first=f"{_fit(row['cycle'], 12)}  ")


def _instant(iso: str) -> str:
    at = datetime.fromisoformat(iso)
    return f"{at:%a} {at.day} {at:%b} {at:%Y}, {at:%H:%M} UTC"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{round(share * 100)} %"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _wrapped(text: str, indent: int = 2, first: str = "") -> list[str]:
    """Lines of at most 80 columns: `first` begins the first one, the others are indented."""
    lines, line, room = [], first, WIDTH - _columns(first)
    for word in _pieces(_clean(text), WIDTH - max(indent, _columns(first))):
        if _columns(word) > room:
            lines.append(line)
            line, room = " " * indent, WIDTH - indent
        line, room = f"{line}{word} ", room - _columns(word) - 1
    return [*lines, line]


def _pieces(text: str, room: int) -> Iterator[str]:
    """The words of a text; one that is longer than `room` columns in parts that are not."""
    for word in text.split():
        piece = ""
        for c in word:
            if _columns(piece + c) > room:
                yield piece
                piece = ""
            piece += c
        yield piece


def _fit(text: str, room: int) -> str:
    """Exactly `room` columns: cut with an ellipsis, or filled with blanks."""
    text = _clean(text)
    if _columns(text) > room:
        while _columns(text) > room - 1:
            text = text[:-1]
        text = text.rstrip() + "…"
    return text + " " * (room - _columns(text))


def _clean(text: str) -> str:
    """What people typed, on one line and without the control characters by which a terminal can be steered."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _columns(text: Iterable[str]) -> int:
    """How many columns of a terminal a text takes: two for East Asian wide ones, none for combining ones."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
