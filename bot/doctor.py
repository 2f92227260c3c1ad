"""`plumbline doctor`: looks at each part a bot needs and says in a line whether it is sound or what to do.

It changes nothing (no migration, no file is made) and never shows a secret, whatever a library puts into its errors.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config import Settings, SettingsError
from bot.databases import NOT_CURRENT, shown
from bot.failures import told
from bot.logging_setup import redacted
from bot.manifest import granted_scopes, load_manifest
from bot.slack_errors import TRANSPORT_ERRORS, error_code

SECONDS = 8
_WAYS = {"socket": "Socket Mode", "http": "HTTP", "sandbox": "the sandbox"}


@dataclass(frozen=True)
class Finding:
    """A part, whether it is sound, and in words what was found or what to do."""

    part: str
    ok: bool
    words: str

    def __str__(self) -> str:
        return redacted(f"{'ok  ' if self.ok else 'FAIL'}  {self.part:<10} {' '.join(self.words.split())}")


def examine(load: Callable[[], Settings]) -> Iterator[Finding]:
    """One finding a part, as they are looked at. `load` reads the settings; where they are unusable it ends there."""
    try:
        settings = load()
        way_in = _WAYS[settings.mode]
    except SettingsError as error:
        yield Finding("settings", False, str(error))
        return
    yield Finding("settings", True, f"`plumbline run` starts {way_in}")
    yield _looked("database", lambda: _database(settings))
    yield _looked("manifest", _manifest)
    yield from _slack(settings)
    yield _looked("model", lambda: _model(settings))


class _UnsoundError(Exception):
    """A part that needs something done; the text says what."""


def _looked(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, look())
    except _UnsoundError as error:
        return Finding(part, False, str(error))
    except Exception as error:  # noqa: BLE001 - the doctor tells of every fault and falls over none
        return Finding(part, False, told(error))


def _database(settings: Settings) -> str:
    from storage.database import Database
    from storage.schema import is_current

    where = shown(settings)
    if settings.database().startswith("sqlite") and where != "in memory" and not Path(where).exists():
        return f"{where} is not there yet; the first command that needs it makes it"
    db = Database(settings.database())
    try:
        if is_current(db):
            return f"{where}, schema current"
    finally:
        db.close()
    raise _UnsoundError(f"{where}: {NOT_CURRENT}")


def _turned_off(settings: Settings) -> bool:
    """Whether the workspaces of the database say themselves that no model is asked; a database that is not there, or
    not current, is told of in its own line."""
    from storage import people
    from storage.database import Database
    from storage.schema import is_current

    where = shown(settings)
    if settings.database().startswith("sqlite") and where != "in memory" and not Path(where).exists():
        return False
    db = Database(settings.database())
    try:
        if not is_current(db):
            return False
        with db.transaction(readonly=True) as session:
            found = people.workspaces(session)
            return bool(found) and all(row.model_off for row in found)
    finally:
        db.close()


def _manifest() -> str:
    return f"app.yaml can be read and asks for {len(granted_scopes(load_manifest()))} scopes"


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.mode == "sandbox":
        yield Finding("Slack", True, "no settings; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN to connect")
        return
    if settings.slack_bot_token:
        token = settings.slack_bot_token.get_secret_value()
        yield _looked("bot token", lambda: _bot_token(_client(settings, token)))
    if settings.slack_app_token:
        app_token = settings.slack_app_token.get_secret_value()
        yield _looked("app token", lambda: _app_token(_client(settings, app_token)))


def _client(settings: Settings, token: str) -> WebClient:
    return WebClient(token, base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[])


def _bot_token(client: WebClient) -> str:
    """Whose token it is, and whether it may do what the manifest asks for."""
    try:
        found = client.auth_test()
    except TRANSPORT_ERRORS as error:
        raise _refused(
            error, client, "SLACK_BOT_TOKEN", "copy it anew from your app's page, OAuth & Permissions"
        ) from None
    granted = {s.strip() for s in str(_header(found.headers, "x-oauth-scopes")).split(",") if s.strip()}
    missing = sorted(granted_scopes(load_manifest()) - _optional() - granted) if granted else []
    if missing:
        raise _UnsoundError(f"it lacks {', '.join(missing)}: reinstall the app with the manifest's scopes")
    return f"{found.get('user')} in {found.get('team')} ({found['team_id']})"


def _app_token(client: WebClient) -> str:
    try:
        client.apps_connections_open(app_token=str(client.token))
    except TRANSPORT_ERRORS as error:
        what = "copy it anew from your app's page, Basic Information; it needs connections:write"
        raise _refused(error, client, "SLACK_APP_TOKEN", what) from None
    return "Socket Mode can be opened"


def _refused(error: Exception, client: WebClient, name: str, what: str) -> _UnsoundError:
    if isinstance(error, SlackApiError):
        return _UnsoundError(f"Slack refuses {name} ({error_code(error) or 'no clear answer'}): {what}")
    return _UnsoundError(f"Slack cannot be reached at {client.base_url} ({type(error).__name__}): check the network")


def _header(headers: object, name: str) -> str:
    found = next((v for k, v in dict(headers).items() if k.lower() == name), "") if isinstance(headers, dict) else ""
    return ",".join(found) if isinstance(found, list) else str(found)


def _optional() -> frozenset[str]:
    return frozenset(load_manifest()["oauth_config"]["scopes"].get("bot_optional", ()))


def _model(settings: Settings) -> str:
    if settings.model_off_because:
        return f"off ({settings.model_off_because}); summaries are written by rules"
    if _turned_off(settings):
        return "off (in /okr settings of this workspace); summaries are written by rules"
    from bot.wiring import build_model

    trouble = build_model(settings).trouble()
    if trouble:
        raise _UnsoundError(
            f"{settings.openai_model}: {trouble}; check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL"
        )
    return f"{settings.openai_model} answers"
