"""Files in the stand-in: announced, uploaded, shown, downloaded; anything else is refused."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import Sandbox

TEXT = b"a,b\n1,2\n"


def client(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def upload(url: str, content: bytes) -> int:
    """The status of posting bytes to an address."""
    try:
        with urlopen(Request(url, content, {"Content-Type": "application/octet-stream"}), timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def refused(call: object) -> str:
    with pytest.raises(SlackApiError) as error:
        call()  # type: ignore[operator]
    return str(error.value.response["error"])


def test_a_file_goes_from_announcement_to_download(sandbox: Sandbox) -> None:
    slack = client(sandbox)
    dm = slack.conversations_open(users="U01ANA")["channel"]["id"]
    place = slack.files_getUploadURLExternal(filename="a.csv", length=len(TEXT))
    assert upload(place["upload_url"], TEXT) == 200
    slack.files_completeUploadExternal(
        files=[{"id": place["file_id"], "title": "A"}], channel_id=dm, initial_comment="Here it is"
    )
    [message] = sandbox.person("U01ANA").dm
    assert (message.text, [f.title for f in message.files]) == ("Here it is", ["A"])
    [told] = slack.conversations_history(channel=dm)["messages"]
    with urlopen(told["files"][0]["url_private_download"], timeout=5) as answer:
        assert answer.read() == TEXT
        assert 'filename="a.csv"' in answer.headers["Content-Disposition"]


def test_bytes_of_another_length_or_at_another_address_are_not_taken(sandbox: Sandbox) -> None:
    place = client(sandbox).files_getUploadURLExternal(filename="a.csv", length=len(TEXT))
    assert upload(place["upload_url"], TEXT + b"x") == 400
    assert upload(f"{sandbox.page_url}upload/nobodys", TEXT) == 404
    assert upload(place["upload_url"], TEXT) == 200
    assert upload(place["upload_url"], TEXT) == 404


def test_a_file_without_its_bytes_or_shown_before_cannot_be_shown(sandbox: Sandbox) -> None:
    slack = client(sandbox)
    place = slack.files_getUploadURLExternal(filename="a.csv", length=len(TEXT))
    files = [{"id": place["file_id"], "title": "A"}]
    assert refused(lambda: slack.files_completeUploadExternal(files=files)) == "file_not_found"
    upload(place["upload_url"], TEXT)
    assert refused(lambda: slack.files_completeUploadExternal(files=files, channel_id="C404")) == "channel_not_found"
    slack.files_completeUploadExternal(files=files)
    assert refused(lambda: slack.files_completeUploadExternal(files=files)) == "file_not_found"


def test_a_file_must_have_a_name_and_a_length(sandbox: Sandbox) -> None:
    slack = client(sandbox)
    assert refused(lambda: slack.files_getUploadURLExternal(filename="a.csv", length=0)) == "invalid_arguments"
    assert refused(lambda: slack.files_getUploadURLExternal(filename="a/b.csv", length=3)) == "invalid_arguments"


def test_what_nobody_was_shown_cannot_be_downloaded(sandbox: Sandbox) -> None:
    place = client(sandbox).files_getUploadURLExternal(filename="a.csv", length=len(TEXT))
    upload(place["upload_url"], TEXT)
    with pytest.raises(HTTPError):
        urlopen(f"{sandbox.page_url}files/{place['file_id']}/a.csv", timeout=5)
