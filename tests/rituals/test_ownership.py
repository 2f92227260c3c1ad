"""Owning a key result together: co-owners are asked, answer, and who asked reads it; what of their own supports it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from rituals import home
from rituals.alignment import checks
from rituals.errors import FormRefusal, Refusal
from rituals.notices import Home, OwnershipAsk, OwnershipReminder, OwnershipTold
from rituals.okrs import card, pages, support
from rituals.okrs.authoring import service as authoring
from rituals.okrs.authoring.cards import Authored
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.ownership import service as ownership
from rituals.okrs.ownership import told as ownership_told
from rituals.okrs.ownership import waiting as ownership_waiting
from rituals.okrs.ownership.waiting import REMIND_AFTER
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from storage import changes
from storage.database import Database
from storage.tables import Nudge, Ownership, Person, Support
from tests.rituals.halden import ANA, BO, GRACE, INES, MIA, NOW, OMAR, SAM, TEAM, import_sample
from tests.rituals.stored import promised
from tests.rituals.test_authoring import edit, filled, new_kr, saved

TITLE = "Deals that are paid without a call"


def shared(db: Database, *owners: str, user: str = BO, key: str = "one") -> str:
    """A key result that a person adds with these owners; its key."""
    done = saved(db, user, new_kr(db, title=TITLE, owners=owners or ("crm", "payments")), key)
    return done.key


def key_result(db: Database, key: str) -> KeyResult:
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM).key_results[key]


def row(db: Database, unit: str = "payments") -> Ownership:
    """The question to a unit."""
    with db.transaction(readonly=True) as session:
        number = load_portfolio(session, TEAM).unit_ids[unit]
        return session.exec(select(Ownership).where(Ownership.unit_id == number)).one()


def number(db: Database, unit: str = "payments") -> int:
    return row(db, unit).id or 0


def asks(db: Database) -> list[str]:
    """Who has a question."""
    return [one.to for one in promised(db, OwnershipAsk.KIND)]


def told(db: Database, last: int = -1) -> OwnershipTold:
    """What Bo reads."""
    with db.transaction(readonly=True) as session:
        found = ownership_told.told_now(session, TEAM, promised(db, OwnershipTold.KIND)[last].data or {}, NOW)
    assert found is not None
    return found


def question(db: Database, last: int = -1) -> OwnershipAsk:
    with db.transaction(readonly=True) as session:
        found = ownership_told.ask_now(session, TEAM, promised(db, OwnershipAsk.KIND)[last].data or {}, NOW)
    assert found is not None
    return found


def answer(db: Database, user: str, reply: ownership.Reply, unit: str = "payments", **said: Any) -> None:
    ownership.answer(db, TEAM, user, number(db, unit), reply, now=NOW, **said)


# Asking


def test_every_lead_of_a_unit_that_is_made_a_co_owner_is_asked_and_ones_own_unit_is_not(halden: Database) -> None:
    done = saved(halden, BO, new_kr(halden, title=TITLE, owners=("crm", "payments")), "one")
    assert done.asked == ("Payments",)
    assert asks(halden) == [OMAR, INES]
    found = question(halden)
    assert (found.unit, found.asked_by, found.beside, found.state) == ("Payments", "Bo Lindqvist", ("CRM",), "asked")
    assert found.course == "10 → 25 %"


def test_the_same_submission_again_asks_nobody_again(halden: Database) -> None:
    typed = new_kr(halden, title=TITLE, owners=("crm", "payments"))
    first, again = saved(halden, BO, typed, "one"), saved(halden, BO, typed, "one")
    assert first.key == again.key
    assert asks(halden) == [OMAR, INES]
    assert row(halden).times == 1


def test_a_shared_key_result_has_one_reporter_although_nobody_was_chosen(halden: Database) -> None:
    assert key_result(halden, shared(halden)).reporter == "bo"


def test_who_adds_one_owner_alone_asks_nobody(halden: Database) -> None:
    assert saved(halden, ANA, new_kr(halden, ANA, title=TITLE, owners=("payments",))).asked == ()
    assert asks(halden) == []


def test_who_leads_the_portfolio_asks_each_of_the_lines(halden: Database) -> None:
    done = saved(halden, ANA, new_kr(halden, ANA, title=TITLE, owners=("crm", "payments")))
    assert done.asked == ("CRM", "Payments")
    assert asks(halden) == [BO, OMAR, INES]


def test_an_edit_asks_only_whom_it_adds(halden: Database) -> None:
    key = shared(halden, "crm", "payments")
    done = saved(halden, BO, filled(edit(halden, BO, key), owners=("crm", "payments", "identity")))
    assert done.asked == ("Identity",)
    assert asks(halden) == [OMAR, INES, GRACE]


def test_an_edit_of_something_else_asks_nobody(halden: Database) -> None:
    key = shared(halden)
    assert saved(halden, BO, filled(edit(halden, BO, key), title="Deals paid by themselves")).asked == ()
    assert asks(halden) == [OMAR, INES]


def test_what_a_file_says_is_taken_as_agreed(halden: Database) -> None:
    shown = card.show(halden, TEAM, "KR-1", now=NOW, user=BO)
    assert [one.asked for one in shown.sides] == [False, False, False]
    assert asks(halden) == []


def test_until_then_it_is_shown_as_asked(halden: Database) -> None:
    key = shared(halden)
    sides = {one.unit: one.asked for one in card.show(halden, TEAM, key, now=NOW, user=BO).sides}
    assert sides == {"CRM": False, "Payments": True}
    page = pages.shared(halden, TEAM, now=NOW, user=BO)
    found = next(one for one in page.key_results if one.line.key == key)
    assert [one.asked for one in found.sides] in ([False, True], [])  # only the worst are told side by side


# Answering


def test_a_unit_that_accepts_owns_it_and_who_asked_reads_it(halden: Database) -> None:
    key = shared(halden)
    answer(halden, OMAR, "accept")
    assert key_result(halden, key).owners == ("crm", "payments")
    assert (told(halden).state, told(halden).answered_by) == ("accepted", "Omar Haddad")
    assert promised(halden, OwnershipTold.KIND)[0].to == BO
    assert [one.asked for one in card.show(halden, TEAM, key, now=NOW, user=BO).sides] == [False, False]


def test_a_unit_that_declines_owns_it_no_longer_and_who_asked_can_edit_it(halden: Database) -> None:
    key = shared(halden)
    answer(halden, INES, "decline", note="We have no people for it before March.")
    found = key_result(halden, key)
    assert (found.owners, found.reporter) == (("crm",), "bo")
    assert (told(halden).state, told(halden).note) == ("declined", "We have no people for it before March.")
    assert told(halden).editable
    with halden.transaction(readonly=True) as session:
        made = changes.changes_of(session, TEAM, "key_result", key)[0]
    assert (made.before, made.slack_user) == ({"owners": ["crm", "payments"]}, INES)
    assert (made.after or {})["owners"] == ["crm"]


def test_declining_takes_a_sentence(halden: Database) -> None:
    shared(halden)
    with pytest.raises(FormRefusal) as caught:
        answer(halden, OMAR, "decline", note="  ")
    assert caught.value.errors == {"note": "Say in a sentence why; it goes to who asked."}
    assert row(halden).state == "asked"


def test_where_the_reporter_steps_out_another_owner_reports(halden: Database) -> None:
    key = shared(halden, "payments", "crm")
    assert key_result(halden, key).reporter == "omar"
    answer(halden, OMAR, "decline", note="Not ours.")
    assert key_result(halden, key).reporter == "bo"


def test_when_all_decline_it_is_the_objectives_unit_that_owns_it(halden: Database) -> None:
    typed = new_kr(halden, ANA, title=TITLE, objective="O-1", owners=("crm", "payments"))
    key = saved(halden, ANA, typed).key
    answer(halden, BO, "decline", "crm", note="Not ours.")
    answer(halden, OMAR, "decline", note="Not ours.")
    assert key_result(halden, key).owners == ("suite",)


def test_the_last_owner_under_its_own_objective_does_not_decline(halden: Database) -> None:
    key = saved(halden, ANA, new_kr(halden, ANA, title=TITLE, owners=("crm", "payments"))).key
    answer(halden, OMAR, "decline", note="Not ours.")
    with pytest.raises(Refusal, match="stands under CRM's own objective"):
        answer(halden, BO, "decline", "crm", note="Not ours.")
    assert key_result(halden, key).owners == ("crm",)


@pytest.mark.parametrize("user", [MIA, SAM, BO])
def test_nobody_else_answers_for_a_unit(halden: Database, user: str) -> None:
    shared(halden)
    with pytest.raises(Refusal, match="is Payments': ask Omar Haddad, Inês Duarte"):
        answer(halden, user, "accept")


def test_who_leads_above_the_unit_may_answer_for_it(halden: Database) -> None:
    shared(halden)
    answer(halden, ANA, "accept")
    assert told(halden).answered_by == "Ana Ruiz"


def test_the_first_answer_counts(halden: Database) -> None:
    key = shared(halden)
    answer(halden, OMAR, "accept")
    answer(halden, OMAR, "accept")
    with pytest.raises(Refusal, match="Omar Haddad has accepted already for Payments"):
        answer(halden, INES, "decline", note="No.")
    assert key_result(halden, key).owners == ("crm", "payments")


def test_two_leads_who_press_at_once_are_one_answer(db: Database) -> None:
    import_sample(db)
    key = shared(db)

    def say(reply: ownership.Reply) -> str:
        try:
            answer(db, OMAR if reply == "accept" else INES, reply, note="No people.")
        except Refusal as no:
            return str(no)
        return ""

    with ThreadPoolExecutor(2) as pool:
        refused = [text for text in pool.map(say, ("accept", "decline")) if text]
    assert len(refused) == 1
    assert "already for Payments" in refused[0]
    owners = {"accepted": ("crm", "payments"), "declined": ("crm",)}[row(db).state]
    assert key_result(db, key).owners == owners


# Offering something else


def test_to_support_it_only_waits_for_the_word_of_who_asked(halden: Database) -> None:
    key = shared(halden)
    own = support_choice(halden, "payments", key)
    answer(halden, OMAR, "counter", other=ownership.SUPPORT_ONLY, supports=own)
    assert (told(halden).state, told(halden).other, told(halden).agreed) == ("countered", None, False)
    assert key_result(halden, key).owners == ("crm", "payments")
    ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    assert key_result(halden, key).owners == ("crm",)
    assert told(halden).agreed
    assert question(halden).agreed


def test_another_unit_that_is_offered_is_asked_in_its_place(halden: Database) -> None:
    key = shared(halden)
    answer(halden, OMAR, "counter", other="identity", note="The wizard is theirs.")
    assert (told(halden).other, told(halden).note) == ("Identity", "The wizard is theirs.")
    ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    assert key_result(halden, key).owners == ("crm", "identity")
    assert asks(halden) == [OMAR, INES, GRACE]
    assert row(halden, "identity").state == "asked"


def test_who_asked_may_insist_and_the_question_comes_anew(halden: Database) -> None:
    shared(halden)
    answer(halden, OMAR, "counter", other=ownership.SUPPORT_ONLY)
    ownership.settle(halden, TEAM, BO, number(halden), "insist", now=NOW)
    assert (row(halden).state, row(halden).times) == ("asked", 2)
    assert asks(halden) == [OMAR, INES, OMAR, INES]
    assert question(halden, 0).over
    assert not question(halden).over
    answer(halden, OMAR, "accept")
    assert row(halden).state == "accepted"


@pytest.mark.parametrize("other", ["", "crm", "nowhere"])
def test_an_offer_names_a_unit_that_could_own_it(halden: Database, other: str) -> None:
    shared(halden)
    with pytest.raises(FormRefusal) as caught:
        answer(halden, OMAR, "counter", other=other)
    assert list(caught.value.errors) == ["other"]


@pytest.mark.parametrize("user", [OMAR, SAM, GRACE])
def test_only_the_side_that_asked_settles_an_offer(halden: Database, user: str) -> None:
    shared(halden)
    answer(halden, OMAR, "counter", other=ownership.SUPPORT_ONLY)
    with pytest.raises(Refusal, match="Who asked about"):
        ownership.settle(halden, TEAM, user, number(halden), "agree", now=NOW)


def test_what_is_settled_is_not_settled_twice(halden: Database) -> None:
    key = shared(halden)
    answer(halden, OMAR, "counter", other="identity")
    ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    with pytest.raises(Refusal, match="waits for your word"):
        ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    assert key_result(halden, key).owners == ("crm", "identity")


# Taken out, asked again


def test_who_is_taken_out_by_an_edit_is_not_asked_any_more(halden: Database) -> None:
    key = shared(halden, "crm", "payments", "identity")
    saved(halden, BO, filled(edit(halden, BO, key), owners=("crm", "identity")))
    assert row(halden).state == "withdrawn"
    with pytest.raises(Refusal, match="Payments is not asked to own"):
        answer(halden, OMAR, "accept")


def test_who_declined_can_be_asked_once_more(halden: Database) -> None:
    key = shared(halden, "crm", "payments", "identity")
    answer(halden, OMAR, "decline", note="Not now.")
    saved(halden, BO, filled(edit(halden, BO, key), owners=("crm", "identity", "payments")))
    assert (row(halden).state, row(halden).times) == ("asked", 2)
    answer(halden, OMAR, "accept")
    assert key_result(halden, key).owners == ("crm", "identity", "payments")


# Support


def support_choice(db: Database, unit: str, key: str) -> str:
    """The first of a unit's own that could support a key result."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        return support.candidates(state, unit, state.key_results[key])[0][0]


def bare(db: Database, key: str) -> list[str]:
    """The findings about co-owners without support."""
    page = checks.show_check(db, TEAM, ANA, "suite", now=NOW)
    return [line.missing for line in page.lines if line.rule == "support" and key in line.about]


def test_accepting_can_say_what_of_ones_own_supports_it(halden: Database) -> None:
    key = shared(halden)
    choice = support_choice(halden, "payments", key)
    answer(halden, OMAR, "accept", supports=choice)
    assert told(halden).support.startswith(choice.partition(":")[2])
    assert bare(halden, key) == []


def test_a_co_owner_without_support_is_a_finding_once_it_has_agreed_and_none_when_it_is_linked(
    halden: Database,
) -> None:
    key = shared(halden)
    assert bare(halden, key) == []
    answer(halden, OMAR, "accept")
    assert bare(halden, key) == [
        f"Payments co-owns {key} and has no key result or objective of its own that supports it"
    ]
    support.link(halden, TEAM, OMAR, key, "payments", support_choice(halden, "payments", key), now=NOW, source="v1")
    assert bare(halden, key) == []
    support.link(halden, TEAM, OMAR, key, "payments", support.NONE, now=NOW, source="v2")
    assert bare(halden, key) != []


def test_a_link_is_shown_and_can_be_changed_and_is_recorded_once(db: Database) -> None:
    import_sample(db)
    key = shared(db)
    choice = support_choice(db, "payments", key)
    for _ in range(2):
        support.link(db, TEAM, INES, key, "payments", choice, now=NOW, source="v1")
    form = support.open_form(db, TEAM, INES, key, "payments")
    assert (form.chosen, form.unit_name) == (choice, "Payments")
    with db.transaction(readonly=True) as session:
        assert len(session.exec(select(Support)).all()) == 1
        made = changes.changes_of(session, TEAM, "key_result", key)
    assert [change.action for change in made] == ["edit", "add"]


@pytest.mark.parametrize(("user", "unit", "said"), [(MIA, "payments", "is Payments'"), (MIA, "analytics", "not owned")])
def test_nobody_links_for_another_unit(halden: Database, user: str, unit: str, said: str) -> None:
    key = shared(halden)
    with pytest.raises(Refusal, match=said):
        support.link(halden, TEAM, user, key, unit, support.NONE, now=NOW, source="v1")


def test_what_is_not_the_units_own_supports_nothing(halden: Database) -> None:
    key = shared(halden)
    with pytest.raises(FormRefusal, match="not Payments' any more"):
        support.link(halden, TEAM, OMAR, key, "payments", "o:O-1", now=NOW, source="v1")


# Side by side


def test_the_owners_views_stand_side_by_side_and_what_differs_is_marked(halden: Database) -> None:
    sides = {one.unit: one for one in card.show(halden, TEAM, "KR-1", now=NOW, user=BO).sides}
    assert list(sides) == ["CRM", "Analytics", "Identity"]
    assert (sides["CRM"].value, sides["CRM"].confidence, sides["CRM"].reports) == ("36 days", 4, True)
    assert sides["CRM"].note.startswith("Nothing moves before Identity's sync wizard")
    assert (sides["CRM"].apart, sides["CRM"].blocked) == (False, True)
    search, crm = card.show(halden, TEAM, "KR-32", now=NOW, user=BO).sides
    assert [(one.value, one.confidence, one.apart) for one in (search, crm)] == [("72 %", 8, True), ("64 %", 4, True)]


def test_a_key_result_of_one_unit_has_no_sides(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        own = next(kr.key for kr in load_portfolio(session, TEAM).key_results.values() if not kr.shared)
    assert card.show(halden, TEAM, own, now=NOW, user=BO).sides == ()


# Files


def test_what_was_asked_declined_and_linked_leaves_the_file_as_it_is(db: Database) -> None:
    import_sample(db)
    key = shared(db, "crm", "payments", "identity")
    answer(db, OMAR, "decline", note="Not ours.")
    answer(db, GRACE, "accept", "identity", supports=support_choice(db, "identity", key))
    written = write_yaml(export_portfolio(db, TEAM))
    assert import_portfolio(db, TEAM, written, now=NOW).empty
    assert write_yaml(export_portfolio(db, TEAM)) == written
    assert "owners: [crm, identity]" in written


def test_who_leads_above_may_bring_a_co_owner_in_who_is_asked(halden: Database) -> None:
    done = authoring.submit(
        halden,
        TEAM,
        ANA,
        filled(edit(halden, ANA, "KR-2"), owners=("crm", "analytics", "payments"), reason="They bill it."),
        now=NOW,
        key="v9",
    )
    assert isinstance(done, Authored)
    assert done.asked == ("Payments",)


# What waits, and one reminder


def owed(db: Database, user: str, now: datetime = NOW) -> list[OwnershipAsk]:
    """What about owning together waits for a person on their Home."""
    return [one.owning for one in home.overview(db, TEAM, user, now=now).owed if one.owning is not None]


def test_a_question_is_owed_by_who_is_asked_until_it_is_answered_and_an_offer_by_who_asked(halden: Database) -> None:
    key = shared(halden)
    for lead in (OMAR, INES):
        assert [(one.key, one.unit, one.state) for one in owed(halden, lead)] == [(key, "Payments", "asked")]
    assert (owed(halden, BO), owed(halden, MIA)) == ([], [])
    answer(halden, OMAR, "counter", other="identity")
    assert owed(halden, OMAR) == []
    assert [(one.state, one.other) for one in owed(halden, BO)] == [("countered", "Identity")]
    ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    assert owed(halden, BO) == []
    assert [one.unit for one in owed(halden, GRACE)] == ["Identity"]


def reminded(db: Database) -> list[str]:
    """Who was reminded, or will be."""
    return [one.to for one in promised(db, OwnershipReminder.KIND)]


def test_who_does_not_answer_is_reminded_once_in_the_thread_of_the_question(db: Database) -> None:
    import_sample(db)
    shared(db)
    assert ownership_waiting.remind(db, TEAM, now=NOW + REMIND_AFTER - timedelta(seconds=1)) == 0
    for _ in range(2):
        ownership_waiting.remind(db, TEAM, now=NOW + REMIND_AFTER)
    assert reminded(db) == [OMAR, INES]
    reminders, questions = promised(db, OwnershipReminder.KIND), promised(db, OwnershipAsk.KIND)
    assert [one.thread_of for one in reminders] == [one.key for one in questions]


def test_an_offer_that_waits_reminds_who_asked(halden: Database) -> None:
    shared(halden)
    ownership_waiting.remind(halden, TEAM, now=NOW + REMIND_AFTER)
    answered = NOW + timedelta(days=5)
    ownership.answer(halden, TEAM, OMAR, number(halden), "counter", other=ownership.SUPPORT_ONLY, now=answered)
    assert ownership_waiting.remind(halden, TEAM, now=answered + timedelta(days=2)) == 0
    ownership_waiting.remind(halden, TEAM, now=answered + REMIND_AFTER)
    assert reminded(halden) == [OMAR, INES, BO]


def test_what_is_answered_before_the_reminder_leaves_is_not_reminded_of(halden: Database) -> None:
    shared(halden)
    ownership_waiting.remind(halden, TEAM, now=NOW + REMIND_AFTER)
    data = promised(halden, OwnershipReminder.KIND)[0].data or {}
    with halden.transaction(readonly=True) as session:
        found = ownership_waiting.reminder_now(session, TEAM, data, NOW)
        assert found is not None
        assert (found.user, found.state) == (OMAR, "asked")
    answer(halden, OMAR, "accept")
    with halden.transaction(readonly=True) as session:
        assert ownership_waiting.reminder_now(session, TEAM, data, NOW) is None


def test_who_had_their_weeks_nudges_or_is_away_gets_no_reminder_and_it_is_written_down_why(halden: Database) -> None:
    shared(halden)
    late = NOW + REMIND_AFTER
    with halden.transaction() as session:
        people = load_portfolio(session, TEAM).people
        for nth in range(5):
            session.add(
                Nudge(team_id=TEAM, person_id=people["omar"].id, kind="by_hand", key=f"n{nth}", at=late - timedelta(1))
            )
        away = session.exec(select(Person).where(Person.key == "ines")).one()
        away.away_from, away.away_until = late.date(), late.date()
        session.add(away)
    ownership_waiting.remind(halden, TEAM, now=late)
    assert reminded(halden) == []
    with halden.transaction(readonly=True) as session:
        left_out = session.exec(select(Nudge).where(Nudge.kind == "ownership").order_by("id")).all()
    assert [one.dropped for one in left_out] == ["limit", "away"]


def test_who_agrees_to_an_offer_that_has_changed_since_they_saw_it_agrees_to_nothing(halden: Database) -> None:
    key = shared(halden)
    answer(halden, OMAR, "counter", other="identity")
    seen = told(halden).seen
    answer(halden, INES, "counter", other=ownership.SUPPORT_ONLY)
    with pytest.raises(Refusal, match="Payments has changed its offer meanwhile"):
        ownership.settle(halden, TEAM, BO, number(halden), "agree", seen=seen, now=NOW)
    assert key_result(halden, key).owners == ("crm", "payments")
    ownership.settle(halden, TEAM, BO, number(halden), "agree", seen=told(halden).seen, now=NOW)
    assert key_result(halden, key).owners == ("crm",)


def test_the_home_of_who_is_asked_instead_is_brought_up_to_date(halden: Database) -> None:
    shared(halden)
    home.promise(halden, TEAM, GRACE, now=NOW)
    answer(halden, OMAR, "counter", other="identity")
    before = promised(halden, Home.KIND)[0].wanted
    ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    assert promised(halden, Home.KIND)[0].wanted > before
