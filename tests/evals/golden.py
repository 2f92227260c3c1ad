"""Reads the golden set's files into values. It scores nothing.

A round: answers of units, the blockers in them (labelled by hand), key results and which of them fall behind, what an
injection wants to be said, and what a model might have answered, each sentence labelled as true or not.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "rounds"


@dataclass(frozen=True)
class Label:
    """A blocker that is in an answer (1-based): whom it waits for, until when, in which words, for how many days."""

    answer: int
    on: str | None
    until: date | None
    words: str
    days: int


@dataclass(frozen=True)
class Sentence:
    """What a model might have said: its sources are (answer, span); `good` is the label that the check must meet."""

    good: bool
    text: str
    sources: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Round:
    """One round. `answers` are (unit, person, text); `krs` are values on 19 Oct and 9 Nov of 100 by their key.

    `language` is that of the answers (a code), `summary` the one that the summary was asked for (its name). `titles`
    and `notes` are those of key results. `forbidden` is what no summary may say; `raw` is a recorded answer
    that is no list of sentences (None where it is one).
    """

    id: str
    company: str
    language: str
    summary: str
    units: tuple[str, ...]
    people: tuple[str, ...]
    answers: tuple[tuple[str, str, str], ...]
    blockers: tuple[Label, ...]
    krs: dict[str, tuple[int, int]]
    at_risk: frozenset[str]
    titles: dict[str, str]
    notes: dict[str, str]
    forbidden: tuple[str, ...]
    recorded: tuple[Sentence, ...]
    raw: str | None


@cache
def rounds() -> tuple[Round, ...]:
    """Every round of every company, in the files' order. Raises KeyError or ValueError for a file that is wrong."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    found = tuple(_round(file, given) for file in files for given in file["rounds"])
    if len({r.id for r in found}) != len(found):
        raise ValueError("two rounds have one id")
    return found


def _round(file: dict[str, Any], given: dict[str, Any]) -> Round:
    known = {
        "id",
        "language",
        "summary",
        "answers",
        "blockers",
        "krs",
        "at_risk",
        "titles",
        "notes",
        "forbidden",
        "recorded",
        "raw",
    }
    if set(given) - known:
        raise ValueError(f"{given['id']}: unknown keys {sorted(set(given) - known)}")
    answers = tuple((str(unit), str(by), str(text)) for unit, by, text in given["answers"])
    return Round(
        id=given["id"],
        company=file["company"],
        language=given.get("language", "en"),
        summary=given.get("summary", "German" if given.get("language") == "de" else "English"),
        units=tuple(file["units"]),
        people=tuple(file["people"]),
        answers=answers,
        blockers=tuple(_label(one, answers, given["id"]) for one in given.get("blockers", ())),
        krs={key: (first, last) for key, (first, last) in given.get("krs", {"KR-1": [20, 47]}).items()},
        at_risk=frozenset(given.get("at_risk", ())),
        titles=given.get("titles", {}),
        notes=given.get("notes", {}),
        forbidden=tuple(given.get("forbidden", ())),
        recorded=tuple(_sentence(one) for one in given.get("recorded", ())),
        raw=given.get("raw"),
    )


def _label(given: list[Any], answers: tuple[tuple[str, str, str], ...], name: str) -> Label:
    answer, on, until, words, days = given
    if words not in answers[answer - 1][2]:
        raise ValueError(f"{name}: {words!r} is not in answer {answer}")
    return Label(answer, on, until, words, days)


def _sentence(given: list[Any]) -> Sentence:
    verdict, text, *sources = given
    if verdict not in ("good", "bad"):
        raise ValueError(f"a sentence is good or bad, not {verdict}")
    pairs = tuple(zip(sources[::2], sources[1::2], strict=True))
    return Sentence(verdict == "good", text, pairs)
