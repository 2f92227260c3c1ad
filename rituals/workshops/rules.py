"""The alignment workshop as rules: which step follows which, whose turn it is, when a clock shows something new, and
whom an item asks.

Pure: a standing, a move and an instant in, another standing and what is to be done out. It never takes a step back,
and it loads, writes and words nothing.
"""

from collections.abc import Collection, Container
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

from rituals.calendar import add_working_days, resolve

State = Literal["planned", "drafting", "presenting", "adjusting", "confirming", "closed", "cancelled"]
Move = Literal["begin", "next", "extend", "adjust", "confirm", "close", "cancel"]
Intent = Literal["freeze_before", "show_turn", "send_items", "freeze_after", "ask_confirmation", "record"]
Kind = Literal["dependency", "conflict", "opportunity", "decision"]
Provider = Literal["", "draft", "other"]

ORDER: tuple[State, ...] = get_args(State)
AHEAD: frozenset[State] = frozenset({"planned", "drafting"})
RUNNING: frozenset[State] = frozenset({"presenting", "adjusting", "confirming"})
TURN = timedelta(minutes=10)
LONGER = timedelta(minutes=5)
TICKS = (0, 2, 5, 10)  # minutes after the end of a turn at which its clock says something new
APART = timedelta(seconds=10)  # of two who type `next` at once, one moves it
ASKED_BEFORE, ASKS = 3, time(9)  # working days before, and the hour, at which lines are asked for drafts
OFFERED_BEFORE = 10  # working days before a cycle at which its workshop is proposed
OFFERED_FOR = timedelta(days=10)  # from a cycle's first day on; after that it runs without one
BEGINS = time(10)
REACTIONS: dict[str, Kind] = {"link": "dependency", "zap": "conflict", "bulb": "opportunity"}
_NO_DAYS: frozenset[date] = frozenset()
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a workshop is: `turns` are the keys of the lines in their order, `turn` the one whose time runs until
    `ends_at` (UTC; None but while lines present). `step` counts the moves.
    """

    state: State
    step: int = 0
    turns: tuple[str, ...] = ()
    turn: int = 0
    ends_at: datetime | None = None

    @property
    def line(self) -> str | None:
        """The line whose turn it is."""
        return self.turns[self.turn] if self.state == "presenting" else None

    @property
    def after(self) -> str | None:
        """The line that comes next."""
        follows = self.turn + 1 if self.state == "presenting" else 0
        return self.turns[follows] if self.state in AHEAD | {"presenting"} and follows < len(self.turns) else None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move brings: the new standing, and what is to be done about it."""

    standing: Standing
    intents: tuple[Intent, ...] = ()


def move(standing: Standing, what: Move, at: datetime) -> Moved | None:
    """The standing after a move at an instant; None where that move cannot be made now."""
    now = replace(standing, step=standing.step + 1)
    if what == "next":
        return _next(now, at)
    if what == "begin":
        return _begin(now, at) if standing.state in AHEAD else None
    if what == "extend" and standing.ends_at is not None:
        return Moved(replace(now, ends_at=max(standing.ends_at, at) + LONGER))
    if what == "adjust":
        return _adjusting(now) if standing.state == "presenting" else None
    if what == "cancel":
        return Moved(replace(now, state="cancelled")) if standing.state in AHEAD else None
    ends = standing.state == "confirming" if what == "confirm" else standing.state in RUNNING
    return _closed(now) if ends and what in {"confirm", "close"} else None


def _next(now: Standing, at: datetime) -> Moved | None:
    if now.state in AHEAD:
        return _begin(now, at)
    if now.state == "presenting" and now.turn + 1 < len(now.turns):
        return Moved(replace(now, turn=now.turn + 1, ends_at=at + TURN), ("show_turn",))
    if now.state == "presenting":
        return _adjusting(now)
    if now.state == "adjusting":
        return Moved(replace(now, state="confirming"), ("freeze_after", "ask_confirmation"))
    return None


def _begin(now: Standing, at: datetime) -> Moved:
    if not now.turns:
        opened = _adjusting(now)
        return replace(opened, intents=("freeze_before", *opened.intents))
    return Moved(replace(now, state="presenting", turn=0, ends_at=at + TURN), ("freeze_before", "show_turn"))


def _adjusting(now: Standing) -> Moved:
    return Moved(replace(now, state="adjusting", ends_at=None), ("send_items",))


def _closed(now: Standing) -> Moved:
    return Moved(replace(now, state="closed", ends_at=None), ("freeze_after", "record"))


def minutes_over(ends_at: datetime, at: datetime) -> int:
    """Whole minutes by which a turn is over its time; 0 while it is not."""
    return max(0, int((at - ends_at) / timedelta(minutes=1)))


def next_tick(ends_at: datetime, after: datetime | None = None) -> datetime | None:
    """The first instant later than `after` at which the clock of a turn has something new to say; None after the last
    one, so that nobody is chased.
    """
    ticks = (ends_at + timedelta(minutes=minutes) for minutes in TICKS)
    return next((tick for tick in ticks if after is None or tick > after), None)


def asks_at(starts_at: datetime, zone: ZoneInfo, off: Container[date] = _NO_DAYS) -> datetime:
    """When the lines are asked for their drafts (UTC): 09:00 local on the third working day before."""
    return resolve(_before(starts_at.astimezone(zone).date(), ASKED_BEFORE, off), ASKS, zone)


def offers_at(cycle_starts: date, zone: ZoneInfo, off: Container[date] = _NO_DAYS) -> datetime:
    """When a workshop that nobody planned is proposed (UTC): 09:00 local on the tenth working day before its cycle."""
    return resolve(_before(cycle_starts, OFFERED_BEFORE, off), ASKS, zone)


def offers_until(cycle_starts: date, zone: ZoneInfo) -> datetime:
    """From when on it is proposed no more (UTC)."""
    return resolve(cycle_starts + OFFERED_FOR, time(0), zone)


def _before(day: date, days: int, off: Container[date]) -> date:
    """The `days`-th working day before a day."""
    while days:
        day -= _DAY
        days -= day.weekday() < 5 and day not in off
    return day


def suggested(cycle_starts: date, today: date, zone: ZoneInfo, off: Container[date] = _NO_DAYS) -> datetime:
    """When a workshop is proposed (UTC): 10:00 local on the cycle's first working day, or on the fourth from today
    where that is later, so that the lines have time for drafts.
    """
    first = add_working_days(cycle_starts - _DAY, 1, off)
    return resolve(max(first, add_working_days(today, ASKED_BEFORE + 1, off)), BEGINS, zone)


def asked_of(kind: str, unit: str, other: str | None, provider: str, by: Collection[str]) -> str | None:
    """The line that answers an item: of a dependency the one that is to deliver, else the one of the two that did not
    say it; nobody for a decision. `by` are the units that its author leads.
    """
    if kind == "decision":
        return None
    if kind == "dependency":
        return other if provider == "other" and other else unit
    return other if other and unit in by and other not in by else unit


def counts(last: datetime, said: datetime) -> bool:
    """Whether what somebody said or took back at an instant is news: events may come twice and out of order."""
    return said > last


def instant_of(ts: str) -> datetime:
    """The instant of a Slack time stamp, to the microsecond."""
    seconds, _, micros = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros or 0))


def state_of(word: str) -> State:
    """A word of the database as a state."""
    return cast(State, word)
