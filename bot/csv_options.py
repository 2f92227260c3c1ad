"""What can be stated about a CSV file on the command line, as typer options. It reads no file and knows no column."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rituals.okrs.portfolio.csv_file import CsvOptions

_DELIMITERS = {",": ",", ";": ";", "|": "|", "tab": "\t", "\\t": "\t", "\t": "\t", "comma": ",", "semicolon": ";"}


class DateOrders(StrEnum):
    """The order of day and month."""

    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


class DecimalMarks(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","


def _mapped(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise typer.BadParameter(f'"{text}" maps nothing; write it like "Goal Title=objective"')
    return column.strip(), field.strip()


def _checked(texts: list[str] | None) -> list[str]:
    return [text for text in texts or () if _mapped(text)]


def _delimiter(text: str) -> str:
    if text.lower() not in _DELIMITERS:
        raise typer.BadParameter(f'"{text}" parts no cells; use , or ; or | or tab')
    return _DELIMITERS[text.lower()]


Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", callback=_checked, help="CSV: what a column is; - leaves it out."),
]
Delimiter = Annotated[
    str | None, typer.Option(metavar="SIGN", parser=_delimiter, help='CSV: what parts the cells (default: ",").')
]
Dates = Annotated[DateOrders | None, typer.Option(help="CSV: the order of day and month.")]
Decimals = Annotated[DecimalMarks | None, typer.Option("--decimal", help="CSV: the decimal mark.")]
Cycle = Annotated[str | None, typer.Option(metavar="KEY", help="CSV: the cycle of rows that name none.")]
Unit = Annotated[str | None, typer.Option(metavar="KEY", help="CSV: the unit of rows that name none.")]


def stated(
    mapped: list[str] | None,
    delimiter: str | None,
    dates: DateOrders | None,
    decimal: DecimalMarks | None,
    *,
    cycle: str | None,
    unit: str | None,
) -> "CsvOptions | None":
    """What was stated; None where nothing was, which says nothing about what the file is."""
    from rituals.okrs.portfolio.csv_file import CsvOptions

    options = CsvOptions(
        mapped=dict(_mapped(text) for text in mapped or ()),
        delimiter=delimiter,
        dates=dates.value if dates else None,
        decimal=decimal.value if decimal else None,
        cycle=cycle,
        unit=unit,
    )
    return None if options == CsvOptions() else options
