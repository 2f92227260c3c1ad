"""A workspace in a real database for the tests of a cycle's close: a suite of two lines and a private one, with a key
result of every kind, at the end of the fourth quarter of 2026.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from sqlmodel import SQLModel, select

from rituals.closing import finishing, service
from rituals.closing.pages import ClosingPage, GradeForm
from rituals.closing.reading import Decision
from rituals.closing.rules import Outcome
from rituals.notices.closing import Finished
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.portfolio.service import import_portfolio
from storage.database import Database
from storage.tables import Cycle, Grade

T = TypeVar("T", bound=SQLModel)
TEAM = "T01TEST"
ANA, BO, MIA, SAM, LENA = "U01ANA", "U02BO", "U03MIA", "U04SAM", "U05LENA"
BEGUN = datetime(2026, 10, 1, tzinfo=UTC)
EARLY = datetime(2026, 12, 21, 9, tzinfo=UTC)
OVER = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""Mon 4 Jan: the cycle ended on Thursday."""
Q4, Q1 = "2026-Q4", "2027-Q1"

PORTFOLIO = """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: lena, name: Lena Vogt, slack: U05LENA}
  - {key: ana, name: Ana Ruiz, slack: U01ANA}
  - {key: bo, name: Bo Lind, slack: U02BO}
  - {key: mia, name: Mia Kern, slack: U03MIA}
  - {key: sam, name: Sam Oda, slack: U04SAM}
units:
  - {key: acme, name: Acme, level: company, leads: [lena]}
  - {key: suite, name: Product suite, level: portfolio, parent: acme, leads: [ana], channel: C01ALL,
     cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
  - {key: payments, name: Payments, level: product_line, parent: suite, leads: [mia]}
  - {key: stealth, name: Stealth, level: product_line, parent: suite, leads: [sam], private: true}
cycles:
  - {key: 2026, starts: 2026-01-01, ends: 2026-12-31}
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - {key: O-1, unit: suite, cycle: 2026-Q4, title: Customers start faster}
  - key: O-2
    unit: crm
    cycle: 2026-Q4
    title: Nobody waits for an account
    contributes_to: [{objective: O-1, how: an account is the first thing that is waited for}]
    key_results:
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20, measured_in: days,
         owners: [crm], reporter: bo, updates: [{at: 2026-12-21, value: 30, confidence: 7, by: bo}]}
      - {key: KR-2, title: Accounts on two products, start: 0, target: 100, measured_in: "%", owners: [crm, payments],
         reporter: bo, weight: 2, updates: [{at: 2026-12-21, value: 95, confidence: 8, by: bo}]}
      - {key: KR-3, title: Sign-ups that finish, start: 40, target: 80, measured_in: "%", owners: [crm],
         updates: [{at: 2026-12-21, value: 80, confidence: 9, by: bo}]}
  - key: O-3
    unit: payments
    cycle: 2026-Q4
    title: Payments that never wait
    contributes_to: [{objective: O-2, how: an account needs to be able to pay}]
    key_results:
      - {key: KR-4, title: Failed payments, kind: keep_below, target: 2, tolerance: 1, measured_in: "%",
         owners: [payments], commitment: committed, updates: [{at: 2026-12-21, value: 2.3, confidence: 9, by: mia}]}
      - {key: KR-5, title: Steps to the new provider, kind: milestone, owners: [payments], commitment: committed,
         milestones: [{title: Contract, done: 2026-10-20}, {title: Traffic, weight: 2}, {title: Old one off}]}
      - {key: KR-6, title: Audit passed, kind: binary, owners: [payments]}
  - key: O-4
    unit: stealth
    cycle: 2026-Q4
    title: A secret plan
    contributes_to: [{objective: O-1, how: in secret}]
    key_results:
      - {key: KR-7, title: Secret users, start: 0, target: 10, owners: [stealth],
         updates: [{at: 2026-12-21, value: 2, confidence: 3, by: sam}]}
"""


def set_up(db: Database, text: str = PORTFOLIO) -> Database:
    """Import the portfolio; the year is closed already, so that the quarter is what waits."""
    import_portfolio(db, TEAM, text, now=BEGUN)
    with db.transaction() as session:
        year = session.exec(select(Cycle).where(Cycle.key == "2026")).first()
        if year is not None:
            year.closed_at = BEGUN
            session.add(year)
    return db


def state(db: Database) -> PortfolioState:
    """The portfolio as it is stored."""
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM)


def kr(db: Database, key: str) -> KeyResult:
    """A key result as it is stored."""
    return state(db).key_results[key]


def decide(
    db: Database, user: str, key: str, outcome: Outcome, *, now: datetime = OVER, **said: str | None
) -> GradeForm | ClosingPage:
    """Decide on one key result of the quarter."""
    return service.decide(db, TEAM, user, Q4, Decision(key, outcome, **said), now=now)  # type: ignore[arg-type]


def decide_all(db: Database, *, now: datetime = OVER) -> None:
    """Ana takes what is suggested, and carries over what needs more than that."""
    service.decide_many(db, TEAM, ANA, Q4, "suggested", now=now)


def finish(db: Database, user: str = ANA, *, now: datetime = OVER, early: bool = False) -> Finished:
    """Close the quarter."""
    return finishing.finish(db, TEAM, user, Q4, early=early, now=now)


def grades(db: Database) -> dict[str, tuple[str, Decimal | None]]:
    """Outcome and score by key."""
    keys = state(db).key_result_ids
    with db.transaction(readonly=True) as session:
        return {keys[row.key_result_id]: (row.outcome, row.score) for row in session.exec(select(Grade))}
