"""`plumbline digest`: the digest as text, Markdown, a page or a whole e-mail, to the terminal or to a file; and the
pictures of `plumbline export`.

It opens and closes the database for one command; what the digest says is the rituals' business.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.databases import only_team, opened
from bot.failures import CommandError
from rituals.clock import SystemClock

if TYPE_CHECKING:
    from prompts.client import ModelClient
    from rituals.digests.output import Output
    from rituals.pictures.canvas import Picture

SUFFIXES = {".txt": "text", ".md": "markdown", ".html": "html", ".htm": "html", ".eml": "eml"}


@dataclass(frozen=True)
class Wanted:
    """What was typed: the unit, the form (None: only the headline), the file, and pictures in files of their own."""

    unit: str | None = None
    form: str | None = None
    out: Path | None = None
    beside: bool = False


def digest_of(settings: Settings, wanted: Wanted, *, now: datetime | None) -> str:
    """What the command prints: the digest, or the names of the files it was written to."""
    at = now or SystemClock().now()
    found = _output(settings, wanted.unit, at)
    form = wanted.form or (_form_of(wanted.out) if wanted.out else None)
    if form is None:
        from bot.views import VIEWS

        return f"{VIEWS[found.notice.KIND](found.notice).text}\n"
    if wanted.out is None:
        return _text(found, form, at)
    return _written(found, form, wanted.out, at, beside=wanted.beside or form == "markdown")


def picture_of(settings: Settings, which: str, *, unit: str) -> bytes:
    """The matrix or the map as a PNG, with what is public.

    Raises Refusal for what cannot be drawn, CommandError where it would end on a terminal.
    """
    from rituals.pictures import alignment

    if sys.stdout.isatty():
        raise CommandError(f"a picture goes into a file: plumbline export --format {which} > {which}.png")
    at = SystemClock().now()
    with opened(settings) as db:
        team = only_team(db)
        key = alignment.checked_unit(db, team, "", which, unit, now=at)
        return alignment.picture_of(db, team, "", which, key, now=at).png


def _form_of(out: Path) -> str:
    """The form that a file's name says. Raises CommandError for a name that says none."""
    form = SUFFIXES.get(out.suffix.lower())
    if form is None:
        raise CommandError(f"{out}: say how it is written with --format, or name it {', '.join(SUFFIXES)}")
    return form


def _output(settings: Settings, unit: str | None, at: datetime) -> "Output":
    from rituals.alignment.rules import connection_rate
    from rituals.digests.output import output

    with opened(settings) as db:
        return output(db, only_team(db), unit, now=at, connection=connection_rate, model=_model(settings))


def _model(settings: Settings) -> "ModelClient | None":
    if settings.model_off_because is not None:
        return None
    from bot.wiring import build_model

    return build_model(settings)


def _text(found: "Output", form: str, at: datetime) -> str:
    """One text: a page holds its pictures itself, Markdown goes without."""
    if form == "eml":
        return _mail(found, at).decode("ascii").replace("\r\n", "\n")
    if form == "html":
        from rituals.digests.html import html, inside

        pictures = [(picture, inside(picture)) for picture in _pictures(found)]
        return html(found.notice, pictures, aside=_how_to_get())
    if form == "markdown":
        from rituals.digests.markdown import markdown

        return markdown(found.notice)
    from rituals.digests.plain import plain_text

    return plain_text(found.notice)


def _written(found: "Output", form: str, out: Path, at: datetime, *, beside: bool) -> str:
    """Write the file, and the pictures beside it where they are wanted there; says which files there are now."""
    apart = _pictures(found) if beside and form in {"markdown", "html"} else ()
    files = {out.with_name(f"{out.stem}-{picture.name}.png"): picture for picture in apart}
    content = _with_files(found, form, [(p, path.name) for path, p in files.items()]) if apart else None
    data = _mail(found, at) if form == "eml" else (content or _text(found, form, at)).encode()
    _write({out: data} | {path: picture.png for path, picture in files.items()})
    hint = "" if form == "text" else _how_to_get()
    return "\n".join([*(str(path) for path in (out, *files)), *([hint] if hint else [])]) + "\n"


def _with_files(found: "Output", form: str, placed: "list[tuple[Picture, str]]") -> str:
    if form == "html":
        from rituals.digests.html import html

        return html(found.notice, placed)
    from rituals.digests.markdown import markdown

    return markdown(found.notice, placed)


def _write(files: dict[Path, bytes]) -> None:
    for path, data in files.items():
        try:
            path.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None


def _mail(found: "Output", at: datetime) -> bytes:
    from rituals.digests.mail import mail

    return mail(found.notice, _pictures(found), at=at, aside=_how_to_get())


def _pictures(found: "Output") -> "tuple[Picture, ...]":
    from rituals.pictures.canvas import available

    if not available():
        return ()
    from rituals.pictures.digest import digest_pictures

    return digest_pictures(found.notice, found.courses)


def _how_to_get() -> str:
    """A line where pictures cannot be drawn; "" where they can."""
    from rituals.pictures.canvas import HOW_TO_GET, available

    return "" if available() else f"{HOW_TO_GET}."
