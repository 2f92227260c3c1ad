"""Web API: who am I, the team, the socket, block validation, and agent calls that are only recorded."""

from typing import Any

from sandbox.blocks import check_message
from sandbox.calls import Call, method
from sandbox.errors import SlackError, bad_blocks
from sandbox.records import Json


@method("api.test")
def api_test(call: Call) -> Json:
    if code := call.text("error"):
        raise SlackError(code, args=call.arguments)
    return {"args": call.arguments}


@method("auth.test")
def auth_test(call: Call) -> Json:
    w, ident = call.site.workspace, call.site.identity
    return {
        "url": f"{call.site.base}/",
        "team": w.team_name,
        "user": w.bot.name,
        "team_id": w.team_id,
        "user_id": ident.bot_user,
        "bot_id": ident.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def connections_open(call: Call) -> Json:
    base = call.site.base.replace("http://", "ws://")
    return {"url": f"{base}/link/?ticket={call.site.socket_mode.ticket()}&app_id={call.site.identity.app_id}"}


@method("team.info")
def team_info(call: Call) -> Json:
    w = call.site.workspace
    return {"team": {"id": w.team_id, "name": w.team_name, "domain": w.team_name.lower().replace(" ", "-")}}


@method("bots.info")
def bots_info(call: Call) -> Json:
    call.site.manifest.need("users:read")
    ident = call.site.identity
    if call.text("bot") != ident.bot_id:
        raise SlackError("bot_not_found")
    name = call.site.manifest.bot_name
    return {"bot": {"id": ident.bot_id, "app_id": ident.app_id, "user_id": ident.bot_user, "name": name}}


@method("blocks.validate")
def blocks_validate(call: Call) -> Json:
    blocks: Any = call.data("blocks")
    if problems := check_message(blocks if isinstance(blocks, list) else []):
        raise bad_blocks(problems)
    return {}


@method("assistant.threads.setStatus")
@method("assistant.threads.setTitle")
@method("assistant.threads.setSuggestedPrompts")
def assistant(call: Call) -> Json:
    call.channel("channel_id")
    call.site.assistant.append({"method": call.name, **call.arguments})
    return {}
