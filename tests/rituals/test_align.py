"""`/okr align`: the figures of a portfolio, what each is made of, and the days on which they are kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlmodel import select

from rituals import align
from rituals.alignment import checks, service
from rituals.alignment.keeping import keep_due
from rituals.alignment.page import AlignmentPage
from rituals.errors import Refusal
from rituals.okrs.load import load_portfolio
from rituals.status import status
from storage.database import Database
from storage.tables import AlignmentRecord, Cycle, Objective, RatingInvite, RatingPoll, RatingVote, Unit
from tests.rituals.halden import ANA, NOW, TEAM


def page(db: Database, query: str = "", *, now: datetime = NOW) -> AlignmentPage:
    """What Ana sees."""
    return align.show(db, TEAM, ANA, query, now=now)


def test_the_page_and_the_status_for_scripts_say_the_same(halden: Database) -> None:
    shown, row = page(halden), status(halden, TEAM, now=NOW)["alignment"]
    assert shown.connection == row["connection_rate"] == round(11 / 15, 4)
    assert (shown.shared_pace, shown.own_pace) == (row["shared_velocity"], row["unit_velocity"])
    assert (shown.lag, shown.net_confidence) == (row["shared_lag_index"], row["net_confidence"])


def test_the_figures_of_the_sample_by_hand(halden: Database) -> None:
    shown = page(halden)
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    tops = {o.key for o in state.objectives if state.units[o.unit].level == "portfolio"}
    lines = [o for o in state.objectives if state.units[o.unit].level == "product_line"]
    linked = [o.key for o in lines if {c.objective for c in o.contributes_to} & tops]
    assert sorted({o.key for o in lines} - set(linked)) == ["O-13", "O-14", "O-18", "O-6"]
    assert (shown.linked, shown.objectives) == (len(linked), len(lines)) == (11, 15)
    statuses = [state.figures(kr, NOW).status for kr in state.current_key_results(NOW)]
    on, off = statuses.count("on_track"), statuses.count("off_track")
    assert (shown.on_track, shown.off_track, shown.key_results) == (on, off, 45)
    assert shown.net_confidence == round(float(Fraction(on - off, 45)), 4)


def test_lines_without_a_link_stand_first_in_the_matrix_and_among_the_gaps(halden: Database) -> None:
    shown = page(halden)
    assert [top.key for top in shown.columns] == ["O-1", "O-2", "O-3"]
    assert (shown.rows[0].name, set(shown.rows[0].cells)) == ("Search", {"none"})
    assert len(shown.rows) == 7
    assert shown.gaps == ("Search has no link to an objective of the portfolio",)


def test_what_the_connection_rate_is_made_of_begins_with_what_is_missing(halden: Database) -> None:
    found = align.made(halden, TEAM, ANA, page(halden).unit_key, "connection", now=NOW)
    assert len(found.lines) == 15
    assert [line.startswith("no link: ") for line in found.lines] == [True] * 4 + [False] * 11


def test_what_the_paces_are_made_of_begins_with_the_slowest_shared_one(halden: Database) -> None:
    found = align.made(halden, TEAM, ANA, page(halden).unit_key, "pace", now=NOW)
    assert found.lines[0].startswith("shared, 0.00: KR-6 ")
    assert sum(line.startswith("shared, ") for line in found.lines) == 11


def test_every_key_result_is_counted_once_in_the_net_confidence(halden: Database) -> None:
    found = align.made(halden, TEAM, ANA, page(halden).unit_key, "confidence", now=NOW)
    assert sum(int(line.split()[0]) for line in found.lines) == 45


def test_the_baselines_of_every_cycle_stand_first_the_newest_first(halden: Database) -> None:
    with halden.transaction() as session:
        state = load_portfolio(session, TEAM)
        past = Cycle(team_id=TEAM, key="2026-Q3", starts=date(2026, 7, 1), ends=date(2026, 9, 30))
        session.add(past)
        session.flush()
        for cycle, day, rate in (
            (past.id, date(2026, 7, 1), 0.55),
            (past.id, date(2026, 8, 3), 0.4),
            (past.id, date(2026, 9, 30), 0.7),
            (state.cycles["2026-Q4"].id, date(2026, 10, 1), 0.6),
        ):
            row = AlignmentRecord(
                team_id=TEAM, unit_id=state.unit_ids["suite"], cycle_id=cycle or 0, local_date=day, at=NOW
            )
            row.figures = {"connection_rate": rate}
            session.add(row)
    lines = align.made(halden, TEAM, ANA, "suite", "connection", now=NOW).lines
    assert lines[:2] == ("2026-Q4: 60 % on 1 Oct", "2026-Q3: 55 % on 1 Jul, 70 % on 30 Sep (+15)")


def test_the_coverage_is_opened_by_its_gaps_and_then_link_by_link(halden: Database) -> None:
    lines = align.made(halden, TEAM, ANA, "suite", "coverage", now=NOW).lines
    assert lines[0] == "Search has no link to an objective of the portfolio"
    assert "O-1, Identity moves it: KR-39, KR-40, KR-1" in lines
    cells = [cell for row in page(halden).rows for cell in row.cells if cell != "none"]
    assert len(lines) == 1 + len(cells)


def test_one_line_alone_has_its_own_figures(halden: Database) -> None:
    shown = page(halden, "crm")
    assert (shown.unit, shown.objectives) == ("CRM", 3)
    assert shown.lag is None  # two shared ones and three of its own are not there


def test_a_line_alone_is_linked_to_the_objectives_of_the_portfolio_above_it(halden: Database) -> None:
    shown = page(halden, "crm")
    assert (shown.linked, shown.connection) == (2, round(2 / 3, 4))
    assert [top.key for top in shown.columns] == ["O-1", "O-2", "O-3"]
    [crm] = shown.rows
    whole = next(row for row in page(halden).rows if row.name == "CRM")
    assert crm == whole
    assert shown.gaps == ()  # that others work on an objective is not seen from here
    found = align.made(halden, TEAM, ANA, "crm", "connection", now=NOW)
    assert [line[:12] for line in found.lines] == ["no link: O-6", "to O-2: O-4 ", "to O-1: O-5 "]
    assert page(halden, "search").gaps == ("Search has no link to an objective of the portfolio",)


def test_an_unknown_unit_is_refused_with_what_is_near(halden: Database) -> None:
    with pytest.raises(Refusal, match="No unit"):
        page(halden, "marketing department")


def test_figures_are_kept_once_a_day_that_counts_and_give_the_baseline(halden: Database) -> None:
    october = datetime(2026, 10, 1, 9, tzinfo=UTC)
    kept = [keep_due(halden, TEAM, now=october + timedelta(hours=n)) for n in range(3)]
    assert kept == [1, 0, 0]
    assert keep_due(halden, TEAM, now=NOW) == 1
    shown = page(halden, now=NOW + timedelta(days=1)).standing
    assert (shown.since, shown.before_on) == (october.date(), NOW.date())
    assert shown.first == shown.before == round(11 / 15, 4)
    lines = align.made(halden, TEAM, ANA, page(halden).unit_key, "connection", now=NOW).lines
    assert lines[0] == "2026-Q4: 73 % on 1 Oct, 73 % on 16 Nov (unchanged)"
    with halden.transaction(readonly=True) as session:
        rows = session.exec(select(AlignmentRecord)).all()
    assert {row.local_date.isoformat() for row in rows} == {"2026-10-01", "2026-11-16"}


def test_what_is_kept_of_a_cycle_is_of_that_cycle_alone(halden: Database) -> None:
    with halden.transaction() as session:
        state = load_portfolio(session, TEAM)
        longer = Cycle(team_id=TEAM, key="2026", starts=date(2026, 1, 1), ends=date(2026, 12, 31))
        session.add(longer)
        session.flush()
        rest = session.exec(select(Objective).where(Objective.key == "O-6")).one()
        rest.cycle_id = longer.id or 0
    assert keep_due(halden, TEAM, now=NOW) == 2
    with halden.transaction(readonly=True) as session:
        kept = {row.cycle_id: (row.figures or {})["connection_rate"] for row in session.exec(select(AlignmentRecord))}
    assert kept == {longer.id: 0.0, state.cycles["2026-Q4"].id: round(11 / 14, 4)}


def test_ratings_stand_beside_the_figures_with_their_lines(halden: Database) -> None:
    _rate(halden, {"bo": 4, "mia": 2})
    shown = page(halden)
    assert [(one.cycle, one.mean, one.votes, one.asked) for one in shown.ratings] == [("2026-Q4", 3.0, 2, 3)]
    assert shown.rating_and_pace is None  # one cycle says nothing
    found = align.made(halden, TEAM, ANA, shown.unit_key, "ratings", now=NOW)
    assert found.lines[0] == "2026-Q4: 3.0 of 5, spread 1.0, 2 of 3 voted"
    assert any(line.endswith(": 2026-Q4 4.0") for line in found.lines)


def test_a_private_line_is_no_part_of_what_a_stranger_sees(halden: Database) -> None:
    with halden.transaction() as session:
        unit = session.exec(select(Unit).where(Unit.key == "search")).one()
        unit.private = True
        session.add(unit)
    shown = align.show(halden, TEAM, "U0STRANGER", "", now=NOW)
    assert "Search" not in str(shown)
    assert shown.objectives == 13


def test_what_was_kept_tells_a_stranger_nothing_of_a_private_line(halden: Database) -> None:
    _make_private(halden, "search")
    october = datetime(2026, 10, 1, 9, tzinfo=UTC)
    keep_due(halden, TEAM, now=october)
    stranger = align.show(halden, TEAM, "U0STRANGER", "", now=NOW)
    assert (stranger.linked, stranger.objectives) == (11, 13)
    assert stranger.standing.first == round(11 / 13, 4)  # of the same 13, and not of 15
    assert page(halden).standing.first == round(11 / 15, 4)


def test_what_was_kept_before_a_line_became_private_is_not_shown_to_a_stranger(halden: Database) -> None:
    keep_due(halden, TEAM, now=datetime(2026, 10, 1, 9, tzinfo=UTC))
    _make_private(halden, "search")
    assert align.show(halden, TEAM, "U0STRANGER", "", now=NOW).standing.first is None
    assert page(halden).standing.first == round(11 / 15, 4)


def _make_private(db: Database, key: str) -> None:
    with db.transaction() as session:
        session.exec(select(Unit).where(Unit.key == key)).one().private = True


def _rate(db: Database, votes: dict[str, int]) -> None:
    with db.transaction() as session:
        state = load_portfolio(session, TEAM)
        top = next(key for key, unit in state.units.items() if unit.level == "portfolio")
        poll = RatingPoll(
            team_id=TEAM,
            unit_id=state.unit_ids[top],
            cycle_id=state.cycles["2026-Q4"].id,
            opens_at=NOW,
            closes_at=NOW,
            state="closed",
        )
        session.add(poll)
        session.flush()
        for key in (*votes, "omar"):
            session.add(RatingInvite(team_id=TEAM, poll_id=poll.id or 0, person_id=state.people[key].id))
        for key, score in votes.items():
            person = state.people[key].id
            session.add(RatingVote(team_id=TEAM, poll_id=poll.id or 0, person_id=person, score=score, at=NOW))


def test_the_map_of_the_sample_shows_every_objective_under_what_it_moves(halden: Database) -> None:
    lines = service.show_map(halden, TEAM, ANA, "", now=NOW).lines
    assert {line.key for line in lines} == {f"O-{n}" for n in range(1, 19)}
    under = [lines[n + 1].key for n, line in enumerate(lines) if line.key == "O-3"]
    assert under == ["O-15"]
    assert {line.depth for line in lines} == {0, 1}


def test_the_sample_shares_by_nine_pairs_and_one_line_stands_alone(halden: Database) -> None:
    page = service.show_sharing(halden, TEAM, ANA, "", now=NOW)
    assert len(page.pairs) == 9
    assert page.alone == ("Desktop",)
    assert page.pairs[0].behind == max(pair.behind for pair in page.pairs)


def test_a_line_alone_shares_what_it_owns_wherever_that_stands(halden: Database) -> None:
    page = service.show_sharing(halden, TEAM, ANA, "crm", now=NOW)
    assert page.alone == ()
    assert {name for pair in page.pairs for name in (pair.one, pair.other)} == {
        "CRM", "Payments", "Analytics", "Identity", "Mobile", "Search",
    }  # fmt: skip
    assert all("CRM" in {pair.one, pair.other} for pair in page.pairs)
    assert service.show_sharing(halden, TEAM, ANA, "desktop", now=NOW).alone == ("Desktop",)


@pytest.mark.parametrize("view", [align.show, service.show_map, service.show_sharing, checks.show_check])
def test_a_workspace_without_a_portfolio_is_told_how_to_begin(sqlite_db: Database, view: Callable[..., object]) -> None:
    with pytest.raises(Refusal, match="no portfolio to align yet"):
        view(sqlite_db, TEAM, ANA, "", now=NOW)


def test_a_private_portfolio_is_nobody_elses_to_begin_with(halden: Database) -> None:
    with halden.transaction() as session:
        next(unit for unit in session.exec(select(Unit)) if unit.level == "portfolio").private = True
    assert service.show_map(halden, TEAM, "U0STRANGER", "", now=NOW).unit != "a private unit"
