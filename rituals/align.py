"""`/okr align`: the alignment figures of a unit and all below it, with its ratings, and what each figure is made of.

It stands above the rituals and puts together what they say; nothing is computed here that one of them computes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from rituals.alignment.coverage import Coverage
from rituals.alignment.made import EXPLAINED, MADE, gaps
from rituals.alignment.page import AlignmentPage, Figure, LineRow, Made, Rated, Standing, TopObjective, Warned
from rituals.alignment.rules import lag_index
from rituals.alignment.scope import Scope
from rituals.alignment.service import scope_of
from rituals.alignment.trend import rank_correlation
from rituals.flags import scoring
from rituals.okrs.seen import figures_seen
from rituals.okrs.words import percent_words
from rituals.ratings.rules import FEWEST
from rituals.ratings.tallies import Tally, by_line, tallies
from storage import alignment as store
from storage import ratings as rating_rows
from storage.database import Database, Session
from storage.ratings import Poll
from storage.tables import AlignmentRecord


def show(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> AlignmentPage:
    """The figures of the unit named, else of the caller's portfolio. Raises Refusal for a name that is unknown."""
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, query, now)
        records = store.records(session, team_id, scope.state.unit_ids[scope.unit])
        polls = _closed_polls(session, scope)
        page = _page(scope, records, [_rated(found) for found in _tallies(session, scope, polls)])
        return page.model_copy(update={"warnings": _warned(session, scope)})


def made(db: Database, team_id: str, user: str, unit: str, figure: Figure, *, now: datetime) -> Made:
    """What one figure of a unit is made of. Raises Refusal for a unit that is unknown (any more)."""
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, unit, now)
        lines = _lines(session, scope, figure)
    title, how = EXPLAINED[figure]
    name = scope.state.units[scope.unit].name
    return Made(figure=figure, unit=name, unit_key=scope.unit, title=title, how=how, lines=tuple(lines))


def _lines(session: Session, scope: Scope, figure: Figure) -> list[str]:
    if figure == "ratings":
        return _rating_lines(session, scope)
    if figure == "warnings":
        return scoring.lines(session, scope.state, [unit.key for unit in scope.units], scope.now)
    if figure == "connection":
        return [*_baselines(session, scope), *MADE[figure](scope)]
    return MADE[figure](scope)


def _baselines(session: Session, scope: Scope) -> list[str]:
    """Of every cycle, the newest first, the rate on the first and the last day that was kept: `2026-Q3: 55 % on 1 Jul,
    70 % on 30 Sep (+15)`.
    """
    state, kept = scope.state, dict[int, list[tuple[date, float]]]()
    for row in store.records(session, state.team_id, state.unit_ids[scope.unit]):
        rate = figures_seen(state, scope.unit, row.figures).get("connection_rate")
        if rate is not None and row.local_date <= state.today(scope.now):
            kept.setdefault(row.cycle_id, []).append((row.local_date, rate))
    cycles = sorted((c for c in state.cycles.values() if c.id in kept), key=lambda c: (c.ends, c.starts), reverse=True)
    return [f"{cycle.key}: {_from_to(kept[cycle.id])}" for cycle in cycles]


def _from_to(kept: Sequence[tuple[date, float]]) -> str:
    (since, first), (until, last) = kept[0], kept[-1]
    told = f"{percent_words(first)} on {since.day} {since:%b}"
    if until == since:
        return told
    points = _whole(last) - _whole(first)
    change = f"{points:+d}".replace("-", "−") if points else "unchanged"
    return f"{told}, {percent_words(last)} on {until.day} {until:%b} ({change})"


def _whole(share: float) -> int:
    return int(share * 100 + 0.5)


def _warned(session: Session, scope: Scope) -> tuple[Warned, ...]:
    """The scores of past warnings, the newest cycle first."""
    found = scoring.scores(session, scope.state, [unit.key for unit in scope.units], scope.now)
    return tuple(
        Warned(
            cycle=cycle,
            precision=one.precision,
            recall=one.recall,
            warned=one.warned,
            missed=one.missed,
            hits=one.hits,
            key_results=one.key_results,
        )
        for cycle, one in found
    )


def _page(scope: Scope, records: Sequence[AlignmentRecord], ratings: Sequence[Rated]) -> AlignmentPage:
    found, statuses = scope.alignment, [f.status for f in scope.figures.values()]
    row = scope.row()
    pairs = _rating_and_pace(scope, ratings, records)
    return AlignmentPage(
        unit=scope.state.units[scope.unit].name,
        unit_key=scope.unit,
        cycle=scope.cycle.key if scope.cycle else None,
        objectives=len(scope.connected),
        linked=sum(bool(one.to) for one in scope.connected),
        connection=row["connection_rate"],
        connected_and_moving=row["connected_and_moving"],
        standing=_standing(scope, records),
        shared_pace=row["shared_velocity"],
        own_pace=row["unit_velocity"],
        lag=row["shared_lag_index"],
        lags=found.lag.collaboration_lags,
        net_confidence=row["net_confidence"],
        on_track=statuses.count("on_track"),
        off_track=statuses.count("off_track"),
        key_results=len(statuses),
        ratings=tuple(ratings),
        rating_and_pace=rank_correlation(pairs),
        cycles_compared=len(pairs),
        columns=_columns(scope, found.coverage),
        rows=_rows(scope, found.coverage),
        gaps=tuple(gaps(scope, found.coverage)),
    )


def _columns(scope: Scope, found: Coverage) -> tuple[TopObjective, ...]:
    titles = scope.state.objectives_by_key
    gaps = dict.fromkeys(found.stalled, "all stalled") | dict.fromkeys(found.thin, "under two lines")
    return tuple(TopObjective(key=key, title=titles[key].title, gap=gaps.get(key, "")) for key in found.cells)


def _rows(scope: Scope, found: Coverage) -> tuple[LineRow, ...]:
    """The lines without a link first, then in the portfolio's order."""
    lines = [unit for unit in scope.units if unit.level == "product_line"]
    ordered = sorted(lines, key=lambda unit: unit.key not in found.unlinked)
    return tuple(
        LineRow(
            name=unit.name,
            cells=tuple(row[unit.key] for row in found.cells.values()),
            gap="no link" if unit.key in found.unlinked else "",
        )
        for unit in ordered
    )


def _standing(scope: Scope, records: Sequence[AlignmentRecord]) -> Standing:
    """The connection rate on the cycle's first kept day and on the newest one before today."""
    cycle, today = scope.cycle, scope.state.today(scope.now)
    known = [r for r in records if cycle and r.cycle_id == cycle.id and r.local_date < today]
    if not known:
        return Standing()
    first, last = known[0], known[-1]
    rates = [figures_seen(scope.state, scope.unit, row.figures).get("connection_rate") for row in (first, last)]
    if last is first:
        return Standing(since=first.local_date, first=rates[0])
    return Standing(since=first.local_date, first=rates[0], before_on=last.local_date, before=rates[1])


def _closed_polls(session: Session, scope: Scope) -> list[Poll]:
    """The unit's own closed polls, the oldest cycle first."""
    polls = rating_rows.polls(session, scope.state.team_id)
    mine = [p for p in polls if p.row.state == "closed" and p.unit.key == scope.unit]
    return sorted(mine, key=lambda p: p.cycle.ends)


def _tallies(session: Session, scope: Scope, polls: Sequence[Poll]) -> list[Tally]:
    found = tallies(session, scope.state.team_id, polls)
    return [found[poll.id] for poll in polls]


def _rated(found: Tally) -> Rated:
    result, cycle = found.result, found.poll.cycle.key
    withheld = found.withheld and result.votes > 0
    return Rated(
        cycle=cycle, mean=result.mean, spread=result.spread, votes=result.votes, asked=found.asked, withheld=withheld
    )


def _rating_and_pace(
    scope: Scope, ratings: Sequence[Rated], records: Sequence[AlignmentRecord]
) -> list[tuple[float, float]]:
    """Of every rated cycle its mean and the shared key results' velocity up to its end, where both are known.

    What was kept on its last day counts as it was: units that moved or closed since do not change it.
    """
    state, pairs = scope.state, []
    seen = [(row, figures_seen(state, scope.unit, row.figures)) for row in records]
    kept = {(row.cycle_id, row.local_date): figures.get("shared_velocity") for row, figures in seen}
    keys = set(state.below(scope.unit))
    for rated in ratings:
        cycle = state.cycles[rated.cycle]
        if rated.mean is not None and (known := kept.get((cycle.id, cycle.ends))) is not None:
            pairs.append((rated.mean, known))
            continue
        objectives = [o for o in state.objectives if o.cycle == cycle.key and o.unit in keys]
        krs = [replace(kr, cycle_closed=False) for o in objectives for kr in o.key_results]
        pace = lag_index(krs, today=cycle.ends, interval=scope.interval, zone=state.zone).shared
        if rated.mean is not None and pace is not None:
            pairs.append((rated.mean, float(pace)))
    return pairs


def _rating_lines(session: Session, scope: Scope) -> list[str]:
    """By cycle, the newest first; then by line, what is attributed to it in each cycle."""
    found = _tallies(session, scope, _closed_polls(session, scope)[::-1])
    return [*(_cycle_line(one) for one in found), *_lines_by_cycle(session, scope, found)]


def _cycle_line(found: Tally) -> str:
    rated = _rated(found)
    mean = "no votes" if rated.mean is None else f"{rated.mean:.1f} of 5, spread {rated.spread:.1f}"
    if rated.withheld:
        mean = f"withheld, anonymous and below {FEWEST} votes"
    unsigned = ", anonymous" if found.poll.row.anonymous and not rated.withheld else ""
    return f"{rated.cycle}: {mean}, {rated.votes} of {rated.asked} voted{unsigned}"


def _lines_by_cycle(session: Session, scope: Scope, found: Sequence[Tally]) -> list[str]:
    said: dict[int, list[str]] = {}
    for one in found:
        for line in by_line(session, scope.state, one):
            said.setdefault(line.unit_id, []).append(f"{one.poll.cycle.key} {line.mean:.1f}")
    ids = {scope.state.unit_ids[unit.key]: unit.name for unit in scope.units}
    return [f"{ids[line]}: {', '.join(means)}" for line, means in said.items() if line in ids]
