"""views.*: trigger ids live three seconds and once, hashes guard updates, the stack is three deep."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import Sandbox
from sandbox.tokens import Tokens
from tests.sandbox.bench import ana, client, furnished, home, modal, section, text_input


class Ticks:
    """Monotonic seconds that a test sets."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def sandbox(ticks: Ticks) -> Iterator[Sandbox]:
    with furnished(monotonic=ticks) as running:
        yield running


@pytest.fixture
def web(sandbox: Sandbox) -> WebClient:
    return client(sandbox)


def trigger(sandbox: Sandbox, view_id: str | None = None) -> str:
    return sandbox.site.tokens.trigger("U01ANA", view_id)


def code(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


def test_a_trigger_opens_one_modal_and_no_second(sandbox: Sandbox, web: WebClient) -> None:
    key = trigger(sandbox)
    opened = web.views_open(trigger_id=key, view=modal(text_input()))
    front = ana(sandbox).view
    assert front is not None and front.id == opened["view"]["id"]
    with pytest.raises(SlackApiError) as error:
        web.views_open(trigger_id=key, view=modal(text_input()))
    assert code(error) == "exchanged_trigger_id"


@pytest.mark.parametrize(("age", "fine"), [(3.0, True), (3.01, False)])
def test_a_trigger_older_than_three_seconds_is_expired(
    sandbox: Sandbox, web: WebClient, ticks: Ticks, age: float, fine: bool
) -> None:
    key = trigger(sandbox)
    ticks.at += age
    if fine:
        assert web.views_open(trigger_id=key, view=modal(section()))["ok"]
        return
    with pytest.raises(SlackApiError) as error:
        web.views_open(trigger_id=key, view=modal(section()))
    assert code(error) == "expired_trigger_id"


def test_an_invented_trigger_is_refused(web: WebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        web.views_open(trigger_id="1.2.abc", view=modal(section()))
    assert code(error) == "invalid_trigger_id"


def test_a_bad_view_is_refused_before_its_trigger_is_used_up(sandbox: Sandbox, web: WebClient) -> None:
    key = trigger(sandbox)
    with pytest.raises(SlackApiError) as error:
        web.views_open(trigger_id=key, view=modal(section(), title="much too long for a modal"))
    assert code(error) == "invalid_arguments"
    assert "less than 25" in error.value.response["response_metadata"]["messages"][0]
    assert web.views_open(trigger_id=key, view=modal(section()))["ok"]


def test_three_modals_can_be_stacked_and_a_fourth_not(sandbox: Sandbox, web: WebClient) -> None:
    root = web.views_open(trigger_id=trigger(sandbox), view=modal(section()))["view"]["id"]
    second = web.views_push(trigger_id=trigger(sandbox, root), view=modal(section()))["view"]
    third = web.views_push(trigger_id=trigger(sandbox, root), view=modal(section()))["view"]
    assert (second["previous_view_id"], third["root_view_id"]) == (root, root)
    with pytest.raises(SlackApiError) as error:
        web.views_push(trigger_id=trigger(sandbox, root), view=modal(section()))
    assert code(error) == "push_limit_reached"


def test_an_update_with_an_old_hash_is_a_conflict(sandbox: Sandbox, web: WebClient) -> None:
    view = web.views_open(trigger_id=trigger(sandbox), view=modal(section("one")))["view"]
    web.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("two")))
    with pytest.raises(SlackApiError) as error:
        web.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("three")))
    assert code(error) == "hash_conflict"
    assert "two" in ana(sandbox).reads(ana(sandbox).view)


def test_an_update_keeps_what_was_entered_where_the_ids_are_the_same(sandbox: Sandbox, web: WebClient) -> None:
    view = web.views_open(trigger_id=trigger(sandbox), view=modal(text_input(), text_input("Note", "note")))["view"]
    front = ana(sandbox).view
    ana(sandbox).fills(front, {"Value": "30", "Note": "pilot"})
    renamed = text_input("Note", "another")
    web.views_update(view_id=view["id"], view=modal(text_input(), renamed))
    assert front is not None
    assert front.values["value"]["typed"]["value"] == "30"
    assert front.values["another"]["typed"]["value"] is None


def test_a_view_can_be_found_by_the_apps_own_id_which_is_unique(sandbox: Sandbox, web: WebClient) -> None:
    web.views_open(trigger_id=trigger(sandbox), view=modal(section("one"), external_id="mine"))
    web.views_update(external_id="mine", view=modal(section("two"), external_id="mine"))
    assert "two" in ana(sandbox).reads(ana(sandbox).view)
    with pytest.raises(SlackApiError) as error:
        web.views_publish(user_id="U01ANA", view={**home(section()), "external_id": "mine"})
    assert code(error) == "duplicate_external_id"


def test_home_is_published_and_guarded_by_its_hash(sandbox: Sandbox, web: WebClient) -> None:
    first = web.views_publish(user_id="U01ANA", view=home(section("one")))["view"]
    web.views_publish(user_id="U01ANA", view=home(section("two")), hash=first["hash"])
    with pytest.raises(SlackApiError) as error:
        web.views_publish(user_id="U01ANA", view=home(section("three")), hash=first["hash"])
    assert code(error) == "hash_conflict"
    assert "two" in ana(sandbox).reads(ana(sandbox).home)


def test_a_closed_view_is_not_found(sandbox: Sandbox, web: WebClient) -> None:
    view = web.views_open(trigger_id=trigger(sandbox), view=modal(section()))["view"]
    ana(sandbox).closes()
    with pytest.raises(SlackApiError) as error:
        web.views_update(view_id=view["id"], view=modal(section()))
    assert code(error) == "not_found"


def test_a_response_url_is_good_for_five_uses_and_thirty_minutes(ticks: Ticks) -> None:
    tokens = Tokens(ticks)
    key, other = (tokens.response_key("U01ANA", "C01", None, None) for _ in range(2))
    outcomes = []
    for _ in range(6):
        try:
            tokens.response(key)
            outcomes.append("ok")
        except Exception as error:  # noqa: BLE001 - the code is what is looked at
            outcomes.append(str(error))
    assert outcomes == ["ok"] * 5 + ["used_url"]
    ticks.at += 30 * 60 + 1
    with pytest.raises(Exception, match="expired_url"):
        tokens.response(other)
