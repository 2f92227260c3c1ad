"""The composition root: from settings to running parts. What the parts of a running bot share (the writing and the
reading client, delivery, model, engine) is made here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot import jobs, tls
from bot.app import build_app
from bot.config import Settings, SettingsError
from bot.delivery import HTTP_SECONDS, Delivery, Renderer
from bot.engine.embedded import HEARTBEAT_SECONDS, EmbeddedEngine
from bot.inbound import replay
from bot.later import later
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS, error_code
from bot.socket import disconnect
from prompts.client import ModelClient
from rituals.clock import Clock, SystemClock
from storage import people
from storage.database import Database
from storage.inbox import Inbox
from storage.pace import Pace
from storage.schema import migrate

# What gives a live notice its present state, by kind: loaded when one is first sent.
RENDERERS: Mapping[str, Renderer] = {
    "checkin_prompt": later("rituals.checkins.prompting:prompt_now"),
    "checkin_missed": later("rituals.checkins.missed:missed_now"),
    "checkin_nudge": later("rituals.checkins.nudge_notices:checkin_nudge"),
    "kr_nudge": later("rituals.checkins.nudge_notices:kr_nudge"),
    "checkin_board": later("rituals.checkins.shown:board"),
    "checkin_receipt": later("rituals.checkins.said_back:receipt"),
    "checkin_shared_answer": later("rituals.checkins.said_back:shared_answer"),
    "adjustment_ask": later("rituals.okrs.adjusting:ask_now", rare=True),
    "handshake_ask": later("rituals.okrs.handshakes:ask_now", rare=True),
    "handshake_told": later("rituals.okrs.handshakes:told_now", rare=True),
    "ownership_ask": later("rituals.okrs.ownership.told:ask_now", rare=True),
    "ownership_told": later("rituals.okrs.ownership.told:told_now", rare=True),
    "ownership_reminder": later("rituals.okrs.ownership.waiting:reminder_now", rare=True),
    "digest_approval": later("rituals.digests.holding:approval_now", rare=True),
    "flag_thread": later("rituals.flags.shown:thread_now", rare=True),
    "closing_progress": later("rituals.closing.carrying_out:progress_now", rare=True),
    "rating_ask": later("rituals.ratings.shown:rating_ask", rare=True),
    "workshop_offer": later("rituals.workshops.offered:offer_now", rare=True),
    "workshop_ask": later("rituals.workshops.shown:ask_now", rare=True),
    "workshop_board": later("rituals.workshops.shown:board_now", rare=True),
    "workshop_turn": later("rituals.workshops.shown:turn_now", rare=True),
    "workshop_time": later("rituals.workshops.shown:time_now", rare=True),
    "workshop_card": later("rituals.workshops.shown:card_now", rare=True),
    "workshop_confirm": later("rituals.workshops.shown:confirm_now", rare=True),
    "home": later("rituals.home:home"),
}


@dataclass
class Bot:
    """A wired bot: its parts, its Bolt app and its engine."""

    services: Services
    app: App
    engine: EmbeddedEngine
    handler: SocketModeHandler | None = None

    def stop(self) -> None:
        """Stop in order: nothing comes in, no more ticks and sends, connections closed."""
        if self.handler is not None:
            disconnect(self.handler)
        self.engine.stop()
        self.app.listener_runner.listener_executor.shutdown(wait=True)
        self.services.close()


@dataclass(frozen=True)
class Identity:
    """Who the token belongs to."""

    team_id: str
    team: str
    url: str
    bot_user: str


def open_database(settings: Settings) -> Database:
    """The settings' database, brought to the current schema where it is the embedded one."""
    db = Database(settings.database())
    if db.is_sqlite:
        migrate(db)
    return db


def identify(client: WebClient) -> Identity:
    """Ask Slack whose token this is. Raises SettingsError with what to do when it is refused or unreachable."""
    try:
        found = client.auth_test()
    except SlackApiError as error:
        code = error_code(error) or "no clear answer"
        raise SettingsError(f"Slack refuses SLACK_BOT_TOKEN ({code}); copy it anew from your app's page") from None
    except TRANSPORT_ERRORS as error:
        raise SettingsError(f"Slack cannot be reached at {client.base_url}: {error}") from None
    return Identity(
        team_id=str(found["team_id"]),
        team=str(found.get("team") or ""),
        url=str(found.get("url") or ""),
        bot_user=str(found["user_id"]),
    )


def build_services(
    settings: Settings, db: Database, *, clock: Clock | None = None, limits: Pace | None = None
) -> Services:
    """The parts for the workspace that the bot token belongs to. Raises SettingsError when Slack refuses it."""
    clock = clock or SystemClock()
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    writer = WebClient(
        token, base_url=settings.slack_api_url, timeout=HTTP_SECONDS, ssl=tls.context(), retry_handlers=[]
    )
    reader = WebClient(
        token,
        base_url=settings.slack_api_url,
        timeout=HTTP_SECONDS,
        ssl=tls.context(),
        retry_handlers=[ConnectionErrorRetryHandler(), ServerErrorRetryHandler(), RateLimitErrorRetryHandler()],
    )
    who = identify(reader)
    with db.transaction() as session:
        people.welcome(session, who.team_id, name=who.team, url=who.url, bot_user=who.bot_user, now=clock.now())
    return Services(
        team_id=who.team_id,
        bot_user=who.bot_user,
        db=db,
        inbox=Inbox(db),
        clock=clock,
        writer=writer,
        reader=reader,
        delivery=Delivery(db, who.team_id, writer, reader, clock, RENDERERS, limits=limits),
        model=build_model(settings),
    )


def build_model(settings: Settings) -> ModelClient:
    """The model's client; without settings it is off, and the product is complete without it."""
    return ModelClient(
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        mode=settings.plumbline_llm,
    )


def build_bot(settings: Settings, db: Database, *, clock: Clock | None = None, limits: Pace | None = None) -> Bot:
    """Everything but the way in (Socket Mode or HTTP), which the command line adds."""
    services = build_services(settings, db, clock=clock, limits=limits)
    app = build_app(services)
    engine = EmbeddedEngine(
        services,
        {
            "rituals": (lambda: jobs.beat(services), HEARTBEAT_SECONDS),
            "issue digests": (lambda: jobs.take_time(services), HEARTBEAT_SECONDS),
            "inbox": (lambda: replay(app, services), 30),
            "housekeeping": (lambda: jobs.housekeeping(services), 3600),
        },
    )
    return Bot(services, app, engine)
