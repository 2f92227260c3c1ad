"""What a digest says: who falls behind and why, what changed, what moved, who is silent, and its one sentence."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

import pytest

from rituals.digests.facts import AdjustmentFacts
from rituals.digests.headline import headline
from rituals.digests.rules import (
    achieved_lines,
    changes,
    chart_rows,
    decision_lines,
    falling,
    moved_lines,
    natural,
    silent_lines,
)
from rituals.notices.flags import FlagNews
from tests.rituals.digest_samples import behind, blocker, facts, key_result, known, on_pace, quiet, was


def line(*krs: object, **more: object) -> str:
    given = facts(*krs, **more)  # type: ignore[arg-type]
    return headline(given, changes(given))


def news(key: str, event: Literal["worsened", "recovered"]) -> FlagNews:
    """Something that a flag of a key result did since the last digest."""
    return FlagNews(key=key, title="", event=event, what=event, on=date(2026, 11, 10), rule="Pace", words="")


def test_the_worst_falls_first_by_status_then_by_gap() -> None:
    at_risk = known(key_result("KR-3", (date(2026, 10, 19), 20), (date(2026, 11, 9), 30)))
    found = falling(facts(at_risk, behind("KR-10", 15), behind("KR-9", 15), behind("KR-2", 5)))
    assert [one.line.key for one in found] == ["KR-2", "KR-9", "KR-10", "KR-3"]


def test_every_reason_is_given_with_its_numbers() -> None:
    stuck = known(key_result("KR-1", (date(2026, 10, 12), 10), (date(2026, 11, 9), 10)), words="Sync is stuck")
    (one,) = falling(facts(stuck))
    assert one.why == ("37 points behind (10 % of the way, expected 47 %)", "stalled two rounds")
    assert one.words == "Sync is stuck"


def test_a_key_result_of_one_unit_is_never_falling_behind() -> None:
    assert falling(facts(known(key_result("KR-1", (date(2026, 11, 9), 1), owners=("crm",))))) == ()


def test_what_is_on_pace_is_not_listed() -> None:
    assert falling(facts(on_pace())) == ()


@pytest.mark.parametrize(
    ("then", "expected"), [(42, ("KR-2 +5 points",)), (43, ()), (52, ("KR-2 −5 points",)), (51, ())]
)
def test_five_points_or_more_either_way_is_movement(then: int, expected: tuple[str, ...]) -> None:
    assert moved_lines(changes(facts(on_pace(before=was(then))))) == expected


def test_the_largest_movement_comes_first() -> None:
    krs = (on_pace("KR-2", 47, was(40)), on_pace("KR-3", 50, was(20)), on_pace("KR-4", 45, was(60)))
    assert moved_lines(changes(facts(*krs))) == ("KR-3 +30 points", "KR-4 −15 points", "KR-2 +7 points")


def test_a_first_value_counts_from_the_start() -> None:
    assert moved_lines(changes(facts(on_pace(before=was(None, "no_data"))))) == ("KR-2 +47 points",)


def test_a_kept_bound_that_was_unknown_did_not_move() -> None:
    kept = replace(key_result("KR-5", (date(2026, 11, 9), 2)), kind="keep_below")
    assert moved_lines(changes(facts(known(kept, was(None, "no_data"))))) == ()


def test_what_was_achieved_is_said_once() -> None:
    found = changes(facts(on_pace("KR-11", 100, was(60))))
    assert achieved_lines(found) == ("KR-11 achieved",)
    assert moved_lines(found) == ()
    assert achieved_lines(changes(facts(on_pace("KR-11", 100, was(100, "achieved"))))) == ()


def test_silence_is_told_by_unit_the_longest_first() -> None:
    never = known(key_result("KR-30", owners=("crm",)))
    found = silent_lines(facts(quiet("KR-21"), quiet("KR-22"), never, on_pace()))
    assert found == (
        "CRM: KR-30 no value yet after 43 days",
        "Identity: KR-21 and KR-22 not updated for 31 days",
    )


def test_a_shared_key_result_that_is_silent_is_behind_and_not_told_twice() -> None:
    shared = known(key_result("KR-1", (date(2026, 10, 13), 5)))
    assert "not updated for 31 days" in falling(facts(shared))[0].why
    assert silent_lines(facts(shared)) == ()


def test_decisions_name_who_asks_oldest_first() -> None:
    given = facts(adjustments=(AdjustmentFacts(12, "drop KR-9"), AdjustmentFacts(3, "lower KR-7 to 25 %", "Mia Kern")))
    assert decision_lines(given) == ("A-3 lower KR-7 to 25 % (Mia Kern asks)", "A-12 drop KR-9")


def test_the_chart_shows_shared_key_results_that_have_a_value() -> None:
    rows = chart_rows(facts(on_pace(), quiet(), known(key_result("KR-8")), behind(value=10)))
    assert rows == (("KR-1", 0.1, 0.4725), ("KR-2", 0.47, 0.4725))


def test_keys_are_sorted_as_people_count() -> None:
    assert sorted(["KR-10", "KR-9", "B-1"], key=natural) == ["B-1", "KR-9", "KR-10"]


def test_the_headline_says_what_fell_what_blocks_most_and_how_connected_the_lines_are() -> None:
    given = line(
        behind(before=was(12, "at_risk", behind=True)),
        blockers=(blocker(9, "CRM"), blocker(10, "Analytics"), blocker(11, "CRM", "Identity", 90)),
        connection=Fraction(83, 100),
        connection_before=Fraction(80, 100),
    )
    assert (
        given == "One shared key result fell off track; Payments holds up CRM and Analytics; connection rate 83 % (+3)."
    )


def test_a_unit_that_holds_up_many_is_counted_instead_of_listed() -> None:
    many = tuple(blocker(n, f"Unit {n}") for n in range(4))
    assert "Payments holds up four units" in line(on_pace(before=was(40)), blockers=many)


@pytest.mark.parametrize(
    ("kr", "expected"),
    [
        (behind(before=was(12)), "One shared key result fell off track."),
        (
            known(key_result("KR-3", (date(2026, 10, 19), 20), (date(2026, 11, 9), 30)), was(30)),
            "One shared key result fell behind.",
        ),
        (on_pace(before=was(40, "at_risk", behind=True)), "One shared key result recovered."),
        (behind(before=was(2, "off_track", behind=True)), "One shared key result is still behind."),
        (on_pace(before=was(40)), "No shared key result is behind."),
    ],
)
def test_the_headline_begins_with_the_worst_news(kr: object, expected: str) -> None:
    assert line(kr) == expected


def test_nothing_changed_is_said_in_one_line() -> None:
    still = behind(before=was(10, "off_track", behind=True))
    given = line(still, blockers=(blocker(9),), connection=Fraction(1, 2), connection_before=Fraction(1, 2))
    assert given == "Nothing changed since 6 Nov: one shared key result is behind, one blocker open."


def test_nothing_wrong_and_nothing_changed_is_one_line_too() -> None:
    assert (
        line(on_pace(before=was(47)))
        == "Nothing changed since 6 Nov: no shared key results are behind, no blockers open."
    )


@pytest.mark.parametrize(
    "more",
    [
        {"blockers": (blocker(9, new=True),)},
        {"resolved": (blocker(9),)},
        {"adjustments": (AdjustmentFacts(3, "x"),), "new_adjustments": frozenset({3})},
        {"connection": Fraction(1), "connection_before": Fraction(1, 2)},
        {"flag_news": (news("KR-2", "recovered"),)},
    ],
)
def test_news_in_a_register_is_a_change(more: dict[str, object]) -> None:
    assert "Nothing changed" not in line(on_pace(before=was(47)), **more)


def test_a_flag_that_worsened_is_news_though_the_status_stands() -> None:
    still = behind(before=was(10, "off_track", behind=True))
    assert line(still, flag_news=(news("KR-1", "worsened"),)) == "One shared key result got worse."
    assert line(still, flag_news=(news("KR-1", "recovered"),)) == "One shared key result is still behind."


def test_the_first_digest_never_says_that_nothing_changed() -> None:
    assert line(on_pace(), since=None) == "No shared key result is behind."


def test_the_first_digest_does_not_say_still() -> None:
    assert line(behind(), since=None) == "One shared key result is behind."
