"""A round of check-ins under fire: responses dropped after the call was carried out, the bot killed and restarted.

    python -m benchmarks.kill [--leads 200] [--kills 5] [--drop 0.05] [--seed 1]

Exits 0 only if every lead has exactly one prompt and the channel exactly one board.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rig import ROOM, BotProcess, furnished, lead, settled
from sandbox.server import Sandbox
from storage import outbox
from storage.database import Database

POST = "chat.postMessage"
LOOKS = {"conversations.history", "conversations.replies"}


@dataclass(frozen=True)
class Figures:
    """What came of it. `in_flight` were leased when a kill came, `most` is the largest number of posts within one
    second, `seconds` what the round took."""

    leads: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    boards: int
    kills: int
    in_flight: int
    dropped: int
    posts: int
    looked: int
    most: int
    seconds: float

    @property
    def clean(self) -> bool:
        """None lost, none doubled."""
        return not self.lost and not self.doubled and self.boards == 1


def under_fire(folder: Path, *, leads: int, kills: int, drop: float, seed: int, patience: float = 600) -> Figures:
    """Play one round. The kills come at random moments of the time that the prompts take at their pace."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        sandbox, db = furnished(folder, leads, seed_of_trouble=seed)
        stack.callback(sandbox.stop)
        team = sandbox.team_id
        stack.callback(db.close)
        sandbox.faults.drop_response(probability=drop)
        sandbox.faults.latency = 0.15  # as Slack answers, and so that a kill finds calls under way
        bot = BotProcess(sandbox, folder)
        stack.callback(bot.kill)
        bot.start()
        began, in_flight = time.monotonic(), 0
        _wait(lambda: _posts(sandbox) > 0, patience, "the first prompt", bot)
        for _ in range(kills):
            time.sleep(chance.uniform(0.2, 2 * leads / 4 / (kills + 1)))
            _wait(lambda: _in_flight(db, team) > 0 or settled(db, team), patience, "a call under way", bot, look=0.005)
            bot.kill()
            in_flight += _in_flight(db, team)
            bot.start()
        _wait(lambda: settled(db, team), patience, "the end of the round", bot)
        seconds = time.monotonic() - began
        bot.stop()
        return _figures(sandbox, leads, kills, in_flight, seconds)


def _wait(holds: Callable[[], bool], patience: float, what: str, bot: BotProcess, look: float = 0.1) -> None:
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience:.0f} s for {what}; the bot said:\n{bot.log[-3000:]}")
        time.sleep(look)


def _posts(sandbox: Sandbox) -> int:
    return sum(method == POST for method, _ in sandbox.calls)


def _in_flight(db: Database, team: str) -> int:
    """Rows that the process was sending when it was killed, as far as it had written that down."""
    with db.transaction(readonly=True) as session:
        return sum(row.state == "leased" for row in outbox.unsettled(session, team))


def _figures(sandbox: Sandbox, leads: int, kills: int, in_flight: int, seconds: float) -> Figures:
    prompts = {lead(n): len(sandbox.person(lead(n)).dm) for n in range(leads)}
    times = sorted(float(m.ts) for channel in sandbox.workspace.channels for m in sandbox.messages(channel))
    calls = Counter(method for method, _ in sandbox.calls)
    return Figures(
        leads=leads,
        lost=tuple(user for user, count in prompts.items() if count == 0),
        doubled=tuple(user for user, count in prompts.items() if count > 1),
        boards=len(sandbox.messages(ROOM)),
        kills=kills,
        in_flight=in_flight,
        dropped=sandbox.faults.counts.get("drop_response", 0),
        posts=calls[POST],
        looked=sum(calls[method] for method in LOOKS),
        most=max((sum(t <= u < t + 1 for u in times) for t in times), default=0),
        seconds=seconds,
    )


def main() -> int:
    """Run it at full size and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leads", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--drop", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = under_fire(Path(folder), leads=wanted.leads, kills=wanted.kills, drop=wanted.drop, seed=wanted.seed)
    print(
        f"{found.leads} prompts, {found.kills} times kill -9 (with {found.in_flight} calls under way), "
        f"{found.dropped} responses dropped after the call:"
    )
    print(f"lost {len(found.lost)}, doubled {len(found.doubled)}, boards {found.boards}")
    print(
        f"{found.posts} posts and {found.looked} looks into Slack's history in {found.seconds:.0f} s, "
        f"at most {found.most} posts within a second"
    )
    return 0 if found.clean else 1


if __name__ == "__main__":
    sys.exit(main())
