"""A rhythm and holidays in words, for all that shows them. Raw texts, nothing escaped. Pure."""

from rituals.cadence import Cadence


def rhythm(c: Cadence, *, everyone: str = "") -> str:
    """`every 2 weeks on Monday at 09:00`, its zone or `everyone` where it has none."""
    unit = c.unit if c.every > 1 else c.unit.removesuffix("s")
    every = f"every {c.every} {unit}" if c.every > 1 else f"every {unit}"
    where = f" in {c.timezone}" if c.timezone else f" {everyone}" if everyone else ""
    return f"{every} on {' and '.join(map(on_day, c.on))} at {c.at:%H:%M}{where}"


def on_day(name: str) -> str:
    """`Monday`, `the first Monday`, `day 15`."""
    if name.isdecimal():
        return f"day {name}"
    ordinal, _, weekday = name.rpartition(" ")
    return f"the {ordinal} {weekday.capitalize()}" if ordinal else weekday.capitalize()


def holidays(found: tuple[str, str | None] | None) -> str:
    """`DE, BE`, or none."""
    return ", ".join(part for part in found if part) if found else "none"
