"""What makes somebody act who was asked already, as Slack shows it: reminder, last call, nudge, a missed round.

One line with what is open and by when, then the button that does it. Data in, blocks out; nothing is decided here.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.lines import kr_name, marked
from bot.views.text import amount, day_of, inline, listed, moment, some, spelled
from rituals.notices import (
    CheckinMissed,
    CheckinNudge,
    CheckinReminder,
    Escalation,
    EscalationCopy,
    KrNudge,
    MissingLead,
)

KEYS = 5
NAMED = 12
TOLD = 4
WHY = {"limit": "no more reminders, the week's were used up", "quiet": "quiet hours until the end"}


def reminder(notice: CheckinReminder) -> Message:
    """The reminder and the last call; the lead is mentioned because they must act."""
    what = f"Check-in {notice.number} of {inline(notice.unit)}"
    last = "Last call: " if notice.last_call else ""
    line = f"<@{notice.user}> {last}{what}{_for(notice.instead_of)} closes {moment(notice.due_at)}"
    return _asking(f"{line}: {_open(notice.open, notice.behind)}.", notice.ask)


def checkin_nudge(notice: CheckinNudge) -> Message:
    """A nudge by hand; it says who wants it."""
    until = "closed, an answer is still taken" if notice.closed else f"until {moment(notice.due_at)}"
    what = f"check-in {notice.number} of {inline(notice.unit)}{_for(notice.instead_of)}, {until}"
    line = f"<@{notice.user}> {inline(notice.by, 40)} asks for your answer to {what}"
    return _asking(f"{line}: {_open(notice.open, notice.behind)}.", notice.ask)


def kr_nudge(notice: KrNudge) -> Message:
    """A nudge for the value of one key result."""
    value = f"{amount(notice.now)}, " if notice.now else ""
    last = f", last on {day_of(notice.last_at)}" if notice.last_at else ""
    asks = f"<@{notice.user}> {inline(notice.by, 40)} asks how {kr_name(notice.key, notice.title)} stands"
    shape, words = marked(notice.status, notice.by_hand)
    line = f"{asks}. Known so far: {shape} {value}{words}{last}."
    update = button("Update", ids.of(ids.OKR_UPDATE, notice.key), notice.key, style="primary")
    return message(line, [section(line), actions(update)])


def missed(notice: CheckinMissed) -> Message:
    """To a lead without whom the round closed: what can be done, and what happens next."""
    what = f"check-in {notice.number} of {inline(notice.unit)}{_for(notice.instead_of)}"
    line = f"You can still answer {what}: it closed without you, and your answer is marked late."
    return _asking(f"{line} {_next(notice)}", notice.ask)


def _next(notice: CheckinMissed) -> str:
    if not notice.told or notice.told_at is None:
        return "Nobody else is told."
    verb = "is" if len(notice.told) == 1 else "are"
    return f"If nothing comes, {_names(notice.told)} {verb} told {moment(notice.told_at)}, and you get a copy."


def escalation(notice: Escalation) -> Message:
    """To a lead above: who has not answered and what was done about it. Their part is to speak with them."""
    count = spelled(len(notice.missing), "lead")
    title = f"*Check-in {notice.number}* · {inline(notice.unit)} closed {day_of(notice.closed_at)} without {count}"
    shown, rest = notice.missing[:NAMED], len(notice.missing) - NAMED
    lines = [f"– {_missing(one)}" for one in shown]
    lines += [f"and {rest} more: `/okr nudge`"] if rest > 0 else []
    them, each = ("them", "Each of them") if len(notice.missing) > 1 else (inline(notice.missing[0].name, 40), "They")
    verb = "has" if len(notice.missing) > 1 else "have"
    act = f"Please speak with {them}; an answer is still taken, and marked late."
    small = f"{each} {verb} been told that you were told. `/okr nudge` shows who is missing and can ask again."
    names = listed([inline(one.name, 40) for one in notice.missing], KEYS)
    text = f"Check-in {notice.number} of {inline(notice.unit)} closed without {names}. {act}"
    return message(text, [section(f"{title}. {act}", *lines), context(small)])


def _missing(lead: MissingLead) -> str:
    """`Bo Lind (CRM): KR-1, KR-4 open; reminded twice`."""
    units = f" ({listed([inline(unit, 40) for unit in lead.units], 3)})" if lead.units else ""
    keys = f"{listed([inline(key, 30) for key in lead.keys], KEYS)} open" if lead.keys else "no answer"
    times = {0: "not reminded", 1: "reminded once", 2: "reminded twice"}
    told = times.get(lead.reminded, f"reminded {lead.reminded} times")
    why = f" ({WHY[lead.not_reminded]})" if lead.not_reminded in WHY else ""
    return f"*{inline(lead.name, 40)}*{units}: {keys}; {told}{why}"


def escalation_copy(notice: EscalationCopy) -> Message:
    """To a lead who is named there: nothing is said behind their back."""
    told = f"I told {_names(notice.told)} that check-in {notice.number} of {inline(notice.unit)} closed without you"
    line = f"{told}. This is what it says of you:"
    blocks: list[Block] = [section(line, f"> {_missing(notice.line)}")]
    blocks.append(actions(button("Answer", ids.CHECKIN_ANSWER, str(notice.ask), style="primary")))
    return message(f"{told}. An answer is still taken.", blocks)


def _asking(line: str, ask: int) -> Message:
    answer = button("Answer", ids.CHECKIN_ANSWER, str(ask), style="primary")
    return message(line, [section(line), actions(answer)])


def _open(number: int, behind: tuple[str, ...]) -> str:
    late = f"; behind: {listed([inline(key, 30) for key in behind], KEYS)}" if behind else ""
    return f"{spelled(number, 'key result')} still open{late}" if number else "your answer is still open"


def _for(name: str | None) -> str:
    return f" for {inline(name, 40)}" if name else ""


def _names(names: tuple[str, ...]) -> str:
    """`Ana Ruiz, Joe and Kim`."""
    shown = some([inline(name, 40) for name in names], TOLD)
    if len(names) != len(shown) or len(shown) < 2:
        return listed(shown, TOLD)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
