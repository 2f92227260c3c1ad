"""Everything a digest may say, as values: what is, and what stood in the last one. Assembled by the service.

Names are people's and units' own, for showing; texts are raw. Nothing here decides, words or loads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from rituals.notices import KrLine, RatedCycle
from rituals.notices.digests import Audience
from rituals.notices.flags import FlagNews
from rituals.okrs.figures import Figures
from rituals.okrs.model import KeyResult, Status


@dataclass(frozen=True, slots=True)
class Before:
    """How a key result stood in the last digest. `behind`: it had a reason to be called so. Progress is raw."""

    progress: Fraction | None
    status: Status
    behind: bool = False


@dataclass(frozen=True, slots=True)
class KrFacts:
    """A key result now and then. `words` are its owners' last ones, `words_on` their local day, `permalink` where."""

    kr: KeyResult
    figures: Figures
    line: KrLine
    before: Before | None = None
    words: str = ""
    permalink: str | None = None
    words_on: date | None = None

    @property
    def behind(self) -> bool:
        """At least one rule says that it is falling behind: of what is not shared only in its own unit's digest."""
        return bool(self.figures.flags)


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer that blockers rest on. `number` is its 1-based place among this digest's sources."""

    number: int
    text: str
    unit: str = ""
    by: str | None = None
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class BlockerFacts:
    """A blocker. `by` is the unit held up, `on` the one waited for; `answers` are numbers of `AnswerFacts`.

    `days` are whole days open; `new` says that the last digest did not have it. It is what `mark` says since
    `unchanged_since`, over so many `rounds` of its unit. `asked` words what the unit waited for was asked and said,
    `next_step` who is to act on what, by `next_on`.
    """

    number: int
    text: str
    by: str
    opened_at: datetime
    on: str | None = None
    key_result: str | None = None
    until: date | None = None
    days: int = 0
    new: bool = False
    answers: tuple[int, ...] = ()
    mark: str = ""
    unchanged_since: datetime | None = None
    rounds: int = 0
    asked: str = ""
    next_step: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A unit that said at an instant that nothing blocks it, and its key results (keys) that have not moved."""

    unit: str
    at: datetime
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """A proposed change that waits for a decision, by the people who `decide`; `reason` in the words of who asks."""

    number: int
    text: str
    by: str | None = None
    key_result: str | None = None
    reason: str = ""
    decide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueFacts:
    """Something that is due on a local day, in words: a milestone, a promise, a next step, a check-in."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class PersonName:
    """Someone whose name may stand in an answer, with other spellings of it: for hiding from a model."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aligned:
    """The shared lag index, the share connected and moving and the net confidence (-1 to 1) of the day `kept_on`, and
    the newest rating; None where there is not enough data.
    """

    lag: float | None = None
    kept_on: date | None = None
    rating: RatedCycle | None = None
    net: float | None = None
    moving: float | None = None


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """One digest's material for the unit named `unit` at the instant `now`; `since` is the last digest's instant.

    `week_of` is the Monday of the local week; `elapsed` the share of the cycle gone by. `connection_before` is the
    rate the last digest gave. `not_answered` are names; `unit_names` maps keys to names. `skipped` words digests that
    could not be given in time. Of a unit's own digest `waited_for` are blockers of others that wait for it, and `due`
    what falls due until the next one.
    """

    unit: str
    now: datetime
    zone: ZoneInfo
    week_of: date
    key_results: tuple[KrFacts, ...]
    digest: int = 0
    since: datetime | None = None
    cycle: str | None = None
    elapsed: Fraction | None = None
    blockers: tuple[BlockerFacts, ...] = ()
    resolved: tuple[BlockerFacts, ...] = ()
    answers: tuple[AnswerFacts, ...] = ()
    adjustments: tuple[AdjustmentFacts, ...] = ()
    new_adjustments: frozenset[int] = frozenset()
    not_answered: tuple[str, ...] = ()
    connection: Fraction | None = None
    connection_before: Fraction | None = None
    aligned: Aligned = Aligned()
    unit_names: Mapping[str, str] = field(default_factory=dict)
    people: tuple[PersonName, ...] = ()
    skipped: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    flag_news: tuple[FlagNews, ...] = ()
    audience: Audience = "leadership"
    waited_for: tuple[BlockerFacts, ...] = ()
    due: tuple[DueFacts, ...] = ()

    @property
    def thing(self) -> str:
        """What is counted: a unit reads of all its key results, those above of the shared ones."""
        return "key result" if self.audience == "unit" else "shared key result"

    @property
    def today(self) -> date:
        """The local day of the digest."""
        return self.now.astimezone(self.zone).date()
