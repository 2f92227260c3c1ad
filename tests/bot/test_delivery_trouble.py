"""Delivery where Slack says no: which no is final, which is held back, and who hears of it."""

from datetime import timedelta

import pytest

from bot.views import VIEWS, plainer
from rituals.notices import Digest, Home
from storage import outbox, people
from storage.outbox import Promise
from tests.bot.post_office import ADMIN, ANA, BO, NOON, PostOffice, words
from tests.bot.views.samples import DIGEST

POST = "chat.postMessage"
FINAL = ["channel_not_found", "is_archived", "not_in_channel", "user_not_found", "account_inactive", "token_revoked"]


@pytest.mark.parametrize("code", FINAL)
def test_a_permanent_error_ends_the_row_with_its_reason_and_tells_the_admin_once(office: PostOffice, code: str) -> None:
    office.sandbox.faults.error(code, method=POST, next=2)
    office.note("one")
    office.note("two")
    assert [office.delivery.deliver_due(limit=1) for _ in ("one", "two")] == [1, 1]
    office.delivery.deliver_all()
    for key in ("one", "two"):
        row = office.row(key)
        assert (row.state, row.error) == ("dead", code)
    [told] = office.sandbox.person(ADMIN).dm
    assert code in told.text
    assert "<#C01>" in told.text
    office.later(3600)
    assert office.said() == []


def test_an_archived_channel_a_missing_one_and_one_without_the_bot_are_three_troubles(office: PostOffice) -> None:
    office.sandbox.archive("C01")
    office.sandbox.leave("C02", office.sandbox.bot_user)
    for channel in ("C01", "C02", "C77", "U77NOBODY"):
        office.note(channel, to=channel)
    office.delivery.deliver_all()
    errors = [office.row(key).error for key in ("C01", "C02", "C77", "U77NOBODY")]
    assert errors == ["is_archived", "not_in_channel", "channel_not_found", "user_not_found"]
    assert len(office.sandbox.person(ADMIN).dm) == 4


def test_a_revoked_token_ends_the_admins_message_too_and_there_the_matter_rests(office: PostOffice) -> None:
    office.sandbox.faults.revoke_token()
    office.note("figures")
    office.delivery.deliver_all()
    assert office.rows() == {"figures": "dead", "trouble:C01:token_revoked": "dead"}


def test_without_an_admin_the_row_ends_all_the_same(office: PostOffice) -> None:
    with office.db.transaction() as session:
        people.workspace(session, office.team).admin_user = None
    office.sandbox.archive("C01")
    office.note("figures")
    office.delivery.deliver_all()
    assert office.rows() == {"figures": "dead"}


def test_replies_die_with_their_parent_also_those_that_come_later(office: PostOffice) -> None:
    office.sandbox.archive("C01")
    office.note("parent")
    office.note("before", thread_of="parent")
    office.delivery.deliver_all()
    office.note("after", thread_of="parent")
    for key in ("before", "after"):
        row = office.row(key)
        assert (row.state, row.error) == ("dead", "its parent could not be delivered: is_archived")
    office.later(3600)
    assert len(office.sandbox.person(ADMIN).dm) == 1


def test_a_sender_that_lost_its_lease_ends_neither_the_row_nor_its_replies(office: PostOffice) -> None:
    office.note("parent")
    office.note("reply", thread_of="parent")
    lost = office.lease_elsewhere("parent")
    with office.db.transaction() as session:
        assert not outbox.settle_dead(session, lost, by="another", error="is_archived")
    assert office.rows() == {"parent": "leased", "reply": "due"}


@pytest.mark.parametrize("code", ["invalid_auth", "not_authed", "missing_scope", "token_expired"])
def test_a_refused_token_keeps_the_row(office: PostOffice, code: str) -> None:
    office.note("figures")
    office.sandbox.faults.error(code, method=POST)
    office.delivery.deliver_all()
    row = office.row("figures")
    assert (row.state, row.error, row.uncertain) == ("due", code, False)
    assert office.later(299) == 0
    office.later(1)
    assert office.said() == [words("figures")]
    assert office.sandbox.person(ADMIN).dm == []


def test_a_sender_with_a_wrong_token_loses_nothing(office: PostOffice) -> None:
    office.note("figures", to=BO)
    office.sender(token="xoxb-of-somebody-else").deliver_all()
    assert office.row("figures").state == "due"
    office.later(300)
    assert [m.text for m in office.sandbox.person(BO).dm] == [words("figures")]


def promise_digest(office: PostOffice) -> None:
    office.promise(Promise("digest", Digest.KIND, "C01", DIGEST.model_dump(mode="json")))


def block_types(office: PostOffice) -> list[str]:
    [message] = office.messages()
    return [block["type"] for block in message.blocks]


@pytest.mark.parametrize("refusals", [0, 1, 2, 3])
def test_a_digest_goes_down_its_ladder_and_is_posted_once(office: PostOffice, refusals: int) -> None:
    """Native table and chart, fields, text, and at last the sentence alone."""
    rungs = [VIEWS[Digest.KIND](DIGEST), *plainer(DIGEST)]
    assert len({str(rung.blocks) for rung in rungs}) == 4
    promise_digest(office)
    office.sandbox.faults.error("invalid_blocks", method=POST, next=refusals)
    office.delivery.deliver_all()
    assert block_types(office) == [block["type"] for block in rungs[refusals].blocks]
    assert [code for method, code in office.sandbox.rejected if method == POST] == ["invalid_blocks"] * refusals
    assert office.row("digest").state == "sent"


def test_a_lower_rung_whose_response_is_lost_is_not_posted_again(office: PostOffice) -> None:
    promise_digest(office)
    office.sandbox.faults.error("invalid_blocks", method=POST)
    office.sandbox.faults.drop_response(next=1, method=POST)
    office.delivery.deliver_all()
    office.later(3)
    assert "table" not in block_types(office)
    assert office.row("digest").state == "sent"


def test_what_slack_refuses_in_every_form_ends_and_the_admin_hears_why(office: PostOffice) -> None:
    promise_digest(office)
    office.sandbox.faults.error("invalid_blocks", method=POST, next=4)
    office.delivery.deliver_all()
    assert (office.row("digest").state, office.row("digest").error) == ("dead", "invalid_blocks")
    assert "invalid_blocks" in office.sandbox.person(ADMIN).dm[0].text


def test_an_app_home_that_was_refused_is_tried_again_when_it_changes(office: PostOffice) -> None:
    def changed() -> None:
        with office.db.transaction() as session:
            home = Promise("home", Home.KIND, ANA, {}, mode="home")
            outbox.keep_current(session, office.team, home, now=office.clock.now())

    office.sandbox.faults.error("invalid_blocks", method="views.publish")
    changed()
    office.delivery.deliver_all()
    assert office.row("home").state == "dead"
    changed()
    office.delivery.deliver_all()
    assert office.row("home").state == "sent"


def test_a_429_puts_the_row_back_at_retry_after_and_holds_the_others_of_the_workspace(office: PostOffice) -> None:
    office.keep("board", to="C03")
    office.delivery.deliver_all()
    office.note("first", to="C01")
    office.note("second", to="C01")
    office.note("elsewhere", to="C02")
    office.sandbox.faults.rate_limit(1, retry_after=30, method=POST)
    assert office.delivery.deliver_due(limit=1) == 1
    row = office.row("first")
    assert (row.state, row.due_at, row.uncertain) == ("due", NOON + timedelta(seconds=30), False)
    assert office.later(29) == 0
    office.later(1)
    assert sorted(office.said("C01")) == sorted([words("first"), words("second")])
    assert office.said("C02") == [words("elsewhere")]
    assert office.called("conversations.history") == 0


def test_a_429_on_posts_does_not_hold_changes_of_messages(office: PostOffice) -> None:
    office.keep()
    office.delivery.deliver_all()
    office.note("figures")
    office.sandbox.faults.rate_limit(1, retry_after=30, method=POST)
    office.delivery.deliver_all()
    office.board = "second"
    office.keep()
    assert office.delivery.deliver_all() == 1
    assert "second" in office.said()[0]


def test_a_429_holds_what_other_senders_would_send(office: PostOffice) -> None:
    office.note("one")
    office.note("two", to="C02")
    office.sandbox.faults.rate_limit(1, retry_after=30, method=POST)
    office.delivery.deliver_due(limit=1)
    assert office.sender().deliver_all() == 0
    assert office.delivery.pause(60) == 30
