"""The small checks that block rules are made of. Each notes what is wrong, and where, as a JSON pointer.

Collects problems as Slack words them (`must be less than 151 characters [json-pointer:/blocks/0/text/text]`).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.records import Json

TEXT_TYPES = ("plain_text", "mrkdwn")


@dataclass
class Checker:
    """Problems found so far, the block ids and running totals of the whole message or view, and the action ids of
    the block that is being checked.
    """

    surface: str
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    totals: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, where: str) -> None:
        self.problems.append(f"{what} [json-pointer:{where}]")

    def add(self, total: str, amount: int, most: int, what: str, where: str) -> None:
        """Count towards a limit of the whole message."""
        before = self.totals.get(total, 0)
        self.totals[total] = before + amount
        if before <= most < before + amount:
            self.note(what, where)

    def keys(self, of: Json, allowed: Collection[str], required: Collection[str], where: str) -> None:
        """Only known properties, and none of the required ones missing."""
        for key in of:
            if key not in allowed and key not in required and key != "type":
                self.note(f"invalid additional property: {key}", where)
        for key in required:
            if of.get(key) in (None, ""):
                self.note(f"missing required field: {key}", where)

    def string(self, of: Json, key: str, most: int, where: str, *, least: int = 1) -> None:
        """A string property of a length from `least` to `most`, if it is there."""
        value = of.get(key)
        if value is None:
            return
        at = f"{where}/{key}"
        if not isinstance(value, str):
            self.note("must be a string", at)
        elif len(value) > most:
            self.note(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            self.note(f"must be more than {least - 1} characters", at)

    def text(self, of: Json, key: str, most: int, where: str, kinds: Collection[str] = TEXT_TYPES) -> None:
        """A text object property, if it is there."""
        if of.get(key) is not None:
            self.text_object(of[key], most, f"{where}/{key}", kinds)

    def text_object(self, value: Any, most: int, where: str, kinds: Collection[str] = TEXT_TYPES) -> None:
        """A text object: its kind, its length, at least one character."""
        if not isinstance(value, dict):
            self.note("must be an object", where)
            return
        if value.get("type") not in kinds:
            self.note(f"must be one of {', '.join(kinds)}", f"{where}/type")
            return
        allowed = ("text", "emoji") if value["type"] == "plain_text" else ("text", "verbatim")
        self.keys(value, allowed, ("text",), where)
        self.string(value, "text", most, where)

    def choice(self, of: Json, key: str, allowed: Collection[Any], where: str) -> None:
        """A property out of a list, if it is there."""
        if of.get(key) is not None and of[key] not in allowed:
            self.note(f"must be one of {', '.join(map(str, allowed))}", f"{where}/{key}")

    def flag(self, of: Json, key: str, where: str) -> None:
        """A true or false property, if it is there."""
        if of.get(key) is not None and not isinstance(of[key], bool):
            self.note("must be a boolean", f"{where}/{key}")

    def whole(self, of: Json, key: str, least: int, most: int, where: str) -> None:
        """A whole-number property within bounds, if it is there."""
        value = of.get(key)
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.note(f"must be a number from {least} to {most}", f"{where}/{key}")

    def items(self, of: Json, key: str, least: int, most: int, where: str, each: Callable[[Any, str], None]) -> None:
        """A list property with a number of items, each checked, if it is there."""
        value = of.get(key)
        if value is None:
            return
        at = f"{where}/{key}"
        if not isinstance(value, list):
            self.note("must be an array", at)
            return
        if len(value) > most:
            self.note(f"no more than {most} items allowed", at)
        if len(value) < least:
            self.note(f"no fewer than {least} items allowed", at)
        for i, item in enumerate(value):
            each(item, f"{at}/{i}")

    def unique_id(self, of: Json, key: str, where: str) -> None:
        """A `block_id` (once in the message or view) or `action_id` (once in its block): at most 255 characters."""
        self.string(of, key, 255, where)
        value, seen = of.get(key), self.block_ids if key == "block_id" else self.action_ids
        if isinstance(value, str) and value in seen:
            self.note(f"{key} {value!r} already exists", f"{where}/{key}")
        if isinstance(value, str):
            seen.add(value)
