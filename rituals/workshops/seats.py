"""Who has a part in a workshop: the lines that present, who may move it on, who confirms it, whom an item concerns,
and what each of them reads of it. Pure: a portfolio and a row in, people out.
"""

from dataclasses import replace
from datetime import datetime

from rituals.errors import Refusal
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.reaching import answering_for, asked_of, with_stand_ins
from rituals.okrs.roles import answers_for, leads_above, may_see_unit, not_yours, public
from rituals.workshops import rules
from rituals.workshops.rules import Standing, state_of
from storage.tables import Workshop, WorkshopItem


def unit_of(state: PortfolioState, row: Workshop) -> str:
    """The key of the unit that holds it."""
    return state.unit_keys[row.unit_id]


def cycle_of(state: PortfolioState, row: Workshop) -> str:
    """The key of the cycle that it begins."""
    return next(key for key, cycle in state.cycles.items() if cycle.id == row.cycle_id)


def standing(row: Workshop) -> Standing:
    """Where it is, as the rules have it."""
    return Standing(state_of(row.state), row.step, tuple(row.turns or ()), row.turn, row.turn_ends_at)


def standing_today(state: PortfolioState, row: Workshop) -> Standing:
    """The same; until it begins its lines are those that there are today, whoever was asked for drafts."""
    found = standing(row)
    return replace(found, turns=lines(state, unit_of(state, row))) if found.state in rules.AHEAD else found


def in_channel(state: PortfolioState, row: Workshop) -> PortfolioState:
    """The portfolio as those in the workshop's channel may see it."""
    return public(state, of=unit_of(state, row))


def lines(state: PortfolioState, unit: str) -> tuple[str, ...]:
    """The units that present, in the portfolio's order: the product lines below, where there are none what is next
    below. One that is private is not spoken of in the channel of a unit that is not.
    """
    shown = public(state, of=unit).units
    below = [key for key in state.below(unit) if key != unit and not shown[key].hidden and not shown[key].closed_on]
    product = tuple(key for key in below if shown[key].level == "product_line")
    return product or tuple(key for key in below if shown[key].parent == unit)


def runs(state: PortfolioState, user: str, row: Workshop) -> Member | None:
    """The member where this person may move it on: who facilitates, leads the unit or one above it, or is an admin."""
    member = state.member(user)
    if member is None:
        return None
    return member if user == row.facilitator or answers_for(state, member.key, unit_of(state, row)) else None


def must_run(state: PortfolioState, user: str, row: Workshop) -> Member:
    """The same. Raises Refusal for anybody else, with whom to ask."""
    member = runs(state, user, row)
    if member is not None:
        return member
    facilitator = state.member(row.facilitator)
    unit = unit_of(state, row)
    if facilitator is None:
        raise not_yours(state, "Moving the workshop on", [unit])
    raise Refusal(f"{facilitator.name} moves this workshop on, or who leads {state.units[unit].name}.")


def confirmers(state: PortfolioState, row: Workshop) -> tuple[Member, ...]:
    """Who says whether the set covers the objectives: the leads of the unit that are in Slack, else of the next above,
    else the admins.
    """
    unit = unit_of(state, row)
    for people in (state.units[unit].leads, leads_above(state, unit)):
        found = tuple(state.people[key] for key in people if state.people[key].slack)
        if found:
            return found
    return tuple(member for member in state.people.values() if member.admin and member.slack)


def asked_to_confirm(state: PortfolioState, row: Workshop, now: datetime) -> tuple[Member, ...]:
    """The same, and for those who are away who answers meanwhile; those in Slack."""
    return tuple(member for member in with_stand_ins(state, confirmers(state, row), now) if member.slack)


def asked_line(state: PortfolioState, item: WorkshopItem) -> str | None:
    """The key of the line that answers an item; None for a decision."""
    author = state.member(item.slack_user)
    led = state.led_by(author.key) if author else ()
    other = state.unit_keys.get(item.other_unit_id or 0)
    return rules.asked_of(item.kind, state.unit_keys[item.unit_id], other, item.provider, led)


def answers(state: PortfolioState, member: Member | None, item: WorkshopItem, now: datetime) -> bool:
    """Whether an item is theirs to answer: they lead the line that is asked, or a unit above it, or stand in for a lead
    of it who is away.
    """
    line = asked_line(state, item)
    if member is None or line is None:
        return False
    return answers_for(state, member.key, line) or member in asked_of(state, line, now)


def concerned(state: PortfolioState, item: WorkshopItem, now: datetime) -> tuple[Member, ...]:
    """Who gets an item: the leads of the line that answers (where it has none in Slack, those above it) and of the
    other line, who stands in for those who are away, and its author; those of them who may know of both lines.
    """
    asked = asked_line(state, item)
    if asked is None:
        return ()
    units = dict.fromkeys((asked, state.unit_keys[item.unit_id], state.unit_keys.get(item.other_unit_id or 0, asked)))
    people = [*answering_for(state, asked, now), *(lead for unit in units for lead in asked_of(state, unit, now))]
    author = state.member(item.slack_user)
    found = {member.id: member for member in (*people, *((author,) if author else ()))}
    return tuple(m for m in found.values() if all(may_see_unit(state, m.key, unit) for unit in units))
