"""Looking at workshops: which one a person means, its status, the form for an item, its record on request. Reads, but
for the promise of a record.
"""

from datetime import datetime, timedelta

from rituals.errors import Refusal
from rituals.notices.workshops import WorkshopRecord
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.roles import may_see_unit, seen_by
from rituals.okrs.seen import load_seen
from rituals.workshops import drafts, offering, rules, seats, shown, telling, words
from rituals.workshops.cards import ItemForm, Pick, Status
from rituals.workshops.noting import own_item
from rituals.workshops.service import found, record_of
from storage import outbox
from storage import workshops as store
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Workshop

SOON = timedelta(minutes=15)
NONE = "No workshop is planned or running. /okr workshop start plans one."


def meant(
    db: Database, team_id: str, user: str, channel: str | None, *, theirs: bool = False, now: datetime
) -> int | None:
    """The workshop that a person means in a channel: the one held there, else one of a unit that they belong to, one
    that runs before one to come. None where there is none; with `theirs` also where they may move none of them on.
    """
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        rows = _mine(state, user, _ahead_or_running(session, state, now), channel)
    chosen = next((row for row in rows if not theirs or seats.runs(state, user, row)), None)
    return telling.number_of(chosen) if chosen else None


def is_time(db: Database, team_id: str, workshop: int, *, now: datetime) -> bool:
    """Whether the hour of one that has not begun has come, or is about to."""
    with db.transaction(readonly=True) as session:
        row = store.get(session, team_id, workshop)
    return row is not None and row.state in rules.AHEAD and row.starts_at <= now + SOON


def _ahead_or_running(session: Session, state: PortfolioState, now: datetime) -> list[Workshop]:
    """Without those that were never held, of cycles that are over."""
    gone = {cycle.id for cycle in state.cycles.values() if cycle.closed or cycle.ends < state.today(now)}
    rows = store.unfinished(session, state.team_id)
    return [row for row in rows if row.state in rules.RUNNING or row.cycle_id not in gone]


def _mine(state: PortfolioState, user: str, rows: list[Workshop], channel: str | None) -> list[Workshop]:
    """Those that they may know of: held here first, then of units that they lead or belong to, then running ones."""
    member = state.member(user)
    led = state.led_by(member.key) if member else ()
    near = {key for unit in led for key in (*state.lineage(unit), *state.below(unit))}
    seen = [row for row in rows if may_see_unit(state, member.key if member else None, seats.unit_of(state, row))]
    return sorted(seen, key=lambda row: _distance(row, row.channel == channel, seats.unit_of(state, row) in near))


def _distance(row: Workshop, here: bool, near: bool) -> tuple[bool, bool, bool]:
    return not here, not near, row.state not in rules.RUNNING


def status(db: Database, team_id: str, user: str, channel: str | None, *, now: datetime) -> Status:
    """Where the workshop that a person means stands; the last one where none is to come. Raises Refusal without any."""
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        rows = _mine(state, user, _ahead_or_running(session, state, now), channel)
        over = _mine(state, user, _begun(session, team_id), channel)
        row = next(iter((*rows, *over)), None)
        if row is None:
            raise Refusal(NONE)
        return Status(
            board=shown.board(session, load_portfolio(session, team_id), row),
            where=words.where(state, row),
            may=seats.runs(state, user, row) is not None,
            others=tuple(f"{shown.meeting(state, one).unit} {words.when(state, one.starts_at)}" for one in rows[1:]),
        )


def missing(db: Database, team_id: str, user: str, *, now: datetime) -> tuple[str, ...]:
    """What keeps the bot from proposing the workshop of a portfolio that a person answers for, in words."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        return offering.missing(session, state, member, now) if member else ()


def item_form(db: Database, team_id: str, user: str, workshop: int, line: str, *, now: datetime) -> ItemForm:
    """The form to note something of a line's drafts. Raises Refusal where the workshop does not run."""
    with db.transaction(readonly=True) as session:
        whole, row = found(session, team_id, workshop)
        if row.state not in rules.RUNNING:
            raise Refusal(f"Nothing can be noted now. {words.where(whole, row)}")
        return _item_form(whole, user, row, line)


def edit_form(db: Database, team_id: str, user: str, item: int) -> ItemForm:
    """The form with what was noted before. Raises Refusal for anybody else's, and where it was answered."""
    with db.transaction(readonly=True) as session:
        whole, row, standing = own_item(session, team_id, user, item)
        form = _item_form(whole, user, row, whole.unit_keys[standing.unit_id])
        objectives = store.objective_keys(session, team_id, [standing.objective_id])
    typed = {
        "kind": standing.kind,
        "other": whole.unit_keys.get(standing.other_unit_id or 0, ""),
        "text": standing.text,
        "objective": objectives.get(standing.objective_id, ""),
        "provider": standing.provider,
        "until": f"{standing.until}" if standing.until else "",
    }
    return form.model_copy(update={"typed": typed, "item": item})


def _item_form(whole: PortfolioState, user: str, row: Workshop, line: str) -> ItemForm:
    member = whole.member(user)
    state = seen_by(whole, member.key if member else None)
    if line not in state.units or line not in (row.turns or ()):
        raise Refusal("That line is not in this workshop any more.")
    lines = [key for key in row.turns or () if key in state.named_units and key != line]
    others = [key for key in state.named_units if key not in {*lines, line, seats.unit_of(state, row)}]
    led = set(state.led_by(member.key)) if member else set()
    own = bool(led.intersection(state.below(line)))
    mine = "" if own else next((key for key in lines if led.intersection(state.below(key))), "")
    return ItemForm(
        workshop=telling.number_of(row),
        line_key=line,
        line=state.units[line].name,
        others=tuple(Pick(key=key, label=state.units[key].name) for key in (*lines, *others)),
        objectives=tuple(
            Pick(key=one.key, label=f"{one.key} {one.title}")
            for one in drafts.drafted(state, line, seats.cycle_of(state, row))
        ),
        typed={"other": mine} if mine else {"provider": "other" if own else "draft"},
        decides=seats.runs(whole, user, row) is not None,
    )


def ask_record(db: Database, team_id: str, user: str, channel: str | None, *, key: str, now: datetime) -> str:
    """Promise the record as it stands to who asks, in a direct message, once for this `key`; the unit's name."""
    with db.transaction() as session:
        state, _ = load_seen(session, team_id, user)
        row = next(iter(_mine(state, user, _begun(session, team_id), channel)), None)
        if row is None:
            raise Refusal("There is no record yet: no workshop has begun. /okr workshop shows what is planned.")
        notice = record_of(session, state, row, now, user=user)
        what = Promise(
            key=f"{WorkshopRecord.KIND}:{key}", kind=notice.KIND, to=user, data=notice.model_dump(mode="json")
        )
        outbox.promise(session, team_id, what, now=now)
        return notice.unit


def _begun(session: Session, team_id: str) -> list[Workshop]:
    return [row for row in store.newest(session, team_id) if row.begun_at is not None]
