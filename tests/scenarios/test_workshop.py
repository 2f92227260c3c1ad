"""The alignment workshop from `/okr workshop start` to its record, through the sandbox: with several people, with
Slack saying everything again, with a restart at any step, and in a workspace without canvases or files.
"""

from contextlib import closing
from datetime import datetime

import pytest

from bot import jobs
from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import Blocker, Handshake, Workshop, WorkshopItem
from tests.rituals.workshop_workspace import ANA, BO, KIM, MIA, PORTFOLIO
from tests.scenarios.conftest import StageMaker
from tests.scenarios.seen import opened, rows, told, words
from tests.scenarios.trouble import another_bot, everything_again

CHANNEL = "C01ALL"
STARTS = "2027-01-04T09:00Z"


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """Three weeks before the next quarter."""
    return staged(at="2026-12-14T09:00Z", portfolio=PORTFOLIO)


def plan(stage: Stage) -> None:
    """Ana plans it as it is proposed."""
    ana = stage.person(ANA)
    ana.types("/okr workshop start", CHANNEL)
    sent = ana.submits(opened(stage, ana))
    assert sent.errors == {}
    ana.closes()
    stage.settle()


def begin(stage: Stage) -> None:
    """Its hour comes, and Ana presses Start."""
    plan(stage)
    stage.go_to(STARTS)
    stage.person(ANA).clicks(agenda(stage), label="Start with CRM")
    stage.settle()


def agenda(stage: Stage) -> Message:
    """The newest agenda in the channel."""
    return [m for m in stage.messages(CHANNEL) if words(stage, m).startswith("Alignment workshop")][-1]


def adjusting(stage: Stage) -> str:
    """What the adjustment round says."""
    return words(stage, next(m for m in stage.messages(CHANNEL) if words(stage, m).startswith("Adjustment round")))


def drafts(stage: Stage, line: str) -> Message:
    """A line's drafts in the channel."""
    return next(m for m in stage.messages(CHANNEL) if words(stage, m).startswith(f"{line} ·"))


def letter(person: Person, part: str) -> Message:
    """The newest direct message with these words."""
    return next(m for m in reversed(person.dm) if part in person.reads(m))


def press_next(stage: Stage, times: int = 1) -> None:
    """Ana moves it on by the newest message in the channel that offers it."""
    ana = stage.person(ANA)
    for _ in range(times):
        offers = ((m, name) for m in reversed(stage.messages(CHANNEL)) for name in NEXT)
        message, label = next((m, name) for m, name in offers if f"[ {name} ]" in ana.reads(m))
        ana.clicks(message, label=label)
        stage.settle()


NEXT = ("Next: Payments", "Next: Search", "Open the adjustment round", "Ask for the confirmation")


def test_a_whole_workshop_from_the_plan_to_the_record(stage: Stage) -> None:
    ana, bo, mia = (stage.person(user) for user in (ANA, BO, MIA))
    ana.types("/okr workshop start", CHANNEL)
    form = opened(stage, ana)
    assert "4 Jan" in ana.reads(form)
    assert "Ten minutes each: CRM, Payments, Search." in ana.reads(form)
    ana.submits(form)
    ana.closes()

    stage.go_to("2026-12-30T08:00Z")
    assert "does not say" not in bo.reads(letter(bo, "Drafts of CRM for 2027-Q1"))
    asked = mia.reads(letter(mia, "Drafts of Payments for 2027-Q1"))
    assert "O-4 has no key result; O-4 does not say which objective above it moves, and how" in asked
    assert "[ Add an objective ]" in asked

    stage.go_to(STARTS)
    assert "Ana Ruiz starts it" in words(stage, agenda(stage))
    ana.clicks(agenda(stage), label="Start with CRM")
    stage.settle()
    assert "CRM has the floor" in words(stage, agenda(stage))
    shown = words(stage, drafts(stage, "CRM"))
    assert "O-3 New accounts are set up in a day" in shown
    assert "→ O-1 Customers start faster: less to wait for" in shown
    assert "KR-1 Time to set up an account: 9 days → 1 day, with Payments" in shown

    mia.reacts(drafts(stage, "CRM"), "link")
    stage.person(KIM).reacts(drafts(stage, "CRM"), "zap")
    stage.settle()
    assert "Dependency, Payments waits for CRM (Mia Kern)" in words(stage, drafts(stage, "CRM"))
    stage.person(KIM).reacts(drafts(stage, "CRM"), "zap")
    stage.settle()
    assert "Conflict" not in words(stage, drafts(stage, "CRM"))

    press_next(stage)
    bo.clicks(drafts(stage, "Payments"), label="Note something")
    bo.submits(opened(stage, bo), {"In a sentence": "the billing API has to be there first", "Needed by": "2027-02-01"})
    stage.settle()
    assert "CRM waits for Payments: the billing API has to be there first" in words(stage, drafts(stage, "Payments"))

    press_next(stage, 2)
    mia.clicks(letter(mia, "Payments waits for CRM"), label="Say what it is")
    stage.settle()
    mia.submits(opened(stage, mia), {"In a sentence": "accounts have to come with a tax number"})
    stage.settle()
    assert "accounts have to come with a tax number" in bo.reads(letter(bo, "Payments waits for CRM"))
    assert "Search: no objective yet" in words(stage, agenda(stage))
    assert "2 items wait for an answer" in adjusting(stage)
    mia.clicks(letter(mia, "CRM waits for Payments"), label="Accept")
    bo.clicks(letter(bo, "Payments waits for CRM"), label="Decline")
    stage.settle()
    bo.submits(opened(stage, bo), {"Why does CRM decline?": "not in this quarter"})
    stage.settle()
    [blocker], [shake] = rows(stage, Blocker), rows(stage, Handshake)
    assert (blocker.text, f"{blocker.until}", shake.state) == (
        "the billing API has to be there first", "2027-02-01", "accepted",
    )  # fmt: skip
    assert "Mia Kern accepted by 1 Feb. It is B-1 in the register." in bo.reads(letter(bo, "CRM waits for Payments"))

    press_next(stage)
    assert "It waits for the word of Ana Ruiz" in words(stage, agenda(stage))
    ana.clicks(letter(ana, "Does the set of drafts cover"), label="Not yet")
    ana.submits(opened(stage, ana), {"What is missing?": "nobody keeps customers"})
    stage.settle()
    assert "nobody keeps customers" in adjusting(stage)
    ana.clicks(letter(ana, "Does the set of drafts cover"), label="Confirm")
    stage.settle()
    assert "Ana Ruiz confirmed that the set covers the objectives." in words(stage, agenda(stage))

    [record] = [m for m in stage.messages(CHANNEL) if m.files]
    assert record.files[0].name == "workshop-Product-suite-2027-Q1.md"
    content = (record.files[0].content or b"").decode()
    assert "| B-1 | CRM | Payments | the billing API has to be there first | 1 Feb 2027 | Mia Kern |" in content
    assert "declined by Bo Lind (not in this quarter)" in content
    assert "| Connection rate | 50 % (1 of 2 objectives) | 50 % (1 of 2 objectives) |" in content
    [canvas] = stage.sandbox.workspace.canvases.values()
    assert (canvas.channel, canvas.title) == (CHANNEL, "Alignment workshop: Product suite, 2027-Q1")
    assert canvas.markdown == content
    assert canvas.id in record.text


def test_a_turn_that_is_over_is_told_so_and_never_cut_off(stage: Stage) -> None:
    begin(stage)
    stage.go_to("2027-01-04T09:10Z")
    [word] = [m for m in stage.messages(CHANNEL) if m.is_reply]
    assert word.root == drafts(stage, "CRM").ts
    assert "Bo Lind The time of CRM is over; next is Payments." in words(stage, word).replace("@", "")
    stage.go_to("2027-01-04T09:12Z")
    assert "CRM is over by 2 min; next is Payments." in words(stage, word)
    assert "over by 2 min" in words(stage, drafts(stage, "CRM"))
    stage.go_to("2027-01-04T09:45Z")
    assert "CRM has the floor" in words(stage, agenda(stage))
    assert len([m for m in stage.messages(CHANNEL) if m.is_reply]) == 1
    stage.person(ANA).clicks(drafts(stage, "CRM"), label="Next: Payments")
    stage.settle()
    assert "CRM is done." in words(stage, word)


def test_slack_saying_everything_again_changes_nothing(stage: Stage) -> None:
    begin(stage)
    stage.person(MIA).reacts(drafts(stage, "CRM"), "bulb")
    stage.settle()
    press_next(stage, 3)
    stage.person(BO).clicks(letter(stage.person(BO), "Opportunity"), label="Accept")
    stage.settle()
    before = (rows(stage, Workshop), rows(stage, WorkshopItem), len(stage.messages(CHANNEL)))
    assert everything_again(stage) > 5
    assert (rows(stage, Workshop), rows(stage, WorkshopItem), len(stage.messages(CHANNEL))) == before


def test_two_who_press_next_on_the_same_agenda_move_it_once_and_the_second_is_told(stage: Stage) -> None:
    begin(stage)
    shown, ana = drafts(stage, "CRM"), stage.person(ANA)
    ana.clicks(shown, label="Next: Payments")
    ana.clicks(shown, label="Next: Payments")
    stage.settle()
    assert "Payments has the floor" in words(stage, agenda(stage))
    assert "moved on already. Payments has the floor" in told(stage, ANA, CHANNEL)


def test_another_bot_takes_over_at_any_step_and_nothing_is_said_twice(stage: Stage) -> None:
    begin(stage)
    stage.person(MIA).reacts(drafts(stage, "CRM"), "link")
    stage.settle()
    for minute in range(10, 50, 10):
        with closing(another_bot(stage).services) as other:
            stage.clock.move_to(datetime.fromisoformat(f"2027-01-04T09:{minute}:00+00:00"))
            jobs.tick(other)
            other.delivery.deliver_all()
        press_next(stage)
    stage.person(ANA).clicks(letter(stage.person(ANA), "Does the set"), label="Confirm")
    stage.settle()
    with closing(another_bot(stage).services) as other:
        jobs.tick(other)
        other.delivery.deliver_all()
    said = [words(stage, m) for m in stage.messages(CHANNEL)]
    assert [sum(one.startswith(f"{line} ·") for one in said) for line in ("CRM", "Payments", "Search")] == [1, 1, 1]
    assert len([m for m in stage.messages(CHANNEL) if m.files]) == 1
    assert len(stage.sandbox.workspace.canvases) == 1
    assert len([m for m in stage.person(BO).dm if "waits for" in stage.person(BO).reads(m)]) == 1


def test_without_canvases_the_file_stands_alone_and_without_files_the_words_do(stage: Stage) -> None:
    stage.sandbox.workspace.canvases_off = True
    begin(stage)
    stage.person(ANA).types("/okr workshop close", CHANNEL)
    stage.settle()
    [record] = [m for m in stage.messages(CHANNEL) if m.files]
    assert "canvas" not in record.text

    stage.sandbox.faults.error("missing_scope", method="files.getUploadURLExternal", next=None)
    stage.person(BO).types("/okr workshop record", CHANNEL)
    stage.settle()
    assert "Slack took no file" in stage.person(BO).reads(letter(stage.person(BO), "Record of the alignment workshop"))


def test_planning_shows_what_it_brings_and_says_no_at_the_field(stage: Stage) -> None:
    ana = stage.person(ANA)
    ana.types("/okr workshop start", CHANNEL)
    form = opened(stage, ana)
    ana.fills(form, {"Day": "2027-01-06"})
    stage.settle()
    ana.fills(opened(stage, ana), {"Day": "2027-01-09"})
    stage.settle()
    assert "That day is no working day: a weekend." in ana.reads(opened(stage, ana))
    sent = ana.submits(opened(stage, ana), {"Day": "2026-12-01"})
    assert sent.errors == {"workshop_field:day": "Tue 1 Dec 10:00 (Europe/Berlin) is over. Choose a later time."}
    ana.submits(opened(stage, ana), {"Day": "2027-01-05"})
    ana.closes()
    ana.types("/okr workshop", CHANNEL)
    stage.settle()
    assert "It begins Tue 5 Jan 10:00 (Europe/Berlin)." in told(stage, ANA, CHANNEL)


def test_a_stranger_is_told_who_moves_it_on_and_words_that_mean_nothing_are_named(stage: Stage) -> None:
    begin(stage)
    bo = stage.person(BO)
    bo.clicks(drafts(stage, "CRM"), label="Next: Payments")
    stage.settle()
    assert "Ana Ruiz moves this workshop on" in told(stage, BO, CHANNEL)
    bo.types("/okr workshop forward", CHANNEL)
    stage.settle()
    assert 'I read "forward"' in told(stage, BO, CHANNEL, nth=2)


def test_the_bot_proposes_it_and_one_press_plans_it_whatever_comes_twice(stage: Stage) -> None:
    ana = stage.person(ANA)
    stage.go_to("2026-12-17T08:00Z")
    proposed = letter(ana, "Alignment workshop of Product suite for 2027-Q1")
    assert "Nobody has planned it yet." in ana.reads(proposed)
    assert "ten each for CRM, Payments, Search" in ana.reads(proposed)
    ana.clicks(proposed, label="Not this cycle")
    stage.settle()
    assert "Ana Ruiz left it out for this cycle." in ana.reads(letter(ana, "Alignment workshop of"))

    with closing(another_bot(stage).services) as other:
        jobs.tick(other)
        other.delivery.deliver_all()
    ana.clicks(letter(ana, "left it out"), label="Plan it after all")
    stage.settle()
    assert everything_again(stage) > 1
    assert "Ana Ruiz planned it" in ana.reads(letter(ana, "Alignment workshop of"))
    assert len([m for m in ana.dm if "Alignment workshop of" in ana.reads(m)]) == 1
    [row] = rows(stage, Workshop)
    assert (f"{row.starts_at:%Y-%m-%dT%H:%MZ}", row.channel, row.facilitator) == (STARTS, CHANNEL, ANA)

    ana.clicks(letter(ana, "planned it"), label="Another time")
    assert "Move the workshop" in ana.reads(opened(stage, ana))
    ana.submits(opened(stage, ana), {"Day": "2027-01-05"})
    ana.closes()
    stage.settle()
    assert "5 Jan" in ana.reads(letter(ana, "planned it"))
