"""Has a picture drawn by a process of its own, which ends with it: the drawing library takes 90 MB, and a bot that runs
for weeks is not to keep them. `python -m rituals.pictures` is the other end.

It loads nothing that draws. The process gets the data on its standard input, and no setting and no token of the bot's.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from rituals.alignment.page import AlignmentPage, MapPage
from rituals.pictures.canvas import Picture

Which = Literal["matrix", "map"]
SECONDS = 10.0  # a delivery waits for it under a lease
_ROOT = Path(__file__).parents[2]
_HANDED_ON = frozenset(
    {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "MPLCONFIGDIR", "XDG_CACHE_HOME"}
)


class Undrawn(Exception):  # noqa: N818 - it says what is not there
    """The picture was not drawn; the words are for a log."""


def drawn(which: Which, page: AlignmentPage | MapPage, *, seconds: float = SECONDS) -> Picture | None:
    """The picture of a page; None where there is nothing to show. Raises Undrawn where it fails or takes too long."""
    asked = json.dumps({"which": which, "page": page.model_dump(mode="json")}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rituals.pictures"],
            input=asked,
            capture_output=True,
            timeout=seconds,
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if name in _HANDED_ON},
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise Undrawn(f"the {which} was not drawn within {seconds:g} s") from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Undrawn(f"drawing the {which} ended with {error.returncode}: {last[:300]}") from None
    except OSError as error:
        raise Undrawn(f"no process could be started to draw the {which}: {error}") from None
    return _picture(done.stdout)


def _picture(answer: bytes) -> Picture | None:
    """What the other end wrote: a line of JSON, then the PNG."""
    line, _, png = answer.partition(b"\n")
    said = json.loads(line)
    return None if said is None else Picture(**said, png=png)
