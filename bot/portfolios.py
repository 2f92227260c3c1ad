"""What the command line does with the portfolio: bring it in, write it out, say where it stands. Text in, text out.

It opens and closes the database for one command; the rules are the rituals'.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.databases import only_team, opened, team_to_fill
from bot.failures import CommandError, FileErrors
from rituals.clock import SystemClock

if TYPE_CHECKING:
    from rituals.okrs.portfolio.csv_file import CsvOptions
    from rituals.okrs.portfolio.schema import Portfolio
    from storage.database import Database

_YAML = (".yaml", ".yml", ".json")
_CSV = {".csv": None, ".tsv": "\t"}
_HEAD = 4096


@dataclass(frozen=True)
class File:
    """A portfolio file that was read. `csv` is what was stated about it; None for YAML and JSON."""

    name: str
    text: str
    csv: "CsvOptions | None" = None


def may_be_csv(file: str) -> bool:
    """Whether a name allows a file to be CSV."""
    return Path(file).suffix.lower() not in _YAML


def opened_file(file: str, stated: "CsvOptions | None" = None) -> File:
    """A portfolio file, or stdin for `-`. It is CSV by its name, by what was stated, or by the long table's header.

    Raises FileErrors where it is no text, CommandError where there is none.
    """
    from rituals.okrs.portfolio.csv_file import CsvOptions, looks_like_long
    from rituals.okrs.portfolio.csv_values import csv_text_of
    from rituals.okrs.portfolio.yaml_lines import PortfolioErrors, text_of

    data = sys.stdin.buffer.read() if file == "-" else _bytes_of(Path(file))
    suffix = Path(file).suffix.lower()
    piped = file == "-" and looks_like_long(data[:_HEAD].decode(errors="replace"))
    try:
        if stated is None and suffix not in _CSV and not piped:
            return File(file, text_of(data))
        options = stated or CsvOptions()
        by_name = replace(options, delimiter=options.delimiter or _CSV.get(suffix))
        return File(file, csv_text_of(data), by_name)
    except PortfolioErrors as errors:
        raise _named(file, errors) from None


def checked(file: str) -> str:
    """The text of a YAML or JSON file that would be taken. Raises FileErrors with every problem and its line."""
    from rituals.okrs.portfolio.file import read_portfolio
    from rituals.okrs.portfolio.yaml_lines import PortfolioErrors

    opened = opened_file(file)
    if opened.csv is not None:
        raise CommandError(f"{file}: the sandbox starts with YAML or JSON; `plumbline import` reads CSV")
    try:
        read_portfolio(opened.text)
    except PortfolioErrors as errors:
        raise _named(file, errors) from None
    return opened.text


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise CommandError(f"{path} is a folder: name the portfolio file in it") from None
    except PermissionError:
        raise CommandError(f"{path} cannot be read: check its rights") from None


def bring_in(settings: Settings, file: File, *, dry_run: bool) -> str:
    """Import a portfolio and return the diff. Raises FileErrors with every problem; then nothing was written."""
    from rituals.okrs.portfolio.service import import_portfolio
    from rituals.okrs.portfolio.yaml_lines import PortfolioErrors

    now = SystemClock().now()
    with opened(settings) as db:
        try:
            found = import_portfolio(db, team_to_fill(db), file.text, now=now, dry_run=dry_run, csv=file.csv)
        except PortfolioErrors as errors:
            raise _named(file.name, errors) from None
    return str(found)


def _named(file: str, errors: Exception) -> FileErrors:
    name = "stdin" if file == "-" else file
    problems = getattr(errors, "problems", ())
    return FileErrors("\n".join(f"{name}:{problem.line}: {problem.text}" for problem in problems))


def written(settings: Settings, format: str, *, cycle: str | None) -> str:
    """The portfolio as a file, a document or a calendar. Raises Refusal for an unknown cycle."""
    from rituals.okrs.portfolio.service import export_portfolio

    with opened(settings) as db:
        if format in _VIEWS:
            return _VIEWS[format](db, only_team(db), cycle)
        portfolio = export_portfolio(db, only_team(db), cycle=cycle)
    return _writer(format)(portfolio)


def _writer(format: str) -> "Callable[[Portfolio], str]":
    from rituals.okrs.portfolio.long_write import write_csv
    from rituals.okrs.portfolio.write import write_json, write_yaml

    return {"csv": write_csv, "json": write_json}.get(format, write_yaml)


def _document(db: "Database", team: str, cycle: str | None) -> str:
    from rituals.okrs.portfolio.markdown import document

    return document(db, team, now=SystemClock().now(), cycle=cycle)


def _calendar(db: "Database", team: str, cycle: str | None) -> str:
    from rituals.feed import feed

    return feed(db, team, now=SystemClock().now(), cycle=cycle)


_VIEWS = {"md": _document, "ics": _calendar}


def status_of(settings: Settings, format: str, *, now: datetime | None) -> str:
    """Where everything stands at an instant, for people (`text`) or for programs (`json`)."""
    from rituals.status import status
    from rituals.status_text import status_text

    with opened(settings) as db:
        found = status(db, only_team(db), now=now or SystemClock().now())
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n" if format == "json" else status_text(found)
