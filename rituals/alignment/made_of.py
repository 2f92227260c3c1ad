"""What the figures are made of: which objectives are connected, which key results move, and at what pace. Pure.

The figures themselves are in `rules` and `coverage`; here is what each of them counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

from rituals.alignment.coverage import Moves, movement
from rituals.alignment.rules import velocity
from rituals.okrs.model import KeyResult, Objective, Unit


@dataclass(frozen=True, slots=True)
class Connected:
    """A product-line objective: the portfolio objectives it contributes to (keys), and whether a key result moves."""

    objective: Objective
    to: tuple[str, ...]
    moving: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """A key result's velocity over the last two windows; 1 is linear, None where it cannot be told."""

    kr: KeyResult
    velocity: Fraction | None


def connections(
    objectives: Sequence[Objective],
    units: Iterable[Unit],
    *,
    now: datetime,
    zone: ZoneInfo,
    interval: timedelta,
    above: Iterable[Objective] = (),
    moves: Moves | None = None,
) -> tuple[Connected, ...]:
    """Every product-line objective; those without a link first. `above`: see `rules.connection_rate`, `moves`:
    `coverage`.
    """
    moves = moves or partial(movement, now=now, zone=zone, interval=interval)
    levels = {unit.key: unit.level for unit in units}
    tops = {o.key for o in (*objectives, *above) if levels.get(o.unit) == "portfolio"}
    found = [
        Connected(
            o,
            tuple(c.objective for c in o.contributes_to if c.objective in tops),
            any(moves(kr) == "moving" for kr in o.key_results),
        )
        for o in objectives
        if levels.get(o.unit) == "product_line"
    ]
    return tuple(sorted(found, key=lambda one: (bool(one.to), one.moving)))


def connected_and_moving(found: Sequence[Connected]) -> Fraction | None:
    """Product-line objectives with a link and a moving key result ÷ all of them; None without any."""
    return Fraction(sum(bool(one.to) and one.moving for one in found), len(found)) if found else None


def paces(
    key_results: Iterable[KeyResult], *, today: date, interval: timedelta, zone: ZoneInfo
) -> tuple[tuple[Pace, ...], tuple[Pace, ...]]:
    """The shared and the unit-only ones, each the slowest first; those without a velocity last."""
    since = today - 2 * interval
    found = [Pace(kr, velocity(kr, since, today, zone)) for kr in key_results if not kr.cycle_closed]
    ordered = sorted(found, key=lambda one: (one.velocity is None, one.velocity or 0))
    return tuple(p for p in ordered if p.kr.shared), tuple(p for p in ordered if not p.kr.shared)
