"""Delivery: whatever goes wrong on the way, there is exactly one message, and a live one shows the present state."""

from datetime import datetime, timedelta

import pytest

from bot.delivery import EVENT_TYPE
from rituals.clock import AdjustableClock
from rituals.notices import CheckinBoard, Home
from storage import outbox
from storage.outbox import Promise
from tests.bot.post_office import ANA, HALF_A_MINUTE, NOON, PostOffice, words

POST, UPDATE = "chat.postMessage", "chat.update"


def test_a_promise_becomes_a_message_and_the_row_says_which(office: PostOffice) -> None:
    office.note("figures")
    assert office.delivery.deliver_all() == 1
    [message] = office.messages()
    row = office.row("figures")
    assert (row.state, row.channel, row.ts, row.sent_at) == ("sent", "C01", message.ts, NOON)
    assert message.text == words("figures")
    assert message.extra == {"unfurl_links": False, "unfurl_media": False}


def test_a_dropped_response_does_not_become_a_second_message(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.drop_response(next=1, method=POST)
    office.delivery.deliver_all()
    assert office.row("figures").uncertain
    office.later(3)
    assert office.said() == [words("figures")]
    row = office.row("figures")
    assert (row.state, row.ts, row.uncertain) == ("sent", office.messages()[0].ts, False)


def test_a_dropped_response_in_a_thread_does_not_become_a_second_reply(office: PostOffice) -> None:
    office.note("parent")
    office.delivery.deliver_all()
    office.note("reply", thread_of="parent")
    office.sandbox.faults.drop_response(next=1, method=POST)
    office.delivery.deliver_all()
    office.later(3)
    assert office.said() == [words("parent"), words("reply")]
    assert office.messages()[1].thread_ts == office.row("parent").ts
    assert office.row("reply").ts == office.messages()[1].ts


def test_a_dropped_response_of_a_live_message_ends_with_one_that_shows_the_present_state(office: PostOffice) -> None:
    office.keep()
    office.sandbox.faults.drop_response(next=1, method=POST)
    office.delivery.deliver_all()
    office.board = "second"
    office.later(3)
    [message] = office.messages()
    assert "second" in message.text
    assert office.called(POST) == 1


def test_the_message_is_found_behind_many_others_and_among_other_peoples(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.drop_response(next=1, method=POST)
    office.delivery.deliver_all()
    ana = office.sandbox.person(ANA)
    for n in range(250):
        ana.says("C01", f"word {n}")
    office.later(3)
    assert office.said().count(words("figures")) == 1
    assert office.called("conversations.history") == 2


def test_a_500_after_the_call_was_carried_out_does_not_become_a_second_message(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.server_error(executed=True, method=POST)
    office.delivery.deliver_all()
    office.later(3)
    assert office.said() == [words("figures")]


def test_a_500_without_the_call_is_sent_again_once(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.server_error(executed=False, method=POST)
    office.delivery.deliver_all()
    assert office.said() == []
    office.later(3)
    office.later(300)
    assert office.said() == [words("figures")]


def test_attempts_that_stay_unclear_are_made_ever_less_often_and_never_given_up(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.server_error(next=12, method=POST)
    waits = []
    while office.row("figures").state != "sent":
        waits.append((office.row("figures").due_at - office.clock.now()).total_seconds())
        office.clock.move_by(timedelta(seconds=max(0.0, waits[-1])))
        office.delivery.deliver_all()
    assert waits == [0, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256, 256, 256]
    assert office.said() == [words("figures")]


@pytest.mark.parametrize("posted", [True, False])
def test_what_a_killed_process_left_is_looked_for_before_it_is_sent(office: PostOffice, posted: bool) -> None:
    office.note("figures")
    row = office.lease_elsewhere("figures")
    if posted:
        mark = {"event_type": EVENT_TYPE, "event_payload": {"key": row.marker}}
        office.delivery._writer.chat_postMessage(channel="C01", text=words("figures"), metadata=mark)
    assert office.later(29) == 0
    assert office.later(2) == 1
    assert office.said() == [words("figures")]
    assert office.called("conversations.history") == 1
    assert office.row("figures").state == "sent"


def test_a_sender_that_froze_after_its_claim_does_not_send(office: PostOffice) -> None:
    office.note("figures")
    frozen = office.sender(clock=FreezingClock(office.clock, after=1))
    frozen.deliver_due()
    assert office.said() == []
    assert office.row("figures").state == "due"
    assert office.delivery.deliver_all() == 1
    assert office.said() == [words("figures")]


def test_a_sender_that_froze_before_a_plainer_form_does_not_send_it(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.error("invalid_blocks", method=POST)
    office.sender(clock=FreezingClock(office.clock, after=2)).deliver_due()
    assert office.said() == []
    assert office.delivery.deliver_all() == 1
    assert office.said() == [words("figures")]


def test_a_sender_that_is_late_does_not_change_a_live_message_either(office: PostOffice) -> None:
    office.keep()
    office.delivery.deliver_all()
    office.board = "second"
    office.keep()
    office.sender(clock=FreezingClock(office.clock, after=2)).deliver_due()
    assert office.called(UPDATE) == 0
    office.delivery.deliver_all()
    assert "second" in office.said()[0]


class FreezingClock(AdjustableClock):
    """A clock that was read `after` times when its process froze for half a minute."""

    def __init__(self, clock: AdjustableClock, *, after: int) -> None:
        self._clock, self._left = clock, after

    def now(self) -> datetime:
        if self._left == 0:
            self._clock.move_by(HALF_A_MINUTE)
        self._left -= 1
        return self._clock.now()


def test_an_attempt_that_lost_its_lease_settles_nothing(office: PostOffice) -> None:
    office.note("figures")
    with office.db.transaction() as session:
        [row] = outbox.ready(session, office.team, now=NOON, limit=1)
        outbox.lease(session, row, by="first", now=NOON, seconds=30)
    office.later(31)
    sent = office.row("figures")
    with office.db.transaction() as session:
        assert not outbox.settle_dead(session, row, by="first", error="is_archived")
        outbox.settle_sent(session, row, by="first", channel="C01", ts="1.1", now=office.clock.now())
        outbox.settle_retry(session, row, by="first", due_at=NOON, uncertain=True, error="late")
    assert office.row("figures") == sent
    assert sent.state == "sent"


def test_a_reply_waits_for_its_parent(office: PostOffice) -> None:
    office.note("reply", thread_of="parent")
    assert office.delivery.deliver_all() == 0
    office.note("parent")
    office.sandbox.faults.server_error(method=POST)
    office.delivery.deliver_all()
    assert office.said() == []
    office.later(3)
    assert office.said() == [words("parent"), words("reply")]
    assert office.messages()[1].thread_ts == office.messages()[0].ts


def test_messages_to_one_channel_arrive_in_the_order_of_their_promises(office: PostOffice) -> None:
    for n in range(12):
        office.note(f"note {n}")
    office.delivery.deliver_all()
    assert office.said() == [words(f"note {n}") for n in range(12)]


def test_what_changed_while_a_live_message_was_on_its_way_is_shown(office: PostOffice) -> None:
    def change() -> None:
        office.while_rendering = lambda: None
        office.board = "second"
        office.keep()

    office.keep()
    office.while_rendering = change
    assert office.delivery.deliver_all() == 2
    [message] = office.messages()
    assert "second" in message.text
    assert (office.called(POST), office.called(UPDATE)) == (1, 1)
    assert office.row("board").state == "sent"


def test_many_changes_are_one_update(office: PostOffice) -> None:
    office.keep()
    office.delivery.deliver_all()
    for state in ("second", "third", "fourth"):
        office.board = state
        office.keep()
    assert office.delivery.deliver_all() == 1
    assert "fourth" in office.said()[0]
    assert office.called(UPDATE) == 1


def test_a_live_message_whose_subject_is_gone_is_left_as_it_is(office: PostOffice) -> None:
    office.board = None
    office.keep()
    office.delivery.deliver_all()
    assert office.messages() == []
    assert office.row("board").state == "sent"


def test_a_first_message_to_a_person_needs_no_call_of_its_own_to_open_the_conversation(office: PostOffice) -> None:
    for n in range(3):
        office.note(f"note {n}", to=ANA)
    office.delivery.deliver_all()
    office.note("note 3", to=ANA)
    office.delivery.deliver_all()
    assert [m.text for m in office.sandbox.person(ANA).dm] == [words(f"note {n}") for n in range(4)]
    assert office.called("conversations.open") == 0
    posted = [arguments["channel"] for method, arguments in office.sandbox.calls if method == "chat.postMessage"]
    assert posted == [ANA, "D01ANA", "D01ANA", "D01ANA"]


def test_a_first_message_to_a_person_that_may_have_arrived_is_looked_for_in_their_conversation(
    office: PostOffice,
) -> None:
    office.sandbox.faults.drop_response(next=1, method="chat.postMessage")
    office.note("figures", to=ANA)
    office.delivery.deliver_all()
    assert office.later(60) == 1
    assert [m.text for m in office.sandbox.person(ANA).dm] == [words("figures")]
    assert office.called("conversations.open") == 1
    assert office.row("figures").channel == "D01ANA"


def test_app_home_is_published_anew_with_every_change(office: PostOffice) -> None:
    home = Promise("home", Home.KIND, ANA, {}, mode="home")
    for _ in range(2):
        with office.db.transaction() as session:
            outbox.keep_current(session, office.team, home, now=NOON)
        office.delivery.deliver_all()
    assert office.called("views.publish") == 2
    assert office.sandbox.person(ANA).home is not None


def test_a_fault_of_ours_keeps_the_row_and_lets_the_others_go(office: PostOffice) -> None:
    office.promise(Promise("broken", CheckinBoard.KIND, "C01", {"round": "not what it takes"}))
    office.note("figures", to="C02")
    office.delivery.deliver_all()
    assert office.said("C02") == [words("figures")]
    row = office.row("broken")
    assert (row.state, row.due_at) == ("due", NOON + timedelta(seconds=300))
    assert row.uncertain, "it may have broken behind the call"
