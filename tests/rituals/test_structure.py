"""Moving, renaming and closing units: what it changes, what it leaves as it was, and what files make of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from rituals import align
from rituals.alignment import checks, service
from rituals.alignment.keeping import keep_due
from rituals.checkins import service as checkins
from rituals.errors import FormRefusal, Refusal
from rituals.okrs import pages
from rituals.okrs.authoring import service as authoring
from rituals.okrs.authoring.cards import AuthorForm
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from rituals.okrs.portfolio.yaml_lines import PortfolioErrors
from rituals.settings import pages as settings_pages
from rituals.settings import units_closing
from rituals.settings.cards import Saved, Typed
from storage.changes import changes_of
from storage.database import Database
from storage.tables import (
    AlignmentRecord,
    CheckinAsk,
    CheckinRound,
    Grade,
    KeyResultUpdate,
    RatingInvite,
    RatingPoll,
    RatingVote,
    Workspace,
)
from tests.rituals.halden import ANA, BO, LENA, NOW, OMAR, TEAM, import_sample
from tests.rituals.test_authoring import edit, field, filled, new_kr, saved, send

LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)


def state(db: Database) -> PortfolioState:
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM)


def close(db: Database, unit: str = "desktop", user: str = ANA, key: str = "v1", **texts: str) -> Saved:
    return units_closing.save(db, TEAM, user, unit, Typed(texts=texts), now=NOW, key=key)


def said(kr: KeyResult) -> list[tuple[object, ...]]:
    """Who gave which value when."""
    return [(u.id, u.at, u.value, u.by, u.note) for u in kr.updates]


def written(db: Database) -> str:
    return write_yaml(export_portfolio(db, TEAM))


# Moving and renaming


def platform(db: Database, private: bool = False) -> None:
    """A second portfolio with a rhythm of its own."""
    lines = [
        "  - key: platform",
        "    name: Platform",
        "    level: portfolio",
        "    parent: halden",
        "    leads: [omar]",
        '    cadence: {every: 1 week, on: tuesday, at: "10:00"}',
        "    holidays: {country: SE}",
        f"    private: {str(private).lower()}",
        "cycles:",
    ]
    import_portfolio(db, TEAM, written(db).replace("cycles:", "\n".join(lines), 1), now=NOW)


def test_a_move_says_before_it_is_saved_what_it_changes(halden: Database) -> None:
    platform(halden, private=True)
    shown = send(halden, LENA, filled(edit(halden, LENA, "CRM"), told=False, parent="platform"))
    assert isinstance(shown, AuthorForm)
    assert shown.effect == (
        "part of Product suite (Ana Ruiz, Tom Becker above it) → Platform (Omar Haddad above it); "
        "check-in every 2 weeks on Monday at 09:00 from Product suite → every week on Tuesday at 10:00 from Platform; "
        "holidays DE, BE from Product suite → SE from Platform; "
        "seen by everybody → those who answer for Platform only"
    )
    assert state(halden).units["crm"].parent == "suite"


def test_a_moved_unit_follows_the_new_place_and_keeps_what_it_has(halden: Database) -> None:
    platform(halden)
    before = state(halden)
    saved(halden, LENA, filled(edit(halden, LENA, "CRM"), parent="platform", name="Customer relations"))
    after = state(halden)
    assert (after.units["crm"].name, after.cadence_unit("crm")) == ("Customer relations", "platform")
    assert [o.key for o in after.objectives if o.unit == "crm"] == [o.key for o in before.objectives if o.unit == "crm"]
    assert after.key_results["KR-1"].updates == before.key_results["KR-1"].updates
    with halden.transaction(readonly=True) as session:
        (made,) = changes_of(session, TEAM, "unit", "crm")
    assert made.before == {"name": "CRM", "parent": "suite"}
    page = settings_pages.unit_page(halden, TEAM, LENA, "crm", now=NOW)
    (told,) = page.history
    assert (told.by, [(one.name, one.before, one.after) for one in told.changes]) == (
        "Lena Vogt",
        [("Name", "CRM", "Customer relations"), ("Part of", "Product suite", "Platform")],
    )


def test_what_is_kept_of_days_before_a_move_stays_as_it_was(halden: Database) -> None:
    keep_due(halden, TEAM, now=NOW)
    with halden.transaction(readonly=True) as session:
        before = [(row.unit_id, row.local_date, row.figures) for row in session.exec(select(AlignmentRecord))]
    platform(halden)
    saved(halden, LENA, filled(edit(halden, LENA, "CRM"), parent="platform"))
    close(halden, fate="drop")
    keep_due(halden, TEAM, now=LATER)
    with halden.transaction(readonly=True) as session:
        after = [(row.unit_id, row.local_date, row.figures) for row in session.exec(select(AlignmentRecord))]
    assert before
    assert [row for row in after if row in before] == before


def test_units_stand_in_each_other_to_any_depth_and_never_in_a_circle(halden: Database) -> None:
    above = "crm"
    for depth in range(8):
        typed = filled(
            authoring.add_form(halden, TEAM, LENA, "unit", f"Team {depth}", now=NOW), level="team", parent=above
        )
        above = saved(halden, LENA, typed).key
    assert len(list(state(halden).lineage(above))) == 11
    picks = {pick.value for pick in field(edit(halden, LENA, "CRM"), "parent").picks}
    assert above not in picks
    with pytest.raises(FormRefusal) as caught:
        saved(halden, LENA, filled(edit(halden, LENA, "CRM"), parent=above))
    assert "stands above itself" in caught.value.errors["parent"]


def test_there_is_no_second_company_unless_there_was(halden: Database, sqlite_db: Database) -> None:
    form = authoring.add_form(halden, TEAM, LENA, "unit", "Halden Two", now=NOW)
    with pytest.raises(FormRefusal) as caught:
        saved(halden, LENA, filled(form, level="company", parent=""))
    assert caught.value.errors == {"parent": "Halden is the company; choose what it is part of."}
    two = "schema: plumbline/1\nunits:\n  - {key: a, name: A, level: company}\n  - {key: b, name: B, level: company}\n"
    with pytest.raises(PortfolioErrors, match="is the company"):
        import_portfolio(halden, TEAM, two, now=NOW)
    import_portfolio(sqlite_db, TEAM, two, now=NOW)
    assert (
        len(import_portfolio(sqlite_db, TEAM, two + two.splitlines()[-1].replace("b", "c") + "\n", now=NOW).added) == 1
    )


# Closing


def test_a_unit_with_something_open_is_closed_only_when_it_is_said_what_becomes_of_it(halden: Database) -> None:
    form = units_closing.open_form(halden, TEAM, ANA, "desktop", now=NOW)
    assert form.facts["stakes"].startswith("2 open objectives with 5 key results")
    with pytest.raises(FormRefusal) as caught:
        close(halden)
    assert list(caught.value.errors) == ["fate"]
    with pytest.raises(FormRefusal) as caught:
        close(halden, fate="move")
    assert list(caught.value.errors) == ["to"]
    assert state(halden).units["desktop"].closed_on is None


def test_what_is_handed_over_keeps_its_key_and_its_history(db: Database) -> None:
    import_sample(db)
    before = state(db)
    mine = [o for o in before.objectives if o.unit == "desktop"]
    close(db, fate="move", to="mobile")
    after = state(db)
    for objective in mine:
        moved = after.objectives_by_key[objective.key]
        assert (moved.unit, moved.title) == ("mobile", objective.title)
        assert [said(kr) for kr in moved.key_results] == [said(kr) for kr in objective.key_results]
        assert all("desktop" not in kr.owners for kr in moved.key_results)
        assert all("mobile" in kr.owners for kr in moved.key_results if kr.owners)
    with db.transaction(readonly=True) as session:
        (made,) = changes_of(session, TEAM, "objective", mine[0].key)
    assert (made.before, (made.after or {})["reason"]) == ({"unit": "desktop"}, "Desktop was closed")


def test_what_is_dropped_is_decided_for_the_close_of_its_cycle(db: Database) -> None:
    import_sample(db)
    keys = {kr.id for o in state(db).objectives if o.unit == "desktop" for kr in o.key_results}
    close(db, fate="drop")
    with db.transaction(readonly=True) as session:
        grades = list(session.exec(select(Grade)))
    assert {grade.key_result_id for grade in grades} == keys
    assert {(grade.outcome, grade.note) for grade in grades} == {("dropped", "Desktop was closed")}


def test_a_closed_unit_stands_in_no_picker_and_in_no_current_figure(halden: Database) -> None:
    assert "Desktop" in service.show_sharing(halden, TEAM, ANA, "suite", now=NOW).alone or any(
        "Desktop" in (pair.one, pair.other) for pair in service.show_sharing(halden, TEAM, ANA, "suite", now=NOW).pairs
    )
    close(halden, fate="drop")
    found = state(halden)
    assert found.units["desktop"].closed_on == date(2026, 11, 16)
    assert [o for o in found.current_objectives(NOW) if o.unit == "desktop"] == []
    assert "desktop" not in {
        pick.value for pick in field(authoring.add_form(halden, TEAM, ANA, "key_result", "", now=NOW), "owners").picks
    }
    shown = service.show_map(halden, TEAM, ANA, "suite", now=NOW)
    assert "Desktop" not in {line.unit for line in shown.lines}
    sharing = service.show_sharing(halden, TEAM, ANA, "suite", now=NOW)
    assert "Desktop" not in {
        *sharing.alone,
        *(pair.one for pair in sharing.pairs),
        *(pair.other for pair in sharing.pairs),
    }
    assert not any("Desktop" in line.missing for line in checks.show_check(halden, TEAM, ANA, "suite", now=NOW).lines)


def test_past_days_and_files_keep_a_closed_unit(db: Database) -> None:
    import_sample(db)
    with db.transaction(readonly=True) as session:
        said = len(list(session.exec(select(KeyResultUpdate))))
    close(db, fate="drop")
    found = state(db)
    assert any("desktop" in kr.owners for kr in found.key_results_on(date(2026, 11, 15)))
    assert pages.list_page(db, TEAM, ANA, "Desktop 2026-Q4", now=NOW).lines
    with db.transaction(readonly=True) as session:
        assert len(list(session.exec(select(KeyResultUpdate)))) == said
    text = written(db)
    assert "closed: 2026-11-16" in text
    assert import_portfolio(db, TEAM, text, now=NOW).empty
    assert written(db) == text


def test_a_closed_unit_is_the_same_in_another_workspace(db: Database) -> None:
    import_sample(db)
    close(db, fate="move", to="mobile")
    text, other = written(db), "T02OTHER"
    with db.transaction() as session:
        session.add(Workspace(team_id=other, name="Other", created_at=NOW))
    import_portfolio(db, other, text, now=NOW)
    assert write_yaml(export_portfolio(db, other)) == text


def test_a_file_from_before_opens_nothing_again(halden: Database) -> None:
    old = written(halden)
    close(halden, fate="drop")
    assert import_portfolio(halden, TEAM, old, now=LATER).empty
    assert state(halden).units["desktop"].closed_on == date(2026, 11, 16)


def test_its_check_ins_stop(halden: Database) -> None:
    opens = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    checkins.open_due(halden, TEAM, now=opens)
    walt = state(halden).people["walt"].id

    def asks() -> list[CheckinAsk]:
        with halden.transaction(readonly=True) as session:
            return list(session.exec(select(CheckinAsk).where(CheckinAsk.person_id == walt)))

    assert [ask.state for ask in asks()] == ["upcoming"]
    close(halden, fate="drop")
    assert [(ask.state, ask.reason) for ask in asks()] == [("skipped", "Desktop was closed")]
    checkins.open_due(halden, TEAM, now=datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    assert len(asks()) == 1
    with halden.transaction(readonly=True) as session:
        assert len(list(session.exec(select(CheckinRound)))) == 2


def test_a_unit_that_others_are_part_of_is_not_closed_over_their_heads(halden: Database) -> None:
    with pytest.raises(
        Refusal, match=r"CRM, Analytics, Payments, Mobile and 3 more are part of Product suite\. Move or"
    ):
        units_closing.open_form(halden, TEAM, LENA, "suite", now=NOW)


@pytest.mark.parametrize("user", [BO, OMAR])
def test_nobody_closes_what_they_do_not_answer_for(halden: Database, user: str) -> None:
    with pytest.raises(Refusal, match="is Desktop's"):
        close(halden, user=user, fate="drop")


def test_its_own_lead_may_drop_but_hands_over_only_to_what_is_theirs(halden: Database) -> None:
    walt = state(halden).people["walt"].slack or ""
    form = units_closing.open_form(halden, TEAM, walt, "desktop", now=NOW)
    assert [key for key in form.facts if key.startswith("to:")] == []
    with pytest.raises(FormRefusal) as caught:
        close(halden, user=walt, fate="move", to="mobile")
    assert list(caught.value.errors) == ["to"]
    assert close(halden, user=walt, key="v2", fate="drop").changes


def test_a_part_in_what_others_have_ends_with_it(halden: Database) -> None:
    key = saved(halden, ANA, new_kr(halden, ANA, title="Deals on the desktop", owners=("crm", "desktop"))).key
    close(halden, fate="drop")
    assert state(halden).key_results[key].owners == ("crm",)


def test_the_same_submission_again_closes_it_once_and_it_can_be_opened_again(db: Database) -> None:
    import_sample(db)
    first, again = close(db, fate="drop"), close(db, fate="drop")
    assert first.changes == again.changes
    assert state(db).units["desktop"].closed_on is not None
    page = settings_pages.unit_page(db, TEAM, ANA, "desktop", now=NOW)
    assert (page.closed, page.history[0].by) == (date(2026, 11, 16), "Ana Ruiz")
    assert units_closing.open_form(db, TEAM, ANA, "desktop", again=True, now=NOW).kind == "reopen"
    for _ in range(2):
        units_closing.open_again(db, TEAM, ANA, "desktop", now=NOW, key="v2")
    assert state(db).units["desktop"].closed_on is None
    assert state(db).cadence_unit("desktop") == "suite"


def test_two_who_close_it_at_once_close_it_once(db: Database) -> None:
    import_sample(db)

    def press(user: str) -> Saved:
        return close(db, user=user, key=f"v:{user}", fate="move", to="mobile")

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(press, (ANA, LENA)))
    assert sorted(len(one.changes) for one in done) == [0, 1]
    assert state(db).units["desktop"].closed_on == date(2026, 11, 16)
    with db.transaction(readonly=True) as session:
        assert len(changes_of(session, TEAM, "unit", "desktop")) == 1
        moved = [o.key for o in state(db).objectives if o.unit == "mobile"]
        assert max(len(changes_of(session, TEAM, "objective", key)) for key in moved) == 1


# Files


def test_a_file_that_moves_and_renames_keeps_history_and_leaves_a_record(db: Database) -> None:
    import_sample(db)
    before = state(db)
    text = (
        written(db)
        .replace("name: CRM,", "name: Customers,")
        .replace("parent: suite, leads: [bo]", "parent: halden, leads: [bo]")
    )
    assert "~ unit crm" in str(import_portfolio(db, TEAM, text, now=NOW))
    after = state(db)
    assert (after.units["crm"].name, after.units["crm"].parent) == ("Customers", "halden")
    assert after.unit_ids["crm"] == before.unit_ids["crm"]
    assert after.key_results["KR-1"].updates == before.key_results["KR-1"].updates
    with db.transaction(readonly=True) as session:
        (made,) = changes_of(session, TEAM, "unit", "crm")
    assert (made.slack_user, made.before) == ("", {"name": "CRM", "parent": "suite"})
    assert settings_pages.unit_page(db, TEAM, LENA, "crm", now=NOW).history[0].by == ""
    assert written(db) == text


def test_nothing_is_part_of_a_closed_unit(halden: Database) -> None:
    close(halden, fate="drop")
    form = authoring.add_form(halden, TEAM, ANA, "unit", "Desktop tools", now=NOW)
    with pytest.raises(FormRefusal) as caught:
        saved(halden, ANA, filled(form, level="team", parent="desktop"))
    assert caught.value.errors == {"parent": "Desktop is closed; choose one that is not."}


def test_a_rating_of_a_cycle_that_is_over_stands_beside_the_pace_that_was_kept_then(halden: Database) -> None:
    years = {f"20{n}-Q4": (score, pace) for n, score, pace in ((22, 2, 0.5), (23, 3, 0.7), (24, 4, 0.9), (25, 5, 1.1))}
    spans = "".join(f"\n  - {{key: {key}, starts: {key[:4]}-10-01, ends: {key[:4]}-12-31}}" for key in years)
    import_portfolio(halden, TEAM, written(halden).replace("cycles:", f"cycles:{spans}", 1), now=NOW)
    found = state(halden)
    with halden.transaction() as session:
        for key, (score, pace) in years.items():
            cycle, unit, person = found.cycles[key], found.unit_ids["suite"], found.people["bo"].id
            poll = RatingPoll(
                team_id=TEAM, unit_id=unit, cycle_id=cycle.id, opens_at=NOW, closes_at=NOW, state="closed"
            )
            session.add(poll)
            session.flush()
            number = poll.id or 0
            session.add(RatingInvite(team_id=TEAM, poll_id=number, person_id=person))
            session.add(RatingVote(team_id=TEAM, poll_id=number, person_id=person, score=score, at=NOW))
            kept = {"shared_velocity": pace}
            session.add(
                AlignmentRecord(
                    team_id=TEAM, unit_id=unit, cycle_id=cycle.id, local_date=cycle.ends, figures=kept, at=NOW
                )
            )
    close(halden, fate="drop")
    shown = align.show(halden, TEAM, ANA, "suite", now=NOW)
    assert (shown.rating_and_pace, shown.cycles_compared) == (1.0, 4)
