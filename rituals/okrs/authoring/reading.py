"""From a form to the entry it describes: numbers, days and names read by the rules of the file and of the commands.

Pure. Each unusable field is named with its words, all at once; what entries must be to each other is
`portfolio.check`'s business, who may save them `service`'s.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from rituals.errors import FormRefusal, Refusal
from rituals.okrs.authoring import keys as authoring_keys
from rituals.okrs.authoring import milestones as authoring_milestones
from rituals.okrs.authoring.before import AMOUNTS
from rituals.okrs.authoring.cards import Typed
from rituals.okrs.authoring.forms import OF_KIND, UNMEASURED, kind_of
from rituals.okrs.authoring.people import Newcomer, added, brought, person_of
from rituals.okrs.numbers import read_amount
from rituals.okrs.portfolio.file import words_of
from rituals.okrs.portfolio.schema import (
    ContributionEntry,
    FileEntry,
    KeyResultEntry,
    ObjectiveEntry,
    PersonEntry,
    Portfolio,
    UnitEntry,
)

E = TypeVar("E", bound=FileEntry)
T = TypeVar("T")
_CALLED = {"above": "contributes_to", "how": "contributes_to"}


@dataclass(frozen=True)
class Draft:
    """What a form describes. `wanted` is the part of a portfolio that is to be brought in; `place` is the objective
    under which a key result stands.
    """

    entry: KeyResultEntry | ObjectiveEntry | UnitEntry
    wanted: Portfolio
    before: KeyResultEntry | ObjectiveEntry | UnitEntry | None = None
    place: str = ""


@dataclass
class _Reader:
    """Reads fields and keeps the words for those that cannot be used."""

    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)

    def amount(self, name: str, measured_in: str = "") -> Decimal | None:
        text = self.typed.text(name)
        return self.tried(name, lambda: _value(text, measured_in)) if text else None

    def tried(self, name: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Refusal as no:
            how = f" Write {' or '.join(choice.value for choice in no.choices)}." if no.choices else ""
            self.errors[name] = f"{no.text}{how}"
            return None

    def entry(self, model: type[E], values: Mapping[str, Any], called: Mapping[str, str] | None = None) -> E:
        """The entry with these values. Raises FormRefusal with every field that cannot be used."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        try:
            entry = model.model_validate(given)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                name = str(detail["loc"][0]) if detail["loc"] else ""
                inner = str(detail["loc"][-1]) if detail["loc"] else ""
                words = "Fill this in." if detail["type"] == "missing" else words_of(model, name, detail)
                told = f"{inner}: {words}" if inner != name and not inner.isdigit() else words
                self.errors.setdefault((called or {}).get(name, name), _capital(told))
            raise FormRefusal(self.errors) from None
        if self.errors:
            raise FormRefusal(self.errors)
        return entry


def read(portfolio: Portfolio, typed: Typed, taken: Collection[str], newcomers: Iterable[Newcomer] = ()) -> Draft:
    """The draft of a form; `taken` are the keys of its kind that are used.

    Raises FormRefusal with words by field name, Refusal where what was edited is gone.
    """
    people = (*portfolio.people, *added(portfolio, tuple(newcomers)))
    reader = {"key_result": _key_result, "objective": _objective, "unit": _unit}[typed.what]
    return reader(portfolio, typed, people, taken)


def _key(typed: Typed, taken: Collection[str]) -> str:
    """The key of what is edited, or the one that was given; what was proposed and went in between is the next one."""
    if typed.key:
        return typed.key
    given = typed.text("key") or typed.proposed or ""
    return authoring_keys.free(given, taken) if given == typed.proposed else given


def _gone(typed: Typed) -> Refusal:
    return Refusal(f"{typed.key} is not there any more. Nothing was changed.")


def _key_result(portfolio: Portfolio, typed: Typed, people: Sequence[PersonEntry], taken: Collection[str]) -> Draft:
    place, before = next(((o.key, kr) for o, kr in portfolio.key_results() if kr.key == typed.key), ("", None))
    if typed.key and before is None:
        raise _gone(typed)
    reader, kind = _Reader(typed), kind_of(typed)
    measured_in = "" if kind in UNMEASURED else typed.text("measured_in")
    values = {**_kept(before, kind), "measured_in": measured_in, "kind": kind}
    values |= {name: reader.amount(name, measured_in) for name in AMOUNTS if name in OF_KIND[kind]}
    values |= {name: typed.text(name) for name in ("title", "commitment", "starts", "ends")}
    values |= {"due": typed.text("due") if kind == "binary" else None, "weight": reader.amount("weight")}
    if kind == "milestone":
        values["milestones"] = reader.tried("milestones", lambda: authoring_milestones.read(typed.text("milestones")))
    values |= {"key": _key(typed, taken), "owners": typed.several("owners")}
    values["reporter"] = _reporter(reader, people, before)
    entry = reader.entry(KeyResultEntry, values)
    objective = next((o for o in portfolio.objectives if o.key == typed.text("objective")), None)
    if objective is None:
        raise FormRefusal({"objective": "Choose the objective that it measures."})
    entry = _with_one_reporter(portfolio, entry)
    wanted = brought(portfolio, people, [entry.reporter]).model_copy(
        update={"objectives": (objective.model_copy(update={"key_results": (entry,)}),)}
    )
    return Draft(entry, wanted, before, place or objective.key)


def _with_one_reporter(portfolio: Portfolio, entry: KeyResultEntry) -> KeyResultEntry:
    """A shared key result has one who gives its value: where nobody is chosen, the first lead of its first owner."""
    if entry.reporter is not None or len(entry.owners) < 2:
        return entry
    leads = {unit.key: unit.leads for unit in portfolio.units}
    first = next((leads[owner][0] for owner in entry.owners if leads.get(owner)), None)
    return entry.model_copy(update={"reporter": first})


def _reporter(reader: _Reader, people: Sequence[PersonEntry], before: KeyResultEntry | None) -> str | None:
    """The person who is chosen. One who is not found in Slack cannot be shown in the field, so nobody took them out."""
    chosen = reader.typed.text("reporter")
    if chosen:
        return reader.tried("reporter", lambda: person_of(people, chosen))
    was = next((p for p in people if before is not None and p.key == before.reporter), None)
    return was.key if was is not None and not was.slack else None


def _kept(before: KeyResultEntry | None, kind: str) -> dict[str, Any]:
    """What the form does not show: the history, and the stated course where it still is one."""
    if before is None:
        return {}
    return {"updates": before.updates, "plan": before.plan if before.kind == kind else ()}


def _objective(portfolio: Portfolio, typed: Typed, people: Sequence[PersonEntry], taken: Collection[str]) -> Draft:
    before = next((o for o in portfolio.objectives if o.key == typed.key), None)
    if typed.key and before is None:
        raise _gone(typed)
    reader = _Reader(typed)
    above, how = typed.text("above"), typed.text("how")
    if how and not above:
        reader.errors["above"] = "Choose the objective that it moves, or leave the sentence out."
    chosen = (ContributionEntry(objective=above, how=how),) if above else ()
    values = {name: typed.text(name) for name in ("title", "unit", "cycle")}
    links = _linked(before.contributes_to if before else (), typed.text("link"), chosen)
    given = {**values, "key": _key(typed, taken), "contributes_to": links}
    entry = reader.entry(ObjectiveEntry, given, {"contributes_to": "above"})
    wanted = brought(portfolio, people, ()).model_copy(update={"objectives": (entry,)})
    krs = before.key_results if before else ()
    return Draft(entry.model_copy(update={"key_results": krs}), wanted, before)


def _linked(
    before: Sequence[ContributionEntry], shown: str, chosen: Sequence[ContributionEntry]
) -> tuple[ContributionEntry, ...]:
    """The links afterwards: what is chosen in the place of the one that was shown, and the others as they were."""
    named = {link.objective for link in chosen}
    at = next((place for place, link in enumerate(before) if link.objective == shown), len(before))
    kept = [link for link in before if link.objective != shown and link.objective not in named]
    first = [link for link in before[:at] if link in kept]
    return (*first, *chosen, *kept[len(first) :])


def _unit(portfolio: Portfolio, typed: Typed, people: Sequence[PersonEntry], taken: Collection[str]) -> Draft:
    before = next((u for u in portfolio.units if u.key == typed.key), None)
    if typed.key and before is None:
        raise _gone(typed)
    reader = _Reader(typed)
    by_key = {person.key: person for person in people}
    unfound = [key for key in (before.leads if before else ()) if not by_key[key].slack]
    leads = [reader.tried("leads", lambda slack=slack: person_of(people, slack)) for slack in typed.several("leads")]  # type: ignore[misc]
    values: dict[str, Any] = dict(before) if before else {}
    names = ("name", "level", "parent", "channel", "leadership_channel", "stage")
    values |= {name: typed.text(name) or None for name in names}
    key = before.key if before else authoring_keys.of_name(typed.text("name"), taken)
    values |= {"key": key, "leads": (*(lead for lead in leads if lead), *unfound)}
    values["private"] = typed.text("private") == "yes"
    entry = reader.entry(UnitEntry, values)
    wanted = brought(portfolio, people, entry.leads).model_copy(update={"units": (entry,)})
    return Draft(entry, wanted, before)


def _value(text: str, measured_in: str) -> Decimal:
    amount = read_amount(text, measured_in=measured_in)
    if amount.relative:
        raise Refusal(f'I read "{text}" as a change. Write the value itself, without the +.')
    return amount.value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
