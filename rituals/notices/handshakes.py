"""What is said between two units about a blocker: the question to the provider, its answer to who asked."""

from datetime import date
from typing import ClassVar, Literal

from rituals.notices.parts import Notice

HandshakeState = Literal["asked", "accepted", "countered", "declined", "disputed"]


class HandshakeAsk(Notice):
    """The question to one lead of the unit that is waited for (DM, live: it shows what was answered, and by whom).

    `asked_for` is the day that was wished, `day` the one that stands. `closed`: the blocker is out of the way.
    """

    KIND: ClassVar[str] = "handshake_ask"
    handshake: int
    number: int
    text: str
    by: str
    unit: str
    asked_by: str
    key_result: str | None = None
    asked_for: date | None = None
    day: date | None = None
    note: str = ""
    state: HandshakeState = "asked"
    answered_by: str | None = None
    closed: bool = False


class HandshakeTold(HandshakeAsk):
    """What came of it, to who asked, and in dispute to who leads both (DM, live)."""

    KIND: ClassVar[str] = "handshake_told"
