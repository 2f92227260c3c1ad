"""Where readers of a channel can open an answer: in the round's thread, never in a person's direct messages.

Reads only. Nobody else can open a lead's DM, so an answer given there is linked by its copy in the channel.
"""

from collections.abc import Iterable, Mapping

from rituals.notices import SharedAnswer
from storage import digests
from storage.database import Session
from storage.tables import Answer


def links(session: Session, team_id: str, url: str, answers: Iterable[Answer]) -> Mapping[int, str]:
    """Permalinks by the answer's id, for those that stand in a channel; `url` is the workspace's address."""
    given = list(answers)
    asks = {a.ask_id for a in given if a.ask_id is not None and a.source != "channel"}
    places = digests.shared_places(session, team_id, SharedAnswer.KIND, asks)
    found = {a.id or 0: _link(a, url, places.get(a.ask_id or 0)) for a in given}
    return {number: link for number, link in found.items() if link}


def _link(answer: Answer, url: str, place: digests.Place | None) -> str | None:
    if answer.source == "channel":
        return answer.permalink
    if place is None or not url:
        return None
    thread = f"?thread_ts={place.thread_ts}&cid={place.channel}" if place.thread_ts else ""
    return f"{url.rstrip('/')}/archives/{place.channel}/p{place.ts.replace('.', '')}{thread}"
