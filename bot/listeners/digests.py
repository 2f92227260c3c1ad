"""`/okr digest`: the digest as it stands now, for the caller alone (preview) or for the channel (here)."""

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import VIEWS
from rituals.alignment.rules import connection_rate
from rituals.errors import Refusal
from rituals.okrs.naming import nearest_word

WORDS = ("preview", "here")


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer `/okr digest`."""
    subcommands["digest"] = lambda caller, reply: _digest(inbound.services, caller, reply)


def _digest(services: Services, caller: Caller, reply: Reply) -> None:
    """`caller.text` is what stands behind the subcommand: a word, and a unit where it is not the first one's."""
    from rituals.digests import service as digests

    word, unit = first_word(caller.text)
    if word and word not in WORDS:
        near = nearest_word(word, WORDS)
        raise Refusal(
            f'/okr digest knows preview and here; I read "{word}".' + (f" Did you mean {near}?" if near else "")
        )
    reader = digests.Reader(caller.user, posts_in=(caller.channel or "") if word == "here" else None)
    notice = digests.preview(
        services.db, services.team_id, unit or None, now=caller.at, connection=connection_rate, reader=reader
    )
    if word == "here":
        reply.say(VIEWS[notice.KIND](notice.model_copy(update={"preview": False})))
    else:
        reply.show(VIEWS[notice.KIND](notice))
