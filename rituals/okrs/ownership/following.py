"""What becomes of the open questions about owning together when what they are about ends: they go on with a key result
that goes on, and are withdrawn with a word from what is closed. Answers are `service`'s business.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from rituals.okrs.ownership.told import tell
from rituals.okrs.state import PortfolioState
from storage import ownership as store
from storage.database import Session


def follow(
    session: Session, state: PortfolioState, went: Mapping[int, int], closed: Collection[int], now: datetime
) -> None:
    """A cycle is closed: `went` are the key results (row ids) that go on, from and to, `closed` all of the cycle's."""
    for row in store.open_ones(session, state.team_id):
        if row.key_result_id not in closed:
            continue
        kr = state.key_results[state.key_result_ids[row.key_result_id]]
        if row.key_result_id in went:
            row.key_result_id = went[row.key_result_id]
        else:
            row.state = "withdrawn"
        session.add(row)
        tell(session, state, kr, row, now)


def call_off(session: Session, state: PortfolioState, unit: str, now: datetime) -> None:
    """A unit is closed: it is asked to own nothing any more, and nobody waits for what it offered."""
    for row in store.open_ones(session, state.team_id):
        key = state.key_result_ids.get(row.key_result_id)
        if row.unit_id == state.unit_ids[unit] and key is not None:
            row.state = "withdrawn"
            session.add(row)
            tell(session, state, state.key_results[key], row, now)
