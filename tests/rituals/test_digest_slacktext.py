"""What people typed in Slack, as it reads on their screen."""

import pytest

from rituals.digests.slacktext import readable


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("waiting for <@U01ANA>", "waiting for Ana Ruiz"),
        ("waiting for <@U99|kim>", "waiting for kim"),
        ("waiting for <@U99>", "waiting for someone"),
        ("see <https://acme.example/x|the plan> and <https://acme.example>", "see the plan and https://acme.example"),
        ("in <#C01|payments> or <#C02>", "in #payments or a channel"),
        ("<!here> <!subteam^S1|@crm> blocked", "here @crm blocked"),
        ("R&amp;D is &lt;slow&gt;", "R&D is <slow>"),
        ("  plain 3 < 4 words\n", "plain 3 < 4 words"),
    ],
)
def test_ids_become_names_and_links_their_words(typed: str, read: str) -> None:
    assert readable(typed, {"U01ANA": "Ana Ruiz"}) == read
