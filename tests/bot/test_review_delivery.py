"""One message also where the machine's clock is not Slack's."""

from datetime import timedelta

import pytest

from rituals.clock import AdjustableClock
from storage import outbox
from storage.outbox import Promise
from tests.bot.post_office import NOON, PostOffice, words


@pytest.mark.parametrize("hours_ahead", [2, -2])
def test_a_machine_whose_clock_is_hours_off_finds_what_it_has_posted(office: PostOffice, hours_ahead: int) -> None:
    ours = AdjustableClock(NOON + timedelta(hours=hours_ahead))
    sender = office.sender(clock=ours)
    office.sandbox.faults.drop_response(next=1, method="chat.postMessage")
    with office.db.transaction() as session:
        data = {"digest": 1, "title": "figures", "lines": ["a line"]}
        outbox.promise(session, office.team, Promise("figures", "digest_details", "C01", data), now=ours.now())
    sender.deliver_all()
    ours.move_by(timedelta(seconds=3))
    sender.deliver_all()
    assert office.said() == [words("figures")]
    assert office.row("figures").state == "sent"
