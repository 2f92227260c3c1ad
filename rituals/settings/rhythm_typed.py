"""A rhythm as it stands in its form's fields: read from them, or put into them. Pure."""

from datetime import datetime

from rituals.cadence import EPOCH, Cadence, parse_cadence
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.load import PortfolioState
from rituals.settings import reading
from rituals.settings.cards import Typed
from rituals.settings.reading import Reading

AUDIENCES = ("portfolio", "unit")  # whose rhythms stand beside the unit's own digest
_MOST = {"weeks": 52, "months": 12}


def stored(state: PortfolioState, unit: str, which: str) -> Cadence | None:
    """A unit's own check-in, its digest, or that for another audience."""
    own = state.rhythms[unit]
    return {"digest": own.digest, "checkin": own.cadence}[which] if which not in AUDIENCES else own.audiences.get(which)


def read_cadence(typed: Typed) -> Cadence:
    """The cadence that stands in the form. Raises FormRefusal."""
    read = Reading()
    step = typed.text("step") or "weeks"
    every = read.take("every", lambda: reading.whole(typed.text("every"), 1, _MOST[step]), 1)
    at = read.take("at", lambda: reading.hour(typed.text("at")), None)
    field = "weekdays" if step == "weeks" else "monthdays"
    on = typed.several(field)
    if not on:
        read.errors[field] = "choose at least one day"
    zone = read.take("zone", lambda: _zone(typed), None)
    starts = typed.text("starts")
    if every > 1 and not starts:
        read.errors["starts"] = f"choose the day from which the {step} are counted"
    read.done()
    raw = {"every": f"{every} {step}", "on": on, "at": at, "timezone": zone, "starts": starts or None}
    try:
        return parse_cadence(raw)
    except Refusal as no:
        raise FormRefusal({no.field if no.field in {"at", "starts", "every"} else field: no.text}) from None


def _zone(typed: Typed) -> str | None:
    if typed.text("where") != "zone":
        return None
    found = reading.zone(typed.text("zone"))
    if found is None:
        raise Refusal("write a time zone like Europe/Berlin")
    return found


def typed_of(state: PortfolioState, unit: str, which: str, now: datetime) -> Typed:
    """What is set, or what it would follow, or the usual fortnight, to begin with."""
    whose = state.cadence_unit(unit) if which == "checkin" else unit
    c = stored(state, whose or unit, which) or _beginning(which)
    starts = state.today(now) if c.starts == EPOCH else c.starts
    texts = {
        "every": str(c.every),
        "step": c.unit,
        "at": f"{c.at:%H:%M}",
        "starts": starts.isoformat(),
        "where": "zone" if c.timezone else "own",
        "zone": c.timezone or state.zone.key,
    }
    days = "weekdays" if c.unit == "weeks" else "monthdays"
    binding = ("binding",) if which == "checkin" and state.rhythms[unit].binding else ()
    return Typed(texts=texts, lists={days: c.on, "binding": binding})


def _beginning(which: str) -> Cadence:
    usual = {"every": "1 week", "on": "friday", "at": "15:00"}
    if which == "checkin":
        usual = {"every": "2 weeks", "on": "monday", "at": "09:00", "starts": EPOCH.isoformat()}
    return parse_cadence(usual)
