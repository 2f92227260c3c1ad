"""What stands in a conversation already: where a sender looks for what an earlier attempt may have posted."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

MOST_OFF = timedelta(days=1)  # what our clock may be ahead of Slack's, so that what was posted is found


def messages(
    reader: WebClient, channel: str, *, since: datetime, thread_ts: str | None = None
) -> Iterator[Mapping[str, Any]]:
    """The messages of a conversation or a thread since an instant of our clock, with their metadata; page by page."""
    oldest, cursor = str((since - MOST_OFF).timestamp()), ""
    asked: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 200, "include_all_metadata": True}
    while True:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        if thread_ts:
            page = reader.conversations_replies(**asked, ts=thread_ts, **more)
        else:
            page = reader.conversations_history(**asked, **more)
        yield from page["messages"]
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
