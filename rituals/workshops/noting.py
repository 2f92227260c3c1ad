"""What people note of a line's drafts, by a reaction or a form: dependencies, conflicts, opportunities, decisions; and
taking it back. Each is one transaction, written once for its source however often and in whatever order Slack tells.
"""

from dataclasses import dataclass
from datetime import date, datetime

from rituals.errors import FormRefusal, Refusal
from rituals.notices.workshops import WorkshopTurn
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.workshops import rules, seats, telling, words
from rituals.workshops.rules import REACTIONS, RUNNING, Kind, Provider
from rituals.workshops.service import LONGEST, found
from storage import outbox
from storage import workshops as store
from storage.database import Database, Session
from storage.tables import Workshop, WorkshopItem


@dataclass(frozen=True)
class Noted:
    """What somebody saw in the drafts of `line` (a unit's key), with which `other` line. `provider` says of a
    dependency whose turn it is to deliver, by `until`; `objective` is the key of the draft it is about.
    """

    kind: Kind
    line: str
    other: str | None = None
    text: str = ""
    objective: str | None = None
    provider: Provider = ""
    until: date | None = None


def note_item(db: Database, team_id: str, user: str, workshop: int, noted: Noted, *, key: str, now: datetime) -> int:
    """Write down what somebody saw; `key` names the very submission. Returns the item's number.

    Raises FormRefusal with the words for each field, Refusal where the workshop is not running.
    """
    with db.transaction() as session:
        state, row = found(session, team_id, workshop)
        _open(state, row)
        _refuse(state, user, row, noted)
        wanted = _item(session, state, row, user, noted, f"form:{key}", now)
        item = store.note(session, wanted)
        _show(session, state, row, item, now)
        return telling.number_of(item)


def edit_item(db: Database, team_id: str, user: str, item: int, noted: Noted, *, now: datetime) -> None:
    """Say more about what one noted before: kind, line and words. Raises as `note_item`, and for anybody else's."""
    with db.transaction() as session:
        state, row, standing = own_item(session, team_id, user, item)
        _refuse(state, user, row, noted)
        _sayable(standing)
        said = _item(session, state, row, user, noted, standing.source_key, now)
        for column in ("kind", "other_unit_id", "objective_id", "provider", "text", "until"):
            setattr(standing, column, getattr(said, column))
        session.add(standing)
        session.flush()
        _show(session, state, row, standing, now)


def take_back(db: Database, team_id: str, user: str, item: int, *, now: datetime) -> None:
    """Take back what one noted, unless its line has answered. It stays in the books. Raises Refusal."""
    with db.transaction() as session:
        state, row, standing = own_item(session, team_id, user, item)
        _sayable(standing)
        standing.retracted_at, standing.at = now, now
        session.add(standing)
        session.flush()
        _show(session, state, row, standing, now)


@dataclass(frozen=True)
class Reaction:
    """A reaction named `name` on the message `ts` of a channel, put on or taken off at an instant of Slack's clock."""

    channel: str
    ts: str
    name: str
    said_at: datetime
    added: bool

    @property
    def kind(self) -> Kind | None:
        """What it stands for, whatever its skin tone; None for any other sign."""
        return REACTIONS.get(self.name.partition("::")[0])


def reacted(db: Database, team_id: str, user: str, said: Reaction, *, now: datetime) -> bool:
    """A reaction put on, or taken off, a line's drafts. False where it means nothing here: another message, another
    sign, a workshop that is over.
    """
    if said.kind is None:
        return False
    with db.transaction(readonly=True) as session:
        if _reacted_to(session, team_id, said) is None:
            return False
    with db.transaction() as session:
        place = _reacted_to(session, team_id, said)
        return place is not None and place[0].state in RUNNING and _put(session, place, user, said, now)


def _reacted_to(session: Session, team_id: str, said: Reaction) -> tuple[Workshop, str] | None:
    """The workshop and the line whose drafts stand there."""
    sent = outbox.by_message(session, team_id, said.channel, said.ts)
    if sent is None or sent.kind != WorkshopTurn.KIND:
        return None
    data = sent.data or {}
    row = store.get(session, team_id, data["workshop"])
    return (row, str(data["line"])) if row is not None else None


def _put(session: Session, place: tuple[Workshop, str], user: str, said: Reaction, now: datetime) -> bool:
    """Write a reaction by what its author said last; what a line has answered stays."""
    (row, line), kind = place, said.kind
    state = load_portfolio(session, row.team_id)
    if line not in state.units or kind is None:
        return False
    key = f"reaction:{said.channel}:{said.ts}:{user}:{kind}"
    standing = store.by_source(session, row.team_id, key)
    if standing is not None and (standing.state != "open" or not rules.counts(standing.at, said.said_at)):
        return False
    if standing is None:
        noted = Noted(kind, line, _line_of(state, user, row, line), provider=_provider(kind))
        standing = store.note(session, _item(session, state, row, user, noted, key, said.said_at))
    standing.at, standing.retracted_at = said.said_at, None if said.added else said.said_at
    session.add(standing)
    session.flush()
    _show(session, state, row, standing, now)
    return True


def _provider(kind: Kind) -> Provider:
    """Who reacts to another's draft needs something of it."""
    return "draft" if kind == "dependency" else ""


def _line_of(state: PortfolioState, user: str, row: Workshop, line: str) -> str | None:
    """The line for which somebody speaks: the first of the workshop's that they lead, but the one whose draft it is."""
    member = state.member(user)
    led = {above for unit in (state.led_by(member.key) if member else ()) for above in state.lineage(unit)}
    return next((key for key in row.turns or () if key in led and key != line and key in state.units), None)


def _open(state: PortfolioState, row: Workshop) -> None:
    if row.state not in RUNNING:
        raise Refusal(f"Nothing can be noted now. {words.where(state, row)}")


def own_item(session: Session, team_id: str, user: str, item: int) -> tuple[PortfolioState, Workshop, WorkshopItem]:
    """An item with its workshop, theirs to change. Raises Refusal where it was taken back, is somebody else's, or the
    workshop does not run.
    """
    standing = store.item(session, team_id, item)
    if standing is None or standing.retracted_at is not None:
        raise Refusal("That was taken back.")
    state, row = found(session, team_id, standing.workshop_id)
    _open(state, row)
    if standing.slack_user != user and seats.runs(state, user, row) is None:
        raise Refusal("Who noted it changes it, or who moves the workshop on.")
    return state, row, standing


def _sayable(standing: WorkshopItem) -> None:
    if standing.state != "open":
        raise Refusal("It was answered already, so it stays as it was said. Note another one.")


def _refuse(state: PortfolioState, user: str, row: Workshop, noted: Noted) -> None:
    errors = {}
    if noted.line not in (row.turns or ()) or noted.line not in state.units:
        errors["line"] = "That line is not in this workshop."
    if noted.other is not None and noted.other not in state.named_units:
        errors["other"] = "That unit is gone. Choose another one."
    if noted.other == noted.line:
        errors["other"] = "Choose another line than the one whose draft it is."
    if not noted.text.strip():
        errors["text"] = "Say in a sentence what it is; the line that answers reads it."
    if noted.kind == "decision" and seats.runs(state, user, row) is None:
        errors["kind"] = "Decisions are noted by who moves the workshop on."
    if errors:
        raise FormRefusal(errors)


def _item(
    session: Session, state: PortfolioState, row: Workshop, user: str, noted: Noted, source_key: str, now: datetime
) -> WorkshopItem:
    other = noted.other or (_line_of(state, user, row, noted.line) if noted.kind != "decision" else None)
    provider = noted.provider if other and noted.provider else "draft"
    return WorkshopItem(
        team_id=row.team_id,
        workshop_id=telling.number_of(row),
        unit_id=state.unit_ids[noted.line],
        other_unit_id=state.unit_ids[other] if other else None,
        objective_id=store.objective_id(session, row.team_id, noted.objective) if noted.objective else None,
        kind=noted.kind,
        provider=provider if noted.kind == "dependency" else "",
        text=noted.text.strip()[:LONGEST],
        until=noted.until,
        slack_user=user,
        source_key=source_key,
        at=now,
    )


def _show(session: Session, state: PortfolioState, row: Workshop, item: WorkshopItem, now: datetime) -> None:
    """In the drafts and the agenda; once the adjustment round is open also to whom it concerns."""
    if row.state in {"adjusting", "confirming"} and item.retracted_at is None:
        telling.card(session, state, row, item, now=now)
    telling.again(session, row, (item,), now=now)
