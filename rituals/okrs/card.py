"""`/okr show`: one key result with everything about it, as data. Reads and words; writes nothing, judges nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from rituals.notices.cards import ChartPoint, Earlier, HistoryLine, KrCard, LinkedObjective
from rituals.okrs import standpoints, support
from rituals.okrs.authoring import advice as authoring_advice
from rituals.okrs.earlier import graded, line_of_descent
from rituals.okrs.evidence import evidence_of
from rituals.okrs.figures import Figures
from rituals.okrs.flags.log import told
from rituals.okrs.flags.shown import flag_lines, news
from rituals.okrs.known import named
from rituals.okrs.lines import line_of
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import KEEP_KINDS, KeyResult, Objective, Update
from rituals.okrs.numbers import write_number
from rituals.okrs.pace import expected_progress, local_day
from rituals.okrs.pages import why
from rituals.okrs.progress import as_of, current_value, definition_problems, raw_progress, shown, total_weight
from rituals.okrs.put_aside import put_aside, without
from rituals.okrs.registers import lines as blocker_lines
from rituals.okrs.roles import answers_for
from rituals.okrs.seen import load_seen
from rituals.okrs.stated import stated_at
from rituals.okrs.words import landing_words, value_words
from storage import changes, sources
from storage.database import Database, Session
from storage.tables import Change

HISTORY = 10
EARLIER = 3
FLAGS = 8


def show(db: Database, team_id: str, text: str, *, now: datetime, user: str = "") -> KrCard:
    """The card of the key result that `text` names. Raises Refusal, with choices where several could be meant."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        return card(session, state, named(state, text, now), now, member)


def card(session: Session, state: PortfolioState, kr: KeyResult, now: datetime, member: Member | None = None) -> KrCard:
    """Everything about one key result at an instant; the newest ten updates, newest first."""
    figures = state.figures(kr, now)
    objective = state.objectives_by_key[kr.objective]
    known = as_of(kr, now, state.zone)
    book = told(session, state.team_id, [kr])[kr.key] if kr.shared else ()
    return KrCard(
        line=line_of(state, kr, figures),
        objective_key=objective.key,
        objective=objective.title,
        unit=state.units[objective.unit].name,
        starts=kr.starts,
        ends=kr.ends,
        course=course(kr),
        commitment=kr.commitment,
        forecast=_forecast(kr, figures),
        why=why(state, kr, figures),
        flags=flag_lines(state, kr, figures, book),
        flag_news=news(state, kr, book)[:FLAGS],
        up=tuple(_linked(state, c.objective, c.how) for c in objective.contributes_to),
        down=tuple(_below(state, objective)),
        blockers=tuple(line for line in blocker_lines(session, state, now, member) if line.key_result == kr.key),
        history=_history(session, state, known),
        evidence=tuple(evidence_of(session, state.team_id, kr.id or 0)),
        updates=len(known.updates),
        chart=chart(state, known, figures, changes.changes_of(session, state.team_id, "key_result", kr.key)),
        graded=graded(session, state, kr),
        earlier=tuple(_earlier(session, state, one) for one in line_of_descent(state, kr)),
        advice="" if kr.cycle_closed else _advice(session, state, kr),
        sides=standpoints.of_all(session, state, [(kr, figures)], member).get(kr.key, ()),
        editable=not kr.cycle_closed
        and any(answers_for(state, member.key if member else None, unit) for unit in kr.owners),
    )


def _advice(session: Session, state: PortfolioState, kr: KeyResult) -> str:
    found = authoring_advice.on_key_result(state, kr, settled=support.settled(session, state))
    return authoring_advice.line(without(found, put_aside(session, state.team_id)) if found else ())


def _earlier(session: Session, state: PortfolioState, kr: KeyResult) -> Earlier:
    """A key result of an earlier cycle, with its last words."""
    return Earlier(
        key=kr.key,
        cycle=state.objectives_by_key[kr.objective].cycle,
        course=course(kr),
        ended=value_words(kr, current_value(kr)),
        graded=graded(session, state, kr),
        history=_history(session, state, kr)[:EARLIER],
        updates=len(kr.updates),
    )


def course(kr: KeyResult) -> str:
    """The way a key result is to go, in words: `45 → 20 days`, `at least 112 %`, `1.5 to 2.5 %`."""
    if kr.kind == "milestone":
        weight = total_weight(kr.milestones)
        return (
            f"{len(kr.milestones)} milestones of weight {write_number(Decimal(weight.numerator) / weight.denominator)}"
        )
    if kr.kind == "binary":
        return f"done by {_day(kr.due)}" if kr.due else "done"
    if kr.kind == "keep_between":
        return f"{_bare(value_words(kr, kr.low), value_words(kr, kr.high))} to {value_words(kr, kr.high) or '?'}"
    target = value_words(kr, kr.target) or "?"
    if kr.kind in KEEP_KINDS:
        return f"{'at least' if kr.kind == 'keep_above' else 'at most'} {target}"
    return f"{_bare(value_words(kr, kr.start), target)} → {target}"


def chart(
    state: PortfolioState, kr: KeyResult, figures: Figures, edits: Sequence[Change] = ()
) -> tuple[ChartPoint, ...]:
    """Where it stood and was expected on each day it was reported, from its start to its forecast landing; each day as
    it was stated then, by its `edits`, newest first.
    """
    if definition_problems(kr) or kr.kind == "binary":
        return ()
    said = {local_day(u.at, state.zone): u for u in kr.reports if u.value is not None}
    inside = {day: update for day, update in said.items() if kr.starts <= day <= kr.ends}
    points = [_point(state, kr, day, update, edits) for day, update in inside.items()]
    if kr.kind not in KEEP_KINDS and points and kr.starts not in inside:
        points.insert(0, ChartPoint(day=kr.starts, expected=_expected(kr, kr.starts), actual=0.0))
    if figures.forecast and points and points[-1].day < kr.ends:
        points.append(ChartPoint(day=kr.ends, expected=_expected(kr, kr.ends), forecast=figures.forecast.landing))
    return tuple(points)


def _point(state: PortfolioState, kr: KeyResult, day: date, update: Update, edits: Sequence[Change]) -> ChartPoint:
    then = stated_at(kr, edits, update.at, state.cycles[state.objectives_by_key[kr.objective].cycle])
    then = kr if definition_problems(then) else then
    actual = shown(raw_progress(then, update.value or Decimal(0)))
    return ChartPoint(day=day, expected=_expected(then, day), actual=float(actual))


def _forecast(kr: KeyResult, figures: Figures) -> str:
    found = figures.forecast
    if figures.status in {"closed", "achieved"} or kr.kind == "binary":
        return ""
    if found is None:
        return "not enough data; it takes three updates on three days"
    return f"lands at {landing_words(found)} on {_day(kr.ends)}, from {found.updates} updates"


def _history(session: Session, state: PortfolioState, kr: KeyResult) -> tuple[HistoryLine, ...]:
    newest = tuple(reversed(kr.updates))[:HISTORY]
    links = sources.permalinks(session, state.team_id, [u.id for u in newest if u.id is not None])
    return tuple(_history_line(state, kr, update, links.get(update.id or 0)) for update in newest)


def _history_line(state: PortfolioState, kr: KeyResult, update: Update, permalink: str | None) -> HistoryLine:
    return HistoryLine(
        at=update.at,
        value=value_words(kr, update.value),
        confidence=update.confidence,
        note=update.note,
        evidence=update.evidence,
        by=state.people[update.by].name if update.by else None,
        unit=state.units[update.unit].name if update.unit else None,
        view=update.role == "view",
        permalink=permalink,
        status=update.status,
        status_reason=update.status_reason,
    )


def _linked(state: PortfolioState, key: str, how: str) -> LinkedObjective:
    objective = state.objectives_by_key[key]
    return LinkedObjective(key=key, title=objective.title, unit=state.units[objective.unit].name, how=how)


def _below(state: PortfolioState, objective: Objective) -> Iterable[LinkedObjective]:
    for other in state.objectives:
        for link in other.contributes_to:
            if link.objective == objective.key:
                yield _linked(state, other.key, link.how)


def _expected(kr: KeyResult, day: date) -> float:
    return float(expected_progress(kr, day))


def _bare(amount: str | None, beside: str | None) -> str:
    """The amount without its unit where the one beside it has the same."""
    number, _, unit = (amount or "?").partition(" ")
    return number if unit and (beside or "").partition(" ")[2] == unit else amount or "?"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
