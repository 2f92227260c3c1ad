"""What a form takes the place of, and what of it stands in its fields: a form sent before, or words typed in a thread.

Reads only. What becomes of the form is `form_service`'s.
"""

from collections.abc import Mapping
from dataclasses import asdict
from html import unescape
from typing import Any

from rituals.okrs.form import Entry
from rituals.okrs.load import PortfolioState
from rituals.okrs.words import value_words
from storage import checkins as queries
from storage.database import Session
from storage.tables import Answer, KeyResultUpdate


def form_key(ask_id: int) -> str:
    """Names the form's answer to an ask; its versions share it."""
    return f"form:{ask_id}"


def answer_before(session: Session, team_id: str, ask_id: int, answer_id: int | None) -> Answer | None:
    """The answer whose place the form takes: the one that is edited, else the form that was sent before."""
    edited = queries.get_answer(session, team_id, answer_id) if answer_id else None
    keys = [edited.source_key] if edited is not None and edited.ask_id == ask_id else []
    for key in (*keys, form_key(ask_id)):
        found = queries.versions(session, team_id, key)
        if found and not found[-1].superseded:
            return found[-1]
    return None


def said_before(session: Session, state: PortfolioState, before: Answer | None) -> Mapping[str, Any]:
    """The form as it was sent, or what was read of the words: `entries`, `blockers` and `adjustments`."""
    if before is None:
        return {}
    if before.form is not None:
        return before.form
    rows = queries.updates_of(session, state.team_id, [before.id or 0])
    entries = {row.key_result_id: _entry(state, row) for row in rows if row.retracted_at is None}
    words = {int(number): unescape(text) for number, text in (before.reading or {}).get("texts", ())}
    return {
        "entries": [asdict(entry) for entry in entries.values()],
        "blockers": words.get(2, ""),
        "adjustments": words.get(3, ""),
    }


def _entry(state: PortfolioState, row: KeyResultUpdate) -> Entry:
    kr = next(kr for kr in state.key_results.values() if kr.id == row.key_result_id)
    confidence = "" if row.confidence is None else str(row.confidence)
    return Entry(kr.key, value_words(kr, row.value) or "", confidence, row.note, row.evidence)
