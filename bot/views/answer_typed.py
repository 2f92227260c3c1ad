"""What stands in the answer form, from the view as Slack hands it back. Reads names and values; decides nothing."""

from typing import Any

from bot.views import ids
from rituals.checkins.form import AnswerForm, FormField
from rituals.checkins.form_service import Submitted
from rituals.okrs.form import Entry

_BLOCKS = {
    "blockers": ids.of(ids.QUESTION, 2),
    "adjustments": ids.of(ids.QUESTION, 3),
    "kind": ids.BLOCKER_KIND,
    "owner": ids.BLOCKER_OWNER,
    "next_step": ids.BLOCKER_NEXT,
    "reason": ids.CHANGE_REASON,
}


def submitted(view: dict[str, Any], metadata: dict[str, Any], key: str) -> Submitted:
    """The form as it was sent; `key` names the modal and what stood in it."""
    typed = ids.entered(view["state"]["values"])
    named = (ids.split(block["block_id"]) for block in view["blocks"] if block["type"] == "input")
    return Submitted(
        ask=int(metadata["ask"]),
        view=key,
        entries=[_entry(typed, about) for name, about in named if name == ids.KR_VALUE],
        answer=metadata.get("answer"),
        **_others(typed),
    )


def _entry(typed: dict[str, str], key: str) -> Entry:
    value, confidence, note = (
        typed.get(ids.of(name, key), "") for name in (ids.KR_VALUE, ids.KR_CONFIDENCE, ids.KR_NOTE)
    )
    return Entry(key, value, confidence, note)


def _others(typed: dict[str, str]) -> dict[str, str]:
    return {name: typed.get(block, "") for name, block in _BLOCKS.items()}


def typed_over(form: AnswerForm, view: dict[str, Any]) -> AnswerForm:
    """A form with what stands in a view of it, so that a fuller view loses nothing of what was typed."""
    typed = ids.entered(view["state"]["values"])
    shown = {ids.split(name)[1] for name in view["state"]["values"] if ids.split(name)[0] == ids.KR_VALUE}
    fields = tuple(_field(field, typed) if field.key in shown else field for field in form.fields)
    return form.model_copy(update={"fields": fields, **_others(typed)})


def _field(field: FormField, typed: dict[str, str]) -> FormField:
    entry = _entry(typed, field.key)
    confidence = int(entry.confidence) if entry.confidence else None
    return field.model_copy(update={"value": entry.value, "confidence": confidence, "note": entry.note})


def block_of(name: str) -> str:
    """The form's block that a service's field name stands for: `value:KR-1`, `confidence:KR-1`, `blockers`."""
    field, _, key = name.partition(":")
    if field in _BLOCKS:
        return _BLOCKS[field]
    blocks = {"confidence": ids.KR_CONFIDENCE, "evidence": ids.KR_NOTE}
    return ids.of(blocks.get(field, ids.KR_VALUE), key)
