"""The record of who changed what: append one change, read those of a thing. Queries only; it decides nothing."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import Change


def changes_of(session: Session, team_id: str, what: str, key: str) -> list[Change]:
    """Every change of one thing, newest first. `what` is key_result, objective, unit, …; `key` its own."""
    query = select(Change).where(Change.team_id == team_id, Change.what == what, Change.key == key)
    return list(session.exec(query.order_by(col(Change.at).desc(), col(Change.id).desc())))


def edits_since(session: Session, team_id: str, what: str, after: datetime) -> dict[str, list[Change]]:
    """Every edit of a kind of thing later than an instant, by its key, newest first."""
    query = select(Change).where(
        Change.team_id == team_id, Change.what == what, Change.action == "edit", col(Change.at) > after
    )
    found: dict[str, list[Change]] = {}
    for row in session.exec(query.order_by(col(Change.at).desc(), col(Change.id).desc())):
        found.setdefault(row.key, []).append(row)
    return found


def change_by_source(session: Session, team_id: str, source_key: str) -> Change | None:
    """What a submission changed, when it came before."""
    return session.exec(select(Change).where(Change.team_id == team_id, Change.source_key == source_key)).first()


def add_change(
    session: Session,
    team_id: str,
    *,
    at: datetime,
    by: str,
    what: str,
    key: str,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    source_key: str | None = None,
) -> bool:
    """Append a change by a person (their Slack id); False when this very `source_key` was written before."""
    values = {"team_id": team_id, "at": at, "slack_user": by, "what": what, "key": key, "action": action}
    return insert_or_ignore(session, Change, {**values, "before": before, "after": after, "source_key": source_key})
