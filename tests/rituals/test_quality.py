"""The quality checks of METHOD: every rule with what is missing, a reason and a rewrite; the measure of outcome against
output on key results that were labelled before the rules were written.
"""

import random
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest

from rituals.okrs.model import Contribution, KeyResult, Milestone, Objective, Unit, Update
from rituals.okrs.put_aside import name_of, without
from rituals.okrs.quality import rules as quality
from rituals.okrs.quality import sets as quality_sets
from rituals.okrs.quality.rules import Finding
from rituals.okrs.quality.words import alike, alike_pairs, is_output, meeting, metric
from tests.rituals.quality_labels import LABELLED, Labelled
from tests.rituals.samples import MID, kr


def good(**changes: Any) -> KeyResult:
    """A key result with which nothing is wrong by itself."""
    return kr(**({"owners": ("crm",)} | changes))


def rules(found: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in found]


def unit(key: str, level: Any = "product_line", stage: Any = None, **more: Any) -> Unit:
    return Unit(key, key.title(), level, "suite", stage=stage, **more)


def objective(key: str, owner: str, *krs: KeyResult, to: str = "", cycle: str = "q4") -> Objective:
    links = (Contribution(to, "because of this and that"),) if to else ()
    placed = tuple(kr_with(one, objective=key) for one in krs)
    return Objective(key, f"Objective {key}", owner, cycle, placed, links)


def kr_with(one: KeyResult, **changes: Any) -> KeyResult:
    from dataclasses import replace

    return replace(one, **changes)


UNITS = {u.key: u for u in (unit("suite", "portfolio"), unit("crm"), unit("pay"), unit("apps"))}


def test_nothing_is_found_in_a_good_one() -> None:
    assert quality.of_key_result(good(), stages=["mature"]) == ()


def test_every_finding_says_what_is_missing_why_and_how_to_write_it_instead() -> None:
    [found] = quality.of_key_result(good(title="Launch integration between A and B"))
    assert found.missing == '"Launch" names a deliverable and no measured effect'
    assert found.reason == "It can be done and change nothing."
    rewrite = '"Share of customers who use integration between A and B, from … to … by 31 December"'
    assert found.rewrite == f"Say what it changes: {rewrite}."
    assert found.advice == f"{found.missing}. {found.reason} {found.rewrite}"


# Outcome, not output


def test_the_methods_own_examples() -> None:
    assert is_output("Launch integration between A and B")
    assert not is_output("Increase cross-product usage by 30 %")


@pytest.mark.parametrize("verb", ["Launch", "Ship", "Build", "Release", "Migrate", "Create"])
def test_every_deliverable_that_method_names_is_an_output(verb: str) -> None:
    assert "outcome" in rules(quality.of_key_result(good(title=f"{verb} the partner portal")))


def test_a_deliverable_with_its_measured_effect_is_none() -> None:
    assert not is_output("Launch the partner portal so that orders by phone fall from 40 % to 10 %")
    assert is_output("Launch the partner portal so that it is available")


@pytest.mark.parametrize(
    ("title", "pattern"),
    [
        ("Build five connectors", "Share of customers who use five connectors"),
        ("Roll out the design system", "Share of customers who use the design system"),
        ("Migrate to the new data centre", "Cost, errors or time that to the new data centre saves"),
        ("Hire six engineers", "What six engineers makes faster or better"),
        ("Blog posts published", "Share of those reached by Blog posts who act on it"),
    ],
)
def test_the_rewrite_is_a_pattern_for_that_kind_of_deliverable(title: str, pattern: str) -> None:
    [found] = [f for f in quality.of_key_result(good(title=title)) if f.rule == "outcome"]
    assert pattern.removeprefix("Cost, errors or time that to") in found.rewrite


def measured(labelled: list[Labelled]) -> tuple[float, float]:
    """Precision and recall of the outputs."""
    said = [one for one in labelled if is_output(one.title)]
    right = [one for one in said if one.label == "output"]
    outputs = [one for one in labelled if one.label == "output"]
    return len(right) / len(said), len(right) / len(outputs)


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_outputs_are_told_from_outcomes_with_nine_in_ten_right(held_out: bool) -> None:
    labelled = [one for one in LABELLED if one.held_out is held_out]
    precision, recall = measured(labelled)
    assert len(LABELLED) >= 120
    assert len(labelled) >= 40
    assert precision >= 0.9, f"{precision:.2f}"
    assert recall >= 0.9, f"{recall:.2f}"


# Specific, measurable, achievable, relevant, time-bound


def test_specific_a_word_that_everybody_understands_differently() -> None:
    [found] = [
        f for f in quality.of_key_result(good(title="Improve customer delight", measured_in="")) if f.rule == "specific"
    ]
    assert found.missing == '"improve" is understood differently by everyone'
    assert "specific" not in rules(quality.of_key_result(good(title="Improve NPS", measured_in="points")))


def test_measurable_no_number() -> None:
    found = quality.of_key_result(good(target=None, start=Decimal(1)))
    assert [f.missing for f in found] == ["It has no number"]
    done = quality.of_key_result(good(kind="binary", title="Contract with the bank", due=date(2026, 12, 1)))
    assert [(f.rule, f.missing) for f in done] == [("measurable", "It has no number")]


def test_measurable_no_metric() -> None:
    found = quality.of_key_result(good(measured_in="", title="Deals closed without a call"))
    assert [f.missing for f in found] == ["It has no metric"]


def test_each_thing_that_one_key_result_lacks_is_put_aside_by_itself() -> None:
    metric_, baseline = quality.of_key_result(good(measured_in="", start=None, title="Deals closed without a call"))
    assert (metric_.missing, baseline.missing) == ("It has no metric", "It has no baseline")
    assert without((metric_, baseline), {name_of(metric_)}) == (baseline,)


def test_measurable_no_baseline_but_a_bound_needs_none() -> None:
    assert [f.missing for f in quality.of_key_result(good(start=None))] == ["It has no baseline"]
    assert quality.of_key_result(good(kind="keep_below", start=None)) == ()


def test_achievable_a_target_that_is_met_already() -> None:
    begun = quality.of_key_result(good(kind="increase"))  # 45 to 20 days, upwards
    assert [f.missing for f in begun] == ["The target 20 days is met already: it stands at 45 days"]
    reported = good(updates=(Update(MID, Decimal(19)),))
    assert [f.missing for f in quality.of_key_result(reported)] == [
        "The target 20 days is met already: it stands at 19 days"
    ]
    reached = good(updates=(Update(MID, Decimal(30)), Update(MID, Decimal(19))))
    assert quality.of_key_result(reached) == ()


def test_achievable_a_target_of_more_than_ten_times_the_baseline() -> None:
    def of(target: int, **more: Any) -> list[str]:
        return rules(quality.of_key_result(good(kind="increase", start=Decimal(2), target=Decimal(target)), **more))

    assert (of(20), of(21)) == ([], ["achievable"])
    assert of(21, stages=["growth"]) == []


def test_time_bound_no_date() -> None:
    half = good(kind="milestone", title="Half of the 12 clinics live", milestones=(Milestone("Pilot"),))
    [found] = quality.of_key_result(half)
    assert (found.rule, found.missing) == ("time_bound", "It has no date")
    assert "15 November" in found.rewrite
    dated = kr_with(half, milestones=(Milestone("Pilot", due=date(2026, 11, 1)),))
    assert quality.of_key_result(dated) == ()


def test_relevant_an_objective_that_moves_nothing_above_or_does_not_say_how() -> None:
    two = (good(key="KR-1"), good(key="KR-2"))
    alone = quality.of_objective(objective("O-2", "crm", *two), UNITS["crm"])
    assert [(f.rule, f.missing) for f in alone] == [("relevant", "It contributes to no objective above it")]
    assert quality.of_objective(objective("O-2", "crm", *two, to="O-1"), UNITS["crm"]) == ()
    unsaid = kr_link("O-1", "")
    [found] = quality.of_objective(Objective("O-2", "T", "crm", "q4", two, (unsaid,)), UNITS["crm"])
    assert found.missing == "How it moves O-1 is not said"
    assert quality.of_objective(objective("O-1", "top", *two), Unit("top", "Top", "company")) == ()


def kr_link(to: str, how: str) -> Contribution:
    return Contribution(to, how)


# Lifecycle


@pytest.mark.parametrize(
    ("stage", "title", "found"),
    [
        ("sunset", "New customers a month", ["lifecycle"]),
        ("sunset", "Customers who moved to the web", []),
        ("mature", "Sign-ups per week", ["lifecycle"]),
        ("mature", "Retention of accounts after a year", []),
        ("growth", "New customers a month", []),
    ],
)
def test_what_a_key_result_asks_for_fits_the_lifecycle_of_its_line(stage: Any, title: str, found: list[str]) -> None:
    assert rules(quality.of_key_result(good(title=title), stages=[stage])) == found


def test_one_template_for_lines_of_different_stages_is_a_finding() -> None:
    units = {key: unit(key, stage=stage) for key, stage in (("a", "growth"), ("b", "mature"), ("c", "sunset"))}
    titles = ("Revenue per account", "Active users per week")

    def lines(*keys: str) -> list[Objective]:
        return [objective(f"O-{key}", key, *(good(key=f"{key}{n}", title=t, owners=(key,), measured_in=m)
                for n, (t, m) in enumerate(zip(titles, ("$", "users"), strict=True)))) for key in keys]  # fmt: skip

    found = [f for f in quality_sets.of_portfolio(lines("a", "b", "c"), units) if f.rule == "template"]
    assert [f.missing for f in found] == [
        "A, B, C have the same key results although they stand at different places of their lifecycle"
    ]
    assert "template" not in rules(quality_sets.of_portfolio(lines("a", "b"), units))
    same = {key: unit(key, stage="growth") for key in units}
    assert "template" not in rules(quality_sets.of_portfolio(lines("a", "b", "c"), same))


# Together


@pytest.mark.parametrize(("owner", "number", "found"), [("suite", 3, 0), ("suite", 4, 1), ("crm", 5, 0), ("crm", 6, 1)])
def test_how_many_objectives_a_portfolio_and_a_line_have_in_a_cycle(owner: str, number: int, found: int) -> None:
    objectives = [objective(f"O-{n}", owner) for n in range(number)]
    assert rules(quality_sets.of_portfolio(objectives, UNITS)) == ["objectives"] * found
    assert rules(quality_sets.of_objective(objectives[0], objectives, UNITS)) == ["objectives"] * found
    other = [objective(f"O-{n}", owner, cycle=f"q{n}") for n in range(number)]
    assert quality_sets.of_portfolio(other, UNITS) == ()


@pytest.mark.parametrize(("number", "found"), [(0, []), (1, ["key_results"]), (2, []), (4, []), (5, ["key_results"])])
def test_two_to_four_key_results_an_objective(number: int, found: list[str]) -> None:
    krs = [good(key=f"KR-{n}") for n in range(number)]
    assert rules(quality.of_objective(objective("O-1", "crm", *krs, to="O-9"), UNITS["crm"])) == found


def test_a_co_owner_without_anything_of_its_own_for_a_shared_key_result_is_named() -> None:
    shared = kr(key="KR-1", owners=("suite", "crm", "pay"))
    home, own = objective("O-1", "suite", shared), objective("O-2", "crm", to="O-1")
    found = quality_sets.of_key_result(shared, [home, own], UNITS)
    assert [f.missing for f in found] == [
        "Pay co-owns KR-1 and has no key result or objective of its own that supports it"
    ]
    part = objective("O-3", "pay", good(key="KR-9", title="Onboarding time on average", owners=("pay",)))
    assert quality_sets.of_key_result(shared, [home, own, part], UNITS) == ()


def pair(one: KeyResult, other: KeyResult) -> list[Finding]:
    objectives = [objective("O-1", "crm", one), objective("O-2", "pay", other)]
    return [f for f in quality_sets.of_portfolio(objectives, UNITS) if f.rule in {"twice", "opposite"}]


def test_two_units_that_measure_the_same_thing_are_told_so_with_both_texts() -> None:
    one, other = good(key="KR-1"), good(key="KR-2", title="Onboarding time, average", owners=("pay",))
    [found] = pair(one, other)
    assert found.rule == "twice"
    assert found.missing == (
        'Crm: KR-1 "Average onboarding time" and Pay: KR-2 "Onboarding time, average" measure the same thing twice'
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Trial conversion of mobile accounts", "Trial conversoin of mobile accounts", True),
        ("Organisation wide adoption of search answers", "Organization wide adoption of search answers", True),
        ("Onboarding effort of enterprise accounts a month", "Onboard effort of enterprise accounts a month", True),
        ("Active accounts in mobile search", "Inactive accounts in mobile search", False),
        ("Internal incidents resolved within a day", "External incidents resolved within a day", False),
        ("Inbound calls of enterprise accounts", "Outbound calls of enterprise accounts", False),
        ("Customer revenue retention in Spain", "Customer revenue attention in Spain", False),
    ],
)
def test_a_metric_that_is_spelt_otherwise_is_the_same_and_its_opposite_is_not(one: str, other: str, same: bool) -> None:
    found = pair(good(key="KR-1", title=one), good(key="KR-2", title=other, owners=("pay",)))
    assert bool(found) is same


def test_two_units_that_pull_one_metric_in_opposite_directions_are_told_so_with_both_texts() -> None:
    up = good(key="KR-2", owners=("pay",), kind="increase", start=Decimal(20), target=Decimal(45))
    [found] = pair(good(key="KR-1"), up)
    assert found.rule == "opposite"
    assert '"Average onboarding time" and Pay: KR-2 "Average onboarding time" pull one metric' in found.missing


@pytest.mark.parametrize(
    "other",
    [
        {"owners": ("crm",)},  # their own
        {"measured_in": "%"},  # in another measure
        {"title": "Average response time"},  # another metric
        {"starts": date(2027, 1, 1), "ends": date(2027, 3, 31)},  # of another cycle
    ],
)
def test_what_is_not_the_same_metric_at_the_same_time_is_no_pair(other: dict[str, Any]) -> None:
    assert pair(good(key="KR-1"), good(**({"key": "KR-2", "owners": ("pay",)} | other))) == []


@pytest.mark.parametrize(
    "title",
    [
        "Open deals touched in the last seven days",
        "Clean records",
        "Pilot customers who go live",
        "Questions, of the test set",
    ],
)
def test_a_word_that_only_describes_is_no_deliverable(title: str) -> None:
    assert not is_output(title)


def test_the_highest_objective_has_nothing_above_it_to_move() -> None:
    two = (good(key="KR-1"), good(key="KR-2"))
    assert quality.of_objective(objective("O-1", "suite", *two), UNITS["suite"], highest=True) == ()


def _titles(many: int, words: int) -> list[str]:
    """Titles of five words each out of `words`, drawn so that each run has the same."""
    drawn = random.Random(5)
    vocabulary = ["".join(letters) for letters in product("bdfgk", "aeiou", "lmnrt", "aeiou")][:words]
    return [" ".join(drawn.sample(vocabulary, 5)) for _ in range(many)]


def test_every_two_titles_that_are_alike_are_found() -> None:
    titles = [*_titles(150, 12), "", "% of", "one"]
    both = [pair for pair in combinations(range(len(titles)), 2) if alike(titles[pair[0]], titles[pair[1]])]
    assert len(both) > 10
    assert alike_pairs(titles) == both


def test_few_of_two_thousand_titles_are_compared_and_none_that_share_no_word() -> None:
    looked_at = list(meeting([metric(title) for title in _titles(2000, 400)]))
    assert len(looked_at) == len(set(looked_at)) < 50_000  # of 1,999,000 pairs
    assert list(meeting([frozenset({f"one{n}", f"other{n}"}) for n in range(50)])) == []
