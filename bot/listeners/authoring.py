"""`/okr add` and `/okr edit`: open a form, redraw it for another kind, save it.

The use cases stand on the reader of the file, which takes a while to load: they are imported when first used.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal, Refusal

if TYPE_CHECKING:
    from rituals.okrs.authoring.cards import AuthorForm
    from rituals.okrs.authoring.people import Newcomer

_SHORT = {"key_result": "key_result", "keyresult": "key_result", "key": "key_result", "o": "objective"}


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the rows `add` and `edit`; hear buttons, the choice of a kind, and the form."""
    services = inbound.services
    subcommands["add"] = partial(_add, services)
    subcommands["edit"] = partial(edit, services)
    inbound.action(ids.pattern(ids.AUTHOR_ADD), partial(_clicked, services, _add))
    inbound.action(ids.pattern(ids.AUTHOR_EDIT), partial(_clicked, services, edit))
    inbound.action(ids.pattern(ids.AUTHOR_KIND), partial(_redraw, services))
    inbound.submission(ids.AUTHOR_FORM, partial(_submitted, services))


def _add(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import authoring as views
    from rituals.okrs.authoring import service as authoring
    from rituals.okrs.authoring.cards import What
    from rituals.okrs.naming import nearest_word

    word, rest = first_word(caller.text)
    if not word:
        reply.show(views.what_to_add())
        return
    what = {**views.WORDS, **_SHORT}.get(word.casefold())
    if what is None:
        near = nearest_word(word, views.WORDS)
        hint = f" Did you mean {near}?" if near else ""
        raise Refusal(f'/okr add knows objective, kr and unit; I read "{word}".{hint}')
    rest = rest.removeprefix("result").strip() if word.casefold() == "key" else rest
    form = authoring.add_form(services.db, services.team_id, caller.user, cast(What, what), rest, now=caller.at)
    reply.open(_opened(form, caller))


def edit(services: Services, caller: Caller, reply: Reply) -> None:
    """Open the form of what `caller.text` names."""
    from rituals.okrs.authoring import service as authoring

    form = authoring.edit_form(services.db, services.team_id, caller.user, caller.text, now=caller.at)
    reply.open(_opened(form, caller))


def _clicked(services: Services, work: Any, caller: Caller, reply: Reply) -> None:
    work(services, replace(caller, text=caller.value), reply)


def _opened(form: "AuthorForm", caller: Caller) -> dict[str, Any]:
    from bot.views import authoring as views

    return views.form(form, channel=caller.channel, url=caller.response_url)


def _redraw(services: Services, caller: Caller, reply: Reply) -> None:
    """The fields of another kind, in the same modal; what was typed stays, also what is not shown for now."""
    from bot.views import authoring as views
    from rituals.okrs.authoring import service as authoring

    typed = views.typed(caller.view, caller.metadata).model_copy(update={"told": False})
    form = authoring.redrawn(services.db, services.team_id, caller.user, typed)
    services.writer.views_update(view_id=caller.view["id"], hash=caller.view["hash"], view=_again(form, caller))


def _again(form: "AuthorForm", caller: Caller) -> dict[str, Any]:
    from bot.views import authoring as views

    return views.form(form, channel=caller.metadata.get("channel"), url=caller.metadata.get("url"))


def _submitted(services: Services, caller: Caller, reply: Reply) -> dict[str, Any] | None:
    from bot.listeners.updates import shown_where_opened
    from bot.views import authoring as views
    from rituals.okrs.authoring import service as authoring
    from rituals.okrs.authoring.cards import AuthorForm

    typed = views.typed(caller.view, caller.metadata)
    new = _newcomers(services, authoring.unknown_people(services.db, services.team_id, typed))
    # The advice makes another view of the same modal: what was sent before it is another submission.
    key = f"{caller.key}:{int(typed.told)}"
    try:
        done = authoring.submit(
            services.db, services.team_id, caller.user, typed, now=caller.at, key=key, newcomers=new
        )
    except (FormRefusal, Refusal) as no:
        raise _beside_fields(no) from None
    if isinstance(done, AuthorForm):
        return {"response_action": "update", "view": _again(done, caller)}
    return shown_where_opened(services, caller, views.saved(done), form=ids.AUTHOR_FORM)


def _beside_fields(no: FormRefusal | Refusal) -> FormRefusal | Refusal:
    """The same with the blocks of the form in the place of its fields' names."""
    from bot.views import authoring as views

    if isinstance(no, FormRefusal):
        return FormRefusal({views.block_of(name): text for name, text in no.errors.items()})
    return Refusal(no.text, views.block_of(no.field) if no.field else None, no.choices)


def _newcomers(services: Services, users: Iterable[str]) -> "list[Newcomer]":
    """What Slack tells of members who are not in the portfolio yet."""
    from bot.listeners.members import member_of
    from rituals.okrs.authoring.people import Newcomer

    found = []
    for user in users:
        told: dict[str, Any] = services.writer.users_info(user=user)["user"]
        profile = told.get("profile") or {}
        name = str(profile.get("real_name") or told.get("real_name") or told.get("name") or user)
        member = member_of(told)
        found.append(Newcomer(member.slack, name, member.email, member.timezone))
    return found
