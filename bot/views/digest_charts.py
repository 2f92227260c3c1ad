"""The native chart of a digest. Data in, a block out; what is drawn was decided before."""

from bot.views.blocks import Block, chart
from bot.views.text import day
from rituals.notices import Digest

CHARTED = 12
COURSE = 2  # days that make a line


def digest_chart(notice: Digest) -> Block:
    """Shared against units' own progress, with what was expected; for a unit, and while they have no course yet, how
    the shared key results stand."""
    known = [
        (day(on), _points(shared), _points(own), _points(due))
        for on, shared, own, due in notice.course
        if shared is not None and own is not None and due is not None
    ]
    if notice.audience == "unit" or len(known) < COURSE:
        return _standings(notice)
    days, shared_points, own_points, due_points = zip(*known, strict=True)
    series = [("Shared", shared_points), ("Units' own", own_points), ("Expected", due_points)]
    return chart("line", "Shared against units' own progress", days, series, y_label="mean, in %")


def _points(share: float) -> float:
    return round(max(0.0, share) * 100, 1)


def _standings(notice: Digest) -> Block:
    worst = notice.chart[:CHARTED]
    labels = [label for label, _, _ in worst]
    values = [_points(value) for _, value, _ in worst]
    expected = [_points(value) for _, _, value in worst]
    return chart(
        "bar",
        "Shared key results against expectation",
        labels,
        [("Progress", values), ("Expected", expected)],
        y_label="% of the way",
    )
