"""How a settings form's fields are read: each value or the words why not, all fields in one go. Pure."""

from collections.abc import Callable
from datetime import time
from functools import lru_cache
from typing import TypeVar

from rituals.cadence import zone_of
from rituals.errors import FormRefusal, Refusal
from rituals.quiet import NEVER, Quiet
from rituals.settings.cards import Typed

T = TypeVar("T")
MOST_NUDGES = 5  # a person and week, over everything: the product's own promise


class Reading:
    """Collects what is wrong by field, so that everything is mended in one go."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def take(self, field: str, read: Callable[[], T], otherwise: T) -> T:
        """The value, or `otherwise` with the refusal noted at its field."""
        try:
            return read()
        except Refusal as no:
            self.errors.setdefault(field, no.text)
            return otherwise

    def done(self) -> None:
        """Raises FormRefusal where anything is wrong."""
        if self.errors:
            raise FormRefusal(self.errors)


def zone(typed: str) -> str | None:
    """An IANA zone, or its city alone where only one is called so; None for nothing. Raises Refusal."""
    if not typed:
        return None
    city = typed.casefold().replace(" ", "_")
    found = _cities().get(city, ())
    return found[0] if len(found) == 1 else zone_of(typed).key


@lru_cache(maxsize=1)
def _cities() -> dict[str, list[str]]:
    from zoneinfo import available_timezones

    cities: dict[str, list[str]] = {}
    for name in sorted(available_timezones()):
        area, _, city = name.rpartition("/")
        if area and area.partition("/")[0] not in {"posix", "right", "Etc", "SystemV"}:
            cities.setdefault(city.casefold(), []).append(name)
    return cities


def quiet(typed: Typed, reading: Reading) -> Quiet | None:
    """The quiet hours of a form: none of one's own (None), never quiet, or from and to."""
    choice = typed.text("quiet")
    if choice == "usual":
        return None
    if choice == "none":
        return NEVER
    weekends = "weekends" in typed.several("weekends")
    start = reading.take("quiet_from", lambda: hour(typed.text("quiet_from")), time(0))
    end = reading.take("quiet_to", lambda: hour(typed.text("quiet_to")), time(0))
    return Quiet(start, end, weekends)


def hour(typed: str) -> time:
    """A wall time. Raises Refusal."""
    try:
        return time.fromisoformat(typed.zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        read = f'I read "{typed}"; ' if typed else ""
        raise Refusal(f"{read}choose a time like 20:00") from None


def whole(typed: str, least: int, most: int) -> int:
    """A whole number within bounds. Raises Refusal."""
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and least <= int(text) <= most):
        raise Refusal(f'I read "{typed}"; write a whole number from {least} to {most}')
    return int(text)
