"""The run of one cycle with scripted leads: from one due thing to the next, everybody does what a person would, and
each step is held against what the script and the rules say. Acts only as people can: messages, forms, clicks.

What leads do when they are asked is in `answering`; here they vote, and digests and the rating are held to the rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from rituals.next_event import Event, next_event
from sandbox.answering import Answering
from sandbox.checks import Checks
from sandbox.leads import Script
from sandbox.records import Message
from sandbox.stage import Stage


@dataclass
class Play:
    """The run of one cycle. `answering` are its check-ins, `digests` how many there are; at every step `chairs` do what
    is theirs."""

    answering: Answering
    digests: int = 0
    chairs: tuple[Callable[[], None], ...] = ()
    voted: set[str] = field(default_factory=set)

    @property
    def stage(self) -> Stage:
        return self.answering.stage

    @property
    def script(self) -> Script:
        return self.answering.script

    @property
    def checks(self) -> Checks:
        return self.answering.checks

    @property
    def leads(self) -> tuple[str, ...]:
        return self.answering.leads

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
            self.answering.act()
            self._vote()
            self._digest(event)

    def _vote(self) -> None:
        """Leads who find a rating in their DM vote; by their place in the list, 3 to 5."""
        for number, key in enumerate(self.leads):
            person = self.stage.person(self.stage.state().people[key].slack or "")
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
        state, now = self.stage.state(), self.stage.clock.now()
        flagged = [kr.key for kr in state.current_key_results(now) if kr.shared and state.figures(kr, now).flags]
        text = " ".join(
            self.stage.as_read(m) for m in self.stage.messages(posted[-1].channel) if m.root == posted[-1].ts
        )
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
            if m.bot and not m.is_reply and "Falling behind" in self.stage.as_read(m)
        ]

    def _works(self, lead: str) -> bool:
        """Whether a line that they lead has something to do in this cycle: who has not is not asked how it went."""
        history = self.script.history
        busy = {o.unit for o in history.objectives} | {
            unit for kr in history.key_results.values() for unit in kr.owners
        }
        lines = [unit for unit in history.led_by(lead) if history.units[unit].level == "product_line"]
        return any(busy.intersection(history.below(line)) for line in lines)

    def expect_rating(self) -> None:
        """Everybody who worked was asked once, and the mean that is posted where there is a channel is the votes'."""
        raters = [number for number, key in enumerate(self.leads) if self._works(key)]
        self.checks.expect(len(self.voted) == len(raters), f"{len(raters)} leads were asked ({len(self.voted)})")
        scores = [3 + number % 3 for number in raters]
        mean = f"{sum(scores) / len(scores):.1f} of 5"
        said = (m for channel in self.stage.sandbox.workspace.channels for m in self.stage.messages(channel) if m.bot)
        posted = [self.stage.as_read(m) for m in said if float(m.ts) >= self.answering.begins]
        found = [text for text in posted if mean in text and "Working together" in text]
        history = self.script.history
        portfolios = [history.rhythms[key] for key, unit in history.units.items() if unit.level == "portfolio"]
        wanted = int(any(rhythm.channel or rhythm.leadership_channel for rhythm in portfolios))
        self.checks.expect(
            len(found) == wanted, f"the rating's result is posted {wanted} times, with {mean} ({len(found)})"
        )
