"""Web API: users.*. E-mail addresses only with `users:read.email`."""

from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.records import Json, User


def _worded(call: Call, user: User) -> Json:
    w = call.site.workspace
    return user.to_slack(w.team_id, w.clock.now(), with_email="users:read.email" in call.site.manifest.scopes)


@method("users.list")
def users_list(call: Call) -> Json:
    users = sorted(call.site.workspace.users.values(), key=lambda u: u.id)
    page, meta = call.page(users, 200)
    now = int(call.site.workspace.clock.now().timestamp())
    return {"members": [_worded(call, u) for u in page], "cache_ts": now, "response_metadata": meta}


@method("users.info")
def users_info(call: Call) -> Json:
    return {"user": _worded(call, call.user())}


@method("users.lookupByEmail")
def users_by_email(call: Call) -> Json:
    wanted = call.required("email").lower()
    for user in call.site.workspace.users.values():
        if user.email.lower() == wanted and not user.deleted:
            return {"user": _worded(call, user)}
    raise SlackError("users_not_found")


@method("users.profile.get")
def users_profile_get(call: Call) -> Json:
    return {"profile": _worded(call, call.user())["profile"]}
