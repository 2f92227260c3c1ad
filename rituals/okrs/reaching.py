"""Whom a question to a unit reaches: its leads, who stands in for those who are away, else those above. Pure."""

from collections.abc import Sequence
from datetime import datetime

from rituals.okrs.roles import leads_above
from rituals.okrs.state import Member, PortfolioState


def asked_of(state: PortfolioState, unit: str, now: datetime) -> list[Member]:
    """The leads of a unit, and for those who are away also who answers meanwhile; those in Slack."""
    found = with_stand_ins(state, [state.people[lead] for lead in state.units[unit].leads], now)
    return [member for member in found if member.slack]


def with_stand_ins(state: PortfolioState, leads: Sequence[Member], now: datetime) -> list[Member]:
    """Some people, and for those who are away who answers meanwhile."""
    away = [lead.away for lead in leads if lead.away and lead.away.covers(state.day_of(lead, now))]
    standing_in = [state.people[one.delegate] for one in away if one.delegate]
    return list({member.id: member for member in (*leads, *standing_in)}.values())


def answering_for(state: PortfolioState, unit: str, now: datetime) -> list[Member]:
    """The same, and where nobody of the unit is in Slack those above it."""
    above = (state.people[lead] for lead in leads_above(state, unit))
    return asked_of(state, unit, now) or [member for member in above if member.slack]
