"""Plays a whole cycle with scripted leads against the strict sandbox, checks every step, and prints the transcript.

The bot is the real one; the leads act only as people can (messages, forms, clicks). What they should find, and what
the database should hold afterwards, is worked out from the portfolio file and not from what the bot says.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from bot.failures import CommandError
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.portfolio_file import Portfolio, read_portfolio
from rituals.okrs.portfolio_service import import_portfolio
from rituals.okrs.portfolio_write import write_yaml
from rituals.okrs.progress import current_value
from sandbox.leads import Script
from sandbox.scripted import Checks, Play
from sandbox.seed import SAMPLE
from sandbox.stage import Stage, set_up
from storage import outbox
from storage.database import Database
from storage.schema import migrate

AFTER = timedelta(days=7)  # the rating closes and the last digest goes out after the cycle's end


@dataclass(frozen=True)
class PlayResult:
    """How many steps held, which did not, and the stage on which it was played."""

    held: int
    broken: tuple[str, ...]
    stage: Stage

    @property
    def ok(self) -> bool:
        return not self.broken


def play(*, portfolio: Path | None, out: TextIO) -> PlayResult:
    """Play a cycle of the sample, or of a portfolio file whose leads report the file's own updates, and take it down.

    Prints the transcript and every step that did not hold to `out`.
    """
    with played(portfolio=portfolio, out=out) as result:
        return result


@contextmanager
def played(*, portfolio: Path | None, out: TextIO, port: int = 0) -> Iterator[PlayResult]:
    """The same with the stage left standing at the end of the cycle, its page on `port`, until the block is left."""
    text = (portfolio or SAMPLE).read_text(encoding="utf-8")
    with TemporaryDirectory(prefix="plumbline-play-") as folder:
        history = _history(Path(folder) / "history.db", text)
        stage = _stage(Path(folder), read_portfolio(text), history, port)
        checks = Checks(out)
        try:
            run = _whole_cycle(stage, Script(history, goes_on=portfolio is None), checks, history)
            out.write(stage.sandbox.transcript() + "\n")
            _at_the_end(stage, checks, run)
            yield PlayResult(checks.held, tuple(checks.broken), stage)
        finally:
            stage.close()


def _history(path: Path, text: str) -> PortfolioState:
    db = Database(f"sqlite:///{path}")
    migrate(db)
    far = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    import_portfolio(db, "HISTORY", text, now=far)
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, "HISTORY")
    db.close()
    return state


def _stage(folder: Path, file: Portfolio, history: PortfolioState, port: int) -> Stage:
    """The file's portfolio without its history, a day before its first cycle begins."""
    bare = file.model_copy(
        update={
            "objectives": tuple(
                o.model_copy(update={"key_results": tuple(k.model_copy(update={"updates": ()}) for k in o.key_results)})
                for o in file.objectives
            )
        }
    )
    if not history.cycles or not _leads(history):
        raise CommandError(
            "there is nothing to play in that portfolio: it needs a cycle, and a product line with a lead"
        )
    starts = min(c.starts for c in history.cycles.values())
    db = Database(f"sqlite:///{folder / 'play.db'}")
    migrate(db)
    db.close()
    begin = datetime.combine(starts, datetime.min.time(), tzinfo=history.zone) - timedelta(days=1)
    return set_up(folder / "play.db", at=begin.isoformat(), portfolio=write_yaml(bare), port=port)


def _whole_cycle(stage: Stage, script: Script, checks: Checks, history: PortfolioState) -> Play:
    ends = max(c.ends for c in history.cycles.values())
    until = datetime.combine(ends, datetime.min.time(), tzinfo=history.zone) + AFTER
    with stage.db.transaction(readonly=True) as session:
        members = load_portfolio(session, stage.team).people
    played = Play(stage, script, checks, tuple(lead for lead in _leads(history) if members[lead].slack))
    played.run(until)
    played.expect_rating(checks)
    return played


def _leads(history: PortfolioState) -> tuple[str, ...]:
    lines = [unit for unit in history.units.values() if unit.level == "product_line"]
    return tuple(dict.fromkeys(lead for unit in lines for lead in unit.leads))


def _at_the_end(stage: Stage, checks: Checks, run: Play) -> None:
    """Nothing doubled, nothing lost, nothing refused, and the database has the last values that were reported."""
    markers = Counter(
        m.metadata["event_payload"]["key"]
        for channel in stage.sandbox.workspace.channels
        for m in stage.sandbox.messages(channel)
        if m.metadata
    )
    doubled = [key for key, count in markers.items() if count > 1]
    checks.expect(not doubled, f"no message was posted twice ({len(doubled)} were)")
    with stage.db.transaction(readonly=True) as session:
        left = outbox.unsettled(session, stage.team)
        state = load_portfolio(session, stage.team)
    checks.expect(not left, f"everything promised was delivered ({[row.key for row in left][:5]})")
    refused = list(stage.sandbox.rejected)
    checks.expect(not refused, f"Slack refused nothing ({refused[:3]})")
    for key, wanted in run.reported.items():
        got = current_value(state.key_results[key])
        checks.expect(got == wanted, f"{key} is {wanted} at the end ({got})")
