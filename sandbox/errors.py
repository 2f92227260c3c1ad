"""How the stand-in says no: Slack's error codes. Nothing here decides when to say it."""

from typing import Any


class SlackError(Exception):
    """An API call that is answered `{"ok": false, "error": code, **extra}` with the given HTTP status and headers."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        return {"ok": False, "error": self.code, **self.extra}


def bad_blocks(problems: list[str], *, code: str = "invalid_blocks") -> SlackError:
    """The answer to blocks that break a rule, each problem as `[ERROR] what [json-pointer:where]`."""
    return SlackError(code, errors=problems, response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})
