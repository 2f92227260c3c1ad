"""The Bolt app: which listener hears what. Everything a listener needs comes with `services`; nothing is global."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.inbound import Inbound, Remember, Work
from bot.listeners import (
    absence,
    adjustments,
    alignment,
    blockers,
    checkins,
    closing,
    digests,
    evidence,
    exports,
    flags,
    handshakes,
    home,
    members,
    nudges,
    okrs,
    options,
    ownership,
    ratings,
    settings,
    workshops,
)
from bot.services import Services

# Bolt asks one listener after the other: what comes most often stands first
FEATURES = (
    okrs,
    checkins,
    blockers,
    adjustments,
    handshakes,
    ownership,
    digests,
    ratings,
    flags,
    home,
    alignment,
    options,
    exports,
    settings,
    nudges,
    absence,
    members,
    evidence,
    closing,
    workshops,
)
WORKERS = 10  # one slow listener must not hold up the others; each thread costs memory
ELSEWHERE = "Plumbline runs here for another workspace. Nothing was changed; ask who installed it to run one for yours."


def build_app(services: Services) -> App:
    """The app for one workspace. Requests are taken as verified: Socket Mode is, HTTP is checked before Bolt.

    `process_before_response`: Bolt's default looks for the acknowledgement every 10 ms, which is most of what a
    command takes.
    """
    app = App(
        name="plumbline",  # else Bolt walks through every loaded module to find out who called it
        authorize=_authorize(services),  # type: ignore[arg-type]  # Bolt takes None for a workspace it is not for
        client=_client(services.writer),
        process_before_response=True,
        request_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(WORKERS, thread_name_prefix="listener"),
        user_facing_authorize_error_message=ELSEWHERE,
    )
    app.use(Remember(services))
    inbound = Inbound(app, services)
    subcommands: dict[str, Work] = {}
    for feature in FEATURES:
        feature.register(inbound, subcommands)
    return app


def _client(writer: WebClient) -> WebClient:
    """One that knows no token: `authorize` says whose it is."""
    return WebClient(base_url=writer.base_url, timeout=writer.timeout, ssl=writer.ssl, retry_handlers=[])


def _authorize(services: Services) -> Callable[..., AuthorizeResult | None]:
    token, bot_user = services.writer.token, services.bot_user

    def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult | None:
        """None for the payloads of another workspace that installed the same app: this one is not theirs to see."""
        if team_id not in {None, services.team_id}:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=token, bot_user_id=bot_user, bot_id=None
        )

    return authorize
