"""The rating's listeners: five buttons, the sentence beside a vote, and the newest result on request."""

from collections.abc import Callable

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from rituals.errors import Refusal

BY_ITSELF = (
    "The rating opens by itself near the end of a cycle and closes a few working days after it. "
    "/okr poll results shows the newest result."
)


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear votes and sentences; answer `/okr poll`."""
    services = inbound.services

    def on(work: Callable[[Services, Caller, Reply], None]) -> Work:
        return lambda caller, reply: work(services, caller, reply)

    inbound.action(ids.pattern(*ids.RATING_VOTES), on(_vote))
    inbound.action(ids.pattern(ids.RATING_COMMENT), on(_open_comment))
    inbound.submission(ids.RATING_COMMENT_FORM, lambda caller, reply: _save_comment(services, caller))
    subcommands["poll"] = on(_poll)


def _vote(services: Services, caller: Caller, reply: Reply) -> None:
    """The question shows the vote by itself: the message, or App Home, is rendered anew."""
    from rituals.ratings import service

    score = ids.score(caller.action_id)
    service.vote(services.db, services.team_id, caller.user, int(caller.value), score, now=caller.at)


def _open_comment(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.ratings import comment_form
    from rituals.ratings import service

    poll = int(caller.value)
    standing = service.comment_of(services.db, services.team_id, caller.user, poll, now=caller.at)
    reply.open(comment_form(poll, standing))


def _save_comment(services: Services, caller: Caller) -> None:
    from rituals.ratings import service

    text = caller.state(ids.RATING_COMMENT_TEXT)
    service.comment(services.db, services.team_id, caller.user, int(caller.metadata["poll"]), text, now=caller.at)


def _poll(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.ratings import result
    from rituals.ratings.results import newest_result

    words = [word for word in caller.text.lower().split() if word != "poll"]
    if words and words[0] not in {"results", "result"}:
        raise Refusal(BY_ITSELF)
    reply.show(result(newest_result(services.db, services.team_id, caller.user, now=caller.at)))
