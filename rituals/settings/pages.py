"""`/okr settings`: the first page, and one unit's. Reads and words; what is changed is the other modules' business."""

from datetime import datetime

from rituals.digests.feedback import tally
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.naming import Named, find
from rituals.okrs.roles import answers_for, is_admin, may_see_unit, who_may
from rituals.settings import absent, mine, rhythms, units, words, workspace
from rituals.settings.cards import RhythmValue, Saved, SettingsPage, UnitChange, UnitLine, UnitPage
from storage import changes
from storage.database import Database, Session

HISTORY = 6


def page(db: Database, team_id: str, user: str, *, now: datetime, saved: Saved | None = None) -> SettingsPage:
    """What can be set and by whom; the units that the person may change stand first."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        member = state.member(user)
        person = member.key if member else None
        return SettingsPage(
            mine=(*mine.values(session, state, member), absent.value(state, member, now)) if member else (),
            units=_units(state, person),
            workspace=workspace.values(session, team_id),
            admin=is_admin(state, person),
            admins=workspace.admins(state),
            saved=saved,
        )


def unit_page(
    db: Database, team_id: str, user: str, name: str, *, now: datetime, saved: Saved | None = None
) -> UnitPage:
    """One unit's settings, by its key or name. Raises Refusal for one that is unknown or not to be seen."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        member = state.member(user)
        person = member.key if member else None
        seen = [Named(u.key, u.name) for u in state.units.values() if may_see_unit(state, person, u.key)]
        key = name if name in {unit.key for unit in seen} else find(name, seen, what="unit").key
        may = answers_for(state, person, key)
        return UnitPage(
            key=key,
            name=state.units[key].name,
            values=units.values(state, key),
            rhythms=_rhythms(session, state, key, person, now),
            may=may,
            ask="" if may else who_may(state, [key]) or " or ".join(workspace.admins(state)[:3]),
            saved=saved,
            closed=state.units[key].closed_on,
            history=_history(session, state, key),
        )


def _rhythms(
    session: Session, state: PortfolioState, key: str, person: str | None, now: datetime
) -> tuple[RhythmValue, ...]:
    """The rhythms, the digest's with what its readers said."""
    said = tally(session, state, key, now=now).words
    found = rhythms.values(state, key, person, now)
    return tuple(one.model_copy(update={"useful": said}) if one.which == "digest" else one for one in found)


def _history(session: Session, state: PortfolioState, key: str) -> tuple[UnitChange, ...]:
    """The newest changes of a unit, whoever made them."""
    told = []
    for row in changes.changes_of(session, state.team_id, "unit", key)[:HISTORY]:
        member = state.member(row.slack_user)
        by = member.name if member else "" if not row.slack_user else "an admin"
        shown = words.changes(state, row.before or {}, row.after or {}) if row.action == "edit" else ()
        told.append(UnitChange(at=row.at, by=by, changes=shown))
    return tuple(told)


def _units(state: PortfolioState, person: str | None) -> tuple[UnitLine, ...]:
    seen = [key for key, one in state.units.items() if not one.closed_on and may_see_unit(state, person, key)]
    lines = [
        UnitLine(
            key=key,
            name=state.units[key].name,
            rhythm=rhythms.line(state, key),
            mine=answers_for(state, person, key),
        )
        for key in seen
    ]
    return tuple(sorted(lines, key=lambda line: not line.mine))
