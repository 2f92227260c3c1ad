"""What was understood of an answer: what was saved, what was guessed, what is still open, with a way back for each.

Shown in the thread where the answer was given and kept current. Data in, blocks out; nothing is decided here.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, message, section
from bot.views.lines import blocker_line, saved_line
from bot.views.text import count, day_of, inline, listed, moment, said, sentence, some
from rituals.notices import Guess, Receipt, SavedLine

UNDOABLE = 8
NOTHING = {1: "No change to the key results.", 2: "No blockers.", 3: "Nothing to adjust."}


def receipt(notice: Receipt) -> Message:
    """The receipt of one answer. What needs the reader comes before what is done."""
    blocks = [*_problems(notice), *_guesses(notice), *_saved(notice), *_blockers(notice)]
    closing = _closing(notice)
    if closing:
        blocks.append(section(*closing))
    blocks.append(actions(button("Edit", ids.RECEIPT_EDIT, str(notice.answer))))
    return message(_fallback(notice), blocks)


def _problems(notice: Receipt) -> list[Block]:
    lines = [said(problem, 400) for problem in notice.problems]
    if notice.late:
        closed = f" on {day_of(notice.closed_at)}" if notice.closed_at else ""
        lines.insert(0, f"That check-in closed{closed}; I kept your answer and marked it late.")
    return [section(*some(lines, 6))] if lines else []


def _guesses(notice: Receipt) -> list[Block]:
    blocks: list[Block] = []
    for guess in notice.guesses[:6]:
        blocks += [section(f"{said(guess.text, 400)} Nothing is written until you choose."), _choices(guess)]
    if len(notice.guesses) > 6:
        blocks.append(section(f"and {len(notice.guesses) - 6} more to settle: write them one a line."))
    return blocks


def _choices(guess: Guess) -> Block:
    return actions(
        *(
            button(
                label,
                ids.of(ids.GUESS_PICK, f"{guess.proposal}:{number}"),
                ids.pack(proposal=guess.proposal, value=value),
            )
            for number, (value, label) in enumerate(guess.choices[:5])
        )
    )


def _saved(notice: Receipt) -> list[Block]:
    shown, rest = notice.saved[:UNDOABLE], notice.saved[UNDOABLE:]
    blocks = [section(f"{_word(line)}{saved_line(line)}", accessory=_undo(line)) for line in shown]
    if rest:
        blocks.append(section(*some([f"{_word(line)}{saved_line(line)}" for line in rest], 12)))
    return blocks


def _word(line: SavedLine) -> str:
    return "" if line.undone else "Saved: "


def _undo(line: SavedLine) -> Block | None:
    if line.undone or not line.undoable:
        return None
    return button("Undo", ids.of(ids.RECEIPT_UNDO, line.update), str(line.update))


def _blockers(notice: Receipt) -> list[Block]:
    blocks = [
        section(
            f"Blocker {blocker_line(line)}",
            accessory=button("Not a blocker", ids.of(ids.BLOCKER_NOT, line.number), str(line.number)),
        )
        for line in notice.blockers[:6]
    ]
    if len(notice.blockers) > 6:
        blocks.append(section(f"and {len(notice.blockers) - 6} more blockers: `/okr blockers`"))
    return blocks


def _closing(notice: Receipt) -> list[str]:
    lines = [f"To adjust: {said(text, 200)}" for text in some(list(notice.adjustments), 4)]
    nothing = " ".join(NOTHING[number] for number in notice.nothing if number in NOTHING)
    lines += [nothing] if nothing else []
    if notice.waiting:
        lines.append(f"Still open: {listed([inline(key, 40) for key in notice.waiting])}.")
    if notice.unanswered:
        which = " and ".join(str(number) for number in notice.unanswered)
        noun = "Question" if len(notice.unanswered) == 1 else "Questions"
        lines.append(f"{noun} {which} {'is' if len(notice.unanswered) == 1 else 'are'} still open.")
    done = _done(notice)
    return [*lines, done] if done else lines


def _done(notice: Receipt) -> str:
    parts = []
    if notice.finished:
        parts.append(f"done in {_duration(notice.seconds)}" if notice.seconds is not None else "done")
    if notice.next_slot:
        parts.append(f"next check-in {moment(notice.next_slot)}")
    return f"{sentence('; '.join(parts))}." if parts else ""


def _duration(seconds: int) -> str:
    minutes, rest = divmod(max(0, seconds), 60)
    if minutes >= 60:
        hours, minutes = divmod(minutes, 60)
        return f"{hours} h {minutes} min" if hours < 48 else count(hours // 24, "day")
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _fallback(notice: Receipt) -> str:
    kept = [line for line in notice.saved if not line.undone]
    parts = []
    if kept:
        parts.append(f"Saved {listed([inline(line.key, 30) for line in kept], 5)}.")
    if notice.guesses:
        parts.append(f"{count(len(notice.guesses), 'value')} to confirm.")
    if notice.problems:
        parts.append(said(notice.problems[0], 200))
    if notice.blockers:
        parts.append(f"{count(len(notice.blockers), 'blocker')} noted.")
    return " ".join(parts) or "Your answer is stored."
