"""The alignment rating: one question with five buttons, the sentence beside it, and the result. Decides nothing."""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, input_block, message, modal, section, text_input
from bot.views.text import inline, moment, percent, quoted
from rituals.notices import RatingAsk, RatingResult

SCALE = "1 not at all – 5 seamlessly"
SPOKEN = {1: "1 not at all", 5: "5 seamlessly"}  # for who hears the button and not the line above it


def ask(notice: RatingAsk) -> Message:
    """The question to one lead; shows the vote given, and that it closed."""
    question = f"How well did the product lines of {inline(notice.unit)} work together in {inline(notice.cycle)}?"
    if notice.closed:
        return message(f"{question} {_final(notice)}", [section(f"*{question}*", _final(notice)), *_comment(notice)])
    blocks = [section(f"*{question}*", SCALE), votes(notice.poll, notice.score)]
    if notice.score is not None:
        label = "Change the sentence" if notice.comment else "Add a sentence"
        why = "" if notice.comment else " One sentence on why helps most."
        blocks.append(section(f"You said {notice.score}.{why}"))
        blocks += [*_comment(notice), actions(button(label, ids.RATING_COMMENT, str(notice.poll)))]
    blocks.append(
        context(
            f"One vote each, changeable until {moment(notice.closes_at)}. The result shows how many chose each "
            "score, not who; a sentence is shown with your name."
        )
    )
    return message(f"{question} Please choose 1 to 5 by {moment(notice.closes_at)}.", blocks)


def votes(poll: int, chosen: int | None = None, *, about: object = None) -> Block:
    """The five buttons; `about` tells several polls in one view apart."""
    return actions(*(_vote(poll, score, chosen, about) for score in range(1, 6)))


def _vote(poll: int, score: int, chosen: int | None, about: object) -> Block:
    name = ids.RATING_VOTES[score - 1]
    action = name if about is None else ids.of(name, about)
    element = button(str(score), action, str(poll), style="primary" if score == chosen else None)
    return {**element, "accessibility_label": SPOKEN[score]} if score in SPOKEN else element


def _final(notice: RatingAsk) -> str:
    if notice.score is None:
        return "Closed; you did not vote."
    return f"Closed; you said {notice.score}."


def _comment(notice: RatingAsk) -> list[Block]:
    return [section(quoted(notice.comment))] if notice.comment else []


def comment_form(poll: int, comment: str = "") -> Block:
    """The modal for the optional sentence; an empty one takes it back."""
    field = text_input(placeholder="What worked, what did not", initial=comment, multiline=True, longest=500)
    return modal(
        ids.RATING_COMMENT_FORM,
        "One sentence",
        [input_block(ids.RATING_COMMENT_TEXT, "Why this score?", field)],
        submit="Save",
        metadata=ids.pack(poll=poll),
    )


def result(notice: RatingResult) -> Message:
    """Mean, spread, response rate and the votes by score, with the change since the last cycle."""
    title = f"Working together in {inline(notice.cycle)}, {inline(notice.unit)}"
    if notice.mean is None:
        line = f"{title}: nobody of {notice.asked} voted, so there is no rating."
        return message(line, [section(line)])
    headline = f"{notice.mean:.1f} of 5{_before(notice)}"
    blocks = [section(f"*{title}: {headline}*", f"{_votes(notice)} {_scores(notice.scores)}")]
    for name, words in notice.comments[:5]:
        blocks.append(section(f"{inline(name)}:", quoted(words, 300)))
    if len(notice.comments) > 5:
        blocks.append(context(f"and {len(notice.comments) - 5} more sentences"))
    return message(f"{title}: {headline}. {_votes(notice)}", blocks)


def _before(notice: RatingResult) -> str:
    if notice.before is None or notice.mean is None:
        return ""
    cycle, mean = notice.before
    change = round(notice.mean, 1) - round(mean, 1)
    signed = f"{change:+.1f}".replace("-", "−")
    return f" ({signed} since {inline(cycle)}, {mean:.1f})"


def _votes(notice: RatingResult) -> str:
    rate = f" ({percent(notice.votes / notice.asked)})" if notice.asked else ""
    spread = f", spread {notice.spread:.1f}" if notice.spread is not None else ""
    return f"{notice.votes} of {notice.asked} voted{rate}{spread}."


def _scores(scores: dict[int, int]) -> str:
    told = [f"{scores[score]} said {score}" for score in (5, 4, 3, 2, 1) if scores.get(score)]
    return f"{', '.join(told)}." if told else ""
