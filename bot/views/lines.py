"""The lines that every feature shares: a key result, a saved value, a blocker. mrkdwn strings, no blocks."""

from bot.views.text import amount, beside, change, count, day, inline, link, moment, percent, plain, said
from rituals.notices import BlockerLine, HandSet, KrLine, Owed, SavedLine
from rituals.okrs.beside import beside as beside_status
from rituals.okrs.beside import leading
from rituals.okrs.model import HandStatus, Status

ASKED_TITLE = 34  # two rows on a phone, with the value

SHAPES: dict[Status, str] = {
    "on_track": "●",
    "at_risk": "◐",
    "off_track": "○",
    "stale": "◌",
    "no_data": "◌",
    "achieved": "✓",
    "closed": "–",
    "not_started": "–",
}
WORDS: dict[Status, str] = {
    "on_track": "on track",
    "at_risk": "at risk",
    "off_track": "off track",
    "stale": "stale",
    "no_data": "no data",
    "achieved": "achieved",
    "closed": "closed",
    "not_started": "not started",
}


def kr_name(key: str, title: str, limit: int = 70) -> str:
    """`*KR-1* Average onboarding time`."""
    return f"*{inline(key, 30)}* {inline(title, limit)}"


def kr_line(line: KrLine, limit: int = 70) -> str:
    """Shape, name, value and expectation, status in a word: the line of every list."""
    shape, words = marked(line.status, line.by_hand)
    name = f"{shape} {kr_name(line.key, line.title, limit)}"
    if line.now is None:
        return f"{name}: {words}"
    return f"{name}: {standing(line)}, {words}"


def marked(status: Status, by_hand: HandSet | None) -> tuple[str, str]:
    """Shape and words: `◐`, `at risk`; of one that was set by hand `at risk, set by Bo (computed on track)`."""
    first = leading(status, by_hand)
    name = inline(by_hand.by, 40) if by_hand else None
    return SHAPES[first], f"{WORDS[first]}{beside_status(status, by_hand, name)}"


def plain_marked(status: Status, by_hand: HandSet | None) -> tuple[str, str]:
    """As `marked`, for plain text."""
    first = leading(status, by_hand)
    return SHAPES[first], f"{WORDS[first]}{beside_status(status, by_hand, plain(by_hand.by, 40) if by_hand else None)}"


def status_line(status: Status, by_hand: HandSet | None) -> str:
    """`○ off track`; `◐ at risk, set by Bo: vendor slips (computed ● on track)`, with silence before what was set."""
    computed = f"{SHAPES[status]} {WORDS[status]}"
    if by_hand is None:
        return computed
    name, reason = inline(by_hand.by, 40), said(by_hand.reason, 200)
    set_one = f"{SHAPES[by_hand.status]} {WORDS[by_hand.status]}"
    if leading(status, by_hand) == by_hand.status:
        return f"{set_one}, set by {name}: {reason} (computed {computed})"
    return f"{computed} ({name} set {set_one}: {reason})"


def set_words(status: HandStatus | None, reason: str) -> str:
    """What an update set by hand: `set ◐ at risk: vendor slips`; "" where it set none."""
    return f"set {SHAPES[status]} {WORDS[status]}: {said(reason, 160)}" if status else ""


def standing(line: KrLine) -> str:
    """`41 days, expected 33`, or that no value has been given."""
    if line.now is None:
        return "no value yet"
    if line.expected is None:
        return amount(line.now)
    return f"{amount(line.now)}, expected {amount(beside(line.now, line.expected))}"


def asked_line(line: KrLine) -> str:
    """As `kr_line` in a prompt, shorter, with the age of the last update, and by whom where another reports it."""
    by = line.reporter if line.role == "view" else None
    last = [*([inline(by, 40)] if by else []), *([ago(line.days)] if line.days is not None else [])]
    if not last:
        return kr_line(line, ASKED_TITLE)
    return f"{kr_line(line, ASKED_TITLE)} ({', '.join(last) if by else f'updated {last[0]}'})"


def ago(days: int) -> str:
    """A number of days back: `16 days ago`, `yesterday`, `today`."""
    return "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"


def saved_line(line: SavedLine) -> str:
    """`*KR-1* 41 → 30 days, 60 % of the way (expected 49 %), confidence 7 (was 5)`."""
    key = inline(line.key, 30)
    if line.undone:
        kept = f" It stands at {amount(line.before)}." if line.before else ""
        return f"*{key}* undone.{kept}"
    parts = [f"*{key}* {_value(line)}{_way(line)}"]
    if line.confidence is not None:
        was = line.confidence_before
        parts.append(f"confidence {line.confidence}{f' (was {was})' if was not in (None, line.confidence) else ''}")
    parts.append(set_words(line.status, line.status_reason))
    return ", ".join(part for part in parts if part)


def changed_line(line: SavedLine) -> str:
    """`*KR-1* 41 → 30 days, 60 % of the way (expected 49 %)`: for those who have read the answer itself."""
    return f"*{inline(line.key, 30)}* {_value(line)}{_way(line)}"


def unmoved_line(line: SavedLine) -> str:
    """`*KR-1* 41 days`: one of many that were confirmed as they are."""
    return f"*{inline(line.key, 30)}* {amount(line.after or line.before or 'no value')}"


def _value(line: SavedLine) -> str:
    if line.after is None:
        return amount(line.before) if line.before else "no value"
    if line.role == "view":
        return f"{amount(line.after)} as you see it"
    if line.before == line.after:
        return f"still {amount(line.after)}"
    return _moved(line.before, line.after)


def _moved(before: str | None, after: str) -> str:
    words = change(before, after)
    head, arrow, tail = words.rpartition(" → ")
    return f"{inline(head)}{arrow}{amount(tail)}" if arrow else amount(words)


def _way(line: SavedLine) -> str:
    return way(line.progress, line.expected) if line.role != "view" else ""


def way(progress: float | None, expected: float | None) -> str:
    """`, 60 % of the way (expected 49 %)`; nothing where nothing is due yet or all that is due is there."""
    if progress is None or (progress == expected and progress in (0, 1)):
        return ""
    return f", {percent(progress)} of the way{f' (expected {percent(expected)})' if expected is not None else ''}"


def due_words(one: Owed) -> str:
    """Until when something waits for somebody: `by Wed 18:00, partly answered`, `by Wed 18:00, back tomorrow 09:00`."""
    due = f"{'was due' if one.late else 'by'} {moment(one.due_at)}" if one.due_at else ""
    back = f"back {moment(one.back_at)}" if one.back_at else ""
    return ", ".join(part for part in (due, "partly answered" if one.partly else "", back) if part)


def blocker_name(line: BlockerLine) -> str:
    """`*B-12* waiting for the API`, linked to the words it came from where there are any."""
    number = f"B-{line.number}"
    return f"*{link(line.permalink, number)}* {said(line.text, 140)}"


def blocker_whom(line: BlockerLine) -> str:
    """`*B-12*: CRM waits for Payments`: for who has its words before them."""
    return f"*{link(line.permalink, f'B-{line.number}')}*: {_whom(line)}"


def _whom(line: BlockerLine) -> str:
    return f"{inline(line.by)} waits for {inline(line.on)}" if line.on else f"holds up {inline(line.by)}"


def blocker_line(line: BlockerLine, *, fresh: bool = False) -> str:
    """A blocker in the register: what, who is held up by whom, how long, until when. A `fresh` one has no age yet."""
    parts = [f"{blocker_name(line)}: {_whom(line)}"]
    if line.kind:
        parts.append(inline(line.kind, 20))
    if line.key_result:
        parts.append(inline(line.key_result))
    if line.days or not fresh:
        parts.append("since today" if line.days < 1 else count(line.days, "day"))
    if line.until and day(line.until) not in line.text:
        parts.append(f"until {day(line.until)}")
    if line.handshake:
        parts.append(inline(line.handshake, 60))
    if line.next_step:
        parts.append(f"next: {said(line.next_step, 70)}")
    return ", ".join(parts)


def open_blocker(line: BlockerLine) -> str:
    """A blocker in a prompt: `B-9 "billing API" from Payments, 12 days`."""
    who = f" from {inline(line.on)}" if line.on else ""
    age = f", {count(line.days, 'day')}" if line.days else ""
    return f"B-{line.number} “{said(line.text, 80)}”{who}{age}"
