"""Plays whole cycles with scripted leads against the strict sandbox, checks every step, and prints the transcript.

The bot is the real one; the leads act only as people can (messages, forms, clicks). What they should find, and what
the database should hold afterwards, is worked out from the portfolio file and not from what the bot says.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from bot.failures import CommandError
from rituals.okrs.load import CycleSpan, PortfolioState, load_portfolio
from rituals.okrs.portfolio.file import Portfolio, read_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from rituals.okrs.progress import current_value
from sandbox.answering import Answering
from sandbox.chair import Chair
from sandbox.checks import Checks
from sandbox.leads import Onward, Script
from sandbox.scripted import Play
from sandbox.seed import SAMPLE
from sandbox.stage import Stage, set_up
from storage import outbox
from storage.database import Database
from storage.schema import migrate

AFTER = timedelta(days=7, hours=10)  # the rating closes and the last digest goes out after the end; then people work


@dataclass(frozen=True)
class PlayResult:
    """How many steps held, which did not, and the stage on which it was played."""

    held: int
    broken: tuple[str, ...]
    stage: Stage

    @property
    def ok(self) -> bool:
        return not self.broken


def play(*, portfolio: Path | None, out: TextIO, cycles: int = 1) -> PlayResult:
    """Play a cycle of the sample, or of a portfolio file whose leads report the file's own updates, and take it down.

    With more `cycles` each goes from the alignment workshop to the close that carries key results into the next. Prints
    the transcript and every step that did not hold to `out`. Raises CommandError where there is nothing to play.
    """
    with played(portfolio=portfolio, out=out, cycles=cycles) as result:
        return result


@contextmanager
def played(*, portfolio: Path | None, out: TextIO, port: int = 0, cycles: int = 1) -> Iterator[PlayResult]:
    """The same with the stage left standing at the end of the cycle, its page on `port`, until the block is left."""
    text = (portfolio or SAMPLE).read_text(encoding="utf-8")
    with TemporaryDirectory(prefix="plumbline-play-") as folder:
        history = _history(Path(folder) / "history.db", text)
        stage = _stage(Path(folder), read_portfolio(text), history, port)
        checks = Checks(out)
        try:
            script = Script(history, goes_on=portfolio is None)
            reported = _cycles(stage, script, checks, cycles) if cycles > 1 else _one_cycle(stage, script, checks)
            out.write(stage.sandbox.transcript() + "\n")
            _at_the_end(stage, checks, reported)
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


def _one_cycle(stage: Stage, script: Script, checks: Checks) -> dict[str, Decimal]:
    run = Play(Answering(stage, script, checks, _asked(stage, script)))
    return _played(stage, script, run).answering.reported


def _cycles(stage: Stage, script: Script, checks: Checks, cycles: int) -> dict[str, Decimal]:
    """One after the other, each with its workshop and its close; what was reported in all of them."""
    chair, digests, reported = _chair(stage, checks), 0, dict[str, Decimal]()
    for _ in range(cycles):
        chair.plan()
        begins = stage.clock.now().timestamp()
        answering = Answering(stage, script, checks, _asked(stage, script), begins)
        run = _played(stage, script, Play(answering, digests, chairs=(chair.hold,)))
        digests, reported = run.digests, {**reported, **answering.reported}
        key = _last(script.history).key
        after = chair.close(key)
        if after is None:
            checks.expect(False, f"a cycle follows {key}")
            break
        script = Onward(_only(stage, after))
    return reported


def _played(stage: Stage, script: Script, run: Play) -> Play:
    """Until the rating is closed and the last digest is out."""
    history = script.history
    until = datetime.combine(_last(history).ends, datetime.min.time(), tzinfo=history.zone) + AFTER
    run.run(until)
    stage.go_to(until)
    run.expect_rating()
    return run


def _last(history: PortfolioState) -> CycleSpan:
    return max(history.cycles.values(), key=lambda cycle: cycle.ends)


def _asked(stage: Stage, script: Script) -> tuple[str, ...]:
    members = stage.state().people
    return tuple(lead for lead in _leads(script.history) if members[lead].slack)


def _only(stage: Stage, cycle: str) -> PortfolioState:
    """The portfolio as it stands, with one cycle alone."""
    state = stage.state()
    objectives = tuple(o for o in state.objectives if o.cycle == cycle)
    return replace(state, cycles={cycle: state.cycles[cycle]}, objectives=objectives)


def _chair(stage: Stage, checks: Checks) -> Chair:
    """Who runs the rituals of the first portfolio. Raises CommandError where nobody can."""
    state = stage.state()
    for key, unit in state.units.items():
        leads = [lead for lead in unit.leads if state.people[lead].slack]
        if unit.level == "portfolio" and leads and state.rhythms[key].channel:
            return Chair(stage, checks, key, leads[0])
    raise CommandError("several cycles need a portfolio with a lead and a channel, to hold workshops and close cycles")


def _leads(history: PortfolioState) -> tuple[str, ...]:
    lines = [unit for unit in history.units.values() if unit.level == "product_line"]
    return tuple(dict.fromkeys(lead for unit in lines for lead in unit.leads))


def _at_the_end(stage: Stage, checks: Checks, reported: Mapping[str, Decimal]) -> None:
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
        now = stage.clock.now()
        left = [row for row in outbox.unsettled(session, stage.team) if row.due_at <= now or row.attempts]
    state = stage.state()
    checks.expect(not left, f"everything promised was delivered ({[row.key for row in left][:5]})")
    refused = list(stage.sandbox.rejected)
    checks.expect(not refused, f"Slack refused nothing ({refused[:3]})")
    for key, wanted in reported.items():
        got = current_value(state.key_results[key])
        checks.expect(got == wanted, f"{key} is {wanted} at the end ({got})")
