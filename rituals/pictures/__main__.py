"""Draws one picture and ends: `{"which": …, "page": …}` on standard input; on standard output a line of JSON with its
name, title, words and width, then the PNG. `null` alone where there is nothing to show.

For `drawing`, which starts it. It reads no settings, no database and no network.
"""

import json
import sys
from typing import Any

from rituals.alignment.page import AlignmentPage, MapPage
from rituals.pictures.canvas import Picture
from rituals.pictures.map import map_picture
from rituals.pictures.matrix import matrix_picture


def answer(asked: dict[str, Any]) -> bytes:
    """What is written for what was read."""
    picture = _picture(asked["which"], asked["page"])
    if picture is None:
        return b"null\n"
    said = {"name": picture.name, "title": picture.title, "alt": picture.alt, "width": picture.width}
    return json.dumps(said).encode() + b"\n" + picture.png


def _picture(which: str, page: dict[str, Any]) -> Picture | None:
    if which == "matrix":
        return matrix_picture(AlignmentPage.model_validate(page))
    return map_picture(MapPage.model_validate(page))


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(json.load(sys.stdin.buffer)))
