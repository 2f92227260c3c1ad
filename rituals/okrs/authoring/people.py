"""The people in a form: members of the Slack workspace by their ids, and those who are new to the portfolio. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rituals.errors import Refusal
from rituals.okrs.authoring import keys as authoring_keys
from rituals.okrs.authoring.cards import Typed
from rituals.okrs.portfolio.schema import PersonEntry, Portfolio


@dataclass(frozen=True)
class Newcomer:
    """A member of the Slack workspace who is chosen in a form and not in the portfolio yet."""

    slack: str
    name: str
    email: str | None = None
    timezone: str | None = None


def unknown(known: Collection[str | None], typed: Typed) -> tuple[str, ...]:
    """The Slack ids in a form that are none of the `known`."""
    chosen = dict.fromkeys((*typed.several("leads"), typed.text("reporter")))
    return tuple(slack for slack in chosen if slack and slack not in known)


def added(portfolio: Portfolio, newcomers: Sequence[Newcomer]) -> list[PersonEntry]:
    """New people with keys of their own; somebody with a known address is that person."""
    keys = {person.key for person in portfolio.people}
    made = []
    for one in newcomers:
        known = next((p for p in portfolio.people if one.email and (p.email or "").lower() == one.email.lower()), None)
        if known is not None and known.slack is None:
            made.append(known.model_copy(update={"slack": one.slack}))
            continue
        key = authoring_keys.of_name(one.name, keys, "person")
        keys.add(key)
        email = None if known else one.email
        name = one.name.strip() or one.slack
        made.append(PersonEntry(key=key, name=name, email=email, slack=one.slack, timezone=one.timezone))
    return made


def person_of(people: Iterable[PersonEntry], slack: str) -> str:
    """The key of who is chosen. Raises Refusal for who is nobody's."""
    found = [person.key for person in people if person.slack == slack]
    if not found:
        raise Refusal("This person is not in the portfolio and Slack does not tell who they are. Choose another.")
    return found[-1]


def brought(portfolio: Portfolio, people: Sequence[PersonEntry], used: Iterable[str | None]) -> Portfolio:
    """Nothing but the people who are new and used: an entry is added to it."""
    new = [person for person in people[len(portfolio.people) :] if person.key in set(used)]
    return Portfolio(timezone=portfolio.timezone, people=tuple(new))
