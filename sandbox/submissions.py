"""A modal's end: what a person entered is sent, and the app's `response_action` is carried out.

Checks that a person's client makes before sending (required, lengths, formats) are here too; nothing is sent then.
"""

import re
from dataclasses import dataclass, field

from sandbox.api_views import change_view, make_view, push_view
from sandbox.courier import Delivery
from sandbox.elements import VALUE_KEYS, walk
from sandbox.errors import SlackError
from sandbox.payloads import common, view_json
from sandbox.records import Json, View
from sandbox.site import Site

MISSING = "Please complete this required field."


@dataclass
class Submission:
    """What came of a submission. `errors` by block_id; `sent` is False when the client held it back."""

    sent: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    updated: View | None = None
    pushed: View | None = None
    error: str | None = None

    @property
    def view(self) -> View | None:
        """The modal that is on top now because of the answer."""
        return self.pushed or self.updated


def submit(site: Site, view: View) -> Submission:
    """Send the modal's values and do what the app answers."""
    held = client_errors(view)
    view.errors = held
    if held:
        site.workspace.touch("view")
        return Submission(errors=held)
    payload = common(site, view.user) | {
        "type": "view_submission",
        "trigger_id": site.tokens.trigger(view.user, view.id),
        "view": view_json(site, view),
        "response_urls": [],
    }
    delivery = site.courier.ask("interactive", payload)
    if not delivery.acked:
        view.errors = {"": no_answer(site, delivery)}
        site.workspace.touch("view")
        return Submission(sent=True, error=view.errors[""])
    try:
        return _obey(site, view, delivery.answer or {})
    except SlackError as error:
        site.reject("view_submission", error.code)
        view.errors = {"": "We had some trouble connecting. Try again?"}
        site.workspace.touch("view")
        return Submission(sent=True, error=f"the app's answer was refused: {error.code} {error.extra}")


def no_answer(site: Site, delivery: Delivery) -> str:
    """What Slack tells a person whose act the app did not acknowledge."""
    site.reject(delivery.name, delivery.reason or "not_acknowledged")
    return f"{site.manifest.bot_name} did not respond ({delivery.name}: {delivery.reason or 'timeout'})"


def _obey(site: Site, view: View, answer: Json) -> Submission:
    w, action = site.workspace, answer.get("response_action")
    with w.lock:
        stack = w.stacks.get(view.user, [])
        done = Submission(sent=True)
        if action is None:
            if view in stack:
                stack.remove(view)
            done.closed = True
        elif action == "clear":
            stack.clear()
            done.closed = True
        elif action == "errors":
            done.errors = view.errors = _known_errors(view, answer.get("errors"))
        elif action == "update":
            done.updated = change_view(site, view, answer.get("view"))
        elif action == "push":
            done.pushed = make_view(site, view.user, answer.get("view"), "modal")
            push_view(site, done.pushed)
        else:
            raise SlackError("invalid_response_action", detail=str(action))
        w.touch("view")
        return done


def _known_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors", detail=f"errors {errors} must name input blocks of {sorted(inputs)}")
    return {str(k): str(v) for k, v in errors.items()}


def client_errors(view: View) -> dict[str, str]:
    """What the person's client would not send, by block_id."""
    errors: dict[str, str] = {}
    for placed in walk(view.blocks):
        if placed.block.get("type") != "input":
            continue
        state = view.values.get(placed.block_id, {}).get(placed.action_id, {})
        value = state.get(VALUE_KEYS.get(placed.kind, ""))
        empty = value in (None, "", [])
        if empty and not placed.block.get("optional"):
            errors[placed.block_id] = MISSING
        elif not empty and (problem := text_problem(placed.element, value)):
            errors[placed.block_id] = problem
    return errors


def text_problem(element: Json, value: object) -> str | None:
    """Why a client would not accept this value for a text-like input; None when it would."""
    kind, text = element["type"], str(value)
    if kind == "plain_text_input":
        if len(text) > int(element.get("max_length") or 3000):
            return f"Must be {element.get('max_length') or 3000} characters or fewer."
        if len(text) < int(element.get("min_length") or 0):
            return f"Must be {element['min_length']} characters or more."
    if kind == "number_input":
        return _number_problem(element, text)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return "Enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", text):
        return "Enter a valid URL."
    return None


def _number_problem(element: Json, text: str) -> str | None:
    whole = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(whole, text):
        return "Enter a number." if element.get("is_decimal_allowed") else "Enter a whole number."
    if element.get("min_value") is not None and float(text) < float(element["min_value"]):
        return f"Must be {element['min_value']} or more."
    if element.get("max_value") is not None and float(text) > float(element["max_value"]):
        return f"Must be {element['max_value']} or less."
    return None
