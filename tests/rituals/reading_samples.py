"""A small portfolio for the tests of the reading, and readings in short form."""

from datetime import date
from decimal import Decimal

from rituals.checkins.reading import Reading, ReadUpdate, read_reply
from rituals.okrs.naming import KnownKeyResult as Kr
from rituals.okrs.naming import Named

D = Decimal
TODAY = date(2026, 11, 20)
KRS = (
    Kr("KR-1", "Average onboarding time across the suite", "decrease", "days", D(41), D(45), D(20)),
    Kr("KR-7", "Accounts that use three products", "increase", "%", D(18), D(10), D(30)),
    Kr("KR-9", "Enterprise accounts renewed", "increase", "accounts", D(900), D(800), D(2000)),
    Kr("KR-12", "Time to first report", "decrease", "days", D(41), D(45), D(20)),
    Kr("KR-14", "Billing moved to the new platform", "milestone", "", D(1), D(0), D(4)),
    Kr("KR-15", "Two-factor sign-in live", "binary"),
    Kr("KR-17", "New revenue", "increase", "$M", D(1), D(0), D(5)),
    Kr("KR-20", "Search quality score", "increase", "", D("0.5"), D(0), D(1)),
    Kr("KR-21", "Error rate", "keep_below", "%", D("1.8"), None, D(2)),
    Kr("KR-22", "Net promoter score", "increase", "points", D(-5), D(-12), D(20)),
)
UNITS = (Named("crm", "CRM"), Named("pay", "Payments"), Named("mobile", "Mobile"), Named("search", "Search"))


def read(text: str, known: tuple[Kr, ...] = KRS) -> Reading:
    """The reading of a reply in this portfolio."""
    return read_reply(text, known, UNITS, TODAY)


def short(update: ReadUpdate) -> str:
    """`KR-1 30 c7 "pilot live"`."""
    amount = [f"{'+' if update.amount.relative else ''}{update.amount.value.normalize():f}"] if update.amount else []
    confidence = [f"c{update.confidence}"] if update.confidence is not None else []
    note = [f'"{update.note}"'] if update.note else []
    return " ".join([update.key, *amount, *confidence, *note])
