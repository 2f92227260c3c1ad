"""The leadership's digest: a native table and chart where Slack takes them, fields or plain text where it does not.

Each lower rung carries the same facts, for delivery to fall back on when Slack refuses blocks. Nothing is decided.
"""

import re
from itertools import accumulate

from bot.views.blocks import Block, Message, Rung, chart, context, fields, linked_cell, message, section, table
from bot.views.fitting import MESSAGE_TEXT
from bot.views.lines import SHAPES, WORDS, standing
from bot.views.text import beside, count, day, inline, link, listed, percent, plain, points, said, sentence, some
from rituals.notices import Claim, Digest, DigestDetails, FallingBehind

FALLING = 6
CHARTED = 12
ROW = 3  # things named in a row
NAMES = 8
MOST = 40  # sections of a list in the thread
ASIDE = 500  # characters of a message for its title and the last line
LONG = 120  # characters from which lines of a list stand apart
QUOTED = 90  # of a quotation in the message; the whole of it is in the thread
_KEY = re.compile(r"^([A-Z]{1,5}-\d{1,6})(?= )")
HEAD = ("Key result", "Now", "Expected", "Why", "Owners")


def digest(notice: Digest) -> Message:
    """The digest on the highest rung."""
    return digest_at(notice, "native")


def digest_at(notice: Digest, rung: Rung) -> Message:
    """The digest on one rung of the ladder native, fields, text."""
    text = f"{inline(notice.unit)}, week of {day(notice.week_of)}: {said(notice.headline, 600)}"
    return message(text, digest_blocks(notice, rung))


def digest_blocks(notice: Digest, rung: Rung) -> list[Block]:
    """What changed, who falls behind and why, what blocks, what moved, who is silent; then how it was worded."""
    blocks = [context("Preview: only you see this.")] if notice.preview else []
    blocks.append(section(_title(notice), said(notice.headline, 600)))
    blocks += _falling(notice, rung)
    blocks += [section(*lines) for lines in (_blockers(notice), _rest(notice)) if lines]
    if notice.chart and rung == "native":
        blocks.append(_chart(notice))
    return [*blocks, context(_worded(notice))]


def _title(notice: Digest) -> str:
    parts = [inline(notice.unit), f"week of {day(notice.week_of)}"]
    if notice.cycle and notice.elapsed is not None:
        parts.append(f"{inline(notice.cycle)} is {percent(notice.elapsed)} through")
    return f"*{' · '.join(parts)}*"


def _falling(notice: Digest, rung: Rung) -> list[Block]:
    falling = notice.falling
    if not falling:
        return [section("*Falling behind*  None of the shared key results.")]
    shown, rest = falling[:FALLING], len(falling) - FALLING
    title = section(f"*Falling behind*  {count(len(falling), 'shared key result')}, worst first")
    blocks = [title, *_RUNGS[rung](shown)]
    if rest > 0:
        where = ": `/okr shared`" if notice.preview else " in the thread"
        blocks.append(context(f"and {rest} more{where}"))
    return blocks


def _as_table(falling: tuple[FallingBehind, ...]) -> list[Block]:
    rows = [
        (
            linked_cell(_name(one), one.permalink),
            one.line.now or "no value",
            _expected(one),
            _why(one),
            ", ".join(one.line.owners),
        )
        for one in falling
    ]
    return [table(HEAD, rows, wrap=(0, 3, 4))]


def _as_fields(falling: tuple[FallingBehind, ...]) -> list[Block]:
    return [
        fields(
            (
                f"*{link(one.permalink, _name(one))}*\n{standing(one.line)}",
                f"{said(_why(one), 600)}\n{inline(', '.join(one.line.owners), 120)}",
            )
        )
        for one in falling
    ]


def _as_text(falling: tuple[FallingBehind, ...]) -> list[Block]:
    return [
        section(
            *(
                f"{link(one.permalink, _name(one))}: {standing(one.line)}. {sentence(said(_why(one), 200))}. "
                f"{inline(', '.join(one.line.owners))}"
                for one in falling
            )
        )
    ]


_RUNGS = {"native": _as_table, "fields": _as_fields, "text": _as_text}


def _name(one: FallingBehind) -> str:
    status = one.line.status
    return f"{SHAPES[status]} {WORDS[status]}: {one.line.key} {plain(one.line.title, 70)}"


def _expected(one: FallingBehind) -> str:
    if one.line.expected is None:
        return "–"
    return beside(one.line.now, one.line.expected) if one.line.now else one.line.expected


def _why(one: FallingBehind) -> str:
    on = f" ({day(one.words_on)})" if one.words_on else ""
    words = f" – “{plain(one.words, QUOTED)}”{on}" if one.words else ""
    return f"{'; '.join(one.why)}{words}"


def _blockers(notice: Digest) -> list[str]:
    lines = []
    if notice.decisions:
        lines += ["*Decisions needed*", *(f"• {said(text, 200)}" for text in some(list(notice.decisions), 4))]
    total = count(notice.blockers_open, "open", "open")
    if notice.blockers:
        lines += [f"*Blockers*  {total}", *(f"• {text}" for text in some([_claim(c) for c in notice.blockers], 4))]
    elif notice.blockers_open:
        lines.append(f"*Blockers*  {total}: `/okr blockers`")
    else:
        lines.append("*Blockers*  None open.")
    return lines


def _claim(claim: Claim) -> str:
    sources = "".join(link(url, f"[{number}]") for number, url in claim.sources[:6])
    return f"{said(claim.text, 300)} {sources}".rstrip()


def _rest(notice: Digest) -> list[str]:
    rows = (
        ("Moved", [*notice.achieved, *notice.moved], ROW, "; "),
        ("Silent", list(notice.silent), ROW, "; "),
        ("Not answered", list(notice.not_answered), NAMES, ", "),
    )
    lines = [
        f"*{name}*  {listed([said(item, 120) for item in items], most, between=between)}"
        f"{' in the thread' if len(items) > most + 1 and not notice.preview else ''}"
        for name, items, most, between in rows
        if items
    ]
    if notice.connection_rate is not None:
        moved = f" ({points(notice.connection_change)})" if notice.connection_change else ""
        lines.append(f"*Connection rate*  {percent(notice.connection_rate)}{moved}")
    return lines


def _chart(notice: Digest) -> Block:
    worst = notice.chart[:CHARTED]
    labels = [label for label, _, _ in worst]
    values = [round(max(0.0, value) * 100, 1) for _, value, _ in worst]
    expected = [round(max(0.0, value) * 100, 1) for _, _, value in worst]
    return chart(
        "bar",
        "Shared key results against expectation",
        labels,
        [("Progress", values), ("Expected", expected)],
        y_label="% of the way",
    )


def _worded(notice: Digest) -> str:
    if notice.worded_by == "model":
        against = f"Worded by a model and checked against {count(notice.checked_against, 'answer')}"
        dropped = f"; {count(notice.dropped, 'sentence')} that did not hold left out" if notice.dropped else ""
        return f"{against}{dropped}."
    why = f" ({said(notice.why_rules, 120)})" if notice.why_rules else ""
    return f"Worded by rules{why}; the figures are always computed."


def details(notice: DigestDetails) -> Message:
    """A whole list behind the digest, in its thread: as many sections as it takes, at most 40."""
    title = f"*{inline(notice.title, 120)}*  {len(notice.lines)}"
    lines = _that_fit([_KEY.sub(r"*\1*", said(line, 400)) for line in notice.lines], MESSAGE_TEXT - ASIDE)
    size = 1 if len(lines) <= MOST and max(map(len, lines), default=0) > LONG else 6
    chunks = [lines[start : start + size] for start in range(0, len(lines), size)]
    blocks = [section(title), *(section(*chunk) for chunk in chunks[:MOST])]
    if left := len(notice.lines) - min(len(lines), MOST * size):
        blocks.append(context(f"and {left} more: `/okr list`"))
    return message(f"More to the digest, {inline(notice.title, 120)}: {count(len(lines), 'line')}.", blocks)


def _that_fit(lines: list[str], characters: int) -> list[str]:
    """As many from the beginning as one message takes."""
    ends = accumulate(len(line) + 1 for line in lines)
    return [line for line, end in zip(lines, ends, strict=True) if end <= characters]
