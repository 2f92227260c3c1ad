"""Whom a person may nudge by hand, and for what: reads, finds the words' meaning, refuses who may not. Sends nothing.

Who answers for a unit may nudge for its check-in; who owns a key result, or answers for an owner, for its value.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rituals.checkins.asking import asked_in
from rituals.errors import Refusal
from rituals.okrs.known import named
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KeyResult
from rituals.okrs.naming import Named, find
from rituals.okrs.roles import answers_for, not_yours, seen_by
from rituals.okrs.updates import is_reporter
from storage import checkins as queries
from storage.database import Session
from storage.tables import CheckinAsk, CheckinRound

ALL = "all"
RECENT = timedelta(days=7)  # so long a closed round can be asked about, and a value counts as fresh without a round
LOOK_BACK = timedelta(days=45)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Target:
    """A lead who is to act: for their ask in a round, or for the value of a key result since an instant."""

    member: Member
    ask: CheckinAsk | None = None
    row: CheckinRound | None = None
    kr: KeyResult | None = None
    since: datetime | None = None


def rounds_of(session: Session, state: PortfolioState, me: Member | None, now: datetime) -> list[CheckinRound]:
    """The newest round of every unit that a person answers for, open or closed within the week.

    Raises Refusal for somebody who answers for none.
    """
    newest = {row.unit_id: row for row in queries.latest_rounds(session, state.team_id, since=now - LOOK_BACK)}
    units = [key for key, rhythm in state.rhythms.items() if rhythm.cadence is not None]
    mine = {state.unit_ids[key] for key in units if me is not None and answers_for(state, me.key, key)}
    if not mine:
        raise Refusal(
            "Who leads a unit with a check-in, or one above it, can nudge for it, and so can admins. "
            "For a key result that you co-own: /okr nudge KR-12."
        )
    recent = (row for row in newest.values() if row.closed_at is None or row.closed_at > now - RECENT)
    return [row for row in recent if row.unit_id in mine]


def missing_in(session: Session, state: PortfolioState, row: CheckinRound) -> list[Target]:
    """Who was asked in a round and has not answered, by name."""
    found = queries.asks_of(session, state.team_id, [row.id or 0])
    waits = (f.ask for f in found if f.ask.asked_at is not None and f.ask.state in {"asked", "missed"})
    return [Target(state.people_by_id[ask.person_id], ask, row) for ask in waits]


def targets(session: Session, state: PortfolioState, me: Member | None, text: str, now: datetime) -> list[Target]:
    """Whom `text` means: all, a person, or who reports a key result. Raises Refusal, with choices where unclear."""
    typed = " ".join(text.split())
    if typed.casefold() == ALL:
        return _once(t for row in rounds_of(session, state, me, now) for t in missing_in(session, state, row))
    if typed.startswith(("<@", "@")):
        return [_of_person(session, state, me, _person(state, typed), now)]
    kr = named(seen_by(state, me.key if me else None), typed, now)
    if me is None or not any(answers_for(state, me.key, owner) for owner in kr.owners):
        raise not_yours(state, kr.key, kr.owners)
    return _reporters(session, state, kr, now)


def _once(found: Iterable[Target]) -> list[Target]:
    """Who is missing in several rounds is nudged for the first."""
    return list({target.member.id: target for target in reversed(list(found))}.values())[::-1]


def _person(state: PortfolioState, typed: str) -> Member:
    mention = _MENTION.fullmatch(typed)
    if mention is None:
        among = [Named(member.key, member.name) for member in state.people.values()]
        return state.people[find(typed.lstrip("@"), among, what="person").key]
    member = state.member(mention[1])
    if member is None:
        raise Refusal("They are in no unit here, so no check-in asks them.")
    return member


def _of_person(session: Session, state: PortfolioState, me: Member | None, who: Member, now: datetime) -> Target:
    rounds = rounds_of(session, state, me, now)
    asks = [(queries.ask_of(session, state.team_id, row.id or 0, who.id), row) for row in rounds]
    found = [Target(who, ask, row) for ask, row in asks if ask is not None and ask.asked_at is not None]
    if not found:
        raise Refusal(f"{who.name} was not asked in a check-in that you answer for. /okr nudge shows who is missing.")
    return next((t for t in found if t.ask and t.ask.state in {"asked", "missed"}), found[0])


def _reporters(session: Session, state: PortfolioState, kr: KeyResult, now: datetime) -> list[Target]:
    people = [member for key, member in state.people.items() if is_reporter(state, kr, key)]
    if not people:
        raise Refusal(f"Nobody reports {kr.key} yet. Name a lead for its unit first.")
    return [_for_value(session, state, kr, member, now) for member in people]


def _for_value(session: Session, state: PortfolioState, kr: KeyResult, member: Member, now: datetime) -> Target:
    """With a round running in which it is asked, a value since that round is fresh."""
    ask = queries.newest_ask(session, state.team_id, member.id)
    row = queries.get_round(session, state.team_id, ask.round_id) if ask else None
    if ask and row and row.state == "open" and kr.key in {a.kr.key for a in asked_in(session, state, ask, now)}:
        return Target(member, ask, row, kr, row.slot)
    return Target(member, kr=kr, since=now - RECENT)


def fresh_at(kr: KeyResult, since: datetime) -> datetime | None:
    """When a key result was last reported since an instant; None where it was not."""
    return max((update.at for update in kr.reports if update.at >= since), default=None)
