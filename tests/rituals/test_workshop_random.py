"""Random workshops in a real database: whoever presses, notes, takes back, answers or restarts the bot, in whatever
order, nothing that was noted is lost and the workshop never goes back.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from rituals.alignment.covered import covered
from rituals.errors import FormRefusal, Refusal
from rituals.workshops import advancing, service
from rituals.workshops.answering import Answer, answer_item
from rituals.workshops.noting import Noted, Reaction, reacted, take_back
from rituals.workshops.rules import ORDER, Kind, state_of
from storage import outbox
from storage.database import Database
from tests.rituals.stored import promised
from tests.rituals.workshop_workspace import ANA, BO, KIM, MIA, STARTS, TEAM, all_items, note, planned, set_up, workshop

PEOPLE = (ANA, BO, MIA, KIM)
LINES = ("crm", "payments", "search")
EVENTS = 60


@dataclass
class Play:
    """One random workshop: the database (opened anew by a restart), and what must be true of it."""

    db: Database
    rng: random.Random
    number: int = 0
    at: datetime = STARTS
    noted: dict[int, bool] = field(default_factory=dict)  # every item ever seen: whether it was taken back by somebody
    restarts: list[Database] = field(default_factory=list)

    def step(self) -> int:
        """What a button on somebody's screen knows: mostly now, sometimes a moment ago."""
        return workshop(self.db, self.number).step - (self.rng.random() < 0.2)

    def press(self, what: Callable[..., str], **more: object) -> None:
        what(self.db, TEAM, self.rng.choice((ANA, ANA, BO)), self.number, now=self.at, step=self.step(), **more)

    def note(self) -> None:
        line, other = self.rng.sample(LINES, 2)
        kinds: tuple[Kind, ...] = ("dependency", "conflict", "opportunity")
        kind = self.rng.choice(kinds)
        user, key = self.rng.choice(PEOPLE), f"{self.rng.randrange(30)}"
        note(self.db, self.number, Noted(kind, line, other, text=f"words {key}"), user=user, key=key, at=self.at)

    def react(self) -> None:
        posts = promised(self.db, "workshop_turn")
        if not posts:
            return
        with self.db.transaction() as session:
            row = outbox.find(session, TEAM, posts[0].key)
            assert row is not None
            row.channel, row.ts = "C01ALL", "17.1"
            session.add(row)
        said = Reaction("C01ALL", "17.1", self.rng.choice(("link", "zap")), self.at, self.rng.random() < 0.6)
        reacted(self.db, TEAM, self.rng.choice(PEOPLE), said, now=self.at)

    def take_back(self) -> None:
        items = all_items(self.db)
        if items:
            item = self.rng.choice(items)
            take_back(self.db, TEAM, self.rng.choice((item.slack_user, KIM)), item.id or 0, now=self.at)

    def answer(self) -> None:
        items = all_items(self.db)
        if items:
            answers: tuple[Answer, ...] = ("accepted", "adjusted", "declined")
            said = self.rng.choice(answers)
            item, user = self.rng.choice(items).id or 0, self.rng.choice(PEOPLE)
            answer_item(self.db, TEAM, user, item, said, note="because", now=self.at)

    def restart(self) -> None:
        self.db = Database(self.db.url, busy_seconds=15)
        self.restarts.append(self.db)

    def do(self) -> None:
        """One random event; a refusal is an answer like any other."""
        self.at += timedelta(seconds=self.rng.randrange(1, 400))
        acts: list[tuple[float, Callable[[], object]]] = [
            (1, lambda: self.press(service.begin, figures=covered)),
            (2.5, lambda: self.press(service.next_turn, figures=covered)),
            (1, lambda: self.press(service.extend)),
            (0.3, lambda: self.press(service.adjust, figures=covered)),
            (0.5, lambda: self.press(service.confirm, figures=covered)),
            (0.1, lambda: self.press(service.close, figures=covered)),
            (5, self.note),
            (3, self.react),
            (1.5, self.take_back),
            (4, self.answer),
            (1, self.restart),
            (2, lambda: advancing.advance(self.db, TEAM, now=self.at)),
        ]
        with suppress(Refusal, FormRefusal):
            self.rng.choices([act for _, act in acts], [weight for weight, _ in acts])[0]()


@pytest.mark.parametrize("seed", range(6))
def test_a_random_workshop_loses_nothing_and_never_goes_back(sqlite_db: Database, seed: int) -> None:
    set_up(sqlite_db)
    play = Play(sqlite_db, random.Random(seed))
    play.number = planned(sqlite_db)
    place = (0, 0, 0)
    seen: dict[int, tuple[str, str]] = {}
    for _ in range(EVENTS):
        play.do()
        row, items = workshop(play.db, play.number), all_items(play.db)
        now = (ORDER.index(state_of(row.state)), row.turn, row.step)
        assert now >= place
        assert (row.turn_ends_at is not None) == (row.state == "presenting")
        assert {item.id or 0: (item.slack_user, item.kind) for item in items}.items() >= seen.items()
        assert all(item.state == "open" for item in items if item.retracted_at is not None)
        assert len(promised(play.db, "workshop_record")) == (row.state == "closed")
        assert len({item.source_key for item in items}) == len(items)
        place, seen = now, {item.id or 0: (item.slack_user, item.kind) for item in items}
    for opened in play.restarts:
        opened.close()
