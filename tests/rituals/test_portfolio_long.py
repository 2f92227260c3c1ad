"""The long CSV table: what is written is read back letter for letter, and every mistake is told with its row."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.cadence import parse_cadence
from rituals.okrs.portfolio.csv_file import CsvOptions, Known, looks_like_long, read_csv
from rituals.okrs.portfolio.csv_values import parse_table
from rituals.okrs.portfolio.diff import diff
from rituals.okrs.portfolio.file import read_portfolio
from rituals.okrs.portfolio.long import LONG, TYPES
from rituals.okrs.portfolio.long_write import write_csv
from rituals.okrs.portfolio.schema import (
    ContributionEntry,
    CycleEntry,
    KeyResultEntry,
    MilestoneEntry,
    ObjectiveEntry,
    PersonEntry,
    PlanPoint,
    Portfolio,
    UnitEntry,
    UpdateEntry,
)
from rituals.okrs.portfolio.yaml_lines import PortfolioErrors

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"

GOOD = """\
type,key,name,title,level,parent,leads,cadence,unit,cycle,objective,key_result,kind,start,target,measured_in,owners,\
starts,ends,at,value,confidence,by,note,contributes_to,how,timezone
portfolio,plumbline/1,,,,,,,,,,,,,,,,,,,,,,,,,Europe/Berlin
person,ana,Ana Ruiz,,,,,,,,,,,,,,,,,,,,,,,,
unit,suite,Product suite,,portfolio,,ana,every: 2 weeks; on: monday; at: 09:00; starts: 2026-10-05,,,,,,,,,,,,,,,,,,,
unit,crm,CRM,,product_line,suite,ana,,,,,,,,,,,,,,,,,,,,
cycle,2026-Q4,,,,,,,,,,,,,,,,2026-10-01,2026-12-31,,,,,,,,
objective,O-1,,Less waiting,,,,,suite,2026-Q4,,,,,,,,,,,,,,,,,
objective,O-2,,Fewer steps,,,,,crm,2026-Q4,,,,,,,,,,,,,,,,,
contribution,,,,,,,,,,O-2,,,,,,,,,,,,,,O-1,Fewer steps,
key_result,KR-1,,Onboarding time,,,,,,,O-1,,decrease,45,20,days,"suite, crm",,,,,,,,,,
update,,,,,,,,,,,KR-1,,,,,,,,2026-10-19,41,6,ana,Pilot started,,,
"""


def read(text: str, known: Portfolio | None = None, **options: Any) -> Portfolio:
    return read_csv(text, CsvOptions(**options), Known(known or Portfolio()), now=NOW).portfolio


def problems(text: str, **options: Any) -> list[str]:
    with pytest.raises(PortfolioErrors) as refused:
        read(text, **options)
    return [str(problem) for problem in refused.value.problems]


def spoiled(old: str, new: str, **options: Any) -> list[str]:
    """The problems of the good file with one thing changed."""
    assert GOOD.count(old) == 1, GOOD.count(old)
    return problems(GOOD.replace(old, new), **options)


# What is read


def test_a_long_table_is_the_same_portfolio_as_its_yaml() -> None:
    yaml = """
schema: plumbline/1
timezone: Europe/Berlin
people: [{key: ana, name: Ana Ruiz}]
units:
  - {key: suite, name: Product suite, level: portfolio, leads: [ana],
     cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [ana]}
cycles: [{key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}]
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Less waiting
    key_results:
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20, measured_in: days,
         owners: [suite, crm], updates: [{at: 2026-10-19, value: 41, confidence: 6, by: ana, note: Pilot started}]}
  - {key: O-2, unit: crm, cycle: 2026-Q4, title: Fewer steps, contributes_to: [{objective: O-1, how: Fewer steps}]}
"""
    assert read(GOOD) == read_portfolio(yaml)


def test_rows_may_stand_in_any_order() -> None:
    header, *rows = GOOD.splitlines(keepends=True)
    assert read(header + "".join(reversed(rows))).people == read(GOOD).people
    turned = read(header + "".join(reversed(rows)))
    assert {kr.key: kr.updates for _, kr in turned.key_results()} == {
        kr.key: kr.updates for _, kr in read(GOOD).key_results()
    }


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("type", "Record type"),
        ("key", "ID"),
        ("start", "Baseline"),
        ("target", "Target Value"),
        ("at", "Check-in date"),
    ],
)
def test_a_column_may_be_called_otherwise(name: str, other: str) -> None:
    head, _, rows = GOOD.partition("\n")
    renamed = ",".join(other if column == name else column for column in head.split(","))
    assert read(f"{renamed}\n{rows}") == read(GOOD)


def test_a_type_may_be_written_as_people_say_it() -> None:
    assert read(GOOD.replace("key_result,KR-1", "Key Result,KR-1").replace("update,,", "Check-in,,")) == read(GOOD)


def test_a_column_is_mapped_by_hand_or_left_out() -> None:
    head, _, rows = GOOD.partition("\n")
    strange = head.replace("confidence", "Sure?").replace("note", "Remark")
    mapped = read(f"{strange}\n{rows}", mapped={"Sure?": "confidence", "remark": "-"})
    [(_, kr)] = mapped.key_results()
    assert (kr.updates[0].confidence, kr.updates[0].note) == (6, "")


def test_an_objectives_own_row_may_say_what_it_contributes_to() -> None:
    short = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith("contribution"))
    short = short.replace(
        "Fewer steps,,,,,crm,2026-Q4,,,,,,,,,,,,,,,,,", "Fewer steps,,,,,crm,2026-Q4,,,,,,,,,,,,,,,O-1,,"
    )
    assert [(c.objective, c.how) for c in read(short).objectives[1].contributes_to] == [("O-1", "")]


def test_without_its_own_row_the_timezone_stays() -> None:
    bare = "type,key,name\nperson,ana,Ana\n"
    assert read(bare).timezone == "UTC"
    assert read(bare, Portfolio(timezone="Asia/Tokyo")).timezone == "Asia/Tokyo"


def test_days_and_numbers_of_a_german_spreadsheet_are_read_when_it_is_stated() -> None:
    german = (
        GOOD.replace("every: 2 weeks; on: monday; at: 09:00; starts: 2026-10-05", '"every: 2 weeks: on"')
        .replace(",", ";")
        .replace('"every: 2 weeks: on"', '"every: 1 week; on: monday; at: 09:00"')
        .replace('"suite; crm"', '"suite, crm"')
        .replace("2026-10-19", "19.10.2026")
        .replace("2026-10-01", "01.10.2026")
        .replace("2026-12-31", "31.12.2026")
        .replace(";41;", ';"41,5";')
    )
    found = read(german, delimiter=";", dates="dmy", decimal=",")
    [(_, kr)] = found.key_results()
    assert (kr.updates[0].at, kr.updates[0].value) == (date(2026, 10, 19), Decimal("41.5"))
    assert found.cycles == read(GOOD).cycles


# Every mistake, with its row


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("person,ana,", "persn,ana,", 'line 3: type: I read "persn", did you mean "person"?'),
        ("person,ana,", ",ana,", "line 3: type: it is empty; write one of portfolio, person, unit"),
        ("plumbline/1", "plumbline/2", 'line 2: schema: I read "plumbline/2", did you mean "plumbline/1"?'),
        (
            "Europe/Berlin",
            "Europe/Berln",
            'line 2: timezone: "Europe/Berln" is no time zone; did you mean Europe/Berlin',
        ),
        (
            ",product_line,suite,",
            ",product_line,suit,",
            'line 5: crm parent: there is no unit "suit", did you mean "suite"?',
        ),
        (",portfolio,,ana", ",galaxy,,ana", 'line 4: suite level: I read "galaxy"; write company or business_unit'),
        ("on: monday", "on: mnday", 'line 4: suite cadence: "mnday" is no weekday, did you mean "monday"?'),
        (
            "every: 2 weeks",
            "fortnightly",
            'line 4: suite cadence: I read "fortnightly"; write it like every: 2 weeks; on:',
        ),
        (",,,,KR-1,", ",,,,KR-7,", 'update of KR-7 key_result: there is no key result "KR-7", did you mean "KR-1"?'),
        ("O-1,,decrease", ",,decrease", 'line 10: KR-1: "objective" is missing; name the objective it belongs to'),
        ("O-1,,decrease", "O-9,,decrease", 'line 10: KR-1 objective: there is no objective "O-9", did you mean "O-'),
        (",O-1,Fewer", ",O-7,Fewer", 'line 9: O-2 contributes_to: there is no objective "O-7"'),
        (",O-1,Fewer", ",,Fewer", 'line 9: contribution of O-2: "contributes_to" is missing; name the objective above'),
        ('"suite, crm"', '"suite, crn"', 'line 10: KR-1 owners: there is no unit "crn", did you mean "crm"?'),
        (",45,20,", ",45,banana,", 'line 10: KR-1 target: I read "banana"; write a number like 1250 or 12.5'),
        (",45,20,", ',45,"20,5",', 'line 10: KR-1 target: I read "20,5"; write a number like 1250 or 12.5'),
        (",45,20,", ",45,45,", "line 10: KR-1: start and target are both 45: state two different values, or use"),
        (",41,6,", ",41,60,", "line 11: update of KR-1 confidence: a confidence of 60 is not possible; use 0 to 10"),
        ("2026-10-19", "03/11/2026", 'update of KR-1 at: "03/11/2026" can be 3 November or 11 March 2026; add --dates'),
        (
            "2026-10-19",
            "2027-01-01",
            "line 11: update of KR-1 at: 2027-01-01 is outside 2026-Q4 (2026-10-01 to 2026-12-31)",
        ),
        ("2026-10-19", "2026-10-19T09:00", 'line 11: update of KR-1 at: "2026-10-19T09:00" has no zone; write it like'),
        ("2026-12-31", "2026-09-01", "line 6: 2026-Q4 ends: it ends on 2026-09-01 before it starts on 2026-10-01"),
        ("objective,O-2", "objective,O-1", 'line 8: O-1 key: "O-1" is used twice; every key is given once'),
        ("person,ana,Ana Ruiz,,", "person,ana,Ana Ruiz,Dr,", 'line 3: ana: "title" is not known here'),
        ("person,ana,Ana Ruiz", "person,ana,", 'line 3: ana: "name" is missing'),
        (
            "person,ana,",
            "portfolio,,\nperson,ana,",
            "line 3: portfolio: there is a row for it already, row 2; keep one",
        ),
    ],
)
def test_every_mistake_is_told_with_its_row(old: str, new: str, words: str) -> None:
    told = spoiled(old, new)
    assert any(words in line for line in told), told


def test_a_refused_cell_is_not_missing_as_well() -> None:
    assert [line.partition(";")[0] for line in spoiled("2026-10-19", "03/11/2026")] == [
        'line 11: update of KR-1 at: "03/11/2026" can be 3 November or 11 March 2026'
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_rows() -> None:
    text = (
        GOOD.replace("person,ana,Ana Ruiz", "person,ana,").replace(",41,6,", ",41,60,").replace("on: monday", "on: x")
    )
    assert [line.split(":")[0] for line in problems(text)] == ["line 3", "line 4", "line 11"]


def test_a_row_below_a_cell_of_several_lines_keeps_the_number_of_the_spreadsheet() -> None:
    text = GOOD.replace("Ana Ruiz", '"Ana\nRuiz"').replace(",41,6,", ",41,60,")
    assert problems(text)[0].startswith("line 11: update of KR-1 confidence")


def test_a_problem_is_one_short_line_however_much_stands_in_the_cell() -> None:
    [line] = spoiled("product_line", '"one\n\r\ntwo' + " and more" * 200 + '"')
    assert "\n" not in line
    assert len(line) < 480
    assert line.startswith('line 5: crm level: I read "one two and more')
    assert line.endswith("; write company or business_unit or portfolio or product_line or team")


def test_an_unknown_column_is_told_with_the_nearest() -> None:
    assert problems("type,key,nmae\nperson,ana,Ana\n") == [
        'line 1: "nmae" is not known here, did you mean "name"? map it with --map "nmae=FIELD", or --map "nmae=-"'
    ]


def test_two_columns_of_one_field_are_told() -> None:
    assert problems("type,key,name,ID\nperson,ana,Ana,x\n") == [
        'line 1: "key" and "ID" both are key; add --map "ID=-" to leave one out'
    ]


@pytest.mark.parametrize(
    ("mapped", "words"),
    [
        ({"nobody": "note"}, 'line 1: --map: there is no column "nobody"; the file has "type", "key", "name"'),
        ({"name": "nmae"}, 'line 1: --map name=nmae: there is no field "nmae", did you mean "name"?'),
        ({"name": "xyzzy"}, 'line 1: --map name=xyzzy: there is no field "xyzzy"; the fields are type, key,'),
    ],
)
def test_a_mapping_that_fits_nothing_is_told(mapped: dict[str, str], words: str) -> None:
    assert problems("type,key,name\nperson,ana,Ana\n", mapped=mapped)[0].startswith(words)


@pytest.mark.parametrize(
    ("text", "delimiter", "words"),
    [
        ("type;key;name\nperson;ana;Ana\n", None, 'not parted by ","; it looks like ";": add --delimiter ";"'),
        ("type\tkey\tname\nperson\tana\tAna\n", None, 'not parted by ","; it looks like tab: add --delimiter tab'),
        ("type,key,name\nperson,ana,Ana\n", ";", 'not parted by ";"; it looks like ",": add --delimiter ","'),
        ("type|key|name\nperson|ana|Ana\n", "\t", 'not parted by tab; it looks like "|": add --delimiter "|"'),
        ("foo;bar\n1;2\n", None, 'not parted by ","; it looks like ";": add --delimiter ";"'),
    ],
)
def test_another_delimiter_than_the_stated_one_is_told(text: str, delimiter: str | None, words: str) -> None:
    assert problems(text, delimiter=delimiter) == [f"line 1: the columns are {words}"]


def test_a_cycle_or_unit_for_the_whole_file_is_refused_where_rows_name_their_own() -> None:
    assert problems(GOOD, cycle="2026-Q4")[0].startswith("line 1: --cycle is for files that name no cycle")


def test_the_long_table_is_known_by_its_header_whatever_parts_it() -> None:
    assert looks_like_long(GOOD)
    assert looks_like_long("\ufeffRecord type;ID;Name\r\n")
    assert not looks_like_long("schema: plumbline/1\npeople: [{key: a, type: b}]\n")
    assert not looks_like_long("Objective,Key Result\n")
    assert not looks_like_long("")


# What is written


def test_numbers_days_and_flags_stay_what_they_are_and_texts_are_guarded() -> None:
    good = read(GOOD)
    kr = (
        good.objectives[0]
        .key_results[0]
        .model_copy(
            update={
                "title": "=HYPERLINK(1)",
                "start": Decimal("-5"),
                "updates": (
                    UpdateEntry(at=date(2026, 10, 19), value=Decimal("-0.50"), blocked=True, note="-5 so far"),
                ),
            }
        )
    )
    objective = good.objectives[0].model_copy(update={"key_results": (kr,)})
    table = parse_table(write_csv(good.model_copy(update={"objectives": (objective,)})), ",")
    raw = [
        line for line in write_csv(good.model_copy(update={"objectives": (objective,)})).splitlines() if "KR-1" in line
    ]
    assert ",'=HYPERLINK(1)," in raw[0]
    assert ",-5," in raw[0]
    assert ",2026-10-19,-0.50," in raw[1]
    assert ",true,'-5 so far," in raw[1]
    assert table.header == tuple(LONG)


def test_every_row_says_what_it_is() -> None:
    table = parse_table(write_csv(read_portfolio(SAMPLE.read_text(encoding="utf-8"))), ",")
    assert {row.cells[0] for row in table.rows} <= set(TYPES)


@pytest.mark.parametrize("source", ["sample", "ipfs"])
def test_a_real_portfolio_survives_the_round_trip(source: str, request: pytest.FixtureRequest) -> None:
    path = SAMPLE if source == "sample" else request.getfixturevalue("shared_file") / "data" / "ipfs-2019-q3.yaml"
    portfolio = read_portfolio(path.read_text(encoding="utf-8"))
    written = write_csv(portfolio)
    assert read(written) == portfolio
    assert write_csv(read(written)) == written
    assert diff(portfolio, read(written)).lines == ("nothing changes",)


NASTY = st.sampled_from(
    ["=1+1", "'=x", "''", " x ", "a\r\nb", "a,b;c\td", '"', '""', "\ufeff", "\u2028", "@", "-", "'"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | NASTY
NAMES = TEXTS.filter(str.strip)
AMOUNTS = st.decimals(-(10**14), 10**14, places=3)
DAYS = st.dates(date(2026, 10, 1), date(2026, 12, 31))
INSTANTS = st.datetimes(datetime(2026, 10, 2), datetime(2026, 12, 30), timezones=st.just(UTC))
TWICE_A_FORTNIGHT = {"every": "2 weeks", "on": ["monday", "thursday"], "at": "09:00", "starts": "2026-10-05"}
MONTHLY = {"every": "1 month", "on": "first monday", "at": "07:30"}
QUARTERLY = {"every": "3 months", "on": ["15", "last friday"], "at": "23:59", "starts": "2026-01-01"}
RHYTHMS = st.sampled_from(
    [parse_cadence(TWICE_A_FORTNIGHT | {"timezone": "Asia/Tokyo"}), parse_cadence(MONTHLY), parse_cadence(QUARTERLY)]
)
UPDATES = st.builds(
    UpdateEntry,
    at=DAYS | INSTANTS,
    value=AMOUNTS,
    confidence=st.none() | st.integers(0, 10),
    by=st.sampled_from([None, "p"]),
    unit=st.sampled_from([None, "u"]),
    role=st.sampled_from(["report", "view"]),
    blocked=st.booleans(),
    note=TEXTS,
    evidence=TEXTS,
)
LINES = st.builds(
    KeyResultEntry,
    key=st.just("KR-1"),
    title=NAMES,
    start=st.just(Decimal("-1.50")),
    target=st.just(Decimal("1e3")),
    measured_in=TEXTS,
    owners=st.sampled_from([("u",), ("u", "v.2")]),
    reporter=st.sampled_from([None, "p"]),
    commitment=st.sampled_from(["committed", "aspirational"]),
    weight=st.sampled_from([Decimal(1), Decimal("0.25")]),
    starts=st.none() | st.just(date(2026, 10, 2)),
    plan=st.sampled_from([(), (PlanPoint(day=date(2026, 11, 15), share=Decimal("0.4")),)]),
    updates=st.lists(UPDATES, max_size=3).map(tuple),
)
STEPS = st.builds(
    MilestoneEntry,
    title=NAMES,
    weight=st.sampled_from([Decimal(1), Decimal("2.50")]),
    due=st.none() | DAYS,
    done=st.booleans() | DAYS,
)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """A portfolio with texts of every kind, all of which the file format allows."""
    people = (PersonEntry(key="p", name=draw(NAMES), email=draw(NAMES), slack=draw(NAMES), timezone="Asia/Tokyo"),)
    units = (
        UnitEntry(
            key="u", name=draw(NAMES), level="portfolio", leads=("p",), channel=draw(NAMES), cadence=draw(RHYTHMS)
        ),
        UnitEntry(key="v.2", name=draw(NAMES), level="team", parent="u", stage="growth", digest=draw(RHYTHMS)),
    )
    steps = tuple(draw(st.lists(STEPS, min_size=1, max_size=3)))
    second = KeyResultEntry(key="KR-2", title=draw(NAMES), kind="milestone", owners=("v.2",), milestones=steps)
    link = ContributionEntry(objective="O-1", how=draw(TEXTS))
    objectives = (
        ObjectiveEntry(key="O-1", unit="u", cycle="C", title=draw(NAMES), key_results=(draw(LINES), second)),
        ObjectiveEntry(key="O-2", unit="v.2", cycle="C", title=draw(NAMES), contributes_to=(link,)),
    )
    cycles = (CycleEntry(key="C", starts=date(2026, 10, 1), ends=date(2026, 12, 31)),)
    return Portfolio(timezone="Europe/Berlin", people=people, units=units, cycles=cycles, objectives=objectives)


@given(portfolios())
def test_any_portfolio_survives_the_round_trip_whatever_its_texts(portfolio: Portfolio) -> None:
    written = write_csv(portfolio)
    again = read(written)
    assert again == portfolio
    assert write_csv(again) == written


@given(portfolios())
def test_no_text_of_an_export_begins_like_a_formula(portfolio: Portfolio) -> None:
    numbers = {"start", "target", "low", "high", "tolerance", "weight", "share", "value"}
    places = [place for place, name in enumerate(LONG) if name not in numbers]
    cells = [row[place] for row in _raw(write_csv(portfolio)) for place in places]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


def _raw(written: str) -> list[list[str]]:
    """The cells as a program sees them that knows nothing of our apostrophes."""
    return list(csv.reader(io.StringIO(written, newline=""), strict=True))
