"""CSV as text: cells, rows, delimiters, encodings, formulas. What the columns mean is tested elsewhere."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.portfolio.csv_values import (
    MOST_BYTES,
    MOST_ROWS,
    Table,
    TableRow,
    csv_text_of,
    escaped,
    parse_table,
    unescaped,
    write_table,
)
from rituals.okrs.portfolio.yaml_lines import PortfolioErrors

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def said(text: str, delimiter: str = ",") -> list[str]:
    with pytest.raises(PortfolioErrors) as refused:
        parse_table(text, delimiter)
    return [str(problem) for problem in refused.value.problems]


def rows(text: str, delimiter: str = ",") -> list[tuple[str, ...]]:
    return [row.cells for row in parse_table(text, delimiter).rows]


# Cells and rows


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b\n1,2", ("1", "2")),
        ("a,b\r\n1,2\r\n", ("1", "2")),
        ("a,b\r1,2\r", ("1", "2")),
        ('a,b\n"1, or 2","say ""no"""\n', ("1, or 2", 'say "no"')),
        ('a,b\n"one\r\ntwo",3\n', ("one\r\ntwo", "3")),
        ('a,b\n,""\n1,\n', ("1", "")),
        ('a,b\n5" screen,x\n', ('5" screen', "x")),
        ("a,b\n1\n", ("1", "")),
        ("a,b,,\n1,2,,\n", ("1", "2")),
        ("a , b\n 1 , 2\n", (" 1 ", " 2")),
        ("\ufeffa,b\n1,2\n", ("1", "2")),
    ],
)
def test_cells_are_read_as_they_were_written(text: str, cells: tuple[str, ...]) -> None:
    table = parse_table(text, ",")
    assert table.header == ("a", "b")
    assert table.rows[0].cells == cells


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_is_taken_as_stated(delimiter: str) -> None:
    assert rows(f'a{delimiter}b\n1,5{delimiter}"x{delimiter}y"\n', delimiter) == [("1,5", f"x{delimiter}y")]


def test_a_first_line_that_states_the_delimiter_is_no_row() -> None:
    assert parse_table("sep=;\na;b\n1;2\n", ";") == Table(("a", "b"), (TableRow(2, ("1", "2")),))


def test_only_a_first_line_states_the_delimiter() -> None:
    assert rows('a,b\n1,"sep=;\n2"\n') == [("1", "sep=;\n2")]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    table = parse_table('\na,b\n\n"x\ny\nz",1\n,\n2,3\n', ",")
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("x\ny\nz", "1")), (6, ("2", "3"))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the file is empty; its first row names the columns"),
        (" \n,,\n", "line 1: the file is empty"),
        ('a,b\n1,"2\n3,4\n', "line 2: a quote opens in column 2 and never closes"),
        (
            'a,b\n"1"x,2\n',
            'line 2: after the closing quote of column 1 stands "x,2"; a quote inside a text is doubled: ""',
        ),
        ("a,b\n1,2\n1,2,3\n", "line 3: the row has 3 cells, the header 2; is a text with the delimiter in it not in"),
        ("a\0,b\n", "line 1: there is a character that is no text (U+0000)"),
    ],
)
def test_what_cannot_be_taken_apart_is_told_with_its_row(text: str, words: str) -> None:
    assert said(text)[0].startswith(words)


def test_every_row_of_another_width_is_told() -> None:
    assert [line.split(":")[0] for line in said("a,b\n1,2,3\n4,5\n6,7,8\n")] == ["line 2", "line 4"]


def test_a_hundred_thousand_rows_are_read_and_not_one_more() -> None:
    most = "a\n" + "1\n" * MOST_ROWS
    assert len(parse_table(most, ",").rows) == MOST_ROWS
    assert said(most + "1\n") == ["line 100002: the file has more than 100,000 rows; import it in parts"]


# Encodings


def test_a_mark_at_the_beginning_is_no_text() -> None:
    assert csv_text_of(b"\xef\xbb\xbftype,key\n") == "type,key\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a,b\n1,2\nInês,3\n".encode("cp1252"), "line 3: this is not UTF-8 text, it looks like Windows-1252; save the"),
        (b"a,b\n\x81\xff\n", 'line 2: this is not UTF-8 text; save the file as "CSV UTF-8"'),
        ("a,b\n".encode("utf-16"), 'line 1: this is UTF-16 text; save the file as "CSV UTF-8"'),
        (b"PK\x03\x04rest", 'line 1: this is an Excel workbook; save it as "CSV UTF-8" and import that'),
        (b"a" * (MOST_BYTES + 1), "line 1: the file is larger than 64 MB; is it the portfolio?"),
    ],
)
def test_a_file_that_is_no_utf_8_text_is_told_what_to_save_it_as(data: bytes, words: str) -> None:
    with pytest.raises(PortfolioErrors) as refused:
        csv_text_of(data)
    assert str(refused.value).startswith(words)


# Formulas


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        " =1",
        "\u00a0=1",
        "＝1",
        "'=1",
        "''-x",
        '=HYPERLINK("http://x")',
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["", "x=1", "'tis", "'", "1-1", "KR-1", "a@b.example", "–5"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert escaped(text) == unescaped(text) == text


@given(
    TEXTS | st.from_regex(r"'{0,3}[=+\-@\t\r\n ]?[=+\-@\t\r\n]?.{0,3}", fullmatch=True).filter(lambda t: "\0" not in t)
)
def test_escaping_loses_nothing(text: str) -> None:
    assert unescaped(escaped(text)) == text


# Writing


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=5))
def test_what_is_written_is_read_alike_by_us_and_by_others(cells: list[list[str]]) -> None:
    written = write_table([["a", "b", "c"], *cells])
    filled = [row for row in cells if any(cell and not cell.isspace() for cell in row)]
    assert [list(row) for row in rows(written)] == [[unescaped(cell) for cell in row] for row in filled]
    assert list(csv.reader(io.StringIO(written, newline=""), strict=True))[1:] == cells


@given(st.text(max_size=60), st.sampled_from(",;\t|"))
def test_junk_is_read_or_refused_in_words(junk: str, delimiter: str) -> None:
    try:
        table = parse_table(junk, delimiter)
    except PortfolioErrors as refused:
        assert all(problem.line >= 1 and "\n" not in problem.text for problem in refused.problems)
    else:
        assert all(len(row.cells) == len(table.header) for row in table.rows)
