"""Promises between files of the product: what one says, the other keeps.

Elsewhere: notices and views (tests/bot/views/test_every_notice_has_a_view.py), tables and migrations
(tests/storage/test_schema.py), events, calls and scopes (tests/bot/test_manifest.py), documents
(tests/test_documents.py).
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from inspect import signature
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot import jobs, later, listeners
from bot.app import build_app
from bot.config import Settings
from bot.delivery import Delivery
from bot.inbound import Inbound, Work
from bot.later import found
from bot.manifest import load_manifest
from bot.services import Services
from bot.views import VIEWS, home_view, ids
from bot.views.help import TOPICS
from bot.wiring import RENDERERS
from prompts.client import ModelClient
from rituals.clock import AdjustableClock
from rituals.notices import NOTICES, Home
from sandbox.scopes import EVENT_SCOPES
from storage.database import Database
from storage.inbox import Inbox
from tests.bot.views.reading import elements
from tests.bot.views.samples import NOTICE_SAMPLES

REPO = Path(__file__).resolve().parents[1]
MANIFEST = load_manifest()
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
IDS = {name: value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str | tuple)}
SHORTCUTS = {name for name in IDS if name.endswith("_SHORTCUT")}
FORMS = {name for name in IDS if name.endswith("_FORM")}
INPUTS = {
    "ADJUST_NOTE",
    "ALIGN_DISMISS_REASON",
    "CLOSING_EARLY",
    "CLOSING_NEXT",
    "CLOSING_NOTE",
    "CLOSING_OUTCOME",
    "CLOSING_REASON",
    "CLOSING_SCORE",
    "CLOSING_STARTS",
    "CLOSING_TARGET",
    "CLOSING_UNTIL",
    "DIGEST_COMMENT",
    "DIGEST_LINE",
    "FLAG_DAY",
    "FLAG_NOTE",
    "FLAG_STEP",
    "FLAG_VALUE",
    "HANDSHAKE_DAY",
    "HANDSHAKE_NOTE",
    "HANDSHAKE_UNIT",
    "OWN_NOTE",
    "OWN_OTHER",
    "OWN_SUPPORT",
    "KR_REASON",
    "KR_STATUS",
    "KR_VALUE",
    "KR_CONFIDENCE",
    "KR_NOTE",
    "KR_EVIDENCE",
    "KR_PICK",
    "KR_ANY",
    "QUESTION",
    "BLOCKER_KIND",
    "BLOCKER_OWNER",
    "BLOCKER_NEXT",
    "CHANGE_REASON",
    "AUTHOR_FIELD",
    "RATING_COMMENT_TEXT",
    "RATING_SENTENCE",
}
Hears = Callable[[dict[str, Any]], bool]


@pytest.fixture
def services(sqlite_db: Database, team: str) -> Iterator[Services]:
    """Real parts; the address is nobody's, and nothing here calls it."""
    client = WebClient("xoxb-test", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    clock = AdjustableClock(datetime(2026, 11, 16, 9, tzinfo=UTC))
    delivery = Delivery(sqlite_db, team, client, client, clock, RENDERERS)
    made = Services(team, "U0BOT", sqlite_db, Inbox(sqlite_db), clock, client, client, delivery, ModelClient())
    yield made
    made.close()


@pytest.fixture
def hears(services: Services) -> Iterator[Hears]:
    """Whether the app has a listener for a payload: asked as Bolt asks, without doing the listener's work."""
    app = build_app(services)

    def matched(body: dict[str, Any]) -> bool:
        request = BoltRequest(body=body, mode="socket_mode")
        return any(heard.matches(req=request, resp=BoltResponse(status=200)) for heard in app._listeners)

    yield matched
    app.listener_runner.listener_executor.shutdown()


def event(name: str) -> dict[str, Any]:
    """The smallest payload of an event as the manifest names it (`message.im`)."""
    kind, _, place = name.partition(".")
    inner = {"type": kind, "user": "U01", "text": "hello", "channel": "C01", "ts": "1.0", "channel_type": place}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T01TEST", "event": inner}


def click(action_id: str) -> dict[str, Any]:
    """A click on an element."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": "1"}
    return {"type": "block_actions", "trigger_id": "1", "user": {"id": "U01"}, "actions": [action]}


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_of_the_manifest_is_heard(hears: Hears, name: str) -> None:
    assert hears(event(name))


def test_no_listener_waits_for_an_event_that_the_manifest_does_not_ask_for(hears: Hears) -> None:
    asked = {name.partition(".")[0] for name in EVENTS}
    others = {name.partition(".")[0] for name in EVENT_SCOPES} - asked
    assert len(others) > 5
    assert [name for name in others if hears(event(name))] == []


def test_every_command_of_the_manifest_is_heard_and_no_other(hears: Hears) -> None:
    commands = [c["command"] for c in MANIFEST["features"]["slash_commands"]]
    assert commands
    assert all(hears({"command": name, "text": "", "user_id": "U01", "trigger_id": "1"}) for name in commands)
    assert not hears({"command": "/other", "text": "", "user_id": "U01", "trigger_id": "1"})


def test_every_shortcut_of_the_manifest_is_heard_and_no_other(hears: Hears) -> None:
    def used(kind: str, callback_id: str) -> dict[str, Any]:
        return {"type": kind, "callback_id": callback_id, "trigger_id": "1", "user": {"id": "U01"}}

    kinds = {"message": "message_action", "global": "shortcut"}
    declared = {(kinds[one["type"]], one["callback_id"]) for one in MANIFEST["features"]["shortcuts"]}
    assert {callback_id for _, callback_id in declared} == {IDS[name] for name in SHORTCUTS}
    assert all(hears(used(*one)) for one in declared)
    assert not hears(used("message_action", "any"))
    assert not hears(used("shortcut", "any"))


def test_every_id_that_can_be_clicked_is_heard(hears: Hears) -> None:
    names = [value for name, value in IDS.items() if name not in FORMS | INPUTS | SHORTCUTS]
    clickable = [one for value in names for one in ([value] if isinstance(value, str) else value)]
    assert len(clickable) > 15
    assert [one for one in clickable if not hears(click(one)) and not hears(click(ids.of(one, 7)))] == []
    assert not hears(click("something_else"))


def test_every_field_that_asks_for_a_key_result_is_answered(hears: Hears) -> None:
    def typed(action_id: str) -> dict[str, Any]:
        return {"type": "block_suggestion", "user": {"id": "U01"}, "action_id": action_id, "block_id": "b", "value": ""}

    asked = [ids.KR_PICK, ids.KR_ANY, ids.of(ids.KR_PICK, "evidence")]
    assert [one for one in asked if not hears(typed(one))] == []
    assert not hears(typed("something_else"))


def test_every_form_is_heard(hears: Hears) -> None:
    def sent(callback_id: str) -> dict[str, Any]:
        return {"type": "view_submission", "user": {"id": "U01"}, "view": {"type": "modal", "callback_id": callback_id}}

    assert FORMS
    assert [name for name in FORMS if not hears(sent(str(IDS[name])))] == []


@pytest.mark.parametrize("notice", NOTICE_SAMPLES, ids=lambda notice: notice.KIND)
def test_no_button_in_a_message_or_in_home_is_dead(hears: Hears, notice: Any) -> None:
    blocks = home_view(notice)["blocks"] if isinstance(notice, Home) else VIEWS[notice.KIND](notice).blocks
    shown = [e["action_id"] for e in elements(blocks) if "action_id" in e and e["type"] != "plain_text_input"]
    assert [one for one in shown if not hears(click(one))] == []


def test_help_knows_exactly_the_words_that_do_something(services: Services) -> None:
    inbound = Inbound(App(token="xoxb-test", client=services.writer, token_verification_enabled=False), services)
    subcommands: dict[str, Work] = {}
    for module in iter_modules(listeners.__path__):
        register = getattr(import_module(f"bot.listeners.{module.name}"), "register", None)
        if register is not None:  # the others are part of a listener that is loaded later
            register(inbound, subcommands)
    assert set(subcommands) == {"", *TOPICS}


def test_what_is_rendered_when_it_is_sent_is_a_notice() -> None:
    assert RENDERERS
    assert set(RENDERERS) <= set(NOTICES)


@pytest.mark.parametrize("kind", RENDERERS)
def test_what_renders_a_notice_gives_that_notice(kind: str) -> None:
    render = found(RENDERERS[kind].__name__)
    assert list(signature(render).parameters)[:2] == ["session", "team_id"]
    assert NOTICES[kind] in {get_type_hints(render)["return"], *get_args(get_type_hints(render)["return"])}


@pytest.mark.parametrize("name", list(jobs.STEPS))
def test_every_step_of_time_is_there_and_has_nothing_to_do_in_an_empty_workspace(services: Services, name: str) -> None:
    before = len(later._named)
    assert jobs.STEPS[name](services, services.clock.now()) == 0
    assert len(later._named) == before


def test_every_setting_is_in_the_example_file_under_a_comment_and_nothing_else_is() -> None:
    lines = (REPO / ".env.example").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    for above, line in pairwise(lines):
        if re.match(r"[A-Z]", line):
            assert above.startswith("# "), f"{line} has no comment"


def test_no_example_value_is_a_secret() -> None:
    text = (REPO / ".env.example").read_text(encoding="utf-8")
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    assert {name: value for name, value in values.items() if value} == {
        "PLUMBLINE_LLM": "auto",
        "PORT": "3000",
        "LOG_LEVEL": "INFO",
    }


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_has_a_hash_for_everything_and_no_address(name: str) -> None:
    lock = (REPO / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.-]+==.+?(?=^\S|\Z)", lock, flags=re.MULTILINE | re.DOTALL)
    assert len(pinned) > 20
    assert [entry.split("==")[0] for entry in pinned if "--hash=sha256:" not in entry] == []
    assert "://" not in lock
    assert "--index-url" not in lock
