"""Turns at the writer's lock: in order of arrival, the urgent in between, none lost when somebody gives up waiting."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from storage.database import Database, DatabaseBusyError
from storage.turns import Turns


class Queue:
    """Threads that wait for a turn; `order` says who had theirs."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.order = turns, list[str]()
        self._pool = ThreadPoolExecutor(8)

    def join(self, name: str, *, urgent: bool = False) -> Future[None]:
        """Somebody comes; returns when they stand in the queue."""
        before = self._waiting()
        future = self._pool.submit(self._turn, name, urgent)
        while self._waiting() == before and not future.done():
            pass
        return future

    def _waiting(self) -> int:
        return len(self.turns._urgent) + len(self.turns._others)

    def _turn(self, name: str, urgent: bool) -> None:
        with self.turns.take(seconds=10, urgent=urgent):
            self.order.append(name)

    def close(self) -> None:
        self._pool.shutdown(wait=True)


@pytest.fixture
def queue() -> Iterator[Queue]:
    made = Queue(Turns())
    yield made
    made.close()


@contextmanager
def held(queue: Queue, *, urgent: bool = False) -> Iterator[None]:
    with queue.turns.take(seconds=1, urgent=urgent):
        yield
    queue.close()


def test_turns_are_given_in_order_of_arrival(queue: Queue) -> None:
    with held(queue):
        for name in "abcde":
            queue.join(name)
    assert queue.order == list("abcde")


def test_an_urgent_one_goes_next_whoever_waits(queue: Queue) -> None:
    with held(queue):
        for name in "abc":
            queue.join(name)
        queue.join("urgent", urgent=True)
    assert queue.order == ["urgent", "a", "b", "c"]


def test_many_urgent_ones_do_not_starve_the_others(queue: Queue) -> None:
    with held(queue, urgent=True):
        for name in "abc":
            queue.join(name)
            queue.join(f"urgent {name}", urgent=True)
    assert queue.order == ["a", "urgent a", "b", "urgent b", "c", "urgent c"]


def test_who_waits_too_long_is_told_and_leaves_the_queue(queue: Queue) -> None:
    with held(queue):
        with pytest.raises(TimeoutError), queue.turns.take(seconds=0.01):
            queue.order.append("never")
        queue.join("a")
    assert queue.order == ["a"]


def test_a_turn_that_ends_in_a_fault_is_passed_on(queue: Queue) -> None:
    with pytest.raises(ValueError, match="ours"), queue.turns.take(seconds=1):
        raise ValueError("ours")
    with held(queue):
        queue.join("a")
    assert queue.order == ["a"]


def test_a_writer_that_waits_too_long_for_another_thread_hears_that_the_database_is_busy(sqlite_db: Database) -> None:
    quick = Database(sqlite_db.url, busy_seconds=0.05)
    inside, enough = Event(), Event()

    def hold() -> None:
        with quick.transaction():
            inside.set()
            enough.wait(10)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        inside.wait(10)
        with pytest.raises(DatabaseBusyError), quick.transaction():
            pass
        with quick.transaction(readonly=True) as session:
            assert session.is_active, "who only reads does not wait"
        enough.set()
    with quick.transaction():
        pass
    quick.close()
