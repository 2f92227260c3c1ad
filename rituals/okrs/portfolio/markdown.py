"""The portfolio as a document to read (Markdown): cycles, objectives and key results, the worst first.

Reads and words; the figures are the rules'. What people wrote is escaped: it stays text and makes no structure.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from rituals.cadence import nearest
from rituals.errors import Refusal
from rituals.okrs.beside import beside, leading
from rituals.okrs.card import course
from rituals.okrs.figures import Figures
from rituals.okrs.lines import line_of
from rituals.okrs.load import CycleSpan, PortfolioState
from rituals.okrs.model import KeyResult, Objective, Status
from rituals.okrs.pace import WORST_FIRST, worst
from rituals.okrs.pages import why
from rituals.okrs.progress import objective_progress, shown
from rituals.okrs.seen import load_for
from rituals.okrs.words import percent_words, status_words
from storage.database import Database

_SHAPES: dict[Status, str] = {"on_track": "●", "at_risk": "◐", "off_track": "○", "stale": "◌", "no_data": "◌"}
_SHAPES |= {"achieved": "✓"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#$])")
_HEAD = "| Status | Key result | From → to | Now | Expected | Progress | Confidence | Owners |"
_RULE = "|---|---|---|---|---|---|---|---|"

Ranked = list[tuple[KeyResult, Figures]]


def document(db: Database, team_id: str, *, now: datetime, cycle: str | None = None, user: str | None = None) -> str:
    """Every cycle, or one (key), as it stands at `now`. Raises Refusal for a cycle that does not exist.

    Made for a Slack `user` it has what that person may see; for None, the operator, it has everything.
    """
    with db.transaction(readonly=True) as session:
        state = load_for(session, team_id, user)
    if cycle is not None and cycle not in state.cycles:
        raise Refusal(f'there is no cycle "{cycle}"{nearest(cycle, state.cycles)}', "cycle")
    cycles = [state.cycles[cycle]] if cycle is not None else _in_order(state, now)
    return "\n\n".join(["# Objectives and key results", _as_of(state, now), *_cycles(state, cycles, now)]) + "\n"


def plain_text(text: str) -> str:
    """A text as Markdown that shows it letter for letter, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _in_order(state: PortfolioState, now: datetime) -> list[CycleSpan]:
    """The current cycles, then those to come, then those that are over, the newest first."""
    current = list(state.current_cycles(now))
    others = [c for c in state.cycles.values() if c not in current]
    coming = sorted((c for c in others if c.starts > state.today(now)), key=lambda c: c.starts)
    return [*current, *coming, *sorted((c for c in others if c not in coming), key=lambda c: c.ends, reverse=True)]


def _as_of(state: PortfolioState, now: datetime) -> str:
    local = now.astimezone(state.zone)
    return f"As of {_day(local.date())}, {local:%H:%M} ({state.zone.key}). The worst comes first."


def _cycles(state: PortfolioState, cycles: Sequence[CycleSpan], now: datetime) -> Iterator[str]:
    for cycle in cycles:
        yield f"## {plain_text(cycle.key)}: {_day(cycle.starts)} to {_day(cycle.ends)}"
        ranked = {o.key: _ranked(state, o, now) for o in state.objectives if o.cycle == cycle.key}
        yield _summary([figures.status for krs in ranked.values() for _, figures in krs])
        objectives = [o for o in state.objectives if o.key in ranked]
        for objective in sorted(objectives, key=lambda o: _severity(ranked[o.key])):
            yield from _objective(state, objective, ranked[objective.key])


def _ranked(state: PortfolioState, objective: Objective, now: datetime) -> Ranked:
    found = [(kr, state.figures(kr, now)) for kr in objective.key_results]
    return sorted(found, key=lambda one: (WORST_FIRST.index(one[1].status), -(one[1].gap or 0)))


def _severity(krs: Ranked) -> tuple[int, Fraction]:
    """The worst key result's status, then the widest gap; an objective without key results comes last."""
    gap = max((figures.gap or Fraction(0) for _, figures in krs), default=Fraction(0))
    return (WORST_FIRST.index(worst(f.status for _, f in krs)) if krs else len(WORST_FIRST)), -gap


def _summary(statuses: list[Status]) -> str:
    counts = Counter(statuses)
    told = [f"{counts[status]} {status_words[status]}" for status in WORST_FIRST if counts[status]]
    number = f"{len(statuses)} key result{'s' if len(statuses) != 1 else ''}"
    return f"{number}: {', '.join(told)}." if told else "No key results."


def _objective(state: PortfolioState, objective: Objective, krs: Ranked) -> Iterator[str]:
    yield f"### {plain_text(objective.key)} {plain_text(objective.title)}"
    progress = objective_progress(objective)
    parts = [_status(worst(f.status for _, f in krs))] if krs else []
    parts += [f"{percent_words(progress)} of the way"] if progress is not None else []
    yield " · ".join([*parts, plain_text(state.units[objective.unit].name)])
    links = [_link(state, link.objective, link.how) for link in objective.contributes_to]
    if links:
        yield "\n".join(links)
    if krs:
        yield "\n".join([_HEAD, _RULE, *(_row(state, kr, figures) for kr, figures in krs)])
    behind = [_behind(state, kr, figures) for kr, figures in krs if figures.flags]
    if behind:
        yield "\n".join(behind)


def _link(state: PortfolioState, key: str, how: str) -> str:
    title = plain_text(state.objectives_by_key[key].title)
    return f"- Contributes to {plain_text(key)} {title}" + (f": {plain_text(how)}" if how.strip() else "")


def _row(state: PortfolioState, kr: KeyResult, figures: Figures) -> str:
    line = line_of(state, kr, figures)
    progress = None if figures.progress is None else percent_words(shown(figures.progress))
    cells = [
        plain_text(f"{_status(leading(line.status, line.by_hand))}{beside(line.status, line.by_hand)}"),
        f"{plain_text(kr.key)} {plain_text(kr.title)}",
        *(plain_text(text or "–") for text in (course(kr), line.now, line.expected, progress)),
        "–" if line.confidence is None else f"{line.confidence} of 10",
        plain_text(", ".join(line.owners)),
    ]
    return f"| {' | '.join(cells)} |"


def _behind(state: PortfolioState, kr: KeyResult, figures: Figures) -> str:
    return f"- {plain_text(kr.key)} falls behind: {plain_text('; '.join(why(state, kr, figures)))}"


def _status(status: Status) -> str:
    return f"{_SHAPES.get(status, '–')} {status_words[status]}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
