"""The alignment views that need nothing of other rituals: the tree of contributions, and who shares what with whom.

Each is one reading transaction. The figures with their ratings are in `rituals.align`, which stands above.
"""

from collections.abc import Mapping
from datetime import datetime

from rituals.alignment.map import Node, Pair, pairs, tree
from rituals.alignment.page import InCommon, MapLine, MapPage, SharedPair, SharingPage
from rituals.alignment.scope import Scope
from rituals.errors import Refusal
from rituals.okrs.model import Status
from rituals.okrs.naming import Named, find
from rituals.okrs.seen import load_seen
from rituals.okrs.state import PortfolioState
from storage.database import Database, Session


def show_map(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> MapPage:
    """The tree of a unit and all below it. Raises Refusal for a unit that is unknown."""
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, query, now)
    nodes = tree(scope.objectives, {key: figures.status for key, figures in scope.figures.items()})
    return MapPage(
        unit=scope.state.units[scope.unit].name,
        unit_key=scope.unit,
        cycles=tuple(dict.fromkeys(o.cycle for o in scope.objectives)),
        lines=tuple(_line(scope, node) for node in nodes),
    )


def show_sharing(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> SharingPage:
    """Every two units with a key result in common of which one is in a unit's scope, wherever the key result stands.

    Raises Refusal for a unit that is unknown.
    """
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, query, now)
    inside = {unit.key for unit in scope.units}
    owned = [kr for kr in scope.state.current_key_results(now) if inside.intersection(kr.owners)]
    statuses = {kr.key: scope.state.figures(kr, now).status for kr in owned if kr.shared}
    found = [pair for pair in pairs(owned, statuses) if inside & {pair.one, pair.other}]
    sharing = {owner for kr in owned if kr.shared for owner in kr.owners}
    lines = [unit for unit in scope.units if unit.level == "product_line"]
    return SharingPage(
        unit=scope.state.units[scope.unit].name,
        pairs=tuple(_pair(scope.state, statuses, pair) for pair in found),
        alone=tuple(unit.name for unit in lines if unit.key not in sharing),
    )


def scope_of(session: Session, team_id: str, user: str, query: str, now: datetime) -> Scope:
    """The unit named, else the caller's portfolio, as they may see it.

    Raises Refusal for a name that is unknown, and where there is no unit to show yet.
    """
    state, member = load_seen(session, team_id, user)
    if query:
        named = [Named(unit.key, unit.name) for unit in state.named_units.values()]
        return Scope(state, find(query, named, what="unit").key, now)
    led = state.led_by(member.key) if member else ()
    above = [key for unit in led for key in state.lineage(unit)]
    shown = [key for key in (*above, *state.units) if key in state.open_units]
    if not shown:
        raise Refusal("There is no portfolio to align yet. /okr add unit begins one; /okr help says how to import one.")
    return Scope(state, next((key for key in shown if state.units[key].level == "portfolio"), shown[0]), now)


def _line(scope: Scope, node: Node) -> MapLine:
    objective = node.objective
    return MapLine(
        depth=node.depth,
        key=objective.key,
        title=objective.title,
        unit=scope.state.units[objective.unit].name,
        cycle=objective.cycle,
        status=node.status,
        below=node.below,
        key_results=len(objective.key_results),
    )


def _pair(state: PortfolioState, statuses: Mapping[str, Status], pair: Pair) -> SharedPair:
    one, other = state.names((pair.one, pair.other))
    shown = tuple(InCommon(key=kr.key, status=statuses[kr.key]) for kr in pair.key_results)
    return SharedPair(one=one, other=other, key_results=shown, behind=pair.behind)
