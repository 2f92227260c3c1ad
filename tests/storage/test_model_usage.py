"""What the model cost, and what it answered before."""

from datetime import UTC, datetime, timedelta

from storage import model_usage
from storage.database import Database
from storage.tables import ModelCall, Workspace

NOW = datetime(2026, 11, 13, 14, tzinfo=UTC)


def call(team: str, tokens: int, at: datetime = NOW) -> ModelCall:
    return ModelCall(
        team_id=team, at=at, purpose="digest", template="summary.v2", model="m", input_tokens=tokens, output_tokens=1
    )


def test_tokens_are_summed_by_workspace_and_from_an_instant_on(db: Database, team: str) -> None:
    with db.transaction() as s:
        s.add(Workspace(team_id="T0OTHER", created_at=NOW))
        s.flush()
        for one in (call(team, 100), call(team, 50, NOW - timedelta(days=1)), call("T0OTHER", 7)):
            model_usage.record(s, one)
    with db.transaction(readonly=True) as s:
        assert model_usage.tokens_since(s, team, NOW) == 101
        assert model_usage.tokens_since(s, team, NOW - timedelta(days=2)) == 152
        assert model_usage.tokens_since(s, team, NOW + timedelta(days=1)) == 0
        assert [c.input_tokens for c in model_usage.calls_since(s, team, NOW - timedelta(days=2))] == [50, 100]


def test_an_answer_is_kept_by_workspace_and_hash_until_it_is_forgotten(db: Database, team: str) -> None:
    with db.transaction() as s:
        model_usage.remember(s, team, "k", "first", now=NOW)
        model_usage.remember(s, team, "k", "second", now=NOW)
        assert model_usage.remembered(s, team, "k") == "second"
        assert model_usage.remembered(s, team, "other") is None
        assert model_usage.remembered(s, "T0OTHER", "k") is None
        assert model_usage.forget(s, team, before=NOW) == 0
        assert model_usage.forget(s, team, before=NOW + timedelta(seconds=1)) == 1
        assert model_usage.remembered(s, team, "k") is None
