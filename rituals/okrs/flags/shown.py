"""Flags as they are shown: each reason with its rule's name, since when, and the next step; and the news of them, for
cards, lists and the digest. Words what the rules and the book say; writes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rituals.notices.flags import FlagLine, FlagNews
from rituals.okrs.figures import Figures
from rituals.okrs.flags.events import FlagEvent, Reason, opened_at, standing, without_blinks
from rituals.okrs.flags.log import told
from rituals.okrs.flags.rules import Numbers
from rituals.okrs.flags.steps import RULES, next_step
from rituals.okrs.model import Flag, KeyResult
from rituals.okrs.pace import local_day
from rituals.okrs.state import PortfolioState
from rituals.okrs.words import flag_words
from storage.database import Session


def flag_lines(
    state: PortfolioState, kr: KeyResult, figures: Figures, book: Sequence[FlagEvent] = ()
) -> tuple[FlagLine, ...]:
    """Every reason that holds, silence first: who is silent has to speak before anything else can be done. `book` is
    what is written down of it.
    """
    ordered = sorted(figures.flags, key=lambda flag: flag.reason != "silent")
    return tuple(_line(state, kr, flag.reason, flag.numbers, book) for flag in ordered)


def _line(
    state: PortfolioState, kr: KeyResult, reason: Reason, numbers: Numbers, book: Sequence[FlagEvent]
) -> FlagLine:
    since = opened_at(book, reason)
    return FlagLine(
        rule=RULES[reason],
        words=_words(state, kr, reason, numbers),
        since=local_day(since, state.zone) if since else None,
        step=next_step(kr, reason, numbers),
    )


def news(state: PortfolioState, kr: KeyResult, book: Sequence[FlagEvent]) -> tuple[FlagNews, ...]:
    """What its flags did, newest first; what was only a blink of a day is left out."""
    kept = without_blinks(book, state.zone)
    found = [_news(state, kr, event, kept[: place + 1]) for place, event in enumerate(kept)]
    return tuple(reversed(found))


def news_of(
    session: Session, state: PortfolioState, krs: Iterable[KeyResult], *, after: datetime, until: datetime
) -> tuple[FlagNews, ...]:
    """What the flags of some shared key results did after one instant and up to another, for the digest: the newest
    word of each reason, recovered last, the newest day first. `state` is what the readers may see.
    """
    shared = [kr for kr in krs if kr.shared]
    books = told(session, state.team_id, shared)
    found: list[FlagNews] = []
    for kr in shared:
        kept = without_blinks([event for event in books[kr.key] if event.at <= until], state.zone)
        newest = {event.reason: place for place, event in enumerate(kept) if event.at > after}
        found += [_news(state, kr, kept[place], kept[: place + 1]) for place in newest.values()]
    found.sort(key=lambda one: (one.event == "recovered", -one.on.toordinal()))
    return tuple(found)


def _news(state: PortfolioState, kr: KeyResult, event: FlagEvent, so_far: Sequence[FlagEvent]) -> FlagNews:
    gone = event.event == "recovered"
    return FlagNews(
        key=kr.key,
        title=kr.title,
        event=event.event,
        what=_did(event, gone and not standing(so_far)),
        on=local_day(event.at, state.zone),
        rule=RULES[event.reason],
        words=_words(state, kr, event.reason, event.numbers),
        owners=state.names(kr.owners),
        step="" if gone else next_step(kr, event.reason, event.numbers),
        all_clear=gone and not standing(so_far),
    )


def _did(event: FlagEvent, all_clear: bool) -> str:
    if event.event == "recovered":
        return "recovered" if all_clear else "recovered in part"
    if event.reason == "pace" and event.numbers.get("status") == "off_track":
        return "fell off track"
    return "fell behind" if event.event == "opened" else "got worse"


def _words(state: PortfolioState, kr: KeyResult, reason: Reason, numbers: Numbers) -> str:
    return flag_words(kr, Flag(reason, numbers), state.unit_names)
