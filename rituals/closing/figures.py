"""What is kept of a cycle when it is closed, and the look back that a reader gets of it.

What is kept is by key result and unit, so that everybody is shown what they may see and no sum tells of what is
private. `docs/method.md` has the definitions. It stands above the rituals, because it looks back on all of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rituals.alignment.scope import row_to_keep
from rituals.calendar import resolve
from rituals.closing import rules
from rituals.closing.calibration import Call, calibration
from rituals.closing.shown import Pass
from rituals.notices.closing import ConfidenceBin, Ends, GradeCount, Retrospective, Twice, UnitCalibration
from rituals.okrs.model import KeyResult
from rituals.okrs.seen import figures_seen
from rituals.okrs.state import CycleSpan, PortfolioState
from storage import alignment as records
from storage import closing as store
from storage.database import Session

_ENDS = ("connection_rate", "shared_lag_index")
ANSWERED = frozenset({"answered", "late"})
NOT_ASKED = frozenset({"skipped", "upcoming"})


@dataclass(frozen=True)
class Closed:
    """A closed cycle: which, into which the rest went, by whom (a name), and what was kept."""

    cycle: CycleSpan
    into: str
    by: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Ahead:
    """Alignment figures of portfolios (unit keys) at the end of a cycle as a portfolio says, which has changed since
    where it is not the very same one any more."""

    state: PortfolioState
    rows: Mapping[str, Mapping[str, Any]]


def look_ahead(found: Pass) -> Ahead:
    """What takes the longest of `kept`, computed before anything is held for it."""
    return Ahead(found.state, {unit: _row(found, unit) for unit in portfolios(found.state, found.cycle.key)})


def kept(session: Session, found: Pass, ahead: Ahead | None = None) -> dict[str, Any]:
    """The figures of a cycle that is closed now, as JSON: results by key result, calls by key result and unit, turnout
    and alignment by unit."""
    state = found.state
    by_id = {kr.id or 0: kr.key for kr in found.key_results}
    adjusted = store.adjusted(session, state.team_id, by_id)
    rows = ahead.rows if ahead is not None and ahead.state is state else {}
    return {
        "results": [_result(found, kr, adjusted.get(kr.key, 0)) for kr in found.key_results],
        "calls": [call for kr in found.key_results for call in _calls(found, kr)],
        "turnout": _turnout(session, state, found.cycle),
        "alignment": {unit: _ends(session, found, unit, rows) for unit in portfolios(state, found.cycle.key)},
    }


def portfolios(state: PortfolioState, cycle: str) -> list[str]:
    """The portfolios at work in a cycle; where there is none, the units at the top of what is."""
    at_work = {o.unit for o in state.objectives if o.cycle == cycle}
    tops = [key for key, unit in state.units.items() if unit.level == "portfolio" and at_work & set(state.below(key))]
    return tops or list(dict.fromkeys([*state.lineage(unit)][-1] for unit in state.units if unit in at_work))


def _until(found: Pass) -> datetime:
    """Now, or the last instant of the cycle."""
    return min(found.now, resolve(found.cycle.ends, time(23, 59), found.state.zone))


def _result(found: Pass, kr: KeyResult, adjusted: int) -> list[Any]:
    """Key, score as text, band, outcome, whether it was carried over before, how often it was adjusted."""
    grade = found.grade(kr)
    score = grade.score if grade else None
    text = None if score is None else format(score, "f")
    outcome = grade.outcome if grade else None
    return [kr.key, text, rules.band(score, kr.commitment), outcome, kr.carried_from is not None, adjusted]


def _calls(found: Pass, kr: KeyResult) -> list[list[Any]]:
    """Key, unit, confidence, whether it came true; none of what was dropped or has no score."""
    grade = found.grade(kr)
    read = rules.band(grade.score, kr.commitment) if grade and grade.outcome != "dropped" else None
    if read is None:
        return []
    home = found.state.objectives_by_key[kr.objective].unit
    until = _until(found)
    said = [u for u in kr.updates if u.confidence is not None and u.at <= until]
    return [[kr.key, u.unit or home, u.confidence, read == "green"] for u in said]


def _turnout(session: Session, state: PortfolioState, cycle: CycleSpan) -> dict[str, list[int]]:
    """Answered and asked by the unit whose round it was."""
    found: dict[str, list[int]] = {}
    for unit_id, answer, n in store.turnout(session, state.team_id, cycle.id):
        if answer in NOT_ASKED or unit_id not in state.unit_keys:
            continue
        counts = found.setdefault(state.unit_keys[unit_id], [0, 0])
        counts[0] += n if answer in ANSWERED else 0
        counts[1] += n
    return found


def _row(found: Pass, unit: str) -> dict[str, Any]:
    return row_to_keep(found.state, unit, _until(found), found.cycle.key)


def _ends(session: Session, found: Pass, unit: str, ahead: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Figures on the first kept day of the cycle, and on its last or today, which is kept if it is not yet: nobody
    keeps those of a closed cycle."""
    state, day = found.state, min(found.state.today(found.now), found.cycle.ends)
    rows = records.records(session, state.team_id, state.unit_ids[unit])
    mine = {row.local_date: row.figures or {} for row in rows if row.cycle_id == found.cycle.id}
    first = next((figures for kept_on, figures in mine.items() if kept_on < day), {})
    if day not in mine:
        mine[day] = dict(ahead.get(unit) or _row(found, unit))
        where = {"unit_id": state.unit_ids[unit], "cycle_id": found.cycle.id, "day": day}
        records.keep(session, state.team_id, **where, figures=mine[day], at=found.now)  # type: ignore[arg-type]
    last = mine[day]
    ends: dict[str, Any] = _pairs(first, last)
    return ends | ({"public": _pairs(first.get("public") or {}, last["public"])} if "public" in last else {})


def _pairs(first: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, list[float | None]]:
    return {name: [first.get(name), last.get(name)] for name in _ENDS}


# Looking back


def retrospective(state: PortfolioState, closed: Closed, unit: str) -> Retrospective:
    """The look back on a unit and all below it, as far as `state` shows them."""
    units = [key for key in state.below(unit) if not state.units[key].hidden]
    inside = frozenset(units)
    homes = {kr.key: _home(o.unit, kr, inside) for o in state.objectives for kr in o.key_results}
    krs = state.key_results
    rows = [row for row in closed.figures["results"] if homes.get(row[0]) in inside]
    calls = [call for call in closed.figures["calls"] if homes.get(call[0]) in inside and call[1] in inside]
    rows_of, calls_of = _grouped((homes[row[0]], row) for row in rows), _grouped((call[1], call) for call in calls)
    ends = figures_seen(state, unit, closed.figures["alignment"].get(unit))
    turnout = [closed.figures["turnout"][key] for key in units if key in closed.figures["turnout"]]
    outcomes = Counter(row[3] for row in rows)
    return Retrospective(
        cycle=closed.cycle.key,
        unit=state.units[unit].name,
        into=closed.into,
        starts=closed.cycle.starts,
        ends=closed.cycle.ends,
        closed_by=closed.by,
        closed=outcomes["closed"],
        carried=outcomes["carried"],
        dropped=outcomes["dropped"],
        by_commitment=tuple(
            _count(name, [r for r in rows if krs[r[0]].commitment == name]) for name in ("committed", "aspirational")
        ),
        by_unit=tuple(_count(state.units[key].name, rows_of[key]) for key in units if key in rows_of),
        calibration=tuple(_calibrated(state.units[key].name, calls_of[key]) for key in units if key in calls_of),
        overall=_calibrated("", calls),
        connection=_both(ends.get("connection_rate")),
        lag=_both(ends.get("shared_lag_index")),
        answered=sum(counts[0] for counts in turnout),
        asked=sum(counts[1] for counts in turnout),
        adjusted=sum(row[5] for row in rows),
        twice=tuple(Twice(key=r[0], title=krs[r[0]].title) for r in rows if r[4] and r[3] == "carried"),
    )


def _grouped(pairs: Iterable[tuple[str | None, Sequence[Any]]]) -> dict[str | None, list[Sequence[Any]]]:
    groups: dict[str | None, list[Sequence[Any]]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _home(unit: str, kr: KeyResult, units: frozenset[str]) -> str | None:
    """The unit under which a key result counts: its objective's, or where that is not shown an owner that is."""
    return next((key for key in (unit, *kr.owners) if key in units), None)


def _count(name: str, rows: Iterable[Sequence[Any]]) -> GradeCount:
    """Those that were not dropped, by band."""
    bands = Counter(row[2] for row in rows if row[3] != "dropped")
    return GradeCount(name=name, green=bands["green"], yellow=bands["yellow"], red=bands["red"], ungraded=bands[None])


def _calibrated(name: str, calls: Iterable[Sequence[Any]]) -> UnitCalibration:
    found = calibration(Call(call[0], call[2], call[3]) for call in calls)
    return UnitCalibration(
        name=name,
        calls=found.calls,
        brier=_places(found.brier),
        bins=tuple(
            ConfidenceBin(low=b.low, high=b.high, n=b.n, said=_places(b.said), reached=_places(b.reached))
            for b in found.bins
        ),
    )


def _both(ends: Sequence[float | None] | None) -> Ends:
    start, end = ends or (None, None)
    return Ends(start=start, end=end)


def _places(exact: Fraction | Decimal | None) -> float | None:
    return None if exact is None else round(float(exact), 4)
