"""A status that a person set by hand, beside the computed one: read from a typed line, and named for those who read it.

Pure. The computed status stays what it is, here and everywhere; what a form says of it is in `form`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rituals.errors import Choice, Refusal
from rituals.notices import HandSet
from rituals.okrs.figures import Figures
from rituals.okrs.model import HandStatus
from rituals.okrs.naming import KnownKeyResult, shorten
from rituals.okrs.said import Said, read_said
from rituals.okrs.state import Member
from rituals.okrs.typed import Typed
from rituals.okrs.words import status_words

BY_WORDS: Mapping[str, HandStatus] = {"on track": "on_track", "at risk": "at_risk", "off track": "off_track"}
NOBODY = "somebody"
_SET = re.compile(
    r"(?<![^\W_])(?:(?:status|it's|it is|is|now|still|but|and)[ :=]{1,3}){0,3}"
    r"(?P<status>on[ -]track|off[ -]track|at[ -]risk)"
    r"(?:(?P<marked>\s{0,3}:|,?\s{1,3}because(?: of)?(?![^\W_]))|(?P<end>[\s.!]{0,5}$)|(?P<bare>\s(?=\S)))",
    re.IGNORECASE,
)
_BETWEEN = " \t,;:.=|>()-–—→"


@dataclass(frozen=True, slots=True)
class SetLine:
    """What a line with a status says: the status, `said` before it, and where the words of its reason begin."""

    status: HandStatus
    said: Said
    reason_at: int


def hand_set(people: Mapping[str, Member], figures: Figures) -> HandSet | None:
    """The status by hand that stands beside the computed one, with the name of who set it."""
    update = figures.by_hand
    if update is None or update.status is None:
        return None
    return HandSet(
        status=update.status, reason=update.status_reason, by=people[update.by].name if update.by else NOBODY
    )


def read_status(line: Typed, at: int, named: KnownKeyResult) -> SetLine | None:
    """The status words that come right after the name (which ends at `at`) or the value, with `:` or `because` after
    them; None where there are none, or they are part of a note.

    Raises Refusal where no reason follows, or where what follows `:` can be the value as well.
    """
    found = _SET.search(line.plain, at)
    if found is None:
        return None
    said = read_said(line.plain, at, found.start(), named)
    if said.refusals or line.plain[max(said.end, at) : found.start()].strip(_BETWEEN):
        return None
    if found["marked"] is None:
        _refuse_unmarked(line, named, said, found)
        return None
    begin = found.end()
    if not line.plain[begin:].strip(" .:"):
        raise no_reason(named, _status(found))
    if found["marked"].endswith(":"):
        _refuse_value(line, named, said, found)
    return SetLine(_status(found), said, begin)


def _status(found: re.Match[str]) -> HandStatus:
    return BY_WORDS[_words(found)]


def _words(found: re.Match[str]) -> str:
    return found["status"].replace("-", " ").casefold()


def no_reason(named: KnownKeyResult, status: HandStatus) -> Refusal:
    """A status without a reason."""
    words = status_words[status]
    return Refusal(f"{named.key}: say why it is {words}, for example {named.key} {words}: vendor slips.")


def _refuse_unmarked(line: Typed, named: KnownKeyResult, said: Said, found: re.Match[str]) -> None:
    """Without a value and a mark, the words alone set nothing: the reason is asked for, or where it begins."""
    if not said.nothing or not read_said(line.plain, found.end(), len(line.plain), named).nothing:
        return
    if found["end"] is not None:
        raise no_reason(named, _status(found))
    rest = line.original[line.at[found.end()] :].strip()
    meant = f"{named.key} {_words(found)}: {rest}"
    text = f"{named.key}: I found no number. Is it {_words(found)}, and the rest the reason?"
    raise Refusal(text, choices=(Choice(meant, shorten(meant, 60)),))


def _refuse_value(line: Typed, named: KnownKeyResult, said: Said, found: re.Match[str]) -> None:
    """`at risk: 5 vendors slip` without a value before it may be the value 5."""
    after = read_said(line.plain, found.end(), len(line.plain), named)
    value = said.amount is None and (after.amount is not None or after.refused_amount is not None)
    sure = said.confidence is None and after.confidence is not None and not after.confidence_at[1]
    if not value and not sure:
        return
    before, rest = line.original[: line.at[found.start()]].rstrip(), line.original[line.at[found.end()] :].strip()
    words = _words(found)
    what = "value" if value else "confidence"
    choices: tuple[Choice, ...] = (
        Choice(f"{before} {words} because {rest}", shorten(f"{words}, because {rest}", 60)),
        Choice(f"{before} {rest}", shorten(f"The {what}: {rest}", 60)),
    )
    if not value and not line.plain[after.end :].strip(_BETWEEN):
        choices = choices[1:]  # without it there is no reason
    raise Refusal(
        f'{named.key}: is "{shorten(rest, 60)}" the reason why it is {words}, or the {what}?', choices=choices
    )
