"""The live sandbox: the real bot on its own engine, a page whose button moves the clock."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import yaml

from bot.config import Settings
from bot.failures import CommandError
from sandbox import live
from sandbox.stage import Stage, instant

SMALL = """\
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, slack: U01ANA}
  - {key: bo, name: Bo Lindqvist, slack: U02BO}
units:
  - {key: suite, name: Product suite, level: portfolio, leads: [ana], channel: C01SUITE}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
cycles:
  - {key: 2027-Q1, starts: 2027-01-01, ends: 2027-03-31}
objectives:
  - {key: O-1, unit: crm, cycle: 2027-Q1, title: One, key_results: [
      {key: KR-1, title: Deals, start: 0, target: 10, owners: [crm]}]}
"""


@pytest.fixture
def stand() -> Iterator[Any]:
    """Makes stages of portfolio files (the sample) and takes them down: `stand(text)`."""
    with ExitStack() as stack:

        def make(text: str | None = None) -> Stage:
            return stack.enter_context(live.staged(Settings(), port=0, portfolio=text))

        yield make


def _served(stage: Stage) -> list[str]:
    """Let the stage run by itself, as the command does, and return what it said."""
    said: list[str] = []
    live.serve(stage, say=said.append, wait=lambda: None, started=time.monotonic())
    return said


def _moved(stage: Stage, to: str = "next") -> dict[str, Any]:
    """What the page gets when somebody moves the clock."""
    request = Request(  # the stand-in on this machine
        f"{stage.sandbox.page_url}_sandbox/clock",
        data=json.dumps({"to": to}).encode(),
        headers={"content-type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def test_the_sample_begins_shortly_before_check_in_4_opens_for_the_first_lead(stand: Any) -> None:
    stage = stand()
    began = instant("2026-11-15T22:30Z")
    assert began <= stage.clock.now() < began + live.BEFORE
    said = _served(stage)
    assert stage.sandbox.page_url in said[0]
    assert "Sun 15 Nov 2026, 22:3" in said[1]


def test_the_button_goes_from_one_due_thing_to_the_next_and_says_what_happened(stand: Any) -> None:
    stage = stand()
    _served(stage)
    opened = _moved(stage)
    assert opened["what"] == "the check-in of Product suite opens; 2 new messages"
    assert opened["now"].startswith("2026-11-16T00:00")
    mia = stage.person("U04MIA")
    assert "Check-in 4 of" in mia.reads(mia.dm[0])
    asked = _moved(stage)
    assert asked["what"] == "Priya Nair is asked; 1 new message"


def test_an_answer_by_hand_is_worked_off_before_the_clock_jumps(stand: Any) -> None:
    stage = stand()
    _served(stage)
    _moved(stage)
    mia = stage.person("U04MIA")
    mia.says("dm", "KR-4 24.5 % 6/10 two more accounts", thread_ts=mia.dm[0].ts)
    _moved(stage)
    receipts = [m for m in mia.dm if m.is_reply and m.bot]
    assert len(receipts) == 1
    assert "KR-4" in mia.reads(receipts[0])


def test_a_jump_to_a_day_goes_through_everything_in_between_in_order(stand: Any) -> None:
    stage = stand()
    _served(stage)
    found = _moved(stage, "2026-11-20T18:00:00+00:00")
    assert found["ok"], found
    assert "things happened" in found["what"]
    leaders = stage.messages("C02LEADERS")
    assert [m for m in leaders if not m.is_reply], "Friday's digest was given on the way"
    reminded = [m for m in stage.person("U10WALT").dm if m.is_reply and m.bot]
    assert reminded, "the reminder went out on the way"


def test_the_clock_does_not_go_back(stand: Any) -> None:
    stage = stand()
    _served(stage)
    found = _moved(stage, "2026-11-01T00:00:00+00:00")
    assert found == {"ok": False, "note": "the clock does not go back"}


def test_a_portfolio_without_a_cadence_has_nothing_to_wait_for_but_its_rating(stand: Any) -> None:
    stage = stand(SMALL)
    _served(stage)
    assert _moved(stage)["what"].startswith("the rating of 2027-Q1 opens; ")
    assert _moved(stage)["what"].startswith("Bo Lindqvist is reminded of the rating; ")
    assert "the rating closes" in _moved(stage)["what"]
    assert "the closing of 2027-Q1 is asked for" in _moved(stage)["what"]
    assert _moved(stage)["what"] == "a message is due; 1 new message"
    assert _moved(stage)["what"] == "nothing is due any more; 0 new messages"


def test_where_the_history_reaches_past_the_last_round_that_round_is_watched(stand: Any) -> None:
    file = yaml.safe_load(SMALL)
    file["units"][0]["cadence"] = {"every": "1 month", "on": "15", "at": "09:00", "timezone": "UTC"}
    file["objectives"][0]["key_results"][0]["updates"] = [{"at": "2027-03-30", "value": 4, "by": "bo"}]
    stage = stand(json.dumps(file, default=str))
    assert stage.clock.now() >= instant("2027-03-15T09:00Z") - live.BEFORE
    assert stage.clock.now() < instant("2027-03-15T09:00Z")


def test_a_real_portfolio_begins_before_the_round_after_its_last_word(stand: Any, shared_file: Path) -> None:
    stage = stand((shared_file / "data" / "ipfs-2019-q3.yaml").read_text(encoding="utf-8"))
    assert instant("2019-08-19T14:30Z") <= stage.clock.now() < instant("2019-08-19T16:00Z")


def test_a_port_that_is_taken_is_told_with_what_to_do(stand: Any) -> None:
    port = int(stand().sandbox.page_url.rstrip("/").rpartition(":")[2])
    with pytest.raises(CommandError, match="choose another with --port"), live.staged(Settings(), port=port):
        pass
