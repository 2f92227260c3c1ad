"""Which live messages show a key result or a blocker: they are made due again when one changes.

Touches only messages that exist; what they say is rendered when they are sent, by the features they belong to.
"""

from collections.abc import Iterable
from datetime import datetime

from rituals.notices import HandshakeAsk, HandshakeTold
from rituals.okrs.load import Member, PortfolioState
from storage import checkins, handshakes, homes, outbox
from storage.database import Session


def refresh_homes(
    session: Session, state: PortfolioState, *, units: Iterable[str], also: Iterable[Member | None] = (), now: datetime
) -> None:
    """The Homes of the leads of these units (keys) and of those above them, who count them, and of further people."""
    shown = {key for unit in units for key in state.lineage(unit)}
    people = [state.people[lead] for unit in shown for lead in state.units[unit].leads]
    users = {member.slack for member in (*people, *also) if member and member.slack}
    outbox.again(session, state.team_id, *map(outbox.home_key, sorted(users)), now=now)


def refresh_all(session: Session, team_id: str, *, now: datetime) -> None:
    """Every Home that was opened and every open board: what the whole workspace sees has changed."""
    outbox.again(session, team_id, *homes.keys(session, team_id), now=now)
    refresh_boards(session, team_id, now=now)


def refresh_answer(session: Session, team_id: str, answer_id: int | None, *, now: datetime) -> None:
    """The receipt of an answer, and the answer as the others read it: what it registered has changed."""
    answer = checkins.get_answer(session, team_id, answer_id) if answer_id else None
    if answer is not None:
        outbox.again(session, team_id, f"receipt:{answer.source_key}", f"shared:{answer.ask_id}", now=now)


def refresh_handshakes(session: Session, state: PortfolioState, blocker_id: int, *, now: datetime) -> None:
    """What both sides of each handshake about a blocker read, and those above where it went up to them."""
    for shake in handshakes.about(session, state.team_id, blocker_id):
        kinds = (HandshakeAsk.KIND, HandshakeTold.KIND)
        keys = [f"{kind}:{shake.id}:{person.id}" for kind in kinds for person in state.people.values()]
        outbox.again(session, state.team_id, *keys, now=now)


def refresh_drafts(session: Session, team_id: str, *, now: datetime) -> None:
    """What shows the drafts of a workshop that is to come or runs: an objective or key result was written."""
    from storage import workshops  # one is held once in a cycle: the start does without

    outbox.again(session, team_id, *workshops.drafts_shown(session, team_id), now=now)


def refresh_boards(session: Session, team_id: str, *, now: datetime) -> None:
    """The boards of the open rounds, which count the statuses of shared key results."""
    for row in checkins.open_rounds(session, team_id):
        outbox.again(session, team_id, f"board:{row.id}", now=now)
