"""What people said of findings: each once, a confirmed one may be put aside later, and nothing else is overwritten."""

from datetime import UTC, datetime

import pytest

from storage import alignment
from storage.database import Database
from storage.tables import Workspace

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TEAM, OTHER = "T01TEST", "T02OTHER"


def said(db: Database, verdict: str, by: str, *, team: str = TEAM, reason: str = "") -> bool:
    with db.transaction() as session:
        return alignment.judge(session, team, "twice:ab12", verdict, reason=reason, by=by, now=NOW)


@pytest.fixture(autouse=True)
def another_workspace(db: Database) -> None:
    with db.transaction() as session:
        session.add(Workspace(team_id=OTHER, name="Other", created_at=NOW))


@pytest.mark.parametrize(
    ("verdicts", "stands"),
    [
        (("confirmed", "confirmed"), ("confirmed", "U1")),
        (("dismissed", "dismissed"), ("dismissed", "U1")),
        (("dismissed", "confirmed"), ("dismissed", "U1")),
        (("confirmed", "dismissed"), ("dismissed", "U2")),
    ],
)
def test_what_is_dismissed_stays_so_and_what_is_confirmed_may_be_dismissed(
    db: Database, verdicts: tuple[str, str], stands: tuple[str, str]
) -> None:
    first, second = verdicts
    assert said(db, first, "U1")
    assert said(db, second, "U2") is (verdicts == ("confirmed", "dismissed"))
    with db.transaction(readonly=True) as session:
        [row] = alignment.verdicts(session, TEAM).values()
    assert (row.verdict, row.slack_user) == stands


def test_another_workspace_says_its_own(db: Database) -> None:
    said(db, "confirmed", "U1")
    said(db, "dismissed", "U9", team=OTHER)
    with db.transaction(readonly=True) as session:
        assert [row.verdict for row in alignment.verdicts(session, TEAM).values()] == ["confirmed"]
        assert [row.verdict for row in alignment.verdicts(session, OTHER).values()] == ["dismissed"]
