"""The close of a cycle, decision by decision: `begin`, `form`, `decide`, `decide_many`; closing itself is `finish` in
`finishing`. Each is one transaction; people may do it at once, in any order, and go on after a restart.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from rituals.closing import rights, rules, shown
from rituals.closing.pages import ClosingPage, GradeForm
from rituals.closing.reading import Decision, Read, read
from rituals.closing.shown import Pass
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.state import Member
from storage import changes, outbox
from storage import closing as store
from storage.database import Database, Session
from storage.tables import Grade

Batch = Literal["on_track", "suggested"]
"""Which undecided key results: those on track, which are carried over; all, each as its figures suggest."""


def begin(db: Database, team_id: str, user: str, cycle: str = "", *, start: int = 0, now: datetime) -> ClosingPage:
    """Begin the closing of a cycle, or go on with it: the page for who asks, its objectives from the `start`-th on.
    Without a name the cycle that waits.

    Raises Refusal for who decides on nothing in it, and for a cycle that has not begun.
    """
    with db.transaction() as session:
        found, member = _pass(session, team_id, user, cycle, now)
        if not (found.mine(member) or rights.may_close(found.state, member.key, found.cycle.key)):
            raise Refusal(
                f"None of your key results are in {found.cycle.key}. /okr list {found.cycle.key} shows them all."
            )
        if not found.cycle.closed:
            store.begin(session, team_id, found.cycle.id, by=user, now=now)
        return shown.page(found, member, start=start)


def form(
    db: Database, team_id: str, user: str, cycle: str, key: str = "", *, after: str = "", now: datetime
) -> GradeForm | ClosingPage:
    """The form of one key result (`key`), else of the next undecided one behind `after`; the page where none is left.

    Raises Refusal where the key result is not theirs to decide on.
    """
    with db.transaction(readonly=True) as session:
        found, member = _pass(session, team_id, user, cycle, now, key)
        if key:
            _refuse_closed(found)
            return shown.form(found, member, _mine(found, member, key))
        return _next(found, member, after)


def decide(
    db: Database, team_id: str, user: str, cycle: str, decision: Decision, *, now: datetime
) -> GradeForm | ClosingPage:
    """Write a decision, or another one in its place; the next form, or the page where none is left.

    The same decision again changes nothing. Raises FormRefusal with words by field, Refusal where it is not theirs, the
    cycle is closed, or somebody decided since `decision.seen`.
    """
    with db.transaction() as session:
        store.hold(session, team_id)
        found, member = _pass(session, team_id, user, cycle, now)
        _refuse_closed(found)
        kr = _mine(found, member, decision.key_result)
        result = read(kr, decision)
        if not _stands(found, kr, user, decision, result):
            _refuse_overtaken(found, kr, decision)
            _refuse_gone_on(found, kr, decision.outcome)
            _write(session, found, kr, user, decision, result)
            outbox.again(session, team_id, outbox.home_key(user), now=now)
        return _next(shown.load_again(session, found), member, kr.key)


def decide_many(
    db: Database, team_id: str, user: str, cycle: str, which: Batch, *, objective: str = "", now: datetime
) -> ClosingPage:
    """Decide on everything undecided that is theirs, of one objective (key) or of all; the page, with what was done.

    What needs a word of its own (a score, a new target) is left for it. Raises Refusal as `decide` does.
    """
    with db.transaction() as session:
        store.hold(session, team_id)
        found, member = _pass(session, team_id, user, cycle, now)
        _refuse_closed(found)
        among = [kr for kr in found.undecided(found.mine(member)) if objective in {"", kr.objective}]
        read_ones = [(kr, *_suggested(kr, which)) for kr in among if _fits(found, kr, which)]
        store.begin(session, team_id, found.cycle.id, by=user, now=now)
        outbox.again(session, team_id, outbox.home_key(user), now=now)
        store.grade_all(session, [_row(found, kr, user, said, ok) for kr, said, ok in read_ones if ok])
        done = [said.outcome if ok else "" for _, said, ok in read_ones]
        counts = {outcome: done.count(outcome) for outcome in ("closed", "carried", "dropped")}
        names = {"closed": "closed", "carried": "carried over", "dropped": "dropped"}
        did = [f"{n} {names[outcome]}" for outcome, n in counts.items() if n]
        left = done.count("")
        did += [f"{left} left for a word of {'its' if left == 1 else 'their'} own"] if left else []
        return shown.page(shown.load_again(session, found), member, did or ["Nothing to decide"])


def _fits(found: Pass, kr: KeyResult, which: Batch) -> bool:
    return which == "suggested" or rules.is_on_track(found.figures(kr).status)


def _suggested(kr: KeyResult, which: Batch) -> tuple[Decision, Read | None]:
    """The decision of a batch; None in the place of what is read where the key result needs a word of its own."""
    decision = Decision(kr.key, "carried" if which == "on_track" else shown.suggestion_for(kr).outcome)
    try:
        return decision, read(kr, decision)
    except FormRefusal:
        return decision, None


def _pass(session: Session, team_id: str, user: str, cycle: str, now: datetime, key: str = "") -> tuple[Pass, Member]:
    """The closing of the cycle that is named, or without a name of the one that a key result (`key`) is in."""
    state = load_portfolio(session, team_id)
    member = rights.member_of(state, user)
    if not cycle and key in state.key_results:
        cycle = state.objectives_by_key[state.key_results[key].objective].cycle
    meant = rights.cycle_meant(state, cycle, now)
    if meant.starts > state.today(now):
        raise Refusal(f"{meant.key} has not begun: it runs from {meant.starts}. There is nothing to close yet.")
    return shown.load_pass(session, state, meant, now), member


def _mine(found: Pass, member: Member, key: str) -> KeyResult:
    kr = next((one for one in found.key_results if one.key == key), None)
    if kr is None or not rights.may_grade(found.state, member.key, kr):
        raise Refusal(f"{key} is not yours to grade in {found.cycle.key}. /okr close-cycle shows what waits for you.")
    return kr


def _refuse_closed(found: Pass) -> None:
    if found.cycle.closed:
        raise Refusal(
            f"{found.cycle.key} is closed: it stays as it was. /okr close-cycle results {found.cycle.key} shows it; "
            f"an admin can open it again with /okr close-cycle reopen {found.cycle.key}."
        )


def _stands(found: Pass, kr: KeyResult, user: str, decision: Decision, result: Read) -> bool:
    """Whether this very decision by this very person stands already, as after a click that came twice."""
    grade = found.grade(kr)
    if grade is None or grade.slack_user != user:
        return False
    said = (decision.outcome, result.score, result.target, decision.reason.strip(), decision.note.strip())
    return said == (grade.outcome, grade.score, grade.target, grade.reason, grade.note)


def _refuse_overtaken(found: Pass, kr: KeyResult, decision: Decision) -> None:
    grade = found.grade(kr)
    if decision.seen is None or shown.mark(grade) == decision.seen or grade is None:
        return
    by = found.state.member(grade.slack_user)
    raise Refusal(
        f"{by.name if by else 'Somebody'} has decided on {kr.key} meanwhile: {WORDS[grade.outcome]}"
        f"{f', {grade.score}' if grade.score is not None else ''}. Skip it, or open it from the list to change that."
    )


def _refuse_gone_on(found: Pass, kr: KeyResult, outcome: str) -> None:
    """After the cycle was opened again: what goes on in the next one goes on."""
    grade = found.grade(kr)
    if grade is not None and grade.carried_to is not None and outcome != "carried":
        key = found.state.key_result_ids.get(grade.carried_to, "another key result")
        raise Refusal(
            f"{kr.key} goes on as {key} already: only its score and note can change. Drop {key} in its cycle."
        )


WORDS = {"closed": "closed", "carried": "carried over", "dropped": "dropped"}


def _write(session: Session, found: Pass, kr: KeyResult, user: str, decision: Decision, result: Read) -> None:
    store.begin(session, found.state.team_id, found.cycle.id, by=user, now=found.now)
    row, standing = _row(found, kr, user, decision, result), found.grade(kr)
    if standing is not None:
        _record(session, found, kr, row, standing)
    store.grade(session, row)


def _record(session: Session, found: Pass, kr: KeyResult, row: dict[str, Any], standing: Grade) -> None:
    """Another decision in the place of one: both stand in the record of changes."""
    before = {"score": standing.score, "outcome": standing.outcome, "reason": standing.reason, "note": standing.note}
    after = {name: row[name] for name in before}
    changes.add_change(
        session,
        found.state.team_id,
        at=found.now,
        by=str(row["slack_user"]),
        what="cycle",
        key=found.cycle.key,
        action="edit",
        before={"key_result": kr.key, "by": standing.slack_user, **_plain(before)},
        after={"key_result": kr.key, **_plain(after)},
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in values.items()}


def _row(found: Pass, kr: KeyResult, user: str, decision: Decision, result: Read) -> dict[str, Any]:
    standing = found.grade(kr)
    return {
        "team_id": found.state.team_id,
        "key_result_id": kr.id,
        "cycle_id": found.cycle.id,
        "suggested": result.suggested,
        "score": result.score,
        "reason": decision.reason.strip()[: rules.LONGEST],
        "note": decision.note.strip()[: rules.LONGEST],
        "outcome": decision.outcome,
        "target": result.target,
        "carried_to": standing.carried_to if standing else None,
        "slack_user": user,
        "at": found.now,
    }


def _next(found: Pass, member: Member, after: str) -> GradeForm | ClosingPage:
    mine = found.mine(member)
    left = [kr.key for kr in found.undecided(mine)]
    key = rules.next_undecided([kr.key for kr in mine], left, after) if not found.cycle.closed else None
    return shown.form(found, member, found.state.key_results[key]) if key else shown.page(found, member)
