"""The forms to add and edit: which fields they have for the kind that is chosen, and what stands in them. Pure.

A form is always built from what is typed, so that redrawing it loses nothing; `before` says what an entry
that exists puts there. Whether it may be saved is not decided here.
"""

from collections.abc import Iterator, Mapping, Sequence

from rituals.okrs.authoring.cards import LONG, AuthorForm, Field, Pick, Typed
from rituals.okrs.model import KEEP_KINDS, Objective
from rituals.okrs.naming import shorten
from rituals.okrs.roles import answers_for
from rituals.okrs.state import Member, PortfolioState

MOST = 100  # choices of one menu
KINDS = {
    "increase": "Increase to a target",
    "decrease": "Decrease to a target",
    "keep_above": "Keep at or above",
    "keep_below": "Keep at or below",
    "keep_between": "Keep between",
    "milestone": "Milestones",
    "binary": "Done or not done",
}
LEVELS = {
    "company": "Company",
    "business_unit": "Business unit",
    "portfolio": "Portfolio",
    "product_line": "Product line",
    "team": "Team",
}
STAGES = {"growth": "Growth", "mature": "Mature", "sunset": "Sunset"}
REASON = "Needed where kind, start, target, bounds or dates change: {} were reported by the old ones."
COMMITMENTS = {"aspirational": "Aspirational: 70 % is good", "committed": "Committed: 100 % is expected"}
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "increase": ("start", "target"),
    "decrease": ("start", "target"),
    "keep_above": ("target", "tolerance"),
    "keep_below": ("target", "tolerance"),
    "keep_between": ("low", "high", "tolerance"),
    "milestone": ("milestones",),
    "binary": ("due",),
}
DEPENDENT = ("start", "target", "low", "high", "tolerance", "milestones", "due", "measured_in")
# "link" is the contribution that an objective's form shows: others of it stay as they are
UNMEASURED = frozenset({"milestone", "binary"})
TITLES = {"key_result": "key result", "objective": "objective", "unit": "unit"}


def form(
    state: PortfolioState,
    member: Member | None,
    typed: Typed,
    *,
    history: int = 0,
    effect: str = "",
    advice: tuple[str, ...] = (),
    told: bool = False,
    deciders: str = "",
) -> AuthorForm:
    """The form with what is typed. With a `history` of so many updates it asks for the reason of a change."""
    build = {"key_result": _key_result, "objective": _objective, "unit": _unit}[typed.what]
    values = f"{history} value{'s' if history != 1 else ''}"
    fields = tuple(build(state, member, typed, REASON.format(values) if history else ""))
    names = {field.name for field in fields}
    return AuthorForm(
        what=typed.what,
        title=_title(state, typed),
        key=typed.key,
        proposed=typed.proposed,
        fields=fields,
        hidden={
            name: typed.text(name)[:LONG] for name in (*DEPENDENT, "link") if name not in names and typed.text(name)
        },
        effect=effect,
        advice=advice,
        told=told,
        deciders=deciders,
    )


def _title(state: PortfolioState, typed: Typed) -> str:
    if not typed.key:
        return f"Add {_article(TITLES[typed.what])}"
    known = state.units.get(typed.key) if typed.what == "unit" else None
    return f"Edit {shorten(known.name if known else typed.key, 19)}"


def kind_of(typed: Typed) -> str:
    """The kind that is chosen; until then the usual one."""
    return typed.text("kind") if typed.text("kind") in KINDS else "increase"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeo' else 'a'} {noun}"


# A key result


def _key_result(state: PortfolioState, member: Member | None, typed: Typed, reason: str) -> Iterator[Field]:
    kind = kind_of(typed)
    yield _text(typed, "title", "Key result", placeholder="Average onboarding time", optional=False)
    yield _one(typed, "objective", "Objective", _objectives(state, member, typed.text("objective")), optional=False)
    yield _one(typed, "kind", "Kind", _picks(KINDS), value=kind, optional=False, redraws=True)
    for name in OF_KIND[kind]:
        yield _of_kind(typed, kind, name)
    if kind not in UNMEASURED:
        yield _text(typed, "measured_in", "Measured in", placeholder="days, %, $M, accounts")
    yield Field(
        name="owners",
        label="Owners",
        kind="several",
        chosen=typed.several("owners"),
        picks=_units(state, member, typed.several("owners")),
        hint="Two or more make it shared; units that are not yours are asked.",
        optional=False,
    )
    reporter = "The one who gives its value. Empty: the first lead of the first owner."
    yield Field(name="reporter", label="Reporter", kind="person", value=typed.text("reporter"), hint=reporter)
    yield _one(typed, "commitment", "Commitment", _picks(COMMITMENTS), value=typed.text("commitment") or "aspirational")
    yield _text(typed, "weight", "Weight", placeholder="1")
    yield Field(name="starts", label="Starts", kind="day", value=typed.text("starts"), hint="Empty: with its cycle.")
    yield Field(name="ends", label="Ends", kind="day", value=typed.text("ends"), hint="Empty: with its cycle.")
    yield from _last(typed, reason)


def _of_kind(typed: Typed, kind: str, name: str) -> Field:
    """A field that only some kinds have."""
    if name == "milestones":
        hint = "One a line: title | weight | day due like 2026-11-30 | done. Only the title is needed."
        return Field(name=name, label="Milestones", kind="long", value=typed.text(name), hint=hint, optional=False)
    if name == "due":
        return Field(name=name, label="Due", kind="day", value=typed.text(name), hint="Empty: at its end.")
    label, hint = {
        "start": ("Start", "Where it stands when it begins"),
        "target": ("Bound" if kind in KEEP_KINDS else "Target", "The value that it is not to cross"),
        "low": ("From", ""),
        "high": ("To", ""),
        "tolerance": ("Tolerance", "How far outside is 0 %. Empty: a tenth of the bound."),
    }[name]
    placeholder = {"start": "45", "target": "20", "low": "1.5", "high": "2.5", "tolerance": "0.5"}[name]
    said = hint if name != "target" or kind in KEEP_KINDS else ""
    return _text(typed, name, label, placeholder=placeholder, hint=said, optional=name == "tolerance")


def _objectives(state: PortfolioState, member: Member | None, chosen: str) -> tuple[Pick, ...]:
    """Those of open cycles, of the person's own units first; what is chosen is always there."""
    among = [o for o in state.objectives if o.key == chosen or _open(state, o)]
    ranked = sorted(among, key=lambda o: (o.key != chosen, not _mine(state, member, o.unit)))
    return tuple(Pick(value=o.key, label=_named(state, o)) for o in ranked[:MOST])


def _open(state: PortfolioState, objective: Objective) -> bool:
    return not state.cycles[objective.cycle].closed and not state.units[objective.unit].hidden


def _named(state: PortfolioState, objective: Objective) -> str:
    tail = f" · {shorten(state.units[objective.unit].name, 16)}, {objective.cycle}"[:34]
    return f"{objective.key} {shorten(objective.title, max(12, 73 - len(objective.key) - len(tail)))}{tail}"


def _mine(state: PortfolioState, member: Member | None, unit: str) -> bool:
    return member is not None and unit in state.led_by(member.key)


def _units(state: PortfolioState, member: Member | None, chosen: Sequence[str]) -> tuple[Pick, ...]:
    """All that may be named, the person's own first; what is chosen is always there."""
    among = [key for key in state.units if key in state.open_units or key in chosen]
    ranked = sorted(among, key=lambda key: (key not in chosen, not _mine(state, member, key)))
    return tuple(Pick(value=key, label=state.units[key].name) for key in ranked[:MOST])


# An objective


def _objective(state: PortfolioState, member: Member | None, typed: Typed, reason: str) -> Iterator[Field]:
    person = member.key if member else None
    unit, cycle, above = typed.text("unit"), typed.text("cycle"), typed.text("above")
    own = [p for p in _units(state, member, [unit]) if p.value == unit or answers_for(state, person, p.value)]
    cycles = [c for c in state.cycles.values() if c.key == cycle or not c.closed]
    yield _text(typed, "title", "Objective", placeholder="Reduce time-to-value for new customers", optional=False)
    yield _one(typed, "unit", "Unit", tuple(own), optional=False)
    picks = tuple(Pick(value=c.key, label=f"{c.key}: {c.starts} to {c.ends}") for c in cycles[-MOST:])
    yield _one(typed, "cycle", "Cycle", picks, optional=False)
    others = [o for o in state.objectives if o.key != typed.key and (o.key == above or _open(state, o))]
    ranked = sorted(others, key=lambda o: (o.key != above, o.unit == unit, o.unit not in _above(state, unit)))
    yield _one(
        typed, "above", "Contributes to", tuple(Pick(value=o.key, label=_named(state, o)) for o in ranked[:MOST])
    )
    yield Field(
        name="how",
        label="How does it move that objective?",
        kind="long",
        value=typed.text("how"),
        placeholder="Every account that is live a week earlier …",
        hint="In a sentence.",
    )
    yield from _last(typed, reason)


def _above(state: PortfolioState, unit: str) -> set[str]:
    return set(state.lineage(unit)) - {unit} if unit in state.units else set()


# A unit


def _unit(state: PortfolioState, member: Member | None, typed: Typed, reason: str) -> Iterator[Field]:
    person, parent = (member.key if member else None), typed.text("parent")
    above = [p for p in _units(state, member, [parent]) if p.value == parent or answers_for(state, person, p.value)]
    below = state.below(typed.key) if typed.key and typed.key in state.units else ()
    yield _text(typed, "name", "Name", placeholder="Payments", optional=False)
    yield _one(typed, "level", "Level", _picks(LEVELS), value=typed.text("level") or "product_line", optional=False)
    yield _one(typed, "parent", "Part of", tuple(p for p in above if p.value not in below))
    hint = typed.text("unfound")
    yield Field(name="leads", label="Leads", kind="people", chosen=typed.several("leads"), hint=hint)
    yield Field(name="channel", label="Channel", kind="channel", value=typed.text("channel"))
    to_leaders = typed.text("leadership_channel")
    yield Field(name="leadership_channel", label="Leadership channel", kind="channel", value=to_leaders)
    yield _one(typed, "stage", "Stage", _picks(STAGES))
    yield Field(
        name="private",
        label="Private",
        kind="yes",
        value=typed.text("private"),
        placeholder="Only its leads, those above them and admins see what it owns",
    )
    yield from _last(typed, reason)


# Fields


def _last(typed: Typed, reason: str) -> Iterator[Field]:
    if typed.proposed:
        yield _text(typed, "key", "Key", placeholder=typed.proposed)
    if reason:
        yield Field(name="reason", label="Why is it changed?", kind="long", value=typed.text("reason"), hint=reason)


def _text(
    typed: Typed, name: str, label: str, *, placeholder: str = "", hint: str = "", optional: bool = True
) -> Field:
    return Field(name=name, label=label, value=typed.text(name), placeholder=placeholder, hint=hint, optional=optional)


def _one(
    typed: Typed,
    name: str,
    label: str,
    picks: tuple[Pick, ...],
    *,
    value: str = "",
    optional: bool = True,
    redraws: bool = False,
) -> Field:
    chosen = value or typed.text(name)
    return Field(name=name, label=label, kind="one", value=chosen, picks=picks, optional=optional, redraws=redraws)


def _picks(words: Mapping[str, str]) -> tuple[Pick, ...]:
    return tuple(Pick(value=value, label=label) for value, label in words.items())
