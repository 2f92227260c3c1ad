"""From a model's text to sentences that were checked. Pure: the same text and facts give the same outcome again.

That is why the text is what is kept for asking once, and not the outcome: a stricter check holds for old texts too.
"""

from pydantic import ValidationError

from prompts.facts import SummaryFacts
from prompts.grounding import check
from prompts.outcome import EMPTY, NOTHING_VERIFIED, UNREADABLE, Outcome
from prompts.pseudonyms import Pseudonyms, for_facts
from prompts.schemas import ClaimOut, SourceOut, SummaryOut


def judged(text: str, facts: SummaryFacts, *, language: str) -> Outcome:
    """Reads, puts names back, checks."""
    if not text.strip():
        return Outcome(reason=EMPTY)
    try:
        summary = SummaryOut.model_validate_json(unfenced(text))
    except ValidationError:
        return Outcome(reason=UNREADABLE)
    checked = check(_with_names(summary, for_facts(facts)), facts, language=language)
    return Outcome(
        claims=checked.claims,
        reason=None if checked.claims else NOTHING_VERIFIED,
        dropped=checked.dropped,
        checked_against=len(facts.answers),
        text=text,
    )


def unfenced(text: str) -> str:
    """Small models wrap JSON in a code fence; that one habit is forgiven, because the check comes after."""
    text = text.strip()
    if text.startswith("```") and text.endswith("```"):
        return text[3:-3].removeprefix("json").strip()
    return text


def _with_names(summary: SummaryOut, table: Pseudonyms) -> SummaryOut:
    return SummaryOut(
        claims=[
            ClaimOut(
                text=table.shown(claim.text),
                sources=[SourceOut(answer_id=s.answer_id, span=table.shown(s.span)) for s in claim.sources],
            )
            for claim in summary.claims
        ]
    )
