"""The blockers' summary: by rules, by a model, and what is added when a model leaves something out."""

from datetime import date

import pytest

from prompts.client import ModelClient, Outcome
from prompts.grounding import CheckedClaim, check
from prompts.schemas import ClaimOut, SourceOut, SummaryOut
from rituals.digests.facts import DigestFacts, PersonName
from rituals.digests.summary import MOST_BLOCKERS, QUOTE, by_rules, groups, sources, summary_facts, telling, worded
from tests.prompts.model_server import ModelServer
from tests.rituals.digest_samples import answer, blocker, facts

CRM = answer(1, "2. We are waiting for Payments' API until 12 Dec. Everything else is fine.")
ANALYTICS = answer(2, "Payments again: the API is missing.", "Analytics", "Mia Kern")
IDENTITY = answer(3, "Single sign-on is late.", "CRM")


def sample(**more: object) -> DigestFacts:
    given: dict[str, object] = {
        "blockers": (
            blocker(11, "CRM", "Identity", 40, answers=(3,)),
            blocker(9, "CRM", "Payments", 12, answers=(1,), until=date(2026, 12, 12), key_result="KR-1"),
            blocker(10, "Analytics", "Payments", 4, answers=(2,), new=True),
        ),
        "answers": (CRM, ANALYTICS, IDENTITY),
        "people": (PersonName("Bo Lind"), PersonName("Mia Kern")),
    }
    return facts(**(given | more))


def test_what_blocks_more_than_one_unit_comes_first_then_the_oldest() -> None:
    given = (blocker(1, "CRM", "Search", 5), blocker(2, "CRM", "Identity", 40), *sample().blockers[1:])
    assert [[b.number for b in g] for g in groups(given)] == [[9, 10], [2], [1]]


def test_a_sentence_by_rules_says_whom_for_how_long_until_when_and_quotes() -> None:
    first, second = by_rules(sample())
    assert first.text == (
        "Payments holds up CRM and Analytics, for 12 days, until 12 Dec (B-9, B-10): "
        "“We are waiting for Payments' API until 12 Dec”"
    )
    assert first.sources == ((1, CRM.permalink), (2, ANALYTICS.permalink))
    assert second.text == "Identity holds up CRM, for 40 days (B-11): “Single sign-on is late”"


def test_a_blocker_that_waits_for_no_one_in_particular_stands_alone() -> None:
    given = facts(
        blockers=(blocker(4, "CRM", None, 1, text="No test data"), blocker(5, "CRM", None, 0, text="No room"))
    )
    assert [c.text for c in by_rules(given)] == [
        "CRM is held up, for 1 day (B-4): “No test data”",
        "CRM is held up, since today (B-5): “No room”",
    ]


def test_a_blocker_without_an_answer_is_its_own_source() -> None:
    given = sample(blockers=(*sample().blockers, blocker(20, "Search", None, 2, text="The index is broken")))
    assert [s.number for s in sources(given)] == [1, 2, 3, 4]
    assert by_rules(given)[-1].sources == ((4, None),)
    assert summary_facts(given).answers[-1].text == "The index is broken"


@pytest.mark.parametrize(
    ("text", "about", "expected"),
    [
        ("All good. We wait for Payments. Lunch was nice.", "Payments", "We wait for Payments."),
        ("All good\n2. blocked since Monday", None, "blocked since Monday"),
        ("1. fine 2. waiting for Payments 3. no", "Payments", "waiting for Payments"),
        ("We are blocked until week 2. Then it goes on.", None, "We are blocked until week 2. Then it goes on."),
        ("", None, ""),
    ],
)
def test_the_most_telling_sentence_is_quoted(text: str, about: str | None, expected: str) -> None:
    assert telling(text, about) == expected


def test_a_long_sentence_is_cut_at_a_word() -> None:
    quoted = telling("We are waiting " + "very " * 60 + "long", None)
    assert len(quoted) <= QUOTE
    assert quoted.endswith("very…")


def test_a_model_that_gave_nothing_is_replaced_by_rules_with_the_reason() -> None:
    claims, by, dropped, why = worded(sample(), Outcome(reason="time-out"))
    assert claims == by_rules(sample())
    assert (by, dropped, why) == ("rules", 0, "time-out")


def test_without_blockers_there_is_nothing_to_give_a_reason_for() -> None:
    assert worded(facts(), Outcome(reason="no model")) == ([], "rules", 0, None)


def test_dropped_sentences_are_counted_even_when_nothing_was_left() -> None:
    outcome = Outcome(reason="nothing could be verified", dropped=("no source", "no source"))
    assert worded(sample(), outcome)[2] == 2


def test_what_a_model_left_out_is_added_by_rules() -> None:
    outcome = Outcome(claims=(CheckedClaim("Payments' API is awaited by two units.", ("A1", "A2")),), checked_against=3)
    claims, by, _, why = worded(sample(), outcome)
    assert [c.text for c in claims] == [
        "Payments' API is awaited by two units.",
        "Identity holds up CRM, for 40 days (B-11): “Single sign-on is late”",
    ]
    assert claims[0].sources == ((1, CRM.permalink), (2, ANALYTICS.permalink))
    assert (by, why) == ("model", None)


def test_the_counts_a_model_is_given_ground_what_it_says() -> None:
    claim = ClaimOut(
        text="Payments holds up two units, CRM and Analytics, until 12 December.",
        sources=[
            SourceOut(answer_id="A1", span="waiting for Payments' API"),
            SourceOut(answer_id="A2", span="the API is missing"),
        ],
    )
    assert check(SummaryOut(claims=[claim]), summary_facts(sample())).dropped == ()


def test_a_model_is_given_at_most_thirty_blockers() -> None:
    given = facts(blockers=tuple(blocker(n, f"Unit {n}", None, n) for n in range(1, 50)))
    sent = summary_facts(given)
    assert len(sent.blockers) == MOST_BLOCKERS
    assert sent.blockers[0].id == "B-49"


def test_a_real_exchange_ends_in_claims_with_links() -> None:
    with ModelServer() as server:
        model = ModelClient(api_key="k", base_url=server.url, model="m")
        claims, by, dropped, why = worded(sample(), model.summarise(summary_facts(sample())))
        assert "Mia Kern" not in server.requests[0].text
    assert (by, dropped, why) == ("model", 0, None)
    assert {number for c in claims for number, _ in c.sources} == {1, 2, 3}
    assert all(url for c in claims for _, url in c.sources)
