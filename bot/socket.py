"""Socket Mode: connects a Bolt app to Slack by WebSocket. Nothing but the connection."""

import logging
import sys
from threading import Thread
from time import monotonic

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import tls
from bot.config import Settings, SettingsError
from bot.slack_errors import TRANSPORT_ERRORS, error_code

WORKERS = 10
QUIET = logging.getLogger("slack_sdk.socket_mode.payloads")
CLOSING_SECONDS = 10
CHUNK = 16_384  # bytes that are read at once
DEEP = 20_000  # calls of the reader within itself: one for each chunk and each event that waits


def connect(app: App, settings: Settings) -> SocketModeHandler:
    """Open the connection and return; it reconnects by itself. Raises SettingsError when Slack refuses the token."""
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    # at DEBUG the library logs every payload: what people said, and an anonymous vote
    QUIET.setLevel(max(logging.INFO, logging.getLogger().level))
    _read_a_backlog()
    handler = SocketModeHandler(
        app,
        token,
        web_client=WebClient(base_url=settings.slack_api_url, timeout=10, ssl=tls.context()),
        logger=QUIET,
        concurrency=WORKERS,
        receive_buffer_size=CHUNK,
    )
    try:
        handler.connect()
    except SlackApiError as error:
        code = error_code(error) or "no clear answer"
        raise SettingsError(f"Slack refuses SLACK_APP_TOKEN ({code}); copy it anew from your app's page") from None
    except TRANSPORT_ERRORS as error:
        raise SettingsError(f"Slack cannot be reached at {settings.slack_api_url}: {error}") from None
    return handler


def _read_a_backlog() -> None:
    """The library's reader calls itself for each chunk and each event until nothing waits any more. By default some 400
    events that came while this process had no time ended it with a RecursionError and were gone, and Slack sends
    commands and clicks once only.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEP))


def disconnect(handler: SocketModeHandler) -> None:
    """Close the connection, at the latest after CLOSING_SECONDS.

    The library's reader waits a second on its queue; a word of ours ends that at once. A connection that only just
    begins to receive forgets that it was ended and would be waited for without end, so it is told until it hears.
    """
    client = handler.client
    client.closed = True
    client.message_queue.put(None)
    closing = Thread(target=handler.close, name="closing", daemon=True)
    closing.start()
    deadline = monotonic() + CLOSING_SECONDS
    while closing.is_alive() and monotonic() < deadline:
        client.current_session_state.terminated = True
        closing.join(0.1)
