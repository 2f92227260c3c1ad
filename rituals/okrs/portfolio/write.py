"""Writes a portfolio as the text that `read_portfolio` takes: YAML or JSON, the same portfolio always the same bytes.

An emitter of our own because exact amounts, plain dates and one-line entries are the format, and because the bytes
must not change with the version of a library.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yaml import ScalarNode
from yaml.resolver import Resolver

from rituals.cadence import Cadence, dump_cadence
from rituals.holidays import Holidays, dump_holidays
from rituals.okrs.portfolio.schema import LISTS, SCHEMA, FileEntry, Portfolio

_TALL = ("objectives", "key_results")

# Characters that cannot start anything else inside a line; everything rarer is quoted.
_PLAIN = re.compile(r"[^\W_](?:[\w.,()/%+&@'’–…=\- ]*[\w.)/%+’…\-])?")
_FLOW_STOPS = re.compile(r"[,\[\]{}]")
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\xad\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]')
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_RESOLVER: Any = Resolver()
_STRING = "tag:yaml.org,2002:str"


def plain_values(portfolio: Portfolio) -> dict[str, Any]:
    """The file as mappings, lists, texts, Decimals, ints, bools and dates; defaults left out."""
    values: dict[str, Any] = {"schema": SCHEMA, "timezone": portfolio.timezone}
    for name in LISTS:
        entries = [_values(entry) for entry in getattr(portfolio, name)]
        if entries:
            values[name] = entries
    return values


def write_yaml(portfolio: Portfolio) -> str:
    """The file as YAML. An entry is one line, objectives and key results a key a line; history is one update a line."""
    return "\n".join(_block(plain_values(portfolio), 0)) + "\n"


def write_json(portfolio: Portfolio) -> str:
    """The file as JSON, amounts as exact numbers, days and times as texts. `read_portfolio` reads it too."""
    return "\n".join(_json(plain_values(portfolio), 0)) + "\n"


def _values(entry: FileEntry) -> dict[str, Any]:
    values = {}
    for name, info in type(entry).model_fields.items():
        value = getattr(entry, name)
        if info.is_required() or value != info.default:
            values[name] = _value(value)
    return values


def _value(value: Any) -> Any:
    if isinstance(value, FileEntry):
        return _values(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Cadence):
        dumped = dump_cadence(value)
        return {k: value.starts if k == "starts" else v for k, v in dumped.items()}
    return dump_holidays(value) if isinstance(value, Holidays) else value


def _block(value: dict[str, Any], indent: int) -> Iterator[str]:
    """A mapping, one key a line."""
    pad = " " * indent
    for key, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield f"{pad}{key}:"
            for item in inner:
                yield from _item(item, indent + 2, tall=key in _TALL)
        else:
            yield f"{pad}{key}: {_flow(inner)}"


def _item(value: dict[str, Any], indent: int, *, tall: bool) -> Iterator[str]:
    """An entry of a list: on one line, or a key a line where it is `tall` or holds mappings of its own."""
    pad = " " * indent
    if not tall and not any(isinstance(inner, dict) for inner in value.values()):
        yield f"{pad}- {_flow(value)}"
        return
    first, *rest = _block(value, indent + 2)
    yield f"{pad}- {first.lstrip()}"
    yield from rest


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    return _yaml_text(value) if isinstance(value, str) else _exact(value)


def _exact(value: Any) -> str:
    """Everything that is no text, as YAML writes it without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _yaml_text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) is not None and _FLOW_STOPS.search(text) is None
    if plain and _RESOLVER.resolve(ScalarNode, text, (True, False)) == _STRING:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes that YAML and JSON read alike."""
    return '"' + _ESCAPED.sub(lambda m: _SHORT.get(m[0], f"\\u{ord(m[0]):04x}"), text) + '"'


def _json(value: Any, indent: int) -> Iterator[str]:
    pairs: list[tuple[str, Any]]
    if isinstance(value, dict) and value:
        opening, closing, pairs = "{", "}", [(f"{quoted(k)}: ", v) for k, v in value.items()]
    elif isinstance(value, list) and value:
        opening, closing, pairs = "[", "]", [("", v) for v in value]
    else:
        yield _json_leaf(value)
        return
    pad = " " * (indent + 2)
    yield opening
    for number, (head, inner) in enumerate(pairs, 1):
        first, *rest = _json(inner, indent + 2)
        lines = [f"{pad}{head}{first}", *rest]
        lines[-1] += "," if number < len(pairs) else ""
        yield from lines
    yield " " * indent + closing


def _json_leaf(value: Any) -> str:
    if isinstance(value, (str, date)):
        return quoted(value if isinstance(value, str) else value.isoformat())
    return "[]" if value == [] else "{}" if value == {} else _exact(value)
