"""Messages as Slack really sends them: edits that come first, unfurled links, deleted parents, files, announcements."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from slack_bolt import BoltRequest

from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, SUITE, portfolio
from tests.scenarios.seen import answers, asks, boards, let_go, prompt, receipts, shared, told, value, written

ANSWER = "1. KR-1 30 days\n2. no\n3. no"
_numbers = count(1)


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A round to which everybody was asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to("2026-11-02T08:10")
    yield made
    let_go(made)


def heard(stage: Stage, **event: Any) -> None:
    """The app hears of a message."""
    body = {"type": "event_callback", "team_id": stage.team, "event_id": f"Ev{next(_numbers)}"}
    stage.bot.app.dispatch(BoltRequest(body={**body, "event": {"type": "message", **event}}, mode="socket_mode"))
    stage.settle()


def to_the_prompt(stage: Stage, text: str = ANSWER, **more: Any) -> dict[str, Any]:
    """Bo's reply in the prompt's thread."""
    asked = prompt(stage.person(BO))
    return {"user": BO, "ts": "1793607000.900000", "thread_ts": asked.ts, "text": text, **more}


def in_the_dm(stage: Stage) -> dict[str, Any]:
    return {"channel": prompt(stage.person(BO)).channel, "channel_type": "im"}


def changed(stage: Stage, message: dict[str, Any], **before: Any) -> None:
    heard(stage, subtype="message_changed", message=message, previous_message=before, **in_the_dm(stage))


def test_an_edit_that_comes_before_what_it_edits_is_what_counts(stage: Stage) -> None:
    changed(stage, to_the_prompt(stage, "1. KR-1 31 days\n2. no\n3. no"))
    heard(stage, **to_the_prompt(stage), **in_the_dm(stage))
    assert value(stage, "KR-1") == 31
    assert [a.version for a in answers(stage)] == [1]


def test_a_link_that_slack_unfolds_is_no_edit(stage: Stage) -> None:
    said = to_the_prompt(stage, "1. KR-1 30 days <https://example.com>\n2. no\n3. no")
    heard(stage, **said, **in_the_dm(stage))
    changed(stage, {**said, "attachments": [{"title": "Example"}]}, **said)
    assert [a.version for a in answers(stage)] == [1]
    assert len(written(stage)) == 1


def test_an_answer_that_was_deleted_with_replies_under_it_is_taken_back(stage: Stage) -> None:
    said = {"user": BO, "ts": "1793607000.900000", "text": ANSWER}
    heard(stage, **said, **in_the_dm(stage))
    assert value(stage, "KR-1") == 30
    gone = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "hidden": True}
    changed(stage, {**gone, "ts": said["ts"], "thread_ts": said["ts"]}, **said)
    assert value(stage, "KR-1") == 41
    assert asks(stage)["bo"].state == "asked"
    assert [a.text for a in answers(stage)] == [ANSWER]


def test_a_message_that_the_bot_changed_itself_is_nobodys_answer(stage: Stage) -> None:
    bot = {"user": stage.sandbox.bot_user, "bot_id": "B1", "ts": "1793607000.800000", "text": ANSWER}
    changed(stage, bot, **bot)
    changed(stage, {k: v for k, v in bot.items() if k != "bot_id"})
    assert answers(stage) == []
    assert stage.person(BO).ephemerals() == []


def test_what_slack_says_of_the_conversation_is_nobodys_answer(stage: Stage) -> None:
    for subtype in ("pinned_item", "channel_name", "reminder_add", "assistant_app_thread"):
        heard(stage, **to_the_prompt(stage, f"did {subtype}", subtype=subtype), **in_the_dm(stage))
    assert answers(stage) == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_words_with_a_file_or_sent_to_the_channel_too_are_an_answer(stage: Stage, subtype: str) -> None:
    heard(stage, **to_the_prompt(stage, subtype=subtype), **in_the_dm(stage))
    assert value(stage, "KR-1") == 30
    assert len(receipts(stage.person(BO), prompt(stage.person(BO)))) == 1


def test_a_file_without_a_word_is_kept_and_asked_about(stage: Stage) -> None:
    heard(stage, **to_the_prompt(stage, "", subtype="file_share", files=[{"id": "F1"}]), **in_the_dm(stage))
    assert [a.text for a in answers(stage)] == [""]
    assert "could not tell" in stage.person(BO).reads(receipts(stage.person(BO), prompt(stage.person(BO)))[-1])


def test_a_deletion_of_what_is_not_known_changes_nothing(stage: Stage) -> None:
    heard(stage, subtype="message_deleted", previous_message={"ts": "1.1"}, deleted_ts="1.1", **in_the_dm(stage))
    heard(stage, subtype="message_deleted", deleted_ts="1.1", **in_the_dm(stage))
    assert answers(stage) == []


def test_a_deletion_that_does_not_say_what_was_deleted_but_when_is_understood(stage: Stage) -> None:
    heard(stage, **to_the_prompt(stage), **in_the_dm(stage))
    heard(stage, subtype="message_deleted", deleted_ts="1793607000.900000", **in_the_dm(stage))
    assert value(stage, "KR-1") == 41


def test_an_edit_in_the_channel_by_whoever_is_not_asked_changes_nothing(stage: Stage) -> None:
    stage.sandbox.join(SUITE, MIA)
    board = boards(stage)[-1]
    message = {"user": "U12SAM", "ts": "1793607000.900000", "thread_ts": board.ts, "text": "1. KR-1 3 days"}
    heard(stage, subtype="message_changed", message=message, channel=SUITE, channel_type="channel")
    assert value(stage, "KR-1") == 41
    assert "Only the leads who are asked" in told(stage, "U12SAM", SUITE)
    assert shared(stage) == []
