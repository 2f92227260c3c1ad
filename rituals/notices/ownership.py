"""What is said about owning a key result together: the question to a unit, and what came of it to who asked."""

from typing import ClassVar, Literal

from rituals.notices.parts import Notice

OwnershipState = Literal["asked", "accepted", "declined", "countered", "withdrawn"]


class OwnershipAsk(Notice):
    """The question to one lead of a unit (DM, live: it shows what was answered, and by whom).

    `course` words the way ("45 → 20 days"), `beside` are the other owners. Countered: `other` is the unit that is
    offered instead, without one it would support only; `agreed` says that so it is. `over`: asked anew meanwhile.
    `ended` is what was closed, where that is why it was withdrawn; `seen` names the offer that is shown.
    """

    KIND: ClassVar[str] = "ownership_ask"
    ownership: int
    key: str
    title: str
    course: str = ""
    objective: str = ""
    unit: str
    asked_by: str
    beside: tuple[str, ...] = ()
    reporter: str | None = None
    state: OwnershipState = "asked"
    other: str | None = None
    note: str = ""
    support: str = ""
    answered_by: str | None = None
    agreed: bool = False
    ended: str = ""
    seen: str = ""
    over: bool = False


class OwnershipTold(OwnershipAsk):
    """What came of it, to who asked (DM, live). `editable`: whether they may open its form."""

    KIND: ClassVar[str] = "ownership_told"
    editable: bool = False


class OwnershipReminder(OwnershipAsk):
    """A word in the thread of a question that waits, or of an offer, to `user` (a Slack id) who must act (live)."""

    KIND: ClassVar[str] = "ownership_reminder"
    user: str
