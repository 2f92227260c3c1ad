"""The prompt to one lead as a notice: what they answer for, what is open, what they said last time, and when they can
be asked again instead.

Read only. Who is asked what is decided in `rules`, when they can be asked again in `snoozing`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rituals.checkins import rules
from rituals.checkins.asking import asked_in, seen_in
from rituals.checkins.example import example
from rituals.checkins.quoting import as_typed
from rituals.checkins.shown import line_of, unit_name
from rituals.checkins.snoozing import choices
from rituals.checkins.standing_in import is_away, until_words
from rituals.notices import CheckinPrompt
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.registers import concerning
from storage import checkins as queries
from storage.database import Session
from storage.tables import Answer, CheckinAsk, CheckinRound


def prompt(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> CheckinPrompt:
    """The three questions to one lead, with what they answer for."""
    state, member = seen_in(state, ask), state.people_by_id[ask.person_id]
    asked = asked_in(session, state, ask, now)
    before = queries.answer_before_round(session, state.team_id, ask.person_id, row.id or 0)
    return CheckinPrompt(
        ask=ask.id or 0,
        number=row.number,
        of=row.of,
        unit=unit_name(state, row),
        due_at=ask.due_at,
        lines=tuple(line_of(state, a) for a in asked),
        blockers=concerning(session, state, state.led_by(member.key), now, member),
        no_change=rules.no_change_offered(asked),
        example=example(asked),
        last_words=_words(state, before) if before else "",
        last_said_at=before.at if before else None,
        later=choices(state.people_by_id[ask.delegate_id or ask.person_id], state.zone, ask.due_at, now)
        if ask.state == "asked"
        else (),
        back_at=ask.snoozed_until if ask.state == "asked" else None,
        instead_of=member.name if ask.delegate_id else None,
        away=until_words(member.away) if member.away and is_away(state, member, now) else "",
    )


def prompt_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> CheckinPrompt | None:
    """The prompt of the ask `data["ask"]` as it stands; None when its round is gone."""
    ask = queries.get_ask(session, team_id, data["ask"])
    row = queries.get_round(session, team_id, ask.round_id) if ask else None
    if ask is None or row is None:
        return None
    return prompt(session, load_portfolio(session, team_id), row, ask, now)


def _words(state: PortfolioState, answer: Answer) -> str:
    """What was said, in one line."""
    texts = [text for _, text in (answer.reading or {}).get("texts", ())]
    return " · ".join(" ".join(as_typed(state, text).split()) for text in texts)
