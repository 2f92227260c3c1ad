"""What people are shown can be typed back: every value in the words of a key result is read as the same amount, in
every unit of every family, and however it is typed on the way."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.model import Kind
from rituals.okrs.numbers import MAX_DIGITS, read_amount, read_confidence
from rituals.okrs.units import _FAMILIES, CURRENCIES, PERCENT, agrees, measure
from rituals.okrs.words import percent_words, value_words
from tests.rituals.samples import kr

WORDS = [word for words in _FAMILIES.values() for word in words.split()]
FAMILIES = [words.split() for words in _FAMILIES.values()]
OTHERS = ["", "accounts", "NPS points", "story points", "companies", "req/s", "p95 ms", "GB per day", "Kunden"]
MONEY = [f"{symbol}{size}" for symbol in sorted(CURRENCIES) for size in ("k", "M", "bn", " million")]
COMPOUND = ["$ per account", "€ per month", "M€", "thousand users", "million euros", "% of accounts", "days per ticket"]
NUMERIC: list[Kind] = ["increase", "decrease", "keep_above", "keep_below", "keep_between"]

LARGEST = 10**MAX_DIGITS - 1
AMOUNTS = (
    st.decimals(min_value=-(10**6), max_value=10**6, places=6)
    | st.decimals(min_value=-2000, max_value=2000, places=3)
    | st.integers(-LARGEST, LARGEST).map(Decimal)
    | st.integers(1, MAX_DIGITS - 1).map(lambda n: Decimal(10) ** n)
)
MEASURES = st.sampled_from([*WORDS, *(word.upper() for word in WORDS), *OTHERS, *MONEY, *COMPOUND])


@given(kind=st.sampled_from(NUMERIC), value=AMOUNTS, measured_in=MEASURES)
def test_a_value_in_words_is_read_as_itself_whatever_it_is_measured_in(
    kind: Kind, value: Decimal, measured_in: str
) -> None:
    worded = value_words(kr(kind=kind, measured_in=measured_in), value)
    assert worded is not None
    read = read_amount(worded, measured_in=measured_in)
    assert (read.value, read.relative) == (value, False)


@given(value=AMOUNTS, words=st.sampled_from(FAMILIES), data=st.data())
def test_any_unit_of_a_family_stands_for_any_other_of_it(value: Decimal, words: list[str], data: st.DataObject) -> None:
    measured_in, typed_in = data.draw(st.sampled_from(words)), data.draw(st.sampled_from(words))
    assert agrees(typed_in, measure(measured_in))
    worded = value_words(kr(measured_in=""), value)
    assert read_amount(f"{worded} {typed_in}", measured_in=measured_in).value == value


@given(value=AMOUNTS, measured_in=MEASURES)
def test_what_is_shown_survives_the_spaces_quotes_and_signs_of_other_keyboards(
    value: Decimal, measured_in: str
) -> None:
    worded = value_words(kr(measured_in=measured_in), value) or ""
    typed = worded.replace("−", "-").replace(" ", "\N{NO-BREAK SPACE}")
    assert read_amount(f"  {typed} ", measured_in=measured_in).value == value


@given(value=st.integers(1, LARGEST).map(Decimal), measured_in=st.sampled_from([PERCENT, "days", "", "€"]))
def test_a_plus_before_what_is_shown_makes_it_a_change_of_as_much(value: Decimal, measured_in: str) -> None:
    read = read_amount(f"+{value_words(kr(measured_in=measured_in), value)}", measured_in=measured_in)
    assert (read.value, read.relative) == (value, True)


@given(done=st.booleans())
def test_done_and_not_done_are_read_as_what_they_were(done: bool) -> None:
    worded = value_words(kr(kind="binary", measured_in=""), Decimal(done))
    assert read_amount(worded or "", kind="binary").value == done


@given(share=st.fractions(min_value=-10, max_value=10))
def test_a_share_in_words_is_read_as_the_whole_percent_nearest_to_it(share: Fraction) -> None:
    read = read_amount(percent_words(share), measured_in=PERCENT)
    assert abs(Fraction(read.value) - share * 100) <= Fraction(1, 2)


@given(confidence=st.integers(0, 10))
def test_a_confidence_out_of_ten_is_read_as_itself(confidence: int) -> None:
    assert read_confidence(f"{confidence}/10") == confidence
