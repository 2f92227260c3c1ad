"""What is said to the leads of two lines when somebody confirmed that their plans are in each other's way."""

from typing import ClassVar

from rituals.notices.parts import Notice, Part


class ConflictSide(Part):
    """One of the two: a unit by name, and the text it has under a key; both "" where its reader may not see them."""

    unit: str
    key: str = ""
    text: str = ""


class ConflictTold(Notice):
    """A confirmed conflict (DM, once). `rule` is twice, opposite or resource; of a resource `topic` is its name."""

    KIND: ClassVar[str] = "conflict_told"
    rule: str
    sides: tuple[ConflictSide, ...]
    by: str
    advice: str
    topic: str = ""
