"""The command line's way to the database: opened with the right schema, named without its password, closed again.

No queries but which workspace the database is for; what is done with it is the command's business.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.config import Settings
from bot.failures import CommandError

if TYPE_CHECKING:
    from storage.database import Database

NOT_CURRENT = "the database has not the schema of this version: run `plumbline migrate` first"
SEVERAL = "the database has served two workspaces or more"
NO_PORTFOLIO = "there is no portfolio yet: bring one in with `plumbline import FILE`"


@contextmanager
def opened(settings: Settings) -> Iterator["Database"]:
    """The settings' database, closed at the end. The embedded one is brought to the current schema.

    Raises CommandError where another one has not the schema yet: changing it beside other machines is a decision.
    """
    from storage.database import Database
    from storage.schema import is_current, migrate

    db = Database(settings.database())
    try:
        if not is_current(db):
            if not db.is_sqlite:
                raise CommandError(NOT_CURRENT)
            migrate(db)
        yield db
    finally:
        db.close()


def only_team(db: "Database") -> str:
    """The id of the workspace the database is for. Raises CommandError where it holds none yet, or several."""
    team = _team(db)
    if team is None:
        raise CommandError(NO_PORTFOLIO)
    return team


def team_to_fill(db: "Database") -> str:
    """The workspace an import goes to: the database's, or the local one that waits for Slack. Raises CommandError
    where there are several.
    """
    from storage.people import LOCAL

    return _team(db) or LOCAL


def _team(db: "Database") -> str | None:
    from storage import people

    with db.transaction(readonly=True) as session:
        teams = [workspace.team_id for workspace in people.workspaces(session)]
    if len(teams) > 1:
        raise CommandError(f"{SEVERAL} ({', '.join(teams)}): give each its own PLUMBLINE_DATA_DIR or DATABASE_URL")
    return teams[0] if teams else None


def shown(settings: Settings) -> str:
    """The database for people: the file's path, or host and name without user and password."""
    url = settings.database()
    if url.startswith("sqlite"):
        return url.partition("///")[2].partition("?")[0] or "in memory"
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"postgresql://{parts.hostname or 'localhost'}{port}{parts.path}"


def brought_up_to_date(settings: Settings) -> str:
    """Apply every migration that is missing and say so."""
    from storage.database import Database
    from storage.schema import is_current, migrate

    db = Database(settings.database())
    try:
        before = is_current(db)
        migrate(db)
    finally:
        db.close()
    return f"{shown(settings)} {'was current already' if before else 'has the current schema now'}"
