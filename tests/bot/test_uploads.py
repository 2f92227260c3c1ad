"""Files to a member: shown once whatever goes wrong on the way, and words where Slack takes none."""

from rituals.notices import Export
from rituals.okrs.portfolio.service import import_portfolio
from sandbox.records import Message
from storage import outbox
from storage.outbox import Promise
from tests.bot.post_office import ANA, HALF_A_MINUTE, NOON, PostOffice
from tests.bot.test_delivery import FreezingClock
from tests.rituals.digest_workspace import PORTFOLIO

URL, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


def asked(office: PostOffice, *formats: str, key: str = "export:1") -> None:
    """Ana has asked for files."""
    notice = Export(user=ANA, formats=formats or ("yaml", "csv"), asked_at=NOON)
    what = Promise(key=key, kind=Export.KIND, to=ANA, data=notice.model_dump(mode="json"))
    with office.db.transaction() as session:
        outbox.promise(session, office.team, what, now=office.clock.now())


def with_files(office: PostOffice) -> list[Message]:
    """The messages that Ana was sent with files."""
    return [m for m in office.sandbox.person(ANA).dm if m.files]


def test_files_come_as_one_direct_message_with_the_bytes_that_were_announced(office: PostOffice) -> None:
    asked(office)
    office.delivery.deliver_all()
    [message] = with_files(office)
    assert [file.name for file in message.files] == ["portfolio-2026-11-02.yaml", "portfolio-2026-11-02.csv"]
    assert message.files[0].content is not None
    assert message.files[0].content.startswith(b"schema: plumbline/1")
    assert "plumbline import" in message.text
    assert office.row("export:1").state == "sent"


def test_the_same_command_again_sends_no_second_message(office: PostOffice) -> None:
    asked(office)
    office.delivery.deliver_all()
    asked(office)
    office.delivery.deliver_all()
    assert len(with_files(office)) == 1


def test_a_dropped_response_of_the_last_call_does_not_become_a_second_message(office: PostOffice) -> None:
    asked(office)
    office.sandbox.faults.drop_response(next=1, method=COMPLETE)
    office.delivery.deliver_all()
    assert office.row("export:1").uncertain
    office.later(3)
    assert len(with_files(office)) == 1
    assert (office.row("export:1").state, office.called(COMPLETE), office.called(URL)) == ("sent", 1, 2)


def test_a_sender_that_died_after_the_files_were_shown_is_followed_by_none_that_shows_them_again(
    office: PostOffice,
) -> None:
    asked(office)
    office.sandbox.faults.server_error(executed=True, method=COMPLETE)
    office.delivery.deliver_all()
    office.clock.move_to(office.clock.now() + HALF_A_MINUTE)
    office.sender().deliver_all()
    assert len(with_files(office)) == 1


def test_what_failed_before_anybody_saw_it_is_uploaded_again_and_shown_once(office: PostOffice) -> None:
    asked(office)
    office.sandbox.faults.server_error(method=URL)
    office.delivery.deliver_all()
    assert with_files(office) == []
    office.later(3)
    assert len(with_files(office)) == 1


def test_too_much_at_once_waits_and_uses_what_was_uploaded(office: PostOffice) -> None:
    asked(office)
    office.sandbox.faults.rate_limit(next=1, retry_after=7, method=COMPLETE)
    office.delivery.deliver_all()
    assert with_files(office) == []
    office.later(7)
    assert (len(with_files(office)), office.called(URL)) == (1, 2)


def test_files_that_are_gone_meanwhile_are_uploaded_anew(office: PostOffice) -> None:
    asked(office)
    office.sandbox.faults.rate_limit(next=1, retry_after=7, method=COMPLETE)
    office.delivery.deliver_all()
    office.sandbox.site.workspace.files.clear()
    office.later(7)
    assert (len(with_files(office)), office.called(URL)) == (1, 4)


def test_an_app_that_may_upload_nothing_says_so_in_words_once(office: PostOffice) -> None:
    asked(office)
    office.sandbox.faults.error("missing_scope", method=URL)
    office.delivery.deliver_all()
    [message] = office.sandbox.person(ANA).dm
    assert message.files == []
    assert "files:write" in message.text
    assert office.row("export:1").state == "sent"


def test_a_sender_that_froze_before_the_last_call_shows_nothing_and_the_next_one_does(office: PostOffice) -> None:
    asked(office)
    office.sender(clock=FreezingClock(office.clock, after=2)).deliver_due()
    assert with_files(office) == []
    office.later(60)
    assert len(with_files(office)) == 1


def pictured(office: PostOffice, *, portfolio: bool = True) -> None:
    """Ana has asked for the map, and it is the bot's turn."""
    if portfolio:
        import_portfolio(office.db, office.team, PORTFOLIO, now=NOON)
    notice = Export(user=ANA, formats=("map",), asked_at=NOON)
    what = Promise(key="export:1", kind=Export.KIND, to=ANA, data=notice.model_dump(mode="json"))
    with office.db.transaction() as session:
        outbox.promise(session, office.team, what, now=office.clock.now())


def test_a_picture_comes_as_a_file_that_says_where_its_words_are(office: PostOffice) -> None:
    pictured(office)
    office.delivery.deliver_all()
    [message] = with_files(office)
    assert [file.name for file in message.files] == ["map-2026-11-02.png"]
    assert (message.files[0].content or b"").startswith(b"\x89PNG")
    assert "`/okr align map` has the same in words" in message.text


def test_where_slack_takes_no_files_a_picture_is_replaced_by_the_way_to_its_words(office: PostOffice) -> None:
    pictured(office)
    office.sandbox.faults.error("missing_scope", method=URL)
    office.delivery.deliver_all()
    assert with_files(office) == []
    assert "`/okr align map` shows it in words" in office.sandbox.person(ANA).dm[-1].text


def test_what_was_to_be_drawn_and_is_gone_is_said_instead(office: PostOffice) -> None:
    pictured(office, portfolio=False)
    office.delivery.deliver_all()
    assert "There is no portfolio to align yet" in office.sandbox.person(ANA).dm[-1].text
    assert office.row("export:1").state == "sent"
