"""The alignment rating: polls, who is asked, and one vote each; of an anonymous one the ballots, which nothing joins to
who is asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import organisation  # noqa: F401 - what its rows point at


class RatingPoll(SQLModel, table=True):
    """One poll per portfolio unit and cycle: the ledger."""

    __tablename__ = "rating_poll"
    __table_args__ = (
        UniqueConstraint("team_id", "unit_id", "cycle_id"),
        one_of("state", "open", "closed", "skipped"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    cycle_id: int = Field(foreign_key="cycle.id")
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    state: str = "open"
    closed_at: datetime | None = instant(optional=True)
    anonymous: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    opened_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


class RatingInvite(SQLModel, table=True):
    """A lead who is asked, for which product lines (unit ids, as they were led then; None where that was not kept).

    `voted` is kept for anonymous polls only, without when.
    """

    __tablename__ = "rating_invite"
    poll_id: int = Field(foreign_key="rating_poll.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    lines: list[int] | None = document()
    voted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    remind_at: datetime | None = instant(optional=True)
    reminded_at: datetime | None = instant(optional=True)


class RatingVote(SQLModel, table=True):
    """One vote each, changeable until the poll closes."""

    __tablename__ = "rating_vote"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"),)
    poll_id: int = Field(foreign_key="rating_poll.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    score: int
    comment: str = ""
    at: datetime = instant()


class RatingBallot(SQLModel, table=True):
    """A vote of an anonymous poll: no person, no time, and a random key that is also its place in the table."""

    __tablename__ = "rating_ballot"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"), {"sqlite_with_rowid": False})
    key: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    poll_id: int = Field(foreign_key="rating_poll.id", index=True)
    score: int
    comment: str = ""
