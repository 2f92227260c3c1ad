"""A digest's lines that a person may write anew before it goes out, and the digest with what they wrote. Pure.

A line that a person wrote is theirs: it carries their name, loses the answers that code had found it to rest on, and is
counted as not checked. What is nothing but figures (who falls behind, what moved, who is silent) and the lists in the
thread stay computed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rituals.errors import FormRefusal
from rituals.notices import Digest
from rituals.notices.digests import Edited

LONGEST = 300  # as much of a line as a digest shows
FIELD = 3000  # characters that a form's field takes
MOST = 6  # lines of a list that can be written anew: more than are shown of any

Edits = Mapping[str, Mapping[str, Any]]
_TITLES = {"headline": "Headline", "decisions": "Decision needed", "blockers": "Blocker"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line: where it stands (`blockers:0`), what it is, and its words."""

    place: str
    title: str
    text: str


def lines(digest: Digest) -> list[Line]:
    """The lines in the order in which they are read; of a long list those at its head."""
    found = [Line("headline", _TITLES["headline"], digest.headline)]
    for name in ("decisions", "blockers"):
        found += _of_list(digest, name)
    for number, part in enumerate(digest.more):
        found += [Line(f"more:{number}:{n}", part.title, text) for n, text in enumerate(part.lines[:MOST])]
    return found


def _of_list(digest: Digest, name: str) -> Iterator[Line]:
    for number, item in enumerate(getattr(digest, name)[:MOST]):
        yield Line(f"{name}:{number}", _TITLES[name], item if isinstance(item, str) else item.text)


def changed(digest: Digest, standing: Edits, typed: Mapping[str, str], *, by: str, user: str, anew: bool) -> Edits:
    """The edits after a form with `typed` words by place; an empty field, or the computed words, is no edit.

    `anew` says that somebody else saved since the form was opened: then what it shows unchanged leaves their lines be.
    Raises FormRefusal by place for a line that is too long.
    """
    found = dict(standing)
    computed = {line.place: " ".join(line.text[:FIELD].split()) for line in lines(digest)}
    words = {place: " ".join(text.split()) for place, text in typed.items() if place in computed}
    new = {place: text for place, text in words.items() if text not in ("", computed[place])}
    if long := {place: _too_long(text) for place, text in new.items() if len(text) > LONGEST}:
        raise FormRefusal(long)
    for place in words.keys() - new.keys() - (found.keys() if anew else set()):
        found.pop(place, None)
    for place, text in new.items():
        if text != (found.get(place) or {}).get("text"):
            found[place] = {"text": text, "by": by, "user": user}
    return found


def _too_long(text: str) -> str:
    return f"That has {len(text)} characters; {LONGEST} fit."


def with_edits(digest: Digest, edits: Edits) -> Digest:
    """The digest with these lines in the place of the computed ones, each marked with who wrote it."""
    known = [line.place for line in lines(digest) if line.place in edits]
    marks = tuple(Edited(place=place, by=str(edits[place]["by"])) for place in known)
    return digest.model_copy(update={**_replaced(digest, edits), "edited": marks}) if known else digest


def _replaced(digest: Digest, edits: Edits) -> dict[str, Any]:
    def words(place: str, text: str) -> str:
        return str(edits[place]["text"]) if place in edits else text

    found: dict[str, Any] = {"headline": words("headline", digest.headline)}
    found["decisions"] = tuple(words(f"decisions:{n}", text) for n, text in enumerate(digest.decisions))
    found["blockers"] = tuple(
        claim.model_copy(update={"text": words(place, claim.text), "sources": ()}) if place in edits else claim
        for place, claim in ((f"blockers:{n}", claim) for n, claim in enumerate(digest.blockers))
    )
    found["more"] = tuple(
        part.model_copy(update={"lines": tuple(words(f"more:{number}:{n}", text) for n, text in enumerate(part.lines))})
        for number, part in enumerate(digest.more)
    )
    return found
