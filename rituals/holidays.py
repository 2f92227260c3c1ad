"""Public holidays by country and region: which days they are and what they are called.

The package that knows them is imported at the first look-up and each year is worked out once. Nothing here reads the
clock, and what a holiday does to a ritual is said in `rituals.calendar`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from rituals.cadence import nearest
from rituals.errors import Choice, Refusal

MOST_NAMED = 24
_CODE = 2


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of a country (ISO code) and one of its regions (the code after the dash of ISO 3166-2).

    `day in holidays` holds for every year; a country or region that is not known has none. Read one that a person
    typed by `parse_holidays`.
    """

    country: str
    region: str | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in holidays_of_a_year(self.country, self.region, day.year)

    def get(self, day: date, default: str = "") -> str:
        """The holiday's name in English where it has one, else in the country's language."""
        return holidays_of_a_year(self.country, self.region, day.year).get(day, default)


def parse_holidays(raw: Mapping[str, Any]) -> Holidays:
    """Read `{country: DE, region: BE}`. Raises Refusal with `field` country or region, and with what is possible."""
    for key in raw:
        if key not in ("country", "region"):
            raise Refusal(f'holidays have no "{key}"{nearest(str(key), ("country", "region"))}', str(key))
    country = _typed(raw.get("country")).upper()
    if not country:
        raise Refusal('"country" is missing; write a code like DE', "country")
    regions = _regions(country)
    if regions is None:
        raise _no_country(_typed(raw.get("country")))
    region = _typed(raw.get("region"))
    found = next((known for known in regions if known.casefold() == region.casefold()), None)
    if region and found is None:
        raise _no_region(country, region, regions)
    return Holidays(country, found)


def dump_holidays(holidays: Holidays) -> dict[str, str]:
    """The mapping that `parse_holidays` reads back identically."""
    region = {"region": holidays.region} if holidays.region else {}
    return {"country": holidays.country, **region}


def _typed(value: object) -> str:
    return "" if value is None else str(value).strip()


def _no_country(typed: str) -> Refusal:
    names = _countries()
    code = names.get(typed.casefold().replace(" ", "_")) or names.get(typed.casefold())
    if code is not None:
        return Refusal(f'I read the country "{typed}"; write {code}', "country", (Choice(code, code),))
    near = nearest(typed, set(names.values()) if len(typed) == _CODE else names) or "; write a code like DE, GB or US"
    return Refusal(f'no holidays are known for the country "{typed}"{near}', "country")


def _no_region(country: str, region: str, regions: Iterable[str]) -> Refusal:
    known = sorted(regions)
    if not known:
        return Refusal(f'{country} has no regions with holidays of their own; leave "region" out', "region")
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    possible = ", ".join(known[:MOST_NAMED]) + more
    choices = tuple(Choice(name, name) for name in known)
    return Refusal(f'{country} has no region "{region}"; possible are {possible}', "region", choices)


@cache
def _regions(country: str) -> tuple[str, ...] | None:
    """The regions of a country by its ISO code; None for one that is not known. Loads this country alone."""
    import holidays  # a fifth of a second: only for those who keep holidays

    return tuple(getattr(holidays, country).subdivisions) if country in _countries().values() else None


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """ISO codes by the country's English name, as in `united_states`, and by its code of three letters."""
    from holidays.registry import COUNTRIES

    names = {"uk": "GB"} | {name: codes[1] for name, codes in COUNTRIES.items() if len(codes) > 1}
    return names | {codes[2].casefold(): codes[1] for codes in COUNTRIES.values() if len(codes) > _CODE}


@lru_cache(maxsize=4096)
def holidays_of_a_year(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """The holidays of one year with their names; none for a place that is not known."""
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=region, years=year, language="en_US")
    except NotImplementedError:
        return {}
    # What is observed in another year, like a New Year's Day on a Saturday, stands in that year.
    return {day: name for day, name in found.items() if day.year == year}
