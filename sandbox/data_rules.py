"""The rules for table, data_table and data_visualization blocks."""

from collections.abc import Collection
from typing import Any

from sandbox.checker import Checker
from sandbox.records import Json

LABEL = 20
TABLE_CHARACTERS = 10_000


def table(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "column_settings"), ("rows",), where)
    c.items(b, "rows", 1, 100, where, lambda r, at: _row(c, r, at, ("raw_text", "rich_text", "raw_number")))
    c.items(b, "column_settings", 0, 20, where, lambda s, at: _column(c, s, at))
    _same_width(c, b, where)


def _column(c: Checker, settings: Any, where: str) -> None:
    if settings is None:
        return
    if not isinstance(settings, dict):
        c.note("must be an object", where)
        return
    c.keys(settings, ("align", "is_wrapped"), (), where)
    c.choice(settings, "align", ("left", "center", "right"), where)
    c.flag(settings, "is_wrapped", where)


def data_table(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "page_size", "row_header_column_index"), ("caption", "rows"), where)
    c.string(b, "caption", 10_000, where)
    rows = b.get("rows")
    if isinstance(rows, list) and rows:
        _row(c, rows[0], f"{where}/rows/0", ("raw_text",))
        rest: Json = {"rows": rows[1:]}
        c.items(rest, "rows", 1, 100, where, lambda r, at: _row(c, r, at, ("raw_text", "rich_text", "raw_number")))
    elif rows is not None:
        c.note("no fewer than 2 items allowed", f"{where}/rows")
    c.whole(b, "page_size", 1, 100, where)
    c.whole(b, "row_header_column_index", 0, 19, where)
    _same_width(c, b, where)


def _same_width(c: Checker, b: Json, where: str) -> None:
    rows = b.get("rows")
    widths = {len(r) for r in rows if isinstance(r, list)} if isinstance(rows, list) else set()
    if len(widths) > 1:
        c.note("all rows must have the same number of cells", f"{where}/rows")


def _row(c: Checker, row: Any, where: str, kinds: Collection[str]) -> None:
    if not isinstance(row, list) or not 1 <= len(row) <= 20:
        c.note("must be an array of 1 to 20 cells", where)
        return
    for i, cell in enumerate(row):
        _cell(c, cell, f"{where}/{i}", kinds)


def _cell(c: Checker, cell: Any, where: str, kinds: Collection[str]) -> None:
    if not isinstance(cell, dict) or cell.get("type") not in kinds:
        c.note(f"must be one of {', '.join(kinds)}", f"{where}/type")
        return
    if cell["type"] == "rich_text":
        c.keys(cell, (), ("elements",), where)
        return
    number = cell["type"] == "raw_number"
    c.keys(cell, ("text",), ("value",) if number else ("text",), where)
    if number and not _is_number(cell.get("value")):
        c.note("must be a number", f"{where}/value")
    c.string(cell, "text", TABLE_CHARACTERS, where)
    what = f"no more than {TABLE_CHARACTERS} characters in the tables of a message"
    c.add("table characters", len(str(cell.get("text", ""))), TABLE_CHARACTERS, what, where)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def data_visualization(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id",), ("title", "chart"), where)
    c.string(b, "title", 50, where)
    chart, at = b.get("chart"), f"{where}/chart"
    if not isinstance(chart, dict):
        c.note("must be an object", at)
    elif chart.get("type") == "pie":
        c.keys(chart, (), ("segments",), at)
        c.items(chart, "segments", 1, 6, at, lambda s, w: _point(c, s, w, above_zero=True))
    elif chart.get("type") in ("bar", "area", "line"):
        _axes(c, chart, at)
    else:
        c.note("must be one of pie, bar, area, line", f"{at}/type")


def _axes(c: Checker, chart: Json, where: str) -> None:
    c.keys(chart, (), ("series", "axis_config"), where)
    axis = chart.get("axis_config")
    categories: list[Any] = []
    if isinstance(axis, dict):
        at = f"{where}/axis_config"
        c.keys(axis, ("x_label", "y_label"), ("categories",), at)
        c.string(axis, "x_label", 50, at)
        c.string(axis, "y_label", 50, at)
        categories = axis["categories"] if isinstance(axis.get("categories"), list) else []
        for i, name in enumerate(categories):
            c.string({"category": name}, "category", LABEL, f"{at}/categories/{i}")
        if len(set(map(str, categories))) != len(categories):
            c.note("categories must be unique", f"{at}/categories")
    c.items(chart, "series", 1, 6, where, lambda s, at: _series(c, s, at, categories))
    series = chart.get("series")
    names = [s.get("name") for s in series if isinstance(s, dict)] if isinstance(series, list) else []
    if len(names) != len(set(names)):
        c.note("names of series must be unique", f"{where}/series")


def _series(c: Checker, series: Any, where: str, categories: list[Any]) -> None:
    if not isinstance(series, dict):
        c.note("must be an object", where)
        return
    c.keys(series, (), ("name", "data"), where)
    c.string(series, "name", LABEL, where)
    c.items(series, "data", 1, 20, where, lambda p, at: _point(c, p, at, above_zero=False))
    data = series.get("data")
    labels = [p.get("label") for p in data if isinstance(p, dict)] if isinstance(data, list) else []
    if sorted(map(str, labels)) != sorted(map(str, categories)):
        c.note("labels must match the axis categories", f"{where}/data")


def _point(c: Checker, point: Any, where: str, *, above_zero: bool) -> None:
    if not isinstance(point, dict):
        c.note("must be an object", where)
        return
    c.keys(point, (), ("label", "value"), where)
    c.string(point, "label", LABEL, where)
    value = point.get("value")
    if not _is_number(value) or (above_zero and value is not None and value <= 0):
        c.note("must be a number" + (" greater than 0" if above_zero else ""), f"{where}/value")
