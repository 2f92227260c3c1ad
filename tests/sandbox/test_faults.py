"""The trouble the sandbox makes on request, as the real client meets it."""

import http.client

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler

from sandbox.faults import Faults
from sandbox.server import Sandbox
from tests.sandbox.bench import ana, bolt, client, connected, furnished
from tests.sandbox.test_socket_mode import listening
from tests.sandbox.test_views import Ticks


def failed(web: WebClient, method: str = "chat.postMessage") -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        web.api_call(method, json={"channel": "C01", "text": "x"})
    return caught.value


def test_a_dropped_response_was_executed_and_never_answered(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.faults.drop_response(next=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        web.chat_postMessage(channel="C01", text="posted all the same")
    assert [m.text for m in sandbox.messages("suite")] == ["posted all the same"]
    web.chat_postMessage(channel="C01", text="fine again")
    assert len(sandbox.messages("suite")) == 2


def test_the_sdks_own_retry_doubles_a_message_after_a_dropped_response(sandbox: Sandbox) -> None:
    web = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[ConnectionErrorRetryHandler()])
    sandbox.faults.drop_response(next=1)
    web.chat_postMessage(channel="C01", text="twice")
    assert [m.text for m in sandbox.messages("suite")] == ["twice", "twice"]


def test_chances_are_seeded_so_a_run_can_be_repeated(ticks: Ticks) -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed=seed, monotonic=ticks)
        faults.drop_response(probability=0.05)
        return [faults.pick("chat.postMessage") is not None for _ in range(400)]

    assert struck(1) == struck(1) != struck(2)
    assert 5 <= sum(struck(1)) <= 40


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def test_a_rate_limit_says_when_to_come_back_and_does_nothing(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.faults.rate_limit(2, retry_after=7)
    answers = [failed(web).response for _ in range(2)]
    assert [(a.status_code, a["error"], a.headers["Retry-After"]) for a in answers] == [(429, "ratelimited", "7")] * 2
    assert sandbox.messages("suite") == []
    assert web.chat_postMessage(channel="C01", text="now")["ok"]


@pytest.mark.parametrize(("executed", "posted"), [(False, 0), (True, 1)])
def test_a_server_error_leaves_open_whether_it_was_executed(
    sandbox: Sandbox, web: WebClient, executed: bool, posted: int
) -> None:
    sandbox.faults.server_error(1, executed=executed)
    assert failed(web).response.status_code == 500
    assert len(sandbox.messages("suite")) == posted


def test_a_method_can_be_made_to_answer_a_code(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.faults.error("invalid_blocks", method="chat.postMessage")
    assert web.conversations_history(channel="C01")["ok"]
    assert failed(web).response["error"] == "invalid_blocks"
    assert web.chat_postMessage(channel="C01", text="once only")["ok"]


def test_a_fault_of_one_method_leaves_others_alone(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.faults.rate_limit(1, method="chat.update")
    own = web.chat_postMessage(channel="C01", text="x")["ts"]
    with pytest.raises(SlackApiError):
        web.chat_update(channel="C01", ts=own, text="y")


def test_starting_calls_are_spared_unless_they_are_named(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.faults.server_error(1)
    assert web.auth_test()["ok"]
    sandbox.faults.clear()
    sandbox.faults.error("internal_error", method="auth.test")
    assert failed(web, "auth.test").response["error"] == "internal_error"


def test_a_revoked_token_is_refused_until_the_trouble_is_cleared(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.faults.revoke_token()
    assert failed(web).response["error"] == "token_revoked"
    assert web.apps_connections_open(app_token=sandbox.app_token)["ok"]
    sandbox.faults.clear()
    assert web.auth_test()["ok"]


def test_redelivered_events_have_one_event_id_and_two_envelopes(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    heard = listening(app)
    sandbox.faults.redeliver = True
    with connected(sandbox, app):
        ana(sandbox).says("#suite", "once")
        sandbox.settle()
    assert [e["text"] for e in heard] == ["once", "once"]
    first, second = sandbox.deliveries
    assert first.payload["event_id"] == second.payload["event_id"]
    assert first.envelope_id != second.envelope_id


def test_enforced_rates_let_one_message_a_second_into_a_channel(ticks: Ticks) -> None:
    with furnished(monotonic=ticks) as sandbox:
        web = client(sandbox)
        sandbox.faults.enforce_rates = True
        web.chat_postMessage(channel="C01", text="first")
        web.chat_postMessage(channel="G01", text="another channel")
        assert failed(web).response.status_code == 429
        ticks.at += 1.0
        assert web.chat_postMessage(channel="C01", text="second")["ok"]


def test_enforced_rates_forgive_an_early_message_but_not_a_stream_of_them(ticks: Ticks) -> None:
    with furnished(monotonic=ticks) as sandbox:
        web = client(sandbox)
        sandbox.faults.enforce_rates = True
        for _ in range(4):
            web.chat_postMessage(channel="C01", text="three quarters of a second apart")
            ticks.at += 0.75
        assert failed(web).response.status_code == 429


def test_enforced_rates_take_a_person_and_their_conversation_for_one_place(ticks: Ticks) -> None:
    with furnished(monotonic=ticks) as sandbox:
        web = client(sandbox)
        sandbox.faults.enforce_rates = True
        web.chat_postMessage(channel="U01ANA", text="opens it")
        with pytest.raises(SlackApiError, match="ratelimited"):
            web.chat_postMessage(channel="D01ANA", text="again")


def test_enforced_rates_let_four_messages_a_second_into_the_workspace(ticks: Ticks) -> None:
    with furnished(monotonic=ticks) as sandbox:
        web = client(sandbox)
        for n in range(20):
            sandbox.add_channel(f"C1{n:02}", f"room-{n}", members=["U01ANA"])
        sandbox.faults.enforce_rates = True
        refused = 0
        for n in range(20):
            try:
                web.chat_postMessage(channel=f"C1{n:02}", text="to each their own")
            except SlackApiError:
                refused += 1
            ticks.at += 0.125
        assert 20 - refused == 4 * 2.5 + 4


def test_enforced_rates_hold_a_method_to_its_tier(ticks: Ticks) -> None:
    with furnished(monotonic=ticks) as sandbox:
        web = client(sandbox)
        sandbox.faults.enforce_rates = True
        for _ in range(20):
            web.users_list()
        ticks.at += 20
        answer = failed(web, "users.list").response
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
        ticks.at += 40
        assert web.users_list()["ok"]


def test_latency_delays_every_answer(sandbox: Sandbox, web: WebClient) -> None:
    impatient = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    impatient.timeout = 0.05  # type: ignore[assignment]
    sandbox.faults.latency = 0.3
    with pytest.raises(TimeoutError):
        impatient.auth_test()
    assert web.auth_test()["ok"]


def test_faults_are_set_by_json_and_described(ticks: Ticks) -> None:
    faults = Faults(monotonic=ticks)
    faults.apply(
        {
            "drop_response": {"probability": 0.05},
            "rate_limit": {"next": 2, "retry_after": 3, "method": "chat.update"},
            "server_error": 1,
            "error": {"code": "invalid_blocks", "method": "chat.postMessage"},
            "redeliver": True,
            "latency": 0.25,
        }
    )
    described = faults.describe()
    assert [r["kind"] for r in described["rules"]] == ["drop_response", "rate_limit", "server_error", "error"]
    assert (described["redeliver"], described["latency"]) == (True, 0.25)
    faults.apply({"clear": True})
    assert faults.describe()["rules"] == []
    with pytest.raises(ValueError, match="gremlins"):
        faults.apply({"gremlins": 1})
