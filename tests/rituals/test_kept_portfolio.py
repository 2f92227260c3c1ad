"""The kept portfolio against one read anew: after every kind of write, by whoever, in any order, on both databases."""

import gc
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlmodel import col, delete, select, update

from rituals.alignment.keeping import keep_due
from rituals.checkins import service as checkins
from rituals.okrs.load import LARGE, PortfolioState, load_anew, load_portfolio
from rituals.ratings import opening as ratings
from storage import marks
from storage import okrs as queries
from storage.commits import SharedCommits
from storage.database import Database, Session
from storage.migrations.marks import PARTS
from storage.tables import (
    Contribution,
    Cycle,
    KeyResult,
    KeyResultOwner,
    KeyResultUpdate,
    Objective,
    Person,
    Unit,
    UnitLead,
    Workspace,
)
from tests.rituals.halden import NOW, TEAM, import_sample

STEPS = 25


@dataclass
class World:
    """Two processes on one database, and the chance that decides."""

    here: Database
    there: Database
    chance: random.Random
    said: int = 0

    def any(self, session: Session, table: Any) -> Any:
        return self.chance.choice(session.exec(select(table).where(table.team_id == TEAM)).all())


def same(one: PortfolioState, other: PortfolioState) -> bool:
    """Equal, and in the same order."""
    orders = [
        (list(s.people), list(s.units), list(s.cycles), [kr.key for kr in s.key_results.values()]) for s in (one, other)
    ]
    return one == other and orders[0] == orders[1]


def check(session: Session) -> None:
    """What a load gives in this transaction is what the tables say in it."""
    assert same(load_portfolio(session, TEAM), load_anew(session, TEAM))


def check_all(world: World) -> None:
    for db in (world.here, world.there):
        for _ in range(2):
            with db.transaction(readonly=True) as session:
                check(session)


def say(world: World, session: Session) -> None:
    """Something is said of a key result, as a command writes it."""
    world.said += 1
    kr, person, unit = world.any(session, KeyResult), world.any(session, Person), world.any(session, Unit)
    values = {
        "team_id": TEAM,
        "key_result_id": kr.id,
        "at": NOW + timedelta(minutes=world.chance.randrange(-50_000, 50)),
        "value": Decimal(world.chance.randrange(100)),
        "confidence": world.chance.choice([None, 3, 8]),
        "person_id": person.id,
        "unit_id": world.chance.choice([None, unit.id]),
        "source_key": f"step:{world.said}",
    }
    queries.add_update(session, values)
    queries.add_update(session, values)  # the same once more, as a redelivered click


def take_back(world: World, session: Session) -> None:
    number = world.any(session, KeyResultUpdate).id
    queries.retract(session, TEAM, [number], now=NOW)


def give_back(world: World, session: Session) -> None:
    """What nobody does yet: a retraction taken back by a bulk statement."""
    session.execute(update(KeyResultUpdate).where(col(KeyResultUpdate.team_id) == TEAM).values(retracted_at=None))


def forget(world: World, session: Session) -> None:
    number = world.any(session, KeyResultUpdate).id
    session.execute(text("DELETE FROM key_result_update WHERE id = :id AND answer_id IS NULL"), {"id": number})


def edit_key_result(world: World, session: Session) -> None:
    kr = world.any(session, KeyResult)
    kr.title, kr.target = f"Days {world.chance.random()}", Decimal(world.chance.randrange(1, 500))
    kr.reporter_id = world.any(session, Person).id
    session.add(kr)


def edit_objective(world: World, session: Session) -> None:
    objective = world.any(session, Objective)
    session.execute(
        update(Objective).where(col(Objective.id) == objective.id).values(title=f"O {world.chance.random()}")
    )


def add_key_result(world: World, session: Session) -> None:
    objective, unit = world.any(session, Objective), world.any(session, Unit)
    world.said += 1
    kr = KeyResult(team_id=TEAM, key=f"N-{world.said}", title="New", objective_id=objective.id, position=world.said % 7)
    session.add(kr)
    session.flush()
    session.add(KeyResultOwner(team_id=TEAM, key_result_id=kr.id or 0, unit_id=unit.id))


def drop_key_result(world: World, session: Session) -> None:
    """One that nothing else points at."""
    unsaid = select(KeyResult).where(col(KeyResult.key).like("N-%"), KeyResult.team_id == TEAM)
    for kr in session.exec(unsaid).all()[:1]:
        for table in (KeyResultOwner, KeyResultUpdate):
            session.execute(delete(table).where(col(table.key_result_id) == kr.id))
        session.delete(kr)


def share(world: World, session: Session) -> None:
    kr, unit = world.any(session, KeyResult), world.any(session, Unit)
    owned = session.get(KeyResultOwner, (kr.id, unit.id))
    if owned is None:
        session.add(KeyResultOwner(team_id=TEAM, key_result_id=kr.id, unit_id=unit.id, position=9))
    else:
        session.delete(owned)


def link(world: World, session: Session) -> None:
    low, high = world.any(session, Objective), world.any(session, Objective)
    known = session.get(Contribution, (low.id, high.id))
    if known is None:
        session.add(Contribution(team_id=TEAM, objective_id=low.id, to_objective_id=high.id, how="by it"))
    else:
        session.delete(known)


def move_key_result(world: World, session: Session) -> None:
    kr, objective = world.any(session, KeyResult), world.any(session, Objective)
    kr.objective_id, kr.position = objective.id, world.chance.randrange(9)
    session.add(kr)


def reorder(world: World, session: Session) -> None:
    objective = world.any(session, Objective)
    objective.position = world.chance.randrange(40)
    session.add(objective)


def rekey_objective(world: World, session: Session) -> None:
    """Others link to it, and say so by its key."""
    objective = world.any(session, Objective)
    objective.key = f"o-{world.chance.randrange(10_000)}"
    session.add(objective)


def swap_objectives(world: World, session: Session) -> None:
    one, other = world.any(session, Objective), world.any(session, Objective)
    keys = {one.id: other.key, other.id: one.key}
    for number, key in [(one.id, "between"), *reversed(keys.items())]:
        session.execute(update(Objective).where(col(Objective.id) == number).values(key=key))
        session.expire_all()


def add_objective(world: World, session: Session) -> None:
    world.said += 1
    unit, cycle, above = world.any(session, Unit), world.any(session, Cycle), world.any(session, Objective)
    made = Objective(team_id=TEAM, key=f"M-{world.said}", title="New", unit_id=unit.id, cycle_id=cycle.id, position=5)
    session.add(made)
    session.flush()
    session.add(Contribution(team_id=TEAM, objective_id=made.id or 0, to_objective_id=above.id, how="by it"))


def drop_objective(world: World, session: Session) -> None:
    """One without key results."""
    for objective in session.exec(select(Objective).where(col(Objective.key).like("M-%"))).all()[:1]:
        if session.exec(select(KeyResult).where(KeyResult.objective_id == objective.id)).first() is None:
            for end in (Contribution.objective_id, Contribution.to_objective_id):
                session.execute(delete(Contribution).where(col(end) == objective.id))
            session.delete(objective)


def rename_unit(world: World, session: Session) -> None:
    unit = world.any(session, Unit)
    unit.name = f"Unit {world.chance.random()}"
    unit.private = world.chance.random() < 0.3
    session.add(unit)


def rekey_unit(world: World, session: Session) -> None:
    unit = world.any(session, Unit)
    unit.key = f"u-{world.chance.randrange(10_000)}"
    session.add(unit)


def lead(world: World, session: Session) -> None:
    unit, person = world.any(session, Unit), world.any(session, Person)
    known = session.get(UnitLead, (unit.id, person.id))
    if known is None:
        session.add(UnitLead(team_id=TEAM, unit_id=unit.id, person_id=person.id, position=3))
    else:
        session.delete(known)


def be_away(world: World, session: Session) -> None:
    person = world.any(session, Person)
    person.away_from, person.away_until = date(2026, 11, world.chance.randrange(1, 28)), date(2026, 12, 1)
    session.add(person)


def rekey_person(world: World, session: Session) -> None:
    person = world.any(session, Person)
    person.key = f"p-{world.chance.randrange(10_000)}"
    session.add(person)


def hire(world: World, session: Session) -> None:
    world.said += 1
    session.add(Person(team_id=TEAM, key=f"new-{world.said}", name="New"))


def close_cycle(world: World, session: Session) -> None:
    cycle = world.any(session, Cycle)
    cycle.closed_at = None if cycle.closed_at else NOW
    session.add(cycle)


def move_cycle(world: World, session: Session) -> None:
    session.execute(text("UPDATE cycle SET ends = '2026-12-30' WHERE team_id = :team"), {"team": TEAM})


def set_workspace(world: World, session: Session) -> None:
    workspace = session.get(Workspace, TEAM)
    assert workspace is not None
    workspace.at_risk_above = world.chance.randrange(5, 15)
    workspace.timezone = world.chance.choice(["UTC", "Europe/Berlin"])
    session.add(workspace)


Write = Callable[[World, Session], None]
WRITES: tuple[Write, ...] = (
    say, say, say, take_back, give_back, forget, edit_key_result, edit_objective, add_key_result, drop_key_result,
    share, link, move_key_result, reorder, rekey_objective, swap_objectives, add_objective, drop_objective, rename_unit,
    rekey_unit, lead, be_away, rekey_person, hire, close_cycle, move_cycle, set_workspace,
)  # fmt: skip


class _GivenUpError(Exception):
    """A use case that fails after it has written."""


def in_a_transaction(world: World, db: Database, writes: list[Write]) -> None:
    with db.transaction() as session:
        check(session)
        for write in writes:
            write(world, session)
            check(session)


def in_one_that_fails(world: World, db: Database, writes: list[Write]) -> None:
    with pytest.raises(_GivenUpError), db.transaction() as session:
        for write in writes:
            write(world, session)
            check(session)
        raise _GivenUpError


def in_a_part_that_is_undone(world: World, db: Database, writes: list[Write]) -> None:
    with db.transaction() as session:
        for write in writes:
            inside = session.begin_nested()
            write(world, session)
            check(session)
            inside.rollback()
            check(session)
        writes[0](world, session)
        check(session)


def while_another_reads(world: World, db: Database, writes: list[Write]) -> None:
    """A reader that began before goes on to see what it saw."""
    with world.there.transaction(readonly=True) as reader:
        check(reader)
        in_a_transaction(world, world.here, writes)
        with world.here.transaction(readonly=True) as newer:
            check(newer)
        check(reader)


def past_the_orm(world: World, db: Database, writes: list[Write]) -> None:
    """By the statements that are written by one thread for all."""
    commits = SharedCommits(db)
    commits.run("UPDATE person SET name = :name WHERE team_id = :team", {"name": str(len(writes)), "team": TEAM})
    commits.close()


WAYS = (
    in_a_transaction,
    in_a_transaction,
    in_one_that_fails,
    in_a_part_that_is_undone,
    while_another_reads,
    past_the_orm,
)


@pytest.fixture
def world(db: Database) -> Iterator[World]:
    """The sample in a database that two processes have open."""
    import_sample(db)
    there = Database(db.url, busy_seconds=15)
    yield World(db, there, random.Random())
    there.close()


@pytest.mark.parametrize("seed", range(2))
def test_the_kept_portfolio_is_what_the_tables_say_after_any_writes(world: World, seed: int) -> None:
    world.chance.seed(seed)
    check_all(world)
    for _ in range(STEPS):
        way, db = world.chance.choice(WAYS), world.chance.choice([world.here, world.there])
        way(world, db, world.chance.choices(WRITES, k=world.chance.randrange(1, 4)))
        if world.chance.random() < 0.7:
            check_all(world)
    check_all(world)


@pytest.mark.parametrize("write", sorted({w.__name__ for w in WRITES}))
def test_each_kind_of_write_is_seen_by_another_process(world: World, write: str) -> None:
    chosen = next(w for w in WRITES if w.__name__ == write)
    world.chance.seed(write)
    with world.here.transaction() as session:
        say(world, session)
        add_key_result(world, session)
        add_objective(world, session)
    check_all(world)
    with world.here.transaction() as session:
        chosen(world, session)
    check_all(world)


def test_an_import_by_another_process_is_seen(db: Database) -> None:
    other = Database(db.url)
    with db.transaction(readonly=True) as session:
        assert load_portfolio(session, TEAM).units == {}
    import_sample(other)
    other.close()
    with db.transaction(readonly=True) as session:
        assert len(load_portfolio(session, TEAM).key_results) == 45
        check(session)


def statements(db: Database, work: Callable[[Session], object]) -> list[str]:
    """The SQL of some reading."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    with db.transaction(readonly=True) as session:
        session.connection()
        event.listen(db.engine, "before_cursor_execute", hear)
        work(session)
        event.remove(db.engine, "before_cursor_execute", hear)
    return said


def test_where_nothing_changed_a_load_is_one_statement_and_the_very_same_portfolio(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        first = load_portfolio(session, TEAM)
    found = statements(halden, lambda session: load_portfolio(session, TEAM))
    assert len(found) == 1
    with halden.transaction(readonly=True) as session:
        assert load_portfolio(session, TEAM) is first


def test_one_update_reloads_its_key_result_only(world: World) -> None:
    world.chance.seed(1)
    with world.here.transaction(readonly=True) as session:
        before = load_portfolio(session, TEAM)
    with world.here.transaction() as session:
        say(world, session)
    found = statements(world.here, lambda session: load_portfolio(session, TEAM))
    assert len(found) == 2 + (not world.here.is_sqlite)  # what changed, its updates; PostgreSQL is asked if it wrote
    with world.here.transaction(readonly=True) as session:
        after = load_portfolio(session, TEAM)
    anew = [key for key, kr in after.key_results.items() if kr is not before.key_results[key]]
    assert len(anew) == 1


def test_an_edited_key_result_leaves_the_others_as_they_are(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        before = load_portfolio(session, TEAM)
    with halden.transaction() as session:
        kr = session.exec(select(KeyResult).where(KeyResult.key == "KR-1")).one()
        kr.title = "Another one"
        session.add(kr)
    with halden.transaction(readonly=True) as session:
        after = load_portfolio(session, TEAM)
    assert [key for key, one in after.key_results.items() if one is not before.key_results[key]] == ["KR-1"]
    home = after.key_results["KR-1"].objective
    assert [o.key for o, was in zip(after.objectives, before.objectives, strict=True) if o is not was] == [home]


def test_after_an_edit_the_rows_of_one_objective_are_read(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        number = load_portfolio(session, TEAM).objective_ids["O-1"]
    with halden.transaction() as session:
        session.execute(update(Objective).where(col(Objective.id) == number).values(title="Another one"))
    with halden.transaction(readonly=True) as session:
        assert marks.changed(session, TEAM, since=marks.kept(session, TEAM).revision).plan == {number}  # type: ignore[union-attr]
        found = queries.plan_rows(session, TEAM, {number})
        assert {row.objective_id for row in found.key_results} == {number} == {row.id for row in found.objectives}
        assert {row.key_result_id for row in found.owners} == {row.id for row in found.key_results}
        check(session)


def test_what_a_transaction_wrote_is_not_kept(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        load_portfolio(session, TEAM)
        before = marks.kept(session, TEAM)
    with halden.transaction() as session:
        session.execute(text("UPDATE unit SET name = 'Other'"))
        assert load_portfolio(session, TEAM).units["crm"].name == "Other"
        assert marks.kept(session, TEAM) is before


def test_a_transaction_that_only_read_in_a_writers_turn_keeps_what_it_read(halden: Database) -> None:
    with halden.transaction() as session:
        assert not marks.wrote(session)
        state = load_portfolio(session, TEAM)
    with halden.transaction(readonly=True) as session:
        assert load_portfolio(session, TEAM) is state


def test_what_time_asks_every_few_seconds_reads_no_portfolio_while_nothing_changes(halden: Database) -> None:
    steps = (checkins.open_due, ratings.open_due, keep_due)
    for step in steps:
        step(halden, TEAM, now=NOW)
        step(halden, TEAM, now=NOW)
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(halden.engine, "before_cursor_execute", hear)
    done = [step(halden, TEAM, now=NOW + timedelta(seconds=5)) for step in steps]
    event.remove(halden.engine, "before_cursor_execute", hear)
    assert done == [0, 0, 0]
    assert [one for one in said if "FROM key_result" in one or "BEGIN IMMEDIATE" in one] == []
    assert len([one for one in said if one.startswith("SELECT")]) <= 10


def test_the_collector_does_not_go_through_a_large_history(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        number = next(iter(load_portfolio(session, TEAM).key_results.values())).id
    gc.unfreeze()  # what other tests left
    rows = [{"team_id": TEAM, "key_result_id": number, "at": NOW, "source_key": f"many:{n}"} for n in range(LARGE)]
    with halden.transaction() as session:
        session.execute(insert(KeyResultUpdate), rows)
    with halden.transaction(readonly=True) as session:
        load_anew(session, TEAM)
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    assert frozen > LARGE


def test_an_unknown_workspace_is_refused_and_nothing_kept_of_it(halden: Database) -> None:
    for _ in range(2):
        with pytest.raises(LookupError), halden.transaction(readonly=True) as session:
            load_portfolio(session, "T0NOBODY")
    assert "T0NOBODY" not in halden.kept


def test_a_workspace_that_comes_later_is_kept_apart(halden: Database) -> None:
    with halden.transaction() as session:
        session.add(Workspace(team_id="T2", name="Two", created_at=datetime(2026, 1, 1, tzinfo=UTC)))
        session.flush()
        session.add(Unit(team_id="T2", key="two", name="Two", level="team"))
    with halden.transaction(readonly=True) as session:
        one, two = load_portfolio(session, TEAM), load_portfolio(session, "T2")
    assert (list(two.units), "two" in one.units) == (["two"], False)
    with halden.transaction() as session:
        session.execute(text("UPDATE unit SET name = 'Changed' WHERE team_id = 'T2'"))
    with halden.transaction(readonly=True) as session:
        assert load_portfolio(session, TEAM) is one
        assert load_portfolio(session, "T2").units["two"].name == "Changed"


def test_every_table_of_which_a_portfolio_is_made_marks_its_changes(world: World) -> None:
    """A table that is read anew and not in `PARTS`, or that lost its triggers to a migration, would go stale."""
    read = {
        word
        for said in statements(world.here, lambda session: load_anew(session, TEAM))
        for word in said.replace("\n", " ").partition(" FROM ")[2].split()[:1]
    }
    assert read == set(PARTS)
    with world.here.engine.connect() as connection:
        if world.here.is_sqlite:
            found = {
                name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            }
            wanted = {f"mark_{table}_{event}" for table in PARTS for event in ("insert", "update", "delete")}
        else:
            found = {
                name for (name,) in connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
            }
            wanted = {f"mark_{table}_change" for table in PARTS}
    assert found == wanted | {"mark_workspace_begin"}
