"""From the words about a key result to what may be written at once and what must be confirmed first.

The law: what is unambiguous is an update, what had to be guessed is a guess, what cannot be used is a problem in
words. In doubt it is a guess. Nothing is stored here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rituals.checkins.reading_doubts import doubts, is_far, now_or_none
from rituals.checkins.reading_phrases import asks_to_adjust, blocked_at
from rituals.checkins.reading_results import Guess, ReadUpdate, guess
from rituals.checkins.reading_segments import Segment
from rituals.errors import Refusal
from rituals.okrs.naming import KnownKeyResult, near_keys, no_such, shorten
from rituals.okrs.numbers import Amount, read_amount, write_amount, write_number
from rituals.okrs.said import MOVING, Said, confidences, example, read_said
from rituals.okrs.typed import Typed

NOTE_ENDS = " ,;:-–—→|.(•*"
_AMOUNT_LIKE = re.compile(r"(?<![\w.,/+-])[+-]?[$€£¥₹]?\d")
_UNSURE = re.compile(
    r"(?<![^\W_])(?:target|goal|expect(?:ed)?|should|will|would|could|might|hope|plan(?:ned)?|if|until|by|was|were|from|not|"
    r"need|aim|instead|lower|raise|change|adjust|waiting|blocked)(?![^\W_])",
    re.IGNORECASE,
)
_REACHED = frozenset(["done", "achieved", "complete", "completed", "reached", "hit", "finished"])
_SAME = frozenset(["no change", "unchanged", "same", "no changes", "as before", "same as before", "no update"])
_EXPECTED_WORDS = re.compile(
    r"(?:on|off|at|in|is|are|still|ok|okay|fine|good|great|track|risk|behind|ahead|green|yellow|amber|red|done|unchanged|"
    r"late|live|todo|tbd|later|pending|none|no|yes|not|paused|started|delayed|improving|progress|slow|slipping|stalled|"
    r"stuck|blocked|risky|worse|better|up|down|stable|steady|flat|same|change|resolved|closed|open|next|week|pace)"
)
_UP = frozenset(["up", "rose", "grew", "increased", "climbed"])
_DOWN = frozenset(["down", "dropped", "fell", "decreased", "reduced", "slipped"])


@dataclass(slots=True)
class Findings:
    """What the words about key results came to, in the order of the reply."""

    updates: list[ReadUpdate] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_segment(typed: Typed, text: str, segment: Segment, known: Sequence[KnownKeyResult], into: Findings) -> None:
    """Reads the values said in a segment into `into`, with a problem for each key that nothing has."""
    for name in segment.names:
        if name.item is None:
            into.problems.append(no_such(name.typed, near_keys(name.typed, known)).text)
    items = [name.item for name in segment.names if name.item is not None]
    if segment.question >= 2:
        _read_elsewhere(typed, text, segment, items, into)
    elif len(items) == 1:
        _read_one(typed, text, segment, items[0], into)
    elif items:
        _read_several(typed, text, segment, items, into)


def _read_elsewhere(typed: Typed, text: str, segment: Segment, items: list[KnownKeyResult], into: Findings) -> None:
    """Under questions 2 and 3 only a bare `KR-7 18%` is a report; under 3 it may be a wish, so it is asked."""
    words = text[segment.start : segment.stop]
    if len(items) != 1 or not segment.clear or blocked_at(words) or asks_to_adjust(words):
        return
    said = read_said(text, segment.said_from, segment.stop, items[0])
    update = update_from(typed, text, segment, items[0], said)
    if said.nothing or said.refusals or update.note or doubts(text, said, items[0], segment.stop):
        return
    if segment.question == 2:
        into.updates.append(update)
    else:
        into.guesses.extend(_asked(items[0], said, update, []))


def _read_one(typed: Typed, text: str, segment: Segment, of: KnownKeyResult, into: Findings) -> None:
    said = read_said(text, segment.said_from, segment.stop, of)
    if said.nothing:
        _read_loosely(typed, text, segment, of, into)
        return
    update = update_from(typed, text, segment, of, said)
    sure = segment.clear
    unclear = [refusal for refusal in said.refusals if refusal.choices]
    into.problems.extend(f"{of.key}: {refusal.text}" for refusal in said.refusals if not refusal.choices)
    why = doubts(text, said, of, segment.stop)
    several = len({*confidences(text[segment.said_from : segment.stop])}) > 1
    certain = replace(
        update,
        amount=update.amount if sure and not why else None,
        confidence=update.confidence if sure and not several else None,
    )
    pending = replace(update, confidence=None if sure else update.confidence)
    if why or not sure:
        into.guesses.extend(_asked(of, said, pending, why))
    if several and sure:
        into.guesses.append(_which_confidence(of, text[segment.said_from : segment.stop], update))
    into.guesses.extend(_unclear(of, refusal, pending) for refusal in unclear)
    if certain.amount is not None or certain.confidence is not None:
        into.updates.append(certain)


def _which_confidence(of: KnownKeyResult, words: str, update: ReadUpdate) -> Guess:
    found = sorted({int(number) for number in confidences(words) if number.isdigit() and int(number) <= 10})
    options = [(str(number), (replace(update, amount=None, confidence=number),)) for number in found]
    return guess(f"{of.key}: I read more than one confidence. Which is the one now?", options)


def update_from(typed: Typed, text: str, segment: Segment, of: KnownKeyResult, said: Said) -> ReadUpdate:
    """All that was read of one key result, as if it were certain."""
    end = segment.stop
    if said.confidence_at[1] and not text[said.confidence_at[1] : end].strip(NOTE_ENDS):
        end = said.confidence_at[0]
    note = typed.said(min(said.end, end), end).strip(NOTE_ENDS)
    span = typed.span(
        segment.start, max(segment.start, segment.start + len(text[segment.start : segment.stop].rstrip()))
    )
    return ReadUpdate(of.key, said.amount, said.confidence, note, span, typed.link_in(segment.start, segment.stop))


def _asked(of: KnownKeyResult, said: Said, update: ReadUpdate, why: list[str]) -> list[Guess]:
    """The guess for an amount that is in doubt; the confidence goes with it only when it is not written by itself."""
    if said.amount is None:
        if update.confidence is None:
            return []
        words = f"I read confidence {update.confidence} for {of.key}. Is that its confidence now?"
        return [guess(words, [(f"Confidence {update.confidence}", (update,))], leave="No")]
    options = [(label, (replace(update, amount=amount),)) for label, amount in _readings(of, said, why)]
    now = now_or_none(said, of)
    if is_far(why) and now is not None and len(options) == 1:
        before = f" from {write_amount(of.value, of.measured_in)}" if of.value is not None else ""
        words = f"{of.key}{before} to {write_amount(now, of.measured_in)} is a long way. Is that right?"
    else:
        words = f'{of.key}: I read "{said.amount.text}". Is that its value now?'
    return [guess(words, options, leave="No")]


def _readings(of: KnownKeyResult, said: Said, why: list[str]) -> list[tuple[str, Amount]]:
    """What an amount in doubt may be, most likely first."""
    amount = said.amount
    assert amount is not None
    found = [amount, *said.others]
    if amount.unit == "%" and not of.measured_in:
        found.append(replace(amount, value=amount.value / 100, unit=""))
    if not amount.relative and of.value is not None and (change := _change(of, amount.value, why)):
        found.insert(0, Amount(of.value + change, False, "", amount.text))
    if amount.relative and of.value is None:
        found = [replace(amount, relative=False)]
    options: dict[Decimal, tuple[str, Amount]] = {}
    for one in found:
        now = one.applied_to(of.value)
        options.setdefault(now, (write_amount(now, of.measured_in), one))
    return list(options.values())


def _change(of: KnownKeyResult, number: Decimal, why: list[str]) -> Decimal | None:
    """The change that `down 3`, `increased 5 %` or, where nothing is below zero, `-3` may mean."""
    moves = [word for word in why if word in MOVING]
    if moves and moves[-1] in _DOWN:
        return -abs(number)
    if moves and (moves[-1] in _UP or moves[-1] != "improved"):
        return abs(number) if moves[-1] in _UP else None
    if moves:
        return -abs(number) if of.kind in {"decrease", "keep_below"} else abs(number)
    return number if number < 0 else None


def _unclear(of: KnownKeyResult, refusal: Refusal, update: ReadUpdate) -> Guess:
    options = []
    for choice in refusal.choices:
        amount = read_amount(choice.value, measured_in=of.measured_in)
        options.append((choice.label, (replace(update, amount=amount),)))
    return guess(f"{of.key}: {refusal.text}", options, leave="Neither")


def _read_several(typed: Typed, text: str, segment: Segment, items: list[KnownKeyResult], into: Findings) -> None:
    """`KR-1 and KR-7: 8/10` may be meant for both or for the last."""
    updates = []
    for of in items:
        said = read_said(text, segment.said_from, segment.stop, of)
        if not said.nothing and not said.refusals:
            updates.append(update_from(typed, text, segment, of, said))
    if not updates:
        return
    options: list[tuple[str, tuple[ReadUpdate, ...]]] = [(_labelled(u, items), (u,)) for u in updates]
    if len(updates) == len(items):
        options.insert(0, ("All of them" if len(items) > 2 else "Both", tuple(updates)))
    words = typed.said(segment.start, segment.stop)
    into.guesses.append(guess(f'For which key result is "{shorten(words, 80)}"?', options))


def _labelled(update: ReadUpdate, items: Sequence[KnownKeyResult]) -> str:
    of = next(item for item in items if item.key == update.key)
    value = write_value(of, update.amount) if update.amount else f"confidence {update.confidence}"
    return f"{update.key} {value}"


def write_value(of: KnownKeyResult, amount: Amount) -> str:
    """An amount as a label: `30 days`, `+5 %`."""
    written = write_amount(amount.value, of.measured_in)
    return f"+{written}" if amount.relative else written


def _read_loosely(typed: Typed, text: str, segment: Segment, of: KnownKeyResult, into: Findings) -> None:
    """No value stands right after the name: a lone word is a problem, one number in its unit further on a guess."""
    rest = text[segment.said_from : segment.stop].strip(' \n"()[]*' + NOTE_ENDS)
    if not segment.clear or not rest:
        return
    if (settled := _settled(of, rest.casefold().strip(" .!?"))) is not None:
        base = ReadUpdate(of.key, settled, None, "", typed.span(segment.start, segment.stop))
        value = write_amount(settled.value, of.measured_in)
        into.guesses.append(guess(f"{of.key}: is it at {value} now?", [(value, (base,))], leave="No"))
    elif _is_no_word_for_a_status(rest):
        said = shorten(typed.said(segment.said_from, segment.stop).strip(NOTE_ENDS), 60)
        what = "cannot read" if re.search(r"\d", said) else "found no number in"
        into.problems.append(f'{of.key}: I {what} "{said}". Write for example {example(of)}.')
    elif found := _further_on(text, segment, of):
        said_there = found
        update = update_from(typed, text, segment, of, said_there)
        into.guesses.extend(
            _asked(
                of,
                said_there,
                replace(update, note=typed.said(segment.said_from, segment.stop).strip(NOTE_ENDS)),
                ["words"],
            )
        )


def _is_no_word_for_a_status(rest: str) -> bool:
    """One or two words where a value was to be expected, such as `banana`; longer words are just words."""
    words = [word.strip(".,!?") for word in rest.casefold().split()]
    lettered = rest.isascii() and any(char.isalpha() for char in rest)
    if not lettered or len(words) > 2 or _UNSURE.search(rest):
        return False
    return not all(_EXPECTED_WORDS.fullmatch(word) for word in words)


def _settled(of: KnownKeyResult, words: str) -> Amount | None:
    """The value that `done` or `no change` stands for, if it is known."""
    if words in _REACHED and of.target is not None and of.kind in {"increase", "decrease", "milestone"}:
        return Amount(of.target, False, "", words)
    if words in _SAME and of.value is not None:
        return Amount(of.value, False, "", words)
    return None


def _further_on(text: str, segment: Segment, of: KnownKeyResult) -> Said | None:
    """The only amount in the key result's own unit within the first words, if nothing makes it something else."""
    limit = min(segment.stop, segment.said_from + 300)
    found: list[Said] = []
    for start in _AMOUNT_LIKE.finditer(text, segment.said_from, limit):
        said = read_said(text, start.start(), limit, of)
        if said.amount is not None and not said.refusals and (said.amount.unit or not of.measured_in):
            found.append(said)
    if len(found) != 1 or _UNSURE.search(text, segment.said_from, found[0].amount_at[0]):
        return None
    why = doubts(text, found[0], of, segment.stop)
    return None if why and not is_far(why) else found[0]


def unread_number(said: Said, of: KnownKeyResult) -> str:
    """The number that was read, for a question about whose it is."""
    if said.amount is None:
        return f"confidence {said.confidence}"
    return write_value(of, said.amount) if said.amount.unit else write_number(said.amount.value)
