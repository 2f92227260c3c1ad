"""One TLS context for every connection to Slack: reading the machine's certificates takes 40 ms, and without a context
slack_sdk reads them anew for each call. It opens no connection.
"""

import ssl
from functools import cache
from threading import Lock, Thread

_READING = Lock()


def prepare() -> None:
    """Begin to read them beside whatever else a start does: most of it happens outside the interpreter's lock."""
    Thread(target=context, name="certificates", daemon=True).start()


def context() -> ssl.SSLContext:
    """The machine's trusted certificates, read once a process."""
    with _READING:
        return _context()


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()
