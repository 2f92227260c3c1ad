"""Sample notices of the alignment workshop, for `samples`."""

from datetime import UTC, date, datetime

from rituals.notices import Notice
from rituals.notices.workshops import (
    Covered,
    DraftKr,
    DraftObjective,
    DraftRef,
    ItemLine,
    LineStep,
    Meeting,
    WorkshopAsk,
    WorkshopBoard,
    WorkshopCard,
    WorkshopConfirm,
    WorkshopOffered,
    WorkshopRecord,
    WorkshopTime,
    WorkshopTurn,
)

AT = datetime(2027, 1, 4, 9, 10, tzinfo=UTC)
LINK = "https://acme.slack.com/docs/T1/F1"
MEETING = Meeting(
    workshop=3, step=2, unit="Product suite", cycle="2027-Q1", channel="C01PORTFOLIO", starts_at=AT,
    state="adjusting", facilitator="Ana Ruiz",
)  # fmt: skip
DRAFT = DraftObjective(
    key="O-3", title="New accounts are set up in a day", unit="Onboarding team",
    moves=(("O-1", "Customers start faster", "less to wait for"),),
    key_results=(DraftKr(key="KR-1", title="Time to set up", course="9 → 1 days", shared_with=("Payments", "Search")),),
)  # fmt: skip
ITEM = ItemLine(
    item=7, kind="dependency", by="Mia Kern", unit="CRM", other="Payments", asked="Payments", waits="CRM",
    provider="Payments", objective="O-3", text="the billing API has to be there first", until=date(2027, 2, 1),
    note="two people are ill", decided_by="Kim Oda", blocker=12,
)  # fmt: skip
COVERED = Covered(
    connection=0.5, linked=1, objectives=2, tops=3, thin=2, lines=4, unlinked=1, gaps=("Search has no link",)
)
BOARD = WorkshopBoard(
    meeting=MEETING, lines=(LineStep(name="CRM", state="done", objectives=2, items=1),
    LineStep(name="Payments", state="now"), LineStep(name="Search", state="coming")), items=(ITEM,), ends_at=AT,
    before=COVERED, after=COVERED.model_copy(update={"connection": 0.8}), confirmers=("Ana Ruiz",),
    remark="nobody keeps customers",
)  # fmt: skip
TURN = WorkshopTurn(
    meeting=MEETING, line="CRM", key="crm", number=1, of=3, running=True, ends_at=AT, over=2, after="Payments",
    objectives=(DRAFT,), items=(ITEM,),
)  # fmt: skip
OFFERED = WorkshopOffered(
    state="open", unit="Product suite", cycle="2027-Q1", about=(1, 2), channel="C01PORTFOLIO", starts_at=AT,
    asks_at=AT, lines=("CRM", "Payments", "Search"), minutes=45, by="Ana Ruiz",
)  # fmt: skip
WORKSHOP: tuple[Notice, ...] = (
    OFFERED,
    OFFERED.model_copy(update={"state": "declined"}),
    OFFERED.model_copy(update={"state": "planned"}),
    OFFERED.model_copy(update={"state": "cancelled"}),
    OFFERED.model_copy(update={"state": "over"}),
    WorkshopAsk(
        meeting=MEETING.model_copy(update={"state": "drafting"}), line="CRM", minutes=10, objectives=(DRAFT,),
        missing=("O-4 has no key result",), advice=("KR-1: names a deliverable",),
    ),
    BOARD.model_copy(update={"meeting": MEETING.model_copy(update={"state": "drafting"})}),
    BOARD.model_copy(update={"part": "round"}),
    TURN,
    WorkshopTime(line="CRM", over=2, running=True, users=("U01BO",), after="Payments"),
    WorkshopCard(
        meeting=MEETING, line=ITEM.model_copy(update={"state": "adjusted"}), mine=True,
        edits=(DraftRef(key="O-3", title="New accounts"),),
    ),
    WorkshopCard(meeting=MEETING, line=ITEM, mine=True, author=True),
    WorkshopConfirm(
        meeting=MEETING.model_copy(update={"state": "confirming"}), before=COVERED, after=COVERED, open_items=2,
        accepted=3, remark="nobody keeps customers",
    ),
    WorkshopRecord(
        workshop=3, unit="Product suite", cycle="2027-Q1", closed_at=AT, headline="4 noted, 3 accepted",
        canvas="F1", canvas_url=LINK,
    ),
)  # fmt: skip
