"""What the lead of an ask answers for: the key results of the round's own day and units, however late they answer.

Reads the round; which key results are whose is decided in `rules`.
"""

from datetime import datetime

from rituals.checkins import rules
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.roles import public, seen_by
from storage import checkins as queries
from storage.database import Session
from storage.tables import Answer, CheckinAsk, CheckinRound


def seen_in(state: PortfolioState, ask: CheckinAsk) -> PortfolioState:
    """The portfolio as the lead of an ask sees it; who stands in for them is shown the same."""
    return seen_by(state, state.people_by_id[ask.person_id].key)


def seen_at(session: Session, state: PortfolioState, ask: CheckinAsk | None, answer: Answer) -> PortfolioState:
    """The portfolio for what is said back to an answer: the lead's; in a channel, where all read it, its readers'."""
    row = queries.get_round(session, state.team_id, ask.round_id) if ask else None
    if answer.source == "channel":
        return public(state, of=state.unit_keys[row.unit_id] if row else None)
    return seen_in(state, ask) if ask else state


def asked_in(session: Session, state: PortfolioState, ask: CheckinAsk, now: datetime) -> tuple[rules.Asked, ...]:
    """The key results that an ask is about with their figures at `now`; none where its round is gone."""
    row = queries.get_round(session, state.team_id, ask.round_id)
    return _of_round(state, row, ask, now) if row else ()


def is_theirs(ask: CheckinAsk, member: Member) -> bool:
    """Whether a person may answer an ask: who is asked, or who was asked instead."""
    return member.id in {ask.person_id, ask.delegate_id}


def unsaid_in(session: Session, state: PortfolioState, ask: CheckinAsk, now: datetime) -> tuple[rules.Asked, ...]:
    """Those of them without a word since the round opened, be it from this lead or another of the same unit."""
    row = queries.get_round(session, state.team_id, ask.round_id)
    if row is None:
        return ()
    person = state.people_by_id[ask.person_id].key
    asked = _of_round(state, row, ask, now)
    return tuple(a for a in asked if not rules.spoken_of(state, a.kr, person, since=row.slot))


def _of_round(state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> tuple[rules.Asked, ...]:
    units = rules.units_of_round(state, state.unit_keys[row.unit_id])
    return rules.asked_of(state, state.people_by_id[ask.person_id].key, now, on=row.local_date, within=units)
