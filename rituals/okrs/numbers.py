"""Reading and writing amounts as people type them: `30 days`, `12.5k`, `$3M`, `1,250`, `+5`, `7/10`.

Pure, exact (Decimal only), and never a guess: what can be two numbers is refused with both as choices. It knows
nothing of key results but what they are measured in; which words around an amount matter is not decided here.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from rituals.errors import Choice, Refusal
from rituals.okrs.units import CURRENCIES, PERCENT, SYMBOLS, Measure, agrees, family, magnitude, measure, stem

MAX_DIGITS = 15
MAX_PLACES = 9

_FOLDED = {ord(c): " " for c in "\u00a0\u2007\u2009\u202f\u2002\u2003\t"}
_FOLDED |= {ord(c): "-" for c in "\u2212\u2010\u2011\u2012\u2013\uff0d\ufe63"}
_FOLDED |= {ord(c): "'" for c in "\u2018\u2019\u02bc\u00b4`"} | {ord(c): '"' for c in "\u201c\u201d\u201e\u00ab\u00bb"}
_FOLDED |= {ord("\uff05"): "%", ord("\uff0b"): "+", ord("\uff0f"): "/", ord("\u2044"): "/", ord("\uff1a"): ":"}
_FOLDED |= {ord("\uff0c"): ",", ord("\uff1b"): ";", ord("\uff08"): "(", ord("\uff09"): ")"}

_DIGITS = r"(?:\d{1,3}(?:[ '_]\d{3}(?!\d)){1,6}(?:[.,]\d{1,30})?|\d{1,40}(?:[.,]\d{1,40}){0,8}|[.,]\d{1,30})"
_AMOUNT = re.compile(
    rf"(?P<sign>[+-])? ?(?P<before>us\$|[{SYMBOLS[1:]}]|(?:usd|eur|gbp|chf) )? ?(?P<inner>[+-])?(?P<digits>{_DIGITS})",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"( ?)(us\$|[{SYMBOLS}]|[^\W\d_]{{1,40}})(?![^\W_])", re.IGNORECASE)
_CURRENCY = re.compile(r"us\$|[$€£¥₹]", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"(?:(?:my )?conf(?:idence)?\b[ :=]{0,3}(?:is |at |now ){0,3})?(-?\d{1,9}(?:[.,]\d{1,9})?)"
    r"(?: ?/ ?10| (?:out )?of (?:10|ten))?",
    re.IGNORECASE,
)
_YES = frozenset({"yes", "y", "done", "true", "complete", "completed", "achieved", "shipped", "1"})
_NO = frozenset({"no", "n", "not done", "not yet", "false", "open", "0"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number a person typed. `relative`: `+5`, a change and not a value. `unit`: as typed, "" if none was.

    `value` is in the key result's own measure. `text` is what was typed, for showing back.
    """

    value: Decimal
    relative: bool
    unit: str
    text: str

    def applied_to(self, current: Decimal | None) -> Decimal:
        """The new value: the amount itself, or `current` with the change. Refused when there is nothing to change."""
        if not self.relative:
            return self.value
        if current is None:
            raise Refusal(f'I read "{self.text}" as a change, but there is no earlier value. Give the value itself.')
        return current + self.value


@dataclass
class Unclear(Refusal):
    """The refusal of a number that can be read in two ways. `typed` is the stretch with its sign and unit."""

    typed: str = ""


def fold(text: str) -> str:
    """The text with spaces, quotes, minus signs and digits of all scripts made plain; same length, so spans hold."""
    plain = text.translate(_FOLDED)
    return plain if plain.isascii() else "".join(map(_plain_digit, plain))


def _plain_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char


def read_amount(text: str, *, measured_in: str = "", kind: str = "") -> Amount:
    """The one amount that `text` is, in the measure of `measured_in`.

    With `kind="binary"` yes, no and done are 1 and 0. Raises Refusal: no number, a unit that contradicts
    `measured_in`, more than one number, or (with choices) a number that can be read in two ways.
    """
    typed = text.strip()
    if kind == "binary" and (answer := read_yes_no(typed)) is not None:
        return Amount(Decimal(int(answer)), False, "", typed)
    trimmed = fold(typed).rstrip(" .,;:!")
    measured = measure(measured_in)
    if not any(char.isdigit() for char in trimmed):
        raise Refusal(f"{_quoted('I read', typed)} has no number. Write {_examples(measured)}.")
    found = scan_amount(trimmed, 0, measured_in=measured_in)
    if found is None:
        raise Refusal(f"{_quoted('I read', typed)} is not one number. Write {_examples(measured)}.")
    amount, end = found
    return Amount(amount.value, amount.relative, _whole_unit(amount, trimmed[end:].strip(), measured), typed)


def _whole_unit(amount: Amount, left: str, measured: Measure) -> str:
    """The unit when the amount is all there is: words nobody knows are a unit only where none is stated."""
    if not left:
        return amount.unit
    if measured.text or amount.unit or re.search(r"\d", left):
        said = f"This is measured in {measured.text}; " if measured.text and not re.search(r"\d", left) else ""
        raise Refusal(f'{said}I read {amount.text} and cannot place "{_short(left)}". Write {_examples(measured)}.')
    return left


def scan_amount(text: str, start: int, *, measured_in: str = "") -> tuple[Amount, int] | None:
    """The amount that begins at `start` of a folded text, and where it ends; None when none begins there.

    Takes a word after the number as its unit only when it is one. Raises Refusal as `read_amount` does.
    """
    found = _AMOUNT.match(text, start)
    if found is None or (found["sign"] and found["inner"]):
        return None
    measured = measure(measured_in)
    factor, unit, end = _after(text, found.end(), measured, (found["before"] or "").strip())
    if re.match(r"[^\W_]|-\d|/\d", text[end : end + 2]):
        return None
    typed = text[start:end].strip()
    if not agrees(unit, measured):
        raise Refusal(f'This is measured in {measured.text}: I read "{typed}". Write {_examples(measured)}.')
    sign = found["sign"] or found["inner"] or ""
    values = _values(found["digits"], typed)
    if factor is None and unit and measured.scale != 1:
        values = [values[0], values[0] / measured.scale]
    else:
        values = [value * (factor or measured.scale) / measured.scale for value in values]
    _fits(values[0], typed)
    if len(values) > 1:
        raise _which(typed, values, sign, measured)
    return Amount(-values[0] if sign == "-" else values[0], sign == "+", unit, typed), end


def _after(text: str, at: int, measured: Measure, before: str) -> tuple[Decimal | None, str, int]:
    """Magnitude, unit and end of what follows the digits."""
    if literal := _literal(text, at, measured):
        return measured.scale, measured.text, literal
    factor, unit = None, before
    found = _AFTER.match(text, at)
    if found and not _is_unit(found, measured) and (factor := _factor(found, measured, before)):
        at = found.end()
        found = _AFTER.match(text, at)
    if found and not before and _is_unit(found, measured):
        unit, at = found[2], found.end()
    while unit and (found := _AFTER.match(text, at)) and found[1] and stem(found[2]) in measured.stems:
        unit, at = f"{unit} {found[2]}", found.end()
    return factor, unit, at


def _literal(text: str, at: int, measured: Measure) -> int:
    """Where the measure ends if it follows letter for letter; else 0."""
    at += text.startswith(" ", at)
    end = at + len(measured.text)
    same = measured.text and text[at:end].casefold() == fold(measured.text).casefold()
    return end if same and not re.match(r"[^\W_]", text[end : end + 1]) else 0


def _factor(found: re.Match[str], measured: Measure, before: str) -> Decimal | None:
    """A small `m` or `b` counts only right at the number, and never where time is measured."""
    word, times = found[2], magnitude(found[2])
    if times is None or (len(word) == 1 and found[1] and word not in "kKMB"):
        return None
    timed = measured.family and measured.family != PERCENT and measured.family not in CURRENCIES
    return None if word == "m" and timed and not before else times


def _is_unit(found: re.Match[str], measured: Measure) -> bool:
    """One letter is a unit only right at the number (`30d`) or when it is the measure itself."""
    word, of = found[2], family(found[2])
    if of and of == measured.family:
        return True
    if magnitude(word) and not (word == "m" and measured.family in {"day", "week", "month", "year", "hour", "second"}):
        return False
    if of and (len(word) > 1 or not found[1] or word in SYMBOLS):
        return True
    return stem(word) in measured.stems or (measured.family == PERCENT and stem(word) in {"point", "pt"})


def _values(digits: str, typed: str) -> list[Decimal]:
    """What the digits can mean: one value, or two when a single sign before three digits may be either."""
    marks = re.sub(r"\d", "", digits)
    if set(" '_") & set(marks):
        return [Decimal(re.sub(r"[ '_]", "", digits).replace(",", "."))]
    if len(set(marks)) == 2:
        last = marks[-1]
        return [_grouped(digits, group="," if last == "." else ".", point=last, typed=typed)]
    if len(marks) > 1:
        return [_grouped(digits, group=marks[0], point="", typed=typed)]
    return _one_mark(digits, marks) if marks else [Decimal(digits)]


def _one_mark(digits: str, mark: str) -> list[Decimal]:
    """A comma before three digits groups thousands, a point before three digits can be either."""
    whole, places = digits.split(mark)
    decimal, thousands = Decimal(f"{whole or 0}.{places}"), Decimal(whole + places)
    if len(places) != 3 or whole.startswith("0") or not whole:
        return [decimal]
    if len(whole) > 3:
        return [decimal, thousands] if mark == "," else [decimal]
    return [thousands] if mark == "," else [decimal, thousands]


def _grouped(digits: str, *, group: str, point: str, typed: str) -> Decimal:
    """Groups of three (or, with commas, of two before the last three, as in India), then decimals."""
    whole, _, places = digits.partition(point) if point else (digits, "", "")
    sizes = [len(part) for part in whole.split(group)]
    threes = sizes[0] in {1, 2, 3} and all(size == 3 for size in sizes[1:])
    lakhs = group == "," and sizes[0] in {1, 2} and sizes[-1] == 3 and all(size == 2 for size in sizes[1:-1])
    if (point and point in places) or not (threes or lakhs) or whole.startswith("0"):
        raise Refusal(f'I cannot tell what "{typed}" means: its groups do not have three digits. Write 1,250 or 1.5.')
    return Decimal(f"{whole.replace(group, '')}.{places or 0}")


def _fits(value: Decimal, typed: str) -> None:
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)
    if len(digits) - places > MAX_DIGITS or places > MAX_PLACES + 6:
        raise Refusal(f'"{_short(typed)}" has more digits than I can keep. Use k, M or fewer decimals.')


def _which(typed: str, values: list[Decimal], sign: str, measured: Measure) -> Refusal:
    scaled = measured.scale != 1
    labels = [write_amount(v, measured.text) if scaled else write_number(v, guarded=False) for v in values]
    last = write_amount(values[1], measured.text)
    shown = "−" if sign == "-" else sign
    options = tuple(
        Choice(sign + write_number(value), shown + label) for value, label in zip(values, labels, strict=True)
    )
    words = f'I read "{typed}" as {shown}{labels[0]} or {shown}{last}. Which?'
    return Unclear(words, choices=options, typed=typed)


def write_number(value: Decimal, *, guarded: bool = True) -> str:
    """The number with thousands commas and no needless zeros: `1,250`, `−3`, `0.7`.

    Guarded, exactly three decimals get a fourth (`1.1250`), because `1.125` can also be read as 1,125.
    """
    plain = f"{abs(value):,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, places = plain.partition(".")
    if guarded and len(places) == 3 and len(whole) <= 3 and whole != "0":
        plain += "0"
    return f"−{plain}" if value < 0 and plain != "0" else plain


def write_amount(value: Decimal, measured_in: str) -> str:
    """The value with its unit, in the one style of all messages: `41 days`, `18 %`, `$1,250`, `$3M`, `1 day`.

    `read_amount(write_amount(v, m), measured_in=m)` is `v` again.
    """
    number, measured = write_number(value), measure(measured_in)
    if (sign_of := _CURRENCY.search(measured.text)) and measured.family == sign_of[0][-1]:
        rest = measured.text.replace(sign_of[0], "", 1)
        rest = rest.replace(measured.magnitude, "", 1).strip() if measured.magnitude else rest.strip()
        sign, digits = ("−", number[1:]) if number.startswith("−") else ("", number)
        return f"{sign}{sign_of[0]}{digits}{measured.magnitude}{' ' + rest if rest else ''}"
    if abs(value) == 1 and measured.family.isalpha() and measured.text == f"{measured.family}s":
        return f"{number} {measured.family}"
    return f"{number} {measured.text}".rstrip()


def read_confidence(text: str) -> int:
    """A confidence out of ten: `7`, `7/10`, `7 of 10`, `confidence 7`. Raises Refusal for anything else."""
    typed = text.strip()
    found = _CONFIDENCE.fullmatch(fold(typed).rstrip(" .,;:!"))
    if found is None:
        raise Refusal(f"{_quoted('I read', typed)} is no confidence. Write a whole number from 0 to 10, such as 7/10.")
    number = Decimal(found[1].replace(",", "."))
    if not 0 <= number <= 10:
        raise Refusal(f"Confidence runs from 0 to 10; I read {found[1].replace('-', '−')}.")
    if number != int(number):
        raise Refusal(f"Confidence is a whole number from 0 to 10; I read {found[1]}.")
    return int(number)


def read_yes_no(text: str) -> bool | None:
    """True for yes and done, False for no and not yet, None for anything else."""
    word = fold(text).strip(" .,;:!").casefold()
    if word in _YES:
        return True
    return False if word in _NO else None


def _quoted(lead: str, typed: str) -> str:
    return f'{lead} "{_short(typed)}", which' if typed else f"{lead} nothing, which"


def _short(typed: str) -> str:
    return typed if len(typed) <= 60 else f"{typed[:59]}…"


def _examples(measured: Measure) -> str:
    sample = write_amount(Decimal(30), measured.text) if measured.text else "30, 12.5k"
    return f"for example {sample}, or +5 for a change"
