"""Reactions and canvases in the stand-in: each sign once a person, told to the app; a canvas in a channel's tab."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.records import Message
from sandbox.server import Sandbox


def client(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def refused(call: object) -> str:
    with pytest.raises(SlackApiError) as error:
        call()  # type: ignore[operator]
    return str(error.value.response["error"])


@pytest.fixture
def said(sandbox: Sandbox) -> Message:
    """A message of the bot in a channel that it is in."""
    sandbox.add_channel("C01ALL", "all", members=["U01ANA"])
    client(sandbox).chat_postMessage(channel="C01ALL", text="Drafts of CRM")
    return sandbox.messages("C01ALL")[-1]


def events(sandbox: Sandbox) -> list[tuple[str, str]]:
    """The reactions that the app was told of."""
    told = [d.payload["event"] for d in sandbox.deliveries if d.payload.get("type") == "event_callback"]
    return [(e["type"], e["reaction"]) for e in told if e["type"].startswith("reaction")]


def test_a_person_puts_a_sign_on_and_off_and_the_app_is_told_of_both(sandbox: Sandbox, said: Message) -> None:
    ana = sandbox.person("U01ANA")
    assert ana.reacts(said, "link")
    assert said.reactions == [{"name": "link", "users": ["U01ANA"], "count": 1}]
    assert not ana.reacts(said, "link")
    assert said.reactions == []
    assert events(sandbox) == [("reaction_added", "link"), ("reaction_removed", "link")]


def test_canvases_are_made_in_channels_that_the_bot_is_in(sandbox: Sandbox, said: Message) -> None:
    slack, content = client(sandbox), {"type": "markdown", "markdown": "# Record"}
    made = slack.canvases_create(title="Record", document_content=content, channel_id="C01ALL")
    canvas = sandbox.workspace.canvases[made["canvas_id"]]
    assert (canvas.channel, canvas.title, canvas.markdown) == ("C01ALL", "Record", "# Record")
    empty = {"type": "markdown", "markdown": " "}
    assert refused(lambda: slack.canvases_create(title="x", document_content=empty, channel_id="C01ALL")) == (
        "canvas_creation_failed"
    )
    sandbox.workspace.canvases_off = True
    assert refused(lambda: slack.canvases_create(title="x", document_content=content, channel_id="C01ALL")) == (
        "canvas_disabled_user_team"
    )
