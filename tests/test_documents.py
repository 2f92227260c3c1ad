"""What the documents promise: names in them exist, links lead somewhere, tables are whole."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.cli import command
from bot.config import Settings
from bot.views.help import TOPICS
from rituals.okrs.portfolio.schema import (
    ContributionEntry,
    CycleEntry,
    FileEntry,
    KeyResultEntry,
    MilestoneEntry,
    ObjectiveEntry,
    PersonEntry,
    PlanPoint,
    UnitEntry,
    UpdateEntry,
)
from storage.tables import OutboxRow

REPO = Path(__file__).resolve().parents[1]
DECISIONS = sorted((REPO / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [*sorted(REPO.glob("*.md")), *sorted((REPO / "docs").glob("*.md")), *DECISIONS]
FOLDERS = ("bot", "rituals", "storage", "prompts", "sandbox", "tests", "docs", "benchmarks")
README = (REPO / "README.md").read_text(encoding="utf-8")
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@each_document
def test_every_link_leads_to_a_file(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", text_of(document))
    local = [t.partition("#")[0] for t in targets if not re.match(r"[a-z]+:", t)]
    assert [t for t in local if t and not (document.parent / t).exists()] == []


@each_document
def test_every_file_and_folder_named_in_the_text_exists(document: Path) -> None:
    paths = re.findall(r"`([\w./*<>-]+)`", text_of(document))
    ours = [p for p in paths if p.partition("/")[0] in FOLDERS and "/" in p and "<" not in p]
    assert [p for p in ours if not any(REPO.glob(p.rstrip("/")))] == []


@each_document
def test_a_document_is_plain_text_of_a_width_that_can_be_read(document: Path) -> None:
    text = text_of(document)
    assert text.startswith("# ")
    assert re.findall("[\U0001f300-\U0001faff]", text) == []
    prose = [line for line in text.splitlines() if not line.startswith(("|", "!["))]
    assert [line for line in prose if len(line) > 120] == []


def test_the_readme_has_every_setting_in_its_table_and_no_other() -> None:
    named = re.findall(r"^\| `([A-Z_]+)` \|", README, flags=re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def commands() -> dict[str, Any]:
    return dict(command().commands)


def test_the_readme_has_every_command_in_its_table_and_no_other() -> None:
    named = re.findall(r"^\| `plumbline (\w+)", README, flags=re.MULTILINE)
    assert sorted(named) == sorted(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_readme_names_every_option_of_a_command_and_no_other(name: str) -> None:
    [row] = re.findall(rf"^\| `plumbline {name}\b([^`]*)`", README, flags=re.MULTILINE)
    options = {o for p in commands()[name].params for o in p.opts if o.startswith("--")}
    assert set(re.findall(r"--[a-z-]+", row)) == options - {"--help"}


def test_the_commands_are_those_of_the_public_surface() -> None:
    surface = {"run", "sandbox", "tick", "import", "export", "status", "digest", "migrate", "manifest", "doctor"}
    assert set(commands()) == surface


def test_the_readme_has_every_word_of_the_slash_command_and_no_other() -> None:
    rows = re.findall(r"^\| `/okr ?([\w-]*)", README, flags=re.MULTILINE)
    assert sorted(rows) == sorted(["", *TOPICS])


def test_the_portfolio_format_is_documented_field_by_field() -> None:
    text = text_of(REPO / "docs" / "portfolio-file.md")
    entries: list[type[FileEntry]] = [PersonEntry, UnitEntry, CycleEntry, ObjectiveEntry, ContributionEntry]
    entries += [KeyResultEntry, MilestoneEntry, PlanPoint, UpdateEntry]
    fields = {name for entry in entries for name in entry.model_fields}
    assert sorted(name for name in fields if not re.search(rf"`[^`]*\b{name}\b[^`]*`", text)) == []


def test_the_states_of_the_outbox_are_documented() -> None:
    text = text_of(REPO / "docs" / "operations.md")
    [check] = [c for c in OutboxRow.__table__.constraints if c.name == "ck_outbox_state"]  # type: ignore[attr-defined]
    states = re.findall(r"'(\w+)'", str(check.sqltext))
    assert states
    assert [state for state in states if f"| `{state}` |" not in text] == []


def test_decisions_are_numbered_without_gaps_and_say_whether_they_are_followed() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for path, number in zip(DECISIONS, numbers, strict=True):
        first, _, status = text_of(path).splitlines()[:3]
        assert first.startswith(f"# {number}. ")
        assert status.startswith("Status: ")


def test_pictures_are_small_enough_for_a_repository() -> None:
    pictures = list((REPO / "docs" / "images").iterdir())
    assert {p.name for p in pictures} >= {"flow.svg", "round.png", "digest.png"}
    assert [p.name for p in pictures if p.stat().st_size > 260_000] == []


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    headings = re.findall(r"^## \[(.+?)\]", text_of(REPO / "CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert all(a != b for a, b in pairwise(headings))
