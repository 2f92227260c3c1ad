"""Taking a message back: deleted where it stands, once, whatever goes wrong on the way."""

from storage import outbox
from tests.bot.post_office import PostOffice, words

DELETE, POST = "chat.delete", "chat.postMessage"


def take_back(office: PostOffice, *keys: str) -> None:
    with office.db.transaction() as session:
        for key in keys:
            outbox.take_back(session, office.team, key, error="taken back", now=office.clock.now())


def standing(office: PostOffice) -> list[str]:
    return [message.text for message in office.messages() if not message.deleted]


def test_a_message_and_its_thread_are_deleted_once(office: PostOffice) -> None:
    office.note("parent")
    office.note("reply", thread_of="parent")
    office.note("other")
    office.delivery.deliver_all()
    take_back(office, "reply", "parent")
    office.delivery.deliver_all()
    office.later(300)
    assert standing(office) == [words("other")]
    assert office.called(DELETE) == 2
    assert {office.row(key).state for key in ("parent", "reply")} == {"sent"}


def test_what_was_not_sent_yet_never_is(office: PostOffice) -> None:
    office.note("parent")
    office.note("reply", thread_of="parent")
    take_back(office, "reply", "parent")
    office.later(300)
    assert office.messages() == []
    assert office.called(POST) == 0
    assert [(office.row(k).state, office.row(k).error) for k in ("parent", "reply")] == [("dead", "taken back")] * 2


def test_one_that_may_have_arrived_is_looked_for_and_deleted(office: PostOffice) -> None:
    office.note("figures")
    office.sandbox.faults.drop_response(next=1, method=POST)
    office.delivery.deliver_all()
    assert office.row("figures").uncertain
    take_back(office, "figures")
    office.later(3)
    assert standing(office) == []
    assert office.called(POST) == 1


def test_a_dropped_response_to_the_deletion_is_no_trouble(office: PostOffice) -> None:
    office.note("figures")
    office.delivery.deliver_all()
    take_back(office, "figures")
    office.sandbox.faults.drop_response(next=1, method=DELETE)
    office.delivery.deliver_all()
    office.later(3)
    assert standing(office) == []
    assert office.row("figures").state == "sent"


def test_one_that_somebody_deleted_before_is_gone_as_well(office: PostOffice) -> None:
    office.note("figures")
    office.delivery.deliver_all()
    message = office.messages()[0]
    office.delivery._writer.chat_delete(channel=message.channel, ts=message.ts)
    take_back(office, "figures")
    office.delivery.deliver_all()
    assert (office.row("figures").state, office.row("figures").error) == ("sent", "")
