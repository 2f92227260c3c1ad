"""What a command says when it cannot be carried out: one line that says what to do, never a traceback or a secret.

It decides nothing and prints nothing.
"""

from bot.config import SettingsError


class CommandError(Exception):
    """A command that cannot be carried out; the text is one line that says what to do."""


class FileErrors(Exception):  # noqa: N818 - it carries all of them
    """What is wrong in a file, one `FILE:LINE: text` a line, as compilers say it."""


def told(error: Exception) -> str:
    """The words for stderr, in one line. A fault of ours is named as one, with the way to its traceback."""
    return " ".join(_words(error).split())


def _words(error: Exception) -> str:
    if isinstance(error, (CommandError, SettingsError)):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return _of_the_parts(error) or _ours(error)


def _of_the_parts(error: Exception) -> str | None:
    """Words of the layers below; imported only now, because a command that goes well needs none of them."""
    from rituals.errors import Refusal
    from storage.database import DatabaseBusyError
    from storage.faults import BUSY, database_fault

    if isinstance(error, Refusal):
        return str(error)
    return BUSY if isinstance(error, DatabaseBusyError) else database_fault(error)


def _ours(error: Exception) -> str:
    from bot.logging_setup import redacted

    first = str(error).partition("\n")[0]
    said = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return redacted(f"something broke on our side ({said}); add --debug to see where")
