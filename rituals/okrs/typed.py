"""What Slack sends for what a person typed, made plain for reading without losing its place.

Slack escapes `& < >` and wraps links, people and channels in `<…>`. Here these become plain text and blanks, and
every position is mapped back, so that spans index into the original. Nothing is interpreted.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rituals.okrs.numbers import fold

_MARKUP = re.compile(
    r"&(?P<entity>amp|lt|gt);"
    r"|<(?P<inside>[^<>\n]{1,3000})>"
    r"|(?P<url>https?://[^\s<>|\"]{1,3000})"
    r"|(?<![\w:]):(?P<emoji>[a-z+\-][a-z0-9_+\-']{0,60}):(?![\w:])"
    r"|(?<!\w)~(?P<struck>[^\s~][^~\n]{0,300})(?<=[^\s~])~(?!\w)"
    r"|(?P<style>(?<!\w)_|_(?!\w)|[*`])"
)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_QUOTED = re.compile(r"^ {0,8}>[^\n]{0,40000}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed text in three forms. `shown` and `plain` are as long as each other; `at` maps them to `original`.

    `shown` is what the person saw while typing, without bare links and emphasis; `plain` is that with spaces,
    quotes, minus signs and digits folded and markup blank; `links` are (position in plain, URL).
    """

    original: str
    shown: str
    plain: str
    at: Sequence[int]
    links: tuple[tuple[int, str], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original for a stretch of `plain`."""
        return self.at[start], self.at[end]

    def said(self, start: int, end: int) -> str:
        """The person's own words for a stretch of `plain`, on one line."""
        return " ".join(self.shown[start:end].split())

    def link_in(self, start: int, end: int) -> str:
        """The first link in a stretch of `plain`, or ""."""
        first = bisect_left(self.links, (start, ""))
        return self.links[first][1] if first < len(self.links) and self.links[first][0] < end else ""


def typed(text: str) -> Typed:
    """Makes a text of Slack's (or one typed plainly) readable; linear in its length."""
    shown: list[str] = []
    plain: list[str] = []
    at: list[int] = []
    links: list[tuple[int, str]] = []
    for start, end, piece, visible, url in _pieces(text):
        if url:
            links.append((len(at), url))
        shown.append(piece)
        plain.append(fold(piece) if visible else " " * len(piece))
        literal = end - start == len(piece)
        at.extend(range(start, end) if literal else [start] * len(piece))
    return Typed(text, "".join(shown), "".join(plain), [*at, len(text)], tuple(links))


def _pieces(text: str) -> Iterator[tuple[int, int, str, bool, str]]:
    """Stretches of the original as (start, end, shown, readable, link)."""
    done = 0
    for found in _MARKUP.finditer(text):
        start, end = found.span()
        if found["url"]:
            end = start + len(found[0].rstrip(".,;:!?)'"))
        if start > done:
            yield done, start, text[done:start], True, ""
        yield (start, end, *_replaced(found, text[start:end]))
        done = end
    if done < len(text):
        yield done, len(text), text[done:], True, ""


def _replaced(found: re.Match[str], whole: str) -> tuple[str, bool, str]:
    """What stands for a piece of markup: shown text, whether it may be read, its link."""
    if found["entity"]:
        return _ENTITIES[found["entity"]], True, ""
    if found["inside"]:
        return _unwrapped(whole, found["inside"])
    if found["emoji"] or found["struck"]:
        return whole, False, ""
    return " ", False, whole if found["url"] else ""


def _unwrapped(whole: str, inside: str) -> tuple[str, bool, str]:
    """The same for what stands in `<…>`: a link, a channel, a broadcast, a person."""
    target, _, label = inside.partition("|")
    if target.startswith(("http://", "https://")):
        return (label if label and "://" not in label else " "), False, target.replace("&amp;", "&")
    if target.startswith("tel:") and label:
        return label, True, ""
    if target.startswith("#"):
        return f"#{label or target[1:]}", bool(label), ""
    return (f"@{label or target[1:]}", False, "") if target.startswith("!") else (whole, False, "")


def without_quotes(text: Typed) -> str:
    """`plain` with quoted lines (`> …`) blank: they are someone else's words, mostly ours."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text.plain)


def lowered(text: str) -> str:
    """Lower case of the same length, so that positions hold."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
