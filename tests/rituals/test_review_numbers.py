"""Thousands as programmers write them."""

from decimal import Decimal

from rituals.okrs.naming import KnownKeyResult
from rituals.okrs.one_line import read_line

KR = KnownKeyResult("KR-9", "Accounts", "increase", "accounts", Decimal(900), Decimal(800), Decimal(200_000))


def test_an_underscore_between_thousands_is_not_the_end_of_the_number() -> None:
    for typed, value in (("1_250", "1250"), ("120_000 accounts", "120000")):
        read = read_line(f"KR-9 {typed}", [KR])
        assert read.amount is not None
        assert (read.amount.value, read.note) == (Decimal(value), "")
