"""What is said right after a key result's name: connecting words, a value, a confidence, then a note.

Pure, over folded text. It says what it read and how surely; whether to write it is the caller's decision.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from rituals.errors import Refusal
from rituals.okrs.naming import KnownKeyResult
from rituals.okrs.numbers import Amount, Unclear, read_confidence, read_yes_no, scan_amount, write_amount, write_number

_CONNECTING = """
a an are at currently finally from got has hit is its it it's now our reached remains stands stays still the this to
today value which avg average unchanged flat steady stable s been be just already as of we we're i i'd
"""
_MOVING = "up down went gone moved dropped fell rose grew increased decreased improved reduced brought climbed slipped"
_DOUBTFUL = "about almost approximately approx around ca circa nearly roughly say"
_HEDGES = """
target goal expected expect planned plan forecast estimate estimated should would could will might may not never no if
unless until by from between under over than least most was were aim aiming need needs
"""
CONNECTING, MOVING = frozenset(_CONNECTING.split()), frozenset(_MOVING.split())
DOUBTFUL, HEDGES = frozenset(_DOUBTFUL.split()), frozenset(_HEDGES.split())
_STATUS = re.compile(
    r"(?:(?:is|are|looks?|seems?|still|back|slightly|a bit|well|mostly|now) ){0,3}"
    r"(?:on[ -]track|off[ -]track|at[ -]risk|on[ -]pace|behind|ahead|green|yellow|amber|red|good|fine|okay|ok|great|"
    r"slow|slipping|improving|better|worse|stalled|stuck|blocked|no change|same|on schedule)(?![^\W_])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{1,40}(?:'[^\W\d_]{1,4})?|'s(?![^\W_])")
_SKIPPED = re.compile(r"[ ,;:=|>()\[\]→~\"\n•]|\.{1,3}(?=[ \n])|-{1,2}>?(?=[ \n])|->|=>")
_CONFIDENCE = re.compile(
    r"(?P<named>(?:(?:my|our|with|and|the) ){0,2}(?:confidence|conf\.?|c)(?: level)?[ :=]{1,3}"
    r"(?:(?:is|at|now|still|up|down|to|of|remains|stays|went|fell|dropped|rose|about|around)[ :]{1,2}){0,3}"
    r"(?:from \d{1,2}(?: ?/ ?10)? (?:to|→|->) )?)?"
    r"(?P<number>-?\d{1,6}(?:[.,]\d{1,6})?)(?P<of> ?/ ?10| (?:out )?of (?:10|ten))?(?![\d/%]|[.,]\d|[^\W\d_])",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:on|by|until|till|since|from|before|after|of|due|the|was|were|last|previously) $", re.IGNORECASE
)
_ARROW = re.compile(r" ?(?:→|-{1,2}>|=>) ?| (?P<to>to) ", re.IGNORECASE)
_OR = re.compile(r" ?(?:-|\.{2,3}|/) ?(?=[\d$€£])| (?:or|and) (?=[\d$€£])", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"\d{1,20}(?:[.,]\d{1,20}){0,4}")
_ANY_UNIT = re.compile(r" ?[%$€£¥₹]| ?[^\W\d_]{1,40}|")
_STEPS = re.compile(
    r"(?P<lead>done:? )?(?P<done>\d{1,4}(?:[.,]\d{1,3})?)(?: ?/ ?(?P<slash>\d{1,4})| (?:out )?of (?P<of>\d{1,4}))?"
    r"(?! ?%)(?: (?:milestones?|steps?)(?![^\W_]))?(?P<tail> done(?![^\W_]))?(?![\d/]|[.,]\d|[^\W\d_])",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"not done|not yet|[a-z]{1,9}(?![^\W_])", re.IGNORECASE)

_CONFIDENCE_NEXT = re.compile(r"[ ,;:]{1,3}(?:conf(?:idence)? )?\d{1,2} ?(?:/|of|out of) ?10(?!\d)", re.IGNORECASE)


@dataclass(slots=True)
class Said:
    """What was read from `start` on. `end` is where the note begins.

    `doubts` say why the amount may not be meant as the value now, `others` are amounts it may be instead,
    `refusals` what was read but cannot be used; `confidence_at` is the stretch of a confidence found in the note.
    """

    amount: Amount | None = None
    amount_at: tuple[int, int] = (0, 0)
    confidence: int | None = None
    confidence_at: tuple[int, int] = (0, 0)
    end: int = 0
    doubts: list[str] = field(default_factory=list)
    others: tuple[Amount, ...] = ()
    refusals: list[Refusal] = field(default_factory=list)
    refused_amount: Refusal | None = None

    @property
    def nothing(self) -> bool:
        """Neither a value nor a confidence, nor an attempt at one."""
        return self.amount is None and self.confidence is None and not self.refusals


def read_said(text: str, start: int, stop: int, of: KnownKeyResult) -> Said:
    """Reads value and confidence, in either order, that follow the name of `of` directly, up to `stop`.

    Then looks for a plainly stated confidence (`7/10`, `confidence 7`) in what is left.
    """
    said, piece, at = Said(), text[start:stop], 0
    title = frozenset(re.findall(r"[^\W\d_]{1,40}", of.title.casefold())) - HEDGES
    while at < len(piece):
        at = _skip(piece, at, said, title)
        before = at
        at = _take(piece, at, said, of)
        said.end = max(said.end, at) if at > before else said.end
        if at == before:
            break
    if said.confidence is None and not _confidence_refused(said):
        _look_for_confidence(piece, said)
    return _moved(said, start)


def _moved(said: Said, by: int) -> Said:
    """Positions in the piece become positions in the text."""
    said.end += by
    said.amount_at = (said.amount_at[0] + by, said.amount_at[1] + by)
    said.confidence_at = (said.confidence_at[0] + by, said.confidence_at[1] + by) if said.confidence_at[1] else (0, 0)
    return said


def _confidence_refused(said: Said) -> bool:
    return any(refusal is not said.refused_amount for refusal in said.refusals)


def _skip(text: str, at: int, said: Said, title: frozenset[str]) -> int:
    """Past separators, connecting words, the title's own words and a status (`on track,`)."""
    while at < len(text):
        if found := _SKIPPED.match(text, at):
            if found[0] == "~" and said.amount is None:
                said.doubts.append("about")
            at = found.end()
        elif found := _STATUS.match(text, at):
            if said.amount is None and not re.match(r" ?[,;:(\n|-]| ?$", text[found.end() : found.end() + 2]):
                said.doubts.append(found[0])
            at = found.end()
        elif (found := _WORD.match(text, at)) and (word := _passable(found[0], title)):
            _weigh(word, said)
            at = found.end() + text.startswith(".", found.end()) * (word in DOUBTFUL)
        else:
            return at
    return at


def _weigh(word: str, said: Said) -> None:
    """`down 3` may be a change, `down to 3` is not."""
    if said.amount is not None:
        return
    if word in DOUBTFUL or word in MOVING:
        said.doubts.append(word)
    elif word in {"to", "at"}:
        said.doubts[:] = [doubt for doubt in said.doubts if doubt not in MOVING]


def _passable(word: str, title: frozenset[str]) -> str:
    low = word.casefold()
    plain = low.removesuffix("'s")
    passable = low in CONNECTING or low in MOVING or low in DOUBTFUL or low == "'s" or plain in title
    return low if passable else ""


def _take(text: str, at: int, said: Said, of: KnownKeyResult) -> int:
    """Takes a confidence or a value that begins at `at`; returns where it ends, or `at` when there is none."""
    steps_first = of.kind == "milestone" and said.amount is None and said.refused_amount is None
    if steps_first and (end := _steps(text, at, said, of)) > at:
        return end
    if said.confidence is None and (end := _confidence(text, at, said)) > at:
        return end
    if said.amount is not None or said.refused_amount is not None:
        return at
    try:
        return _answer(text, at, said) if of.kind == "binary" else _value(text, at, said, of)
    except Refusal as refused:
        said.refused_amount = refused
        said.refusals.append(refused)
        said.amount_at = (at, _refused_end(text, at, refused))
        return said.amount_at[1]


def _refused_end(text: str, at: int, refused: Refusal) -> int:
    """Where an amount that cannot be used ends, with its unit."""
    if isinstance(refused, Unclear):
        return at + len(refused.typed)
    number = _PLAIN_NUMBER.search(text, at)
    unit = _ANY_UNIT.match(text, number.end()) if number else None
    return unit.end() if unit else at


def _confidence(text: str, at: int, said: Said) -> int:
    found = _CONFIDENCE.match(text, at)
    if found is None or not (found["named"] or found["of"]):
        return at
    try:
        said.confidence = read_confidence(found["number"])
    except Refusal as refused:
        said.refusals.append(refused)
    return found.end()


def confidence_in(text: str, said: Said) -> None:
    """Takes a plainly stated confidence from the words after `said.end`."""
    _look_for_confidence(text, said)


def _look_for_confidence(text: str, said: Said) -> None:
    if found := next(_plainly(text, said.end), None):
        _confidence(text, found.start(), said)
        said.confidence_at = found.span()


def _plainly(text: str, start: int) -> Iterator[re.Match[str]]:
    """Every plainly stated confidence: `7/10`, `confidence 7`, but not `on 7/10` or `was 7/10`."""
    for found in _CONFIDENCE.finditer(text, start):
        joined = found.start() > start and text[found.start() - 1].isalnum()
        dated = _DATED.search(text, max(start, found.start() - 12), found.start())
        if (found["named"] or found["of"]) and not joined and (found["named"] or not dated):
            yield found


def confidences(text: str) -> list[str]:
    """The numbers of all plainly stated confidences, good or not."""
    return [found["number"] for found in _plainly(text, 0)]


def _value(text: str, at: int, said: Said, of: KnownKeyResult) -> int:
    """One amount, or `41 → 30 days`, or a range, which is two in doubt."""
    if either := _range(text, at, of):
        said.amount, said.others, end = either
        said.amount_at = (at, end)
        said.doubts.append("range")
        return end
    found = scan_amount(text, at, measured_in=of.measured_in)
    if found is None:
        return at
    first, end = found
    arrow = _ARROW.match(text, end)
    second = scan_amount(text, arrow.end(), measured_in=of.measured_in) if arrow else None
    if arrow is None or second is None:
        said.amount, said.amount_at = first, (at, end)
        return end
    said.amount, said.amount_at = second[0], (arrow.end(), second[1])
    said.doubts[:] = [doubt for doubt in said.doubts if doubt not in MOVING]
    known_start = first.value in {of.value, of.start} or text[max(0, at - 5) : at].casefold() == "from "
    if arrow["to"] and not known_start:
        said.others = (first,)
        said.doubts.append("range")
    return second[1]


def _range(text: str, at: int, of: KnownKeyResult) -> tuple[Amount, tuple[Amount, ...], int] | None:
    """`30-35 days`, `30 or 35`: both amounts and the end; None for anything else."""
    number = _PLAIN_NUMBER.match(text, at)
    between = _OR.match(text, number.end()) if number else None
    if number is None or between is None:
        return None
    first = scan_amount(number[0], 0, measured_in=of.measured_in)
    second = scan_amount(text, between.end(), measured_in=of.measured_in)
    return (first[0], (second[0],), second[1]) if first and second else None


def _answer(text: str, at: int, said: Said) -> int:
    """Yes, no or done of a key result that is one or the other."""
    found = _ANSWER.match(text, at)
    word = found[0] if found else text[at : at + 1]
    answer = read_yes_no(word)
    if answer is None or (word.casefold() == "open"):
        if number := _PLAIN_NUMBER.match(text, at):
            raise Refusal(f"This is done or it is not; I read {number[0]}. Write yes or no.")
        return at
    end = at + len(word)
    if re.match(r"[\d.,/%]\d", text[end - 1 : end + 1]) or re.match(r"[.,/]\d|\d", text[end : end + 2]):
        raise Refusal(f'This is done or it is not; I read "{text[at : end + 2].strip()}". Write yes or no.')
    if not re.match(r" ?(?:[,;:.!)\n(-]|$|\d{1,2} ?/| conf)", text[end : end + 6]):
        said.doubts.append(word)
    said.amount, said.amount_at = Amount(Decimal(int(answer)), False, "", word), (at, end)
    return end


def _steps(text: str, at: int, said: Said, of: KnownKeyResult) -> int:
    """`2/4`, `2 of 4`, `done 2`, `2 done` or a bare number: the weight done."""
    found = _STEPS.match(text, at)
    if found is None:
        return at
    done, total = Decimal(found["done"].replace(",", ".")), found["slash"] or found["of"]
    if total == "10" and of.target != 10:
        return at
    if total is not None and of.target is not None and Decimal(total) != of.target:
        said.refused_amount = Refusal(
            f'I read "{found[0]}", but the milestones weigh {write_number(of.target)} in all. '
            "Write the weight that is done, such as done 2."
        )
        said.refusals.append(said.refused_amount)
        return found.end()
    if total == "10" and not _CONFIDENCE_NEXT.match(text, found.end()):
        said.doubts.append("milestones or confidence")
    said.amount, said.amount_at = Amount(done, False, "", found[0].strip()), (at, found.end())
    return found.end()


def example(of: KnownKeyResult) -> str:
    """How an update of this key result is typed: `KR-12 30 days 7/10`."""
    plain = {"binary": "done", "milestone": "done 2"}
    return f"{of.key} {plain.get(of.kind) or write_amount(Decimal(30), of.measured_in)} 7/10"
