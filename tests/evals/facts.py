"""From a round of the golden set to a digest's facts, as the product would have them. It labels and scores nothing."""

import json
from dataclasses import replace
from datetime import date, timedelta

from rituals.checkins.reading import read_reply
from rituals.checkins.reading_results import Reading
from rituals.digests.facts import AnswerFacts, BlockerFacts, DigestFacts, KrFacts, PersonName
from rituals.okrs.naming import KnownKeyResult, Named
from tests.evals.golden import Round
from tests.rituals.digest_samples import LAST, NOW, facts, key_result, known

TODAY = NOW.date()
LAST_DAYS = (NOW - LAST).days


def digest_facts(given: Round) -> DigestFacts:
    """What the digest knows when the labelled blockers stand in the register: B-1, B-2, … in the labels' order."""
    numbers = {place for place in range(1, len(given.answers) + 1) if any(b.answer == place for b in given.blockers)}
    answers = tuple(
        AnswerFacts(place, text, unit, by, f"https://acme.slack.com/archives/C1/p{place}")
        for place, (unit, by, text) in enumerate(given.answers, start=1)
        if place in numbers
    )
    return facts(
        *(_kr(given, key, *values) for key, values in given.krs.items()),
        unit=given.company,
        blockers=tuple(_blocker(given, place) for place in range(1, len(given.blockers) + 1)),
        answers=answers,
        people=tuple(PersonName(name) for name in given.people),
        unit_names={name.casefold(): name for name in given.units},
    )


def reading(given: Round, answer: int) -> Reading:
    """What the rules read in an answer (1-based)."""
    krs = [KnownKeyResult(key, given.titles.get(key, f"Title of {key}"), "increase", "%") for key in given.krs]
    units = [Named(name.casefold(), name) for name in given.units]
    return read_reply(given.answers[answer - 1][2], krs, units, TODAY)


def recorded_text(given: Round) -> str:
    """The recorded answer of a model as it would have been sent."""
    if given.raw is not None:
        return given.raw
    claims = [
        {"text": s.text, "sources": [{"answer_id": f"A{number}", "span": span} for number, span in s.sources]}
        for s in given.recorded
    ]
    return json.dumps({"claims": claims}, ensure_ascii=False)


def _blocker(given: Round, number: int) -> BlockerFacts:
    label = given.blockers[number - 1]
    return BlockerFacts(
        number=number,
        text=label.words,
        by=given.answers[label.answer - 1][0],
        opened_at=NOW - timedelta(days=label.days),
        on=label.on,
        until=label.until,
        days=label.days,
        new=label.days < LAST_DAYS,
        answers=(label.answer,),
    )


def _kr(given: Round, key: str, first: int, last: int) -> KrFacts:
    """Reported on 19 October and on 9 November; its expectation at NOW is 47."""
    kr = key_result(key, (date(2026, 10, 19), first), (date(2026, 11, 9), last))
    titled = replace(kr, title=given.titles.get(key, kr.title))
    return known(titled, words=given.notes.get(key, ""))
