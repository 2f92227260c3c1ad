"""Public holidays by country and region, and what is said of one that is not known."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from rituals.errors import Refusal
from rituals.holidays import Holidays, dump_holidays, holidays_of_a_year, parse_holidays


def test_a_region_has_holidays_that_its_country_has_not() -> None:
    womens_day = date(2026, 3, 8)
    assert womens_day in Holidays("DE", "BE")
    assert womens_day not in Holidays("DE")
    assert Holidays("DE", "BE").get(date(2026, 12, 25)) == "Christmas Day"
    assert Holidays("DE", "BE").get(date(2026, 12, 28)) == ""


def test_a_holiday_is_known_in_any_year() -> None:
    assert all(date(year, 12, 25) in Holidays("DE") for year in range(2020, 2040))


def test_what_is_observed_on_another_day_is_a_day_off_too() -> None:
    assert date(2021, 12, 31) in Holidays("US")
    assert date(2022, 1, 1) in Holidays("US")


@pytest.mark.parametrize("raw", [{"country": "DE"}, {"country": "DE", "region": "BE"}, {"country": "NO"}])
def test_holidays_survive_the_round_trip(raw: dict[str, str]) -> None:
    assert dump_holidays(parse_holidays(raw)) == raw


def test_small_letters_are_read() -> None:
    assert parse_holidays({"country": "de", "region": "be"}) == Holidays("DE", "BE")


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ({}, "country", '"country" is missing; write a code like DE'),
        ({"country": "Germany"}, "country", 'I read the country "Germany"; write DE'),
        ({"country": "United States"}, "country", 'I read the country "United States"; write US'),
        ({"country": "DEU"}, "country", 'I read the country "DEU"; write DE'),
        ({"country": "UK"}, "country", 'I read the country "UK"; write GB'),
        ({"country": "XX"}, "country", 'no holidays are known for the country "XX"'),
        ({"country": "Atlantis"}, "country", 'no holidays are known for the country "Atlantis"'),
        ({"country": "AT", "region": "Wien"}, "region", 'AT has no region "Wien"; possible are 1, 2, 3, 4, 5, 6, 7, 8'),
        ({"country": "NL", "region": "NH"}, "region", 'NL has no regions with holidays of their own; leave "region"'),
        ({"contry": "DE"}, "contry", 'holidays have no "contry", did you mean "country"?'),
    ],
)
def test_an_unknown_country_or_region_is_refused_with_what_is_possible(
    raw: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        parse_holidays(raw)
    assert refused.value.field == field
    assert refused.value.text.startswith(words)


def test_the_package_is_loaded_when_a_holiday_is_looked_up_and_not_before() -> None:
    loaded = "print('holidays' in sys.modules)"
    script = (
        f"import sys, bot.wiring, bot.app, rituals.feed; {loaded}; from datetime import date; "
        f"from rituals.holidays import Holidays; found = Holidays('DE'); {loaded}; date(2026, 1, 1) in found; {loaded}"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False", "True"]


def test_a_year_is_worked_out_once() -> None:
    before = holidays_of_a_year.cache_info().misses
    spain = [date(2031, 1, 1) in Holidays("ES", "MD") for _ in range(50)]
    assert (all(spain), holidays_of_a_year.cache_info().misses) == (True, before + 1)
