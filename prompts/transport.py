"""The requests themselves: Responses or Chat Completions, a strict schema first, a plain JSON object if refused.

Returns the model's text or says in one word why there is none. It does not know what is asked, and must not judge
the text. `openai` costs half a second to import and is imported when the first request is made, never before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from prompts.messages import Messages
from prompts.outcome import Usage

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletion
    from openai.types.responses import Response

Api = Literal["auto", "responses", "chat"]

OPENAI_URL = "https://api.openai.com/v1"
_OPENAI_HOST = "api.openai.com"
_MOST_TOKENS = 4_000
_NO_SUCH_PATH = {404, 405}
_NOT_UNDERSTOOD = {400, 415, 422}


@dataclass(frozen=True, slots=True)
class Text:
    """What a model wrote, and what it cost; `usage` is None where the server does not say."""

    text: str
    usage: Usage | None = None


class NoText(Exception):  # noqa: N818 - an outcome, told to people
    """There is no text; the message is the reason in a few plain words. It may have cost tokens all the same."""

    def __init__(self, reason: str, usage: Usage | None = None) -> None:
        super().__init__(reason)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask. `base_url` None is OpenAI's own; `api` "auto" means Responses there, Chat Completions elsewhere."""

    api_key: str
    model: str
    base_url: str | None = None
    api: Api = "auto"

    @property
    def url(self) -> str:
        """The base address, never read from the environment behind our back."""
        return self.base_url or OPENAI_URL

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI itself, or one of its regions."""
        host = urlsplit(self.url).hostname or ""
        return host == _OPENAI_HOST or host.endswith("." + _OPENAI_HOST)

    @property
    def speaks_responses(self) -> bool:
        """Whether the Responses API is tried first."""
        return self.api == "responses" or (self.api == "auto" and self.is_openai)


def ask(endpoint: Endpoint, messages: Messages, schema: dict[str, Any], *, timeout: float) -> Text:
    """The model's text for `messages`. Raises NoText, and openai.OpenAIError for what the transport says."""
    import openai

    with _client(endpoint, timeout) as client:
        for attempt in _ladder(endpoint):
            try:
                return attempt(client, endpoint, messages, schema)
            except openai.APIStatusError as error:
                if not _worth_another(attempt, error.status_code):
                    raise
                refused = error
        raise refused


def reach(endpoint: Endpoint, *, timeout: float) -> None:
    """Asks whether the model exists; raises openai.OpenAIError when it does not or the server cannot be reached."""
    with _client(endpoint, timeout) as client:
        client.models.retrieve(endpoint.model)


def _client(endpoint: Endpoint, timeout: float) -> "OpenAI":
    from openai import OpenAI

    return OpenAI(api_key=endpoint.api_key, base_url=endpoint.url, timeout=timeout, max_retries=0)


Attempt = Callable[["OpenAI", Endpoint, Messages, dict[str, Any]], Text]


def _ladder(endpoint: Endpoint) -> tuple[Attempt, ...]:
    chat: tuple[Attempt, ...] = (_chat_schema, _chat_object)
    return (_responses, *chat) if endpoint.speaks_responses else chat


def _worth_another(attempt: Attempt, status: int) -> bool:
    """Whether a plainer request may fare better than this one did."""
    if attempt is _responses:
        return status in _NO_SUCH_PATH | _NOT_UNDERSTOOD
    return attempt is _chat_schema and status in _NOT_UNDERSTOOD


def _responses(client: "OpenAI", endpoint: Endpoint, messages: Messages, schema: dict[str, Any]) -> Text:
    response = client.responses.create(
        model=endpoint.model,
        instructions=messages.system,
        input=[{"role": "user", "content": messages.user}],
        text={"format": {"type": "json_schema", "name": "summary", "strict": True, "schema": schema}},
        store=False,
        max_output_tokens=_MOST_TOKENS,
    )
    return _of_response(response)


def _of_response(response: "Response") -> Text:
    usage = _counted(response.usage.input_tokens, response.usage.output_tokens) if response.usage else None
    parts = [part for item in response.output or [] if item.type == "message" for part in item.content or []]
    if any(part.type == "refusal" for part in parts):
        raise NoText("refused", usage)
    if response.status == "incomplete":
        cause = response.incomplete_details.reason if response.incomplete_details else None
        raise NoText("refused" if cause == "content_filter" else "truncated", usage)
    if response.status not in ("completed", None):
        raise NoText("the model failed", usage)
    return Text("".join(part.text for part in parts if part.type == "output_text"), usage)


def _chat_schema(client: "OpenAI", endpoint: Endpoint, messages: Messages, schema: dict[str, Any]) -> Text:
    form = {"type": "json_schema", "json_schema": {"name": "summary", "strict": True, "schema": schema}}
    return _chat(client, endpoint, messages, {"response_format": form, "store": False})


def _chat_object(client: "OpenAI", endpoint: Endpoint, messages: Messages, schema: dict[str, Any]) -> Text:
    """The barest request: servers that know no schemas often refuse unknown fields like `store` as well."""
    del schema
    return _chat(client, endpoint, messages, {"response_format": {"type": "json_object"}})


def _chat(client: "OpenAI", endpoint: Endpoint, messages: Messages, options: dict[str, Any]) -> Text:
    limit = "max_completion_tokens" if endpoint.is_openai else "max_tokens"
    completion: ChatCompletion = client.chat.completions.create(
        model=endpoint.model,
        messages=[{"role": "system", "content": messages.system}, {"role": "user", "content": messages.user}],
        extra_body={limit: _MOST_TOKENS, **options},
    )
    return _of_completion(completion)


def _of_completion(completion: "ChatCompletion") -> Text:
    usage = _counted(completion.usage.prompt_tokens, completion.usage.completion_tokens) if completion.usage else None
    if not completion.choices:
        raise NoText("unreadable", usage)
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        raise NoText("truncated", usage)
    if choice.finish_reason == "content_filter" or choice.message.refusal:
        raise NoText("refused", usage)
    return Text(choice.message.content or "", usage)


def _counted(sent: int | None, received: int | None) -> Usage | None:
    """The server's count; None where it fills the field in without counting."""
    return Usage(sent or 0, received or 0) if sent or received else None
