"""The answer form's use cases: what it opens with, and what becomes of it when it is sent.

One record with the thread: a form's words are stored as sent, read by the same rules, and edited as a new version.
All unusable fields are refused together and nothing is written then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from rituals.checkins import rules
from rituals.checkins.answers import next_version
from rituals.checkins.applying import (
    Outcome,
    finish,
    known_key_results,
    reaffirm,
    write_item,
    write_value,
)
from rituals.checkins.asking import asked_in, is_theirs
from rituals.checkins.form import AnswerForm, FormField
from rituals.checkins.form_before import answer_before, form_key, said_before
from rituals.checkins.reading import read_reply
from rituals.checkins.reading_results import Item, Reading
from rituals.checkins.shown import line_of, still_waiting
from rituals.checkins.turnout import is_late
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.form import Entry, read_entry
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.naming import KnownKeyResult, Named
from rituals.okrs.registers import concerning
from rituals.okrs.updates import NewValue
from storage import checkins as queries
from storage.database import Database, Session
from storage.tables import Answer, CheckinAsk, CheckinRound

VALUE, CONFIDENCE, NOTE = "value", "confidence", "note"
NOTHING_SAID = "Fill in at least one field, or close the form."


@dataclass(frozen=True)
class Submitted:
    """A form as sent. `view` names the modal and what stood in it, so that one delivered twice is stored once;
    `answer` is the id of the answer that it was opened to edit.
    """

    ask: int
    view: str
    entries: Sequence[Entry]
    blockers: str = ""
    adjustments: str = ""
    answer: int | None = None


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
        ask = _ask(session, team_id, member, ask_id, round_id)
        if member is None or ask is None or not is_theirs(ask, member):
            raise Refusal("No check-in waits for you. /okr list mine shows your key results, /okr help the rest.")
        row = queries.get_round(session, team_id, ask.round_id)
        assert row is not None
        return _form(session, state, ask, row, answer_before(session, team_id, ask.id or 0, answer_id), now)


def _ask(
    session: Session, team_id: str, member: Member | None, ask_id: int | None, round_id: int | None
) -> CheckinAsk | None:
    if member is None:
        return None
    if ask_id is not None:
        return queries.get_ask(session, team_id, ask_id)
    if round_id is not None:
        return queries.ask_of(session, team_id, round_id, member.id)
    return queries.newest_ask(session, team_id, member.id)


def _form(
    session: Session,
    state: PortfolioState,
    ask: CheckinAsk,
    row: CheckinRound,
    before: Answer | None,
    now: datetime,
) -> AnswerForm:
    sent = said_before(session, state, before)
    entries = {e["key"]: e for e in sent.get("entries", ())}
    lead = state.people_by_id[ask.person_id]
    return AnswerForm(
        ask=ask.id or 0,
        number=row.number,
        unit=state.units[state.unit_keys[row.unit_id]].name,
        fields=tuple(_field(state, a, entries.get(a.kr.key, {})) for a in asked_in(session, state, ask, now)),
        open_blockers=concerning(session, state, state.led_by(lead.key), now),
        blockers=sent.get("blockers", ""),
        adjustments=sent.get("adjustments", ""),
        answer=before.id if before else None,
    )


def _field(state: PortfolioState, asked: rules.Asked, sent: Mapping[str, str]) -> FormField:
    line = line_of(state, asked)
    asks: dict[str, Literal["number", "yes_no", "milestones"]] = {"binary": "yes_no", "milestone": "milestones"}
    return FormField(
        key=line.key,
        title=line.title,
        status=line.status,
        role="view" if asked.role == "view" else "report",
        reporter=line.reporter,
        measured_in=asked.kr.measured_in,
        asks=asks.get(asked.kr.kind, "number"),
        last=line.now,
        expected=line.expected,
        last_confidence=line.confidence,
        value=sent.get(VALUE, ""),
        confidence=int(sent[CONFIDENCE]) if sent.get(CONFIDENCE) else None,
        note=sent.get(NOTE, ""),
    )


def submit_form(db: Database, team_id: str, user: str, form: Submitted, *, now: datetime) -> None:
    """Take a form as this lead's answer, in place of one they sent before.

    Raises FormRefusal naming every unusable field (`value:KR-1`, `blockers`), or Refusal; nothing is written then.
    """
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        member = state.member(user)
        ask = queries.get_ask(session, team_id, form.ask)
        if member is None or ask is None or not is_theirs(ask, member):
            raise Refusal("This form is another lead's. /okr checkin opens yours.")
        before = answer_before(session, team_id, form.ask, form.answer)
        if before is not None and _came_before(session, before, form):
            return
        form = _with_the_rest(form, said_before(session, state, before))
        answer = _stored(session, state, member, ask, form, before, now)
        state = load_portfolio(session, team_id)  # without what the form before had written
        known = known_key_results(state, asked_in(session, state, ask, now), now)
        _write(session, state, answer, form, _read(state, form, known, state.day_of(member, now)), now)


def _came_before(session: Session, before: Answer, form: Submitted) -> bool:
    versions = queries.versions(session, before.team_id, before.source_key)
    return any((answer.form or {}).get("view") == form.view for answer in versions)


def _with_the_rest(form: Submitted, sent: Mapping[str, Any]) -> Submitted:
    """A form that did not show everything leaves the rest as it was."""
    before = {e["key"]: Entry(**e) for e in sent.get("entries", ())}
    shown = {entry.key for entry in form.entries}
    entries = [replace(e, evidence=before[e.key].evidence) if e.key in before else e for e in form.entries]
    return replace(form, entries=[*entries, *(e for e in before.values() if e.key not in shown)])


@dataclass(frozen=True)
class _Read:
    """A form's fields, read: values by key, and questions 2 and 3."""

    values: Mapping[str, NewValue]
    blockers: Reading
    adjustments: Reading

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.blockers.blockers, *self.adjustments.adjustments)


def _read(state: PortfolioState, form: Submitted, known: Sequence[KnownKeyResult], today: date) -> _Read:
    errors: dict[str, str] = {}
    values = {}
    for entry in form.entries:
        if _is_empty(entry):
            continue
        try:
            values[entry.key] = read_entry(state.key_results[entry.key], entry)
        except FormRefusal as no:
            errors |= {f"{name}:{entry.key}": text for name, text in no.errors.items()}
    if errors:
        raise FormRefusal(errors)
    if not values and not form.blockers and not form.adjustments:
        raise FormRefusal({"blockers": NOTHING_SAID})
    units = [Named(unit.key, unit.name) for unit in state.units.values()]

    def section(number: int, text: str) -> Reading:
        """One question's field, read as that question of a reply."""
        return read_reply(f"{number}. {text}", known, units, today=today) if text else Reading()

    return _Read(values, section(2, form.blockers), section(3, form.adjustments))


def _is_empty(entry: Entry) -> bool:
    return not (entry.value or entry.confidence or entry.note)


def _stored(
    session: Session,
    state: PortfolioState,
    member: Member,
    ask: CheckinAsk,
    form: Submitted,
    before: Answer | None,
    now: datetime,
) -> Answer:
    document = {
        "view": form.view,
        "entries": [asdict(e) for e in form.entries if not _is_empty(e)],
        "blockers": form.blockers,
        "adjustments": form.adjustments,
    }
    by: dict[str, Any] = {"person_id": member.id, "slack_user": member.slack or ""}
    if before is not None:
        edited, late = f"{now.timestamp():.6f}", is_late(session, ask, now)
        return next_version(session, before, now=now, source="form", form=document, **by, late=late, edited_ts=edited)
    answer = Answer(
        team_id=state.team_id,
        ask_id=ask.id,
        source="form",
        source_key=form_key(form.ask),
        form=document,
        at=now,
        late=is_late(session, ask, now),
        **by,
    )
    session.add(answer)
    session.flush()
    return answer


def _write(
    session: Session, state: PortfolioState, answer: Answer, form: Submitted, read: _Read, now: datetime
) -> None:
    for key, new in read.values.items():
        try:
            write_value(session, state, answer, key, new, name=key, now=now)
        except Refusal as no:
            raise FormRefusal({f"{VALUE}:{key}": no.text}) from None
    outcome = Outcome()
    for number, item in enumerate(read.items):
        outcome.registered(write_item(session, state, answer, item, name=f"item:{number}", now=now))
    notes = "; ".join(f"{e.key} {e.value} {e.note}".strip() for e in form.entries if not _is_empty(e))
    outcome.texts = [(n, t) for n, t in ((1, notes), (2, form.blockers), (3, form.adjustments)) if t]
    outcome.answered = {n for n, _ in outcome.texts}
    outcome.nothing = set(read.blockers.nothing) | set(read.adjustments.nothing)
    finish(session, state, answer, outcome, now=now)


def no_change(db: Database, team_id: str, user: str, ask_id: int, *, now: datetime) -> tuple[str, ...]:
    """One tap: what is on pace stays as it is, no blockers, nothing to adjust.

    Returns the keys that are behind and still asked. Raises Refusal when the ask is another lead's.
    """
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        member = state.member(user)
        ask = queries.get_ask(session, team_id, ask_id)
        if member is None or ask is None or not is_theirs(ask, member):
            raise Refusal("This check-in is another lead's. /okr checkin opens yours.")
        key = f"button:{ask_id}"
        if not queries.versions(session, team_id, key):
            answer = Answer(
                team_id=team_id,
                ask_id=ask_id,
                person_id=member.id,
                slack_user=user,
                source="button",
                source_key=key,
                text="No change",
                at=now,
                late=is_late(session, ask, now),
            )
            session.add(answer)
            session.flush()
            outcome = Outcome(texts=[(1, "No change")], answered={1, 2, 3}, nothing={2, 3}, bare=True)
            outcome.problems = reaffirm(session, state, answer, now=now)
            finish(session, state, answer, outcome, now=now)
        return tuple(a.kr.key for a in still_waiting(session, state, ask, now))
