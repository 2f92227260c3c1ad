"""The forms of `/okr settings` for a person, the workspace and a unit. What is typed stands in the fields again.

What a form has no field for at the moment is kept in its metadata.
"""

import json

from bot.views import ids
from bot.views.blocks import Block, context, modal, option, section, select
from bot.views.inputs import MOST_CHOICES, a_day, boxes, channel, hour, member, members
from bot.views.settings_fields import choice, field, tick, words
from bot.views.settings_rhythm import rhythm_fields
from bot.views.text import inline
from prompts.languages import LANGUAGES
from rituals.settings.cards import RhythmForm, SettingsForm, Typed

TITLES = {
    "mine": "My settings",
    "away": "Away",
    "workspace": "Workspace",
    "unit": "Unit",
    "close": "Close a unit",
    "reopen": "Open a unit again",
}
RHYTHMS = {
    "checkin": "Check-in",
    "digest": "Digest",
    "portfolio": "Digest for its lines",
    "unit": "Digest of each line",
}
ZONE = "Europe/Berlin, or a city such as Berlin"
KEPT = 2500


def settings_form(form: SettingsForm) -> Block:
    """The modal of any settings form."""
    if isinstance(form, RhythmForm):
        blocks, title = rhythm_fields(form), RHYTHMS[form.which]
    else:
        blocks, title = _FIELDS[form.kind](form), TITLES[form.kind]
    submit = {"close": "Close it", "reopen": "Open again"}.get(form.kind, "Save")
    metadata = ids.pack(form=form.kind, about=form.about or None, kept=_kept(form.typed))
    return modal(ids.SETTINGS_FORM, title, blocks, submit=submit, metadata=metadata)


def _kept(typed: Typed) -> str | None:
    """What was typed, for the fields that are not shown now; left out where it is too much for Slack."""
    kept = json.dumps({"texts": dict(typed.texts), "lists": {k: list(v) for k, v in typed.lists.items()}})
    return kept if len(kept) <= KEPT else None


def _mine(form: SettingsForm) -> list[Block]:
    typed = form.typed
    usual = f"As usual here: {form.facts.get('usual', '')}"
    own = f"Leave it empty for Slack's own, {form.facts.get('slack_zone', '')}."
    return [
        words(typed, "zone", "Time zone", placeholder=ZONE, longest=80, hint=own),
        _quiet_choice(typed, [("usual", usual), ("own", "My own"), ("none", "None: write to me at any hour")]),
        *_quiet_hours(typed),
        context("In quiet hours nothing is sent of the bot's own accord. It waits until they end."),
    ]


def _away(form: SettingsForm) -> list[Block]:
    typed, standing = form.typed, form.facts.get("away")
    blocks = [
        field("until", "Away until", a_day(typed.text("until")), hint="The last day, included. It begins today."),
        field(
            "delegate",
            "Who is asked instead",
            member(typed.text("delegate")),
            hint="Somebody of the portfolio. Without one nobody is asked, and your rounds are left out.",
        ),
    ]
    if standing is None:
        return blocks
    back = tick(typed, "back", "Back again", ("back", "End it today: ask me again"))
    return [section(f"You are away: {inline(standing, 200)}."), *blocks, back]


def _quiet_choice(typed: Typed, choices: list[tuple[str, str]]) -> Block:
    return choice("quiet", "Quiet hours", choices, typed.text("quiet"), dispatch=True)


def _quiet_hours(typed: Typed) -> list[Block]:
    if typed.text("quiet") != "own":
        return []
    new = not typed.text("quiet_from") and not typed.text("quiet_to")
    start, end = ("20:00", "07:00") if new else (typed.text("quiet_from"), typed.text("quiet_to"))
    weekends = ["weekends"] if new else typed.several("weekends")
    return [
        field("quiet_from", "From", hour(start), optional=False),
        field("quiet_to", "To", hour(end), optional=False),
        field("weekends", "Weekends", boxes([("weekends", "Saturdays and Sundays as a whole")], weekends)),
    ]


def _workspace(form: SettingsForm) -> list[Block]:
    typed = form.typed
    return [
        *_bands(typed),
        _quiet_choice(typed, [("own", "From and to, for all without their own"), ("none", "None")]),
        *_quiet_hours(typed),
        _number(
            typed,
            "nudges",
            "Nudges a person and week, at most",
            hint="0 to 5, over everything: reminders, last calls, nudges by hand.",
        ),
        words(
            typed,
            "zone",
            "Time zone of digests",
            placeholder=ZONE,
            longest=80,
            hint="Also that of people whose own zone is not known.",
            optional=False,
        ),
        *_model(typed),
        *_rituals(typed),
    ]


def _bands(typed: Typed) -> list[Block]:
    both = "Both change every figure at once, in lists, digests and Homes."
    return [
        _number(typed, "at_risk", "At risk, when more than this many points behind"),
        _number(typed, "off_track", "Off track, when more than this many points behind", hint=both),
    ]


def _model(typed: Typed) -> list[Block]:
    return [
        tick(typed, "model", "Model", ("off", "Off: digests are written by rules alone")),
        _language(typed),
        _number(
            typed,
            "tokens",
            "Tokens that the model may use a day",
            hint="When they are used up, digests are written by rules until tomorrow.",
        ),
    ]


def _rituals(typed: Typed) -> list[Block]:
    return [
        tick(
            typed,
            "ratings",
            "Ratings",
            ("anonymous", "Anonymous: no names, and a vote is final"),
            hint="From the next rating on; one that is open stays as it was announced. Shown from four votes on.",
        ),
        tick(
            typed,
            "digests",
            "Digests",
            ("approve", "A lead approves each before it is posted"),
            hint="It waits until 18:00 of the next working day; then it is not posted, and the next one says so.",
        ),
    ]


def _number(typed: Typed, name: str, label: str, *, hint: str = "") -> Block:
    return words(typed, name, label, longest=10, hint=hint, optional=False)


def _language(typed: Typed) -> Block:
    """One that is set already and not in the list stays."""
    code = typed.text("language") or "en"
    choices = {**LANGUAGES, **({} if code in LANGUAGES else {code: code})}
    return choice("language", "Language that the model writes in", [*choices.items()], code[:150])


def _unit(form: SettingsForm) -> list[Block]:
    typed = form.typed
    inherited = form.facts.get("holidays")
    return [
        section(f"*{inline(form.name)}*"),
        field("leads", "Leads", members(typed.several("leads")), hint="They are asked, and change what is the unit's."),
        field(
            "channel",
            "Channel",
            channel(typed.text("channel")),
            hint="Plumbline posts only where it was invited: /invite @Plumbline there.",
        ),
        field("leadership_channel", "Leadership channel", channel(typed.text("leadership_channel"))),
        words(
            typed,
            "country",
            "Holidays of the country",
            placeholder="A code like DE, GB or US",
            longest=60,
            hint=f"Leave it empty for {inherited}." if inherited else "Leave it empty to keep none.",
        ),
        words(typed, "region", "Region", placeholder="A code like BE or CA", longest=60),
        tick(typed, "private", "Private", ("private", "Only its leads, those above and admins see it")),
    ]


def _close(form: SettingsForm) -> list[Block]:
    """What becomes of what is open."""
    name, stakes = inline(form.name), form.facts.get("stakes", "")
    kept = "Its check-ins stop; it stands in no picker and no current figure any more. What was stays as it was."
    blocks = [section(f"Close *{name}*?", kept)]
    if not stakes:
        return [*blocks, section("Nothing of it is open.")]
    units = [(key.removeprefix("to:"), label) for key, label in form.facts.items() if key.startswith("to:")]
    options = [option(label, key) for key, label in units[:MOST_CHOICES]]
    fates = [option("Hand it over to another unit", "move")] if options else []
    fates.append(option("Drop it when its cycle is closed", "drop"))
    chosen = next((one for one in fates if one["value"] == form.typed.text("fate")), None)
    blocks += [
        section(f"It has {inline(stakes, 200)}."),
        field("fate", "What becomes of it?", select(fates, placeholder="Choose", initial=chosen), optional=False),
    ]
    if options:
        picked = next((one for one in options if one["value"] == form.typed.text("to")), None)
        menu = select(options, placeholder="Choose a unit", initial=picked)
        blocks.append(field("to", "Handed over to", menu, hint="Only units that you answer for."))
    return blocks


def _reopen(form: SettingsForm) -> list[Block]:
    told = "It is asked in check-ins again, stands in pickers and counts in current figures."
    return [section(f"Open *{inline(form.name)}* again?", told, "What was handed over to others stays with them.")]


_FIELDS = {"mine": _mine, "away": _away, "workspace": _workspace, "unit": _unit, "close": _close, "reopen": _reopen}
