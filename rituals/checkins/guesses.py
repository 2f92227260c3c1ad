"""What was only guessed of an answer is written when its author picks a choice, and not before."""

from datetime import datetime

from rituals.checkins.answers import refresh_after
from rituals.checkins.applying import write_item
from rituals.checkins.reading_results import chosen
from rituals.checkins.registering import note_again
from rituals.errors import Refusal
from rituals.okrs.load import load_portfolio
from storage import checkins as queries
from storage.database import Database


def pick(db: Database, team_id: str, user: str, proposal_id: int, value: str, *, now: datetime) -> None:
    """Carry out the picked choice of a guess, once.

    Raises Refusal when it is another person's, or the value cannot be written; the guess stays open then.
    """
    with db.transaction() as session:
        proposal = queries.get_proposal(session, team_id, proposal_id)
        answer = queries.get_answer(session, team_id, proposal.answer_id) if proposal else None
        if proposal is None or answer is None:
            raise Refusal("That question is not there any more. Nothing was changed.")
        if answer.slack_user != user:
            raise Refusal("Only who gave this answer can settle what it means.")
        if proposal.state != "open":
            return
        state = load_portfolio(session, team_id)
        entries = [
            write_item(session, state, answer, item, name=f"guess:{proposal_id}:{number}", now=now)
            for number, item in enumerate(chosen(proposal.data or {}, value))
        ]
        note_again(answer, [entry for entry in entries if entry is not None])
        proposal.state = "confirmed" if chosen(proposal.data or {}, value) else "dismissed"
        proposal.decided_at = now
        session.add(proposal)
        ask = queries.get_ask(session, team_id, answer.ask_id) if answer.ask_id else None
        refresh_after(session, team_id, answer, ask, now=now)
