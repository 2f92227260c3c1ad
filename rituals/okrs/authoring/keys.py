"""Keys for what is new: the next number of the kind that is used, or a unit's name as a key. Pure."""

import re
from collections import Counter
from collections.abc import Collection

_NUMBERED = re.compile(r"(?P<head>.*?[^\d])(?P<number>\d{1,9})")
_NO_KEY = re.compile(r"[^\w.]+")


def next_number(keys: Collection[str], usual: str) -> str:
    """The key after the highest of the commonest series, `KR-46`; the first of `usual` where there is none."""
    found = [match for key in keys if (match := _NUMBERED.fullmatch(key))]
    series = Counter(match["head"] for match in found)
    head = series.most_common(1)[0][0] if series else usual
    highest = max((int(match["number"]) for match in found if match["head"] == head), default=0)
    return free(f"{head}{highest + 1}", keys)


def of_name(name: str, keys: Collection[str], usual: str = "unit") -> str:
    """A key made of a name: `Data platform` is `data-platform`, the second one `data-platform-2`."""
    made = _NO_KEY.sub("-", name.casefold()).strip("-._")[:50] or usual
    return free(made, keys)


def free(key: str, keys: Collection[str]) -> str:
    """The key, or with the first number behind it that nobody has."""
    if key not in keys:
        return key
    head = _NUMBERED.fullmatch(key)
    number = 2
    while (made := f"{head['head']}{int(head['number']) + number - 1}" if head else f"{key}-{number}") in keys:
        number += 1
    return made
