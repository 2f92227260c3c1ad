"""The cells of another tool's file as days and amounts; what cannot be read is said with its row and column.

Pure. Numbers are read as people type them, units and all; what a key result is measured in is decided by the caller.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from rituals.calendar import resolve
from rituals.errors import Refusal
from rituals.okrs.numbers import Amount, read_amount, read_confidence
from rituals.okrs.portfolio.days import DateOrder, iso_day, without_time
from rituals.okrs.portfolio.numbers_read import DecimalMark, plain_amount
from rituals.okrs.portfolio.schema import CycleEntry
from rituals.okrs.portfolio.wide import Found, Item

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Cells:
    """Reads cells of items by what was stated about the file; problems go to `found`."""

    found: Found
    dates: DateOrder | None
    decimal: DecimalMark | None

    def text(self, item: Item, field: str) -> str:
        """The cell without spaces around it; empty where there is none."""
        return item.cells.get(field, "").strip()

    def amount(self, item: Item, field: str, measured_in: str = "", kind: str = "") -> Amount | None:
        """The amount of a cell; None where it is empty, or cannot be read and that was said."""
        written = self.text(item, field)
        if not written:
            return None
        try:
            read = read_amount(plain_amount(written, self.decimal), measured_in=measured_in, kind=kind)
        except Refusal as no:
            mark = " Add --decimal . or --decimal , for all of them." if no.choices and not self.decimal else ""
            self.say(item, field, f"{no.text}{mark}")
            return None
        if read.relative:
            self.say(item, field, f'I read "{written}" as a change; write the value itself')
            return None
        return read

    def share(self, item: Item, field: str, scale: str) -> Decimal | None:
        """A progress in percent. Where the tool writes shares (`scale`), 0.65 is 65; elsewhere that is not certain."""
        read = self.amount(item, field, measured_in="%")
        if read is None:
            return None
        percent = "%" in item.cells[field]
        if scale == "share" and not percent:
            return read.value * 100
        if 0 < read.value <= 1 and not percent:
            self.say(item, field, f"I read a progress of {read.text}; write it in percent, like 45 %")
            return None
        return read.value

    def day(self, item: Item, field: str) -> date | None:
        """The day of a cell, its time of day left out."""
        written = without_time(self.text(item, field))
        if not written:
            return None
        with self.telling(item, field):
            iso = iso_day(written, self.dates)
            if _ISO.fullmatch(iso) is None:
                raise ValueError(f'I read "{written}"; write a day like 2026-10-05')
            return date.fromisoformat(iso)
        return None

    def moment(self, item: Item, field: str, cycle: CycleEntry, zone: ZoneInfo) -> date | None:
        """As `day`; one outside the cycle as its first instant, which an update may have."""
        day = self.day(item, field)
        if day is None or cycle.starts <= day <= cycle.ends:
            return day
        return resolve(day, time(0), zone)

    def confidence(self, item: Item) -> int | None:
        """The confidence of a cell, 0 to 10."""
        written = self.text(item, "confidence")
        if not written:
            return None
        try:
            return read_confidence(written)
        except Refusal as no:
            self.say(item, "confidence", no.text)
            return None

    @contextmanager
    def telling(self, item: Item, field: str) -> Iterator[None]:
        """What a ValueError in this block says becomes a problem of the cell."""
        try:
            yield
        except ValueError as error:
            self.say(item, field, str(error))

    def say(self, item: Item, field: str, text: str) -> None:
        """Note a problem of a cell."""
        self.found.say(item.row, f"{item.column(field)}: {text}")
