"""Sample data for views: one plausible notice of every kind, and the same data blown up to what people could type."""

from datetime import UTC, date, datetime
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel

from rituals.checkins.form import AnswerForm, FormField
from rituals.errors import Choice
from rituals.notices import (
    AdjustmentAsk,
    AdjustmentLine,
    AdjustmentTold,
    AwayLead,
    BlockerLine,
    CheckinBack,
    CheckinBoard,
    CheckinMissed,
    CheckinNudge,
    CheckinPrompt,
    CheckinReminder,
    Claim,
    ClosingProgress,
    ClosingReminder,
    ConflictSide,
    ConflictTold,
    DeliveryTrouble,
    Digest,
    DigestApproval,
    DigestDetails,
    DigestWaiting,
    Escalation,
    EscalationCopy,
    Export,
    FallingBehind,
    FlagEnded,
    FlagSaid,
    FlagThreadNotice,
    FlagWords,
    Guess,
    HandSet,
    HandshakeAsk,
    HandshakeTold,
    Home,
    HomeAlignment,
    HomeSettings,
    HomeUnit,
    KrLine,
    KrNudge,
    Later,
    Missing,
    MissingLead,
    Notice,
    Owed,
    OwnershipAsk,
    OwnershipReminder,
    OwnershipTold,
    RatedCycle,
    RatingAsk,
    RatingLine,
    RatingReminder,
    RatingResult,
    Receipt,
    Retrospective,
    SavedLine,
    SharedAnswer,
    SharedCard,
)
from rituals.notices.cards import ChartPoint, HistoryLine, KrCard, LinkedObjective, Standpoint
from rituals.notices.closing import ConfidenceBin, Ends, Finished, GradeCount, Twice, UnitCalibration, Went
from rituals.notices.digests import Edited, Section
from rituals.notices.flags import FlagLine, FlagNews, OwnerView, OwnerWords
from rituals.okrs.cards import (
    LINES,
    MENU,
    HistoryEvent,
    HistoryPage,
    ListPage,
    Saved,
    SharedKr,
    SharedPage,
    UpdateForm,
)
from tests.bot.views.workshop_samples import WORKSHOP

M = TypeVar("M", bound=BaseModel)

AT = datetime(2026, 11, 4, 17, 0, tzinfo=UTC)
LINK = "https://acme.slack.com/archives/C1/p1"

BEHIND = KrLine(
    key="KR-1", title="Average onboarding time", status="off_track", now="41 days", expected="33 days",
    progress=0.16, expected_progress=0.495, confidence=6, role="report", reporter="Bo", last_at=AT, days=16,
    owners=("CRM", "Analytics"), shared=True, trend=-0.04, pace="16 % of the way, 34 points behind",
)  # fmt: skip
VIEWED = KrLine(
    key="KR-7", title="Accounts on three products", status="at_risk", now="18 %", expected="21 %",
    role="view", reporter="Mia", owners=("CRM", "Mobile"), shared=True,
)  # fmt: skip
SET_BY_HAND = BEHIND.model_copy(
    update={"by_hand": HandSet(status="at_risk", reason="the vendor slips", by="Bo Lindqvist")}
)
OWN = KrLine(key="KR-9", title="Search answers within a second", status="no_data", role="own")
BLOCKER = BlockerLine(
    number=12, text="waiting for the billing API", by="CRM", on="Payments", key_result="KR-1",
    opened_at=AT, until=date(2026, 12, 12), days=12, permalink=LINK,
)  # fmt: skip
SAVED = SavedLine(
    update=17, key="KR-1", before="41 days", after="30 days", progress=0.6, expected=0.49,
    confidence=7, confidence_before=5,
)  # fmt: skip
GUESS = Guess(
    proposal=4, text='I read "1.250" as 1.25 or 1,250 days. Which?', choices=(("1.25", "1.25"), ("1250", "1,250"))
)
FALLING = FallingBehind(line=BEHIND, why=("stalled two rounds", "waits for Payments"), permalink=LINK)
PROMPT = CheckinPrompt(
    ask=31, number=4, of=6, unit="Product suite", due_at=AT, lines=(BEHIND, VIEWED, OWN), blockers=(BLOCKER,),
    no_change=True, example="1. KR-1 30 days 7/10 pilot live  2. no  3. no", last_words="KR-1 41 days · the API · no",
    last_said_at=AT, later=(Later(when="soon", at=AT, label="In 2 hours"),
    Later(when="tomorrow", at=AT, label="Tomorrow 09:00")), back_at=AT,
)  # fmt: skip
RECEIPT = Receipt(
    answer=9, ask=31, number=4, saved=(SAVED,), guesses=(GUESS,), blockers=(BLOCKER,), nothing=(3,),
    problems=("No key result KR-99.",), waiting=("KR-7",), looks=("KR-8", "KR-9"), unanswered=(2,),
)  # fmt: skip
DIGEST = Digest(
    digest=5, unit="Product suite", week_of=date(2026, 11, 9), cycle="2026-Q4", elapsed=0.44,
    headline="One shared key result fell off track; one missing API blocks two lines.",
    falling=(FALLING,), decisions=("A-3 lower KR-7's target from 30 % to 25 %",),
    blockers=(Claim(text="Payments' API holds up CRM and Analytics", sources=((2, LINK), (5, None))),),
    blockers_open=3, moved=("KR-4 +9 points",), achieved=("KR-11 achieved",), not_answered=("Payments",),
    silent=("Identity: KR-21 not updated for 31 days",), connection_rate=0.83, connection_change=0.03,
    chart=(("Shared", 0.4, 0.49), ("One unit's", 0.5, 0.49)),
)  # fmt: skip
OWN_DIGEST = DIGEST.model_copy(
    update={
        "unit": "CRM", "audience": "unit", "more": (
            Section(title="Others wait for you", lines=("Search waits for CRM, for 12 days (B-9): the export API",)),
            Section(title="Due", lines=("12 Dec: B-9 CRM for Search: the export API",)),
        ), "edited": (Edited(place="more:1:0", by="Ana Ruiz"), Edited(place="headline", by="Ana Ruiz")),
    }
)  # fmt: skip
APPROVAL = DigestApproval(
    issue=5,
    state="held",
    digest=OWN_DIGEST,
    channel="C02LEADERS",
    until=AT,
    decided_by="Ana Ruiz",
    decided_at=AT,
    undo_until=AT,
    reason="nobody approved it by Mon 16 Nov, 18:00",
)
HOME = Home(
    user="U01BO", name="Bo",
    owed=(Owed(what="check-in", ask=31, number=4, unit="Product suite", due_at=AT, no_change=True),
    Owed(what="rating", poll=2, unit="Product suite", due_at=AT, late=True)), key_results=(BEHIND, VIEWED),
    units=(
        HomeUnit(name="CRM", level="product_line", key_results=5, on_track=3, channel="C01CRM", answered=5, asked=7),
    ),
    alignment=HomeAlignment(
        unit="Product suite", unit_key="suite", connection=0.79, connection_before=0.83, before_on=date(2026, 11, 9),
        thin=2, unlinked=1, lag=0.75,
        kept_on=date(2026, 11, 9), rating=RatedCycle(cycle="2026-Q3", mean=3.8, before=4.1, votes=6, asked=7),
    ),
    blockers=(BLOCKER,), rhythm=(("Next check-in", AT), ("Digest", AT)), missing=("Product suite has no channel",),
    settings=HomeSettings(
        zone="Europe/Stockholm", quiet="20:00 to 07:00 and weekends", away_from=date(2026, 12, 1),
        away_until=date(2026, 12, 5), delegate="Kim Oda",
    ),
)  # fmt: skip

WITHOUT = MissingLead(name="Bo Lind", units=("CRM",), keys=("KR-1", "KR-4"), reminded=1, not_reminded="limit")
NUDGES: tuple[Notice, ...] = (
    CheckinReminder(
        ask=31, number=4, unit="Product suite", due_at=AT, user="U01BO", behind=("KR-1",), open=2,
        last_call=True, instead_of="Kim Oda",
    ),
    CheckinNudge(
        ask=31, number=4, unit="Product suite", due_at=AT, user="U01BO", by="Ana Ruiz", behind=("KR-1",), open=2,
        instead_of="Kim Oda",
    ),
    KrNudge(
        key="KR-1", title="Average onboarding time", status="stale", user="U01BO", by="Ana Ruiz", now="41 days",
        last_at=AT,
    ),
    CheckinMissed(
        ask=31, number=4, unit="Product suite", told=("Ana Ruiz",), told_at=AT, instead_of="Kim Oda",
    ),
    Escalation(round=3, number=4, unit="Product suite", closed_at=AT, missing=(WITHOUT, MissingLead(name="Kim"))),
    EscalationCopy(ask=31, number=4, unit="Product suite", told=("Ana Ruiz", "Joe"), line=WITHOUT),
)  # fmt: skip

_NOTICES: tuple[Notice, ...] = (
    PROMPT,
    CheckinBack(ask=31, number=4, unit="Product suite", due_at=AT, user="U01BO", open=2, later=PROMPT.later),
    *NUDGES,
    CheckinBoard(
        round=3, number=4, unit="Product suite", opened_at=AT, due_at=AT, answered=("CRM", "Search"),
        late=("Mobile",), missing=(Missing(name="Payments", asked_at=AT), Missing(name="Data")),
        statuses={"on_track": 5, "at_risk": 2, "off_track": 1},
        away=(AwayLead(name="Data", until="Thu", delegate="Kim"), AwayLead(name="Ana Ruiz", until="Mon 7 Dec")),
    ),
    RECEIPT,
    SharedAnswer(
        ask=31, name="Bo", units=("CRM",), answers=((1, "KR-1 30 days, 7/10"), (2, "the API"), (3, "no")),
        saved=(SAVED,), blockers=(BLOCKER,), instead_of="Ana Ruiz",
    ),
    DIGEST,
    DigestDetails(digest=5, title="Silent", lines=("Identity: KR-21", "Data: KR-4")),
    OWN_DIGEST, DIGEST.model_copy(update={"audience": "portfolio", "nothing": True}),
    DIGEST.model_copy(update={"preview": True, "found_useful": "useful 5 of 7", "not_useful": ("Too long",)}),
    APPROVAL, *(APPROVAL.model_copy(update={"state": state}) for state in ("issued", "skipped", "withdrawn")),
    DigestWaiting(issue=5, unit="CRM", audience="unit", user="U01BO", until=AT),
    DigestWaiting(issue=5, unit="CRM", audience="unit", user="U01BO", until=AT, lapsed=True),
    RatingAsk(poll=2, person=8, cycle="2026-Q4", unit="Product suite", closes_at=AT, score=4, comment="weekly sync"),
    RatingAsk(poll=2, person=8, cycle="2026-Q4", unit="Product suite", closes_at=AT, anonymous=True, fewest=4),
    RatingReminder(poll=2, unit="Product suite", cycle="2026-Q4", closes_at=AT, user="U01BO"),
    RatingResult(
        poll=2, unit="Product suite", cycle="2026-Q4", mean=3.8, spread=0.9, votes=6, asked=7,
        scores={4: 3, 3: 2, 5: 1}, before=("2026-Q3", 4.1), earlier=(("2026-Q2", 3.0), ("2026-Q3", 4.1)),
        lines=(RatingLine(unit="CRM", mean=2.5, votes=2),), comments=(("CRM", "weekly sync"),),
    ),
    HOME,
    DeliveryTrouble(channel="C01PORTFOLIO", reason="is_archived", what="the board of check-in 4"),
    Export(user="U01ANA", formats=("yaml", "csv"), asked_at=AT, cycle="2026-Q4"),
)  # fmt: skip

HISTORY = HistoryLine(
    at=AT, value="41 days", confidence=6, note="Pilot started", evidence="https://example.com/r", by="Bo",
    unit="CRM", permalink=LINK,
)  # fmt: skip
SIDES = (
    Standpoint(
        unit_key="crm", unit="CRM", reports=True, value="30 days", confidence=7, note="the pilot is live", at=AT,
        apart=True, blocked=True, at_home=True,
    ),
    Standpoint(
        unit_key="mobile", unit="Mobile", value="41 days", confidence=3, at=AT, apart=True, support="O-5 Fewer steps",
        linkable=True,
    ),
    Standpoint(unit_key="data", unit="Data", asked=True, linkable=True),
)  # fmt: skip
REASONS = (
    FlagLine(
        rule="Pace", words="34 points behind (16 % of the way, expected 50 %)", since=date(2026, 11, 10),
        step="agree on what closes the gap",
    ),
    FlagLine(rule="Stalled", words="stalled two rounds", step="name what holds it up"),
)  # fmt: skip
NEWS = FlagNews(
    key="KR-1", title="Average onboarding time", event="opened", what="fell behind", on=date(2026, 11, 10), rule="Pace",
    words="34 points behind", owners=("CRM", "Mobile"), step="agree on what closes the gap",
)  # fmt: skip
CARD = KrCard(
    line=BEHIND, objective_key="O-1", objective="Reduce time-to-value", unit="Product suite",
    starts=date(2026, 10, 1), ends=date(2026, 12, 31), course="45 → 20 days",
    forecast="lands at 52–61 % on 31 Dec, from 4 updates", why=("stalled two rounds",), flags=REASONS,
    flag_news=(NEWS,),
    up=(LinkedObjective(key="O-9", title="Grow in enterprise", unit="Acme", how="a faster start"),),
    blockers=(BLOCKER,), history=(HISTORY, HISTORY.model_copy(update={"view": True})), updates=9,
    chart=(
        ChartPoint(day=date(2026, 10, 1), expected=0.0, actual=0.0),
        ChartPoint(day=date(2026, 10, 19), expected=0.2, actual=0.16),
        ChartPoint(day=date(2026, 12, 31), expected=1.0, forecast=0.56),
    ),
    advice="It has no metric", editable=True, sides=SIDES,
)  # fmt: skip
PROPOSAL = AdjustmentLine(
    number=3, text="KR-7: target 30 → 25 %: the market shrank", reason="the market shrank", key="KR-7",
    title="Accounts on three products", by="Mia Stone", proposed_at=AT, applies=True,
)  # fmt: skip
DECLINED = PROPOSAL.model_copy(update={"decision": "declined", "decided_by": "Ana Ruiz", "note": "not before January"})
ADJUSTMENT = AdjustmentAsk(line=PROPOSAL)
ADJUSTED = AdjustmentTold(
    line=PROPOSAL.model_copy(update={"decision": "accepted", "decided_by": "Ana Ruiz"}), changes=("target 30 → 25 %",)
)
HANDSHAKE = HandshakeAsk(
    handshake=5, number=12, text="billing API is not there yet", by="CRM", unit="Payments", asked_by="Bo Lind",
    key_result="KR-1", asked_for=date(2026, 12, 12), day=date(2026, 12, 19), note="two people are ill",
    answered_by="Mia Stone",
)  # fmt: skip
COUNTERED = HandshakeTold(**(HANDSHAKE.model_dump() | {"state": "countered"}))
OWNERSHIP = OwnershipAsk(
    ownership=6, key="KR-46", title="Deals that are paid without a call", course="10 → 25 %",
    objective="O-2 Deals close by themselves", unit="Payments", asked_by="Bo Lind", beside=("CRM", "Identity"),
    reporter="Bo Lind", note="we have no people for it before March",
)  # fmt: skip
OFFERED = OwnershipTold(
    **(
        OWNERSHIP.model_dump()
        | {"state": "countered", "other": "Search", "answered_by": "Omar Haddad", "support": "O-9"}
    )
)
SAYS = OwnerView(
    unit_key="crm", name="CRM", value="41 days", by="Bo Lind", at=AT, note="the pilot is late", step="start the pilot",
    step_on=date(2026, 12, 1), view=3, people=("Bo Lind",), ping=("U03BO",),
)  # fmt: skip
SILENT = OwnerView(unit_key="mobile", name="Mobile", people=("Mia Stone", "Kim"), ping=("U04MIA",))
FLAG_THREAD = FlagThreadNotice(
    thread=4, line=BEHIND, since=date(2026, 11, 10), why=REASONS, views=(SAYS, SILENT), within="2.5 days"
)
FLAG_ENDED = FlagEnded(
    thread=4, key="KR-1", title="Average onboarding time", state="agreed", value="30 days", step="start the pilot",
    step_on=date(2026, 12, 1), owners=("CRM", "Mobile"),
)  # fmt: skip
FLAG_WORDS = FlagWords(
    thread=4, key="KR-1", words=(
        OwnerWords(name="CRM", by="Bo Lind", text="the API is late", on=date(2026, 11, 9), permalink=LINK),
        OwnerWords(name="Mobile"),
    ),
)  # fmt: skip
_FLAGS = (FLAG_THREAD, FLAG_ENDED, FLAG_WORDS, FlagSaid(thread=4, key="KR-1", view=SAYS))
CONFLICT = ConflictTold(
    rule="resource", topic="design team", by="Ana Ruiz", advice="Agree who has it when, and say the weeks in both.",
    sides=(
        ConflictSide(unit="CRM", key="KR-9", text="Rebuild the import screen with the design team"),
        ConflictSide(unit="Search", key="B-12", text="waiting for the design team"),
    ),
)  # fmt: skip
OWNING = OwnershipReminder(**OWNERSHIP.model_dump(), user="U05OMAR")
_BETWEEN = (ADJUSTMENT, ADJUSTED, HANDSHAKE, COUNTERED, CONFLICT, OWNERSHIP, OFFERED, OWNING)
OWED = Home(user="U01BO", name="Bo", owed=tuple(Owed(what=one.key, owning=one) for one in (OWNERSHIP, OFFERED)))
_BINS = (
    ConfidenceBin(low=0, high=3, n=2, said=None, reached=None),
    ConfidenceBin(low=7, high=10, n=9, said=7.6667, reached=0.5556),
)
LOOK_BACK = Retrospective(
    cycle="2026-Q4", unit="Product suite", into="2027-Q1", starts=date(2026, 10, 1), ends=date(2026, 12, 31),
    closed_by="Ana Ruiz", closed=20, carried=9, dropped=3,
    by_commitment=(
        GradeCount(name="committed", green=5, yellow=3, red=1, ungraded=0),
        GradeCount(name="aspirational", green=11, yellow=7, red=2, ungraded=1),
    ),
    by_unit=(
        GradeCount(name="CRM", green=5, yellow=3, red=0, ungraded=0),
        GradeCount(name="Payments", green=3, yellow=3, red=2, ungraded=1),
    ),
    calibration=(UnitCalibration(name="CRM", calls=24, brier=0.1825, bins=_BINS),),
    overall=UnitCalibration(name="", calls=64, brier=0.2215, bins=_BINS),
    connection=Ends(start=0.7333, end=0.8), lag=Ends(start=None, end=0.57), answered=37, asked=42, adjusted=4,
    twice=(Twice(key="KR-9", title="Search answers within a second"),),
)  # fmt: skip
CLOSING = ClosingProgress(cycle="2026-Q4", into="2027-Q1", total=4000)
_WENT = tuple(Went(before=f"KR-{n}", now=f"KR-{n + 100}") for n in range(40))
_DONE = Finished(
    cycle="2026-Q4", into="2027-Q1", opened=True, key_results=_WENT, objectives=_WENT, lost=_WENT, channels=3
)
_CLOSING = (
    LOOK_BACK,
    ClosingReminder(cycle="2026-Q4", ends=date(2026, 12, 31), days=8, left=12),
    CLOSING,
    CLOSING.model_copy(update={"done": _DONE}),
    CLOSING.model_copy(update={"why": "Values moved since they were decided on. KR-3 is done: close it."}),
)
NOTICE_SAMPLES: tuple[Notice, ...] = (
    *_BETWEEN,
    *_FLAGS,
    *_NOTICES,
    *_CLOSING,
    *WORKSHOP,
    SharedCard(card=CARD, by="Ana Ruiz"),
)
HISTORY_PAGE = HistoryPage(
    key="KR-1", title="Average onboarding time", events=(
        HistoryEvent(
            at=AT, what="value", before="41 days", after="30 days", confidence=7, note="Pilot started", by="Bo",
            evidence="https://example.com/r", unit="CRM", permalink=LINK, gone="undone", gone_at=AT,
        ),
        HistoryEvent(at=AT, what="view", after="33 days", by="Mia", unit="Mobile"),
        HistoryEvent(at=AT, what="change", words="target 20 → 25", by="Ana", note="the pilot is late"),
        HistoryEvent(at=AT, what="adjustment", words="A-3 proposed: lower the target", by="Bo"),
    ),
)  # fmt: skip


def list_of(lines: tuple[KrLine, ...], start: int = 0, **more: Any) -> ListPage:
    """The page of a list of `lines` that begins with the `start`-th."""
    choices = tuple((line.key, line.title) for line in lines[:MENU])
    return ListPage(lines=lines[start : start + LINES], start=start, total=len(lines), choices=choices, **more)


LIST = list_of((BEHIND, VIEWED, OWN), title="Falling behind")
SHARED = SharedPage(
    title="Shared", key_results=(SharedKr(line=BEHIND, why=FALLING.why, flags=REASONS, lags=("CRM",), sides=SIDES),)
)
ANSWER_FORM = AnswerForm(
    ask=31, number=4, unit="Product suite", open_blockers=(BLOCKER,),
    fields=(
        FormField(
            key="KR-1", title="Average onboarding time", status="off_track", measured_in="days",
            last="41 days", expected="33 days", last_confidence=6,
        ),
        FormField(key="KR-7", title="Accounts on three products", role="view", reporter="Mia"),
    ),
)  # fmt: skip
UPDATE_FORM = UpdateForm(
    key="KR-1", title="Average onboarding time", measured_in="days", last="41 days", computed="off_track",
    by_hand=SET_BY_HAND.by_hand, status="on_track", status_reason="the vendor promised",
)  # fmt: skip
SAVED_REPLY = Saved(title="Average onboarding time", line=SAVED)
CHOICES = (Choice("KR-9", "KR-9 Search answers"), Choice("KR-19", "KR-19 Search ranking"))

EVIL = {
    "a title that never ends": "Cut the time from signature to first value for enterprise customers " * 90,
    "a word that never ends": "x" * 9000,
    "right-to-left text": "زمن تهيئة العملاء الجدد " * 60,
    "emoji": "\N{PARTY POPPER}:tada:\N{FAMILY}\u200d" * 300,
    "mentions of everyone": "<!channel> @channel <!here|here> <@U999> <!subteam^S1> " * 60,
    "links": "<https://evil.example/?a=1&b=2|click> https://x.example/?q=<a>&b " * 60,
    "markup and entities": "&amp; & < > <<>> |*_~`" * 200,
    "line breaks and control characters": "a\n\n\tb\r\x00\x07\u202e" * 400,
}
KEPT = {"permalink", "key", "unit_key", "user", "evidence", "choices"}
MANY = 100


def blown_up(part: M, text: str) -> M:
    """The same data with `text` in every free text and a hundred of everything there is a list of."""
    fields = {name: info.annotation for name, info in type(part).model_fields.items() if name not in KEPT}
    return part.model_copy(
        update={name: _blown(annotation, getattr(part, name), text) for name, annotation in fields.items()}
    )


def _blown(annotation: Any, value: Any, text: str) -> Any:
    args = get_args(annotation)
    if isinstance(value, str):
        return value if Literal in {get_origin(annotation), *map(get_origin, args)} else text
    if isinstance(value, BaseModel):
        return blown_up(value, text)
    if not isinstance(value, tuple) or not value:
        return value
    if get_origin(annotation) is tuple and args[-1] is Ellipsis:
        extreme = [_blown(args[0], item, text) for item in value]
        return tuple(_numbered(extreme[i % len(value)], i) for i in range(MANY))
    return tuple(text if isinstance(item, str) else item for item in value)


def _numbered(item: Any, i: int) -> Any:
    """Distinct ids for each of the hundred, as the database gives them."""
    if not isinstance(item, BaseModel):
        return item
    fields = type(item).model_fields
    ids: dict[str, Any] = {name: i for name in ("update", "number", "proposal", "ask", "poll") if name in fields}
    named: dict[str, Any] = {"key": f"KR-{i}"} if "key" in fields else {}
    held = {name: v for name, v in ids.items() if getattr(item, name) is not None}
    return item.model_copy(update={**held, **named, **_line(item, i)})


def _line(item: BaseModel, i: int) -> dict[str, Any]:
    line = getattr(item, "line", None)
    return {"line": line.model_copy(update={"key": f"KR-{i}"})} if isinstance(line, KrLine) else {}
