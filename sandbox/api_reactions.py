"""Web API: reactions.*, and what putting a reaction on a message or taking it off means, whoever does it.

As in Slack each person has each sign once on a message, and the app is told of both.
"""

from sandbox import events
from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.records import Channel, Json, Message
from sandbox.site import Site


@method("reactions.add")
def reactions_add(call: Call) -> Json:
    message, bot = _message(call), call.site.identity.bot_user
    if not react(call.site, message, bot, call.required("name")):
        raise SlackError("already_reacted")
    return {}


@method("reactions.remove")
def reactions_remove(call: Call) -> Json:
    message, bot = _message(call), call.site.identity.bot_user
    if not unreact(call.site, message, bot, call.required("name")):
        raise SlackError("no_reaction")
    return {}


def _message(call: Call) -> Message:
    channel: Channel = call.channel()
    message = call.site.workspace.find(channel.id, call.required("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return message


def _standing(message: Message, name: str) -> Json | None:
    """The reaction of a name that is on a message."""
    return next((reaction for reaction in message.reactions if reaction["name"] == name), None)


def react(site: Site, message: Message, user: str, name: str) -> bool:
    """Put a person's reaction on a message; False where it is on it."""
    with site.workspace.lock:
        standing = _standing(message, name)
        if standing is not None and user in standing["users"]:
            return False
        if standing is None:
            message.reactions.append({"name": name, "users": [user], "count": 1})
        else:
            standing["users"].append(user)
            standing["count"] += 1
        site.workspace.touch("message", message.channel)
    events.reaction(site, message, user, name, added=True)
    return True


def unreact(site: Site, message: Message, user: str, name: str) -> bool:
    """Take a person's reaction off a message; False where it is not on it."""
    with site.workspace.lock:
        standing = _standing(message, name)
        if standing is None or user not in standing["users"]:
            return False
        standing["users"].remove(user)
        standing["count"] -= 1
        if not standing["users"]:
            message.reactions.remove(standing)
        site.workspace.touch("message", message.channel)
    events.reaction(site, message, user, name, added=False)
    return True
