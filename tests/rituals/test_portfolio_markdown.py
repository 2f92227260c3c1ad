"""The portfolio as a document: the worst first, figures as everywhere else, and texts that stay texts."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.errors import Refusal
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.markdown import document, plain_text
from rituals.okrs.portfolio.service import import_portfolio
from storage.database import Database
from tests.rituals.halden import TEAM

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
NASTY = "| `a` *b* <b>c</b> [d](e) ~f~ # g \\\\ & $h$ _i_"
FILE = f"""\
schema: plumbline/1
timezone: Europe/Berlin
units:
  - {{key: suite, name: "S|uite", level: portfolio}}
cycles:
  - {{key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}}
  - {{key: 2027-Q1, starts: 2027-01-01, ends: 2027-03-31}}
  - {{key: 2026-Q3, starts: 2026-07-01, ends: 2026-09-30}}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: "{NASTY}"
    key_results:
      - {{key: KR-1, title: "{NASTY}", start: 0, target: 10, measured_in: "|", owners: [suite],
         updates: [{{at: 2026-11-16, value: 4, confidence: 7}}]}}
  - key: O-2
    unit: suite
    cycle: 2026-Q4
    title: "Two\\nlines"
    contributes_to: [{{objective: O-1, how: "How | so"}}]
    key_results:
      - {{key: KR-2, title: Far behind, start: 0, target: 10, owners: [suite],
         updates: [{{at: 2026-11-16, value: 1}}]}}
      - {{key: KR-3, title: Done, kind: binary, owners: [suite], updates: [{{at: 2026-11-16, value: 1}}]}}
  - {{key: O-3, unit: suite, cycle: 2026-Q3, title: Old}}
"""


def written(db: Database, team: str, cycle: str | None = None) -> str:
    import_portfolio(db, team, FILE, now=NOW)
    return document(db, team, now=NOW, cycle=cycle)


def test_the_sample_is_a_document_with_every_key_result_once(halden: Database) -> None:
    text = document(halden, TEAM, now=NOW)
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    rows = re.findall(r"^\| . .*?\| (KR-\d+) ", text, flags=re.MULTILINE)
    assert sorted(rows) == sorted(state.key_results)
    assert len(re.findall(r"^### O-\d+ ", text, flags=re.MULTILINE)) == len(state.objectives)
    assert "## 2026-Q4: 1 October 2026 to 31 December 2026" in text
    assert text.endswith("\n")


def test_figures_are_those_of_the_rules(halden: Database) -> None:
    text = document(halden, TEAM, now=NOW)
    [row] = [line for line in text.splitlines() if line.startswith("|") and "| KR-30 " in line]
    assert row.startswith(
        "| ○ off track | KR-30 Mobile sessions that start with the suite's single sign-on | 10 → 60 % |"
    )
    assert "| 21 % |" in row
    assert "- KR-30 falls behind: " in text


def test_the_worst_objective_and_the_worst_key_result_come_first(sqlite_db: Database, team: str) -> None:
    text = written(sqlite_db, team)
    places = [text.index(key) for key in ("### O-2", "| KR-2 ", "| KR-3 ", "### O-1")]
    assert places == sorted(places)
    assert "3 key results: 1 off track, 1 at risk, 1 achieved." in text
    assert "| ○ off track | KR-2 Far behind | 0 → 10 | 1 | 5 | 10 % | – | S\\|uite |" in text
    assert "| ✓ achieved | KR-3 Done | done | done | – | 100 % | – | S\\|uite |" in text


def test_the_running_cycle_comes_first_then_the_next_then_the_past(sqlite_db: Database, team: str) -> None:
    text = written(sqlite_db, team)
    assert re.findall(r"^## (\S+):", text, flags=re.MULTILINE) == ["2026-Q4", "2027-Q1", "2026-Q3"]
    assert "### O-3 Old\n\nS\\|uite\n" in text
    assert re.findall(r"^## (\S+):", written(sqlite_db, team, "2026-Q3"), flags=re.MULTILINE) == ["2026-Q3"]


def test_an_unknown_cycle_gets_the_nearest(sqlite_db: Database, team: str) -> None:
    with pytest.raises(Refusal, match='there is no cycle "2026-q4", did you mean "2026-Q4"'):
        written(sqlite_db, team, "2026-q4")


def test_what_people_wrote_stays_text(sqlite_db: Database, team: str) -> None:
    text = written(sqlite_db, team)
    shown = "\\| \\`a\\` \\*b\\* \\<b\\>c\\</b\\> \\[d\\](e) \\~f\\~ \\# g \\\\ \\& \\$h\\$ \\_i\\_"
    assert f"### O-1 {shown}\n" in text
    assert f"| KR-1 {shown} |" in text
    assert "### O-2 Two lines\n" in text
    assert f"- Contributes to O-1 {shown}: How \\| so" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {9}


@given(st.text())
def test_any_text_is_one_line_with_nothing_that_makes_structure(text: str) -> None:
    plain = plain_text(text)
    assert len(plain.splitlines()) <= 1
    assert re.sub(r"\\[\\`*_\[\]<>|~&#$]", "", plain).translate(str.maketrans("", "", "\\`*_[]<>|~&#$")) == re.sub(
        r"\\[\\`*_\[\]<>|~&#$]", "", plain
    )
    assert re.sub(r"\\(.)", r"\1", plain) == " ".join(text.split())
