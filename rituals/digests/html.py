"""A digest as HTML that goes into an e-mail: one column of tables with inline styles, nothing fetched from anywhere.

Pure. Every text is escaped; a link goes only to an https address. Pictures come drawn, with the address under which
they are found: in the page itself (`data:`), in another part of the mail (`cid:`), or in a file beside the page.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape as _escaped

from rituals.digests.parts import Line, nothing_falls, quotation, sections, standing, state, title, worded
from rituals.notices import Digest, FallingBehind
from rituals.pictures.canvas import Picture

FALLING = 20
Placed = tuple[Picture, str]
"""A picture and its address."""

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_CELL = f"{_FONT};font-size:14px;line-height:20px;color:#1d1c1d;padding:8px 8px 8px 0;border-top:1px solid #d5d5d9"
_HEAD = f"{_FONT};font-size:12px;line-height:16px;color:#5b5b60;padding:4px 8px 4px 0;font-weight:normal"
_H2 = f"{_FONT};font-size:16px;line-height:22px;color:#1d1c1d;margin:24px 0 6px 0"
_TEXT = f"{_FONT};font-size:14px;line-height:20px;color:#1d1c1d;margin:0"
_SOFT = f"{_FONT};font-size:12px;line-height:18px;color:#5b5b60;margin:0"
_TABLE = 'width="100%" cellpadding="0" cellspacing="0" border="0"'


def escape(text: str) -> str:
    """A text as HTML that shows it letter for letter; a number keeps its per cent sign beside it."""
    return _escaped(text).replace(" %", "&nbsp;%")


def html(notice: Digest, pictures: Sequence[Placed] = (), *, aside: str = "") -> str:
    """The whole page, ending in a line break. `aside` is a last line in small print."""
    name = escape(title(notice))
    lists = [(part.title, "".join(_item(line) for line in part.lines)) for part in sections(notice)]
    body = [
        f'<h1 style="{_FONT};font-size:20px;line-height:26px;color:#1d1c1d;margin:0 0 8px 0" dir="auto">{name}</h1>',
        f'<p style="{_TEXT};font-size:16px;line-height:24px" dir="auto">{escape(notice.headline)}</p>',
        _titled("Falling behind", _falling(notice)),
        *(_titled(head, f'<ul style="{_TEXT};padding:0 0 0 20px">{items}</ul>') for head, items in lists),
        *(_picture(picture, address) for picture, address in pictures),
        *(f'<p style="{_SOFT};margin:16px 0 0 0">{escape(words)}</p>' for words in (worded(notice), aside) if words),
    ]
    return _page(name, "\n".join(body))


def inside(picture: Picture) -> str:
    """A picture's address that holds the picture itself."""
    return f"data:image/png;base64,{b64encode(picture.png).decode('ascii')}"


def _page(name: str, body: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
</head>
<body style="margin:0;padding:0;background-color:#f4f4f6">
<table role="presentation" {_TABLE} bgcolor="#f4f4f6"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" \
style="width:100%;max-width:640px;background-color:#ffffff"><tr><td align="left" style="padding:20px">
{body}
</td></tr></table>
</td></tr></table>
</body>
</html>
"""


def _titled(head: str, body: str) -> str:
    return f'<h2 style="{_H2}">{escape(head)}</h2>\n{body}'


def _falling(notice: Digest) -> str:
    falling, command = notice.falling, "/okr list behind" if notice.audience == "unit" else "/okr shared"
    if not falling:
        return f'<p style="{_TEXT}">{nothing_falls(notice)}</p>'
    heads = "".join(f'<th align="left" scope="col" style="{_HEAD}">{name}</th>' for name in ("Key result", "Why"))
    rows = "\n".join(_row(one) for one in falling[:FALLING])
    left = len(falling) - FALLING
    more = f'\n<p style="{_SOFT}">and {left} more: {command} in Slack lists them all</p>' if left > 0 else ""
    return f"<table {_TABLE}>\n<tr>{heads}</tr>\n{rows}\n</table>{more}"


def _row(one: FallingBehind) -> str:
    name = linked(f"{one.line.key} {one.line.title}", one.permalink)
    owners = escape(", ".join(one.line.owners))
    stands = f"{escape(state(one.line))}: {escape(standing(one))}"
    what = f'<strong>{name}</strong><br>{stands}<br><span style="color:#5b5b60">{owners}</span>'
    said = f'<br><span style="color:#5b5b60">{escape(quotation(one))}</span>' if one.words else ""
    cells = ((what, "46%"), (f"{escape('; '.join(one.why))}{said}", "54%"))
    return f"<tr>{''.join(_cell(*cell) for cell in cells)}</tr>"


def _cell(body: str, width: str) -> str:
    return f'<td valign="top" width="{width}" style="{_CELL}" dir="auto">{body}</td>'


def _item(line: Line) -> str:
    sources = _joined(linked(name, url) for name, url in line.sources)
    return f'<li style="margin:0 0 4px 0" dir="auto">{escape(line.text)}{" " if sources else ""}{sources}</li>'


def _picture(picture: Picture, address: str) -> str:
    shown = f'src="{escape(address)}" alt="{escape(picture.alt)}" width="{picture.width}"'
    return (
        f'<p style="margin:24px 0 0 0"><img {shown} '
        'style="display:block;width:100%;max-width:600px;height:auto;border:0"></p>'
    )


def linked(words: str, url: str | None) -> str:
    """Words with their address, where there is a safe one."""
    if url is None or not url.startswith("https://"):
        return escape(words)
    return f'<a href="{escape(url)}" style="color:#1f5f99">{escape(words)}</a>'


def _joined(parts: Iterable[str]) -> str:
    return " ".join(parts)
