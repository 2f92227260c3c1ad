"""Fields beyond text and menus: hours, days, several choices, people and channels. As `blocks`, each within Slack's
limits whatever it is given; labels plain. In an `input_block` each takes the block's id.
"""

from collections.abc import Sequence

from bot.views.blocks import Block, option
from bot.views.text import plain

MOST_CHOICES = 100
MOST_BOXES = 10


def hour(initial: str = "") -> Block:
    """A wall time as HH:MM."""
    element: Block = {"type": "timepicker"}
    return {**element, "initial_time": initial} if initial else element


def a_day(initial: str = "") -> Block:
    """A day as YYYY-MM-DD."""
    element: Block = {"type": "datepicker"}
    return {**element, "initial_date": initial} if initial else element


def several(choices: Sequence[tuple[str, str]], chosen: Sequence[str] = (), *, placeholder: str = "") -> Block:
    """A menu of (value, label) of which several can be chosen; at most 100."""
    return {**_options("multi_static_select", choices[:MOST_CHOICES], chosen), **_placeholder(placeholder)}


def boxes(choices: Sequence[tuple[str, str]], chosen: Sequence[str] = ()) -> Block:
    """Boxes to tick, (value, label); at most ten."""
    return _options("checkboxes", choices[:MOST_BOXES], chosen)


def members(chosen: Sequence[str] = ()) -> Block:
    """Members of the workspace by their ids."""
    element: Block = {"type": "multi_users_select", **_placeholder("Choose people")}
    return {**element, "initial_users": list(chosen)} if chosen else element


def member(chosen: str = "") -> Block:
    """One member of the workspace by their id."""
    element: Block = {"type": "users_select", **_placeholder("Choose somebody")}
    return {**element, "initial_user": chosen} if chosen else element


def channel(chosen: str = "") -> Block:
    """A public or private channel by its id."""
    element: Block = {"type": "conversations_select", **_placeholder("Choose a channel")}
    element["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    return {**element, "initial_conversation": chosen} if chosen else element


def _options(kind: str, choices: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Block:
    options = [option(label, value) for value, label in choices]
    picked = [one for one in options if one["value"] in chosen]
    return {"type": kind, "options": options, **({"initial_options": picked} if picked else {})}


def _placeholder(text: str) -> Block:
    return {"placeholder": {"type": "plain_text", "text": plain(text, 150)}} if text else {}
