"""The sample portfolio is what the sandbox shows first: its size, its references and its troubles are promises."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

SANDBOX = Path(__file__).resolve().parents[2] / "sandbox"
KINDS = {"increase", "decrease", "keep_above", "keep_below", "keep_between", "milestone", "binary"}


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((SANDBOX / "portfolio.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def workspace() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((SANDBOX / "workspace.yaml").read_text(encoding="utf-8"))
    return loaded


def units(sample: dict[str, Any], level: str) -> dict[str, Any]:
    return {unit["key"]: unit for unit in sample["units"] if unit["level"] == level}


def line_objectives(sample: dict[str, Any]) -> list[dict[str, Any]]:
    return [o for o in sample["objectives"] if o["unit"] in units(sample, "product_line")]


def key_results(sample: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {kr["key"]: kr for objective in sample["objectives"] for kr in objective["key_results"]}


def reports(kr: dict[str, Any]) -> list[dict[str, Any]]:
    return [update for update in kr.get("updates", []) if update.get("role") != "view"]


def with_on(schedule: dict[Any, Any]) -> dict[str, Any]:
    """YAML 1.1, which PyYAML speaks, reads the bare key `on` as a truth value; the importer does not."""
    return {"on" if key is True else key: value for key, value in schedule.items()}


def contributors(sample: dict[str, Any], objective: str) -> set[str]:
    linked = [(o["unit"], c["objective"]) for o in line_objectives(sample) for c in o.get("contributes_to", [])]
    return {unit for unit, target in linked if target == objective}


def test_it_has_three_portfolio_objectives_and_exactly_fifteen_of_the_lines(sample: dict[str, Any]) -> None:
    assert sum(o["unit"] in units(sample, "portfolio") for o in sample["objectives"]) == 3
    assert len(line_objectives(sample)) == 15
    assert len(sample["objectives"]) == 18


def test_it_has_45_key_results_of_every_kind_with_both_commitments(sample: dict[str, Any]) -> None:
    found = key_results(sample)
    assert sum(len(o["key_results"]) for o in sample["objectives"]) == len(found) == 45
    assert {kr["kind"] for kr in found.values()} == KINDS
    commitments = Counter(kr.get("commitment", "aspirational") for kr in found.values())
    assert commitments.keys() == {"aspirational", "committed"}
    assert min(commitments.values()) >= 10


def test_at_least_eight_key_results_are_shared_and_every_one_has_a_reporter_from_an_owner(
    sample: dict[str, Any],
) -> None:
    shared = [kr for kr in key_results(sample).values() if len(kr["owners"]) > 1]
    assert len(shared) >= 8
    leads = {unit["key"]: unit.get("leads", []) for unit in sample["units"]}
    for kr in key_results(sample).values():
        assert kr["reporter"] in [lead for owner in kr["owners"] for lead in leads[owner]], kr["key"]


def test_at_least_six_product_lines_stand_at_all_three_stages(sample: dict[str, Any]) -> None:
    lines = units(sample, "product_line")
    assert len(lines) >= 6
    assert {line["stage"] for line in lines.values()} == {"growth", "mature", "sunset"}
    assert {line["parent"] for line in lines.values()} == units(sample, "portfolio").keys()


def test_most_but_not_all_of_the_lines_objectives_say_how_they_contribute(sample: dict[str, Any]) -> None:
    linked = [o for o in line_objectives(sample) if o.get("contributes_to")]
    assert 15 / 2 < len(linked) < 15
    portfolio = {o["key"] for o in sample["objectives"] if o["unit"] in units(sample, "portfolio")}
    for contribution in (c for o in linked for c in o["contributes_to"]):
        assert contribution["objective"] in portfolio
        assert len(contribution["how"].split()) >= 8


def test_every_reference_points_to_something(sample: dict[str, Any]) -> None:
    people = {person["key"] for person in sample["people"]}
    known_units = {unit["key"] for unit in sample["units"]}
    for unit in sample["units"]:
        assert unit.get("parent", unit["key"]) in known_units
        assert set(unit.get("leads", [])) <= people
    for kr in key_results(sample).values():
        assert set(kr["owners"]) <= known_units
        for update in kr.get("updates", []):
            assert update["by"] in people
            assert update.get("unit", "crm") in known_units
    assert {o["unit"] for o in sample["objectives"]} <= known_units
    assert {o["cycle"] for o in sample["objectives"]} == {cycle["key"] for cycle in sample["cycles"]}


def test_an_entry_has_only_the_keys_of_the_file_format(sample: dict[str, Any]) -> None:
    """An unquoted comma in a note would cut it and leave half a sentence as a key."""
    for kr in key_results(sample).values():
        for update in kr.get("updates", []):
            assert update.keys() <= {"at", "value", "confidence", "by", "note", "unit", "role", "blocked"}
        for step in kr.get("milestones", []):
            assert step.keys() == {"title", "weight", "due", "done"}


def test_history_runs_in_order_over_the_first_half_of_the_cycle(sample: dict[str, Any]) -> None:
    updates = [u for kr in key_results(sample).values() for u in kr.get("updates", [])]
    days = {update["at"] for update in updates}
    assert date(2026, 10, 1) <= min(days) < max(days) <= date(2026, 11, 16)
    assert len(updates) >= 120
    for kr in key_results(sample).values():
        assert all(a["at"] <= b["at"] for a, b in pairwise(kr.get("updates", []))), kr["key"]
    assert all(0 <= update["confidence"] <= 10 for update in updates)


def test_milestones_marked_done_agree_with_the_last_reported_weight(sample: dict[str, Any]) -> None:
    for kr in key_results(sample).values():
        if kr["kind"] == "milestone":
            done = sum(step["weight"] for step in kr["milestones"] if step["done"])
            assert done == reports(kr)[-1]["value"], kr["key"]


def test_the_portfolio_asks_every_second_monday_at_each_leads_own_nine_oclock(sample: dict[str, Any]) -> None:
    [suite] = units(sample, "portfolio").values()
    assert with_on(suite["cadence"]) == {
        "every": "2 weeks",
        "on": "monday",
        "at": "09:00",
        "starts": date(2026, 10, 5),
    }
    assert suite["cadence"]["starts"].strftime("%A") == "Monday"
    assert with_on(suite["digest"]) == {"every": "1 week", "on": "friday", "at": "15:00"}
    assert suite["channel"] != suite["leadership_channel"]


def test_one_shared_key_result_is_silent_for_a_month_and_one_lost_its_confidence(sample: dict[str, Any]) -> None:
    shared = [kr for kr in key_results(sample).values() if len(kr["owners"]) > 1]
    a_month_ago = date(2026, 11, 16) - timedelta(days=30)
    assert [kr["key"] for kr in shared if reports(kr)[-1]["at"] <= a_month_ago] == ["KR-6"]
    fallen = [kr["key"] for kr in shared if reports(kr)[-1]["confidence"] <= 3]
    assert fallen == ["KR-8"]


def test_one_line_has_no_link_upward_and_one_objective_has_one_line_only(sample: dict[str, Any]) -> None:
    linked = set[str]().union(*(contributors(sample, o["key"]) for o in sample["objectives"]))
    assert units(sample, "product_line").keys() - linked == {"search"}
    assert contributors(sample, "O-3") == {"identity"}
    assert len(contributors(sample, "O-1")) >= 2
    assert len(contributors(sample, "O-2")) >= 2


def test_the_sunset_line_has_an_acquisition_goal_that_nobody_reported(sample: dict[str, Any]) -> None:
    assert units(sample, "product_line")["desktop"]["stage"] == "sunset"
    goal = key_results(sample)["KR-44"]
    assert goal["owners"] == ["desktop"]
    assert goal["title"] == "New desktop customers signed"
    assert "updates" not in goal


def test_everybody_is_a_member_of_the_workspace_with_a_time_zone(
    sample: dict[str, Any], workspace: dict[str, Any]
) -> None:
    users = {user["id"]: user for user in workspace["users"]}
    for person in sample["people"]:
        member = users[person["slack"]]
        assert (member["name"], member["real_name"], member["email"]) == (
            person["key"],
            person["name"],
            person["email"],
        )
    assert len({ZoneInfo(user["tz"]).key for user in users.values()}) >= 7


def test_every_channel_exists_and_has_the_leads_of_its_unit_in_it(
    sample: dict[str, Any], workspace: dict[str, Any]
) -> None:
    members = {channel["id"]: set(channel["members"]) for channel in workspace["channels"]}
    slack = {person["key"]: person["slack"] for person in sample["people"]}
    assert set[str]().union(*members.values()) <= {user["id"] for user in workspace["users"]}
    for unit in sample["units"]:
        for channel in (unit.get("channel"), unit.get("leadership_channel")):
            if channel is not None:
                assert {slack[lead] for lead in unit["leads"]} <= members[channel], unit["key"]


def test_every_product_line_lead_reads_the_portfolios_channel(
    sample: dict[str, Any], workspace: dict[str, Any]
) -> None:
    [suite] = units(sample, "portfolio").values()
    [channel] = [c for c in workspace["channels"] if c["id"] == suite["channel"]]
    slack = {person["key"]: person["slack"] for person in sample["people"]}
    leads = {slack[lead] for line in units(sample, "product_line").values() for lead in line["leads"]}
    assert leads <= set(channel["members"])
