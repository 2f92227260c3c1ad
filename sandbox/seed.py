"""Fills the sandbox with the people and channels that a portfolio file names, so that any file can be tried.

Reads the file's own words only (ids, names, addresses); zones and further people come from `workspace.yaml` beside
this module where the ids are those of the sample. It imports nothing of the bot.
"""

from pathlib import Path
from typing import Any

import yaml

from sandbox.server import Sandbox

HERE = Path(__file__).parent
SAMPLE = HERE / "portfolio.yaml"
WORKSPACE = HERE / "workspace.yaml"
# not the safe loader: the file's keys include `on`, which YAML 1.1 takes for True; written in C where that was built
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def seed(sandbox: Sandbox, portfolio: str) -> None:
    """Add everyone and every channel that the file names, and the rest of the sample's workspace where it fits."""
    file = yaml.load(portfolio, Loader=LOADER)  # noqa: S506 - it makes only text, lists, mappings
    known = yaml.load(WORKSPACE.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506
    # leads of product lines first: the page begins as the first person, and that one should have something to do
    lines = [u for u in file.get("units", ()) if u.get("level") == "product_line"]
    asked = {lead for unit in lines for lead in unit.get("leads", ())}
    members = [member for n, p in enumerate(file.get("people", ()), 1) if (member := _member(p, n))]
    people = sorted(members, key=lambda p: p["key"] not in asked)
    first = members[0]["slack"] if members else None
    ours = {u["id"]: u for u in known["users"]}
    sample = any(p["slack"] in ours for p in people)
    for user in _users(people, ours, admin=first, with_rest=sample, zone=file.get("timezone", "UTC")):
        sandbox.add_user(**user)
    everyone = [u for u in sandbox.workspace.users if u != sandbox.bot_user]
    names = {c["id"]: c for c in known["channels"]} if sample else {}
    for channel, name in _channels(file).items():
        theirs = names.get(channel, {})
        sandbox.add_channel(channel, theirs.get("name", name), members=theirs.get("members", everyone))


def _member(person: dict[str, str], number: int) -> dict[str, str] | None:
    """A person with the id of a member: the file's, or one made up where an address finds them; else there is none."""
    if person.get("slack"):
        return person
    return {**person, "slack": f"U{number:02}MEMBER"} if person.get("email") else None


def _users(
    people: list[dict[str, str]],
    ours: dict[str, dict[str, str]],
    *,
    admin: str | None,
    with_rest: bool,
    zone: str,
) -> list[dict[str, Any]]:
    users = []
    for person in people:
        slack = person["slack"]
        users.append(
            {
                "id": slack,
                "name": person["key"],
                "real_name": person["name"],
                "email": person.get("email", ""),
                "tz": ours.get(slack, {}).get("tz", zone),
                "is_admin": slack == admin,
            }
        )
    named = {u["id"] for u in users}
    rest = [{**u, "is_admin": False} for u in ours.values() if with_rest and u["id"] not in named]
    return [*users, *rest]


def _channels(file: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for unit in file.get("units", ()):
        if unit.get("channel"):
            found.setdefault(unit["channel"], unit["key"])
        if unit.get("leadership_channel"):
            found.setdefault(unit["leadership_channel"], f"{unit['key']}-leadership")
    return found
