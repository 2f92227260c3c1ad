"""The digest by hand: as it would be now, for one person or for a channel. Nothing is written but what a model cost."""

from dataclasses import dataclass
from datetime import datetime

from prompts.client import ModelClient, Outcome
from rituals.digests import feedback
from rituals.digests.assemble import Asked, ConnectionRate, assemble
from rituals.digests.audiences import AUDIENCES, main_audience, places_of, why_not_there
from rituals.digests.notice import digest_notice
from rituals.digests.summary import summary_facts
from rituals.digests.wording import word
from rituals.errors import Choice, Refusal
from rituals.notices import Digest
from rituals.notices.digests import Audience
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.naming import nearest_word
from rituals.okrs.roles import answers_for, not_yours, seen_by
from storage.database import Database

WORDS = ("preview", "here")
NOT_ASKED = "no model was asked for this preview"


@dataclass(frozen=True)
class Reader:
    """Who asks for a digest by hand (a Slack user); `posts_in` is the channel to which it is to be shown."""

    user: str
    posts_in: str | None = None


def preview(
    db: Database,
    team_id: str,
    unit: str | None,
    *,
    now: datetime,
    connection: ConnectionRate,
    model: ModelClient | None = None,
    reader: Reader | None = None,
) -> Digest:
    """The digest as it would be at `now`; nothing is written but what a model cost.

    `unit` names a unit, an audience or both (`CRM`, `portfolio`, `Product suite portfolio`); None is the one that has a
    digest of its own. Without a `model` the blockers are worded by rules: for replies that must come in seconds. Raises
    Refusal where there is no such unit, or none for this `reader` (None: the operator).
    """
    with db.transaction(readonly=True) as session:
        whole = load_portfolio(session, team_id)
        member = whole.member(reader.user) if reader else None
        state = seen_by(whole, member.key if member else None) if reader else whole
        key, audience = wanted(state, unit, member.key if member else None)
        if reader is not None and reader.posts_in is not None:
            _refuse_to_post(state, key, reader.user, reader.posts_in)
        facts = assemble(session, Asked(team_id, key, now, audience=audience), connection, whole)
        said = feedback.tally(session, whole, key, now=now, person=member.key if member else None)
    outcome = Outcome(reason=NOT_ASKED)
    if model is not None:
        outcome = word(db, team_id, summary_facts(facts), model=model, now=now)
    notice = digest_notice(facts, outcome, preview=True)
    return notice.model_copy(update={"found_useful": said.words, "not_useful": said.sentences})


def wanted(state: PortfolioState, text: str | None, person: str | None = None) -> tuple[str, Audience]:
    """The unit (key) and audience that some words name. Raises Refusal for a unit that is not there.

    Of an audience alone: for `unit` the first product line that the person leads, else the unit that has a digest.
    """
    words = (text or "").split()
    named = " ".join(words).casefold()
    last = words[-1].casefold() if words and not _called(state, named) else ""
    audience = next((one for one in AUDIENCES if one == last), None)
    unit = " ".join(words[:-1] if audience else words) or None
    key = (_own_line(state, person) if audience == "unit" and unit is None else None) or unit_of(state, unit)
    return key, audience or main_audience(state.units[key].level)


def _own_line(state: PortfolioState, person: str | None) -> str | None:
    led = state.led_by(person) if person else ()
    return next((key for key in led if main_audience(state.units[key].level) == "unit"), None)


def _called(state: PortfolioState, name: str) -> str | None:
    """The unit of that key or name."""
    return next((k for k, u in state.named_units.items() if name in (k.casefold(), u.name.casefold())), None)


def _refuse_to_post(state: PortfolioState, unit: str, user: str, channel: str) -> None:
    """A digest is shown to a whole channel by who answers for its unit; that of a private unit in its own channels."""
    by, name = state.member(user), state.units[unit].name
    if not answers_for(state, by.key if by else None, unit):
        raise not_yours(state, f"The digest of {name}", [unit])
    if why_not_there(places_of(state), unit, channel):
        raise Refusal(
            f"{name} is private: its digest is shown in its own channel. /okr digest preview shows it to you."
        )


def unit_of(state: PortfolioState, unit: str | None) -> str:
    """The unit meant: by key or name; without one the first with a digest, a portfolio, or the first of all."""
    if unit is None:
        with_digest = [key for key in state.named_units if state.rhythms[key].digest]
        portfolios = [key for key, u in state.named_units.items() if u.level == "portfolio"]
        found = next(iter([*with_digest, *portfolios, *state.named_units]), None)
    else:
        found = _called(state, " ".join(unit.split()).casefold())
    if found is None:
        known = tuple(Choice(key, u.name) for key, u in state.named_units.items())
        raise Refusal(_no_unit(state, unit) if unit else "There is no portfolio yet: import one.", choices=known[:20])
    return found


def _no_unit(state: PortfolioState, unit: str) -> str:
    """A first word may be a command's that was mistyped."""
    names = [name for key, u in state.named_units.items() for name in (key, u.name)]
    near = nearest_word(unit, [*WORDS, *AUDIENCES, *names])
    return f'No unit "{unit}".' + (f" Did you mean {near}?" if near else "")
