"""Amounts and confidences as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.errors import Refusal
from rituals.okrs.numbers import Amount, fold, read_amount, read_confidence, read_yes_no, write_amount, write_number

MEASURES = [
    "",
    "days",
    "%",
    "$",
    "$M",
    "M€",
    "€",
    "USD",
    "$ per account",
    "% of accounts",
    "active users",
    "k users",
    "million users",
    "minutes",
    "m",
    "NPS",
    "NPS points",
    "score (0-10)",
    "days per customer",
    "ms",
    "件",
]


@pytest.mark.parametrize(
    ("typed", "measured_in", "value"),
    [
        ("30", "days", "30"),
        ("30 days", "days", "30"),
        ("30 Day", "days", "30"),
        ("30d", "days", "30"),
        ("30 days.", "days", "30"),
        ("45%", "%", "45"),
        ("45 %", "%", "45"),
        ("45 percent", "%", "45"),
        ("45\u202f％", "%", "45"),
        ("12.5k", "", "12500"),
        ("12.5 K", "users", "12500"),
        ("$3M", "$", "3000000"),
        ("$ 3 million", "$", "3000000"),
        ("3m usd", "$", "3000000"),
        ("$3M", "$M", "3"),
        ("3", "$M", "3"),
        ("2.5bn", "", "2500000000"),
        ("3 million", "", "3000000"),
        ("1,250", "days", "1250"),
        ("1 250", "", "1250"),
        ("1\u00a0250 days", "days", "1250"),
        ("1'250", "", "1250"),
        ("1’250", "", "1250"),
        ("1,250,000", "", "1250000"),
        ("1.250.000", "", "1250000"),
        ("12,34,567", "", "1234567"),
        ("1,250.5", "", "1250.5"),
        ("1.250,5", "", "1250.5"),
        ("1,250.125", "", "1250.125"),
        ("-3", "", "-3"),
        ("−3", "", "-3"),
        ("-$3", "$", "-3"),
        ("0.7", "", "0.7"),
        (".7", "", "0.7"),
        ("0.125", "", "0.125"),
        ("0,125", "", "0.125"),
        ("1,5", "", "1.5"),
        ("1234.567", "", "1234.567"),
        ("٣٠", "days", "30"),
        ("30m", "minutes", "30"),
        ("30 USERS", "active users", "30"),
        ("2 points", "NPS points", "2"),
        ("7", "score (0-10)", "7"),
    ],
)
def test_a_number_is_read_as_a_person_means_it(typed: str, measured_in: str, value: str) -> None:
    amount = read_amount(typed, measured_in=measured_in)
    assert (amount.value, amount.relative, amount.text) == (Decimal(value), False, typed)


@pytest.mark.parametrize(
    ("typed", "measured_in", "change"), [("+5", "days", "5"), ("+ 2.5k", "", "2500"), ("+5 points", "%", "5")]
)
def test_a_plus_makes_it_a_change(typed: str, measured_in: str, change: str) -> None:
    amount = read_amount(typed, measured_in=measured_in)
    assert amount.relative
    assert amount.applied_to(Decimal(10)) == 10 + Decimal(change)


def test_a_change_of_nothing_is_refused() -> None:
    with pytest.raises(Refusal, match="no earlier value"):
        Amount(Decimal(5), True, "", "+5").applied_to(None)


@pytest.mark.parametrize(
    ("typed", "measured_in", "words", "choices"),
    [
        ("1.250", "days", 'I read "1.250" as 1.25 or 1,250 days. Which?', ["1.25", "1,250"]),
        ("1.250 days", "days", 'I read "1.250 days" as 1.25 or 1,250 days. Which?', ["1.25", "1,250"]),
        ("12.345", "", 'I read "12.345" as 12.345 or 12,345. Which?', ["12.3450", "12,345"]),
        ("+1.250", "", 'I read "+1.250" as +1.25 or +1,250. Which?', ["+1.25", "+1,250"]),
        ("1234,567", "", 'I read "1234,567" as 1,234.567 or 1,234,567. Which?', ["1,234.567", "1,234,567"]),
    ],
)
def test_what_can_be_two_numbers_is_asked_back(typed: str, measured_in: str, words: str, choices: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        read_amount(typed, measured_in=measured_in)
    assert refused.value.text == words
    assert [choice.value for choice in refused.value.choices] == choices
    for choice in refused.value.choices:
        assert read_amount(choice.value, measured_in=measured_in).text == choice.value


@pytest.mark.parametrize(
    ("typed", "measured_in", "words"),
    [
        ("banana", "days", 'I read "banana", which has no number. Write for example 30 days'),
        ("", "days", "I read nothing, which has no number"),
        ("30 %", "days", 'This is measured in days: I read "30 %"'),
        ("30 weeks", "days", "This is measured in days"),
        ("€3M", "$", "This is measured in $"),
        ("45%", "NPS points", "This is measured in NPS points"),
        ("30 banana", "days", 'cannot place "banana"'),
        ("30-40", "days", "is not one number"),
        ("2/4", "", "is not one number"),
        ("1e5", "", "is not one number"),
        ("30 40", "days", 'cannot place "40"'),
        ("1,23,4", "", "groups do not have three digits"),
        ("9" * 40, "", "more digits than I can keep"),
        ("yes", "", "has no number"),
        ("<!channel>", "days", "has no number"),
        ("🎉", "days", "has no number"),
    ],
)
def test_what_is_no_amount_is_refused_with_what_was_read(typed: str, measured_in: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_amount(typed, measured_in=measured_in)
    assert words in refused.value.text
    assert refused.value.choices == ()


def test_a_currency_without_its_millions_is_asked_back_where_millions_are_measured() -> None:
    with pytest.raises(Refusal) as refused:
        read_amount("$3,000,000", measured_in="$M")
    assert [choice.label for choice in refused.value.choices] == ["$3,000,000M", "$3M"]


@pytest.mark.parametrize(("typed", "value"), [("yes", 1), ("Done.", 1), ("no", 0), ("not yet", 0), ("1", 1)])
def test_yes_and_no_are_values_of_a_binary_key_result_only(typed: str, value: int) -> None:
    assert read_amount(typed, kind="binary").value == value


def test_words_other_than_yes_and_no_are_neither() -> None:
    assert read_yes_no("perhaps") is None


@pytest.mark.parametrize(
    ("value", "measured_in", "written"),
    [
        ("41", "days", "41 days"),
        ("1", "days", "1 day"),
        ("1250", "days", "1,250 days"),
        ("18", "%", "18 %"),
        ("1250", "$", "$1,250"),
        ("3", "$M", "$3M"),
        ("3", "M€", "€3M"),
        ("-3.50", "€", "−€3.5"),
        ("-3", "days", "−3 days"),
        ("0.70", "", "0.7"),
        ("-0", "", "0"),
        ("1E+3", "users", "1,000 users"),
        ("12.5", "$ per account", "$12.5 per account"),
    ],
)
def test_a_value_is_written_in_one_style(value: str, measured_in: str, written: str) -> None:
    assert write_amount(Decimal(value), measured_in) == written


def test_three_decimals_are_written_so_that_they_cannot_be_thousands() -> None:
    assert write_number(Decimal("1.125")) == "1.1250"
    assert write_number(Decimal("1.125"), guarded=False) == "1.125"


@given(
    value=st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=6)
    | st.decimals(min_value=-2000, max_value=2000, places=3)
    | st.integers(-(10**12), 10**12).map(Decimal),
    measured_in=st.sampled_from(MEASURES),
)
def test_what_is_printed_parses_back_to_the_same_value(value: Decimal, measured_in: str) -> None:
    printed = write_amount(value, measured_in)
    assert read_amount(printed, measured_in=measured_in) == Amount(
        value, False, read_amount(printed, measured_in=measured_in).unit, printed
    )


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_refused_in_words(text: str) -> None:
    try:
        amount = read_amount(text, measured_in="days")
    except Refusal as refused:
        assert refused.text
    else:
        assert amount.value.is_finite()


@given(st.text(max_size=80))
def test_folding_keeps_the_length_so_that_spans_hold(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7/10", 7),
        ("7 / 10", 7),
        ("7 of 10", 7),
        ("7 out of ten", 7),
        ("confidence 7", 7),
        ("Confidence: 0", 0),
        ("10", 10),
    ],
)
def test_a_confidence_is_a_whole_number_out_of_ten(typed: str, value: int) -> None:
    assert read_confidence(typed) == value


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("11/10", "Confidence runs from 0 to 10; I read 11."),
        ("-1", "Confidence runs from 0 to 10; I read −1."),
        ("7.5", "Confidence is a whole number"),
        ("banana", 'I read "banana", which is no confidence'),
        ("", "I read nothing, which is no confidence"),
        ("7/8", "is no confidence"),
    ],
)
def test_any_other_confidence_is_refused_with_what_was_read(typed: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_confidence(typed)
    assert words in refused.value.text
