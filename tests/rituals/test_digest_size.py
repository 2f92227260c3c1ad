"""A digest at any size: short by ranking, never cut within a word, over one reading of the portfolio."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from bot.views.digest_limits import CHARACTERS
from bot.views.digests import digest_at
from bot.views.fitting import characters
from prompts.client import ModelClient, Outcome
from rituals.alignment.rules import connection_rate
from rituals.digests.due import open_due
from rituals.digests.facts import AdjustmentFacts, DigestFacts
from rituals.digests.issuing import prepare
from rituals.digests.notice import details, digest_notice
from rituals.digests.service import Reader, preview
from rituals.notices.digests import Audience
from sandbox.blocks import check_message
from storage import tables
from storage.database import Database
from storage.tables import DigestIssue
from tests.bot.views.reading import plain
from tests.rituals.digest_samples import answer, behind, blocker, facts, on_pace, quiet, was
from tests.rituals.digest_workspace import FRIDAY, TEAM, set_up
from tests.rituals.test_digest_audiences import WEEKLY, WITH_CHANNELS, wants

LINES, KEY_RESULTS = 200, 2_000
NO_MODEL = Outcome(reason="no model")
AUDIENCES: tuple[Audience, ...] = ("leadership", "portfolio", "unit")


def large(audience: Audience) -> DigestFacts:
    """200 product lines with 2,000 key results: every fifth behind, every seventh silent, a blocker in each line."""
    names = [f"Product line number {n} of the suite" for n in range(LINES)]
    krs = [
        behind(f"KR-{n}", 10 + n % 30, was(60), words="we wait for the export API and for two people") if n % 5 == 0
        else quiet(f"KR-{n}") if n % 7 == 0
        else on_pace(f"KR-{n}", 47, was(20 + n % 20))
        for n in range(KEY_RESULTS)
    ]  # fmt: skip
    blockers = tuple(
        blocker(
            n, names[n % LINES], names[n % 9], days=n % 40, answers=(n,), asked="was asked", until=date(2026, 12, 12)
        )
        for n in range(1, LINES + 1)
    )
    return facts(
        *krs,
        audience=audience,
        blockers=blockers,
        waited_for=blockers[:50] if audience == "unit" else (),
        answers=tuple(answer(n, "We are waiting for the API until 12 Dec.") for n in range(1, LINES + 1)),
        adjustments=tuple(AdjustmentFacts(n, f"lower KR-{n}'s target", "Mia Kern", reason="market") for n in range(60)),
        not_answered=tuple(f"Lead number {n}" for n in range(LINES)),
    )


@pytest.fixture(scope="module", params=AUDIENCES)
def found(request: pytest.FixtureRequest) -> DigestFacts:
    return large(request.param)


@pytest.mark.parametrize("rung", ["native", "fields", "text"])
def test_with_2000_key_results_of_200_lines_it_stays_short(found: DigestFacts, rung: str) -> None:
    notice = digest_notice(found, NO_MODEL)
    assert len(notice.falling) == KEY_RESULTS / 5
    shown = digest_at(notice, rung)  # type: ignore[arg-type]
    assert check_message(shown.blocks) == []
    assert len(shown.blocks) < 50
    assert characters(shown.blocks) <= CHARACTERS
    text = plain(shown.blocks)
    assert "more in the thread" in text
    assert text.index("Falling behind") < text.index("Decisions needed") < text.index("Blockers") < text.index("Moved")


def test_what_is_left_out_says_how_much_and_stands_in_the_thread(found: DigestFacts) -> None:
    notice = digest_notice(found, NO_MODEL)
    text = plain(digest_at(notice, "text").blocks)
    shown = text.count("○ off track: KR-") + text.count("◐ at risk: KR-") + text.count("● on track: KR-")
    assert f"and {len(notice.falling) - shown} more in the thread" in text
    lists = {part.title: len(part.lines) for part in details(found)}
    assert lists["Falling behind"] == len(notice.falling)
    assert lists["Decisions needed"] >= 60


def test_no_word_is_cut_in_the_middle(found: DigestFacts) -> None:
    words = set(" ".join(part.model_dump_json() for part in (digest_notice(found, NO_MODEL), *details(found))).split())
    known = {word.strip('",.;:[](){}“”…') for text in words for word in text.replace('"', " ").split()}
    shown = plain(digest_at(digest_notice(found, NO_MODEL), "native").blocks)
    cut = [word for word in shown.split() if word.endswith("…") and word.strip("“”…,.;:()") not in known]
    assert cut == []


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    set_up(sqlite_db, WITH_CHANNELS)
    wants(sqlite_db, "suite", {"portfolio": WEEKLY, "unit": {**WEEKLY, "timezone": "Europe/Berlin"}})
    return sqlite_db


@pytest.fixture
def loads(suite: Database) -> Iterator[list[str]]:
    """Each reading of the portfolio's key results, from a process that has read nothing yet."""
    seen: list[str] = []

    def look(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FROM objective" in statement:
            seen.append(statement)

    event.listen(suite.engine, "before_cursor_execute", look)
    yield seen
    event.remove(suite.engine, "before_cursor_execute", look)


def test_four_digests_that_are_due_at_once_read_the_portfolio_once(suite: Database, loads: list[str]) -> None:
    open_due(suite, TEAM, now=FRIDAY)
    assert prepare(suite, TEAM, now=FRIDAY, model=ModelClient(mode="off"), connection=connection_rate) == 4
    assert len(loads) == 1


def test_a_preview_reads_the_portfolio_once(suite: Database, loads: list[str]) -> None:
    preview(suite, TEAM, None, now=FRIDAY, connection=connection_rate, reader=Reader("U01ANA"))
    assert len(loads) == 1


def test_nothing_that_waits_is_found_out_by_one_statement(suite: Database) -> None:
    from rituals.digests.attending import attend

    with suite.transaction() as session:
        unit = session.get(tables.Unit, 2)
        assert unit is not None
        for week in range(200):
            day = FRIDAY - timedelta(weeks=week)
            session.add(
                DigestIssue(team_id=TEAM, unit_id=2, local_date=day.date(), slot=day, state="issued", issued_at=day)
            )
    seen: list[str] = []
    event.listen(suite.engine, "before_cursor_execute", lambda c, cur, statement, *rest: seen.append(statement))
    assert attend(suite, TEAM, now=FRIDAY) == 0
    assert [statement.split()[0] for statement in seen] == ["BEGIN", "SELECT"]
