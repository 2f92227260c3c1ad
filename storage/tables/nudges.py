"""What the bot sent of its own accord to make somebody act: the ledger by which nobody gets too many a week."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import instant, one_of
from storage.tables import checkins, organisation  # noqa: F401 - what its rows point at


class Nudge(SQLModel, table=True):
    """One nudge to one person. `key` names its occasion, so that it is counted (and sent) once.

    `dropped` says why it was not sent; such a row is not counted. `at` is when it goes out, which may be to come;
    `ask_id` the check-in that it is about.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        one_of(
            "kind",
            "reminder",
            "last_call",
            "by_hand",
            "escalation",
            "rating",
            "workshop",
            "flag",
            "closing",
            "digest",
            "ownership",
        ),
        one_of("dropped", "", "limit", "quiet", "away", "updated", "snoozed", "recent", "overtaken", "unknown"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    key: str
    at: datetime = instant()
    dropped: str = ""
    ask_id: int | None = Field(default=None, foreign_key="checkin_ask.id", index=True)
