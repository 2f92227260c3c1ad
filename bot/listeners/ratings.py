"""The rating's listeners: five buttons, the sentence beside a vote, and `/okr poll`.

A vote is counted before it is acknowledged and is nowhere else: the inbox keeps of it that it came, not what it said.
"""

from collections.abc import Callable

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import ids
from rituals.errors import Choice, Refusal

WORDS = "/okr poll start opens the rating now, /okr poll close ends it, /okr poll results shows the newest result."


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear votes and sentences; answer `/okr poll`."""
    services = inbound.services

    def on(work: Callable[[Services, Caller, Reply], None]) -> Work:
        return lambda caller, reply: work(services, caller, reply)

    inbound.action_at_once(ids.pattern(*ids.RATING_VOTES), on(_vote))
    inbound.action(ids.pattern(ids.RATING_COMMENT), on(_open_comment))
    inbound.action(ids.pattern(ids.POLL_CLOSE), on(_close_now))
    inbound.submission(ids.RATING_COMMENT_FORM, lambda caller, reply: _save_comment(services, caller))
    subcommands["poll"] = on(_poll)


def _vote(services: Services, caller: Caller, reply: Reply) -> None:
    """The question shows the vote by itself: the message, or App Home, is rendered anew."""
    from rituals.ratings import voting

    typed = ids.entered(caller.typed).get(ids.of(ids.RATING_SENTENCE, caller.value), "")
    given = voting.Given(ids.score(caller.action_id), typed)
    voting.vote(services.db, services.team_id, caller.user, int(caller.value), given, now=caller.at)


def _open_comment(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.ratings import comment_form
    from rituals.ratings import voting

    poll = int(caller.value)
    standing = voting.comment_of(services.db, services.team_id, caller.user, poll, now=caller.at)
    reply.open(comment_form(poll, standing))


def _save_comment(services: Services, caller: Caller) -> None:
    from rituals.ratings import voting

    text = caller.state(ids.RATING_COMMENT_TEXT)
    voting.comment(services.db, services.team_id, caller.user, int(caller.metadata["poll"]), text, now=caller.at)


def _poll(services: Services, caller: Caller, reply: Reply) -> None:
    """`caller.text` is what stands behind the word; alone it shows the results."""
    word, rest = first_word(caller.text)
    work = _WORDS.get(word.lower() or "results")
    if work is None:
        raise Refusal(f'I read "{word[:40]}". {WORDS}')
    try:
        work(services, caller, reply, rest)
    except Refusal as no:
        choices = tuple(Choice(f"{word} {one.value}", one.label) for one in no.choices)
        raise Refusal(no.text, no.field, choices) from None


def _results(services: Services, caller: Caller, reply: Reply, text: str) -> None:
    from bot.views.ratings import result
    from rituals.ratings import results

    reply.show(result(results.result(services.db, services.team_id, caller.user, text, now=caller.at)))


def _start(services: Services, caller: Caller, reply: Reply, text: str) -> None:
    from bot.views.polls import opened
    from rituals.ratings import by_hand

    reply.show(opened(by_hand.start(services.db, services.team_id, caller.user, text, now=caller.at)))


def _close(services: Services, caller: Caller, reply: Reply, text: str) -> None:
    from bot.views.polls import closing
    from rituals.ratings import by_hand

    found = by_hand.asking_to_close(services.db, services.team_id, caller.user, text, now=caller.at)
    reply.show(closing(found))


def _close_now(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.polls import closed
    from rituals.ratings import by_hand

    found = by_hand.close_now(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)
    reply.replace(closed(found))


_WORDS: dict[str, Callable[[Services, Caller, Reply, str], None]] = {
    "results": _results,
    "result": _results,
    "start": _start,
    "open": _start,
    "close": _close,
    "end": _close,
}
