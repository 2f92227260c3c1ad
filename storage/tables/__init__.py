"""Every table. Rows are records: no queries, no rendering, no rules. Each carries the `team_id` of its workspace."""

from storage.tables.alignment import AlignmentRecord, Dismissal
from storage.tables.blockers import Adjustment, Blocker, Handshake
from storage.tables.changes import Change
from storage.tables.checkins import Answer, CheckinAsk, CheckinRound, Proposal
from storage.tables.delivery import InboxEvent, OutboxRow, PaceSlot
from storage.tables.digests import DigestIssue
from storage.tables.model import ModelAnswer, ModelCall
from storage.tables.nudges import Nudge
from storage.tables.okrs import (
    Contribution,
    Evidence,
    KeyResult,
    KeyResultOwner,
    KeyResultUpdate,
    Objective,
)
from storage.tables.organisation import Cycle, Person, Unit, UnitLead, Workspace
from storage.tables.ratings import RatingInvite, RatingPoll, RatingVote

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
    "DigestIssue",
    "Dismissal",
    "Evidence",
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
    "PaceSlot",
    "Person",
    "Proposal",
    "RatingInvite",
    "RatingPoll",
    "RatingVote",
    "Unit",
    "UnitLead",
    "Workspace",
]
