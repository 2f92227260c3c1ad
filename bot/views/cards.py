"""One key result's card (`/okr show`): status, course, forecast, owners, links up and down, blockers, last updates; the
same shared with a channel.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, Rung, actions, button, context, message, section
from bot.views.courses import course_blocks
from bot.views.evidence import evidence_line
from bot.views.flags import news_line, reason_lines
from bot.views.lines import blocker_line, marked, set_words, standing, status_line, way
from bot.views.sides import side_line
from bot.views.text import amount, day, day_of, few, inline, link, listed, said, sentence
from rituals.notices.cards import Earlier, Graded, HistoryLine, KrCard, LinkedObjective, SharedCard

UPDATES = 5
GRADES = {"green": "● green", "yellow": "◐ yellow", "red": "○ red", None: "– no score"}
ENDED = {"closed": "closed", "carried": "carried over", "dropped": "dropped"}
FLAGS = 3
SIDES = 6
MINE = 2
RUNGS: tuple[Rung, ...] = ("native", "fields", "text")


def card(data: KrCard, rung: Rung = "native", *, shareable: bool = False) -> Message:
    """The card; on lower rungs the chart is a table, then words. `shareable` where there is a channel to show it to."""
    key = data.line.key
    row = actions(
        button("Update", ids.OKR_UPDATE, key, style="primary"),
        button("History", ids.OKR_HISTORY, ids.pack(query=key, start=0)),
        button("Edit", ids.AUTHOR_EDIT, key) if data.editable else None,
        button("Share", ids.OKR_SHARE, key) if shareable else None,
        *_supporting(data),
    )
    advice = [context(f"Advice: {said(data.advice, 300)}.")] if data.advice else []
    return message(_told(data), [*_body(data, rung), *advice, row])


def shared(notice: SharedCard, rung: Rung = "native") -> Message:
    """The card in a channel, with who shared it."""
    key, by = notice.card.line.key, inline(notice.by, 60)
    row = actions(button("Update", ids.OKR_UPDATE, key), button("Open", ids.OKR_SHOW, key))
    return message(f"{by} shares {_told(notice.card)}", [*_body(notice.card, rung), row, context(f"Shared by {by}")])


def _told(data: KrCard) -> str:
    line = data.line
    now = f", {standing(line)}{_way(data)}" if line.now is not None else ""
    return f"{inline(line.key, 30)} {inline(line.title)}: {marked(line.status, line.by_hand)[1]}{now}."


def _body(data: KrCard, rung: Rung) -> list[Block]:
    line = data.line
    head = f"*{inline(line.key, 30)} {inline(line.title, 300)}*"
    now = f": {standing(line)}{_way(data)}" if line.now is not None else ""
    status = [f"{status_line(line.status, line.by_hand)}{now}"]
    if line.by_hand and now:
        status = [status_line(line.status, line.by_hand), sentence(now.removeprefix(": "))]
    blocks = [section(head, *status, *_why(data)), *course_blocks(data, rung), section(*_facts(data))]
    if data.sides:
        blocks.append(section("*Seen by its owners*", *few(data.sides, side_line, SIDES)))
    if data.flag_news:
        blocks.append(section("*Fell and recovered*", *few(data.flag_news, news_line, FLAGS)))
    if data.blockers:
        blocks.append(section("*Open blockers*", *few(data.blockers, blocker_line, 3)))
    if data.evidence:
        blocks.append(section("*Evidence*", *few(data.evidence, evidence_line, 3)))
    return [*blocks, *_history(data), *(section(*_earlier(one)) for one in data.earlier)]


def _supporting(data: KrCard) -> list[Block]:
    """One for each co-owner of the reader's: to say what of its own supports the key result."""
    own = [one for one in data.sides if one.linkable and not one.at_home][:MINE]
    return [
        button(
            f"What {one.unit} does for it",
            ids.of(ids.SUPPORT_OPEN, number),
            ids.pack(key=data.line.key, unit=one.unit_key),
        )
        for number, one in enumerate(own)
    ]


def _graded(one: Graded) -> str:
    """`◐ yellow, 0.60, carried over to KR-46: slower than planned`."""
    score = f"{GRADES.get(one.band, GRADES[None])}{'' if one.score is None else f', {one.score}'}"
    to = f" to *{inline(one.to, 30)}*" if one.to else ""
    words = "; ".join(said(text, 160) for text in (one.reason, one.note) if text)
    return f"{score}, {ENDED.get(one.outcome, one.outcome)}{to}{f': {words}' if words else ''}"


def _earlier(one: Earlier) -> list[str]:
    """What it was in an earlier cycle, with its last words."""
    ended = f", ended at {amount(one.ended)}" if one.ended else ""
    head = f"*Before, in {inline(one.cycle, 40)}*  {inline(one.key, 30)}: {amount(one.course)}{ended}"
    grade = [_graded(one.graded)] if one.graded else []
    more = one.updates - len(one.history)
    rest = [f"and {more} before these"] if more > 0 and one.history else []
    return [head, *grade, *(_update(line) for line in one.history), *rest]


def _way(data: KrCard) -> str:
    line = data.line
    confidence = f", confidence {line.confidence}" if line.confidence is not None else ""
    return f"{way(line.progress, line.expected_progress)}{confidence}" if line.progress is not None else ""


def _why(data: KrCard) -> list[str]:
    if data.flags:
        return ["*Falling behind*", *reason_lines(data.flags)]
    return [f"*Falling behind*  {said('; '.join(data.why), 300)}"] if data.why else []


def _facts(data: KrCard) -> list[str]:
    span = f"{day(data.starts)} – {day(data.ends)}"
    course = f"{amount(data.course)}, " if data.course else ""
    lines = [f"*Goal*  {course}{span}, {data.commitment}"]
    lines.append(f"*Objective*  {inline(data.objective_key, 30)} {inline(data.objective)} · {inline(data.unit)}")
    if data.graded:
        lines.append(f"*Graded*  {_graded(data.graded)}")
    if data.forecast:
        lines.append(f"*Forecast*  {sentence(said(data.forecast, 200))}")
    if data.line.owners:
        reporter = f"; {inline(data.line.reporter, 40)} reports" if data.line.reporter else ""
        owners = listed([inline(owner, 40) for owner in data.line.owners])
        lines.append(f"*{'Owners' if data.line.shared else 'Owner'}*  {owners}{reporter}")
    return [*lines, *_links("Moves", data.up), *_links("Moved by", data.down)]


def _links(name: str, links: tuple[LinkedObjective, ...]) -> list[str]:
    def told(one: LinkedObjective) -> str:
        how = f": {said(one.how, 120)}" if one.how and len(links) == 1 else ""
        return f"{inline(one.key, 30)} {inline(one.title, 60)} ({inline(one.unit, 40)}){how}"

    return [f"*{name}*  {'; '.join(few(links, told, 3))}"] if links else []


def _history(data: KrCard) -> list[Block]:
    if not data.history:
        return [section("*Last updates*  None yet.")]
    lines = [_update(one) for one in data.history[:UPDATES]]
    blocks = [section("*Last updates*", *lines)]
    more = max(data.updates, len(data.history)) - len(lines)
    if more > 0:
        blocks.append(context(f"and {more} before these"))
    return blocks


def _update(one: HistoryLine) -> str:
    value = amount(one.value) if one.value else ""
    confidence = f"confidence {one.confidence}" if one.confidence is not None else ""
    who = inline(one.by, 40) if one.by else ""
    whom = f"{who} from {inline(one.unit, 40)}" if who and one.unit and one.view else who
    seen = "as seen by " if one.view and whom else ""
    by_hand = set_words(one.status, one.status_reason)
    parts = [part for part in (value, confidence, f"{seen}{whom}", by_hand) if part]
    note = f": {said(one.note, 160)}" if one.note else ""
    proof = f" {link(one.evidence, 'evidence')}" if one.evidence.startswith(("http://", "https://")) else ""
    when = link(one.permalink, "words") if one.permalink else ""
    return f"{day_of(one.at)}  {', '.join(parts)}{note}{proof}{f' ({when})' if when else ''}"
