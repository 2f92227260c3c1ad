"""A round of check-ins as Slack shows it: the prompt to a lead, the round's board, one lead's answer.

The receipt is in `receipts`, the form in `answer_form`, reminders in `reminders`. Data in, blocks out; nothing is
looked up or decided.
"""

from datetime import UTC, date

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.lines import blocker_whom, changed_line
from bot.views.text import (
    count,
    day_of,
    duration,
    inline,
    listed,
    moment,
    quoted,
    said,
    some,
)
from rituals.notices import AwayLead, CheckinBoard, Missing, SavedLine, SharedAnswer

NAMES = 10
BESIDE = 40  # characters of a "no" and the like, which stand beside what they are about
ABOUT = {1: "Key results", 2: "Blockers", 3: "Adjustments"}


def board(notice: CheckinBoard) -> Message:
    """Who has answered, kept current in the portfolio's channel."""
    partly = [f"{name} (partly)" for name in notice.partly]
    given = [*notice.answered, *partly, *(f"{name} (late)" for name in notice.late)]
    asked = len(given) + len(notice.missing) + sum(one.delegate is not None for one in notice.away)
    end = "closed" if notice.closed else f"until {moment(notice.due_at)}"
    title = f"*Check-in {notice.number}* · {inline(notice.unit)} · {end}"
    lines = [title, f"{_answered(len(given), asked)}{_statuses(notice.statuses)}", *_names(given, notice)]
    blocks = [section(*lines)]
    if notice.closed and notice.seconds:
        blocks.append(context(_took(notice, len(given))))
    if not notice.closed:
        blocks.append(actions(button("Answer", ids.BOARD_ANSWER, str(notice.round))))
        blocks.append(context("Leads can also reply in this thread: 1. key results  2. blockers  3. adjustments"))
    state = "is closed" if notice.closed else "is open"
    return message(f"Check-in {notice.number} of {inline(notice.unit)} {state}: {_answered(len(given), asked)}", blocks)


def _took(notice: CheckinBoard, given: int) -> str:
    """What the round took of everybody's time, beside what the practice allows a group."""
    of = f" (measured for {notice.measured} of {given})" if notice.measured < given else ""
    return f"It took {duration(notice.seconds)} in all{of}; the budget is {duration(notice.budget)}."


def _answered(given: int, asked: int) -> str:
    if not asked:
        return "Nobody is asked: all are away."
    if given == asked and asked:
        return f"All {asked} have answered." if asked > 1 else "The one asked has answered."
    return f"{given} of {asked} {'has' if given == 1 else 'have'} answered."


def _statuses(statuses: dict[str, int]) -> str:
    order = ("off_track", "at_risk", "stale", "no_data", "on_track", "achieved", "not_started", "closed")
    told = [f"{statuses[s]} {s.replace('_', ' ')}" for s in order if statuses.get(s)]
    return f" Shared key results: {', '.join(told)}." if told else ""


def _names(given: list[str], notice: CheckinBoard) -> list[str]:
    lines = []
    if given:
        lines.append(f"✓ {listed([inline(name, 40) for name in given], NAMES)}")
    if notice.missing:
        shown, rest = notice.missing[:NAMES], len(notice.missing) - NAMES
        told = [", ".join(map(_missing, shown))] if notice.closed else _by_asking(shown)
        lines.append(f"– {'; '.join(told)}{f'; and {rest} more' if rest > 0 else ''}")
    if notice.away:
        lines.append(f"~ {listed([_away(one, closed=notice.closed) for one in notice.away], NAMES)}")
    return lines


def _away(one: AwayLead, *, closed: bool) -> str:
    """A lead who is away, and who answers instead."""
    away = f"away until {inline(one.until, 20)}" if one.until else "away"
    who = inline(one.delegate, 40) if one.delegate else ""
    instead = f"; {who} was asked" if who and closed else f"; {who} answers" if who else ""
    return f"{inline(one.name, 40)} ({away}{instead})"


def _by_asking(missing: tuple[Missing, ...]) -> list[str]:
    """Who was asked on which day, all of a day together however the hours of their zones lie."""
    days: dict[date, list[Missing]] = {}
    for one in missing:
        days.setdefault(one.asked_at.astimezone(UTC).date() if one.asked_at else date.max, []).append(one)
    return [f"{', '.join(map(_missing, group))}{_when_asked(group[0])}" for _, group in sorted(days.items())]


def _when_asked(one: Missing) -> str:
    if one.over and one.asked_at is None:
        return ""  # said with each name
    return f" (asked {day_of(one.asked_at)})" if one.asked_at else " (not asked yet)"


def _missing(one: Missing) -> str:
    """Who is missing; who answered in part, who was never asked, and who was left alone."""
    never = one.over and one.asked_at is None
    why = (
        "partly" if one.partly else "was not asked" if never else "not reminded, enough this week" if one.limit else ""
    )
    return f"{inline(one.name, 40)}{f' ({why})' if why else ''}"


def shared_answer(notice: SharedAnswer) -> Message:
    """One lead's answer, word for word, for the others in the round's thread; and what it changed."""
    place = f" in place of {inline(notice.instead_of, 40)}" if notice.instead_of else ""
    who = f"*{inline(notice.name)}*{place} for {listed([inline(u, 40) for u in notice.units], 5)}"
    marks = [mark for mark, on in (("early", notice.early), ("late", notice.late), ("edited", notice.edited)) if on]
    lines = [f"{who} · {', '.join(marks)}" if marks else who]
    lines += [line for number, words in notice.answers[:10] for line in _answer(number, words)]
    notes = _changes([line for line in notice.saved if not line.undone])
    notes += [f"Blocker {blocker_whom(line)}" for line in notice.blockers]
    blocks: list[Block] = [section(*lines)]
    if notes:
        blocks.append(context("\n".join(some(notes, 10))))
    names = listed([inline(u, 40) for u in notice.units], 5)
    saved = f", {count(len(notice.saved), 'key result')}" if notice.saved else ""
    return message(f"{inline(notice.name)} has answered for {names}{saved}.", blocks)


def _answer(number: int, words: str) -> list[str]:
    """The words under what they are about; a short one beside it."""
    label = f"*{ABOUT[number]}*" if number in ABOUT else ""
    if label and number != 1 and "\n" not in words and len(words) <= BESIDE:
        return [f"{label}  {said(words)}"]
    return [*([label] if label else []), quoted(words, 900)]


def _changes(saved: list[SavedLine]) -> list[str]:
    """What the words do not say: where it stood before and how far it is. What did not move is only named."""
    moved = [changed_line(line) for line in saved if line.before != line.after]
    same = [f"*{inline(line.key, 30)}*" for line in saved if line.before == line.after]
    return [
        *some(moved, 9),
        *([f"Unchanged: {listed(same, 12)}"] if same else []),
    ]
