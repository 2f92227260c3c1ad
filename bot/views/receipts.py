"""What was understood of an answer: what was saved, what was guessed, what is still open, with a way back for each.

Shown in the thread where the answer was given and kept current. Data in, blocks out; nothing is decided here.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, message, option, section, select
from bot.views.lines import blocker_line, saved_line, unmoved_line
from bot.views.text import change, count, day_of, duration, inline, listed, moment, plain, said, sentence, some
from rituals.notices import BlockerLine, Guess, Receipt, SavedLine

UNDOABLE = 3  # so few values have a button each; more would push the rest off a phone
LISTED = 12
NOTHING = {1: "No change to the key results.", 2: "No blockers.", 3: "Nothing to adjust."}


def receipt(notice: Receipt) -> Message:
    """The receipt of one answer. What needs the reader comes before what is done."""
    blocks = [*_problems(notice), *_guesses(notice), *_wanted(notice), *_saved(notice), *_blockers(notice)]
    closing = _closing(notice)
    if closing:
        blocks.append(section(*closing))
    blocks.append(actions(button("Edit", ids.RECEIPT_EDIT, str(notice.answer)), _undo_one(notice.saved)))
    return message(_fallback(notice), blocks)


def _problems(notice: Receipt) -> list[Block]:
    lines = [said(problem, 300) for problem in notice.problems]
    if notice.late:
        closed = f" on {day_of(notice.closed_at)}" if notice.closed_at else ""
        lines.insert(0, f"That check-in closed{closed}; I kept your answer and marked it late.")
    if notice.early and notice.finished:
        number = f"check-in {notice.number}" if notice.number else "the check-in"
        lines.append(f"Early: it counts for {number}, and you will not be asked again.")
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


def _wanted(notice: Receipt) -> list[Block]:
    """What the lead still owes in this round, each with what to do about it."""
    lines = []
    if notice.waiting:
        lines.append(f"Still open: {listed([inline(key, 40) for key in notice.waiting])}.")
    if notice.looks:
        keys = listed([inline(key, 40) for key in notice.looks])
        lines.append(f"{keys}: how {'does it' if len(notice.looks) == 1 else 'do they'} look from your side?")
    if notice.unanswered:
        lines.append(_unanswered(notice.unanswered))
    return [section(*lines)] if lines else []


def _unanswered(numbers: tuple[int, ...]) -> str:
    which = " and ".join(str(number) for number in numbers)
    reply = " ".join(f"{number}. no" for number in numbers)
    subject = f"Question {which} is" if len(numbers) == 1 else f"Questions {which} are"
    return f"{subject} still open. Reply `{reply}`, or what there is."


def _saved(notice: Receipt) -> list[Block]:
    """A few lines with Undo each; many as one list, and then what did not move is only named."""
    if len(notice.saved) <= UNDOABLE:
        return [section(f"{_word(line)}{saved_line(line)}", accessory=_undo(line)) for line in notice.saved]
    same = [line for line in notice.saved if _is_same(line)]
    moved = [saved_line(line) for line in notice.saved if not _is_same(line)]
    lines = [f"Saved {count(len(notice.saved), 'value')}:", *some(moved, LISTED)] if moved else []
    if same:
        lines.append(
            f"{'Unchanged' if moved else 'Saved, unchanged'}: {listed([unmoved_line(line) for line in same], 12)}"
        )
    return [section(*lines)]


def _is_same(line: SavedLine) -> bool:
    told = line.confidence not in (None, line.confidence_before)
    return line.before == line.after and not told and not line.undone and line.role != "view"


def _word(line: SavedLine) -> str:
    return "" if line.undone else "Saved: "


def _undo(line: SavedLine) -> Block | None:
    if line.undone or not line.undoable:
        return None
    return button("Undo", ids.of(ids.RECEIPT_UNDO, line.update), str(line.update))


def _undo_one(saved: tuple[SavedLine, ...]) -> Block | None:
    """The way back where there are too many lines for a button each."""
    if len(saved) <= UNDOABLE:
        return None
    options = [
        option(f"{line.key} {change(line.before, line.after)}", str(line.update))
        for line in saved
        if line.undoable and not line.undone
    ]
    return select(options, placeholder="Undo one", action_id=ids.RECEIPT_UNDO) if options else None


def _blockers(notice: Receipt) -> list[Block]:
    blocks = [block for line in notice.blockers[:6] for block in _blocker(line)]
    if len(notice.blockers) > 6:
        blocks.append(section(f"and {len(notice.blockers) - 6} more blockers: `/okr blockers`"))
    return blocks


def _blocker(line: BlockerLine) -> list[Block]:
    """What was understood, and who may be asked for help; while that is open, one row of buttons."""
    about = str(line.number)
    ask = button(f"Ask {plain(line.on, 40)}", ids.of(ids.BLOCKER_ASK, about), about) if line.on else None
    other = "Other unit" if line.on else "Ask a unit"
    refuse = button("Not a blocker", ids.of(ids.BLOCKER_NOT, about), about)
    text = f"Blocker {blocker_line(line, fresh=True)}"
    if line.handshake:
        return [section(text, accessory=refuse)]
    return [section(text), actions(ask, button(other, ids.of(ids.BLOCKER_ASK_OTHER, about), about), refuse)]


def _closing(notice: Receipt) -> list[str]:
    lines = [f"To adjust: {said(text, 200)}" for text in some(list(notice.adjustments), 4)]
    nothing = " ".join(NOTHING[number] for number in notice.nothing if number in NOTHING)
    lines += [nothing] if nothing else []
    done = _done(notice)
    return [*lines, done] if done else lines


def _done(notice: Receipt) -> str:
    parts = []
    if notice.finished:
        parts.append(f"done in {duration(notice.seconds)}" if notice.seconds else "done")
    if notice.next_slot:
        parts.append(f"next check-in {moment(notice.next_slot)}")
    return f"{sentence('; '.join(parts))}." if parts else ""


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
    wanted = [*notice.waiting, *notice.looks]
    if wanted:
        parts.append(f"Still open: {listed([inline(key, 40) for key in wanted], 5)}.")
    return " ".join(parts) or "Your answer is stored."
