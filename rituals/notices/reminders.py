"""What makes somebody act who was asked already: reminder, last call, a nudge by hand, and a missed round going up."""

from datetime import datetime
from typing import ClassVar

from rituals.notices.parts import HandSet, Notice, Part
from rituals.okrs.model import Status


class CheckinReminder(Notice):
    """The reminder or, with `last_call`, the last one before the end; in the prompt's thread.

    `instead_of` names the lead for whom `user` answers.
    """

    KIND: ClassVar[str] = "checkin_reminder"
    ask: int
    number: int
    unit: str
    due_at: datetime
    user: str
    behind: tuple[str, ...] = ()
    open: int = 0
    last_call: bool = False
    instead_of: str | None = None


class CheckinNudge(Notice):
    """A person asks another for their check-in (live until sent: who has answered meanwhile gets none)."""

    KIND: ClassVar[str] = "checkin_nudge"
    ask: int
    number: int
    unit: str
    due_at: datetime
    closed: bool = False
    user: str
    by: str
    behind: tuple[str, ...] = ()
    open: int = 0
    instead_of: str | None = None


class KrNudge(Notice):
    """A person asks another for the value of a key result (live until sent, as above)."""

    KIND: ClassVar[str] = "kr_nudge"
    key: str
    title: str
    status: Status
    by_hand: HandSet | None = None
    user: str
    by: str
    now: str | None = None
    last_at: datetime | None = None


class CheckinMissed(Notice):
    """The round closed without this lead: what can still be done, and who is told at `told_at` if nothing comes."""

    KIND: ClassVar[str] = "checkin_missed"
    ask: int
    number: int
    unit: str
    told: tuple[str, ...] = ()
    told_at: datetime | None = None
    instead_of: str | None = None


class MissingLead(Part):
    """A lead who missed a round, as it is said to those above: nothing but what was seen.

    `reminded` counts what was sent; `not_reminded` says why something was not: limit, quiet.
    """

    name: str
    units: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    reminded: int = 0
    not_reminded: str = ""


class Escalation(Notice):
    """One message a round to a lead above: who has not answered. `told` are they, too, with the same words."""

    KIND: ClassVar[str] = "checkin_escalation"
    round: int
    number: int
    unit: str
    closed_at: datetime
    missing: tuple[MissingLead, ...]


class EscalationCopy(Notice):
    """To each lead named there: that it was sent, to whom, and what it says of them."""

    KIND: ClassVar[str] = "checkin_escalation_copy"
    ask: int
    number: int
    unit: str
    told: tuple[str, ...]
    line: MissingLead
