"""The pictures of alignment as use cases: the coverage matrix and the map of a unit, as a person may see it.

Reads and has them drawn; promises and posts nothing. Where pictures cannot be drawn it says what stands without them.
"""

from datetime import datetime

from rituals import align
from rituals.alignment import service
from rituals.errors import Refusal
from rituals.pictures.canvas import HOW_TO_GET, Picture, available
from rituals.pictures.drawing import SECONDS, Undrawn, drawn
from storage.database import Database

WITHOUT = {
    "matrix": "The table of /okr align has the same facts.",
    "map": "/okr align map shows the same in words.",
}
NOTHING = {
    "matrix": "There is no matrix yet: it needs objectives of the portfolio and product lines.",
    "map": "There is no map yet: it needs an objective in a running cycle.",
}


def checked_unit(db: Database, team_id: str, user: str, which: str, unit: str, *, now: datetime) -> str:
    """The key of the unit that the picture `which` ("matrix", "map") will be of.

    Raises Refusal where pictures cannot be drawn, for a unit that is unknown, and where there is nothing to show.
    """
    if not available():
        raise Refusal(f"No picture can be drawn here. {WITHOUT[which]} {HOW_TO_GET} beside the bot.")
    with db.transaction(readonly=True) as session:
        scope = service.scope_of(session, team_id, user, unit, now)
    objectives, levels = scope.objectives, {one.key: one.level for one in scope.units}
    tops = any(levels[o.unit] == "portfolio" for o in objectives) and "product_line" in levels.values()
    if not (tops if which == "matrix" else objectives):
        raise Refusal(NOTHING[which])
    return scope.unit


def picture_of(
    db: Database, team_id: str, user: str, which: str, unit: str, *, now: datetime, seconds: float = SECONDS
) -> Picture:
    """The picture as of now, drawn in so many seconds at most. `user` "" is nobody in particular: what is public.

    Raises Refusal as `checked_unit`; one that is caused by Undrawn is a fault of ours.
    """
    try:
        if which == "matrix":
            found = drawn("matrix", align.show(db, team_id, user, unit, now=now), seconds=seconds)
        else:
            found = drawn("map", service.show_map(db, team_id, user, unit, now=now), seconds=seconds)
    except Undrawn as fault:
        raise Refusal(f"The picture could not be drawn; ask again in a while. {WITHOUT[which]}") from fault
    if found is None:
        raise Refusal(NOTHING[which])
    return found
