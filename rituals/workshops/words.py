"""A workshop's standing in plain sentences: what a person is told who moves it, or cannot. Pure; no markup."""

from collections.abc import Sequence
from datetime import datetime

from rituals.okrs.state import PortfolioState
from rituals.workshops import seats
from rituals.workshops.rules import Move
from storage.tables import Workshop, WorkshopItem


def where(state: PortfolioState, row: Workshop) -> str:
    """Where it stands, and what comes next."""
    standing = seats.standing(row)
    if standing.state in {"planned", "drafting"}:
        return f"It begins {when(state, row.starts_at)}."
    if standing.line is not None:
        name = state.units[standing.line].name
        ends = f"until {_hour(state, standing.ends_at)}" if standing.ends_at else "now"
        return f"{name} has the floor {ends}; then {_then(state, row)}."
    if standing.state == "adjusting":
        return "The adjustment round is open: each item waits for its line. Then the confirmation is asked for."
    if standing.state == "confirming":
        names = " or ".join(member.name for member in seats.confirmers(state, row))
        return f"It waits for the word of {names or 'an admin'} that the set covers the objectives."
    return "It is over; its record is in the channel." if standing.state == "closed" else "It was called off."


def _then(state: PortfolioState, row: Workshop) -> str:
    after = seats.standing(row).after
    return state.units[after].name if after else "the adjustment round"


def cannot(state: PortfolioState, row: Workshop, what: Move) -> str:
    """Why a move cannot be made now."""
    ahead = row.state in {"planned", "drafting"}
    if what == "extend":
        return f"No line has the floor, so there is no time to extend. {where(state, row)}"
    if what == "close" and ahead:
        return f"It has not begun. {where(state, row)} /okr workshop cancel calls it off."
    if what == "cancel" and row.state not in {"closed", "cancelled"}:
        return f"It has begun, so it can be closed and not called off. {where(state, row)}"
    return where(state, row)


def outcome(row: Workshop, items: Sequence[WorkshopItem]) -> str:
    """What came of it, in a line: `4 noted: 3 accepted, 1 not answered; connection rate 60 → 80 %`."""
    answered = [item for item in items if item.kind != "decision"]
    parts = [f"{number} {word}" for state, word in _ANSWERED.items() if (number := _of(answered, state))]
    told = [f"{len(answered)} noted: {', '.join(parts)}" if parts else "nothing was noted"]
    if decisions := len(items) - len(answered):
        told.append(f"{decisions} decision{'s' if decisions > 1 else ''}")
    before, after = ((side or {}).get("connection") for side in (row.before, row.after))
    if before is not None and after is not None:
        was, now = _percent(before), _percent(after)
        told.append(f"connection rate {now} %" if was == now else f"connection rate {was} → {now} %")
    return "; ".join(told)


_ANSWERED = {
    "accepted": "accepted",
    "adjusted": "to be adjusted",
    "declined": "declined",
    "open": "not answered",
}


def _of(items: Sequence[WorkshopItem], state: str) -> int:
    return sum(item.state == state for item in items)


def _percent(share: float) -> int:
    return int(share * 100 + 0.5)


def when(state: PortfolioState, at: datetime) -> str:
    """A day and hour in the workspace's zone: `Mon 4 Jan 10:00 (Europe/Berlin)`."""
    local = at.astimezone(state.zone)
    return f"{local:%a} {local.day} {local:%b %H:%M} ({state.zone.key})"


def _hour(state: PortfolioState, at: datetime) -> str:
    return f"{at.astimezone(state.zone):%H:%M} ({state.zone.key})"
