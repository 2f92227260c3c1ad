"""Writes a portfolio as the long CSV table that `long` reads: the same portfolio always the same bytes.

Numbers, days and flags stay what they are; texts that a spreadsheet would take for a formula are escaped.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from rituals.okrs.portfolio.csv_values import escaped, write_table
from rituals.okrs.portfolio.long import LONG
from rituals.okrs.portfolio.schema import Portfolio
from rituals.okrs.portfolio.write import plain_values

Values = dict[str, Any]
_OF_OBJECTIVE = {"contributes_to": "contribution", "key_results": "key_result"}
_OF_KEY_RESULT = {"plan": "plan", "milestones": "milestone", "updates": "update"}


def write_csv(portfolio: Portfolio) -> str:
    """The portfolio as CSV: a header, then people, units, cycles, and each objective with what belongs to it."""
    return write_table(
        [list(LONG), *([_cell(row.get(name)) for name in LONG] for row in _rows(plain_values(portfolio)))]
    )


def _rows(values: Values) -> Iterator[Values]:
    yield {"type": "portfolio", "key": values["schema"], "timezone": values["timezone"]}
    for name, kind in {"people": "person", "units": "unit", "cycles": "cycle"}.items():
        for entry in values.get(name, ()):
            yield {"type": kind, **entry}
    for objective in values.get("objectives", ()):
        yield from _objective(objective)


def _objective(values: Values) -> Iterator[Values]:
    yield {"type": "objective", **_without(values, _OF_OBJECTIVE)}
    for link in values.get("contributes_to", ()):
        named = {"objective": values["key"], "contributes_to": link["objective"]}
        yield {**link, "type": "contribution", **named}
    for kr in values.get("key_results", ()):
        yield {"type": "key_result", "objective": values["key"], **_without(kr, _OF_KEY_RESULT)}
        for name, kind in _OF_KEY_RESULT.items():
            for child in kr.get(name, ()):
                yield {"type": kind, "key_result": kr["key"], **child}


def _without(values: Values, lists: dict[str, str]) -> Values:
    return {name: value for name, value in values.items() if name not in lists}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return escaped(_text(value)) if isinstance(value, (str, list, dict)) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "; ".join(f"{name}: {_cell(part)}" for name, part in value.items()) if isinstance(value, dict) else value
