"""The portfolio file: what is read, what is said about every mistake, and the same bytes again."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.portfolio.diff import diff
from rituals.okrs.portfolio.file import Portfolio, PortfolioErrors, read_portfolio, text_of
from rituals.okrs.portfolio.schema import KeyResultEntry, PersonEntry, UpdateEntry, instant_of
from rituals.okrs.portfolio.write import write_json, write_yaml

SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"

GOOD = """\
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, email: ana@example.com, slack: U01ANA}
  - {key: bo, name: Bo}
units:
  - {key: suite, name: Product suite, level: portfolio, leads: [ana],
     cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo], stage: mature}
  - {key: analytics, name: Analytics, level: product_line, parent: suite}
cycles:
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Reduce time-to-value for new enterprise customers
    contributes_to: []
    key_results:
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20, measured_in: days,
         owners: [crm, analytics], reporter: bo,
         updates: [{at: 2026-10-19, value: 41, confidence: 6, by: bo, note: Pilot started}]}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PortfolioErrors) as refused:
        read_portfolio(text)
    return [str(problem) for problem in refused.value.problems]


def spoiled(old: str, new: str) -> list[str]:
    """The problems of the good file with one thing changed."""
    assert GOOD.count(old) == 1
    return problems(GOOD.replace(old, new))


def only_kr(**fields: Any) -> KeyResultEntry:
    """A key result of the good file with these fields, as the reader makes it."""
    written = "".join(f", {name}: {value}" for name, value in fields.items())
    text = GOOD.partition("      - {key: KR-1")[0] + f"      - {{key: KR-9, title: T, owners: [crm]{written}}}\n"
    return read_portfolio(text).objectives[0].key_results[0]


# What is read


def test_the_surface_example_is_read() -> None:
    portfolio = read_portfolio(GOOD)
    [(objective, kr)] = portfolio.key_results()
    assert (portfolio.timezone, objective.key, objective.cycle) == ("Europe/Berlin", "O-1", "2026-Q4")
    assert (kr.kind, kr.start, kr.target, kr.owners) == ("decrease", Decimal(45), Decimal(20), ("crm", "analytics"))
    assert kr.updates == (
        UpdateEntry(at=date(2026, 10, 19), value=Decimal(41), confidence=6, by="bo", note="Pilot started"),
    )


def test_amounts_are_exact_and_keep_the_digits_that_were_typed() -> None:
    kr = only_kr(start="0.1", target="2.50")
    assert (kr.start, str(kr.target)) == (Decimal("0.1"), "2.50")


def test_a_word_that_yaml_would_take_for_something_else_stays_a_word() -> None:
    kr = only_kr(start="0", target="1", measured_in="yes")
    assert kr.measured_in == "yes"


def test_a_key_without_a_value_counts_as_absent() -> None:
    assert only_kr(start="0", target="1", reporter="").reporter is None


def test_a_day_is_its_first_instant_in_the_files_timezone() -> None:
    [(_, kr)] = read_portfolio(GOOD).key_results()
    zone = read_portfolio(GOOD).zone
    assert instant_of(kr.updates[0], zone) == datetime(2026, 10, 18, 22, tzinfo=UTC)


def test_a_time_carries_its_own_zone() -> None:
    kr = only_kr(start="0", target="1", updates="[{at: 2026-10-19T09:30:00+02:00, value: 1}]")
    instant = instant_of(kr.updates[0], read_portfolio(GOOD).zone)
    assert (instant, instant.tzinfo) == (datetime(2026, 10, 19, 7, 30, tzinfo=UTC), UTC)


def test_every_kind_is_read() -> None:
    assert only_kr(kind="keep_between", low="1", high="2").high == 2
    assert only_kr(kind="keep_below", target="2.0", tolerance="0.5").tolerance == Decimal("0.5")
    assert only_kr(kind="binary", due="2026-11-30").due == date(2026, 11, 30)
    steps = only_kr(kind="milestone", milestones="[{title: A, weight: 2, done: true}, {title: B, done: 2026-10-20}]")
    assert [m.done for m in steps.milestones] == [True, date(2026, 10, 20)]


# Every mistake, with its line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # references
        (
            "owners: [crm, analytics]",
            "owners: [crm, analytcs]",
            'KR-1 owners: there is no unit "analytcs", did you mean',
        ),
        (
            "parent: suite}",
            "parent: suit}",
            'line 10: analytics parent: there is no unit "suit", did you mean "suite"?',
        ),
        ("leads: [ana]", "leads: [anna]", 'suite leads: there is no person "anna", did you mean "ana"?'),
        ("reporter: bo", "reporter: bob", 'KR-1 reporter: there is no person "bob", did you mean "bo"?'),
        ("by: bo", "by: zed", 'line 22: update of KR-1 by: there is no person "zed"'),
        ("cycle: 2026-Q4", "cycle: 2026-Q3", 'O-1 cycle: there is no cycle "2026-Q3", did you mean "2026-Q4"?'),
        ("unit: suite", "unit: suit", 'line 15: O-1 unit: there is no unit "suit", did you mean "suite"?'),
        (
            "contributes_to: []",
            "contributes_to: [{objective: O-2, how: x}]",
            "line 18: O-1 contributes_to: there is no",
        ),
        ("contributes_to: []", "contributes_to: [{objective: O-1}]", "line 18: O-1 contributes_to: it contributes to"),
        (
            "leads: [ana]",
            "parent: crm",
            "line 7: suite parent: it stands above itself; a unit's parents end at the top",
        ),
        ("owners: [crm, analytics]", "owners: [crm, crm]", 'line 21: KR-1 owners: "crm" is named twice'),
        ("owners: [crm, analytics]", "owners: []", "line 21: KR-1 owners: name at least one unit, like [suite]"),
        # duplicates
        ("key: bo,", "key: ana,", 'line 5: ana key: "ana" is used twice; every key is given once'),
        ("name: Bo}", "name: Bo, slack: U01ANA}", 'line 5: bo slack: "U01ANA" is ana\'s already'),
        ("name: Bo}", "name: Bo, name: Bob}", 'line 5: "name" stands here twice, first on line 5; keep one'),
        (
            "    title: R",
            "    unit: crm\n    title: R",
            'line 17: "unit" stands here twice, first on line 15; keep one',
        ),
        # dates
        (
            "ends: 2026-12-31",
            "ends: 2026-09-30",
            "line 12: 2026-Q4 ends: it ends on 2026-09-30 before it starts on 202",
        ),
        (
            "at: 2026-10-19",
            "at: 2026-09-30",
            "line 22: update of KR-1 at: 2026-09-30 is outside 2026-Q4 (2026-10-01 to",
        ),
        ("reporter: bo", "due: 2027-01-01", "line 21: KR-1 due: 2027-01-01 is outside 2026-Q4 (2026-10-01 to 2026-12"),
        ("starts: 2026-10-01", "starts: 2026-13-01", 'line 12: 2026-Q4 starts: I read "2026-13-01"; write a day like'),
        ("at: 2026-10-19", "at: 2026-10-19T09:00", 'update of KR-1 at: "2026-10-19T09:00" has no zone; write it like'),
        (
            "at: 2026-10-19",
            "at: last Monday",
            'line 22: update of KR-1 at: I read "last Monday"; write a day, or a time',
        ),
        # shapes
        ("name: Bo}", "nmae: Bo}", 'line 5: bo: "nmae" is not known here, did you mean "name"?'),
        ("name: Bo}", "}", 'line 5: bo: "name" is missing'),
        ("people:", "pepole:", 'line 3: "pepole" is not known here, did you mean "people"?'),
        ("plumbline/1", "plumbline/2", 'line 1: schema: I read "plumbline/2", did you mean "plumbline/1"?'),
        ("schema: plumbline/1\n", "", 'line 1: "schema" is missing'),
        (
            "Europe/Berlin",
            "Europe/Berln",
            'line 2: timezone: "Europe/Berln" is no time zone; did you mean Europe/Berlin',
        ),
        ("leads: [ana]", "leads: ana", "line 7: suite leads: write a list like [ana]"),
        ("level: portfolio", "level: portfolo", 'line 7: suite level: I read "portfolo", did you mean "portfolio"?'),
        ("stage: mature", "stage: old", 'line 9: crm stage: I read "old"; write growth or mature or sunset'),
        ("kind: decrease", "kind: decreese", 'line 20: KR-1 kind: I read "decreese", did you mean "decrease"?'),
        ("target: 20", "target: banana", 'line 20: KR-1 target: I read "banana"; write a number like 1250 or 12.5'),
        (
            "target: 20",
            'target: "20"',
            'line 20: KR-1 target: "20" is a text; write a number like 12.5, without quotes',
        ),
        ("target: 20", "target: [20]", "line 20: KR-1 target: write a number like 12.5"),
        ("target: 20", "target: 1e30", "line 20: KR-1 target: 1e30 has too many digits; 15 before the point and 9 beh"),
        ("target: 20", "target: .inf", 'line 20: KR-1 target: I read ".inf"; write a number like 1250 or 12.5'),
        ("target: 20", "target: 1,250", 'line 20: KR-1: "250" is not known here'),
        (
            "confidence: 6",
            "confidence: 11",
            "update of KR-1 confidence: a confidence of 11 is not possible; use 0 to 10",
        ),
        ("confidence: 6", "confidence: 6.5", 'update of KR-1 confidence: I read "6.5"; write a whole number like 7'),
        ("by: bo", "blocked: perhaps", 'update of KR-1 blocked: I read "perhaps"; write true or false'),
        (
            "title: Reduce",
            "title: [x]\n    titel: Reduce",
            'line 18: O-1: "titel" is not known here, did you mean "titl',
        ),
        ("key: bo,", "key: b o,", 'line 5: b o key: I read "b o"; a key is up to 60 letters, digits,'),
        ("  - {key: bo, name: Bo}", "  - bo", "line 5: people: an item is a mapping like {key: …}"),
        ("    key_results:\n", "    key_results: x\n    k:\n", "line 19: key_results: write a list here, one item"),
        # cadences
        ("on: monday", "on: mnday", 'line 8: suite cadence: "mnday" is no weekday, did you mean "monday"?'),
        ("every: 2 weeks", "every: fortnight", 'suite cadence: I read every "fortnight"; write "2 weeks" or "1 month"'),
        ("every: 2 weeks", "evry: 2 weeks", 'line 8: suite cadence: a cadence has no "evry", did you mean "every"?'),
        (
            "cadence: {every: 2 weeks,",
            "cadence: weekly, x: {",
            "line 8: suite cadence: write it like {every: 1 week, on",
        ),
        # what cannot be computed
        ("target: 20", "target: 45", "line 20: KR-1: start and target are both 45: state two different values, or use"),
        ("start: 45, ", "", "line 20: KR-1: it has no start: state the value it starts from"),
        ("reporter: bo", "weight: 0", "line 20: KR-1: its weight is 0: give a weight above 0, or leave it out for 1"),
        (
            "value: 41, confidence: 6, by: bo, note: Pilot started",
            "by: bo",
            "line 22: update of KR-1: it says nothing; give",
        ),
        # YAML's own
        ("name: Bo}", "name: &a Bo}", "line 5: &a: anchors are not read; write the value out"),
        ("name: Bo}", "name: !!python/name:os.system x}", "line 5: tag:yaml.org,2002:python/name:os.system: tags are"),
        ("people:", "\tpeople:", "line 3: the line is indented with a tab; use spaces"),
        ("units:", "units: [", "line 7: this is not YAML: "),
        ("units:", "---\nunits:", "line 6: a second document starts here; a file holds one"),
        (
            "title: Onboarding time",
            'title: "Onboarding \\0"',
            "line 20: KR-1 title: there is a character that is no text",
        ),
        (
            "Onboarding",
            "Onboarding \x07",
            "line 20: there is a character that is no text (U+0007); is this the portfol",
        ),
    ],
)
def test_every_mistake_is_told_with_its_line(old: str, new: str, said: str) -> None:
    told = spoiled(old, new)
    assert any(said in line for line in told), told


def test_one_mistake_is_told_once() -> None:
    assert spoiled("owners: [crm, analytics]", "owners: [crm, analytcs]") == [
        'line 21: KR-1 owners: there is no unit "analytcs", did you mean "analytics"?'
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = (
        GOOD.replace("name: Bo}", "nmae: Bo}")
        .replace("owners: [crm, analytics]", "owners: [crm, analytcs]")
        .replace("confidence: 6", "confidence: 60")
        .replace("ends: 2026-12-31", "ends: 2026-09-30")
    )
    assert problems(text) == [
        'line 5: bo: "name" is missing',
        'line 5: bo: "nmae" is not known here, did you mean "name"?',
        "line 12: 2026-Q4 ends: it ends on 2026-09-30 before it starts on 2026-10-01",
        'line 21: KR-1 owners: there is no unit "analytcs", did you mean "analytics"?',
        "line 22: update of KR-1 confidence: a confidence of 60 is not possible; use 0 to 10",
    ]


def test_what_refers_to_an_entry_that_could_not_be_read_is_not_called_dangling() -> None:
    assert spoiled("level: portfolio, leads: [ana]", "level: portfolio, leads: {a: b}") == [
        "line 7: suite leads: write a list here"
    ]


def test_a_cycle_that_could_not_be_read_is_not_called_missing() -> None:
    assert spoiled("starts: 2026-10-01, ", "starts: soon, ") == [
        'line 12: 2026-Q4 starts: I read "soon"; write a day like 2026-10-05'
    ]


def test_what_follows_from_a_mistake_is_not_told_as_another() -> None:
    assert spoiled("target: 20", "target: banana") == [
        'line 20: KR-1 target: I read "banana"; write a number like 1250 or 12.5'
    ]


def test_contributions_that_go_round_in_a_circle_are_told() -> None:
    second = GOOD.partition("objectives:\n")[2].replace("O-1", "O-2").replace("KR-1", "KR-2")
    text = (GOOD + second.replace("contributes_to: []", "contributes_to: [{objective: O-1}]")).replace(
        "contributes_to: []", "contributes_to: [{objective: O-2}]"
    )
    assert [line.partition(": ")[2] for line in problems(text)] == [
        "O-1 contributes_to: it contributes to itself; links go up and never come back",
        "O-2 contributes_to: it contributes to itself; links go up and never come back",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_told_how_to_start(text: str) -> None:
    assert problems(text) == ['line 1: the file is empty; it starts with "schema: plumbline/1"']


@pytest.mark.parametrize("text", ["- a\n- b\n", "hello", "42"])
def test_a_file_that_is_no_mapping_is_no_portfolio(text: str) -> None:
    assert problems(text) == ['line 1: this is no portfolio; it starts with "schema: plumbline/1"']


def test_aliases_are_refused_and_never_expanded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    told = problems(bomb)
    assert "line 1: &a: anchors are not read; write the value out" in told
    assert "line 9: *h: anchors are not read; write the value out" in told


def test_deep_nesting_is_refused() -> None:
    assert problems("a: " + "[" * 5000) == ["line 1: this is nested more than 20 deep; is it the portfolio?"]


def test_a_huge_file_is_refused() -> None:
    assert problems("# " + "x" * 4_000_000) == ["line 1: the file is larger than 4 MB; is it the portfolio?"]


def test_bytes_that_are_no_utf_8_are_refused_with_their_line() -> None:
    with pytest.raises(PortfolioErrors, match="line 2: this is not UTF-8 text; save the file as UTF-8"):
        text_of("schema: plumbline/1\n# Größe".encode("latin-1"))
    with pytest.raises(PortfolioErrors, match="not UTF-8"):
        text_of(bytes(range(256)) * 10)
    with pytest.raises(PortfolioErrors, match="larger than 4 MB"):
        text_of(b"x" * 4_000_001)


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake() -> None:
    assert read_portfolio(text_of(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())) == read_portfolio(GOOD)


@given(st.text(max_size=200))
def test_junk_is_refused_in_words_and_never_breaks_the_reader(junk: str) -> None:
    with pytest.raises(PortfolioErrors) as refused:
        read_portfolio(junk)
    assert refused.value.problems
    assert all(p.line >= 1 and "\n" not in p.text for p in refused.value.problems)


@given(st.data())
def test_a_good_file_with_a_hole_is_read_or_refused_in_words(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    text = GOOD[:start] + data.draw(st.text("{}[]:,-&*!|>'\"\n\t #a1", max_size=4)) + GOOD[start + 3 :]
    try:
        assert isinstance(read_portfolio(text), Portfolio)
    except PortfolioErrors as refused:
        assert refused.problems


# What is written


def test_what_is_written_is_what_was_read() -> None:
    portfolio = read_portfolio(GOOD)
    assert read_portfolio(write_yaml(portfolio)) == portfolio
    assert read_portfolio(write_json(portfolio)) == portfolio
    assert write_yaml(read_portfolio(write_yaml(portfolio))) == write_yaml(portfolio)


def test_a_file_is_written_for_people() -> None:
    assert (
        write_yaml(read_portfolio(GOOD))
        == """\
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, email: ana@example.com, slack: U01ANA}
  - {key: bo, name: Bo}
units:
  - key: suite
    name: Product suite
    level: portfolio
    leads: [ana]
    cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo], stage: mature}
  - {key: analytics, name: Analytics, level: product_line, parent: suite}
cycles:
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Reduce time-to-value for new enterprise customers
    key_results:
      - key: KR-1
        title: Onboarding time
        kind: decrease
        start: 45
        target: 20
        measured_in: days
        owners: [crm, analytics]
        reporter: bo
        updates:
          - {at: 2026-10-19, value: 41, confidence: 6, by: bo, note: Pilot started}
"""
    )


def test_json_has_exact_numbers() -> None:
    text = GOOD.replace("value: 41", "value: 0.123456789").replace("target: 20", "target: 123456789012345")
    kr = json.loads(write_json(read_portfolio(text)), parse_float=Decimal)["objectives"][0]["key_results"][0]
    assert (kr["updates"][0]["value"], kr["target"]) == (Decimal("0.123456789"), 123456789012345)


def test_the_sample_is_written_as_yaml_that_others_read_alike() -> None:
    portfolio = read_portfolio(SAMPLE.read_text(encoding="utf-8"))
    loaded = yaml.safe_load(write_yaml(portfolio))
    assert [o["title"] for o in loaded["objectives"]] == [o.title for o in portfolio.objectives]
    krs = [kr for o in loaded["objectives"] for kr in o["key_results"]]
    assert Counter(kr.get("kind", "increase") for kr in krs) == Counter(kr.kind for _, kr in portfolio.key_results())


def test_the_real_ipfs_file_is_read_and_written_identically(shared_file: Path) -> None:
    portfolio = read_portfolio((shared_file / "data" / "ipfs-2019-q3.yaml").read_text(encoding="utf-8"))
    krs = [kr for _, kr in portfolio.key_results()]
    assert (len(krs), sum(len(kr.owners) > 1 for kr in krs)) == (23, 8)
    written = write_yaml(portfolio)
    assert read_portfolio(written) == portfolio
    assert write_yaml(read_portfolio(written)) == written


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(title=TEXTS.filter(str.strip), note=TEXTS, value=st.decimals(-(10**14), 10**14, places=3))
def test_any_text_and_amount_survive_the_round_trip(title: str, note: str, value: Decimal) -> None:
    update = UpdateEntry(at=date(2026, 10, 19), value=value, note=note, evidence=title)
    good = read_portfolio(GOOD)
    kr = good.objectives[0].key_results[0].model_copy(update={"title": title, "updates": (update,)})
    objective = good.objectives[0].model_copy(update={"key_results": (kr,), "title": title})
    portfolio = good.model_copy(update={"objectives": (objective,)})
    for written in (write_yaml(portfolio), write_json(portfolio)):
        again = read_portfolio(written)
        assert again == portfolio
        assert write_yaml(again) == write_yaml(portfolio)
    assert json.loads(write_json(portfolio))["objectives"][0]["key_results"][0]["title"] == title
    assert yaml.safe_load(write_yaml(portfolio))["objectives"][0]["title"] == title


# Differences


def test_the_same_portfolio_differs_in_nothing() -> None:
    assert diff(read_portfolio(GOOD), read_portfolio(GOOD)).lines == ("nothing changes",)
    assert diff(read_portfolio(GOOD), read_portfolio(GOOD.replace("target: 20", "target: 20.0"))).empty


def test_a_difference_is_readable() -> None:
    after = GOOD.replace("target: 20", "target: 25").replace("Onboarding time", "Time to value")
    assert diff(read_portfolio(GOOD), read_portfolio(after)).lines == (
        '~ KR-1 title "Onboarding time" → "Time to value"',
        "~ KR-1 target 20 → 25",
    )


def test_without_a_portfolio_everything_is_new() -> None:
    found = diff(None, read_portfolio(GOOD))
    assert found.lines[0] == "+ person ana Ana Ruiz"
    assert found.lines[-1] == "+ 1 update on KR-1"
    assert found.merged == read_portfolio(GOOD)


def test_entries_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        PersonEntry(key="a", name="A").name = "B"  # type: ignore[misc]
