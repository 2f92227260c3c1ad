"""App Home, the register of blockers, help, and what is said when something did not work."""

import pytest

from bot.views import home_view, ids
from bot.views.blockers import register, resolved
from bot.views.help import TOPICS, overview, topic_help
from bot.views.trouble import CURES, broke, busy, delivery_trouble, refusal
from rituals.errors import Choice, Refusal
from rituals.notices import DeliveryTrouble, Home
from sandbox.blocks import check_message
from tests.bot.views.reading import buttons, mrkdwn, plain
from tests.bot.views.samples import AT, BEHIND, BLOCKER, EVIL, HOME, blown_up


def test_home_starts_with_what_i_owe_each_with_its_one_tap_action() -> None:
    assert plain(home_view(HOME)["blocks"]) == (
        "2 things wait for you\n"
        "Check-in 4 · Product suite · by Wed 4 Nov 17:00 UTC\n"
        "[ Answer ] [ No change ]\n"
        "Rating · Product suite · was due Wed 4 Nov 17:00 UTC: 1 not at all – 5 seamlessly\n"
        "[ 1 ] [ 2 ] [ 3 ] [ 4 ] [ 5 ]\n\n"
        "Your key results  2, worst first\n"
        "○ KR-1 Average onboarding time: 41 days, expected 33, off track, ↓ 4 points [ Update ]\n"
        "◐ KR-7 Accounts on three products: 18 %, expected 21 %, at risk [ Update ]\n"
        "Your units\nCRM: 5 of 7 answered, 3 of 5 key results on track · <#C01CRM>\n"
        "Alignment · Product suite\n"
        "Connection rate 79 % (−4 since 9 Nov), healthy from 80 % · 2 objectives under two lines, 1 line without a "
        "link\nShared against own pace: index 0.75 on 9 Nov · rating 3.8 of 5 in 2026-Q3 (−0.3) [ What is behind ]\n"
        "Open blockers on you or by you  1\n"
        "B-12 waiting for the billing API: CRM waits for Payments, KR-1, 12 days, until 12 Dec [ Resolve ]\n"
        "Rhythm\nNext check-in  Wed 4 Nov 17:00 UTC\nDigest  Wed 4 Nov 17:00 UTC\n"
        "Missing\nProduct suite has no channel\n"
        "Your settings\nEurope/Stockholm · quiet 20:00 to 07:00 and weekends · away 1 Dec to 5 Dec "
        "(Kim Oda is asked instead)\n[ Change ] [ Away ] [ All settings ]\n"
        "`/okr update KR-1 30 days 7/10` saves a value from anywhere; `/okr help` lists the rest."
    )


def test_homes_buttons_say_what_they_are_about() -> None:
    found = buttons(home_view(HOME)["blocks"])
    assert found["home_answer:31"] == "31"
    assert found["rating_vote_3:2"] == "2"
    assert found["home_update:KR-1"] == "KR-1"
    assert found["home_resolve:12"] == "12"


def test_someone_who_owes_nothing_and_leads_nothing_is_told_where_to_look() -> None:
    shown = plain(home_view(Home(user="U1", name="Kim"))["blocks"])
    assert "Nothing waits for you." in shown
    assert "You lead no unit with key results in this cycle; `/okr list` shows everyone's." in shown


def test_someone_who_is_not_in_the_portfolio_is_told_what_plumbline_is_and_whom_to_ask() -> None:
    shown = plain(home_view(Home(user="U1", name=None, contacts=("Ana Ruiz", "Tom Becker")))["blocks"])
    assert "Plumbline keeps a portfolio's OKRs in line" in shown
    assert "You are not in the portfolio yet. Ask Ana Ruiz, Tom Becker to add you." in shown


def test_home_of_a_lead_with_a_hundred_key_results_shows_the_worst_and_opens_the_rest() -> None:
    view = home_view(blown_up(HOME, "Onboarding"))
    assert "[ and 90 more ]" in plain(view["blocks"])
    assert ids.unpack(buttons(view["blocks"])[ids.HOME_LIST]) == {"query": "mine", "start": 10}


def test_home_says_in_which_order_shared_and_own_key_results_stand() -> None:
    own = BEHIND.model_copy(update={"shared": False})
    shown = plain(home_view(HOME.model_copy(update={"key_results": (BEHIND, own)}))["blocks"])
    assert "Your key results  2, the shared first, each worst first" in shown


def test_a_key_result_that_did_not_move_says_so() -> None:
    still = HOME.model_copy(update={"key_results": (BEHIND.model_copy(update={"trend": 0.001}),)})
    assert "off track, → unmoved" in plain(home_view(still)["blocks"])


def test_the_register_has_a_line_and_a_way_out_for_each_blocker() -> None:
    shown = register([BLOCKER])
    assert plain(shown.blocks) == (
        "1 open blocker\n"
        "B-12 waiting for the billing API: CRM waits for Payments, KR-1, 12 days, until 12 Dec [ Resolve ]"
    )
    assert buttons(shown.blocks) == {"blocker_resolve:12": "12"}


def test_an_empty_register_says_so() -> None:
    assert register([], "CRM").text == "No open blockers of CRM."


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_the_most_extreme_register_and_trouble_are_valid(text: str) -> None:
    line = blown_up(BLOCKER, text)
    many = [line.model_copy(update={"number": n}) for n in range(100)]
    assert check_message(register(many, text).blocks) == []
    assert check_message(resolved(line).blocks) == []
    choices = tuple(Choice(f"v{n}", text) for n in range(20))
    assert check_message(refusal(Refusal(text, None, choices), context="p7").blocks) == []
    assert check_message(refusal(Refusal(text), typed=f"/okr update {'<&> ' * 1000}{text * 9}").blocks) == []
    assert check_message(overview(unknown=text, nearest=text).blocks) == []
    assert check_message(topic_help(text).blocks) == []


def test_a_long_register_counts_the_rest() -> None:
    many = [BLOCKER.model_copy(update={"number": n}) for n in range(40)]
    assert "and 28 more; resolve one by its number: `/okr blockers resolve 12`" in plain(register(many).blocks)


def test_a_blocker_that_was_resolved_at_once_was_open_no_days() -> None:
    assert resolved(BLOCKER.model_copy(update={"days": 0})).text.endswith("the billing API, opened today.")


def test_a_move_of_one_point_is_in_the_singular() -> None:
    slow = HOME.model_copy(update={"key_results": (BEHIND.model_copy(update={"trend": -0.01}),)})
    assert "off track, ↓ 1 point [" in plain(home_view(slow)["blocks"])


def test_a_resolved_blocker_is_confirmed() -> None:
    assert resolved(BLOCKER).text == "Resolved B-12: waiting for the billing API, open for 12 days."


def test_a_refusal_offers_what_could_have_been_meant_as_buttons() -> None:
    said = Refusal(
        'I read "1.250" as 1.25 or 1,250 days. Which?', None, (Choice("1.25", "1.25"), Choice("1250", "1,250"))
    )
    shown = refusal(said, context="p7")
    assert plain(shown.blocks) == 'I read "1.250" as 1.25 or 1,250 days. Which?\n[ 1.25 ] [ 1,250 ]'
    assert ids.unpack(buttons(shown.blocks)["choice_pick:1"]) == {"value": "1250", "context": "p7"}


def test_a_refusals_fallback_names_the_choices_once() -> None:
    named = Refusal('"x" can be KR-9 "Search". Which?', None, (Choice("KR-9", "KR-9 Search answers"),))
    assert refusal(named).text == '"x" can be KR-9 "Search". Which?'
    assert refusal(Refusal("Which?", None, (Choice("a", "This"), Choice("b", "That")))).text == "Which? This or That?"


def test_a_command_that_is_refused_is_given_back_to_its_last_word() -> None:
    typed = "/okr update KR-5 1900 " + " ".join(f"word{n}" for n in range(500)) + " <https://x.example/a?b=1>"
    shown = refusal(Refusal("KR-5 is Payments': ask Omar."), typed=typed)
    told = plain(shown.blocks).replace("\n", " ")
    assert told.startswith("KR-5 is Payments': ask Omar. You typed: /okr update KR-5 1900 word0 ")
    assert [f"word{n}" in told.split() for n in range(500)] == [True] * 500
    assert told.endswith("https://x.example/a?b=1")


def test_nothing_is_given_back_that_a_button_holds_or_that_is_sooner_typed_again() -> None:
    held = refusal(
        Refusal("Which?", None, (Choice("a", "This"),)), context="u", typed="/okr update it 30 days and more"
    )
    assert plain(held.blocks) == "Which?\n[ This ]"
    assert plain(refusal(Refusal("No."), typed="/okr update KR-5 3").blocks) == "No."
    long = refusal(Refusal("Which?", None, (Choice("a", "This"),)), context="x" * 3000, typed="/okr update it 30 days")
    assert plain(long.blocks) == "Which?\n• This\nYou typed: /okr update it 30 days"


def test_a_refusal_with_more_than_a_button_can_carry_lists_the_choices_as_words() -> None:
    shown = refusal(Refusal("Which?", None, (Choice("1.25", "1.25"),)), context="x" * 3000)
    assert buttons(shown.blocks) == {}
    assert plain(shown.blocks) == "Which?\n• 1.25"


def test_a_refusal_without_choices_is_one_line() -> None:
    assert plain(refusal(Refusal("Confidence runs from 0 to 10.")).blocks) == "Confidence runs from 0 to 10."


def test_a_fault_of_ours_says_whether_what_was_typed_is_kept() -> None:
    assert broke("7F3A").text == "Something broke on our side (ref 7F3A). Your answer is stored."
    assert broke("7F3A", stored=False).text.endswith("Nothing was changed; please try again.")


def test_a_busy_database_loses_nothing_and_says_what_follows() -> None:
    assert "What you typed is kept" in busy().text
    assert "in a form, send it again" in busy().text


@pytest.mark.parametrize("reason", CURES)
def test_every_known_reason_of_failed_delivery_says_what_to_do(reason: str) -> None:
    shown = delivery_trouble(DeliveryTrouble(channel="C01", reason=reason, what="the digest"))
    assert mrkdwn(shown.blocks)[0].startswith("I could not deliver the digest to <#C01>: ")
    assert f"({reason})." in shown.text


def test_an_unknown_reason_is_told_as_it_is() -> None:
    shown = delivery_trouble(DeliveryTrouble(channel="U01", reason="strange_thing", what="a reminder"))
    assert shown.text == "I could not deliver a reminder to U01: strange_thing."


def test_help_lists_every_command_with_one_line_each() -> None:
    shown = plain(overview().blocks)
    assert all(f"{topic.does}\n" in shown and f"`/okr {word}" in shown for word, topic in TOPICS.items())
    assert len(shown.splitlines()) <= len(TOPICS) + 2


@pytest.mark.parametrize("word", TOPICS)
def test_every_command_has_help_with_an_example_that_starts_with_it(word: str) -> None:
    shown = topic_help(word)
    assert f"For example: `/okr {word}" in plain(shown.blocks)
    assert check_message(shown.blocks) == []


def test_an_unknown_word_gets_the_nearest_match_and_help() -> None:
    shown = overview(unknown="updaet", nearest="update")
    assert plain(shown.blocks).startswith("I do not know `/okr updaet`. Did you mean `/okr update`?\n`/okr update [KR]")
    assert "`/okr list" not in plain(shown.blocks)
    assert topic_help("nonsense").text == "I do not know `/okr nonsense`."
    assert "`/okr list" in plain(topic_help("nonsense").blocks)


def test_home_says_what_is_answered_in_part_and_what_was_put_off() -> None:
    partly = HOME.owed[0].model_copy(update={"partly": True})
    later = HOME.owed[0].model_copy(update={"back_at": AT})
    shown = plain(home_view(HOME.model_copy(update={"owed": (partly, later)}))["blocks"])
    assert "by Wed 4 Nov 17:00 UTC, partly answered" in shown
    assert "by Wed 4 Nov 17:00 UTC, back Wed 4 Nov 17:00 UTC" in shown
