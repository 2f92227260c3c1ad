"""The command line: what each command prints, its exit code, and the one line that says what to do instead."""

import email
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot import running
from bot.engine.embedded import RunLock
from bot.failures import CommandError
from bot.manifest import load_manifest
from bot.started import STARTED
from rituals.clock import AdjustableClock
from sandbox.seed import seed
from sandbox.server import Sandbox
from sandbox.stage import instant
from tests.bot.shell import SAMPLE, Shell, opened

NOW = "2026-11-16T18:00Z"
PICTURES = ("falling-behind", "shared-and-own")
SMALL = """\
schema: plumbline/1
people:
  - {key: ana, name: Ana Ruiz}
units:
  - {key: suite, name: Product suite, level: portfolio, leads: [ana]}
"""


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A shell in an empty folder."""
    with opened(tmp_path, capsys) as made:
        yield made


@pytest.fixture
def filled(shell: Shell, sqlite_template: Path) -> Shell:
    """A shell whose database holds the sample portfolio."""
    shutil.copyfile(sqlite_template, shell.folder / "plumbline.db")
    assert shell("import", SAMPLE).code == 0
    return shell


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    """A stand-in for Slack with the sample's people, at an instant in the middle of check-in 4."""
    with Sandbox(load_manifest(), AdjustableClock(instant(NOW))) as sandbox:
        seed(sandbox, SAMPLE.read_text(encoding="utf-8"))
        yield sandbox


def _one_line(text: str) -> bool:
    return text.startswith("plumbline: ") and text.count("\n") == 1


# Usage


def test_a_command_line_without_a_command_shows_help_and_counts_as_wrong_usage(shell: Shell) -> None:
    ran = shell()
    assert ran.code == 2
    assert "import" in ran.err
    assert "doctor" in ran.err


def test_an_unknown_command_gets_the_nearest_one_in_one_line(shell: Shell) -> None:
    ran = shell("imprt")
    assert ran.code == 2
    assert _one_line(ran.err)
    assert "Did you mean 'import'" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("export", "--format", "xml"),
        ("sandbox", "--port", "99999"),
        ("tick", "--now", "yesterday"),
        ("status", "--frob"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(shell: Shell, words: tuple[str, ...]) -> None:
    ran = shell(*words)
    assert ran.code == 2
    assert _one_line(ran.err), ran.err
    assert ran.out == ""


@pytest.mark.parametrize("command", ["tick", "status", "digest"])
def test_an_instant_without_a_zone_is_wrong_usage_and_shows_a_good_example(shell: Shell, command: str) -> None:
    ran = shell(command, "--now", "2026-11-16T09:00")
    assert ran.code == 2
    assert _one_line(ran.err)
    assert "2026-11-16T09:00+01:00" in ran.err


def test_every_command_has_a_short_help(shell: Shell) -> None:
    listed = shell("--help").out
    for name in (
        "run",
        "sandbox",
        "tick",
        "import",
        "export",
        "status",
        "digest",
        "migrate",
        "manifest",
        "doctor",
    ):
        line = next(line for line in listed.splitlines() if line.split()[:1] == [name])
        assert len(line) < 80
        assert "..." not in line
        assert shell(name, "--help").code == 0


def test_the_version_is_printed(shell: Shell) -> None:
    assert shell("--version").out.startswith("plumbline ")


# Import and export


def test_importing_twice_changes_nothing(shell: Shell) -> None:
    first, second = shell("import", SAMPLE), shell("import", SAMPLE)
    assert (first.code, second.code) == (0, 0)
    assert "+ KR-1 Median time from signature" in first.out
    assert second.out == "nothing changes\n"


def test_a_dry_run_says_the_same_and_writes_nothing(shell: Shell) -> None:
    said = shell("import", SAMPLE, "--dry-run")
    assert said.code == 0
    assert "+ KR-45" in said.out
    assert shell("export").code == 1, "there must be no portfolio yet"


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_what_is_exported_imports_to_the_same_export(filled: Shell, tmp_path: Path, format: str) -> None:
    first = filled("export", "--format", format)
    file = tmp_path / f"out.{format}"
    file.write_text(first.out, encoding="utf-8")
    assert filled("import", file).out == "nothing changes\n"
    (filled.folder / "plumbline.db").unlink()
    assert filled("import", file).code == 0
    assert filled("export", "--format", format).out == first.out


def test_every_problem_of_a_file_is_a_line_with_file_and_number(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(SMALL.replace("[ana]", "[bo]").replace("portfolio", "galaxy") + "frob: 1\n", encoding="utf-8")
    ran = shell("import", file)
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert len(lines) >= 3
    assert all(line.startswith(f"{file}:") and line.split(":")[1].isdigit() for line in lines)
    assert shell("export").code == 1, "all or nothing"


def test_files_that_are_none_are_told_in_one_line(shell: Shell, tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("people: [Inês]".encode("latin-1"))
    table = tmp_path / "table.csv"
    table.write_text("key,colour\n", encoding="utf-8")
    for file, words in {
        tmp_path / "nothing.yaml": "no such file",
        tmp_path: "is a folder",
        latin: "UTF-8",
        table: "no columns for objectives and key results",
    }.items():
        ran = shell("import", file)
        assert ran.code == 1
        assert ran.err.count("\n") == 1, ran.err
        assert words in ran.err


def test_an_unknown_cycle_is_told_with_the_nearest(filled: Shell) -> None:
    ran = filled("export", "--cycle", "2026-Q3")
    assert ran.code == 1
    assert _one_line(ran.err)
    assert 'did you mean "2026-Q4"' in ran.err


def test_a_cycle_can_be_exported_alone(filled: Shell) -> None:
    ran = filled("export", "--format", "json", "--cycle", "2026-Q4")
    assert [cycle["key"] for cycle in json.loads(ran.out)["cycles"]] == ["2026-Q4"]


def test_a_portfolio_comes_from_stdin_too(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "import", "-"],
        input=SMALL,
        text=True,
        capture_output=True,
        cwd=SAMPLE.parents[1],
        env={"PATH": os.environ["PATH"], "PLUMBLINE_DATA_DIR": str(tmp_path)},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "+ unit suite Product suite" in ran.stdout


# Status and digest


def test_status_for_programs_is_json(filled: Shell) -> None:
    ran = filled("status", "--format", "json", "--now", NOW)
    found = json.loads(ran.out)
    assert ran.code == 0
    assert len(found["key_results"]) == 45
    assert found["now"].startswith("2026-11-16T18:00:00")


def test_status_for_people_names_key_results(filled: Shell) -> None:
    ran = filled("status", "--now", NOW)
    assert ran.code == 0
    assert "off track" in ran.out
    assert "KR-30" in ran.out


def test_the_digest_is_its_headline_or_the_whole_of_it(filled: Shell) -> None:
    headline, whole = filled("digest", "--now", NOW), filled("digest", "--now", NOW, "--print")
    assert (headline.code, whole.code) == (0, 0)
    assert headline.out.count("\n") == 1
    assert "Product suite" in headline.out
    assert "FALLING BEHIND" in whole.out


def test_the_digest_is_written_in_the_form_that_the_files_name_says(filled: Shell) -> None:
    begins = {"d.txt": "Product suite · week of", "d.md": "# Product suite · week of", "d.html": "<!DOCTYPE html>"}
    for name, first in begins.items():
        ran = filled("digest", "--now", NOW, "--out", filled.folder / name)
        assert (ran.code, ran.err) == (0, "")
        assert str(filled.folder / name) in ran.out
        assert (filled.folder / name).read_text(encoding="utf-8").startswith(first)
    assert (filled.folder / "d-falling-behind.png").read_bytes().startswith(b"\x89PNG")
    assert "](<d-falling-behind.png>)" in (filled.folder / "d.md").read_text(encoding="utf-8")
    assert "data:image/png;base64," in (filled.folder / "d.html").read_text(encoding="utf-8")


def test_a_page_can_have_its_pictures_in_files_beside_it(filled: Shell) -> None:
    ran = filled("digest", "--now", NOW, "--out", filled.folder / "d.html", "--beside")
    assert ran.out.splitlines()[1:] == [str(filled.folder / f"d-{name}.png") for name in PICTURES]
    page = (filled.folder / "d.html").read_text(encoding="utf-8")
    assert 'src="d-falling-behind.png"' in page
    assert "base64" not in page


def test_the_digest_is_a_whole_mail_that_can_be_piped_on(filled: Shell) -> None:
    ran = filled("digest", "--now", NOW, "--format", "eml")
    found = email.message_from_string(ran.out)
    kinds = [part.get_content_type() for part in found.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "digest.pdf"), "say how it is written with --format, or name it .txt, .md"),
        (("--out", "no/such/folder/d.md"), "cannot be written: No such file or directory"),
        (("--beside",), "--beside needs --out FILE"),
        (("--unit", "nowhere"), 'No unit "nowhere"'),
    ],
)
def test_what_cannot_be_written_is_said_in_a_line(filled: Shell, words: tuple[str, ...], said: str) -> None:
    ran = filled("digest", "--now", NOW, *words)
    assert ran.code in {1, 2}
    assert said in ran.err
    assert ran.err.count("\n") == 1


def without_charts(shell: Shell, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, in which the extra `charts` is not installed."""
    code = "import sys; sys.modules['matplotlib'] = None; from bot.__main__ import main; sys.exit(main(sys.argv[1:]))"
    env = {"PATH": os.environ["PATH"], "PLUMBLINE_DATA_DIR": str(shell.folder)}
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=env, check=False)


def test_without_the_extra_the_page_is_whole_and_says_in_a_line_how_to_get_pictures(filled: Shell) -> None:
    ran = without_charts(filled, "digest", "--now", NOW, "--format", "html")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Falling behind" in ran.stdout
    assert "<img" not in ran.stdout
    assert ran.stdout.count("Pictures come with the extra charts") == 1


def test_without_the_extra_a_picture_is_refused_with_what_stands_without_it(filled: Shell) -> None:
    ran = without_charts(filled, "export", "--format", "matrix")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "The table of /okr align has the same facts." in ran.stderr
    assert "pip install -e '.[charts]'" in ran.stderr


@pytest.mark.parametrize("which", ["matrix", "map"])
def test_matrix_and_map_are_exported_as_pictures(filled: Shell, which: str) -> None:
    command = [sys.executable, "-m", "bot", "export", "--format", which]
    env = {"PATH": os.environ["PATH"], "PLUMBLINE_DATA_DIR": str(filled.folder)}
    ran = subprocess.run(command, capture_output=True, env=env, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"\x89PNG")


@pytest.mark.parametrize("words", [("export",), ("status",), ("digest",)])
def test_without_a_portfolio_the_next_step_is_said(shell: Shell, words: tuple[str, ...]) -> None:
    ran = shell(*words)
    assert ran.code == 1
    assert _one_line(ran.err)
    assert "plumbline import FILE" in ran.err


# The database


def test_migrate_says_what_it_did(shell: Shell) -> None:
    assert "has the current schema now" in shell("migrate").out
    assert "was current already" in shell("migrate").out


def test_a_database_that_another_program_holds_is_told_in_one_line_and_nothing_is_lost(filled: Shell) -> None:
    before = filled("export").out
    other = sqlite3.connect(filled.folder / "plumbline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert filled("status").code == 0, "reading waits for nobody"
    ran = filled("import", SAMPLE)
    other.execute("ROLLBACK")
    other.close()
    assert ran.code == 1
    assert _one_line(ran.err)
    assert "busy" in ran.err
    assert filled("export").out == before


def test_a_file_that_is_no_database_is_told_in_one_line(shell: Shell) -> None:
    (shell.folder / "plumbline.db").write_text("this is a letter to a friend, and no database at all " * 40)
    ran = shell("status")
    assert ran.code == 1
    assert _one_line(ran.err)
    assert "not an SQLite database" in ran.err


def test_a_database_folder_that_cannot_be_is_told_in_one_line(shell: Shell) -> None:
    (shell.folder / "file").write_text("")
    shell.env["database_url"] = f"sqlite:///{shell.folder}/file/plumbline.db"
    ran = shell("status")
    assert ran.code == 1
    assert _one_line(ran.err)


def test_a_postgres_that_is_not_there_is_told_without_its_password(shell: Shell) -> None:
    shell.env["database_url"] = "postgresql://ana:geheim@127.0.0.1:1/okrs"
    ran = shell("status")
    assert ran.code == 1
    assert _one_line(ran.err), ran.err
    assert "PostgreSQL cannot be reached" in ran.err
    assert "geheim" not in ran.err


@pytest.mark.postgres
def test_on_postgres_the_schema_is_changed_by_migrate_only(shell: Shell, postgres_server: str) -> None:
    shell.env["database_url"] = postgres_server.replace("postgresql+psycopg://", "postgresql://", 1)
    refused = shell("status")
    assert refused.code == 1
    assert "run `plumbline migrate` first" in refused.err
    assert shell("migrate").code == 0
    assert "there is no portfolio yet" in shell("status").err


def test_a_traceback_is_shown_only_when_it_is_asked_for(shell: Shell) -> None:
    assert "Traceback" not in shell("import", "nothing.yaml").err
    for words in (("--debug", "import", "nothing.yaml"), ("import", "nothing.yaml", "--debug")):
        ran = shell(*words)
        assert ran.code == 1
        assert "Traceback" in ran.err
        assert "no such file" in ran.err.splitlines()[-1]


# The manifest


def test_the_manifest_is_printed_as_it_stands(shell: Shell) -> None:
    ran = shell("manifest")
    assert ran.code == 0
    assert ran.out.startswith("# The Slack app manifest")
    assert yaml.safe_load(ran.out) == load_manifest()
    assert json.loads(shell("manifest", "--format", "json").out) == load_manifest()


def test_with_an_address_the_manifest_is_for_http(shell: Shell) -> None:
    ran = shell("manifest", "--url", "https://okr.example.com")
    found = yaml.safe_load(ran.out)
    assert found["settings"]["socket_mode_enabled"] is False
    assert "https://okr.example.com/slack/events" in ran.out
    wrong = shell("manifest", "--url", "http://okr.example.com")
    assert wrong.code == 2
    assert _one_line(wrong.err)


# Settings


def test_a_setting_that_cannot_be_used_is_told_in_one_line(shell: Shell) -> None:
    shell.env["port"] = "many"
    ran = shell("status")
    assert ran.code == 1
    assert _one_line(ran.err)
    assert "PORT" in ran.err


def test_settings_that_do_not_connect_are_told_by_run(shell: Shell) -> None:
    shell.env["slack_app_token"] = "xapp-1-A"
    ran = shell("run")
    assert ran.code == 1
    assert "SLACK_BOT_TOKEN is not" in ran.err


# Tick


def test_tick_without_slack_settings_says_which_one_is_missing(filled: Shell) -> None:
    ran = filled("tick")
    assert ran.code == 1
    assert _one_line(ran.err)
    assert "SLACK_BOT_TOKEN" in ran.err


def test_tick_opens_the_round_delivers_it_and_does_nothing_twice(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    first = filled("tick", "--now", NOW, "--deliver")
    assert first.code == 0, first.err
    board = slack.messages("C01PORTFOLIO")
    assert len(board) == 1
    prompted = [m for m in slack.person("U03BO").dm if not m.is_reply]
    assert len(prompted) == 1
    second = filled("tick", "--now", NOW, "--deliver")
    assert second.code == 0
    assert "0 things done, 0 messages sent" in second.out
    assert slack.messages("C01PORTFOLIO") == board


def test_tick_without_deliver_only_promises(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    assert filled("tick", "--now", NOW).code == 0
    assert slack.messages("C01PORTFOLIO") == []
    assert filled("tick", "--now", NOW, "--deliver").code == 0
    assert len(slack.messages("C01PORTFOLIO")) == 1


def test_tick_works_beside_a_running_bot(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    with RunLock(filled.folder / running.LOCK):
        assert filled("tick", "--now", NOW).code == 0


def test_a_refused_token_is_told_in_one_line_without_the_token(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    filled.env["slack_bot_token"] = "xoxb-1-2-refused"
    for command in ("tick", "run"):
        ran = filled(command)
        assert ran.code == 1
        assert _one_line(ran.err), ran.err
        assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in ran.err
        assert "xoxb-1-2-refused" not in ran.err + ran.out


# Run


def test_run_says_in_one_line_that_it_is_ready_and_leaves_nothing_behind(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    said: list[str] = []
    running.run(filled.settings(), say=said.append, started=STARTED, wait=slack.wait_connected)
    assert len(said) == 1
    assert "Socket Mode, workspace Sandbox (T01SANDBOX), database" in said[0]
    assert said[0].startswith("ready in ")
    with RunLock(filled.folder / running.LOCK):
        pass


def test_only_one_bot_runs_on_a_data_folder(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    with RunLock(filled.folder / running.LOCK):
        ran = filled("run")
    assert ran.code == 1
    assert "another plumbline runs on" in ran.err


def test_an_app_token_that_is_refused_ends_run_in_one_line(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    filled.env["slack_app_token"] = "xapp-1-refused"
    ran = filled("run")
    assert ran.code == 1
    last = ran.err.splitlines()[-1]
    assert last.startswith("plumbline: Slack refuses SLACK_APP_TOKEN")
    assert "invalid_auth" in last
    assert "xapp-1-refused" not in ran.err


def test_http_on_a_port_that_is_taken_says_so(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    del filled.env["slack_app_token"]
    filled.env["slack_signing_secret"] = slack.signing_secret
    filled.env["port"] = slack.page_url.rstrip("/").rpartition(":")[2]
    with pytest.raises(CommandError, match="set PORT to a free one"):
        running.run(filled.settings(), say=lambda _: None, started=STARTED)


def test_a_signal_ends_a_running_bot_in_order(filled: Shell, slack: Sandbox) -> None:
    filled.connect(slack)
    env = {"PATH": os.environ["PATH"], "PLUMBLINE_DATA_DIR": str(filled.folder), "LOG_LEVEL": "WARNING"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=SAMPLE.parents[1],
        env=env | {name.upper(): value for name, value in filled.env.items()},
    ) as bot:
        assert bot.stdout is not None
        assert bot.stderr is not None
        ready = bot.stdout.readline()
        assert ready.startswith("ready in "), bot.stderr.read()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(timeout=30) == 0
        assert bot.stderr.read() == "", "neither a traceback nor a library's chatter"
