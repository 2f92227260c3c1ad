"""What a field offers in which a key result is chosen: one's own and the shared ones first, then what fits the letters.

Reads and orders; writes nothing. What a person may not see is not offered, whatever they type.
"""

from collections.abc import Sequence
from datetime import datetime

from rituals.errors import Choice
from rituals.okrs.form import allowed_to
from rituals.okrs.known import known, open_ones
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KeyResult
from rituals.okrs.naming import Named, alike, begun_words, find_exact, near_keys
from rituals.okrs.pages import worst_first
from rituals.okrs.seen import load_seen
from storage.database import Database

MOST = 100  # Slack's limit


def key_results(
    db: Database, team_id: str, user: str, typed: str, *, now: datetime, to_update: bool = False
) -> tuple[Choice, ...]:
    """At most a hundred key results of the current cycles for what was typed so far; with nothing typed all of them.

    `to_update` leaves out what is closed or not this person's to update. A choice's value is the key.
    """
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
    current = [state.key_results[item.key] for item in open_ones(state, now)]
    among = [kr for kr in current if allowed_to(state, kr, member)] if to_update else current
    found = _fitting(typed, among) if typed.strip() else _own_first(state, among, member, now)
    return tuple(Choice(kr.key, f"{kr.key} {kr.title}") for kr in found[:MOST])


def _own_first(
    state: PortfolioState, among: Sequence[KeyResult], member: Member | None, now: datetime
) -> list[KeyResult]:
    """What the person reports or owns, then what is shared, then the rest; the worst first in each."""
    led = set(state.led_by(member.key)) if member else set()

    def place(kr: KeyResult) -> tuple[bool, bool]:
        mine = member is not None and (kr.reporter == member.key or bool(led & set(kr.owners)))
        return not mine, not kr.shared

    return sorted((kr for kr, _ in worst_first(state, among, now)), key=place)


def _fitting(typed: str, among: Sequence[KeyResult]) -> list[KeyResult]:
    """Exactly this key, keys that end or begin so, titles that have words beginning so, titles that are alike."""
    names = [known(kr) for kr in among]
    query = " ".join(typed.split())[:200]
    exact = find_exact(query, names)
    groups: tuple[Sequence[Named], ...] = (
        [exact] if exact else [],
        [item for item in names if item.key.casefold().startswith(query.casefold())],
        near_keys(query, names) if any(letter.isdigit() for letter in query) else [],
        [item for item in names if begun_words(query, item.title)],
        [item for item, _ in alike(query, names, most=20)],
    )
    by_key = {kr.key: kr for kr in among}
    return [by_key[key] for key in dict.fromkeys(item.key for group in groups for item in group)]
