"""What `/okr` shows on the sample portfolio: lists, shared key results, one card, a bare name, the blockers."""

from datetime import date, timedelta
from itertools import count

import pytest

from rituals.errors import Refusal
from rituals.notices.cards import KrCard
from rituals.okrs import blockers, card, pages, service
from rituals.okrs.cards import Saved
from rituals.okrs.known import named
from rituals.okrs.load import load_portfolio
from storage.database import Database
from storage.tables import Answer, Blocker, KeyResultUpdate
from tests.rituals.halden import ANA, BO, NOW, OMAR, PRIYA, SAM, TEAM, import_sample, whole_list

_click = count()


def line(db: Database, user: str, text: str) -> Saved:
    """A line that is saved."""
    saved = service.update_line(db, TEAM, user, text, now=NOW, key=f"command:{next(_click)}")
    assert isinstance(saved, Saved)
    return saved


def show(db: Database, key: str) -> KrCard:
    """The card as it is now."""
    return card.show(db, TEAM, key, now=NOW)


# Lists


def keys(db: Database, query: str, user: str = BO) -> tuple[str, list[str]]:
    """Title and keys of a list."""
    page = whole_list(db, user, query)
    return page.title, [one.key for one in page.lines]


def test_a_list_has_shared_key_results_first_and_the_worst_first_in_each(halden: Database) -> None:
    title, found = keys(halden, "")
    assert (title, len(found)) == ("All key results", 45)
    assert found[:4] == ["KR-30", "KR-6", "KR-9", "KR-1"]
    assert found[11] == "KR-44"


@pytest.mark.parametrize(
    ("query", "title", "some", "none"),
    [
        ("mine", "Your key results", "KR-32", "KR-8"),
        ("shared", "Shared", "KR-8", "KR-10"),
        ("behind", "Falling behind", "KR-44", "KR-39"),
        ("crm", "CRM", "KR-10", "KR-8"),
        ("Product suite", "Product suite", "KR-45", "KR-99"),
        ("<@U04MIA|mia>", "Mia Tanaka", "KR-2", "KR-10"),
        ("@grace", "Grace Okafor", "KR-37", "KR-10"),
        ("2026-q4", "2026-Q4", "KR-45", "KR-99"),
        ("crm behind", "CRM, falling behind", "KR-12", "KR-10"),
        ("shared behind mine", "Your key results, shared, falling behind", "KR-1", "KR-12"),
    ],
)
def test_a_list_is_narrowed_by_words(halden: Database, query: str, title: str, some: str, none: str) -> None:
    found = keys(halden, query)
    assert found[0] == title
    assert some in found[1]
    assert none not in found[1]


def test_a_page_has_the_lines_and_reasons_that_it_shows_and_the_menu_all(halden: Database) -> None:
    first, last = (pages.list_page(halden, TEAM, BO, "", now=NOW, start=start) for start in (0, 999))
    assert (first.start, len(first.lines), first.total, len(first.choices)) == (0, 8, 45, 45)
    assert (last.start, len(last.lines), last.choices) == (40, 5, first.choices)
    assert last.lines == whole_list(halden, BO, "").lines[40:]
    none = pages.list_page(halden, TEAM, SAM, "mine", now=NOW, start=8)
    assert (none.start, none.total, none.choices) == (0, 0, ())
    for start in range(0, whole_list(halden, BO, "behind").total, 8):
        page = pages.list_page(halden, TEAM, BO, "behind", now=NOW, start=start)
        assert dict(page.why).keys() <= {line.key for line in page.lines}


def test_who_leads_only_a_unit_above_has_all_below_it_as_theirs(halden: Database) -> None:
    assert len(keys(halden, "mine", ANA)[1]) == 45
    assert keys(halden, "mine", SAM)[1] == []


@pytest.mark.parametrize("query", ["<@U12SAM|sam>", "@nobody at all", "qqqq"])
def test_an_unknown_name_in_a_list_is_refused(halden: Database, query: str) -> None:
    with pytest.raises(Refusal):
        pages.list_page(halden, TEAM, BO, query, now=NOW)


def test_shared_says_why_one_falls_behind_and_which_owner_lags(halden: Database) -> None:
    found = {one.line.key: one for one in pages.shared(halden, TEAM, now=NOW).key_results}
    assert len(found) == 11
    assert found["KR-6"].why == ("stalled two rounds", "not updated for 32 days")
    assert found["KR-6"].lags == ("CRM (no word yet)", "Payments (silent 32 days)")
    assert found["KR-1"].lags[0] == "CRM (blocked)"
    assert found["KR-32"].lags == ("CRM (sees it worse)",)
    assert (found["KR-5"].why, found["KR-5"].lags) == ((), ())


# One key result


def test_a_card_words_course_forecast_links_and_history(halden: Database) -> None:
    found = show(halden, "KR-1")
    assert found.course == "45 → 20 days"
    assert found.forecast.endswith("on 31 Dec, from 4 updates")
    assert (found.objective_key, found.unit) == ("O-1", "Product suite")
    assert "O-5" in {one.key for one in found.down}
    assert found.line.owners == ("CRM", "Analytics", "Identity")
    assert (found.updates, found.history[0].value, found.history[0].by) == (4, "36 days", "Bo Lindqvist")
    assert show(halden, "KR-10").up[0].unit == "Product suite"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("KR-5", "at least 112 %"),
        ("KR-26", "at most 300 ms"),
        ("KR-24", "1.5 to 2.5 %"),
        ("KR-9", "5 milestones of weight 10"),
        ("KR-38", "done by 11 Dec"),
        ("KR-44", "0 → 40 customers"),
    ],
)
def test_the_course_of_every_kind_is_words(halden: Database, key: str, words: str) -> None:
    assert show(halden, key).course == words


def test_a_chart_runs_from_the_start_over_the_reports_to_the_forecast(halden: Database) -> None:
    points = show(halden, "KR-1").chart
    assert (points[0].day, points[0].actual) == (date(2026, 10, 1), 0.0)
    assert [point.actual for point in points[1:5]] == [0.0, 0.16, 0.32, 0.36]
    assert (points[-1].day, points[-1].actual) == (date(2026, 12, 31), None)
    assert points[-1].forecast is not None
    assert show(halden, "KR-38").chart == ()
    assert show(halden, "KR-44").chart == ()


def test_too_few_updates_give_no_forecast_and_say_what_it_takes(halden: Database) -> None:
    assert show(halden, "KR-6").forecast == "not enough data; it takes three updates on three days"


def test_history_leads_to_the_words_it_came_from(db: Database) -> None:
    import_sample(db)
    saved = line(db, BO, "KR-1 30 days")
    with db.transaction() as session:
        answer = Answer(
            team_id=TEAM,
            slack_user=BO,
            source="dm",
            source_key="m1",
            at=NOW,
            permalink="https://x.slack.com/archives/D1/p1",
        )
        session.add(answer)
        session.flush()
        row = session.get(KeyResultUpdate, saved.line.update)
        assert row is not None
        row.answer_id = answer.id
    links = [one.permalink for one in show(db, "KR-1").history]
    assert links == ["https://x.slack.com/archives/D1/p1", None, None, None, None]


def test_a_card_is_found_by_the_key_that_begins_what_was_typed(halden: Database) -> None:
    assert show(halden, "KR-1 please").line.key == "KR-1"
    assert show(halden, "kr 12: how is it").line.key == "KR-12"


def test_a_card_is_found_by_words_of_the_title(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    assert named(state, "crash", NOW).key == "KR-29"
    with pytest.raises(Refusal, match="Which key result"):
        named(state, "", NOW)


# What stands without a subcommand


def test_a_bare_name_is_its_key_and_other_words_are_none(halden: Database) -> None:
    def bare(text: str) -> str | None:
        return service.bare_name(halden, TEAM, text, now=NOW)

    assert bare("kr 12") == "KR-12"
    assert bare("Sessions without a crash") == "KR-29"
    assert bare("banana") is None
    with pytest.raises(Refusal, match="No key result KR-99"):
        bare("KR-99")


def test_a_bare_name_with_a_value_is_asked_about_before_anything_is_written(halden: Database) -> None:
    with pytest.raises(Refusal) as caught:
        service.bare_name(halden, TEAM, "KR-1 30 days", now=NOW)
    assert [choice.value for choice in caught.value.choices] == ["update KR-1 30 days", "show KR-1"]
    assert show(halden, "KR-1").line.now == "36 days"


# Blockers


def block(db: Database, number: int = 12) -> None:
    """CRM waits for Payments on KR-1, since twelve days."""
    with db.transaction() as session:
        state = load_portfolio(session, TEAM)
        session.add(
            Blocker(
                team_id=TEAM,
                number=number,
                text="waiting for the billing API",
                unit_id=state.unit_ids["crm"],
                waits_for_unit_id=state.unit_ids["payments"],
                key_result_id=state.key_results["KR-1"].id,
                opened_at=NOW - timedelta(days=12),
            )
        )


def test_the_register_has_all_open_blockers_or_those_of_a_unit(halden: Database) -> None:
    block(halden)
    assert [one.number for one in blockers.register(halden, TEAM, "", now=NOW).lines] == [12]
    of_payments = blockers.register(halden, TEAM, "payments", now=NOW)
    assert (of_payments.unit, len(of_payments.lines)) == ("Payments", 1)
    assert blockers.register(halden, TEAM, "mobile", now=NOW).lines == ()
    assert [one.number for one in show(halden, "KR-1").blockers] == [12]


@pytest.mark.parametrize("typed", ["12", "B-12", "b12"])
def test_who_is_waited_for_resolves_a_blocker_by_its_number(halden: Database, typed: str) -> None:
    block(halden)
    found = blockers.resolve(halden, TEAM, OMAR, typed, now=NOW)
    assert (found.number, found.days) == (12, 12)
    assert blockers.register(halden, TEAM, "", now=NOW).lines == ()


def test_a_blocker_between_other_units_is_theirs_to_resolve(halden: Database) -> None:
    block(halden)
    with pytest.raises(Refusal, match=r"B-12 is .*: ask "):
        blockers.resolve(halden, TEAM, PRIYA, "12", now=NOW)
    with pytest.raises(Refusal, match="Which blocker"):
        blockers.resolve(halden, TEAM, BO, "the first", now=NOW)
