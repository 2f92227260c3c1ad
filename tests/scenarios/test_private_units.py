"""A private unit whose every text carries one word: strangers never see it, wherever they look; its lead does.

They look at what a person can look at: every message of their channels, what only they see, modals, Home, files, and
what menus offer. The word stands in names, titles, links, notes, answers, blockers and proposals.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.views.help import TOPICS
from sandbox import events
from sandbox.records import Message, View
from sandbox.stage import Stage, set_up
from tests.scenarios.portfolios import ANA, BO, FRIDAYS, LEADERS, OMAR, SAM, SUITE, portfolio
from tests.scenarios.seen import let_go, prompts

WORD = "Zanzibar"
GRACE, LABS = "U09GRACE", "C08IDENTITY"
UNIT = f"""  - {{key: analytics, name: Analytics, level: product_line, parent: suite, leads: [mia]}}
  - {{key: labs, name: {WORD} labs, level: product_line, parent: suite, leads: [grace], channel: {LABS}, private: true}}
"""
PEOPLE = f"""people:
  - {{key: grace, name: Grace Okafor, slack: {GRACE}}}
"""
OBJECTIVES = f"""
  - key: O-8
    unit: suite
    cycle: 2026-Q4
    title: Something public below
    contributes_to: [{{objective: O-9, how: It carries {WORD}}}]
  - key: O-9
    unit: labs
    cycle: 2026-Q4
    title: {WORD} goes live
    contributes_to: [{{objective: O-1, how: Only {WORD} does it}}]
    key_results:
      - key: KR-9
        title: Accounts on {WORD}
        start: 0
        target: 100
        measured_in: "%"
        owners: [labs]
        updates: [{{at: 2026-10-20, value: 3, confidence: 2, by: grace, note: The {WORD} pilot began}}]
      - key: KR-10
        title: Latency of both together
        kind: decrease
        start: 900
        target: 300
        measured_in: ms
        owners: [labs, crm]
        reporter: bo
        updates: [{{at: 2026-10-20, value: 880, confidence: 2, by: bo}}]
"""
ANSWER = (
    f"1. KR-9 8 % 3/10 the {WORD} pilot waits; KR-10 850 ms 4/10\n"
    f"2. The {WORD} vendor is late, waiting for their contract until 12 Dec\n"
    f"3. KR-9: the target should be 80 % because {WORD} has fewer accounts"
)
TYPED = (
    "/okr",
    "/okr list",
    "/okr list shared",
    "/okr list behind",
    "/okr list 2026-Q4",
    "/okr list Zanz labs",
    "/okr list labs",
    "/okr list @Grace",
    "/okr show KR-9",
    "/okr show KR-10",
    "/okr show O-9",
    "/okr show accounts on zan",
    "/okr KR-9",
    "/okr update KR-9 50 %",
    "/okr update KR-9",
    "/okr update KR-10 700 ms",
    "/okr update accounts",
    "/okr update",
    "/okr add kr Something",
    "/okr add objective Something",
    "/okr add unit Something",
    "/okr edit KR-9",
    "/okr edit KR-10",
    "/okr edit O-9",
    "/okr edit labs",
    "/okr edit O-8",
    "/okr shared",
    "/okr align",
    "/okr align map",
    "/okr align sharing",
    "/okr blockers",
    "/okr blockers labs",
    "/okr blockers resolve 1",
    "/okr digest preview",
    "/okr digest preview labs",
    "/okr digest here",
    "/okr digest here labs",
    "/okr poll results",
    "/okr nudge",
    "/okr nudge all",
    "/okr nudge KR-9",
    "/okr nudge @Grace",
    "/okr settings",
    "/okr settings labs",
    "/okr settings Product suite",
    "/okr export yaml",
    "/okr export csv",
    "/okr export json",
    "/okr export md",
    "/okr export ics",
    "/okr checkin",
    *(topic.example for topic in TOPICS.values()),
)


def the_file() -> str:
    text = portfolio(digest=FRIDAYS)
    text = text.replace("people:\n", PEOPLE)
    text = text.replace(UNIT.splitlines()[0] + "\n", UNIT)
    return text + OBJECTIVES


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A week with a check-in, a digest, and a Home for everybody. One for all tests, which only look."""
    path = tmp_path_factory.mktemp("private") / "stage.db"
    shutil.copyfile(sqlite_template, path)
    made = set_up(path, at="2026-11-01T12:00", portfolio=the_file())
    for user in (ANA, BO, GRACE, OMAR, SAM):
        events.home_opened(made.sandbox.site, user, "home")
    made.settle()
    made.go_to("2026-11-02T17:00")
    answer(made, GRACE, ANSWER)
    answer(made, BO, "1. KR-10 860 ms 5/10; KR-3 50 %\n2. no\n3. no")
    made.go_to("2026-11-06T15:00")
    yield made
    let_go(made)
    made.close()


def answer(stage: Stage, user: str, text: str) -> None:
    person = stage.person(user)
    asked = prompts(person)[-1]
    person.says(asked.channel, text, asked.ts)
    stage.settle()


def in_front_of(stage: Stage, user: str) -> dict[str, str]:
    """Everything that this person can see by now, as it was sent, by where it stands."""
    w = stage.sandbox.site.workspace
    found: dict[str, str] = {}
    for place in list(w.channels.values()):
        if user in place.members:
            for message in list(w.messages[place.id]):
                if message.ephemeral_to in (None, user):
                    found[f"{place.name or place.id} {message.ts}"] = sent(message)
    views = [*w.stacks.get(user, []), *([w.homes[user]] if user in w.homes else [])]
    for number, view in enumerate(views):
        found[f"view {number} {view.heading}"] = json.dumps([view.blocks, view.private_metadata], ensure_ascii=False)
    return found


def sent(message: Message) -> str:
    files = [(file.content or b"").decode("utf-8", "replace") for file in message.files]
    return json.dumps([message.text, message.blocks, files], ensure_ascii=False)


def told(found: dict[str, str]) -> list[str]:
    """Where the word stands, with what is around it."""
    return [f"{where}: {text[:600]}" for where, text in found.items() if WORD.casefold() in text.casefold()]


@pytest.mark.parametrize("user", [OMAR, SAM], ids=["another line's lead", "who leads nothing"])
def test_a_stranger_never_sees_a_word_of_a_private_unit(stage: Stage, user: str) -> None:
    person = stage.person(user)
    assert told(in_front_of(stage, user)) == []
    for typed in TYPED:
        person.types(typed, SUITE if "here" in typed else "dm")
        stage.settle()
        assert told(in_front_of(stage, user)) == [], typed
        if person.view is not None:
            person.closes(everything=True)
    offered = [
        person.suggestions(view, "kr_pick", query) for view in opened(stage, user) for query in ("", "zan", "KR-9")
    ]
    assert WORD not in str(offered)


def opened(stage: Stage, user: str) -> list[View]:
    """The form in which a key result is chosen, where the person has one."""
    person = stage.person(user)
    person.types("/okr update")
    stage.settle()
    return [person.view] if person.view is not None else []


def test_a_co_owner_of_what_is_shared_sees_that_and_nothing_else_of_it(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr show KR-10")
    stage.settle()
    card = bo.reads(bo.ephemerals()[-1])
    assert "Latency of both together" in card
    assert "An objective of a private unit" in card
    assert told(in_front_of(stage, BO)) == []


@pytest.mark.parametrize("user", [GRACE, ANA], ids=["its lead", "who leads above it"])
def test_who_answers_for_it_sees_it(stage: Stage, user: str) -> None:
    person = stage.person(user)
    for typed in (
        "/okr list",
        "/okr show KR-9",
        "/okr show KR-10",
        "/okr blockers",
        "/okr edit labs",
        "/okr edit KR-9",
        "/okr align map",
        "/okr digest preview labs",
        "/okr settings labs",
        "/okr export md",
    ):
        before = in_front_of(stage, user)
        person.types(typed)
        stage.settle()
        new = {where: text for where, text in in_front_of(stage, user).items() if before.get(where) != text}
        assert told(new) != [], typed
        if person.view is not None:
            person.closes(everything=True)


def test_the_portfolio_s_digest_and_board_tell_nothing_of_it(stage: Stage) -> None:
    w = stage.sandbox.site.workspace
    for place, begins in ((SUITE, "Check-in"), (LEADERS, "Product suite")):
        texts = {m.ts: sent(m) for m in w.messages[place] if m.bot}
        assert any(begins in text for text in texts.values())
        assert told(texts) == []


def test_an_answer_in_a_channel_s_thread_gets_back_what_its_readers_may_see(stage: Stage) -> None:
    """The last one: it answers once more."""
    grace, w = stage.person(GRACE), stage.sandbox.site.workspace
    board = next(m for m in w.messages[SUITE] if m.bot and not m.is_reply and "Check-in" in m.text)
    grace.says(SUITE, "1. KR-9 12 %, accounts on 13 %; KR-10 840 ms\n2. no\n3. no", board.ts)
    stage.settle()
    back = {m.ts: sent(m) for m in w.messages[SUITE] if m.bot and m.is_reply}
    assert any("840" in text for text in back.values())
    assert told(back) == []
    assert not any(
        "12 %" in text.replace("\u00a0", " ") and "KR-9" in text and "Saved" in text for text in back.values()
    )
