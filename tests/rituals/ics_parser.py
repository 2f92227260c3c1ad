"""A small and strict reader of iCalendar files (RFC 5545): whatever is not allowed there fails. For tests only."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:,\"]+)*):(.*)", re.DOTALL)
INSTANT = re.compile(r"\d{8}T\d{6}Z")
TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,n])*")
TEXTS = {"UID", "SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP", "SEQUENCE", "STATUS"}


@dataclass
class Component:
    """A component: its name, its properties as written, and those inside it."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    inner: "list[Component]" = field(default_factory=list)

    def text(self, name: str) -> str:
        """A text without its escapes."""
        return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], self.values[name])

    def instant(self, name: str) -> datetime:
        """An instant in UTC."""
        return datetime.strptime(self.values[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def parse(written: str) -> Component:
    """The calendar in a file. AssertionError for anything that RFC 5545 does not allow."""
    data = written.encode("utf-8")
    assert data.endswith(b"\r\n")
    raw = data.split(b"\r\n")[:-1]
    assert all(b"\r" not in line and b"\n" not in line for line in raw), "lines end with CRLF only"
    assert all(0 < len(line) <= 75 for line in raw), "lines have at most 75 octets"
    assert [line.decode("utf-8") for line in raw], "no character is cut in two"
    stack: list[Component] = []
    root: Component | None = None
    for line in re.sub(r"\r\n[ \t]", "", written).split("\r\n")[:-1]:
        found = LINE.fullmatch(line)
        assert found, line
        name, value = found[1], found[3]
        if name == "BEGIN":
            assert root is None, "one calendar a file"
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            _check(done)
            if stack:
                stack[-1].inner.append(done)
            else:
                root = done
        else:
            here = stack[-1]
            assert name not in here.values or name not in ONCE, f"{name} stands twice"
            assert name not in TEXTS or TEXT.fullmatch(value), f"{name} is not escaped: {value}"
            here.values[name] = value
    assert root is not None, "the calendar ends"
    assert not stack
    return root


def _check(component: Component) -> None:
    if component.name == "VCALENDAR":
        assert component.values["VERSION"] == "2.0"
        assert component.values["PRODID"]
        assert component.inner, "a calendar holds at least one component"
        uids = [event.values["UID"] for event in component.inner]
        assert len(uids) == len(set(uids)), "every event has an id of its own"
        return
    assert component.name == "VEVENT"
    for name in ("DTSTAMP", "DTSTART", "DTEND"):
        assert INSTANT.fullmatch(component.values[name]), name
    assert component.values["UID"]
    assert component.instant("DTSTART") < component.instant("DTEND")
