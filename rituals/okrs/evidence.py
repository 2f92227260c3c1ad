"""Evidence: a Slack message that somebody puts beside a key result. Once for each message and key result, taken back by
whoever added it.

Of a private conversation only the link is kept: its words were not meant for all who see the key result. Who can follow
a link is Slack's to decide; people are told beforehand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from rituals.errors import Refusal
from rituals.notices import EvidenceLine
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.naming import shorten
from rituals.okrs.roles import may_write, not_yours
from rituals.okrs.seen import load_seen
from storage import evidence as queries
from storage.database import Database, Session
from storage.tables import Evidence

EXCERPT = 240
SHOWN = 5
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|([^<>]*))?>")
_OTHER = re.compile(r"<[!#]?(?:[^<>|]*\|)?([^<>|]*)>")


@dataclass(frozen=True)
class SaidElsewhere:
    """A message as Slack hands it over. `private`: only some people can open it. `author` is a Slack id or ""."""

    permalink: str
    text: str
    author: str
    at: datetime
    private: bool = False


def add(db: Database, team_id: str, user: str, key: str, said: SaidElsewhere, *, now: datetime) -> EvidenceLine:
    """Put a message beside a key result; where it stands there already, nothing changes (`fresh` is False then).

    Raises Refusal where there is no such key result, or it is not this person's to write.
    """
    with db.transaction() as session:
        state, member = load_seen(session, team_id, user)
        kr = state.key_results.get(key)
        if kr is None or kr.id is None:
            raise Refusal(f"There is no key result {key} any more. /okr list shows all of them.")
        if not may_write(state, member.key if member else None, kr):
            raise not_yours(state, kr.key, kr.owners)
        values = {
            "team_id": team_id,
            "key_result_id": kr.id,
            "permalink": said.permalink,
            "excerpt": "" if said.private else shorten(plain_words(state, said.text), EXCERPT),
            "author": said.author,
            "said_at": said.at,
            "added_by": user,
            "added_at": now,
        }
        row, fresh = queries.add(session, values)
        return _line(state, row, fresh=fresh)


def undo(db: Database, team_id: str, user: str, evidence_id: int, *, now: datetime) -> EvidenceLine:
    """Take evidence back. Raises Refusal where another person added it, or it is gone."""
    with db.transaction() as session:
        row = queries.get(session, team_id, evidence_id)
        if row is None:
            raise Refusal("That evidence is not there any more. Nothing was changed.")
        if row.added_by != user:
            raise Refusal("Only who added this evidence can take it back.")
        queries.retract(session, row, now=now)
        return _line(load_portfolio(session, team_id), row, fresh=False)


def address(db: Database, team_id: str, channel: str, ts: str) -> str:
    """A message's address as Slack makes it."""
    with db.transaction(readonly=True) as session:
        url = load_portfolio(session, team_id).url
    return f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def evidence_of(session: Session, team_id: str, key_result_id: int, *, most: int = SHOWN) -> Sequence[EvidenceLine]:
    """What stands beside a key result, the newest message first; without key and title, which the caller shows."""
    rows = queries.of_key_result(session, team_id, key_result_id, limit=most)
    return [
        EvidenceLine(id=row.id or 0, excerpt=row.excerpt, by=name or "", said_at=row.said_at, permalink=row.permalink)
        for row, name in rows
    ]


def _line(state: PortfolioState, row: Evidence, *, fresh: bool) -> EvidenceLine:
    kr = next((kr for kr in state.key_results.values() if kr.id == row.key_result_id), None)
    author = state.member(row.author)
    return EvidenceLine(
        id=row.id or 0,
        key=kr.key if kr else "",
        title=kr.title if kr else "",
        excerpt=row.excerpt,
        by=author.name if author else "",
        said_at=row.said_at,
        permalink=row.permalink,
        fresh=fresh,
        undone=row.retracted_at is not None,
    )


def plain_words(state: PortfolioState, text: str) -> str:
    """A message's words without Slack's markup: people and channels by their names, links by their labels."""

    def named(found: re.Match[str]) -> str:
        member = state.member(found[1])
        return f"@{member.name if member else found[2] or 'somebody'}"

    return unescape(_OTHER.sub(r"\1", _PERSON.sub(named, text)))
