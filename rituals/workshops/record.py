"""The record of a workshop as a Markdown file: decisions, handshakes, what stays open, coverage before and after, and
the drafts as they stand. What people wrote is escaped: it stays text and makes no structure. Reads only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rituals.notices.workshops import Covered, DraftObjective, ItemLine, WorkshopRecord
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.portfolio.markdown import plain_text
from rituals.okrs.roles import seen_by
from rituals.workshops import drafts, rules, seats, shown, telling, words
from storage import workshops as store
from storage.database import Database
from storage.tables import Workshop

NAMED = {"dependency": "Dependency", "conflict": "Conflict", "opportunity": "Opportunity", "decision": "Decision"}
ANSWERS = {"open": "not answered", "accepted": "accepted", "adjusted": "the draft changes", "declined": "declined"}


@dataclass(frozen=True)
class RecordFile:
    """A file: its name, its title in Slack and its text."""

    name: str
    title: str
    text: str
    alt: str = ""

    @property
    def content(self) -> bytes:
        """What is uploaded."""
        return self.text.encode()


def build(db: Database, team_id: str, notice: WorkshopRecord, *, now: datetime) -> tuple[RecordFile, ...]:
    """The record as of now, for the channel's eyes or the member's who asked; nothing when the workshop is gone."""
    text = document(db, team_id, notice.workshop, user=notice.user, now=now)
    name = f"workshop-{_safe(notice.unit)}-{_safe(notice.cycle)}.md"
    return (RecordFile(name, title(notice), text),) if text else ()


def title(notice: WorkshopRecord) -> str:
    """What the record is called."""
    return f"Alignment workshop: {notice.unit}, {notice.cycle}"[:200]


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name).strip("-")[:60] or "unit"


def document(db: Database, team_id: str, workshop: int, *, user: str = "", now: datetime) -> str:
    """The Markdown; "" when the workshop is gone. Made for a Slack `user` it has what that person may see, else what
    the channel may.
    """
    with db.transaction(readonly=True) as session:
        row = store.get(session, team_id, workshop)
        if row is None:
            return ""
        whole = load_portfolio(session, team_id)
        member = whole.member(user) if user else None
        state = seen_by(whole, member.key if member else None) if user else seats.in_channel(whole, row)
        items = shown.item_lines(session, state, store.items(session, team_id, telling.number_of(row)))
    return "\n\n".join(_parts(state, row, items, now)) + "\n"


def _parts(state: PortfolioState, row: Workshop, items: Sequence[ItemLine], now: datetime) -> Iterator[str]:
    unit, cycle = state.units[seats.unit_of(state, row)], seats.cycle_of(state, row)
    yield f"# Alignment workshop: {plain_text(unit.name)}, {plain_text(cycle)}"
    yield _held(state, row, now)
    yield from _coverage(shown.covered(row.before), shown.covered(row.after))
    yield from _decisions(items)
    yield from _handshakes(items)
    yield from _others(items)
    yield "## Drafts by line"
    for number, line in enumerate(row.turns or ()):
        if line in state.units:
            yield from _line(state, row, number, line)


def _held(state: PortfolioState, row: Workshop, now: datetime) -> str:
    begun = words.when(state, row.begun_at or row.starts_at)
    ended = (
        f" to {row.closed_at.astimezone(state.zone):%H:%M}" if row.closed_at else f", as of {words.when(state, now)}"
    )
    facilitator, confirmed = state.member(row.facilitator), state.member(row.confirmed_by)
    told = [f"Held {begun}{ended}."]
    if facilitator:
        told.append(f"Facilitated by {plain_text(facilitator.name)}.")
    if confirmed and row.confirmed_at:
        told.append(f"{plain_text(confirmed.name)} confirmed that the set covers the objectives.")
    else:
        why = f": {plain_text(row.remark)}" if row.remark else "."
        told.append(f"Nobody confirmed that the set covers the objectives{why}")
    return " ".join(told)


def _coverage(before: Covered | None, after: Covered | None) -> Iterator[str]:
    yield "## Coverage before and after"
    if before is None:
        yield "Not known: the workshop did not begin."
        return
    sides = [before, *([after] if after else [])]
    head = "| | Before | After |" if after else "| | Before |"
    rows = [
        ("Connection rate", [_rate(one) for one in sides]),
        ("Objectives with fewer than two lines", [f"{one.thin} of {one.tops}" for one in sides]),
        ("Lines without a link", [f"{one.unlinked} of {one.lines}" for one in sides]),
    ]
    yield "\n".join([head, "|---" * (len(sides) + 1) + "|", *(f"| {n} | {' | '.join(cells)} |" for n, cells in rows)])
    if sides[-1].gaps:
        yield "\n".join(["Gaps that stay:", "", *(f"- {plain_text(gap)}" for gap in sides[-1].gaps)])


def _rate(one: Covered) -> str:
    if one.connection is None:
        return "not enough data"
    return f"{int(one.connection * 100 + 0.5)} % ({one.linked} of {one.objectives} objectives)"


def _decisions(items: Sequence[ItemLine]) -> Iterator[str]:
    yield "## Decisions"
    found = [f"- {plain_text(one.text)} ({_about(one)}{plain_text(one.by)})" for one in items if one.kind == "decision"]
    yield "\n".join(found) or "None was noted."


def _about(one: ItemLine) -> str:
    return f"{plain_text(one.objective)}, " if one.objective else f"{plain_text(one.unit)}, "


def _handshakes(items: Sequence[ItemLine]) -> Iterator[str]:
    yield "## Handshakes"
    found = [one for one in items if one.blocker is not None]
    if not found:
        yield "None was agreed."
        return
    head = ["| Number | Who waits | For whom | What | By | Agreed by |", "|---|---|---|---|---|---|"]
    yield "\n".join([*head, *(_handshake(one) for one in found)])


def _handshake(one: ItemLine) -> str:
    by = f"{one.until.day} {one.until:%b %Y}" if one.until else "the end of the cycle"
    cells = [f"B-{one.blocker}", one.waits or "", one.provider or "", one.text or "–", by, one.decided_by or ""]
    return f"| {' | '.join(plain_text(cell) for cell in cells)} |"


def _others(items: Sequence[ItemLine]) -> Iterator[str]:
    rest = [one for one in items if one.kind != "decision" and one.blocker is None]
    for name, state in (("Agreed and adjusted", {"accepted", "adjusted"}), ("Declined", {"declined"})):
        found = [_other(one) for one in rest if one.state in state]
        if found:
            yield f"## {name}"
            yield "\n".join(found)
    yield "## Open"
    yield "\n".join(_other(one) for one in rest if one.state == "open") or "Nothing waits for an answer."


def _other(one: ItemLine) -> str:
    between = f"{one.unit} and {one.other}" if one.other else one.unit
    said = f": {plain_text(one.text)}" if one.text else ""
    by = f", said {plain_text(one.by)}"
    answer = ANSWERS[one.state] + (f" by {plain_text(one.decided_by)}" if one.decided_by else "")
    note = f" ({plain_text(one.note)})" if one.note else ""
    return f"- {NAMED[one.kind]}, {plain_text(between)}{said}{by}; {answer}{note}"


def _line(state: PortfolioState, row: Workshop, number: int, line: str) -> Iterator[str]:
    cycle = seats.cycle_of(state, row)
    left_out = row.state in rules.RUNNING | {"closed"} and number > row.turn
    yield f"### {plain_text(state.units[line].name)}" + (" (did not present)" if left_out else "")
    objectives = drafts.shown(state, line, cycle)
    yield "\n".join(_draft(one) for one in objectives) or f"No objective for {plain_text(cycle)}."


def _draft(one: DraftObjective) -> str:
    head = f"- **{plain_text(one.key)}** {plain_text(one.title)}"
    moves = [
        f"  - moves {plain_text(key)}" + (f": {plain_text(how)}" if how.strip() else "") for key, _, how in one.moves
    ]
    results = [
        f"  - {plain_text(kr.key)} {plain_text(kr.title)} ({plain_text(kr.course)}"
        + (f", with {plain_text(', '.join(kr.shared_with))})" if kr.shared_with else ")")
        for kr in one.key_results
    ]
    return "\n".join([head, *moves, *results])
