"""The run of one cycle with scripted leads: from one due thing to the next, everybody does what a person would, and
each step is held against what the script and the rules say. Acts only as people can: messages, forms, clicks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TextIO

from rituals.next_event import Event, next_event
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from sandbox.leads import STYLES, Report, Script, line, numbered, plain_words, value_text
from sandbox.people import Person
from sandbox.records import Message, View
from sandbox.stage import Stage
from storage import checkins as queries
from storage import outbox
from storage.tables import CheckinAsk, CheckinRound


@dataclass
class Checks:
    """Every expectation of the play, held or not."""

    out: TextIO
    held: int = 0
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        """Count a step; one that did not hold is said at once."""
        if holds:
            self.held += 1
            return
        self.broken.append(what)
        self.out.write(f"BROKEN  {what}\n")


@dataclass
class Play:
    """The run of one cycle from `begins`. `leads` are the people (keys) who can be asked, `reported` what the bot
    should know, `digests` how many there are; at every step `chairs` do what is theirs."""

    stage: Stage
    script: Script
    checks: Checks
    leads: tuple[str, ...]
    answered: set[int] = field(default_factory=set)
    reported: dict[str, Decimal] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)
    voted: set[str] = field(default_factory=set)
    digests: int = 0
    begins: float = 0
    chairs: tuple[Callable[[], None], ...] = ()

    def run(self, until: datetime) -> None:
        """From one due thing to the next, until an instant."""
        while True:
            with self.stage.db.transaction(readonly=True) as session:
                event = next_event(session, self.stage.team, now=self.stage.clock.now())
            if event is None or event.at > until:
                return
            self.stage.go_to(event.at)
            for act in self.chairs:
                act()
            self._act()
            self._vote()
            self._digest(event)

    def _act(self) -> None:
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
        return self._state().people_by_id[ask.person_id]

    def _state(self) -> PortfolioState:
        with self.stage.db.transaction(readonly=True) as session:
            return load_portfolio(session, self.stage.team)

    def _waits(self, row: CheckinRound, member: Member) -> bool:
        """In every round another lead waits for the reminder."""
        return self.leads[row.number % len(self.leads)] == member.key

    def _answer(self, ask: CheckinAsk, row: CheckinRound, member: Member) -> None:
        prompt = self._prompt(member, row)
        if prompt is None:
            return
        now = self.stage.clock.now()
        reports = self.script.reports(
            member.key, self.since.get(member.key, datetime.min.replace(tzinfo=now.tzinfo)), now
        )
        self.since[member.key] = now
        last = {report.key: report for report in reports}
        for report in reports:
            if last[report.key] is not report:
                self._update(member, report)
        style = STYLES[(self.leads.index(member.key) + row.number) % len(STYLES)]
        name = f"check-in {row.number}, {member.name} by {style}"
        if ask.reminded_at is not None:
            reminders = len(self._thread(prompt))
            self.checks.expect(reminders == 1, f"{name}: is reminded exactly once ({reminders} times)")
        self._reply(style, member, row, prompt, list(last.values()))
        self._settle_guesses(row, member, list(last.values()))
        self._expect_saved(member, ask, list(last.values()), name)
        self._expect_told(member, row, prompt, list(last.values()), name)

    def _prompt(self, member: Member, row: CheckinRound) -> Message | None:
        """The one prompt of this round in the lead's DM."""
        found = [
            m
            for m in self.stage.person(member.slack or "").dm
            if m.bot and not m.is_reply and float(m.ts) >= self.begins and f"Check-in {row.number} of" in self._read(m)
        ]
        name = f"check-in {row.number}: {member.name} is asked exactly once ({len(found)} prompts)"
        self.checks.expect(len(found) == 1, name)
        return found[0] if found else None

    def _read(self, message: Message) -> str:
        return self.stage.person(self.stage.sandbox.bot_user).reads(message)

    def _update(self, member: Member, report: Report) -> None:
        """What was reported between two rounds goes by the command."""
        kr = self.script.history.key_results[report.key]
        self.stage.person(member.slack or "").types(f"/okr update {line(kr, report)}")
        self.stage.settle()

    def _reply(  # the four ways of answering
        self, style: str, member: Member, row: CheckinRound, prompt: Message, reports: list[Report]
    ) -> None:
        person = self.stage.person(member.slack or "")
        krs = self.script.history.key_results
        lines = [f"{line(krs[r.key], r)} {'' if r.blocked else r.note}".strip() for r in reports]
        blocker = " ".join(r.note for r in reports if r.blocked)
        if style == "form" and reports:
            person.clicks(prompt, label="Answer")
            self.stage.settle()
            view = person.view
            if view is None:
                self.checks.expect(False, f"the form opens for {member.name}")
                return
            view = self._whole_form(person, view, reports)
            values: dict[str, str] = {"question:2": blocker or "no", "question:3": "no"}
            for report in reports:
                said = "" if report.value is None else value_text(krs[report.key], report.value)
                values[f"kr_value:{report.key}"] = said
                values[f"kr_confidence:{report.key}"] = "" if report.confidence is None else str(report.confidence)
                values[f"kr_note:{report.key}"] = report.note
            person.fills(view, {k: v for k, v in values.items() if v})
            sent = person.submits(view)
            self.checks.expect(not sent.errors, f"the form of {member.name} is taken ({sent.errors})")
        elif style == "channel":
            board = self._board(row)
            where = board.channel if board else "dm"
            person.says(where, numbered(lines, blocker, ""), thread_ts=board.ts if board else prompt.ts)
        elif style == "plain":
            person.says("dm", plain_words(lines, blocker, ""), thread_ts=prompt.ts)
        else:
            person.says("dm", numbered(lines, blocker, ""), thread_ts=prompt.ts)
        self.stage.settle()

    def _whole_form(self, person: Person, view: View, reports: list[Report]) -> View:
        """The form with everything that is reported: what is on pace stands behind a button."""
        if all(f"kr_value:{report.key}" in str(view.blocks) for report in reports):
            return view
        person.clicks(view, action_id="form_all")
        self.stage.settle()
        return person.view or view

    def _settle_guesses(self, row: CheckinRound, member: Member, reports: list[Report]) -> None:
        """Where the bot asks back, the lead picks what they meant."""
        person = self.stage.person(member.slack or "")
        board = self._board(row)
        for message in [*person.dm, *(self.stage.messages(board.channel) if board else [])]:
            if not message.bot or "guess_pick" not in str(message.blocks):
                continue
            for action_id in _meant(message, reports):
                person.clicks(message, action_id=action_id)
                self.stage.settle()

    def _board(self, row: CheckinRound) -> Message | None:
        with self.stage.db.transaction(readonly=True) as session:
            sent = outbox.find(session, self.stage.team, f"board:{row.id}")
        found = [m for m in self.stage.messages(sent.channel or "") if m.ts == sent.ts] if sent else []
        return found[0] if found else None

    def _expect_saved(self, member: Member, ask: CheckinAsk, reports: list[Report], name: str) -> None:
        """The database holds what was said, and the round knows that they answered."""
        state = self._state()
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
        board = self._board(row)
        public = self._thread(board) if board else []
        told = " ".join(self._read(m) for m in [*self._thread(prompt), *public] if m.bot)
        missing = [report.key for report in reports if f"{report.key} " not in told]
        self.checks.expect(not missing, f"{name}: is told what was saved ({missing} missing)")
        if board is None:
            return
        seen = [m for m in public if m.user == member.slack or (m.bot and self._read(m).startswith(member.name))]
        self.checks.expect(len(seen) == 1, f"{name}: the others see it once ({len(seen)} times)")

    def _thread(self, parent: Message) -> list[Message]:
        """The replies under a message."""
        return [m for m in self.stage.messages(parent.channel) if m.root == parent.ts and m.ts != parent.ts]

    def _vote(self) -> None:
        """Leads who find a rating in their DM vote; by their place in the list, 3 to 5."""
        for number, key in enumerate(self.leads):
            person = self.stage.person(self._state().people[key].slack or "")
            for message in person.dm:
                if message.bot and "rating_vote_1" in str(message.blocks) and message.ts not in self.voted:
                    self.voted.add(message.ts)
                    person.clicks(message, action_id=f"rating_vote_{3 + number % 3}")
                    self.stage.settle()

    def _digest(self, event: Event) -> None:
        """At its slot there is one more, where it has a channel, and it names every shared key result flagged."""
        posted = self._digests()
        due = [name for name in self._digest_units() if f"the digest of {name}" in event.what]
        wanted = self.digests + len(due)
        self.checks.expect(len(posted) == wanted, f"{event.at:%d %b}: {wanted} digests so far ({len(posted)})")
        self.digests = len(posted)
        if not due or not posted:
            return
        state, now = self._state(), self.stage.clock.now()
        flagged = [kr.key for kr in state.current_key_results(now) if kr.shared and state.figures(kr, now).flags]
        text = " ".join(self._read(m) for m in self.stage.messages(posted[-1].channel) if m.root == posted[-1].ts)
        missing = [key for key in flagged if f"{key} " not in text]
        self.checks.expect(not missing, f"{event.at:%d %b}: the digest names all that fall behind ({missing} missing)")

    def _digest_units(self) -> dict[str, str]:
        """The channels of the digests that have one, by the unit's name."""
        rhythms = {self.script.history.units[key].name: rhythm for key, rhythm in self.script.history.rhythms.items()}
        places = {name: r.leadership_channel or r.channel for name, r in rhythms.items() if r.digest}
        return {name: channel for name, channel in places.items() if channel}

    def _digests(self) -> list[Message]:
        return [
            m
            for channel in set(self._digest_units().values())
            for m in self.stage.messages(channel)
            if m.bot and not m.is_reply and "Falling behind" in self._read(m)
        ]

    def _works(self, lead: str) -> bool:
        """Whether a line that they lead has something to do in this cycle: who has not is not asked how it went."""
        history = self.script.history
        busy = {o.unit for o in history.objectives} | {
            unit for kr in history.key_results.values() for unit in kr.owners
        }
        lines = [unit for unit in history.led_by(lead) if history.units[unit].level == "product_line"]
        return any(busy.intersection(history.below(line)) for line in lines)

    def expect_rating(self, checks: Checks) -> None:
        """Everybody who worked was asked once, and the mean that is posted where there is a channel is the votes'."""
        raters = [number for number, key in enumerate(self.leads) if self._works(key)]
        checks.expect(len(self.voted) == len(raters), f"{len(raters)} leads were asked ({len(self.voted)})")
        scores = [3 + number % 3 for number in raters]
        mean = f"{sum(scores) / len(scores):.1f} of 5"
        said = (m for channel in self.stage.sandbox.workspace.channels for m in self.stage.messages(channel) if m.bot)
        posted = [self._read(m) for m in said if float(m.ts) >= self.begins]
        found = [text for text in posted if mean in text and "Working together" in text]
        history = self.script.history
        portfolios = [history.rhythms[key] for key, unit in history.units.items() if unit.level == "portfolio"]
        wanted = int(any(rhythm.channel or rhythm.leadership_channel for rhythm in portfolios))
        checks.expect(len(found) == wanted, f"the rating's result is posted {wanted} times, with {mean} ({len(found)})")


def _meant(message: Message, reports: list[Report]) -> list[str]:
    """The buttons of a message's guesses that say what was reported, the first of each guess."""
    found = []
    for about, choices in zip(message.blocks, message.blocks[1:], strict=False):
        if choices["type"] != "actions" or "guess_pick" not in str(choices):
            continue
        asked = str(about["text"]["text"])
        report = next((r for r in reports if asked.startswith(f"{r.key}:")), None)
        wanted = report and (report.confidence if "confidence" in asked else report.value)
        labels = {str(e["text"]["text"]): str(e["action_id"]) for e in choices["elements"]}
        fits = [action for label, action in labels.items() if wanted is not None and label.split()[0] == str(wanted)]
        found.extend(fits[:1])
    return found
