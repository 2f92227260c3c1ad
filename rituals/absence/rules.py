"""Being away: what a person typed of it, and whether that can be. Pure; it reads no clock and writes nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rituals.away import Away
from rituals.dates import read_day
from rituals.errors import Choice, Refusal
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.naming import Named, find

LONGEST = timedelta(days=366)
OFF = frozenset({"off", "back", "end", "ended", "no", "over"})
EXAMPLE = "/okr away until 30 Nov delegate @kim"

_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^>]{0,80})?>")
_DELEGATE = re.compile(
    r"(?:^|[\s,])(?:(?:and )?(?:delegate|deputy)(?: is|:)?\s+|(?=<?@))(?P<who>\S.{0,200})$", re.IGNORECASE
)
_UNTIL = re.compile(r"^(?:until|till|til|through|to|-)(?=\s|$)", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")


@dataclass(frozen=True)
class Wish:
    """What was typed: until when, and who is named as delegate ("" for nobody), both as typed."""

    until: str
    delegate: str = ""


def read_wish(typed: str) -> Wish:
    """`until 30 Nov delegate @kim`, with or without its small words."""
    found = _DELEGATE.search(typed)
    day = typed[: found.start()] if found else typed
    return Wish(_UNTIL.sub("", day.strip()).strip(" ,"), found["who"].strip() if found else "")


def until_of(wish: Wish, today: date) -> date:
    """The last day away. Raises Refusal for what is no day for sure, is over, or is more than a year away."""
    if not wish.until:
        raise Refusal(f"Until when are you away? Write a day: {EXAMPLE}.")
    day = read_day(wish.until, today)
    if day is None:
        either = sorted(_either(wish, today), key=lambda choice: choice.value)
        raise Refusal(
            f"“{wish.until}” can be two days. Which?" if either else _unread(wish.until), choices=tuple(either)
        )
    if day < today:
        raise Refusal(f"{_words(day)} is over. Until when are you away? /okr away off ends an absence.")
    if day - today > LONGEST:
        raise Refusal(
            f"{_words(day)} is more than a year away; I read until “{wish.until}”. Write a day within a year."
        )
    return day


def delegate_of(state: PortfolioState, me: Member, typed: str, today: date, until: date) -> Member:
    """Who is named. Raises Refusal for somebody who is not in the portfolio, oneself, or who cannot be asked then."""
    who = _person(state, typed)
    if who.id == me.id:
        raise Refusal("You cannot answer for yourself while you are away. Name somebody else, or nobody.")
    if who.slack is None:
        raise Refusal(f"{who.name} was not found in Slack yet, so I cannot ask them. Name somebody else.")
    if who.away is not None and who.away.starts <= until and who.away.until >= today:
        raise Refusal(f"{who.name} is away too, {span(who.away, today)}. Name somebody else, or nobody.")
    return who


def stands_in_for(state: PortfolioState, me: Member, today: date) -> tuple[Member, ...]:
    """Who is away and has named this person as delegate."""
    return tuple(p for p in state.people.values() if p.away and p.away.until >= today and p.away.delegate == me.key)


def span(away: Away, today: date) -> str:
    """`until Thu 26 Nov`; with its first day where that is ahead."""
    since = f"from {_words(away.starts)} " if away.starts > today else ""
    return f"{since}until {_words(away.until)}"


def _person(state: PortfolioState, typed: str) -> Member:
    mention = _MENTION.match(typed)
    if mention is not None:
        member = state.member(mention[1])
        if member is None:
            raise Refusal("That person is not in the portfolio, so they cannot answer for you. Name somebody who is.")
        return member
    names = [Named(p.key, p.name) for p in state.people.values()]
    return state.people[find(typed.lstrip("@"), names, what="person").key]


def _unread(typed: str) -> str:
    day = "Write one like 2026-11-30, 30 Nov, Friday or next Monday."
    return f"I read until “{typed}”, which is no day that I know. {day}"


def _either(wish: Wish, today: date) -> Iterable[Choice]:
    """Both readings of `3/12`, as what to type instead."""
    found = _NUMBERS.fullmatch(wish.until)
    if found is None:
        return
    year = int(found[3]) if found[3] else None
    for month, day in ((found[1], found[2]), (found[2], found[1])):
        when = _ahead(int(day), int(month), year, today)
        if when is not None:
            named = f" delegate {wish.delegate}" if wish.delegate else ""
            yield Choice(f"until {when.isoformat()}{named}", _words(when))


def _ahead(day: int, month: int, year: int | None, today: date) -> date | None:
    for candidate in [year] if year else [today.year, today.year + 1]:
        try:
            when = date(candidate, month, day)
        except ValueError:
            continue
        if when >= today:
            return when
    return None


def _words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"
