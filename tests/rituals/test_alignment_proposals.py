"""What a model proposes about plans: asked once a day, checked twice, marked, and nothing changes when it fails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from prompts.client import ModelClient
from rituals.alignment import checks, proposals, verdicts
from rituals.alignment.page import CheckLine
from storage import model_usage, people
from storage.database import Database
from storage.tables import KeyResult, ModelCall, Unit
from tests.prompts.model_server import ModelServer, Reply
from tests.rituals.halden import ANA, NOW, TEAM

DAY = timedelta(days=1)


def pair(facts: dict[str, Any], kind: str = "resource", one: str = "KR-10", other: str = "KR-28") -> dict[str, Any]:
    """A model's proposal of two key results, each quoted whole."""
    texts = {plan["id"]: plan["text"] for plan in facts["plans"]}
    said = {"kind": kind, "one_id": one, "one_span": texts[one], "other_id": other, "other_span": texts[other]}
    return {"pairs": [said], "rewrites": []}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as started:
        yield started.reply_with(pair)


def ask(db: Database, server: ModelServer, *, days: int = 0, timeout: float = 10) -> int:
    model = ModelClient(api_key="k", base_url=server.url, model="m", timeout=timeout)
    return proposals.propose_due(db, TEAM, now=NOW + days * DAY, model=model)


def proposed(db: Database) -> list[CheckLine]:
    return [line for line in checks.show_check(db, TEAM, ANA, "", now=NOW).lines if line.proposed]


def calls(db: Database) -> list[ModelCall]:
    with db.transaction(readonly=True) as session:
        return model_usage.calls_since(session, TEAM, NOW - DAY)


def rename(db: Database, key: str, title: str) -> None:
    with db.transaction() as session:
        session.exec(select(KeyResult).where(KeyResult.team_id == TEAM, KeyResult.key == key)).one().title = title


def test_a_proposed_pair_is_marked_and_quotes_both_plans(halden: Database, server: ModelServer) -> None:
    assert ask(halden, server) == 1
    [line] = proposed(halden)
    assert (line.rule, line.about, line.conflict) == ("resource", ("KR-10", "KR-28"), True)
    assert "may count on the same people or means" in line.missing


def test_it_is_asked_once_a_day_and_only_about_plans_that_changed(halden: Database, server: ModelServer) -> None:
    assert [ask(halden, server), ask(halden, server), ask(halden, server, days=1)] == [1, 0, 0]
    rename(halden, "KR-11", "Something else altogether")
    assert ask(halden, server, days=1) == 0
    assert ask(halden, server, days=2) == 1
    assert [call.purpose for call in calls(halden)] == ["plans", "plans"]


def test_a_proposed_pair_can_be_confirmed_and_put_aside_like_any_other(halden: Database, server: ModelServer) -> None:
    ask(halden, server)
    name = proposed(halden)[0].name
    assert verdicts.confirm(halden, TEAM, ANA, "suite", name, now=NOW)
    assert proposed(halden)[0].confirmed_by == "Ana Ruiz"
    checks.dismiss(halden, TEAM, ANA, "suite", name, "settled", now=NOW)
    assert proposed(halden) == []


def test_a_pair_whose_words_changed_is_gone(halden: Database, server: ModelServer) -> None:
    ask(halden, server)
    rename(halden, "KR-10", "Something else altogether")
    assert proposed(halden) == []


@pytest.mark.parametrize("reply", [429, 500, "refusal", "truncated", "bad_json", "wrong_schema", "empty", "hang_up"])
def test_a_failure_changes_nothing_and_is_counted(halden: Database, server: ModelServer, reply: Reply) -> None:
    ask(halden, server)
    before = checks.show_check(halden, TEAM, ANA, "", now=NOW)
    rename(halden, "KR-11", "Something else altogether")
    after = checks.show_check(halden, TEAM, ANA, "", now=NOW)
    server.reply_with(reply)
    assert ask(halden, server, days=1) == 1
    assert checks.show_check(halden, TEAM, ANA, "", now=NOW) == after
    assert proposed(halden) == [line for line in before.lines if line.proposed]
    assert calls(halden)[-1].outcome


def test_a_slow_model_keeps_nobody_longer_than_its_time(halden: Database, server: ModelServer) -> None:
    server.reply_with("drip")
    assert ask(halden, server, timeout=0.3) == 1
    assert proposed(halden) == []


def test_without_a_model_or_with_it_off_nobody_is_asked(halden: Database, server: ModelServer) -> None:
    assert proposals.propose_due(halden, TEAM, now=NOW, model=ModelClient()) == 0
    ask(halden, server)
    with halden.transaction() as session:
        people.workspace(session, TEAM).model_off = True
    assert ask(halden, server, days=5) == 0
    assert proposed(halden) == []
    assert len(server.requests) == 1


def test_what_the_day_has_left_is_not_overrun(halden: Database, server: ModelServer) -> None:
    with halden.transaction() as session:
        people.workspace(session, TEAM).model_tokens_a_day = 100
    assert ask(halden, server) == 0
    assert server.requests == []


def test_nothing_of_a_private_unit_is_sent(halden: Database, server: ModelServer) -> None:
    with halden.transaction() as session:
        session.exec(select(Unit).where(Unit.team_id == TEAM, Unit.key == "search")).one().private = True
    server.reply_with({"pairs": [], "rewrites": []})
    ask(halden, server)
    assert not [plan for plan in server.requests[0].facts["plans"] if plan["unit"] == "Search"]
    assert "Search" not in {plan["unit"] for plan in server.requests[0].facts["plans"]}


def test_one_metric_twice_has_one_direction_and_opposite_ones_two(halden: Database, server: ModelServer) -> None:
    server.reply_with(lambda facts: pair(facts, "opposite"))
    ask(halden, server)
    assert proposed(halden) == []


def test_a_better_wording_is_marked_and_only_for_the_title_it_was_made_for(
    halden: Database, server: ModelServer
) -> None:
    rename(halden, "KR-10", "Launch the answer page for accounts")
    text = "Share of accounts that use the answer page, from … to …"
    server.reply_with({"pairs": [], "rewrites": [{"id": "KR-10", "text": text}]})
    ask(halden, server)
    lines = [one for one in checks.show_check(halden, TEAM, ANA, "", now=NOW).lines if one.rule == "outcome"]
    assert [one.suggests for one in lines if "KR-10" in one.about] == [text]
    rename(halden, "KR-10", "Launch the answer page for everyone")
    lines = [one for one in checks.show_check(halden, TEAM, ANA, "", now=NOW).lines if one.rule == "outcome"]
    assert [one.suggests for one in lines if "KR-10" in one.about] == [""]
