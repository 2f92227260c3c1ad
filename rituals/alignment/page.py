"""`/okr align` as data: the figures of a unit and all below it, and what each is made of. No rules, no markup.

As in `rituals.notices`: texts raw, shares 0-1; None stands for "not enough data".
"""

from datetime import date
from typing import Literal

from rituals.alignment.coverage import Cell
from rituals.notices import Part
from rituals.okrs.model import Status

Figure = Literal["connection", "coverage", "pace", "confidence", "ratings", "warnings"]


class Rated(Part):
    """A cycle's rating: mean 1-5, its spread, votes of those asked; `withheld` where too few voted anonymously."""

    cycle: str
    mean: float | None
    spread: float | None
    votes: int
    asked: int
    withheld: bool = False


class Warned(Part):
    """How good the early warnings of a cycle were: shares, None for "not enough data", and the counts behind them.

    `hits` of the `warned` ones missed; `missed` are all that did, of `key_results` shared ones.
    """

    cycle: str
    precision: float | None
    recall: float | None
    warned: int
    missed: int
    hits: int
    key_results: int


class LineRow(Part):
    """A product line of the coverage matrix: a cell for each portfolio objective, in the page's order. `gap` says in
    words what is missing, "" where nothing is.
    """

    name: str
    cells: tuple[Cell, ...]
    gap: str = ""


class TopObjective(Part):
    """A portfolio objective, a column of the matrix; `gap` as of a line."""

    key: str
    title: str
    gap: str = ""


class Standing(Part):
    """One figure on two days: `first` on the cycle's first kept day `since`, `before` on its newest before today,
    `before_on`, where that is another one.
    """

    since: date | None = None
    first: float | None = None
    before_on: date | None = None
    before: float | None = None


class AlignmentPage(Part):
    """All figures at once. `on_track` and `off_track` of `key_results` make up the net confidence."""

    unit: str
    unit_key: str
    cycle: str | None
    objectives: int
    linked: int
    connection: float | None
    connected_and_moving: float | None
    standing: Standing
    shared_pace: float | None
    own_pace: float | None
    lag: float | None
    lags: bool
    net_confidence: float | None
    on_track: int
    off_track: int
    key_results: int
    ratings: tuple[Rated, ...] = ()
    warnings: tuple[Warned, ...] = ()
    rating_and_pace: float | None = None
    cycles_compared: int = 0
    columns: tuple[TopObjective, ...] = ()
    rows: tuple[LineRow, ...] = ()
    gaps: tuple[str, ...] = ()


class MapLine(Part):
    """An objective in the tree. `below` is the worst status under it where that is worse than its own."""

    depth: int
    key: str
    title: str
    unit: str
    cycle: str
    status: Status
    below: Status | None
    key_results: int


class MapPage(Part):
    """`/okr align map`: the tree in its order. `cycles` are the keys of those that run."""

    unit: str
    unit_key: str = ""
    cycles: tuple[str, ...]
    lines: tuple[MapLine, ...]


class InCommon(Part):
    """A key result that two units own."""

    key: str
    status: Status


class SharedPair(Part):
    """Two units by name, what both own, and how many of it are behind."""

    one: str
    other: str
    key_results: tuple[InCommon, ...]
    behind: int


class SharingPage(Part):
    """`/okr align sharing`: who shares what with whom, most trouble first; `alone` share nothing."""

    unit: str
    pairs: tuple[SharedPair, ...]
    alone: tuple[str, ...]


class CheckLine(Part):
    """One finding of the quality checks. `name` is its fixed name, `about` the keys it is about, the first foremost.

    A `conflict` between two lines can be confirmed: `confirmed_by` is who did, and `confirmed_on` their day. `proposed`
    came from a model, which `suggests` a rewrite, too, where it was asked for one.
    """

    name: str
    rule: str
    about: tuple[str, ...]
    missing: str
    reason: str
    rewrite: str
    conflict: bool = False
    confirmed_by: str = ""
    confirmed_on: date | None = None
    proposed: bool = False
    suggests: str = ""


class AsideLine(Part):
    """A finding that was put aside: its rule, the keys it is about, why, by whom (a name) and when."""

    rule: str
    about: tuple[str, ...]
    reason: str
    by: str
    on: date


class CheckPage(Part):
    """`/okr align check`: what the checks advise, what concerns several units first; `aside` is what was put aside, the
    newest first.
    """

    unit: str
    unit_key: str
    lines: tuple[CheckLine, ...]
    aside: tuple[AsideLine, ...] = ()


class Made(Part):
    """What one figure is made of: a title, a sentence that says how it is counted, and its lines."""

    figure: Figure
    unit: str
    unit_key: str
    title: str
    how: str
    lines: tuple[str, ...]
