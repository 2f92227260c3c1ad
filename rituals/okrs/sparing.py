"""Why somebody is not nudged now: nobody found them in Slack, they are away, or their week is full. Quiet hours put a
nudge off and are the caller's business; so is entering it in the ledger. How many a week are too many is `nudging`'s.
"""

from datetime import datetime

from rituals import nudging
from rituals.okrs.state import Member, PortfolioState
from storage import nudges as ledger
from storage.database import Session


def why_not(session: Session, state: PortfolioState, member: Member, now: datetime) -> str:
    """`unknown`, `away` or `limit`; "" where they may be nudged."""
    if member.slack is None:
        return "unknown"
    if member.away is not None and member.away.covers(state.day_of(member, now)):
        return "away"
    sent = [one.at for one in ledger.sent_to(session, state.team_id, member.id, since=now - nudging.WEEK)]
    return "" if nudging.left(sent, state.nudges_a_week, now) else "limit"
