"""What stands in a form when it opens: the values of the entry that is edited, or good guesses for a new one. Pure."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from rituals.okrs.authoring import keys as authoring_keys
from rituals.okrs.authoring import milestones as authoring_milestones
from rituals.okrs.authoring.cards import Typed, What
from rituals.okrs.numbers import write_number
from rituals.okrs.portfolio.schema import KeyResultEntry, ObjectiveEntry, Portfolio, UnitEntry
from rituals.okrs.state import Member, PortfolioState

AMOUNTS = ("start", "target", "low", "high", "tolerance")
_SERIES = {"key_result": "KR-", "objective": "O-"}


def blank(
    state: PortfolioState, member: Member | None, what: What, text: str, *, taken: Collection[str], now: datetime
) -> Typed:
    """A form for something new. `text` is what was typed behind the word: a title, or the objective's key; `taken` are
    the keys of its kind that are used.
    """
    led = state.led_by(member.key) if member else ()
    if what == "unit":
        texts = {"name": text, "parent": led[0] if led else "", "level": "product_line"}
        return Typed(what=what, texts=texts, lists={"leads": (member.slack,) if member and member.slack else ()})
    proposed = authoring_keys.next_number(taken, _SERIES[what])
    if what == "objective":
        cycle = next((c.key for c in state.current_cycles(now) if not c.closed), "")
        texts = {"title": text, "unit": led[0] if led else "", "cycle": cycle, "key": proposed}
        return Typed(what=what, proposed=proposed, texts=texts)
    named = next((o.key for o in state.objectives if o.key.casefold() == text.casefold()), "")
    texts = {"objective": named, "title": "" if named else text, "key": proposed}
    return Typed(what=what, proposed=proposed, texts=texts, lists={"owners": led[:1]})


def keys_of(state: PortfolioState, what: What) -> Collection[str]:
    """The keys that are taken in a portfolio of which nothing is left out."""
    return {"key_result": state.key_results, "objective": state.objectives_by_key, "unit": state.units}[what].keys()


def existing(state: PortfolioState, portfolio: Portfolio, what: What, key: str) -> Typed:
    """The form of what exists. Raises StopIteration for an unknown key."""
    if what == "unit":
        return of_unit(state, next(unit for unit in portfolio.units if unit.key == key))
    if what == "objective":
        return of_objective(state, next(o for o in portfolio.objectives if o.key == key))
    return next(of_key_result(state, o.key, kr) for o, kr in portfolio.key_results() if kr.key == key)


def of_key_result(state: PortfolioState, objective: str, entry: KeyResultEntry) -> Typed:
    """The form of a key result that exists."""
    amounts = {name: _amount(getattr(entry, name)) for name in AMOUNTS}
    days = {name: day.isoformat() if (day := getattr(entry, name)) else "" for name in ("starts", "ends", "due")}
    reporter = state.people.get(entry.reporter or "")
    texts = {
        "title": entry.title,
        "objective": objective,
        "kind": entry.kind,
        **amounts,
        **days,
        "measured_in": entry.measured_in,
        "milestones": authoring_milestones.written(entry.milestones),
        "reporter": (reporter.slack or "") if reporter else "",
        "commitment": entry.commitment,
        "weight": _amount(entry.weight),
    }
    return Typed(what="key_result", key=entry.key, texts=texts, lists={"owners": entry.owners})


def of_objective(state: PortfolioState, entry: ObjectiveEntry) -> Typed:
    """The form of an objective that exists; of several links the first whose objective the person may know."""
    named = {o.key for o in state.objectives if not state.units[o.unit].hidden}
    link = next((one for one in entry.contributes_to if one.objective in named), None)
    texts = {"title": entry.title, "unit": entry.unit, "cycle": entry.cycle}
    texts |= {"above": link.objective, "how": link.how, "link": link.objective} if link else {}
    return Typed(what="objective", key=entry.key, texts=texts)


def of_unit(state: PortfolioState, entry: UnitEntry) -> Typed:
    """The form of a unit that exists. Leads who are not found in Slack are named beside the field and stay."""
    leads = [state.people[key] for key in entry.leads]
    unfound = [person.name for person in leads if not person.slack]
    texts = {
        "name": entry.name,
        "level": entry.level,
        "parent": entry.parent or "",
        "channel": entry.channel or "",
        "leadership_channel": entry.leadership_channel or "",
        "stage": entry.stage or "",
        "private": "yes" if entry.private else "",
        "unfound": f"Also {', '.join(unfound)}, not found in Slack yet." if unfound else "",
    }
    return Typed(what="unit", key=entry.key, texts=texts, lists={"leads": tuple(p.slack for p in leads if p.slack)})


def _amount(value: Decimal | None) -> str:
    return "" if value is None else write_number(value)
