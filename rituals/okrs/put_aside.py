"""Advice that people put aside with a reason: it is given nowhere again. Writes nothing; that is `alignment.checks`."""

import hashlib
from collections.abc import Iterable, Iterator, Set

from rituals.okrs.quality.rules import Finding
from storage import alignment as store
from storage.database import Session


def name_of(finding: Finding) -> str:
    """A finding's fixed name: its rule and what it is about. Mended and made again, it is the same one."""
    return _name(finding.rule, finding.about, finding.topic)


def put_aside(session: Session, team_id: str) -> frozenset[str]:
    """The names of all that was put aside."""
    return frozenset(name for name, row in store.verdicts(session, team_id).items() if row.verdict == "dismissed")


def without(findings: Iterable[Finding], aside: Set[str]) -> tuple[Finding, ...]:
    """What is left of some advice."""
    return tuple(finding for finding in findings if not stands_aside(finding, aside))


def stands_aside(finding: Finding, aside: Set[str]) -> bool:
    """Whether it was put aside: a conflict seen from either side; and what was put aside of a key result when the rule
    had one finding for it stays so for each.
    """
    return bool(aside) and any(name in aside for name in names_of(finding))


def names_of(finding: Finding) -> Iterator[str]:
    """Its name, and the names by which people may have put it aside besides."""
    yield name_of(finding)
    if finding.between:
        yield _name(finding.rule, finding.about[::-1], finding.topic)
    elif finding.topic:
        yield _name(finding.rule, finding.about, "")


def _name(rule: str, about: tuple[str, ...], topic: str) -> str:
    of = " ".join([*about, *([topic] if topic else [])])
    return f"{rule}:{hashlib.sha256(of.encode()).hexdigest()[:16]}"
