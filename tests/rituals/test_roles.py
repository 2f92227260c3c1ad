"""Who may see and change what."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from rituals.okrs import roles
from rituals.okrs.model import Bands, Contribution, Objective, Unit
from rituals.okrs.state import Member, PortfolioState, Rhythm
from tests.rituals.samples import kr

UTC = ZoneInfo("UTC")


def unit(key: str, parent: str | None, *leads: str, private: bool = False) -> Unit:
    """A unit of the small company below."""
    return Unit(key, key.upper(), "product_line", parent, leads, private=private)


def state(*, private: str = "") -> PortfolioState:
    """Ana leads the suite, Bo the CRM, Mia Payments; Zoe is an admin of the workspace, Tom leads nothing."""
    people = [Member(n, key, key.title(), f"U{key}", UTC) for n, key in enumerate(("ana", "bo", "mia", "tom"))]
    people.append(Member(9, "zoe", "Zoe", "Uzoe", UTC, admin=True))
    units = [unit("acme", None), unit("suite", "acme", "ana"), unit("crm", "suite", "bo"), unit("pay", "suite", "mia")]
    units = [replace(u, private=u.key == private) for u in units]
    mine, shared = kr(key="KR-1", owners=("crm",), reporter=None), kr(key="KR-2", owners=("crm", "pay"), reporter="tom")
    return PortfolioState(
        team_id="T1",
        zone=UTC,
        bands=Bands(),
        url="",
        people={p.key: p for p in people},
        units={u.key: u for u in units},
        unit_ids={u.key: n for n, u in enumerate(units)},
        rhythms={u.key: Rhythm(None, None, None, None) for u in units},
        cycles={},
        objectives=(
            Objective("O-1", "Mine", "crm", "q4", (mine,)),
            Objective("O-2", "Ours", "suite", "q4", (shared,)),
        ),
    )


@pytest.mark.parametrize(
    ("person", "key", "may"),
    [
        ("bo", "KR-1", True),  # leads its owner
        ("ana", "KR-1", True),  # leads the portfolio above
        ("zoe", "KR-1", True),  # an admin
        ("mia", "KR-1", False),  # leads another line
        ("mia", "KR-2", True),  # leads a co-owner
        ("tom", "KR-2", True),  # reports it
        ("tom", "KR-1", False),
        (None, "KR-1", False),
    ],
)
def test_leads_write_what_is_theirs_and_those_above_and_admins_everything(
    person: str | None, key: str, may: bool
) -> None:
    portfolio = state()
    assert roles.may_write(portfolio, person, portfolio.key_results[key]) is may


def test_who_leads_the_root_is_an_admin() -> None:
    portfolio = state()
    assert not roles.is_admin(portfolio, "ana")
    units = {**portfolio.units, "acme": unit("acme", None, "ana")}
    assert roles.is_admin(replace(portfolio, units=units), "ana")


def test_a_missed_round_goes_up_to_the_nearest_leads_above() -> None:
    assert roles.leads_above(state(), "crm") == ("ana",)
    assert roles.leads_above(state(), "suite") == ()


@pytest.mark.parametrize(
    ("person", "seen"),
    [("bo", True), ("ana", True), ("zoe", True), ("mia", False), ("tom", False), (None, False)],
)
def test_what_a_private_unit_owns_alone_is_seen_by_those_who_answer_for_it(person: str | None, seen: bool) -> None:
    assert ("KR-1" in roles.seen_by(state(private="crm"), person).key_results) is seen


def test_what_a_private_unit_shares_with_a_public_one_stays_public() -> None:
    assert "KR-2" in roles.seen_by(state(private="crm"), None).key_results


def test_what_is_below_a_private_unit_is_private_too() -> None:
    assert roles.seen_by(state(private="suite"), None).objectives == ()


def test_a_public_portfolio_is_seen_as_it_is() -> None:
    portfolio = state()
    assert roles.seen_by(portfolio, None) is portfolio


def test_a_hidden_unit_keeps_its_place_and_loses_its_name() -> None:
    seen = roles.seen_by(state(private="crm"), "mia")
    assert seen.units["crm"].name == roles.PRIVATE_UNIT
    assert "crm" in seen.below("suite")
    assert "crm" not in seen.named_units
    assert roles.seen_by(state(private="crm"), "bo").units["crm"].name == "CRM"


def test_the_objective_of_a_private_unit_loses_its_words_where_a_shared_key_result_stays() -> None:
    portfolio = state(private="crm")
    ours = replace(portfolio.objectives[1], unit="crm", contributes_to=(Contribution("O-1", "secretly"),))
    seen = roles.seen_by(replace(portfolio, objectives=(portfolio.objectives[0], ours)), "mia")
    [objective] = seen.objectives
    assert (objective.title, objective.contributes_to) == (roles.PRIVATE_OBJECTIVE, ())
    assert [kr.key for kr in objective.key_results] == ["KR-2"]


def test_a_link_to_a_hidden_objective_is_not_shown() -> None:
    portfolio = state(private="crm")
    ours = replace(portfolio.objectives[1], contributes_to=(Contribution("O-1", "secretly"),))
    portfolio = replace(portfolio, objectives=(portfolio.objectives[0], ours))
    assert roles.seen_by(portfolio, "mia").objectives_by_key["O-2"].contributes_to == ()
    assert roles.seen_by(portfolio, "bo").objectives_by_key["O-2"].contributes_to != ()


def test_who_reports_a_private_key_result_sees_it() -> None:
    portfolio = state(private="crm")
    reported = replace(portfolio.objectives[0], key_results=(kr(key="KR-1", owners=("crm",), reporter="tom"),))
    portfolio = replace(portfolio, objectives=(reported, portfolio.objectives[1]))
    assert "KR-1" in roles.seen_by(portfolio, "tom").key_results
    assert "KR-1" not in roles.seen_by(portfolio, "mia").key_results


def test_a_channel_shows_what_is_public_and_that_of_a_private_unit_also_what_is_its_own() -> None:
    portfolio = state(private="crm")
    assert "KR-1" not in roles.public(portfolio).key_results
    assert "KR-1" not in roles.public(portfolio, of="suite").key_results
    assert "KR-1" in roles.public(portfolio, of="crm").key_results


def test_a_refusal_says_whose_it_is_and_whom_to_ask() -> None:
    portfolio = state()
    assert roles.not_yours(portfolio, "KR-1", ["crm"]).text == "KR-1 is CRM's: ask Bo or Ana."
    hidden = roles.seen_by(state(private="crm"), "mia")
    assert roles.not_yours(hidden, "KR-2", ["pay", "crm"]).text == "KR-2 is PAY's and a private unit's: ask Mia or Ana."


def test_nobody_writes_as_nobody() -> None:
    portfolio = state()
    assert not roles.may_write(portfolio, None, replace(portfolio.key_results["KR-1"], reporter=None))
