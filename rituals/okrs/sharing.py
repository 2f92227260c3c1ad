"""Sharing a card: what was shown to one person, put into the channel in which they asked, once.

It promises; delivery posts. What a channel's readers may see is decided by `roles`.
"""

from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import SharedCard
from rituals.okrs.card import card
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.roles import public
from rituals.okrs.seen import load_seen
from storage import outbox
from storage.database import Database
from storage.outbox import Promise


def share(
    db: Database, team_id: str, user: str, key: str, channel: str, *, by: str, now: datetime, shown: str
) -> SharedCard:
    """Promise a key result's card to a channel; once for the message that was `shown`. `by` names who is not known.

    Raises Refusal for what its readers may not see.
    """
    with db.transaction() as session:
        seen, member = load_seen(session, team_id, user)
        if key not in seen.key_results:
            raise Refusal(f"No key result {key}. /okr list shows all you can name.")
        state = public(load_portfolio(session, team_id), of=_unit_of(seen, channel))
        kr = state.key_results.get(key)
        if kr is None:
            raise Refusal(f"{key} belongs to a private unit, so I do not show it in a channel.")
        notice = SharedCard(card=card(session, state, kr, now), by=member.name if member else by)
        what = Promise(
            key=f"share:{channel}:{key}:{shown}",
            kind=SharedCard.KIND,
            to=channel,
            data=notice.model_dump(mode="json"),
        )
        outbox.promise(session, team_id, what, now=now)
        return notice


def _unit_of(state: PortfolioState, channel: str) -> str | None:
    """The unit whose channel it is."""
    return next((key for key, rhythm in state.rhythms.items() if rhythm.channel == channel), None)
