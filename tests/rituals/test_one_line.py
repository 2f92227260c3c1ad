"""`/okr update` in one line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.errors import Refusal
from rituals.okrs.naming import KnownKeyResult
from rituals.okrs.one_line import OneLine, read_line

D = Decimal
KRS = (
    KnownKeyResult("KR-1", "Average onboarding time", "decrease", "days", D(41), D(45), D(20)),
    KnownKeyResult("KR-3", "R&D cost per release", "decrease", "$", D(9000), D(10000), D(5000)),
    KnownKeyResult("KR-7", "Accounts that use three products", "increase", "%", D(18), D(10), D(30)),
    KnownKeyResult("KR-9", "Accounts on 3 products", "increase", "accounts", D(900), D(800), D(2000)),
    KnownKeyResult("KR-12", "Time to first report", "decrease", "days", D(41), D(45), D(20)),
    KnownKeyResult("KR-14", "Billing moved", "milestone", "", D(1), D(0), D(4)),
    KnownKeyResult("KR-15", "Two-factor sign-in live", "binary"),
    KnownKeyResult("KR-16", "Net promoter score", "increase", "", D(-5), D(-12), D(20)),
    KnownKeyResult("KR-17", "New revenue", "increase", "$M", D(1), D(0), D(5)),
)


@pytest.mark.parametrize(
    ("typed", "key", "value", "confidence", "note", "evidence"),
    [
        ("KR-12 30 days 7/10 pilot live <https://a.b/c>", "KR-12", "30", 7, "pilot live", "https://a.b/c"),
        (
            "KR-12 30 days 7/10 pilot live <https://a.b/c?d=1&amp;e=2|the board>",
            "KR-12",
            "30",
            7,
            "pilot live the board",
            "https://a.b/c?d=1&e=2",
        ),
        ("kr12 30", "KR-12", "30", None, "", ""),
        ("KR-12: 30 days, confidence 7, pilot live", "KR-12", "30", 7, "pilot live", ""),
        ("KR-12 30 7 of 10", "KR-12", "30", 7, "", ""),
        ("KR-12 7/10 30 days", "KR-12", "30", 7, "", ""),
        ("KR-12 7/10", "KR-12", None, 7, "", ""),
        ("KR-12 30 days pilot live in 3 places, 7/10", "KR-12", "30", 7, "pilot live in 3 places", ""),
        ("KR-12 30 days pilot due on 7/10", "KR-12", "30", None, "pilot due on 7/10", ""),
        ("KR-12 = 30d 7/10 “pilot” live", "KR-12", "30", 7, "“pilot” live", ""),
        ("KR-12 → 30 days", "KR-12", "30", None, "", ""),
        ("KR-12 41 → 30 days", "KR-12", "30", None, "", ""),
        ("KR-12 from 41 to 30 days", "KR-12", "30", None, "", ""),
        ("KR-12 is now at 1,250 days", "KR-12", "1250", None, "", ""),
        ("KR-7 45%", "KR-7", "45", None, "", ""),
        ("KR-9 12.5k", "KR-9", "12500", None, "", ""),
        ("KR-9 1 250 accounts 8/10", "KR-9", "1250", 8, "", ""),
        ("KR-17 $3M", "KR-17", "3", None, "", ""),
        ("KR-16 -3", "KR-16", "-3", None, "", ""),
        ('"Average onboarding time" 30 days', "KR-1", "30", None, "", ""),
        ("“onboarding time” 30 days", "KR-1", "30", None, "", ""),
        ("Average onboarding time 30 days 6/10", "KR-1", "30", 6, "", ""),
        ("onboarding time: 30 days", "KR-1", "30", None, "", ""),
        ("R&amp;D cost per release $8,000 was &gt; 9k", "KR-3", "8000", None, "was > 9k", ""),
        ("Accounts on 3 products 1,250", "KR-9", "1250", None, "", ""),
        ("KR-14 2/4", "KR-14", "2", None, "", ""),
        ("KR-14 2 of 4 7/10", "KR-14", "2", 7, "", ""),
        ("KR-14 done 2 api moved", "KR-14", "2", None, "api moved", ""),
        ("KR-14 2 done", "KR-14", "2", None, "", ""),
        ("KR-14 2.5", "KR-14", "2.5", None, "", ""),
        ("KR-14 7/10", "KR-14", None, 7, "", ""),
        ("KR-15 yes", "KR-15", "1", None, "", ""),
        ("KR-15 done 9/10 live for all", "KR-15", "1", 9, "live for all", ""),
        ("KR-15 no, waiting for review", "KR-15", "0", None, "waiting for review", ""),
        ("two-factor sign-in done", "KR-15", "1", None, "", ""),
        ("KR-1", "KR-1", None, None, "", ""),
        ("onboarding time", "KR-1", None, None, "", ""),
        ("*KR-12* `30 days` _7/10_ pilot", "KR-12", "30", 7, "pilot", ""),
        ("KR-12 30 days 试点上线 🎉", "KR-12", "30", None, "试点上线 🎉", ""),
    ],
)
def test_a_line_is_read_as_name_value_confidence_note_and_evidence(
    typed: str, key: str, value: str | None, confidence: int | None, note: str, evidence: str
) -> None:
    line = read_line(typed, KRS)
    read = None if line.amount is None else line.amount.value
    assert (line.key_result, read, line.confidence) == (key, None if value is None else D(value), confidence)
    assert (line.note, line.evidence) == (note, evidence)


def test_a_plus_is_a_change_of_the_present_value() -> None:
    line = read_line("KR-7 +5 points", KRS)
    assert line.amount is not None
    assert (line.amount.relative, line.amount.applied_to(D(18))) == (True, D(23))


@pytest.mark.parametrize(
    ("typed", "words", "choices"),
    [
        ("KR-99 30", 'No key result KR-99. Did you mean KR-9 "Accounts on 3 products"?', ["KR-9 30"]),
        ("accounts 30", '"accounts" can be', ["KR-7 30", "KR-9 30"]),
        ("KR-12 1.250", 'KR-12: I read "1.250" as 1.25 or 1,250 days. Which?', ["KR-12 1.25", "KR-12 1,250"]),
        (
            "KR-12 1.250 days 7/10 R&amp;D",
            'KR-12: I read "1.250 days" as 1.25 or 1,250 days. Which?',
            ["KR-12 1.25 7/10 R&amp;D", "KR-12 1,250 7/10 R&amp;D"],
        ),
        ("KR-12 30-35 days", 'KR-12: I read "30-35 days" as 30 days or 35 days. Which?', ["KR-12 30", "KR-12 35"]),
        ("KR-12 30 or 35 days", "KR-12: I read", ["KR-12 30", "KR-12 35"]),
        ("KR-12 -3", 'KR-12: I read "-3" as 38 days (3 less) or −3 days. Which?', ["KR-12 38", "KR-12 = −3"]),
        ("KR-12 banana", 'KR-12: I found no number in "banana". Write for example KR-12 30 days 7/10.', []),
        ("KR-15 banana", "Write for example KR-15 done 7/10.", []),
        ("KR-14 banana", "Write for example KR-14 done 2 7/10.", []),
        ("KR-12 <https://a.b/30>", "KR-12: I found a link but no number", []),
        ("KR-12 30 %", 'KR-12: This is measured in days: I read "30 %"', []),
        ("KR-12 30 days 11/10", "KR-12: Confidence runs from 0 to 10; I read 11.", []),
        ("KR-12 confidence 11", "KR-12: Confidence runs from 0 to 10; I read 11.", []),
        ("KR-14 2/5", 'KR-14: I read "2/5", but the milestones weigh 4 in all', []),
        ("KR-15 50%", "This is done or it is not; I read 50", []),
        ("", "Which key result?", []),
        ("30 days", "Which key result?", []),
        ("<!channel>", 'No key result "@channel"', []),
        ("🎉", 'No key result "🎉"', []),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(typed: str, words: str, choices: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        read_line(typed, KRS)
    assert words in refused.value.text
    assert [choice.value for choice in refused.value.choices] == choices
    for choice in refused.value.choices:
        assert read_line(choice.value, KRS).amount is not None


def test_a_number_in_a_title_is_not_taken_for_the_value() -> None:
    with pytest.raises(Refusal, match="has a number in it"):
        read_line("Accounts on 3 prodcuts", KRS[3:4])


@given(st.text(max_size=120))
def test_any_line_is_read_or_refused_in_words(text: str) -> None:
    for line in (text, f"KR-12 {text}", f"KR-14 {text}", f"KR-15 {text}"):
        try:
            assert isinstance(read_line(line, KRS), OneLine)
        except Refusal as refused:
            assert refused.text
