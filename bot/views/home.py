"""App Home: what I owe, my key results, my units, my blockers, the rhythm. One person's, published as a view."""

from bot.views import ids
from bot.views.blocks import Block, actions, button, context, divider, home, section
from bot.views.lines import blocker_line, due_words, kr_line
from bot.views.ratings import SCALE, votes
from bot.views.standing import standing_section
from bot.views.text import NO_BREAK, count, day, inline, listed, moment, sentence, some
from rituals.notices import Home, HomeSettings, HomeUnit, KrLine, Owed

KEY_RESULTS = 10
BLOCKERS = 5
TITLE = 45  # beside a button on a phone


def home_view(notice: Home) -> Block:
    """The Home tab: `type` home, at most 100 blocks."""
    if notice.name is None:
        return home(_stranger(notice))
    blocks = [*_owed(notice), divider(), *_key_results(notice)]
    if notice.units:
        blocks.append(section("*Your units*", *some([_unit(one) for one in notice.units], 6)))
    if notice.alignment is not None:
        blocks.append(standing_section(notice.alignment))
    blocks += _blockers(notice)
    if notice.rhythm:
        blocks.append(section("*Rhythm*", *(f"{inline(what)}  {moment(at)}" for what, at in notice.rhythm[:6])))
    if notice.missing:
        blocks.append(section("*Missing*", *(sentence(inline(one, 200)) for one in notice.missing[:3])))
    blocks += _settings(notice.settings)
    blocks.append(context("`/okr update KR-1 30 days 7/10` saves a value from anywhere; `/okr help` lists the rest."))
    return home(blocks)


def _stranger(notice: Home) -> list[Block]:
    """For someone who is not in the portfolio: what this is, and whom to ask."""
    ask = f"Ask {listed([inline(name, 40) for name in notice.contacts], 3)} to add you." if notice.contacts else ""
    return [
        section(
            "*Plumbline keeps a portfolio's OKRs in line*",
            "It asks the leads three questions every other week, keeps each value with who said it, and names the "
            "shared key results that fall behind.",
        ),
        section(f"You are not in the portfolio yet. {ask}".rstrip()),
        context("`/okr list` shows all key results, `/okr help` the commands."),
    ]


def _owed(notice: Home) -> list[Block]:
    if not notice.owed:
        return [section("*Nothing waits for you.*")]
    what = count(len(notice.owed), "thing waits", "things wait")
    blocks = [section(f"*{what} for you*")]
    for one in notice.owed[:5]:
        blocks += _owed_one(one)
    if len(notice.owed) > 5:
        blocks.append(context(f"and {len(notice.owed) - 5} more"))
    return blocks


def _owed_one(one: Owed) -> list[Block]:
    name = f"{sentence(inline(one.what))}{f' {one.number}' if one.number is not None else ''}"
    of = f" · {inline(one.unit)}" if one.unit else ""
    due = f" · {due_words(one)}" if one.due_at else ""
    place = f" for {inline(one.instead_of, 40)}" if one.instead_of else ""
    line = f"{name}{of}{place}{due}"
    if one.ask is not None:
        answer = button("Answer", ids.of(ids.HOME_ANSWER, one.ask), str(one.ask), style="primary")
        same = button("No change", ids.of(ids.CHECKIN_NO_CHANGE, one.ask), str(one.ask))
        return [section(line), actions(answer, same)] if one.no_change else [section(line, accessory=answer)]
    if one.poll is not None:
        return [section(f"{line}: {SCALE}"), votes(one.poll, about=one.poll, anonymous=one.anonymous)]
    if one.cycle is not None:
        return [section(f"{line} · {_to_decide(one)}", accessory=_decide(one.cycle))]
    if one.owning is not None:
        from bot.views.ownership import waiting_block

        return waiting_block(one.owning)
    return [section(line)]


def _decide(cycle: str) -> Block:
    return button("Decide", ids.of(ids.CLOSING_LOOK, cycle), cycle[:150], style="primary")


def _to_decide(one: Owed) -> str:
    return count(one.left, "key result to decide on", "key results to decide on")


def _key_results(notice: Home) -> list[Block]:
    if not notice.key_results:
        none = "You lead no unit with key results in this cycle; `/okr list` shows everyone's."
        return [section("*Your key results*", none)]
    both = len({line.shared for line in notice.key_results}) > 1
    order = "the shared first, each worst first" if both else "worst first"
    blocks = [section(f"*Your key results*  {len(notice.key_results)}, {order}")]
    for line in notice.key_results[:KEY_RESULTS]:
        update = button("Update", ids.of(ids.HOME_UPDATE, line.key), line.key)
        blocks.append(section(f"{kr_line(line, TITLE)}{_trend(line)}", accessory=update))
    rest = len(notice.key_results) - KEY_RESULTS
    if rest > 0:
        blocks.append(actions(button(f"and {rest} more", ids.HOME_LIST, ids.pack(query="mine", start=KEY_RESULTS))))
    return blocks


def _trend(line: KrLine) -> str:
    if line.trend is None:
        return ""
    moved = abs(round(line.trend * 100))
    if moved == 0:
        return f", →{NO_BREAK}unmoved"
    return f", {'↑' if line.trend > 0 else '↓'}{NO_BREAK}{count(moved, 'point')}"


def _unit(one: HomeUnit) -> str:
    answered = f"{one.answered} of {one.asked} answered, " if one.asked else ""
    channel = f" · <#{one.channel}>" if one.channel else ""
    return f"{inline(one.name)}: {answered}{one.on_track} of {count(one.key_results, 'key result')} on track{channel}"


def _settings(mine: HomeSettings | None) -> list[Block]:
    if mine is None:
        return []
    quiet = "no quiet hours" if mine.quiet == "none" else f"quiet {inline(mine.quiet)}"
    parts = [inline(mine.zone), quiet, *_away(mine)]
    change = button("Change", ids.of(ids.SETTINGS_EDIT, "mine"), ids.pack(form="mine"))
    away = button("Away", ids.of(ids.SETTINGS_EDIT, "away"), ids.pack(form="away"))
    everything = button("All settings", ids.SETTINGS_UNIT)
    return [section("*Your settings*", " · ".join(parts)), actions(change, away, everything)]


def _away(mine: HomeSettings) -> list[str]:
    if mine.away_from is None:
        return []
    instead = f" ({inline(mine.delegate, 40)} is asked instead)" if mine.delegate else ""
    until = f"to {day(mine.away_until)}" if mine.away_until else "on"
    return [f"away {day(mine.away_from)} {until}{instead}"]


def _blockers(notice: Home) -> list[Block]:
    if not notice.blockers:
        return []
    blocks = [section(f"*Open blockers on you or by you*  {len(notice.blockers)}")]
    for line in notice.blockers[:BLOCKERS]:
        resolve = button("Resolve", ids.of(ids.HOME_RESOLVE, line.number), str(line.number))
        blocks.append(section(blocker_line(line), accessory=resolve))
    if len(notice.blockers) > BLOCKERS:
        blocks.append(context(f"and {len(notice.blockers) - BLOCKERS} more: `/okr blockers`"))
    return blocks
