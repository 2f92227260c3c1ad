"""A CSV file as a portfolio: the long table or another tool's file, read by what was stated about it.

Pure. It decides which of the two a file is, and what has to be stated before it can be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rituals.cadence import nearest
from rituals.okrs.portfolio.csv_values import (
    DELIMITERS,
    Table,
    parse_table,
    refused,
    stated_delimiter,
    without_statement,
)
from rituals.okrs.portfolio.days import DateOrder
from rituals.okrs.portfolio.headers import IGNORED, columns_of, plain, refuse_another_delimiter
from rituals.okrs.portfolio.long import LONG, read_long, type_of
from rituals.okrs.portfolio.numbers_read import DecimalMark
from rituals.okrs.portfolio.schema import Portfolio, UpdateEntry
from rituals.okrs.portfolio.tools import ANY, SHAPES, WIDE, shape_of
from rituals.okrs.portfolio.wide import found_in, numbered_columns, wide_columns
from rituals.okrs.portfolio.wide_build import Builder
from rituals.okrs.portfolio.wide_cells import Cells
from rituals.okrs.portfolio.wide_names import Directory
from rituals.okrs.portfolio.yaml_lines import FileProblem, PortfolioErrors


@dataclass(frozen=True)
class CsvOptions:
    """What was stated about a file. `mapped` are fields by column, `cycle` and `unit` keys for rows that name none."""

    mapped: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    dates: DateOrder | None = None
    decimal: DecimalMark | None = None
    cycle: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Known:
    """What is stored already: the portfolio, and the updates that people took back, by key result."""

    portfolio: Portfolio = field(default_factory=Portfolio)
    withdrawn: Mapping[str, Sequence[UpdateEntry]] = field(default_factory=dict)

    @property
    def history(self) -> dict[str, tuple[UpdateEntry, ...]]:
        """Every update there ever was, by key result."""
        krs = [kr for _, kr in self.portfolio.key_results()]
        return {kr.key: (*kr.updates, *self.withdrawn.get(kr.key, ())) for kr in krs}


@dataclass(frozen=True)
class CsvPortfolio:
    """The portfolio that a file describes, and what of the file was not kept, in words."""

    portfolio: Portfolio
    notes: tuple[str, ...] = ()


def read_csv(text: str, options: CsvOptions, known: Known, *, now: datetime) -> CsvPortfolio:
    """The portfolio in a CSV file; values without a day count as of `now`.

    Raises PortfolioErrors with every problem and its row, and with what to add to the command.
    """
    delimiter = options.delimiter or stated_delimiter(text) or ","
    refuse_another_delimiter(without_statement(text), delimiter, (*options.mapped, *_all_names()))
    table = parse_table(text, delimiter)
    if is_long(table, options.mapped):
        return CsvPortfolio(_long(table, options, known))
    return _wide(table, options, known, now)


def is_long(table: Table, mapped: Mapping[str, str]) -> bool:
    """Whether this is the long table: its rows have keys and say what they are, key results name their objective."""
    stated = {plain(column): field for column, field in mapped.items()}
    fields = {name: place for place, name in enumerate(_long_fields(table.header, stated)) if name}
    if shape_of(table.header) is not ANY or not {"type", "key"} <= fields.keys():
        return False
    types = {type_of(row.cells[fields["type"]]) for row in table.rows}
    return bool(types - {None}) and ("objective" in fields or "key_result" not in types)


def looks_like_long(text: str) -> bool:
    """Whether a text begins with the header of the long table, whatever parts its columns."""
    first = text.removeprefix("\ufeff").partition("\n")[0]
    headers = [_long_fields(first.strip().split(sign), {}) for sign in DELIMITERS if sign in first]
    return any({"type", "key"} <= set(fields) for fields in headers)


def _long_fields(header: Sequence[str], stated: Mapping[str, str]) -> list[str]:
    by_name = {plain(word): name for name, words in LONG.items() for word in (name, *words)}
    by_name.update(stated)
    return [by_name.get(plain(name), "") for name in header]


def _all_names() -> set[str]:
    shapes = [shape.names for shape in SHAPES]
    named = {word for names in (LONG, WIDE, *shapes) for name, words in names.items() for word in (name, *words)}
    return named | {word for shape in SHAPES for word in shape.known_by}


def _long(table: Table, options: CsvOptions, known: Known) -> Portfolio:
    for option, value in {"cycle": options.cycle, "unit": options.unit}.items():
        if value is not None:
            raise refused(
                1, f"--{option} is for files that name no {option}; every row of the long table names its own"
            )
    columns = columns_of(table.header, LONG, options.mapped)
    left_out = {plain(name) for name, field in options.mapped.items() if field == IGNORED}
    asked = [name for name in columns.unread if plain(name) not in left_out]
    if asked:
        raise PortfolioErrors(FileProblem(1, _unknown(name)) for name in asked)
    zone = known.portfolio.timezone
    return read_long(table, columns, timezone=zone, dates=options.dates, decimal=options.decimal)


def _unknown(name: str) -> str:
    tail = nearest(plain(name), LONG)
    return f'"{name}" is not known here{tail or ";"} map it with --map "{name}=FIELD", or --map "{name}={IGNORED}"'


def _wide(table: Table, options: CsvOptions, known: Known, now: datetime) -> CsvPortfolio:
    shape = shape_of(table.header)
    columns = wide_columns(table.header, shape, options.mapped)
    found = found_in(table, columns, shape)
    try:
        directory = Directory(known.portfolio, cycle=options.cycle, unit=options.unit)
    except ValueError as error:
        raise refused(1, str(error)) from None
    asked = directory.missing({"cycle", "unit"} - set(columns.fields.values()))
    if asked:
        raise PortfolioErrors(FileProblem(1, text) for text in asked)
    cells = Cells(found, options.dates, options.decimal)
    portfolio = Builder(known.portfolio, known.history, directory, found, cells, shape).portfolio(now)
    unread = [f'"{name}"' for name in columns.unread if name not in numbered_columns(table.header)]
    notes = [f"columns not read: {', '.join(unread)}"] if unread else []
    return CsvPortfolio(portfolio, (*notes, *found.left_out))
