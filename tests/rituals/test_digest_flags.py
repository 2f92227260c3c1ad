"""What the digest says of flags over time: which fell, on which day, and which recovered."""

from dataclasses import replace
from datetime import date, timedelta

from rituals.alignment.rules import connection_rate
from rituals.digests.assemble import Asked, assemble
from rituals.digests.flag_words import flag_line, flag_lines
from rituals.digests.notice import details
from rituals.flags.looking import look_due
from rituals.notices.flags import FlagNews
from rituals.okrs import service
from storage.database import Database
from tests.rituals.halden import GRACE, NOW, TEAM

FELL = FlagNews(
    key="KR-1",
    title="Average onboarding time",
    event="worsened",
    what="fell off track",
    on=date(2026, 11, 10),
    rule="Pace",
    words="34 points behind",
    owners=("CRM", "Mobile"),
    step="agree on what closes the gap",
)


def test_a_line_says_what_fell_when_why_whose_it_is_and_what_is_next() -> None:
    assert flag_line([FELL]) == (
        "KR-1 Average onboarding time fell off track on Tue 10 Nov: 34 points behind; CRM and Mobile; "
        "next: agree on what closes the gap"
    )
    gone = FELL.model_copy(update={"event": "recovered", "what": "recovered", "step": ""})
    assert flag_line([gone]) == (
        "KR-1 Average onboarding time recovered on Tue 10 Nov: was 34 points behind; CRM and Mobile"
    )


def test_several_reasons_of_one_key_result_take_one_line_the_heaviest_first(halden: Database) -> None:
    stalled = FELL.model_copy(update={"what": "fell behind", "rule": "Stalled", "words": "stalled two rounds"})
    gone = FELL.model_copy(
        update={"event": "recovered", "what": "recovered in part", "words": "not updated for 9 days"}
    )
    with halden.transaction(readonly=True) as session:
        facts = assemble(session, Asked(TEAM, "suite", NOW), connection_rate)
    lines = flag_lines(replace(facts, flag_news=(stalled, gone, FELL)))
    assert len(lines) == 2
    assert "fell off track on Tue 10 Nov: 34 points behind; stalled two rounds; CRM" in lines[0]
    assert "recovered in part on Tue 10 Nov: was not updated for 9 days" in lines[1]


def test_the_digest_tells_what_flags_did_since_the_last_one(halden: Database) -> None:
    look_due(halden, TEAM, now=NOW)
    service.update_line(halden, TEAM, GRACE, "KR-9 5", now=NOW + timedelta(hours=1), key="typed")
    later = NOW + timedelta(hours=2)
    with halden.transaction(readonly=True) as session:
        facts = assemble(session, Asked(TEAM, "suite", later), connection_rate)
    assert {one.key for one in facts.flag_news} >= {"KR-9", "KR-30"}
    sections = {part.title: part.lines for part in details(facts)}
    lines = sections["Fell and recovered"]
    assert any("KR-30" in line and "fell off track on Tue 10 Nov" in line for line in lines)
    assert any(line.startswith("KR-9") and "recovered on Mon 16 Nov" in line for line in lines)
    assert not any(line.startswith("KR-9") for line in sections.get("Recovered", ()))
