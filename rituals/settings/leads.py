"""Who leads a unit from now on: read from a form, and who was not in the portfolio brought into it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rituals.errors import Refusal
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.roles import is_admin
from rituals.settings.cards import Typed
from rituals.settings.reading import Reading
from storage import portfolio
from storage.database import Database, Session


@dataclass(frozen=True)
class Newcomer:
    """A Slack member who is not in the portfolio yet and is made a lead."""

    slack: str
    name: str
    email: str | None = None
    timezone: str | None = None


def unknown(db: Database, team_id: str, users: Iterable[str]) -> tuple[str, ...]:
    """Those of some Slack users who are not in the portfolio."""
    with db.transaction(readonly=True) as session:
        known = {member.slack for member in load_portfolio(session, team_id).people.values()}
    return tuple(user for user in users if user not in known)


def _leads(state: PortfolioState, users: Iterable[str]) -> tuple[str, ...]:
    found = {user: state.member(user) for user in users}
    strangers = [user for user, member in found.items() if member is None]
    if strangers:
        raise Refusal("One of them cannot be found in Slack; bots and guests of other workspaces cannot lead a unit.")
    return tuple(member.key for member in found.values() if member)


def read_leads(state: PortfolioState, user: str, typed: Typed, read: Reading, *, before: tuple[str, ...]) -> list[str]:
    """Keys of the leads, those who led `before` first in their order; who is not found in Slack yet stays.

    Notes at `leads` who cannot lead, and that a lead leaves their own unit without any.
    """
    nobody: tuple[str, ...] = ()
    unseen = [lead for lead in before if state.people[lead].slack is None]
    found = [*unseen, *read.take("leads", lambda: _leads(state, typed.several("leads")), nobody)]
    if not found and before and not read.errors:
        _keep_in_charge(state, user, read)
    kept = [lead for lead in before if lead in found]
    return [*kept, *(lead for lead in found if lead not in kept)]


def add_people(session: Session, state: PortfolioState, newcomers: Iterable[Newcomer]) -> None:
    """Bring newcomers into the portfolio, once."""
    taken = set(state.people)
    rows = []
    for one in newcomers:
        if state.member(one.slack) is not None:
            continue
        key = _free_key(one, taken)
        taken.add(key)
        rows.append({"key": key, "name": one.name, "email": one.email, "slack": one.slack, "timezone": one.timezone})
    portfolio.save(session, "people", state.team_id, new=rows, changed=())


def _free_key(one: Newcomer, taken: set[str]) -> str:
    """The first word of the name, as files have it; the Slack id where that is taken or no key."""
    word = "".join(c for c in (one.name.split() or [""])[0].casefold() if c.isalnum())[:60]
    return word if word and word not in taken else one.slack.lower()


def _keep_in_charge(state: PortfolioState, user: str, read: Reading) -> None:
    member = state.member(user)
    if not is_admin(state, member.key if member else None):
        read.errors["leads"] = "choose at least one lead, so that somebody is asked; an admin may leave it empty"
