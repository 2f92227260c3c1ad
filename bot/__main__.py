"""The way in: `plumbline` and `python -m bot`. Runs one command and turns what went wrong into a line and an exit code.

0 done, 1 failed, 2 wrong usage. It knows no command.
"""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot import started  # before anything else: "ready in" counts from here

if TYPE_CHECKING:
    from bot.config import Settings

DONE, FAILED, WRONG_USAGE = 0, 1, 2
DEBUG = "--debug"  # may stand anywhere


def main(argv: Sequence[str] | None = None, read_settings: Callable[[], "Settings"] | None = None) -> int:
    """Run one command (`argv` without the program's name) and return its exit code.

    `read_settings` is how a command that needs them gets the settings: by default from the environment and `.env`.
    """
    started.hurry()
    from typer import Abort, TyperException

    from bot.cli import command
    from bot.config import load_settings

    words = list(sys.argv[1:] if argv is None else argv)
    given = [word for word in words if word != DEBUG]
    how = {"prog_name": "plumbline", "standalone_mode": False, "obj": read_settings or load_settings}
    try:
        return command().main(given, **how) or DONE
    except TyperException as error:
        return _misused(error)
    except (Abort, KeyboardInterrupt):
        return _say("plumbline: stopped")
    except BrokenPipeError:
        # whoever read our output has what they wanted; Python would complain once more at its own end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the one edge where what went wrong becomes a line
        return _failed(error, debug=DEBUG in words)


def _misused(error: Exception) -> int:
    """Wrong usage in one line; a command that says nothing at all gets its help."""
    words = error.format_message() if hasattr(error, "format_message") else str(error)
    if words.startswith("Usage:"):
        return _say(words, WRONG_USAGE)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "plumbline"
    return _say(f"plumbline: {' '.join(words.split()).rstrip('.')}; see `{path} --help`", WRONG_USAGE)


def _failed(error: Exception, *, debug: bool) -> int:
    from bot.failures import FileErrors, told

    if debug:
        import traceback

        from bot.logging_setup import redacted

        sys.stderr.write(redacted("".join(traceback.format_exception(error))))
    return _say(str(error) if isinstance(error, FileErrors) else f"plumbline: {told(error)}")


def _say(words: str, code: int = FAILED) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
