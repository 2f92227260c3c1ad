"""The portfolio as the person who asks may see it: what reading use cases load. Who may see what, `roles` decides."""

from collections.abc import Mapping
from typing import Any

from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.roles import seen_by
from storage.database import Session


def load_seen(session: Session, team_id: str, user: str) -> tuple[PortfolioState, Member | None]:
    """What the Slack user may see, and who they are in the portfolio (None: nobody, so what is public)."""
    state = load_portfolio(session, team_id)
    member = state.member(user)
    return seen_by(state, member.key if member else None), member


def load_for(session: Session, team_id: str, user: str | None) -> PortfolioState:
    """What a file shows: made for a Slack user what they may see; for None, the operator of the bot, everything."""
    return load_portfolio(session, team_id) if user is None else load_seen(session, team_id, user)[0]


def figures_seen(state: PortfolioState, unit: str, figures: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Of the alignment figures that were kept of a unit what the one may see for whom `state` is: who is shown all
    below it, all; else what was kept as `public`, because a sum tells of its parts. Empty where nothing was.
    """
    whole = not any(state.units[key].hidden for key in state.below(unit))
    found = (figures or {}) if whole else (figures or {}).get("public")
    return found or {}
