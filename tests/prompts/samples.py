"""Facts that the prompts' tests share: three blockers of two units, resting on three answers."""

from datetime import date

from prompts.facts import AnswerFact, BlockerFact, PersonFact, SummaryFacts

PAYMENTS = "We are waiting for Payments' API until 12 Dec, Ana Ruiz asked twice. <@U0ANA> knows; 30 % of tests fail."
ANALYTICS = "Same here: the Payments API is missing, 1,250 accounts cannot be read."
IDENTITY = "Single sign-on from Identity slips to 5 January, says Ana."


def sample_facts() -> SummaryFacts:
    return SummaryFacts(
        unit="Product suite",
        blockers=(
            BlockerFact("B-9", "Payments' API", "CRM", "Payments", "KR-1", date(2026, 12, 12), 12, False, ("A1",)),
            BlockerFact("B-10", "Payments' API", "Analytics", "Payments", "KR-1", None, 4, True, ("A2",)),
            BlockerFact("B-11", "single sign-on", "CRM", "Identity", "KR-7", date(2027, 1, 5), 40, False, ("A3",)),
        ),
        answers=(
            AnswerFact("A1", PAYMENTS, "CRM", "Bo Lind"),
            AnswerFact("A2", ANALYTICS, "Analytics", "Mia Kern"),
            AnswerFact("A3", IDENTITY, "CRM", "Bo Lind"),
        ),
        people=(PersonFact("Ana Ruiz", ("U0ANA", "ana@example.com")), PersonFact("Bo Lind"), PersonFact("Mia Kern")),
        units=("Search",),
    )
