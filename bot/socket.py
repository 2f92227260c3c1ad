"""Socket Mode: connects a Bolt app to Slack by WebSocket. Nothing but the connection."""

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.config import Settings, SettingsError
from bot.slack_errors import TRANSPORT_ERRORS

WORKERS = 16


def connect(app: App, settings: Settings) -> SocketModeHandler:
    """Open the connection and return; it reconnects by itself. Raises SettingsError when Slack refuses the token."""
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = SocketModeHandler(
        app, token, web_client=WebClient(base_url=settings.slack_api_url, timeout=10), concurrency=WORKERS
    )
    try:
        handler.connect()
    except TRANSPORT_ERRORS as error:
        raise SettingsError(f"Slack refuses SLACK_APP_TOKEN or cannot be reached: {error}") from None
    return handler
