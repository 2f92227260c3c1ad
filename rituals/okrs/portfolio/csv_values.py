"""CSV text into rows of cells, and cells into CSV text (RFC 4180). What the columns mean is not known here.

A row's number is the one a spreadsheet shows: the header is row 1, empty rows count, a cell of several lines is in one
row. Text that a spreadsheet would run as a formula gets an apostrophe when it is written and loses it when it is read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rituals.okrs.portfolio.yaml_lines import FileProblem, PortfolioErrors

MOST_ROWS = 100_000
MOST_BYTES = 64_000_000
DELIMITERS = {",": '","', ";": '";"', "\t": "tab", "|": '"|"'}
"""What may part the cells, and how a person names it."""

_FORMULA = r"[\t\r\n]|\s*[=+\-@＝＋－＠]"
_RISKY = re.compile(rf"'*(?:{_FORMULA})")
_GUARDED = re.compile(rf"'+(?:{_FORMULA})")
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_STATES_DELIMITER = re.compile(r"\Asep=(.)(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with its number; it has as many cells as the header, blank ones as empty texts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The header's names as written, and the rows below it that are not empty."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


def csv_text_of(data: bytes) -> str:
    """The file's text. Raises PortfolioErrors when it is too large, or not UTF-8: then with what to save it as."""
    if len(data) > MOST_BYTES:
        raise refused(1, f"the file is larger than {MOST_BYTES // 1_000_000} MB; is it the portfolio?")
    if data.startswith(b"PK\x03\x04"):
        raise refused(1, 'this is an Excel workbook; save it as "CSV UTF-8" and import that')
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(1, 'this is UTF-16 text; save the file as "CSV UTF-8"')
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(data[: error.start].decode("latin-1"))) + 1
        raise refused(line, f'this is not UTF-8 text{_looks_like(data)}; save the file as "CSV UTF-8"') from None
    return text


def refused(row: int, text: str) -> PortfolioErrors:
    """One problem that keeps a file from being read at all."""
    return PortfolioErrors([FileProblem(row, text)])


def stated_delimiter(text: str) -> str | None:
    """The delimiter that a first line `sep=;`, which spreadsheets write and hide, states; None without such a line."""
    found = _STATES_DELIMITER.match(text)
    return found[1] if found else None


def without_statement(text: str) -> str:
    """The text without that line, and without a byte order mark."""
    return _STATES_DELIMITER.sub("", text.removeprefix("\ufeff"), count=1)


def parse_table(text: str, delimiter: str) -> Table:
    """The table that a text holds. Raises PortfolioErrors with every row that cannot be taken apart."""
    body = without_statement(text)
    if "\0" in body:
        raise refused(1, "there is a character that is no text (U+0000); is this a CSV file?")
    records = _records(body, delimiter)
    header = next(((number, cells) for number, cells in records if _filled(cells)), None)
    if header is None:
        raise refused(1, "the file is empty; its first row names the columns")
    names = _trimmed(header[1])
    problems: list[FileProblem] = []
    rows = []
    for number, cells in records:
        if number > MOST_ROWS + header[0]:
            raise refused(number, f"the file has more than {MOST_ROWS:,} rows; import it in parts")
        if _filled(cells):
            problems += _of_another_width(number, cells, len(names))
            filled = [unescaped(cell) for cell in cells[: len(names)]]
            rows.append(TableRow(number, (*filled, *[""] * (len(names) - len(filled)))))
    if problems:
        raise PortfolioErrors(problems)
    return Table(tuple(name.strip() for name in names), tuple(rows))


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as CSV: commas, CRLF, quotes only where they are needed; the same rows always the same bytes."""
    return "".join(",".join(_cell(text) for text in row) + "\r\n" for row in rows)


def escaped(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one apostrophe before =, +, -, @, tab and line break."""
    return f"'{text}" if _RISKY.match(text) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given; any other text as it is."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def _looks_like(data: bytes) -> str:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return ", it looks like Windows-1252"


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    at, number = 0, 0
    while at < len(text):
        number += 1
        end = _LINE_END.search(text, at)
        line = text[at : end.start() if end else len(text)]
        if '"' in line:
            cells, at = _quoted(text, at, delimiter, number)
        else:
            cells, at = line.split(delimiter), end.end() if end else len(text)
        yield number, cells


def _quoted(text: str, at: int, delimiter: str, number: int) -> tuple[list[str], int]:
    """The cells of the record that begins at `at`, some of them in quotes, and where the next one begins."""
    plain = re.compile(rf"[^\r\n{re.escape(delimiter)}]*")
    cells: list[str] = []
    while True:
        found = _QUOTED.match(text, at)
        if found is None and text.startswith('"', at):
            raise refused(number, f"a quote opens in column {len(cells) + 1} and never closes")
        if found is None:
            found = plain.match(text, at)
            assert found is not None  # it matches nothing, too
            cells.append(found[0])
        else:
            cells.append(found[1].replace('""', '"'))
        at = found.end()
        if not text.startswith(delimiter, at):
            return cells, _past_line_end(text, at, number, len(cells))
        at += len(delimiter)


def _past_line_end(text: str, at: int, number: int, column: int) -> int:
    end = _LINE_END.match(text, at)
    if end is None and at < len(text):
        shown = " ".join(text[at : at + 10].split())
        words = f'after the closing quote of column {column} stands "{shown}"; a quote inside a text is doubled: ""'
        raise refused(number, words)
    return end.end() if end else at


def _filled(cells: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the nameless columns at the end."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _of_another_width(number: int, cells: Sequence[str], width: int) -> Iterator[FileProblem]:
    if _filled(cells[width:]):
        words = f"the row has {len(cells)} cells, the header {width}; is a text with the delimiter in it not in quotes?"
        yield FileProblem(number, words)


def _cell(text: str) -> str:
    if text and (text[0] == " " or text[-1] == " " or any(char in text for char in ',"\r\n\t;')):
        return '"' + text.replace('"', '""') + '"'
    return text
