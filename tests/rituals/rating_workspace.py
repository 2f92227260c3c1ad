"""A workspace in a real database for the rating's tests: a suite of four product lines, three of them in the cycle."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from rituals.notices import RatingResult
from rituals.okrs.portfolio.service import import_portfolio
from storage.database import Database
from storage.people import everyone
from storage.tables import Cycle, RatingInvite, RatingPoll, RatingVote
from tests.portfolios import FASTER, small_portfolio
from tests.rituals.stored import promised, rows

TEAM = "T01TEST"
OPENS = datetime(2026, 12, 29, 8, tzinfo=UTC)
"""Tue 29 Dec, 09:00 in Berlin: the third-last working day of the cycle."""
CLOSES = datetime(2027, 1, 5, 17, tzinfo=UTC)
"""Tue 5 Jan, 18:00 in Berlin: the third working day after it."""
OPEN = OPENS + timedelta(hours=2)

PORTFOLIO = small_portfolio(
    [
        "Ana Ruiz U01ANA",
        "Bo Lind U02BO",
        "Mia Kern U03MIA",
        "Kim Oda U04KIM",
        "Lee Park lee@example.com",
        "Zoe Blum U06ZOE",
    ],
    {"CRM": "leads: [bo, kim]", "Payments": "leads: [mia, bo]", "Search": "leads: [lee]", "Idle": "leads: [zoe]"},
    quarters=["2026-Q4", "2027-Q1"],
    objectives=FASTER
    + """\
  - {key: O-2, unit: search, cycle: 2026-Q4, title: Found at once}
  - {key: O-3, unit: idle, cycle: 2027-Q1, title: Later}
""",
)


def set_up(db: Database, text: str = PORTFOLIO) -> None:
    """Import the portfolio."""
    import_portfolio(db, TEAM, text, now=datetime(2026, 10, 1, tzinfo=UTC))


def polls(db: Database) -> list[RatingPoll]:
    """The ledger."""
    return rows(db, RatingPoll)


def invited(db: Database) -> set[str]:
    """The keys of those who are asked in any poll."""
    with db.transaction(readonly=True) as session:
        keys = {p.id: p.key for p in everyone(session, TEAM)}
        return {keys[invite.person_id] for invite in session.exec(select(RatingInvite))}


def votes(db: Database) -> list[tuple[int, str]]:
    """Every vote as (score, comment)."""
    with db.transaction(readonly=True) as session:
        return [(v.score, v.comment) for v in session.exec(select(RatingVote).order_by(col(RatingVote.person_id)))]


def posted_result(db: Database) -> RatingResult:
    """The one result that was promised."""
    [row] = promised(db, RatingResult.KIND)
    return RatingResult.model_validate(row.data)


def earlier_poll(db: Database, key: str, *scores: int) -> None:
    """A closed poll of the suite for a cycle in the past with these votes."""
    with db.transaction() as session:
        cycle = Cycle(team_id=TEAM, key=key, starts=datetime(2026, 7, 1).date(), ends=datetime(2026, 9, 30).date())
        session.add(cycle)
        session.flush()
        at = datetime(2026, 9, 28, 7, tzinfo=UTC)
        unit_id = polls_unit(db)
        poll = RatingPoll(
            team_id=TEAM, unit_id=unit_id, cycle_id=cycle.id or 0, opens_at=at, closes_at=at, state="closed"
        )
        session.add(poll)
        session.flush()
        for person, score in zip(everyone(session, TEAM), scores, strict=False):
            row = RatingVote(team_id=TEAM, poll_id=poll.id or 0, person_id=person.id or 0, score=score, at=at)
            session.add(row)


def polls_unit(db: Database) -> int:
    """The suite's row id."""
    from storage.people import units

    with db.transaction(readonly=True) as session:
        return next(u.id for u in units(session, TEAM) if u.key == "suite" and u.id is not None)
