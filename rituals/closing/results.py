"""The look back on a closed cycle on request. Reads only."""

from datetime import datetime

from rituals.closing import rights
from rituals.closing.figures import Closed, portfolios, retrospective
from rituals.errors import Refusal
from rituals.notices.closing import Retrospective
from rituals.okrs.seen import load_seen
from rituals.okrs.state import CycleSpan, PortfolioState
from storage import closing as store
from storage.database import Database
from storage.tables import CycleClose


def results(db: Database, team_id: str, user: str, cycle: str = "", *, now: datetime) -> Retrospective:
    """The look back on a closed cycle, without a name the last one, as the caller may see it; of several portfolios
    on their own. Raises Refusal where there is none.
    """
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        rows = {row.key: (close, row) for close, row in store.closed_ones(session, team_id)}
    if not rows:
        raise Refusal("No cycle has been closed yet. /okr close-cycle begins with the one that waits.")
    known = [state.cycles[key] for key in rows]
    meant = rights.cycle_meant(state, cycle, now, among=known) if cycle.strip() else known[0]
    near = {above for unit in (state.led_by(member.key) if member else ()) for above in state.lineage(unit)}
    shown = [key for key in portfolios(state, meant.key) if not state.units[key].hidden]
    if not shown:
        raise Refusal(f"{meant.key} was closed; nothing in it is yours to see.")
    unit = next((key for key in shown if key in near), shown[0])
    return retrospective(state, closed_cycle(state, rows[meant.key][0], meant), unit)


def closed_cycle(state: PortfolioState, row: CycleClose, cycle: CycleSpan) -> Closed:
    """What was kept of a cycle."""
    by = state.member(row.closed_by)
    into = next((c.key for c in state.cycles.values() if c.id == row.next_cycle_id), "")
    return Closed(cycle, into, by.name if by else "", row.figures or {})
