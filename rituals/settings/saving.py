"""How a setting is written: the changed fields of one row with one record of who changed what, once a submission."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.settings import words
from rituals.settings.cards import Saved
from storage import changes
from storage.database import Session


@dataclass(frozen=True)
class Edit:
    """Who changes which thing: `what` and `key` are the record's, `about` is for people, `source` is the submission."""

    by: str
    what: str
    key: str
    about: str
    source: str
    at: datetime


def write(
    session: Session,
    state: PortfolioState,
    edit: Edit,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    apply: Callable[[dict[str, Any]], None],
    *,
    since: date | None = None,
) -> Saved:
    """Record what differs and `apply` it; nothing for what stands like that already or was submitted before."""
    earlier = changes.change_by_source(session, state.team_id, edit.source)
    if earlier is not None:
        told = words.changes(state, earlier.before or {}, earlier.after or {})
        return Saved(about=edit.about, changes=told, since=since)
    differing = {field: value for field, value in after.items() if before.get(field) != value}
    if not differing:
        return Saved(about=edit.about)
    was = {field: before.get(field) for field in differing}
    changes.add_change(
        session,
        state.team_id,
        at=edit.at,
        by=edit.by,
        what=edit.what,
        key=edit.key,
        action="edit",
        before=was,
        after=differing,
        source_key=edit.source,
    )
    apply(differing)
    session.flush()
    present = load_portfolio(session, state.team_id)
    return Saved(about=edit.about, changes=words.changes(present, was, differing), since=since)


def assign(session: Session, row: Any) -> Callable[[dict[str, Any]], None]:
    """Puts the changed fields on a row."""

    def apply(fields: dict[str, Any]) -> None:
        for field, value in fields.items():
            setattr(row, field, value)
        session.add(row)

    return apply
