"""What the answer form opens with: the key results of an ask, what was sent before, and what else is owed after it.

Reads only. What becomes of the form is `form_service`'s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rituals.checkins import rules
from rituals.checkins.asking import asked_in, is_theirs, seen_in, unsaid_in
from rituals.checkins.form import AnswerForm, FormField, Queue
from rituals.checkins.form_before import answer_before, said_before
from rituals.checkins.shown import line_of
from rituals.checkins.turnout import left
from rituals.errors import Refusal
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.registers import concerning
from storage import checkins as queries
from storage.database import Database, Session
from storage.tables import Answer, CheckinAsk, CheckinRound

ALL_SHOWN = 8  # so many key results need no button
FIRST = 6


def open_form(
    db: Database,
    team_id: str,
    user: str,
    *,
    ask_id: int | None,
    now: datetime,
    round_id: int | None = None,
    answer_id: int | None = None,
) -> AnswerForm:
    """The form for an ask, for the person's part in a round, or for what they owe next; with what they sent before,
    or what `answer_id`, an answer of theirs that is to be edited, was read as.

    Raises Refusal when nothing is asked of this person.
    """
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        member = state.member(user)
        ask = _ask(session, state, member, ask_id, round_id, now)
        if member is None or ask is None or not is_theirs(ask, member):
            raise Refusal("No check-in waits for you. /okr list mine shows your key results, /okr help the rest.")
        row = queries.get_round(session, team_id, ask.round_id)
        assert row is not None
        form = _form(session, state, ask, row, answer_before(session, team_id, ask.id or 0, answer_id), now)
        rest = tuple(other for other in _owed(session, state, member, now) if other != ask.id)
        return form.model_copy(update={"queue": Queue(rest=rest, total=len(rest) + 1)})


@dataclass(frozen=True)
class Following:
    """What comes after a form: the next one, or at the end of the queue what still waits (id, number, unit)."""

    form: AnswerForm | None = None
    waiting: tuple[tuple[int, int, str], ...] = ()


def next_form(db: Database, team_id: str, user: str, queue: Queue, *, now: datetime) -> Following:
    """The form of the next ask of a queue that is still owed; `queue.done` says how many were answered by now."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        member = state.member(user)
        owed = _owed(session, state, member, now) if member else []
        rest = [ask for ask in queue.rest if ask in owed]
        ask = queries.get_ask(session, team_id, rest[0]) if rest else None
        row = queries.get_round(session, team_id, ask.round_id) if ask else None
        if ask is None or row is None:
            return Following(waiting=_named(session, state, owed))
        form = _form(session, state, ask, row, answer_before(session, team_id, ask.id or 0, None), now)
        following = queue.model_copy(update={"rest": tuple(rest[1:])})
        return Following(form.model_copy(update={"queue": following}))


def _owed(session: Session, state: PortfolioState, member: Member, now: datetime) -> list[int]:
    """The ids of what a person owes, the first due first; what they answered in part, while something is left."""
    found = queries.owed(session, state.team_id, member.id)
    return [ask.id or 0 for ask, _ in found if ask.state == "asked" or left(session, state, ask, now)]


def _named(session: Session, state: PortfolioState, asks: Iterable[int]) -> tuple[tuple[int, int, str], ...]:
    """Id, number and unit of some asks."""
    found = []
    for number in asks:
        ask = queries.get_ask(session, state.team_id, number)
        row = queries.get_round(session, state.team_id, ask.round_id) if ask else None
        if row is not None:
            found.append((number, row.number, state.units[state.unit_keys[row.unit_id]].name))
    return tuple(found)


def _ask(
    session: Session,
    state: PortfolioState,
    member: Member | None,
    ask_id: int | None,
    round_id: int | None,
    now: datetime,
) -> CheckinAsk | None:
    """The ask that is named, the person's in a round, else the first that is due of what they owe, else the newest."""
    if member is None:
        return None
    if round_id is not None:
        return queries.ask_of(session, state.team_id, round_id, member.id)
    ask_id = ask_id or next(iter(_owed(session, state, member, now)), None)
    if ask_id is not None:
        return queries.get_ask(session, state.team_id, ask_id)
    return queries.newest_ask(session, state.team_id, member.id)


def _form(
    session: Session,
    state: PortfolioState,
    ask: CheckinAsk,
    row: CheckinRound,
    before: Answer | None,
    now: datetime,
) -> AnswerForm:
    state = seen_in(state, ask)
    sent = said_before(session, state, before)
    entries = {e["key"]: e for e in sent.get("entries", ())}
    lead = state.people_by_id[ask.person_id]
    asked = asked_in(session, state, ask, now)
    first = _first(asked, {a.kr.key for a in unsaid_in(session, state, ask, now)}, set(entries))
    return AnswerForm(
        ask=ask.id or 0,
        number=row.number,
        unit=state.units[state.unit_keys[row.unit_id]].name,
        fields=tuple(_field(state, a, entries.get(a.kr.key, {}), a.kr.key in first) for a in asked),
        open_blockers=concerning(session, state, state.led_by(lead.key), now, lead),
        blockers=sent.get("blockers", ""),
        adjustments=sent.get("adjustments", ""),
        answer=before.id if before else None,
        kind=sent.get("kind", ""),
        owner=sent.get("owner", ""),
        next_step=sent.get("next_step", ""),
        reason=sent.get("reason", ""),
        late=ask.due_at <= now,
        due_at=ask.due_at,
    )


def _first(asked: Iterable[rules.Asked], unsaid: set[str], given: set[str]) -> set[str]:
    """What a form shows at first: what was said before and is edited; of what has no word in this round all that is
    behind, and of what is shared as many as make six, or everything where that is little. The rest, which is on pace or
    was said already, stands behind a button.
    """
    open_ones = [a for a in asked if a.kr.key in unsaid]
    if len(open_ones) <= ALL_SHOWN:
        return given | {a.kr.key for a in open_ones}
    behind = [a.kr.key for a in open_ones if a.behind]
    shared = [a.kr.key for a in open_ones if a.kr.shared and not a.behind]
    shown = [*behind, *shared[: max(0, FIRST - len(behind))]]
    return given | set(shown or [a.kr.key for a in open_ones[:FIRST]])


def _field(state: PortfolioState, asked: rules.Asked, sent: Mapping[str, Any], first: bool) -> FormField:
    line = line_of(state, asked)
    asks: dict[str, Literal["number", "yes_no", "milestones"]] = {"binary": "yes_no", "milestone": "milestones"}
    return FormField(
        key=line.key,
        title=line.title,
        status=line.status,
        by_hand=line.by_hand,
        role="view" if asked.role == "view" else "report",
        reporter=line.reporter,
        measured_in=asked.kr.measured_in,
        asks=asks.get(asked.kr.kind, "number"),
        last=line.now,
        expected=line.expected,
        last_confidence=line.confidence,
        value=sent.get("value", ""),
        confidence=int(sent["confidence"]) if sent.get("confidence") else None,
        note=" ".join(part for part in (sent.get("note"), sent.get("evidence")) if part),
        first=first,
    )
