"""What asking a model may still cost a workspace today, and the entry of what it did cost. Knows no ritual's facts."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from prompts.outcome import Call
from storage import model_usage
from storage.database import Session
from storage.tables import ModelCall, Workspace


def left_today(session: Session, workspace: Workspace, now: datetime) -> int:
    """The tokens of the workspace's local day that are not spent yet; below 0 where it was overrun."""
    since = midnight(now, ZoneInfo(workspace.timezone))
    return workspace.model_tokens_a_day - model_usage.tokens_since(session, workspace.team_id, since)


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The local day's first instant."""
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)


def entry(
    team_id: str, purpose: str, call: Call, *, reason: str = "", kept: int = 0, dropped: int = 0, at: datetime
) -> ModelCall:
    """The row of a call: its cost and time and what came of it, without a word of text."""
    return ModelCall(
        team_id=team_id,
        at=at,
        purpose=purpose,
        template=call.template,
        model=call.model,
        input_tokens=call.usage.sent,
        output_tokens=call.usage.received,
        estimated=call.usage.estimated,
        latency_ms=call.latency_ms,
        outcome=reason,
        kept=kept,
        dropped=dropped,
    )
