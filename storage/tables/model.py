"""What a language model was asked: the cost of each call, without a word of it, and answers kept for asking once."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import instant
from storage.tables import organisation  # noqa: F401 - what its rows point at


class ModelCall(SQLModel, table=True):
    """One request. `template` is its name and version, `outcome` "" or why it gave nothing; no text is kept here.

    Tokens are the server's own count, or `estimated`; `latency_ms` is the whole call's. `kept` and `dropped` count
    sentences that passed and failed the check.
    """

    __tablename__ = "model_call"
    __table_args__ = (Index("ix_model_call_day", "team_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    at: datetime = instant()
    purpose: str
    template: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    latency_ms: int = 0
    outcome: str = ""
    kept: int = 0
    dropped: int = 0


class ModelAnswer(SQLModel, table=True):
    """What a model answered to facts whose hash is `key`, with people's tokens as it was given them."""

    __tablename__ = "model_answer"
    __table_args__ = (UniqueConstraint("team_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    text: str
    at: datetime = instant(index=True)
