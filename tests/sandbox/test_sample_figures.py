"""The figures of the sample portfolio on 16 November, recomputed by hand: plain arithmetic on what the file says, by
METHOD's definitions and none of the product's rules, beside what `plumbline status` prints.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from rituals.okrs.portfolio.service import import_portfolio
from rituals.status import status
from storage.database import Database

SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"
TEAM = "T01TEST"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TODAY, STARTS, ENDS = NOW.date(), date(2026, 10, 1), date(2026, 12, 31)
TWO_WINDOWS_AGO, ONE_AGO = TODAY - timedelta(days=28), TODAY - timedelta(days=14)

Plan = dict[str, Any]


@pytest.fixture(scope="module")
def sample() -> Plan:
    loaded: Plan = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def alignment(sqlite_db: Database) -> Plan:
    import_portfolio(sqlite_db, TEAM, SAMPLE.read_text(encoding="utf-8"), now=NOW)
    found: Plan = status(sqlite_db, TEAM, now=NOW)["alignment"]
    return found


def key_results(sample: Plan) -> list[Plan]:
    return [kr for objective in sample["objectives"] for kr in objective["key_results"]]


def number(written: object) -> Fraction:
    return Fraction(str(written))


def reports(kr: Plan, until: date) -> list[Plan]:
    """What its reporter said by the end of a day."""
    return [u for u in kr.get("updates", []) if u.get("role") != "view" and u["at"] <= until]


def progress(kr: Plan, on: date) -> Fraction | None:
    """METHOD, "Progress": (value − start) / (target − start), or done weight / all weight."""
    said = reports(kr, on)
    if not said:
        return Fraction(0) if on <= STARTS else None
    value = number(said[-1]["value"])
    if kr.get("kind") == "milestone":
        return value / sum(number(step["weight"]) for step in kr["milestones"])
    return (value - number(kr["start"])) / (number(kr["target"]) - number(kr["start"]))


def share(since: date, until: date) -> Fraction:
    return Fraction((until - since).days, (ENDS - STARTS).days)


def velocity(kr: Plan, since: date, until: date) -> Fraction | None:
    """METHOD, "Alignment figures": change in p ÷ change in elapsed share."""
    if kr.get("kind", "increase") not in {"increase", "decrease", "milestone"}:
        return None
    before, after = progress(kr, since), progress(kr, until)
    return None if before is None or after is None else (after - before) / share(since, until)


def medians(sample: Plan, since: date, until: date) -> tuple[Fraction, Fraction]:
    """Of the shared ones, and of those of one unit."""
    found: dict[bool, list[Fraction]] = {True: [], False: []}
    for kr in key_results(sample):
        speed = velocity(kr, since, until)
        if speed is not None:
            found[len(kr["owners"]) > 1].append(speed)
    assert (len(found[True]) >= 2, len(found[False]) >= 3) == (True, True)
    return median(found[True]), median(found[False])


def test_eleven_of_fifteen_objectives_of_the_lines_are_linked(sample: Plan, alignment: Plan) -> None:
    lines = {unit["key"] for unit in sample["units"] if unit["level"] == "product_line"}
    own = [o for o in sample["objectives"] if o["unit"] in lines]
    assert (sum(bool(o.get("contributes_to")) for o in own), len(own)) == (11, 15)
    assert alignment["connection_rate"] == 0.7333  # 11 ÷ 15


def test_shared_work_goes_at_little_more_than_half_the_pace_of_own_work(sample: Plan, alignment: Plan) -> None:
    shared, own = medians(sample, TWO_WINDOWS_AGO, TODAY)
    assert alignment["shared_velocity"] == float(round(shared, 4)) == 0.65
    assert alignment["unit_velocity"] == float(round(own, 4)) == 1.1401
    assert alignment["shared_lag_index"] == float(round(shared / own, 4)) == 0.5701


def test_in_both_windows_alone_it_lags_as_well(sample: Plan) -> None:
    older = medians(sample, TWO_WINDOWS_AGO, ONE_AGO)
    newer = medians(sample, ONE_AGO, TODAY)
    assert [round(float(shared / own), 2) for shared, own in (older, newer)] == [0.44, 0.44]


def kept(kr: Plan, value: Fraction) -> Fraction:
    """METHOD: inside the bound 1, outside 1 − distance ÷ tolerance, at least 0."""
    low = {"keep_above": kr.get("target"), "keep_between": kr.get("low")}.get(kr["kind"])
    high = {"keep_below": kr.get("target"), "keep_between": kr.get("high")}.get(kr["kind"])
    if low is not None and value < number(low):
        bound, distance = number(low), number(low) - value
    elif high is not None and value > number(high):
        bound, distance = number(high), value - number(high)
    else:
        return Fraction(1)
    return max(Fraction(0), 1 - distance / number(kr.get("tolerance") or bound / 10))


def reached_and_expected(kr: Plan) -> tuple[Fraction, Fraction]:
    """METHOD, "Expected progress and pace"."""
    kind, value = kr.get("kind", "increase"), number(reports(kr, TODAY)[-1]["value"])
    if kind.startswith("keep_"):
        return kept(kr, value), Fraction(1)
    if kind == "binary":
        return value, Fraction(kr.get("due") is not None and kr["due"] <= TODAY)
    if kind == "milestone":
        steps = kr["milestones"]
        whole = sum((number(step["weight"]) for step in steps), Fraction(0))
        due = sum((number(step["weight"]) for step in steps if step["due"] <= TODAY), Fraction(0))
        return value / whole, due / whole
    reached = progress(kr, TODAY)
    assert reached is not None
    return reached, share(STARTS, TODAY)


def standing(kr: Plan) -> str:
    """METHOD: the first rule that holds."""
    said = reports(kr, TODAY)
    if not said:
        return "no data" if (TODAY - STARTS).days > 14 else "not started"
    reached, expected = reached_and_expected(kr)
    if reached >= 1 and not kr.get("kind", "").startswith("keep_"):
        return "achieved"
    if (TODAY - said[-1]["at"]).days > 21:  # one and a half times two weeks
        return "stale"
    gap = (expected - reached) * 100
    return "off track" if gap > 25 else "at risk" if gap > 10 else "on track"


def test_thirty_three_of_forty_five_are_on_track_and_one_is_off(sample: Plan, alignment: Plan) -> None:
    found = Counter(standing(kr) for kr in key_results(sample))
    assert found == {"on track": 33, "off track": 1, "at risk": 7, "stale": 2, "no data": 1, "achieved": 1}
    assert alignment["net_confidence"] == float(round(Fraction(33 - 1, 45), 4)) == 0.7111


def test_the_matrix_is_linked_where_the_file_links_and_moves_where_a_value_did(sample: Plan, alignment: Plan) -> None:
    lines = [unit["key"] for unit in sample["units"] if unit["level"] == "product_line"]
    tops = [o for o in sample["objectives"] if o["unit"] == "suite"]
    assert alignment["coverage"]["cells"] == {
        top["key"]: {line: cell(sample, top, line) for line in lines} for top in tops
    }
    assert sum(c == "none" for row in alignment["coverage"]["cells"].values() for c in row.values()) == 6
    gaps = {"fewer_than_two_lines": [], "no_link": ["search"], "all_stalled": []}
    assert alignment["coverage"]["gaps"] == gaps


def cell(sample: Plan, top: Plan, line: str) -> str:
    """What a line does for an objective of the portfolio; in the sample every link has one that moves it."""
    moving = [o for o in sample["objectives"] if o["unit"] == line and top["key"] in targets(o)]
    krs = [kr for o in moving for kr in o["key_results"]] + [kr for kr in top["key_results"] if line in kr["owners"]]
    if not krs:
        return "none"
    assert any(moves(kr) for kr in krs), (top["key"], line)
    return "moving"


def moves(kr: Plan) -> bool:
    """A point or more in two windows; and a bound that is kept asks for no more."""
    if kr.get("kind", "").startswith("keep_"):
        return kept(kr, number(reports(kr, TODAY)[-1]["value"])) == 1
    return abs((velocity(kr, TWO_WINDOWS_AGO, TODAY) or 0) * share(TWO_WINDOWS_AGO, TODAY)) >= Fraction(1, 100)


def targets(objective: Plan) -> set[str]:
    return {link["objective"] for link in objective.get("contributes_to", [])}
