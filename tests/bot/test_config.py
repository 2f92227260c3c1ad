"""Settings: where they come from, what they decide, and what a person reads when one is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import SLACK_API_URL, Settings, SettingsError, load_settings
from bot.wiring import build_model

REPO = Path(__file__).resolve().parents[2]
BOT, APP, SIGNING = "xoxb-1-secret", "xapp-1-secret", "5ecre7"
KEY_A, KEY_B = "A" * 43 + "=", "b" * 43 + "="


def loaded(tmp_path: Path, **environ: str) -> Settings:
    return load_settings(tmp_path / "none.env", environ=environ)


def complaint(tmp_path: Path, **environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, **environ)
    return str(caught.value)


def test_with_nothing_set_every_default_stands(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert (settings.port, settings.log_level, settings.plumbline_llm) == (3000, "INFO", "auto")
    assert settings.slack_api_url == SLACK_API_URL
    assert settings.mode == "sandbox"


def test_the_file_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=4000\nLOG_LEVEL=debug\nOTHER_PROGRAM=1\n# a comment\n", encoding="utf-8")
    settings = load_settings(file, environ={"PORT": "5000", "PATH": "/bin"})
    assert (settings.port, settings.log_level) == (5000, "DEBUG")


def test_what_the_command_line_gives_goes_before_both(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=4000\n", encoding="utf-8")
    assert load_settings(file, environ={"PORT": "5000"}, port=6000).port == 6000


def test_empty_values_count_as_not_set(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=\nPORT=\n", encoding="utf-8")
    settings = load_settings(file, environ={"SLACK_APP_TOKEN": "", "DATABASE_URL": ""})
    assert settings.port == 3000
    assert settings.mode == "sandbox"


def test_the_example_file_changes_nothing() -> None:
    assert load_settings(REPO / ".env.example", environ={}) == load_settings(REPO / "none.env", environ={})


def test_settings_made_by_hand_ignore_the_environment_and_the_process_reads_it() -> None:
    code = "from bot.config import Settings, load_settings\nprint(Settings().port, load_settings('/nowhere/.env').port)"
    environ = {**os.environ, "PORT": "4321"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, env=environ, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["3000", "4321"]


def test_bot_and_app_token_mean_socket_mode_even_with_a_signing_secret(tmp_path: Path) -> None:
    assert loaded(tmp_path, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP).mode == "socket"
    both = loaded(tmp_path, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SLACK_SIGNING_SECRET=SIGNING)
    assert both.mode == "socket"


def test_a_signing_secret_without_an_app_token_means_http(tmp_path: Path) -> None:
    assert loaded(tmp_path, SLACK_BOT_TOKEN=BOT, SLACK_SIGNING_SECRET=SIGNING).mode == "http"


def test_a_client_id_which_is_not_used_yet_stands_in_for_no_bot_token(tmp_path: Path) -> None:
    settings = loaded(tmp_path, SLACK_SIGNING_SECRET=SIGNING, SLACK_CLIENT_ID="1.2", SLACK_CLIENT_SECRET="c1ient")
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is not: add it"):
        _ = settings.mode


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": SIGNING}, "SLACK_BOT_TOKEN"),
        ({"SLACK_API_URL": "http://localhost:9/api"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_half_of_the_slack_settings_is_said_with_what_is_missing_never_the_sandbox(
    tmp_path: Path, environ: dict[str, str], missing: str
) -> None:
    settings = loaded(tmp_path, **environ)
    with pytest.raises(SettingsError, match=missing) as caught:
        _ = settings.mode
    assert str(caught.value).count(next(iter(environ))) == 1, "what is there is not asked for"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("PORT", "80.5", "a number from 1 to 65535"),
        ("PORT", "70000", "a number from 1 to 65535"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("PLUMBLINE_LLM", "on", "off or auto"),
        ("SLACK_API_URL", "slack.com/api", SLACK_API_URL),
        ("OPENAI_BASE_URL", "localhost", "http://localhost:11434/v1"),
    ],
)
def test_a_bad_value_is_one_line_with_the_value_and_what_to_use(
    tmp_path: Path, name: str, value: str, advice: str
) -> None:
    said = complaint(tmp_path, **{name: value})
    assert said.startswith(f'{name} is "{value}": use ')
    assert advice in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("SLACK_BOT_TOKEN", "xapp-swapped-5ecret", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-swapped-5ecret", "xapp-"),
        ("DATABASE_URL", "mysql://root:5ecret@db/x", "postgresql://"),
        ("PLUMBLINE_ENCRYPTION_KEYS", "short5ecret", "44 characters"),
    ],
)
def test_a_bad_secret_is_never_shown(tmp_path: Path, name: str, value: str, advice: str) -> None:
    said = complaint(tmp_path, **{name: value})
    assert name in said
    assert advice in said
    assert "5ecret" not in said


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = complaint(tmp_path, PORT="no", LOG_LEVEL="no")
    assert "PORT" in said
    assert "LOG_LEVEL" in said


def test_no_secret_shows_in_any_printed_form(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        SLACK_BOT_TOKEN=BOT,
        SLACK_APP_TOKEN=APP,
        SLACK_SIGNING_SECRET="signing-secret",
        SLACK_CLIENT_SECRET="client-secret",
        OPENAI_API_KEY="sk-secret",
        DATABASE_URL="postgresql://u:secret@db/plumbline",
        PLUMBLINE_ENCRYPTION_KEYS=KEY_A,
    )
    printed = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "secret@" not in printed
    for secret in (BOT, APP, "signing-secret", "client-secret", "sk-secret", KEY_A):
        assert secret not in printed


def test_the_database_is_a_file_in_the_data_folder_unless_one_is_named(tmp_path: Path) -> None:
    settings = loaded(tmp_path, PLUMBLINE_DATA_DIR=str(tmp_path / "data"))
    assert settings.database() == f"sqlite:///{tmp_path}/data/plumbline.db"
    assert not (tmp_path / "data").exists()


def test_the_data_folder_is_absolute_and_knows_the_home_sign(tmp_path: Path) -> None:
    assert loaded(tmp_path, PLUMBLINE_DATA_DIR="~/okr").plumbline_data_dir == Path.home() / "okr"
    assert loaded(tmp_path, PLUMBLINE_DATA_DIR="data").plumbline_data_dir == Path.cwd() / "data"
    assert loaded(tmp_path).plumbline_data_dir.is_absolute()
    assert loaded(tmp_path).plumbline_data_dir.name == "plumbline"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_always_reached_by_psycopg(tmp_path: Path, scheme: str) -> None:
    settings = loaded(tmp_path, DATABASE_URL=f"{scheme}://u:p@db:5432/plumbline?sslmode=require")
    assert settings.database() == "postgresql+psycopg://u:p@db:5432/plumbline?sslmode=require"


def test_an_sqlite_address_stays_as_it_is(tmp_path: Path) -> None:
    assert loaded(tmp_path, DATABASE_URL="sqlite:////var/okr.db").database() == "sqlite:////var/okr.db"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8765/api", "http://127.0.0.1:8765/api/"])
def test_slacks_address_ends_in_a_slash_so_that_a_method_can_follow(tmp_path: Path, url: str) -> None:
    assert loaded(tmp_path, SLACK_API_URL=url).slack_api_url == "http://127.0.0.1:8765/api/"


def test_encryption_keys_are_split_with_the_newest_first(tmp_path: Path) -> None:
    assert loaded(tmp_path, PLUMBLINE_ENCRYPTION_KEYS=f"{KEY_A}, {KEY_B}").encryption_keys() == (KEY_A, KEY_B)
    assert loaded(tmp_path).encryption_keys() == ()


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({}, "OPENAI_API_KEY is not set"),
        ({"OPENAI_API_KEY": "sk-1"}, "OPENAI_MODEL is not set"),
        ({"OPENAI_API_KEY": "sk-1", "OPENAI_MODEL": "m", "PLUMBLINE_LLM": "OFF"}, "PLUMBLINE_LLM is off"),
        ({"OPENAI_API_KEY": "sk-1", "OPENAI_MODEL": "m"}, None),
        (
            {"OPENAI_BASE_URL": "http://localhost:11434/v1", "OPENAI_MODEL": "m"},
            "OPENAI_API_KEY is not set; a server that wants none takes any word",
        ),
    ],
)
def test_the_model_is_used_only_with_all_its_settings_and_the_reason_is_said(
    tmp_path: Path, environ: dict[str, str], why: str | None
) -> None:
    settings = loaded(tmp_path, **environ)
    assert settings.model_off_because == why
    assert build_model(settings).on == (why is None)


def test_a_settings_file_that_is_not_text_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(file, environ={})
