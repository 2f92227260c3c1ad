"""The one way in which a use case says no to a person.

Raised by rules and services, shown by listeners in the place where the input was typed. It is not for faults
of ours: those are ordinary exceptions, logged with an id.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One thing the person may have meant: `value` is what to send back, `label` what to show."""

    value: str
    label: str


@dataclass
class Refusal(Exception):  # noqa: N818 - it is an answer to a person, not an error of ours
    """Input that was understood to be unusable. `text` says what was read and what to do, in plain words.

    `field` names the form field it belongs to (None: the whole input); `choices` are what it could have meant.
    """

    text: str
    field: str | None = None
    choices: tuple[Choice, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass
class FormRefusal(Exception):  # noqa: N818 - as above
    """A form with several unusable fields: each with its words, so that all are mended in one go."""

    errors: dict[str, str]
