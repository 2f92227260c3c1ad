"""What readers think of a digest: useful or not, and a sentence why. The last word of each counts.

Who may read what others wrote is decided here: those who answer for the unit. It changes no digest.
"""

from dataclasses import dataclass
from datetime import date, datetime

from rituals.errors import Refusal
from rituals.okrs.roles import answers_for
from rituals.okrs.state import PortfolioState
from storage import digest_ledger as ledger
from storage.database import Database, Session

LONGEST = 500
SENTENCES = 3


@dataclass(frozen=True)
class Tally:
    """How many of so many answers of a cycle found a unit's digests useful, and the newest sentences why not."""

    useful: int
    answers: int
    sentences: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """`useful 5 of 7 this cycle`, or "" where nobody said."""
        return f"useful {self.useful} of {self.answers} this cycle" if self.answers else ""


def say(db: Database, team_id: str, user: str, digest_id: int, *, useful: bool, now: datetime) -> str:
    """Keep whether a reader found a digest useful, or change it; returns the sentence that stands beside it.

    Raises Refusal where the digest is not there any more.
    """
    with db.transaction() as session:
        _posted(session, team_id, digest_id)
        return ledger.say(session, team_id, digest_id, user, at=now, useful=useful).comment


def comment(db: Database, team_id: str, user: str, digest_id: int, text: str, *, now: datetime) -> None:
    """Put a sentence beside "not useful", or with an empty one take it back. Raises Refusal where it is too long."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise Refusal(f"That has {len(words)} characters; {LONGEST} fit. Shorten it and save again.")
    with db.transaction() as session:
        _posted(session, team_id, digest_id)
        ledger.say(session, team_id, digest_id, user, at=now, useful=False, comment=words)


def tally(session: Session, state: PortfolioState, unit: str, *, now: datetime, person: str | None = None) -> Tally:
    """What readers said of a unit's digests since the running cycle began; the sentences for who answers for it."""
    begun = min((cycle.starts for cycle in state.current_cycles(now)), default=date.min)
    said = ledger.feedback(session, state.team_id, [state.unit_ids[unit]], since=begun)
    written = [one.comment for one in reversed(said) if one.comment and not one.useful]
    mine = answers_for(state, person, unit)
    return Tally(sum(one.useful for one in said), len(said), tuple(written[:SENTENCES]) if mine else ())


def _posted(session: Session, team_id: str, digest_id: int) -> None:
    row = ledger.get(session, team_id, digest_id)
    if row is None or row.state != "issued":
        raise Refusal("That digest was taken back; there is nothing to say of it any more.")
