"""What of a reply is written at once, what is asked first, and what is a problem in words."""

import json
from datetime import date
from decimal import Decimal

import pytest

from rituals.checkins.reading import chosen, read_reply
from rituals.checkins.reading_results import LEAVE, ReadUpdate
from rituals.okrs.naming import KnownKeyResult
from tests.rituals.reading_samples import KRS, D, read, short


@pytest.mark.parametrize(
    ("reply", "updates"),
    [
        ("KR-12: 30 days, 7/10 pilot live", ['KR-12 30 c7 "pilot live"']),
        ("KR-12 30", ["KR-12 30"]),
        ("KR-1 41 days 6/10; KR-7 18%", ["KR-1 41 c6", "KR-7 18"]),
        ("KR-1 30 days 7/10, KR-7 19 % 6/10", ["KR-1 30 c7", "KR-7 19 c6"]),
        ("KR-1 7/10 KR-7 6/10", ["KR-1 c7", "KR-7 c6"]),
        ("• KR-1 30 days 7/10\n• KR-7 21% adoption in EMEA", ["KR-1 30 c7", 'KR-7 21 "adoption in EMEA"']),
        ("- KR-1: 30 days\n- KR-7: 21%", ["KR-1 30", "KR-7 21"]),
        ("* KR-1 - 30 days - 7/10 - pilot", ['KR-1 30 c7 "pilot"']),
        ("KR-1\n30 days\n7/10", ["KR-1 30 c7"]),
        ("KR-1:\n- 30 days\n- 7/10\n\nKR-7:\n- 18%", ["KR-1 30 c7", "KR-7 18"]),
        ("KR-1: 30 days. Confidence 7. Pilot is live.", ['KR-1 30 c7 "Pilot is live"']),
        ("KR-1 30 days\nconfidence 7", ["KR-1 30 c7"]),
        ("“KR-1” – 30 days – 7/10 – “pilot” live", ['KR-1 30 c7 "“pilot” live"']),
        ("*KR-1* `30 days` _7/10_", ["KR-1 30 c7"]),
        ("KR-1：30 days，7/10 试点上线", ['KR-1 30 c7 "试点上线"']),
        ("kr1 30 days | kr 7 20%", ["KR-1 30", "KR-7 20"]),
        ("KR-1 (Average onboarding time across the suite): 30 days", ["KR-1 30"]),
        ("KR-1 Average onboarding time: 30 days", ["KR-1 30"]),
        ("Average onboarding time across the suite: 30 days 7/10", ["KR-1 30 c7"]),
        ("KR-1 is now at 30 days", ["KR-1 30"]),
        ("KR-1 on track, 30 days, 7/10", ["KR-1 30 c7"]),
        ("KR-1 on track 7/10", ["KR-1 c7"]),
        ("KR-1 on track 7/10, KR-7 at risk 4/10", ["KR-1 c7", "KR-7 c4"]),
        ("KR-1 confidence is down from 7 to 5", ["KR-1 c5"]),
        ("KR-1 41 → 30 days", ["KR-1 30"]),
        ("KR-1 went from 41 to 30 days, 7/10", ["KR-1 30 c7"]),
        ("KR-1 dropped to 30 days", ["KR-1 30"]),
        ("We moved KR-1 to 30 days, confidence 8", ["KR-1 30 c8"]),
        ("Hi, KR-1 30 days", ["KR-1 30"]),
        ("No: KR-1 44 days, 3/10", ["KR-1 44 c3"]),
        ("<!channel> KR-1 30 days", ["KR-1 30"]),
        ("KR-1 30 days 7/10 (was 6/10)", ['KR-1 30 c7 "(was 6/10)"']),
        ("KR-1 30 days pilot live on 7/10", ['KR-1 30 "pilot live on 7/10"']),
        ("KR-1 30 days 7/10 Less than expected by June", ['KR-1 30 c7 "Less than expected by June"']),
        ("KR-1 30 days pay-by-link is live", ['KR-1 30 "pay-by-link is live"']),
        ("KR-1 30 days in 3 pilots", ['KR-1 30 "in 3 pilots"']),
        ("KR-7 +5", ["KR-7 +5"]),
        ("KR-7 +5 points 6/10", ["KR-7 +5 c6"]),
        ("KR-9 1 250 accounts", ["KR-9 1250"]),
        ("KR-9 1,250", ["KR-9 1250"]),
        ("KR-9 1.2k 8/10", ["KR-9 1200 c8"]),
        ("KR-14 2/4 8/10", ["KR-14 2 c8"]),
        ("KR-14 done 3", ["KR-14 3"]),
        ("KR-14 7/10", ["KR-14 c7"]),
        ("KR-15 done", ["KR-15 1"]),
        ("KR-15 not yet, 5/10", ["KR-15 0 c5"]),
        ("KR-17 $3M 8/10", ["KR-17 3 c8"]),
        ("KR-20 0.7 Own projection for the end 0.5", ['KR-20 0.7 "Own projection for the end 0.5"']),
        ("KR-21 1.6 %", ["KR-21 1.6"]),
        ("KR-22 -3 points 6/10", ["KR-22 -3 c6"]),
        ("KR-1 30 days R&amp;D &lt;team&gt;", ['KR-1 30 "R&D <team>"']),
        ("KR-1 30 days\nKR-1 7/10", ["KR-1 30 c7"]),
        ("KR-1 30 days\nKR-1 30 days pilot", ['KR-1 30 "pilot"']),
        ("1. KR-1 30\n2. KR-7 19%", ["KR-1 30", "KR-7 19"]),
        ("&gt; KR-1 41 days, expected 33\nKR-1 30 days 7/10", ["KR-1 30 c7"]),
        ("KR-1 30 days ~31~", ['KR-1 30 "~31~"']),
    ],
)
def test_what_is_unambiguous_is_an_update(reply: str, updates: list[str]) -> None:
    reading = read(reply)
    assert [short(update) for update in reading.updates] == updates
    assert (reading.guesses, reading.problems) == ((), ())


def test_an_update_knows_its_place_in_the_reply_and_its_evidence() -> None:
    reply = "Hi &amp; hello. KR-1 30 days 7/10 <https://a.b/c?x=30&amp;y=1|dash> pilot\nno blockers"
    (update,) = read(reply).updates
    assert reply[slice(*update.span)] == "KR-1 30 days 7/10 <https://a.b/c?x=30&amp;y=1|dash> pilot"
    assert (update.evidence, update.note) == ("https://a.b/c?x=30&y=1", "dash pilot")


@pytest.mark.parametrize(
    ("reply", "text", "labels"),
    [
        ("KR-1 1.250", 'KR-1: I read "1.250" as 1.25 or 1,250 days. Which?', ["1.25", "1,250", "Neither"]),
        ("KR-1 4100 days", "KR-1 from 41 days to 4,100 days is a long way. Is that right?", ["4,100 days", "No"]),
        (
            "KR-9 12.5k",
            "KR-9 from 900 accounts to 12,500 accounts is a long way. Is that right?",
            ["12,500 accounts", "No"],
        ),
        ("KR-1 -3", 'KR-1: I read "-3" as 38 days or −3 days. Which?', ["38 days", "−3 days", "No"]),
        ("KR-1 down 3 days", 'KR-1: I read "3 days" as 38 days or 3 days. Which?', ["38 days", "3 days", "No"]),
        ("KR-7 increased 5 %", 'KR-7: I read "5 %" as 23 % or 5 %. Which?', ["23 %", "5 %", "No"]),
        ("KR-1 improved 5 days", 'KR-1: I read "5 days" as 36 days or 5 days. Which?', ["36 days", "5 days", "No"]),
        ("KR-1 30-35 days", 'KR-1: I read "30-35 days" as 30 days or 35 days. Which?', ["30 days", "35 days", "No"]),
        ("KR-1 about 30 days", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        ("KR-1 ~30 days", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        ("KR-1 30 days?", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        ("KR-1 30 days by 12 Dec", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        ("KR-1 3 days behind", 'KR-1: I read "3 days". Is that its value now?', ["3 days", "No"]),
        ("KR-1 behind 30 days", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        ("KR-1 30 pilots live", 'KR-1: I read "30". Is that its value now?', ["30 days", "No"]),
        ("If Payments delivers, KR-1 30 days", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        ("KR-1: we measured 30 days in week one", 'KR-1: I read "30 days". Is that its value now?', ["30 days", "No"]),
        (
            "KR-17 2,500,000",
            'KR-17: I read "2,500,000" as $2,500,000M or $2.5M. Which?',
            ["$2,500,000M", "$2.5M", "No"],
        ),
        (
            "All good except KR-1 which is at 44 days",
            'KR-1: I read "44 days". Is that its value now?',
            ["44 days", "No"],
        ),
        ("KR-20 50%", 'KR-20: I read "50%" as 50 or 0.5. Which?', ["50", "0.5", "No"]),
        ("KR-1 done", "KR-1: is it at 20 days now?", ["20 days", "No"]),
        ("KR-1 no change", "KR-1: is it at 41 days now?", ["41 days", "No"]),
        ("KR-15 done by Friday", 'KR-15: I read "done". Is that its value now?', ["done", "No"]),
        ("KR-14 done", "KR-14: is it at 4 of 4 milestones now?", ["4 of 4 milestones", "No"]),
        (
            "KR-1 7/10 or 5/10",
            "KR-1: I read more than one confidence. Which is the one now?",
            ["5", "7", "None of these"],
        ),
        (
            "KR-7 18% thanks to KR-1 7/10",
            "I read confidence 7 for KR-1. Is that its confidence now?",
            ["Confidence 7", "No"],
        ),
        (
            "KR-1 and KR-7: 8/10",
            'For which key result is "KR-1 and KR-7: 8/10"?',
            ["Both", "KR-1 confidence 8", "KR-7 confidence 8", "None of these"],
        ),
        (
            "KR-1 30 days\nKR-1 35 days",
            "KR-1: your reply gives it twice. Which is right?",
            ["30 days", "35 days", "None of these"],
        ),
        (
            "onboarding time: 30 days 7/10",
            'I read "onboarding time: 30 days 7/10". Which key result is it?',
            ["KR-1 30 days, confidence 7", "None of these"],
        ),
        (
            "time: 30 days",
            'I read "time: 30 days". Which key result is it?',
            ["KR-1 30 days", "KR-12 30 days", "None of these"],
        ),
        (
            "30 days 7/10",
            "I read 30 days. Which key result is it?",
            ["KR-1 30 days, confidence 7", "KR-12 30 days, confidence 7", "None of these"],
        ),
        ("1. KR-1 30\n2. no\n3. KR-9 950", 'KR-9: I read "950". Is that its value now?', ["950 accounts", "No"]),
        (
            "KR-1 30 days 7/10, blocked by Payments until Friday",
            'Is this a blocker: "blocked by Payments until Friday"?',
            ["Yes, a blocker", "No"],
        ),
        (
            "KR-7 18%, lower the target to 25%",
            'Do you propose to adjust: "lower the target to 25%"?',
            ["Yes, propose it", "No"],
        ),
    ],
)
def test_what_had_to_be_guessed_is_asked(reply: str, text: str, labels: list[str]) -> None:
    (guess,) = read(reply).guesses
    assert (guess.text, [choice.label for choice in guess.choices]) == (text, labels)
    assert chosen(guess.data, LEAVE) == ()


@pytest.mark.parametrize(
    "reply",
    [
        "KR-1 1.250",
        "KR-1 -3",
        "KR-1 about 30 days",
        "KR-1 30 days\nKR-1 35 days",
        "time: 30 days",
        "If X, KR-1 30 days",
    ],
)
def test_what_is_asked_is_not_written(reply: str) -> None:
    assert read(reply).updates == ()


@pytest.mark.parametrize(
    ("reply", "picked", "written"),
    [
        ("KR-1 1.250 days pilot", 1, ['KR-1 1250 "pilot"']),
        ("KR-1 -3", 0, ["KR-1 38"]),
        ("KR-1 and KR-7: 8/10", 0, ["KR-1 c8", "KR-7 c8"]),
        ("KR-1 and KR-7: 8/10", 2, ["KR-7 c8"]),
        ("time: 30 days 7/10 pilot", 1, ['KR-12 30 c7 "pilot"']),
        ("KR-20 50%", 1, ["KR-20 0.5"]),
        ("KR-1 done", 0, ["KR-1 20"]),
        ("If X, KR-1 30 days 6/10", 0, ["KR-1 30 c6"]),
    ],
)
def test_a_picked_choice_gives_what_is_to_be_written_also_after_storing(
    reply: str, picked: int, written: list[str]
) -> None:
    (guess,) = read(reply).guesses
    stored = json.loads(json.dumps(guess.data))
    items = chosen(stored, guess.choices[picked].value)
    assert items == chosen(guess.data, guess.choices[picked].value)
    assert [short(item) for item in items if isinstance(item, ReadUpdate)] == written


def test_a_choice_that_was_never_offered_is_a_fault() -> None:
    (guess,) = read("KR-1 1.250").guesses
    with pytest.raises(KeyError):
        chosen(guess.data, "77")


def test_the_rest_of_a_doubtful_line_is_still_written() -> None:
    reading = read("KR-1: 1.250 days, 7/10 pilot; KR-7 18%")
    assert [short(update) for update in reading.updates] == ['KR-1 c7 "pilot"', "KR-7 18"]
    assert len(reading.guesses) == 1


@pytest.mark.parametrize(
    ("reply", "label"), [("30 days 7/10", "KR-1 30 days, confidence 7"), ("7/10", "KR-1 confidence 7")]
)
def test_a_number_without_a_name_is_asked_about_for_the_only_open_key_result(reply: str, label: str) -> None:
    (guess,) = read(reply, KRS[:1]).guesses
    assert "Is it for KR-1" in guess.text
    assert guess.choices[0].label == label


def test_a_change_of_an_unknown_value_is_asked() -> None:
    fresh = type(KRS[1])("KR-7", "Accounts", "increase", "%", None, D(10), D(30))
    (guess,) = read("KR-7 +5", (fresh,)).guesses
    assert [choice.label for choice in guess.choices] == ["5 %", "No"]


@pytest.mark.parametrize(
    "reply",
    [
        "KR-1 will be 30 days by Christmas",
        "KR-1 target is 30 days",
        "KR-1 not 30 days yet",
        "KR-1: we hope to be at 30 days soon",
        "KR-1 on track",
        "KR-1 pilot live in three countries",
        "shipped 3 things, 30 days to launch",
        "waiting for KR-7 data, 3 days",
        "2. KR-7: legal review takes 3 weeks",
    ],
)
def test_a_number_in_prose_is_left_in_the_words(reply: str) -> None:
    reading = read(reply)
    assert (reading.updates, reading.guesses, reading.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("KR-99 30 days 7/10", 'No key result KR-99. Did you mean KR-9 "Enterprise accounts renewed"?'),
        ("KR-12a 30", 'No key result "KR-12a". Did you mean KR-12 "Time to first report"?'),
        ("KR-1 banana", 'KR-1: I found no number in "banana". Write for example KR-1 30 days 7/10.'),
        ("KR-1: thirty days", 'KR-1: I found no number in "thirty days". Write for example KR-1 30 days 7/10.'),
        ("KR-1 30ish", 'KR-1: I cannot read "30ish". Write for example KR-1 30 days 7/10.'),
        ("KR-1 30 days 11/10", "KR-1: Confidence runs from 0 to 10; I read 11."),
        ("KR-1 30 days confidence 11", "KR-1: Confidence runs from 0 to 10; I read 11."),
        (
            "KR-1 30 %, 7/10",
            'KR-1: This is measured in days: I read "30 %". Write for example 30 days, or +5 for a change.',
        ),
        (
            "KR-14 2/5",
            'KR-14: I read "2/5", but the milestones weigh 4 in all. Write the weight that is done, such as done 2.',
        ),
        ("KR-15 50%", "KR-15: This is done or it is not; I read 50. Write yes or no."),
        ("7/10", "I read confidence 7, but not for which key result. Name it, such as KR-1 confidence 7."),
    ],
)
def test_what_cannot_be_used_is_said_in_words(reply: str, problem: str) -> None:
    assert read(reply).problems == (problem,)


@pytest.mark.parametrize(
    ("reply", "updates"),
    [
        ("KR-99 3 days; KR-1 30 days 7/10", ["KR-1 30 c7"]),
        ("KR-1 30 days 11/10", ["KR-1 30"]),
        ("KR-1 30 %, 7/10", ["KR-1 c7"]),
        ("KR-1: banana, 7/10", ['KR-1 c7 "banana"']),
        ("KR-1 banana\nKR-7 18%", ["KR-7 18"]),
    ],
)
def test_the_rest_of_the_reply_is_used_in_spite_of_a_problem(reply: str, updates: list[str]) -> None:
    reading = read(reply)
    assert len(reading.problems) == 1
    assert [short(update) for update in reading.updates] == updates


def test_questions_and_problems_stay_few_however_long_the_reply() -> None:
    reading = read("\n".join(f"KR-{n} 1.250" for n in range(100, 200)) + "\nKR-1 30 days")
    assert len(reading.problems) == 20
    assert [short(update) for update in reading.updates] == ["KR-1 30"]


def test_ten_milestones_and_a_confidence_are_told_apart_when_both_are_given() -> None:
    audit = KnownKeyResult("KR-9", "Auditors confirm our controls", "milestone", "", Decimal(2), None, Decimal(10))
    reading = read_reply("1. KR-9 3 of 10 7/10 pilot live", [audit], [], date(2026, 11, 16))
    assert [(u.amount.value, u.confidence) for u in reading.updates if u.amount] == [(Decimal(3), 7)]
    assert not reading.guesses


def test_a_lone_number_of_ten_is_asked_where_there_are_ten_milestones() -> None:
    audit = KnownKeyResult("KR-9", "Auditors confirm our controls", "milestone", "", Decimal(2), None, Decimal(10))
    reading = read_reply("1. KR-9 4/10", [audit], [], date(2026, 11, 16))
    assert not reading.updates
    assert len(reading.guesses) == 1
