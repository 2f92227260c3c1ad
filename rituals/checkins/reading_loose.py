"""Words about a key result with no value right after its name: a settled word, a lone word, a number further on.

Never an update: at most a guess (`done`, `we measured 30 days`) or a problem (`banana`).
"""

import re
from dataclasses import replace

from rituals.checkins.reading_doubts import doubts, is_far
from rituals.checkins.reading_guesses import ask_value, value_label
from rituals.checkins.reading_results import Guess, ReadUpdate, guess
from rituals.okrs.naming import KnownKeyResult, shorten
from rituals.okrs.numbers import Amount
from rituals.okrs.said import Said, example, read_said
from rituals.okrs.typed import Typed
from rituals.okrs.units import family

NOTE_ENDS = " \n,;:-–—→|.•*"
_AROUND = NOTE_ENDS + '"()[]!?'
LOOKED_AT = 300
_AMOUNT_LIKE = re.compile(r"(?<![\w.,/+-])[+-]?[$€£¥₹]?\d")
_UNSURE = re.compile(
    r"(?<![^\W_])(?:target|goal|expect(?:ed)?|should|will|would|could|might|hope|plan(?:ned)?|if|until|by|was|were|from|not|"
    r"need|aim|instead|lower|raise|change|adjust|waiting|blocked)(?![^\W_])",
    re.IGNORECASE,
)
_REACHED = frozenset(["done", "achieved", "complete", "completed", "reached", "hit", "finished"])
_SAME = frozenset(["no change", "unchanged", "same", "no changes", "as before", "same as before", "no update"])
_STATUS_WORD = re.compile(
    r"(?:on|off|at|in|is|are|still|ok|okay|fine|good|great|track|risk|behind|ahead|green|yellow|amber|red|done|unchanged|"
    r"late|live|todo|tbd|later|pending|none|no|yes|not|paused|started|delayed|improving|progress|slow|slipping|stalled|"
    r"stuck|blocked|risky|worse|better|up|down|stable|steady|flat|same|change|resolved|closed|open|next|pace|too|also|and|"
    r"n/?a|nothing|[^\W\d_]{1,30}-[^\W\d_]{1,30}|[^\W\d_]{1,30}(?:ing|ed|ly))"
)


def read_loosely(typed: Typed, text: str, start: int, stop: int, of: KnownKeyResult, update: ReadUpdate) -> list[Guess]:
    """The guess that the words from `start` to `stop` allow, if any. `update` has the span to give it."""
    rest = text[start:stop].strip(_AROUND).casefold() if stop - start <= LOOKED_AT else ""
    if (settled := _settled(of, rest)) is not None:
        value = value_label(of, settled.value)
        base = replace(update, amount=settled, confidence=None, note="")
        return [guess(f"{of.key}: is it at {value} now?", [(value, (base,))], leave="No")]
    found = _further_on(text, start, stop, of)
    if found is None or found.amount is None:
        return []
    note = typed.said(start, stop).strip(NOTE_ENDS)
    meant = replace(update, amount=found.amount, confidence=found.confidence, note=note)
    return ask_value(of, found, meant, ["words"], typed.said(*found.amount_at))


def missed_number(typed: Typed, text: str, start: int, stop: int, of: KnownKeyResult) -> str:
    """The problem with a lone word (or one with a unit) where a value was to be expected; "" when there is none."""
    rest = text[start:stop].strip(_AROUND) if stop - start <= LOOKED_AT else ""
    words = rest.casefold().split()
    valued = len(words) == 1 or (len(words) == 2 and bool(family(words[1])))
    if not valued or not rest.isascii() or not any(char.isalpha() for char in rest):
        return ""
    if _STATUS_WORD.fullmatch(words[0]) or _UNSURE.search(rest):
        return ""
    said = shorten(typed.said(start, stop).strip(NOTE_ENDS), 60)
    what = "cannot read" if re.search(r"\d", said) else "found no number in"
    return f'{of.key}: I {what} "{said}". Write for example {example(of)}.'


def _settled(of: KnownKeyResult, words: str) -> Amount | None:
    """The value that `done` or `no change` stands for, if it is known."""
    if words in _REACHED and of.target is not None and of.kind in {"increase", "decrease", "milestone"}:
        return Amount(of.target, False, "", words)
    if words in _SAME and of.value is not None:
        return Amount(of.value, False, "", words)
    return None


def _further_on(text: str, start: int, stop: int, of: KnownKeyResult) -> Said | None:
    """The only amount in the key result's own unit within the first words, if nothing makes it something else."""
    limit = min(stop, start + LOOKED_AT)
    found: list[Said] = []
    for number in _AMOUNT_LIKE.finditer(text, start, limit):
        said = read_said(text, number.start(), limit, of)
        if said.amount is not None and not said.refusals and (said.amount.unit or not of.measured_in):
            found.append(said)
    if len(found) != 1 or _UNSURE.search(text, start, found[0].amount_at[0]):
        return None
    why = doubts(text, found[0], of, stop)
    return None if why and not is_far(why) else found[0]
