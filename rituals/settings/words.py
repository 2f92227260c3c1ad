"""Settings in words: a rhythm, quiet hours, and what a recorded change says. Raw texts, nothing escaped. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from prompts.languages import language_named
from rituals.cadence import EPOCH, parse_cadence
from rituals.okrs.state import PortfolioState
from rituals.quiet import Quiet, parse_quiet
from rituals.rhythm_words import holidays, rhythm
from rituals.settings.cards import Changed

NAMES: Mapping[str, str] = {
    "own_timezone": "Time zone",
    "quiet": "Quiet hours",
    "timezone": "Zone of digests",
    "at_risk_above": "At risk",
    "off_track_above": "Off track",
    "nudges_a_week": "Nudges",
    "model_off": "Model",
    "language": "Language of the model",
    "model_tokens_a_day": "Tokens a day",
    "anonymous_ratings": "Ratings",
    "approve_digests": "Digests",
    "channel": "Channel",
    "leadership_channel": "Leadership channel",
    "leads": "Leads",
    "holidays": "Holidays",
    "private": "Private",
    "binding": "Binding for units below",
    "name": "Name",
    "level": "Level",
    "parent": "Part of",
    "stage": "Stage",
    "closed": "Closed",
    "cadence": "Check-in",
    "digest": "Digest",
    "audiences": "Digests for others",
}
FOR: Mapping[str, str] = {"portfolio": "for its product lines", "unit": "of each product line"}
CHANNELS = frozenset({"channel", "leadership_channel"})
OWN_ZONE = "Slack's"
USUAL_QUIET = "the workspace's"


def approval(wanted: bool) -> str:
    """Whether a person looks at each digest before it is posted."""
    return "posted when a lead has approved them" if wanted else "posted by themselves"


def audiences(value: Mapping[str, Any] | None) -> str:
    """`for its product lines: every week on Friday at 15:00`; "none"."""
    found = [f"{FOR[name]}: {rhythm(parse_cadence(c)) if c != 'off' else 'off'}" for name, c in (value or {}).items()]
    return "; ".join(found) or "none"


def ratings(anonymous: bool) -> str:
    """Who a rating is from."""
    return "anonymous" if anonymous else "with names, by product line"


def quiet(hours: Quiet) -> str:
    """`20:00 to 07:00 and weekends`."""
    clock = f"{hours.start:%H:%M} to {hours.end:%H:%M}" if hours.start != hours.end else ""
    parts = [part for part in (clock, "weekends" if hours.weekends else "") if part]
    return " and ".join(parts) or "none"


def changes(state: PortfolioState, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Changed, ...]:
    """What a recorded change says, field by field."""
    return tuple(
        Changed(
            name=NAMES[field],
            before=_worded(state, field, before.get(field)),
            after=_worded(state, field, after.get(field)),
            channel=field in CHANNELS,
        )
        for field in NAMES
        if field in before or field in after
    )


def _worded(state: PortfolioState, field: str, value: Any) -> str | None:
    if field in _SPECIAL:
        return _SPECIAL[field](value)
    if field == "leads":
        return ", ".join(state.people[key].name for key in value or () if key in state.people) or "nobody"
    if field == "parent":
        return state.units[value].name if value in state.units else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _cadence(value: Any) -> str:
    if not value:
        return "none of its own"
    found = parse_cadence(value)
    since = f", from {found.starts.day} {found.starts:%b}" if found.starts != EPOCH else ""
    return f"{rhythm(found)}{since}"


def _closed(value: Any) -> str:
    if not value:
        return "no"
    day = date.fromisoformat(value)
    return f"on {day.day} {day:%b %Y}"


_SPECIAL: Mapping[str, Callable[[Any], str]] = {
    "closed": _closed,
    "own_timezone": lambda value: value or OWN_ZONE,
    "quiet": lambda value: quiet(parse_quiet(value)) if value else USUAL_QUIET,
    "cadence": _cadence,
    "digest": _cadence,
    "holidays": lambda value: holidays((value["country"], value.get("region")) if value else None),
    "model_off": lambda value: "off" if value else "as the installation says",
    "at_risk_above": lambda value: f"more than {value} points behind",
    "off_track_above": lambda value: f"more than {value} points behind",
    "language": lambda value: language_named(value or "en"),
    "model_tokens_a_day": lambda value: f"{value:,}",
    "nudges_a_week": lambda value: f"at most {value} a week",
    "anonymous_ratings": lambda value: ratings(bool(value)),
    "approve_digests": lambda value: approval(bool(value)),
    "audiences": audiences,
}
