"""What of a portfolio changed last: written by triggers alone, read by `storage.marks`."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.columns import one_of


class PortfolioMark(SQLModel, table=True):
    """The newest revision of one part of a workspace's portfolio; `head` has the newest of all.

    `row_id` is the key result in the part `history`, the objective (0: any) in the part `plan`, else 0. `xid` is the
    transaction that made the head (PostgreSQL).
    """

    __tablename__ = "portfolio_mark"
    __table_args__ = (
        one_of("part", "head", "ground", "plan", "history"),
        Index("ix_portfolio_mark_team_id", "team_id", "revision"),
    )
    team_id: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    row_id: int = Field(primary_key=True)
    revision: int = Field(sa_type=BigInteger)
    xid: int = Field(sa_type=BigInteger)
