"""What the columns of other tools' files are called, and how each such file is to be read. Names only; no reading here.

The names are those that the tools' own help pages give for their import files. A column with another name is mapped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rituals.okrs.portfolio.headers import Names, plain

RowType = Literal["objective", "key_result", "other"]

WIDE: Names = {
    "objective": ("objective title", "objective name", "goal", "goal name"),
    "objective_key": ("objective id",),
    "key_result": ("key result title", "key result name", "kr", "kr title", "kr name"),
    "key": ("key result id", "kr id", "id"),
    "title": ("name",),
    "type": ("okr type", "item type"),
    "row": ("row id",),
    "parent": ("parent row", "parent row id"),
    "parent_key": (),
    "owner": ("owners", "owner email", "owner emails", "key result owner", "kr owner", "assignee"),
    "owner_name": (),
    "unit": ("team", "teams", "team name", "department", "departments", "entity", "product line"),
    "cycle": ("cycle name", "time period", "period", "quarter", "timeframe"),
    "kind": ("metric type", "measurement type", "target type"),
    "measured_in": ("metric unit", "unit of measure", "measurement unit", "uom"),
    "start": ("start value", "starting value", "initial value", "baseline", "metric start", "from"),
    "target": ("target value", "goal value", "metric target", "to"),
    "low": ("lower bound",),
    "high": ("upper bound",),
    "tolerance": (),
    "value": ("current value", "current", "actual", "actual value", "latest value", "metric current"),
    "progress": ("progress %", "% complete", "percent complete", "completion"),
    "commitment": (),
    "weight": ("weightage",),
    "starts": ("start date",),
    "ends": ("end date", "due date", "deadline"),
    "at": ("last check-in date", "check-in date", "last check-in", "last updated", "last update", "updated at"),
    "confidence": ("confidence score",),
    "note": ("notes", "comment", "comments", "check-in note", "last check-in note"),
    "evidence": ("link", "url"),
    "action": (),
}
"""The fields of a wide file, with the names that mean the same in any of them."""


@dataclass(frozen=True)
class Shape:
    """A tool's file: the columns it is known by, and where it differs from what the names say by themselves.

    `progress` is `share` where the tool writes 0.65 for 65 %. `types` are its words for objectives and key results.
    """

    tool: str
    known_by: frozenset[str]
    names: Names = field(default_factory=dict)
    progress: Literal["percent", "share"] = "percent"
    types: Mapping[str, RowType] = field(default_factory=dict)

    def all_names(self) -> Names:
        """The fields with the names that mean them in this file: a name of the tool's means nothing else there."""
        own = {plain(name) for names in self.names.values() for name in names}
        common = {field: [n for n in (field, *names) if plain(n) not in own] for field, names in WIDE.items()}
        return {field: (*self.names.get(field, ()), *names) for field, names in common.items()}


def _known_by(*names: str) -> frozenset[str]:
    return frozenset(plain(name) for name in names)


SHAPES = (
    Shape(
        "Viva Goals",
        _known_by("Row ID", "Title", "Parent", "Entity", "Owner Email"),
    ),
    Shape(
        "Betterworks",
        _known_by("name", "type", "progress", "start_date", "end_date", "owner_email"),
        types={"milestone": "key_result"},
    ),
    Shape(
        "Culture Amp",
        _known_by("email", "name", "due_at", "key_result_1_title"),
        names={"objective": ("name",), "owner": ("email",), "ends": ("due_at",)},
        progress="share",
    ),
    Shape(
        "Peoplebox",
        _known_by("Goal Title", "Goal Type", "Owner Emails"),
        names={
            "title": ("Goal Title",),
            "key": ("Goal ID",),
            "parent": ("Parent Row IDs",),
            "parent_key": ("Parent Goal IDs",),
            "cycle": ("Goal Cycle",),
            "kind": ("Goal Type",),
            "weight": ("Review Cycle Weightage",),
        },
    ),
)
ANY = Shape("", frozenset())
"""A file of no tool that is known by its columns."""

TYPES: Mapping[str, RowType] = {
    **dict.fromkeys(("objective", "goal", "o"), "objective"),
    **dict.fromkeys(("key_result", "kr", "keyresult", "metric", "measure"), "key_result"),
    **dict.fromkeys(("project", "initiative", "task", "action", "kpi"), "other"),
}

KINDS: Mapping[str, tuple[str | None, str | None]] = {
    **{kind: (kind, None) for kind in ("increase", "decrease", "keep_above", "keep_below", "keep_between", "binary")},
    **dict.fromkeys(("reach", "increase_from", "maximize"), ("increase", None)),
    **dict.fromkeys(("decrease_from", "reduce", "minimize"), ("decrease", None)),
    **dict.fromkeys(("stay_below", "control_stay_below"), ("keep_below", None)),
    **dict.fromkeys(("stay_above", "control_stay_above"), ("keep_above", None)),
    **dict.fromkeys(("boolean", "yes_no", "done_not_done"), ("binary", None)),
    **dict.fromkeys(("number", "numeric", "currency"), (None, None)),
    **dict.fromkeys(("percent", "percentage", "custom_percent", "default_progress", "%"), (None, "%")),
    **dict.fromkeys(("euro", "euros"), (None, "€")),
    **dict.fromkeys(("dollar", "dollars"), (None, "$")),
}
"""Words for how a key result is measured: the kind and the unit of measure that they state, if any."""


def shape_of(header: Sequence[str]) -> Shape:
    """The tool whose columns these are; `ANY` where they are nobody's."""
    names = {plain(name) for name in header}
    return next((shape for shape in SHAPES if shape.known_by <= names), ANY)
