"""Turns facts into the two parts of a request: rules in the system part, data in the user part.

People's texts go into the user part only, as JSON in which "<" and ">" are escaped, so that no text can end the
part it stands in. Nothing is sent from here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompts.facts import SummaryFacts
from prompts.languages import ENGLISH
from prompts.schemas import MOST_CLAIMS

if TYPE_CHECKING:
    from jinja2 import Environment

SUMMARY = "summary.v2"
"""The templates' name and version; a changed template is a new version, so that every stored use says which it was."""

_MOST_WORDS = 35
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>\u2028\u2029\u0085"}


@dataclass(frozen=True, slots=True)
class Messages:
    """The system and the user part."""

    system: str
    user: str

    @property
    def characters(self) -> int:
        """Length of both."""
        return len(self.system) + len(self.user)


def summary_messages(facts: SummaryFacts, *, language: str = ENGLISH) -> Messages:
    """The request for a summary of blockers in a language. `facts` must have been pseudonymised."""
    rules = {"most": MOST_CLAIMS, "words": _MOST_WORDS, "language": language}
    return rendered(SUMMARY, rules, encode(summary_data(facts)))


def rendered(template: str, rules: Mapping[str, Any], facts: str) -> Messages:
    """A template's two parts; `facts` are encoded JSON."""
    templates = _templates()
    return Messages(
        system=templates.get_template(f"{template}.system.j2").render(**rules),
        user=templates.get_template(f"{template}.user.j2").render(facts=facts),
    )


def summary_data(facts: SummaryFacts) -> dict[str, Any]:
    """What the model sees, as plain JSON values."""
    return {
        "unit": facts.unit,
        "blockers": [
            {
                "id": b.id,
                "text": b.text,
                "held_up": b.held_up,
                "waits_for": b.waits_for,
                "key_result": b.key_result,
                "until": b.until.isoformat() if b.until else None,
                "days_open": b.days_open,
                "overdue_days": b.overdue,
                "new": b.new,
                "grown_old": b.grown_old,
                "answers": list(b.answers),
            }
            for b in facts.blockers
        ],
        "waited_for": [
            {"unit": unit, "units_held_up": lines, "blockers": blockers}
            for unit, (lines, blockers) in facts.waited_for().items()
        ],
        "chains": [{"units": list(c.units), "blockers": list(c.blockers), "cycle": c.cycle} for c in facts.chains],
        "answers": [{"id": a.id, "unit": a.unit, "by": a.by, "text": a.text} for a in facts.answers],
    }


def encode(data: Any) -> str:
    """JSON in which no text can contain a delimiter or a raw line break."""
    return json.dumps(data, ensure_ascii=False, indent=1).translate(_ESCAPES)


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text for a model, not HTML; people's texts arrive as JSON
    )
