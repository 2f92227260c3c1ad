"""A person's absence: told by the command or by a Slack status, shown, ended. Today is Friday 20 November 2026."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bot.views.absence import absence as view
from rituals.absence.rules import Wish, read_wish
from rituals.absence.service import Absence, away
from rituals.absence.statuses import Status, take_over
from rituals.away import NO_END, Away
from rituals.errors import Refusal
from storage.database import Database
from storage.tables import Change, Person
from tests.bot.views.reading import plain
from tests.rituals.checkin_workspace import BO, KIM, PORTFOLIO, TEAM, set_up, state
from tests.rituals.stored import rows

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NEXT_FRIDAY = date(2026, 11, 27)
_keys = count()


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The portfolio of the check-in's tests."""
    set_up(sqlite_db, PORTFOLIO.replace("people:", "people:\n  - {key: new, name: Nora New}"))
    return sqlite_db


def say(db: Database, typed: str, *, user: str = BO, now: datetime = FRIDAY, key: str = "") -> Absence:
    """`/okr away …`."""
    return away(db, TEAM, user, typed, now=now, key=key or f"command:{next(_keys)}")


def refused(db: Database, typed: str, *, user: str = BO) -> Refusal:
    with pytest.raises(Refusal) as no:
        say(db, typed, user=user)
    return no.value


def stored(db: Database, user: str = BO) -> Away | None:
    member = state(db).member(user)
    assert member is not None
    return member.away


def person(db: Database, user: str = BO) -> Person:
    return next(row for row in rows(db, Person) if row.slack == user)


# The command


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("until 30 Nov", Wish("30 Nov")),
        ("30 Nov delegate <@U03KIM|kim>", Wish("30 Nov", "<@U03KIM|kim>")),
        ("until Friday @kim", Wish("Friday", "@kim")),
        ("until next Monday, delegate Kim Oda", Wish("next Monday", "Kim Oda")),
        ("till 2026-11-30 and deputy is kim", Wish("2026-11-30", "kim")),
        ("until tomorrow <@U03KIM>", Wish("tomorrow", "<@U03KIM>")),
        ("delegate @kim", Wish("", "@kim")),
        ("until", Wish("")),
    ],
)
def test_a_wish_is_read_with_or_without_its_small_words(typed: str, wish: Wish) -> None:
    assert read_wish(typed) == wish


def test_who_is_away_says_until_when_and_who_is_asked_instead(suite: Database) -> None:
    found = say(suite, "until Friday delegate <@U03KIM|kim>")
    assert stored(suite) == Away(date(2026, 11, 20), NEXT_FRIDAY, "kim")
    assert (found.first, found.until, found.delegate, found.back_on) == (
        date(2026, 11, 20),
        NEXT_FRIDAY,
        "Kim Oda",
        date(2026, 11, 30),
    )
    assert plain(view(found).blocks) == (
        "You are away until Fri 27 Nov; from Mon 30 Nov on you are asked again.\n"
        "Kim Oda is asked instead for CRM.\n"
        "[ I am back ]\n"
        "`/okr away off` ends it. Until then you can still answer yourself."
    )


def test_without_a_delegate_it_says_what_that_means_and_what_else_is_possible(suite: Database) -> None:
    shown = plain(view(say(suite, "2026-11-27")).blocks)
    assert "Nobody is asked instead for CRM; nobody reminds you, and the round counts you as away." in shown
    assert "`/okr away delegate @kim` names somebody who is asked instead; `/okr away off` ends it." in shown


def test_it_shows_what_stands_and_ends_it(suite: Database) -> None:
    assert say(suite, "") == Absence(units=("CRM",))
    told = say(suite, "until 30 Nov delegate kim")
    assert say(suite, "") == told
    assert say(suite, "off").ended
    assert stored(suite) is None
    assert say(suite, "off") == Absence(units=("CRM",)), "there is nothing more to end"


def test_an_absence_that_is_over_is_none(suite: Database) -> None:
    say(suite, "until today")
    assert say(suite, "", now=FRIDAY + timedelta(days=1)).first is None


def test_a_command_that_is_delivered_twice_is_carried_out_once(suite: Database) -> None:
    say(suite, "until 30 Nov", key="command:x")
    say(suite, "off")
    say(suite, "until 30 Nov", key="command:x")
    assert stored(suite) is None
    assert next(row.after for row in rows(suite, Change) if row.what == "person") == {
        "away_until": "2026-11-30",
        "delegate_id": None,
    }


def test_the_delegate_of_somebody_else_is_told_so(suite: Database) -> None:
    say(suite, "until 30 Nov delegate kim")
    found = say(suite, "until 27 Nov", user=KIM)
    assert found.stands_in_for == ("Bo Lind",)
    assert "You answer for Bo Lind meanwhile; tell them that you are away too." in plain(view(found).blocks)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("until", "Until when are you away? Write a day: /okr away until 30 Nov delegate @kim."),
        ("until soon", "I read until “soon”, which is no day that I know. Write one like 2026-11-30, 30 Nov, Friday"),
        ("until next week", "I read until “next week”, which is no day that I know."),
        ("until 18 Nov", "Wed 18 Nov 2026 is over. Until when are you away? /okr away off ends an absence."),
        ("until 2028-01-01", "Sat 1 Jan 2028 is more than a year away"),
        (
            "until Friday delegate @bo",
            "You cannot answer for yourself while you are away. Name somebody else, or nobody.",
        ),
        (
            "until Friday <@U99ELSE>",
            "That person is not in the portfolio, so they cannot answer for you. Name somebody",
        ),
        ("until Friday delegate @nora new", "Nora New was not found in Slack yet, so I cannot ask them."),
        ("until Friday delegate @zeppelin", "No person"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(suite: Database, typed: str, said: str) -> None:
    assert refused(suite, typed).text.startswith(said)
    assert stored(suite) is None


def test_a_delegate_who_is_away_too_is_refused(suite: Database) -> None:
    say(suite, "until Wed", user=KIM)
    no = refused(suite, "until 30 Nov delegate @kim")
    assert no.text == "Kim Oda is away too, until Wed 25 Nov 2026. Name somebody else, or nobody."


def test_a_day_that_can_be_two_is_asked_back_with_both(suite: Database) -> None:
    no = refused(suite, "until 3/12 delegate @kim")
    assert [(one.value, one.label) for one in no.choices] == [
        ("until 2026-12-03 delegate @kim", "Thu 3 Dec 2026"),
        ("until 2027-03-12 delegate @kim", "Fri 12 Mar 2027"),
    ]
    assert no.text == "“3/12” can be two days. Which?"


def test_who_is_not_in_the_portfolio_is_told_so(suite: Database) -> None:
    assert refused(suite, "until Friday", user="U99ELSE").text.startswith("You are not in the portfolio")


def test_the_day_is_the_one_where_the_person_is(suite: Database) -> None:
    late = datetime(2026, 11, 20, 12, tzinfo=UTC)  # Saturday in Auckland
    found = say(suite, "until tomorrow", user="U06ARI", now=late)
    assert (found.first, found.until) == (date(2026, 11, 21), date(2026, 11, 22))


# Slack's status


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("status", "last"),
    [
        (Status(":palm_tree:", "Vacationing", at(27, 23)), NEXT_FRIDAY),
        (Status(":palm_tree:", "", at(27, 18)), NEXT_FRIDAY),
        (Status(":airplane:", "", at(27, 9)), date(2026, 11, 26)),
        (Status("", "Im Urlaub bis Freitag", at(28, 0)), NEXT_FRIDAY),
        (Status(":speech_balloon:", "Out of office", None), NO_END),
        (Status("", "on parental leave"), NO_END),
        (Status(":palm_tree:", "OOO"), NO_END),
        (Status(":palm_tree:", "Back from vacation", at(27, 23)), None),
        (Status("", "planning vacation", at(27, 23)), None),
        (Status(":house_with_garden:", "Working remotely", at(27, 23)), None),
        (Status(":bus:", "Commuting"), None),
        (Status("", "Please leave a message"), None),
        (Status(), None),
    ],
)
def test_a_status_like_vacation_says_until_when(status: Status, last: date | None) -> None:
    assert status.last_day(BERLIN) == last


def status(db: Database, said: Status, *, now: datetime = FRIDAY) -> bool:
    with db.transaction() as session:
        return BO in take_over(session, TEAM, {BO: said}, now=now)


VACATION = Status(":palm_tree:", "Vacationing", at(27, 23))


def test_a_status_makes_its_owner_away_and_its_end_makes_them_come_back(suite: Database) -> None:
    assert status(suite, VACATION)
    assert (stored(suite), person(suite).away_by) == (Away(date(2026, 11, 20), NEXT_FRIDAY), "status")
    assert not status(suite, VACATION, now=FRIDAY + timedelta(days=2)), "what stands is not written again"
    assert "You are away by your Slack status until Fri 27 Nov" in plain(view(say(suite, "")).blocks)
    assert status(suite, Status())
    assert (stored(suite), person(suite).away_by) == (None, "")


def test_a_status_never_overwrites_what_the_command_told(suite: Database) -> None:
    say(suite, "until 2 Dec delegate kim")
    assert not status(suite, VACATION)
    assert not status(suite, Status()), "nor does its end"
    assert stored(suite) == Away(date(2026, 11, 20), date(2026, 12, 2), "kim")


def test_after_a_told_absence_is_over_a_status_counts_again(suite: Database) -> None:
    say(suite, "until today delegate kim")
    tomorrow = FRIDAY + timedelta(days=1)
    assert status(suite, VACATION, now=tomorrow)
    assert stored(suite) == Away(date(2026, 11, 21), NEXT_FRIDAY)


def test_off_holds_against_a_status_that_still_stands(suite: Database) -> None:
    status(suite, VACATION)
    say(suite, "off")
    assert not status(suite, VACATION)
    assert stored(suite) is None
    status(suite, Status())
    assert status(suite, VACATION), "a new one counts"


def test_a_delegate_can_be_named_for_an_absence_that_a_status_told(suite: Database) -> None:
    status(suite, Status(":palm_tree:", ""))
    found = say(suite, "delegate kim")
    assert (found.until, found.delegate, found.by_status) == (None, "Kim Oda", True)
    assert "You are away by your Slack status, until that changes." in plain(view(found).blocks)
    assert not status(suite, Status(":palm_tree:", ""))
    status(suite, Status())
    assert stored(suite) is None


def test_a_status_that_has_run_out_says_nothing(suite: Database) -> None:
    assert not status(suite, Status(":palm_tree:", "", at(19, 23)))
    assert stored(suite) is None
