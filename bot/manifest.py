"""The Slack app manifest: reads `app.yaml`, derives its variant for HTTP and writes either.

It must not validate (the tests do, by Slack's schema) nor talk to anybody.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

_BESIDE = Path(__file__).resolve().parent
_PLACES = (_BESIDE / "app.yaml", _BESIDE.parent / "app.yaml")


def manifest_path() -> Path:
    """Where `app.yaml` is: inside the package in a wheel, beside the package in a checkout.

    Raises FileNotFoundError with the places it was looked for in.
    """
    for place in _PLACES:
        if place.is_file():
            return place
    raise FileNotFoundError(f"app.yaml is neither at {_PLACES[0]} nor at {_PLACES[1]}; reinstall Plumbline")


def load_manifest() -> dict[str, Any]:
    """The manifest as it is written (Socket Mode), in the shape of Slack's schema of major version 2."""
    loaded: dict[str, Any] = yaml.safe_load(manifest_path().read_text(encoding="utf-8"))
    return loaded


def manifest_for(url: str | None) -> dict[str, Any]:
    """The manifest for Socket Mode (no `url`), or for HTTP with every request sent to `<url>/slack/events`.

    Raises ValueError with one sentence where `url` is not an https address without query.
    """
    manifest = load_manifest()
    return manifest if url is None else _over_http(manifest, _request_url(url))


def written(form: str, url: str | None) -> str:
    """The manifest as `yaml` or `json`; as YAML for Socket Mode it is `app.yaml` as it stands, with its comments.

    Raises ValueError as `manifest_for` does.
    """
    found = manifest_for(url)
    if form == "json":
        return f"{json.dumps(found, ensure_ascii=False, indent=2)}\n"
    if url is None:
        return manifest_path().read_text(encoding="utf-8")
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=100)


def granted_scopes(manifest: dict[str, Any]) -> frozenset[str]:
    """The bot scopes an installation of this manifest asks for (the optional ones among them)."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def _over_http(manifest: dict[str, Any], endpoint: str) -> dict[str, Any]:
    changed = deepcopy(manifest)
    settings = changed["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = endpoint
    settings["interactivity"]["request_url"] = endpoint
    settings["interactivity"]["message_menu_options_url"] = endpoint
    for command in changed["features"]["slash_commands"]:
        command["url"] = endpoint
    return changed


def _request_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f'Slack calls https addresses only: use one like https://okr.example.com, not "{url}"')
    return f"{parts.geturl().rstrip('/')}/slack/events"
