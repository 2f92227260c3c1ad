"""The command line: what can be typed, in thin commands.

Every command imports what it needs when it runs, so that none waits for another's libraries. What goes wrong is
raised; `bot.__main__` makes it a line and an exit code.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import csv_options, tls
from bot.config import Settings
from bot.started import STARTED

app = typer.Typer(
    name="plumbline",
    help="Keeps a product portfolio's OKRs in line, in Slack.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class PortfolioFormat(StrEnum):
    """What `export` writes: the first three are read by `import`, too, the last two are pictures (PNG)."""

    YAML = "yaml"
    CSV = "csv"
    JSON = "json"
    MD = "md"
    ICS = "ics"
    MATRIX = "matrix"
    MAP = "map"


class StatusFormat(StrEnum):
    """What `status` writes."""

    TEXT = "text"
    JSON = "json"


class DigestFormat(StrEnum):
    """What `digest` writes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    EML = "eml"


class ManifestFormat(StrEnum):
    """What `manifest` writes."""

    YAML = "yaml"
    JSON = "json"


def command() -> Any:
    """The whole command, to be run with `main(words, standalone_mode=False)`."""
    return typer.main.get_command(app)


def _settings(context: typer.Context) -> Settings:
    """The settings of this run; `bot.__main__` says where they come from."""
    read: Callable[[], Settings] = context.obj
    return read()


def _instant(text: str) -> datetime:
    """An instant with its zone. Without one it could be anybody's nine o'clock."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no instant; write one like 2026-11-16T09:00+01:00') from None
    if at.tzinfo is None:
        raise typer.BadParameter(
            f'"{text}" has no time zone; write one like 2026-11-16T09:00+01:00 or 2026-11-16T08:00Z'
        )
    return at


Now = Annotated[
    datetime | None, typer.Option("--now", metavar="ISO", parser=_instant, help="As at this instant (default: now).")
]


@app.callback(invoke_without_command=True)
def _everywhere(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something breaks.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"plumbline {installed('plumbline')}")
        raise typer.Exit


@app.command()
def run(context: typer.Context) -> None:
    """Run the bot; with no Slack settings, the sandbox."""
    settings = _settings(context)
    if settings.mode == "sandbox":
        return sandbox(context)
    tls.prepare()
    from bot import running

    return running.run(settings, say=typer.echo, started=STARTED)


@app.command()
def sandbox(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is.")] = 8765,
    fast: Annotated[bool, typer.Option("--fast", help="Play a whole cycle with scripted leads first.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Play it, print the transcript, exit.")] = False,
    portfolio: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the sample.")] = None,
    cycles: Annotated[
        int, typer.Option(min=1, max=4, help="How many to play; with two and more each has its workshop and its close.")
    ] = 1,
) -> None:
    """Try the bot in a built-in Slack workspace."""
    from bot import sandboxed

    wanted = sandboxed.Wanted(port, portfolio, cycles, fast)
    if headless:
        return sandboxed.play(wanted, typer.echo)
    return sandboxed.show(context.obj, wanted, typer.echo)


@app.command()
def tick(
    context: typer.Context,
    now: Now = None,
    deliver: Annotated[bool, typer.Option("--deliver", help="Send what it promised, too.")] = False,
) -> None:
    """Do everything that is due, once: for cron."""
    from bot.progress import on_one_line
    from bot.ticking import tick_once

    typer.echo(tick_once(_settings(context), now=now, deliver=deliver, progress=on_one_line()))


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="YAML, JSON or CSV; - reads it from stdin.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    *,
    mapped: csv_options.Map = None,
    delimiter: csv_options.Delimiter = None,
    dates: csv_options.Dates = None,
    decimal: csv_options.Decimals = None,
    cycle: csv_options.Cycle = None,
    unit: csv_options.Unit = None,
) -> None:
    """Bring a portfolio in: all of it or nothing."""
    from bot import portfolios

    stated = csv_options.stated(mapped, delimiter, dates, decimal, cycle=cycle, unit=unit)
    if stated is not None and not portfolios.may_be_csv(file):
        raise typer.BadParameter(f"{file} is no CSV file; --map, --delimiter and their like are for CSV")
    typer.echo(portfolios.bring_in(_settings(context), portfolios.opened_file(file, stated), dry_run=dry_run))


@app.command()
def export(
    context: typer.Context,
    format: Annotated[PortfolioFormat, typer.Option("--format", help="How it is written.")] = PortfolioFormat.YAML,
    cycle: Annotated[str | None, typer.Option(metavar="KEY", help="Only this cycle's objectives.")] = None,
    unit: Annotated[str, typer.Option(metavar="KEY", help="Of which unit a picture is.")] = "",
) -> None:
    """Write the portfolio: a file, a document, a calendar, pictures."""
    if format in {PortfolioFormat.MATRIX, PortfolioFormat.MAP}:
        from bot.digest_output import picture_of

        return typer.echo(picture_of(_settings(context), format.value, unit=unit), nl=False)
    from bot import portfolios

    return typer.echo(portfolios.written(_settings(context), format.value, cycle=cycle), nl=False)


@app.command()
def status(
    context: typer.Context,
    format: Annotated[StatusFormat, typer.Option("--format", help="For people or for programs.")] = StatusFormat.TEXT,
    now: Now = None,
) -> None:
    """Say where every key result stands."""
    from bot import portfolios

    typer.echo(portfolios.status_of(_settings(context), format.value, now=now), nl=False)


@app.command()
def digest(
    context: typer.Context,
    now: Now = None,
    whole: Annotated[bool, typer.Option("--print", help="Print it all, not only its headline.")] = False,
    format: Annotated[
        DigestFormat | None, typer.Option("--format", help="How it is written; eml is a whole e-mail.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to a file.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="KEY", help="Of this unit, not the first with a digest.")] = None,
    beside: Annotated[bool, typer.Option("--beside", help="Pictures in files of their own, beside FILE.")] = False,
) -> None:
    """Show the digest: its headline, or all of it."""
    from bot.digest_output import Wanted, digest_of

    if beside and out is None:
        raise typer.BadParameter("--beside needs --out FILE: the pictures are written beside it")
    form = format.value if format else ("text" if whole and out is None else None)
    typer.echo(digest_of(_settings(context), Wanted(unit, form, out, beside), now=now), nl=False)


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the database to the current schema."""
    from bot import databases

    typer.echo(databases.brought_up_to_date(_settings(context)))


@app.command()
def manifest(
    format: Annotated[ManifestFormat, typer.Option("--format", help="How it is written.")] = ManifestFormat.YAML,
    url: Annotated[str | None, typer.Option(metavar="https://…", help="For HTTP: where Slack reaches the bot.")] = None,
) -> None:
    """Print the Slack app manifest."""
    from bot.manifest import written

    try:
        typer.echo(written(format.value, url), nl=False)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="'--url'") from None


@app.command()
def doctor(context: typer.Context) -> None:
    """Check settings, database, Slack and model."""
    from bot.doctor import examine

    sound = True
    for finding in examine(context.obj):
        sound = sound and finding.ok
        typer.echo(str(finding))
    if not sound:
        raise typer.Exit(1)
