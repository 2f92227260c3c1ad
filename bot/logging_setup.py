"""The log: one line an event on stderr, JSON for machines and readable on a terminal, without secrets.

Covers structlog and the standard library's loggers alike, so that a library's line is redacted as ours is. It must
not write files nor send anything anywhere.
"""

import logging
import os
import re
import sys
from collections.abc import Callable
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A colour code ends in a digit and an m: on a terminal no word boundary stands before a coloured value.
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(xox[a-z](?:\.xox[a-z])?-|xapp-)[A-Za-z0-9-]+"), r"\1***"),
    (re.compile(r"(?:\b|(?<=\dm))(sk-)[A-Za-z0-9_-]{6,}"), r"\1***"),
    (re.compile(r"(://[^\s:/@\"']*:)[^\s/@\"']+(@)"), r"\1***\2"),
    (re.compile(r"(ticket=)[^&\s\"']+"), r"\1***"),
    (re.compile(r"(hooks\.slack\.com/[a-z]+/)[A-Za-z0-9/_-]+"), r"\1***"),
)
_TIMESTAMPS = structlog.processors.TimeStamper(fmt="iso", utc=True)
_EVERY_LINE: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
    _TIMESTAMPS,
)


class _OurHandler(logging.StreamHandler[TextIO]):
    """Marks the handler that `set_up_logging` put in place, to be replaced by the next call and by nobody else."""


def redacted(text: str) -> str:
    """`text` without Slack and OpenAI tokens, passwords in addresses, socket tickets and response addresses."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def set_up_logging(level: str, *, stream: TextIO | None = None) -> None:
    """Send every log line from `level` (a name like INFO) upwards to `stream` (stderr); a later call replaces it."""
    out = sys.stderr if stream is None else stream
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_EVERY_LINE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _OurHandler(out)
    handler.setFormatter(_formatter(_readable() if out.isatty() else _json()))
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _OurHandler)] + [handler]
    root.setLevel(level)


def _formatter(renderer: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=list(_EVERY_LINE),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _without_secrets(renderer),
        ],
    )


def _without_secrets(renderer: Processor) -> Callable[[WrappedLogger, str, EventDict], str]:
    """Redacts the finished line: an object's repr and a traceback can carry a token as well as a plain value."""

    def render(logger: WrappedLogger, name: str, event: EventDict) -> str:
        return redacted(str(renderer(logger, name, event)))

    return render


def _json() -> Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)


def _readable() -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=not os.environ.get("NO_COLOR"), exception_formatter=structlog.dev.plain_traceback
    )
