"""A unit's channels, leads, holidays and privacy: shown to who may see it, changed by who answers for it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals import rhythm_words
from rituals.errors import Refusal
from rituals.holidays import dump_holidays, parse_holidays
from rituals.okrs.live import refresh_all
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.roles import answers_for, may_see_unit, not_yours
from rituals.settings.cards import Saved, SettingsForm, Typed, Value
from rituals.settings.leads import Newcomer, add_people, read_leads
from rituals.settings.reading import Reading
from rituals.settings.saving import Edit, assign, write
from storage import portfolio, settings
from storage.database import Database, Session
from storage.tables import Unit

FIELDS = ("channel", "leadership_channel", "holidays", "private")


def values(state: PortfolioState, key: str) -> tuple[Value, ...]:
    """Channels, leads, holidays and privacy as they stand, and whose they are."""
    unit, own = state.units[key], state.rhythms[key]
    days, whose = _holidays(state, key)
    hidden = next((above for above in state.lineage(key) if state.units[above].private), None)
    names = ", ".join(state.people[lead].name for lead in unit.leads)
    return (
        Value(name="Channel", value=own.channel or "none", channel=bool(own.channel)),
        Value(name="Leadership channel", value=own.leadership_channel or "none", channel=bool(own.leadership_channel)),
        Value(name="Leads", value=names or "nobody"),
        Value(name="Holidays", value=rhythm_words.holidays(days), source=_from(state, key, whose)),
        Value(name="Private", value="yes" if hidden else "no", source=_from(state, key, hidden)),
    )


def _from(state: PortfolioState, key: str, whose: str | None) -> str | None:
    return f"from {state.units[whose].name}" if whose and whose != key else None


def _holidays(state: PortfolioState, key: str) -> tuple[tuple[str, str | None] | None, str | None]:
    """The holidays a unit keeps, and whose they are: its own, or the nearest above."""
    whose = next((above for above in state.lineage(key) if state.rhythms[above].holidays), None)
    return (state.rhythms[whose].holidays if whose else None), whose


def open_form(db: Database, team_id: str, user: str, unit: str, *, now: datetime) -> SettingsForm:
    """The form with what is set. Raises Refusal for who does not answer for the unit."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        allowed(state, user, unit)
        return _form(state, unit, _typed(state, unit))


def redrawn(db: Database, team_id: str, user: str, unit: str, typed: Typed) -> SettingsForm:
    """The form with what is typed."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        allowed(state, user, unit)
        return _form(state, unit, typed)


def save(
    db: Database,
    team_id: str,
    user: str,
    unit: str,
    typed: Typed,
    *,
    now: datetime,
    key: str,
    newcomers: Iterable[Newcomer] = (),
) -> Saved:
    """Write a unit's settings; who is made a lead and was not in the portfolio comes into it.

    Raises FormRefusal by field: country, region, leads; Refusal for who does not answer for the unit.
    """
    read = Reading()
    days = _typed_holidays(typed, read)
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        allowed(state, user, unit)
        add_people(session, state, newcomers)
        present = load_portfolio(session, team_id)
        leads = read_leads(present, user, typed, read, before=state.units[unit].leads)
        read.done()
        row = settings.unit(session, team_id, state.unit_ids[unit])
        edit = Edit(by=user, what="unit", key=unit, about=state.units[unit].name, source=key, at=now)
        before = {**{field: getattr(row, field) for field in FIELDS}, "leads": list(state.units[unit].leads)}
        after = {
            "channel": typed.text("channel") or None,
            "leadership_channel": typed.text("leadership_channel") or None,
            "holidays": days,
            "private": "private" in typed.several("private"),
            "leads": leads,
        }
        saved = write(session, present, edit, before, after, _applied(session, present, row))
        if saved.changes:
            refresh_all(session, team_id, now=now)
        return saved


def _applied(session: Session, state: PortfolioState, row: Unit) -> Any:
    put = assign(session, row)

    def apply(fields: dict[str, Any]) -> None:
        own = dict(fields)
        leads = own.pop("leads", None)
        put(own)
        if leads is not None and row.id is not None:
            links = [{"person_id": state.people[key].id} for key in leads]
            portfolio.replace_links(session, "leads", state.team_id, {row.id: links})

    return apply


def allowed(state: PortfolioState, user: str, unit: str) -> Member | None:
    """Who changes a unit's settings. Raises Refusal for who does not answer for it, or may not see it."""
    member = state.member(user)
    person = member.key if member else None
    if unit not in state.units or not may_see_unit(state, person, unit):
        raise Refusal("There is no such unit any more. /okr settings shows those there are.")
    if not answers_for(state, person, unit):
        raise not_yours(state, "This", [unit])
    return member


def _typed_holidays(typed: Typed, read: Reading) -> dict[str, str] | None:
    country, region = typed.text("country"), typed.text("region")
    if not country:
        if region:
            read.errors["country"] = f'write the country of "{region}", a code like DE'
        return None
    try:
        return dump_holidays(parse_holidays({"country": country, "region": region}))
    except Refusal as no:
        read.errors[no.field or "country"] = no.text
        return None


def _typed(state: PortfolioState, unit: str) -> Typed:
    own = state.rhythms[unit]
    country, region = own.holidays or ("", None)
    texts: Mapping[str, str] = {
        "channel": own.channel or "",
        "leadership_channel": own.leadership_channel or "",
        "country": country,
        "region": region or "",
    }
    slack = tuple(state.people[lead].slack or "" for lead in state.units[unit].leads)
    private = ("private",) if state.units[unit].private else ()
    return Typed(texts=texts, lists={"leads": tuple(filter(None, slack)), "private": private})


def _form(state: PortfolioState, unit: str, typed: Typed) -> SettingsForm:
    days, whose = _holidays(state, unit)
    told = f"{rhythm_words.holidays(days)} from {state.units[whose].name}" if whose and whose != unit else ""
    inherited = {"holidays": told} if told else {}
    return SettingsForm(kind="unit", about=unit, name=state.units[unit].name, typed=typed, facts=inherited)
