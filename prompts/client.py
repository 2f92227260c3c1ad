"""The one door to the model: facts in, sentences that were checked out, or the reason why there are none.

A failure of the model is never a failure of the caller: nothing here raises for one. It must not be called while a
database transaction is open, because it may take its whole time-out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from prompts.deadline import within
from prompts.facts import SummaryFacts
from prompts.grounding import CheckedClaim, check
from prompts.messages import summary_messages
from prompts.pseudonyms import Pseudonyms, for_facts
from prompts.schemas import ClaimOut, SourceOut, SummaryOut, summary_schema
from prompts.transport import Api, Endpoint, NoText, Text, ask, reach

TIMEOUT = 20.0  # seconds for everything, all attempts together
MOST_CHARACTERS = 60_000

NO_MODEL = "no model"
TIMED_OUT = "time-out"
UNREADABLE = "unreadable"
EMPTY = "empty"
NOTHING_VERIFIED = "nothing could be verified"
NOTHING_TO_SAY = "nothing to summarise"
TOO_LONG = "too much to send"
UNREACHABLE = "not reachable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either `claims` (each checked) or `reason`, in a few plain words that may be shown to people.

    `dropped` has a reason for each sentence that failed the check; `checked_against` counts the answers sent;
    `tokens` is what the server says it cost.
    """

    claims: tuple[CheckedClaim, ...] = ()
    reason: str | None = None
    dropped: tuple[str, ...] = ()
    checked_against: int = 0
    tokens: int = 0

    @property
    def usable(self) -> bool:
        """Whether there is anything to post."""
        return bool(self.claims)


class ModelClient:
    """Asks one model. Without a key or a model name, or with mode "off", every answer is "no model"."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        model: str | None = None,
        mode: Literal["off", "auto"] = "auto",
        timeout: float = TIMEOUT,
        api: Api = "auto",
    ) -> None:
        ready = mode == "auto" and api_key and model
        self._endpoint = Endpoint(api_key or "", model or "", base_url or None, api) if ready else None
        self._timeout = timeout

    @property
    def on(self) -> bool:
        """Whether requests will be made at all."""
        return self._endpoint is not None

    def summarise(self, facts: SummaryFacts) -> Outcome:
        """Sentences about the blockers in `facts`, each borne out by them; or the reason why there are none."""
        if self._endpoint is None:
            return Outcome(reason=NO_MODEL)
        if not facts.blockers:
            return Outcome(reason=NOTHING_TO_SAY)
        table = for_facts(facts)
        messages = summary_messages(table.hidden_facts(facts))
        if messages.characters > MOST_CHARACTERS:
            return Outcome(reason=TOO_LONG)
        endpoint = self._endpoint
        answered = _answer(lambda: ask(endpoint, messages, summary_schema(), timeout=self._timeout), self._timeout)
        return Outcome(reason=answered) if isinstance(answered, str) else _judged(answered, table, facts)

    def trouble(self) -> str | None:
        """Why the model cannot be used, for `doctor`: None when the server knows it. Makes one small request."""
        if self._endpoint is None:
            return NO_MODEL
        endpoint = self._endpoint
        answered = _answer(lambda: _reached(endpoint, self._timeout), self._timeout)
        return answered if isinstance(answered, str) else None


def _reached(endpoint: Endpoint, timeout: float) -> Text:
    reach(endpoint, timeout=timeout)
    return Text("")


def _answer(call: Callable[[], Text], timeout: float) -> Text | str:
    """The text, or the reason why there is none."""
    try:
        return within(timeout, call)
    except TimeoutError:
        return TIMED_OUT
    except NoText as why:
        return str(why)
    except Exception as error:  # noqa: BLE001 - a model's failure, of whatever kind, is never the caller's
        return _transport_reason(error)


def _transport_reason(error: Exception) -> str:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return TIMED_OUT
    if isinstance(error, openai.APIStatusError):
        return f"HTTP {error.status_code}"
    if isinstance(error, openai.APIConnectionError):
        return UNREACHABLE
    return UNREADABLE


def _judged(answered: Text, table: Pseudonyms, facts: SummaryFacts) -> Outcome:
    """Reads, puts names back, checks."""
    if not answered.text.strip():
        return Outcome(reason=EMPTY, tokens=answered.tokens)
    try:
        summary = SummaryOut.model_validate_json(_unfenced(answered.text))
    except ValidationError:
        return Outcome(reason=UNREADABLE, tokens=answered.tokens)
    checked = check(_with_names(summary, table), facts)
    return Outcome(
        claims=checked.claims,
        reason=None if checked.claims else NOTHING_VERIFIED,
        dropped=checked.dropped,
        checked_against=len(facts.answers),
        tokens=answered.tokens,
    )


def _unfenced(text: str) -> str:
    """Small models wrap JSON in a code fence; that one habit is forgiven, because the check comes after."""
    text = text.strip()
    if text.startswith("```") and text.endswith("```"):
        return text[3:-3].removeprefix("json").strip()
    return text


def _with_names(summary: SummaryOut, table: Pseudonyms) -> SummaryOut:
    return SummaryOut(
        claims=[
            ClaimOut(
                text=table.shown(claim.text),
                sources=[SourceOut(answer_id=s.answer_id, span=table.shown(s.span)) for s in claim.sources],
            )
            for claim in summary.claims
        ]
    )
