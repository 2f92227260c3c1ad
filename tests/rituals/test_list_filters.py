"""The filters of `/okr list` on the sample portfolio: alone, together, mistyped and unclear."""

import pytest
from sqlmodel import select

from rituals.errors import Refusal
from rituals.okrs.cards import ListPage
from storage.database import Database
from storage.tables import Unit
from tests.rituals.halden import BO, INES, SAM, TEAM, whole_list


def page(db: Database, query: str, user: str = BO) -> ListPage:
    """What a line shows."""
    return whole_list(db, user, query)


def refusal(db: Database, query: str, user: str = BO) -> Refusal:
    """The refusal of a line."""
    with pytest.raises(Refusal) as no:
        page(db, query, user)
    return no.value


def keys(found: ListPage) -> set[str]:
    return {line.key for line in found.lines}


@pytest.mark.parametrize(
    ("query", "title", "again"),
    [
        ("", "All key results", ""),
        ("mine", "Your key results", "mine"),
        ("MINE Behind", "Your key results, falling behind", "mine behind"),
        ("behind shared", "Shared, falling behind", "shared behind"),
        ("crm 2026-Q4", "CRM, 2026-Q4", "2026-Q4 crm"),
        ("2026-q4 behind crm", "CRM, 2026-Q4, falling behind", "behind 2026-Q4 crm"),
        ("unit crm", "CRM", "crm"),
        ("cycle 2026Q4", "2026-Q4", "2026-Q4"),
        ("q4", "2026-Q4", "2026-Q4"),
        ("Q4 2026 crm", "CRM, 2026-Q4", "2026-Q4 crm"),
        ("*shared* or `behind`!", "Shared, falling behind", "shared behind"),
        ("<@U04MIA> behind", "Mia Tanaka, falling behind", "behind <@U04MIA>"),
        ("<@U04MIA|mia>", "Mia Tanaka", "<@U04MIA>"),
        ("@mia", "Mia Tanaka", "<@U04MIA>"),
        ("@Mia Tanaka shared", "Mia Tanaka, shared", "shared <@U04MIA>"),
        ("@mia payments", "Payments, Mia Tanaka", "payments <@U04MIA>"),
        ("mia tanaka", "Mia Tanaka", "<@U04MIA>"),
        ("paymnts", "Payments", "payments"),
        ("shared, behind, crm", "CRM, shared, falling behind", "shared behind crm"),
    ],
)
def test_filters_stand_alone_and_together_in_any_order(halden: Database, query: str, title: str, again: str) -> None:
    found = page(halden, query)
    assert (found.title, found.query) == (title, again)
    assert keys(page(halden, again)) == keys(found)


def test_together_they_all_apply(halden: Database) -> None:
    both = keys(page(halden, "crm shared behind"))
    assert both == keys(page(halden, "crm")) & keys(page(halden, "shared")) & keys(page(halden, "behind"))
    assert both


@pytest.mark.parametrize(
    ("query", "title", "read"),
    [
        ("behnd", "Falling behind", (("behnd", "behind"),)),
        ("shard behidn", "Shared, falling behind", (("shard", "shared"), ("behidn", "behind"))),
        ("crm behin", "CRM, falling behind", (("behin", "behind"),)),
        ("Q4", "2026-Q4", (("Q4", "2026-Q4"),)),
    ],
)
def test_a_mistyped_filter_is_read_as_what_it_must_be_and_said_so(
    halden: Database, query: str, title: str, read: tuple[tuple[str, str], ...]
) -> None:
    found = page(halden, query)
    assert (found.title, found.read) == (title, read)


def test_a_unit_that_can_be_several_is_asked_back_with_whole_lines(halden: Database) -> None:
    with halden.transaction() as session:
        units = {u.key: u for u in session.exec(select(Unit).where(Unit.team_id == TEAM))}
        units["crm"].name, units["payments"].name = "Customer records", "Customer payments"
    no = refusal(halden, "behind customer")
    assert "Which?" in no.text
    assert {choice.value for choice in no.choices} == {"behind crm", "behind payments"}
    assert page(halden, no.choices[0].value).title.endswith("falling behind")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("<@U12SAM|sam>", "has no part in this portfolio"),
        ("qqqq", 'No unit, person or cycle "qqqq". Type mine, shared, behind, @person, a cycle, or a unit such as'),
        ("crm 2031-Q1", 'No cycle "2031-Q1". There is 2026-Q4.'),
        ("crm banana", 'No unit "crm banana". Did you mean CRM?'),
    ],
)
def test_what_is_nothing_of_these_says_what_there_is(halden: Database, query: str, words: str) -> None:
    assert words in refusal(halden, query).text


def test_behind_says_the_reason_of_those_whose_status_alone_does_not(halden: Database) -> None:
    found = page(halden, "behind")
    reasons = dict(found.why)
    assert reasons
    assert all(line.status not in {"off_track", "at_risk"} for line in found.lines if line.key in reasons)
    assert page(halden, "shared").why == ()


def test_every_line_has_its_pace_where_there_is_a_way_to_go(halden: Database) -> None:
    lines = {line.key: line for line in page(halden, "").lines}
    assert lines["KR-1"].pace == "36 % of the way, 15 points behind"
    assert lines["KR-7"].pace == ""  # kept above a bound: there is no way to go


def test_a_private_unit_is_unknown_to_others_in_names_lines_and_suggestions(halden: Database) -> None:
    with halden.transaction() as session:
        unit = session.exec(select(Unit).where(Unit.team_id == TEAM, Unit.key == "crm")).one()
        unit.private, name = True, unit.name
    assert "KR-12" in keys(page(halden, "crm", BO))
    for user in (INES, SAM):
        assert "KR-12" not in keys(page(halden, "", user))
        no = refusal(halden, "crm", user)
        assert name not in no.text.replace('"crm"', "")
        assert [choice for choice in no.choices if "crm" in choice.value] == []
