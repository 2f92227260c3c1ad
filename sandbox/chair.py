"""The portfolio's lead in the scripted play: plans and holds the alignment workshop at a cycle's start, and closes the
cycle at its end. Acts only as a person can, with forms and clicks; what should come of it is held against the database.
"""

from dataclasses import dataclass

from bot.views import ids
from rituals.okrs.load import PortfolioState
from rituals.okrs.progress import current_value
from sandbox.checks import Checks
from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage import closing, workshops
from storage.tables import Workshop, WorkshopItem

MOVES = 40  # more than any workshop of the play takes


@dataclass
class Chair:
    """The lead (a person's key) of one portfolio (a unit's key) who runs its rituals."""

    stage: Stage
    checks: Checks
    unit: str
    lead: str

    def plan(self) -> None:
        """Plan the workshop as it is proposed."""
        person = self._person()
        person.types("/okr workshop start", self._channel())
        self.stage.settle()
        if person.view is None:
            self.checks.expect(False, "the form that plans a workshop opens")
            return
        sent = person.submits(person.view)
        self.stage.settle()
        person.closes(everything=True)
        planned = self._workshop()
        self.checks.expect(not sent.errors and planned is not None, f"a workshop is planned ({sent.errors})")

    def hold(self) -> None:
        """Where its hour has come, from the first line to the confirmation."""
        found = self._workshop()
        if found is None or found.state not in {"planned", "drafting"} or found.starts_at > self.stage.clock.now():
            return
        name = f"workshop of {self.stage.state().units[self.unit].name}"
        lines = tuple(found.turns or ())
        self._press("begin")
        shown = self._presented(lines)
        self.checks.expect(shown == lines, f"{name}: every line presents in its turn ({shown})")
        self._answer_all()
        self._press("next")
        self._press("confirm")
        self._expect_record(name, len(lines))

    def close(self, cycle: str) -> str | None:
        """Close a cycle by its suggestions; returns the key of the next one."""
        person = self._person()
        person.types(f"/okr close-cycle {cycle}")
        self.stage.settle()
        self._click_page("Take all suggestions")
        self._click_page(f"Close {cycle}")
        if person.view is None:
            self.checks.expect(False, f"the form that closes {cycle} opens")
            return None
        before = set(self.stage.state().cycles)
        sent = person.submits(person.view)
        self.stage.settle()
        person.closes(everything=True)
        self.checks.expect(not sent.errors, f"{cycle} is closed ({sent.errors})")
        state = self.stage.state()
        self.checks.expect(state.cycles[cycle].closed, f"{cycle} counts as closed")
        self._expect_carried(state, cycle)
        return next(iter(set(state.cycles) - before), None)

    def _click_page(self, label: str) -> None:
        person = self._person()
        page = person.ephemerals()[-1]
        self.checks.expect(f"[ {label} ]" in person.reads(page), f"closing offers {label}")
        if f"[ {label} ]" in person.reads(page):
            person.clicks(page, label=label)
            self.stage.settle()

    def _expect_carried(self, state: PortfolioState, cycle: str) -> None:
        """Every key result is graded, what goes on does so once, and begins at the value that it had."""
        with self.stage.db.transaction(readonly=True) as session:
            grades = closing.grades(session, self.stage.team, state.cycles[cycle].id)
        objectives = state.objectives_by_key
        mine = {kr.id: kr for kr in state.key_results.values() if objectives[kr.objective].cycle == cycle}
        self.checks.expect(set(mine) == set(grades), f"{cycle}: {len(mine)} key results are graded ({len(grades)})")
        on = {kr.carried_from: kr for kr in state.key_results.values() if kr.carried_from in mine}
        wanted = {number for number, grade in grades.items() if grade.outcome == "carried"}
        self.checks.expect(set(on) == wanted, f"{cycle}: {len(wanted)} key results go on ({len(on)})")
        for number, kr in on.items():
            had = current_value(mine[number])
            fits = kr.start == had if kr.kind in {"increase", "decrease"} and had is not None else True
            self.checks.expect(fits, f"{cycle}: {kr.key} begins at {had} ({kr.start})")

    def _presented(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """On from line to line; in each turn the next line's lead says what they wait for. Returns the turns."""
        turns: list[str] = []
        for _ in range(MOVES):
            row = self._workshop()
            if row is None or row.state != "presenting":
                break
            turns.append(str((row.turns or [])[row.turn]))
            self._react(row, lines)
            self._press("next")
        return tuple(turns)

    def _react(self, row: Workshop, lines: tuple[str, ...]) -> None:
        """The lead of the line that comes next sees a dependency in the drafts."""
        state = self.stage.state()
        after = lines[(row.turn + 1) % len(lines)]
        lead = next((state.people[key] for key in state.units[after].leads if state.people[key].slack), None)
        drafts = self._offering(ids.of(ids.WORKSHOP_MOVE, "next"))
        if lead is None or drafts is None or lead.key == self.lead:
            return
        self.stage.person(lead.slack or "").reacts(drafts, "link")
        self.stage.settle()

    def _answer_all(self) -> None:
        """In the adjustment round everybody who is asked accepts."""
        for user in [member.slack for member in self.stage.state().people.values() if member.slack]:
            person = self.stage.person(user)
            while letter := next((m for m in person.dm if ids.WORKSHOP_ACCEPT in str(m.blocks)), None):
                person.clicks(letter, label="Accept")
                self.stage.settle()
                if ids.WORKSHOP_ACCEPT in str(next(m for m in person.dm if m.ts == letter.ts).blocks):
                    self.checks.expect(False, f"{person} can accept what was noted")
                    break
        left = [item.id for item in self._items() if item.state == "open"]
        self.checks.expect(not left, f"every item of the workshop is answered ({len(left)} are not)")

    def _expect_record(self, name: str, lines: int) -> None:
        row = self._workshop(ended=True)
        state = row.state if row else "gone"
        self.checks.expect(state == "closed", f"{name}: ends confirmed ({state})")
        files = [file.name for m in self.stage.messages(self._channel()) for file in m.files]
        mine = [one for one in files if one.startswith("workshop-")]
        self.checks.expect(len(mine) == len(set(mine)) and bool(mine), f"{name}: leaves its record once ({mine})")
        self.checks.expect(len(self._items(row)) > 0, f"{name}: its {lines} lines see dependencies")

    def _press(self, move: str) -> None:
        """Press a move of the workshop where it is offered last."""
        offer = self._offering(ids.of(ids.WORKSHOP_MOVE, move))
        self.checks.expect(offer is not None, f"the workshop offers {move}")
        if offer is not None:
            self._person().clicks(offer, action_id=ids.of(ids.WORKSHOP_MOVE, move))
            self.stage.settle()

    def _offering(self, action_id: str) -> Message | None:
        shown = [*self.stage.messages(self._channel()), *self._person().dm]
        return next((m for m in reversed(shown) if m.bot and f"'{action_id}'" in str(m.blocks)), None)

    def _items(self, row: Workshop | None = None) -> list[WorkshopItem]:
        found = row or self._workshop(ended=True)
        if found is None:
            return []
        with self.stage.db.transaction(readonly=True) as session:
            return workshops.items(session, self.stage.team, found.id or 0)

    def _workshop(self, *, ended: bool = False) -> Workshop | None:
        """The unit's newest one."""
        with self.stage.db.transaction(readonly=True) as session:
            found = (
                workshops.newest(session, self.stage.team) if ended else workshops.unfinished(session, self.stage.team)
            )
        mine = [row for row in found if row.unit_id == self.stage.state().unit_ids[self.unit]]
        return max(mine, key=lambda row: row.id or 0, default=None)

    def _person(self) -> Person:
        return self.stage.person(self.stage.state().people[self.lead].slack or "")

    def _channel(self) -> str:
        return self.stage.state().rhythms[self.unit].channel or ""
