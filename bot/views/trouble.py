"""What is said when something did not work: delivery that failed, faults of ours, input that could not be used.

Says what was read, what is possible, and that nothing typed is lost. No stack, no code of Slack's alone.
"""

import textwrap

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, message, section
from bot.views.text import escape, inline, said
from rituals.errors import Refusal
from rituals.notices import DeliveryTrouble

AGAIN = 4  # words of a command that are sooner typed again than copied
WHOLE = 550  # raw characters that fit a section whatever they are
CURES = {
    "channel_not_found": "the channel is gone or private: invite the bot, or name another in the portfolio file",
    "is_archived": "the channel is archived: unarchive it, or name another one in the portfolio file",
    "not_in_channel": "the bot is not in the channel: `/invite` it there",
    "user_not_found": "the person is not in this workspace: correct them in the portfolio file",
    "account_inactive": "the account is deactivated: name another lead in the portfolio file",
    "token_revoked": "the bot's token was revoked: install the app again",
    "invalid_auth": "the bot's token is not valid: set SLACK_BOT_TOKEN again",
    "missing_scope": "the app lacks a permission: install it again with the current manifest",
}


def delivery_trouble(notice: DeliveryTrouble) -> Message:
    """To the workspace's admin, once: what could not be delivered, why, and what to do."""
    where = f"<#{notice.channel}>" if notice.channel[:1] in {"C", "G"} else inline(notice.channel)
    cure = CURES.get(notice.reason)
    why = f"{cure} ({inline(notice.reason)})" if cure else said(notice.reason, 300)
    line = f"I could not deliver {said(notice.what, 200)} to {where}: {why}."
    return message(line, [section(line)])


def broke(ref: str, *, stored: bool = True) -> Message:
    """A fault of ours. `stored` says whether what was typed is kept."""
    kept = "Your answer is stored." if stored else "Nothing was changed; please try again."
    line = f"Something broke on our side (ref {escape(ref)}). {kept}"
    return message(line, [section(line)])


def refusal(refused: Refusal, *, context: str = "", typed: str = "") -> Message:
    """A no with what could have been meant as buttons; each sends back `pack(value=, context=)`.

    `context` is a small reference to what was typed (an id). Where it does not fit a button's value, the choices
    are listed as words to type. `typed` is a command's line, which Slack shows nowhere once it is sent: it is given
    back whole, unless the buttons hold it.
    """
    line = said(refused.text, 2000)
    blocks = [section(line)]
    packed = [(choice, ids.pack(value=choice.value, context=context or None)) for choice in refused.choices[:5]]
    held = bool(packed) and all(len(value) <= 2000 for _, value in packed)
    if packed and not held:
        blocks.append(section(*(f"• {inline(choice.label)}" for choice, _ in packed)))
    elif packed:
        blocks.append(
            actions(
                *(
                    button(choice.label, ids.of(ids.CHOICE_PICK, number), value)
                    for number, (choice, value) in enumerate(packed)
                )
            )
        )
    back = "" if held or len(typed.split()) <= AGAIN else typed
    more = f" You typed: {said(back, 1000)}" if back else ""
    return message(f"{line}{_or(refused)}{more}", [*blocks, *_given_back(back)])


def _given_back(typed: str) -> list[Block]:
    """What was typed, to the last word, in sections that hold it also where every sign of it is escaped."""
    parts = textwrap.wrap(typed, WHOLE, break_on_hyphens=False)
    return [section(f"{'' if number else 'You typed: '}{said(part, WHOLE)}") for number, part in enumerate(parts)]


def _or(refused: Refusal) -> str:
    """The choices for those who see no buttons, where the words do not name them already."""
    named = any(choice.label.partition(" ")[0] in refused.text for choice in refused.choices)
    if named or not refused.choices:
        return ""
    return f" {' or '.join(inline(choice.label) for choice in refused.choices[:5])}?"


def busy() -> Message:
    """The database is held by another writer. Nothing is lost: it is kept and done as soon as it is free."""
    line = (
        "The database is busy. What you typed is kept and I will get to it within two minutes; "
        "in a form, send it again."
    )
    return message(line, [section(line)])
