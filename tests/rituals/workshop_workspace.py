"""A workspace in a real database for the workshop's tests: a suite of three product lines before its next quarter."""

from datetime import UTC, datetime

from rituals.alignment.covered import covered
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from rituals.okrs.state import PortfolioState
from rituals.workshops import service
from rituals.workshops.noting import Noted, note_item
from rituals.workshops.planning import Plan, plan
from storage import workshops as store
from storage.database import Database
from storage.tables import Nudge, Workshop, WorkshopItem
from tests.portfolios import small_portfolio
from tests.rituals.stored import rows

TEAM = "T01TEST"
ANA, BO, MIA, KIM, ZOE = "U01ANA", "U02BO", "U03MIA", "U04KIM", "U06ZOE"
NOW = datetime(2026, 12, 14, 9, tzinfo=UTC)
"""Mon 14 Dec, 10:00 in Berlin."""
STARTS = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""Mon 4 Jan, 10:00 in Berlin: the first working day of the next quarter."""
ASKS = datetime(2026, 12, 29, 8, tzinfo=UTC)
"""Tue 29 Dec, 09:00 in Berlin: the third working day before, New Year's Day being none."""

PORTFOLIO = small_portfolio(
    ["Ana Ruiz U01ANA", "Bo Lind U02BO", "Mia Kern U03MIA", "Kim Oda U04KIM", "Zoe Blum U06ZOE"],
    {"CRM": "leads: [bo]", "Payments": "leads: [mia]", "Search": "leads: [kim]"},
    suite="leads: [ana], channel: C01ALL, holidays: {country: DE}",
    others=["{key: other, name: Other, level: portfolio, leads: [zoe]}"],
    quarters=["2026-Q4", "2027-Q1"],
    objectives="""\
  - {key: O-1, unit: suite, cycle: 2027-Q1, title: Customers start faster}
  - {key: O-2, unit: suite, cycle: 2027-Q1, title: Customers stay}
  - key: O-3
    unit: crm
    cycle: 2027-Q1
    title: New accounts are set up in a day
    contributes_to: [{objective: O-1, how: less to wait for}]
    key_results:
      - {key: KR-1, title: Time to set up an account, kind: decrease, start: 9, target: 1, measured_in: days,
         owners: [crm, payments]}
  - {key: O-4, unit: payments, cycle: 2027-Q1, title: Billing without questions}
""",
)


def set_up(db: Database, text: str = PORTFOLIO) -> None:
    """Import the portfolio."""
    import_portfolio(db, TEAM, text, now=NOW)


def planned(db: Database, *, channel: str = "C01ALL", starts_at: datetime = STARTS, user: str = ANA) -> int:
    """Plan the workshop of the next quarter; its row id."""
    return plan(db, TEAM, user, Plan("suite", "2027-Q1", channel, starts_at), now=NOW)


def begun(db: Database, *, at: datetime = STARTS) -> int:
    """Plan it and begin it."""
    number = planned(db)
    service.begin(db, TEAM, ANA, number, now=at, figures=covered)
    return number


def move_on(db: Database, number: int, times: int, *, at: datetime = STARTS, user: str = ANA) -> None:
    """Press Next so many times, each time on what is seen then."""
    for _ in range(times):
        step = workshop(db, number).step
        service.next_turn(db, TEAM, user, number, now=at, figures=covered, step=step)


def note(db: Database, number: int, noted: Noted, *, user: str = BO, key: str = "k", at: datetime = STARTS) -> int:
    """Note an item; its row id."""
    return note_item(db, TEAM, user, number, noted, key=key, now=at)


def workshop(db: Database, number: int) -> Workshop:
    """The row as it is."""
    with db.transaction(readonly=True) as session:
        row = store.get(session, TEAM, number)
    assert row is not None
    return row


def all_items(db: Database) -> list[WorkshopItem]:
    """Every item, taken back or not."""
    return rows(db, WorkshopItem)


def nudged(db: Database) -> list[Nudge]:
    """The ledger of nudges."""
    return rows(db, Nudge)


def portfolio(db: Database) -> PortfolioState:
    """The portfolio as it stands."""
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM)
