"""A digest: a native table and chart where Slack takes them, fields or plain text where it does not.

Each lower rung carries the same facts, for delivery to fall back on when Slack refuses blocks. It is short at any size:
what does not fit is ranked out, and `and 12 more` leads to the thread. Nothing is decided.
"""

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import (
    Block,
    Message,
    Rung,
    actions,
    button,
    context,
    fields,
    linked_cell,
    message,
    section,
    table,
)
from bot.views.digest_charts import digest_chart
from bot.views.digest_limits import CHARACTERS, Limits, limits_of
from bot.views.fitting import characters
from bot.views.lines import plain_marked, standing
from bot.views.standing import digest_line
from bot.views.text import beside, count, day, few, inline, link, listed, percent, plain, said, sentence
from rituals.notices import Claim, Digest, FallingBehind

STILL = 8  # keys in the one line of a digest in which nothing changed
REASONS = 6
SECTIONS = 2  # of an audience's own: no audience has more
REST = {"decisions": "/okr adjust"}  # where a preview leads to the rest of a list
ROW = 3  # names in the last line
OWNERS = 8
HEAD = ("Key result", "Now", "Expected", "Why", "Owners")
FOR = {"portfolio": "for its product lines"}


def digest(notice: Digest) -> Message:
    """The digest on the highest rung."""
    return digest_at(notice, "native")


def digest_at(notice: Digest, rung: Rung) -> Message:
    """The digest on one rung of the ladder native, fields, text."""
    text = f"{inline(notice.unit)}, week of {day(notice.week_of)}: {said(notice.headline, 600)}"
    return message(text, digest_blocks(notice, rung))


def digest_blocks(notice: Digest, rung: Rung) -> list[Block]:
    """What changed, who falls behind and why, what is to be decided, what blocks, what moved, who is silent; then how
    it was worded. As much of it as fits in 3,000 characters."""
    found: list[Block] = []
    for limits in limits_of(notice.audience):
        found = _blocks(notice, rung, limits)
        if characters(found) <= CHARACTERS:
            break
    return found


def _blocks(notice: Digest, rung: Rung, limits: Limits) -> list[Block]:
    blocks = [context("Preview: only you see this.")] if notice.preview else []
    blocks.append(section(_title(notice), _headline(notice, limits)))
    if notice.nothing:
        blocks.append(section(_still(notice)))
    else:
        blocks += _falling(notice, rung, limits)
        blocks += [section(*lines) for lines in (_register(notice, limits), _rest(notice, limits)) if lines]
        if notice.chart and rung == "native":
            blocks.append(digest_chart(notice))
    blocks.append(context(_worded(notice)))
    return [*blocks, *_readers(notice)]


def _title(notice: Digest) -> str:
    parts = [inline(notice.unit), f"week of {day(notice.week_of)}"]
    if notice.audience in FOR:
        parts.append(FOR[notice.audience])
    if notice.cycle and notice.elapsed is not None:
        parts.append(f"{inline(notice.cycle)} is {percent(notice.elapsed)} through")
    return f"*{' · '.join(parts)}*"


def _headline(notice: Digest, limits: Limits) -> str:
    return _by(notice, "headline", said(notice.headline, max(limits.line, 200)))


def _by(notice: Digest, place: str, line: str) -> str:
    """The line, with the name of the person whose own it is."""
    by = next((one.by for one in notice.edited if one.place == place), None)
    return f"{line} _(edited by {inline(by, 40)})_" if by else line


def _still(notice: Digest) -> str:
    """Where nothing changed: what is behind all the same, by key."""
    keys = few(notice.falling, lambda one: f"*{inline(one.line.key, 30)}*", STILL)
    where = f"still {listed(keys, len(keys))}; {_where(notice)}" if keys else "Nothing."
    return f"*Falling behind*  {where}"


def _where(notice: Digest) -> str:
    return "`/okr list behind`" if notice.preview else "the lists are in the thread"


def _falling(notice: Digest, rung: Rung, limits: Limits) -> list[Block]:
    falling = notice.falling
    thing = "key result" if notice.audience == "unit" else "shared key result"
    if not falling:
        return [section(f"*Falling behind*  None of the {thing}s.")]
    shown, rest = falling[: limits.falling], len(falling) - limits.falling
    title = section(f"*Falling behind*  {count(len(falling), thing)}, worst first")
    blocks = [title, *_RUNGS[rung](shown, limits)]
    if rest > 0:
        command = "/okr list behind" if notice.audience == "unit" else "/okr shared"
        where = f": `{command}`" if notice.preview else " in the thread"
        blocks.append(context(f"and {rest} more{where}"))
    return blocks


def _as_table(falling: tuple[FallingBehind, ...], limits: Limits) -> list[Block]:
    rows = [
        (
            linked_cell(_name(one, limits), one.permalink),
            plain(one.line.now or "no value", 30),
            plain(_expected(one), 30),
            plain(_why(one, limits), limits.why),
            plain(_owners(one), limits.names),
        )
        for one in falling
    ]
    return [table(HEAD, rows, wrap=(0, 3, 4))]


def _as_fields(falling: tuple[FallingBehind, ...], limits: Limits) -> list[Block]:
    return [
        fields(
            (
                f"*{link(one.permalink, _name(one, limits))}*\n{standing(one.line)}",
                f"{said(_why(one, limits), limits.why)}\n{inline(_owners(one), limits.names)}",
            )
        )
        for one in falling
    ]


def _as_text(falling: tuple[FallingBehind, ...], limits: Limits) -> list[Block]:
    return [
        section(
            *(
                f"{link(one.permalink, _name(one, limits))}: {standing(one.line)}. "
                f"{sentence(said(_why(one, limits), limits.why))}. {inline(_owners(one), limits.names)}"
                for one in falling
            )
        )
    ]


_RUNGS = {"native": _as_table, "fields": _as_fields, "text": _as_text}


def _name(one: FallingBehind, limits: Limits) -> str:
    shape, words = plain_marked(one.line.status, one.line.by_hand)
    return f"{shape} {words}: {one.line.key} {plain(one.line.title, limits.title)}"


def _expected(one: FallingBehind) -> str:
    if one.line.expected is None:
        return "–"
    return beside(one.line.now, one.line.expected) if one.line.now else one.line.expected


def _why(one: FallingBehind, limits: Limits) -> str:
    on = f" ({day(one.words_on)})" if one.words_on else ""
    words = f" – “{plain(one.words, limits.quote)}”{on}" if one.words and limits.quote else ""
    return f"{'; '.join(one.why[:REASONS])}{words}"


def _owners(one: FallingBehind) -> str:
    return listed(few(one.line.owners, str, OWNERS), OWNERS + 1)


def _register(notice: Digest, limits: Limits) -> list[str]:
    """What is to be decided, what blocks, and what this audience reads beside."""
    lines = []
    if notice.decisions:
        lines += ["*Decisions needed*", *_bullets(notice, "decisions", notice.decisions, limits, limits.decisions)]
    total = count(notice.blockers_open, "open", "open")
    if notice.blockers:
        lines += [f"*Blockers*  {total}", *_bullets(notice, "blockers", notice.blockers, limits, limits.blockers)]
    elif notice.blockers_open:
        lines.append(f"*Blockers*  {total}: `/okr blockers`")
    else:
        lines.append("*Blockers*  None open.")
    for number, part in enumerate(notice.more[:SECTIONS]):
        lines.append(f"*{inline(part.title, 60)}*")
        lines += _bullets(notice, f"more:{number}", part.lines, limits, limits.more)
    return lines


def _bullets(notice: Digest, name: str, items: Sequence[str | Claim], limits: Limits, most: int) -> list[str]:
    """The first of a list; what is not shown is not worded either."""

    def worded(place: tuple[int, str | Claim]) -> str:
        number, item = place
        line = _claim(item, limits) if isinstance(item, Claim) else said(item, limits.line)
        return _by(notice, f"{name}:{number}", line)

    lines = [f"• {line}" for line in few(list(enumerate(items)), worded, most)]
    if len(items) > most + 1:
        lines[-1] += f": `{REST.get(name, '/okr blockers')}`" if notice.preview else " in the thread"
    return lines


def _claim(claim: Claim, limits: Limits) -> str:
    sources = "".join(link(url, f"[{number}]") for number, url in claim.sources[:6])
    return f"{said(claim.text, limits.line)} {sources}".rstrip()


def _rest(notice: Digest, limits: Limits) -> list[str]:
    rows = (
        ("Moved", "moved", limits.row, "; "),
        ("Achieved", "achieved", limits.row, "; "),
        ("Silent", "silent", limits.row, "; "),
        ("Not answered", "not_answered", limits.people, ", "),
    )
    lines = [line for name, field, most, between in rows if (line := _row(notice, name, field, most, between, limits))]
    return [*lines, *digest_line(notice)]


def _row(notice: Digest, name: str, field: str, most: int, between: str, limits: Limits) -> str:
    def worded(place: tuple[int, str]) -> str:
        number, item = place
        short = item.removesuffix(" achieved") if field == "achieved" else item
        return _by(notice, f"{field}:{number}", said(short, min(limits.line, 120)))

    items = list(enumerate(getattr(notice, field)))
    shown = few(items, worded, most)
    more = " in the thread" if len(items) > most + 1 and not notice.preview else ""
    return f"*{name}*  {listed(shown, len(shown), between=between)}{more}" if items else ""


def _worded(notice: Digest) -> str:
    return f"{_by_whom(notice)}{_edited(notice)}"


def _by_whom(notice: Digest) -> str:
    if notice.worded_by == "model":
        against = f"Worded by a model and checked against {count(notice.checked_against, 'answer')}"
        dropped = f"; {count(notice.dropped, 'sentence')} that did not hold left out" if notice.dropped else ""
        return f"{against}{dropped}."
    why = f" ({said(notice.why_rules, 120)})" if notice.why_rules else ""
    return f"Worded by rules{why}; the figures are always computed."


def _edited(notice: Digest) -> str:
    """What nothing has checked, because a person wrote it."""
    names = few(list(dict.fromkeys(one.by for one in notice.edited)), lambda name: inline(name, 40), ROW)
    lines = count(len(notice.edited), "line")
    return f" Not checked: {lines} edited by {listed(names, len(names))}." if names else ""


def _readers(notice: Digest) -> list[Block]:
    """Under a posted digest what it asks of its readers; under a preview what they said of those before."""
    if notice.preview:
        told = [f"Readers found it {inline(notice.found_useful, 60)}."] if notice.found_useful else []
        told += [f"Not useful: “{said(text, 200)}”" for text in notice.not_useful]
        return [context(*told)] if told else []
    about = str(notice.digest)
    useful = button("Useful", ids.of(ids.DIGEST_USEFUL, about), about)
    return [actions(useful, button("Not useful", ids.of(ids.DIGEST_NOT_USEFUL, about), about))] if notice.digest else []
