"""`/okr settings`: the first page and a unit's page as modals. Who may not change a thing sees it and whom to ask.

The forms behind the buttons are in `settings_forms` and `settings_rhythm`.
"""

from bot.views import ids
from bot.views.blocks import Block, actions, button, context, divider, modal, option, section, select
from bot.views.text import day, day_of, inline, listed, sentence
from rituals.settings.cards import Changed, RhythmValue, Saved, SettingsPage, UnitChange, UnitLine, UnitPage, Value

OWN_UNITS = 20
LISTED = 100
LABELS = {"set": "Set our own", "change": "Change", "drop": "Use the inherited one"}
TITLES = {
    "checkin": "Check-in",
    "digest": "Digest",
    "portfolio": "Digest for its product lines",
    "unit": "Digest of each product line, in its own channel",
}
LINES = {"off": "Turn it off here", "follow": "Follow it again"}


def settings_page(page: SettingsPage) -> Block:
    """What can be set, by whom, as it stands; each part with its button where the reader may change it."""
    blocks = [*_saved(page.saved), *_mine(page), divider(), *_units(page.units), divider(), *_workspace(page)]
    return modal(ids.SETTINGS_FORM, "Settings", blocks, metadata=ids.pack(page="first"))


def _mine(page: SettingsPage) -> list[Block]:
    if not page.mine:
        ask = f" Ask {listed([inline(name, 40) for name in page.admins], 3)} to add you." if page.admins else ""
        return [section("*Mine*", f"You are not in the portfolio, so there is nothing of yours to set.{ask}")]
    change = button("Change", ids.of(ids.SETTINGS_EDIT, "mine"), ids.pack(form="mine"))
    away = button("Away", ids.of(ids.SETTINGS_EDIT, "away"), ids.pack(form="away"))
    return [section("*Mine*, for you alone", *map(_line, page.mine)), actions(change, away)]


def _units(units: tuple[UnitLine, ...]) -> list[Block]:
    head = "*Units*, set by their leads and those above them"
    if not units:
        return [section(head, "There is none yet: import a portfolio, or add one.")]
    own = [unit for unit in units if unit.mine]
    blocks = [section(head if own else f"{head}. You lead none: look at any.")]
    for unit in own[:OWN_UNITS]:
        more = button("Open", ids.of(ids.SETTINGS_UNIT, unit.key), unit.key)
        blocks.append(section(f"{inline(unit.name, 60)}\n{inline(unit.rhythm, 120)}", accessory=more))
    menu = select([option(unit.name, unit.key) for unit in units[:LISTED]], placeholder="Choose a unit")
    every = "Any unit" if len(units) <= LISTED else f"Any unit: the first {LISTED} here, all by `/okr settings CRM`"
    blocks.append(section(every, accessory={**menu, "action_id": ids.SETTINGS_UNIT}))
    return blocks


def _workspace(page: SettingsPage) -> list[Block]:
    who = f"*Workspace*, set by {listed([inline(name, 40) for name in page.admins], 3) or 'admins of this Slack'}"
    change = button("Change", ids.of(ids.SETTINGS_EDIT, "workspace"), ids.pack(form="workspace"))
    return [section(who, *map(_line, page.workspace), accessory=change if page.admin else None)]


def unit_page(page: UnitPage) -> Block:
    """A unit's settings as they stand and whose they are."""
    blocks = [*_saved(page.saved), *_who(page)]
    for rhythm in page.rhythms if page.closed is None else ():
        blocks += _rhythm(page, rhythm)
    blocks += _past(page)
    return modal(ids.SETTINGS_FORM, page.name, blocks, metadata=ids.pack(page="unit", unit=page.key))


def _who(page: UnitPage) -> list[Block]:
    change = button("Change", ids.of(ids.SETTINGS_EDIT, "unit"), ids.pack(form="unit", about=page.key))
    closed = [f"Closed since {day(page.closed)}; what was stays."] if page.closed else []
    blocks = [
        section(f"*{inline(page.name)}*", *closed, *map(_line, page.values), accessory=change if page.may else None)
    ]
    if not page.may:
        ask = inline(page.ask, 120) or "an admin of this Slack"
        blocks.append(context(f"Its leads and those above them change this: ask {ask}."))
    return blocks


def _past(page: UnitPage) -> list[Block]:
    """What was changed about it, and the way to close it or to open it again."""
    lines = [_change(one) for one in page.history]
    blocks = [section("*History*", *lines)] if lines else []
    if not page.may:
        return blocks
    label = "Open it again" if page.closed else "Close this unit"
    form = "reopen" if page.closed else "close"
    close = button(label, ids.of(ids.SETTINGS_EDIT, form), ids.pack(form=form, about=page.key))
    return [*blocks, actions(close)]


def _change(one: UnitChange) -> str:
    told = "; ".join(_changed(change) for change in one.changes[:3]) or "added"
    more = f" and {len(one.changes) - 3} more" if len(one.changes) > 3 else ""
    return f"{day_of(one.at)}  {told}{more}, by {inline(one.by, 40) or 'a file'}"


def _rhythm(page: UnitPage, rhythm: RhythmValue) -> list[Block]:
    source = f" (from {inline(rhythm.source, 60)})" if rhythm.source else ""
    lines = [f"*{TITLES[rhythm.which]}*  {sentence(inline(rhythm.value, 200))}{source}"]
    if rhythm.next_on:
        lines.append(f"Next on {rhythm.next_on:%a} {day(rhythm.next_on)}")
    if rhythm.useful:
        lines.append(f"Readers found it {inline(rhythm.useful, 60)}")
    if rhythm.binding and rhythm.source:
        lines.append(f"{inline(rhythm.source, 60)} sets it for all units below; it cannot be set here.")
    about = f"{page.key}:{rhythm.which}"
    buttons = [_offer(offer, rhythm, about) for offer in dict.fromkeys(rhythm.offers)]
    return [section(*lines), *([actions(*buttons)] if buttons else [])]


def _offer(offer: str, rhythm: RhythmValue, about: str) -> Block:
    if offer == "drop":
        return _drop(rhythm, about)
    if offer in LINES:
        line = f"{about.rpartition(':')[0]}:line"
        return button(LINES[offer], ids.of(ids.SETTINGS_DROP, line), line)
    label = "Set one" if offer == "set" and rhythm.source is None else LABELS[offer]
    return button(label, ids.of(ids.SETTINGS_EDIT, about), ids.pack(form="rhythm", about=about))


def _drop(rhythm: RhythmValue, about: str) -> Block:
    """It takes effect at once, so it asks."""
    ends = rhythm.which != "checkin"
    asks = "No digest is sent any more." if ends else "The check-in of the unit above is followed from now on."
    confirm = {
        "title": {"type": "plain_text", "text": "End this digest?" if ends else "Give up our own check-in?"},
        "text": {"type": "plain_text", "text": asks},
        "confirm": {"type": "plain_text", "text": "End it" if ends else "Follow it"},
        "deny": {"type": "plain_text", "text": "Keep it"},
    }
    label = "End the digest" if ends else LABELS["drop"]
    return {**button(label, ids.of(ids.SETTINGS_DROP, about), about), "confirm": confirm}


def saved_modal(saved: Saved) -> Block:
    """What a form saved, where no page stands under it."""
    return modal(ids.SETTINGS_FORM, "Saved", _saved(saved), metadata=ids.pack(page="saved"))


def _saved(saved: Saved | None) -> list[Block]:
    if saved is None:
        return []
    if not saved.changes:
        return [section(f"Nothing changed: {inline(saved.about, 60)} stands as it was."), divider()]
    lines = [_changed(one) for one in saved.changes]
    since = [f"It counts from {saved.since:%a} {day(saved.since)}; what was before stays."] if saved.since else []
    return [section(f"✓ *Saved: {inline(saved.about, 60)}*", *lines, *since), divider()]


def _changed(one: Changed) -> str:
    before, after = (_value(text or "none", one.channel and bool(text)) for text in (one.before, one.after))
    return f"{inline(one.name)}: {before} → {after}"


def _line(value: Value) -> str:
    source = f" ({inline(value.source, 60)})" if value.source else ""
    return f"{inline(value.name)}: {_value(value.value, value.channel)}{source}"


def _value(text: str, channel: bool) -> str:
    return f"<#{inline(text, 30)}>" if channel else inline(text, 200)
