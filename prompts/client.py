"""The one door to the model: facts in, sentences that were checked out, or the reason why there are none.

A failure of the model is never a failure of the caller: nothing here raises for one. It must not be called while a
database transaction is open, because it may take its whole time-out.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from prompts.deadline import within
from prompts.facts import SummaryFacts
from prompts.languages import ENGLISH
from prompts.messages import SUMMARY, Messages, summary_messages
from prompts.outcome import (
    NO_MODEL,
    NOTHING_TO_SAY,
    TIMED_OUT,
    TOO_LONG,
    UNREACHABLE,
    UNREADABLE,
    Call,
    Outcome,
    Usage,
    Written,
    estimate,
)
from prompts.pseudonyms import for_facts
from prompts.schemas import summary_schema
from prompts.transport import Api, Endpoint, NoText, Text, ask, reach

__all__ = ["MOST_CHARACTERS", "TIMEOUT", "ModelClient", "Outcome"]

TIMEOUT = 20.0  # seconds for everything, all attempts together
MOST_CHARACTERS = 60_000


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

    def summarise(self, facts: SummaryFacts, *, language: str = ENGLISH) -> Outcome:
        """Sentences about the blockers in `facts`, each borne out by them; or the reason why there are none."""
        if self._endpoint is None:
            return Outcome(reason=NO_MODEL)
        if not facts.blockers:
            return Outcome(reason=NOTHING_TO_SAY)
        written = self.write(_messages(facts, language), summary_schema(), SUMMARY)
        if written.reason is not None:
            return Outcome(reason=written.reason, call=written.call)
        return replace(self.recalled(written.text, facts, language=language), call=written.call)

    def write(self, messages: Messages, schema: dict[str, Any], template: str) -> Written:
        """The model's text for a request, unread, or the reason why there is none; `template`: its name and version."""
        if self._endpoint is None:
            return Written(reason=NO_MODEL)
        if messages.characters > MOST_CHARACTERS:
            return Written(reason=TOO_LONG)
        endpoint, began = self._endpoint, time.monotonic()
        answered = _answer(lambda: ask(endpoint, messages, schema, timeout=self._timeout), self._timeout)
        took = round((time.monotonic() - began) * 1000)
        call = Call(template, endpoint.model, _usage(answered, messages), took)
        if isinstance(answered, NoText):
            return Written(reason=str(answered), call=call)
        return Written(answered.text, call=call)

    def key(self, facts: SummaryFacts, *, language: str = ENGLISH) -> str:
        """The hash of all that an answer depends on: model, server, template, language and facts."""
        where = (self._endpoint.model, self._endpoint.url) if self._endpoint else ("", "")
        messages = _messages(facts, language)
        whole = repr((where, SUMMARY, language, messages.system, messages.user, facts))
        return hashlib.sha256(whole.encode()).hexdigest()

    def cost(self, facts: SummaryFacts, *, language: str = ENGLISH) -> int:
        """About how many tokens asking would send at the least."""
        return estimate(_messages(facts, language).characters).total

    def recalled(self, text: str, facts: SummaryFacts, *, language: str = ENGLISH) -> Outcome:
        """What comes of a text that a model wrote to these very facts: read and checked, at no cost."""
        from prompts.judging import judged  # its patterns take longer to build than a start has time for

        return judged(text, facts, language=language)

    def trouble(self) -> str | None:
        """Why the model cannot be used, for `doctor`: None when the server knows it. Makes one small request."""
        if self._endpoint is None:
            return NO_MODEL
        endpoint = self._endpoint
        answered = _answer(lambda: _reached(endpoint, self._timeout), self._timeout)
        return str(answered) if isinstance(answered, NoText) else None


def _messages(facts: SummaryFacts, language: str) -> Messages:
    return summary_messages(for_facts(facts).hidden_facts(facts), language=language)


def _reached(endpoint: Endpoint, timeout: float) -> Text:
    reach(endpoint, timeout=timeout)
    return Text("")


def _usage(answered: Text | NoText, messages: Messages) -> Usage:
    """The server's count; else an estimate where text came or may still be on its way, nothing where it was refused."""
    if answered.usage is not None:
        return answered.usage
    if isinstance(answered, Text):
        return estimate(messages.characters, len(answered.text))
    return estimate(messages.characters) if str(answered) == TIMED_OUT else Usage()


def _answer(call: Callable[[], Text], timeout: float) -> Text | NoText:
    """The text, or the reason why there is none."""
    try:
        return within(timeout, call)
    except TimeoutError:
        return NoText(TIMED_OUT)
    except NoText as why:
        return why
    except Exception as error:  # noqa: BLE001 - a model's failure, of whatever kind, is never the caller's
        return NoText(_transport_reason(error))


def _transport_reason(error: Exception) -> str:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return TIMED_OUT
    if isinstance(error, openai.APIStatusError):
        return f"HTTP {error.status_code}"
    if isinstance(error, openai.APIConnectionError):
        return UNREACHABLE
    return UNREADABLE
