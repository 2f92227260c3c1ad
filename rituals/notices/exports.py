"""The notice of an export: files, sent to who asked for them. The files themselves are made when it is sent."""

from datetime import datetime
from typing import ClassVar

from rituals.notices.parts import Filed


class Export(Filed):
    """Files for one member (a Slack id). `formats` are names of `rituals.exports.FORMATS`; `cycle` a key, or all;
    `unit` the key of the one of which pictures are.
    """

    KIND: ClassVar[str] = "export"
    user: str
    formats: tuple[str, ...]
    asked_at: datetime
    cycle: str | None = None
    unit: str | None = None
