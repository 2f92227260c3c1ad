"""The settings: names of the public surface, read from the environment and from `.env`, checked once at the start.

It must not open anything (no database, no network, no folder) nor show a secret. A `Settings` made by hand takes
only what it is given; `load_settings` is the one place that looks at the environment.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

T = TypeVar("T")
Mode = Literal["socket", "http", "sandbox"]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

SLACK_API_URL = "https://slack.com/api/"
_FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")

_WANTED: Mapping[str, str] = {
    "slack_bot_token": "the bot token, which starts with xoxb- (your app's page, OAuth & Permissions)",
    "slack_app_token": "the app-level token, which starts with xapp- (your app's page, Basic Information)",
    "slack_api_url": f"a web address, or leave it out for {SLACK_API_URL}",
    "database_url": "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME, or leave it out",
    "openai_base_url": "a web address like http://localhost:11434/v1, or leave it out",
    "plumbline_llm": "off or auto",
    "plumbline_encryption_keys": "Fernet keys of 44 characters, newest first, with commas between them",
    "port": "a number from 1 to 65535",
    "log_level": "DEBUG, INFO, WARNING, ERROR or CRITICAL",
}
_SHOWABLE = frozenset({"slack_api_url", "openai_base_url", "plumbline_llm", "port", "log_level"})


class SettingsError(Exception):
    """A setting that cannot be used, or one that is missing; the text is one line that says what to do."""


def default_data_dir() -> Path:
    """`plumbline` in the user's data folder (XDG_DATA_HOME, by default ~/.local/share)."""
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "plumbline"


class Settings(BaseModel):
    """Every setting, by its environment name in lower case. Secrets show as stars wherever they are printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    database_url: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str | None = None
    plumbline_llm: Literal["off", "auto"] = "auto"
    plumbline_data_dir: Path = Field(default_factory=default_data_dir)
    plumbline_encryption_keys: SecretStr | None = None
    port: int = Field(default=3000, ge=1, le=65535)
    log_level: Level = "INFO"

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _token_of_its_kind(cls, token: SecretStr | None, info: Any) -> SecretStr | None:
        start = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        return _checked(token, token is None or token.get_secret_value().startswith(start))

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, url: str) -> str:
        """slack_sdk appends the method's name, so that the address has to end in a slash."""
        return _checked(url, _is_web(url)).rstrip("/") + "/"

    @field_validator("openai_base_url")
    @classmethod
    def _base_url(cls, url: str | None) -> str | None:
        return _checked(url, url is None or _is_web(url))

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr | None) -> SecretStr | None:
        scheme = "sqlite" if url is None else url.get_secret_value().partition(":")[0]
        return _checked(url, scheme.partition("+")[0] in {"sqlite", "postgres", "postgresql"})

    @field_validator("plumbline_encryption_keys")
    @classmethod
    def _fernet_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        return _checked(keys, all(_FERNET_KEY.fullmatch(key) for key in _split(keys)))

    @field_validator("plumbline_data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("log_level", "plumbline_llm", mode="before")
    @classmethod
    def _in_its_case(cls, value: Any, info: Any) -> Any:
        if not isinstance(value, str):
            return value
        return value.upper() if info.field_name == "log_level" else value.lower()

    @property
    def mode(self) -> Mode:
        """How `plumbline run` reaches Slack. Raises SettingsError when the Slack settings are half there."""
        if self._slack_settings() == []:
            return "sandbox"
        if self.slack_app_token:
            return self._with_bot_token("socket", "SLACK_APP_TOKEN")
        if self.slack_signing_secret:
            return self._with_bot_token("http", "SLACK_SIGNING_SECRET")
        given = " and ".join(self._slack_settings())
        bot_token = "" if self.slack_bot_token else "SLACK_BOT_TOKEN, and "
        raise SettingsError(
            f"{given} alone {'do' if ' and ' in given else 'does'} not connect: add {bot_token}SLACK_APP_TOKEN "
            "(Socket Mode) or SLACK_SIGNING_SECRET (HTTP); to run the sandbox, set none of them"
        )

    def _with_bot_token(self, mode: Mode, other: str) -> Mode:
        if self.slack_bot_token:
            return mode
        raise SettingsError(f"{other} is set but SLACK_BOT_TOKEN is not: add it, it starts with xoxb-")

    def _slack_settings(self) -> list[str]:
        given = self.model_dump(exclude_defaults=True)
        return [name.upper() for name in type(self).model_fields if name.startswith("slack_") and name in given]

    def database(self) -> str:
        """The SQLAlchemy URL: as set (PostgreSQL always by psycopg), or `plumbline.db` in the data folder."""
        if self.database_url is None:
            return f"sqlite:///{self.plumbline_data_dir / 'plumbline.db'}"
        return re.sub(r"^postgres(?:ql)?://", "postgresql+psycopg://", self.database_url.get_secret_value())

    def encryption_keys(self) -> tuple[str, ...]:
        """The Fernet keys, newest first; empty where none is set."""
        return tuple(_split(self.plumbline_encryption_keys))

    @property
    def model_off_because(self) -> str | None:
        """Why summaries are written by rules, in a few words; None when the model's settings are complete."""
        if self.plumbline_llm == "off":
            return "PLUMBLINE_LLM is off"
        if self.openai_api_key is None:
            return "OPENAI_API_KEY is not set" + (
                "; a server that wants none takes any word" * bool(self.openai_base_url)
            )
        return None if self.openai_model else "OPENAI_MODEL is not set"


def load_settings(env_file: Path | str = ".env", *, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """The settings of this process: `given` before the environment before `env_file` (which may be missing).

    Empty values count as not set. Raises SettingsError with one line for everything that is wrong.
    """
    outside = _ours(os.environ if environ is None else environ)
    chosen: dict[str, Any] = {**_ours(_from_file(Path(env_file))), **outside, **given}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise SettingsError(_one_line(error, chosen)) from None


def _ours(found: Mapping[str, str | None]) -> dict[str, str]:
    named = {name.lower(): value for name, value in found.items() if value}
    return {name: value for name, value in named.items() if name in Settings.model_fields}


def _from_file(env_file: Path) -> dict[str, str | None]:
    """What the file says; other names in it are other programs' business."""
    try:
        return dotenv_values(env_file, encoding="utf-8") if env_file.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read: make it a readable text file in UTF-8") from error


def _one_line(error: ValidationError, chosen: Mapping[str, Any]) -> str:
    wrong = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors(include_input=False))
    return "; ".join(_complaint(name, chosen[name]) for name in wrong)


def _complaint(name: str, value: Any) -> str:
    shown = f' is "{value}"' if name in _SHOWABLE else " is not what it should be"
    return f"{name.upper()}{shown}: use {_WANTED.get(name, 'text')}"


def _checked(value: T, holds: bool) -> T:
    """The value where `holds`; the words for the person are in `_WANTED`."""
    if not holds:
        raise ValueError("unusable")
    return value


def _split(keys: SecretStr | None) -> list[str]:
    return [key.strip() for key in keys.get_secret_value().split(",")] if keys else []


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
