"""The fields of a check-in or digest rhythm, and what it would bring: the next six slots, before it is saved."""

from datetime import date

from bot.views import ids
from bot.views.blocks import Block, button, context, section
from bot.views.inputs import a_day, hour, several
from bot.views.settings_fields import choice, field, tick, words
from bot.views.text import day, inline, listed, some
from rituals.cadence import ORDINALS, WEEKDAYS
from rituals.settings.cards import LocalTime, PreviewSlot, RhythmForm

STEPS = (("weeks", "Weeks"), ("months", "Months"))
SLOTS = 6
GROUPS = 8
NAMES = 3


def rhythm_fields(form: RhythmForm) -> list[Block]:
    """Every, on, at, from when, where; then the preview."""
    return [*_intro(form), *_when(form), *_where(form), *_binding(form), *_preview(form)]


def _intro(form: RhythmForm) -> list[Block]:
    inherited = f" Until now it follows {inline(form.inherited, 60)}'s." if form.inherited else ""
    return [section(f"*{inline(form.name)}*{inherited}")]


def _when(form: RhythmForm) -> list[Block]:
    typed = form.typed
    step = typed.text("step") or "weeks"
    counted = "From this day they are counted; a past one keeps the steps as they are."
    return [
        words(typed, "every", "Every", longest=5, optional=False),
        choice("step", "Weeks or months", STEPS, step, dispatch=True),
        _days(form, step),
        field("at", "At", hour(typed.text("at")), optional=False),
        field("starts", "Starting on", a_day(typed.text("starts")), hint=counted),
    ]


def _days(form: RhythmForm, step: str) -> Block:
    if step == "weeks":
        choices = [(name, name.capitalize()) for name in WEEKDAYS]
        element = several(choices, form.typed.several("weekdays"), placeholder="One or more weekdays")
        return field("weekdays", "On", element, optional=False)
    places = [
        (f"{place} {name}", f"{place.capitalize()} {name.capitalize()}") for place in ORDINALS for name in WEEKDAYS
    ]
    numbers = [(str(number), f"Day {number}") for number in range(1, 32)]
    element = several(
        [*places, *numbers], form.typed.several("monthdays"), placeholder="First Monday, last Friday, day 15"
    )
    return field("monthdays", "On", element, optional=False)


def _where(form: RhythmForm) -> list[Block]:
    typed, zone = form.typed, form.facts.get("zone", "")
    each = form.which in ("checkin", "unit")
    own = "At that hour where each lead is" if each else f"In the workspace's zone, {zone}"
    other = "At one instant for all" if each else "In another zone"
    where = typed.text("where") or "own"
    blocks = [choice("where", "Where", (("own", own), ("zone", other)), where, dispatch=True)]
    if where == "zone":
        blocks.append(
            words(
                typed, "zone", "In the time zone", placeholder="Europe/Berlin", initial=zone, longest=80, optional=False
            )
        )
    return blocks


def _binding(form: RhythmForm) -> list[Block]:
    if not form.binds:
        return []
    return [tick(form.typed, "binding", "Units below", ("binding", "Must follow it: none of their own"))]


def _preview(form: RhythmForm) -> list[Block]:
    again = button("Show the next six", ids.SETTINGS_PREVIEW, form.about)
    if form.problem:
        return [section("*What it brings*", f"Not known yet: {inline(form.problem, 300)}.", accessory=again)]
    lines = [_slot(slot, form.preview[0].day) for slot in form.preview[:SLOTS]]
    since = [f"Counts from {form.since:%a} {day(form.since)}; earlier rounds stay as they were."] if form.since else []
    return [section("*The next six*", *lines, accessory=again), *map(context, [*_local(form), *_quiet(form), *since])]


def _quiet(form: RhythmForm) -> list[str]:
    """What becomes of a check-in in somebody's quiet hours; a digest goes to a channel all the same."""
    waits = form.which == "checkin" and any(one.quiet for slot in form.preview[:SLOTS] for one in slot.local)
    return ["Whoever has quiet hours then is asked when they end."] if waits else []


def _slot(slot: PreviewSlot, first: date) -> str:
    moved = ""
    if slot.moved_from:
        why = f", {inline(slot.holiday, 40)}" if slot.holiday else ""
        moved = f", moved from {slot.moved_from:%a} {day(slot.moved_from)}{why}"
    year = f" {slot.day.year}" if slot.day.year != first.year else ""
    return f"• {slot.day:%a} {day(slot.day)}{year} {slot.at}{moved}"


def _local(form: RhythmForm) -> list[str]:
    """What the slots are where the people are: of the first, and of those for whom the clocks change it later."""
    told: list[str] = []
    known: tuple[LocalTime, ...] | None = None
    for slot in form.preview[:SLOTS]:
        if slot.local and slot.local != known:
            when = f"On {slot.day:%a} {day(slot.day)}: " if known else "Where they are: "
            told.append(f"{when}{_groups(slot.local)}")
        known = slot.local
    return [line for line in some(told, 3) if line]


def _groups(local: tuple[LocalTime, ...]) -> str:
    """Only what is shown is put into words; the rest is counted."""
    shown = [_group(one) for one in local[: GROUPS + 1]]
    return listed([*shown, *("" for _ in local[GROUPS + 1 :])], GROUPS, between="; ")


def _group(one: LocalTime) -> str:
    quiet = ", in their quiet hours" if one.quiet else ""
    names = [inline(name, 40) for name in one.names[: NAMES + 1]]
    more = ["" for _ in one.names[NAMES + 1 :]]
    return f"{inline(one.at, 40)} {listed([*names, *more], NAMES)}{quiet}"
