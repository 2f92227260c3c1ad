"""How long a check-in takes: what counts, and what a form left open does to it."""

from datetime import UTC, datetime, timedelta

from rituals.timing import PAUSE, took

NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)


def after(*minutes: float) -> list[datetime]:
    return [NINE + timedelta(minutes=n) for n in minutes]


def test_it_runs_from_the_first_sign_to_the_last_word() -> None:
    assert took(NINE, after(1, 3)) == timedelta(minutes=3)


def test_without_a_sign_before_the_words_it_cannot_be_seen() -> None:
    assert took(None, after(1)) is None
    assert took(NINE, after(0)) is None
    assert took(NINE, []) is None


def test_a_form_left_open_for_hours_counts_as_a_quarter_of_an_hour() -> None:
    assert took(NINE, after(300)) == PAUSE == timedelta(minutes=15)


def test_an_edit_much_later_does_not_count() -> None:
    assert took(NINE, after(2, 600)) == timedelta(minutes=2)


def test_words_within_a_short_pause_belong_to_it_in_whatever_order_they_come() -> None:
    assert took(NINE, after(16, 2, 30)) == timedelta(minutes=30)
