"""A person's own settings: their time zone and their quiet hours. Being away is in `absent`."""

from datetime import datetime

from rituals.errors import Refusal
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.quiet import NEVER, USUAL, dump_quiet, parse_quiet
from rituals.settings import reading, words
from rituals.settings.cards import Saved, SettingsForm, Typed, Value
from rituals.settings.reading import Reading
from rituals.settings.saving import Edit, assign, write
from storage import outbox, people, settings
from storage.database import Database, Session
from storage.tables import Person

NOT_A_MEMBER = "You are not in the portfolio, so there is nothing of yours to set here."


def values(session: Session, state: PortfolioState, member: Member) -> tuple[Value, ...]:
    """Zone and quiet hours as they stand, and whose they are."""
    row = settings.person(session, state.team_id, member.id)
    zone = row.own_timezone or row.timezone or state.zone.key
    whose = None if row.own_timezone else "from Slack" if row.timezone else "the workspace's"
    return (
        Value(name="Time zone", value=zone, source=whose),
        Value(name="Quiet hours", value=words.quiet(member.quiet), source=None if row.quiet else "the workspace's"),
    )


def open_form(db: Database, team_id: str, user: str, *, now: datetime) -> SettingsForm:
    """The form with what is set. Raises Refusal for who is not in the portfolio."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        row = settings.person(session, team_id, _member(state, user).id)
        return _form(session, state, row, _typed(row))


def redrawn(db: Database, team_id: str, user: str, typed: Typed) -> SettingsForm:
    """The form with what is typed, after a choice that changes which fields there are."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        return _form(session, state, settings.person(session, team_id, _member(state, user).id), typed)


def save(db: Database, team_id: str, user: str, typed: Typed, *, now: datetime, key: str) -> Saved:
    """Write zone and quiet hours. Raises FormRefusal by field: zone, quiet_from, quiet_to."""
    read = Reading()
    zone = read.take("zone", lambda: reading.zone(typed.text("zone")), None)
    hours = reading.quiet(typed, read)
    read.done()
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        member = _member(state, user)
        row = settings.person(session, team_id, member.id)
        edit = Edit(by=user, what="person", key=member.key, about="your own settings", source=key, at=now)
        before = {"own_timezone": row.own_timezone, "quiet": row.quiet}
        after = {"own_timezone": zone, "quiet": dump_quiet(hours) if hours else None}
        saved = write(session, state, edit, before, after, assign(session, row))
        outbox.again(session, team_id, outbox.home_key(user), now=now)
        return saved


def _member(state: PortfolioState, user: str) -> Member:
    member = state.member(user)
    if member is None:
        raise Refusal(NOT_A_MEMBER)
    return member


def _typed(row: Person) -> Typed:
    own = parse_quiet(row.quiet) if row.quiet else None
    choice = "usual" if own is None else "none" if own == NEVER else "own"
    texts = {"zone": row.own_timezone or "", "quiet": choice}
    if own is None or own == NEVER:
        return Typed(texts=texts)
    hours = {"quiet_from": f"{own.start:%H:%M}", "quiet_to": f"{own.end:%H:%M}"}
    return Typed(texts={**texts, **hours}, lists={"weekends": ("weekends",) if own.weekends else ()})


def _form(session: Session, state: PortfolioState, row: Person, typed: Typed) -> SettingsForm:
    usual = people.workspace(session, state.team_id).quiet
    facts = {
        "slack_zone": row.timezone or state.zone.key,
        "usual": words.quiet(parse_quiet(usual) if usual else USUAL),
    }
    return SettingsForm(kind="mine", typed=typed, facts=facts)
