"""How a cadence is written and what is said where it is not understood."""

from datetime import date, time
from typing import Any

import pytest

from rituals.cadence import EPOCH, Cadence, dump_cadence, parse_cadence, zone_of
from rituals.errors import Refusal

PORTFOLIO: dict[str, Any] = {"every": "2 weeks", "on": "monday", "at": "09:00", "starts": "2026-10-05"}


def test_the_surface_example_is_understood() -> None:
    assert parse_cadence(PORTFOLIO) == Cadence(
        every=2, unit="weeks", on=("monday",), at=time(9), starts=date(2026, 10, 5), timezone=None
    )


def test_values_may_be_dates_times_and_numbers() -> None:
    c = parse_cadence({"every": "1 month", "on": 15, "at": time(9, 30), "starts": date(2026, 10, 5)})
    assert (c.on, c.at, c.starts) == (("15",), time(9, 30), date(2026, 10, 5))


@pytest.mark.parametrize(
    "raw",
    [
        PORTFOLIO,
        {"every": "1 week", "on": "friday", "at": "15:00"},
        {"every": "1 week", "on": ["monday", "thursday"], "at": "09:05", "timezone": "Europe/Berlin"},
        {"every": "3 months", "on": "last friday", "at": "16:00", "starts": "2026-10-01"},
        {"every": "1 month", "on": ["1", "15"], "at": "00:00", "starts": "2026-10-01"},
    ],
)
def test_a_cadence_survives_the_round_trip(raw: dict[str, Any]) -> None:
    assert dump_cadence(parse_cadence(raw)) == raw
    assert parse_cadence(dump_cadence(parse_cadence(raw))) == parse_cadence(raw)


def test_days_stand_in_the_order_of_the_period_and_short_names_are_read() -> None:
    c = parse_cadence({**PORTFOLIO, "on": ["Thu", "monday"]})
    assert c.on == ("monday", "thursday")


def test_every_week_needs_no_start() -> None:
    assert parse_cadence({"every": "1 week", "on": "friday", "at": "15:00"}).starts == EPOCH


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"every": "fortnight"}, "every", 'I read every "fortnight"; write "2 weeks" or "1 month"'),
        ({"every": "0 weeks"}, "every", 'every "0 weeks" is out of range; 1 to 52 weeks are possible'),
        ({"every": None}, "every", '"every" is missing; write "2 weeks" or "1 month"'),
        ({"on": "mnoday"}, "on", '"mnoday" is no weekday, did you mean "monday"?'),
        ({"on": "zzz"}, "on", '"zzz" is no weekday, write one like monday'),
        ({"on": ["monday", "mon"]}, "on", '"monday" is named twice'),
        ({"on": []}, "on", '"on" is missing; write "monday"'),
        ({"every": "1 month", "on": "32"}, "on", "a month has no day 32; 1 to 31 are possible"),
        (
            {"every": "1 month", "on": "frist monday"},
            "on",
            'I read on "frist monday"; "frist" is no place in a month, did you mean "first"?',
        ),
        (
            {"every": "1 month"},
            "on",
            'I read on "monday"; by months write "first monday", "last friday" or a day number',
        ),
        ({"at": "9 am"}, "at", 'I read at "9 am"; write a time like "09:00"'),
        ({"at": "24:00"}, "at", 'I read at "24:00"; write a time like "09:00"'),
        ({"at": None}, "at", '"at" is missing; write a time like "09:00"'),
        ({"starts": "5 Oct"}, "starts", 'I read starts "5 Oct"; write a day like 2026-10-05'),
        ({"starts": None}, "starts", 'every 2 weeks needs "starts", the day from which they are counted'),
        (
            {"timezone": "Europe/Berln"},
            "timezone",
            '"Europe/Berln" is no time zone; did you mean Europe/Berlin',
        ),
        ({"timezone": "Europe"}, "timezone", '"Europe" is no time zone'),
        ({"evry": "1 week"}, "evry", 'a cadence has no "evry", did you mean "every"?'),
    ],
)
def test_what_is_not_understood_is_said(change: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_cadence({**PORTFOLIO, **change})
    assert refused.value.field == field
    assert refused.value.text.startswith(words)


def test_a_path_is_no_time_zone() -> None:
    with pytest.raises(Refusal, match='write it like "Europe/Berlin"'):
        zone_of("../../etc/passwd")
