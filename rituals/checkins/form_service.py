"""The answer form's use cases: what becomes of it when it is sent, and "no change" by one tap.

One record with the thread: a form's words are stored as sent, read by the same rules, and edited as a new version.
All unusable fields are refused together and nothing is written then.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from rituals.checkins import effort
from rituals.checkins.answers import next_version
from rituals.checkins.applying import (
    Outcome,
    finish,
    known_key_results,
    reaffirm,
    write_item,
    write_value,
)
from rituals.checkins.asking import asked_in, is_theirs, seen_in
from rituals.checkins.form_before import answer_before, form_key, said_before
from rituals.checkins.reading import read_reply
from rituals.checkins.reading_results import Item, Reading
from rituals.checkins.registering import Details, add_details
from rituals.checkins.turnout import is_late, left
from rituals.dates import read_until
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.form import Entry, read_entry
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.naming import KnownKeyResult, Named
from rituals.okrs.updates import NewValue
from storage import checkins as queries
from storage.database import Database, Session
from storage.tables import Answer, CheckinAsk

VALUE = "value"
_LINK = re.compile(r"https?://[^\s<>|]+")
NOTHING_SAID = "Fill in at least one field, or close the form."
NO_BLOCKER = "Say what is blocked, or leave kind, owner and next step empty."
NO_CHANGE_SAID = "Say what should change, or leave the reason empty."


@dataclass(frozen=True)
class Submitted:
    """A form as sent. `view` names the modal and what stood in it, so that one delivered twice is stored once;
    `answer` is the id of the answer that it was opened to edit. `kind`, `owner` (a Slack id) and `next_step` are about
    the first blocker, `reason` is about the change.
    """

    ask: int
    view: str
    entries: Sequence[Entry]
    blockers: str = ""
    adjustments: str = ""
    answer: int | None = None
    kind: str = ""
    owner: str = ""
    next_step: str = ""
    reason: str = ""


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
        state = seen_in(load_portfolio(session, team_id), ask)  # without what the form before had written
        known = known_key_results(state, asked_in(session, state, ask, now), now)
        _write(session, state, answer, form, _read(state, form, known, state.day_of(member, now)), now)


def _came_before(session: Session, before: Answer, form: Submitted) -> bool:
    versions = queries.versions(session, before.team_id, before.source_key)
    return any((answer.form or {}).get("view") == form.view for answer in versions)


def _with_the_rest(form: Submitted, sent: Mapping[str, Any]) -> Submitted:
    """A form that did not show everything leaves the rest as it was."""
    before = {e["key"]: Entry(**e) for e in sent.get("entries", ())}
    shown = {entry.key for entry in form.entries}
    entries = [_with_evidence(entry) for entry in form.entries]
    return replace(form, entries=[*entries, *(e for e in before.values() if e.key not in shown)])


def _with_evidence(entry: Entry) -> Entry:
    """The first link of a note is the key result's evidence; the words stay the note."""
    found = _LINK.search(entry.note)
    if found is None:
        return entry
    words = f"{entry.note[: found.start()]} {entry.note[found.end() :]}"
    return replace(entry, note=" ".join(words.split()), evidence=found[0])


@dataclass(frozen=True)
class _Read:
    """A form's fields, read: values by key, questions 2 and 3, and what else is said of the first entry of each."""

    values: Mapping[str, NewValue]
    blockers: Reading
    adjustments: Reading
    details: Details

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.blockers.blockers, *self.adjustments.adjustments)


def _read(state: PortfolioState, form: Submitted, known: Sequence[KnownKeyResult], today: date) -> _Read:
    errors = _about_nothing(form)
    values: dict[str, NewValue] = {}
    owner = state.member(form.owner)
    if form.owner and owner is None:
        errors["owner"] = "They are not in the portfolio; name somebody who is, or say it in the next step."
    for entry in form.entries:
        try:
            values |= {} if _is_empty(entry) else {entry.key: read_entry(state.key_results[entry.key], entry)}
        except FormRefusal as no:
            errors |= {f"{name}:{entry.key}": text for name, text in no.errors.items()}
    if not errors and not values and not form.blockers and not form.adjustments:
        errors["blockers"] = NOTHING_SAID
    if errors:
        raise FormRefusal(errors)
    registers = _registers(state, form, known, today)
    details = Details(form.kind, owner.id if owner else None, form.next_step, read_until(form.next_step, today))
    if details and not registers[0].blockers:
        raise FormRefusal({"blockers": NO_BLOCKER})
    if form.reason and not registers[1].adjustments:
        raise FormRefusal({"adjustments": NO_CHANGE_SAID})
    return _Read(values, *registers, details)


def _registers(
    state: PortfolioState, form: Submitted, known: Sequence[KnownKeyResult], today: date
) -> tuple[Reading, Reading]:
    """Questions 2 and 3, read."""
    units = [Named(unit.key, unit.name) for unit in state.open_units.values()]

    def section(number: int, text: str) -> Reading:
        """One question's field, read as that question of a reply."""
        return read_reply(f"{number}. {text}", known, units, today=today) if text else Reading()

    return section(2, form.blockers), section(3, form.adjustments)


def _about_nothing(form: Submitted) -> dict[str, str]:
    errors = {}
    if not form.blockers and (form.kind or form.owner or form.next_step):
        errors["blockers"] = NO_BLOCKER
    if not form.adjustments and form.reason:
        errors["adjustments"] = NO_CHANGE_SAID
    return errors


def _is_empty(entry: Entry) -> bool:
    return not (entry.value or entry.confidence or entry.note or entry.evidence)


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
        "kind": form.kind,
        "owner": form.owner,
        "next_step": form.next_step,
        "reason": form.reason,
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
    add_details(outcome.entries, read.details, form.reason)
    notes = "; ".join(_words(e) for e in form.entries if not _is_empty(e))
    outcome.texts = [(n, t) for n, t in ((1, notes), (2, form.blockers), (3, form.adjustments)) if t]
    outcome.answered = {n for n, _ in outcome.texts}
    outcome.nothing = set(read.blockers.nothing) | set(read.adjustments.nothing)
    finish(session, state, answer, outcome, now=now)


def _words(entry: Entry) -> str:
    """What one key result's fields say, as the others read it."""
    confidence = f"{entry.confidence}/10" if entry.confidence else ""
    return " ".join(part for part in (entry.key, entry.value, confidence, entry.note, entry.evidence) if part)


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
        effort.sign(session, ask, now)
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
        return tuple(a.kr.key for a in left(session, state, ask, now).behind)
