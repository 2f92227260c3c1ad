"""`/okr export`: which files are asked for, promised once, and what is in them for whom."""

import csv
import io
import json

import pytest
from sqlmodel import select

from rituals import exports
from rituals.errors import Refusal
from rituals.exports import ExportFile
from rituals.notices import Export
from rituals.okrs import service
from rituals.okrs.portfolio.file import read_portfolio
from rituals.okrs.portfolio.service import export_portfolio
from rituals.okrs.portfolio.write import write_yaml
from rituals.pictures.alignment import picture_of
from rituals.pictures.drawing import Undrawn
from storage.database import Database
from storage.tables import Objective, OutboxRow, Unit
from tests.rituals.halden import ANA, BO, LENA, MIA, NOW, SAM, TEAM


def ask(db: Database, typed: str, user: str = BO, key: str = "command:1") -> Export:
    """What a line promises."""
    return exports.ask(db, TEAM, user, typed, now=NOW, key=key)


def build(db: Database, typed: str, user: str = BO) -> dict[str, ExportFile]:
    """The files of a line, by the end of their names."""
    notice = ask(db, typed, user, key=f"command:{user}:{typed}")
    return {file.name.rpartition(".")[2]: file for file in exports.build(db, TEAM, notice, now=NOW)}


def promised(db: Database) -> list[OutboxRow]:
    with db.transaction(readonly=True) as session:
        return list(session.exec(select(OutboxRow).where(OutboxRow.kind == "export")))


def private(db: Database, *keys: str) -> None:
    """Mark units as private."""
    with db.transaction() as session:
        for unit in session.exec(select(Unit).where(Unit.team_id == TEAM)):
            unit.private = unit.key in keys


@pytest.mark.parametrize(
    ("typed", "formats", "cycle"),
    [
        ("", ("yaml", "csv", "json", "md", "ics"), None),
        ("csv", ("csv",), None),
        ("CSV, yaml", ("csv", "yaml"), None),
        (".ics", ("ics",), None),
        ("markdown 2026-q4", ("md",), "2026-Q4"),
        ("2026-Q4", ("yaml", "csv", "json", "md", "ics"), "2026-Q4"),
    ],
)
def test_formats_and_a_cycle_are_named_in_any_order_and_nothing_means_all(
    halden: Database, typed: str, formats: tuple[str, ...], cycle: str | None
) -> None:
    notice = ask(halden, typed)
    assert (notice.formats, notice.cycle) == (formats, cycle)


def test_one_command_promises_once_however_often_it_comes(halden: Database) -> None:
    ask(halden, "csv")
    ask(halden, "csv")
    ask(halden, "csv", key="command:2")
    assert [row.to for row in promised(halden)] == [BO, BO]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("cvs", 'knows yaml, csv, json, md, ics and a cycle; I read "cvs". Did you mean csv?'),
        ("2031-Q1", "No cycle"),
        ("csv everywhere please", 'I read "everywhere"'),
    ],
)
def test_a_word_that_is_neither_is_asked_back_and_promises_nothing(halden: Database, typed: str, words: str) -> None:
    with pytest.raises(Refusal, match=words.replace("?", r"\?")):
        ask(halden, typed)
    assert promised(halden) == []


def test_a_mistyped_format_offers_the_whole_line_as_it_should_be(halden: Database) -> None:
    with pytest.raises(Refusal) as no:
        ask(halden, "cvs 2026-Q4")
    assert [choice.value for choice in no.value.choices] == ["csv 2026-Q4"]


def test_the_yaml_of_an_admin_is_what_the_operator_exports_and_can_be_imported(halden: Database) -> None:
    files = build(halden, "", LENA)
    assert files["yaml"].text == write_yaml(export_portfolio(halden, TEAM))
    assert set(files) == {"yaml", "csv", "json", "md", "ics"}
    assert json.loads(files["json"].text)["schema"] == "plumbline/1"
    assert files["ics"].text.startswith("BEGIN:VCALENDAR")
    assert files["md"].text.startswith("# Objectives and key results")


def test_addresses_of_people_go_to_admins_only(halden: Database) -> None:
    assert "@" in build(halden, "yaml", LENA)["yaml"].text
    assert all(person.email is None for person in read_portfolio(build(halden, "yaml", BO)["yaml"].text).people)


def test_a_private_units_content_is_in_the_files_of_those_who_may_see_it_only(halden: Database) -> None:
    private(halden, "crm")
    with halden.transaction() as session:
        names = {u.key: u.name for u in session.exec(select(Unit).where(Unit.team_id == TEAM))}
        crm = session.exec(select(Unit.id).where(Unit.team_id == TEAM, Unit.key == "crm")).one()
        titles = session.exec(select(Objective.title).where(Objective.unit_id == crm)).all()
    assert titles
    for user, sees in ((BO, True), (ANA, True), (MIA, False), (SAM, False)):
        for end, file in build(halden, "", user).items():
            found = [
                title for title in (*titles, "Duplicate company records") if title in file.text.replace("\r\n ", "")
            ]
            assert bool(found) == (sees and end != "ics"), (user, end, found)
        yaml = read_portfolio(build(halden, "yaml", user)["yaml"].text)
        assert ("crm" in [u.key for u in yaml.units]) == sees
        assert (f"name: {names['crm']}," in build(halden, "yaml", user)["yaml"].text) == sees


def test_what_is_left_of_a_private_portfolio_holds_together(halden: Database) -> None:
    private(halden, "suite")
    for user in (BO, MIA, SAM):
        left = read_portfolio(build(halden, "yaml", user)["yaml"].text)  # raises where something points nowhere
        assert {o.unit for o in left.objectives} <= {unit.key for unit in left.units}
        assert {owner for _, kr in left.key_results() for owner in kr.owners} <= {unit.key for unit in left.units}


def test_a_cell_that_a_spreadsheet_would_run_is_escaped(halden: Database) -> None:
    service.update_line(halden, TEAM, BO, 'KR-1 30 days =HYPERLINK("http://evil")', now=NOW, key="command:evil")
    rows = list(csv.reader(io.StringIO(build(halden, "csv", ANA)["csv"].text)))
    assert [cell for row in rows for cell in row if cell.startswith(("=", "@", "+"))] == []
    assert any("'=HYPERLINK" in cell for row in rows for cell in row)


def test_a_calendar_with_nothing_in_it_is_refused_at_once_and_left_out_beside_others(
    sqlite_db: Database, team: str
) -> None:
    with pytest.raises(Refusal, match="nothing for a calendar"):
        exports.ask(sqlite_db, team, "U1", "ics", now=NOW, key="1")
    notice = exports.ask(sqlite_db, team, "U1", "", now=NOW, key="2")
    assert "rituals" not in "".join(file.name for file in exports.build(sqlite_db, team, notice, now=NOW))


# Pictures of alignment


@pytest.mark.parametrize(("which", "name"), [("matrix", "coverage-2026-11-16.png"), ("map", "map-2026-11-16.png")])
def test_a_picture_is_promised_once_and_drawn_when_it_is_sent(halden: Database, which: str, name: str) -> None:
    notices = [exports.ask_picture(halden, TEAM, BO, which, "", now=NOW, key="click:1") for _ in range(2)]
    assert len(promised(halden)) == 1
    [file] = exports.build(halden, TEAM, notices[0], now=NOW)
    assert file.content.startswith(b"\x89PNG")
    assert (file.name, file.text) == (name, "")
    assert file.alt


@pytest.mark.parametrize(("which", "instead"), [("matrix", "The table of /okr align"), ("map", "/okr align map shows")])
def test_a_picture_that_cannot_be_drawn_is_said_with_what_has_the_same(
    halden: Database, which: str, instead: str
) -> None:
    with pytest.raises(Refusal, match=f"could not be drawn; ask again in a while. {instead}") as told:
        picture_of(halden, TEAM, BO, which, "", now=NOW, seconds=0.01)
    assert isinstance(told.value.__cause__, Undrawn)


def test_a_picture_of_an_unknown_unit_is_refused_before_anything_is_promised(halden: Database) -> None:
    with pytest.raises(Refusal, match="No unit"):
        exports.ask_picture(halden, TEAM, BO, "map", "nowhere", now=NOW, key="click:1")
    assert promised(halden) == []


def test_a_picture_shows_no_private_unit_to_others(halden: Database) -> None:
    private(halden, "crm")
    told = {}
    for user in (BO, SAM):
        notice = exports.ask_picture(halden, TEAM, user, "matrix", "", now=NOW, key=f"click:{user}")
        [file] = exports.build(halden, TEAM, notice, now=NOW)
        told[user] = file.alt
    assert told[BO] != told[SAM]
