"""The units of one person in App Home: how many have answered in the open round, how many key results are on track.

Reads only; Home itself is `rituals.home`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rituals.notices import HomeUnit
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.pages import of_units
from storage import checkins
from storage.database import Session
from storage.tables import CheckinAsk

_GOOD = frozenset({"on_track", "achieved"})
_ANSWERED = frozenset({"answered", "late"})


@dataclass(frozen=True)
class _Turnout:
    answered: int
    asked: int


def units_of(session: Session, state: PortfolioState, member: Member, now: datetime) -> tuple[HomeUnit, ...]:
    """The open units that a person leads, in the portfolio's order."""
    led = state.led_by(member.key)
    asks = _open_asks(session, state) if led else {}
    return tuple(_unit(state, key, asks, now) for key in led if state.units[key].closed_on is None)


def _open_asks(session: Session, state: PortfolioState) -> Mapping[str, Sequence[CheckinAsk]]:
    """The asks of the open rounds, by the key of the round's unit."""
    rounds = {row.id: state.unit_keys[row.unit_id] for row in checkins.open_rounds(session, state.team_id) if row.id}
    found: dict[str, list[CheckinAsk]] = {key: [] for key in rounds.values()}
    for asked in checkins.asks_seen(session, state.team_id, list(rounds)):
        found[rounds[asked.ask.round_id]].append(asked.ask)
    return found


def _unit(state: PortfolioState, key: str, asks: Mapping[str, Sequence[CheckinAsk]], now: datetime) -> HomeUnit:
    krs = of_units(state, state.below(key), state.current_key_results(now))
    unit, turnout = state.units[key], _turnout(state, key, asks)
    return HomeUnit(
        name=unit.name,
        level=unit.level,
        key_results=len(krs),
        on_track=sum(state.figures(kr, now).status in _GOOD for kr in krs),
        channel=state.rhythms[key].channel,
        answered=turnout.answered,
        asked=turnout.asked,
    )


def _turnout(state: PortfolioState, key: str, asks: Mapping[str, Sequence[CheckinAsk]]) -> _Turnout:
    """Of the unit's own round all who were asked, of another's the leads of this unit and those below it."""
    whose = state.cadence_unit(key)
    below = {state.people[lead].id for unit in state.below(key) for lead in state.units[unit].leads}
    mine = [a for a in asks.get(whose or "", ()) if whose == key or a.person_id in below]
    counted = [a for a in mine if a.state != "skipped"]
    return _Turnout(sum(a.state in _ANSWERED for a in counted), len(counted))
