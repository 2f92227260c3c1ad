"""What people really type after `/okr update`, line by line: saved as meant, or asked back with lines that are."""

from decimal import Decimal

import pytest

from rituals.errors import Refusal
from rituals.okrs.one_line import read_line
from tests.rituals.test_one_line import KRS

NOW = {kr.key: kr.value for kr in KRS}


@pytest.mark.parametrize(
    ("typed", "value", "confidence", "note"),
    [
        ("KR-12 30 days 7/10 pilot live", "30", 7, "pilot live"),
        ("kr12 30", "30", None, ""),
        ("KR 12 30 days", "30", None, ""),
        ("kr-12: 30 days", "30", None, ""),
        ("KR-12 -> 30 days", "30", None, ""),
        ("KR-12 30d", "30", None, ""),
        ("KR-12 = -3", "-3", None, ""),
        ("KR-12 to 30", "30", None, ""),
        ("KR-12 is 30", "30", None, ""),
        ("KR-12 now 30 days", "30", None, ""),
        ("KR-12 still 41", "41", None, ""),
        ("KR-12 from 41 to 30", "30", None, ""),
        ("KR-12 ~30 days", "30", None, ""),
        ("KR-12 about 30 days", "30", None, ""),
        ("KR-12 30 days, 7/10, pilot live", "30", 7, "pilot live"),
        ("KR-12 30 days 7 out of 10", "30", 7, ""),
        ("KR-12 30 days conf 7", "30", 7, ""),
        ("KR-12 7/10", None, 7, ""),
        ("KR-12 30 days 7/10 note: pilot live", "30", 7, "pilot live"),
        ("KR-12 30 days // pilot live", "30", None, "pilot live"),
        ("KR-12 30 days!", "30", None, ""),
        ('KR-12 30 days "two pilots"', "30", None, "two pilots"),
        ("KR-12 30 days 7/10 – two pilots, 3 more to come", "30", 7, "two pilots, 3 more to come"),
        ("KR-12 30 days 7/10 pilot live with 12 customers", "30", 7, "pilot live with 12 customers"),
        ("KR-12 30 days by Friday", "30", None, "by Friday"),
        ("KR-12 30 days waiting for KR-7", "30", None, "waiting for KR-7"),
        ("KR-12 30,5 days", "30.5", None, ""),
        ("KR-12 30 Tage", "30", None, ""),
        ("update KR-12 30", "30", None, ""),
        ("/okr update KR-12 30", "30", None, ""),
        ("KR-12 +5", "46", None, ""),
        ("KR-12 up 5", "46", None, ""),
        ("KR-12 plus 5 days", "46", None, ""),
        ("KR-12 increased by 5", "46", None, ""),
        ("KR-12 down 3", "38", None, ""),
        ("KR-12 minus 3 days 7/10 pilot live", "38", 7, "pilot live"),
        ("KR-12 is down by 3", "38", None, ""),
        ("KR-12 by -3", "38", None, ""),
        ("KR-12 by +3", "44", None, ""),
        ("KR-12 dropped 3 days", "38", None, ""),
        ("KR-7 +5 points", "23", None, ""),
        ("KR-7 +5 pts", "23", None, ""),
        ("KR-7 +5pp", "23", None, ""),
        ("KR-7 45 percent", "45", None, ""),
        ("KR-7 0.45 %", "0.45", None, ""),
        ("KR-9 12.5k", "12500", None, ""),
        ("KR-9 1,250", "1250", None, ""),
        ("KR-9 1 250", "1250", None, ""),
        ("KR-9 3 million", "3000000", None, ""),
        ("KR-9 950 accounts", "950", None, ""),
        ("KR-17 $3M", "3", None, ""),
        ("KR-17 3.2m", "3.2", None, ""),
        ("KR-16 -3", "-3", None, ""),
        ('KR-12 30 days "confidnece 7"', "30", None, "confidnece 7"),
        ("KR-12 30 days conference 7 went well", "30", None, "conference 7 went well"),
    ],
)
def test_a_line_is_saved_as_it_is_meant(typed: str, value: str | None, confidence: int | None, note: str) -> None:
    line = read_line(typed, KRS)
    new = None if line.amount is None else line.amount.applied_to(NOW[line.key_result])
    assert (new, line.confidence, line.note) == (None if value is None else Decimal(value), confidence, note)


@pytest.mark.parametrize(
    ("typed", "words", "choices"),
    [
        ("KR-12 -3", "38 days (3 less) or −3 days. Which?", ["KR-12 38", "KR-12 = −3"]),
        ("KR-12 1.250", "1.25 or 1,250 days. Which?", ["KR-12 1.25", "KR-12 1,250"]),
        ("KR-12 down 1.250", "Which?", ["KR-12 down 1.25", "KR-12 down 1,250"]),
        ("KR-12 30 to 25", "25 days or 30 days. Which?", ["KR-12 25", "KR-12 30"]),
        ("KR-12 30-35 days", "30 days or 35 days. Which?", ["KR-12 30", "KR-12 35"]),
        ("KR-7 0.45", "0.45 % or 45 %. Which?", ["KR-7 0.45 %", "KR-7 45 %"]),
        (
            "KR-12 30 days confidnece 7 pilot",
            "Did you mean confidence?",
            ["KR-12 30 days confidence 7 pilot", 'KR-12 30 days "confidnece 7" pilot'],
        ),
        ("KR-12 condifence 7", "Did you mean confidence?", ["KR-12 confidence 7"]),
        ("KR-12 30 days 7", "Is it the confidence?", ["KR-12 30 days confidence 7", 'KR-12 30 days "7"']),
        (
            "KR-12 30 days 7/10 8/10 pilot",
            "two confidences, 7 and 8. Which?",
            ["KR-12 30 days 7/10 pilot", "KR-12 30 days 8/10 pilot"],
        ),
        ("KR-12 30, KR-7 45%", "two key results; save one at a time", ["KR-12 30", "KR-7 45%"]),
        ("KR-12 no change", "KR-12 stands at 41 days. Save it as today's value?", ["KR-12 = 41"]),
        ("KR-12 unchanged", "KR-12 stands at 41 days.", ["KR-12 = 41"]),
        ("KR-12 thirty days", 'I found no number in "thirty days"', []),
        ("KR-12 30 weeks", 'This is measured in days: I read "30 weeks"', []),
        ("KR-12 11/10", "Confidence runs from 0 to 10; I read 11.", []),
        ("KR-99 30", "No key result KR-99.", ["KR-9 30"]),
        ("please set KR-12 30 days", "Did you mean KR-12?", ["KR-12 30 days"]),
        ("KR-12 down 3 days to 33", "3 days or 33 days. Which?", ["KR-12 3", "KR-12 33"]),
    ],
)
def test_what_can_be_two_things_is_asked_back_with_lines_that_can_be_carried_out(
    typed: str, words: str, choices: list[str]
) -> None:
    with pytest.raises(Refusal) as no:
        read_line(typed, KRS)
    assert words in no.value.text
    assert [choice.value for choice in no.value.choices] == choices
    for choice in no.value.choices:
        read_line(choice.value, KRS)
