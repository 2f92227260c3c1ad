"""Events as an iCalendar file (RFC 5545). Pure: it knows lines, folding and escaping, and nothing of rituals."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75
"""Octets of a line, its end not counted."""

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """Something at a time. `uid` is the same in every file, so that calendars update it; instants are aware.

    `sequence` counts how often it was moved; what is `cancelled` stays in the file, so that calendars take it out.
    """

    uid: str
    starts: datetime
    ends: datetime
    title: str
    text: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, events: Iterable[Event], *, stamp: datetime) -> str:
    """The file. `stamp` is the instant of which all this holds; nobody is shown as busy."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plumbline//Plumbline//EN", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:P1D"]
    for event in events:
        lines += _event(event, stamp)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(event: Event, stamp: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{_text(event.uid)}", f"DTSTAMP:{_instant(stamp)}"]
    lines += [f"DTSTART:{_instant(event.starts)}", f"DTEND:{_instant(event.ends)}", f"SUMMARY:{_text(event.title)}"]
    lines += [f"DESCRIPTION:{_text(event.text)}"] if event.text else []
    lines += [f"SEQUENCE:{event.sequence}"] if event.sequence else []
    lines += ["STATUS:CANCELLED"] if event.cancelled else []
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no character cut; those that go on begin with a space."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LONGEST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
