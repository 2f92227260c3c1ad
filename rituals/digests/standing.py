"""Key results as a digest sees them: their figures, what was last said of each, how each stood in the last digest.

Reads only. Why what is not shared falls behind in a unit's own digest is in `own`.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from rituals.digests.facts import Before, KrFacts
from rituals.digests.own import own_pace, with_own_reasons
from rituals.digests.previous import Previous
from rituals.digests.slacktext import readable
from rituals.notices.digests import Audience
from rituals.okrs.lines import line_of
from rituals.okrs.links import links
from rituals.okrs.load import PortfolioState
from rituals.okrs.model import KeyResult, Update
from rituals.okrs.pace import local_day
from rituals.okrs.progress import as_of
from storage import digests
from storage.database import Session

_NO_CHANGE = "no change"


@dataclass(frozen=True)
class Compared:
    """With what key results are compared: the last digest; before the first one, how they stood `at` an instant."""

    state: PortfolioState
    at: datetime
    last: Previous
    audience: Audience

    def before(self, kr: KeyResult) -> Before | None:
        """How one stood."""
        if kr.cycle_closed:  # it was closed and has not changed
            return None
        return self._then(kr) if self.last.issue is None else self.last.key_result(kr.key)

    def _then(self, kr: KeyResult) -> Before | None:
        if local_day(self.at, self.state.zone) < kr.starts:
            return None
        figures = self.state.figures(kr, self.at)
        behind = bool(figures.flags) or (self.audience == "unit" and own_pace(figures) is not None)
        return Before(figures.progress, figures.status, behind)


def key_results(session: Session, compared: Compared, scope: Set[str], now: datetime) -> tuple[KrFacts, ...]:
    """Those of the current cycles that the units in scope own or have under an objective of theirs."""
    state = compared.state
    homes = {o.key: o.unit for o in state.objectives}
    krs = [kr for kr in state.current_key_results(now) if homes[kr.objective] in scope or scope & set(kr.owners)]
    said = {kr.key: _last_words(kr, now) for kr in krs}
    places = _places(session, state, said)
    names = {p.slack: p.name for p in state.people.values() if p.slack}
    found = (_one(compared, kr, now, said[kr.key], places, names) for kr in krs)
    return tuple(with_own_reasons(k) for k in found) if compared.audience == "unit" else tuple(found)


def _places(session: Session, state: PortfolioState, said: Mapping[str, Update | None]) -> dict[int, str]:
    """Where each of these updates was said, by its id, where it was an answer with an address."""
    ids = [u.id for u in said.values() if u is not None and u.id is not None]
    answers = digests.answers_of_updates(session, state.team_id, ids)
    urls = links(session, state.team_id, state.url, answers.values())
    return {number: urls[a.id] for number, a in answers.items() if a.id is not None and a.id in urls}


def _one(
    compared: Compared,
    kr: KeyResult,
    now: datetime,
    said: Update | None,
    places: Mapping[int, str],
    names: Mapping[str, str],
) -> KrFacts:
    state, before = compared.state, compared.before(kr)
    figures = state.figures(kr, now)
    line = line_of(state, kr, figures)
    if said is None:
        return KrFacts(kr, figures, line, before)
    words, on = readable(said.note, names), local_day(said.at, state.zone)
    return KrFacts(kr, figures, line, before, words, places.get(said.id or 0), on)


def _last_words(kr: KeyResult, now: datetime) -> Update | None:
    """The newest update with a note, by whoever of its owners wrote it; "no change" says nothing worth quoting."""
    noted = (u for u in reversed(as_of(kr, now).updates) if u.note.strip())
    return next((u for u in noted if u.note.strip().casefold().rstrip(".") != _NO_CHANGE), None)
