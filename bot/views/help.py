"""Help for `/okr`: each subcommand that exists, what it does and an example to copy. Texts are ours, nothing typed
is looked up here but the word itself.
"""

from dataclasses import dataclass

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.text import inline


@dataclass(frozen=True)
class Topic:
    """A subcommand: how it is written, what it does in a line, an example, and what else to know."""

    usage: str
    does: str
    example: str
    more: str = ""


TOPICS: dict[str, Topic] = {
    "checkin": Topic(
        "/okr checkin",
        "answer the check-in that is open for you",
        "/okr checkin",
        "You can also reply in its thread in plain words: 1. key results  2. blockers  3. adjustments.",
    ),
    "update": Topic(
        "/okr update [KR] [value] [confidence] [note] [link]",
        "save a value; without one, the form opens",
        "/okr update KR-12 30 days 7/10 pilot live https://example.com/report",
        "Values: 45%, 12.5k, $3M, 1,250, +5 or down 3 for a change. Confidence: 7/10. Undo works for ten minutes. "
        "`KR-12 at risk: vendor slips` sets a status by hand; it lapses at the next update.",
    ),
    "list": Topic(
        "/okr list [mine | @person | unit | shared | behind | cycle]",
        "key results with status, value, pace and owners, worst first",
        "/okr list shared behind",
        "Filters go together, in any order: crm 2026-Q4 behind.",
    ),
    "show": Topic(
        "/okr show KR",
        "one key result: course, forecast, owners, blockers, last updates",
        "/okr show KR-1",
        "Words of its title do as well as the key. History has all that was said; Share posts it to the channel.",
    ),
    "add": Topic(
        "/okr add [objective | kr | unit] [title]",
        "a form for something new, with advice on how it reads",
        "/okr add kr Average onboarding time",
        "Advice never keeps you from saving. You add what units of yours own.",
    ),
    "edit": Topic(
        "/okr edit KR | objective | unit",
        "the same form for what exists; values that were given stay",
        "/okr edit KR-1",
        "A new target, start, kind or date needs a reason; of a shared key result it is decided above its owners.",
    ),
    "shared": Topic(
        "/okr shared",
        "what two or more units own: who lags and why, and how each owner sees it",
        "/okr shared",
        "A unit that is made a co-owner is asked: it accepts, declines with a reason or offers something else.",
    ),
    "blockers": Topic(
        "/okr blockers [resolve N]",
        "what is in the way, and of whom; resolve one by its number",
        "/okr blockers resolve 12",
    ),
    "nudge": Topic(
        "/okr nudge [@person | KR | all]",
        "who has not answered the check-in you answer for; ask them again",
        "/okr nudge KR-1",
        "For leads of a portfolio, admins, and co-owners of a key result. One by hand a day, five of all kinds a week.",
    ),
    "adjust": Topic(
        "/okr adjust [KR]",
        "propose a change of a key result with its reason; without one, what waits for a decision",
        "/okr adjust KR-12",
        "Who leads above all owners decides on a shared key result; its own lead on a unit's.",
    ),
    "align": Topic(
        "/okr align [map | sharing | strategy | check] [unit]",
        "whether the product lines pull one way: connection rate, coverage, pace, ratings, gaps",
        "/okr align",
        "`map` is the tree of objectives from the top down, `sharing` who shares what with whom, "
        "`strategy` the longer cycles over the shorter ones, `check` advice on how they are written and conflicts "
        "between lines. `matrix picture` and `map picture` draw them.",
    ),
    "workshop": Topic(
        "/okr workshop [start | plan | next | extend | close | cancel | record]",
        "the alignment workshop of a new cycle: plan it, move it on, get its record",
        "/okr workshop start",
        "Each line has ten minutes for its drafts. On a line's drafts react with :link: dependency, :zap: conflict or "
        ":bulb: opportunity. Who facilitates or leads the unit moves it on. Before a cycle that has none yet the bot "
        "proposes one to the portfolio's leads.",
    ),
    "close-cycle": Topic(
        "/okr close-cycle [results | reopen] [cycle]",
        "grade what a cycle leaves, carry over or drop it, then close the cycle and go on in the next",
        "/okr close-cycle 2026-Q4",
        "Every lead grades what is theirs; a lead of the portfolio closes. `results` is the look back.",
    ),
    "digest": Topic(
        "/okr digest [preview | here] [unit] [leadership | portfolio | unit]",
        "the digest as of now, for you alone or for this channel",
        "/okr digest preview CRM",
        "Each audience reads its own: what is to be decided and why; who waits for whom and who is asked; a unit's own "
        "key results, who waits for it, what is due. Settings have when each comes.",
    ),
    "poll": Topic(
        "/okr poll [results [cycle] | start [unit] [until DAY] | close]",
        "the rating of working together: its results, opening it by hand, ending it early",
        "/okr poll start until 12 Dec",
        "It opens by itself in a cycle's last days. Leads of the portfolio and admins open and close it by hand.",
    ),
    "away": Topic(
        "/okr away [until DAY [delegate @PERSON] | off]",
        "tell until when you are away, and who is asked instead",
        "/okr away until 30 Nov delegate @kim",
        "Days as you would say them: 2026-11-30, Friday, next Monday. A Slack status like vacation tells it too.",
    ),
    "settings": Topic(
        "/okr settings [unit]",
        "your zone and quiet hours, a unit's rhythm, leads and channels, the workspace's thresholds",
        "/okr settings CRM",
        "A unit's page has its history, and closes it: it asks what becomes of what is open. `/okr edit CRM` moves it.",
    ),
    "export": Topic(
        "/okr export [yaml | csv | json | md | ics] [cycle]",
        "the portfolio as files, in a direct message",
        "/okr export csv",
        "Without a word all of them. They have what you may see.",
    ),
    "help": Topic("/okr help [word]", "this list, or one command with its example", "/okr help update"),
}


def overview(unknown: str = "", nearest: str = "", corrected: str = "") -> Message:
    """All subcommands; of a word that was typed and is `unknown`, its `nearest` alone where there is one, with a button
    that carries out the `corrected` line.
    """
    lines = [f"`{_short(word, topic)}`  {topic.does}" for word, topic in TOPICS.items()]
    blocks = [section("`/okr`  what waits for you, and your key results", *lines)]
    blocks.append(context(f"For example: `{TOPICS['update'].example}`. `/okr help update` says what else it takes."))
    if not unknown:
        return message(f"Commands of /okr: {', '.join(TOPICS)}.", blocks)
    line = f"I do not know `/okr {inline(unknown.replace('`', ''), 40)}`."
    if nearest not in TOPICS:
        return message(line, [section(line), *blocks])
    line = f"{line} Did you mean `/okr {nearest}`?"
    near = TOPICS[nearest]
    known = [section(f"`{near.usage}`  {near.does}"), context(f"For example: `{near.example}`. `/okr help` lists all.")]
    return message(line, [section(line), *_carry_out(corrected), *known])


def _carry_out(corrected: str) -> list[Block]:
    """The line as it must be meant; nothing where it does not fit a button."""
    packed = ids.pack(value=corrected)
    if not corrected or len(packed) > 2000:
        return []
    return [actions(button(f"/okr {corrected}", ids.of(ids.CHOICE_PICK, 0), packed))]


def _short(word: str, topic: Topic) -> str:
    """How it is written, without what may be left out."""
    return f"/okr {word}" if "[" in topic.usage else topic.usage


def topic_help(word: str) -> Message:
    """One subcommand with its example; the overview for a word that is none."""
    topic = TOPICS.get(word.strip().lower())
    if topic is None:
        return overview(unknown=word) if word.strip() else overview()
    lines = [f"`{topic.usage}`", f"{topic.does[:1].upper()}{topic.does[1:]}.", topic.more]
    blocks = [section(*(line for line in lines if line)), context(f"For example: `{topic.example}`")]
    return message(f"{topic.usage}: {topic.does}. For example: {topic.example}", blocks)
