"""How much of what libraries tell reaches the log. What a line looks like is `bot.logging_setup`'s."""

import logging

from bot.config import Settings
from bot.logging_setup import set_up_logging

_STEPS = ("alembic", "apscheduler", "slack_bolt", "slack_sdk", "uvicorn")  # every step at INFO
_CALLS = "slack_sdk.web"  # every failed call at ERROR; each is told by us, with what it means
_ENVIRONMENT = "As you gave `client` as well"  # Bolt found SLACK_BOT_TOKEN in the environment, as it should be


def log_at(level: str) -> None:
    """Our lines from `level` on; libraries' warnings. At DEBUG everything is told."""
    set_up_logging(level)
    everything = level == "DEBUG"
    for name in _STEPS:
        logging.getLogger(name).setLevel("NOTSET" if everything else "WARNING")
    logging.getLogger(_CALLS).setLevel("NOTSET" if everything else "CRITICAL")
    logging.getLogger("slack_bolt.App").addFilter(_expected)


def log_quietly(settings: Settings) -> None:
    """Warnings and worse, unless LOG_LEVEL says otherwise: for commands that a person looks at."""
    log_at(settings.log_level if "log_level" in settings.model_fields_set else "WARNING")


def _expected(record: logging.LogRecord) -> bool:
    return _ENVIRONMENT not in str(record.msg)
