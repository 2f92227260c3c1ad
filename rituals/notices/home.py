"""App Home of one person."""

from datetime import date, datetime
from typing import ClassVar

from rituals.notices.ownership import OwnershipAsk
from rituals.notices.parts import BlockerLine, KrLine, Notice, Part
from rituals.notices.ratings import RatedCycle


class Owed(Part):
    """A check-in or rating that waits for this person. `partly`: answered in part; `back_at`: put off until then;
    `instead_of`: the lead for whom they answer. An `anonymous` rating is given for good.

    Or `cycle`, whose closing waits for them with `left` key results to decide on; or `owning`, a question about owning
    a key result together.
    """

    what: str
    ask: int | None = None
    poll: int | None = None
    number: int | None = None
    unit: str = ""
    due_at: datetime | None = None
    late: bool = False
    partly: bool = False
    back_at: datetime | None = None
    no_change: bool = False
    instead_of: str | None = None
    anonymous: bool = False
    cycle: str | None = None
    left: int = 0
    owning: OwnershipAsk | None = None


class HomeUnit(Part):
    """A unit of mine in the Home tab; `answered` of `asked` in the round that is open, none where none is."""

    name: str
    level: str
    key_results: int
    on_track: int
    channel: str | None = None
    answered: int = 0
    asked: int = 0


class HomeAlignment(Part):
    """How the portfolio stands. Shares 0-1; `connection_before` was so on the earlier day `before_on`; `lag`, `moving`
    (connected and moving) and `net` (-1 to 1, net confidence) are those of the newest kept day, `kept_on`.

    `thin` objectives have fewer than two lines, `unlinked` lines have no link. None stands for "not enough data".
    """

    unit: str
    unit_key: str
    connection: float | None
    connection_before: float | None = None
    before_on: date | None = None
    thin: int = 0
    unlinked: int = 0
    lag: float | None = None
    net: float | None = None
    moving: float | None = None
    kept_on: date | None = None
    rating: RatedCycle | None = None


class HomeSettings(Part):
    """What this person has set, or what holds for them: zone, quiet hours worded, the days they are away."""

    zone: str
    quiet: str
    away_from: date | None = None
    away_until: date | None = None
    delegate: str | None = None


class Home(Notice):
    """App Home of one person (live, published). Without `name` not in the portfolio; `contacts` can add them. `missing`
    is what keeps the bot from a ritual, in words.
    """

    KIND: ClassVar[str] = "home"
    user: str
    name: str | None
    owed: tuple[Owed, ...] = ()
    key_results: tuple[KrLine, ...] = ()
    units: tuple[HomeUnit, ...] = ()
    alignment: HomeAlignment | None = None
    blockers: tuple[BlockerLine, ...] = ()
    rhythm: tuple[tuple[str, datetime], ...] = ()
    missing: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    settings: HomeSettings | None = None
