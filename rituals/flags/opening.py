"""Opens the threads in which co-owners agree on one value: of a shared key result that has newly fallen behind, one at
a time and at most one in two weeks. Whom it pings is counted among their nudges.

Runs inside the caller's transaction and promises only; when and where is said in `hours`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rituals import nudging
from rituals.flags import hours
from rituals.flags.quoting import words_of
from rituals.flags.voices import Asked, asked, enough, everyone
from rituals.notices.flags import FlagThreadNotice, FlagWords
from rituals.okrs.flags.events import FlagEvent, opened_at, standing
from rituals.okrs.flags.log import thread_key
from rituals.okrs.model import KeyResult
from rituals.okrs.pace import WORST_FIRST
from rituals.okrs.roles import seen_by
from rituals.okrs.state import Member, PortfolioState
from rituals.okrs.updates import UNDO_FOR
from storage import flags as store
from storage import nudges, outbox
from storage.database import Session
from storage.outbox import Promise
from storage.tables import FlagThread, Nudge

Books = Mapping[str, Sequence[FlagEvent]]


@dataclass(frozen=True)
class _Candidate:
    """A key result whose co-owners are to talk, from `ready` on."""

    kr: KeyResult
    people: Asked
    channel: str
    ready: datetime


def open_due(session: Session, state: PortfolioState, books: Books, now: datetime) -> tuple[int, list[datetime]]:
    """Open what is due by these books; how many were opened, and when to look again for those that wait."""
    before = store.newest_threads(session, state.team_id)
    midnight = hours.midnight(now, state.zone)
    today = Counter(thread.channel for thread in before.values() if thread.opened_at >= midnight)
    opened, waits = 0, list[datetime]()
    for one in _worst_first(state, _candidates(state, books, before, now), now):
        at = _first_hour(state, one, max(now, one.ready))
        if at <= now and today[one.channel] >= hours.MOST_A_DAY:
            at = _first_hour(state, one, hours.tomorrow(now, state.zone))
        if at > now:
            waits.append(at)
        elif _open(session, state, one, now):
            today[one.channel] += 1
            opened += 1
    return opened, waits


def _candidates(
    state: PortfolioState, books: Books, before: Mapping[int, FlagThread], now: datetime
) -> Iterable[_Candidate]:
    for key, book in books.items():
        kr = state.key_results.get(key)
        fresh = _newly_opened(book, before.get(kr.id or 0) if kr else None, now)
        if kr is None or fresh is None or not state.figures(kr, now).flags:
            continue
        people = asked(state, kr, now)
        if enough(people):
            yield _Candidate(kr, people, hours.channel_of(state, kr), fresh + UNDO_FOR)


def _newly_opened(book: Sequence[FlagEvent], last: FlagThread | None, now: datetime) -> datetime | None:
    """When the newest reason opened that no thread was about; None where there is none, or it is too soon for one."""
    if last is not None and (last.state == "open" or now - last.opened_at < hours.APART):
        return None
    since = [opened_at(book, event.reason) for event in standing(book)]
    fresh = [at for at in since if at is not None and (last is None or at > last.opened_at)]
    return max(fresh, default=None)


def _worst_first(state: PortfolioState, found: Iterable[_Candidate], now: datetime) -> list[_Candidate]:
    def severity(one: _Candidate) -> tuple[int, float]:
        figures = state.figures(one.kr, now)
        return WORST_FIRST.index(figures.status), -float(figures.gap or 0)

    return sorted(found, key=severity)


def _first_hour(state: PortfolioState, one: _Candidate, at: datetime) -> datetime:
    off = state.holidays_of(hours.unit_above(state, one.kr))
    return hours.first_hour(at, everyone(one.people), state.zone, off)


def _open(session: Session, state: PortfolioState, one: _Candidate, now: datetime) -> bool:
    assert one.kr.id is not None
    thread = store.open_thread(session, state.team_id, one.kr.id, channel=one.channel, now=now)
    if thread is None or thread.id is None:
        return False
    if one.channel:
        promise_channel(session, state, one.kr, thread, one.people, now)
    else:
        promise_people(session, state, one.kr, thread, one.people, now)
    return True


def promise_channel(
    session: Session, state: PortfolioState, kr: KeyResult, thread: FlagThread, people: Asked, now: datetime
) -> None:
    """The thread in its channel; mentioned is who is awake, there, and has nudges left."""
    number = thread.id or 0
    called = [one for one in everyone(people) if _counted(session, state, number, one, now)]
    ping = [one.slack for one in called if one.slack]
    key, data = thread_key(number), {"thread": number, "ping": ping}
    outbox.promise(session, state.team_id, Promise(key, FlagThreadNotice.KIND, thread.channel, data, "live"), now=now)
    _promise_words(session, state, kr, number, key, thread.channel, now)


def promise_people(
    session: Session, state: PortfolioState, kr: KeyResult, thread: FlagThread, people: Asked, now: datetime
) -> None:
    """The same to each by themselves, when they are awake and have nudges left."""
    number = thread.id or 0
    for one in everyone(people):
        at = None if _away(state, one, now) else _free_at(session, state, one, now)
        why = "" if at else "away" if _away(state, one, now) else "limit"
        if not _entered(session, state, f"{number}:dm", one, at or now, why) or at is None:
            continue
        key, data = thread_key(number, one.id), {"thread": number, "person": one.id, "ping": []}
        what = Promise(key, FlagThreadNotice.KIND, one.slack or "", data, "live", due_at=at)
        outbox.promise(session, state.team_id, what, now=now)
        _promise_words(session, seen_by(state, one.key), kr, number, key, one.slack or "", now)


def _promise_words(
    session: Session, state: PortfolioState, kr: KeyResult, thread: int, key: str, to: str, now: datetime
) -> None:
    said = words_of(session, state, state.key_results.get(kr.key, kr), now)
    notice = FlagWords(thread=thread, key=kr.key, words=said)
    data = notice.model_dump(mode="json")
    what = Promise(f"{key}:words", FlagWords.KIND, to, data, thread_of=key)
    outbox.promise(session, state.team_id, what, now=now)


def _counted(session: Session, state: PortfolioState, thread: int, one: Member, now: datetime) -> bool:
    """Whether to mention somebody; what is left out is written down with the reason."""
    why = "away" if _away(state, one, now) else "quiet" if one.quiet.covers(now, one.zone or state.zone) else ""
    if not why and not nudging.left(_sent(session, state, one, now), state.nudges_a_week, now):
        why = "limit"
    return _entered(session, state, str(thread), one, now, why) and not why


def _free_at(session: Session, state: PortfolioState, one: Member, now: datetime) -> datetime | None:
    """When a direct message may go out; None where no nudges are allowed."""
    free = nudging.free_at(_sent(session, state, one, now), state.nudges_a_week, now)
    return None if free is None else one.quiet.over(max(free, now), one.zone or state.zone)


def _sent(session: Session, state: PortfolioState, one: Member, now: datetime) -> list[datetime]:
    return [row.at for row in nudges.sent_to(session, state.team_id, one.id, since=now - nudging.WEEK)]


def _entered(session: Session, state: PortfolioState, thread: str, one: Member, at: datetime, why: str) -> bool:
    key = f"flag:{thread}:{one.id}"
    row = Nudge(team_id=state.team_id, person_id=one.id, kind="flag", key=key, at=at, dropped=why)
    return nudges.enter(session, row)


def _away(state: PortfolioState, one: Member, now: datetime) -> bool:
    return one.away is not None and one.away.covers(state.day_of(one, now))
