"""Who is asked in the place of a lead who is away: their delegate, or nobody. Pure: it says what is to be done with an
ask and writes nothing.

A lead who is back early has their duty back; what a delegate was asked meanwhile both of them can answer.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from rituals.away import NO_END, Away
from rituals.okrs.load import Member, PortfolioState
from storage.tables import CheckinAsk

Move = Literal["hand_over", "skip", "reopen"]
AWAY = "away"
WEEK = 7


def is_away(state: PortfolioState, member: Member, now: datetime) -> bool:
    """Whether somebody is away on the day that it is where they are."""
    return member.away is not None and member.away.covers(state.day_of(member, now))


def answers_now(state: PortfolioState, lead: Member, now: datetime) -> Member | None:
    """Who answers for a lead: themselves, while they are away their delegate; None where that is nobody."""
    if lead.away is None or not is_away(state, lead, now):
        return lead
    delegate = state.people.get(lead.away.delegate or "")
    if delegate is None or delegate.slack is None or is_away(state, delegate, now):
        return None
    return delegate


def move_of(state: PortfolioState, ask: CheckinAsk, now: datetime) -> Move | None:
    """What absence changes about an ask: another is asked, nobody is, or somebody is again."""
    if now >= ask.due_at:
        return None
    lead = state.people_by_id[ask.person_id]
    who = answers_now(state, lead, now)
    if ask.state == "skipped":
        return "reopen" if who is not None and ask.reason.startswith(AWAY) else None
    if ask.state != "asked":
        return None
    asked = state.people_by_id[ask.delegate_id or ask.person_id]
    if who is None:
        return "skip"
    stays = who.id == asked.id or (who.id == lead.id and not is_away(state, asked, now))
    return None if stays else "hand_over"


def replacement_at(state: PortfolioState, ask: CheckinAsk, now: datetime) -> datetime | None:
    """When somebody else takes over who is waited for until their quiet hours end; None where nobody is."""
    who = answers_now(state, state.people_by_id[ask.person_id], now)
    if who is None or move_of(state, ask, now) != "hand_over":
        return None
    return can_be_asked_at(state, who, ask.slot, ask.due_at, now)


def can_be_asked_at(state: PortfolioState, who: Member, slot: datetime, due_at: datetime, now: datetime) -> datetime:
    """When somebody can be asked at the earliest: now, or when their quiet hours are over; now where they last longer
    than there is time. On the slot's own day a weekend is wanted."""
    zone = who.zone or state.zone
    same_day = slot.astimezone(zone).date() == now.astimezone(zone).date()
    hours = replace(who.quiet, weekends=who.quiet.weekends and not same_day)
    over = hours.over(now, zone)
    return over if over < due_at else now


def reason(away: Away) -> str:
    """Why nobody is asked: `away until Thu 26 Nov`."""
    return f"{AWAY} until {until_words(away)}" if away.until != NO_END else AWAY


def until_words(away: Away, today: date | None = None) -> str:
    """Until when somebody is away: `Thu 26 Nov`, within a week of `today` just `Thu`; "" without an end."""
    if away.until == NO_END:
        return ""
    soon = today is not None and (away.until - today).days < WEEK
    return f"{away.until:%a}" if soon else f"{away.until:%a} {away.until.day} {away.until:%b}"
