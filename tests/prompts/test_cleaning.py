"""What never reaches a channel."""

import pytest

from prompts.cleaning import CAP, clean


@pytest.mark.parametrize(
    "trash",
    [
        "https://evil.example/x",
        "http://evil.example",
        "www.evil.example/x",
        "evil.com",
        "evil.example/path",
        "javascript://alert(1)",
        "mailto:someone@evil.example",
        "someone@evil.example",
        "<!channel>",
        "<@U0BOSS>",
        "<#C0ALL|all>",
        "<https://evil.example|here>",
        "<https://evil.example",
        "@here",
        "@channel",
        "&lt;!here&gt;",
        "\u202e\u200b\x00\x07\n\t",
        "*_`~|",
    ],
)
def test_nothing_of_it_is_left(trash: str) -> None:
    assert clean(f"CRM waits {trash} for Payments") == "CRM waits for Payments"


def test_a_markdown_link_keeps_its_words_only() -> None:
    assert clean("CRM waits for [Payments](https://evil.example) now") == "CRM waits for Payments now"


@pytest.mark.parametrize(
    "text",
    [
        "Payments' API holds up CRM and Analytics, until 12 Dec by their own date.",
        "KR-1 is at 30 %, e.g. 41 → 30 days",
        "Node.js 20 and v2.1 are missing (two teams)",
        "Zürich wartet auf Prüfung",
    ],
)
def test_an_honest_sentence_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_a_long_text_ends_at_its_last_whole_sentence() -> None:
    assert clean("CRM waits for Payments. " + "More words " * 60) == "CRM waits for Payments."


def test_one_endless_sentence_is_dropped_because_half_of_it_may_say_the_opposite() -> None:
    assert clean("word " * 100) == ""
    assert len(clean("w" * CAP)) == CAP
