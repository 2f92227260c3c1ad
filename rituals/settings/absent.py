"""Being away, as a settings form. What is written is `rituals.absence`' business, as for `/okr away`."""

from datetime import date, datetime

from rituals.absence import rules
from rituals.absence import service as absence
from rituals.absence.rules import Wish
from rituals.absence.service import Absence
from rituals.away import NO_END
from rituals.errors import Refusal
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.settings.cards import Changed, Saved, SettingsForm, Typed, Value
from rituals.settings.reading import Reading
from storage import changes
from storage.database import Database

ABOUT = "your absence"


def value(state: PortfolioState, member: Member, now: datetime) -> Value:
    """The days one is away, and who is asked instead."""
    away = member.away
    if away is None or away.until < state.day_of(member, now):
        return Value(name="Away", value="no")
    delegate = state.people.get(away.delegate or "")
    end = None if away.until == NO_END else away.until
    return Value(name="Away", value=_worded(away.starts, end, delegate.name if delegate else None))


def _worded(first: date | None, until: date | None, delegate: str | None) -> str:
    if first is None:
        return "no"
    end = f"to {until.day} {until:%b}" if until else "without an end"
    instead = f", {delegate} is asked instead" if delegate else ""
    return f"{first.day} {first:%b} {end}{instead}"


def open_form(db: Database, team_id: str, user: str, *, now: datetime) -> SettingsForm:
    """The form with the absence that stands. Raises Refusal for who is not in the portfolio."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        me = _member(state, user)
        away = me.away if me.away and me.away.until >= state.day_of(me, now) else None
        delegate = state.people.get(away.delegate or "") if away else None
        until = away.until.isoformat() if away and away.until != NO_END else ""
        texts = {"until": until, "delegate": (delegate.slack or "") if delegate else ""}
        shown = value(state, me, now)
        return SettingsForm(kind="away", typed=Typed(texts=texts), facts={"away": shown.value} if away else {})


def redrawn(db: Database, team_id: str, user: str, typed: Typed, *, now: datetime) -> SettingsForm:
    """The form with what is typed."""
    return open_form(db, team_id, user, now=now).model_copy(update={"typed": typed})


def save(db: Database, team_id: str, user: str, typed: Typed, *, now: datetime, key: str) -> Saved:
    """Set the days away, or end them. Raises FormRefusal by field: until, delegate."""
    with db.transaction(readonly=True) as session:
        if changes.change_by_source(session, team_id, key) is not None:
            return Saved(about=ABOUT)
        command = _command(load_portfolio(session, team_id), user, typed, now)
    before = absence.away(db, team_id, user, "", now=now, key=key)
    after = absence.away(db, team_id, user, command, now=now, key=key)
    was, stands = _said(before), _said(after)
    return Saved(about=ABOUT, changes=(Changed(name="Away", before=was, after=stands),) if was != stands else ())


def _command(state: PortfolioState, user: str, typed: Typed, now: datetime) -> str:
    """What would be typed after `/okr away`, once each field can be used."""
    if "back" in typed.several("back"):
        return "off"
    me, read = _member(state, user), Reading()
    today = state.day_of(me, now)
    until = read.take("until", lambda: rules.until_of(Wish(typed.text("until")), today), today)
    who = f"<@{typed.text('delegate')}>" if typed.text("delegate") else ""
    if who and not read.errors:
        read.take("delegate", lambda: rules.delegate_of(state, me, who, today, until), me)
    read.done()
    return f"until {until.isoformat()} {f'delegate {who}' if who else ''}".strip()


def _said(found: Absence) -> str:
    return _worded(found.first, found.until, found.delegate)


def _member(state: PortfolioState, user: str) -> Member:
    member = state.member(user)
    if member is None:
        raise Refusal(absence.NOT_IN_PORTFOLIO)
    return member
