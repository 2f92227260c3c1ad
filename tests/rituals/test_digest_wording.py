"""Whether a model is asked at all, what that costs, and that the same facts are asked about once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from prompts.client import ModelClient
from rituals.alignment.rules import connection_rate
from rituals.digests.due import open_due
from rituals.digests.issuing import prepare
from rituals.digests.service import preview
from rituals.notices import Digest
from storage import model_usage, outbox, people
from storage.database import Database
from storage.tables import ModelCall, Person
from tests.prompts.model_server import ModelServer
from tests.rituals.digest_workspace import FRIDAY, TEAM, add_answer, add_blocker, set_up

LONG_AGO = FRIDAY - timedelta(days=300)


@pytest.fixture
def workspace(sqlite_db: Database) -> Database:
    """A suite with one open blocker."""
    set_up(sqlite_db)
    add_blocker(sqlite_db, 9, "API", answer=add_answer(sqlite_db, "We wait for Mia Kern and her Payments API."))
    return sqlite_db


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as started:
        yield started


def asked(db: Database, server: ModelServer, *, days: int = 0, model: str = "m", timeout: float = 10) -> Digest:
    client = ModelClient(api_key="k", base_url=server.url, model=model, timeout=timeout)
    return preview(db, TEAM, None, now=FRIDAY + timedelta(days=days), connection=connection_rate, model=client)


def calls(db: Database) -> list[ModelCall]:
    with db.transaction(readonly=True) as session:
        return model_usage.calls_since(session, TEAM, LONG_AGO)


def set_workspace(db: Database, **values: object) -> None:
    with db.transaction() as session:
        row = people.workspace(session, TEAM)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def test_a_call_is_stored_with_its_cost_and_time_and_no_word_of_text(workspace: Database, server: ModelServer) -> None:
    assert asked(workspace, server).worded_by == "model"
    (call,) = calls(workspace)
    assert (call.purpose, call.template, call.model, call.outcome) == ("digest", "summary.v2", "m", "")
    assert (call.input_tokens, call.output_tokens, call.estimated) == (100, 23, False)
    assert (call.kept, call.dropped) == (1, 0)
    assert call.latency_ms > 0
    assert "Payments" not in str(call.model_dump())


def test_the_same_facts_ask_nobody_twice(workspace: Database, server: ModelServer) -> None:
    first, second = asked(workspace, server), asked(workspace, server)
    assert first == second
    assert second.blockers[0].text == "CRM waits for Payments: We wait for Mia Kern and her Payments API."
    assert (len(server.requests), len(calls(workspace))) == (1, 1)


def test_what_is_kept_has_tokens_for_names_and_is_forgotten_in_time(workspace: Database, server: ModelServer) -> None:
    asked(workspace, server)
    with workspace.transaction(readonly=True) as session:
        (kept,) = session.connection().exec_driver_sql("SELECT text FROM model_answer").scalars()
    assert "Mia" not in kept
    asked(workspace, server, days=40)
    with workspace.transaction(readonly=True) as session:
        assert len(list(session.connection().exec_driver_sql("SELECT id FROM model_answer"))) == 1


@pytest.mark.parametrize(
    "change", ["another model", "another day", "another language", "another answer", "a new person"]
)
def test_other_facts_are_asked_about_again(workspace: Database, server: ModelServer, change: str) -> None:
    asked(workspace, server)
    if change == "another language":
        set_workspace(workspace, language="de")
    if change == "another answer":
        add_blocker(workspace, 10, "keys", answer=add_answer(workspace, "The keys are missing from Payments."))
    if change == "a new person":
        with workspace.transaction() as session:
            session.add(Person(team_id=TEAM, key="kim", name="Kim Api"))
    asked(workspace, server, model="m2" if change == "another model" else "m", days=int(change == "another day"))
    assert len(server.requests) == 2


def test_a_failure_is_stored_and_not_kept_so_that_it_is_tried_again(workspace: Database, server: ModelServer) -> None:
    server.reply_with(500, "good")
    assert asked(workspace, server).why_rules == "HTTP 500"
    assert asked(workspace, server).worded_by == "model"
    assert [(c.outcome, c.input_tokens) for c in calls(workspace)] == [("HTTP 500", 0), ("", 100)]


def test_a_text_that_could_not_be_verified_is_not_paid_for_twice(workspace: Database, server: ModelServer) -> None:
    server.reply_with("ungrounded")
    assert asked(workspace, server).dropped == 3
    assert asked(workspace, server).dropped == 3
    assert len(server.requests) == 1


def test_a_time_out_counts_what_was_sent_as_an_estimate(workspace: Database, server: ModelServer) -> None:
    server.reply_with("slow")
    asked(workspace, server, timeout=0.2)
    (call,) = calls(workspace)
    assert (call.outcome, call.estimated, call.output_tokens) == ("time-out", True, 0)
    assert call.input_tokens > 500


def test_when_the_days_budget_is_used_up_rules_write_and_say_why(workspace: Database, server: ModelServer) -> None:
    asked(workspace, server)
    set_workspace(workspace, model_tokens_a_day=calls(workspace)[0].input_tokens + 50)
    add_blocker(workspace, 10, "keys", answer=add_answer(workspace, "The keys are missing from Payments."))
    digest = asked(workspace, server)
    assert (digest.worded_by, digest.why_rules) == ("rules", "today's budget for the model is used up")
    assert len(server.requests) == 1


def test_the_next_local_day_has_a_budget_of_its_own(workspace: Database, server: ModelServer) -> None:
    set_workspace(workspace, model_tokens_a_day=2_000)
    with workspace.transaction() as session:
        spent = ModelCall(team_id=TEAM, at=FRIDAY, purpose="digest", template="t", model="m", input_tokens=1_999)
        model_usage.record(session, spent)
    assert asked(workspace, server).worded_by == "rules"
    assert asked(workspace, server, days=1).worded_by == "model"


def test_what_is_known_already_needs_no_budget(workspace: Database, server: ModelServer) -> None:
    asked(workspace, server)
    set_workspace(workspace, model_tokens_a_day=0)
    assert asked(workspace, server).worded_by == "model"


def test_the_workspaces_switch_turns_it_off(workspace: Database, server: ModelServer) -> None:
    set_workspace(workspace, model_off=True)
    digest = asked(workspace, server)
    assert (digest.worded_by, digest.why_rules) == ("rules", "the model is turned off for this workspace")
    assert server.requests == []


def test_the_model_is_asked_in_the_workspaces_language(workspace: Database, server: ModelServer) -> None:
    set_workspace(workspace, language="de")
    asked(workspace, server)
    assert "sentences in German" in server.requests[0].system


def test_rules_stay_english_in_another_language_and_say_so(workspace: Database, server: ModelServer) -> None:
    set_workspace(workspace, language="de")
    digest = asked(workspace, server.reply_with(500))
    assert (digest.worded_by, digest.why_rules) == ("rules", "HTTP 500; rules write English only")
    assert asked(workspace, server.reply_with("good")).why_rules is None


def test_a_digest_that_was_worded_before_the_process_died_is_not_worded_again(
    workspace: Database, server: ModelServer
) -> None:
    model = ModelClient(api_key="k", base_url=server.url, model="m")
    open_due(workspace, TEAM, now=FRIDAY)
    asked(workspace, server)  # the call is stored; the digest itself was never settled
    assert prepare(workspace, TEAM, now=FRIDAY, model=model, connection=connection_rate) == 1
    assert len(server.requests) == 1
    with workspace.transaction(readonly=True) as session:
        assert sum(row.kind == "digest" for row in outbox.unsettled(session, TEAM)) == 1


def test_who_has_no_model_costs_nothing(workspace: Database) -> None:
    digest = preview(workspace, TEAM, None, now=FRIDAY, connection=connection_rate, model=ModelClient(mode="off"))
    assert digest.why_rules == "no model"
    assert calls(workspace) == []
