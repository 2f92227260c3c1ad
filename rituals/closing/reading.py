"""What a person typed on the grading form, as a decision: the score, its reason, a new target. Pure; one rule for the
form, for a batch and for whoever calls the service by hand.
"""

from dataclasses import dataclass
from decimal import Decimal

from rituals.closing import carrying, rules
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.model import KeyResult
from rituals.okrs.numbers import read_amount
from rituals.okrs.progress import current_progress


@dataclass(frozen=True)
class Decision:
    """What is to become of a key result (its key). `score` and `target` are as typed, "" for the suggested score and
    the old target; `seen` names the decision that stood when the form was made, None to overwrite whichever does.
    """

    key_result: str
    outcome: rules.Outcome
    score: str = ""
    reason: str = ""
    note: str = ""
    target: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Read:
    """A decision that can be written."""

    suggested: Decimal | None
    score: Decimal | None
    target: Decimal | None


def read(kr: KeyResult, given: Decision) -> Read:
    """A decision on a key result as it stands. Raises FormRefusal with words by field (score, reason, target)."""
    errors: dict[str, str] = {}
    suggested = rules.suggested_score(current_progress(kr))
    score = _score(given, suggested, errors)
    if score is None and given.outcome == "closed" and not errors:
        errors["score"] = "No value was ever reported, so there is no score to suggest. Give one, or drop it."
    if score != suggested and not given.reason.strip() and not errors:
        was = "There is none suggested" if suggested is None else f"{suggested} is suggested"
        errors["reason"] = f"{was}; say in a sentence why it is {score}."
    target = _target(kr, given, errors)
    if given.outcome == "carried" and "target" not in errors and (no := carrying.problem(kr, target)):
        errors["target"] = no
    if errors:
        raise FormRefusal(errors)
    return Read(suggested, score, target)


def _score(given: Decision, suggested: Decimal | None, errors: dict[str, str]) -> Decimal | None:
    try:
        score = rules.read_score(given.score)
    except ValueError:
        errors["score"] = f'I read "{given.score.strip()[:40]}". Write a score from 0.0 to 1.0, such as 0.7.'
        return None
    return suggested if score is None else score


def _target(kr: KeyResult, given: Decision, errors: dict[str, str]) -> Decimal | None:
    """The new target of what is carried over; for what is not, none is wanted."""
    if given.outcome != "carried" or not given.target.strip():
        return None
    try:
        amount = read_amount(given.target, measured_in=kr.measured_in, kind=kr.kind)
    except Refusal as no:
        how = f" Write {' or '.join(choice.value for choice in no.choices)}." if no.choices else ""
        errors["target"] = f"{no.text}{how}"
        return None
    if amount.relative:
        errors["target"] = f'I read "{given.target.strip()[:40]}" as a change. Write the target itself.'
        return None
    return None if amount.value == kr.target else amount.value
