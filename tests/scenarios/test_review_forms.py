"""A form whose answer got lost on its way: Slack keeps it open, and the person presses the button again."""

import json
import socket
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from slack_bolt import BoltRequest

from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, portfolio
from tests.scenarios.seen import answers, key_result, let_go, opened, prompt, receipts, shared, value

ROUND = "2026-11-02T08:10"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A round to which everybody was asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to(ROUND)
    yield made
    let_go(made)


def press_again(stage: Stage, **typed: str) -> None:
    """The same open form once more, by a press of its own, with some fields typed anew."""
    sent = next(d for d in reversed(stage.sandbox.deliveries) if d.name == "view_submission")
    payload: dict[str, Any] = deepcopy(sent.payload)
    payload["trigger_id"] = "9.9.pressed-again"
    for block_id, text in typed.items():
        [element] = payload["view"]["state"]["values"][block_id].values()
        element["value"] = text
    stage.sandbox.site.courier.send(sent.kind, payload)
    stage.settle()


def updated(stage: Stage, typed: str) -> None:
    bo = stage.person(BO)
    bo.types("/okr update KR-4")
    assert bo.submits(opened(stage, bo), {"kr_value": typed}).sent
    stage.settle()


def test_an_update_pressed_twice_is_written_once(stage: Stage) -> None:
    before = len(key_result(stage, "KR-4").updates)
    updated(stage, "30 %")
    press_again(stage)
    assert len(key_result(stage, "KR-4").updates) == before + 1


def test_an_update_pressed_again_with_another_value_has_that_value(stage: Stage) -> None:
    updated(stage, "30 %")
    press_again(stage, kr_value="31 %")
    assert value(stage, "KR-4") == 31


def test_a_check_in_pressed_twice_is_one_answer(stage: Stage) -> None:
    answered(stage)
    press_again(stage)
    assert [a.version for a in answers(stage)] == [1]


def test_a_check_in_pressed_again_with_another_value_has_that_value(stage: Stage) -> None:
    answered(stage)
    press_again(stage, **{"kr_value:KR-1": "29 days"})
    assert value(stage, "KR-1") == 29
    assert "29 days" in stage.person(BO).reads(receipts(stage.person(BO), prompt(stage.person(BO)))[-1])
    assert len(shared(stage)) == 1


def answered(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="Answer")
    assert bo.submits(opened(stage, bo), {"kr_value:KR-1": "30 days"}).closed
    stage.settle()


def test_a_form_is_answered_in_time_although_slack_takes_its_own_for_the_reply(stage: Stage) -> None:
    updated(stage, "30 %")
    sent = next(d for d in reversed(stage.sandbox.deliveries) if d.name == "view_submission")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        view = {**sent.payload["view"], "id": "V0ANOTHER"}
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/response"
        view["private_metadata"] = json.dumps({**json.loads(view["private_metadata"]), "url": url})
        began = time.monotonic()
        answer = stage.bot.app.dispatch(BoltRequest(body={**sent.payload, "view": view}, mode="socket_mode"))
        took = time.monotonic() - began
    assert took < 2.5
    assert json.loads(answer.body)["response_action"] == "update"
    assert "Saved" in answer.body
