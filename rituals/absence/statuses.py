"""A Slack status that says its owner is away: what counts as one, until when, and how it is taken over.

It never overwrites what a person told by the command, and takes back only what a status had set.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rituals.away import NO_END
from storage import outbox, people
from storage.database import Session
from storage.tables import Person

EMOJI = frozenset(
    (":palm_tree:", ":airplane:", ":desert_island:", ":beach_with_umbrella:", ":island:", ":face_with_thermometer:")
)
_WORDS = re.compile(
    r"(?<!\w)(?:vacation(?:ing)?|(?:on|parental|maternity|paternity|sick|annual|medical) leave|on (?:a )?holidays?|"
    r"out of (?:the )?office|ooo|pto|time off|days? off|out sick|off sick|sabbatical|honeymoon|"
    r"(?:im |in )?urlaub|elternzeit|krank(?:geschrieben)?|abwesend|vacaciones|de baja|cong[ée]s?|en vacances|ferien|"
    r"in ferie|f[ée]rias)(?!\w)",
    re.IGNORECASE,
)
_NOT_AWAY = re.compile(
    r"(?<!\w)(?:back|planning|plan|before|after|until my|no more|no|not|never|zurück|nach dem|vor dem|kein)(?!\w)",
    re.IGNORECASE,
)
NOON = time(12)


@dataclass(frozen=True)
class Status:
    """A member's Slack status; `expires` is None where they clear it themselves."""

    emoji: str = ""
    text: str = ""
    expires: datetime | None = None

    @property
    def away(self) -> bool:
        """Whether it says that they are away. Words count before the sign: "back from vacation" is not away."""
        if _WORDS.search(self.text):
            return not _NOT_AWAY.search(self.text)
        return self.emoji in EMOJI and not _NOT_AWAY.search(self.text)

    def last_day(self, zone: ZoneInfo) -> date | None:
        """The last day away where the member is, if it says so; a day counts when the status lasts past its noon."""
        if not self.away:
            return None
        if self.expires is None:
            return NO_END
        local = self.expires.astimezone(zone)
        return local.date() if local.time() > NOON else local.date() - timedelta(days=1)


def take_over(session: Session, team_id: str, statuses: Mapping[str, Status], *, now: datetime) -> tuple[str, ...]:
    """Write what these statuses (by Slack id) say of absence. Returns the Slack ids of those for whom it changed."""
    usual = ZoneInfo(people.workspace(session, team_id).timezone)
    changed = []
    for person in people.everyone(session, team_id):
        status = statuses.get(person.slack or "")
        if status is None:
            continue
        name = person.own_timezone or person.timezone
        zone = ZoneInfo(name) if name else usual
        if _take_over(person, status.last_day(zone), now.astimezone(zone).date()):
            session.add(person)
            changed.append(person.slack or "")
    session.flush()
    for slack in changed:
        outbox.again(session, team_id, outbox.home_key(slack), now=now)
    return tuple(changed)


def _take_over(person: Person, last_day: date | None, today: date) -> bool:
    """Whether a row changes. After `/okr away off` a status that still stands says nothing until it is gone."""
    says = last_day is not None and last_day >= today
    if person.away_by == "command":
        told = person.away_until is not None and person.away_until >= today
        ignored = person.away_until is None and says
        if told or ignored:
            return False
    if says:
        since = person.away_from if person.away_by == "status" else None
        return _set(person, since or today, last_day, "status")
    return _set(person, None, None, "") if person.away_by == "status" or person.away_until is None else False


def _set(person: Person, since: date | None, until: date | None, by: str) -> bool:
    if (person.away_from, person.away_until, person.away_by) == (since, until, by):
        return False
    if person.away_by != by:
        person.delegate_id = None
    person.away_from, person.away_until, person.away_by = since, until, by
    return True
