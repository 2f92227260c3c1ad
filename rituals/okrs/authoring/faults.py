"""Faults that the rules of the file find in an entry, beside the field of the form where they are mended. Pure."""

from collections.abc import Iterable

from rituals.errors import FormRefusal
from rituals.okrs.portfolio.check import Fault, check
from rituals.okrs.portfolio.schema import FileEntry, KeyResultEntry, ObjectiveEntry, Portfolio

_FIELDS = {"contributes_to": "above", "cycle": "cycle", "day": "ends"}
_PLACES = (
    ("no start", "start"),
    ("no range", "low"),
    ("low ", "low"),
    ("tolerance", "tolerance"),
    ("milestone", "milestones"),
    ("plan", "ends"),
    ("target", "target"),
    ("bound", "target"),
    ("update of", "kind"),
)


def refuse_faults(faults: Iterable[Fault], entry: FileEntry, merged: Portfolio) -> None:
    """Raises FormRefusal where an entry does not fit, to the rest or to its own history."""
    errors: dict[str, str] = {}
    for fault in (*faults, *_with_history(entry, merged)):
        mine = entry.label in (fault.entry.label, fault.within)
        text = f"{fault.text[:1].upper()}{fault.text[1:]}."
        errors.setdefault(_field(fault, entry), text if mine else f"{fault.where}: {fault.text}.")
    if errors:
        raise FormRefusal(errors)


def _with_history(entry: FileEntry, merged: Portfolio) -> list[Fault]:
    """What the values that were reported make impossible: those of one key result, so that it takes no longer."""
    if not isinstance(entry, KeyResultEntry) or not entry.updates:
        return []
    objectives = tuple(_only(objective, entry.key) for objective in merged.objectives)
    found = check(merged.model_copy(update={"objectives": objectives}))
    return [fault for fault in found if "update of" in fault.text]


def _only(objective: ObjectiveEntry, key: str) -> ObjectiveEntry:
    return objective.model_copy(update={"key_results": tuple(kr for kr in objective.key_results if kr.key == key)})


def _field(fault: Fault, entry: FileEntry) -> str:
    if fault.field is not None and fault.entry.label == entry.label:
        return _FIELDS.get(fault.field, fault.field)
    if fault.field is not None:
        return _FIELDS.get(fault.field, "milestones" if fault.field in {"done", "due"} else fault.field)
    return next((field for words, field in _PLACES if words in fault.text), "title")
