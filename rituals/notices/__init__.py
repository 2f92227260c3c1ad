"""Everything the bot says by itself, as data: one class a kind, frozen when the decision is made.

A service promises a notice by writing it to the outbox (`kind` and `model_dump(mode="json")`); delivery reads it
back, and `bot.views` turns it into blocks. Nothing here formats, escapes or knows Slack's blocks: texts are raw,
instants aware UTC, shares 0-1, amounts already worded with their unit ("41 days") because the wording is a rule.
"""

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
from rituals.notices.delivery import DeliveryTrouble
from rituals.notices.digests import Claim, Digest, DigestDetails, FallingBehind
from rituals.notices.exports import Export
from rituals.notices.handshakes import HandshakeAsk, HandshakeTold
from rituals.notices.home import Home, HomeSettings, HomeUnit, Owed
from rituals.notices.parts import BlockerLine, EvidenceLine, KrLine, Notice, Part
from rituals.notices.ratings import RatingAsk, RatingResult
from rituals.notices.reminders import (
    CheckinMissed,
    CheckinNudge,
    CheckinReminder,
    Escalation,
    EscalationCopy,
    KrNudge,
    MissingLead,
)

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
    "DeliveryTrouble",
    "Digest",
    "DigestDetails",
    "Escalation",
    "EscalationCopy",
    "EvidenceLine",
    "Export",
    "FallingBehind",
    "Guess",
    "HandshakeAsk",
    "HandshakeTold",
    "Home",
    "HomeSettings",
    "HomeUnit",
    "KrLine",
    "KrNudge",
    "Later",
    "Missing",
    "MissingLead",
    "Notice",
    "Owed",
    "Part",
    "RatingAsk",
    "RatingResult",
    "Receipt",
    "SavedLine",
    "SharedAnswer",
    "SharedCard",
]

NOTICES: dict[str, type[Notice]] = {
    n.KIND: n
    for n in (
        CheckinPrompt,
        CheckinBack,
        CheckinReminder,
        CheckinNudge,
        KrNudge,
        CheckinMissed,
        Escalation,
        EscalationCopy,
        CheckinBoard,
        Receipt,
        SharedAnswer,
        SharedCard,
        AdjustmentAsk,
        AdjustmentTold,
        HandshakeAsk,
        HandshakeTold,
        Digest,
        DigestDetails,
        RatingAsk,
        RatingResult,
        Home,
        DeliveryTrouble,
        Export,
    )
}
