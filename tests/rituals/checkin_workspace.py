"""A workspace in a real database for the check-in's tests: a suite whose leads sit around the world.

Bo alone leads CRM in Berlin, Kim and Lee lead Payments together, Zoe leads two lines from Los Angeles, Ari and Raj one
each in Auckland and Kathmandu, and Pat leads nothing but reports a shared key result.
"""

from datetime import UTC, datetime

from rituals.checkins import advancing, answers, said_back, service, shown
from rituals.checkins.answers import Said
from rituals.checkins.form_service import Submitted, submit_form
from rituals.notices import CheckinBoard, Receipt, SharedAnswer
from rituals.okrs.form import Entry
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from storage.database import Database
from storage.tables import Answer, Blocker, CheckinAsk, Person
from tests.rituals.stored import rows

TEAM = "T01TEST"
BO, KIM, LEE, ZOE, ARI, RAJ, PAT = "U02BO", "U03KIM", "U04LEE", "U05ZOE", "U06ARI", "U07RAJ", "U08PAT"
MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)
"""09:00 in Berlin on the day of the round."""
ASKED = datetime(2026, 11, 16, 18, tzinfo=UTC)
"""When everybody has been asked, Los Angeles last at 17:00 UTC."""

PORTFOLIO = """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, slack: U01ANA, timezone: Europe/Berlin}
  - {key: bo, name: Bo Lind, slack: U02BO, timezone: Europe/Berlin}
  - {key: kim, name: Kim Oda, slack: U03KIM, timezone: Europe/Berlin}
  - {key: lee, name: Lee Park, slack: U04LEE, timezone: Europe/Berlin}
  - {key: zoe, name: Zoe Blum, slack: U05ZOE, timezone: America/Los_Angeles}
  - {key: ari, name: Ari Moana, slack: U06ARI, timezone: Pacific/Auckland}
  - {key: raj, name: Raj Thapa, slack: U07RAJ, timezone: Asia/Kathmandu}
  - {key: pat, name: Pat Hall, slack: U08PAT, timezone: Europe/Berlin}
units:
  - key: suite
    name: Product suite
    level: portfolio
    leads: [ana]
    channel: C01ALL
    leadership_channel: C01LEADERS
    cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}
    digest: {every: 1 week, on: friday, at: "15:00"}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
  - {key: payments, name: Payments, level: product_line, parent: suite, leads: [kim, lee]}
  - {key: mobile, name: Mobile, level: product_line, parent: suite, leads: [zoe]}
  - {key: search, name: Search, level: product_line, parent: suite, leads: [zoe]}
  - {key: identity, name: Identity, level: product_line, parent: suite, leads: [ari]}
  - {key: desktop, name: Desktop, level: product_line, parent: suite, leads: [raj]}
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
        owners: [crm, payments, identity]
        reporter: bo
        updates: [{at: 2026-11-02, value: 33, confidence: 7, by: bo}]
      - key: KR-2
        title: Accounts on two products
        start: 0
        target: 100
        measured_in: "%"
        owners: [mobile, desktop]
        reporter: pat
        updates: [{at: 2026-11-02, value: 10, by: pat}]
      - key: KR-3
        title: Tickets a customer opens
        kind: decrease
        start: 14
        target: 8
        measured_in: tickets
        owners: [crm, search]
        updates: [{at: 2026-11-02, value: 11, by: bo}]
  - key: O-2
    unit: payments
    cycle: 2026-Q4
    title: Payments that never wait
    contributes_to: [{objective: O-1, how: paying is part of starting}]
    key_results:
      - key: KR-4
        title: Failed payments
        kind: decrease
        start: 5
        target: 1
        measured_in: "%"
        owners: [payments]
        updates: [{at: 2026-11-02, value: 4.8, by: kim}]
      - {key: KR-5, title: Providers, start: 0, target: 10, owners: [payments]}
"""


def set_up(db: Database, text: str = PORTFOLIO) -> None:
    """Import the portfolio."""
    import_portfolio(db, TEAM, text, now=datetime(2026, 10, 1, tzinfo=UTC))


def ask_everybody(db: Database, *, now: datetime = ASKED) -> None:
    """Open the round and ask all whose hour has come."""
    service.open_due(db, TEAM, now=now)
    advancing.advance(db, TEAM, now=now)


def asked_on_monday(db: Database, monday: datetime) -> Database:
    """Everybody is asked at nine where they are, from `monday` morning in the far east on; nobody has answered."""
    set_up(db)
    ask_everybody(db, now=monday)
    ask_everybody(db)
    return db


def state(db: Database) -> PortfolioState:
    """The portfolio as it is stored."""
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM)


def ask_of(db: Database, user: str) -> CheckinAsk:
    """The newest ask of a person."""
    people = {p.id: p.slack for p in rows(db, Person)}
    return [ask for ask in rows(db, CheckinAsk) if people[ask.person_id] == user][-1]


def say(db: Database, user: str, text: str, *, ts: str = "1763300000.000100", now: datetime = ASKED) -> bool:
    """A message in the person's conversation with the bot."""
    said = Said(user=user, channel=f"D{user}", ts=ts, text=text, direct=True)
    return answers.receive(db, TEAM, said, now=now)


def edit(db: Database, user: str, text: str, *, ts: str = "1763300000.000100", now: datetime = ASKED) -> bool:
    """The same message, edited."""
    said = Said(user=user, channel=f"D{user}", ts=ts, text=text, direct=True)
    return answers.edit(db, TEAM, said, now=now)


def send_form(
    db: Database,
    user: str,
    values: dict[str, str],
    *,
    blockers: str = "",
    adjustments: str = "",
    view: str = "V1",
    now: datetime = ASKED,
) -> None:
    """The answer form with these values by key result."""
    entries = [Entry(key, value) for key, value in values.items()]
    form = Submitted(ask_of(db, user).id or 0, view, entries, blockers, adjustments)
    submit_form(db, TEAM, user, form, now=now)


def receipt(db: Database, number: int = -1, *, now: datetime = ASKED) -> Receipt:
    """What is shown for one of the answers, the newest unless told."""
    answer = rows(db, Answer)[number]
    with db.transaction(readonly=True) as session:
        found = said_back.receipt(session, TEAM, {"source_key": answer.source_key}, now)
    assert found is not None
    return found


def shared_answer(db: Database, user: str, *, now: datetime = ASKED) -> SharedAnswer:
    """What the others see of a person's answers."""
    with db.transaction(readonly=True) as session:
        found = said_back.shared_answer(session, TEAM, {"ask": ask_of(db, user).id}, now)
    assert found is not None
    return found


def board(db: Database, *, round_id: int = 1, now: datetime = ASKED) -> CheckinBoard:
    """The round's board."""
    with db.transaction(readonly=True) as session:
        found = shown.board(session, TEAM, {"round": round_id}, now)
    assert found is not None
    return found


def open_blockers(db: Database) -> list[Blocker]:
    """The open part of the register."""
    return [row for row in rows(db, Blocker) if row.state == "open"]
