"""Finding what a person meant by a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.errors import Refusal
from rituals.okrs.naming import KnownKeyResult, Named, alike, find, find_exact, nearest_word, shorten

KRS = (
    Named("KR-1", "Average onboarding time across the integrated suite"),
    Named("KR-7", "Accounts that use three products"),
    Named("KR-9", "Churn of enterprise accounts"),
    Named("KR-12", "Time to first report"),
    Named("KR-19", "Onboarding sessions held with partners"),
)


@pytest.mark.parametrize("typed", ["KR-12", "kr-12", "KR 12", "kr12", "KR_12", " KR-12 ", '"KR-12"'])
def test_a_key_is_found_however_it_is_typed(typed: str) -> None:
    assert find(typed, KRS).key == "KR-12"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Churn of enterprise accounts", "KR-9"),
        ("churn", "KR-9"),
        ("enterprise churn", "KR-9"),
        ("time to first reprot", "KR-12"),
        ("“Accounts that use three products”", "KR-7"),
        ("average onboarding time", "KR-1"),
    ],
)
def test_a_title_is_found_by_its_words(typed: str, key: str) -> None:
    assert find(typed, KRS).key == key


def test_an_ambiguous_name_gets_a_choice_and_never_a_guess() -> None:
    with pytest.raises(Refusal) as refused:
        find("onboarding", KRS)
    assert [choice.value for choice in refused.value.choices] == ["KR-1", "KR-19"]
    assert refused.value.text == (
        '"onboarding" can be KR-1 "Average onboarding time across the…" or '
        'KR-19 "Onboarding sessions held with partners". Which?'
    )


def test_an_unknown_key_names_the_two_nearest() -> None:
    with pytest.raises(Refusal) as refused:
        find("KR-99", KRS)
    assert refused.value.text == (
        'No key result KR-99. Did you mean KR-9 "Churn of enterprise accounts" or '
        'KR-19 "Onboarding sessions held with partners"?'
    )
    assert [choice.value for choice in refused.value.choices] == ["KR-9", "KR-19"]


def test_a_key_is_never_taken_for_a_similar_one() -> None:
    with pytest.raises(Refusal, match="No key result KR-2"):
        find("KR-2", KRS)


def test_a_name_like_nothing_points_to_the_list() -> None:
    with pytest.raises(Refusal) as refused:
        find("quantum banana", KRS)
    assert refused.value.text == 'No key result "quantum banana". /okr list shows all you can name.'


@pytest.mark.parametrize("typed", ["", "  ", '""'])
def test_no_name_at_all_is_asked_for(typed: str) -> None:
    with pytest.raises(Refusal, match="Which key result"):
        find(typed, KRS)
    with pytest.raises(Refusal, match="no open key result"):
        find(typed, ())


def test_two_with_the_same_title_are_never_told_apart_by_it() -> None:
    twins = (Named("KR-1", "Uptime"), Named("KR-2", "Uptime"))
    assert find_exact("uptime", twins) is None
    with pytest.raises(Refusal, match="Which"):
        find("uptime", twins)


def test_two_letters_resemble_no_title() -> None:
    assert alike("on", KRS) == []


def test_other_things_are_found_by_the_same_rules() -> None:
    units = (Named("crm", "CRM"), Named("pay", "Payments"))
    assert find("payments", units, what="unit").key == "pay"
    with pytest.raises(Refusal, match='No unit "warehouse"'):
        find("warehouse", units, what="unit")


def test_a_known_key_result_is_found_like_any_named_thing() -> None:
    known = (KnownKeyResult("KR-3", "記録の数", measured_in="件"),)
    assert find("記録の数", known) is known[0]


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Average onboarding time", 40, "Average onboarding time"),
        ("Average onboarding time", 20, "Average onboarding…"),
        ("Average,  onboarding\ntime", 10, "Average…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("", 5, ""),
    ],
)
def test_a_text_is_shortened_at_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(max_size=200), st.integers(3, 60))
def test_a_shortened_text_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("updte", "update"),
        ("UPDATE", "update"),
        ("lst", "list"),
        ("hlep", "help"),
        ("blo", "blockers"),
        ("banana", None),
    ],
)
def test_a_mistyped_word_gets_the_nearest(typed: str, word: str | None) -> None:
    assert nearest_word(typed, ["update", "list", "help", "show", "blockers", "digest"]) == word


@given(st.text(max_size=60))
def test_any_query_finds_one_thing_or_is_refused_in_words(text: str) -> None:
    try:
        assert find(text, KRS) in KRS
    except Refusal as refused:
        assert refused.text
