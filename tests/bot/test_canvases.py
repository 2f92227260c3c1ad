"""A workshop's record: one file and one canvas whatever goes wrong on the way, the file alone where there are none."""

from datetime import timedelta

import pytest

from rituals.alignment.covered import covered
from rituals.workshops import service
from sandbox.records import Message
from tests.bot.post_office import HALF_A_MINUTE, PostOffice
from tests.rituals.workshop_workspace import ANA, STARTS, TEAM, begun, set_up

MADE, COMPLETE = "canvases.create", "files.completeUploadExternal"
CHANNEL = "C01ALL"


@pytest.fixture
def key(office: PostOffice) -> str:
    """The workshop was closed: its record is promised, and nothing else is left to send."""
    set_up(office.db)
    office.sandbox.add_channel(CHANNEL, "suite", members=[ANA])
    office.clock.move_to(STARTS)
    number = begun(office.db)
    service.close(office.db, TEAM, ANA, number, now=STARTS, figures=covered, step=1)
    return f"workshop_record:{number}:1"


def send(office: PostOffice) -> None:
    """Everything; what is live has no renderer here and waits."""
    office.delivery.deliver_all()


def records(office: PostOffice) -> list[Message]:
    return [m for m in office.messages(CHANNEL) if m.files]


def canvases(office: PostOffice) -> int:
    return len(office.sandbox.workspace.canvases)


def test_the_record_is_one_file_and_one_canvas_with_the_same_text(office: PostOffice, key: str) -> None:
    send(office)
    [message], [canvas] = records(office), office.sandbox.workspace.canvases.values()
    assert (message.files[0].content or b"").decode() == canvas.markdown
    assert canvas.title == "Alignment workshop: Product suite, 2027-Q1"
    assert office.row(key).state == "sent"


@pytest.mark.parametrize("code", ["missing_scope", "canvas_disabled_user_team", "free_team_canvas_tab_already_exists"])
def test_a_workspace_without_canvases_has_the_file_and_no_word_about_it(
    office: PostOffice, key: str, code: str
) -> None:
    office.sandbox.faults.error(code, method=MADE)
    send(office)
    [message] = records(office)
    assert "canvas" not in message.text
    assert (canvases(office), office.row(key).state) == (0, "sent")


def test_a_dropped_answer_makes_no_second_canvas_and_no_second_file(office: PostOffice, key: str) -> None:
    office.sandbox.faults.drop_response(next=1, method=MADE)
    office.sandbox.faults.drop_response(next=1, method=COMPLETE)
    send(office)
    office.later(5)
    assert (canvases(office), len(records(office)), office.row(key).state) == (1, 1, "sent")


def test_too_many_calls_are_waited_for_and_the_canvas_comes_then(office: PostOffice, key: str) -> None:
    office.sandbox.faults.rate_limit(next=1, retry_after=3, method=MADE)
    send(office)
    assert (canvases(office), len(records(office))) == (0, 0)
    office.later(4)
    assert (canvases(office), len(records(office))) == (1, 1)


def test_a_sender_that_died_after_the_canvas_is_followed_by_none_that_makes_another(
    office: PostOffice, key: str
) -> None:
    office.sandbox.faults.server_error(next=1, method="files.getUploadURLExternal")
    send(office)
    assert (canvases(office), len(records(office))) == (1, 0)
    office.lease_elsewhere(key)
    office.clock.move_by(HALF_A_MINUTE + timedelta(seconds=1))
    send(office)
    assert (canvases(office), len(records(office))) == (1, 1)
