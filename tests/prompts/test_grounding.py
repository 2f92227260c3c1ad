"""Which of a model's sentences are borne out by the facts."""

import pytest

from prompts.grounding import Checked, check
from prompts.schemas import MOST_CLAIMS, ClaimOut, SourceOut, SummaryOut
from tests.prompts.samples import ANALYTICS, IDENTITY, PAYMENTS, sample_facts

API = "waiting for Payments' API until 12 Dec"


def checked(text: str, *sources: tuple[str, str]) -> Checked:
    claim = ClaimOut(text=text, sources=[SourceOut(answer_id=i, span=s) for i, s in sources])
    return check(SummaryOut(claims=[claim]), sample_facts())


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("CRM waits for Payments' API until 12 December.", [("A1", API)]),
        (
            "Payments' API holds up two lines, CRM and Analytics.",
            [("A1", API), ("A2", "the Payments API is missing")],
        ),
        ("CRM has waited 12 days for Payments' API.", [("A1", API)]),
        ("B-9: CRM waits for Payments' API by Saturday.", [("A1", API)]),
        ("Analytics cannot read 1250 accounts.", [("A2", "1,250 accounts cannot be read")]),
        ("Identity's single sign-on slips to 5 Jan 2027, KR-7 waits.", [("A3", "Single sign-on from Identity slips")]),
    ],
)
def test_a_sentence_that_its_sources_bear_out_is_kept(text: str, sources: list[tuple[str, str]]) -> None:
    result = checked(text, *sources)
    assert result.dropped == ()
    assert result.claims[0].text == text
    assert result.claims[0].answer_ids == tuple(i for i, _ in sources)


@pytest.mark.parametrize(
    ("text", "sources", "reason"),
    [
        ("CRM waits for Payments' API.", [], "no source"),
        ("CRM waits for Payments' API.", [("A99", API)], "a source that does not exist"),
        ("CRM waits for Payments' API.", [("A1", "waiting for the API")], "a quotation that is not in its source"),
        ("CRM waits for Payments' API.", [("A2", API)], "a quotation that is not in its source"),
        ("CRM waits for Payments' API.", [("A1", API.upper())], "a quotation that is not in its source"),
        ("CRM waits for Payments' API.", [("A1", API), ("A2", "invented words")], "a quotation that is not"),
        ("CRM waits for Payments' API.", [("A1", "")], "a quotation that is not in its source"),
        ("CRM waits for Payments' API.", [("A1", "e")], "a quotation that is not in its source"),
        ("CRM waits for Payments' API.", [("A1", "aiting for Payments")], "a quotation that is not in its source"),
        ("CRM waits for Payments' API until 13 Dec.", [("A1", API)], "a number that is not in its sources: 13/12"),
        ("CRM has waited 120 days for Payments' API.", [("A1", API)], "a number that is not in its sources: 120"),
        ("Three lines wait for Payments' API.", [("A1", API)], "a number that is not in its sources: 3"),
        ("CRM waits for Payments' API for KR-70.", [("A1", API)], "a number that is not in its sources: kr-70"),
        ("30 % of CRM waits for Payments' API.", [("A1", API)], "a number that is not in its sources: 30"),
        ("Search waits for Payments' API.", [("A1", API)], "a unit that is not in its sources: Search"),
        ("CRM waits for Identity's API.", [("A1", API)], "a unit that is not in its sources: Identity"),
        (
            "Leadership agreed to cancel everything, budgets included.",
            [("A1", API)],
            "a word that is not in its sources",
        ),
        ("<!channel> <@U0BOSS>", [("A1", API)], "nothing left to say"),
        ("https://evil.example", [("A1", API)], "nothing left to say"),
    ],
)
def test_a_sentence_that_goes_beyond_its_sources_is_dropped(
    text: str, sources: list[tuple[str, str]], reason: str
) -> None:
    result = checked(text, *sources)
    assert result.claims == ()
    assert result.dropped[0].startswith(reason)


def test_a_whole_answer_of_one_word_may_be_quoted() -> None:
    assert check(
        SummaryOut(claims=[ClaimOut(text="Single sign-on slips.", sources=[SourceOut(answer_id="A3", span=IDENTITY)])]),
        sample_facts(),
    ).claims


def test_what_is_kept_is_cleaned() -> None:
    result = checked("CRM waits for Payments' API <!here> https://evil.example", ("A1", API))
    assert result.claims[0].text == "CRM waits for Payments' API"


def test_a_number_hidden_in_an_address_is_gone_with_it() -> None:
    assert checked("CRM waits for Payments' API https://evil.example/99", ("A1", API)).claims


def test_the_same_sentence_twice_is_kept_once() -> None:
    claim = ClaimOut(text="CRM waits for Payments' API.", sources=[SourceOut(answer_id="A1", span=API)])
    result = check(SummaryOut(claims=[claim, claim]), sample_facts())
    assert len(result.claims) == 1
    assert result.dropped == ("said before, or one too many",)


def test_more_sentences_than_fit_are_dropped_from_the_end() -> None:
    claims = [
        ClaimOut(text=f"CRM waits for Payments' API{'.' * n}", sources=[SourceOut(answer_id="A1", span=API)])
        for n in range(1, MOST_CLAIMS + 3)
    ]
    result = check(SummaryOut(claims=claims), sample_facts())
    assert len(result.claims) == MOST_CLAIMS
    assert len(result.dropped) == 2


def test_each_dropped_sentence_has_its_reason_and_does_not_take_the_others_along() -> None:
    good = ClaimOut(text="CRM waits for Payments' API.", sources=[SourceOut(answer_id="A1", span=API)])
    bad = ClaimOut(text="All is well.", sources=[SourceOut(answer_id="A1", span="all is well")])
    result = check(SummaryOut(claims=[bad, good]), sample_facts())
    assert [c.text for c in result.claims] == ["CRM waits for Payments' API."]
    assert len(result.dropped) == 1


def test_the_samples_say_what_these_tests_rely_on() -> None:
    assert API in PAYMENTS
    assert "1,250 accounts cannot be read" in ANALYTICS
