"""`/okr nudge` as Slack shows it: who is missing, with one button for all, and what became of a nudge by hand.

The message that the nudged read is in `reminders`. Data in, blocks out; nothing is decided here.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.text import count, day_of, inline, listed, moment
from rituals.checkins.nudge_page import NotNudged, NudgeDone, NudgePage, Waiting, WaitingRound, Why

NAMED = 12
TOLD = 10
ROUNDS = 6


def page(notice: NudgePage) -> Message:
    """Who is missing in each round, and one button that nudges them all."""
    blocks = [_round(one) for one in notice.rounds[:ROUNDS]]
    if len(notice.rounds) > ROUNDS:
        blocks.append(section(f"and {len(notice.rounds) - ROUNDS} more rounds"))
    if notice.can_nudge:
        send = button(f"Nudge {notice.can_nudge}", ids.NUDGE_SEND, ids.pack(query="all"), style="primary")
        blocks.append(actions(send))
        blocks.append(context("Or one: `/okr nudge @person`. They see that it comes from you; one a day at most."))
    missing = sum(len(one.missing) for one in notice.rounds)
    text = f"{count(missing, 'answer')} missing." if missing else "No answer is missing."
    return message(text, blocks or [section("No check-in has run lately, so nobody is missing.")])


def _round(one: WaitingRound) -> Block:
    end = "closed" if one.closed else f"until {moment(one.due_at)}"
    title = f"*Check-in {one.number}* · {inline(one.unit)} · {end}"
    if not one.missing:
        return section(title, "Everybody has answered.")
    rest = len(one.missing) - NAMED
    more = [f"and {rest} more"] if rest > 0 else []
    return section(title, *(f"– {_waiting(lead)}" for lead in one.missing[:NAMED]), *more)


def _waiting(lead: Waiting) -> str:
    units = f" ({listed([inline(unit, 40) for unit in lead.units], 3)})" if lead.units else ""
    nudged = f"reminded {moment(lead.nudged_at)}" if lead.nudged_at else "not reminded yet"
    return f"*{inline(lead.name, 40)}*{units}: {nudged}"


def done(notice: NudgeDone) -> Message:
    """What became of it, each name once; who sleeps can get it in the morning."""
    lines = [f"Nudged {_names(notice.sent)}. They see that it comes from you."] if notice.sent else []
    lines += _at_dawn(notice.later, "gets it")
    lines += [_why(one) for one in notice.not_sent[:TOLD]]
    if len(notice.not_sent) > TOLD:
        lines.append(f"and {len(notice.not_sent) - TOLD} more were not nudged")
    lines += _at_dawn(notice.quiet, "has quiet hours now; it can go")
    blocks = [section(*lines)] if lines else [section("Nobody is missing, so nobody was nudged.")]
    if notice.quiet:
        label = "Send it then" if len(notice.quiet) == 1 else f"Send {len(notice.quiet)} then"
        blocks.append(actions(button(label, ids.NUDGE_LATER, ids.pack(query=notice.query), style="primary")))
    return message(lines[0] if lines else "Nobody was nudged.", blocks)


def _at_dawn(people: Iterable[tuple[str, datetime]], what: str) -> list[str]:
    found = list(people)
    shown = [f"{inline(name, 40)} {what} {moment(at)}, at the end of their quiet hours." for name, at in found[:TOLD]]
    return [*shown, *([f"and {len(found) - TOLD} more, too"] if len(found) > TOLD else [])]


def _why(one: NotNudged) -> str:
    """Why somebody was not nudged, and what is possible instead."""
    name, at = inline(one.name, 40), one.at
    reasons: dict[Why, str] = {
        "yourself": "That is you: `/okr checkin` opens your answer, `/okr update` saves a value.",
        "unknown": f"{name} is not found in Slack, so nothing can be sent to them.",
        "away": f"{name} is away{_until(at)} and nobody answers for them.",
        "answered": f"{name} has answered already{f', {moment(at)}' if at else ''}.",
        "by_hand": f"{name} was nudged {moment(at) if at else 'already'}; one by hand a day is the limit.",
        "limit": f"{name} has got all nudges of this week{_next(at)}. Speak with them.",
        "snoozed": f"{name} has put it off{_until(at)}; it comes back to them by itself.",
    }
    return reasons[one.why]


def _until(at: datetime | None) -> str:
    return f" until {day_of(at)}" if at else ""


def _next(at: datetime | None) -> str:
    return f"; the next can go {moment(at)}" if at else ""


def _names(names: tuple[str, ...]) -> str:
    return listed([inline(name, 40) for name in names], TOLD)
