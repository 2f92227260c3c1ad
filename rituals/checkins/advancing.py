"""What time does to an open round: asks each lead at their hour, has them reminded, closes.

Load, decide by `rules`, write facts and promises, some leads to a transaction: while it lasts nobody else can write,
and Slack waits three seconds for an acknowledgement. Rounds are opened by `service`, answers are taken
by `answers`, who is reminded is said in `reminding`, and how it all is shown in `shown`.
"""

from collections.abc import Sequence
from datetime import datetime

from rituals.checkins import prompting, reminding, rules, shown
from rituals.checkins.standing_in import AWAY, answers_now, can_be_asked_at, move_of, reason
from rituals.checkins.turnout import settle
from rituals.notices import CheckinPrompt
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from storage import checkins as queries
from storage import outbox
from storage.checkins import AskedLead
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound

AT_ONCE = 20  # leads of one transaction


def advance(db: Database, team_id: str, *, now: datetime) -> int:
    """Ask the leads whose hour has come, remind those who have not answered, close what is over.

    Returns how many steps were taken; run again at the same instant it takes none, and no writer's lock.
    """
    with db.transaction(readonly=True) as session:
        rounds = queries.open_rounds(session, team_id)
        leads, over = _due(session, team_id, rounds, now), any(row.due_at <= now for row in rounds)
    steps = 0
    for start in range(0, len(leads), AT_ONCE):
        with db.transaction() as session:
            steps += _some_steps(session, team_id, leads[start : start + AT_ONCE], now)
    if over:
        with db.transaction() as session:
            steps += _close_all(session, team_id, now)
    return steps


def _due(session: Session, team_id: str, rounds: Sequence[CheckinRound], now: datetime) -> list[int]:
    """The asks of open rounds for which something may be due."""
    asks = queries.asks_seen(session, team_id, [row.id for row in rounds if row.id is not None])
    state = load_portfolio(session, team_id) if any(map(_may_move, asks)) else None
    return [
        found.ask.id or 0
        for found in asks
        if _may_be_due(found, now) or (state is not None and _may_move(found) and _can_move(state, found.ask, now))
    ]


def _some_steps(session: Session, team_id: str, leads: Sequence[int], now: datetime) -> int:
    state = load_portfolio(session, team_id)
    rounds = {row.id: row for row in queries.open_rounds(session, team_id)}
    asks = [ask for ask in queries.asks_by_id(session, team_id, leads) if ask.round_id in rounds]
    return sum(_step(session, state, rounds[ask.round_id], ask, now) for ask in asks)


def _close_all(session: Session, team_id: str, now: datetime) -> int:
    state = load_portfolio(session, team_id)
    over = [row for row in queries.open_rounds(session, team_id) if row.due_at <= now]
    asks = {row.id: [found.ask for found in queries.asks_of(session, team_id, [row.id or 0])] for row in over}
    return sum(_close(session, state, row, asks[row.id], now) for row in over)


def _may_be_due(found: AskedLead, now: datetime) -> bool:
    """Whether a step of this lead is due; who exactly is to be reminded is decided with the portfolio at hand."""
    ask = found.ask
    if ask.state == "upcoming":
        return _turn_has_come(ask, found.person.slack, now)
    return reminding.occasion(ask, now) is not None


def _turn_has_come(ask: CheckinAsk, slack: str | None, now: datetime) -> bool:
    """Whoever is not found in Slack yet is asked as soon as they are, while there is time."""
    return ask.slot <= now and (slack is not None or rules.too_late(ask.due_at, now))


def _may_move(found: AskedLead) -> bool:
    """Whether absence may have a say: of who has none, none has to be looked for."""
    ask = found.ask
    concerns = found.person.away_until is not None or ask.delegate_id is not None
    return ask.state == "skipped" or (ask.state == "asked" and concerns)


def _can_move(state: PortfolioState, ask: CheckinAsk, now: datetime) -> bool:
    """Whether absence changes something about an ask now; who is to take over is not woken for it."""
    move = move_of(state, ask, now)
    who = answers_now(state, state.people_by_id[ask.person_id], now)
    waits = who is not None and can_be_asked_at(state, who, ask.slot, ask.due_at, now) > now
    return move is not None and not (move == "hand_over" and waits)


def _step(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> bool:
    member = state.people_by_id[ask.person_id]
    if _can_move(state, ask, now):
        _move(session, state, row, ask, now)
        return True
    if ask.state == "upcoming" and _turn_has_come(ask, member.slack, now):
        _ask_or_miss(session, state, row, ask, now)
        return True
    return reminding.remind(session, state, row, ask, now)


def _move(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> None:
    """Absence: another is asked, nobody is, or whoever answers now is asked again."""
    if ask.state == "skipped":
        ask.state, ask.reason, ask.delegate_id = "upcoming", "", None
    _ask_or_miss(session, state, row, ask, now)


def _ask_or_miss(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> None:
    """Ask who answers for the lead, when they are not in their night; a lead whose own time ran out while the bot was
    away is not asked for what can only be late, and for one who is away nobody may be."""
    lead, before = state.people_by_id[ask.person_id], state.people_by_id.get(ask.delegate_id or 0)
    who = answers_now(state, lead, now)
    if rules.too_late(ask.due_at, now):
        ask.state = "missed"
    elif who is None:
        ask.state, ask.reason = "skipped", reason(lead.away) if lead.away else AWAY
    elif (at := can_be_asked_at(state, who, ask.slot, ask.due_at, now)) > now:
        ask.slot = at
    else:
        _prompt(session, state, row, ask, who, now)
    session.add(ask)
    users = [one.slack for one in (lead, before, who) if one and ask.state != "upcoming"]
    counts = ask.state in {"missed", "skipped"}  # who is asked was counted when the round opened
    shown.refresh(session, state.team_id, round_id=row.id, users=users, counts=counts, now=now)


def _prompt(
    session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, who: Member, now: datetime
) -> None:
    """Send the questions to the lead, or to who answers for them."""
    ask.state, ask.asked_at = "asked", now
    ask.delegate_id = who.id if who.id != ask.person_id else None
    reminding.plan(state, ask, now)
    session.add(ask)
    if who.slack is None or ask.id is None:
        return
    prompt = prompting.prompt(session, state, row, ask, now)
    notice = Promise(
        key=shown.prompt_key(ask), kind=CheckinPrompt.KIND, to=who.slack, data=prompt.model_dump(mode="json")
    )
    outbox.promise(session, state.team_id, notice, now=now)


def _close(session: Session, state: PortfolioState, row: CheckinRound, asks: list[CheckinAsk], now: datetime) -> bool:
    if now < row.due_at or row.id is None:
        return False
    row.state, row.closed_at = "closed", now
    session.add(row)
    for ask in asks:
        settle(ask)
        session.add(ask)
    people = [state.people_by_id[who] for ask in asks for who in (ask.person_id, ask.delegate_id) if who]
    shown.refresh(session, row.team_id, round_id=row.id, users=[person.slack for person in people], now=now)
    return True
