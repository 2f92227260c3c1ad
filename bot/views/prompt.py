"""The prompt as Slack shows it: the three questions to one lead, and its return after it was put off.

Data in, blocks out; nothing is looked up or decided.
"""

from collections.abc import Sequence
from itertools import groupby

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, option, section, select
from bot.views.lines import asked_line, open_blocker
from bot.views.text import day_of, inline, moment, said, sentence, some, spelled
from rituals.notices import CheckinBack, CheckinPrompt, KrLine, Later

QUESTIONS = {
    1: "Are shared key results on track?",
    2: "Have any dependencies or blockers emerged?",
    3: "Do any OKRs need to be adjusted based on new information?",
}
SHOWN = 5
LAST_WORDS = 90  # two rows on a phone
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
        section(title, *_how(notice)),
        section(f"*1  {QUESTIONS[1]}*", *_asked(notice.lines)),
        section(f"*2  {QUESTIONS[2]}*", *_open(notice)),
        section(f"*3  {QUESTIONS[3]}*"),
        actions(
            button("Answer", ids.CHECKIN_ANSWER, str(notice.ask), style="primary"),
            button("No change", ids.CHECKIN_NO_CHANGE, str(notice.ask)) if notice.no_change else None,
            _later(notice.ask, notice.later),
        ),
    ]
    small = [*_last_time(notice), *([f"For example: {said(notice.example)}"] if notice.example else [])]
    if small:
        blocks.append(context("\n".join(small)))
    text = (
        f"Check-in {notice.number} of {inline(notice.unit)}{_for(notice)}: {_counted(len(notice.lines))}. "
        f"Please answer by {moment(notice.due_at)}, here in the thread or in the form."
    )
    return message(text, blocks)


def back(notice: CheckinBack) -> Message:
    """A prompt that was put off is back; the lead is mentioned because they asked for it."""
    line = (
        f"<@{notice.user}> As you asked, check-in {notice.number} of {inline(notice.unit)} is back: "
        f"{_counted(notice.open)}, by {moment(notice.due_at)}."
    )
    answer = button("Answer", ids.CHECKIN_ANSWER, str(notice.ask), style="primary")
    return message(line, [section(line), actions(answer, _later(notice.ask, notice.later))])


def _for(notice: CheckinPrompt) -> str:
    return f" for {inline(notice.instead_of, 40)}" if notice.instead_of else ""


def _how(notice: CheckinPrompt) -> list[str]:
    """How much it is; where it was put off, until when."""
    waiting = f"{_waiting(len(notice.lines))} Reply in this thread or use the form."
    if notice.instead_of:
        away = f"away until {inline(notice.away, 20)}" if notice.away else "away"
        waiting = f"You answer for {inline(notice.instead_of, 40)}, who is {away}. {waiting}"
    return [waiting, f"Later: back {moment(notice.back_at)}; Answer works any time."] if notice.back_at else [waiting]


def _later(ask: int, choices: Sequence[Later]) -> Block | None:
    if not choices:
        return None
    options = {one.when: option(one.label, ids.pack(ask=ask, when=one.when)) for one in choices}
    return select([*options.values()], placeholder="Later", action_id=ids.CHECKIN_LATER)


def _last_time(notice: CheckinPrompt) -> list[str]:
    if not notice.last_words or notice.last_said_at is None:
        return []
    who = inline(notice.instead_of, 40) if notice.instead_of else "You"
    return [f"{who} said on {day_of(notice.last_said_at)}: “{said(notice.last_words, LAST_WORDS)}”"]


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
