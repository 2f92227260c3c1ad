"""A lead's words as the others read them: what Slack escaped is as it was typed, and people have their names.

What is stored stays as Slack sent it. Nothing is left out or interpreted here, and nothing is made safe: views do that.
"""

import re
from html import unescape

from rituals.okrs.load import PortfolioState

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")


def with_names(state: PortfolioState, text: str) -> str:
    """`<@U04MIA>` as `<@U04MIA|Mia Tanaka>`, so that whoever shows it can name her without notifying her."""

    def named(found: re.Match[str]) -> str:
        member = state.member(found[1])
        return f"<@{found[1]}|{member.name}>" if member else found[0]

    return _PERSON.sub(named, text)


def as_typed(state: PortfolioState, text: str) -> str:
    """The same for words as Slack sent them, with `&amp; &lt; &gt;` as they were typed."""
    return unescape(with_names(state, text))
