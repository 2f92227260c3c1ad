"""Web API: views.*. Trigger ids, the stack of modals, hashes, and what a view must be."""

import secrets

from sandbox.blocks import check_view, name_blocks
from sandbox.calls import Call, method
from sandbox.elements import state_of
from sandbox.errors import SlackError, bad_blocks
from sandbox.payloads import view_json
from sandbox.records import Json, View
from sandbox.site import Site

DEEPEST_STACK = 3


def checked(given: object, kind: str) -> Json:
    """The view the app sent, if it keeps the rules; else `invalid_arguments` with what is wrong."""
    if problems := check_view(given, kind):
        raise bad_blocks(problems, code="invalid_arguments")
    assert isinstance(given, dict)
    return given


def make_view(site: Site, user: str, given: object, kind: str) -> View:
    """A view from what the app sent, checked; raises `invalid_arguments` with what is wrong."""
    given = checked(given, kind)
    view = View(f"V{site.workspace.number():08d}", new_hash(site), kind, user, name_blocks(given["blocks"]))
    _fill(view, given)
    view.values = state_of(view.blocks, {})
    if view.external_id and site.workspace.view_by_external_id(view.external_id):
        raise SlackError("duplicate_external_id")
    return view


def new_hash(site: Site) -> str:
    """A hash that changes with every update of a view."""
    return f"{int(site.workspace.clock.now().timestamp())}.{secrets.token_hex(4)}"


def change_view(site: Site, view: View, given: object) -> View:
    """Replace a view's content in place; what was entered stays where block, action and type are the same."""
    given = checked(given, view.type)
    view.blocks = name_blocks(given["blocks"])
    _fill(view, given)
    view.values = state_of(view.blocks, view.values)
    view.errors = {}
    view.hash = new_hash(site)
    return view


def _fill(view: View, given: Json) -> None:
    view.title, view.submit, view.close = given.get("title"), given.get("submit"), given.get("close")
    view.callback_id = str(given.get("callback_id") or "")
    view.private_metadata = str(given.get("private_metadata") or "")
    view.external_id = str(given.get("external_id") or "")
    view.clear_on_close = bool(given.get("clear_on_close"))
    view.notify_on_close = bool(given.get("notify_on_close"))


def push_view(site: Site, view: View) -> None:
    """Put a modal on top of the person's stack; `push_limit_reached` beyond three."""
    stack = site.workspace.stacks.setdefault(view.user, [])
    if len(stack) >= DEEPEST_STACK:
        raise SlackError("push_limit_reached")
    view.previous_id = stack[-1].id if stack else None
    view.root_id = stack[0].id if stack else view.id
    stack.append(view)
    site.workspace.touch("view")


@method("views.open")
def views_open(call: Call) -> Json:
    site, given = call.site, checked(call.data("view"), "modal")
    trigger = site.tokens.redeem(call.required("trigger_id"))
    view = make_view(site, trigger.user, given, "modal")
    with site.workspace.lock:
        site.workspace.stacks[trigger.user] = []
        push_view(site, view)
    return {"view": view_json(site, view)}


@method("views.push")
def views_push(call: Call) -> Json:
    site, given = call.site, checked(call.data("view"), "modal")
    trigger = site.tokens.redeem(call.required("trigger_id"))
    if trigger.view_id is None or not site.workspace.stacks.get(trigger.user):
        raise SlackError("not_found", detail="views.push needs the trigger of an open modal")
    view = make_view(site, trigger.user, given, "modal")
    with site.workspace.lock:
        push_view(site, view)
    return {"view": view_json(site, view)}


@method("views.update")
def views_update(call: Call) -> Json:
    w = call.site.workspace
    view = w.view(call.text("view_id")) or w.view_by_external_id(call.text("external_id"))
    if view is None:
        raise SlackError("not_found")
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")
    with w.lock:
        change_view(call.site, view, call.data("view"))
        w.touch("view" if view.type == "modal" else "home")
    return {"view": view_json(call.site, view)}


@method("views.publish")
def views_publish(call: Call) -> Json:
    site, w = call.site, call.site.workspace
    user = call.user("user_id").id
    if not site.manifest.home_tab:
        raise SlackError("not_enabled")
    old = w.homes.get(user)
    if call.text("hash") and (old is None or call.text("hash") != old.hash):
        raise SlackError("hash_conflict")
    with w.lock:
        if old is None:
            w.homes[user] = make_view(site, user, call.data("view"), "home")
            w.homes[user].root_id = w.homes[user].id
        else:
            change_view(site, old, call.data("view"))
        w.touch("home")
    return {"view": view_json(site, w.homes[user])}
