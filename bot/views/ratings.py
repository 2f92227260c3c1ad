"""The alignment rating: one question with five buttons, the sentence with it, the reminder and the result. Decides
nothing.

Of an anonymous rating no view shows a person what they voted, and each button says first that it counts for good.
"""

from bot.views import ids
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    confirmed,
    context,
    input_block,
    message,
    modal,
    section,
    text_input,
)
from bot.views.text import count, inline, listed, moment, percent, quoted
from rituals.notices import RatingAsk, RatingLine, RatingReminder, RatingResult

SCALE = "1 not at all – 5 seamlessly"
SPOKEN = {1: "1 not at all", 5: "5 seamlessly"}  # for who hears the button and not the line above it
FOR_GOOD = "It counts for good: nothing joins a vote to who gave it, so it can be neither changed nor taken back."
COMMENTS, LINES = 5, 8
LONGEST = 500


def ask(notice: RatingAsk) -> Message:
    """The question to one lead; shows the vote given, or of an anonymous one that it was, and that it closed."""
    question = f"How well did the product lines of {inline(notice.unit)} work together in {inline(notice.cycle)}?"
    if notice.closed:
        return message(f"{question} {_final(notice)}", [section(f"*{question}*", _final(notice)), *_comment(notice)])
    blocks = _anonymous(notice, question) if notice.anonymous else _attributed(notice, question)
    if notice.anonymous and notice.voted:
        return message(f"{question} You have voted.", blocks)
    return message(f"{question} Please choose 1 to 5 by {moment(notice.closes_at)}.", blocks)


def _anonymous(notice: RatingAsk, question: str) -> list[Block]:
    until = moment(notice.closes_at)
    if notice.voted:
        kept = "You have voted. What you chose is kept apart from your name, so it cannot be shown or changed."
        return [section(f"*{question}*", kept), context(f"The result comes {until}.")]
    field = text_input(placeholder="What worked, what did not", multiline=True, longest=LONGEST)
    sentence = input_block(ids.of(ids.RATING_SENTENCE, notice.poll), "One sentence on why, before you vote", field)
    note = (
        f"Anonymous, until {until}. That you voted is kept apart from what you vote, with nothing to join the two, so "
        f"a vote cannot be changed. The result and the sentences, shuffled, are shown from {notice.fewest} votes on."
    )
    return [section(f"*{question}*", SCALE), sentence, votes(notice.poll, anonymous=True), context(note)]


def _attributed(notice: RatingAsk, question: str) -> list[Block]:
    blocks = [section(f"*{question}*", SCALE), votes(notice.poll, notice.score)]
    if notice.score is not None:
        label = "Change the sentence" if notice.comment else "Add a sentence"
        why = "" if notice.comment else " One sentence on why helps most."
        blocks.append(section(f"You said {notice.score}.{why}"))
        blocks += [*_comment(notice), actions(button(label, ids.RATING_COMMENT, str(notice.poll)))]
    note = (
        f"One vote each, changeable until {moment(notice.closes_at)}. It is not anonymous: the result shows a mean for "
        "each product line, and a sentence with your name."
    )
    return [*blocks, context(note)]


def votes(poll: int, chosen: int | None = None, *, about: object = None, anonymous: bool = False) -> Block:
    """The five buttons; `about` tells several polls in one view apart, an `anonymous` one asks before it counts."""
    return actions(*(_vote(poll, score, chosen, about, anonymous) for score in range(1, 6)))


def _vote(poll: int, score: int, chosen: int | None, about: object, anonymous: bool) -> Block:
    name = ids.RATING_VOTES[score - 1]
    action = name if about is None else ids.of(name, about)
    element = button(str(score), action, str(poll), style="primary" if score == chosen else None)
    element = {**element, "accessibility_label": SPOKEN[score]} if score in SPOKEN else element
    if not anonymous:
        return element
    return confirmed(element, title=f"Vote {score} of 5?", text=FOR_GOOD, yes=f"Vote {score}")


def _final(notice: RatingAsk) -> str:
    if notice.anonymous:
        return "Closed; you voted." if notice.voted else "Closed; you did not vote."
    if notice.score is None:
        return "Closed; you did not vote."
    return f"Closed; you said {notice.score}."


def _comment(notice: RatingAsk) -> list[Block]:
    return [section(quoted(notice.comment))] if notice.comment else []


def reminder(notice: RatingReminder) -> Message:
    """The one reminder, under the question; the lead is mentioned because they must act."""
    what = f"the rating of {inline(notice.unit)} for {inline(notice.cycle)}"
    line = f"<@{notice.user}> Your vote is missing: {what} closes {moment(notice.closes_at)}. One tap above is enough."
    return message(line, [section(line)])


def comment_form(poll: int, comment: str = "") -> Block:
    """The modal for the optional sentence; an empty one takes it back."""
    field = text_input(placeholder="What worked, what did not", initial=comment, multiline=True, longest=LONGEST)
    return modal(
        ids.RATING_COMMENT_FORM,
        "One sentence",
        [input_block(ids.RATING_COMMENT_TEXT, "Why this score?", field)],
        submit="Save",
        metadata=ids.pack(poll=poll),
    )


def result(notice: RatingResult) -> Message:
    """Mean, spread, response rate, the votes by score and line, with the cycles before."""
    title = f"Working together in {inline(notice.cycle)}, {inline(notice.unit)}"
    if notice.mean is None:
        line = f"{title}: {_nothing(notice)}"
        return message(line, [section(line)])
    headline = f"{notice.mean:.1f} of 5{_before(notice)}"
    blocks = [section(f"*{title}: {headline}*", f"{_votes(notice)} {_scores(notice.scores)}", *_more(notice))]
    for name, words in notice.comments[:COMMENTS]:
        blocks.append(section(f"{inline(name)}:", quoted(words, 300)) if name else section(quoted(words, 300)))
    rest = len(notice.comments) - COMMENTS
    if rest > 0:
        blocks.append(context(f"and {count(rest, 'more sentence')}"))
    return message(f"{title}: {headline}. {_votes(notice)}", blocks)


def _nothing(notice: RatingResult) -> str:
    if not notice.votes:
        return f"nobody of {notice.asked} voted, so there is no rating."
    voted = f"{notice.votes} of {notice.asked} voted"
    return f"withheld, because it is anonymous and {voted}; from {notice.fewest} votes on it is shown."


def _before(notice: RatingResult) -> str:
    if notice.before is None or notice.mean is None:
        return ""
    cycle, mean = notice.before
    change = round(notice.mean, 1) - round(mean, 1)
    signed = f"{change:+.1f}".replace("-", "−")
    return f" ({signed} since {inline(cycle)}, {mean:.1f})"


def _more(notice: RatingResult) -> list[str]:
    """The cycles before the last one, and the lines: what a first and an anonymous result have not."""
    more = []
    if len(notice.earlier) > 1:
        more.append(f"Before: {', '.join(f'{inline(cycle)} {mean:.1f}' for cycle, mean in notice.earlier)}.")
    if notice.lines:
        more.append(f"By line: {listed([_line(one) for one in notice.lines], LINES, between=' · ')}.")
    if notice.anonymous:
        more.append("Anonymous, so not by line: a line has too few leads for that.")
    return more


def _line(one: RatingLine) -> str:
    voted = f" ({one.votes})" if one.votes > 1 else ""
    return f"{inline(one.unit, 40)} {one.mean:.1f}{voted}"


def _votes(notice: RatingResult) -> str:
    rate = f" ({percent(notice.votes / notice.asked)})" if notice.asked else ""
    spread = f", spread {notice.spread:.1f}" if notice.spread is not None else ""
    return f"{notice.votes} of {notice.asked} voted{rate}{spread}."


def _scores(scores: dict[int, int]) -> str:
    told = [f"{scores[score]} said {score}" for score in (5, 4, 3, 2, 1) if scores.get(score)]
    return f"{', '.join(told)}." if told else ""
