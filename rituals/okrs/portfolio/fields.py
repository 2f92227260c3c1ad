"""The leaves of the portfolio file: how each kind of value is read from its text, and what is said where it is not.

A value that is already typed (from the database) passes unchanged. Amounts are Decimal from the text as written, never
float. Each validator raises ValueError with words for a person; the field's name is put before them by the reader.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from rituals.calendar import Cadence, dump_cadence, parse_cadence, zone_of
from rituals.errors import Refusal
from rituals.holidays import Holidays, dump_holidays, parse_holidays
from rituals.okrs.numbers import MAX_DIGITS, MAX_PLACES
from rituals.okrs.portfolio.yaml_lines import Scalar

_AMOUNT = re.compile(r"[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,2})?")
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")  # no database keeps these
_KEY = re.compile(r"\w[\w.\-]{0,59}")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


class FieldError(ValueError):
    """A value that is wrong in one of its own keys, named by `field`."""

    def __init__(self, text: str, field: str | None) -> None:
        super().__init__(text)
        self.field = field


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("write a text here")  # noqa: TRY004 - pydantic collects ValueError only
    if _NOT_KEPT.search(value):
        raise ValueError("there is a character that is no text")
    return str(value)


def _name(value: object) -> object:
    text = str(_text(value))
    if not text.strip():
        raise ValueError("write a text that is not empty")
    if len(text) > 500:
        raise ValueError(f"the text has {len(text)} characters; 500 are possible")
    return text


def _key(value: object) -> object:
    text = str(_text(value))
    if _KEY.fullmatch(text) is None:
        raise ValueError(f'I read "{text}"; a key is up to 60 letters, digits, "-", "." and "_", without spaces')
    return text


def _plain(value: object, example: str) -> str:
    if isinstance(value, Scalar) and not value.plain:
        raise ValueError(f'"{value}" is a text; write {example}, without quotes')
    if not isinstance(value, str):
        raise ValueError(f"write {example}")  # noqa: TRY004 - as above
    return value.strip()


def _amount(value: object) -> object:
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Decimal(value)
    text = _plain(value, "a number like 12.5")
    if _AMOUNT.fullmatch(text) is None:
        raise ValueError(f'I read "{text}"; write a number like 1250 or 12.5')
    amount = Decimal(text)
    places = -int(amount.as_tuple().exponent)
    if amount.adjusted() >= MAX_DIGITS or places > MAX_PLACES:
        raise ValueError(f"{text} has too many digits; {MAX_DIGITS} before the point and {MAX_PLACES} behind fit")
    return amount


def _whole(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _plain(value, "a whole number like 7")
    if re.fullmatch(r"[-+]?\d{1,9}", text) is None:
        raise ValueError(f'I read "{text}"; write a whole number like 7')
    return int(text)


def _confidence(value: object) -> object:
    whole = _whole(value)
    if isinstance(whole, int) and not 0 <= whole <= 10:
        raise ValueError(f"a confidence of {whole} is not possible; use 0 to 10")
    return whole


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    text = _plain(value, "true or false")
    if text.lower() not in _FLAGS:
        raise ValueError(f'I read "{text}"; write true or false')
    return _FLAGS[text.lower()]


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("write a day like 2026-10-05")  # noqa: TRY004 - as above
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f'I read "{value}"; write a day like 2026-10-05') from None


def _moment(value: object) -> object:
    """A day, or an instant with its zone."""
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if isinstance(value, str) and len(text) > 10:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f'I read "{text}"; write a day, or a time like 2026-10-05T09:30:00+02:00') from None
        if moment.tzinfo is None:
            raise ValueError(f'"{text}" has no zone; write it like 2026-10-05T09:30:00+02:00')
        return moment
    return _day(value)


def _done(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _flag(value)
    return value if isinstance(value, bool) else _day(value)


def _parsed(parse: Callable[[Mapping[Any, Any]], Any], made: type, like: str) -> Callable[[object], object]:
    """Reads a mapping by a parser of ours, whose refusal names the field in it; what was read already stays."""

    def read(value: object) -> object:
        if isinstance(value, made):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"write it like {like}")  # noqa: TRY004 - as above
        try:
            return parse(value)
        except Refusal as refusal:
            raise FieldError(refusal.text, refusal.field) from None

    return read


_cadence = _parsed(parse_cadence, Cadence, '{every: 1 week, on: monday, at: "09:00"}')
_holidays = _parsed(parse_holidays, Holidays, "{country: DE, region: BE}")


def _zone(value: object) -> object:
    try:
        return zone_of(str(_text(value))).key
    except Refusal as refusal:
        raise ValueError(refusal.text) from None


Key = Annotated[str, PlainValidator(_key)]
Name = Annotated[str, PlainValidator(_name)]
Text = Annotated[str, PlainValidator(_text)]
Zone = Annotated[str, PlainValidator(_zone)]
Amount = Annotated[Decimal, PlainValidator(_amount)]
Confidence = Annotated[int, PlainValidator(_confidence)]
Flag = Annotated[bool, PlainValidator(_flag)]
Day = Annotated[date, PlainValidator(_day)]
Moment = Annotated[date, PlainValidator(_moment)]  # a date, or a datetime with its zone
Done = Annotated[date | bool, PlainValidator(_done)]
Rhythm = Annotated[Cadence, PlainValidator(_cadence), PlainSerializer(dump_cadence)]
HolidayPlace = Annotated[Holidays, PlainValidator(_holidays), PlainSerializer(dump_holidays)]
