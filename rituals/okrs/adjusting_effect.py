"""What agreeing to a proposal would do to the figures as they are now, for those who decide. Writes nothing.

It reads the form that was proposed as saving it would, so it stands on the reader of the file, loaded when first used.
"""

from datetime import datetime

from rituals.errors import FormRefusal, Refusal
from rituals.okrs.state import PortfolioState
from storage.database import Session
from storage.tables import Adjustment


def effect_of(session: Session, state: PortfolioState, row: Adjustment, now: datetime) -> str:
    """`expected today stays 51 %, progress 48 % → 83 %`; "" of what was decided, what was said in words only, and what
    does not fit any more.
    """
    key = state.key_result_ids.get(row.key_result_id or 0)
    if row.state != "open" or not row.form or key is None:
        return ""
    try:
        then = _then(session, state, key, row)
    except (FormRefusal, Refusal, StopIteration):
        return ""
    from rituals.okrs.authoring.effect import effect

    return effect(state.figures(state.key_results[key], now), then.figures(then.key_results[key], now))


def _then(session: Session, state: PortfolioState, key: str, row: Adjustment) -> PortfolioState:
    """The portfolio with the change made."""
    from rituals.okrs.adjusting import merged
    from rituals.okrs.authoring.after import after
    from rituals.okrs.authoring.before import existing
    from rituals.okrs.authoring.reading import read
    from rituals.okrs.portfolio.service import stored_part

    form = row.form or {}
    part = stored_part(session, state.team_id, key, {str(form.get("texts", {}).get("objective", ""))})
    typed = merged(existing(state, part, "key_result", key), form, row.reason or row.text)
    return after(state, read(part, typed, frozenset()))
