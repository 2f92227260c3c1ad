"""Early warnings scored against what happened: of the shared key results of a cycle that is over, which were warned of
in time and which missed. Pure; precision and recall, each with what it was counted from.

A warning is a flag of pace, trend, stall or divergence that opened before a person said that it goes badly (a
confidence of 3 or less, a fall by 3 or more, blocked by another, a bad status by hand), and two weeks before the end at
the latest: later nobody can act on it. Missed is a final score under what the commitment needs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from rituals.calendar import resolve
from rituals.okrs.flags.events import FlagEvent
from rituals.okrs.flags.rules import CONFIDENCE_DROP, LOW_CONFIDENCE, NEEDED
from rituals.okrs.model import KeyResult
from rituals.okrs.pace import BEHIND
from rituals.okrs.progress import progress_at

EARLY = frozenset({"pace", "trend", "stalled", "divergence"})
IN_TIME = timedelta(days=14)
FEWEST = 5
"""So many warnings it takes for a precision, and so many misses for a recall."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A key result of a cycle that is over: by what and when it was warned of (None: not in time, or people said so
    before), and its final score (None: nobody ever reported it).
    """

    kr: KeyResult
    warned: FlagEvent | None
    score: Fraction | None

    @property
    def missed(self) -> bool:
        """Under what its commitment needs; what was never reported is missed too."""
        return self.score is None or self.score < Fraction(str(NEEDED[self.kr.commitment]))


@dataclass(frozen=True, slots=True)
class Score:
    """How good the warnings of one cycle were. `precision` is the share of those warned of that missed, `recall` that
    of those missed that were warned of; None with fewer than FEWEST to count from.
    """

    key_results: int
    warned: int
    missed: int
    hits: int

    @property
    def precision(self) -> float | None:
        """Share of the warnings that came true."""
        return self.hits / self.warned if self.warned >= FEWEST else None

    @property
    def recall(self) -> float | None:
        """Share of the misses that were warned of."""
        return self.hits / self.missed if self.missed >= FEWEST else None


def score(found: Iterable[Outcome]) -> Score:
    """Counts of one cycle."""
    outcomes = list(found)
    warned, missed = [o for o in outcomes if o.warned], [o for o in outcomes if o.missed]
    hits = sum(o.missed for o in warned)
    return Score(len(outcomes), len(warned), len(missed), hits)


def outcome(kr: KeyResult, book: Sequence[FlagEvent], graded: Fraction | None, zone: ZoneInfo) -> Outcome:
    """What became of one key result; `graded` is its score where people gave one, else its progress at the end is."""
    end = resolve(kr.ends + timedelta(days=1), time(0), zone)
    final = graded if graded is not None else progress_at(kr, end, zone)
    return Outcome(kr, warning(kr, book, end), final)


def warning(kr: KeyResult, book: Sequence[FlagEvent], end: datetime) -> FlagEvent | None:
    """The first early warning of a key result that came in time and before people said so."""
    said = said_badly_at(kr)
    latest = min(end - IN_TIME, said) if said else end - IN_TIME
    early = (event for event in book if event.event == "opened" and event.reason in EARLY)
    return next((event for event in early if event.at < latest), None)


def said_badly_at(kr: KeyResult) -> datetime | None:
    """When a person first said that it goes badly, by the limits of METHOD's confidence, as blocked by another, or by a
    status of at risk or off track that they set.
    """
    before: int | None = None
    for update in kr.updates:
        low = update.confidence is not None and update.confidence <= LOW_CONFIDENCE
        fell = update.confidence is not None and before is not None and before - update.confidence >= CONFIDENCE_DROP
        if low or fell or update.blocked or update.status in BEHIND:
            return update.at
        if update.role == "report" and update.confidence is not None:
            before = update.confidence
    return None
