"""`/okr export`: the portfolio's files for the member who asks. Above the rituals, because the calendar is.

`ask` promises them, `build` makes them when they are sent, with what the member may see. It sends nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rituals.errors import Choice, Refusal
from rituals.feed import NOTHING, feed
from rituals.notices import Export
from rituals.okrs.load import load_portfolio
from rituals.okrs.naming import Named, find, find_exact, nearest_word
from storage import outbox
from storage.database import Database
from storage.outbox import Promise

WORDS = {
    "yaml": "yaml",
    "yml": "yaml",
    "csv": "csv",
    "json": "json",
    "md": "md",
    "markdown": "md",
    "ics": "ics",
    "ical": "ics",
    "calendar": "ics",
}


@dataclass(frozen=True)
class ExportFile:
    """A file: its name, its title in Slack and its text; of a picture its `data`, and the same in words."""

    name: str
    title: str
    text: str
    data: bytes = b""
    alt: str = ""

    @property
    def content(self) -> bytes:
        """What is uploaded."""
        return self.data or self.text.encode()


def ask(db: Database, team_id: str, user: str, typed: str, *, now: datetime, key: str) -> Export:
    """Promise the files that `typed` names: all formats or some, of everything or of one cycle, once for this `key`.

    Raises Refusal for a word that is neither, and for a calendar with nothing in it.
    """
    with db.transaction(readonly=True) as session:
        cycles = tuple(load_portfolio(session, team_id).cycles)
    formats, cycle = _read(typed, cycles)
    if formats == ("ics",):
        feed(db, team_id, now=now, cycle=cycle, user=user)
    notice = Export(user=user, formats=formats, cycle=cycle, asked_at=now)
    what = Promise(key=f"export:{key}", kind=Export.KIND, to=user, data=notice.model_dump(mode="json"))
    with db.transaction() as session:
        outbox.promise(session, team_id, what, now=now)
    return notice


def _read(typed: str, cycles: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    formats: dict[str, None] = {}
    cycle = None
    for word in typed.replace(",", " ").split():
        if known := WORDS.get(word.casefold().lstrip(".")):
            formats[known] = None
        elif word.casefold() not in {"all", "everything", "files"}:
            cycle = _cycle(typed, word, cycles)
    return tuple(formats) or tuple(FORMATS), cycle


def _cycle(typed: str, word: str, cycles: tuple[str, ...]) -> str:
    among = [Named(key, key) for key in cycles]
    if found := find_exact(word, among):
        return found.key
    if any(letter.isdigit() for letter in word):
        return find(word, among, what="cycle").key
    text = f'/okr export knows {", ".join(FORMATS)} and a cycle; I read "{word}".'
    near = nearest_word(word, WORDS)
    if near is None:
        raise Refusal(text)
    line = typed.replace(word, near)
    raise Refusal(f"{text} Did you mean {near}?", choices=(Choice(line, f"Export {line}"),))


def build(db: Database, team_id: str, notice: Export, *, now: datetime) -> tuple[ExportFile, ...]:
    """The files as of now, for the member's eyes. What has nothing in it is left out."""
    made = []
    for format in notice.formats:
        if format in PICTURES:
            made += _pictures(db, team_id, notice, format, now)
            continue
        name, title, write = FORMATS[format]
        try:
            text = write(db, team_id, notice, now)
        except Refusal as no:
            if no.text != NOTHING:
                raise
        else:
            made.append(ExportFile(name.format(day=f"{notice.asked_at:%Y-%m-%d}"), title, text))
    return tuple(made)


def ask_picture(db: Database, team_id: str, user: str, which: str, unit: str, *, now: datetime, key: str) -> Export:
    """Promise the picture named `which` of a unit, else of the caller's portfolio, once for this `key`.

    Raises Refusal where pictures cannot be drawn, for a unit that is unknown, and where there is nothing to show.
    """
    from rituals.pictures.alignment import checked_unit

    found = checked_unit(db, team_id, user, which, unit, now=now)
    notice = Export(user=user, formats=(which,), unit=found, asked_at=now)
    what = Promise(key=f"export:{key}", kind=Export.KIND, to=user, data=notice.model_dump(mode="json"))
    with db.transaction() as session:
        outbox.promise(session, team_id, what, now=now)
    return notice


def _pictures(db: Database, team_id: str, notice: Export, which: str, now: datetime) -> list[ExportFile]:
    from rituals.pictures.alignment import picture_of

    found = picture_of(db, team_id, notice.user, which, notice.unit or "", now=now)
    name = f"{found.name}-{notice.asked_at:%Y-%m-%d}.png"
    return [ExportFile(name, found.title, "", data=found.png, alt=found.alt)]


Write = Callable[[Database, str, Export, datetime], str]


def _portfolio(writer: str) -> Write:
    def write(db: Database, team_id: str, notice: Export, now: datetime) -> str:
        from rituals.okrs.portfolio import long_write as portfolio_long_write
        from rituals.okrs.portfolio import write as portfolio_write
        from rituals.okrs.portfolio.seen import portfolio_for
        from rituals.okrs.portfolio.service import export_portfolio

        whole = export_portfolio(db, team_id, cycle=notice.cycle)
        with db.transaction(readonly=True) as session:
            state = load_portfolio(session, team_id)
        member = state.member(notice.user)
        shown = portfolio_for(whole, state, member.key if member else None)
        writers = {"yaml": portfolio_write.write_yaml, "json": portfolio_write.write_json}
        return writers.get(writer, portfolio_long_write.write_csv)(shown)

    return write


def _document(db: Database, team_id: str, notice: Export, now: datetime) -> str:
    from rituals.okrs.portfolio.markdown import document

    return document(db, team_id, now=now, cycle=notice.cycle, user=notice.user)


def _calendar(db: Database, team_id: str, notice: Export, now: datetime) -> str:
    return feed(db, team_id, now=now, cycle=notice.cycle, user=notice.user)


PICTURES = ("matrix", "map")

FORMATS: Mapping[str, tuple[str, str, Write]] = {
    "yaml": ("portfolio-{day}.yaml", "Portfolio (YAML)", _portfolio("yaml")),
    "csv": ("portfolio-{day}.csv", "Portfolio (CSV)", _portfolio("csv")),
    "json": ("portfolio-{day}.json", "Portfolio (JSON)", _portfolio("json")),
    "md": ("portfolio-{day}.md", "Portfolio to read (Markdown)", _document),
    "ics": ("rituals-{day}.ics", "Calendar of the rituals (.ics)", _calendar),
}
