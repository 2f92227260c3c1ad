"""Closing a cycle that is decided, and opening it again: the next cycle is opened, what goes on is written, the figures
are kept and posted. One transaction each; the same again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from rituals.closing import carrying, figures, next_cycle, rights, shown
from rituals.closing.going_on import carry, open_next
from rituals.closing.next_cycle import NextCycle
from rituals.closing.pages import FinishForm
from rituals.closing.shown import Pass
from rituals.errors import FormRefusal, Refusal
from rituals.notices.closing import Finished, Retrospective, Went
from rituals.okrs.adjusting import show_ended
from rituals.okrs.live import refresh_all
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.roles import is_admin, public
from rituals.okrs.state import Member
from storage import changes, outbox
from storage import closing as store
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CycleClose

_NAMED = 5


def finish_form(db: Database, team_id: str, user: str, cycle: str, *, now: datetime) -> FinishForm:
    """What closing will do, and the next cycle that is proposed. Raises Refusal as `finish` does."""
    with db.transaction(readonly=True) as session:
        found, member = _pass(session, team_id, user, cycle, now)
        _refuse(found, member)
        into = _into(session, found)
    outcomes = [grade.outcome for kr in found.key_results if (grade := found.grade(kr))]
    open_ones = [c for c in found.state.cycles.values() if not c.closed and c.ends > found.cycle.ends]
    return FinishForm(
        cycle=found.cycle.key,
        ends=found.cycle.ends,
        days_left=max(0, (found.cycle.ends - found.state.today(now)).days + 1),
        closed=outcomes.count("closed"),
        carried=outcomes.count("carried"),
        dropped=outcomes.count("dropped"),
        key=into.key,
        starts=into.starts,
        until=into.ends,
        exists=into.key in found.state.cycles,
        choices=tuple(c.key for c in open_ones),
    )


def finish(
    db: Database,
    team_id: str,
    user: str,
    cycle: str = "",
    into: NextCycle | None = None,
    *,
    early: bool = False,
    now: datetime,
) -> Finished:
    """Close a cycle in which everything is decided, and go on in the next: `into`, else the one that follows.

    `early` says that a cycle is meant to be closed before its last day is over. Closed already, it says again what was
    done. Raises Refusal for who may not, for what is not decided, for a cycle that has not ended; FormRefusal with
    words by field (key, until) for a next cycle that cannot be.
    """
    with db.transaction() as session:
        ready = make_ready(session, team_id, user, cycle, into, early=early, now=now)
        return ready if isinstance(ready, Finished) else close(session, ready)


@dataclass(frozen=True)
class Ready:
    """A cycle that this person (a Slack id) may close now, into that one."""

    found: Pass
    user: str
    into: NextCycle


def make_ready(
    session: Session, team_id: str, user: str, cycle: str, into: NextCycle | None, *, early: bool, now: datetime
) -> Ready | Finished:
    """Whether and into what a cycle can be closed; closed already, what was done. Raises as `finish` does."""
    store.hold(session, team_id)
    found, member = _pass(session, team_id, user, cycle, now)
    row = store.of_cycle(session, team_id, found.cycle.id)
    if found.cycle.closed and row is not None and rights.may_close(found.state, member.key, found.cycle.key):
        return _again(session, found, row)
    _refuse(found, member)
    if not (found.ended or early):
        raise Refusal(f"{found.cycle.key} runs until {found.cycle.ends}. Say that you mean to close it early.", "early")
    return Ready(found, user, _checked(found, into or _into(session, found)))


def reopen(db: Database, team_id: str, user: str, cycle: str, *, now: datetime) -> None:
    """Open a closed cycle again, for admins: decisions can be changed, what goes on goes on. Open, it stays so."""
    with db.transaction() as session:
        store.hold(session, team_id)
        found, member = _pass(session, team_id, user, cycle, now)
        if not is_admin(found.state, member.key):
            raise Refusal(f"{found.cycle.key} is opened again by an admin only; grades in it can change then.")
        row = store.of_cycle(session, team_id, found.cycle.id)
        if row is not None and found.cycle.closed:
            store.open_again(session, row)
            _record(session, found, user, closed=False)
            refresh_all(session, team_id, now=now)


def _pass(session: Session, team_id: str, user: str, cycle: str, now: datetime) -> tuple[Pass, Member]:
    state = load_portfolio(session, team_id)
    member = rights.member_of(state, user)
    return shown.load_pass(session, state, rights.cycle_meant(state, cycle, now), now), member


def _refuse(found: Pass, member: Member) -> None:
    """Raises Refusal for who may not close, and while something is in the way."""
    key = found.cycle.key
    if found.cycle.closed:
        raise Refusal(f"{key} is closed already. /okr close-cycle results {key} shows it.")
    if not rights.may_close(found.state, member.key, key):
        raise Refusal(f"{key} is closed by a lead of its portfolio, or an admin. What you graded is kept.")
    if found.cycle.starts > found.state.today(found.now):
        raise Refusal(f"{key} has not begun: it runs from {found.cycle.starts}. There is nothing to close yet.")
    if left := found.undecided(found.key_results):
        mine = len(rights.graded_by(found.state, member.key, left))
        others = (
            ""
            if mine == len(left)
            else " Others have some to decide as well."
            if mine
            else " They are others' to decide."
        )
        raise Refusal(
            f"{len(left)} left to decide in {key}.{others}" if mine else f"Not all of {key} is decided.{others}"
        )
    stuck = [
        kr
        for kr in found.key_results
        if (grade := found.grade(kr)) and grade.outcome == "carried" and _stuck(found, kr)
    ]
    if stuck:
        words = " ".join(_stuck(found, kr) for kr in stuck[:_NAMED])
        raise Refusal(f"Values moved since they were decided on. {words}")


def _stuck(found: Pass, kr: KeyResult) -> str:
    """Why a key result that was to go on cannot any more; what went on before did."""
    grade = found.grade(kr)
    return "" if grade is None or grade.carried_to else carrying.problem(kr, grade.target)


def _into(session: Session, found: Pass) -> NextCycle:
    """Where it went before, when it was closed once; else the cycle that follows."""
    row = store.of_cycle(session, found.state.team_id, found.cycle.id)
    before = next((c for c in found.state.cycles.values() if row and c.id == row.next_cycle_id), None)
    if before is not None:
        return NextCycle(before.key, before.starts, before.ends)
    return next_cycle.following(found.cycle, found.state.cycles.values())


def _checked(found: Pass, into: NextCycle) -> NextCycle:
    """The next cycle with its own days where it exists. Raises FormRefusal for what cannot follow."""
    key = into.key.strip()
    known = found.state.cycles.get(key)
    if known is not None:
        into = NextCycle(known.key, known.starts, known.ends)
    errors = {}
    if not key or len(key) > next_cycle.LONGEST_KEY:
        errors["key"] = f"Give the next cycle a name of up to {next_cycle.LONGEST_KEY} characters, such as 2027-Q1."
    elif into.ends <= found.cycle.ends or (known and known.closed):
        errors["key"] = f"{key} is over or closed. Choose a cycle that ends after {found.cycle.ends}."
    elif into.ends <= into.starts:
        errors["until"] = f"It begins on {into.starts}: choose a later last day."
    if errors:
        raise FormRefusal(errors)
    return NextCycle(key, into.starts, into.ends)


def close(session: Session, ready: Ready, ahead: figures.Ahead | None = None) -> Finished:
    """Close it. `ahead` are figures that were computed before."""
    found, user, into = ready.found, ready.user, ready.into
    team_id, state = found.state.team_id, found.state
    row = store.begin(session, team_id, found.cycle.id, by=user, now=found.now)
    cycle_id, opened = open_next(session, state, into)
    done = carry(session, found, into, cycle_id)
    kept = figures.kept(session, found, ahead)
    store.shut(session, row, by=user, next_id=cycle_id, figures=kept, now=found.now)
    show_ended(session, state, store.withdraw_proposals(session, team_id, found.cycle.id), found.now)
    _record(session, found, user, closed=True)
    session.flush()
    by = state.member(user)
    closed = figures.Closed(found.cycle, into.key, by.name if by else "", kept)
    channels = _post(session, found, row, closed)
    refresh_all(session, team_id, now=found.now)
    return Finished(
        cycle=found.cycle.key,
        into=into.key,
        opened=opened,
        key_results=tuple(done.key_results),
        objectives=tuple(done.objectives),
        lost=tuple(done.lost),
        channels=channels,
    )


def _record(session: Session, found: Pass, user: str, *, closed: bool) -> None:
    changes.add_change(
        session,
        found.state.team_id,
        at=found.now,
        by=user,
        what="cycle",
        key=found.cycle.key,
        action="edit",
        before={"closed": not closed},
        after={"closed": closed},
    )


def _post(session: Session, found: Pass, row: CycleClose, closed: figures.Closed) -> int:
    """The look back to each portfolio's channel, as its readers may see it; returns to how many."""
    state, sent = found.state, 0
    for unit in figures.portfolios(state, found.cycle.key):
        channel = state.rhythms[unit].channel or state.rhythms[unit].leadership_channel
        if channel is None:
            continue
        look = figures.retrospective(public(state, of=unit), closed, unit)
        key = f"{Retrospective.KIND}:{row.id}:{unit}:{found.now.isoformat()}"
        promise = Promise(key=key, kind=Retrospective.KIND, to=channel, data=look.model_dump(mode="json"))
        sent += outbox.promise(session, state.team_id, promise, now=found.now)
    return sent


def _again(session: Session, found: Pass, row: CycleClose) -> Finished:
    """What was done, to who asks for it a second time."""
    keys = found.state.key_result_ids
    into = next((c.key for c in found.state.cycles.values() if c.id == row.next_cycle_id), "")
    went = [(kr.key, keys[g.carried_to]) for kr in found.key_results if (g := found.grade(kr)) and g.carried_to in keys]
    results = tuple(Went(before=before, now=now) for before, now in went)
    return Finished(
        cycle=found.cycle.key, into=into, opened=False, key_results=results, objectives=(), lost=(), channels=0
    )
