"""The close of a cycle: the page, the form of one key result, the form that closes, the look back on each rung."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.views import ids
from bot.views.blocks import Rung
from bot.views.cards import card
from bot.views.closed import being_closed, finish_form, finished, opened_again
from bot.views.closing import closing_page, grade_form, overview
from bot.views.history import history
from bot.views.home import home_view
from bot.views.mine import mine
from bot.views.retrospective import look_back, reminder
from rituals.closing.pages import (
    BeingClosed,
    ClosingLine,
    ClosingObjective,
    ClosingPage,
    Decided,
    FinishForm,
    GradeForm,
)
from rituals.notices import Owed
from rituals.notices.cards import Earlier, Graded
from rituals.notices.closing import ClosingReminder, Ends, Finished, UnitCalibration, Went
from rituals.okrs.cards import HistoryEvent, HistoryPage
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import elements, mrkdwn
from tests.bot.views.samples import BEHIND, CARD, EVIL, HISTORY, HOME, LOOK_BACK, OWN, blown_up

evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
LINE = ClosingLine(
    line=BEHIND,
    course="45 → 20 days",
    commitment="aspirational",
    suggested=Decimal("0.16"),
    suggested_band="red",
    suggested_outcome="dropped",
)
DECIDED = LINE.model_copy(
    update={
        "line": BEHIND.model_copy(update={"key": "KR-2"}),
        "decided": Decided(
            outcome="carried", score=Decimal("0.70"), band="green", reason="late", note="went well", by="Bo Lind", at=AT
        ),
    }
)
SILENT = LINE.model_copy(update={"line": OWN, "suggested": None, "suggested_band": None})
PAGE = ClosingPage(
    cycle="2026-Q4",
    starts=date(2026, 10, 1),
    ends=date(2026, 12, 31),
    ended=True,
    closed=False,
    left=2,
    total=3,
    objectives=(
        ClosingObjective(
            key="O-1", title="Start faster", unit="CRM", lines=(LINE, DECIDED, SILENT), left=2, on_track=1
        ),
    ),
    others=("Payments",),
    may_close=True,
)
FORM = GradeForm(
    cycle="2026-Q4",
    objective="O-1",
    objective_title="Start faster",
    unit="CRM",
    line=LINE,
    measured_in="days",
    new_target=True,
    left=12,
    total=30,
    seen="",
    on_track=3,
    as_suggested=5,
)
FINISH = FinishForm(
    cycle="2026-Q4",
    ends=date(2026, 12, 31),
    days_left=0,
    closed=20,
    carried=9,
    dropped=1,
    key="2027-Q1",
    starts=date(2027, 1, 1),
    until=date(2027, 3, 31),
    exists=False,
    choices=("2027",),
)
FINISHED = Finished(
    cycle="2026-Q4",
    into="2027-Q1",
    opened=True,
    key_results=(Went(before="KR-1", now="KR-46"),),
    objectives=(Went(before="O-1", now="O-19"),),
    lost=(Went(before="O-2", now="O-19"),),
    channels=1,
)


GRADED = Graded(
    score=Decimal("0.60"),
    band="yellow",
    outcome="carried",
    reason="late data",
    note="slower",
    to="KR-46",
    by="Bo",
    at=AT,
)
BEFORE = Earlier(
    key="KR-0",
    cycle="2026-Q3",
    course="60 → 40 days",
    ended="45 days",
    graded=GRADED,
    history=(HISTORY,),
    updates=9,
)
CARRIED = CARD.model_copy(update={"graded": GRADED, "earlier": (BEFORE,)})


def said(blocks: list[dict[str, Any]]) -> str:
    """Every mrkdwn text of some blocks, in a row, with plain spaces."""
    return " ".join(mrkdwn(blocks)).replace("\u00a0", " ")


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    """What stands on the buttons."""
    return [e["text"]["text"] for e in elements(blocks) if e["type"] == "button"]


def test_the_page_says_what_is_left_what_is_suggested_and_what_was_decided() -> None:
    shown = closing_page(PAGE)
    text = said(shown.blocks)
    assert check_message(shown.blocks) == []
    assert "Closing 2026-Q4: 2 of 3 left for you" in text
    assert "○ red 0.16, suggests to drop" in text
    assert "carried over, ● green 0.70 (Bo Lind)" in text
    assert "no value was reported" in text
    assert "Payments still has key results to decide on." in text


def test_closing_is_offered_when_everything_is_decided_and_not_before() -> None:
    done = PAGE.model_copy(update={"left": 0, "others": ()})
    assert "Close 2026-Q4" in labels(closing_page(done).blocks)
    assert "Close 2026-Q4" not in labels(closing_page(PAGE).blocks)
    assert "Close 2026-Q4" not in labels(closing_page(done.model_copy(update={"may_close": False})).blocks)


def test_a_closed_cycle_leads_to_its_results_and_an_admin_back_into_it() -> None:
    closed = PAGE.model_copy(update={"closed": True, "may_reopen": True})
    assert labels(closing_page(closed).blocks) == ["Results", "Open it again"]
    assert labels(closing_page(closed.model_copy(update={"may_reopen": False})).blocks) == ["Results"]


def test_many_objectives_are_shown_page_by_page() -> None:
    eight = tuple(PAGE.objectives[0].model_copy(update={"key": f"O-{n}"}) for n in range(8))
    many = PAGE.model_copy(update={"objectives": eight, "more": 12})
    first, last = closing_page(many), closing_page(many.model_copy(update={"start": 12, "more": 0}))
    assert check_message(first.blocks) == []
    assert "and 12 more objectives" in labels(first.blocks)
    assert not any("more objective" in label for label in labels(last.blocks))


def test_the_form_is_filled_in_with_what_is_suggested() -> None:
    view = grade_form(FORM)
    assert check_view(view, "modal") == []
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs[f"{ids.CLOSING_OUTCOME}:KR-1"]["initial_option"]["value"] == "dropped"
    assert inputs[f"{ids.CLOSING_SCORE}:KR-1"]["initial_value"] == "0.16"
    assert "12 left of 30" in said(view["blocks"])
    assert "aspirational, expects 0.7" in said(view["blocks"])
    assert view["submit"]["text"] == "Save and next"


def test_the_form_of_what_was_decided_shows_that_and_changes_it() -> None:
    view = grade_form(FORM.model_copy(update={"line": DECIDED, "seen": "x"}))
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs[f"{ids.CLOSING_OUTCOME}:KR-2"]["initial_option"]["value"] == "carried"
    assert inputs[f"{ids.CLOSING_NOTE}:KR-2"]["initial_value"] == "went well"
    assert "Carried over by Bo Lind with ● green 0.70." in said(view["blocks"])
    assert view["submit"]["text"] == "Change"


def test_batches_are_offered_for_several_only() -> None:
    several = {"Skip", "Carry over all 3 on track here", "Take all 5 suggestions here"}
    assert several <= set(labels(grade_form(FORM)["blocks"]))
    alone = FORM.model_copy(update={"on_track": 1, "as_suggested": 1, "left": 1})
    assert labels(grade_form(alone)["blocks"]) == ["Report a value"]


def test_a_new_target_is_asked_for_only_where_there_is_one() -> None:
    names = [e["action_id"] for e in elements(grade_form(FORM.model_copy(update={"new_target": False}))["blocks"])]
    assert not any(name.startswith(ids.CLOSING_TARGET) for name in names)


def test_closing_early_is_confirmed_by_a_box_that_must_be_ticked() -> None:
    early = finish_form(FINISH.model_copy(update={"days_left": 10}))
    assert check_view(early, "modal") == []
    [box] = [b for b in early["blocks"] if b.get("block_id") == ids.CLOSING_EARLY]
    assert not box.get("optional")
    assert "10 days early" in box["element"]["options"][0]["text"]["text"]
    assert ids.CLOSING_EARLY not in [b.get("block_id") for b in finish_form(FINISH)["blocks"]]


def test_a_next_cycle_that_exists_keeps_its_days() -> None:
    names = [b.get("block_id") for b in finish_form(FINISH.model_copy(update={"exists": True}))["blocks"]]
    assert ids.CLOSING_STARTS not in names
    assert ids.CLOSING_UNTIL not in names


def test_what_closing_did_names_what_goes_on_and_what_lost_its_link() -> None:
    text = said(finished(FINISHED).blocks)
    assert "1 key result goes on in 2027-Q1. It was made." in text
    assert "KR-1 → *KR-46*" in text
    assert "O-19 (was O-2)" in text


@pytest.mark.parametrize("rung", ["native", "fields", "text"])
def test_the_look_back_is_a_valid_message_on_every_rung(rung: Rung) -> None:
    shown = look_back(LOOK_BACK, rung)
    assert check_message(shown.blocks) == []
    text = said(shown.blocks)
    assert "Of 32 key results 20 closed, 9 carried over to 2027-Q1, 3 dropped." in text
    assert "Committed: ● 5 green, ◐ 3 yellow, ○ 1 red" in text
    assert "Brier score 0.22 from 64" in text
    assert "7 to 10 of 10: 9 given, 77 % sure on average, 56 % came true" in text
    assert "0 to 3 of 10: 2 given, not enough data" in text
    assert "73 % → 80 % (+7)" in text
    assert "37 of 42 answered (88 %)" in text
    assert "*KR-9* Search answers within a second" in text


def test_a_card_has_the_grade_and_under_it_what_it_was_in_the_cycle_before() -> None:
    shown = card(CARRIED)
    assert check_message(shown.blocks) == []
    text = said(shown.blocks)
    assert "*Graded*  ◐ yellow, 0.60, carried over to *KR-46*: late data; slower" in text
    assert "*Before, in 2026-Q3*  KR-0: 60 → 40 days, ended at 45 days" in text
    assert "and 8 before these" in text


def test_what_waits_for_a_persons_decision_stands_in_home_and_in_a_bare_okr() -> None:
    waiting = HOME.model_copy(update={"owed": (Owed(what="close 2026-Q4", cycle="2026-Q4", left=7),)})
    for blocks in (mine(waiting).blocks, home_view(waiting)["blocks"]):
        assert "Close 2026-Q4 · 7 key results to decide on" in said(blocks)
        assert "Decide" in labels(blocks)


def test_the_history_tells_the_grade() -> None:
    words = "KR-1 in 2026-Q4: 0.60 (yellow), carried over to KR-46"
    graded = HistoryPage(key="KR-1", title="Time", events=(HistoryEvent(at=AT, what="grade", words=words, by="Bo"),))
    assert f"Graded: {words}, Bo" in said(history(graded).blocks)


def test_what_is_not_known_is_said_so() -> None:
    few = UnitCalibration(name="", calls=3, brier=None, bins=())
    bare = LOOK_BACK.model_copy(update={"overall": few, "connection": Ends(start=None, end=None), "asked": 0})
    text = said(look_back(bare).blocks)
    assert "not enough data: 3 confidences given" in text
    assert "*Connection rate*  not enough data" in text
    assert "none was asked" in text


def test_the_reminder_says_what_waits_and_leads_there() -> None:
    shown = reminder(ClosingReminder(cycle="2026-Q4", ends=date(2026, 12, 31), days=8, left=12))
    assert "2026-Q4 ended 8 days ago, on 31 Dec, and is not closed." in shown.text
    assert labels(shown.blocks) == ["Close it"]


def _named(line: ClosingLine, number: int) -> ClosingLine:
    return line.model_copy(update={"line": line.line.model_copy(update={"key": f"KR-{number}"})})


@evil
def test_whatever_people_type_the_views_stay_valid(text: str) -> None:
    one = PAGE.objectives[0].model_copy(update={"lines": ()})
    line = blown_up(DECIDED, text)
    objective = blown_up(one, text).model_copy(update={"lines": tuple(_named(line, n) for n in range(20))})
    page = blown_up(PAGE.model_copy(update={"objectives": ()}), text)
    page = page.model_copy(
        update={"objectives": tuple(objective.model_copy(update={"key": f"O-{n}"}) for n in range(9))}
    )
    assert check_message(closing_page(page).blocks) == []
    assert check_view(overview(page), "modal") == []
    assert check_view(grade_form(blown_up(FORM, text)), "modal") == []
    assert check_view(finish_form(blown_up(FINISH, text)), "modal") == []
    assert check_message(finished(blown_up(FINISHED, text)).blocks) == []
    taken = BeingClosed(cycle=text, into=text, total=4000, by=text)
    assert check_message(being_closed(taken).blocks) == []
    assert check_message(opened_again(text).blocks) == []
    before = blown_up(BEFORE.model_copy(update={"history": (HISTORY,)}), text)
    assert (
        check_message(
            card(CARRIED.model_copy(update={"graded": blown_up(GRADED, text), "earlier": (before,) * 4})).blocks
        )
        == []
    )
    for rung in ("native", "fields", "text"):
        assert check_message(look_back(blown_up(LOOK_BACK, text), rung).blocks) == []
