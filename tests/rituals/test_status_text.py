"""The value of `plumbline status` as text for a terminal."""

import unicodedata
from typing import Any

from rituals.status_text import status_text


def columns(line: str) -> int:
    """The columns of a terminal that a line takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def report(**changes: Any) -> dict[str, Any]:
    """A status value with changes."""
    gaps: dict[str, list[str]] = {"fewer_than_two_lines": [], "no_link": [], "all_stalled": []}
    alignment = {
        "connection_rate": 0.8333,
        "coverage": {"cells": {}, "gaps": gaps},
        "shared_velocity": 0.5,
        "unit_velocity": None,
        "shared_lag_index": None,
        "net_confidence": -0.125,
    }
    empty = {"now": "2026-11-15T12:00:00+00:00", "key_results": [], "alignment": alignment}
    return {**empty, "checkins": [], "blockers": [], "ratings": [], **changes}


def kr_row(key: str, status: str, gap: float | None, **changes: Any) -> dict[str, Any]:
    """A key result's row."""
    common = {"title": f"Title of {key}", "unit": "crm", "owners": ["crm"], "shared": False, "value": 1}
    numbers: dict[str, Any] = {
        "progress": 0.16,
        "expected": 0.4945,
        "gap": gap,
        "status": status,
        "forecast": None,
        "flags": [],
    }
    return {"key": key, **common, **numbers, **changes}


def test_the_worst_key_result_stands_first_with_its_figures_aligned() -> None:
    flags = [{"reason": "pace", "gap": 33.5}, {"reason": "stalled", "moved": 0.0}]
    rows = [
        kr_row("KR-2", "on_track", -10.5, progress=0.6),
        kr_row("KR-10", "off_track", 33.5, owners=["crm", "analytics"], flags=flags),
        kr_row("KR-3", "no_data", None, progress=None),
        kr_row("KR-4", "off_track", 40.0),
    ]
    text = status_text(report(key_results=rows))
    assert text.splitlines()[2:9] == [
        "Key results, worst first: 2 off track, 1 no data, 1 on track",
        "status       key    title" + " " * 34 + "now  expected  behind",
        "off track    KR-10  Title of KR-10" + " " * 24 + "16 %      49 %    33.5",
        "             falling behind (pace, stalled); owned by crm, analytics",
        "off track    KR-4   Title of KR-4" + " " * 25 + "16 %      49 %    40.0",
        "no data      KR-3   Title of KR-3" + " " * 28 + "-      49 %       -",
        "on track     KR-2   Title of KR-2" + " " * 25 + "60 %      49 %   -10.5",
    ]


def test_among_equals_a_shared_one_that_falls_behind_stands_first() -> None:
    flagged = kr_row("KR-9", "on_track", -20.0, flags=[{"reason": "trend", "landing": 0.5}])
    text = status_text(report(key_results=[kr_row("KR-1", "on_track", 9.0), flagged]))
    assert text.index("KR-9") < text.index("KR-1")


def test_no_line_is_wider_than_80_columns_whatever_was_typed() -> None:
    long, wide = "A very long title that goes on and on " * 5, "統合スイート全体の平均導入時間" * 8
    rows = [
        kr_row(
            "KR-1", "off_track", 33.5, title=long, owners=[f"unit-{n}" for n in range(20)], flags=[{"reason": "pace"}]
        ),
        kr_row("A-KEY-THAT-IS-FAR-TOO-LONG", "stale", 1000.0, title=wide),
    ]
    blocker = {
        "number": 12345,
        "unit": "crm",
        "waits_for": "payments",
        "person": None,
        "until": "2026-12-12",
        "days": 4,
    }
    blockers = [{**blocker, "text": long}, {**blocker, "text": wide}, {**blocker, "text": "x" * 300}]
    text = status_text(report(key_results=rows, blockers=blockers))
    assert max(columns(line) for line in text.splitlines()) <= 80
    assert "x" * 60 in text
    assert "A-KEY-THAT-…" in text


def test_control_characters_in_titles_do_not_reach_the_terminal() -> None:
    text = status_text(report(key_results=[kr_row("KR-1", "stale", 1.0, title="a\x1b[31mred\nb\x07")]))
    assert all(c.isprintable() or c == "\n" for c in text)
    assert "a [31mred b" in text


def test_alignment_names_its_gaps_and_what_is_not_known() -> None:
    value = report()
    value["alignment"]["coverage"]["gaps"]["no_link"] = ["search", "identity"]
    lines = status_text(value).splitlines()
    assert "connection rate         83 %" in lines
    assert "net confidence         -12 %" in lines
    assert "shared lag index           -" in lines
    assert "no link: search, identity" in lines


def test_rounds_say_who_has_not_answered_and_why_one_was_skipped() -> None:
    def row(slot: str, lead: str | None, state: str, **more: Any) -> dict[str, Any]:
        return {"slot": f"{slot}T08:00:00+00:00", "lead": lead, "state": state, "answers": [], **more}

    rows = [
        row("2026-10-19", None, "skipped", reason="nobody to ask"),
        row("2026-11-02", "bo", "answered"),
        row("2026-11-02", "kim", "late"),
        row("2026-11-02", "mia", "missed"),
        row("2026-11-16", "bo", "asked"),
        row("2026-11-16", "mia", "upcoming"),
    ]
    lines = status_text(report(checkins=rows)).splitlines()
    at = lines.index("Check-ins, newest first")
    assert lines[at + 1 : at + 4] == [
        "2026-11-16  0 of 2 answered; waiting for bo; upcoming mia",
        "2026-11-02  2 of 3 answered; late kim; missed mia",
        "2026-10-19  skipped: nobody to ask",
    ]


def test_blockers_and_ratings_are_a_line_each() -> None:
    blocker = {
        "number": 12,
        "text": "API",
        "unit": "crm",
        "waits_for": "payments",
        "person": "bo",
        "until": "2026-12-12",
    }
    poll = {"cycle": "2026-Q4", "unit": "suite", "n": 3, "response_rate": 0.75, "mean": None, "spread": None}
    polls = [
        {**poll, "state": "open"},
        {**poll, "cycle": "2026-Q3", "state": "closed", "mean": 3.5, "spread": 0.5},
        {**poll, "cycle": "2026-Q2", "state": "skipped", "n": 0, "response_rate": None},
        {**poll, "cycle": "2026-Q1", "state": "closed", "n": 0, "response_rate": 0.0},
        {**poll, "cycle": "2025-Q4", "state": "closed", "anonymous": True},
    ]
    lines = status_text(report(blockers=[{**blocker, "days": 4}], ratings=polls)).splitlines()
    assert "B-12      4 d  crm waits for payments until 2026-12-12: API" in lines
    assert lines[-5:] == [
        "2026-Q4       suite: open, 3 voted (75 %) so far",
        "2026-Q3       suite: 3.5 of 5, spread 0.5, 3 voted (75 %)",
        "2026-Q2       suite: skipped, nobody was asked",
        "2026-Q1       suite: 0 voted (0 %)",
        "2025-Q4       suite: withheld: anonymous, and only 3 voted (75 %)",
    ]
