"""What the command line does with the portfolio: bring it in, write it out, say where it stands. Text in, text out.

It opens and closes the database for one command; the rules are the rituals'.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

from bot.config import Settings
from bot.databases import only_team, opened, team_to_fill
from bot.failures import CommandError, FileErrors
from rituals.clock import SystemClock

NO_CSV = "CSV comes in a later version; use YAML or JSON for now"


def read(file: str) -> str:
    """The text of a portfolio file, or of stdin for `-`. Raises FileErrors where it is no text, OSError where none."""
    from rituals.okrs.portfolio_yaml import PortfolioErrors, text_of

    if file.lower().endswith(".csv"):
        raise CommandError(f"{file}: {NO_CSV}")
    data = sys.stdin.buffer.read() if file == "-" else _bytes_of(Path(file))
    try:
        return text_of(data)
    except PortfolioErrors as errors:
        raise _named(file, errors) from None


def checked(file: str) -> str:
    """As `read`, of a file that would be taken. Raises FileErrors with every problem and its line."""
    from rituals.okrs.portfolio_file import read_portfolio
    from rituals.okrs.portfolio_yaml import PortfolioErrors

    text = read(file)
    try:
        read_portfolio(text)
    except PortfolioErrors as errors:
        raise _named(file, errors) from None
    return text


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise CommandError(f"{path} is a folder: name the portfolio file in it") from None
    except PermissionError:
        raise CommandError(f"{path} cannot be read: check its rights") from None


def bring_in(settings: Settings, file: str, text: str, *, dry_run: bool) -> str:
    """Import a portfolio and return the diff. Raises FileErrors with every problem; then nothing was written."""
    from rituals.okrs.portfolio_service import import_portfolio
    from rituals.okrs.portfolio_yaml import PortfolioErrors

    with opened(settings) as db:
        try:
            found = import_portfolio(db, team_to_fill(db), text, now=SystemClock().now(), dry_run=dry_run)
        except PortfolioErrors as errors:
            raise _named(file, errors) from None
    return str(found)


def _named(file: str, errors: Exception) -> FileErrors:
    name = "stdin" if file == "-" else file
    problems = getattr(errors, "problems", ())
    return FileErrors("\n".join(f"{name}:{problem.line}: {problem.text}" for problem in problems))


def written(settings: Settings, format: str, *, cycle: str | None) -> str:
    """The portfolio as a file. Raises Refusal for an unknown cycle."""
    from rituals.okrs.portfolio_service import export_portfolio
    from rituals.okrs.portfolio_write import write_json, write_yaml

    if format == "csv":
        raise CommandError(NO_CSV)
    with opened(settings) as db:
        portfolio = export_portfolio(db, only_team(db), cycle=cycle)
    return write_json(portfolio) if format == "json" else write_yaml(portfolio)


def status_of(settings: Settings, format: str, *, now: datetime | None) -> str:
    """Where everything stands at an instant, for people (`text`) or for programs (`json`)."""
    from rituals.status import status
    from rituals.status_text import status_text

    with opened(settings) as db:
        found = status(db, only_team(db), now=now or SystemClock().now())
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n" if format == "json" else status_text(found)


def digest_of(settings: Settings, *, now: datetime | None, whole: bool) -> str:
    """The digest as it would be: its headline, or all of it, worded by the model where its settings are complete."""
    from bot.views import VIEWS
    from rituals.alignment.rules import connection_rate
    from rituals.digests.plain import markdown
    from rituals.digests.service import preview

    model = None
    if settings.model_off_because is None:
        from bot.wiring import build_model

        model = build_model(settings)
    with opened(settings) as db:
        at = now or SystemClock().now()
        notice = preview(db, only_team(db), None, now=at, connection=connection_rate, model=model)
    message = VIEWS[notice.KIND](notice)
    return markdown(notice) if whole else f"{message.text}\n"
