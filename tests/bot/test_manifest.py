"""The app manifest against Slack's schema and limits, and against what its own events and calls need."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.manifest import granted_scopes, load_manifest, manifest_for, manifest_path

REPO = Path(__file__).resolve().parents[2]
SCHEMA = REPO.parent / "shared" / "schemas" / "slack-manifest-2.0.0.schema.json"

# docs.slack.dev: the scope without which Slack does not deliver the event (app_home_opened needs none).
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
}
# docs.slack.dev: the scopes of the Web API methods the product calls.
SCOPES_OF_CALLS: dict[str, set[str]] = {
    "canvases.create": {"canvases:write"},
    "chat.getPermalink": set(),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.open": {"im:write"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read", "users:read.email"},
}


def slack_schema() -> dict[str, Any]:
    if not SCHEMA.is_file():
        pytest.skip("Slack's manifest schema is not beside the checkout")
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema


@pytest.mark.parametrize("url", [None, "https://okr.example.com"])
def test_both_variants_are_valid_by_slacks_own_schema(url: str | None) -> None:
    errors = list(jsonschema.Draft7Validator(slack_schema()).iter_errors(manifest_for(url)))
    assert errors == []


def test_the_schema_does_refuse_a_wrong_manifest() -> None:
    wrong = deepcopy(load_manifest())
    wrong["display_information"]["name"] = "A name that is longer than Slack's thirty-five"
    assert list(jsonschema.Draft7Validator(slack_schema()).iter_errors(wrong)) != []


def test_the_first_line_says_what_the_file_is_and_how_to_use_it() -> None:
    first = manifest_path().read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("#")
    assert "Slack app manifest of Plumbline" in first
    assert "paste" in first


def test_texts_keep_slacks_length_limits() -> None:
    info = load_manifest()["display_information"]
    assert len(info["name"]) <= 35
    assert len(info["description"]) <= 140
    assert 175 <= len(info["long_description"]) <= 4000


def test_the_command_keeps_slacks_length_limits() -> None:
    [command] = load_manifest()["features"]["slash_commands"]
    assert command["command"] == "/okr"
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_shortcuts_keep_slacks_limits() -> None:
    shortcuts = load_manifest()["features"]["shortcuts"]
    assert 0 < len(shortcuts) <= 10
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts)


def test_every_event_is_known_and_has_its_scope() -> None:
    manifest = load_manifest()
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events
    assert len(events) == len(set(events)) <= 100
    needed = {SCOPE_OF_EVENT[event] for event in events} - {None}
    assert needed <= granted_scopes(manifest)


def test_every_call_has_its_scopes_and_no_scope_is_idle() -> None:
    manifest = load_manifest()
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = set[str]().union(*SCOPES_OF_CALLS.values()) | {SCOPE_OF_EVENT[event] for event in events} | {"commands"}
    assert granted_scopes(manifest) == needed - {None}


def test_optional_scopes_are_also_among_the_scopes_as_slack_wants() -> None:
    scopes = load_manifest()["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"])


def test_the_written_manifest_is_the_socket_mode_one() -> None:
    settings = manifest_for(None)["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["token_rotation_enabled"] is False


@pytest.mark.parametrize("url", ["https://okr.example.com", "https://okr.example.com/"])
def test_with_a_url_every_request_goes_to_its_slack_events_and_socket_mode_is_off(url: str) -> None:
    manifest = manifest_for(url)
    endpoint = "https://okr.example.com/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["event_subscriptions"]["request_url"] == endpoint
    assert manifest["settings"]["interactivity"]["request_url"] == endpoint
    assert [c["url"] for c in manifest["features"]["slash_commands"]] == [endpoint]


def test_the_http_variant_asks_for_the_same_scopes_and_events() -> None:
    written, over_http = manifest_for(None), manifest_for("https://okr.example.com")
    assert over_http["oauth_config"] == written["oauth_config"]
    events = [m["settings"]["event_subscriptions"]["bot_events"] for m in (written, over_http)]
    assert events[0] == events[1]


@pytest.mark.parametrize("url", ["http://okr.example.com", "okr.example.com", "", "https://", "https://a.example/?x=1"])
def test_an_address_slack_would_not_call_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"https://okr\.example\.com"):
        manifest_for(url)


def test_the_slack_command_line_gets_the_manifest_from_ours() -> None:
    hooks = json.loads((REPO / ".slack" / "hooks.json").read_text(encoding="utf-8"))
    assert hooks["hooks"]["get-manifest"] == "python -m bot manifest --format json"
