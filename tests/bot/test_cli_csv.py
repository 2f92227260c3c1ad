"""CSV, documents and calendars on the command line: what can be stated, what is refused, what comes out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.shell import SAMPLE, Shell, opened

WIDE = "Ziel;Ergebnis;Start;Target;Current;Due Date\nGrow;Revenue;10;20;12,5;03.12.2026\n"
MAPPED = ("--map", "Ziel=objective", "--map", "Ergebnis=key_result")
STATED = (*MAPPED, "--delimiter", ";", "--dates", "dmy", "--decimal", ",", "--cycle", "2026-Q4", "--unit", "crm")


@pytest.fixture
def filled(tmp_path: Path, capsys: pytest.CaptureFixture[str], sqlite_template: Path) -> Iterator[Shell]:
    """A shell whose database holds the sample portfolio."""
    with opened(tmp_path, capsys) as shell:
        shutil.copyfile(sqlite_template, shell.folder / "plumbline.db")
        assert shell("import", SAMPLE).code == 0
        yield shell


@pytest.fixture
def wide(filled: Shell) -> Path:
    """A file of some other tool."""
    path = filled.folder / "goals.csv"
    path.write_bytes(b"\xef\xbb\xbf" + WIDE.encode())
    return path


def _one_line(text: str) -> bool:
    return text.startswith("plumbline: ") and text.count("\n") == 1


def test_what_is_exported_as_csv_imports_to_the_same_export(filled: Shell) -> None:
    first = filled("export", "--format", "csv")
    assert first.code == 0
    file = filled.folder / "out.csv"
    file.write_bytes(first.out.encode())
    assert filled("import", file).out == "nothing changes\n"
    (filled.folder / "plumbline.db").unlink()
    assert filled("import", file).code == 0
    assert filled("export", "--format", "csv").out == first.out


def test_another_tools_file_is_read_by_what_is_stated_about_it(filled: Shell, wide: Path) -> None:
    dry = filled("import", wide, *STATED, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert dry.out.startswith("+ O-19 Grow\n+ KR-46 Revenue\n+ 1 update on KR-46\n")
    assert filled("import", wide, *STATED).out == dry.out
    assert filled("import", wide, *STATED).out.startswith("nothing changes\n")


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("--delimiter", 'goals.csv:1: the columns are not parted by ","; it looks like ";": add --delimiter ";"'),
        ("--dates", '"03.12.2026" can be 3 December or 12 March 2026; add --dates dmy or --dates mdy'),
        ("--cycle", "goals.csv:1: the file names no cycle; add --cycle KEY: there is 2026-Q4"),
        ("--unit", "goals.csv:1: the file names no unit; add --unit KEY: there is halden, suite, crm"),
    ],
)
def test_what_was_not_stated_is_asked_for_with_file_and_row(
    filled: Shell, wide: Path, left_out: str, words: str
) -> None:
    at = STATED.index(left_out)
    ran = filled("import", wide, *STATED[:at], *STATED[at + 2 :])
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    assert all(line.startswith(f"{wide}:") for line in ran.err.splitlines())


def test_every_row_with_a_mistake_is_told(filled: Shell, wide: Path) -> None:
    wide.write_text(WIDE + "\nGrow;Churn;10;banana;1;\nGrow;Seats;5;5;;\n", encoding="utf-8")
    ran = filled("import", wide, *STATED)
    assert ran.code == 1
    assert [line.removeprefix(f"{wide}:").partition(":")[0] for line in ran.err.splitlines()] == ["4", "5"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "goals.csv", "--map", "Ziel"), 'maps nothing; write it like "Goal Title=objective"'),
        (("import", "goals.csv", "--delimiter", "::"), "parts no cells; use , or ; or | or tab"),
        (("import", "goals.csv", "--dates", "ymd"), "dmy"),
        (("import", "goals.csv", "--decimal", "'"), "--decimal"),
        (("import", SAMPLE, "--dates", "dmy"), "is no CSV file"),
        (("export", "--format", "xlsx"), "ics"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(filled: Shell, words: tuple[str, ...], said: str) -> None:
    ran = filled(*words)
    assert (ran.code, ran.out) == (2, "")
    assert _one_line(ran.err), ran.err
    assert said in ran.err


def test_windows_1252_is_refused_in_words(filled: Shell) -> None:
    file = filled.folder / "latin.csv"
    file.write_bytes("type,key,name\nperson,ines,Inês\n".encode("cp1252"))
    ran = filled("import", file)
    assert ran.code == 1
    assert ran.err == f'{file}:2: this is not UTF-8 text, it looks like Windows-1252; save the file as "CSV UTF-8"\n'


def test_a_tsv_file_states_its_tabs_by_its_name(filled: Shell) -> None:
    file = filled.folder / "people.tsv"
    file.write_text("type\tkey\tname\nperson\tcy\tCy\n", encoding="utf-8")
    assert filled("import", file).out.startswith("+ person cy Cy\n")


def test_the_sandbox_says_that_it_takes_no_csv(filled: Shell, wide: Path) -> None:
    ran = filled("sandbox", "--headless", "--portfolio", wide)
    assert ran.code == 1
    assert "the sandbox starts with YAML or JSON" in ran.err


@pytest.mark.parametrize("words", [(), STATED])
def test_csv_comes_from_stdin_too(filled: Shell, words: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "import", "-", *words],
        input=WIDE if words else "type,key,name\nperson,cy,Cy\n",
        text=True,
        capture_output=True,
        cwd=SAMPLE.parents[1],
        env={"PATH": os.environ["PATH"], "PLUMBLINE_DATA_DIR": str(filled.folder)},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ("+ O-19 Grow" if words else "+ person cy Cy") in ran.stdout


@pytest.mark.parametrize(
    ("format", "begins"), [("md", "# Objectives and key results\n"), ("ics", "BEGIN:VCALENDAR\r\n")]
)
def test_a_document_and_a_calendar_are_exported(filled: Shell, format: str, begins: str) -> None:
    ran = filled("export", "--format", format, "--cycle", "2026-Q4")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(begins)
    unknown = filled("export", "--format", format, "--cycle", "2026-Q9")
    assert unknown.code == 1
    assert 'there is no cycle "2026-Q9", did you mean "2026-Q4"?' in unknown.err
