"""The log: machine-readable or readable, complete, and without a secret in any line."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.faults_log import log_fault, reference
from bot.logging_setup import redacted, set_up_logging

SECRETS = [
    "xoxb-123-456-AbC",
    "xoxe.xoxb-1-Mi0yLTEyMw",
    "xapp-1-A0B-99-f00",
    "sk-proj-abc_DEF-123456",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def refuse(token: str) -> None:
    raise RuntimeError(f"refused: {token}")


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_off_a_terminal_each_event_is_one_json_line_with_time_level_and_logger() -> None:
    out = io.StringIO()
    set_up_logging("INFO", stream=out)
    structlog.get_logger("bot.delivery").info("sent", channel="C1", round=4, name="Inês")
    [line] = lines(out)
    assert line["event"] == "sent"
    assert (line["channel"], line["round"], line["name"]) == ("C1", 4, "Inês")
    assert (line["level"], line["logger"]) == ("info", "bot.delivery")
    assert line["timestamp"].endswith("Z")
    assert "Inês" in out.getvalue()


def test_on_a_terminal_lines_are_for_reading() -> None:
    out = Terminal()
    set_up_logging("INFO", stream=out)
    structlog.get_logger("bot").warning("late", minutes=3)
    [line] = out.getvalue().splitlines()
    assert "late" in line
    assert "minutes" in line
    assert not line.startswith("{")


def test_the_standard_librarys_loggers_come_out_the_same_way() -> None:
    out = io.StringIO()
    set_up_logging("INFO", stream=out)
    logging.getLogger("slack_bolt.App").warning("token %s refused", "xoxb-1-s3cret")
    [line] = lines(out)
    assert line["event"] == "token xoxb-*** refused"
    assert (line["level"], line["logger"]) == ("warning", "slack_bolt.App")


def test_lines_under_the_level_are_not_written() -> None:
    out = io.StringIO()
    set_up_logging("WARNING", stream=out)
    structlog.get_logger("bot").info("quiet")
    logging.getLogger("apscheduler").info("quiet")
    structlog.get_logger("bot").warning("heard")
    assert [line["event"] for line in lines(out)] == ["heard"]


def test_setting_it_up_again_replaces_it_and_leaves_other_handlers() -> None:
    first, second = io.StringIO(), io.StringIO()
    other = logging.NullHandler()
    logging.getLogger().addHandler(other)
    set_up_logging("INFO", stream=first)
    set_up_logging("INFO", stream=second)
    structlog.get_logger("bot").info("once")
    assert first.getvalue() == ""
    assert len(lines(second)) == 1
    assert other in logging.getLogger().handlers


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_no_token_reaches_a_line_as_value_in_a_structure_in_an_object_or_in_a_traceback(
    secret: str, stream: type[io.StringIO]
) -> None:
    class Client:
        def __repr__(self) -> str:
            return f"<Client {secret}>"

    out = stream()
    set_up_logging("INFO", stream=out)
    try:
        refuse(secret)
    except RuntimeError:
        structlog.get_logger("bot").exception(
            "call failed", token=secret, headers={"auth": [f"Bearer {secret}"]}, by=Client()
        )
    assert "RuntimeError" in out.getvalue()
    assert out.getvalue().count("***") >= 4
    assert secret not in out.getvalue()
    assert secret[-6:] not in out.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://okr:hunter2@db:5432/p", "postgresql+psycopg://okr:***@db:5432/p"),
        ("wss://wss.slack.com/link/?ticket=ab-12&app_id=3", "wss://wss.slack.com/link/?ticket=***&app_id=3"),
        ("https://hooks.slack.com/commands/T1/2/aBc", "https://hooks.slack.com/commands/***"),
        ("the risk-register, a desk-side task-force and sk-8", "the risk-register, a desk-side task-force and sk-8"),
        ("at http://localhost:3000/slack/events by a@b.c", "at http://localhost:3000/slack/events by a@b.c"),
    ],
)
def test_passwords_and_tickets_in_addresses_go_and_ordinary_words_stay(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_a_fault_is_logged_with_its_traceback_under_the_reference_that_is_shown() -> None:
    out = io.StringIO()
    set_up_logging("INFO", stream=out)
    try:
        json.loads("{broken")
    except json.JSONDecodeError as fault:
        ref = log_fault(structlog.get_logger("bot"), fault, listener="okr", team="T1")
    [line] = lines(out)
    assert line["ref"] == ref
    assert (line["listener"], line["team"], line["level"]) == ("okr", "T1", "error")
    assert "JSONDecodeError: Expecting property name" in line["exception"]
    assert "Traceback" in line["exception"]


def test_references_are_short_and_differ() -> None:
    many = {reference() for _ in range(500)}
    assert len(many) == 500
    assert all(len(ref) == 9 and ref[4] == "-" and ref.replace("-", "").isalnum() for ref in many)
    assert all(ref == ref.upper() for ref in many)
