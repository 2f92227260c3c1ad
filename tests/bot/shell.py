"""Types commands as a person would, in this process: each with a data folder and settings of its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.config import Settings, load_settings
from sandbox.server import Sandbox

SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"


@contextmanager
def opened(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator["Shell"]:
    """A shell in a folder; afterwards the log goes where it went before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Shell(folder, capsys)
    root.handlers, root.level = handlers, level


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


class Shell:
    """A shell in a folder. `env` are its settings, by their names in small letters."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.env: dict[str, str] = {}

    @property
    def settings(self) -> Callable[[], Settings]:
        """How the commands read their settings."""
        environ = {"PLUMBLINE_DATA_DIR": str(self.folder), **{k.upper(): v for k, v in self.env.items()}}
        return lambda: load_settings(self.folder / ".env", environ=environ)

    def connect(self, sandbox: Sandbox) -> None:
        """From now on the commands talk to this stand-in for Slack."""
        self.env |= {
            "slack_bot_token": sandbox.bot_token,
            "slack_app_token": sandbox.app_token,
            "slack_api_url": sandbox.api_url,
        }

    def __call__(self, *words: object) -> Ran:
        """Type a command."""
        self._capsys.readouterr()
        code = main([str(word) for word in words], self.settings)
        seen = self._capsys.readouterr()
        return Ran(code, seen.out, seen.err)
