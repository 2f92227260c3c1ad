"""What of a workspace's portfolio changed since a revision, and what was made of it at one: kept between transactions.

The marks are written by triggers (`storage/migrations/marks.py`), so that no writer can forget them. Only what was
read in a transaction that had changed nothing itself is kept: it is of a revision that was committed, and no other
content ever has that number. It knows no value that is kept, and decides nothing.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from storage.database import CHANGES

_SINCE = text(
    "SELECT part, row_id, revision FROM portfolio_mark WHERE team_id = :team AND part = 'head' "
    "UNION ALL SELECT part, row_id, revision FROM portfolio_mark "
    "WHERE team_id = :team AND revision > :since AND part <> 'head'"
)
_WROTE = text("SELECT txid_current_if_assigned() IS NOT NULL")


@dataclass(frozen=True)
class Changed:
    """What changed after a revision. `head` is the newest one that the transaction sees, 0 for an unknown workspace.

    `ground` are workspace, people, units and cycles; `plan` the ids of objectives that changed, or their key results,
    with 0 for any of them; `said_of` the ids of key results of which something was said or taken back.
    """

    head: int
    ground: bool = False
    plan: frozenset[int] = frozenset()
    said_of: frozenset[int] = frozenset()


class Kept(NamedTuple):
    """A value and the revision of which it was made."""

    revision: int
    value: Any


def changed(session: Session, team_id: str, *, since: int) -> Changed:
    """What changed after `since`, as this transaction sees it, with what it wrote itself; one statement."""
    session.flush()
    rows = session.connection().execute(_SINCE, {"team": team_id, "since": since}).all()
    parts = {part for part, _, _ in rows}
    return Changed(
        head=next((revision for part, _, revision in rows if part == "head"), 0),
        ground="ground" in parts,
        plan=frozenset(row_id for part, row_id, _ in rows if part == "plan"),
        said_of=frozenset(row_id for part, row_id, _ in rows if part == "history"),
    )


def kept(session: Session, team_id: str) -> Kept | None:
    """What was kept last for a workspace by this process; it may be older, or newer, than this transaction sees."""
    found: Kept | None = session.info["kept"].get(team_id)
    return found


def keep(session: Session, team_id: str, revision: int, value: Any) -> None:
    """Keep a value that this transaction made of `revision`, unless it has changed anything itself."""
    known = kept(session, team_id)
    if revision and (known is None or known.revision < revision) and not wrote(session):
        session.info["kept"][team_id] = Kept(revision, value)


def wrote(session: Session) -> bool:
    """Whether this transaction has changed a row of any table so far."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return bool(connection.execute(_WROTE).scalar())
    raw: Any = connection.connection.dbapi_connection
    return bool(raw.total_changes != connection.info[CHANGES])
