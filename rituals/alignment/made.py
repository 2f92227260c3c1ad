"""What each figure is made of, worded: the lines behind a number. Pure; ratings are their own ritual's to tell."""

from collections.abc import Callable, Sequence

from rituals.alignment.coverage import Coverage, links_to
from rituals.alignment.made_of import Connected, Pace, paces
from rituals.alignment.page import Figure
from rituals.alignment.scope import Scope
from rituals.okrs.model import KeyResult
from rituals.okrs.state import PortfolioState

_CELLS = {"stated": "has said how", "has_kr": "has key results", "moving": "moves it", "stalled": "stands still"}
_STATUSES = ("off_track", "on_track", "at_risk", "stale", "no_data", "not_started", "achieved")


def gaps(scope: Scope, found: Coverage) -> list[str]:
    """Objectives with fewer than two lines, lines without a link, objectives whose every line stands still."""
    state = scope.state
    objective = state.objectives_by_key
    linked = {key: [line for line, cell in row.items() if cell != "none"] for key, row in found.cells.items()}
    thin = [
        f'{key} "{objective[key].title}": {f"only {state.units[linked[key][0]].name}" if linked[key] else "no line"} '
        "works on it"
        for key in found.thin
    ]
    alone = [f"{state.units[line].name} has no link to an objective of the portfolio" for line in found.unlinked]
    still = [f'{key} "{objective[key].title}": every line on it stands still' for key in found.stalled]
    return [*thin, *alone, *still]


def _connection_lines(scope: Scope) -> list[str]:
    return [_connection(scope.state, one) for one in scope.connected]


def _connection(state: PortfolioState, one: Connected) -> str:
    o = one.objective
    name = f'{o.key} "{o.title}" ({state.units[o.unit].name})'
    if not one.to:
        return f"no link: {name}"
    how = next((c.how for c in o.contributes_to if c.objective == one.to[0] and c.how), "")
    moves = "" if one.moving else ", not moving"
    return f"to {', '.join(one.to)}{moves}: {name}{f': {how}' if how else ''}"


def _coverage_lines(scope: Scope) -> list[str]:
    """The gaps, then each link with the key results that make it what it is."""
    found = scope.alignment.coverage
    tops = [scope.state.objectives_by_key[key] for key in found.cells]
    linked = links_to(tops, [*tops, *scope.objectives])
    names = scope.state.unit_names
    return [
        *gaps(scope, found),
        *(
            f"{top}, {names[line]} {_CELLS[cell]}{_by(linked[top].get(line, ()))}"
            for top, row in found.cells.items()
            for line, cell in row.items()
            if cell != "none"
        ),
    ]


def _by(krs: Sequence[KeyResult]) -> str:
    return f": {', '.join(dict.fromkeys(kr.key for kr in krs))}" if krs else ""


def _pace_lines(scope: Scope) -> list[str]:
    today = scope.state.today(scope.now)
    shared, own = paces(scope.key_results, today=today, interval=scope.interval, zone=scope.state.zone)
    return [*(f"shared, {_paced(p)}" for p in shared), *(f"unit-only, {_paced(p)}" for p in own)]


def _paced(one: Pace) -> str:
    speed = "not enough data" if one.velocity is None else f"{float(one.velocity):.2f}"
    return f'{speed}: {one.kr.key} "{one.kr.title}"'


def _confidence_lines(scope: Scope) -> list[str]:
    lines = []
    for status in _STATUSES:
        keys = [key for key, figures in scope.figures.items() if figures.status == status]
        if keys:
            lines.append(f"{len(keys)} {status.replace('_', ' ')}: {', '.join(keys)}")
    return lines


MADE: dict[Figure, Callable[[Scope], list[str]]] = {
    "connection": _connection_lines,
    "coverage": _coverage_lines,
    "pace": _pace_lines,
    "confidence": _confidence_lines,
}
EXPLAINED: dict[Figure, tuple[str, str]] = {
    "connection": (
        "Connection rate",
        "Product-line objectives that contribute to an objective of the portfolio, of all; healthy from 80 %.",
    ),
    "coverage": (
        "Coverage and its gaps",
        "Gaps are objectives with fewer than two lines, lines without a link, rows that stand still. A line moves an "
        "objective when one of these key results moved a point in two windows, or is achieved.",
    ),
    "pace": (
        "Shared against own pace",
        "Change of progress over change of time in the last two windows; 1.00 is linear. The index is the median of "
        "shared key results over that of unit-only ones.",
    ),
    "confidence": ("Net confidence", "Share of key results on track minus share off track."),
    "warnings": (
        "Early warnings",
        "Shared key results of the cycles that are over: flagged for pace, trend, stall or divergence before a person "
        "said that it goes badly, and two weeks before the end at the latest; beside what missed its goal.",
    ),
    "ratings": ("Ratings", "1 to 5 from every product-line lead at the end of a cycle."),
}
