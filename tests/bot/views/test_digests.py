"""The digest on every rung, its lists, and how it says who worded it."""

from datetime import date

from bot.views.digest_details import details
from bot.views.digests import digest, digest_at
from rituals.notices import DigestDetails
from sandbox.blocks import check_message
from tests.bot.views.reading import mrkdwn, plain
from tests.bot.views.samples import DIGEST, FALLING, LINK

TOP = (
    "Product suite · week of 9 Nov · 2026-Q4 is 44 % through\n"
    "One shared key result fell off track; one missing API blocks two lines.\n"
    "Falling behind  1 shared key result, worst first\n"
)
REST = (
    "Decisions needed\n• A-3 lower KR-7's target from 30 % to 25 %\n"
    "Blockers  3 open\n• Payments' API holds up CRM and Analytics [2][5]\n"
    "Moved  KR-4 +9 points\n"
    "Achieved  KR-11\n"
    "Silent  Identity: KR-21 not updated for 31 days\n"
    "Not answered  Payments\n"
    "Alignment  connection rate 83 % (+3) · shared against own pace: not enough data · no rating yet\n"
)
READERS = "[ Useful ] [ Not useful ]"


def test_the_digest_is_a_table_and_a_chart_where_slack_takes_them() -> None:
    assert plain(digest(DIGEST).blocks) == (
        f"{TOP}Key result | Now | Expected | Why | Owners\n"
        "○ off track: KR-1 Average onboarding time | 41 days | 33 | stalled two rounds; waits for Payments | "
        f"CRM, Analytics\n{REST}"
        "(bar chart: Shared key results against expectation: Progress, Expected)\n"
        f"Worded by rules; the figures are always computed.\n{READERS}"
    )
    assert digest(DIGEST).text == (
        "Product suite, week of 9 Nov: One shared key result fell off track; one missing API blocks two lines."
    )


def test_with_a_course_the_chart_is_shared_against_units_own_progress_with_the_expected_line() -> None:
    days = [date(2026, 10, 30), date(2026, 11, 6), date(2026, 11, 13)]
    course = ((days[0], None, 0.1, 0.3), (days[1], 0.2, 0.3, 0.4), (days[2], 0.3256, 0.305, 0.4725))
    of = DIGEST.model_copy(update={"course": course})
    (drawn,) = [block for block in digest(of).blocks if block["type"] == "data_visualization"]
    assert drawn["chart"]["type"] == "line"
    assert [(one["name"], [(p["label"], p["value"]) for p in one["data"]]) for one in drawn["chart"]["series"]] == [
        ("Shared", [("6 Nov", 20.0), ("13 Nov", 32.6)]),
        ("Units' own", [("6 Nov", 30.0), ("13 Nov", 30.5)]),
        ("Expected", [("6 Nov", 40.0), ("13 Nov", 47.2)]),
    ]
    assert check_message(digest(of).blocks) == []
    for other in ({"course": course[:2]}, {"audience": "unit"}):
        assert "(bar chart" in plain(digest(of.model_copy(update=other)).blocks)


def test_where_slack_refuses_a_table_the_same_facts_stand_in_fields() -> None:
    assert plain(digest_at(DIGEST, "fields").blocks) == (
        f"{TOP}○ off track: KR-1 Average onboarding time\n41 days, expected 33 "
        f"stalled two rounds; waits for Payments\nCRM, Analytics\n{REST}"
        f"Worded by rules; the figures are always computed.\n{READERS}"
    )


def test_the_last_rung_is_plain_lines_with_the_same_facts() -> None:
    assert plain(digest_at(DIGEST, "text").blocks) == (
        f"{TOP}○ off track: KR-1 Average onboarding time: 41 days, expected 33. Stalled two rounds; waits for "
        f"Payments. CRM, Analytics\n{REST}Worded by rules; the figures are always computed.\n{READERS}"
    )
    assert {block["type"] for block in digest_at(DIGEST, "text").blocks} == {"section", "context", "actions"}


def test_the_key_result_and_every_claim_lead_to_the_words_they_rest_on() -> None:
    shown = digest(DIGEST)
    assert any(f"<{LINK}|[2]>[5]" in text for text in mrkdwn(shown.blocks))
    (table,) = [block for block in shown.blocks if block["type"] == "table"]
    assert table["rows"][1][0]["elements"][0]["elements"][0]["url"] == LINK


def test_what_a_co_owner_said_is_quoted() -> None:
    said = FALLING.model_copy(update={"words": "the API slipped", "words_on": date(2026, 11, 9)})
    shown = plain(digest(DIGEST.model_copy(update={"falling": (said,)})).blocks)
    assert "stalled two rounds; waits for Payments – “the API slipped” (9 Nov)" in shown


def test_a_long_quotation_is_shortened_in_the_message() -> None:
    said = FALLING.model_copy(update={"words": "we wait " * 40})
    shown = plain(digest(DIGEST.model_copy(update={"falling": (said,)})).blocks)
    assert "– “we wait we wait" in shown
    assert "we wait…”" in shown
    assert len(shown.split("\n")[4]) < 220


def test_silences_of_several_units_are_told_apart() -> None:
    silent = ("CRM: KR-1, KR-2 not updated for 31 days", "Identity: KR-3 not updated for 30 days", "c", "d", "e", "f")
    shown = plain(digest(DIGEST.model_copy(update={"silent": silent})).blocks)
    assert "Silent  CRM: KR-1, KR-2 not updated for 31 days; Identity: KR-3 not" in shown
    assert "; c; and 3 more in the thread\n" in shown


def test_a_preview_has_no_thread_to_lead_to() -> None:
    notice = DIGEST.model_copy(update={"falling": (FALLING,) * 9})
    assert "and 3 more in the thread" in plain(digest(notice).blocks)
    assert "and 3 more: `/okr shared`" in plain(digest(notice.model_copy(update={"preview": True})).blocks)


def test_a_digest_worded_by_a_model_says_against_what_it_was_checked() -> None:
    worded = DIGEST.model_copy(update={"worded_by": "model", "checked_against": 12})
    assert plain(digest(worded).blocks).endswith(f"Worded by a model and checked against 12 answers.\n{READERS}")
    dropped = worded.model_copy(update={"dropped": 1})
    assert plain(digest(dropped).blocks).endswith(f"12 answers; 1 sentence that did not hold left out.\n{READERS}")


def test_a_digest_by_rules_says_why_no_model_worded_it() -> None:
    shown = plain(digest(DIGEST.model_copy(update={"why_rules": "no model is set up"})).blocks)
    assert shown.endswith(f"Worded by rules (no model is set up); the figures are always computed.\n{READERS}")


def test_a_quiet_week_is_short() -> None:
    quiet = DIGEST.model_copy(
        update={
            "falling": (), "decisions": (), "blockers": (), "blockers_open": 0, "moved": (), "achieved": (),
            "silent": (), "not_answered": (), "connection_rate": None, "chart": (), "cycle": None,
            "headline": "Nothing changed since 6 Nov.",
        }
    )  # fmt: skip
    assert plain(digest(quiet).blocks) == (
        "Product suite · week of 9 Nov\nNothing changed since 6 Nov.\n"
        "Falling behind  None of the shared key results.\nBlockers  None open.\n"
        f"Worded by rules; the figures are always computed.\n{READERS}"
    )


def test_a_preview_says_that_nobody_else_sees_it() -> None:
    assert plain(digest(DIGEST.model_copy(update={"preview": True})).blocks).startswith("Preview: only you see this.")


def test_many_falling_behind_show_the_worst_and_leave_the_rest_to_the_thread() -> None:
    many = DIGEST.model_copy(update={"falling": (FALLING,) * 20})
    for rung in ("native", "fields", "text"):
        shown = plain(digest_at(many, rung).blocks)
        assert shown.count("KR-1 Average") == 6
        assert "and 14 more in the thread" in shown


def test_details_hold_the_whole_list() -> None:
    notice = DigestDetails(digest=5, title="Silent", lines=tuple(f"KR-{n} not updated" for n in range(60)))
    shown = details(notice)
    assert check_message(shown.blocks) == []
    assert plain(shown.blocks).count("not updated") == 60
    assert shown.text == "More to the digest, Silent: 60 lines."


def test_details_beyond_what_a_message_holds_say_how_many_more() -> None:
    notice = DigestDetails(digest=5, title="Silent", lines=("x",) * 300)
    assert plain(details(notice).blocks).endswith("and 60 more: `/okr list`")
    blockers = notice.model_copy(update={"title": "Blockers open"})
    assert plain(details(blockers).blocks).endswith("and 60 more: `/okr blockers`")


def test_details_of_many_words_stand_apart_and_begin_with_their_key() -> None:
    lines = tuple(f"KR-{n} Onboarding: {'waits for Payments ' * 8}" for n in range(3))
    shown = details(DigestDetails(digest=5, title="Falling behind", lines=lines)).blocks
    assert len(shown) == 4
    assert mrkdwn(shown)[1].startswith("*KR-0* Onboarding: waits")
    assert len(details(DigestDetails(digest=5, title="Moved", lines=("KR-4 +9 points",) * 3)).blocks) == 2
