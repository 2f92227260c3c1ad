"""A nudge by hand as it goes out: promised with who asks whom for what, and shown as things are when it is sent.

Who has answered meanwhile gets nothing. Whether somebody may be nudged is decided in `nudges`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rituals.checkins.asking import unsaid_in
from rituals.checkins.nudge_targets import Target, fresh_at
from rituals.checkins.reminding import instead_of, prompt_to, updated_since
from rituals.checkins.shown import unit_name
from rituals.notices import CheckinNudge, KrNudge
from rituals.okrs.by_hand import hand_set
from rituals.okrs.load import Member, load_portfolio
from rituals.okrs.words import value_words
from storage import checkins as queries
from storage.database import Session
from storage.outbox import Promise


def promise(session: Session, target: Target, me: Member, to: Member, key: str, at: datetime, now: datetime) -> Promise:
    """Rendered when it is sent, so that it can be let go."""
    common: dict[str, Any] = {"by": me.key, "to": to.key}
    slack = to.slack or ""
    if target.kr is not None:
        data = {**common, "key": target.kr.key, "since": now.isoformat()}
        return Promise(key, KrNudge.KIND, slack, data, mode="live", due_at=at)
    assert target.ask is not None  # a target without a key result is an ask
    thread = prompt_to(session, target.ask, slack)
    return Promise(
        key, CheckinNudge.KIND, slack, {**common, "ask": target.ask.id}, mode="live", due_at=at, thread_of=thread
    )


def checkin_nudge(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> CheckinNudge | None:
    """The nudge for an ask as it stands; None where it is answered meanwhile, or one of the two is gone."""
    ask = queries.get_ask(session, team_id, data["ask"])
    row = queries.get_round(session, team_id, ask.round_id) if ask else None
    state = load_portfolio(session, team_id)
    by, to = state.people.get(data["by"]), state.people.get(data["to"])
    if ask is None or row is None or by is None or to is None or ask.state not in {"asked", "missed"}:
        return None
    unsaid = unsaid_in(session, state, ask, now)
    if updated_since(session, state, ask, now):
        return None
    return CheckinNudge(
        ask=ask.id or 0,
        number=row.number,
        unit=unit_name(state, row),
        due_at=ask.due_at,
        closed=ask.state == "missed",
        user=to.slack or "",
        by=by.name,
        behind=tuple(a.kr.key for a in unsaid if a.behind),
        open=len(unsaid),
        instead_of=instead_of(state, ask, to),
    )


def kr_nudge(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> KrNudge | None:
    """The nudge for a key result's value as it stands; None where it was reported meanwhile, or is gone."""
    state = load_portfolio(session, team_id)
    kr = state.key_results.get(data["key"])
    by, to = state.people.get(data["by"]), state.people.get(data["to"])
    if kr is None or by is None or to is None or fresh_at(kr, datetime.fromisoformat(data["since"])):
        return None
    figures = state.figures(kr, now)
    return KrNudge(
        key=kr.key,
        title=kr.title,
        status=figures.status,
        by_hand=hand_set(state.people, figures),
        user=to.slack or "",
        by=by.name,
        now=value_words(kr, figures.value),
        last_at=figures.last_at,
    )
