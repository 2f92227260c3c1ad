"""Figures that are held for a while are those that would be computed anew, at every instant and after every change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs import state as states
from rituals.okrs.figures import figures
from rituals.okrs.held import holds_until
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import Bands, KeyResult, Milestone, Update
from rituals.okrs.roles import public
from storage.database import Database
from storage.tables import Unit
from tests.rituals.halden import NOW, TEAM
from tests.rituals.samples import BANDS, kr

ZONES = ("UTC", "Europe/Berlin", "Africa/Cairo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia")
BEGINS = datetime(2026, 9, 25, tzinfo=UTC)


@st.composite
def updates(draw: st.DrawFn) -> tuple[Update, ...]:
    """Said in the course of a hundred days, some on the minute at which a window ends."""
    minutes = sorted(draw(st.lists(st.integers(0, 100 * 24 * 60), max_size=6)))
    return tuple(
        Update(
            at=BEGINS + timedelta(minutes=minute),
            value=draw(st.none() | st.integers(15, 50).map(Decimal)),
            confidence=draw(st.none() | st.integers(0, 10)),
            unit=draw(st.sampled_from([None, "crm", "analytics"])),
            role=draw(st.sampled_from(["report", "report", "view"])),
            blocked=draw(st.booleans()),
        )
        for minute in minutes
    )


STEPS = (
    Milestone("Draft", done=date(2026, 10, 20), due=date(2026, 10, 10)),
    Milestone("Pilot", done=date(2026, 11, 20)),
    Milestone("All", due=date(2026, 12, 1)),
)
KEY_RESULTS = st.builds(
    lambda said, change: kr(updates=said, **change),
    updates(),
    st.sampled_from(
        [
            {},
            {"kind": "binary", "due": date(2026, 11, 1)},
            {"kind": "keep_below", "tolerance": Decimal(5)},
            {"kind": "milestone", "milestones": STEPS},
            {"plan": ((date(2026, 11, 1), Decimal("0.1")),)},
            {"cycle_closed": True},
        ]
    ),
)


@given(
    one=KEY_RESULTS,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    interval=st.sampled_from([timedelta(days=7), timedelta(days=14), timedelta(days=1, seconds=1)]),
    minute=st.integers(0, 120 * 24 * 60),
    place=st.floats(0, 1),
)
def test_figures_hold_until_the_instant_that_is_said(
    one: KeyResult, zone: ZoneInfo, interval: timedelta, minute: int, place: float
) -> None:
    now = BEGINS + timedelta(minutes=minute)
    until = holds_until(one, now=now, zone=zone, interval=interval)
    assert now < until <= now + timedelta(days=2)
    for then in (now + (until - now) * place, until - timedelta.resolution):
        at_then, at_now = (figures(one, now=at, zone=zone, interval=interval, bands=BANDS) for at in (then, now))
        if then < until:
            assert replace(at_then, at=now) == at_now


def test_what_is_held_is_what_is_computed_at_any_later_or_earlier_instant(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    for hours in (0, 1, 30, 29, 24 * 13, 24 * 14 + 1, -24 * 20, 24 * 60, 0):
        now = NOW + timedelta(hours=hours)
        for one in state.key_results.values():
            anew = figures(one, now=now, zone=state.zone, interval=state.interval(one), bands=state.bands)
            assert state.figures(one, now) == anew


def test_figures_are_computed_once_and_shared_with_what_others_may_see(halden: Database) -> None:
    with halden.transaction() as session:
        session.add(Unit(team_id=TEAM, key="hidden", name="Hidden", level="team", private=True))
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    one = next(iter(state.key_results.values()))
    first = state.figures(one, NOW)
    seen = public(state)
    assert seen is not state
    assert seen.figures(seen.key_results[one.key], NOW) is first
    assert seen.figures(seen.key_results[one.key], NOW + timedelta(seconds=1)).forecast is first.forecast


def test_other_rules_are_other_figures_from_the_next_question_on(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    one = next(k for k in state.current_key_results(NOW) if state.figures(k, NOW).status == "at_risk")
    wider = replace(state, bands=Bands(90, 95))
    assert wider.known is state.known
    assert wider.figures(one, NOW).status == "on_track"
    assert state.figures(one, NOW).status == "at_risk"
    fast = replace(state, rhythms=dict.fromkeys(state.rhythms, states.Rhythm(None, None, None, None)))
    assert fast.figures(one, NOW) == figures(
        one, now=NOW, zone=state.zone, interval=states.NO_CADENCE, bands=state.bands
    )
