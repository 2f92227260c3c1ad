"""Scripted leads in check-ins: who is asked answers what the script says, and what was saved and told is held against
it. How an answer is given is in `replying`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from rituals.okrs.load import Member
from sandbox.checks import Checks
from sandbox.leads import STYLES, Report, Script
from sandbox.records import Message
from sandbox.replying import Replying
from sandbox.stage import Stage
from storage import checkins as queries
from storage.tables import CheckinAsk, CheckinRound


@dataclass
class Answering:
    """The check-ins of a run that begins at `begins` (Unix time). `leads` are the people (keys) who can be asked,
    `reported` what the bot should know.
    """

    stage: Stage
    script: Script
    checks: Checks
    leads: tuple[str, ...]
    begins: float = 0
    answered: set[int] = field(default_factory=set)
    reported: dict[str, Decimal] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)

    @property
    def replying(self) -> Replying:
        return Replying(self.stage, self.script, self.checks)

    def act(self) -> None:
        """Every lead who was asked and has not answered does, but for the one who waits for the reminder."""
        for ask, row in self._open():
            member = self._member(ask)
            if ask.id in self.answered or (self._waits(row, member) and ask.reminded_at is None):
                continue
            self.answered.add(ask.id or 0)
            self._answer(ask, row, member)

    def _open(self) -> list[tuple[CheckinAsk, CheckinRound]]:
        with self.stage.db.transaction(readonly=True) as session:
            rounds = {r.id: r for r in queries.open_rounds(session, self.stage.team)}
            asks = queries.asks_of(session, self.stage.team, [i for i in rounds if i is not None])
        return [(a.ask, rounds[a.ask.round_id]) for a in asks if a.ask.state == "asked"]

    def _member(self, ask: CheckinAsk) -> Member:
        return self.stage.state().people_by_id[ask.person_id]

    def _waits(self, row: CheckinRound, member: Member) -> bool:
        """In every round another lead waits for the reminder."""
        return self.leads[row.number % len(self.leads)] == member.key

    def _answer(self, ask: CheckinAsk, row: CheckinRound, member: Member) -> None:
        prompt = self._prompt(member, row)
        if prompt is None:
            return
        now = self.stage.clock.now()
        since = self.since.get(member.key, datetime.min.replace(tzinfo=now.tzinfo))
        every = self.script.reports(member.key, since, now)
        self.since[member.key] = now
        last = {report.key: report for report in every}
        reports = list(last.values())
        for report in every:
            if last[report.key] is not report:
                self.replying.update(member, report)
        style = STYLES[(self.leads.index(member.key) + row.number) % len(STYLES)]
        name = f"check-in {row.number}, {member.name} by {style}"
        if ask.reminded_at is not None:
            reminders = len(self.stage.thread(prompt))
            self.checks.expect(reminders == 1, f"{name}: is reminded exactly once ({reminders} times)")
        self.replying.reply(style, member, row, prompt, reports)
        self.replying.settle_guesses(row, member, reports)
        self._expect_saved(member, ask, reports, name)
        self._expect_told(member, row, prompt, reports, name)

    def _prompt(self, member: Member, row: CheckinRound) -> Message | None:
        """The one prompt of this round in the lead's DM."""
        sent = (m for m in self.stage.person(member.slack or "").dm if m.bot and not m.is_reply)
        of_this_run = (m for m in sent if float(m.ts) >= self.begins)
        found = [m for m in of_this_run if f"Check-in {row.number} of" in self.stage.as_read(m)]
        name = f"check-in {row.number}: {member.name} is asked exactly once ({len(found)} prompts)"
        self.checks.expect(len(found) == 1, name)
        return found[0] if found else None

    def _expect_saved(self, member: Member, ask: CheckinAsk, reports: list[Report], name: str) -> None:
        """The database holds what was said, and the round knows that they answered."""
        state = self.stage.state()
        for report in reports:
            kr = state.key_results[report.key]
            mine = [u for u in kr.updates if u.by == member.key and (u.value is None) == (report.value is None)]
            said = mine[-1].value if mine else None
            self.checks.expect(said == report.value, f"{name}: {report.key} is {report.value} ({said})")
            if report.value is not None and mine and mine[-1].role == "report":
                self.reported[report.key] = report.value
        with self.stage.db.transaction(readonly=True) as session:
            now = queries.get_ask(session, self.stage.team, ask.id or 0)
        # a bare "no change" beside what is behind is an answer in part, and is asked on
        counted = now is not None and (now.state in {"answered", "late"} or (now.partly and not reports))
        self.checks.expect(counted, f"{name}: counts as answered")

    def _expect_told(
        self, member: Member, row: CheckinRound, prompt: Message, reports: list[Report], name: str
    ) -> None:
        """The lead is told what was saved, and the others see the answer once under the board."""
        board = self.replying.board(row)
        public = self.stage.thread(board) if board else []
        told = " ".join(self.stage.as_read(m) for m in [*self.stage.thread(prompt), *public] if m.bot)
        missing = [report.key for report in reports if f"{report.key} " not in told]
        self.checks.expect(not missing, f"{name}: is told what was saved ({missing} missing)")
        if board is None:
            return
        copied = [m for m in public if m.bot and self.stage.as_read(m).startswith(member.name)]
        seen = [*copied, *(m for m in public if m.user == member.slack)]
        self.checks.expect(len(seen) == 1, f"{name}: the others see it once ({len(seen)} times)")
