"""`plumbline sandbox`: the page, the play, or both. The only module of the product that imports the sandbox.

How the sandbox is put together and what is played is its own business; what could be typed is `bot.cli`'s.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot import portfolios, running
from bot.chatter import log_at, log_quietly
from bot.config import Settings
from bot.failures import CommandError
from bot.progress import Say, on_one_line
from bot.started import STARTED


@dataclass(frozen=True)
class Wanted:
    """What was typed: where the page is, a portfolio instead of the sample, and how many cycles are played first."""

    port: int
    portfolio: Path | None
    cycles: int
    fast: bool = False


def show(read: Callable[[], Settings], wanted: Wanted, say: Say) -> None:
    """Serve the page until the process is told to stop; with `fast`, of a workspace in which the cycles are over.

    `read` gives the settings of this run, once the portfolio is found to be one.
    """
    text = _checked(wanted.portfolio)
    from sandbox import live

    settings = read()
    log_quietly(settings)
    with running.stop_signals() as wait:
        if wanted.fast:
            return _play_and_stay(wanted, say, wait)
        return live.go_live(settings, port=wanted.port, portfolio=text, say=say, wait=wait, started=STARTED)


def play(wanted: Wanted, say: Say) -> None:
    """Print the transcript of whole cycles. Raises CommandError where a step did not hold."""
    _checked(wanted.portfolio)
    from sandbox.play import play as whole

    log_at("WARNING")
    result = whole(portfolio=wanted.portfolio, out=sys.stdout, cycles=wanted.cycles)
    say(f"{result.held} steps held, {len(result.broken)} did not")
    if not result.ok:
        raise CommandError("not every step of the play held; those that did not are marked BROKEN above")


def _checked(portfolio: Path | None) -> str | None:
    """The text of the portfolio, refused before anything starts."""
    return portfolios.checked(str(portfolio)) if portfolio else None


def _play_and_stay(wanted: Wanted, say: Say, wait: Callable[[], None]) -> None:
    """Play whole cycles, then let the page show how it ended."""
    from sandbox import live
    from sandbox.play import played

    progress, cycles = on_one_line(), wanted.cycles
    what = "a whole cycle" if cycles == 1 else f"{cycles} whole cycles"
    progress(f"playing {what}, about half a minute each")
    with played(portfolio=wanted.portfolio, out=StringIO(), port=wanted.port, cycles=cycles) as result:
        progress("")
        say(f"played {what}: {result.held} steps held, {len(result.broken)} did not")
        result.stage.clock.run()
        live.serve(result.stage, say=say, wait=wait, started=STARTED)
