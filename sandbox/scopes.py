"""What the app was given, read from its manifest (`app.yaml` as a dict): scopes, events, commands, shortcuts.

The tables of which method and which event needs which scope; they follow Slack's reference. No state.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackError
from sandbox.records import Channel, Json

METHOD_SCOPES: dict[str, tuple[str, ...]] = {
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "conversations.join": ("channels:join",),
    "users.list": ("users:read",),
    "users.info": ("users:read",),
    "users.profile.get": ("users.profile:read",),
    "users.lookupByEmail": ("users:read.email",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "canvases.create": ("canvases:write",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "assistant.threads.setStatus": ("chat:write", "assistant:write"),
    "assistant.threads.setTitle": ("assistant:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
}
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "app_home_opened": (),
    "app_uninstalled": (),
    "tokens_revoked": (),
    "agent_session_stopped": (),
    "app_context_changed": (),
}
FAMILIES = {"channel": "channels", "group": "groups", "im": "im"}


def family_scope(channel: Channel, right: str) -> str:
    """The scope for reading (`read`) or for the history (`history`) of this kind of conversation."""
    return f"{FAMILIES[channel.kind]}:{right}"


@dataclass(frozen=True)
class Manifest:
    """The parts of the app manifest that decide what works."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: dict[str, Json]
    shortcuts: dict[str, Json]
    interactive: bool
    home_tab: bool
    messages_tab: bool
    raw: Json = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, manifest: Json) -> "Manifest":
        """Read a manifest; `bot_optional` scopes count as granted. Unknown events in `bot_events` raise ValueError."""
        features, settings = _part(manifest, "features"), _part(manifest, "settings")
        scopes = _part(_part(manifest, "oauth_config"), "scopes")
        events = frozenset(_part(settings, "event_subscriptions").get("bot_events") or ())
        strange = sorted(events - set(EVENT_SCOPES))
        if strange:
            raise ValueError(f"the sandbox does not know the events {strange}")
        name = str(_part(manifest, "display_information").get("name", "App"))
        home = _part(features, "app_home")
        return cls(
            name=name,
            bot_name=str(_part(features, "bot_user").get("display_name", name)),
            scopes=frozenset([*(scopes.get("bot") or ()), *(scopes.get("bot_optional") or ())]),
            events=events,
            commands={c["command"]: c for c in features.get("slash_commands") or ()},
            shortcuts={s["callback_id"]: s for s in features.get("shortcuts") or ()},
            interactive=bool(_part(settings, "interactivity").get("is_enabled")),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled"),
            raw=manifest,
        )

    def need(self, *any_of: str) -> None:
        """Refuse with `missing_scope` unless one of these scopes was granted."""
        if any_of and not self.scopes.intersection(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(self.scopes)))

    def hears(self, event: str) -> bool:
        """Whether the app subscribed to the event and was granted a scope for it."""
        needed = EVENT_SCOPES[event]
        return event in self.events and (not needed or bool(self.scopes.intersection(needed)))


def _part(of: Json, key: str) -> dict[str, Any]:
    part = of.get(key)
    return part if isinstance(part, dict) else {}
