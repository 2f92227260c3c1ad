"""The digest as a notice, the lists in its thread, and its plain text."""

from datetime import date
from fractions import Fraction

from prompts.client import Outcome
from prompts.outcome import CheckedClaim
from rituals.digests.facts import AdjustmentFacts
from rituals.digests.notice import details, digest_notice
from rituals.digests.plain import WIDTH, plain_text
from rituals.notices import NOTICES, Digest
from tests.rituals.digest_samples import answer, behind, blocker, facts, on_pace, quiet, was

NO_MODEL = Outcome(reason="no model")

FULL = facts(
    behind(before=was(12), words="Sync is stuck", permalink="https://acme.slack.com/archives/C1/p9"),
    on_pace("KR-4", 47, was(38)),
    on_pace("KR-11", 100, was(60)),
    quiet(),
    blockers=(blocker(9, "CRM", days=12, answers=(1,), until=date(2026, 12, 12)), blocker(10, "Analytics")),
    resolved=(blocker(3, "CRM", "Identity", 20),),
    answers=(answer(1, "We are waiting for Payments' API"),),
    adjustments=(AdjustmentFacts(3, "lower KR-7's target to 25 %", "Mia Kern", "KR-7"),),
    new_adjustments=frozenset({3}),
    not_answered=("Omar Haddad",),
    connection=Fraction(5, 6),
    connection_before=Fraction(4, 5),
    skipped=("Fri 30 Oct: it was more than a day late",),
)


def test_the_notice_holds_every_section() -> None:
    notice = digest_notice(FULL, NO_MODEL)
    assert notice.digest == 7
    assert notice.week_of == date(2026, 11, 9)
    assert notice.elapsed == 0.4725
    assert [f.line.key for f in notice.falling] == ["KR-1"]
    assert notice.falling[0].permalink == "https://acme.slack.com/archives/C1/p9"
    assert notice.moved == ("KR-4 +9 points",)
    assert notice.achieved == ("KR-11 achieved",)
    assert notice.silent == ("Identity: KR-21 not updated for 31 days",)
    assert notice.not_answered == ("Omar Haddad",)
    assert notice.decisions == ("A-3 lower KR-7's target to 25 % (Mia Kern asks)",)
    assert notice.blockers_open == 2
    assert notice.connection_rate == 0.8333
    assert notice.connection_change == 0.0333
    assert (notice.worded_by, notice.why_rules) == ("rules", "no model")


def test_the_layout_is_the_same_whoever_words_it() -> None:
    told = Outcome(
        claims=(CheckedClaim("CRM waits for Payments.", ("A1",)),), checked_against=1, dropped=("no source",)
    )
    by_model, by_rules = digest_notice(FULL, told), digest_notice(FULL, NO_MODEL)
    wording = {"blockers", "worded_by", "checked_against", "dropped", "why_rules"}
    assert by_model.model_dump(exclude=wording) == by_rules.model_dump(exclude=wording)
    assert (by_model.worded_by, by_model.checked_against, by_model.dropped) == ("model", 1, 1)
    assert by_model.blockers[0].text == "CRM waits for Payments."


def test_the_notice_survives_the_outbox() -> None:
    notice = digest_notice(FULL, NO_MODEL)
    assert NOTICES["digest"].model_validate(notice.model_dump(mode="json")) == notice


def test_the_thread_has_whole_lists_and_no_empty_one() -> None:
    found = {d.title: d.lines for d in details(FULL)}
    assert list(found) == [
        "Falling behind",
        "Moved",
        "Decisions needed",
        "Blockers open",
        "Blockers resolved",
        "Silent",
        "Not answered",
        "Digests not given",
    ]
    assert found["Blockers open"][0] == (
        "B-9 Payments is late: holds up CRM, waits for Payments, open 12 days, until 12 Dec"
    )
    assert found["Falling behind"][0].startswith("KR-1 Title of KR-1: 10 %, expected 47 %; 37 points behind")
    assert found["Moved"] == ("KR-11 Title of KR-11: achieved, 100 %", "KR-4 Title of KR-4: +9 points, now 47 %")
    assert details(facts(on_pace())) == ()


def test_a_quotation_says_when_it_was_said() -> None:
    given = facts(behind(words="Sync is stuck", words_on=date(2026, 10, 5)))
    assert details(given)[0].lines[0].endswith("– “Sync is stuck” (5 Oct)")
    assert "“Sync is stuck” (5 Oct)" in plain_text(digest_notice(given, NO_MODEL)).replace("\n ", "")


def test_a_preview_says_that_it_is_one() -> None:
    assert digest_notice(FULL, NO_MODEL, preview=True).preview


def test_the_plain_text_has_every_section_and_fits_a_terminal() -> None:
    text = plain_text(digest_notice(FULL, NO_MODEL))
    for part in (
        "Product suite · week of 9 Nov · 2026-Q4 is 47 % through\n=====",
        "One shared key result fell off track; Payments holds up CRM and Analytics; connection rate 83 % (+3).",
        "FALLING BEHIND (1)\n  ○ off track  KR-1 Title of KR-1: 10 %, expected 47 %\n    37 points behind",
        "    “Sync is stuck”",
        "DECISIONS NEEDED\n  - A-3 lower KR-7's target to 25 % (Mia Kern asks)",
        "BLOCKERS (2 OPEN)\n  - Payments holds up CRM and Analytics, for 12 days, until 12 Dec (B-9, B-10)",
        "MOVED\n  - KR-11 achieved\n  - KR-4 +9 points",
        "SILENT\n  - Identity: KR-21 not updated for 31 days",
        "NOT ANSWERED\n  - Omar Haddad",
        "ALIGNMENT\n  - 83 % of product-line objectives contribute upward (+3)",
        "Worded by rules (no model).",
    ):
        assert part in text.replace("\n", " ") or part in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_an_empty_digest_is_short() -> None:
    text = plain_text(digest_notice(facts(on_pace(before=was(47))), NO_MODEL))
    assert "Nothing changed since 6 Nov" in text
    assert "FALLING BEHIND\n  None of the shared key results." in text
    assert "SILENT" not in text
    assert text.endswith("Worded by rules.\n")


def test_the_plain_text_says_that_a_model_worded_it() -> None:
    told = Outcome(claims=(CheckedClaim("CRM waits for Payments.", ("A1",)),), checked_against=12, dropped=("x",))
    text = plain_text(digest_notice(FULL, told))
    assert "- CRM waits for Payments. [1]" in text
    assert "Worded by a model and checked against 12 answers, 1 left out." in text


def test_the_notice_of_nothing_at_all_is_valid() -> None:
    notice = digest_notice(facts(since=None, cycle=None, elapsed=None), NO_MODEL)
    assert isinstance(notice, Digest)
    assert notice.headline == "No shared key result is behind."
