"""Faults of ours: logged with a short reference that the person is shown, so that the two can be brought together.

It must not decide what happens after a fault, nor show a person anything of the exception.
"""

import secrets
from typing import Any, Protocol


class FaultLogger(Protocol):
    """What a structlog logger offers."""

    def error(self, event: str, **kw: Any) -> Any:
        """Log one line at level ERROR."""
        ...


def reference() -> str:
    """A new short reference like `7F3A-09C2`: easy to read out, and one of four thousand million."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"


def log_fault(logger: FaultLogger, fault: BaseException, /, **context: Any) -> str:
    """Log `fault` with its traceback and `context` under a new reference; returns the reference."""
    ref = reference()
    logger.error("fault", **context, ref=ref, exc_info=fault)
    return ref
