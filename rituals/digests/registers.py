"""The registers as a digest sees them: open and resolved blockers with the answers they rest on, open proposals.

Reads only. Which answer gets which number is settled here, so that [2] is the same answer in every sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from rituals.digests.carrying import rounds_since, unchanged_since
from rituals.digests.facts import AnswerFacts, BlockerFacts
from rituals.digests.slacktext import readable
from rituals.okrs.links import links
from rituals.okrs.load import PortfolioState
from rituals.okrs.pace import local_day
from rituals.okrs.registers import handshake_words, may_be_told, next_step
from rituals.okrs.roles import above_all
from storage import checkins, digests, registers
from storage.database import Session
from storage.handshakes import of_blockers
from storage.tables import Adjustment, Answer, Blocker, Handshake

SOMEONE = "a unit"  # a blocker that was registered for no unit in particular


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open proposal; `new` says that the last digest did not have it."""

    number: int
    text: str
    by: str | None
    key_result: str | None
    new: bool
    reason: str = ""
    decide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The numbers of the open blockers and proposals that the last digest had, and what it kept of the former."""

    blockers: frozenset[int]
    adjustments: frozenset[int]
    carried: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """What stands in the registers for some units."""

    blockers: tuple[BlockerFacts, ...]
    resolved: tuple[BlockerFacts, ...]
    answers: tuple[AnswerFacts, ...]
    adjustments: tuple[Proposed, ...]


@dataclass(frozen=True)
class _Reader:
    """What all rows of one reading have in common."""

    state: PortfolioState
    now: datetime
    since: datetime
    told: Told | None
    numbers: Mapping[int, int]
    kr_keys: Mapping[int, str]
    names: Mapping[str, str]
    links: Mapping[int, str]
    slots: Mapping[str, list[datetime]]
    handshakes: Mapping[int, Handshake] = field(default_factory=dict)

    def blocker(self, row: Blocker) -> BlockerFacts:
        opened, today = local_day(row.opened_at, self.state.zone), local_day(self.now, self.state.zone)
        number = self.numbers.get(row.answer_id or 0)
        since = self._unchanged_since(row)
        return BlockerFacts(
            number=row.number,
            text=readable(row.text, self.names),
            by=self._unit(row.unit_id) or SOMEONE,
            opened_at=row.opened_at,
            on=self._unit(row.waits_for_unit_id),
            key_result=self.kr_keys.get(row.key_result_id or 0),
            until=row.until,
            days=(today - opened).days,
            new=row.opened_at > self.since if self.told is None else row.number not in self.told.blockers,
            answers=(number,) if number else (),
            mark=_mark(row),
            unchanged_since=since,
            rounds=rounds_since(since, self._slots(row), self.now),
            asked=handshake_words(self.state, self.handshakes.get(row.id or 0)),
            next_step=readable(next_step(self.state, row), self.names),
            next_on=row.next_on,
        )

    def _unchanged_since(self, row: Blocker) -> datetime:
        before = self.told.carried if self.told else {}
        return unchanged_since(_mark(row), row.number, before, opened_at=row.opened_at, now=self.now)

    def _slots(self, row: Blocker) -> list[datetime]:
        """When the rounds began in which its unit is asked."""
        unit = self.state.unit_keys.get(row.unit_id or 0)
        asked_by = self.state.cadence_unit(unit) if unit else None
        return self.slots.get(asked_by, []) if asked_by else []

    def answer(self, row: Answer, blockers: list[Blocker]) -> AnswerFacts:
        """A form has no text of its own: then what was registered from it stands for it. So it is for somebody who
        leads a private unit, whose words may be about that.
        """
        rest = [b for b in blockers if b.answer_id == row.id]
        person = self.state.people_by_id.get(row.person_id or 0)
        private = person is not None and any(self.state.units[u].hidden for u in self.state.led_by(person.key))
        said = "" if private else row.text.strip()
        text = said or "\n".join(b.text for b in rest)
        return AnswerFacts(
            number=self.numbers[row.id or 0],
            text=readable(text, self.names),
            unit=next((name for b in rest if (name := self._unit(b.unit_id))), ""),
            by=person.name if person else None,
            permalink=self.links.get(row.id or 0),
        )

    def proposal(self, row: Adjustment) -> Proposed:
        person = self.state.people_by_id.get(row.person_id or 0)
        key = self.kr_keys.get(row.key_result_id or 0)
        by = person.name if person else None
        new = row.proposed_at > self.since if self.told is None else row.number not in self.told.adjustments
        reason, decide = readable(row.reason, self.names), self._deciders(row, key)
        return Proposed(row.number, readable(row.text, self.names), by, key, new, reason, decide)

    def _deciders(self, row: Adjustment, key: str | None) -> tuple[str, ...]:
        """Who is asked about a proposal: those above the owners of what is shared, else the unit's own leads."""
        kr = self.state.key_results.get(key or "")
        if kr is not None and kr.shared:
            return tuple(member.name for member in above_all(self.state, kr.owners))
        unit = kr.owners[0] if kr is not None and kr.owners else self.state.unit_keys.get(row.unit_id or 0)
        shown = unit is not None and not self.state.units[unit].hidden
        return tuple(self.state.people[lead].name for lead in self.state.units[unit].leads) if unit and shown else ()

    def _unit(self, unit_id: int | None) -> str | None:
        key = self.state.unit_keys.get(unit_id or 0)
        return self.state.unit_names[key] if key else None


def read_register(
    session: Session, state: PortfolioState, scope: frozenset[str], *, now: datetime, since: datetime, told: Told | None
) -> Register:
    """The registers at `now` for the units in `scope`. What is new or newly resolved is so by what the last digest
    told; before the first, by `since`.
    """
    opened = [b for b in registers.blockers_at(session, state.team_id, now) if _concerns(b, state, scope)]
    before = told.blockers if told else ()
    found = digests.resolved_blockers(session, state.team_id, after=since, until=now, also=before)
    answers = digests.answers(session, state.team_id, {b.answer_id for b in opened if b.answer_id})
    reader = _Reader(
        state=state,
        now=now,
        since=since,
        told=told,
        numbers={row.id or 0: place for place, row in enumerate(answers, start=1)},
        kr_keys={kr.id: kr.key for kr in state.key_results.values() if kr.id is not None},
        names={p.slack: p.name for p in state.people.values() if p.slack},
        links=links(session, state.team_id, state.url, answers),
        slots=_slots(session, state, since=min((b.opened_at for b in opened), default=now)),
        handshakes=of_blockers(session, state.team_id, [b.id for b in opened if b.id]) if opened else {},
    )
    proposals = digests.open_adjustments(session, state.team_id, at=now)
    return Register(
        blockers=tuple(reader.blocker(b) for b in opened),
        resolved=tuple(reader.blocker(b) for b in found if _concerns(b, state, scope)),
        answers=tuple(reader.answer(a, opened) for a in answers),
        adjustments=tuple(reader.proposal(a) for a in proposals if _in_scope(a, state, scope)),
    )


def _slots(session: Session, state: PortfolioState, *, since: datetime) -> dict[str, list[datetime]]:
    """When each unit's rounds began."""
    found: dict[str, list[datetime]] = {}
    for begun in checkins.latest_rounds(session, state.team_id, since=since):
        found.setdefault(state.unit_keys.get(begun.unit_id, ""), []).append(begun.slot)
    return found


def _mark(row: Blocker) -> str:
    """What a change of a blocker would change."""
    parts = (row.text, row.until, row.waits_for_unit_id, row.owner_id, row.next_action, row.next_on)
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _concerns(row: Blocker, state: PortfolioState, scope: frozenset[str]) -> bool:
    """Held up or waited for in these units; one that names no unit concerns everyone. What is private is not told."""
    if not may_be_told(state, row):
        return False
    units = {state.unit_keys.get(i) for i in (row.unit_id, row.waits_for_unit_id) if i}
    return not units or bool(units & scope)


def _in_scope(row: Adjustment, state: PortfolioState, scope: frozenset[str]) -> bool:
    known = row.key_result_id is None or any(kr.id == row.key_result_id for kr in state.key_results.values())
    return known and (row.unit_id is None or state.unit_keys.get(row.unit_id) in scope)
