"""The replies to `/okr poll start` and `/okr poll close`: what was opened, and the question before it ends early."""

from bot.views import ids
from bot.views.blocks import Message, actions, button, message, section
from bot.views.text import count, inline, moment
from rituals.ratings.by_hand import Opened


def opened(poll: Opened) -> Message:
    """Says who is asked, how, and until when."""
    how = "anonymously" if poll.anonymous else "with their names"
    line = f"The rating of {inline(poll.unit)} for {inline(poll.cycle)} is open until {moment(poll.closes_at)}."
    lines = [line, f"{count(poll.asked, 'lead')} of product lines {_are(poll.asked)} asked in a DM, {how}."]
    if poll.asked < poll.fewest:
        lines.append(f"An anonymous result needs {poll.fewest} votes, so with {poll.asked} none will be shown.")
    return message(" ".join(lines), [section(*lines)])


def closing(poll: Opened) -> Message:
    """Asks before it ends: who has not voted then no longer can."""
    line = f"Close the rating of {inline(poll.unit)} for {inline(poll.cycle)} now, before {moment(poll.closes_at)}?"
    others = " The others then no longer can." if poll.voted < poll.asked else ""
    lines = [line, f"{poll.voted} of {poll.asked} have voted.{others}"]
    if poll.voted < poll.fewest:
        lines.append(f"An anonymous result needs {poll.fewest} votes: closed now, it will not be shown.")
    close = button("Close it now", ids.POLL_CLOSE, str(poll.poll), style="danger")
    return message(" ".join(lines), [section(*lines), actions(close)])


def closed(poll: Opened) -> Message:
    """Says where the result is."""
    line = f"The rating of {inline(poll.unit)} for {inline(poll.cycle)} is closed: {poll.voted} of {poll.asked} voted."
    posted = "Its result is posted to the portfolio's channel. " if poll.posted else ""
    return message(line, [section(line, f"{posted}`/okr poll results` shows it.")])


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
