"""A key result of a portfolio as one line, with the names of those it belongs to. Reads the state; writes nothing."""

from rituals.notices import KrLine
from rituals.okrs.by_hand import hand_set
from rituals.okrs.figures import Figures
from rituals.okrs.model import KeyResult
from rituals.okrs.state import PortfolioState
from rituals.okrs.words import kr_line


def line_of(state: PortfolioState, kr: KeyResult, figures: Figures, role: str = "own") -> KrLine:
    """A key result as one line, with the names of its owners and its reporter."""
    return kr_line(
        kr,
        figures,
        role=role,
        reporter_name=state.people[kr.reporter].name if kr.reporter else None,
        owner_names=state.names(kr.owners),
        by_hand=hand_set(state.people, figures),
    )
