"""The workshop's forms and replies with the nastiest texts, and what its messages offer when."""

from datetime import UTC, datetime

import pytest

from bot.views import workshop_forms as forms
from bot.views import workshop_letters as letters
from bot.views.blocks import Message
from bot.views.workshops import board, time_up, turn
from rituals.notices.workshops import WorkshopCard, WorkshopConfirm, WorkshopRecord, WorkshopTime
from rituals.workshops.cards import ItemForm, Pick, PlanForm, Preview, Status
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import elements, mrkdwn
from tests.bot.views.samples import EVIL, blown_up
from tests.bot.views.workshop_samples import AT, BOARD, COVERED, ITEM, MEETING, TURN

evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
STARTS = datetime(2027, 1, 4, 9, tzinfo=UTC)
PLAN = PlanForm(
    units=(Pick(key="suite", label="Product suite"),), cycles=(Pick(key="2027-Q1", label="2027-Q1"),),
    typed={"unit": "suite", "cycle": "2027-Q1", "channel": "C01ALL", "day": "2027-01-04", "hour": "10:00"},
    zone="Europe/Berlin", moving=True,
    preview=Preview(
        starts_at=STARTS, asks_at=AT, lines=("CRM", "Payments"), minutes=45, day_off="New Year's Day",
        late=(("Bo Lind", "Fri 05:00"),), over=True,
    ),
)  # fmt: skip
NOTE = ItemForm(
    workshop=3, line_key="crm", line="CRM", others=(Pick(key="payments", label="Payments"),),
    objectives=(Pick(key="O-3", label="O-3 New accounts"),), decides=True, item=7,
    typed={"kind": "conflict", "other": "payments", "text": "one team for two", "objective": "O-3"},
)  # fmt: skip
STATUS = Status(board=BOARD, where="CRM has the floor", may=True, others=("Other suite Mon 4 Jan",))


def labels(message: Message) -> list[str]:
    """What the buttons of a message say."""
    return [e["text"]["text"] for e in elements(message.blocks) if e["type"] == "button"]


def at(state: str, part: str = "agenda") -> Message:
    """The agenda or the round in a state."""
    meeting = MEETING.model_copy(update={"state": state})
    return board(BOARD.model_copy(update={"meeting": meeting, "part": part}))


@evil
def test_the_most_extreme_forms_are_valid(text: str) -> None:
    plan = blown_up(PLAN, text).model_copy(update={"typed": PLAN.typed})
    note = blown_up(NOTE, text).model_copy(update={"line_key": "crm", "typed": NOTE.typed})
    views = [
        forms.plan_form(plan),
        forms.item_form(note),
        forms.answer_form(7, "declined", text),
        forms.answer_form(7, "adjusted", text),
        forms.not_yet_form(3),
        forms.planned_view("C01ALL", STARTS),
    ]
    assert [check_view(view, "modal") for view in views] == [[]] * len(views)


@evil
def test_the_most_extreme_replies_are_valid_and_ping_nobody(text: str) -> None:
    shown = [forms.status_page(blown_up(STATUS, text)), forms.moved(text), forms.none_planned()]
    assert [check_message(one.blocks) for one in shown] == [[]] * len(shown)
    said = [part for one in shown for part in [one.text, *mrkdwn(one.blocks)]]
    assert not any(word in part for part in said for word in ("<!channel", "<!here", "<@U999"))


@pytest.mark.parametrize(
    ("state", "agenda", "adjusting"),
    [
        ("drafting", ["Start with Search", "Call off"], []),
        ("presenting", [], []),
        ("adjusting", [], ["Ask for the confirmation", "Close"]),
        ("confirming", [], ["Close without it"]),
        ("closed", [], []),
        ("cancelled", [], []),
    ],
)
def test_each_state_offers_what_comes_next_and_nothing_else(
    state: str, agenda: list[str], adjusting: list[str]
) -> None:
    assert labels(at(state)) == agenda
    assert labels(at(state, "round")) == adjusting or state == "drafting"


def test_a_line_with_the_floor_has_its_buttons_and_one_that_is_done_only_the_note() -> None:
    meeting = MEETING.model_copy(update={"state": "presenting"})
    running = turn(TURN.model_copy(update={"meeting": meeting}))
    assert labels(running) == ["Note something", "Next: Payments", "5 minutes more"]
    done = turn(TURN.model_copy(update={"meeting": meeting, "running": False}))
    assert labels(done) == ["Note something"]
    last = turn(TURN.model_copy(update={"meeting": meeting, "after": None}))
    assert "Open the adjustment round" in labels(last)


def test_what_nobody_answered_is_no_longer_said_to_be_answered_when_it_is_over() -> None:
    waiting = BOARD.model_copy(update={"items": (ITEM.model_copy(update={"state": "open"}),)})
    over = MEETING.model_copy(update={"state": "closed"})
    assert "Payments answers" in " ".join(mrkdwn(board(waiting.model_copy(update={"part": "round"})).blocks))
    shown = board(waiting.model_copy(update={"part": "round", "meeting": over}))
    assert "not answered" in " ".join(mrkdwn(shown.blocks))


def test_only_members_are_pinged_when_time_is_up() -> None:
    line = time_up(WorkshopTime(line="CRM", over=0, running=True, users=("U01BO", "everyone"), after=None)).text
    assert line == "<@U01BO> The time of CRM is over; next is the adjustment round."


def test_a_line_whose_time_was_extended_is_not_said_to_be_done() -> None:
    extended = WorkshopTime(line="CRM", over=0, running=True, extended=AT, users=("U01BO",), after="Payments")
    assert time_up(extended).text.startswith("CRM has the floor until <!date^")
    assert time_up(extended.model_copy(update={"running": False})).text == "CRM is done."


def test_who_noted_an_item_can_change_it_or_take_it_back_while_it_is_open() -> None:
    card = WorkshopCard(meeting=MEETING, line=ITEM, mine=False, author=True)
    assert labels(letters.card(card)) == ["Change", "Take back"]
    bare = card.model_copy(update={"line": ITEM.model_copy(update={"text": ""})})
    assert labels(letters.card(bare)) == ["Say what it is", "Take back"]
    gone = card.model_copy(update={"withdrawn": True})
    assert labels(letters.card(gone)) == []


def test_the_confirmation_says_what_it_is_judged_by_and_goes_quiet_once_given() -> None:
    asked = WorkshopConfirm(
        meeting=MEETING.model_copy(update={"state": "confirming"}), before=COVERED,
        after=COVERED.model_copy(update={"connection": 0.8}), open_items=1, accepted=2,
    )  # fmt: skip
    assert labels(letters.confirm(asked)) == ["Confirm", "Not yet"]
    assert "connection rate 50\u00a0% → 80\u00a0%" in " ".join(mrkdwn(letters.confirm(asked).blocks))
    over = {"meeting": MEETING.model_copy(update={"state": "closed"}), "confirmed_by": "Ana Ruiz"}
    given = letters.confirm(asked.model_copy(update=over))
    assert labels(given) == []
    assert "Ana Ruiz confirmed" in given.text


def test_the_record_names_the_canvas_only_where_there_is_one() -> None:
    notice = WorkshopRecord(workshop=3, unit="Suite", cycle="2027-Q1", closed_at=AT, headline="nothing was noted")
    assert letters.record_comment(notice).endswith("2027-Q1: nothing was noted.")
    linked = notice.model_copy(update={"canvas_url": "https://acme.slack.com/docs/T1/F1"})
    assert "<https://acme.slack.com/docs/T1/F1|as a canvas>" in letters.record_comment(linked)
