"""What writing costs at 4,000 key results, from the use case to what it wrote, in this process: forms of `/okr add`,
`/okr edit` and `/okr settings`, an alignment workshop of 200 lines, a rating of 200 leads.

    python -m benchmarks.writing

200 product lines with six updates a key result, as in `benchmarks.alignment`. Exits 1 where something for which a
person waits takes 300 ms or more on the wall.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import lines
from benchmarks.alignment import ALLOWED, waited
from rituals.alignment.covered import covered
from rituals.at_hand import have_at_hand
from rituals.okrs.authoring import before as authoring_before
from rituals.okrs.authoring import service as authoring
from rituals.okrs.authoring.cards import AuthorForm, Typed, What
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.service import stored_part
from rituals.ratings import by_hand, results, voting
from rituals.settings import pages, units, units_closing
from rituals.workshops import answering, looking, noting, record, service, shown
from rituals.workshops.planning import Plan, plan
from storage import workshops as store
from storage.database import Database
from storage.schema import migrate

TIMES = 3
BEFORE, BEGINS = datetime(2025, 12, 15, 9, tzinfo=UTC), datetime(2026, 1, 5, 9, tzinfo=UTC)
NEW_KR = {"objective": "O-30", "kind": "increase", "start": "1", "target": "10"}
NEW_OBJECTIVE = {"unit": "line-9", "cycle": "2026", "above": "P-1", "how": "By selling both at once"}


@dataclass
class Desk:
    """A filled workspace, and somebody who writes in it."""

    db: Database
    number: Any = field(default_factory=count)

    @property
    def who(self) -> tuple[Database, str, str]:
        """What every use case begins with."""
        return self.db, lines.TEAM, lines.BOSS

    def form_of(self, what: What, key: str) -> Typed:
        """What stands in the form of what exists."""
        with self.db.transaction(readonly=True) as session:
            state = load_portfolio(session, lines.TEAM)
            return authoring_before.existing(state, stored_part(session, lines.TEAM, key, {key}), what, key)

    def edit(self, what: What, key: str, **texts: str) -> Callable[[], object]:
        """Saves a form with other texts each time."""
        return self._saving(self.form_of(what, key), texts)

    def add(self, what: What, lists: dict[str, tuple[str, ...]], **texts: str) -> Callable[[], object]:
        """Saves something new each time."""
        with self.db.transaction(readonly=True) as session:
            state = load_portfolio(session, lines.TEAM)
            taken = authoring_before.keys_of(state, what)
            blank = authoring_before.blank(state, None, what, "", taken=taken, now=lines.NOW)
        return self._saving(blank.model_copy(update={"lists": lists}), texts)

    def _saving(self, typed: Typed, texts: dict[str, str]) -> Callable[[], object]:
        def save() -> object:
            number = next(self.number)
            said = {name: text.format(n=number) for name, text in texts.items()}
            given = typed.model_copy(update={"texts": {**typed.texts, **said}, "told": True})
            done = authoring.submit(*self.who, given, now=lines.NOW, key=f"form:{number}")
            assert not isinstance(done, AuthorForm), done
            return done

        return save


def forms(desk: Desk) -> dict[str, Callable[[], object]]:
    """What is opened and saved."""
    who, now = desk.who, lines.NOW
    return {
        "the form of a new key result": lambda: authoring.add_form(*who, "key_result", "O-30", now=now),
        "the form of one that exists": lambda: authoring.edit_form(*who, "KR-2001", now=now),
        "a new title of it, saved": desk.edit("key_result", "KR-2001", title="Share of {n} banks that pay in time"),
        "a new target, with its reason": desk.edit("key_result", "KR-2005", target="19{n}", reason="The market grew"),
        "a new key result, saved": desk.add("key_result", {"owners": ("line-7",)}, title="Shops {n}", **NEW_KR),
        "the form of an objective": lambda: authoring.edit_form(*who, "O-30", now=now),
        "a new title of it, saved ": desk.edit("objective", "O-30", title="Value sooner, and more of it {n}"),
        "a new objective, saved": desk.add("objective", {}, title="Value sooner {n}", **NEW_OBJECTIVE),
        "the form of a unit": lambda: authoring.edit_form(*who, "line-7", now=now),
        "a unit renamed, saved": desk.edit("unit", "line-7", name="Line seven {n}"),
        "a new unit, saved": desk.add("unit", {}, name="Unit {n}", parent="suite", level="product_line"),
        "settings": lambda: pages.page(*who, now=now),
        "the settings of a unit": lambda: units.open_form(*who, "line-8", now=now),
        "the form that closes it": lambda: units_closing.open_form(*who, "line-8", now=now),
    }


def rating(desk: Desk) -> dict[str, Callable[[], object]]:
    """A rating of every lead: opened once, the rest as often as it is asked."""
    who, now = desk.who, lines.NOW
    opened: list[int] = []
    given, voter = voting.Given(4, "We see what the others do"), "U0007LEAD"

    def vote() -> None:
        voting.vote(desk.db, lines.TEAM, voter, opened[0], given, now=now)

    return {
        "once: a rating, opened": lambda: opened.append(by_hand.start(*who, "", now=now).poll),
        "a vote": vote,
        "once: the rating, closed": lambda: by_hand.close_now(*who, opened[0], now=now),
        "its result": lambda: results.result(*who, now=now),
    }


def workshop(desk: Desk) -> dict[str, Callable[[], object]]:
    """A workshop at the cycle's start, with every objective as a draft."""
    who, at, held = desk.who, BEGINS, [0]
    noted = noting.Noted("dependency", "line-3", "line-2", "We wait for their API", None, "other", None)

    def move(what: Callable[..., object]) -> Callable[[], object]:
        return lambda: what(*who, held[0], now=at, figures=covered)

    def planned() -> None:
        held[0] = plan(*who, Plan("suite", "2026", "C01SUITE", BEGINS), now=BEFORE)

    def note() -> None:
        noting.note_item(desk.db, lines.TEAM, lines.BOSS, held[0], noted, key=str(next(desk.number)), now=at)

    def answer() -> None:
        said = f"We take it into ours {next(desk.number)}"
        answering.answer_item(
            desk.db, lines.TEAM, lines.BOSS, _first_item(desk.db, held[0]), "adjusted", note=said, now=at
        )

    def board() -> object:
        with desk.db.transaction(readonly=True) as session:
            return shown.board_now(session, lines.TEAM, {"workshop": held[0]}, at)

    return {
        "once: a workshop, planned": planned,
        "once: begun": move(service.begin),
        "its board": board,
        "how it stands": lambda: looking.status(*who, "C01SUITE", now=at),
        "the form of a note": lambda: looking.item_form(*who, held[0], "line-3", now=at),
        "a note": note,
        "the next line's turn": move(service.next_turn),
        "once: the adjustment round": move(service.adjust),
        "an answer to a note": answer,
        "once: on to the confirmation": move(service.next_turn),
        "once: confirmed": move(service.confirm),
        "its record": lambda: record.document(desk.db, lines.TEAM, held[0], user=lines.BOSS, now=at),
    }


def _first_item(db: Database, workshop: int) -> int:
    with db.transaction(readonly=True) as session:
        return min(item.id or 0 for item in store.items(session, lines.TEAM, workshop))


def costs(db: Database) -> list[tuple[str, float, float]]:
    """Each by its name: median seconds on the wall, and the worst."""
    desk, found = Desk(db), []
    for part, now in ((forms, lines.NOW), (rating, lines.NOW), (workshop, BEGINS)):
        have_at_hand(db, lines.TEAM, now=now)
        for name, work in part(desk).items():
            walls = [waited(work)[0] for _ in range(1 if name.startswith("once: ") else TIMES)]
            found.append((name.removeprefix("once: ").strip(), median(walls), max(walls)))
    return found


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'lines.db'}")
        migrate(db)
        results_in = lines.fill(db, 200, 6)
        found = costs(db)
        db.close()
    print(f"{results_in:,} key results\n\n| writing | on the wall | worst |\n|---|---|---|")
    for name, wall, worst in found:
        print(f"| {name} | {wall * 1e3:.0f} ms | {worst * 1e3:.0f} ms |")
    return 1 if any(wall >= ALLOWED for _, wall, _ in found) else 0


if __name__ == "__main__":
    sys.exit(main())
