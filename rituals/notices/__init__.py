"""Everything the bot says by itself, as data: one class a kind, frozen when the decision is made.

A service promises a notice by writing it to the outbox (`kind` and `model_dump(mode="json")`); delivery reads it
back, and `bot.views` turns it into blocks. Nothing here formats, escapes or knows Slack's blocks: texts are raw,
instants aware UTC, shares 0-1, amounts already worded with their unit ("41 days") because the wording is a rule.

Each module is imported when one of its classes is first asked for.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rituals.notices.adjustments import AdjustmentAsk, AdjustmentLine, AdjustmentTold
    from rituals.notices.cards import SharedCard
    from rituals.notices.checkins import (
        AwayLead,
        CheckinBack,
        CheckinBoard,
        CheckinPrompt,
        Guess,
        Later,
        Missing,
        Receipt,
        SavedLine,
        SharedAnswer,
    )
    from rituals.notices.closing import ClosingProgress, ClosingReminder, Retrospective
    from rituals.notices.conflicts import ConflictSide, ConflictTold
    from rituals.notices.delivery import DeliveryTrouble
    from rituals.notices.digests import Claim, Digest, DigestApproval, DigestDetails, DigestWaiting, FallingBehind
    from rituals.notices.exports import Export
    from rituals.notices.flags import FlagEnded, FlagSaid, FlagThreadNotice, FlagWords
    from rituals.notices.handshakes import HandshakeAsk, HandshakeTold
    from rituals.notices.home import Home, HomeAlignment, HomeSettings, HomeUnit, Owed
    from rituals.notices.ownership import OwnershipAsk, OwnershipReminder, OwnershipTold
    from rituals.notices.parts import BlockerLine, EvidenceLine, HandSet, KrLine, Notice, Part
    from rituals.notices.ratings import RatedCycle, RatingAsk, RatingLine, RatingReminder, RatingResult
    from rituals.notices.reminders import (
        CheckinMissed,
        CheckinNudge,
        CheckinReminder,
        Escalation,
        EscalationCopy,
        KrNudge,
        MissingLead,
    )

_PARTS = {
    "adjustments": ("AdjustmentLine",),
    "checkins": ("AwayLead", "Guess", "Later", "Missing", "SavedLine"),
    "conflicts": ("ConflictSide",),
    "digests": ("Claim", "FallingBehind"),
    "home": ("HomeAlignment", "HomeSettings", "HomeUnit", "Owed"),
    "parts": ("BlockerLine", "EvidenceLine", "HandSet", "KrLine", "Notice", "Part"),
    "ratings": ("RatedCycle", "RatingLine"),
    "reminders": ("MissingLead",),
}
_KINDS = {
    "checkin_prompt": ("checkins", "CheckinPrompt"),
    "checkin_back": ("checkins", "CheckinBack"),
    "checkin_reminder": ("reminders", "CheckinReminder"),
    "checkin_nudge": ("reminders", "CheckinNudge"),
    "kr_nudge": ("reminders", "KrNudge"),
    "checkin_missed": ("reminders", "CheckinMissed"),
    "checkin_escalation": ("reminders", "Escalation"),
    "checkin_escalation_copy": ("reminders", "EscalationCopy"),
    "checkin_board": ("checkins", "CheckinBoard"),
    "checkin_receipt": ("checkins", "Receipt"),
    "checkin_shared_answer": ("checkins", "SharedAnswer"),
    "shared_card": ("cards", "SharedCard"),
    "adjustment_ask": ("adjustments", "AdjustmentAsk"),
    "adjustment_told": ("adjustments", "AdjustmentTold"),
    "handshake_ask": ("handshakes", "HandshakeAsk"),
    "handshake_told": ("handshakes", "HandshakeTold"),
    "conflict_told": ("conflicts", "ConflictTold"),
    "ownership_ask": ("ownership", "OwnershipAsk"),
    "ownership_told": ("ownership", "OwnershipTold"),
    "ownership_reminder": ("ownership", "OwnershipReminder"),
    "flag_thread": ("flags", "FlagThreadNotice"),
    "flag_words": ("flags", "FlagWords"),
    "flag_said": ("flags", "FlagSaid"),
    "flag_ended": ("flags", "FlagEnded"),
    "digest": ("digests", "Digest"),
    "digest_details": ("digests", "DigestDetails"),
    "digest_approval": ("digests", "DigestApproval"),
    "digest_waiting": ("digests", "DigestWaiting"),
    "rating_ask": ("ratings", "RatingAsk"),
    "rating_reminder": ("ratings", "RatingReminder"),
    "rating_result": ("ratings", "RatingResult"),
    "workshop_offer": ("workshops", "WorkshopOffered"),
    "workshop_ask": ("workshops", "WorkshopAsk"),
    "workshop_board": ("workshops", "WorkshopBoard"),
    "workshop_turn": ("workshops", "WorkshopTurn"),
    "workshop_time": ("workshops", "WorkshopTime"),
    "workshop_card": ("workshops", "WorkshopCard"),
    "workshop_confirm": ("workshops", "WorkshopConfirm"),
    "workshop_record": ("workshops", "WorkshopRecord"),
    "cycle_closed": ("closing", "Retrospective"),
    "closing_reminder": ("closing", "ClosingReminder"),
    "closing_progress": ("closing", "ClosingProgress"),
    "home": ("home", "Home"),
    "delivery_trouble": ("delivery", "DeliveryTrouble"),
    "export": ("exports", "Export"),
}
_WHERE = {name: module for module, names in _PARTS.items() for name in names} | {
    name: module for module, name in _KINDS.values()
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"rituals.notices.{_WHERE[name]}"), name)


class _Kinds(Mapping[str, "type[Notice]"]):
    """Every kind with its class."""

    def __getitem__(self, kind: str) -> "type[Notice]":
        module, name = _KINDS[kind]
        found: type[Notice] = getattr(import_module(f"rituals.notices.{module}"), name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_KINDS)

    def __len__(self) -> int:
        return len(_KINDS)


NOTICES: Mapping[str, "type[Notice]"] = _Kinds()

__all__ = [
    "NOTICES",
    "AdjustmentAsk",
    "AdjustmentLine",
    "AdjustmentTold",
    "AwayLead",
    "BlockerLine",
    "CheckinBack",
    "CheckinBoard",
    "CheckinMissed",
    "CheckinNudge",
    "CheckinPrompt",
    "CheckinReminder",
    "Claim",
    "ClosingProgress",
    "ClosingReminder",
    "ConflictSide",
    "ConflictTold",
    "DeliveryTrouble",
    "Digest",
    "DigestApproval",
    "DigestDetails",
    "DigestWaiting",
    "Escalation",
    "EscalationCopy",
    "EvidenceLine",
    "Export",
    "FallingBehind",
    "FlagEnded",
    "FlagSaid",
    "FlagThreadNotice",
    "FlagWords",
    "Guess",
    "HandSet",
    "HandshakeAsk",
    "HandshakeTold",
    "Home",
    "HomeAlignment",
    "HomeSettings",
    "HomeUnit",
    "KrLine",
    "KrNudge",
    "Later",
    "Missing",
    "MissingLead",
    "Notice",
    "Owed",
    "OwnershipAsk",
    "OwnershipReminder",
    "OwnershipTold",
    "Part",
    "RatedCycle",
    "RatingAsk",
    "RatingLine",
    "RatingReminder",
    "RatingResult",
    "Receipt",
    "Retrospective",
    "SavedLine",
    "SharedAnswer",
    "SharedCard",
]
