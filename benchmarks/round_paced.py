"""A round for everybody at one instant, against a sandbox that holds to Slack's rates: the bot in a process of its
own, in real time. Every lead answers in the thread of their prompt; a tenth of them have App Home open.
"""

import heapq
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from benchmarks.rig import A_LINE, ROOM, BotProcess, furnished, lead, settled
from benchmarks.start import cpu, memory
from sandbox import events
from sandbox.faults import PACE_OF_POSTS
from sandbox.records import Json
from sandbox.server import Sandbox
from storage.database import Database

THINKS = 3.0  # seconds between a prompt and its answer
HOMES = 10  # every tenth lead
LOOK = 1.0
TELL = 60.0


@dataclass(frozen=True)
class Figures:
    """What came of it. `seconds` from the first post to the last, `prompts` to the last prompt; `limit` is what Slack's
    rates make of the same posts and `why` which of them; `refused` calls (by method) were answered 429, `spare` is how
    many seconds the closest post was away from that, by limit; `again` events had to
    be delivered again; `cpu` seconds and `memory` megabytes are the bot's."""

    asked: int
    thanked: int
    copies: int
    boards: int
    posts: int
    updates: int
    homes: int
    refused: dict[str, int]
    spare: dict[str, float]
    again: int
    prompts: float
    seconds: float
    limit: float
    why: str
    cpu: float
    memory: float

    @property
    def ratio(self) -> float:
        """Its length against the limit's own."""
        return self.seconds / self.limit


def measured(folder: Path, *, leads: int, say: Callable[[str], None]) -> Figures:
    """Play the round; says a line a minute."""
    with ExitStack() as stack:
        sandbox, db = furnished(folder, leads)
        stack.callback(sandbox.stop)
        stack.callback(db.close)
        sandbox.faults.enforce_rates = True
        bot = BotProcess(sandbox, folder)
        stack.callback(bot.stop)
        crowd = _Crowd(sandbox, leads)
        bot.start()
        for n in range(0, leads, HOMES):
            events.home_opened(sandbox.site, lead(n), "home")
        _play(sandbox, db, crowd, leads, say)
        return _figures(sandbox, leads, cpu(bot.pid), memory(bot.pid))


class _Crowd:
    """Everybody who waits for a prompt and answers it, once, a few seconds later."""

    def __init__(self, sandbox: Sandbox, leads: int) -> None:
        self._sandbox = sandbox
        self._news: SimpleQueue[str] = SimpleQueue()
        self._unasked = {"D" + lead(n)[1:]: n for n in range(leads)}
        self._waiting: list[tuple[float, int]] = []
        self.answered = 0
        sandbox.workspace.listeners.append(self._heard)

    def _heard(self, note: Json) -> None:
        if note["what"] == "message" and note["channel"] in self._unasked:
            self._news.put(note["channel"])

    def act(self, seconds: float) -> None:
        """Answer whatever is to be answered within the next seconds."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            while self._waiting and self._waiting[0][0] <= now:
                self._answer(heapq.heappop(self._waiting)[1])
            try:
                channel = self._news.get(timeout=0.02)
            except Empty:
                continue
            if channel in self._unasked and self._sandbox.messages(channel):
                heapq.heappush(self._waiting, (time.monotonic() + THINKS, self._unasked.pop(channel)))

    def _answer(self, number: int) -> None:
        person = self._sandbox.person(lead(number))
        value = 10 + number % 80
        said = f"1. KR-{number // A_LINE}-0 {value}, 7/10 pilot live 2. waiting for the billing API until 12 Dec 3. no"
        person.says("dm", said, thread_ts=person.dm[0].ts)
        self.answered += 1


def _play(sandbox: Sandbox, db: Database, crowd: _Crowd, leads: int, say: Callable[[str], None]) -> None:
    began = told = time.monotonic()
    while crowd.answered < leads or not settled(db, sandbox.team_id):
        crowd.act(LOOK)
        now = time.monotonic()
        if now - began > 3 * leads + 60:
            raise TimeoutError(f"after {now - began:.0f} s {crowd.answered} of {leads} had been asked")
        if now - told > TELL:
            told = now
            posts = len(sandbox.messages(ROOM))
            refused = sandbox.faults.counts.get("too_fast", 0)
            say(f"  … {now - began:.0f} s: {crowd.answered} answered, {posts} posts in the room, {refused} refused")


def _figures(sandbox: Sandbox, leads: int, used: float, megabytes: float) -> Figures:
    room = sandbox.messages(ROOM)
    theirs = [sandbox.person(lead(n)).dm for n in range(leads)]
    prompts = [m for dm in theirs for m in dm if m.bot and not m.is_reply]
    receipts = [m for dm in theirs for m in dm if m.bot and m.is_reply]
    posts = sorted(float(m.ts) for m in [*room, *prompts, *receipts])
    calls = Counter(method for method, _ in sandbox.calls)
    limit, why = _limit(len(posts), len(room))
    return Figures(
        asked=sum(sum(m.bot and not m.is_reply for m in dm) == 1 for dm in theirs),
        thanked=len(receipts),
        copies=sum(m.is_reply for m in room),
        boards=sum(not m.is_reply for m in room),
        posts=len(posts),
        updates=calls["chat.update"],
        homes=calls["views.publish"],
        refused=dict(Counter(method for method, code in sandbox.rejected if code == "ratelimited")),
        spare=dict(sandbox.faults.to_spare),
        again=sum(d.attempts > 1 for d in sandbox.deliveries),
        prompts=max(float(m.ts) for m in prompts) - posts[0],
        seconds=posts[-1] - posts[0],
        limit=limit,
        why=why,
        cpu=used,
        memory=megabytes,
    )


def _limit(posts: int, room: int) -> tuple[float, str]:
    """The seconds that so many posts take at the least, so many of them in one channel."""
    each = {
        "four posts a second in a workspace": (posts - 1) * PACE_OF_POSTS["workspace"],
        "one post a second in a channel": (room - 1) * PACE_OF_POSTS["channel"],
    }
    why = max(each, key=lambda name: each[name])
    return each[why], why
