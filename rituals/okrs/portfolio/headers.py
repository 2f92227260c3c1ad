"""Which field a column of a CSV file is: by its name, a name that means the same, or what `--map` says.

Pure. Nothing is guessed from what stands in the cells, and a name that can mean two fields is nobody's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rituals.cadence import nearest
from rituals.okrs.portfolio.csv_values import DELIMITERS, refused
from rituals.okrs.portfolio.yaml_lines import FileProblem, PortfolioErrors

IGNORED = "-"
"""What a column is mapped to that is not to be read."""

Names = Mapping[str, Sequence[str]]
"""Fields, each with the names that mean the same."""

_BETWEEN = re.compile(r"[^\w%#]+|_+")


@dataclass(frozen=True)
class Columns:
    """The field of each column by its place; `unread` are the names of those that have none."""

    fields: Mapping[int, str]
    unread: tuple[str, ...] = ()

    def place(self, field: str) -> int | None:
        """Where a field stands, if it does."""
        return next((place for place, name in self.fields.items() if name == field), None)


def plain(name: str) -> str:
    """A column's name without case, spaces and signs: `Start Date`, `start_date` and `Start-date` are one."""
    return "_".join(part for part in _BETWEEN.split(name.casefold()) if part)


def columns_of(header: Sequence[str], names: Names, mapped: Mapping[str, str]) -> Columns:
    """The columns' fields. Raises PortfolioErrors for a mapping that fits nothing and for two columns of one field."""
    by_name = {plain(word): field for field, words in names.items() for word in (field, *words)}
    found = {place: by_name[plain(name)] for place, name in enumerate(header) if plain(name) in by_name}
    fields = {**found, **_stated(header, names, mapped)}
    _refuse_two_of_one(header, fields)
    unread = tuple(name for place, name in enumerate(header) if name and fields.get(place, IGNORED) == IGNORED)
    return Columns({place: field for place, field in sorted(fields.items()) if field != IGNORED}, unread)


def refuse_another_delimiter(text: str, delimiter: str, known: Iterable[str]) -> None:
    """Raise PortfolioErrors where the header looks like one with another delimiter, saying which."""
    words = {plain(name) for name in known}
    line = next((line for line in text.splitlines() if line.strip()), "")
    fits = {sign: sum(plain(name.strip(' "')) in words for name in line.split(sign)) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: (fits[sign], line.count(sign)))
    if fits[best] > fits[delimiter] or (not any(fits.values()) and delimiter not in line and best in line):
        word = "tab" if best == "\t" else f'"{best}"'
        said = f"the columns are not parted by {DELIMITERS[delimiter]}; it looks like {DELIMITERS[best]}"
        raise refused(1, f"{said}: add --delimiter {word}")


def _stated(header: Sequence[str], names: Names, mapped: Mapping[str, str]) -> dict[int, str]:
    places = {plain(name): place for place, name in enumerate(header) if name}
    problems, stated = [], {}
    for column, field in mapped.items():
        place = places.get(plain(column))
        if place is None:
            has = ", ".join(f'"{name}"' for name in header if name)
            problems.append(FileProblem(1, f'--map: there is no column "{column}"; the file has {has}'))
        elif field != IGNORED and field not in names:
            tail = nearest(field, names) or f"; the fields are {', '.join(names)}"
            problems.append(FileProblem(1, f'--map {column}={field}: there is no field "{field}"{tail}'))
        else:
            stated[place] = field
    if problems:
        raise PortfolioErrors(problems)
    return stated


def _refuse_two_of_one(header: Sequence[str], fields: Mapping[int, str]) -> None:
    problems = []
    first: dict[str, int] = {}
    for place, field in sorted(fields.items()):
        if field != IGNORED and first.setdefault(field, place) != place:
            other, one = header[first[field]], header[place]
            words = f'"{other}" and "{one}" both are {field}; add --map "{one}={IGNORED}" to leave one out'
            problems.append(FileProblem(1, words))
    if problems:
        raise PortfolioErrors(problems)
