"""Digest facts for the tests: real key results and figures, made into facts as the service does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from rituals.digests.facts import AnswerFacts, Before, BlockerFacts, DigestFacts, KrFacts
from rituals.okrs.figures import figures
from rituals.okrs.model import Bands, KeyResult, Status, Update
from rituals.okrs.words import kr_line

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 13, 14, tzinfo=UTC)
LAST = NOW - timedelta(days=7)
INTERVAL = timedelta(days=14)
NAMES = {"crm": "CRM", "analytics": "Analytics", "payments": "Payments", "identity": "Identity"}


def key_result(key: str, *values: tuple[date, int], owners: tuple[str, ...] = ("crm", "analytics")) -> KeyResult:
    """From 0 to 100 % over the fourth quarter of 2026, reported by the first owner at noon UTC of each day."""
    return KeyResult(
        key=key,
        title=f"Title of {key}",
        kind="increase",
        starts=date(2026, 10, 1),
        ends=date(2026, 12, 31),
        objective="O-1",
        owners=owners,
        start=Decimal(0),
        target=Decimal(100),
        measured_in="%",
        updates=tuple(
            Update(at=datetime(d.year, d.month, d.day, 12, tzinfo=UTC), value=Decimal(v), unit=owners[0])
            for d, v in values
        ),
    )


def known(kr: KeyResult, before: Before | None = None, **more: Any) -> KrFacts:
    """The key result's facts at NOW."""
    at = figures(kr, now=NOW, zone=BERLIN, interval=INTERVAL, bands=Bands())
    names = [NAMES.get(o, o) for o in kr.owners]
    line = kr_line(kr, at, role="own", reporter_name=None, owner_names=names)
    return KrFacts(kr=kr, figures=at, line=line, before=before, **more)


def was(percent: int | None, status: Status = "on_track", *, behind: bool = False) -> Before:
    """How it stood in the last digest."""
    return Before(None if percent is None else Fraction(percent, 100), status, behind)


def behind(key: str = "KR-1", value: int = 10, before: Before | None = None, **more: Any) -> KrFacts:
    """Off track: far under the 47 % that are expected at NOW."""
    return known(key_result(key, (date(2026, 10, 19), value - 5), (date(2026, 11, 9), value)), before, **more)


def on_pace(key: str = "KR-2", value: int = 47, before: Before | None = None, **more: Any) -> KrFacts:
    """On track at NOW, and moving."""
    return known(key_result(key, (date(2026, 10, 19), 20), (date(2026, 11, 9), value)), before, **more)


def quiet(key: str = "KR-21", owner: str = "identity") -> KrFacts:
    """One unit's own, reported last on 13 October: stale at NOW, for 31 days."""
    return known(key_result(key, (date(2026, 10, 13), 5), owners=(owner,)))


def blocker(number: int, by: str = "CRM", on: str | None = "Payments", days: int = 3, **more: Any) -> BlockerFacts:
    """An open blocker."""
    text = more.pop("text", f"{on or 'someone'} is late")
    return BlockerFacts(number, text, by, NOW - timedelta(days=days), on=on, days=days, **more)


def answer(number: int, text: str, unit: str = "CRM", by: str | None = "Bo Lind") -> AnswerFacts:
    """A stored answer with its link."""
    return AnswerFacts(number, text, unit, by, f"https://acme.slack.com/archives/C1/p{number}")


def facts(*krs: KrFacts, **more: Any) -> DigestFacts:
    """Facts of the product suite at NOW, compared with a digest a week before."""
    given: dict[str, Any] = {
        "unit": "Product suite",
        "now": NOW,
        "zone": BERLIN,
        "week_of": date(2026, 11, 9),
        "since": LAST,
        "cycle": "2026-Q4",
        "elapsed": Fraction(43, 91),
        "unit_names": NAMES,
        "digest": 7,
    }
    return DigestFacts(key_results=krs, **(given | more))
