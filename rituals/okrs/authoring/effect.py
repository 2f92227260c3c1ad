"""What an edit does: which fields change, whether it changes what the history means, and the figures before and after.

Pure. Who decides is not its business.
"""

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rituals.cadence import Cadence, dump_cadence
from rituals.okrs.figures import Figures
from rituals.okrs.model import KeyResult
from rituals.okrs.portfolio.schema import FileEntry
from rituals.okrs.progress import shown
from rituals.okrs.words import percent_words, status_words

MEANING = frozenset(
    {"kind", "start", "target", "low", "high", "tolerance", "milestones", "plan", "starts", "ends", "due"}
)
"""Fields that say what the values given so far are worth."""
_UNSAID = frozenset({"key", "updates", "key_results"})


def changed(before: FileEntry | None, after: FileEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ as plain JSON values, before and after; of a new entry all that say something."""
    new = _plain(after)
    if before is None:
        return {}, {name: value for name, value in new.items() if value not in (None, "", [], False)}
    old = _plain(before)
    differing = [name for name in new if getattr(before, name) != getattr(after, name)]
    return {name: old[name] for name in differing}, {name: new[name] for name in differing}


def adjusts(kr: KeyResult, fields: Sequence[str]) -> bool:
    """Whether changing these fields gives another meaning to what was reported already."""
    return bool(kr.updates) and not MEANING.isdisjoint(fields)


def effect(before: Figures, after: Figures) -> str:
    """`expected today 49 % → 61 %, progress 60 % → 45 %, on track → at risk`: what changes, and what stays."""
    parts = [_step("expected today", percent_words(before.expected), percent_words(after.expected))]
    parts.append(_step("progress", _progress(before), _progress(after)))
    parts.append(_step("", status_words[before.status], status_words[after.status]))
    return ", ".join(part for part in parts if part)


def _step(name: str, was: str, now: str) -> str:
    if was == now:
        return f"{name} stays {now}" if name == "expected today" else ""
    return f"{name} {was} → {now}".strip()


def _progress(figures: Figures) -> str:
    return "–" if figures.progress is None else percent_words(shown(figures.progress))


def _plain(entry: FileEntry) -> dict[str, Any]:
    return {name: _value(getattr(entry, name)) for name in type(entry).model_fields if name not in _UNSAID}


def _value(value: Any) -> Any:
    """As JSON has it: amounts exact as texts, days as YYYY-MM-DD."""
    match value:
        case FileEntry():
            return _plain(value)
        case tuple():
            return [_value(item) for item in value]
        case Cadence():
            return dump_cadence(value)
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
