"""The history of a key result: what was said, taken back, changed and proposed, newest first, page by page."""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.lines import set_words
from bot.views.text import amount, change, count, day_of, inline, link, said
from rituals.okrs.cards import HistoryEvent, HistoryPage

EVENTS = 8
GONE = {"undone": "undone", "corrected": "corrected later"}


def history(page: HistoryPage, start: int = 0) -> Message:
    """From the `start`-th event on; buttons turn the page in its place."""
    name = f"{inline(page.key, 30)} {inline(page.title, 120)}"
    if not page.events:
        line = f"{name}: nothing was said or changed yet."
        return message(line, [section(line)])
    start = min(start, (len(page.events) - 1) // EVENTS * EVENTS)
    shown = page.events[start : start + EVENTS]
    span = f", {start + 1} to {start + len(shown)}" if len(page.events) > EVENTS else ""
    blocks = [section(f"*History of {name}*  {len(page.events)}{span}"), *(section(_event(one)) for one in shown)]
    blocks += _turning(page, start, len(shown))
    return message(f"History of {name}: {count(len(page.events), 'entry', 'entries')}.", blocks)


def _turning(page: HistoryPage, start: int, shown: int) -> list[Block]:
    rest = len(page.events) - start - shown
    back, on = (ids.pack(query=page.key, start=at) for at in (max(0, start - EVENTS), start + shown))
    buttons = [
        button("Back", ids.of(ids.HISTORY_TURN, "back"), back) if start else None,
        button(f"and {rest} more", ids.of(ids.HISTORY_TURN, "on"), on) if rest > 0 else None,
    ]
    return [actions(*buttons)] if any(buttons) else [context("That is all of it.")]


def _event(one: HistoryEvent) -> str:
    who = f", {_who(one)}" if one.by or one.unit else ""
    proof = f" {link(one.evidence, 'evidence')}" if one.evidence.startswith(("http://", "https://")) else ""
    words = f" ({link(one.permalink, 'words')})" if one.permalink else ""
    note = f": {said(one.note, 300)}" if one.note else ""
    return f"{day_of(one.at)}  {_marked(one)}{who}{note}{proof}{words}"


def _marked(one: HistoryEvent) -> str:
    if not one.gone:
        return _what(one)
    gone = f" {day_of(one.gone_at)}" if one.gone_at else ""
    return f"~{_what(one)}~ {GONE[one.gone]}{gone}"


def _what(one: HistoryEvent) -> str:
    if one.what == "change":
        return f"Changed: {said(one.words, 300)}"
    if one.what == "grade":
        return f"Graded: {said(one.words, 300)}"
    if one.what == "adjustment":
        return f"Proposed {said(one.words, 300)}"
    value = amount(change(one.before, one.after)) if one.after else ""
    confidence = f"confidence {one.confidence}" if one.confidence is not None else ""
    by_hand = set_words(one.status, one.status_reason)
    parts = [part for part in (value, confidence, by_hand) if part] or ["a note"]
    return f"{', '.join(parts)}{' as seen' if one.what == 'view' else ''}"


def _who(one: HistoryEvent) -> str:
    by, unit = inline(one.by or "", 40), inline(one.unit or "", 40)
    if one.what != "view" or not unit:
        return by or unit
    return f"{by} from {unit}" if by else f"from {unit}"
