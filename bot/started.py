"""The beginning of this process: when it was, and what keeps it short. Imported first; imports nothing of ours."""

import gc
import sys
from time import monotonic

STARTED = monotonic()
USUAL = (700, 10, 10)
M_ARENA_MAX = -8  # as malloc.h has it


def hurry() -> None:
    """Do without what start-up has no use for.

    The garbage collector would look again and again through 170,000 objects that are only ever added (80 ms).
    structlog loads rich wherever it is installed, for tracebacks that we do not print (35 ms and 4 MB).
    """
    gc.set_threshold(400_000)
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # Python's own way to say that it is not there


def settle_in() -> None:
    """What start-up made stays and is not looked through again; the rest is collected as often as usual."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL)


def share_heap() -> None:
    """Have the threads that are still to come share one heap: one for each of forty costs megabytes in a round."""
    import ctypes

    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
    except (AttributeError, OSError):
        return  # not the C library of GNU
