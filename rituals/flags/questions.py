"""The form of the co-owners' thread: what it asks one owner, and what came back. Data only."""

from dataclasses import dataclass

LONGEST = 500


@dataclass(frozen=True)
class Typed:
    """The form as it came back, every field as text; `day` is ISO."""

    value: str = ""
    step: str = ""
    day: str = ""
    note: str = ""


@dataclass(frozen=True)
class Question:
    """What the form needs to ask one owner: its name, the key result, its value and what is expected, worded."""

    thread: int
    unit: str
    name: str
    key: str
    title: str
    measured_in: str
    last: str | None
    expected: str | None
    typed: Typed
