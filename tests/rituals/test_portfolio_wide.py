"""Files of other tools: each in its own columns, laid over what is stored, again and again without a difference."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from rituals.okrs.portfolio.csv_file import CsvOptions, CsvPortfolio, Known, read_csv
from rituals.okrs.portfolio.diff import diff
from rituals.okrs.portfolio.file import read_portfolio
from rituals.okrs.portfolio.schema import KeyResultEntry, ObjectiveEntry, Portfolio, UpdateEntry
from rituals.okrs.portfolio.tools import ANY, SHAPES, WIDE, shape_of
from rituals.okrs.portfolio.yaml_lines import PortfolioErrors

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
STORED = read_portfolio(
    """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, email: Ana@example.com, slack: U01ANA}
  - {key: bo, name: Bo}
units:
  - {key: suite, name: Product suite, level: portfolio, leads: [ana]}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
cycles:
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
  - {key: 2027-Q1, starts: 2027-01-01, ends: 2027-03-31}
objectives:
  - key: O-7
    unit: suite
    cycle: 2026-Q4
    title: Less waiting
  - key: O-8
    unit: crm
    cycle: 2026-Q4
    title: Fewer steps
    contributes_to: [{objective: O-7, how: Fewer steps}]
    key_results:
      - {key: KR-20, title: Onboarding time, kind: decrease, start: 45, target: 20, measured_in: days,
         owners: [crm, suite], reporter: bo, commitment: committed, weight: 2,
         updates: [{at: 2026-10-19, value: 41, confidence: 6, by: bo, note: Pilot started}]}
"""
)
FLAT = "Objective,Key Result,Owner,Team,Cycle,Start Value,Target Value,Current Value,Metric Unit,Start Date,End Date\n"
ROW = "Grow,Revenue,ana@example.com,CRM,2026-Q4,10,20,12,$M,2026-10-01,2026-12-31\n"
SMALL = "Objective,Key Result,Start,Target,Value\n"


def brought(text: str, known: Portfolio = STORED, **options: Any) -> CsvPortfolio:
    return read_csv(text, CsvOptions(**options), Known(known), now=NOW)


def lines(text: str, known: Portfolio = STORED, **options: Any) -> tuple[str, ...]:
    """What importing would change, and that importing it again would change nothing."""
    first = diff(known, brought(text, known, **options).portfolio)
    again = diff(first.merged, brought(text, first.merged, **options).portfolio)
    assert again.lines[0] == "nothing changes", again.lines
    return (*first.added, *first.altered)


def key_results(text: str, **options: Any) -> dict[str, KeyResultEntry]:
    return {kr.title: kr for _, kr in brought(text, **options).portfolio.key_results()}


def new_objectives(text: str, **options: Any) -> list[ObjectiveEntry]:
    """The objectives that only the file has."""
    stored = {o.key for o in STORED.objectives}
    return [o for o in brought(text, **options).portfolio.objectives if o.key not in stored]


def problems(text: str, known: Portfolio = STORED, **options: Any) -> list[str]:
    with pytest.raises(PortfolioErrors) as refused:
        brought(text, known, **options)
    return [str(problem) for problem in refused.value.problems]


# One key result a row


def test_a_row_is_a_key_result_with_its_objective() -> None:
    found = key_results(FLAT + ROW)["Revenue"]
    assert (found.start, found.target, found.measured_in, found.kind) == (Decimal(10), Decimal(20), "$M", "increase")
    assert (found.owners, found.reporter, found.starts, found.ends) == (("crm",), "ana", None, None)
    assert found.updates == (UpdateEntry(at=NOW, value=Decimal(12)),)
    assert lines(FLAT + ROW) == ("+ O-9 Grow", "+ KR-21 Revenue", "+ 1 update on KR-21")


def test_an_objective_that_is_not_repeated_is_that_of_the_row_above() -> None:
    text = SMALL + "Grow,A,0,1,\n,B,0,2,\nShrink,C,3,1,\n"
    found = new_objectives(text, cycle="2026-Q4", unit="crm")
    assert [(o.title, [kr.title for kr in o.key_results]) for o in found] == [("Grow", ["A", "B"]), ("Shrink", ["C"])]


def test_an_objective_may_stand_alone() -> None:
    assert lines(SMALL + "Grow,,,,\n", cycle="2026-Q4", unit="crm") == ("+ O-9 Grow",)


def test_the_direction_is_that_from_start_to_target() -> None:
    text = SMALL + "Grow,Up,0,10,\nGrow,Down,10,0,\n"
    found = key_results(text, cycle="2026-Q4", unit="crm")
    assert [found[name].kind for name in ("Up", "Down")] == ["increase", "decrease"]


def test_amounts_are_read_as_people_type_them_and_bring_their_unit() -> None:
    text = SMALL + 'Grow,A,5%,"12.5 %",7\nGrow,B,"$1,250",$3M,$2M\nGrow,C,30 days,9 days,12 days\n'
    found = key_results(text, cycle="2026-Q4", unit="crm")
    assert [(kr.measured_in, kr.start, kr.target, kr.updates[0].value) for kr in found.values()] == [
        ("%", Decimal(5), Decimal("12.5"), Decimal(7)),
        ("$", Decimal(1250), Decimal(3_000_000), Decimal(2_000_000)),
        ("days", Decimal(30), Decimal(9), Decimal(12)),
    ]


def test_a_stated_decimal_mark_makes_a_number_certain() -> None:
    text = 'Objective;Key Result;Start;Target;Value\nGrow;A;0;"1.250";1,5\n'
    assert "1.25 or 1,250" in problems(text, delimiter=";", cycle="2026-Q4", unit="crm")[0]
    found = key_results(text, delimiter=";", decimal=",", cycle="2026-Q4", unit="crm")["A"]
    assert (found.target, found.updates[0].value) == (Decimal(1250), Decimal("1.5"))


def test_a_value_with_its_day_counts_on_that_day() -> None:
    head = "Objective,Key Result,Start,Target,Current,Last Check-in Date,Confidence,Check-in note\n"
    rows = 'Grow,A,0,10,3,11/02/2026 09:30,7/10,"Slow, but sure"\nGrow,B,0,10,3,09/20/2026,,\n'
    found = key_results(head + rows, dates="mdy", cycle="2026-Q4", unit="crm")
    assert found["A"].updates == (
        UpdateEntry(at=date(2026, 11, 2), value=Decimal(3), confidence=7, note="Slow, but sure"),
    )
    assert found["B"].updates[0].at == datetime(2026, 9, 19, 22, tzinfo=UTC), "before the cycle it has its time"
    assert lines(head + rows, dates="mdy", cycle="2026-Q4", unit="crm")[-1] == "+ 1 update on KR-22"


def test_what_is_stored_is_known_again_by_its_title_and_keeps_what_the_file_does_not_say() -> None:
    text = SMALL + "fewer  steps,ONBOARDING TIME,45,18,40\n"
    assert lines(text, cycle="2026-Q4", unit="crm") == (
        "+ 1 update on KR-20",
        '~ O-8 title "Fewer steps" → "fewer steps"',
        '~ KR-20 title "Onboarding time" → "ONBOARDING TIME"',
        "~ KR-20 target 20 → 18",
    )


def test_a_value_that_was_brought_and_taken_back_is_not_brought_again() -> None:
    text = SMALL + "Fewer steps,Onboarding time,45,20,40\n"
    options = CsvOptions(cycle="2026-Q4", unit="crm")
    withdrawn = {"KR-20": [UpdateEntry(at=datetime(2026, 11, 1, 9, tzinfo=UTC), value=Decimal(40))]}
    read = read_csv(text, options, Known(STORED, withdrawn), now=NOW).portfolio
    assert diff(STORED, read, withdrawn=withdrawn).lines[0] == "nothing changes"


def test_people_are_found_by_address_name_or_key_and_an_address_may_be_new() -> None:
    head = "Objective,Key Result,Start,Target,Owner,Owner Name\n"
    rows = "G,A,0,1,ANA@example.com,\nG,B,0,1,Bo,\nG,C,0,1,ana,\n"
    rows += "G,D,0,1,cy.lee@example.com,Cy Lee\nG,E,0,1,cy.lee@other.example,\n"
    found = brought(head + rows, cycle="2026-Q4", unit="crm").portfolio
    assert [kr.reporter for _, kr in found.key_results()] == ["ana", "bo", "ana", "cy.lee", "cy.lee-2"]
    assert [(p.key, p.name, p.email) for p in found.people[2:]] == [
        ("cy.lee", "Cy Lee", "cy.lee@example.com"),
        ("cy.lee-2", "cy.lee", "cy.lee@other.example"),
    ]
    assert lines(head + rows, cycle="2026-Q4", unit="crm")[0] == "+ person cy.lee Cy Lee"


def test_an_owner_may_be_a_unit_and_several_make_it_shared() -> None:
    head = "Objective,Key Result,Start,Target,Owner\n"
    found = key_results(head + 'G,A,0,1,"CRM; Product suite, Bo"\n', cycle="2026-Q4", unit="suite")["A"]
    assert (found.owners, found.reporter) == (("crm", "suite"), "bo")


def test_of_several_people_the_first_reports_and_that_is_told() -> None:
    head = "Objective,Key Result,Start,Target,Owner\n"
    found = brought(head + 'G,A,0,1,"Bo, Ana Ruiz"\n', cycle="2026-Q4", unit="crm")
    assert [kr.reporter for _, kr in found.portfolio.key_results()] == ["bo"]
    assert found.notes == ("row 2: it names more than one person; the first reports",)


def test_a_cycle_is_known_by_its_words() -> None:
    assert lines(FLAT + ROW.replace("2026-Q4", "Q4 2026"))[0] == "+ O-9 Grow"


def test_columns_that_are_not_read_are_told() -> None:
    text = "Objective,Key Result,Start,Target,Tags,Visibility\nG,A,0,1,x,all\n"
    assert brought(text, cycle="2026-Q4", unit="crm").notes == ('columns not read: "Tags", "Visibility"',)


def test_columns_of_any_name_are_mapped() -> None:
    text = "Ziel;Ergebnis;Von;Bis;Ist\nGrow;A;0;10;4\n"
    mapped = {"Ziel": "objective", "Ergebnis": "key_result", "Von": "start", "Bis": "target", "ist": "value"}
    found = key_results(text, mapped=mapped, delimiter=";", cycle="2026-Q4", unit="crm")["A"]
    assert (found.start, found.target, found.updates[0].value) == (Decimal(0), Decimal(10), Decimal(4))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("decrease", "decrease"),
        ("Stay below", "keep_below"),
        ("keep_above", "keep_above"),
        ("Yes/No", "binary"),
        ("Number", "decrease"),
    ],
)
def test_a_kind_is_taken_as_stated(word: str, kind: str) -> None:
    text = f"Objective,Key Result,Metric Type,Start,Target\nG,A,{word},9,2\n"
    assert key_results(text, cycle="2026-Q4", unit="crm")["A"].kind == kind


def test_a_progress_alone_is_measured_in_percent_of_the_way() -> None:
    text = "Objective,Key Result,Progress\nG,A,40\nG,B,45 %\nG,C,0\nFewer steps,Onboarding time,50\n"
    found = brought(text, cycle="2026-Q4", unit="crm")
    krs = {kr.title: kr for _, kr in found.portfolio.key_results()}
    assert [(krs[t].start, krs[t].target, krs[t].measured_in, krs[t].updates[0].value) for t in "ABC"] == [
        (Decimal(0), Decimal(100), "%", Decimal(value)) for value in (40, 45, 0)
    ]
    assert krs["Onboarding time"].updates == ()
    assert found.notes == ("row 5: the progress of KR-20, which has a measure of its own",)


# The tools


def test_every_tool_is_known_by_its_own_columns_only() -> None:
    for shape in SHAPES:
        assert shape_of(sorted(shape.known_by)) is shape
    assert shape_of(list(WIDE)) is ANY


VIVA = """\
Row ID,Title,Parent,Entity,Owner Email,Time Period,Start Date,End Date,Type,Metric Unit,Metric Start,Metric Target
1,Grow,,Product suite,ana@example.com,Q4 2026,2026-10-01,2026-12-31,Objective,,,
2,Sell more,1,CRM,ana@example.com,Q4 2026,2026-10-01,2026-12-31,Objective,,,
3,New customers,2,"CRM
Product suite",cy@example.com,Q4 2026,2026-10-01,2026-12-15,Key Result,customers,0,40
4,Web shop,2,Individual,cy@example.com,Q4 2026,2026-10-01,2026-12-31,Project,,,
5,Pipeline,3,CRM,ana@example.com,Q4 2026,2026-10-01,2026-12-31,Objective,,,
"""


def test_viva_rows_hang_together_by_their_numbers() -> None:
    found = brought(VIVA)
    by_title = {o.title: o for o in found.portfolio.objectives}
    [kr] = by_title["Sell more"].key_results
    assert (kr.title, kr.owners, kr.measured_in, kr.ends) == (
        "New customers",
        ("crm", "suite"),
        "customers",
        date(2026, 12, 15),
    )
    assert [c.objective for c in by_title["Sell more"].contributes_to] == [by_title["Grow"].key]
    assert [c.objective for c in by_title["Pipeline"].contributes_to] == [by_title["Sell more"].key]
    assert found.notes == (
        "row 5: projects are not kept",
        "row 6: it hangs on a key result; it contributes to the objective of it",
    )
    assert lines(VIVA)[0] == "+ person cy cy"


BETTERWORKS = """\
name,type,progress,start_date,end_date,owner_email,categories,description
Grow,goal,30,10/01/2026,12/31/2026,ana@example.com,,"Long
words"
Ten customers,milestone,40,10/01/2026,12/31/2026,ana@example.com,,
Two markets,milestone,,10/01/2026,11/30/2026,cy@example.com,,
"""


def test_betterworks_milestones_are_key_results_of_the_goal_above() -> None:
    found = brought(BETTERWORKS, dates="mdy", cycle="2026-Q4", unit="crm")
    [objective] = new_objectives(BETTERWORKS, dates="mdy", cycle="2026-Q4", unit="crm")
    assert [(kr.title, kr.target, kr.measured_in, kr.ends) for kr in objective.key_results] == [
        ("Ten customers", Decimal(100), "%", None),
        ("Two markets", Decimal(100), "%", date(2026, 11, 30)),
    ]
    assert [u.value for u in objective.key_results[0].updates] == [Decimal(40)]
    assert found.notes == ('columns not read: "categories", "description"',)
    assert lines(BETTERWORKS, dates="mdy", cycle="2026-Q4", unit="crm")[-1] == "+ 1 update on KR-21"


CULTURE_AMP = """\
email,name,description,visibility,due_at,created_at,priority,status,completion,key_result_1_title,\
key_result_1_completion,key_result_2_title,key_result_2_completion
ana@example.com,Grow,,everyone,2026-12-15,2026-09-20,1,ongoing,,Ten customers,0.65,Two markets,1.0
cy@example.com,Learn,,owner,2026-12-31,2026-09-20,1,ongoing,0.5,,,,
"""


def test_culture_amp_has_several_key_results_in_a_row_and_writes_shares() -> None:
    found = brought(CULTURE_AMP, cycle="2026-Q4", unit="crm")
    grow, learn = new_objectives(CULTURE_AMP, cycle="2026-Q4", unit="crm")
    assert [(kr.title, kr.reporter, kr.ends, kr.updates[0].value) for kr in grow.key_results] == [
        ("Ten customers", "ana", date(2026, 12, 15), Decimal(65)),
        ("Two markets", "ana", date(2026, 12, 15), Decimal(100)),
    ]
    assert learn.key_results == ()
    assert "row 3: the progress of an objective without key results" in found.notes
    assert lines(CULTURE_AMP, cycle="2026-Q4", unit="crm")[0] == "+ O-9 Grow"


PEOPLEBOX = """\
Row ID,Parent Row IDs,Parent Goal IDs,Goal ID,Action,Goal Title,Owner Emails,Goal Cycle,Goal Type,Scope,Departments,\
Start Date,End Date,Starting Value,Target Value,Current Value,Progress Status,Check-in Type,Tags
1,,,,,Grow,ana@example.com,Q4 2026,Default Progress,Department,CRM,2026-10-01,2026-12-31,0,100,20,On track,Auto Rollup,
2,1,,,,Revenue,"ana@example.com,cy@example.com",Q4 2026,Dollar,Department,"CRM,Product suite",2026-10-01,2026-12-31,\
0,"1,000,000",250000,On track,Manual,
3,1,,G-77,,Contract signed,cy@example.com,Q4 2026,Binary,Department,CRM,2026-10-01,2026-12-31,0,1,1,Done,Manual,
4,,O-8,,,Clicks,cy@example.com,Q4 2026,Number,Department,CRM,2026-10-01,2026-12-31,9,3,5,On track,Manual,
"""


def test_peoplebox_goals_hang_on_rows_and_on_goals_that_are_stored() -> None:
    found = key_results(PEOPLEBOX)
    assert (found["Revenue"].measured_in, found["Revenue"].owners) == ("$", ("crm", "suite"))
    assert found["Revenue"].updates[0].value == Decimal(250000)
    assert (found["Contract signed"].key, found["Contract signed"].kind) == ("G-77", "binary")
    assert found["Contract signed"].updates[0].value == Decimal(1)
    homes = {kr.title: o.key for o, kr in brought(PEOPLEBOX).portfolio.key_results()}
    assert homes["Clicks"] == "O-8"
    assert lines(PEOPLEBOX)[:2] == ("+ person cy cy", "+ O-9 Grow")


def test_peoplebox_rows_that_delete_are_refused() -> None:
    assert 'line 2: "Action": I read "Delete"' in problems(PEOPLEBOX.replace("1,,,,,Grow", "1,,,,Delete,Grow"))[0]


# What has to be stated


def test_a_file_that_names_no_cycle_and_no_unit_asks_for_both() -> None:
    assert problems(SMALL + "G,A,0,1,\n") == [
        "line 1: the file names no cycle; add --cycle KEY: there is 2026-Q4, 2027-Q1",
        "line 1: the file names no unit; add --unit KEY: there is suite, crm",
    ]


def test_without_a_portfolio_there_is_nothing_to_lay_it_over() -> None:
    assert problems(SMALL + "G,A,0,1,\n", Portfolio())[0] == (
        "line 1: the file names no cycle; add --cycle KEY: there is no cycle yet, import one first"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cycle": "2026-Q3"}, 'line 1: --cycle: there is no cycle "2026-Q3", did you mean "2026-Q4"?'),
        ({"unit": "crn"}, 'line 1: --unit: there is no unit "crn", did you mean "crm"?'),
    ],
)
def test_a_cycle_or_unit_that_is_not_there_is_told_with_the_nearest(options: dict[str, str], words: str) -> None:
    stated: dict[str, Any] = {"cycle": "2026-Q4", "unit": "crm", **options}
    assert problems(SMALL + "G,A,0,1,\n", **stated) == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Goal Owner,Points\nana,3\n", "line 1: the file has no columns for objectives and key results; say which"),
        ("Objective,Key Result,Unit\nG,A,days\n", 'line 1: "Unit" can be the unit that owns it or the unit of measure'),
        ("Objective,Goal,Key Result\nG,G,A\n", 'line 1: "Objective" and "Goal" both are objective; add --map "Goal=-"'),
        (SMALL + ",A,0,1,\n", 'line 2: "Objective" is empty, and no row above names one'),
        (SMALL + "G,A,0,1,\nG,A,0,2,\n", 'line 3: KR-21 "A" stands in row 2 already; keep one'),
        (SMALL + "G,A,0,banana,\n", 'line 2: "Target": I read "banana", which has no number.'),
        (SMALL + "G,A,0,1,+5\n", 'line 2: "Value": I read "+5" as a change; write the value itself'),
        (SMALL + "G,A,3,3,\n", "line 2: KR-21: start and target are both 3: state two different values"),
        (SMALL + "G,A,,3,\n", "line 2: KR-21: it has no start: state the value it starts from"),
        (SMALL + "G,A,5 days,3 %,\n", 'line 2: "Start": This is measured in %: I read "5 days"'),
        (
            "Objective,Key Result,Progress\nG,A,0.4\n",
            'line 2: "Progress": I read a progress of 0.4; write it in percent',
        ),
        (
            "Objective,Key Result,Owner\nG,A,Zed\n",
            'line 2: "Owner": there is no person or unit "Zed"; write an address',
        ),
        (
            "Objective,Key Result,Team\nG,A,CRN\n",
            'line 2: "Team": there is no unit "CRN", did you mean "CRM"?; units are',
        ),
        (
            "Objective,Key Result,Team\nG,A,\nH,B,CRM\n",
            'line 2: "Team": it is empty; fill it, or add --unit KEY for rows',
        ),
        (
            "Objective,Key Result,Period\nG,A,FY27\n",
            'line 2: "Period": there is no cycle "FY27"; there is 2026-Q4, 2027-Q1',
        ),
        (
            'Objective,Key Result,Team\nG,A,"CRM, suite"\n',
            'line 2: "Team": an objective belongs to one unit; keep one of',
        ),
        (
            "Objective,Key Result,End Date\nG,A,03/12/2026\n",
            '"03/12/2026" can be 3 December or 12 March 2026; add --dates',
        ),
        ("Objective,Key Result,End Date\nG,A,soon\n", 'line 2: "End Date": I read "soon"; write a day like 2026-10-05'),
        (
            "Objective,Key Result,Start,Target,End Date\nG,A,0,1,2027-02-01\n",
            "KR-21 ends: 2027-02-01 is outside 2026-Q4",
        ),
        ("Objective,Key Result,Metric Type\nG,A,Vibes\n", 'line 2: "Metric Type": I read "Vibes"; write increase,'),
        ("Objective,Key Result,Confidence\nG,A,11\n", 'line 2: "Confidence": Confidence runs from 0 to 10; I read 11.'),
        ("Title,Type,Team\nA,Key Result,CRM\n", "line 2: it is a key result, and no row above is an objective"),
        ("Title,Type,Team\nA,Vibe,CRM\n", 'line 2: "Type": I read "Vibe"; write objective or key result'),
        ("Title,Row,Parent\nG,1,\nA,2,9\n", 'line 3: "Parent": there is no row 9'),
        ("Title,Row,Parent\nG,1,1\n", 'line 2: "Parent": it hangs on itself'),
        ("Title,Row,Parent\nG,1,\nH,1,\n", 'line 3: "Row" 1 stands in row 2 already'),
        ('Title,Row,Parent\nG,1,\nH,2,\nA,3,"1,2"\n', "line 4: it hangs on rows 2 and 3; a key result belongs to one"),
        ("Title,Row,Parent,Type\nA,1,,Key Result\n", 'line 2: it is a key result, and "Parent" names no objective'),
        (
            "Title,Row,Parent,Type\nG,1,,Objective\nA,2,1,Key Result\nB,3,2,Key Result\n",
            "line 4: it hangs on row 3, which is no objective",
        ),
        ("Title,Row,Parent\n,1,\n", "line 2: "),
    ],
)
def test_every_mistake_is_told_with_its_row(text: str, words: str) -> None:
    told = problems(text, cycle="2026-Q4", unit=None if "Team\nG,A,\n" in text else "crm")
    assert any(words in line for line in told), told
