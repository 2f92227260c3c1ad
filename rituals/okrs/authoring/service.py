"""`/okr add` and `/okr edit`: the use cases behind their forms. Each is one transaction.

What a form has is in `forms`, what is read from it in `reading`, who may in `rights`.
Everything is checked by the rules of the import and written by its hand; history is never rewritten. Each save is one
row in the record of changes, which also makes the same submission count once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from rituals.errors import FormRefusal
from rituals.okrs import structure
from rituals.okrs.adjusting import ask_deciders
from rituals.okrs.authoring import before as authoring_before
from rituals.okrs.authoring import effect as authoring_effect
from rituals.okrs.authoring import forms as authoring_forms
from rituals.okrs.authoring import rights as authoring_rights
from rituals.okrs.authoring.advice import advice_on
from rituals.okrs.authoring.after import after
from rituals.okrs.authoring.cards import Authored, AuthorForm, Typed, What
from rituals.okrs.authoring.faults import refuse_faults
from rituals.okrs.authoring.people import Newcomer, unknown
from rituals.okrs.authoring.reading import Draft, read
from rituals.okrs.authoring.words import change_words, named, proposal_words, title_of
from rituals.okrs.live import refresh_boards, refresh_drafts, refresh_homes
from rituals.okrs.load import load_portfolio
from rituals.okrs.ownership.service import ask_new
from rituals.okrs.portfolio.diff import Diff, diff
from rituals.okrs.portfolio.schema import KeyResultEntry, Portfolio, UnitEntry
from rituals.okrs.portfolio.service import new_faults, stored_part, write
from rituals.okrs.put_aside import put_aside
from rituals.okrs.roles import seen_by
from rituals.okrs.seen import load_seen
from rituals.okrs.state import Member, PortfolioState
from rituals.okrs.support import settled
from storage import adjustments, changes, people
from storage import authoring as store
from storage.database import Database, Session


@dataclass(frozen=True)
class _Save:
    """One submission on its way: by whom, in which portfolio, what it says. `before` is what is stored, as far as it
    touches this; `taken` are the keys of its kind.
    """

    user: str
    by: Member | None
    state: PortfolioState
    before: Portfolio
    taken: Collection[str]
    typed: Typed
    draft: Draft
    found: Diff
    now: datetime
    key: str

    @cached_property
    def fields(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What differs, before and after; the objective of a key result as well."""
        was, now = authoring_effect.changed(self.draft.before, self.draft.entry)
        home = self.draft.wanted.objectives[0].key if isinstance(self.draft.entry, KeyResultEntry) else ""
        if home and self.draft.before is None:
            now = {**now, "objective": home}
        elif home and home != self.draft.place:
            was, now = {**was, "objective": self.draft.place}, {**now, "objective": home}
        return was, now

    @property
    def adjusting(self) -> bool:
        """Whether it changes the meaning of what was reported."""
        kr = self.state.key_results.get(self.draft.entry.key)
        known = self.draft.before is not None and kr is not None
        return known and kr is not None and authoring_effect.adjusts(kr, tuple(self.fields[1]))


def add_form(db: Database, team_id: str, user: str, what: What, text: str, *, now: datetime) -> AuthorForm:
    """The form for something new. Raises Refusal for who may add none."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        taken = _taken(session, team_id, what)
    authoring_rights.refuse_adding(state, member)
    typed = authoring_before.blank(state, member, what, text.strip(), taken=taken, now=now)
    return authoring_forms.form(state, member, typed)


def edit_form(db: Database, team_id: str, user: str, text: str, *, now: datetime) -> AuthorForm:
    """The form of the key result, objective or unit that `text` names. Raises Refusal, with choices where several."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        what, key = named(state, text)
        portfolio = stored_part(session, team_id, key)
    authoring_rights.refuse_editing(state, member, what, key)
    return _form(state, member, authoring_before.existing(state, portfolio, what, key))


def redrawn(db: Database, team_id: str, user: str, typed: Typed) -> AuthorForm:
    """The form with what is typed, after a choice on which other fields depend."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
    return _form(state, member, typed)


def standing_in(session: Session, team_id: str, user: str, key: str) -> Typed:
    """A key result's form as it stands, for a change to be laid over it."""
    state, _ = load_seen(session, team_id, user)
    return authoring_before.existing(state, stored_part(session, team_id, key), "key_result", key)


def unknown_people(db: Database, team_id: str, typed: Typed) -> tuple[str, ...]:
    """The Slack ids in a form that are nobody's in the portfolio: Slack is asked who they are before it is saved."""
    with db.transaction(readonly=True) as session:
        return unknown({person.slack for person in people.everyone(session, team_id)}, typed)


def submit(
    db: Database, team_id: str, user: str, typed: Typed, *, now: datetime, key: str, newcomers: Sequence[Newcomer] = ()
) -> Authored | AuthorForm:
    """Save a form, or give it back once with advice and effect; `key` names this very submission.

    Raises FormRefusal with the words for each field, Refusal for who may not; nothing is written then.
    """
    with db.transaction() as session:
        return submit_in(session, team_id, user, typed, now=now, key=key, newcomers=newcomers)


def submit_in(
    session: Session,
    team_id: str,
    user: str,
    typed: Typed,
    *,
    now: datetime,
    key: str,
    newcomers: Sequence[Newcomer] = (),
) -> Authored | AuthorForm:
    """`submit` as a part of a transaction that does more."""
    state, by = load_seen(session, team_id, user)
    came = changes.change_by_source(session, team_id, key)
    if came is not None:
        title = title_of(state, typed.what, came.key)
        return Authored(what=typed.what, key=came.key, title=title, action="add" if came.action == "add" else "edit")
    homes = {typed.text("objective"), typed.key or ""}
    before, taken = stored_part(session, team_id, typed.key, homes), _taken(session, team_id, typed.what)
    draft = read(before, typed, taken, newcomers)
    save = _Save(user, by, state, before, taken, typed, draft, diff(before, draft.wanted), now, key)
    _refuse(save)
    return _decided(session, save)


def _taken(session: Session, team_id: str, what: What) -> Collection[str]:
    """The keys that are used, also by what this person may not see."""
    return authoring_before.keys_of(load_portfolio(session, team_id), what)


def _form(state: PortfolioState, member: Member | None, typed: Typed, **shown: Any) -> AuthorForm:
    kr = state.key_results.get(typed.key or "") if typed.what == "key_result" else None
    return authoring_forms.form(state, member, typed, history=len(kr.updates) if kr else 0, **shown)


def _refuse(save: _Save) -> None:
    """Raises FormRefusal or Refusal where it cannot be saved: not theirs, taken, or not fitting."""
    entry, typed = save.draft.entry, save.typed
    if save.draft.before is None and entry.key in save.taken:
        raise FormRefusal({"key": f'"{entry.key}" is used already; every key is given once.'})
    authoring_rights.refuse_saving(save.state, save.by, typed.what, save.draft, tuple(save.fields[1]))
    refuse_faults(new_faults(save.before, save.found.merged), entry, save.found.merged)
    if save.adjusting and not typed.text("reason"):
        words = change_words(save.state, *save.fields)
        raise FormRefusal({"reason": f"Say why: {words[0]}, and values were reported before."})


def _decided(session: Session, save: _Save) -> Authored | AuthorForm:
    """The form once more where there is something to tell first; else what became of it."""
    typed, entry = save.typed, save.draft.entry
    result = Authored(what=typed.what, key=entry.key, title=_title(entry), action="same")
    if save.draft.before is not None and not save.fields[1]:
        return result
    then = after(save.state, save.draft)
    proposing = save.adjusting and not authoring_rights.may_adjust(save.state, save.by, entry.key)
    deciders = (authoring_rights.deciders(save.state, entry.key) or "an admin") if proposing else ""
    effect = _effect(save, then)
    aside = put_aside(session, save.state.team_id)
    advice = advice_on(then, typed.what, entry.key, save.now, settled(session, save.state), aside)
    if (effect or advice) and not typed.told:
        return _form(save.state, save.by, typed, effect=effect, advice=advice, told=True, deciders=deciders)
    words = change_words(then, *save.fields) if save.draft.before is not None else ()
    shown = {"changes": words, "effect": effect, "advice": advice, "deciders": deciders}
    result = result.model_copy(update=shown)
    if proposing:
        return _proposed(session, save, result)
    write(session, save.state.team_id, save.before, save.found)
    _record(session, save)
    _show_again(session, save, then)
    action = "add" if save.draft.before is None else "edit"
    return result.model_copy(update={"action": action, "asked": _ask_owners(session, save)})


def _ask_owners(session: Session, save: _Save) -> tuple[str, ...]:
    """The units that are asked to own a key result that they did not own before."""
    entry, before = save.draft.entry, save.draft.before
    if not isinstance(entry, KeyResultEntry) or save.by is None:
        return ()
    was = before.owners if isinstance(before, KeyResultEntry) else ()
    if was == entry.owners:
        return ()
    session.flush()
    return ask_new(session, save.state.team_id, entry.key, was, save.by, now=save.now)


def _title(entry: object) -> str:
    return str(getattr(entry, "title", None) or getattr(entry, "name", ""))


def _effect(save: _Save, then: PortfolioState) -> str:
    """What it changes beyond itself: the figures, or what a unit takes over from those above it."""
    key = save.draft.entry.key
    if isinstance(save.draft.entry, UnitEntry):
        return structure.effect(save.state, then, key)
    if not save.adjusting:
        return ""
    kr, changed = save.state.key_results[key], then.key_results[key]
    return authoring_effect.effect(save.state.figures(kr, save.now), then.figures(changed, save.now))


def _proposed(session: Session, save: _Save, result: Authored) -> Authored:
    """A co-owner does not change alone what others agreed on: it stands in the register until it is decided."""
    kr, by = save.state.key_results[result.key], save.by
    assert by is not None
    led = save.state.led_by(by.key)
    unit = next((owner for owner in kr.owners if owner in led), kr.owners[0])
    words = change_words(seen_by(after(save.state, save.draft), None), *save.fields)  # many will read it
    row = store.propose(
        session,
        save.state.team_id,
        text=proposal_words(result.key, words, save.typed.text("reason")),
        key_result_id=kr.id,
        unit_id=save.state.unit_ids[unit],
        person_id=by.id,
        now=save.now,
    )
    standing_now = authoring_before.existing(save.state, save.before, "key_result", result.key)
    adjustments.add_form(session, row, _differing(standing_now, save.typed), save.typed.text("reason"))
    ask_deciders(session, save.state, row, kr, now=save.now)
    return result.model_copy(update={"action": "propose", "number": row.number})


def _differing(standing_now: Typed, typed: Typed) -> dict[str, Any]:
    """What a form would change, by field."""
    was = {name: text.strip() for name, text in standing_now.texts.items()}
    texts = {name: text for name, text in typed.texts.items() if name != "reason" and text.strip() != was.get(name, "")}
    lists = {k: list(v) for k, v in typed.lists.items() if tuple(v) != tuple(standing_now.lists.get(k, ()))}
    return {"texts": texts, "lists": lists}


def _record(session: Session, save: _Save) -> None:
    was, now = save.fields
    reason = {"reason": save.typed.text("reason")} if save.adjusting else {}
    changes.add_change(
        session,
        save.state.team_id,
        at=save.now,
        by=save.user,
        what=save.typed.what,
        key=save.draft.entry.key,
        action="edit" if save.draft.before is not None else "add",
        before=was or None,
        after={**now, **reason},
        source_key=save.key,
    )


def _show_again(session: Session, save: _Save, then: PortfolioState) -> None:
    """Homes and boards on which it stands, before and after."""
    entry = save.draft.entry
    if isinstance(entry, UnitEntry):
        units = {entry.key} & save.state.units.keys()
    else:
        units = {owner for state in (save.state, then) for owner in _owners(state, entry.key)}
    refresh_homes(session, save.state, units=units, also=(save.by,), now=save.now)
    refresh_boards(session, save.state.team_id, now=save.now)
    refresh_drafts(session, save.state.team_id, now=save.now)


def _owners(state: PortfolioState, key: str) -> tuple[str, ...]:
    if key in state.key_results:
        return state.key_results[key].owners
    found = state.objectives_by_key.get(key)
    return (found.unit,) if found else ()
