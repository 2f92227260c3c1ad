"""What came of asking a model: sentences that were checked, or the reason why there are none, and what it cost.

Values only; nothing here asks or judges.
"""

from dataclasses import dataclass

NO_MODEL = "no model"
TURNED_OFF = "the model is turned off for this workspace"
BUDGET_SPENT = "today's budget for the model is used up"
TIMED_OUT = "time-out"
UNREADABLE = "unreadable"
EMPTY = "empty"
NOTHING_VERIFIED = "nothing could be verified"
NOTHING_TO_SAY = "nothing to summarise"
TOO_LONG = "too much to send"
UNREACHABLE = "not reachable"

_CHARACTERS_A_TOKEN = 3  # fewer than any language with an alphabet has, so that an estimate is rather too high


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence that was borne out, cleaned, and the ids of the answers it rests on (in order, no doubles)."""

    text: str
    answer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens sent and received; `estimated` where the server did not say."""

    sent: int = 0
    received: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        """Both together."""
        return self.sent + self.received


def estimate(characters_sent: int, characters_received: int = 0) -> Usage:
    """What some text costs, rather too much than too little."""
    return Usage(-(-characters_sent // _CHARACTERS_A_TOKEN), -(-characters_received // _CHARACTERS_A_TOKEN), True)


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was made: to which model with which template, its cost and its time. No text."""

    template: str
    model: str
    usage: Usage
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote, unread, or the `reason` why it wrote nothing; `call` is None where it was not asked."""

    text: str = ""
    reason: str | None = None
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either `claims` (each checked) or `reason`, in a few plain words that may be shown to people.

    `dropped` has a reason for each sentence that failed the check; `checked_against` counts the answers sent.
    `call` is the request, None where none was made; `text` what the model wrote, for keeping, "" for nothing.
    """

    claims: tuple[CheckedClaim, ...] = ()
    reason: str | None = None
    dropped: tuple[str, ...] = ()
    checked_against: int = 0
    call: Call | None = None
    text: str = ""

    @property
    def usable(self) -> bool:
        """Whether there is anything to post."""
        return bool(self.claims)

    @property
    def tokens(self) -> int:
        """What it cost."""
        return self.call.usage.total if self.call else 0
