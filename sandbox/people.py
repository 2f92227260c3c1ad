"""People for scenario tests and the scripted play: they write, click, fill and submit, and see what Slack would show.

Synchronous: an act returns when the app has acknowledged it (or did not). Lookups are strict; see `screen`.
Nothing here reaches past what a person could do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import acts, events, screen
from sandbox.elements import VALUE_KEYS, Placed, options_of, walk
from sandbox.records import Json, Message, User, View
from sandbox.render import message_text, names_of, render_text
from sandbox.site import Site
from sandbox.submissions import Submission, submit


@dataclass
class Reaction:
    """What an act brought: a modal, messages for this person only, messages for all, messages that were updated, or
    Slack's word of failure in `error`. `text` is all that is new, as plain text.
    """

    view: View | None = None
    ephemerals: list[Message] = field(default_factory=list)
    posted: list[Message] = field(default_factory=list)
    updated: list[Message] = field(default_factory=list)
    error: str | None = None
    text: str = ""

    @property
    def message(self) -> Message:
        """The one message it brought; AssertionError when there are more or none."""
        found = self.ephemerals + self.posted
        assert len(found) == 1, f"not one message but {len(found)}: {self.text!r} {self.error or ''}"
        return found[0]


Reply = Reaction


class Person:
    """One member of the workspace. `channel` arguments are an id, a name with or without `#`, or `dm`."""

    def __init__(self, site: Site, user_id: str) -> None:
        self._site = site
        self.id = user_id

    def __repr__(self) -> str:
        return f"<{self.user.real_name} {self.id}>"

    @property
    def user(self) -> User:
        """The member's record."""
        return self._site.workspace.users[self.id]

    @property
    def dm(self) -> list[Message]:
        """What stands in the DM with the bot, oldest first, replies too; without ephemerals."""
        return self._site.workspace.visible(self._site.workspace.open_dm(self.id).id)

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self._site.workspace.stacks.get(self.id, [])
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """What is published on this person's Home tab."""
        return self._site.workspace.homes.get(self.id)

    def ephemerals(self, channel: str = "dm") -> list[Message]:
        """Messages in a channel that only this person sees, oldest first."""
        place = acts.place(self._site, self.id, channel)
        with self._site.workspace.lock:
            found = self._site.workspace.messages[place.id]
            return [m for m in found if m.ephemeral_to == self.id and not m.deleted]

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What stands in a channel, or in one of its threads (with the parent), oldest first."""
        place = acts.place(self._site, self.id, channel)
        found = self._site.workspace.visible(place.id)
        return [m for m in found if m.root == thread_ts] if thread_ts else found

    def reads(self, what: Message | View | None) -> str:
        """A message, modal or Home tab as plain text."""
        if isinstance(what, Message):
            return message_text(self._site, what)
        return f"{what.heading}\n{render_text(what.blocks, names_of(self._site))}" if what else ""

    def says(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message, or a reply to the thread `thread_ts`."""
        return acts.say(self._site, self.id, channel, text, thread_ts)

    def edits(self, message: Message, text: str) -> Message:
        """Edit one's own message."""
        return acts.edit(self._site, self.id, message, text)

    def deletes(self, message: Message) -> None:
        """Delete one's own message."""
        acts.delete(self._site, self.id, message)

    def reacts(self, message: Message, name: str) -> bool:
        """Put a reaction on a message, or take it off where it is; whether it is on it now."""
        self._sees(message)
        return acts.react(self._site, self.id, message, name)

    def types(self, command: str, channel: str = "dm") -> Reply:
        """Type a slash command and see what comes of it."""
        return self._reaction(acts.command(self._site, self.id, channel, command))

    def clicks(
        self,
        where: Message | View | None,
        action_id: str | None = None,
        label: str | None = None,
        value: str | None = None,
        block_id: str | None = None,
    ) -> Reaction:
        """Click a button, or a choice of an overflow menu (`label` is then the choice's text)."""
        assert where is not None, "there is nothing to click on"
        self._sees(where)
        option = self._overflow_choice(where, label, block_id, action_id)
        if option:
            return self._click(where, option[0], {"selected_option": option[1]})
        placed = screen.find(where, action_id=action_id, label=label, block_id=block_id, value=value)
        if placed.kind == "feedback_buttons":
            return self._click(where, placed, self._feedback(placed, label))
        if placed.kind not in ("button", "icon_button", "workflow_button"):
            raise AssertionError(f"{placed.label!r} is a {placed.kind}, nothing to click: use picks or fills")
        carried = {"value": placed.element["value"]} if "value" in placed.element else {}
        return self._click(where, placed, carried)

    def picks(
        self,
        where: Message | View | None,
        wanted: Any,
        *,
        action_id: str | None = None,
        label: str | None = None,
        block_id: str | None = None,
    ) -> Reaction:
        """Choose in a select, radio group, checkboxes or date picker; the app is told at once."""
        assert where is not None, "there is nothing to choose from"
        self._sees(where)
        placed = screen.find(where, action_id=action_id, label=label, block_id=block_id)
        if placed.kind == "overflow":
            option = screen.pick_option(placed, str(wanted), options_of(placed.element))
            return self._click(where, placed, {"selected_option": option})
        if placed.kind not in VALUE_KEYS:
            raise AssertionError(f"{placed.label!r} is a {placed.kind}, nothing to choose: use clicks")
        return self._enter(where, placed, wanted) or Reaction()

    def fills(self, where: Message | View | None, values: Mapping[str, Any]) -> View | Message:
        """Enter values by block_id, label or action_id; nothing is sent but for inputs that dispatch actions."""
        assert where is not None, "there is nothing to fill in"
        self._sees(where)
        for name, value in values.items():
            self._enter(where, screen.find_input(where, name), value)
        return where

    def submits(self, view: View | None = None, values: Mapping[str, Any] | None = None) -> Submission:
        """Press a modal's submit button (of the top one by default), first filling in `values`."""
        view = view or self.view
        assert view is not None, "no modal is open"
        self._sees(view)
        if values:
            self.fills(view, values)
        assert view.submit is not None, f"the modal has no submit button. It shows:\n{screen.show(view)}"
        return submit(self._site, view)

    def closes(self, view: View | None = None, *, everything: bool = False) -> None:
        """Close a modal, or with `everything` the whole stack."""
        view = view or self.view
        assert view is not None, "no modal is open"
        acts.close(self._site, view, everything=everything)

    def opens_home(self, timeout: float = 5.0) -> View:
        """Open the app's Home tab and wait until something is published there."""
        events.home_opened(self._site, self.id, "home")
        self._site.courier.settle(timeout)
        self._site.workspace.wait_until(lambda: self.home is not None, timeout)
        assert self.home is not None, "nothing was published on the Home tab"
        return self.home

    def opens_messages(self) -> None:
        """Open the app's Messages tab."""
        events.home_opened(self._site, self.id, "messages")

    def shortcut(self, callback_id: str, message: Message | None = None) -> Reaction:
        """Use a global shortcut, or a message shortcut on a message."""
        return self._reaction(acts.shortcut(self._site, self.id, callback_id, message))

    def suggestions(self, where: Message | View, name: str, query: str) -> list[str]:
        """What an external select offers for a query."""
        placed = screen.find_input(where, name)
        return [o["text"]["text"] for o in self._suggest(where, placed, query)]

    def value(self, where: Message | View, name: str) -> Any:
        """What is in an input now: the text, or the label of the chosen option."""
        placed = screen.find_input(where, name)
        entered = self._site.workspace.draft(self.id, where) if isinstance(where, Message) else where.values
        return screen.shown_value(entered[placed.block_id][placed.action_id])

    def _enter(self, where: Message | View, placed: Placed, value: Any) -> Reaction | None:
        state = screen.state_for(self._site, placed, value, lambda p, q: self._suggest(where, p, q))
        acts.enter(self._site, self.id, where, placed, state)
        if placed.block["type"] == "input" and not placed.block.get("dispatch_action"):
            return None
        return self._click(where, placed, {k: v for k, v in state.items() if k != "type"})

    def _suggest(self, where: Message | View, placed: Placed, query: str) -> list[Json]:
        return acts.suggest(self._site, self.id, where, placed, query)

    def _click(self, where: Message | View, placed: Placed, value: Json) -> Reaction:
        return self._reaction(acts.click(self._site, self.id, where, placed, value))

    def _overflow_choice(
        self, where: Message | View, label: str | None, block_id: str | None, action_id: str | None
    ) -> tuple[Placed, Json] | None:
        found = [
            (p, o)
            for p in walk(where.blocks)
            if p.kind == "overflow" and block_id in (None, p.block_id) and action_id in (None, p.action_id)
            for o in options_of(p.element)
            if label is not None and o["text"]["text"] == label
        ]
        return found[0] if len(found) == 1 else None

    def _feedback(self, placed: Placed, label: str | None) -> Json:
        for key in ("positive_button", "negative_button"):
            button = placed.element[key]
            if button["text"]["text"] == label:
                return {"value": button["value"], "text": button["text"]}
        raise AssertionError(f"say which of the feedback buttons, not {label!r}")

    def _sees(self, where: Message | View) -> None:
        if isinstance(where, View):
            if where not in (self.view, self.home):
                raise AssertionError(f"{self.id} does not have {where.heading!r} in front of them")
            return
        place = acts.place(self._site, self.id, where.channel)
        if where.deleted or where.ephemeral_to not in (None, self.id) or self.id not in place.members:
            raise AssertionError(f"{self.id} does not see the message {where.text!r}")

    def _reaction(self, shown: acts.Shown) -> Reaction:
        mine = [m for m in shown.messages if m.ephemeral_to == self.id]
        others = [m for m in shown.messages if m.ephemeral_to is None]
        texts = [message_text(self._site, m) for m in mine + others + shown.changed]
        if shown.view is not None:
            texts.append(self.reads(shown.view))
        return Reaction(shown.view, mine, others, shown.changed, shown.note, "\n".join(texts))
