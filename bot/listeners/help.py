"""`/okr help`, and what is said to a word that is no subcommand."""

from collections.abc import Iterable

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `help`."""
    subcommands["help"] = _help


def _help(caller: Caller, reply: Reply) -> None:
    from bot.views import help as views

    reply.show(views.topic_help(caller.text))


def unknown(word: str, rest: str, words: Iterable[str], reply: Reply) -> None:
    """Say that `word` is not known, with the nearest of `words`, which a button carries out with the `rest`."""
    from bot.views import help as views
    from rituals.okrs.naming import nearest_word

    nearest = nearest_word(word, [known for known in words if known]) or ""
    reply.show(views.overview(word, nearest, f"{nearest} {rest}".strip() if nearest else ""))
