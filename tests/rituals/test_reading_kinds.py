"""What kind a blocker is by its words, and when two are one."""

import pytest

from rituals.checkins.reading_kinds import kind_of
from rituals.checkins.reading_same import is_same, the_same


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("waiting for Payments' API until 12 Dec", "dependency"),
        ("we need the schema from Mobile", "dependency"),
        ("Wir warten auf Payments", "dependency"),
        ("waiting for a decision about the score cut-off", "decision"),
        ("legal looks at the contract", "external"),
        ("nobody signed off the audit log", "decision"),
        ("the consent form has not been approved", "decision"),
        ("nobody can say who owns the refund rules", "decision"),
        ("Mia is sick, nobody else knows the code", "people"),
        ("no crew for substation 7", "people"),
        ("no budget for the pilot", "resource"),
        ("license count is too low", "resource"),
        ("the vendor is late", "external"),
        ("the regulator asks for another report", "external"),
        ("the requirements changed again", "scope"),
        ("CI is red since Monday", "technical"),
        ("the index crashes at night", "technical"),
        ("blocked by a bug in our own importer", "technical"),
        ("billing API", ""),
        ("", ""),
        ("redesign of the page", ""),
        ("illustrations are missing", ""),
    ],
)
def test_the_kind_is_what_the_words_speak_of(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("billing API", "dependency"),
        ("their service is down", "dependency"),
        ("waiting for a decision", "decision"),
        ("no staff there", "people"),
        ("the specs are late", "dependency"),
    ],
)
def test_what_another_unit_of_ours_owes_is_a_dependency_unless_it_is_a_decision_or_people(text: str, kind: str) -> None:
    assert kind_of(text, waits_for_unit=True) == kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("waiting for Payments' API until 12 Dec", "Waiting for  Payments' API until 12 Dec"),
        ("waiting for Payments' API until 12 Dec", "still waiting for Payments' API, now until 19 Dec"),
        ("waiting for Payments' API", "blocked by Payments, API"),
        ("we need the export schema from Analytics by 20 Nov", "the export schema from Analytics is still missing"),
        ("waiting for Payments", "waiting for Payments since Monday"),
        ("等待支付团队", "等待支付团队"),
    ],
)
def test_a_repetition_is_the_same(one: str, other: str) -> None:
    assert is_same(one, other)
    assert is_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("waiting for Payments' API", "waiting for Payments' contract"),
        ("waiting for Payments' API", "waiting for Identity's API"),
        ("waiting for Payments' API", "the index is slow"),
        ("no test data", "no test devices"),
        ("等待支付团队", "等待法务"),
        ("blocked", "waiting"),
    ],
)
def test_another_thing_or_another_unit_is_another_blocker(one: str, other: str) -> None:
    assert not is_same(one, other)


def test_the_unit_alone_repeats_what_is_said_of_it_if_only_one_thing_is() -> None:
    api, contract = "waiting for Payments' API", "waiting for Payments' contract"
    assert the_same("still waiting for Payments", [api], provider="Payments") == 0
    assert the_same("still waiting for Payments", [api, contract], provider="Payments") is None
    assert the_same("still waiting for Payments", [api]) is None
    assert the_same(contract, [api, contract], provider="Payments") == 1
    assert the_same("waiting for Search", [api, contract], provider="Search") is None
