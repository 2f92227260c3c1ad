"""The shapes a model must answer in. Strict-schema compatible: every field required, nothing extra, no maps.

What arrives in them is well formed and nothing more: `prompts.grounding` decides what is true.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MOST_CLAIMS = 8


class Out(BaseModel):
    """Part of a model's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceOut(Out):
    """Where a claim comes from."""

    answer_id: str = Field(description="The id of an answer in the facts")
    span: str = Field(description="Words copied exactly from that answer, letter by letter")


class ClaimOut(Out):
    """One sentence and what it rests on."""

    text: str = Field(description="One plain sentence")
    sources: list[SourceOut] = Field(description="At least one")


class SummaryOut(Out):
    """The summary of the blockers: at most eight sentences, the most important first."""

    claims: list[ClaimOut]


def summary_schema() -> dict[str, Any]:
    """The JSON schema of `SummaryOut` for a strict response format."""
    return SummaryOut.model_json_schema()
