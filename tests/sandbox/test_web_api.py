"""The Web API: tokens, scopes, where the bot may write, what a message must be."""

import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from rituals.clock import AdjustableClock
from sandbox.server import Sandbox
from tests.sandbox.bench import NINE, ana, client, furnished, section, without

CODES: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C02", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "G02", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C01", "text": " "}, "no_text"),
    ("chat.postMessage", {"channel": "C01", "blocks": [section()]}, "no_text"),
    ("chat.postMessage", {"channel": "C01", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "C01", "text": "x", "attachments": [{"text": "x"}]}, "invalid_attachments"),
    ("chat.postMessage", {"channel": "C01", "text": "x", "username": "Boss"}, "missing_scope"),
    ("chat.postMessage", {"channel": "C01", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "C01", "text": "x", "blocks": [{"type": "bad"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "C01", "text": "x", "blocks": {"a": 1}}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C01", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ("chat.update", {"channel": "C01", "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C01", "ts": "1.000001"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C01", "message_ts": "1.000001"}, "message_not_found"),
    ("chat.postEphemeral", {"channel": "C01", "user": "U404", "text": "x"}, "user_not_found"),
    ("chat.postEphemeral", {"channel": "G01", "user": "U02BO", "text": "x"}, "user_not_in_channel"),
    ("conversations.open", {"users": "U404"}, "user_not_found"),
    ("conversations.open", {}, "invalid_arguments"),
    ("conversations.info", {"channel": "C404"}, "channel_not_found"),
    ("conversations.history", {"channel": "C02"}, "not_in_channel"),
    ("conversations.history", {"channel": "C01", "limit": "many"}, "invalid_limit"),
    ("conversations.history", {"channel": "C01", "cursor": "?"}, "invalid_cursor"),
    ("conversations.replies", {"channel": "C01", "ts": "1.000001"}, "thread_not_found"),
    ("conversations.list", {"types": "secret_channel"}, "invalid_types"),
    ("conversations.join", {"channel": "G01"}, "method_not_supported_for_channel_type"),
    ("users.info", {"user": "U404"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "no@example.com"}, "users_not_found"),
    ("reactions.add", {"channel": "C01", "timestamp": "1.000001", "name": "eyes"}, "message_not_found"),
    ("chat.sing", {}, "unknown_method"),
    ("team.info", {}, "missing_scope"),
]


def refused(web: WebClient, method: str, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        web.api_call(method, json=arguments)
    return caught.value.response


@pytest.mark.parametrize(
    ("method", "arguments", "code"), CODES, ids=[f"{m}-{c}-{i}" for i, (m, _, c) in enumerate(CODES)]
)
def test_a_bad_call_is_answered_with_slacks_code(
    sandbox: Sandbox, web: WebClient, method: str, arguments: dict[str, Any], code: str
) -> None:
    assert refused(web, method, **arguments)["error"] == code
    assert sandbox.rejected == [(method, code)]
    assert sandbox.calls == []


@pytest.mark.parametrize(
    ("token", "code"), [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("app", "not_allowed_token_type")]
)
def test_only_the_installed_apps_token_is_let_in(sandbox: Sandbox, token: str, code: str) -> None:
    web = client(sandbox, sandbox.app_token if token == "app" else token or "none")
    if not token:
        web.token = None
    assert refused(web, "auth.test")["error"] == code


def test_only_the_app_token_opens_connections(sandbox: Sandbox, web: WebClient) -> None:
    assert refused(web, "apps.connections.open")["error"] == "not_allowed_token_type"
    opened = web.apps_connections_open(app_token=sandbox.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")


def test_auth_test_says_who_the_bot_is(sandbox: Sandbox, web: WebClient) -> None:
    answer = web.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (sandbox.bot_user, sandbox.team_id)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C01", "text": "x"}),
        ("im:write", "conversations.open", {"users": "U01ANA"}),
        ("channels:history", "conversations.history", {"channel": "C01"}),
        ("groups:history", "conversations.history", {"channel": "G01"}),
        ("channels:read", "conversations.info", {"channel": "C01"}),
        ("channels:read", "conversations.list", {}),
        ("users:read", "users.list", {}),
        ("users:read.email", "users.lookupByEmail", {"email": "ana@example.com"}),
    ],
)
def test_a_scope_that_the_manifest_lacks_is_named(scope: str, method: str, arguments: dict[str, Any]) -> None:
    with furnished(without(scope)) as sandbox:
        answer = refused(client(sandbox), method, **arguments)
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


def test_addresses_are_shown_only_with_their_scope() -> None:
    with furnished(without("users:read.email")) as sandbox:
        assert "email" not in client(sandbox).users_info(user="U01ANA")["user"]["profile"]
    with furnished() as sandbox:
        assert client(sandbox).users_info(user="U01ANA")["user"]["profile"]["email"] == "ana@example.com"


def test_an_unknown_event_in_the_manifest_is_refused() -> None:
    manifest = {"settings": {"event_subscriptions": {"bot_events": ["moon_rises"]}}}
    with pytest.raises(ValueError, match="moon_rises"):
        Sandbox(manifest, AdjustableClock(NINE))


def test_form_bodies_and_json_bodies_are_both_read(sandbox: Sandbox, web: WebClient) -> None:
    web.api_call("chat.postMessage", json={"channel": "C01", "text": "by json", "blocks": [section("by json")]})
    web.api_call("chat.postMessage", params={"channel": "C01", "text": "by form", "blocks": '[{"type": "divider"}]'})
    assert [(m.text, m.blocks[0]["type"]) for m in sandbox.messages("suite")] == [
        ("by json", "section"),
        ("by form", "divider"),
    ]


def test_a_message_carries_the_bots_ids_and_its_metadata_only_when_asked(sandbox: Sandbox, web: WebClient) -> None:
    key = {"event_type": "plumbline", "event_payload": {"key": "round:1"}}
    web.chat_postMessage(channel="C01", text="x", metadata=key)
    bare = web.conversations_history(channel="C01")["messages"][0]
    full = web.conversations_history(channel="C01", include_all_metadata=True)["messages"][0]
    assert (bare["bot_id"], bare["app_id"]) == (sandbox.site.identity.bot_id, sandbox.site.identity.app_id)
    assert "metadata" not in bare
    assert full["metadata"] == key


def test_a_post_to_a_person_opens_the_dm(sandbox: Sandbox, web: WebClient) -> None:
    posted = web.chat_postMessage(channel="U01ANA", text="hello")
    assert posted["channel"] == web.conversations_open(users="U01ANA")["channel"]["id"] == "D01ANA"
    assert [m.text for m in ana(sandbox).dm] == ["hello"]


def test_nobody_writes_to_an_archived_channel(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.archive("C01")
    assert refused(web, "chat.postMessage", channel="C01", text="x")["error"] == "is_archived"


def test_ts_grow_while_the_clock_stands_still_and_follow_it_when_it_jumps() -> None:
    clock = AdjustableClock(NINE)
    with Sandbox(without(), clock, page=False) as sandbox:
        sandbox.add_channel("C01", "suite")
        web = client(sandbox)
        first, second = (web.chat_postMessage(channel="C01", text="x")["ts"] for _ in range(2))
        clock.move_to(NINE.replace(hour=17))
        third = web.chat_postMessage(channel="C01", text="x")["ts"]
    assert first == f"{int(NINE.timestamp())}.000000"
    assert float(first) < float(second) < float(third)
    assert third == f"{int(NINE.timestamp()) + 8 * 3600}.000000"


def test_history_is_newest_first_without_replies_and_in_pages(web: WebClient) -> None:
    first = web.chat_postMessage(channel="C01", text="0")["ts"]
    web.chat_postMessage(channel="C01", text="reply", thread_ts=first)
    for n in range(1, 4):
        web.chat_postMessage(channel="C01", text=str(n))
    page = web.conversations_history(channel="C01", limit=3)
    rest = web.conversations_history(channel="C01", limit=3, cursor=page["response_metadata"]["next_cursor"])
    assert [m["text"] for m in page["messages"]] == ["3", "2", "1"]
    assert page["has_more"] and not rest["has_more"]
    assert [(m["text"], m["reply_count"]) for m in rest["messages"]] == [("0", 1)]


def test_history_can_be_bounded_by_time(web: WebClient) -> None:
    stamps = [web.chat_postMessage(channel="C01", text=str(n))["ts"] for n in range(3)]
    after = web.conversations_history(channel="C01", oldest=stamps[0])["messages"]
    upto = web.conversations_history(channel="C01", latest=stamps[1], inclusive=True)["messages"]
    assert [m["text"] for m in after] == ["2", "1"]
    assert [m["text"] for m in upto] == ["1", "0"]


def test_replies_are_the_parent_and_its_thread_in_order(sandbox: Sandbox, web: WebClient) -> None:
    parent = web.chat_postMessage(channel="C01", text="parent")["ts"]
    said = ana(sandbox).says("#suite", "first", thread_ts=parent)
    web.chat_postMessage(channel="C01", text="second", thread_ts=parent, reply_broadcast=True)
    thread = web.conversations_replies(channel="C01", ts=said.ts)["messages"]
    assert [m["text"] for m in thread] == ["parent", "first", "second"]
    assert thread[1]["parent_user_id"] == sandbox.bot_user
    history = web.conversations_history(channel="C01")["messages"]
    assert [m["text"] for m in history] == ["second", "parent"]


def test_a_reply_to_a_reply_is_refused(web: WebClient) -> None:
    parent = web.chat_postMessage(channel="C01", text="parent")["ts"]
    reply = web.chat_postMessage(channel="C01", text="reply", thread_ts=parent)["ts"]
    assert refused(web, "chat.postMessage", channel="C01", text="x", thread_ts=reply)["error"] == "thread_not_found"


def test_the_bot_changes_only_its_own_messages(sandbox: Sandbox, web: WebClient) -> None:
    theirs = ana(sandbox).says("#suite", "mine")
    assert refused(web, "chat.update", channel="C01", ts=theirs.ts, text="x")["error"] == "cant_update_message"
    assert refused(web, "chat.delete", channel="C01", ts=theirs.ts)["error"] == "cant_delete_message"
    own = web.chat_postMessage(channel="C01", text="old", blocks=[section("old")])["ts"]
    web.chat_update(channel="C01", ts=own, text="new")
    changed = sandbox.messages("suite")[-1]
    assert (changed.text, changed.blocks) == ("new", [])
    web.chat_delete(channel="C01", ts=own)
    assert [m.text for m in sandbox.messages("suite")] == ["mine"]


def test_a_permalink_names_the_message_and_its_thread(web: WebClient) -> None:
    parent = web.chat_postMessage(channel="C01", text="parent")["ts"]
    reply = web.chat_postMessage(channel="C01", text="reply", thread_ts=parent)["ts"]
    link = web.chat_getPermalink(channel="C01", message_ts=reply)["permalink"]
    assert f"/archives/C01/p{reply.replace('.', '')}?thread_ts={parent}&cid=C01" in link


def test_an_ephemeral_message_is_for_one_person(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postEphemeral(channel="C01", user="U01ANA", text="only you")
    assert [m.text for m in ana(sandbox).ephemerals("#suite")] == ["only you"]
    assert sandbox.person("U02BO").ephemerals("#suite") == []
    assert web.conversations_history(channel="C01")["messages"] == []


def test_users_come_in_pages_with_their_zones(web: WebClient) -> None:
    first = web.users_list(limit=2)
    rest = web.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    members = {m["id"]: m for m in [*first["members"], *rest["members"]]}
    assert members["U01ANA"]["tz_offset"] == 3600
    assert members["U02BO"]["tz_offset"] == -5 * 3600
    assert rest["response_metadata"]["next_cursor"] == ""
    assert [m["id"] for m in members.values() if m["is_bot"]] == ["U0BOT"]


def test_conversations_are_listed_as_far_as_the_bot_can_see(web: WebClient) -> None:
    listed = web.conversations_list(types="public_channel,private_channel")["channels"]
    assert {c["id"]: c["is_member"] for c in listed} == {"C01": True, "C02": False, "G01": True}
    assert web.conversations_members(channel="C01")["members"] == ["U01ANA", "U02BO", "U0BOT"]


def test_the_bot_can_join_a_public_channel_and_then_write_there(sandbox: Sandbox, web: WebClient) -> None:
    web.conversations_join(channel="C02")
    web.chat_postMessage(channel="C02", text="here now")
    assert [m.text for m in sandbox.messages("elsewhere")] == ["here now"]


def test_a_reaction_counts_once(sandbox: Sandbox, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C01", text="x")["ts"]
    web.reactions_add(channel="C01", timestamp=ts, name="eyes")
    assert refused(web, "reactions.add", channel="C01", timestamp=ts, name="eyes")["error"] == "already_reacted"
    assert sandbox.messages("suite")[0].reactions == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]


def test_a_person_who_left_or_moved_is_reported(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.change_user("U02BO", tz="Asia/Tokyo", deleted=True)
    bo = web.users_info(user="U02BO")["user"]
    assert (bo["tz"], bo["deleted"]) == ("Asia/Tokyo", True)


def test_blocks_can_be_validated_without_a_token(sandbox: Sandbox) -> None:
    body = b'{"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}'
    url = f"{sandbox.api_url}blocks.validate"
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        assert b"must be one of plain_text [json-pointer:/blocks/0/text/type]" in answer.read()


def test_blocks_that_are_each_short_enough_can_be_too_long_together(web: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2500}} for _ in range(5)]
    assert web.chat_postMessage(channel="C01", text="long", blocks=blocks[:4])["ok"]
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        web.chat_postMessage(channel="C01", text="too long", blocks=blocks)
