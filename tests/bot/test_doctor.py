"""The doctor: one line a part, what to do where one is not sound, and never a secret."""

import sqlite3
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from bot.manifest import load_manifest
from rituals.clock import AdjustableClock
from sandbox.server import Sandbox
from sandbox.stage import instant
from storage import people
from storage.database import Database
from tests.bot.shell import SAMPLE, Shell, opened

NOW = instant("2026-11-16T18:00Z")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A shell in an empty folder."""
    with opened(tmp_path, capsys) as made:
        yield made


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    """A stand-in for Slack."""
    with Sandbox(load_manifest(), AdjustableClock(NOW)) as sandbox:
        yield sandbox


def _failed(out: str) -> list[str]:
    return [line.split()[1] for line in out.splitlines() if line.startswith("FAIL")]


def test_with_no_settings_everything_is_sound_and_nothing_is_made(shell: Shell) -> None:
    ran = shell("doctor")
    assert ran.code == 0
    assert ran.out.count("\n") == 5
    assert "starts the sandbox" in ran.out
    assert "model      off (OPENAI_API_KEY is not set)" in ran.out
    assert list(shell.folder.iterdir()) == []


def test_a_connected_bot_is_sound(shell: Shell, slack: Sandbox) -> None:
    shell("migrate")
    shell.connect(slack)
    ran = shell("doctor")
    assert ran.code == 0, ran.out
    assert "schema current" in ran.out
    assert "(T01SANDBOX)" in ran.out
    assert "Socket Mode can be opened" in ran.out


def test_refused_tokens_fail_with_what_to_do_and_are_not_shown(shell: Shell, slack: Sandbox) -> None:
    shell.connect(slack)
    shell.env |= {"slack_bot_token": "xoxb-not-accepted", "slack_app_token": "xapp-not-accepted"}
    ran = shell("doctor")
    assert ran.code == 1
    assert _failed(ran.out) == ["bot", "app"]
    assert "copy it anew" in ran.out
    assert "not-accepted" not in ran.out + ran.err


def test_a_slack_that_cannot_be_reached_fails(shell: Shell) -> None:
    shell.env |= {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "slack_api_url": "http://127.0.0.1:1/api/"}
    ran = shell("doctor")
    assert ran.code == 1
    assert _failed(ran.out) == ["bot", "app"]
    assert "cannot be reached" in ran.out


def test_a_token_without_a_scope_of_the_manifest_is_named(shell: Shell) -> None:
    narrow = deepcopy(load_manifest())
    narrow["oauth_config"]["scopes"]["bot"].remove("im:write")
    with Sandbox(narrow, AdjustableClock(NOW)) as slack:
        shell.connect(slack)
        ran = shell("doctor")
    assert ran.code == 1
    assert "it lacks im:write: reinstall the app" in ran.out


def test_settings_that_cannot_be_used_are_the_only_finding(shell: Shell) -> None:
    shell.env["slack_bot_token"] = "wrong-kind-of-token"
    ran = shell("doctor")
    assert ran.code == 1
    assert _failed(ran.out) == ["settings"]
    assert ran.out.count("\n") == 1
    assert "wrong-kind-of-token" not in ran.out


def test_a_database_without_the_schema_fails_and_is_left_alone(shell: Shell) -> None:
    file = shell.folder / "plumbline.db"
    sqlite3.connect(file).close()
    file.touch()
    ran = shell("doctor")
    assert ran.code == 1
    assert _failed(ran.out) == ["database"]
    assert "plumbline migrate" in ran.out
    assert shell("doctor").code == 1, "looking must not have changed it"


def test_a_password_in_the_database_address_is_not_shown(shell: Shell) -> None:
    shell.env["database_url"] = "postgresql://ana:geheim@127.0.0.1:1/okrs"
    ran = shell("doctor")
    assert _failed(ran.out) == ["database"]
    assert "geheim" not in ran.out + ran.err


def test_a_model_that_the_workspace_turned_off_is_not_asked(shell: Shell) -> None:
    shell("import", SAMPLE)
    shell.env |= {"openai_api_key": "sk-x", "openai_model": "some-model", "openai_base_url": "http://127.0.0.1:1/v1"}
    assert _failed(shell("doctor").out) == ["model"]
    db = Database(shell.settings().database())
    with db.transaction() as session:
        for workspace in people.workspaces(session):
            workspace.model_off = True
    db.close()
    ran = shell("doctor")
    assert ran.code == 0
    assert "off (in /okr settings of this workspace); summaries are written by rules" in ran.out


def test_a_model_that_cannot_be_reached_fails_without_showing_the_key(shell: Shell) -> None:
    shell.env |= {
        "openai_api_key": "sk-very-secret-key",
        "openai_model": "some-model",
        "openai_base_url": "http://127.0.0.1:1/v1",
    }
    ran = shell("doctor")
    assert ran.code == 1
    assert _failed(ran.out) == ["model"]
    assert "some-model: not reachable" in ran.out
    assert "very-secret" not in ran.out + ran.err
