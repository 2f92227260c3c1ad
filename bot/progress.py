"""What a command that takes its time says while it works. It knows no command."""

import sys
from collections.abc import Callable

Say = Callable[[str], None]


def on_one_line() -> Say:
    """Shows one changing line on a terminal, nothing elsewhere."""

    def show(words: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{words}")
            sys.stderr.flush()

    return show
