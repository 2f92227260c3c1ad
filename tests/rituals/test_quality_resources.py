"""One resource promised to two lines: what counts as a claim, and when two claims are a conflict."""

from datetime import date
from decimal import Decimal

import pytest

from rituals.okrs.model import Contribution, KeyResult, Milestone, Objective, Unit
from rituals.okrs.quality.resources import Said, sentences, twice_promised
from rituals.okrs.quality.rules import Finding
from rituals.okrs.resources import claimed
from tests.rituals.quality_labels import LABELLED
from tests.rituals.resource_labels import labelled

Q4 = (date(2026, 10, 1), date(2026, 12, 31))
UNITS = {
    unit.key: unit
    for unit in (
        Unit("suite", "Product suite", "portfolio"),
        Unit("crm", "CRM", "product_line", parent="suite"),
        Unit("crm-ops", "CRM operations", "team", parent="crm"),
        Unit("search", "Search", "product_line", parent="suite"),
        Unit("mobile", "Mobile", "product_line", parent="suite"),
    )
}


def says(key: str, unit: str, text: str, starts: date = Q4[0], ends: date = Q4[1]) -> Said:
    return Said(key, (unit,), text, starts, ends)


def found(*said: Said, names: tuple[str, ...] = ()) -> list[Finding]:
    return list(twice_promised(said, UNITS, names))


CRM = says("KR-1", "crm", "Rebuild the import screen with the design team")
SEARCH = says("KR-9", "search", "The design team rebuilds the results page")


@pytest.mark.parametrize("held_out", [False, True])
def test_claims_are_read_with_few_false_alarms_and_few_misses(held_out: bool) -> None:
    among = [pair for place, pair in enumerate(labelled()) if (place % 3 == 2) is held_out]
    hits = sum(resource in claimed(text) for resource, text in among if resource)
    false = sum(len(claimed(text) - {resource}) for resource, text in among)
    assert hits / (hits + false) >= 0.9
    assert hits / sum(bool(resource) for resource, _ in among) >= 0.9


def test_usual_key_results_claim_nothing() -> None:
    assert [one.title for one in LABELLED if claimed(one.title)] == []


def test_both_texts_and_the_days_are_quoted() -> None:
    [finding] = found(CRM, SEARCH)
    assert finding.missing == (
        'CRM: KR-1 "Rebuild the import screen with the design team" and '
        'Search: KR-9 "The design team rebuilds the results page" both count on one design team, 1 Oct to 31 Dec'
    )
    assert (finding.rule, finding.about, finding.between) == ("resource", ("KR-1", "KR-9"), ("crm", "search"))
    assert finding.quotes == (CRM.text, SEARCH.text)


def test_one_claim_or_two_of_one_line_or_of_a_team_below_it_are_no_conflict() -> None:
    assert found(CRM) == []
    assert found(CRM, says("KR-2", "crm", "Two weeks of the design team")) == []
    assert found(CRM, says("KR-2", "crm-ops", "Two weeks of the design team")) == []
    assert found(CRM, says("KR-2", "suite", "Two weeks of the design team")) == []
    shared = Said("KR-3", ("search", "crm"), "Two weeks of the design team", *Q4)
    assert found(CRM, shared) == []


def test_claims_at_different_times_are_no_conflict() -> None:
    later = says("KR-9", "search", SEARCH.text, date(2027, 1, 1), date(2027, 3, 31))
    assert found(CRM, later) == []
    october = says("KR-1", "crm", "The design team rebuilds the import screen in October")
    december = says("KR-9", "search", "The design team rebuilds the results page in December")
    assert found(october, december) == []
    assert len(found(october, says("KR-9", "search", "We need the design team in October"))) == 1


def test_every_further_line_is_told_once() -> None:
    more = says("KR-7", "mobile", "Half of the design team is needed"), says("KR-8", "mobile", "All of the design team")
    assert [f.about for f in found(CRM, SEARCH, *more)] == [("KR-1", "KR-9"), ("KR-1", "KR-7")]


def test_a_person_named_by_two_lines_is_promised_to_both() -> None:
    said = (says("KR-1", "crm", "Kim Berg writes the importer"), says("B-4", "search", "waiting for Kim Berg's review"))
    [finding] = found(*said, names=("Kim Berg", "Kim", "Ana Ruiz"))
    assert finding.topic == "Kim Berg"
    assert claimed("Kimberly Berg", {"kim": ["Kim Berg"]}) == frozenset()


def test_objectives_contributions_key_results_and_milestones_are_read() -> None:
    steps = (
        Milestone("Design", due=date(2026, 10, 31)),
        Milestone("Lab days", due=date(2026, 11, 30)),
        Milestone("Launch"),
    )
    kr = KeyResult(
        "KR-1",
        "Import",
        "milestone",
        *Q4,
        objective="O-1",
        owners=("crm", "search"),
        target=Decimal(1),
        milestones=steps,
    )
    objective = Objective("O-1", "Imports", "crm", "Q4", (kr,), (Contribution("O-0", "Moves it"),))
    read = [(one.key, one.units, one.text, one.starts, one.ends) for one in sentences([objective], {"Q4": Q4})]
    assert read == [
        ("O-1", ("crm",), "Imports", *Q4),
        ("O-1", ("crm",), "Moves it", *Q4),
        ("KR-1", ("crm", "search"), "Import", *Q4),
        ("KR-1", ("crm", "search"), "Design", date(2026, 10, 1), date(2026, 10, 31)),
        ("KR-1", ("crm", "search"), "Lab days", date(2026, 10, 31), date(2026, 11, 30)),
        ("KR-1", ("crm", "search"), "Launch", date(2026, 11, 30), date(2026, 12, 31)),
    ]
