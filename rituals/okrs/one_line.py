"""The one-line update: `KR-12 30 days 7/10 pilot live <https://…>`.

Pure. A command is meant as an update, so what stands after the name is taken as its value; what can be two things
is refused with choices, never guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rituals.errors import Choice, Refusal
from rituals.okrs import by_hand, line_doubts
from rituals.okrs.mentions import mentions
from rituals.okrs.model import HandStatus
from rituals.okrs.naming import KnownKeyResult, find, shorten
from rituals.okrs.numbers import Amount, write_amount, write_number
from rituals.okrs.plausible import never_below_zero
from rituals.okrs.said import Said, confidence_in, example, read_said
from rituals.okrs.typed import Typed, typed

_QUOTED = re.compile(r'"([^"\n]{1,300})"')
_FROM = re.compile(r"(?<![\w.,])[+-]?\d[\d.,]{0,20} ?[a-z%]{0,12} ?(?:to|or) $", re.IGNORECASE)
_NAMED_NOTE = re.compile(r"(?:note|comment)\s{0,3}[:=]\s{0,3}", re.IGNORECASE)
_QUOTES = "\"'“”„‘’"
_FIRST_VALUE = re.compile(
    r"(?:^|(?<=[\s:=→>(]))(?:[+-]? ?[$€£¥₹]? ?[.]?\d|(?:yes|no|done|confidence|conf)(?![^\W_]))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class OneLine:
    """One update as typed. `key_result` is the key; without amount, confidence and status the form is wanted.

    `reason` is that of the `status` set by hand.
    """

    key_result: str
    amount: Amount | None
    confidence: int | None
    note: str
    evidence: str
    status: HandStatus | None = None
    reason: str = ""


def read_line(text: str, among: Sequence[KnownKeyResult]) -> OneLine:
    """Reads what follows `/okr update`.

    Raises Refusal: no or an unknown or ambiguous name, a number that can be two (with choices), a value that does
    not fit the key result, a confidence outside 0-10, words without any number. A choice's value is the whole line as
    it should have been typed, to be read again.
    """
    line = typed(line_doubts.without_repeated_word(text))
    named, at = _name(line, among)
    if plainly := line_doubts.rewritten(line, at):
        return _directed(*plainly, among)
    line_doubts.refuse_same(named, line, at)
    line_doubts.refuse_second(line, at, among)
    if status := by_hand.read_status(line, at, named):
        return _set_by_hand(named, line, status)
    said = read_said(line.plain, at, len(line.plain), named)
    if said.refusals:
        raise _about(named, said.refusals[0], line, said)
    _refuse_doubt(named, said, line)
    line_doubts.refuse_mistyped(named, said, line, at)
    evidence = line.link_in(0, len(line.plain))
    note = _note(line, said)
    line_doubts.refuse_bare_number(named, said, line, note)
    line_doubts.refuse_second_confidence(named, said, line, note)
    note = _unmarked(note)
    if said.nothing and (note or evidence):
        what = f'I found no number in "{shorten(note, 60)}"' if note else "I found a link but no number"
        raise Refusal(f"{named.key}: {what}. Write for example {example(named)}.")
    return OneLine(named.key, said.amount, said.confidence, note, evidence)


def _set_by_hand(named: KnownKeyResult, line: Typed, status: by_hand.SetLine) -> OneLine:
    """A status with its reason, which may end in a confidence, and what was said before it."""
    said = status.said
    _refuse_doubt(named, said, line)
    said.end = status.reason_at
    if said.confidence is None:
        confidence_in(line.plain, said)
    if said.refusals:
        raise _about(named, said.refusals[0], line, said)
    reason, evidence = _unmarked(_note(line, said)), line.link_in(0, len(line.plain))
    if not reason:
        raise by_hand.no_reason(named, status.status)
    return OneLine(named.key, said.amount, said.confidence, "", evidence, status.status, reason)


def _directed(text: str, down: bool, among: Sequence[KnownKeyResult]) -> OneLine:
    """A line whose change was said in words; what goes down is read as if it went up, and turned."""
    try:
        read = read_line(text, among)
    except Refusal as no:
        if not down:
            raise
        choices = (Choice(choice.value.replace(" +", " down ", 1), choice.label) for choice in no.choices)
        raise Refusal(no.text, no.field, tuple(choices)) from None
    if not down or read.amount is None:
        return read
    amount = read.amount
    return replace(read, amount=replace(amount, value=-amount.value, text=amount.text.replace("+", "-", 1)))


def _name(line: Typed, among: Sequence[KnownKeyResult]) -> tuple[KnownKeyResult, int]:
    """The key result named at the beginning, and where its name ends."""
    plain = line.plain
    begin = len(plain) - len(plain.lstrip(" \"'"))
    first = next(iter(mentions(plain, among)), None)
    if first and first.start == begin:
        end = first.end + (plain[first.end : first.end + 1] in {'"', "'"})
        return first.item or _by_words(line, 0, end, end, among), end
    if first and first.item and not first.by_title and not re.search(r"\d", plain[: first.start]):
        meant = line.original[line.at[first.start] :]
        raise Refusal(f"Did you mean {first.item.key}?", choices=(Choice(meant, shorten(meant, 60)),))
    if quoted := _QUOTED.match(plain, len(plain) - len(plain.lstrip())):
        return _by_words(line, *quoted.span(1), quoted.end(), among), quoted.end()
    value = _FIRST_VALUE.search(plain)
    end = value.start() if value else len(plain)
    named = _by_words(line, 0, end, end, among)
    if value and re.search(r"\d", value[0]) and re.search(r"\d", named.title):
        meant = f"{named.key} {line.original[line.at[end] :].strip()}"
        raise Refusal(
            f"The title of {named.key} has a number in it. Write {named.key} or put the title in quotes.",
            choices=(Choice(meant, shorten(meant, 60)),),
        )
    return named, end


def _by_words(  # where the name stands, and where the line goes on
    line: Typed, start: int, end: int, after: int, among: Sequence[KnownKeyResult]
) -> KnownKeyResult:
    try:
        return find(line.said(start, end).rstrip(" :=,-→>("), among)
    except Refusal as refused:
        rest = line.original[line.at[after] :].lstrip()
        choices = tuple(Choice(f"{choice.value} {rest}".strip(), choice.label) for choice in refused.choices)
        raise Refusal(refused.text, choices=choices) from None


def _refuse_doubt(named: KnownKeyResult, said: Said, line: Typed) -> None:
    """Two amounts, or a minus where nothing is ever below zero, are asked back; `= -3` is in no doubt."""
    if said.amount is None:
        return
    if said.others:
        both = sorted((said.amount, *said.others), key=lambda amount: amount.value)
        raise _which(
            named, said, line, [(write_number(a.value), write_amount(a.value, named.measured_in)) for a in both]
        )
    if doubtful := line_doubts.share_or_percent(named, said, line):
        raise _which(named, said, line, doubtful)
    stated = line.plain[: said.amount_at[0]].rstrip().endswith("=")
    if said.amount.value < 0 and not said.amount.relative and not stated and never_below_zero(named):
        raise _which(named, said, line, _below_zero(named, said.amount.value))


def _below_zero(named: KnownKeyResult, value: Decimal) -> list[tuple[str, str]]:
    """What `-3` can be: the value, or three less than now."""
    options = [(f"= {write_number(value)}", write_amount(value, named.measured_in))]
    if named.value is not None:
        less = write_amount(named.value + value, named.measured_in)
        options.insert(0, (write_number(named.value + value), f"{less} ({write_number(-value)} less)"))
    return options


def _which(named: KnownKeyResult, said: Said, line: Typed, options: list[tuple[str, str]]) -> Refusal:
    read = line.said(*said.amount_at)
    words = f'I read "{read}" as {" or ".join(label for _, label in options)}. Which?'
    return _about(named, Refusal(words, choices=tuple(Choice(*option) for option in options)), line, said)


def _about(named: KnownKeyResult, refused: Refusal, line: Typed, said: Said) -> Refusal:
    begin, stop = said.amount_at
    if earlier := _FROM.search(line.plain, 0, begin):
        begin = earlier.start()
    start, end = line.span(begin, stop)
    before, after = line.original[:start], line.original[end:]
    choices = tuple(Choice(f"{before}{choice.value}{after}", choice.label) for choice in refused.choices)
    return Refusal(f"{named.key}: {refused.text}", refused.field, choices)


def _note(line: Typed, said: Said) -> str:
    """The words after the numbers, without a confidence that ends them."""
    end = len(line.plain)
    if said.confidence_at[1] and not line.plain[said.confidence_at[1] :].strip(" .,;)"):
        end = said.confidence_at[0]
    return line.said(said.end, end).strip(" ,;:-–—→|/")


def _unmarked(note: str) -> str:
    """The words themselves: without "note:" before, quotes around them, or where only marks are left."""
    said = _NAMED_NOTE.sub("", note)
    if len(said) > 1 and said[0] in _QUOTES and said[-1] in _QUOTES:
        said = said[1:-1].strip()
    return said if any(letter.isalnum() or letter > "\u2fff" for letter in said) else ""
