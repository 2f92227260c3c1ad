"""Who answers: the rules, a recorded model, a live one. Each takes a round and its facts and gives an outcome."""

from prompts.client import ModelClient, Outcome
from rituals.digests.facts import DigestFacts
from rituals.digests.summary import summary_facts
from tests.evals.facts import recorded_text
from tests.evals.golden import Round
from tests.evals.scoring import Answered

_JUDGE = ModelClient(mode="off")


def by_rules(_given: Round, _facts: DigestFacts) -> Outcome:
    """No model at all."""
    return Outcome(reason="no model")


def recorded(given: Round, facts: DigestFacts) -> Outcome:
    """The answer that stands in the golden set, through the same check as a live one."""
    return _JUDGE.recalled(recorded_text(given), summary_facts(facts), language=given.summary)


def live(model: ModelClient) -> Answered:
    """Whatever the settings point at."""

    def ask(given: Round, facts: DigestFacts) -> Outcome:
        return model.summarise(summary_facts(facts), language=given.summary)

    return ask
