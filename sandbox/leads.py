"""The scripted leads of the play: who reports which value in which round, and in what words. Pure, no Slack.

They report the updates of the portfolio file. For the sample, whose history ends in mid-cycle, they go on as the
history went, so that a whole cycle can be played; in a cycle after the file's they go on by even steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rituals.okrs.load import PortfolioState
from rituals.okrs.model import KEEP_KINDS, KeyResult
from rituals.okrs.numbers import write_amount, write_number
from rituals.okrs.progress import total_weight

_TENTH = Decimal("0.1")
STYLES = ("thread", "form", "channel", "plain")


@dataclass(frozen=True)
class Report:
    """What a lead has to say of one key result. `value` in its own unit."""

    key: str
    value: Decimal | None
    confidence: int | None
    note: str
    blocked: bool = False


@dataclass
class Script:
    """What everybody reports, by the file's history; with `goes_on` also after it ends."""

    history: PortfolioState
    goes_on: bool = False

    def __post_init__(self) -> None:
        self._values = {key: [u.value for u in kr.reports if u.value is not None] for key, kr in self._krs.items()}
        self._ends = max((u.at for kr in self._krs.values() for u in kr.updates), default=None)

    @property
    def _krs(self) -> dict[str, KeyResult]:
        return dict(self.history.key_results)

    def reports(self, person: str, since: datetime, until: datetime) -> tuple[Report, ...]:
        """What a person reports of the time after `since` up to `until`, in the order of the file's instants."""
        found = [
            (u.at, Report(key, u.value, u.confidence, u.note, u.blocked))
            for key, kr in self._krs.items()
            for u in kr.updates
            if u.by == person and since < u.at <= until and (u.value is not None or u.confidence is not None)
        ]
        if self.goes_on and self._ends is not None and since >= self._ends:
            return self._going_on(person)
        return tuple(report for _, report in sorted(found, key=lambda f: f[0]))

    def _going_on(self, person: str) -> tuple[Report, ...]:
        """The next value of each key result that this person reported before, along its last step."""
        mine = [kr for kr in self._krs.values() if any(u.by == person and u.role == "report" for u in kr.updates)]
        return tuple(report for kr in mine if (report := self._next(kr)) is not None)

    def _next(self, kr: KeyResult) -> Report | None:
        values = self._values[kr.key]
        if len(values) < 2 or kr.kind in KEEP_KINDS or kr.kind == "binary":
            return None
        value = values[-1] + (values[-1] - values[-2])
        if kr.kind == "milestone":
            weight = total_weight(kr.milestones)
            value = min(max(value, values[-1] + 1), Decimal(weight.numerator) / Decimal(weight.denominator))
        if kr.target is not None:
            value = min(value, kr.target) if kr.target > values[0] else max(value, kr.target)
        values.append(value)
        return Report(kr.key, value, None, "")


@dataclass
class Onward(Script):
    """What everybody reports in a cycle of which no file tells: an eighth of the way in every round."""

    def reports(self, person: str, since: datetime, until: datetime) -> tuple[Report, ...]:
        """The next step of each key result that a person answers for."""
        units = self.history.units
        mine = [
            kr for kr in self._krs.values() if person == (kr.reporter or next(iter(units[kr.owners[0]].leads), None))
        ]
        return tuple(report for kr in mine if (report := self._step(kr)) is not None)

    def _step(self, kr: KeyResult) -> Report | None:
        if kr.kind not in {"increase", "decrease"} or kr.start is None or kr.target is None:
            return None
        step = ((kr.target - kr.start) / 8).quantize(_TENTH)
        values = self._values[kr.key]
        value = (values[-1] if values else kr.start) + step
        if not step or (value > kr.target if step > 0 else value < kr.target):
            return None
        values.append(value)
        return Report(kr.key, value, None, "")


def value_text(kr: KeyResult, value: Decimal) -> str:
    """A value as a lead types it: `30 days`, `done`, `2 of 4`."""
    if kr.kind == "binary":
        return "done" if value >= 1 else "not done"
    if kr.kind == "milestone":
        weight = total_weight(kr.milestones)
        return f"{write_number(value)} of {write_number(Decimal(weight.numerator) / Decimal(weight.denominator))}"
    return write_amount(value, kr.measured_in)


def line(kr: KeyResult, report: Report) -> str:
    """One report as typed: `KR-12 30 days 7/10`."""
    parts = [report.key]
    if report.value is not None:
        parts.append(value_text(kr, report.value))
    if report.confidence is not None:
        parts.append(f"{report.confidence}/10")
    return " ".join(parts)


def numbered(lines: Sequence[str], blocker: str, adjust: str) -> str:
    """A reply by the numbers of the questions."""
    first = "; ".join(lines) or "nothing new"
    return f"1. {first}\n2. {blocker or 'no'}\n3. {adjust or 'no'}"


def plain_words(lines: Sequence[str], blocker: str, adjust: str) -> str:
    """A reply without numbers, one thing a line."""
    return "\n".join([*lines, blocker or "No blockers.", adjust or "Nothing to adjust."])
