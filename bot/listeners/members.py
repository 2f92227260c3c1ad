"""Members of the workspace: takes over a changed time zone, address or status. Asks nobody and says nothing."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from storage import outbox, people
from storage.people import Member

if TYPE_CHECKING:
    from rituals.absence.statuses import Status


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear of changed members."""

    def changed(caller: Caller, reply: Reply) -> None:
        _changed(inbound.services, caller)

    inbound.event("user_change", changed)


def _changed(services: Services, caller: Caller) -> None:
    from rituals.absence.statuses import take_over

    user = caller.event["user"]
    with services.db.transaction() as session:
        if people.merge_members(session, services.team_id, [member_of(user)]):
            outbox.again(session, services.team_id, outbox.home_key(str(user["id"])), now=caller.at)
        take_over(session, services.team_id, {str(user["id"]): status_of(user)}, now=caller.at)


def member_of(user: dict[str, Any]) -> Member:
    """A member from Slack's user object."""
    profile = user.get("profile")
    email = profile.get("email") if isinstance(profile, dict) else None
    zone = user.get("tz")
    return Member(
        slack=str(user["id"]),
        email=str(email) if email else None,
        timezone=str(zone) if zone and _is_known(str(zone)) else None,
        is_admin=bool(user.get("is_primary_owner") or user.get("is_owner") or user.get("is_admin")),
    )


def status_of(user: dict[str, Any]) -> "Status":
    """A member's status from Slack's user object; 0 is Slack's word for one that does not expire."""
    from rituals.absence.statuses import Status

    profile = user.get("profile") or {}
    ends = profile.get("status_expiration") or 0
    return Status(
        emoji=str(profile.get("status_emoji") or ""),
        text=str(profile.get("status_text") or ""),
        expires=datetime.fromtimestamp(ends, UTC) if ends else None,
    )


def _is_known(zone: str) -> bool:
    """Whether this machine knows the zone: one that it does not would break every reading of the portfolio."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return False
    return True


def sync(services: Services) -> int:
    """Take over ids, zones, statuses and admins from the whole member list. Returns how many people it changed."""
    from rituals.absence.statuses import take_over

    users: list[dict[str, Any]] = []
    for page in services.reader.users_list(limit=200):
        users += [u for u in page["members"] if not u.get("deleted") and not u.get("is_bot")]
    members = [member_of(user) for user in users]
    with services.db.transaction() as session:
        workspace = people.workspace(session, services.team_id)
        admins = [m.slack for m in members if m.is_admin]
        if workspace.admin_user not in admins:
            workspace.admin_user = next(iter(admins), None)
        session.add(workspace)
        changed = people.merge_members(session, services.team_id, members)
        if changed:
            from rituals.okrs.live import refresh_all  # knows the tables of OKRs: the start does without

            refresh_all(session, services.team_id, now=services.clock.now())
        statuses = {str(user["id"]): status_of(user) for user in users}
        return changed + len(take_over(session, services.team_id, statuses, now=services.clock.now()))
