"""What a check-in reply is read as: the three questions, and nothing typed lost."""

import re
import sys
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import dates
from rituals.checkins import (
    reading_asides,
    reading_classes,
    reading_doubts,
    reading_loose,
    reading_nameless,
    reading_parts,
    reading_phrases,
    reading_registers,
    reading_segments,
)
from rituals.checkins.reading import Reading
from rituals.checkins.reading_results import Item
from rituals.okrs import mentions, naming, numbers, one_line, said, typed, units
from tests.rituals.reading_samples import KRS, read, short

Q1, Q2, Q3 = (
    "Are shared key results on track?",
    "Have any dependencies or blockers emerged?",
    "Do any OKRs need to be adjusted based on new information?",
)


def test_the_prompts_own_example_is_read_whole() -> None:
    reading = read("1. KR-1 30 days 7/10 pilot live  2. waiting for Payments' API until 12 Dec  3. no")
    assert [short(update) for update in reading.updates] == ['KR-1 30 c7 "pilot live"']
    assert [(b.text, b.waits_for, str(b.until)) for b in reading.blockers] == [
        ("waiting for Payments' API until 12 Dec", "pay", "2026-12-12")
    ]
    assert (reading.adjustments, reading.nothing, reading.no_change) == ((), (3,), False)
    assert (reading.guesses, reading.problems, reading.unplaced) == ((), (), "")


@pytest.mark.parametrize(
    ("reply", "sections"),
    [
        ("1. fine 2. none 3. no", {1: "fine", 2: "none", 3: "no"}),
        ("1. fine\n2. none\n3. no", {1: "fine", 2: "none", 3: "no"}),
        ("1) fine\n2) none\n3) no", {1: "fine", 2: "none", 3: "no"}),
        ("(1) fine (2) none (3) no", {1: "fine", 2: "none", 3: "no"}),
        ("1: fine\n2: none\n3: no", {1: "fine", 2: "none", 3: "no"}),
        ("Q1: fine\nQ2: none\nQ3: no", {1: "fine", 2: "none", 3: "no"}),
        ("*1.* fine\n*2.* none\n*3.* no", {1: "fine", 2: "none", 3: "no"}),
        ("1 - fine\n2 - none\n3 - no", {1: "fine", 2: "none", 3: "no"}),
        ("1️⃣ fine\n2️⃣ none\n3️⃣ no", {1: "fine", 2: "none", 3: "no"}),
        ("1. fine\n3. no", {1: "fine", 3: "no"}),
        ("2. none", {2: "none"}),
        ("1. KR-7 is at 2. 2. none 3. no", {1: "KR-7 is at 2.", 2: "none", 3: "no"}),
        ("1. fine 2. waiting until 3. Dec 3. no", {1: "fine", 2: "waiting until 3. Dec", 3: "no"}),
        ("1. two lines\nof words\n\n2. none\n3. no", {1: "two lines\nof words", 2: "none", 3: "no"}),
        (f"1. {Q1}\nfine\n2. {Q2}\nnone\n3. {Q3}\nno", {1: f"{Q1}\nfine", 2: f"{Q2}\nnone", 3: f"{Q3}\nno"}),
        (f"{Q1} fine\n{Q2} none\n{Q3} no", {1: "fine", 2: "none", 3: "no"}),
        ("1. R&amp;D “fine” <@U1>\n2. &lt;none&gt;", {1: "R&amp;D “fine” <@U1>", 2: "&lt;none&gt;"}),
        ("1. все хорошо\n2. ждём <@U1>\n3. нет", {1: "все хорошо", 2: "ждём <@U1>", 3: "нет"}),
        ("Blockers: none\nAdjustments: no", {2: "none", 3: "no"}),
        ("Blockers:\n- Payments' API\n- CRM schema\nAdjust: no", {2: "- Payments' API\n- CRM schema", 3: "no"}),
        ("KR-1 30 days 7/10\nBlocked: Payments' API", {1: "KR-1 30 days 7/10", 2: "Payments' API"}),
        ("yes\nno\nno", {1: "yes", 2: "no", 3: "no"}),
        ("Yes. No. None.", {1: "Yes.", 2: "No.", 3: "None."}),
        (
            "KR-1 30 days. No blockers. Nothing to adjust.",
            {1: "KR-1 30 days.", 2: "No blockers.", 3: "Nothing to adjust."},
        ),
        ("KR-1 30 days 7/10. No. No.", {1: "KR-1 30 days 7/10.", 2: "No.", 3: "No."}),
        (
            "We wait for Payments. They said March. All on track.",
            {1: "All on track.", 2: "We wait for Payments. They said March."},
        ),
        ("No blockers, nothing to adjust", {2: "No blockers, nothing to adjust", 3: "No blockers, nothing to adjust"}),
        ("KR-1 is slow\nwaiting for CRM\nKR-7 is fine", {1: "KR-1 is slow\nKR-7 is fine", 2: "waiting for CRM"}),
        ("KR-1 30 days.\n1. yes\n2. no", {1: "KR-1 30 days.\nyes", 2: "no"}),
    ],
)
def test_the_words_stand_under_their_question_as_typed(reply: str, sections: dict[int, str]) -> None:
    reading = read(reply)
    assert (reading.sections, reading.unplaced) == (sections, "")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n ",
        "🎉",
        "🎉🎉 👍",
        ":tada: :+1:",
        "What is this bot?",
        "<b>hello</b>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<!channel>",
        "<!date^1700000000^{date}|1 Nov>",
        "<https://example.com/KR-1/30>",
        "lorem ipsum dolor sit amet",
        "no",
        "谢谢大家",
        "see you on 12/11",
        "2 pilots are live",
        "~KR-1 30 days 7/10~",
    ],
)
def test_a_reply_that_fits_no_question_is_kept_and_nothing_is_made_of_it(reply: str) -> None:
    assert read(reply) == Reading(unplaced=reply.strip())


@pytest.mark.parametrize("reply", ["Hi team, 1. fine 2. no", "Hello Ana!\n1. fine\n2. no", "Thanks\nNo blockers"])
def test_a_greeting_is_not_shown_as_unplaced(reply: str) -> None:
    assert read(reply).unplaced == ""


def test_what_fits_no_question_is_told_beside_what_does() -> None:
    reading = read("Lunch was great\nKR-1 30 days 7/10")
    assert (reading.unplaced, reading.sections) == ("Lunch was great", {1: "KR-1 30 days 7/10"})


@pytest.mark.parametrize(
    ("reply", "nothing"),
    [
        ("no change", (2, 3)),
        ("No changes.", (2, 3)),
        ("Same as last time", (2, 3)),
        ("nothing to report", (2, 3)),
        ("all on track, nothing else", (2, 3)),
        ("All on track", ()),
        ("Everything is on track, no blockers", (2,)),
        ("All on track. No blockers. No adjustments.", (2, 3)),
        ("All on track, no blockers or adjustments needed", (2, 3)),
        ("1. yes 2. no 3. no", (2, 3)),
        ("1. on track\n2. n/a\n3. none", (2, 3)),
        ("yes\nno\nno", (2, 3)),
        ("no change 🎉", (2, 3)),
    ],
)
def test_no_change_is_understood(reply: str, nothing: tuple[int, ...]) -> None:
    reading = read(reply)
    assert (reading.no_change, reading.nothing) == (True, nothing)


@pytest.mark.parametrize(
    "reply",
    [
        "1. no 2. no 3. no",
        "no change, but KR-1 30 days",
        "All on track except KR-7",
        "All on track. Waiting for Payments.",
        "no change to KR-1",
        "1. all on track\n2. Payments is late",
        "not on track",
        "on track",
        "&gt; no change",
    ],
)
def test_anything_more_is_not_no_change(reply: str) -> None:
    assert not read(reply).no_change


@pytest.mark.parametrize(
    ("reply", "nothing"),
    [
        ("2. no", (2,)),
        ("2. None so far.", (2,)),
        ("2. Nope, nothing new", (2,)),
        ("2. n/a\n3. n/a", (2, 3)),
        ("2. no new dependencies or blockers", (2,)),
        ("2. We don't have any blockers right now\n3. no adjustments needed", (2, 3)),
        ("KR-1 30 days. No blockers from us, nothing to adjust.", (2, 3)),
        ("Blockers: none\nAdjust: no need to adjust", (2, 3)),
        ("2. -", (2,)),
        ("3. no need to change", (3,)),
        ("KR-1 30 days, no blockers", (2,)),
    ],
)
def test_a_no_is_an_answer(reply: str, nothing: tuple[int, ...]) -> None:
    reading = read(reply)
    assert (reading.nothing, reading.blockers, reading.adjustments, reading.guesses) == (nothing, (), (), ())


REPLIES = [
    "KR-1 30 days 7/10 pilot live",
    "KR-99 1.250 11/10 banana",
    "waiting for Payments' API until 12 Dec and we need docs from CRM",
    "lower KR-7's target to 25 %",
    "1. ",
    "2. ",
    "3) ",
    "no. ",
    "&amp;&lt;",
    "<@U1|bo> <https://a.b|x>",
    "“Time to first report” 30",
    "onboarding time: 30 days",
    "Blockers: ",
    "\n- ",
    "٣٠ days ½ ² İß",
    "KR-1 and KR-7: 8/10",
    "~x~ *b* _i_ `c` :tada:",
]


@given(st.lists(st.sampled_from(REPLIES) | st.text(max_size=20), max_size=8), st.sampled_from([0, 1, len(KRS)]))
def test_any_reply_is_read_without_a_fault_and_its_spans_are_its_own_words(pieces: list[str], open_ones: int) -> None:
    reply = " ".join(pieces)
    reading = read(reply, KRS[:open_ones])
    items: list[Item] = [*reading.updates, *reading.blockers, *reading.adjustments]
    for item in items:
        assert 0 <= item.span[0] < item.span[1] <= len(reply)
    for words in (*reading.sections.values(), reading.unplaced):
        assert all(line.strip() in reply for line in words.split("\n"))
    assert len({update.key for update in reading.updates}) == len(reading.updates)


PATHS = [
    "KR-1 30 days 7/10 pilot live; ",
    "blocked: x\n",
    "We are waiting for Payments and ",
    "KR-1 and ",
    "1. ",
    "Time to first report 30 days\n",
    "KR-1 " + "a " * 50,
    "need cannot lower the ",
    "from 1 to ",
    "<&amp;~:_*",
    "9",
    "1,",
    ". ",
    "until 12 ",
    "a",
    "http://",
]


@pytest.mark.parametrize("piece", PATHS)
def test_four_times_the_text_is_at_most_about_four_times_the_work(piece: str) -> None:
    small, large = (_lines_run((piece * size)[:size]) for size in (500, 2_000))
    assert large <= 5 * small
    assert large <= 200 * 2_000


def _lines_run(reply: str) -> int:
    """How many lines of Python it takes to read a reply."""
    count = 0

    def trace(_frame: FrameType, _event: str, _arg: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(reply)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", PATHS)
def test_forty_thousand_characters_are_read(piece: str) -> None:
    reply = (piece * 40_000)[:40_000]
    reading = read(reply)
    assert len(reading.guesses) <= 20
    assert len(reading.problems) <= 20


MODULES = [
    *(reading_asides, reading_classes, dates, reading_doubts, reading_loose, reading_nameless),
    *(reading_parts, reading_phrases, reading_registers, reading_segments),
    *(mentions, naming, numbers, one_line, said, typed, units),
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_pattern_repeats_without_a_bound(module: ModuleType) -> None:
    patterns = [value for value in vars(module).values() if isinstance(value, re.Pattern)]
    assert patterns
    for pattern in patterns:
        bare = re.sub(r"\[\^?\]?[^\]]*\]", "", re.sub(r"\\.", "", pattern.pattern))
        assert not re.search(r"[*+]|\{\d*,\}", bare), pattern.pattern
