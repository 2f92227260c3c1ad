"""A small workspace in a real database for the digest's tests: a suite of three lines with two shared key results."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from rituals.okrs.portfolio.service import import_portfolio
from storage import tables
from storage.database import Database

TEAM = "T01TEST"
FRIDAY = datetime(2026, 11, 13, 14, tzinfo=UTC)
"""15:00 in Berlin: the digest's slot."""

LINK = "https://acme.slack.com/archives/C01ALL/p1731000000000100"

PORTFOLIO = """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, slack: U01ANA}
  - {key: bo, name: Bo Lind, slack: U02BO}
  - {key: mia, name: Mia Kern, slack: U03MIA}
units:
  - {key: acme, name: Acme, level: company}
  - key: suite
    name: Product suite
    level: portfolio
    parent: acme
    leads: [ana]
    channel: C01ALL
    leadership_channel: C01LEADERS
    cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}
    digest: {every: 1 week, on: friday, at: "15:00"}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo], stage: mature}
  - {key: payments, name: Payments, level: product_line, parent: suite, leads: [mia], stage: growth}
  - {key: labs, name: Labs, level: portfolio, parent: acme}
cycles:
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Customers start faster
    key_results:
      - key: KR-1
        title: Onboarding time
        kind: decrease
        start: 45
        target: 20
        measured_in: days
        owners: [crm, payments]
        reporter: bo
        updates:
          - {at: 2026-10-19, value: 43, by: bo}
          - {at: 2026-11-09, value: 42, by: bo, note: Pilot waits}
      - key: KR-2
        title: Accounts on two products
        start: 0
        target: 100
        measured_in: "%"
        owners: [crm, payments]
        reporter: mia
        updates: [{at: 2026-10-19, value: 20, by: mia}, {at: 2026-11-09, value: 47, by: mia}]
  - key: O-2
    unit: crm
    cycle: 2026-Q4
    title: Less typing
    contributes_to: [{objective: O-1, how: less typing is a faster start}]
    key_results:
      - {key: KR-3, title: Fields by hand, kind: decrease, start: 30, target: 10, measured_in: fields, owners: [crm]}
  - key: O-9
    unit: labs
    cycle: 2026-Q4
    title: Something else
    key_results:
      - {key: KR-9, title: Experiments, start: 0, target: 10, owners: [labs]}
"""


def set_up(db: Database, text: str = PORTFOLIO) -> None:
    """Import the portfolio."""
    import_portfolio(db, TEAM, text, now=datetime(2026, 10, 1, tzinfo=UTC))


def unit_ids(db: Database) -> dict[str, int]:
    """Row ids of units by key."""
    from storage.people import units

    with db.transaction(readonly=True) as session:
        return {u.key: u.id for u in units(session, TEAM) if u.id is not None}


def person_ids(db: Database) -> dict[str, int]:
    """Row ids of people by key."""
    from storage.people import everyone

    with db.transaction(readonly=True) as session:
        return {p.key: p.id for p in everyone(session, TEAM) if p.id is not None}


def add(db: Database, *rows: Any) -> list[int]:
    """Write rows; their ids."""
    with db.transaction() as session:
        for row in rows:
            session.add(row)
        session.flush()
        return [row.id for row in rows]


def add_answer(
    db: Database,
    text: str,
    *,
    person: str = "bo",
    source: str = "channel",
    ask: int | None = None,
    at: datetime = FRIDAY - timedelta(days=3),
) -> int:
    """An answer with the permalink LINK."""
    row = tables.Answer(
        team_id=TEAM,
        ask_id=ask,
        person_id=person_ids(db)[person],
        slack_user="U02BO",
        source=source,
        source_key=f"message:{text[:20]}",
        text=text,
        permalink=LINK,
        at=at,
    )
    return add(db, row)[0]


def add_blocker(
    db: Database,
    number: int,
    text: str,
    by: str = "crm",
    on: str | None = "payments",
    answer: int | None = None,
    **more: Any,
) -> int:
    """An open blocker, three days old at FRIDAY."""
    units = unit_ids(db)
    given: dict[str, Any] = {"opened_at": FRIDAY - timedelta(days=3), "state": "open"}
    row = tables.Blocker(
        team_id=TEAM,
        number=number,
        text=text,
        unit_id=units[by],
        waits_for_unit_id=units[on] if on else None,
        answer_id=answer,
        **(given | more),
    )
    return add(db, row)[0]


def add_round(db: Database, *asks: tuple[str, str], day: date = date(2026, 11, 9), state: str = "closed") -> list[int]:
    """A round of the suite with its asks as (person, state); the asks' ids."""
    slot = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    due_at = slot + timedelta(days=2)
    unit, people = unit_ids(db)["suite"], person_ids(db)
    (round_id,) = add(
        db,
        tables.CheckinRound(
            team_id=TEAM, unit_id=unit, local_date=day, number=3, state=state, slot=slot, due_at=due_at
        ),
    )
    return add(
        db,
        *(
            tables.CheckinAsk(
                team_id=TEAM,
                round_id=round_id,
                person_id=people[person],
                slot=slot,
                due_at=due_at,
                remind_at=slot,
                state=answered,
            )
            for person, answered in asks
        ),
    )
