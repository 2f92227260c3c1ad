"""The sample portfolio in a real database, for the tests of use cases: Halden Software on 16 November 2026."""

from datetime import UTC, datetime
from pathlib import Path

from rituals.okrs import pages
from rituals.okrs.cards import ListPage
from rituals.okrs.portfolio.service import import_portfolio
from storage.database import Database

TEAM = "T01TEST"
SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LENA, ANA, BO, MIA, OMAR, INES = "U11LENA", "U01ANA", "U03BO", "U04MIA", "U05OMAR", "U06INES"
PRIYA, GRACE, SAM = "U07PRIYA", "U09GRACE", "U12SAM"


def import_sample(db: Database) -> None:
    """Bring the sample in."""
    import_portfolio(db, TEAM, SAMPLE.read_text(encoding="utf-8"), now=NOW)


def whole_list(db: Database, user: str, query: str, now: datetime = NOW) -> ListPage:
    """What `/okr list` shows on all its pages, as one."""
    found = [pages.list_page(db, TEAM, user, query, now=now)]
    while (end := found[-1].start + len(found[-1].lines)) < found[-1].total:
        found.append(pages.list_page(db, TEAM, user, query, now=now, start=end))
    lines = tuple(line for page in found for line in page.lines)
    return found[0].model_copy(update={"lines": lines, "why": tuple(one for page in found for one in page.why)})
