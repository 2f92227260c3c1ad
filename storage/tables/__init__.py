"""Every table. Rows are records: no queries, no rendering, no rules. Each carries the `team_id` of its workspace.

Each module is imported when one of its tables is first asked for, because each table costs time at the start and
memory ever after; it imports those that its rows point at.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.tables.alignment import AlignmentRecord, Dismissal
    from storage.tables.blockers import Adjustment, Blocker, Handshake
    from storage.tables.changes import Change
    from storage.tables.checkins import Answer, CheckinAsk, CheckinRound, Proposal
    from storage.tables.closing import CycleClose, Grade
    from storage.tables.delivery import InboxEvent, OutboxRow, PaceSlot
    from storage.tables.digests import DigestFeedback, DigestIssue
    from storage.tables.flags import FlagEvent, FlagLook, FlagThread, FlagView
    from storage.tables.model import ModelAnswer, ModelCall
    from storage.tables.nudges import Nudge
    from storage.tables.okrs import Contribution, Evidence, KeyResult, KeyResultOwner, KeyResultUpdate, Objective
    from storage.tables.organisation import Cycle, Person, Unit, UnitLead, Workspace
    from storage.tables.ownership import Ownership, Support
    from storage.tables.ratings import RatingBallot, RatingInvite, RatingPoll, RatingVote
    from storage.tables.workshops import Workshop, WorkshopItem, WorkshopOffer

_WHERE = {
    "alignment": ("AlignmentRecord", "Dismissal"),
    "blockers": ("Adjustment", "Blocker", "Handshake"),
    "changes": ("Change",),
    "checkins": ("Answer", "CheckinAsk", "CheckinRound", "Proposal"),
    "closing": ("CycleClose", "Grade"),
    "delivery": ("InboxEvent", "OutboxRow", "PaceSlot"),
    "digests": ("DigestFeedback", "DigestIssue"),
    "flags": ("FlagEvent", "FlagLook", "FlagThread", "FlagView"),
    "marks": ("PortfolioMark",),
    "model": ("ModelAnswer", "ModelCall"),
    "nudges": ("Nudge",),
    "okrs": ("Contribution", "Evidence", "KeyResult", "KeyResultOwner", "KeyResultUpdate", "Objective"),
    "organisation": ("Cycle", "Person", "Unit", "UnitLead", "Workspace"),
    "ownership": ("Ownership", "Support"),
    "ratings": ("RatingBallot", "RatingInvite", "RatingPoll", "RatingVote"),
    "workshops": ("Workshop", "WorkshopItem", "WorkshopOffer"),
}


def __getattr__(name: str) -> Any:
    for module, tables in _WHERE.items():
        if name in tables:
            return getattr(import_module(f"storage.tables.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_all() -> None:
    """Have every table in the metadata, as the migrations need it."""
    for module in _WHERE:
        import_module(f"storage.tables.{module}")


__all__ = [
    "Adjustment",
    "AlignmentRecord",
    "Answer",
    "Blocker",
    "Change",
    "CheckinAsk",
    "CheckinRound",
    "Contribution",
    "Cycle",
    "CycleClose",
    "DigestFeedback",
    "DigestIssue",
    "Dismissal",
    "Evidence",
    "FlagEvent",
    "FlagLook",
    "FlagThread",
    "FlagView",
    "Grade",
    "Handshake",
    "InboxEvent",
    "KeyResult",
    "KeyResultOwner",
    "KeyResultUpdate",
    "ModelAnswer",
    "ModelCall",
    "Nudge",
    "Objective",
    "OutboxRow",
    "Ownership",
    "PaceSlot",
    "Person",
    "PortfolioMark",
    "Proposal",
    "RatingBallot",
    "RatingInvite",
    "RatingPoll",
    "RatingVote",
    "Support",
    "Unit",
    "UnitLead",
    "Workshop",
    "WorkshopItem",
    "WorkshopOffer",
    "Workspace",
    "load_all",
]
