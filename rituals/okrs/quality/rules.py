"""Quality checks of one key result or objective (METHOD, "Quality checks on OKRs"): advice with a reason and a rewrite,
never a block. Pure; what needs the others of its cycle is in `sets`, how titles are read in `words`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from rituals.okrs.model import KEEP_KINDS, KeyResult, Objective, Stage, Unit
from rituals.okrs.numbers import write_amount
from rituals.okrs.progress import raw_progress
from rituals.okrs.quality.words import (
    HIRE,
    MAKE,
    MOVE,
    acquires,
    deliverable,
    has_number,
    is_output,
    vague_words,
    words,
)

Rule = Literal[
    "specific", "measurable", "achievable", "relevant", "time_bound", "outcome", "lifecycle", "template", "objectives",
    "key_results", "support", "twice", "opposite", "resource",
]  # fmt: skip
STRETCH = 10  # a target of more than so many times the baseline
FEWEST_KRS, MOST_KRS = 2, 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of advice: what is `missing`, the `reason` why it matters, and how to `rewrite` it. All raw texts.

    `about` are the keys that it is about, the checked one first. A conflict says `between` which two units (keys) it
    is, and quotes both texts. It has a `topic` where one rule may find several things about the same keys.
    `proposed`: by a model, not found by the rules.
    """

    rule: Rule
    missing: str
    reason: str
    rewrite: str
    about: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    topic: str = ""
    proposed: bool = False

    @property
    def advice(self) -> str:
        """The whole of it in sentences."""
        return f"{self.missing}. {self.reason} {self.rewrite}".strip()


def of_key_result(kr: KeyResult, *, stages: Collection[Stage | None] = ()) -> tuple[Finding, ...]:
    """What the checks find in a key result by itself. `stages` are its owners' places in the lifecycle."""
    checks = (_outcome, _specific, _measurable, _time_bound)
    found = [finding for check in checks for finding in check(kr)]
    return (*found, *_achievable(kr, stages), *_lifecycle(kr, stages))


def of_objective(objective: Objective, unit: Unit, *, highest: bool = False) -> tuple[Finding, ...]:
    """What the checks find in an objective by itself: whether it moves something above, and how many measure it.

    `highest` says that there is no objective above it to move.
    """
    return (*(() if highest else _relevant(objective, unit)), *_key_results(objective))


def _outcome(kr: KeyResult) -> Iterator[Finding]:
    if not is_output(kr.title):
        return
    yield Finding(
        "outcome",
        f'"{deliverable(kr.title).capitalize()}" names a deliverable and no measured effect',
        "It can be done and change nothing.",
        f"Say what it changes: {_effect_of(kr)}.",
        (kr.key,),
    )


def _effect_of(kr: KeyResult) -> str:
    """A pattern to fill in, by what kind of deliverable it is."""
    verb = deliverable(kr.title)
    thing = _thing(kr.title, verb)
    by = f"from … to … by {_day(kr.ends)}"
    if verb in MAKE:
        return f'"Share of customers who use {thing}, {by}"'
    if verb in MOVE:
        return f'"Cost, errors or time that {thing} saves, {by}"'
    if verb in HIRE:
        return f'"What {thing} makes faster or better, {by}"'
    return f'"Share of those reached by {thing} who act on it, {by}"'


def _thing(title: str, verb: str) -> str:
    """The title without its verb: what is made."""
    plain = title.strip().rstrip(".")
    if plain.casefold().startswith(verb):
        plain = plain[len(verb) :].strip()
        return plain.removeprefix("out ").strip() or "it"
    return plain[: -len(verb)].strip() if plain.casefold().endswith(verb) else plain


def _specific(kr: KeyResult) -> Iterator[Finding]:
    vague = vague_words(kr.title)
    if not vague or is_output(kr.title) or has_number(kr.title) or kr.measured_in.strip():
        return
    yield Finding(
        "specific",
        f'"{vague[0]}" is understood differently by everyone',
        "Two people could not agree whether it is reached.",
        f'Name what a customer does or has then, and for whom: instead of "{kr.title}", a number that shows it.',
        (kr.key,),
    )


def _measurable(kr: KeyResult) -> Iterator[Finding]:
    if kr.kind == "milestone":
        return
    if kr.kind == "binary":
        if not is_output(kr.title) and not has_number(kr.title):
            how = "Give the number that shows the effect, with the kind Increase or Decrease."
            yield Finding(
                "measurable", "It has no number", "Done or not done says nothing about how far.", how, (kr.key,)
            )
        return
    for topic, missing, reason, rewrite in _unmeasured(kr):
        yield Finding("measurable", missing, reason, rewrite, (kr.key,), topic=topic)


def _unmeasured(kr: KeyResult) -> Iterator[tuple[str, str, str, str]]:
    if kr.target is None and (kr.low is None or kr.high is None):
        yield "number", "It has no number", "Nobody can tell how far it is.", "State the target, such as 20 days."
    if not kr.measured_in.strip() and not has_number(kr.title):
        yield (
            "metric",
            "It has no metric",
            "A bare number can be counted in two ways.",
            "Say what it is measured in, such as days, % or accounts.",
        )
    if kr.start is None and kr.kind not in KEEP_KINDS:
        yield (
            "baseline",
            "It has no baseline",
            "Without a start there is no progress.",
            "Measure it once and state the start.",
        )


def _achievable(kr: KeyResult, stages: Collection[Stage | None]) -> Iterator[Finding]:
    if kr.kind in KEEP_KINDS or kr.start is None or kr.target is None or kr.start == kr.target:
        return
    if (met := _met(kr)) is not None:
        start = write_amount(met, kr.measured_in)
        how = f"Set it beyond {start}, or choose the other direction." if met == kr.start else f"Set it beyond {start}."
        target = write_amount(kr.target, kr.measured_in)
        yield Finding(
            "achievable",
            f"The target {target} is met already: it stands at {start}",
            "It asks for nothing.",
            how,
            (kr.key,),
        )
    elif kr.start and abs(kr.target) > STRETCH * abs(kr.start) and "growth" not in stages:
        start, most = (write_amount(v, kr.measured_in) for v in (kr.start, kr.start * STRETCH))
        yield Finding(
            "achievable",
            f"The target is more than {STRETCH} times the start of {start}",
            "So far rarely comes in one cycle, and a target that nobody believes moves nobody.",
            f"Take a first step of at most {most}, or say in the objective why this time it does.",
            (kr.key,),
        )


def _met(kr: KeyResult) -> Decimal | None:
    """The value by which the target was met from the beginning: its start, or the first that was reported."""
    assert kr.start is not None and kr.target is not None
    wrong_way = kr.start > kr.target if kr.kind == "increase" else kr.start < kr.target
    if wrong_way:
        return kr.start
    first = next((u.value for u in kr.updates if u.role == "report" and u.value is not None), None)
    return first if first is not None and raw_progress(kr, first) >= 1 else None


def _time_bound(kr: KeyResult) -> Iterator[Finding]:
    dated = kr.due is not None or any(one.due for one in kr.milestones)
    if kr.kind not in {"milestone", "binary"} or dated:
        return
    what = "milestones" if kr.kind == "milestone" else "it"
    yield Finding(
        "time_bound",
        "It has no date",
        "Until its end it counts as neither late nor on time.",
        f"Say by when {what} shall be done, such as {_day(kr.starts + (kr.ends - kr.starts) / 2)}.",
        (kr.key,),
    )


def _lifecycle(kr: KeyResult, stages: Collection[Stage | None]) -> Iterator[Finding]:
    won = acquires(kr.title)
    if not won or "growth" in stages:
        return
    if "sunset" in stages:
        yield Finding(
            "lifecycle",
            f'"{won}" is an acquisition goal of a line in sunset',
            "A line that is ended wins nobody whom it will not have to move.",
            "Measure how many customers have moved on, or what keeping it costs.",
            (kr.key,),
        )
    elif "mature" in stages:
        yield Finding(
            "lifecycle",
            f'"{won}" is a growth goal of a mature line',
            "A mature line earns by efficiency, retention and margin.",
            "Measure retention, margin or cost per account, or say in the objective what makes growth possible.",
            (kr.key,),
        )


def _relevant(objective: Objective, unit: Unit) -> Iterator[Finding]:
    if unit.parent is None:
        return
    unsaid = [link.objective for link in objective.contributes_to if len(words(link.how)) < 3]
    if not objective.contributes_to:
        yield Finding(
            "relevant",
            "It contributes to no objective above it",
            "What moves nothing above is work beside the plan, and counts against the connection rate.",
            "Choose the objective that it moves and say how in a sentence.",
            (objective.key,),
        )
    elif unsaid:
        yield Finding(
            "relevant",
            f"How it moves {unsaid[0]} is not said",
            "A link that nobody can explain is a wish.",
            f'Write one sentence: "When {objective.title}, then … {unsaid[0]} …, because …".',
            (objective.key, unsaid[0]),
        )


def _key_results(objective: Objective) -> Iterator[Finding]:
    number = len(objective.key_results)
    if number == 0 or FEWEST_KRS <= number <= MOST_KRS:
        return
    few = number < FEWEST_KRS
    yield Finding(
        "key_results",
        f"{objective.key} has {number} key result{'s' if number != 1 else ''}; {FEWEST_KRS} to {MOST_KRS} are good",
        "One number alone can be gamed." if few else "What is measured by everything is steered by nothing.",
        "Add one that would fall if the first were bought dearly."
        if few
        else "Keep those that would change a decision.",
        (objective.key,),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
