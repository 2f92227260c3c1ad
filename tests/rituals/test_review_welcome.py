"""What was brought in before the bot met Slack belongs to the workspace that it meets."""

from datetime import UTC, datetime

from sqlmodel import SQLModel

from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from storage import people
from storage.database import Database
from storage.tables import Workspace
from tests.rituals.checkin_workspace import PORTFOLIO

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
THEIRS = "T0SLACK"


def welcomed(db: Database) -> Workspace:
    with db.transaction() as session:
        return people.welcome(session, THEIRS, name="Acme", url="https://acme.slack.com/", bot_user="U0BOT", now=NOW)


def test_a_portfolio_from_before_moves_into_the_workspace_with_all_its_history(db: Database) -> None:
    import_portfolio(db, people.LOCAL, PORTFOLIO, now=NOW)
    before = export_portfolio(db, people.LOCAL)
    found = welcomed(db)
    assert (found.timezone, found.name) == ("Europe/Berlin", "Acme")
    assert export_portfolio(db, THEIRS) == before
    with db.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            left = connection.execute(table.select().where(table.c.team_id == people.LOCAL)).first()
            assert left is None, table.name


def test_meeting_it_again_keeps_everything_and_its_name_current(db: Database) -> None:
    import_portfolio(db, people.LOCAL, PORTFOLIO, now=NOW)
    welcomed(db)
    before = export_portfolio(db, THEIRS)
    with db.transaction() as session:
        people.welcome(session, THEIRS, name="Acme Group", now=NOW)
    assert export_portfolio(db, THEIRS) == before
    with db.transaction(readonly=True) as session:
        again = people.workspace(session, THEIRS)
    assert (again.name, again.url, again.bot_user) == ("Acme Group", "https://acme.slack.com/", "U0BOT")
