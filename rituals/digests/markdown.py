"""A digest as Markdown: a table of what falls behind, lists, links to the answers, pictures as files beside it.

Pure. What people wrote is escaped: it stays text and makes no structure.
"""

from collections.abc import Sequence

from rituals.digests.parts import Line, nothing_falls, quotation, sections, standing, state, title, worded
from rituals.notices import Digest, FallingBehind
from rituals.okrs.portfolio.markdown import plain_text as escaped
from rituals.pictures.canvas import Picture

_HEAD = "| Status | Key result | Now | Why | Owners |\n|---|---|---|---|---|"
Placed = tuple[Picture, str]
"""A picture and the name of the file it is in."""


def markdown(notice: Digest, pictures: Sequence[Placed] = ()) -> str:
    """The whole digest, ending in a line break."""
    blocks = [f"# {escaped(title(notice))}", escaped(notice.headline), f"## Falling behind\n\n{_falling(notice)}"]
    for part in sections(notice):
        lines = "\n".join(f"- {_line(line)}" for line in part.lines)
        blocks.append(f"## {escaped(part.title)}\n\n{lines}")
    blocks += [f"![{escaped(picture.alt)}](<{place}>)" for picture, place in pictures]
    return "\n\n".join([*blocks, f"*{escaped(worded(notice))}*"]) + "\n"


def _falling(notice: Digest) -> str:
    if not notice.falling:
        return nothing_falls(notice)
    return "\n".join([_HEAD, *(_row(one) for one in notice.falling)])


def _row(one: FallingBehind) -> str:
    name = linked(f"{one.line.key} {one.line.title}", one.permalink)
    why = "; ".join(one.why) + (f" – {quotation(one)}" if one.words else "")
    cells = (escaped(state(one.line)), name, *(escaped(t) for t in (standing(one), why, ", ".join(one.line.owners))))
    return f"| {' | '.join(cells)} |"


def _line(line: Line) -> str:
    sources = " ".join(linked(name, url) for name, url in line.sources)
    return f"{escaped(line.text)} {sources}".rstrip()


def linked(words: str, url: str | None) -> str:
    """Words with their address, where there is one that Markdown can hold."""
    safe = url is not None and url.startswith("https://") and not set(url) & set(" <>()|\n\\")
    return f"[{escaped(words)}]({url})" if safe else escaped(words)
