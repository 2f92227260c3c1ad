"""The co-owners' thread as it stands: what fell behind and why, and what each owner says, side by side. Words only.

Rendered when it is sent, with the names that its readers may know.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from rituals.flags.voices import Asked, Voice, asked, limit_of, speaks_for, voices
from rituals.notices.flags import Ended, FlagThreadNotice, OwnerView, ThreadState
from rituals.okrs.flags.log import told
from rituals.okrs.flags.shown import flag_lines
from rituals.okrs.lines import line_of
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KEEP_KINDS, KeyResult
from rituals.okrs.numbers import write_amount
from rituals.okrs.pace import local_day
from rituals.okrs.roles import public, seen_by
from rituals.okrs.state import Member, PortfolioState
from rituals.okrs.words import value_words
from storage import flags as store
from storage.database import Session


def thread_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> FlagThreadNotice | None:
    """The thread as its readers see it: everybody in a channel, or the `person` of a direct message. None where what it
    is about is not theirs to see any more.
    """
    thread, full = store.get_thread(session, team_id, data["thread"]), load_portfolio(session, team_id)
    person = full.people_by_id.get(data.get("person") or 0)
    state = seen_by(full, person.key) if person else public(full)
    kr = state.key_results.get(state.key_result_ids.get(thread.key_result_id) or "") if thread else None
    if thread is None or kr is None:
        return None
    figures = state.figures(kr, now)
    book = told(session, team_id, [kr])[kr.key]
    said = voices(state, kr, thread, store.views_of(session, team_id, thread.id or 0))
    people = asked(full, kr, now)
    return FlagThreadNotice(
        thread=thread.id or 0,
        line=line_of(state, kr, figures),
        since=local_day(thread.opened_at, state.zone),
        why=flag_lines(state, kr, figures, book),
        views=tuple(_view(state, kr, owner, said.get(owner), people, data.get("ping", ())) for owner in kr.owners),
        mine=speaks_for(full, person, kr, now) if person else None,
        state=cast(ThreadState, thread.state),
        ended=cast(Ended, thread.why),
        within=_within(kr, [voice.value for voice in said.values()]),
        agreed=value_words(kr, thread.value),
        step=thread.next_step,
        step_on=thread.next_on,
    )


def view_of(state: PortfolioState, kr: KeyResult, voice: Voice) -> OwnerView:
    """One owner's word by itself."""
    return _view(state, kr, voice.unit, voice, {voice.unit: ()}, ())


def _view(
    state: PortfolioState, kr: KeyResult, owner: str, voice: Voice | None, people: Asked, ping: Collection[str]
) -> OwnerView:
    unit = state.units[owner]
    shown = () if unit.hidden else people[owner]
    if voice is None:
        return OwnerView(unit_key=owner, name=unit.name, people=tuple(p.name for p in shown), ping=_called(shown, ping))
    by = state.people.get(voice.by or "")
    return OwnerView(
        unit_key=owner,
        name=unit.name,
        value=value_words(kr, voice.value),
        by=by.name if by and not unit.hidden else "",
        at=voice.at,
        note=voice.note,
        step=voice.step,
        step_on=voice.step_on,
        view=voice.view,
        people=tuple(p.name for p in shown),
        ping=_called(shown, ping),
    )


def _called(people: Iterable[Member], ping: Collection[str]) -> tuple[str, ...]:
    return tuple(one.slack for one in people if one.slack and one.slack in ping)


def _within(kr: KeyResult, said: list[Decimal]) -> str:
    """How far apart counts as agreed: `2.5 days`; "" where any difference is one."""
    if kr.kind == "binary":
        return ""
    limit = limit_of(kr, said)
    if kr.kind in KEEP_KINDS and not said:
        limit = limit_of(kr, [kr.target or kr.low or Decimal(0)])
    exact = Decimal(limit.numerator) / Decimal(limit.denominator)
    if not exact:
        return ""
    short = exact.quantize(Decimal("0.01")).normalize() if exact >= Decimal("0.01") else exact
    return write_amount(Decimal(format(short, "f")), "" if kr.kind == "milestone" else kr.measured_in)
