"""A digest as the data that is promised to Slack: the message, the lists in its thread, and a plain text of it.

Pure. It puts together what rules, headline and summary say; it decides nothing and knows no blocks.
"""

from collections.abc import Sequence

from prompts.client import Outcome
from rituals.digests.courses import course_rows
from rituals.digests.facts import BlockerFacts, DigestFacts
from rituals.digests.flag_words import flag_lines
from rituals.digests.headline import headline
from rituals.digests.phrases import day_words
from rituals.digests.rules import (
    achieved_lines,
    changes,
    chart_rows,
    contradiction_lines,
    decision_lines,
    falling,
    more_sections,
    moved_details,
    moved_lines,
    silent_lines,
)
from rituals.digests.summary import groups, worded
from rituals.notices import Digest, DigestDetails, FallingBehind


def digest_notice(facts: DigestFacts, outcome: Outcome, *, preview: bool = False) -> Digest:
    """The message. `outcome` is what the model gave, or why it gave nothing."""
    found = changes(facts)
    claims, worded_by, dropped, why_rules = worded(facts, outcome)
    return Digest(
        digest=facts.digest,
        unit=facts.unit,
        week_of=facts.week_of,
        cycle=facts.cycle,
        elapsed=None if facts.elapsed is None else float(round(facts.elapsed, 4)),
        headline=headline(facts, found),
        falling=falling(facts),
        decisions=decision_lines(facts),
        blockers=tuple(claims),
        blockers_open=len(facts.blockers),
        moved=moved_lines(found),
        achieved=achieved_lines(found),
        silent=silent_lines(facts),
        not_answered=facts.not_answered,
        connection_rate=None if facts.connection is None else float(round(facts.connection, 4)),
        connection_change=None if found.connection is None else float(round(found.connection, 4)),
        lag=facts.aligned.lag,
        net=facts.aligned.net,
        moving=facts.aligned.moving,
        lag_on=facts.aligned.kept_on,
        rating=facts.aligned.rating,
        chart=chart_rows(facts),
        course=course_rows(facts),
        worded_by=worded_by,
        checked_against=outcome.checked_against if worded_by == "model" else 0,
        dropped=dropped,
        why_rules=why_rules,
        preview=preview,
        audience=facts.audience,
        more=more_sections(facts),
        nothing=facts.since is not None and found.nothing,
    )


def details(facts: DigestFacts) -> tuple[DigestDetails, ...]:
    """The whole lists for the thread, one notice a section; sections without a line are left out."""
    found = changes(facts)
    told = {one.key for one in facts.flag_news}
    recovered = [f"{k.kr.key} {k.line.title}" for k in found.recovered if k.kr.key not in told]
    sections: tuple[tuple[str, Sequence[str]], ...] = (
        ("Falling behind", [falling_line(one) for one in falling(facts)]),
        ("Fell and recovered", flag_lines(facts)),
        ("Recovered", recovered),
        ("Moved", moved_details(found)),
        ("Decisions needed", decision_lines(facts)),
        *((part.title, part.lines) for part in more_sections(facts)),
        ("Blockers open", [_blocker_line(b) for group in groups(facts.blockers) for b in group]),
        ("Blockers resolved", [_blocker_line(b) for b in facts.resolved]),
        ("Silent", silent_lines(facts)),
        ("Does not fit together", contradiction_lines(facts)),
        ("Not answered", facts.not_answered),
        ("Digests not given", facts.skipped),
    )
    return tuple(
        DigestDetails(digest=facts.digest, title=title, lines=tuple(lines)) for title, lines in sections if lines
    )


def falling_line(one: FallingBehind) -> str:
    """`KR-1 Average onboarding time: 41 days, expected 33; stalled two rounds; CRM, Analytics`."""
    line = one.line
    now = line.now or "no value yet"
    expected = f", expected {line.expected}" if line.expected else ""
    on = f" ({day_words(one.words_on)})" if one.words_on else ""
    said = f" – “{one.words}”{on}" if one.words else ""
    return f"{line.key} {line.title}: {now}{expected}; {'; '.join(one.why)}; {', '.join(line.owners)}{said}"


def _blocker_line(b: BlockerFacts) -> str:
    parts = [
        f"B-{b.number} {b.text}: holds up {b.by}",
        f"waits for {b.on}" if b.on else "",
        b.key_result or "",
        f"open {b.days} {'day' if b.days == 1 else 'days'}",
        f"until {day_words(b.until)}" if b.until else "",
    ]
    return ", ".join(part for part in parts if part)
