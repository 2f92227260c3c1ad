"""Owning a key result together as both sides read it, its forms, and the owners' views side by side."""

import pytest

from bot.views import ownership as views
from bot.views.home import home_view
from bot.views.mine import mine
from bot.views.ownership import ask, reminder, told
from bot.views.sides import side_line
from rituals.notices import OwnershipAsk, OwnershipTold
from rituals.notices.cards import Standpoint
from rituals.okrs.ownership.service import Opened
from rituals.okrs.support import SupportForm
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import EVIL, OFFERED, OWED, OWNERSHIP, OWNING, SIDES, blown_up


def answered(state: str, **more: object) -> OwnershipTold:
    return OwnershipTold(**(OFFERED.model_dump() | {"state": state, **more}))


def test_the_question_says_what_is_asked_and_what_it_means() -> None:
    assert plain(ask(OWNERSHIP).blocks) == (
        "KR-46 Deals that are paid without a call\n"
        "Bo Lind asks whether Payments owns it together with CRM and Identity.\n"
        "10 → 25 %, under O-2 Deals close by themselves. Bo Lind reports its value; you would be asked at each "
        "check-in how it looks from Payments.\n"
        "[ Accept ] [ Offer something else ] [ Decline ]"
    )


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (answered("accepted"), "Payments (Omar Haddad) owns it with CRM and Identity. It is supported by O-9."),
        (answered("declined"), "Payments (Omar Haddad) does not own it."),
        (answered("withdrawn"), "Payments is not asked to own it any more."),
        (answered("countered"), "Payments (Omar Haddad) would rather that Search owns it."),
        (answered("countered", other=None), "would support it, and not own it."),
        (answered("countered", agreed=True), "Agreed: Search is asked instead."),
        (answered("countered", agreed=True, other=None), "Agreed: Payments supports it only."),
        (answered("asked", over=True), "Payments was asked once more; see the newer message."),
    ],
)
def test_both_sides_read_what_stands(shown: OwnershipTold, said: str) -> None:
    assert said in plain(ask(shown).blocks)
    assert said in plain(told(shown).blocks)


def test_an_offer_says_to_each_side_who_decides() -> None:
    assert "owns it. Bo Lind decides." in plain(ask(OwnershipAsk(**OFFERED.model_dump(exclude={"editable"}))).blocks)
    assert "owns it. You decide." in plain(told(OFFERED).blocks)


def test_what_waits_is_told_on_home_and_in_a_bare_okr_with_its_buttons() -> None:
    lines = (
        "KR-46 Deals that are paid without a call: Bo Lind asks whether Payments owns it together with CRM and "
        "Identity.\n[ Accept ] [ Offer something else ] [ Decline ]",
        "KR-46 Deals that are paid without a call: Payments (Omar Haddad) would rather that Search owns it. You decide."
        "\n[ Ask Search ] [ Ask Payments again ]",
    )
    for shown in (plain(home_view(OWED)["blocks"]), plain(mine(OWED).blocks)):
        assert "2 things wait for you" in shown
        assert all(line in shown for line in lines)


def test_a_reminder_mentions_who_must_act_and_has_the_same_buttons() -> None:
    assert plain(reminder(OWNING).blocks) == (
        "<@U05OMAR> KR-46 Deals that are paid without a call: Bo Lind asks whether Payments owns it together with CRM "
        "and Identity.\n[ Accept ] [ Offer something else ] [ Decline ]"
    )


def test_an_offer_waits_for_the_word_of_who_asked_and_can_be_changed() -> None:
    assert plain(told(OFFERED).blocks).endswith(
        "> we have no people for it before March\n[ Ask Search ] [ Ask Payments again ]"
    )
    assert "[ Agree: support only ]" in plain(told(OFFERED.model_copy(update={"other": None})).blocks)
    assert "[ Accept ] [ Offer something else ] [ Decline ]" in plain(ask(OFFERED).blocks)


def test_who_asked_and_is_declined_reads_why_and_what_to_do() -> None:
    assert plain(told(answered("declined", editable=True)).blocks) == (
        "KR-46 Deals that are paid without a call\n"
        "Payments (Omar Haddad) does not own it.\n"
        "> we have no people for it before March\n"
        "CRM and Identity own it now. Choose another co-owner, or agree on a part that Payments can own.\n"
        "[ Edit KR-46 ]"
    )
    assert "[" not in plain(told(answered("declined")).blocks)


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_what_is_over_has_nothing_to_press(state: str) -> None:
    assert "[" not in plain(ask(answered(state)).blocks)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (Standpoint(unit_key="a", unit="CRM"), "• *CRM*  no word yet · nothing of its own for it yet"),
        (Standpoint(unit_key="a", unit="CRM", at_home=True), "• *CRM*  no word yet"),
        (SIDES[2], "• *Data*  asked to own it, has not agreed yet"),
    ],
)
def test_an_owner_who_said_nothing_is_told_as_such(one: Standpoint, line: str) -> None:
    assert side_line(one) == line


OWN = tuple((f"o:O-{n}", f"O-{n} Money arrives by itself") for n in range(120))
OTHERS = tuple((f"unit{n}", f"Unit {n}") for n in range(120))


def test_the_forms_fit_whatever_they_are_given() -> None:
    for text in EVIL.values():
        data = Opened(
            blown_up(OWNERSHIP, text), tuple((v, text) for v, _ in OWN[:99]), tuple((k, text) for k, _ in OTHERS)
        )
        for form in (views.accept_form, views.counter_form, views.decline_form):
            assert check_view(form(data), "modal") == []
        assert check_view(views.support_form(SupportForm("KR-1", text, "crm", text, data.own, "o:O-3")), "modal") == []
        assert check_message(ask(data.ask).blocks) == []


def test_what_is_linked_already_stands_in_the_form() -> None:
    form = views.support_form(SupportForm("KR-1", "Onboarding", "crm", "CRM", OWN[:3], "o:O-2"))
    assert form["blocks"][1]["element"]["initial_option"]["value"] == "o:O-2"
    assert form["blocks"][1]["label"]["text"] == "What of CRM's own supports it?"
