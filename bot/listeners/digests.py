"""`/okr digest`, the digest as it stands now for the caller alone (preview) or for the channel (here); letting go the
ones that wait for a person; what readers think of them.
"""

from collections.abc import Callable
from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal

WORDS = ("preview", "here")


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer `/okr digest`; hear the buttons and forms of those that wait, and what readers say."""
    services = inbound.services
    subcommands["digest"] = partial(_digest, services)
    for name in (ids.DIGEST_APPROVE, ids.DIGEST_KEEP_BACK, ids.DIGEST_UNDO):
        inbound.action(ids.pattern(name), partial(_decide, services, name))
    inbound.action(ids.pattern(ids.DIGEST_EDIT), partial(_open_lines, services))
    inbound.submission(ids.DIGEST_EDIT_FORM, partial(_save_lines, services))
    inbound.action(ids.pattern(ids.DIGEST_USEFUL), partial(_useful, services))
    inbound.action(ids.pattern(ids.DIGEST_NOT_USEFUL), partial(_not_useful, services))
    inbound.submission(ids.DIGEST_COMMENT_FORM, partial(_save_comment, services))


def _digest(services: Services, caller: Caller, reply: Reply) -> None:
    """`caller.text` is what stands behind the subcommand: a word, then a unit and an audience where they are not the
    first one's."""
    from bot.views import VIEWS
    from rituals.alignment.rules import connection_rate
    from rituals.digests import service as digests

    first, rest = first_word(caller.text)
    word, about = (first.lower(), rest) if first.lower() in WORDS else ("preview", caller.text)
    reader = digests.Reader(caller.user, posts_in=(caller.channel or "") if word == "here" else None)
    notice = digests.preview(
        services.db, services.team_id, about or None, now=caller.at, connection=connection_rate, reader=reader
    )
    if word == "here":
        open_to_all = {"preview": False, "found_useful": "", "not_useful": ()}
        reply.say(VIEWS[notice.KIND](notice.model_copy(update=open_to_all)))
    else:
        reply.show(VIEWS[notice.KIND](notice))


def _decide(services: Services, name: str, caller: Caller, reply: Reply) -> None:
    """The message that was clicked shows what became of it."""
    from rituals.digests import approving

    does: dict[str, Callable[..., None]] = {
        ids.DIGEST_APPROVE: approving.approve,
        ids.DIGEST_KEEP_BACK: approving.keep_back,
        ids.DIGEST_UNDO: approving.undo,
    }
    does[name](services.db, services.team_id, caller.user, int(caller.value), now=caller.at)


def _open_lines(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.digest_approval import edit_form
    from rituals.digests import approving

    reply.open(edit_form(approving.edit_form(services.db, services.team_id, caller.user, int(caller.value))))


def _save_lines(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.digests import approving

    blocks = [block for block in caller.view["state"]["values"] if ids.split(block)[0] == ids.DIGEST_LINE]
    typed = {ids.split(block)[1]: caller.state(block) for block in blocks}
    issue, seen = int(caller.metadata["issue"]), str(caller.metadata["seen"])
    try:
        approving.edit(services.db, services.team_id, caller.user, issue, typed, seen=seen, now=caller.at)
    except FormRefusal as no:
        raise FormRefusal({ids.of(ids.DIGEST_LINE, place): text for place, text in no.errors.items()}) from None


def _useful(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.digest_approval import thanks
    from rituals.digests import feedback

    feedback.say(services.db, services.team_id, caller.user, int(caller.value), useful=True, now=caller.at)
    reply.show(thanks(useful=True))


def _not_useful(services: Services, caller: Caller, reply: Reply) -> None:
    """It counts with the click; the sentence is asked for, not demanded."""
    from bot.views.digest_approval import comment_form
    from rituals.digests import feedback

    digest = int(caller.value)
    said = feedback.say(services.db, services.team_id, caller.user, digest, useful=False, now=caller.at)
    reply.open(comment_form(digest, said))


def _save_comment(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.digests import feedback

    text, digest = caller.state(ids.DIGEST_COMMENT), int(caller.metadata["digest"])
    feedback.comment(services.db, services.team_id, caller.user, digest, text, now=caller.at)
