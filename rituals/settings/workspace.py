"""The workspace's settings, which admins change: thresholds, usual quiet hours, nudges, zone of digests, model,
whether ratings are anonymous."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prompts.languages import language_named
from rituals.errors import Refusal
from rituals.okrs.live import refresh_all
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.roles import is_admin
from rituals.quiet import NEVER, USUAL, Quiet, dump_quiet, parse_quiet
from rituals.settings import reading, words
from rituals.settings.cards import Saved, SettingsForm, Typed, Value
from rituals.settings.reading import Reading
from rituals.settings.saving import Edit, assign, write
from storage import people
from storage.database import Database, Session
from storage.tables import Workspace

FIELDS = (
    "timezone",
    "at_risk_above",
    "off_track_above",
    "quiet",
    "nudges_a_week",
    "model_off",
    "language",
    "model_tokens_a_day",
    "anonymous_ratings",
    "approve_digests",
)
MOST_POINTS = 99
MOST_TOKENS = 999_999


def values(session: Session, team_id: str) -> tuple[Value, ...]:
    """Every setting of the workspace as it stands."""
    row = people.workspace(session, team_id)
    return (
        Value(name="At risk", value=f"more than {row.at_risk_above} points behind"),
        Value(name="Off track", value=f"more than {row.off_track_above} points behind"),
        Value(name="Usual quiet hours", value=words.quiet(_quiet(row))),
        Value(name="Nudges", value=f"at most {row.nudges_a_week} a person and week"),
        Value(name="Zone of digests", value=row.timezone),
        Value(name="Model", value=_model(row)),
        Value(name="Ratings", value=words.ratings(row.anonymous_ratings)),
        Value(name="Digests", value=words.approval(row.approve_digests)),
    )


def admins(state: PortfolioState) -> tuple[str, ...]:
    """Names of who may change them."""
    return tuple(member.name for key, member in state.people.items() if is_admin(state, key))


def open_form(db: Database, team_id: str, user: str, *, now: datetime) -> SettingsForm:
    """The form with what is set. Raises Refusal for who is no admin."""
    with db.transaction(readonly=True) as session:
        _allowed(load_portfolio(session, team_id), user)
        row = people.workspace(session, team_id)
        return SettingsForm(kind="workspace", typed=_typed(row))


def redrawn(db: Database, team_id: str, user: str, typed: Typed) -> SettingsForm:
    """The form with what is typed."""
    with db.transaction(readonly=True) as session:
        _allowed(load_portfolio(session, team_id), user)
    return SettingsForm(kind="workspace", typed=typed)


def save(db: Database, team_id: str, user: str, typed: Typed, *, now: datetime, key: str) -> Saved:
    """Write the workspace's settings; figures follow everywhere at once, Homes are shown anew.

    Raises FormRefusal by field (at_risk, off_track, quiet_from, quiet_to, nudges, zone, tokens), Refusal for who is no
    admin.
    """
    after = _read(typed)
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        _allowed(state, user)
        row = people.workspace(session, team_id)
        edit = Edit(by=user, what="workspace", key=team_id, about="the workspace", source=key, at=now)
        before = {**{field: getattr(row, field) for field in FIELDS}, "quiet": dump_quiet(_quiet(row))}
        saved = write(session, state, edit, before, after, assign(session, row))
        if saved.changes:
            refresh_all(session, team_id, now=now)
        return saved


def _read(typed: Typed) -> Mapping[str, Any]:
    read = Reading()
    at_risk = read.take("at_risk", lambda: reading.whole(typed.text("at_risk"), 0, MOST_POINTS), 0)
    off_track = read.take("off_track", lambda: reading.whole(typed.text("off_track"), 1, MOST_POINTS), 1)
    if not read.errors and off_track <= at_risk:
        read.errors["off_track"] = f"write more than {at_risk}, where at risk begins"
    nudges = read.take("nudges", lambda: reading.whole(typed.text("nudges"), 0, reading.MOST_NUDGES), 0)
    zone = read.take("zone", lambda: _zone(typed.text("zone")), "")
    tokens = read.take("tokens", lambda: reading.whole(typed.text("tokens"), 0, MOST_TOKENS), 0)
    hours = reading.quiet(typed, read) or NEVER
    read.done()
    off, language = "off" in typed.several("model"), typed.text("language") or "en"
    found = (
        zone,
        at_risk,
        off_track,
        dump_quiet(hours),
        nudges,
        off,
        language,
        tokens,
        "anonymous" in typed.several("ratings"),
        "approve" in typed.several("digests"),
    )
    return dict(zip(FIELDS, found, strict=True))


def _zone(typed: str) -> str:
    found = reading.zone(typed)
    if found is None:
        raise Refusal("write a time zone like Europe/Berlin")
    return found


def _allowed(state: PortfolioState, user: str) -> None:
    member = state.member(user)
    if not is_admin(state, member.key if member else None):
        names = " or ".join(admins(state)[:3]) or "an admin of this Slack workspace"
        raise Refusal(f"The workspace's settings are changed by its admins: ask {names}.")


def _model(row: Workspace) -> str:
    if row.model_off:
        return "off"
    return f"as the installation says, in {language_named(row.language)}, up to {row.model_tokens_a_day:,} tokens a day"


def _quiet(row: Workspace) -> Quiet:
    return parse_quiet(row.quiet) if row.quiet else USUAL


def _typed(row: Workspace) -> Typed:
    hours = _quiet(row)
    texts = {
        "at_risk": str(row.at_risk_above),
        "off_track": str(row.off_track_above),
        "nudges": str(row.nudges_a_week),
        "zone": row.timezone,
        "language": row.language,
        "tokens": str(row.model_tokens_a_day),
        "quiet": "none" if hours == NEVER else "own",
        "quiet_from": f"{hours.start:%H:%M}",
        "quiet_to": f"{hours.end:%H:%M}",
    }
    lists = {
        "weekends": ("weekends",) if hours.weekends else (),
        "model": ("off",) if row.model_off else (),
        "ratings": ("anonymous",) if row.anonymous_ratings else (),
        "digests": ("approve",) if row.approve_digests else (),
    }
    return Typed(texts=texts, lists=lists)
