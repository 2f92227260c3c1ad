"""The leadership's digest, from its slot to the message: what it says, once, worded by rules or by a model."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from bot import jobs
from prompts.client import ModelClient
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import DigestIssue
from tests.prompts.model_server import ModelServer, Reply, Request, good_claims, ungrounded_claims
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, FRIDAYS, LEADERS, MIA, OMAR, SUITE, portfolio
from tests.scenarios.seen import let_go, posted, prompt, rows, words
from tests.scenarios.trouble import another_bot

SLOT = "2026-11-06T14:00"  # Friday, 15:00 in Berlin
NEXT = "2026-11-13T14:00"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Two of three leads have answered: KR-1 fell, and both wait for Payments."""
    yield from with_answers(staged(at="2026-11-01T12:00", portfolio=portfolio(digest=FRIDAYS)))


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A model that says what it is told to say."""
    with ModelServer() as server:
        yield server


@pytest.fixture
def worded(staged: StageMaker, model: ModelServer) -> Iterator[Stage]:
    """The same with the model switched on."""
    settings: dict[str, Any] = {
        "plumbline_llm": "auto",
        "openai_api_key": "k",
        "openai_base_url": model.url,
        "openai_model": "m",
    }
    yield from with_answers(staged(at="2026-11-01T12:00", portfolio=portfolio(digest=FRIDAYS), settings=settings))


def with_answers(stage: Stage) -> Iterator[Stage]:
    stage.go_to("2026-11-02T08:10")
    answer(stage, BO, "1. KR-1 44 days 3/10 nothing moves; KR-4 24 %\n2. waiting for Payments' API until 12 Dec\n3. no")
    answer(stage, MIA, "1. KR-2 25 %, KR-1 38 days\n2. Payments has not answered us for two weeks\n3. no")
    yield stage
    let_go(stage)


def answer(stage: Stage, lead: str, text: str) -> None:
    """Reply in the thread of the newest prompt."""
    person = stage.person(lead)
    person.says("dm", text, thread_ts=prompt(person).ts)
    stage.settle()


def digests(stage: Stage) -> list[Message]:
    """The digests in the leadership's channel, oldest first."""
    return posted(stage, LEADERS, starting="Product suite · week of")


def digest(stage: Stage) -> str:
    """The newest one's words."""
    return words(stage, digests(stage)[-1])


def thread_of(stage: Stage, message: Message) -> str:
    """The words of the lists under it."""
    return "\n".join(words(stage, m) for m in stage.messages(LEADERS) if m.root == message.ts)


def of_the_digest(model: ModelServer) -> list[Request]:
    """What it was asked for the digest: it is asked about conflicts between the lines as well."""
    return [request for request in model.requests if '"blockers":' in request.text]


def layout(text: str) -> list[str]:
    """The digest's lines but for the sentences about blockers and the word on who wrote them."""
    return [line for line in text.split("\n") if not line.startswith(("• ", "Worded by"))]


def test_it_is_posted_once_at_its_slot_to_the_leadership(stage: Stage) -> None:
    stage.go_to("2026-11-06T13:59")
    assert digests(stage) == []
    stage.go_to(SLOT)
    stage.tick()
    stage.go_to("2026-11-06T18:00")
    assert len(digests(stage)) == 1
    assert posted(stage, SUITE, starting="Product suite · week of") == []


def test_two_bots_on_one_database_post_it_once(stage: Stage) -> None:
    with closing(another_bot(stage).services) as other:
        services = [stage.bot.services, other]
        stage.clock.move_to(stage.clock.now().replace(day=6, hour=14, minute=0))

        def work(number: int) -> None:
            jobs.tick(services[number % 2])
            services[number % 2].delivery.deliver_all()

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
    assert len(digests(stage)) == 1
    assert len(stage.messages(LEADERS)) == 6


def test_it_names_the_falling_key_results_with_every_reason_and_number(stage: Stage) -> None:
    stage.go_to(SLOT)
    text = digest(stage)
    assert "Product suite · week of 2 Nov · 2026-Q4 is 40 % through" in text
    assert "One shared key result fell off track; Payments holds up CRM and Analytics; connection rate 100 %." in text
    line = next(line for line in text.split("\n") if line.startswith("○ off track: KR-1"))
    assert "44 days" in line
    assert "36 points behind (4 % of the way, expected 40 %)" in line
    assert "confidence 3 of 10, was 5" in line
    assert "Analytics sees 38, CRM 44" in line
    assert "“nothing moves”" in line
    assert "CRM, Analytics" in line
    assert "KR-2" not in text.split("Blockers")[0]
    assert "Blockers  2 open" in text
    assert "Payments holds up CRM and Analytics, for 4 days, until 12 Dec (B-1, B-2)" in text
    assert "Moved  KR-1 −12 points" in text
    assert "Not answered  Omar Haddad" in text
    assert "Worded by rules (no model); the figures are always computed." in text


def test_its_sources_are_links_to_the_answers_that_the_leadership_can_open(stage: Stage) -> None:
    stage.go_to(SLOT)
    told = str(digests(stage)[-1].blocks)
    assert f"/archives/{SUITE}/p" in told  # the copy in the round's thread, not the lead's DM
    assert "|[1]>" in told
    assert "|[2]>" in told
    assert "/archives/D" not in told


def test_the_whole_lists_stand_in_its_thread(stage: Stage) -> None:
    stage.go_to(SLOT)
    thread = [words(stage, m) for m in stage.messages(LEADERS) if m.is_reply]
    assert [text.split("\n")[0] for text in thread] == [
        "Falling behind  1",
        "Fell and recovered  1",
        "Moved  1",
        "Blockers open  2",
        "Not answered  1",
    ]
    assert all(m.root == digests(stage)[0].ts for m in stage.messages(LEADERS))


def test_the_next_one_says_what_changed_since_the_last(stage: Stage) -> None:
    stage.go_to(SLOT)
    stage.go_to("2026-11-06T15:00")
    bo, omar = stage.person(BO), stage.person(OMAR)
    bo.types("/okr update KR-1 36 days 7/10")
    bo.types("/okr blockers resolve 1")
    omar.types("/okr update KR-5 2,400")
    stage.settle()
    stage.go_to(NEXT)
    text = digest(stage)
    assert len(digests(stage)) == 2
    assert "KR-1 +32 points" in text
    assert "Blockers  1 open" in text
    assert "fell off track" not in text
    thread = thread_of(stage, digests(stage)[-1])
    assert "Blockers resolved  1" in thread
    assert "B-1 waiting for Payments' API" in thread


def test_when_nothing_changed_it_says_so_in_one_line(stage: Stage) -> None:
    stage.person(BO).types("/okr update KR-1 29 days 7/10")
    stage.settle()
    stage.go_to(SLOT)
    stage.go_to(NEXT)
    assert "Nothing changed since 6 Nov: one shared key result is behind, two blockers open." in digest(stage)
    assert "Fell and recovered" not in thread_of(stage, digests(stage)[-1])


def test_a_flag_that_rose_while_nobody_moved_is_a_change(stage: Stage) -> None:
    stage.go_to(SLOT)
    stage.go_to(NEXT)
    assert "Nothing changed" not in digest(stage)
    assert "One shared key result got worse" in digest(stage)
    assert "Fell and recovered  1\nKR-1 Average onboarding time" in thread_of(stage, digests(stage)[-1])


def test_one_that_is_more_than_a_day_late_is_not_posted_and_the_next_says_so(stage: Stage) -> None:
    stage.go_to(SLOT)
    stage.go_to("2026-11-15T09:00")
    assert len(digests(stage)) == 1
    missed = rows(stage, DigestIssue)[-1]
    assert (missed.local_date.isoformat(), missed.state) == ("2026-11-13", "skipped")
    assert missed.reason == "it was more than a day late"
    stage.go_to("2026-11-20T14:00")
    assert len(digests(stage)) == 2
    assert "Digests not given  1" in thread_of(stage, digests(stage)[-1])


@pytest.mark.parametrize(("refused", "shows"), [(1, "fields"), (2, "text"), (3, "fallback")])
def test_blocks_that_slack_refuses_are_tried_plainer_and_one_message_is_posted(
    stage: Stage, refused: int, shows: str
) -> None:
    stage.go_to("2026-11-06T13:55")  # what else was due is posted before
    stage.sandbox.faults.error("invalid_blocks", method="chat.postMessage", next=refused)
    stage.go_to(SLOT)
    found = [m for m in stage.messages(LEADERS) if not m.is_reply]
    assert len(found) == 1
    kinds = {block["type"] for block in found[0].blocks}
    assert "table" not in kinds
    assert "data_visualization" not in kinds
    assert any("fields" in block for block in found[0].blocks) == (shows == "fields")
    text = words(stage, found[0])
    assert "One shared key result fell off track; Payments holds up CRM and Analytics" in text
    assert ("6 points behind" in text) == (shows != "fallback")
    assert ("Blockers  2 open" in text) == (shows != "fallback")
    assert len(stage.messages(LEADERS)) == 6  # the lists in its thread follow


def test_a_model_words_the_blockers_and_every_sentence_is_cited(worded: Stage, model: ModelServer) -> None:
    worded.go_to(SLOT)
    text = digest(worded)
    assert "• CRM waits for Payments: " in text
    assert "• Analytics waits for Payments: " in text
    assert "[1]" in text
    assert "[2]" in text
    assert "Worded by a model and checked against 2 answers." in text
    assert len(of_the_digest(model)) == 1


def test_the_model_sees_no_names_of_people_and_is_told_to_keep_nothing(worded: Stage, model: ModelServer) -> None:
    worded.go_to(SLOT)
    (request,) = of_the_digest(model)
    sent = f"{request.system} {request.text}"
    assert not [name for name in ("Bo Lindqvist", "Mia Tanaka", "Omar Haddad", BO, MIA) if name in sent]
    assert "Payments has not answered us for two weeks" in sent
    assert request.body["store"] is False


def test_sentences_that_are_not_borne_out_are_left_out_and_counted(worded: Stage, model: ModelServer) -> None:
    model.reply_with(lambda facts: [*good_claims(facts), *ungrounded_claims(facts)])
    worded.go_to(SLOT)
    text = digest(worded)
    assert "• CRM waits for Payments: " in text
    assert "Payments has agreed" not in text
    assert "Legal" not in text
    assert "987" not in text
    assert "3 sentences that did not hold left out" in text


def test_what_a_model_must_not_say_never_reaches_the_channel(worded: Stage, model: ModelServer) -> None:
    model.reply_with("injected")
    worded.go_to(SLOT)
    told = f"{digests(worded)[-1].text} {digests(worded)[-1].blocks}"
    assert "evil.example" not in told
    assert "<!channel" not in told
    assert "<@" not in told


def test_a_blocker_that_the_model_forgot_is_added_by_the_rules(worded: Stage, model: ModelServer) -> None:
    model.reply_with(lambda facts: good_claims({**facts, "blockers": facts["blockers"][:1]}))
    worded.go_to(SLOT)
    text = digest(worded)
    assert "• CRM waits for Payments: " in text
    assert "• Payments holds up Analytics, for 4 days (B-2): “Payments has not answered us for two weeks” [2]" in text


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (500, "HTTP 500"),
        (429, "HTTP 429"),
        ("refusal", "refus"),
        ("truncated", ""),
        ("bad_json", "unreadable"),
        ("ungrounded", "nothing could be verified"),
        ("hang_up", "not reachable"),
        ("slow", "time-out"),
    ],
)
def test_whatever_fails_about_the_model_the_rules_word_it_in_the_same_layout(
    worded: Stage, model: ModelServer, reply: Reply, why: str
) -> None:
    client = ModelClient(api_key="k", base_url=model.url, model="m", timeout=0.5 if why == "time-out" else 10)
    worded.bot.services.model = client
    model.reply_with(reply)
    worded.go_to(SLOT)
    text = digest(worded)
    assert "• Payments holds up CRM and Analytics, for 4 days, until 12 Dec (B-1, B-2): " in text
    label = text.split("\n")[-2]
    assert label.startswith("Worded by rules (")
    assert why in label
    assert layout(text)[:4] == [
        "Product suite · week of 2 Nov · 2026-Q4 is 40 % through",
        "One shared key result fell off track; Payments holds up CRM and Analytics; connection rate 100 %.",
        "Falling behind  1 shared key result, worst first",
        layout(text)[3],
    ]
    assert len(digests(worded)) == 1


def test_a_fenced_answer_is_read_all_the_same_and_the_layout_is_that_of_the_rules(
    worded: Stage, stage: Stage, model: ModelServer
) -> None:
    model.reply_with("fenced")
    worded.go_to(SLOT)
    stage.go_to(SLOT)
    assert "Worded by a model and checked against 2 answers." in digest(worded)
    assert layout(digest(worded)) == layout(digest(stage))
