"""What a model is asked about plans and may answer: further pairs that are in each other's way, and better wordings of
key results that the rules find wanting. Values and schemas; sends and judges nothing.

Everything in these texts was typed by people and is untrusted.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from prompts.facts import PersonFact
from prompts.messages import Messages, encode, rendered
from prompts.pseudonyms import Pseudonyms
from prompts.schemas import Out

PLANS = "plans.v1"
MOST_PAIRS, MOST_REWRITES = 8, 12

PairKind = Literal["same", "opposite", "resource"]


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A text of a plan under its key. `units` are keys of the units it is of, `unit` the first one's name; `reword`:
    the rules find it wanting.
    """

    id: str
    units: tuple[str, ...]
    unit: str
    text: str
    reword: bool = False


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """All that is asked about at once, and the people whose names must not leave."""

    plans: tuple[PlanFact, ...]
    people: tuple[PersonFact, ...] = ()


class PairOut(Out):
    """Two texts of different units."""

    kind: PairKind = Field(description="same metric twice, opposite directions, or one resource promised to both")
    one_id: str = Field(description="The id of a plan")
    one_span: str = Field(description="Words copied exactly from that plan, letter by letter")
    other_id: str = Field(description="The id of another unit's plan")
    other_span: str = Field(description="Words copied exactly from that other plan")


class RewriteOut(Out):
    """A better wording."""

    id: str = Field(description="The id of a plan that is to be reworded")
    text: str = Field(description="One line")


class PlansOut(Out):
    """The whole answer."""

    pairs: list[PairOut]
    rewrites: list[RewriteOut]


def plans_schema() -> dict[str, Any]:
    """The JSON schema of `PlansOut` for a strict response format."""
    return PlansOut.model_json_schema()


def table_of(facts: PlanFacts) -> Pseudonyms:
    """The pseudonyms for the people in these texts."""
    return Pseudonyms(facts.people, [plan.text for plan in facts.plans])


def plans_messages(facts: PlanFacts) -> Messages:
    """The request, without anyone's name."""
    hidden = table_of(facts).hidden
    data = {
        "plans": [{"id": plan.id, "unit": plan.unit, "text": hidden(plan.text)} for plan in facts.plans],
        "to_reword": [plan.id for plan in facts.plans if plan.reword],
    }
    return rendered(PLANS, {"pairs": MOST_PAIRS, "rewrites": MOST_REWRITES}, encode(data))
