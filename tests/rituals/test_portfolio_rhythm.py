"""The file's keys about where and how a unit works: holidays, a binding cadence, privacy. Read, told, written, kept."""

import json
from datetime import UTC, datetime

import pytest

from rituals.holidays import Holidays
from rituals.okrs.portfolio.csv_file import CsvOptions, Known, read_csv
from rituals.okrs.portfolio.diff import diff
from rituals.okrs.portfolio.file import Portfolio, PortfolioErrors, read_portfolio
from rituals.okrs.portfolio.long_write import write_csv
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_json, write_yaml
from storage.database import Database

TEAM = "T01TEST"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)

UNITS = """\
schema: plumbline/1
timezone: Europe/Berlin
units:
  - key: suite
    name: Suite
    level: portfolio
    cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}
    holidays: {country: DE, region: BE}
    binding: true
  - key: crm
    name: CRM
    level: product_line
    parent: suite
    holidays: {country: "NO"}
    private: true
  - {key: web, name: Web, level: team, parent: crm}
"""
OWN = "parent: crm, cadence: {every: 1 week, on: friday, at: '10:00'}}"


def units(text: str = UNITS) -> Portfolio:
    return read_portfolio(text)


def problems(text: str) -> list[str]:
    with pytest.raises(PortfolioErrors) as refused:
        read_portfolio(text)
    return [str(problem) for problem in refused.value.problems]


def test_holidays_a_binding_cadence_and_privacy_are_read() -> None:
    suite, crm, web = units().units
    assert (suite.holidays, suite.binding, suite.private) == (Holidays("DE", "BE"), True, False)
    assert (crm.holidays, crm.binding, crm.private) == (Holidays("NO"), False, True)
    assert (web.holidays, web.binding, web.private) == (None, False, False)


def test_they_are_written_as_they_were_read() -> None:
    assert write_yaml(units()) == UNITS
    assert read_portfolio(write_json(units())) == units()
    assert json.loads(write_json(units()))["units"][1]["holidays"] == {"country": "NO"}


def test_export_import_export_is_identical_in_yaml_and_csv(sqlite_db: Database) -> None:
    import_portfolio(sqlite_db, TEAM, UNITS, now=NOW)
    exported = export_portfolio(sqlite_db, TEAM)
    assert write_yaml(exported) == UNITS
    table = write_csv(exported)
    assert ',"country: DE; region: BE",true,' in table
    told = import_portfolio(sqlite_db, TEAM, table, now=NOW, csv=CsvOptions())
    assert told.lines == ("nothing changes",)
    assert write_csv(export_portfolio(sqlite_db, TEAM)) == table


def test_a_change_of_them_is_told_and_written(sqlite_db: Database) -> None:
    import_portfolio(sqlite_db, TEAM, UNITS, now=NOW)
    changed = (
        UNITS.replace("region: BE", "region: BY")
        .replace("    private: true\n", "")
        .replace('country: "NO"', "country: SE")
    )
    assert diff(units(), units(changed)).lines == (
        "~ unit suite holidays DE BE → DE BY",
        "~ unit crm holidays NO → SE",
        "~ unit crm private yes → no",
    )
    import_portfolio(sqlite_db, TEAM, changed, now=NOW)
    assert write_yaml(export_portfolio(sqlite_db, TEAM)) == changed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("country: DE,", "country: XX,", 'line 8: suite holidays: no holidays are known for the country "XX"'),
        ("country: DE,", "country: Germany,", 'line 8: suite holidays: I read the country "Germany"; write DE'),
        (
            "region: BE",
            "region: Wien",
            'line 8: suite holidays: DE has no region "Wien"; possible are Augsburg, BB, BE',
        ),
        ("region: BE", "regoin: BE", 'line 8: suite holidays: holidays have no "regoin", did you mean "region"?'),
        ('{country: "NO"}', "Norway", "line 14: crm holidays: write it like {country: DE, region: BE}"),
        ("binding: true", "binding: perhaps", 'line 9: suite binding: I read "perhaps"; write true or false'),
        ("private: true", "privat: true", 'line 15: crm: "privat" is not known here, did you mean "private"?'),
        ("    private: true", "    binding: true", "line 15: crm binding: it has no cadence to bind the units below"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_is_possible(old: str, new: str, said: str) -> None:
    assert UNITS.count(old) == 1
    told = problems(UNITS.replace(old, new))
    assert any(line.startswith(said) for line in told), told


def test_a_cadence_below_a_binding_one_is_an_error_with_its_line_and_what_to_do() -> None:
    told = problems(UNITS.replace("parent: crm}", OWN))
    assert told == [
        'line 16: web cadence: the cadence of "suite" is binding for every unit below it; take this one out, or '
        '"binding" there'
    ]


def test_a_unit_may_have_a_cadence_of_its_own_where_none_above_is_binding() -> None:
    free = UNITS.replace("    binding: true\n", "").replace("parent: crm}", OWN)
    assert units(free).units[2].cadence is not None


def test_units_in_a_circle_are_told_of_as_that() -> None:
    circle = UNITS.replace("    level: portfolio\n", "    level: portfolio\n    parent: web\n")
    assert any("it stands above itself" in line for line in problems(circle))


def test_a_mistake_in_a_cell_of_the_table_is_told_with_its_row() -> None:
    table = "type,key,name,level,holidays\nunit,suite,Suite,portfolio,{}\n"

    def told(cell: str) -> str:
        with pytest.raises(PortfolioErrors) as refused:
            read_csv(table.format(cell), CsvOptions(), Known(Portfolio(), {}), now=NOW)
        return str(refused.value.problems[0])

    assert told("Berlin") == 'line 2: suite holidays: I read "Berlin"; write it like country: DE; region: BE'
    assert told("country: QQ").startswith('line 2: suite holidays: no holidays are known for the country "QQ"')
