"""What the answer form says beside values: a blocker's kind, owner and next step, a change's reason, a link as
evidence; and what it shows first of many key results.
"""

from datetime import date

import pytest

from rituals.checkins import form_opening
from rituals.checkins.form import AnswerForm
from rituals.checkins.form_service import Submitted, submit_form
from rituals.errors import FormRefusal
from rituals.okrs.form import Entry
from storage.database import Database
from storage.tables import Adjustment, Answer, Blocker, KeyResultUpdate
from tests.rituals.checkin_workspace import (
    ASKED,
    BO,
    KIM,
    PORTFOLIO,
    TEAM,
    ask_everybody,
    ask_of,
    open_blockers,
    receipt,
    set_up,
    state,
)
from tests.rituals.stored import rows


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """Everybody has been asked."""
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    return sqlite_db


def send(db: Database, *entries: Entry, user: str = BO, view: str = "V1", **fields: str) -> None:
    submit_form(db, TEAM, user, Submitted(ask_of(db, user).id or 0, view, entries, **fields), now=ASKED)  # type: ignore[arg-type]


def opened(db: Database, user: str = BO) -> AnswerForm:
    return form_opening.open_form(db, TEAM, user, ask_id=ask_of(db, user).id, now=ASKED)


def errors(db: Database, *entries: Entry, **fields: str) -> dict[str, str]:
    with pytest.raises(FormRefusal) as no:
        send(db, *entries, **fields)
    return dict(no.value.errors)


def test_a_blocker_has_kind_owner_next_step_and_its_day(db: Database) -> None:
    send(
        db,
        blockers="waiting for Payments' API",
        kind="dependency",
        owner=KIM,
        next_step="asks the vendor by 2026-11-20",
    )
    [blocker] = open_blockers(db)
    assert (blocker.kind, blocker.next_action) == ("dependency", "asks the vendor by 2026-11-20")
    assert blocker.owner_id == state(db).people["kim"].id
    assert blocker.next_on == date(2026, 11, 20)


def test_of_several_blockers_the_first_has_what_is_said_beside(db: Database) -> None:
    send(db, blockers="- waiting for Payments' API\n- the billing page", kind="external", owner=KIM)
    assert [b.kind for b in open_blockers(db)] == ["external", ""]
    assert [b.owner_id is None for b in open_blockers(db)] == [False, True]


def test_details_of_no_blocker_are_told_at_the_field_and_nothing_is_written(db: Database) -> None:
    assert errors(db, Entry("KR-1", "30"), kind="decision") == {
        "blockers": "Say what is blocked, or leave kind, owner and next step empty."
    }
    assert "blockers" in errors(db, Entry("KR-1", "30"), blockers="no", owner=KIM)
    assert rows(db, Answer) == []
    assert len(state(db).key_results["KR-1"].updates) == 1


def test_an_owner_from_outside_the_portfolio_is_told_at_the_field(db: Database) -> None:
    assert list(errors(db, blockers="waiting for legal", owner="U99OTHER")) == ["owner"]


def test_all_unusable_fields_are_told_at_once(db: Database) -> None:
    found = errors(db, Entry("KR-1", "soon"), Entry("KR-3", "1.2.3"), kind="scope", reason="new law")
    assert set(found) == {"value:KR-1", "value:KR-3", "blockers", "adjustments"}


def test_a_change_keeps_its_reason_and_a_reason_alone_is_told_at_the_field(db: Database) -> None:
    assert list(errors(db, reason="the pilot slipped")) == ["adjustments"]
    send(db, adjustments="lower KR-1 to 30 days", reason="the pilot slipped")
    assert [(a.text, a.reason) for a in rows(db, Adjustment)] == [("lower KR-1 to 30 days", "the pilot slipped")]


def test_a_link_in_the_note_is_the_key_results_evidence(db: Database) -> None:
    send(db, Entry("KR-1", "30", "7", "pilot live, see https://example.com/report today"))
    [row] = [row for row in rows(db, KeyResultUpdate) if row.answer_id]
    assert (row.note, row.evidence) == ("pilot live, see today", "https://example.com/report")


def test_a_link_alone_is_evidence_and_no_new_reading(db: Database) -> None:
    send(db, Entry("KR-1", note="https://example.com/report"))
    [row] = [row for row in rows(db, KeyResultUpdate) if row.answer_id]
    assert (row.value, row.evidence) == (None, "https://example.com/report")


def test_what_was_said_stands_in_the_form_again(db: Database) -> None:
    said = Entry("KR-1", "30", "7", "pilot https://example.com/report")
    blocked = {"blockers": "waiting for Payments", "kind": "people", "owner": KIM, "next_step": "hires"}
    send(db, said, **blocked, adjustments="lower KR-1 to 30 days", reason="slipped")
    form = opened(db)
    field = next(field for field in form.fields if field.key == "KR-1")
    assert (field.value, field.confidence, field.note) == ("30", 7, "pilot https://example.com/report")
    assert (form.kind, form.owner, form.next_step, form.reason) == ("people", KIM, "hires", "slipped")


def test_an_edited_form_changes_what_is_said_of_its_blocker(db: Database) -> None:
    send(db, blockers="waiting for Payments", kind="people", next_step="hires")
    send(db, view="V2", blockers="waiting for Payments", kind="external", owner=KIM)
    [blocker] = rows(db, Blocker)
    assert (blocker.kind, blocker.next_action, blocker.owner_id) == ("external", "", state(db).people["kim"].id)


def test_a_field_that_is_left_alone_says_nothing(db: Database) -> None:
    send(db, Entry("KR-1"), Entry("KR-3", "10"))
    assert [row.value for row in rows(db, KeyResultUpdate) if row.answer_id] == [10]
    assert all(field.value == "" for field in opened(db, KIM).fields)
    assert opened(db, KIM).fields[0].last == "33 days"


MORE = "".join(
    f"      - {{key: KR-{n}, title: Provider {n}, start: 0, target: 10, owners: [payments], "
    f"updates: [{{at: 2026-11-10, value: 9, by: kim}}]}}\n"
    for n in range(6, 18)
)


def test_of_fifteen_key_results_those_behind_and_shared_are_shown_first(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO + MORE)
    ask_everybody(sqlite_db)
    form = opened(sqlite_db, KIM)
    assert len(form.fields) == 15
    assert [field.key for field in form.fields if field.first] == ["KR-1", "KR-4", "KR-5"]


def test_a_key_result_that_was_answered_is_never_hidden_from_its_edit(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO + MORE)
    ask_everybody(sqlite_db)
    send(sqlite_db, Entry("KR-12", "10"), user=KIM)
    assert "KR-12" in [field.key for field in opened(sqlite_db, KIM).fields if field.first]


def test_of_a_few_key_results_all_are_shown(db: Database) -> None:
    assert all(field.first for field in opened(db, KIM).fields)


def test_the_receipt_shows_what_was_said_of_the_blocker_and_the_change(db: Database) -> None:
    blocked = {"blockers": "waiting for Payments", "kind": "people", "owner": KIM, "next_step": "hires by 20 Nov"}
    send(db, **blocked, adjustments="lower KR-1 to 30 days", reason="the pilot slipped")
    shown = receipt(db)
    assert [(b.kind, b.next_step) for b in shown.blockers] == [("people", "Kim Oda: hires by 20 Nov")]
    assert shown.adjustments == ("lower KR-1 to 30 days · the pilot slipped",)
