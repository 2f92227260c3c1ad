"""Several senders on one database: each row goes once, in order, at a pace they share."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Event
from time import monotonic, sleep

from bot.delivery import Delivery
from rituals.clock import AdjustableClock
from sandbox.records import Message
from storage.database import Database
from storage.pace import Pace
from tests.bot.post_office import CHANNELS, NOON, PostOffice, words

TWENTIETH = timedelta(seconds=0.05)


def play(office: PostOffice, senders: list[Delivery], seconds: float) -> None:
    """The senders look in turn, twenty times a second, for so long."""
    for step in range(int(seconds * 20)):
        senders[step % len(senders)].deliver_all()
        office.clock.move_by(TWENTIETH)


def posted(office: PostOffice) -> list[Message]:
    """Every message of the workspace in the order of its arrival."""
    return sorted((m for c in CHANNELS for m in office.messages(c)), key=lambda m: float(m.ts))


def gaps(messages: list[Message]) -> list[float]:
    return [round(float(b.ts) - float(a.ts), 2) for a, b in pairwise(messages)]


def busiest(messages: list[Message], *, within: float) -> int:
    """The most messages in any span of so many seconds."""
    times = [float(m.ts) for m in messages]
    return max(sum(start <= t < start + within for t in times) for start in times)


def test_two_senders_share_four_messages_a_second_and_one_a_second_a_channel(any_office: PostOffice) -> None:
    office = any_office
    senders = [office.sender(limits=Pace()), office.sender(limits=Pace())]
    for n in range(20):
        office.note(f"note {n:02}", to=CHANNELS[n % 2 if n < 8 else n % 10])
    play(office, senders, 10)
    assert len(posted(office)) == 20
    assert busiest(posted(office), within=1) <= 6
    assert busiest(posted(office), within=4) <= 18
    for channel in CHANNELS:
        assert all(gap >= 1 for gap in gaps(office.messages(channel)))
        assert office.said(channel) == sorted(office.said(channel))


def test_messages_to_many_people_go_in_order_at_about_four_a_second(office: PostOffice) -> None:
    sender = office.sender(limits=Pace())
    titles = [f"note {n}" for n in range(10)]
    for title, channel in zip(titles, CHANNELS, strict=True):
        office.note(title, to=channel)
    play(office, [sender], 3)
    arrived = [m.text for m in posted(office)]
    assert sorted(arrived) == sorted(words(title) for title in titles)
    # those of one pass travel side by side, and there are at most three
    assert all(abs(arrived.index(words(title)) - n) < 3 for n, title in enumerate(titles))
    assert 1.5 < float(posted(office)[-1].ts) - NOON.timestamp() < 2.5


def test_calls_that_take_their_time_do_not_slow_the_pace(office: PostOffice) -> None:
    """A sender that looks only every 0.4 s, because Slack takes that long to answer."""
    sender = office.sender(limits=Pace())
    for n in range(10):
        office.note(f"note {n}", to=CHANNELS[n])
    for _ in range(6):
        sender.deliver_due()
        office.clock.move_by(timedelta(seconds=0.4))
    assert len(posted(office)) == 10


def test_a_busy_channel_does_not_hold_up_the_others(office: PostOffice) -> None:
    sender = office.sender(limits=Pace())
    for n in range(40):
        office.note(f"loud {n}", to="C01")
    office.note("quiet", to="C02")
    play(office, [sender], 1)
    assert office.said("C02") == [words("quiet")]
    assert len(office.said("C01")) == 1


def test_senders_that_were_frozen_do_not_catch_up_in_a_burst(office: PostOffice) -> None:
    sender = office.sender(limits=Pace())
    for channel in CHANNELS:
        office.note(channel, to=channel)
    sender.deliver_all()
    before = len(posted(office))
    office.clock.move_by(timedelta(seconds=60))
    sender.deliver_all()
    assert len(posted(office)) - before <= 3


def test_changes_of_messages_have_a_pace_of_their_own(office: PostOffice) -> None:
    for n in range(4):
        office.keep(f"board {n}", to=CHANNELS[n])
    office.delivery.deliver_all()
    sender = office.sender(limits=Pace())
    for n in range(4):
        office.keep(f"board {n}", to=CHANNELS[n])
    office.note("figures", to="C09")
    assert sender.deliver_all() == 2
    play(office, [sender], 2.5)
    assert office.called("chat.update") == 2


def test_a_sender_knows_how_long_it_may_sleep(office: PostOffice) -> None:
    sender = office.sender(limits=Pace())
    assert sender.pause(0.5) == 0.5
    office.note("one")
    assert sender.pause(0.5) == 0.01
    sender.deliver_all()
    office.note("two")
    assert sender.pause(0.5) == 0.5
    assert sender.pause(5) == 1.0
    office.note("orphan", to="C03", thread_of="nothing yet")
    sender.deliver_all()
    office.clock.move_by(timedelta(seconds=2))
    sender.deliver_all()
    assert sender.pause(0.5) == 0.5


def test_a_sender_that_looks_seldom_still_gives_a_channel_its_message_a_second(office: PostOffice) -> None:
    sender = office.sender(limits=Pace())
    for n in range(20):
        office.note(f"note {n:02}", to="C01")
    for _ in range(100):
        sender.deliver_due()
        office.clock.move_by(timedelta(seconds=0.21))
    assert len(posted(office)) == 20
    assert min(gaps(posted(office))) >= 0.5
    assert sum(gaps(posted(office))) < 19 * 1.05


def test_a_long_queue_of_one_channel_does_not_make_the_sender_oversleep_the_others(office: PostOffice) -> None:
    sender = office.sender(limits=Pace())
    for n in range(60):
        office.note(f"loud {n}", to="C01")
    sender.deliver_all()
    office.note("quiet", to="C02")
    assert sender.pause(0.5) == 0.01


def test_two_senders_at_once_send_a_hundred_rows_exactly_once_between_them(db: Database, team: str) -> None:
    """With a clock that runs and a pace of two thousandths, so that they meet at every lock there is."""
    office = PostOffice(db, team, AdjustableClock(NOON, running=True))
    limits = Pace(channel=0.004, workspace=0.002)
    senders = [office.sender(limits=limits), office.sender(limits=limits)]
    for n in range(100):
        office.note(f"note {n}", to=CHANNELS[n % 10])
    barrier = Barrier(2)

    def work(sender: Delivery) -> int:
        barrier.wait()
        sent = 0
        while "due" in office.rows().values():
            sent += sender.deliver_due()
        return sent

    with ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(work, senders))
    texts = [m.text for m in posted(office)]
    assert sorted(texts) == sorted(words(f"note {n}") for n in range(100))
    assert sum(shares) == 100
    assert min(shares) > 0
    assert set(office.rows().values()) == {"sent"}
    office.close()


def test_a_row_leased_by_one_sender_is_not_another_ones(any_office: PostOffice) -> None:
    any_office.note("figures")
    any_office.lease_elsewhere("figures")
    assert any_office.delivery.deliver_all() == 0
    assert any_office.later(29) == 0
    assert any_office.later(2) == 1
    assert any_office.said() == [words("figures")]


def test_a_reply_does_not_wait_behind_messages_that_begin_a_conversation(any_office: PostOffice) -> None:
    office = any_office
    office.note("board", to="C01")
    office.delivery.deliver_all()
    sender = office.sender(limits=Pace())
    for n in range(2, 10):
        office.note(f"prompt {n}", to=f"C{n:02}")
    office.clock.move_by(timedelta(seconds=2))
    office.note("answer", to="C01", thread_of="board")
    assert sender.deliver_due(limit=1) == 1
    assert office.said("C01") == [words("board"), words("answer")]


def test_a_call_that_begins_late_puts_off_the_next_one_to_its_place(office: PostOffice) -> None:
    """Rendering took two seconds after the row was claimed."""
    sender = office.sender(limits=Pace())
    office.keep("board", to="C01")
    office.while_rendering = lambda: office.clock.move_by(timedelta(seconds=2))
    sender.deliver_due()
    office.while_rendering = lambda: None
    office.note("figures", to="C01")
    assert sender.deliver_due() == 0
    office.clock.move_by(timedelta(seconds=0.5))
    assert sender.deliver_due() == 1


def test_a_message_that_takes_its_time_does_not_hold_up_the_others(office: PostOffice) -> None:
    """The board is rendered until the answer to another channel was posted."""
    sender = office.sender()
    settled, posted_too = Event(), Event()
    office.while_rendering = lambda: posted_too.set() if _until(lambda: office.said("C02") != []) else None
    office.keep("board", to="C01")
    assert sender.start_due(settled.set) == 1
    office.note("figures", to="C01")
    office.note("answer", to="C02")
    assert sender.start_due(settled.set) == 1
    assert _until(lambda: posted_too.is_set() and set(office.rows().values()) == {"sent", "due"})
    assert settled.is_set()
    assert _until(lambda: sender.start_due(settled.set) == 1)
    assert _until(lambda: len(office.said("C01")) == 2)
    assert office.said("C01")[1] == words("figures")


def test_while_all_senders_are_busy_nothing_is_claimed_and_nobody_looks(office: PostOffice) -> None:
    sender = office.sender()
    go, settled = Event(), Event()

    def wait() -> None:
        go.wait(10)

    office.while_rendering = wait
    for n in range(1, 6):
        office.keep(f"board {n}", to=f"C0{n}")
    assert sender.start_due(settled.set) == 4
    assert sender.start_due(settled.set) == 0
    assert sender.pause(0.5) == 0.5
    go.set()
    assert _until(lambda: sender.start_due(settled.set) == 1)
    assert _until(lambda: set(office.rows().values()) == {"sent"})


def _until(holds: Callable[[], bool]) -> bool:
    end = monotonic() + 20
    while not holds():
        if monotonic() > end:
            return False
        sleep(0.01)
    return True


def test_a_board_that_is_drawn_anew_does_not_hold_up_the_answers_in_its_thread(office: PostOffice) -> None:
    office.keep("board", to="C01")
    office.delivery.deliver_all()
    sender, settled = office.sender(), Event()
    seen = Event()
    office.while_rendering = lambda: seen.set() if _until(lambda: len(office.said("C01")) == 2) else None
    office.keep("board", to="C01")
    assert sender.start_due(settled.set) == 1
    office.note("answer", to="C01", thread_of="board")
    assert sender.start_due(settled.set) == 1
    assert _until(lambda: set(office.rows().values()) == {"sent"})
    assert seen.is_set()
