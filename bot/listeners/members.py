"""Members of the workspace: takes over a changed time zone or address. Asks nobody and says nothing."""

from zoneinfo import ZoneInfo

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from storage import people
from storage.people import Member


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear of changed members."""

    def changed(caller: Caller, reply: Reply) -> None:
        _changed(inbound.services, caller)

    inbound.event("user_change", changed)


def _changed(services: Services, caller: Caller) -> None:
    with services.db.transaction() as session:
        people.merge_members(session, services.team_id, [member_of(caller.event["user"])])


def member_of(user: dict[str, object]) -> Member:
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


def _is_known(zone: str) -> bool:
    """Whether this machine knows the zone: one that it does not would break every reading of the portfolio."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return False
    return True


def sync(services: Services) -> int:
    """Take over ids, zones and the admin from the whole member list. Returns how many people it changed."""
    members = []
    for page in services.reader.users_list(limit=200):
        members += [member_of(u) for u in page["members"] if not u.get("deleted") and not u.get("is_bot")]
    with services.db.transaction() as session:
        workspace = people.workspace(session, services.team_id)
        admins = [m.slack for m in members if m.is_admin]
        if workspace.admin_user not in admins:
            workspace.admin_user = next(iter(admins), None)
        session.add(workspace)
        return people.merge_members(session, services.team_id, members)
