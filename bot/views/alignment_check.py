"""`/okr align check`: advice about how objectives and key results are written, each with a way to put it aside.

Data in, blocks out; what is advised is decided by the rules.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, input_block, message, modal, section, text_input
from bot.views.text import count, day, inline, said
from rituals.alignment.checks import LONGEST
from rituals.alignment.page import CheckLine, CheckPage

LINES = 8
ASIDE = 8
LONGEST_CONFLICT = 420
RULES = {
    "opposite": "Opposite directions",
    "twice": "The same twice",
    "resource": "Promised to two",
    "support": "Not supported",
    "outcome": "Output, not outcome",
    "specific": "Not specific",
    "measurable": "Not measurable",
    "achievable": "Target to check",
    "relevant": "Moves nothing above",
    "time_bound": "No time to it",
    "lifecycle": "Does not fit the stage",
    "template": "One template for all",
    "objectives": "Too many objectives",
    "key_results": "Number of key results",
}


def check_page(page: CheckPage, start: int = 0) -> Message:
    """The advice from the `start`-th on."""
    aside = f" {len(page.aside)} put aside." if page.aside else ""
    if not page.lines:
        text = f"{inline(page.unit)}: nothing to advise.{aside}"
        return message(text, [section(text), *_aside(page)])
    shown = page.lines[start : start + LINES]
    title = f"*Check* · {inline(page.unit)}  {count(len(page.lines), 'piece')} of advice.{aside}"
    blocks = [section(title), *(block for line in shown for block in _advice(line, page))]
    left = len(page.lines) - start - len(shown)
    if left > 0:
        value = ids.pack(unit=page.unit_key[:100], start=start + len(shown))
        blocks.append(actions(button(f"and {left} more", ids.ALIGN_CHECK_MORE, value)))
    else:
        blocks += _aside(page)
    conflicts = " A confirmed conflict goes to the leads of both lines." if any(one.conflict for one in shown) else ""
    end = f"Advice, never a block. What is fine as it is can be put aside with a reason, for good.{conflicts}"
    blocks.append(context(end))
    return message(f"{inline(page.unit)}: {count(len(page.lines), 'piece')} of advice on its OKRs.", blocks)


def _advice(line: CheckLine, page: CheckPage) -> list[Block]:
    """What is wrong and what to do; a conflict between two lines has its buttons below it, the rest one beside it."""
    value = ids.pack(unit=page.unit_key[:100], name=line.name)
    aside = button("Put aside", ids.of(ids.ALIGN_DISMISS, line.name), value)
    about = f"{inline(line.about[0], 30)}: " if line.about and line.about[0] not in line.missing else ""
    origin = " · proposed by a model" if line.proposed else ""
    head = f"*{RULES.get(line.rule, inline(line.rule))}*{origin}  {about}{said(line.missing, LONGEST_CONFLICT)}"
    lines = [head, f"{said(line.reason, 200)} {said(line.rewrite, 260)}", *_suggested(line)]
    if not line.conflict:
        return [section(*lines, accessory=aside)]
    if line.confirmed_by:
        on = f" on {day(line.confirmed_on)}" if line.confirmed_on else ""
        lines.append(f"Confirmed by {inline(line.confirmed_by, 40)}{on}; the leads of both lines were told.")
        return [section(*lines, accessory=aside)]
    confirm = button("Confirm", ids.of(ids.ALIGN_CONFIRM, line.name), value)
    return [section(*lines), actions(confirm, aside)]


def _aside(page: CheckPage) -> list[Block]:
    """Behind all advice what was put aside, and why."""
    if not page.aside:
        return []
    told = [
        f"{inline(one.about[0] if one.about else page.unit, 30)}, {RULES.get(one.rule, inline(one.rule)).lower()}: "
        f"“{said(one.reason, 160)}” {inline(one.by, 40)}, {day(one.on)}"
        for one in page.aside[:ASIDE]
    ]
    more = [f"and {len(page.aside) - ASIDE} more"] if len(page.aside) > ASIDE else []
    return [section("*Put aside*", *told, *more)]


def _suggested(line: CheckLine) -> list[str]:
    return [f"A model suggests: “{said(line.suggests, 200)}”"] if line.suggests else []


def dismiss_form(unit: str, name: str) -> Block:
    """Why a finding is fine as it is."""
    why = text_input(placeholder="One sentence; others will read it", longest=LONGEST)
    return modal(
        ids.ALIGN_DISMISS_FORM,
        "Put aside",
        [input_block(ids.ALIGN_DISMISS_REASON, "Why is this fine as it is?", why, optional=False)],
        submit="Put aside",
        metadata=ids.pack(unit=unit, name=name),
    )
