"""A digest with a person in between, from the switch to the channel and back; and what its readers say of it."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlmodel import select

from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage import tables
from storage.tables import DigestFeedback, DigestIssue
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, FRIDAYS, LEADERS, SUITE, portfolio
from tests.scenarios.seen import let_go, opened, posted, rows, told, words
from tests.scenarios.trouble import another_bot, everything_again

SLOT = "2026-11-06T14:00"  # Friday, 15:00 in Berlin
CRM = "C04CRM"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Ana is an admin and has switched it on by the form."""
    text = portfolio(digest=FRIDAYS).replace(
        "name: CRM, level: product_line,", f"name: CRM, channel: {CRM}, level: product_line,"
    )
    made = staged(at="2026-11-01T12:00", portfolio=text)
    ana = made.person(ANA)
    with made.db.transaction() as session:
        session.exec(select(tables.Person).where(tables.Person.slack == ANA)).one().admin = True
    ana.types("/okr settings")
    ana.clicks(opened(made, ana), action_id="settings_edit:workspace")
    assert ana.submits(opened(made, ana), {"setting:digests": ["approve"]}).closed
    made.settle()
    yield made
    let_go(made)


def asked(person: Person) -> Message:
    """The digest that waits for a person."""
    return next(m for m in reversed(person.dm) if not m.is_reply and "the digest of" in person.reads(m))


def in_channel(stage: Stage, channel: str = LEADERS) -> list[Message]:
    return [m for m in stage.messages(channel) if not m.deleted]


def test_a_lead_edits_a_line_lets_it_go_and_takes_it_back(stage: Stage) -> None:
    stage.go_to(SLOT)
    ana = stage.person(ANA)
    assert in_channel(stage) == []
    assert "Approve the digest of Product suite, for the leadership" in ana.reads(asked(ana))
    assert "Falling behind" in ana.reads(asked(ana))

    ana.clicks(asked(ana), label="Edit a line")
    form = opened(stage, ana)
    ana.submits(form, {"digest_line:headline": "KR-1 is late; Bo has a plan <!channel>"})
    stage.settle()
    assert "KR-1 is late; Bo has a plan @channel (edited by Ana Ruiz)" in ana.reads(asked(ana))

    ana.clicks(asked(ana), label="Approve and post")
    stage.settle()
    (shown,) = posted(stage, LEADERS, starting="Product suite · week of")
    text = words(stage, shown)
    assert "KR-1 is late; Bo has a plan @channel (edited by Ana Ruiz)" in text
    assert "Not checked: 1 line edited by Ana Ruiz." in text
    assert "[ Useful ] [ Not useful ]" in text
    stood = len(in_channel(stage))
    assert stood > 1
    assert "Posted by Ana Ruiz" in ana.reads(asked(ana))

    undo = asked(ana)
    ana.clicks(undo, label="Undo")
    stage.settle()
    assert in_channel(stage) == []
    assert "Taken back" in ana.reads(asked(ana))
    assert [issue.state for issue in rows(stage, DigestIssue)] == ["withdrawn"]
    everything_again(stage)
    stage.tick()
    assert in_channel(stage) == []
    assert [method for method, _ in stage.sandbox.calls].count("chat.delete") == stood


def test_a_click_that_comes_twice_and_a_restart_in_between_post_it_once(stage: Stage) -> None:
    stage.go_to(SLOT)
    ana = stage.person(ANA)
    ana.clicks(asked(ana), label="Approve and post")
    everything_again(stage)
    with closing(another_bot(stage).services) as other:
        other.delivery.deliver_all()
    stage.tick()
    assert len(posted(stage, LEADERS, starting="Product suite · week of")) == 1


def test_nobody_approves_so_the_lead_is_reminded_once_and_told_that_it_was_not_posted(stage: Stage) -> None:
    stage.go_to(SLOT)
    ana = stage.person(ANA)
    parent = asked(ana)
    for at in ("2026-11-07T10:00", "2026-11-09T08:00", "2026-11-09T09:00", "2026-11-09T16:59"):
        stage.go_to(at)
    thread = [ana.reads(m) for m in ana.messages(parent.channel, parent.ts) if m.ts != parent.ts]
    assert len(thread) == 1
    assert "waits for you above until" in thread[0]
    stage.go_to("2026-11-09T17:00")
    thread = [ana.reads(m) for m in ana.messages(parent.channel, parent.ts) if m.ts != parent.ts]
    assert "was not posted: nobody approved it by" in thread[-1]
    assert "Not posted" in ana.reads(asked(ana))
    assert in_channel(stage) == []
    assert rows(stage, DigestIssue)[-1].reason == "nobody approved it by Mon 9 Nov, 18:00"


def test_each_line_has_its_own_digest_in_its_channel_as_the_form_says(stage: Stage) -> None:
    ana, bo = stage.person(ANA), stage.person(BO)
    ana.types("/okr settings Product suite")
    ana.clicks(opened(stage, ana), action_id="settings_edit:suite:unit")
    form = opened(stage, ana)
    assert ana.submits(form, {}).closed
    stage.settle()
    stage.go_to("2026-11-06T15:00")  # Bo is in Stockholm
    assert "Approve the digest of CRM, for the unit itself" in bo.reads(asked(bo))
    bo.clicks(asked(bo), label="Approve and post")
    stage.settle()
    (own,) = posted(stage, CRM, starting="CRM · week of")
    text = words(stage, own)
    assert "KR-4" in text  # its own, and not shared
    assert "Due" in text


def test_readers_say_what_they_think_and_the_lead_reads_it(stage: Stage) -> None:
    stage.go_to(SLOT)
    ana = stage.person(ANA)
    ana.clicks(asked(ana), label="Approve and post")
    stage.settle()
    (shown,) = posted(stage, LEADERS, starting="Product suite · week of")
    ana.clicks(shown, label="Useful")
    assert "Noted: useful" in told(stage, ANA, LEADERS)
    ana.clicks(shown, label="Not useful")
    ana.submits(opened(stage, ana), {"digest_comment": "Too much of last week"})
    stage.settle()
    assert [(one.useful, one.comment) for one in rows(stage, DigestFeedback)] == [(False, "Too much of last week")]
    ana.types("/okr digest preview", SUITE)
    text = told(stage, ANA, SUITE)
    assert "Readers found it useful 0 of 1 this cycle." in text
    assert "Not useful: “Too much of last week”" in text


def test_a_preview_of_a_line_and_of_an_audience_is_shown_to_who_asks(stage: Stage) -> None:
    bo = stage.person(BO)
    stage.go_to("2026-11-04T09:00")
    bo.types("/okr digest crm", SUITE)
    assert told(stage, BO, SUITE).startswith("Preview: only you see this.\nCRM · week of 2 Nov")
    bo.types("/okr digest preview Product suite portfolio", SUITE)
    assert "Product suite · week of 2 Nov · for its product lines" in told(stage, BO, SUITE, nth=2)
    bo.types("/okr digest previw", SUITE)
    assert "Did you mean preview?" in told(stage, BO, SUITE, nth=3)
