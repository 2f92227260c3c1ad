"""Each co-owner's last words on a key result, with the place where the others can open them. Reads only."""

from collections.abc import Mapping
from datetime import datetime

from rituals.notices.flags import OwnerWords
from rituals.okrs.links import links
from rituals.okrs.model import KeyResult, Update
from rituals.okrs.pace import local_day
from rituals.okrs.progress import as_of
from rituals.okrs.state import PortfolioState
from storage import digests
from storage.database import Session

NO_WORDS = frozenset({"", "no change"})


def words_of(session: Session, state: PortfolioState, kr: KeyResult, now: datetime) -> tuple[OwnerWords, ...]:
    """One for each owner, in their order; `state` is what the reader may see, so that hidden units have no names."""
    last = {owner: _last(kr, owner, now) for owner in kr.owners}
    places = _places(session, state, [said.id for said in last.values() if said and said.id is not None])
    return tuple(_words(state, owner, said, places) for owner, said in last.items())


def _last(kr: KeyResult, owner: str, now: datetime) -> Update | None:
    """The newest update for an owner with words; "no change" says nothing worth quoting."""
    mine = (said for said in reversed(as_of(kr, now).updates) if said.unit == owner)
    return next((said for said in mine if said.note.strip().casefold().rstrip(".") not in NO_WORDS), None)


def _places(session: Session, state: PortfolioState, updates: list[int]) -> Mapping[int, str]:
    answers = digests.answers_of_updates(session, state.team_id, updates)
    urls = links(session, state.team_id, state.url, answers.values())
    return {number: urls[answer.id] for number, answer in answers.items() if answer.id and answer.id in urls}


def _words(state: PortfolioState, owner: str, said: Update | None, places: Mapping[int, str]) -> OwnerWords:
    unit = state.units[owner]
    if said is None:
        return OwnerWords(name=unit.name)
    by = state.people[said.by].name if said.by and not unit.hidden else ""
    return OwnerWords(
        name=unit.name,
        by=by,
        text=said.note,
        on=local_day(said.at, state.zone),
        permalink=places.get(said.id or 0),
    )
