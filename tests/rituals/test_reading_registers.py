"""Blockers, adjustments and the days people wait until."""

from datetime import date

import pytest

from rituals.dates import read_until
from tests.rituals.reading_samples import TODAY, read


def test_the_sample_day_is_a_friday() -> None:
    assert f"{TODAY:%A}" == "Friday"


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("waiting until 12 Dec", "2026-12-12"),
        ("waiting till 12 December 2027", "2027-12-12"),
        ("by the 12th of December", "2026-12-12"),
        ("until Dec 12", "2026-12-12"),
        ("until December 12th, 2026", "2026-12-12"),
        ("by 2026-12-01", "2026-12-01"),
        ("until 12.12.", "2026-12-12"),
        ("until 24.12.2026", "2026-12-24"),
        ("until 12/12", "2026-12-12"),
        ("by 12/25", "2026-12-25"),
        ("by 25/12", "2026-12-25"),
        ("until 5 Jan", "2027-01-05"),
        ("until 12 Nov", "2026-11-12"),
        ("until Friday", "2026-11-27"),
        ("by Mon", "2026-11-23"),
        ("due on Thursday", "2026-11-26"),
        ("until tomorrow", "2026-11-21"),
        ("by end of month", "2026-11-30"),
        ("by the end of the week", "2026-11-20"),
        ("until EOM", "2026-11-30"),
        ("until the end of December", "2026-12-31"),
        ("ETA: 3 Dec", "2026-12-03"),
        ("promised by 1 Dec, then until 12 Dec", "2026-12-01"),
        ("until 12/11", None),
        ("until next week", None),
        ("until mid-December", None),
        ("until December", None),
        ("until 31 Feb", None),
        ("since 3 Nov", None),
        ("12 Dec was a good day", None),
        ("until 99.99.", None),
        ("until 12.5 %", None),
        ("by Payments", None),
        ("until", None),
    ],
)
def test_a_day_is_read_when_it_can_only_be_one(words: str, until: str | None) -> None:
    assert read_until(words, TODAY) == (date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("reply", "blockers"),
    [
        (
            "2. waiting for Payments' API until 12 Dec",
            [("waiting for Payments' API until 12 Dec", "pay", "2026-12-12", None)],
        ),
        ("Waiting for payments", [("Waiting for payments", "pay", None, None)]),
        (
            "KR-1 is blocked by Payments until 12 Dec",
            [("KR-1 is blocked by Payments until 12 Dec", "pay", "2026-12-12", "KR-1")],
        ),
        ("2. CRM is blocked by Payments", [("CRM is blocked by Payments", "pay", None, None)]),
        ("2. depends on the Search team", [("depends on the Search team", "search", None, None)]),
        (
            "2. we need the schema from Mobile by Friday",
            [("we need the schema from Mobile by Friday", "mobile", "2026-11-27", None)],
        ),
        ("2. billing API", [("billing API", None, None, None)]),
        ("2. the Payments API is late", [("the Payments API is late", "pay", None, None)]),
        ("2. our search index is slow", [("our search index is slow", None, None, None)]),
        ("2. Payments and CRM do not agree", [("Payments and CRM do not agree", None, None, None)]),
        ("2. waiting for legal", [("waiting for legal", None, None, None)]),
        ("2. waiting for <#C024BE91L|payments>", [("waiting for #payments", "pay", None, None)]),
        ("2. waiting for <@U123> to sign", [("waiting for <@U123> to sign", None, None, None)]),
        ("2. waiting for R&amp;D &lt;3 days&gt;", [("waiting for R&D <3 days>", None, None, None)]),
        ("2. no, but waiting for Payments", [("waiting for Payments", "pay", None, None)]),
        ("No blockers apart from Payments' API", [("No blockers apart from Payments' API", "pay", None, None)]),
        ("2. waiting for Payments' API and docs", [("waiting for Payments' API and docs", "pay", None, None)]),
        (
            "2. waiting for Payments and we need docs from CRM",
            [("waiting for Payments", "pay", None, None), ("we need docs from CRM", "crm", None, None)],
        ),
        (
            "2. blocked by CRM; depends on Search",
            [("blocked by CRM", "crm", None, None), ("depends on Search", "search", None, None)],
        ),
        ("2. blocked by CRM; they are on holiday", [("blocked by CRM; they are on holiday", "crm", None, None)]),
        (
            "2. waiting for Payments. They said 12 Dec at the latest.",
            [("waiting for Payments. They said 12 Dec at the latest", "pay", None, None)],
        ),
        (
            "2.\n- Payments' API is late\n- CRM schema until 1 Dec\n3. no",
            [("Payments' API is late", "pay", None, None), ("CRM schema until 1 Dec", "crm", "2026-12-01", None)],
        ),
        ("Blockers:\n- Payments' API", [("Payments' API", "pay", None, None)]),
        ("Wir warten auf Payments' API", [("Wir warten auf Payments' API", "pay", None, None)]),
        ("Nous attendons les clés de Payments", [("Nous attendons les clés de Payments", "pay", None, None)]),
        ("Esperamos a Payments", [("Esperamos a Payments", "pay", None, None)]),
        ("2. ```waiting for Payments```", [("waiting for Payments", "pay", None, None)]),
        ("2. see ```assert depth < 5``` blocked by CRM", [("see assert depth < 5 blocked by CRM", "crm", None, None)]),
        ("Is Mobile waiting for us? We wait for CRM.", [("We wait for CRM", "crm", None, None)]),
        ("2. 等待支付团队", [("等待支付团队", None, None, None)]),
    ],
)
def test_a_blocker_is_kept_in_the_persons_words(
    reply: str, blockers: list[tuple[str, str | None, str | None, str | None]]
) -> None:
    found = [(b.text, b.waits_for, b.until and b.until.isoformat(), b.key_result) for b in read(reply).blockers]
    assert found == blockers


@pytest.mark.parametrize(
    "reply",
    [
        "2. no",
        "2. None.",
        "2. 🎉",
        "2. no longer blocked by Payments",
        "2. B-9 is resolved",
        "We are not blocked",
        "2. KR-7 18%",
        "No new blockers from us",
        "2. Is Mobile waiting for us? If so, nobody told me.",
        "Here is the log:\n```\nwaiting for Payments\n```\nAll on track.",
        "2. Keine Blocker",
        "2. Wir sind nicht blockiert",
        "2. pas de blocage",
        "1. KR-1 30 days 7/10 2. no 3. waiting",
    ],
)
def test_what_blocks_nothing_is_no_blocker(reply: str) -> None:
    assert read(reply).blockers == ()


@pytest.mark.parametrize(("second", "count"), [("waiting for Payments' API until 12 Dec", 1), ("no", 0)])
def test_a_blocker_said_in_passing_is_not_asked_of_who_answers_the_question_itself(second: str, count: int) -> None:
    reading = read(f"1. KR-1 30 days 7/10, waiting for Payments\n2. {second}\n3. no")
    assert (len(reading.blockers), reading.guesses) == (count, ())


def test_a_blocker_said_in_passing_is_asked_beside_another_that_is_told() -> None:
    reading = read("KR-1 30 days 7/10, blocked by CRM. Waiting for Payments.")
    assert [b.waits_for for b in reading.blockers] == ["pay"]
    assert [guess.text for guess in reading.guesses] == ['Is this a blocker: "blocked by CRM"?']


def test_a_wish_said_in_passing_is_not_asked_of_who_answers_the_question_itself() -> None:
    reading = read("1. KR-7 18%, lower the target to 25%\n2. no\n3. no")
    assert (reading.adjustments, reading.guesses, reading.nothing) == ((), (), (2, 3))


def test_the_span_of_a_blocker_is_its_words_in_the_reply() -> None:
    reply = "1. R&amp;D fine 2. no, but waiting for “Payments’ API”. 3. no"
    (blocker,) = read(reply).blockers
    assert reply[slice(*blocker.span)] == "waiting for “Payments’ API”"


@pytest.mark.parametrize(
    ("reply", "adjustments"),
    [
        ("3. lower KR-7's target to 25 %", [("lower KR-7's target to 25 %", "KR-7")]),
        ("We should lower KR-7's target to 25%", [("We should lower KR-7's target to 25%", "KR-7")]),
        ("KR-7 target should be 25%", [("KR-7 target should be 25%", "KR-7")]),
        ("3. drop KR-9; raise KR-1 to 25 days", [("drop KR-9", "KR-9"), ("raise KR-1 to 25 days", "KR-1")]),
        ("3. - drop KR-9\n- lower the target of KR-7", [("drop KR-9", "KR-9"), ("lower the target of KR-7", "KR-7")]),
        ("3. KR-7 is too ambitious. The market shrank.", [("KR-7 is too ambitious. The market shrank", "KR-7")]),
        ("3. yes, the whole plan", [("yes, the whole plan", None)]),
        ("Adjust: no\nKR-1 30 days", []),
        ("3. no", []),
        ("3. nothing to adjust from our side", []),
        ("3. 👍", []),
        ("no need to adjust the targets", []),
    ],
)
def test_an_adjustment_is_kept_in_the_persons_words(reply: str, adjustments: list[tuple[str, str | None]]) -> None:
    reading = read(reply)
    assert [(a.text, a.key_result) for a in reading.adjustments] == adjustments
    assert not [update for update in reading.updates if update.key == "KR-7"]
