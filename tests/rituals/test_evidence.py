"""Evidence: any message beside a key result, once, by who may write it, with nothing leaked of what is private."""

from datetime import UTC, datetime

import pytest

from rituals.errors import Refusal
from rituals.notices import EvidenceLine
from rituals.okrs import card, evidence
from rituals.okrs.evidence import SaidElsewhere
from storage.database import Database
from storage.tables import Evidence
from tests.rituals.checkin_workspace import ARI, BO, KIM, PAT, TEAM, set_up, state
from tests.rituals.stored import rows

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
SAID_AT = datetime(2026, 11, 13, 9, tzinfo=UTC)
LINK = "https://acme.slack.com/archives/C1/p1"
MESSAGE = SaidElsewhere(LINK, "Pilot is live at three customers", KIM, SAID_AT)


@pytest.fixture
def suite(db: Database) -> Database:
    set_up(db)
    return db


def beside(db: Database, key: str = "KR-1") -> list[EvidenceLine]:
    with db.transaction(readonly=True) as session:
        return list(evidence.evidence_of(session, TEAM, state(db).key_results[key].id or 0))


def test_a_message_stands_beside_its_key_result_with_author_day_and_link(suite: Database) -> None:
    added = evidence.add(suite, TEAM, BO, "KR-1", MESSAGE, now=NOW)
    assert (added.key, added.title, added.fresh) == ("KR-1", "Onboarding time", True)
    [line] = beside(suite)
    assert (line.excerpt, line.by, line.said_at, line.permalink) == (MESSAGE.text, "Kim Oda", SAID_AT, LINK)
    assert beside(suite, "KR-3") == []


def test_the_same_message_counts_once_for_a_key_result_and_may_serve_another(suite: Database) -> None:
    evidence.add(suite, TEAM, BO, "KR-1", MESSAGE, now=NOW)
    assert not evidence.add(suite, TEAM, KIM, "KR-1", MESSAGE, now=NOW).fresh
    assert evidence.add(suite, TEAM, BO, "KR-3", MESSAGE, now=NOW).fresh
    assert [row.added_by for row in rows(suite, Evidence)] == [BO, BO]


def test_who_added_it_takes_it_back_and_it_can_be_added_anew(suite: Database) -> None:
    added = evidence.add(suite, TEAM, BO, "KR-1", MESSAGE, now=NOW)
    with pytest.raises(Refusal, match="Only who added"):
        evidence.undo(suite, TEAM, KIM, added.id, now=NOW)
    assert evidence.undo(suite, TEAM, BO, added.id, now=NOW).undone
    assert evidence.undo(suite, TEAM, BO, added.id, now=NOW).undone
    assert beside(suite) == []
    assert evidence.add(suite, TEAM, KIM, "KR-1", MESSAGE, now=NOW).fresh
    assert len(beside(suite)) == len(rows(suite, Evidence)) == 1


@pytest.mark.parametrize("user", [ARI, PAT, "U99STRANGER"])
def test_only_who_may_write_a_key_result_adds_evidence_to_it(suite: Database, user: str) -> None:
    with pytest.raises(Refusal):
        evidence.add(suite, TEAM, user, "KR-4", MESSAGE, now=NOW)
    assert rows(suite, Evidence) == []


def test_a_key_result_that_is_gone_is_refused(suite: Database) -> None:
    with pytest.raises(Refusal, match="no key result KR-99"):
        evidence.add(suite, TEAM, BO, "KR-99", MESSAGE, now=NOW)


def test_of_a_private_message_the_words_are_not_kept(suite: Database) -> None:
    private = SaidElsewhere(LINK, "between us", KIM, SAID_AT, private=True)
    evidence.add(suite, TEAM, BO, "KR-1", private, now=NOW)
    [line] = beside(suite)
    assert (line.excerpt, line.permalink) == ("", LINK)


def test_words_are_kept_short_and_without_markup(suite: Database) -> None:
    text = (
        f"<@{KIM}> &amp; <@U99|zed> see <https://x.example|the report> in <#C1|general> <!here|here> " + "so on " * 90
    )
    evidence.add(suite, TEAM, BO, "KR-1", SaidElsewhere(LINK, text, "", SAID_AT), now=NOW)
    [line] = beside(suite)
    assert line.excerpt.startswith("@Kim Oda & @zed see the report in general here so on")
    assert len(line.excerpt) <= evidence.EXCERPT + 1
    assert line.by == ""


def test_the_newest_messages_come_first_and_not_all(suite: Database) -> None:
    for day in range(1, 9):
        at = datetime(2026, 11, day, tzinfo=UTC)
        evidence.add(suite, TEAM, BO, "KR-1", SaidElsewhere(f"{LINK}{day}", f"day {day}", BO, at), now=NOW)
    assert [line.excerpt for line in beside(suite)] == ["day 8", "day 7", "day 6", "day 5", "day 4"]


def test_the_card_of_a_key_result_shows_its_evidence(suite: Database) -> None:
    evidence.add(suite, TEAM, BO, "KR-1", MESSAGE, now=NOW)
    assert [line.excerpt for line in card.show(suite, TEAM, "KR-1", now=NOW, user=BO).evidence] == [MESSAGE.text]
    assert card.show(suite, TEAM, "KR-3", now=NOW, user=BO).evidence == ()
