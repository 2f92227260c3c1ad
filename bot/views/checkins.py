"""A round of check-ins as Slack shows it: the prompt to a lead, its reminder, the round's board, one lead's answer.

The receipt is in `receipts`, the form in `answer_form`. Data in, blocks out; nothing is looked up or decided.
"""

from datetime import UTC, date
from itertools import groupby

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.lines import asked_line, blocker_whom, changed_line, open_blocker
from bot.views.text import (
    count,
    day_of,
    inline,
    listed,
    moment,
    quoted,
    said,
    sentence,
    some,
    spelled,
)
from rituals.notices import CheckinBoard, CheckinPrompt, CheckinReminder, KrLine, Missing, SavedLine, SharedAnswer

QUESTIONS = {
    1: "Are shared key results on track?",
    2: "Have any dependencies or blockers emerged?",
    3: "Do any OKRs need to be adjusted based on new information?",
}
SHOWN = 5
NAMES = 10
BESIDE = 40  # characters of a "no" and the like, which stand beside what they are about
ABOUT = {1: "Key results", 2: "Blockers", 3: "Adjustments"}
GROUPS = {
    "report": "You report:",
    "view": "Others report; how does it look from your side?",
    "own": "And your own:",
}


def prompt(notice: CheckinPrompt) -> Message:
    """The three questions to one lead."""
    of = f" of {notice.of}" if notice.of else ""
    title = f"*Check-in {notice.number}{of}* · {inline(notice.unit)} · by {moment(notice.due_at)}"
    blocks = [
        section(title, f"{_waiting(len(notice.lines))} Reply in this thread or use the form."),
        section(f"*1  {QUESTIONS[1]}*", *_asked(notice.lines)),
        section(f"*2  {QUESTIONS[2]}*", *_open(notice)),
        section(f"*3  {QUESTIONS[3]}*"),
        actions(
            button("Answer", ids.CHECKIN_ANSWER, str(notice.ask), style="primary"),
            button("No change", ids.CHECKIN_NO_CHANGE, str(notice.ask)) if notice.no_change else None,
        ),
    ]
    if notice.example:
        blocks.append(context(f"For example: {said(notice.example)}"))
    text = (
        f"Check-in {notice.number} of {inline(notice.unit)}: {_counted(len(notice.lines))}. "
        f"Please answer by {moment(notice.due_at)}, here in the thread or in the form."
    )
    return message(text, blocks)


def _waiting(lines: int) -> str:
    minutes = max(1, round(lines * 0.6))
    return f"{sentence(_counted(lines))}, about {spelled(minutes, 'minute')}."


def _counted(lines: int) -> str:
    if not lines:
        return "no key result of yours is due, only the questions wait"
    return f"{spelled(lines, 'key result')} {'waits' if lines == 1 else 'wait'} for you"


def _asked(lines: tuple[KrLine, ...]) -> list[str]:
    """What matters most, and where the rest is: shared ones first, at least one of the lead's own."""
    shared = [line for line in lines if line.role != "own"]
    own = [line for line in lines if line.role == "own"]
    first = shared[: SHOWN - 1 if own else SHOWN]
    second = own[: SHOWN - len(first)]
    shown: list[str] = []
    for role, group in groupby([*first, *second], key=lambda line: line.role):
        if role in GROUPS and (shown or role != "own"):
            shown.append(GROUPS[role])
        shown += [asked_line(line) for line in group]
    left = len(lines) - len(first) - len(second)
    return [*shown, *([f"and {left} more in the form"] if left else [])] or ["None of yours; say what you see."]


def _open(notice: CheckinPrompt) -> list[str]:
    if not notice.blockers:
        return []
    return [f"Open: {'; '.join(some([open_blocker(b) for b in notice.blockers], 3))}"]


def reminder(notice: CheckinReminder) -> Message:
    """The one reminder; the lead is mentioned because they must act."""
    behind = f"; behind: {listed([inline(key) for key in notice.behind], 5)}" if notice.behind else ""
    what = f"{spelled(notice.open, 'key result')} still open{behind}" if notice.open else "your answer is still open"
    line = f"<@{notice.user}> Check-in {notice.number} of {inline(notice.unit)} closes {moment(notice.due_at)}: {what}."
    answer = button("Answer", ids.CHECKIN_ANSWER, str(notice.ask), style="primary")
    return message(line, [section(line), actions(answer)])


def board(notice: CheckinBoard) -> Message:
    """Who has answered, kept current in the portfolio's channel."""
    given = [*notice.answered, *(f"{name} (late)" for name in notice.late)]
    asked = len(given) + len(notice.missing)
    end = "closed" if notice.closed else f"until {moment(notice.due_at)}"
    title = f"*Check-in {notice.number}* · {inline(notice.unit)} · {end}"
    lines = [title, f"{_answered(len(given), asked)}{_statuses(notice.statuses)}", *_names(given, notice)]
    blocks = [section(*lines)]
    if not notice.closed:
        blocks.append(actions(button("Answer", ids.BOARD_ANSWER, str(notice.round))))
        blocks.append(context("Leads can also reply in this thread: 1. key results  2. blockers  3. adjustments"))
    state = "is closed" if notice.closed else "is open"
    return message(f"Check-in {notice.number} of {inline(notice.unit)} {state}: {_answered(len(given), asked)}", blocks)


def _answered(given: int, asked: int) -> str:
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
        told = [", ".join(inline(one.name, 40) for one in shown)] if notice.closed else _by_asking(shown)
        lines.append(f"– {'; '.join(told)}{f'; and {rest} more' if rest > 0 else ''}")
    return lines


def _by_asking(missing: tuple[Missing, ...]) -> list[str]:
    """Who was asked on which day, all of a day together however the hours of their zones lie."""
    days: dict[date | None, list[Missing]] = {}
    for one in missing:
        days.setdefault(one.asked_at.astimezone(UTC).date() if one.asked_at else None, []).append(one)
    return [
        f"{', '.join(inline(one.name, 40) for one in group)} "
        f"({f'asked {day_of(group[0].asked_at)}' if group[0].asked_at else 'not asked yet'})"
        for _, group in sorted(days.items(), key=lambda pair: (pair[0] is None, pair[0] or date.max))
    ]


def shared_answer(notice: SharedAnswer) -> Message:
    """One lead's answer, word for word, for the others in the round's thread; and what it changed."""
    who = f"*{inline(notice.name)}* for {listed([inline(u, 40) for u in notice.units], 5)}"
    marks = [mark for mark, on in (("late", notice.late), ("edited", notice.edited)) if on]
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
