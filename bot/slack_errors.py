"""Slack's errors in families: what a failed call means for the message, and nothing else.

Ambiguous: it may have been posted, so look before trying again. RateLimited: definitely not, come back later.
Gone: never, and why. Refused: Slack did not take these blocks or arguments; a plainer form may pass. Unauthorised:
the token is not accepted now, which an administrator can mend, so nothing is given up.
"""

from dataclasses import dataclass
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

_AMBIGUOUS = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
_UNAUTHORISED = frozenset({"invalid_auth", "not_authed", "token_expired", "missing_scope", "no_permission"})
_GONE = {
    "channel_not_found": "the channel does not exist, or Plumbline cannot see it",
    "is_archived": "the channel is archived",
    "not_in_channel": "Plumbline is not a member of the channel; invite it",
    "user_not_found": "there is no such member",
    "user_disabled": "the member's account is deactivated",
    "cannot_dm_bot": "the member is a bot",
    "restricted_action": "the workspace does not let Plumbline post there",
    "account_inactive": "Plumbline was removed from the workspace",
    "token_revoked": "Plumbline's token was revoked",
}


@dataclass(frozen=True)
class Ambiguous:
    """The call may have been carried out."""

    why: str


@dataclass(frozen=True)
class RateLimited:
    """The call was not carried out; `after` is Slack's Retry-After in seconds."""

    after: float


@dataclass(frozen=True)
class Gone:
    """It can never be delivered there. `code` is Slack's, `why` for people."""

    code: str
    why: str


@dataclass(frozen=True)
class Refused:
    """Slack refused the arguments (say `invalid_blocks`)."""

    code: str


@dataclass(frozen=True)
class Unauthorised:
    """The token is refused, or lacks a scope."""

    code: str


Verdict = Ambiguous | RateLimited | Gone | Refused | Unauthorised
TRANSPORT_ERRORS = (OSError, HTTPException, SlackClientError)


def judge(error: Exception) -> Verdict:
    """The family of an exception that a Slack call raised (one of TRANSPORT_ERRORS)."""
    if not isinstance(error, SlackApiError):
        return Ambiguous(f"{type(error).__name__}: {error}")
    status = getattr(error.response, "status_code", None) or 200
    code = error_code(error)
    if status == 429 or code == "ratelimited":
        return RateLimited(_retry_after(error))
    if status >= 500 or code is None or code in _AMBIGUOUS:
        return Ambiguous(code or f"HTTP {status}")
    if code in _GONE:
        return Gone(code, _GONE[code])
    return Unauthorised(code) if code in _UNAUTHORISED else Refused(code)


def error_code(error: SlackApiError) -> str | None:
    """Slack's error code; None where the answer was not Slack's JSON."""
    data = getattr(error.response, "data", None)
    if isinstance(error.response, dict):
        data = error.response.get("body", error.response)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code) if code else None


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "1")
    try:
        return max(1.0, float(value[0] if isinstance(value, list) else value))
    except ValueError:
        return 1.0
