"""The names by which Slack hands interactions back: every action_id, callback_id and block_id of the product.

Listeners register on these and nothing else. An element that occurs several times in one message carries what it
is about behind a colon (`receipt_undo:17`), so ids stay unique; `pattern` matches both forms. Nothing here
decides or renders.
"""

import json
import re
from typing import Any, Final

# A check-in: its prompt (value: ask id), its board (value: round id), its receipt.
CHECKIN_ANSWER: Final = "checkin_answer"
CHECKIN_NO_CHANGE: Final = "checkin_no_change"
CHECKIN_LATER: Final = "checkin_later"  # a select: the chosen option's value is pack(ask=, when=)
BOARD_ANSWER: Final = "board_answer"
FORM_ALL: Final = "form_all"  # in the answer form: show every key result
FORM_SKIP: Final = "form_skip"  # in the answer form: to the next ask of the queue
RECEIPT_UNDO: Final = "receipt_undo"  # value: update id
RECEIPT_EDIT: Final = "receipt_edit"  # value: answer id
GUESS_PICK: Final = "guess_pick"  # value: pack(proposal=, value=)
BLOCKER_NOT: Final = "blocker_not"  # value: blocker number

# Nudges by hand: value pack(query=).
NUDGE_SEND: Final = "nudge_send"
NUDGE_LATER: Final = "nudge_later"

# Forms: callback ids of modals.
ANSWER_FORM: Final = "answer_form"  # private_metadata: pack(ask=, answer=, all=, rest=, done=, total=)
UPDATE_FORM: Final = "okr_update_form"  # private_metadata: pack(key=, update=, channel=)
EVIDENCE_FORM: Final = "evidence_form"  # private_metadata: pack(channel=, ts=, author=, text=, private=, url=)
RATING_COMMENT_FORM: Final = "rating_comment_form"  # private_metadata: pack(poll=, person=)

# Inputs: the block's name (followed by `:<key>` in the answer form); its one element has the same id.
KR_VALUE: Final = "kr_value"
KR_CONFIDENCE: Final = "kr_confidence"
KR_NOTE: Final = "kr_note"
KR_EVIDENCE: Final = "kr_evidence"
KR_STATUS: Final = "kr_status"
KR_REASON: Final = "kr_reason"
KR_PICK: Final = "kr_pick"  # a field that offers what the person may update
KR_ANY: Final = "kr_any"  # a field that offers what the person may see
QUESTION: Final = "question"  # question:2, question:3
BLOCKER_KIND: Final = "blocker_kind"
BLOCKER_OWNER: Final = "blocker_owner"
BLOCKER_NEXT: Final = "blocker_next"
CHANGE_REASON: Final = "change_reason"
RATING_COMMENT_TEXT: Final = "rating_comment_text"

# Key results.
OKR_UPDATE: Final = "okr_update"  # value: key
OKR_SHOW: Final = "okr_show"  # value: key
OKR_OPEN: Final = "okr_open"  # a select: the chosen option's value is the key to show
OKR_SHARE: Final = "okr_share"  # value: key
OKR_HISTORY: Final = "okr_history"  # value: pack(query=, start=)
HISTORY_TURN: Final = "history_turn"  # the same, in the place of the page that is shown
LIST_PAGE: Final = "list_page"  # value: pack(query=, start=); turns the list in its place
SAVED_UNDO: Final = "saved_undo"  # value: update id
SAVED_EDIT: Final = "saved_edit"  # value: update id
CHOICE_PICK: Final = "choice_pick"  # value: pack(value=, context=)

# Adding and editing.
AUTHOR_FORM: Final = "author_form"  # private_metadata: pack(what=, key=, proposed=, told=, h_<field>=, channel=, url=)
AUTHOR_FIELD: Final = "author_field"  # author_field:<name>
AUTHOR_KIND: Final = "author_kind"  # the choice on which other fields depend
AUTHOR_ADD: Final = "author_add"  # value: objective, kr or unit
AUTHOR_EDIT: Final = "author_edit"  # value: key

# Evidence: the message shortcut, and the way back (value: evidence id).
EVIDENCE_SHORTCUT: Final = "evidence_add"
EVIDENCE_UNDO: Final = "evidence_undo"

# Blockers.
BLOCKER_RESOLVE: Final = "blocker_resolve"  # value: blocker number
BLOCKER_ASK: Final = "blocker_ask"  # value: blocker number; asks the unit it waits for
BLOCKER_ASK_OTHER: Final = "blocker_ask_other"  # value: blocker number

# Proposed adjustments. Values: number.
ADJUST_APPROVE: Final = "adjust_approve"
ADJUST_DECLINE: Final = "adjust_decline"
ADJUST_DECLINE_FORM: Final = "adjust_decline_form"  # private_metadata: pack(number=)
ADJUST_NOTE: Final = "adjust_note"

# Handshakes about a blocker. Values: handshake id.
HANDSHAKE_ACCEPT: Final = "handshake_accept"
HANDSHAKE_COUNTER: Final = "handshake_counter"
HANDSHAKE_DECLINE: Final = "handshake_decline"
HANDSHAKE_AGREE: Final = "handshake_agree"
HANDSHAKE_DISPUTE: Final = "handshake_dispute"
HANDSHAKE_COUNTER_FORM: Final = "handshake_counter_form"  # private_metadata: pack(handshake=)
HANDSHAKE_DECLINE_FORM: Final = "handshake_decline_form"  # private_metadata: pack(handshake=)
HANDSHAKE_UNIT_FORM: Final = "handshake_unit_form"  # private_metadata: pack(number=)
HANDSHAKE_DAY: Final = "handshake_day"
HANDSHAKE_NOTE: Final = "handshake_note"
HANDSHAKE_UNIT: Final = "handshake_unit"

# Owning a key result together. Values: ownership id; of agree and insist pack(ownership=, seen=).
OWN_ACCEPT: Final = "own_accept"
OWN_COUNTER: Final = "own_counter"
OWN_DECLINE: Final = "own_decline"
OWN_AGREE: Final = "own_agree"
OWN_INSIST: Final = "own_insist"
OWN_ACCEPT_FORM: Final = "own_accept_form"  # private_metadata of the three: pack(ownership=)
OWN_COUNTER_FORM: Final = "own_counter_form"
OWN_DECLINE_FORM: Final = "own_decline_form"
OWN_NOTE: Final = "own_note"
OWN_OTHER: Final = "own_other"
OWN_SUPPORT: Final = "own_support"
SUPPORT_OPEN: Final = "support_open"  # value: pack(key=, unit=)
SUPPORT_FORM: Final = "support_form"  # private_metadata: pack(key=, unit=)

# Flags: the thread of the co-owners.
FLAG_SAY: Final = "flag_say"  # value: pack(thread=, unit=)
FLAG_AGREE: Final = "flag_agree"  # value: pack(thread=, view=)
FLAG_FORM: Final = "flag_form"  # private_metadata: pack(thread=, unit=)
FLAG_VALUE: Final = "flag_value"
FLAG_STEP: Final = "flag_step"
FLAG_DAY: Final = "flag_day"
FLAG_NOTE: Final = "flag_note"

# Digests. Values: the ledger's row id.
DIGEST_APPROVE: Final = "digest_approve"
DIGEST_EDIT: Final = "digest_edit"
DIGEST_KEEP_BACK: Final = "digest_keep_back"
DIGEST_UNDO: Final = "digest_undo"
DIGEST_USEFUL: Final = "digest_useful"
DIGEST_NOT_USEFUL: Final = "digest_not_useful"
DIGEST_EDIT_FORM: Final = "digest_edit_form"  # private_metadata: pack(issue=, seen=)
DIGEST_LINE: Final = "digest_line"  # digest_line:<place>
DIGEST_COMMENT_FORM: Final = "digest_comment_form"  # private_metadata: pack(digest=)
DIGEST_COMMENT: Final = "digest_comment"

# The rating: one action a score (value: poll id), and the comment's button (value: poll id).
RATING_VOTES: Final = ("rating_vote_1", "rating_vote_2", "rating_vote_3", "rating_vote_4", "rating_vote_5")
RATING_COMMENT: Final = "rating_comment"
RATING_SENTENCE: Final = "rating_sentence"  # rating_sentence:<poll>, an input in the question of an anonymous poll
POLL_CLOSE: Final = "poll_close"  # value: poll id

# What a click on these says may be written down nowhere: it is done before it is acknowledged.
UNKEPT: Final = frozenset(RATING_VOTES)

# Alignment.
ALIGN_OPEN: Final = "align_open"  # a select: the chosen option's value is pack(figure=, unit=)
ALIGN_MADE_MORE: Final = "align_made_more"  # value: pack(figure=, unit=, start=)
ALIGN_PICTURE: Final = "align_picture"  # value: pack(which=matrix|map, unit=)
ALIGN_CHECK_MORE: Final = "align_check_more"  # value: pack(unit=, start=)
ALIGN_CONFIRM: Final = "align_confirm"  # value: pack(unit=, name=)
ALIGN_DISMISS: Final = "align_dismiss"  # value: pack(unit=, name=)
ALIGN_DISMISS_FORM: Final = "align_dismiss_form"  # private_metadata: pack(unit=, name=)
ALIGN_DISMISS_REASON: Final = "align_dismiss_reason"

# The alignment workshop.
WORKSHOP_MOVE: Final = "workshop_move"  # value: pack(workshop=, step=, move=)
WORKSHOP_PLAN: Final = "workshop_plan"  # value: pack(workshop=) or pack(unit=, cycle=), or nothing in it
WORKSHOP_OFFER: Final = "workshop_offer"  # workshop_offer:plan|skip; value: pack(unit=, cycle=, at=)
WORKSHOP_NOTE: Final = "workshop_note"  # value: pack(workshop=, line=)
WORKSHOP_ACCEPT: Final = "workshop_accept"  # value: item id
WORKSHOP_ADJUST: Final = "workshop_adjust"  # value: item id
WORKSHOP_DECLINE: Final = "workshop_decline"  # value: item id
WORKSHOP_SAY: Final = "workshop_say"  # value: item id
WORKSHOP_TAKE_BACK: Final = "workshop_take_back"  # value: item id
WORKSHOP_NOT_YET: Final = "workshop_not_yet"  # value: pack(workshop=)
WORKSHOP_PLAN_FORM: Final = "workshop_plan_form"  # private_metadata: pack(moving=)
WORKSHOP_ITEM_FORM: Final = "workshop_item_form"  # private_metadata: pack(workshop=, line=, item=)
WORKSHOP_ANSWER_FORM: Final = "workshop_answer_form"  # private_metadata: pack(item=, answer=)
WORKSHOP_NOT_YET_FORM: Final = "workshop_not_yet_form"  # private_metadata: pack(workshop=)
WORKSHOP_FIELD: Final = "workshop_field"  # workshop_field:<name>; choices that change the preview report at once

# The close of a cycle. Values: a cycle's key, or pack(cycle=, …).
CLOSING_OPEN: Final = "closing_open"  # value: pack(cycle=); the next that waits
CLOSING_PICK: Final = "closing_pick"  # a select: the chosen option's value is the key to decide on
CLOSING_SKIP: Final = "closing_skip"  # value: pack(cycle=, after=)
CLOSING_BATCH: Final = "closing_batch"  # value: pack(cycle=, objective=, which=)
CLOSING_MORE: Final = "closing_more"  # value: pack(cycle=, start=)
CLOSING_LOOK: Final = "closing_look"
CLOSING_RESULTS: Final = "closing_results"
CLOSING_REOPEN: Final = "closing_reopen"
CLOSING_FINISH: Final = "closing_finish"
CLOSING_FORM: Final = "closing_form"  # private_metadata: pack(cycle=, key=, seen=)
CLOSING_FINISH_FORM: Final = "closing_finish_form"  # private_metadata: pack(cycle=, starts=, until=)
CLOSING_OUTCOME: Final = "closing_outcome"  # the inputs are followed by `:<key>`
CLOSING_SCORE: Final = "closing_score"
CLOSING_REASON: Final = "closing_reason"
CLOSING_TARGET: Final = "closing_target"
CLOSING_NOTE: Final = "closing_note"
CLOSING_NEXT: Final = "closing_next"
CLOSING_STARTS: Final = "closing_starts"
CLOSING_UNTIL: Final = "closing_until"
CLOSING_EARLY: Final = "closing_early"

# App Home.
HOME_ANSWER: Final = "home_answer"  # value: ask id
HOME_UPDATE: Final = "home_update"  # value: key
HOME_LIST: Final = "home_list"  # value: pack(query=, start=)
HOME_RESOLVE: Final = "home_resolve"  # value: blocker number

# Being away.
AWAY_OFF: Final = "away_off"

# Settings. The inputs are `setting:<field>`; those that change which fields there are report a choice at once.
SETTINGS_FORM: Final = "settings_form"  # private_metadata: pack(form=, about=, kept=), of a page pack(page=, unit=)
SETTINGS_UNIT: Final = "settings_unit"  # value: unit key
SETTINGS_EDIT: Final = "settings_edit"  # value: pack(form=, about=)
SETTINGS_DROP: Final = "settings_drop"  # value: unit:checkin or unit:digest
SETTINGS_PREVIEW: Final = "settings_preview"
SETTING: Final = "setting"


def of(name: str, about: object) -> str:
    """The id of one of several alike: `of(RECEIPT_UNDO, 17)` is `receipt_undo:17`, at most 255 characters."""
    return f"{name}:{about}"[:255]


def split(identifier: str) -> tuple[str, str]:
    """Name and subject of an id: `receipt_undo:17` gives ("receipt_undo", "17"); without a subject, ""."""
    name, _, about = identifier.partition(":")
    return name, about


def pattern(*names: str) -> re.Pattern[str]:
    """What a listener registers on: the bare names and their numbered forms, nothing longer."""
    return re.compile(rf"^(?:{'|'.join(map(re.escape, names))})(?::.+)?$", re.DOTALL)


def unkept(action_id: str) -> bool:
    """Whether the inbox keeps of a click only that it came."""
    return split(action_id)[0] in UNKEPT


def score(action_id: str) -> int:
    """The 1-5 of a vote's action id. Raises ValueError for any other id."""
    return RATING_VOTES.index(split(action_id)[0]) + 1


def pack(**values: str | int | None) -> str:
    """Small JSON for a button's value or a view's private_metadata; what is None is left out."""
    return json.dumps({k: v for k, v in values.items() if v is not None}, separators=(",", ":"), ensure_ascii=False)


def unpack(text: str) -> dict[str, str | int]:
    """What `pack` made. Raises ValueError where it did not."""
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("not a packed value")  # noqa: TRY004 - one error for every malformed value
    return values


def entered(values: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What a form holds, from `view.state.values`: text or chosen value by block id; empty fields are left out."""
    found: dict[str, str] = {}
    for block_id, elements in values.items():
        for state in elements.values():
            chosen = state.get("selected_option") or {}
            text = (state.get("value") or chosen.get("value") or state.get("selected_user") or "").strip()
            if text:
                found[block_id] = text
    return found
