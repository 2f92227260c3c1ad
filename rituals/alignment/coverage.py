"""The coverage matrix, portfolio objectives by product lines, and its gaps (METHOD, "Alignment figures").

Pure. A cell says how far the link of a line to an objective has got; it does not say how well the line does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rituals.okrs.flags.rules import STALLED_UNDER, STALLED_WINDOWS
from rituals.okrs.model import KeyResult, Objective, Unit
from rituals.okrs.progress import moved, progress_at

Cell = Literal["none", "stated", "has_kr", "moving", "stalled"]
Moves = Callable[[KeyResult], Cell]
FEWEST_LINES = 2


@dataclass(frozen=True, slots=True)
class Coverage:
    """`cells[objective key][product line key]`, with the gaps as keys.

    `thin` are objectives with fewer than two lines, `unlinked` lines with no link, `stalled` objectives whose every
    linked line is stalled.
    """

    cells: dict[str, dict[str, Cell]]
    thin: tuple[str, ...]
    unlinked: tuple[str, ...]
    stalled: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """The JSON value of `plumbline status`: the matrix and its gaps."""
        gaps = {"fewer_than_two_lines": self.thin, "no_link": self.unlinked, "all_stalled": self.stalled}
        return {"cells": self.cells, "gaps": {name: list(keys) for name, keys in gaps.items()}}


def coverage(
    objectives: Sequence[Objective],
    units: Iterable[Unit],
    *,
    now: datetime,
    zone: ZoneInfo,
    interval: timedelta,
    moves: Moves | None = None,
) -> Coverage:
    """The matrix at `now`. `moves` tells the `movement` of a key result where it is known already.

    A line is linked to a portfolio objective by an own objective that contributes to it (stated), or by a key result:
    one under such an objective, or one directly under the portfolio's that the line owns (has_kr). The link is moving
    when one of these key results moved a point or more over the last two windows of `interval` or is achieved, and
    stalled when none did and one has had these two windows to do it.
    """
    moves = moves or partial(movement, now=now, zone=zone, interval=interval)
    levels = {unit.key: unit.level for unit in units}
    lines = [key for key, level in levels.items() if level == "product_line"]
    tops = [o for o in objectives if levels.get(o.unit) == "portfolio"]
    links = links_to(tops, objectives)
    cells: dict[str, dict[str, Cell]] = {}
    for top in tops:
        linked = links[top.key]
        cells[top.key] = {line: _cell(linked[line], moves) if line in linked else "none" for line in lines}
    return _with_gaps(cells, lines)


def linkless(objectives: Sequence[Objective], units: Iterable[Unit]) -> tuple[list[str], list[str]]:
    """The gaps that are known without any progress: objectives with fewer than two lines, lines with no link."""
    levels = {unit.key: unit.level for unit in units}
    lines = [key for key, level in levels.items() if level == "product_line"]
    tops = [o for o in objectives if levels.get(o.unit) == "portfolio"]
    links = {top: set(found).intersection(lines) for top, found in links_to(tops, objectives).items()}
    linked = set[str]().union(*links.values())
    thin = [top for top, found in links.items() if len(found) < FEWEST_LINES]
    return thin, [line for line in lines if line not in linked]


def links_to(tops: Sequence[Objective], objectives: Iterable[Objective]) -> dict[str, dict[str, list[KeyResult]]]:
    """By portfolio objective and unit the key results by which it is linked; a unit without any link is left out."""
    found: dict[str, dict[str, list[KeyResult]]] = {top.key: {} for top in tops}
    for objective in objectives:
        for above in dict.fromkeys(link.objective for link in objective.contributes_to):
            if above in found:
                found[above].setdefault(objective.unit, []).extend(objective.key_results)
    for top in tops:
        for kr in top.key_results:
            for owner in kr.owners:
                found[top.key].setdefault(owner, []).append(kr)
    return found


def _cell(krs: Sequence[KeyResult], moves: Moves) -> Cell:
    if not krs:
        return "stated"
    states = {moves(kr) for kr in krs}
    return next((state for state in ("moving", "stalled") if state in states), "has_kr")


def movement(kr: KeyResult, now: datetime, zone: ZoneInfo, interval: timedelta) -> Cell:
    """Whether a key result moved a point or more over the last two windows (or is achieved), or stalled in them."""
    since = now - STALLED_WINDOWS * interval
    change = moved(kr, since, now, zone)
    if (progress_at(kr, now, zone) or 0) >= 1 or (change is not None and abs(change) >= STALLED_UNDER):
        return "moving"
    long_enough = change is not None and since.astimezone(zone).date() >= kr.starts
    return "stalled" if long_enough else "has_kr"


def _with_gaps(cells: dict[str, dict[str, Cell]], lines: Sequence[str]) -> Coverage:
    links = {key: [cell for cell in row.values() if cell != "none"] for key, row in cells.items()}
    return Coverage(
        cells=cells,
        thin=tuple(key for key, found in links.items() if len(found) < FEWEST_LINES),
        unlinked=tuple(line for line in lines if all(row[line] == "none" for row in cells.values())),
        stalled=tuple(key for key, found in links.items() if found and all(cell == "stalled" for cell in found)),
    )
