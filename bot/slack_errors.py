"""Slack's errors in families: what a failed call means for the message, and nothing else.

Ambiguous: it may have been posted, so look before trying again. RateLimited: definitely not, come back later.
Gone: never, and why. Refused: Slack did not take these blocks or arguments; a plainer form may pass. Unauthorised:
the token is not accepted now, which an administrator can mend, so nothing is given up.
"""

import re
from dataclasses import dataclass
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

_AMBIGUOUS = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNAUTHORISED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_expired",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "org_login_required",
        "team_access_not_granted",
    }
)
_GONE = {
    "channel_not_found": "the channel does not exist, or Plumbline cannot see it",
    "is_archived": "the channel is archived",
    "not_in_channel": "Plumbline is not a member of the channel; invite it",
    "user_not_found": "there is no such member",
    "user_disabled": "the member's account is deactivated",
    "cannot_dm_bot": "the member is a bot",
    "messages_tab_disabled": "Plumbline's Messages tab is switched off",
    "message_not_found": "the message was deleted",
    "thread_not_found": "the message it replies to was deleted",
    "cant_update_message": "the message is not Plumbline's own",
    "edit_window_closed": "the workspace does not let a message of that age be changed",
    "restricted_action": "the workspace does not let Plumbline post there",
    "account_inactive": "Plumbline was removed from the workspace",
    "token_revoked": "Plumbline's token was revoked",
}
_CODE = re.compile(r"[a-z0-9_]+")
_RETRY_AFTER = 30.0  # where Slack says that it is too much, but not for how long


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
    if status == 429 or code in _RATE_LIMITED:
        return RateLimited(_retry_after(error))
    if status >= 500 or code is None or code in _AMBIGUOUS:
        return Ambiguous(code or f"HTTP {status}, not in Slack's words")
    if code in _GONE:
        return Gone(code, _GONE[code])
    return Unauthorised(code) if code in _UNAUTHORISED else Refused(code)


def error_code(error: SlackApiError) -> str | None:
    """Slack's error code; None where the answer was not Slack's JSON (the SDK puts a sentence there instead)."""
    data = getattr(error.response, "data", error.response)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    value = next((str(v) for k, v in headers.items() if k.lower() == "retry-after"), "")
    return max(1.0, float(value)) if value.isdecimal() else _RETRY_AFTER
