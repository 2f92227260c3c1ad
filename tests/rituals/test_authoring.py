"""The use cases of `/okr add` and `/okr edit` on the sample portfolio: what is opened, refused, advised and written."""

from itertools import count
from typing import Any

import pytest

from rituals.alignment import checks
from rituals.errors import FormRefusal, Refusal
from rituals.okrs import card
from rituals.okrs.authoring import service as authoring
from rituals.okrs.authoring.advice import on_key_result
from rituals.okrs.authoring.cards import Authored, AuthorForm, Field, Typed, What
from rituals.okrs.authoring.people import Newcomer
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.portfolio.service import export_portfolio
from storage import changes
from storage import portfolio as store
from storage.database import Database
from storage.people import units
from storage.tables import Adjustment, Change, Contribution
from tests.rituals.halden import ANA, BO, GRACE, MIA, NOW, OMAR, SAM, TEAM

_view = count()


def portfolio(db: Database) -> PortfolioState:
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM)


def stored_kr(db: Database, key: str) -> KeyResult:
    return portfolio(db).key_results[key]


def history(db: Database, what: str, key: str) -> list[Change]:
    with db.transaction(readonly=True) as session:
        return changes.changes_of(session, TEAM, what, key)


def add(db: Database, user: str, what: What, text: str = "") -> AuthorForm:
    return authoring.add_form(db, TEAM, user, what, text, now=NOW)


def edit(db: Database, user: str, text: str) -> AuthorForm:
    return authoring.edit_form(db, TEAM, user, text, now=NOW)


def field(form: AuthorForm, name: str) -> Field:
    return next(one for one in form.fields if one.name == name)


def filled(form: AuthorForm, *, told: bool = True, **values: Any) -> Typed:
    """The form as a person would send it: what stands in it, with some fields changed."""
    texts = {one.name: one.value for one in form.fields} | dict(form.hidden)
    lists = {one.name: one.chosen for one in form.fields}
    texts |= {name: value for name, value in values.items() if isinstance(value, str)}
    lists |= {name: value for name, value in values.items() if isinstance(value, tuple)}
    return Typed(what=form.what, key=form.key, proposed=form.proposed, texts=texts, lists=lists, told=told)


def send(db: Database, user: str, typed: Typed, key: str | None = None, **more: Any) -> Authored | AuthorForm:
    return authoring.submit(db, TEAM, user, typed, now=NOW, key=key or f"view:{next(_view)}", **more)


def saved(db: Database, user: str, typed: Typed, key: str | None = None, **more: Any) -> Authored:
    done = send(db, user, typed, key, **more)
    assert isinstance(done, Authored)
    return done


def errors(db: Database, user: str, typed: Typed) -> dict[str, str]:
    with pytest.raises(FormRefusal) as caught:
        send(db, user, typed)
    return caught.value.errors


def new_kr(db: Database, user: str = BO, **values: Any) -> Typed:
    """A key result of CRM's that nothing is wrong with."""
    given = {
        "title": "Deals closed without a call",
        "objective": objective_of(db, "crm"),
        "start": "10",
        "target": "25",
    }
    return filled(add(db, user, "key_result"), **(given | {"measured_in": "%"} | values))


def objective_of(db: Database, unit: str) -> str:
    return next(o.key for o in portfolio(db).current_objectives(NOW) if o.unit == unit)


# Opening


def test_a_new_key_result_is_proposed_the_next_key_and_ones_own_unit_as_owner(halden: Database) -> None:
    form = add(halden, BO, "key_result")
    numbers = [int(key.split("-")[1]) for key in portfolio(halden).key_results]
    assert form.proposed == field(form, "key").placeholder == f"KR-{max(numbers) + 1}"
    assert field(form, "owners").chosen == ("crm",)
    own = [portfolio(halden).objectives_by_key[pick.value].unit for pick in field(form, "objective").picks]
    assert own[0] == "crm"
    assert own.index("crm") < own.index("suite")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("increase", ["start", "target", "measured_in"]),
        ("keep_below", ["target", "tolerance", "measured_in"]),
        ("keep_between", ["low", "high", "tolerance", "measured_in"]),
        ("milestone", ["milestones"]),
        ("binary", ["due"]),
    ],
)
def test_the_fields_fit_the_kind(halden: Database, kind: str, shown: list[str]) -> None:
    form = authoring.redrawn(halden, TEAM, BO, filled(add(halden, BO, "key_result"), kind=kind))
    depends = {"start", "target", "low", "high", "tolerance", "milestones", "due", "measured_in"}
    assert [one.name for one in form.fields if one.name in depends] == shown


def test_changing_the_kind_and_back_loses_nothing_that_was_typed(halden: Database) -> None:
    typed = filled(add(halden, BO, "key_result"), title="Calls", start="45", target="20", measured_in="days")
    asked = authoring.redrawn(
        halden, TEAM, BO, typed.model_copy(update={"texts": {**typed.texts, "kind": "milestone"}})
    )
    assert asked.hidden == {"start": "45", "target": "20", "measured_in": "days"}
    back = authoring.redrawn(halden, TEAM, BO, filled(asked, kind="decrease", milestones="Pilot | 2"))
    assert [field(back, name).value for name in ("title", "start", "target")] == ["Calls", "45", "20"]
    assert back.hidden == {"milestones": "Pilot | 2"}


def test_who_leads_nothing_adds_nothing(halden: Database) -> None:
    with pytest.raises(Refusal, match="You lead no unit"):
        add(halden, SAM, "key_result")


@pytest.mark.parametrize(("typed", "what"), [("KR-22", "key_result"), ("kr22", "key_result"), ("Payments", "unit")])
def test_what_is_to_be_edited_is_named_by_key_or_name(halden: Database, typed: str, what: str) -> None:
    form = edit(halden, OMAR, typed)
    assert (form.what, form.key) == (what, "KR-22" if what == "key_result" else "payments")


def test_a_form_to_edit_holds_what_is_stored_and_saving_it_untouched_changes_nothing(halden: Database) -> None:
    before = export_portfolio(halden, TEAM)
    for name in (*portfolio(halden).key_results, *portfolio(halden).objectives_by_key, *portfolio(halden).units):
        assert saved(halden, ANA, filled(edit_as_admin(halden, name))).action == "same"
    assert export_portfolio(halden, TEAM) == before


def edit_as_admin(db: Database, name: str) -> AuthorForm:
    make_admin(db, "ana")
    return edit(db, ANA, name)


def make_admin(db: Database, key: str) -> None:
    from storage.people import everyone

    with db.transaction() as session:
        next(person for person in everyone(session, TEAM) if person.key == key).admin = True


def test_only_who_answers_for_it_opens_the_form_and_the_others_are_told_whom_to_ask(halden: Database) -> None:
    with pytest.raises(Refusal, match=r"KR-22 is Payments': ask Omar Haddad, .*Ana Ruiz or Tom Becker\."):
        edit(halden, BO, "KR-22")
    assert edit(halden, ANA, "KR-22").key == "KR-22"


# Saving


def test_a_new_key_result_is_written_and_recorded_once(halden: Database) -> None:
    typed = new_kr(halden)
    first, again = saved(halden, BO, typed, "view:1"), saved(halden, BO, typed, "view:1")
    assert (first.action, again.action, again.key) == ("add", "add", first.key)
    kr = stored_kr(halden, first.key)
    assert (kr.title, str(kr.start), str(kr.target), kr.owners) == ("Deals closed without a call", "10", "25", ("crm",))
    [change] = history(halden, "key_result", first.key)
    assert (change.action, change.slack_user, change.before) == ("add", BO, None)
    assert change.after is not None
    assert (change.after["target"], change.after["objective"]) == ("25", kr.objective)


def test_a_proposed_key_that_went_to_somebody_else_meanwhile_becomes_the_next_one(halden: Database) -> None:
    first, second = new_kr(halden), new_kr(halden, title="Deals won on a first call")
    one, other = saved(halden, BO, first), saved(halden, BO, second)
    assert int(other.key.split("-")[1]) == int(one.key.split("-")[1]) + 1


def test_a_key_that_is_used_is_refused_beside_its_field(halden: Database) -> None:
    assert errors(halden, BO, new_kr(halden, key="KR-1")) == {"key": '"KR-1" is used already; every key is given once.'}


def said_of(no: BaseException, name: str) -> str:
    """The words beside a field."""
    if isinstance(no, FormRefusal):
        return no.errors[name]
    return no.text if isinstance(no, Refusal) and no.field == name else ""


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({"target": "1.250"}, "target", "1.25 or 1,250"),
        ({"target": "+5"}, "target", "as a change"),
        ({"target": "banana"}, "target", "has no number"),
        ({"target": "10 days", "measured_in": "%"}, "target", "measured in %"),
        ({"target": ""}, "target", "no target"),
        ({"start": ""}, "start", "no start"),
        ({"start": "25"}, "target", "start and target are both 25"),
        ({"kind": "keep_between", "low": "3", "high": "1"}, "low", "low 3 is above high 1"),
        ({"kind": "keep_below", "tolerance": "-1"}, "tolerance", "0 or more"),
        ({"kind": "milestone", "milestones": ""}, "milestones", "no milestones"),
        ({"kind": "milestone", "milestones": "Pilot | soon"}, "milestones", 'I read "soon"'),
        ({"kind": "milestone", "milestones": "Pilot | 2026-10-01 | 2030-01-01"}, "milestones", "two of the same"),
        ({"kind": "milestone", "milestones": "Pilot | 2030-01-01"}, "milestones", "is outside"),
        ({"ends": "2030-01-01"}, "ends", "is outside"),
        ({"title": " "}, "title", "Fill this in"),
        ({"title": "x" * 501}, "title", "500 are possible"),
        ({"owners": ()}, "owners", "name at least one unit"),
        ({"owners": ("payments",)}, "owners", "You do not answer for Payments"),
    ],
)
def test_what_the_rules_of_the_file_refuse_is_refused_beside_its_field(
    halden: Database, values: dict[str, Any], name: str, words: str
) -> None:
    kind = {"kind": values["kind"]} if "kind" in values else {}
    form = authoring.redrawn(halden, TEAM, BO, new_kr(halden, **kind))
    typed = filled(form, **values)
    with pytest.raises((FormRefusal, Refusal)) as caught:
        send(halden, BO, typed)
    assert words.casefold() in said_of(caught.value, name).casefold()
    assert history(halden, "key_result", str(form.proposed)) == []


def test_every_wrong_field_is_named_at_once(halden: Database) -> None:
    found = errors(halden, BO, new_kr(halden, title=" ", start="1.250", weight="many"))
    assert found.keys() == {"title", "start", "weight"}


def test_milestones_are_typed_one_a_line_and_come_back_as_they_were_typed(halden: Database) -> None:
    lines = "Pilot live | 2 | 2026-11-30 | done 2026-11-12\nRolled out | 2026-12-15\nSupport trained | done"
    typed = new_kr(halden, kind="milestone", milestones=lines, title="Deals moved to the new pipeline")
    key = saved(halden, BO, typed).key
    assert [(m.title, int(m.weight), bool(m.done)) for m in stored_kr(halden, key).milestones] == [
        ("Pilot live", 2, True),
        ("Rolled out", 1, False),
        ("Support trained", 1, True),
    ]
    assert field(edit(halden, BO, key), "milestones").value == lines


def test_two_owners_make_it_shared_and_a_lead_of_one_may_name_the_other(halden: Database) -> None:
    key = saved(halden, BO, new_kr(halden, owners=("crm", "payments"))).key
    assert stored_kr(halden, key).shared


# Editing


def test_an_edit_is_one_change_with_what_was_before_and_after(halden: Database) -> None:
    typed = filled(edit(halden, OMAR, "KR-22"), title="Revenue of the new countries", commitment="committed")
    assert "title " in saved(halden, OMAR, typed).changes[0]
    [change] = history(halden, "key_result", "KR-22")
    assert change.action == "edit"
    assert change.before is not None and change.after is not None
    assert change.after == {"title": "Revenue of the new countries", "commitment": "committed"}
    assert change.before.keys() == change.after.keys()


def test_what_changes_the_meaning_of_reported_values_needs_a_reason_and_says_its_effect(halden: Database) -> None:
    kr = stored_kr(halden, "KR-22")
    assert kr.updates and kr.target is not None
    target = "20"
    form = edit(halden, OMAR, "KR-22")
    assert "value" in field(form, "reason").hint
    found = errors(halden, OMAR, filled(form, target=target))
    assert found["reason"].startswith(f"Say why: target {kr.target} → {target}")
    told = send(halden, OMAR, filled(form, target=target, reason="A second market", told=False))
    assert isinstance(told, AuthorForm)
    assert told.effect.startswith("expected today stays 51 %, progress ")
    assert stored_kr(halden, "KR-22").target == kr.target  # nothing was written yet
    done = saved(halden, OMAR, filled(form, target=target, reason="A second market"))
    assert done.effect == told.effect
    assert stored_kr(halden, "KR-22").updates == kr.updates
    [change] = history(halden, "key_result", "KR-22")
    assert change.after == {"target": target, "reason": "A second market"}


def test_other_dates_move_what_is_expected_today(halden: Database) -> None:
    form = edit(halden, OMAR, "KR-22")
    told = send(halden, OMAR, filled(form, told=False, starts="2026-11-01", reason="It began a month later"))
    assert isinstance(told, AuthorForm)
    assert "expected today 51 % → 25 %" in told.effect


def test_a_co_owner_proposes_what_a_lead_above_decides(halden: Database) -> None:
    kr = stored_kr(halden, "KR-1")
    form = edit(halden, BO, "KR-1")
    told = send(halden, BO, filled(form, told=False, target="25", reason="Legal takes a week"))
    assert isinstance(told, AuthorForm)
    assert "Ana Ruiz" in told.deciders
    first = saved(halden, BO, filled(form, target="25", reason="Legal takes a week"))
    again = saved(halden, BO, filled(form, target="25", reason="Legal takes a week"))
    assert first.action == again.action == "propose"
    assert first.number == again.number
    with halden.transaction(readonly=True) as session:
        row = session.get(Adjustment, 1)
    assert row is not None
    assert row.text == "KR-1: target 20 → 25. Legal takes a week"
    assert stored_kr(halden, "KR-1") == kr
    assert history(halden, "key_result", "KR-1") == []
    assert saved(halden, ANA, filled(edit(halden, ANA, "KR-1"), target="25", reason="Agreed")).action == "edit"
    assert stored_kr(halden, "KR-1").target == 25


def test_a_co_owner_edits_the_words_of_a_shared_key_result_alone(halden: Database) -> None:
    assert saved(halden, BO, filled(edit(halden, BO, "KR-1"), measured_in="calendar days")).action == "edit"


def test_a_kind_that_the_reported_values_cannot_have_is_refused(halden: Database) -> None:
    form = authoring.redrawn(halden, TEAM, OMAR, filled(edit(halden, OMAR, "KR-22"), kind="binary"))
    found = errors(halden, OMAR, filled(form, reason="It is simpler"))
    assert "use 0 (not done) or 1 (done)" in found["kind"]


def test_a_key_result_moves_to_another_objective_with_its_history(halden: Database) -> None:
    kr = stored_kr(halden, "KR-22")
    other = next(o.key for o in portfolio(halden).current_objectives(NOW) if o.key != kr.objective)
    saved(halden, OMAR, filled(edit(halden, OMAR, "KR-22"), objective=other))
    assert stored_kr(halden, "KR-22").objective == other
    assert len(stored_kr(halden, "KR-22").updates) == len(kr.updates)
    assert history(halden, "key_result", "KR-22")[0].before == {"objective": kr.objective}


def test_a_closed_cycle_stays_as_it_was(halden: Database) -> None:
    from storage.tables import Cycle

    with halden.transaction() as session:
        session.get_one(Cycle, portfolio(halden).cycles["2026-Q4"].id).closed_at = NOW
    with pytest.raises(Refusal, match="is closed: it stays as it was"):
        edit(halden, OMAR, "KR-22")


# Objectives and units


def test_a_new_objective_says_what_it_moves_and_how(halden: Database) -> None:
    above = objective_of(halden, "suite")
    form = add(halden, BO, "objective", "Sell without a call")
    typed = filled(form, above=above, how="Every deal without a call is a day earlier live")
    key = saved(halden, BO, typed).key
    objective = portfolio(halden).objectives_by_key[key]
    assert (objective.title, objective.unit) == ("Sell without a call", "crm")
    assert [(c.objective, c.how) for c in objective.contributes_to] == [
        (above, "Every deal without a call is a day earlier live")
    ]


def test_an_objective_without_a_link_or_its_sentence_is_advised_and_saved_anyway(halden: Database) -> None:
    form = add(halden, BO, "objective", "Sell without a call")
    told = send(halden, BO, filled(form, told=False))
    assert isinstance(told, AuthorForm)
    assert "contributes to no objective above" in told.advice[0]
    assert saved(halden, BO, filled(told)).action == "add"


def test_an_objective_that_would_contribute_to_itself_is_refused(halden: Database) -> None:
    above = objective_of(halden, "suite")
    below = next(o.key for o in portfolio(halden).objectives if any(c.objective == above for c in o.contributes_to))
    found = errors(halden, ANA, filled(edit(halden, ANA, above), above=below, how="round and round it goes"))
    assert "links go up and never come back" in found["above"]


def test_a_new_unit_gets_a_key_of_its_name_and_leads_who_were_not_known(halden: Database) -> None:
    typed = filled(add(halden, ANA, "unit", "Data platform"), leads=("U0NEW", BO), stage="growth", channel="C0DATA")
    assert authoring.unknown_people(halden, TEAM, typed) == ("U0NEW",)
    who = Newcomer("U0NEW", "Nova Lind", "nova@example.com", "Europe/Oslo")
    assert saved(halden, ANA, typed, newcomers=[who]).key == "data-platform"
    unit = portfolio(halden).units["data-platform"]
    assert (unit.parent, unit.stage, unit.leads) == ("suite", "growth", ("nova-lind", "bo"))
    assert portfolio(halden).people["nova-lind"].slack == "U0NEW"


def test_a_unit_is_added_below_ones_own_and_at_the_top_by_admins_only(halden: Database) -> None:
    form = add(halden, BO, "unit", "CRM research")
    with pytest.raises(Refusal, match="an admin's to add"):
        send(halden, BO, filled(form, parent=""))
    with pytest.raises(Refusal, match="You do not answer for Payments"):
        send(halden, BO, filled(form, parent="payments"))
    assert saved(halden, BO, filled(form)).action == "add"


def test_leads_who_are_not_found_in_slack_are_named_and_stay(halden: Database) -> None:
    with halden.transaction() as session:
        from storage.people import by_slack

        person = by_slack(session, TEAM, MIA)
        assert person is not None
        person.slack = None
    form = edit(halden, ANA, "analytics")
    assert field(form, "leads").hint == "Also Mia Tanaka, not found in Slack yet."
    saved(halden, ANA, filled(form, leads=(GRACE,)))
    assert portfolio(halden).units["analytics"].leads == ("grace", "mia")


def test_a_unit_is_made_private_by_its_lead(halden: Database) -> None:
    saved(halden, BO, filled(edit(halden, BO, "crm"), private="yes"))
    assert portfolio(halden).units["crm"].private
    assert history(halden, "unit", "crm")[0].after == {"private": True}


# Advice


def test_advice_is_shown_once_and_never_keeps_from_saving(halden: Database) -> None:
    typed = new_kr(halden, title="Launch the new pipeline", kind="binary")
    told = send(halden, BO, typed.model_copy(update={"told": False}))
    assert isinstance(told, AuthorForm)
    assert told.told
    assert told.advice[0].startswith('"Launch" names a deliverable and no measured effect.')
    assert field(told, "title").value == "Launch the new pipeline"
    assert portfolio(halden).key_results.keys() == portfolio(halden).key_results.keys() - {told.proposed}
    assert saved(halden, BO, filled(told)).action == "add"


def test_advice_that_was_put_aside_is_not_given_again_by_a_form(halden: Database) -> None:
    typed = filled(edit(halden, GRACE, "KR-38"), told=False, title="External test finds no critical weakness")
    told = send(halden, GRACE, typed)
    assert isinstance(told, AuthorForm)
    assert told.advice[0].startswith("It has no number.")
    line = next(one for one in checks.show_check(halden, TEAM, GRACE, "", now=NOW).lines if one.about == ("KR-38",))
    checks.dismiss(halden, TEAM, GRACE, "suite", line.name, "the auditors count for us", now=NOW)
    assert isinstance(send(halden, GRACE, typed), Authored)


def test_what_nothing_is_wrong_with_is_saved_at_once(halden: Database) -> None:
    assert isinstance(send(halden, BO, new_kr(halden, told=False).model_copy(update={"told": False})), Authored)


def test_a_card_says_what_the_checks_miss_and_is_editable_for_who_answers_for_it(halden: Database) -> None:
    key = saved(halden, BO, new_kr(halden, title="Launch the new pipeline", kind="binary")).key
    mine, others = card.show(halden, TEAM, key, now=NOW, user=BO), card.show(halden, TEAM, key, now=NOW, user=OMAR)
    assert mine.advice == '"Launch" names a deliverable and no measured effect; It has no date'
    assert (mine.editable, others.editable) == (True, False)


def test_the_sample_s_own_key_results_get_little_advice(halden: Database) -> None:
    state = portfolio(halden)
    told = {kr.key: [f.rule for f in on_key_result(state, kr)] for kr in state.current_key_results(NOW)}
    assert sum(bool(rules) for rules in told.values()) <= len(told) // 3, told


def test_a_link_to_what_is_private_is_not_shown_and_stays(halden: Database) -> None:
    state = portfolio(halden)
    own = next(o for o in state.objectives if o.unit == "payments" and o.contributes_to)
    hidden = next(o.key for o in state.objectives if o.unit == "crm" and o.cycle == own.cycle)
    with halden.transaction() as session:
        linked = Contribution(
            objective_id=store.ids(session, "objectives", TEAM)[own.key],
            to_objective_id=store.ids(session, "objectives", TEAM)[hidden],
            team_id=TEAM,
            how="quietly",
            position=-1,
        )
        session.add(linked)
        next(unit for unit in units(session, TEAM) if unit.key == "crm").private = True
    form = edit(halden, OMAR, own.key)
    assert field(form, "above").value == own.contributes_to[0].objective
    assert hidden not in {pick.value for pick in field(form, "above").picks}
    assert saved(halden, OMAR, filled(form)).action == "same"
    saved(halden, OMAR, filled(form, above="", how=""))
    assert next(c.objective for c in portfolio(halden).objectives_by_key[own.key].contributes_to) == hidden
