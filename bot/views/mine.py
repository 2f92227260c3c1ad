"""A bare `/okr`: what I owe with its button, my worst key results, where the rest is. App Home in a few lines."""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.lines import due_words, kr_line
from bot.views.ratings import SCALE, votes
from bot.views.text import count, inline, sentence
from rituals.notices import Home, KrLine, Owed

OWED = 3
KEY_RESULTS = 5
TITLE = 45  # beside a button on a phone


def mine(notice: Home) -> Message:
    """What waits for the caller and how their key results stand, for them alone."""
    if notice.name is None:
        line = "You are not in this portfolio, so nothing waits for you here."
        return message(line, [section(line, "`/okr list` shows all key results, `/okr help` the commands.")])
    blocks = [section(f"*{_waits(notice)}*")]
    for one in notice.owed[:OWED]:
        blocks += _owed(one)
    if len(notice.owed) > OWED:
        blocks.append(context(f"and {len(notice.owed) - OWED} more in the app's Home"))
    blocks += _key_results(notice.key_results)
    return message(f"{_waits(notice)} {_standing(notice)}", blocks)


def _waits(notice: Home) -> str:
    if not notice.owed:
        return "Nothing waits for you."
    return f"{count(len(notice.owed), 'thing waits', 'things wait')} for you."


def _owed(one: Owed) -> list[Block]:
    number = f" {one.number}" if one.number is not None else ""
    due = f" · {due_words(one)}" if one.due_at else ""
    line = f"{sentence(inline(one.what))}{number} · {inline(one.unit)}{due}"
    if one.poll is not None:
        return [section(f"{line}: {SCALE}"), votes(one.poll, about=one.poll, anonymous=one.anonymous)]
    if one.cycle is not None:
        left = count(one.left, "key result to decide on", "key results to decide on")
        return [section(f"{sentence(inline(one.what))} · {left}", accessory=_decide(one.cycle))]
    if one.owning is not None:
        from bot.views.ownership import waiting_block

        return waiting_block(one.owning)
    answer = button("Answer", ids.of(ids.HOME_ANSWER, one.ask), str(one.ask), style="primary")
    return [section(line, accessory=answer)]


def _decide(cycle: str) -> Block:
    return button("Decide", ids.of(ids.CLOSING_LOOK, cycle), cycle[:150], style="primary")


def _key_results(lines: tuple[KrLine, ...]) -> list[Block]:
    if not lines:
        return [section("You report no key result in this cycle; `/okr list` shows everyone's.")]
    blocks = [
        section(kr_line(line, TITLE), accessory=button("Update", ids.of(ids.HOME_UPDATE, line.key), line.key))
        for line in lines[:KEY_RESULTS]
    ]
    rest = len(lines) - KEY_RESULTS
    more = button(f"and {rest} more", ids.HOME_LIST, ids.pack(query="mine", start=KEY_RESULTS)) if rest > 0 else None
    head = section(f"*Your key results*  {len(lines)}, worst first")
    return [head, *blocks, *([actions(more)] if more else [])]


def _standing(notice: Home) -> str:
    return f"Your key results: {count(len(notice.key_results), 'one', 'in all')}." if notice.key_results else ""
