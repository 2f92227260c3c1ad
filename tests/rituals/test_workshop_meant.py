"""Which workshop a person means, where two portfolios hold theirs at once."""

from datetime import UTC, datetime, timedelta

import pytest

from rituals.errors import Refusal
from rituals.workshops import looking, planning
from rituals.workshops.planning import Plan
from storage.database import Database
from tests.rituals.workshop_workspace import ANA, BO, NOW, PORTFOLIO, STARTS, TEAM, ZOE, begun, set_up

SECOND = """units:
  - {key: firm, name: Firm, level: company}
  - {key: tools, name: Tools, level: product_line, parent: other, leads: [zoe]}"""


@pytest.fixture
def ready(sqlite_db: Database) -> Database:
    text = PORTFOLIO.replace("units:", SECOND).replace("level: portfolio,", "level: portfolio, parent: firm,")
    set_up(sqlite_db, text)
    return sqlite_db


def second(db: Database) -> int:
    wanted = Plan("other", "2027-Q1", "C02OTHER", STARTS + timedelta(hours=1))
    return planning.plan(db, TEAM, ZOE, wanted, now=NOW)


def meant(db: Database, user: str, channel: str | None, *, theirs: bool = False) -> int | None:
    return looking.meant(db, TEAM, user, channel, theirs=theirs, now=STARTS)


def test_the_workshop_of_the_channel_is_meant_though_another_one_runs(ready: Database) -> None:
    running, planned = begun(ready), second(ready)
    assert meant(ready, ANA, "C02OTHER") == planned
    assert meant(ready, ZOE, "C02OTHER") == planned
    assert looking.status(ready, TEAM, ANA, "C02OTHER", now=STARTS).board.meeting.workshop == planned
    assert meant(ready, ZOE, "C01ALL") == running


def test_elsewhere_it_is_the_one_of_their_own_unit(ready: Database) -> None:
    running, planned = begun(ready), second(ready)
    assert (meant(ready, ANA, None), meant(ready, ZOE, None)) == (running, planned)


def test_who_has_no_workshop_yet_plans_one_while_another_portfolio_holds_theirs(ready: Database) -> None:
    running = begun(ready)
    assert meant(ready, ZOE, None, theirs=True) is None
    assert meant(ready, ANA, None, theirs=True) == running


def test_the_status_names_only_the_others_as_later(ready: Database) -> None:
    running, _ = begun(ready), second(ready)
    status = looking.status(ready, TEAM, BO, None, now=STARTS)
    assert status.board.meeting.workshop == running
    assert status.others == ("Other Mon 4 Jan 11:00 (Europe/Berlin)",)


def test_one_that_was_never_held_in_a_cycle_that_is_over_is_not_meant_any_more(ready: Database) -> None:
    number = second(ready)
    last, after = datetime(2027, 3, 31, 12, tzinfo=UTC), datetime(2027, 4, 1, 12, tzinfo=UTC)
    assert [looking.meant(ready, TEAM, ZOE, None, now=at) for at in (last, after)] == [number, None]
    with pytest.raises(Refusal, match="No workshop is planned or running"):
        looking.status(ready, TEAM, ZOE, None, now=after)
    running = begun(ready)
    assert looking.meant(ready, TEAM, ANA, None, now=after) == running
