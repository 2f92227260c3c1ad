"""A round with the pace off: how fast the bot decides and sends where nothing holds it back, beside a bare loop of
calls against the same sandbox. The bot's parts run in this process, and the clock is moved from zone to zone.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from slack_sdk import WebClient

from benchmarks.rig import furnished, lead, zone
from bot import jobs
from bot.config import Settings
from bot.services import Services
from bot.wiring import build_services
from rituals.clock import AdjustableClock
from sandbox.records import Message
from sandbox.server import Sandbox
from storage.pace import Pace

SET_UP = datetime(2026, 11, 16, 9, 5, tzinfo=UTC)  # makes the check-in one of Mondays at nine
ROUND = SET_UP.date() + timedelta(days=7)
SENDERS = 4  # as many as the bot has


@dataclass(frozen=True)
class Figures:
    """`asks` prompts were decided in `deciding` seconds, the `longest` step among them; `sent` messages went in
    `sending` seconds; `bare` is what a bare loop sent a second. `punctual` leads have one prompt, at their own hour."""

    asks: int
    punctual: int
    sent: int
    deciding: float
    longest: float
    sending: float
    bare: float

    @property
    def ratio(self) -> float:
        """Ours against the bare loop."""
        return self.sent / self.sending / self.bare


def measured(folder: Path, *, leads: int) -> Figures:
    """One round from the first zone's hour to the last one's."""
    clock = AdjustableClock(SET_UP)
    with ExitStack() as stack:
        sandbox, db = furnished(folder, leads, clock=clock, own_hours=True)
        stack.callback(sandbox.stop)
        stack.callback(db.close)
        settings = Settings(
            slack_bot_token=SecretStr(sandbox.bot_token), slack_api_url=sandbox.api_url, plumbline_llm="off"
        )
        services = build_services(settings, db, clock=clock, limits=Pace.off())
        stack.callback(services.close)
        jobs.housekeeping(services)
        steps, sending, sent = [], 0.0, 0
        for at in sorted({_slot(n) for n in range(leads)}):
            clock.move_to(at)
            steps += _decided(services)
            began = time.monotonic()
            sent += services.delivery.deliver_all()
            sending += time.monotonic() - began
        prompts = [sandbox.person(lead(n)).dm for n in range(leads)]
        return Figures(
            asks=sum(map(len, prompts)),
            punctual=sum(_punctual(n, dm) for n, dm in enumerate(prompts)),
            sent=sent,
            deciding=sum(steps),
            longest=max(steps),
            sending=sending,
            bare=_bare(sandbox, prompts[0][0], sent),
        )


def _slot(number: int) -> datetime:
    """When a lead is to be asked."""
    return datetime(ROUND.year, ROUND.month, ROUND.day, 9, tzinfo=ZoneInfo(zone(number))).astimezone(UTC)


def _decided(services: Services) -> list[float]:
    """Tick until nothing is due; the seconds of each step."""
    took, done = [], 1
    while done:
        done = 0
        for step in jobs.STEPS.values():
            began = time.monotonic()
            done += step(services, services.clock.now())
            took.append(time.monotonic() - began)
    return took


def _punctual(number: int, dm: list[Message]) -> bool:
    return [datetime.fromtimestamp(float(m.ts), UTC).replace(microsecond=0) for m in dm] == [_slot(number)]


def _bare(sandbox: Sandbox, like: Message, calls: int) -> float:
    """Messages a second of a loop that does nothing but post one that looks like a prompt, from as many threads."""
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    blocks = [{k: v for k, v in block.items() if k != "block_id"} for block in like.blocks]

    def post(n: int) -> None:
        client.chat_postMessage(channel=lead(n % 10), text=like.text, blocks=blocks)

    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(post, range(calls)))
    return calls / (time.monotonic() - began)
