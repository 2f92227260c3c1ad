"""Queries about the model: what it cost since an instant, and what it answered to the same facts before.

No rules: what a budget is, and whether to ask, is decided by the caller.
"""

from datetime import datetime

from sqlalchemy import CursorResult, delete, func
from sqlmodel import Session, col, select

from storage.dialects import upsert
from storage.tables import ModelAnswer, ModelCall


def tokens_since(session: Session, team_id: str, since: datetime) -> int:
    """All tokens of a workspace's calls from an instant on."""
    spent = func.sum(col(ModelCall.input_tokens) + col(ModelCall.output_tokens))
    found = session.exec(select(spent).where(ModelCall.team_id == team_id, col(ModelCall.at) >= since)).one()
    return int(found or 0)


def calls_since(session: Session, team_id: str, since: datetime) -> list[ModelCall]:
    """A workspace's calls from an instant on, oldest first."""
    query = select(ModelCall).where(ModelCall.team_id == team_id, col(ModelCall.at) >= since)
    return list(session.exec(query.order_by(col(ModelCall.at), col(ModelCall.id))))


def record(session: Session, call: ModelCall) -> None:
    """Enter a call."""
    session.add(call)


def remembered(session: Session, team_id: str, key: str) -> str | None:
    """What was answered to the facts with this hash."""
    query = select(ModelAnswer.text).where(ModelAnswer.team_id == team_id, ModelAnswer.key == key)
    return session.exec(query).first()


def remember(session: Session, team_id: str, key: str, text: str, *, now: datetime) -> None:
    """Keep an answer under its facts' hash; the newest replaces one before."""
    values = {"team_id": team_id, "key": key, "text": text, "at": now}
    upsert(session, ModelAnswer, values, on=["team_id", "key"])


def forget(session: Session, team_id: str, *, before: datetime) -> int:
    """Delete answers that were kept before an instant; how many. What calls cost stays."""
    old = (col(ModelAnswer.team_id) == team_id, col(ModelAnswer.at) < before)
    done: CursorResult[None] = session.connection().execute(delete(ModelAnswer).where(*old))
    return done.rowcount
