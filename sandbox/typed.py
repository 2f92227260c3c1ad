"""How Slack rewrites what a person types before an app sees it: `&lt;`, `<https://…>`, `<@U01ANA>`, `<#C01|name>`.

Tokens that are already in Slack's notation stay as they are.
"""

import re

from sandbox.workspace import Workspace

TOKEN = re.compile(r"<(?:[@#!][^<>\s][^<>]*|https?://[^<>\s|]+(?:\|[^<>]+)?|mailto:[^<>]+)>")
LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"]")
MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9][\w.-]*)")
CHANNEL = re.compile(r"(?<![\w#&])#([a-z0-9][\w-]*)")


def as_sent(workspace: Workspace, text: str, *, mentions: bool = True, named: bool = False) -> str:
    """The text as an event or command carries it. `named` adds names to mentions, as commands do."""
    parts: list[str] = []
    at = 0
    for token in TOKEN.finditer(text):
        parts += [_plain(workspace, text[at : token.start()], mentions, named), token.group()]
        at = token.end()
    parts.append(_plain(workspace, text[at:], mentions, named))
    return "".join(parts)


def _plain(workspace: Workspace, text: str, mentions: bool, named: bool) -> str:
    parts: list[str] = []
    at = 0
    for link in LINK.finditer(text):
        parts += [_words(workspace, text[at : link.start()], mentions, named), f"<{_escape(link.group())}>"]
        at = link.end()
    parts.append(_words(workspace, text[at:], mentions, named))
    return "".join(parts)


def _words(workspace: Workspace, text: str, mentions: bool, named: bool) -> str:
    text = _escape(text)
    if not mentions:
        return text
    users = {u.name.lower(): u for u in workspace.users.values()}
    channels = {c.name: c for c in workspace.channels.values() if not c.is_im}

    def user(found: re.Match[str]) -> str:
        name = found.group(1).rstrip(".-")
        known = users.get(name.lower())
        if known is None:
            return found.group()
        rest = found.group(1)[len(name) :]
        return (f"<@{known.id}|{known.name}>" if named else f"<@{known.id}>") + rest

    def channel(found: re.Match[str]) -> str:
        known = channels.get(found.group(1))
        return f"<#{known.id}|{known.name}>" if known else found.group()

    return CHANNEL.sub(channel, MENTION.sub(user, text))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
