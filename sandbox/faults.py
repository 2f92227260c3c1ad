"""The trouble the stand-in makes on request: dropped responses, 429s, 500s, error codes, doubled events, latency.

Only says what is to go wrong with a call; `web` does it. Chances come from a seeded generator, so runs repeat.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sandbox.records import Json

PACE_OF_POSTS = {"channel": 1.0, "workspace": 0.25}  # seconds a message, on average
BURST = {"channel": 0.9, "workspace": 1.0}  # seconds by which a message may be early: Slack allows short bursts
TIERS = {
    "users.list": 20,
    "conversations.list": 20,
    "conversations.open": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "chat.update": 50,
    "chat.delete": 50,
}
STARTUP = frozenset({"apps.connections.open", "auth.test"})


@dataclass
class Rule:
    """One fault: for the `left` next calls (None: no end), or with a probability, of `method` (None: of any).

    Rules for any method leave `apps.connections.open` and `auth.test` alone, so that an app can start.
    """

    kind: str
    method: str | None = None
    left: int | None = None
    probability: float | None = None
    code: str = ""
    retry_after: int = 1
    executed: bool = False

    def covers(self, method: str) -> bool:
        return self.method == method if self.method else method not in STARTUP


class Faults:
    """Set by attribute calls, or by `apply` with the JSON of `/_sandbox/faults`."""

    def __init__(self, *, seed: int = 1, monotonic: Callable[[], float]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - chances of trouble, not secrets
        self._monotonic = monotonic
        self._lock = Lock()
        self.rules: list[Rule] = []
        self.latency = 0.0
        self.redeliver = False
        self.enforce_rates = False
        self.revoked = False
        self.counts: dict[str, int] = {}
        self._let_in: dict[str, list[float]] = {}
        self._posts_from: dict[str, float] = {}  # by channel, "" for all: when the next one is due
        self.to_spare: dict[
            str, float
        ] = {}  # by scope, with `enforce_rates`: seconds the closest post had; below 0: refused

    def drop_response(
        self,
        *,
        next: int | None = None,
        probability: float | None = None,
        method: str | None = None,
    ) -> None:
        """Execute the call, then close the connection without an answer."""
        self._add(Rule("drop_response", method, next, probability))

    def rate_limit(self, next: int = 1, *, retry_after: int = 1, method: str | None = None) -> None:
        """Answer 429 with Retry-After, the call not executed."""
        self._add(Rule("rate_limit", method, next, retry_after=retry_after))

    def server_error(
        self,
        next: int | None = 1,
        *,
        executed: bool = False,
        probability: float | None = None,
        method: str | None = None,
    ) -> None:
        """Answer 500, the call executed or not."""
        self._add(Rule("server_error", method, None if probability else next, probability, executed=executed))

    def error(self, code: str, *, method: str, next: int | None = 1) -> None:
        """Answer a Slack error code, the call not executed; `next=None` for every call."""
        self._add(Rule("error", method, next, code=code))

    def revoke_token(self) -> None:
        """From now on the bot's token is answered with `token_revoked`."""
        self.revoked = True

    def clear(self) -> None:
        """No more trouble; a revoked token works again."""
        with self._lock:
            self.rules.clear()
        self.latency, self.redeliver, self.enforce_rates, self.revoked = 0.0, False, False, False

    def pick(self, method: str) -> Rule | None:
        """The fault for this call, used up; None when all is well."""
        with self._lock:
            for rule in self.rules:
                if not rule.covers(method) or rule.left == 0:
                    continue
                if rule.probability is not None and self._random.random() >= rule.probability:
                    continue
                if rule.left is not None:
                    rule.left -= 1
                self.counts[rule.kind] = self.counts.get(rule.kind, 0) + 1
                return rule
            return None

    def too_fast(self, method: str, channel: str) -> int:
        """With `enforce_rates`: the seconds to wait before this call is let in, 0 when it is let in now.

        chat.postMessage goes to a channel (a person's DM is one, however it is named) once a second and to the
        workspace four times: Slack says "several hundred a minute", and 240 is a cautious reading. Short bursts are
        let in. The other methods have Slack's tiers, calls in any minute.
        """
        if not self.enforce_rates:
            return 0
        with self._lock:
            now = self._monotonic()
            wait = self._post_waits(channel, now) if method == "chat.postMessage" else self._tier_waits(method, now)
            if wait > 0:
                self.counts["too_fast"] = self.counts.get("too_fast", 0) + 1
            return max(1, math.ceil(wait)) if wait > 0 else 0

    def _post_waits(self, channel: str, now: float) -> float:
        place = "D" + channel[1:] if channel[:1] in "UW" else channel
        due = {"channel": self._posts_from.get(place, now), "workspace": self._posts_from.get("", now)}
        for scope, at in due.items():
            spare = now + BURST[scope] - at
            self.to_spare[scope] = min(spare, self.to_spare.get(scope, spare))
        wait = max(at - BURST[scope] - now for scope, at in due.items())
        if wait <= 0:
            for scope, key in (("channel", place), ("workspace", "")):
                self._posts_from[key] = max(due[scope], now) + PACE_OF_POSTS[scope]
        return wait

    def _tier_waits(self, method: str, now: float) -> float:
        recent = [t for t in self._let_in.get(method, []) if now - t < 60]
        if len(recent) >= TIERS.get(method, 100):
            return 60 - (now - recent[0])
        self._let_in[method] = [*recent, now]
        return 0

    def apply(self, wanted: Json) -> None:
        """Set faults from JSON: `{"drop_response": {"probability": 0.05}, "rate_limit": {"next": 2}}`.

        Keys: clear, drop_response, rate_limit, server_error, error (objects with the arguments of the methods of the
        same name), revoke_token, redeliver, enforce_rates (true or false), latency (seconds). Others raise ValueError.
        """
        known = {"clear", "drop_response", "rate_limit", "server_error", "error"} | _SWITCHES.keys()
        if strange := sorted(set(wanted) - known):
            raise ValueError(f"unknown faults {strange}")
        if wanted.get("clear"):
            self.clear()
        for name in ("drop_response", "rate_limit", "server_error", "error"):
            if name in wanted:
                getattr(self, name)(**_arguments(wanted[name]))
        for name, attribute in _SWITCHES.items():
            if name in wanted:
                setattr(self, attribute, wanted[name])

    def describe(self) -> Json:
        """What is set now, for the page, and how often each fault struck."""
        live = [r for r in self.rules if r.left != 0]
        shown: Json = {n: getattr(self, a) for n, a in _SWITCHES.items()}
        shown["rules"] = [{k: v for k, v in vars(r).items() if v not in (None, "", False)} for r in live]
        shown["counts"] = dict(self.counts)
        return shown

    def _add(self, rule: Rule) -> None:
        with self._lock:
            self.rules.append(rule)


_SWITCHES = {
    "latency": "latency",
    "redeliver": "redeliver",
    "enforce_rates": "enforce_rates",
    "revoke_token": "revoked",
}


def _arguments(value: Any) -> Json:
    if isinstance(value, dict):
        return value
    return {"probability": value} if isinstance(value, float) else {"next": int(value)}
