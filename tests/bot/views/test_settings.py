"""Settings: what the pages and forms say, no button that is dead, and that Slack takes the most extreme of them."""

from datetime import date

import pytest

from bot.views import ids
from bot.views.settings import saved_modal, settings_page, unit_page
from bot.views.settings_forms import settings_form
from bot.views.settings_typed import typed_of
from rituals.settings.cards import (
    Changed,
    LocalTime,
    PreviewSlot,
    RhythmForm,
    RhythmValue,
    Saved,
    SettingsForm,
    SettingsPage,
    Typed,
    UnitChange,
    UnitLine,
    UnitPage,
    Value,
)
from sandbox.blocks import check_view
from sandbox.elements import state_of
from tests.bot.views.reading import buttons, mrkdwn, plain
from tests.bot.views.samples import AT, EVIL, blown_up

SAVED = Saved(
    about="CRM",
    changes=(
        Changed(name="Channel", before=None, after="C01CRM", channel=True),
        Changed(name="Check-in", before="none of its own", after="every week on Tuesday at 09:00, from 17 Nov"),
    ),
    since=date(2026, 11, 17),
)
PAGE = SettingsPage(
    mine=(
        Value(name="Time zone", value="Asia/Tokyo"),
        Value(name="Quiet hours", value="20:00 to 07:00 and weekends", source="the workspace's"),
    ),
    units=(
        UnitLine(key="crm", name="CRM", rhythm="every 2 weeks on Monday at 09:00, from Product suite", mine=True),
        UnitLine(key="payments", name="Payments", rhythm="none", mine=False),
    ),
    workspace=(Value(name="At risk", value="more than 10 points behind"),),
    admins=("Ana Ruiz",),
)
UNIT = UnitPage(
    key="crm",
    name="CRM",
    values=(Value(name="Channel", value="C01CRM", channel=True), Value(name="Leads", value="Bo Lind")),
    rhythms=(
        RhythmValue(
            which="checkin",
            value="every 2 weeks on Monday at 09:00",
            source="Product suite",
            offers=("set",),
            next_on=date(2026, 11, 16),
        ),
        RhythmValue(which="digest", value="every week on Friday at 15:00", offers=("change", "drop")),
    ),
    may=True,
)
RHYTHM = RhythmForm(
    kind="rhythm",
    about="suite:checkin",
    name="Product suite",
    typed=Typed(
        texts={
            "every": "2",
            "step": "weeks",
            "at": "09:00",
            "starts": "2026-10-05",
            "where": "zone",
            "zone": "Asia/Tokyo",
        },
        lists={"weekdays": ("monday", "friday"), "monthdays": ("first monday", "15"), "binding": ("binding",)},
    ),
    facts={"zone": "Europe/Berlin"},
    binds=True,
    preview=(
        PreviewSlot(
            day=date(2026, 12, 28),
            at="09:00",
            moved_from=date(2026, 12, 25),
            holiday="Christmas Day",
            local=(
                LocalTime(at="01:00", names=("Bo Lind", "Kim Oda", "Lee Park", "Pat Hall"), quiet=True),
                LocalTime(at="Tue 13:00", names=("Ari Moana",)),
            ),
        ),
        PreviewSlot(day=date(2027, 1, 8), at="09:00", local=(LocalTime(at="01:00", names=("Bo Lind",)),)),
    ),
    since=date(2026, 12, 28),
)
MINE = SettingsForm(
    kind="mine",
    typed=Typed(
        texts={"zone": "Asia/Tokyo", "quiet": "own", "quiet_from": "21:00", "quiet_to": "06:30"},
        lists={"weekends": ("weekends",)},
    ),
    facts={"slack_zone": "Europe/Berlin", "usual": "20:00 to 07:00 and weekends"},
)
WORKSPACE = SettingsForm(
    kind="workspace",
    typed=Typed(
        texts={
            "at_risk": "10",
            "off_track": "25",
            "nudges": "5",
            "zone": "Europe/Berlin",
            "quiet": "none",
            "language": "de",
            "tokens": "200000",
        },
        lists={"model": ("off",)},
    ),
)
UNIT_FORM = SettingsForm(
    kind="unit",
    about="crm",
    name="CRM",
    typed=Typed(
        texts={"channel": "C01CRM", "country": "DE", "region": "BE"},
        lists={"leads": ("U01ANA", "U03BO"), "private": ("private",)},
    ),
    facts={"holidays": "DE from Product suite"},
)
AWAY = SettingsForm(
    kind="away",
    typed=Typed(texts={"until": "2026-12-05", "delegate": "U04MIA"}, lists={"back": ("back",)}),
    facts={"away": "1 Dec to 5 Dec, Mia Tanaka is asked instead"},
)
CLOSE = SettingsForm(
    kind="close",
    about="desktop",
    name="Desktop",
    typed=Typed(texts={"fate": "move", "to": "mobile"}),
    facts={"stakes": "2 open objectives with 5 key results", "to:mobile": "Mobile", "to:crm": "CRM"},
)
REOPEN = SettingsForm(kind="reopen", about="desktop", name="Desktop", typed=Typed())
FORMS = (RHYTHM, MINE, AWAY, WORKSPACE, UNIT_FORM, CLOSE, REOPEN)
evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())


def test_the_first_page_says_what_can_be_set_and_by_whom() -> None:
    assert plain(settings_page(PAGE)["blocks"]) == (
        "Mine, for you alone\nTime zone: Asia/Tokyo\nQuiet hours: 20:00 to 07:00 and weekends (the workspace's)\n"
        "[ Change ] [ Away ]\n\n"
        "Units, set by their leads and those above them\n"
        "CRM\nevery 2 weeks on Monday at 09:00, from Product suite [ Open ]\n"
        "Any unit [ Choose a unit ]\n\n"
        "Workspace, set by Ana Ruiz\nAt risk: more than 10 points behind"
    )


def test_only_who_may_change_a_thing_has_a_button_for_it() -> None:
    assert set(buttons(settings_page(PAGE)["blocks"])) == {
        "settings_edit:mine", "settings_edit:away", "settings_unit:crm",
    }  # fmt: skip
    admin = settings_page(PAGE.model_copy(update={"admin": True}))
    assert "settings_edit:workspace" in buttons(admin["blocks"])
    stranger = SettingsPage(units=PAGE.units[1:], admins=("Ana Ruiz",))
    assert buttons(settings_page(stranger)["blocks"]) == {}
    shown = plain(settings_page(stranger)["blocks"])
    assert "You are not in the portfolio, so there is nothing of yours to set. Ask Ana Ruiz to add you." in shown
    assert "You lead none: look at any." in shown


def test_a_units_page_shows_what_is_inherited_and_from_whom() -> None:
    shown = plain(unit_page(UNIT)["blocks"])
    assert (
        "Check-in  Every 2 weeks on Monday at 09:00 (from Product suite)\nNext on Mon 16 Nov\n[ Set our own ]" in shown
    )
    assert "Digest  Every week on Friday at 15:00\n[ Change ] [ End the digest ]" in shown
    assert "Channel: <#C01CRM>" in shown


def test_a_units_page_tells_its_history_and_how_to_close_it() -> None:
    change = UnitChange(at=AT, by="Lena Vogt", changes=(Changed(name="Part of", before="Suite", after="Platform"),))
    page = UNIT.model_copy(update={"history": (change, change.model_copy(update={"by": ""}))})
    assert plain(unit_page(page)["blocks"]).endswith(
        "History\nWed 4 Nov  Part of: Suite → Platform, by Lena Vogt\nWed 4 Nov  Part of: Suite → Platform, by a file\n"
        "[ Close this unit ]"
    )
    closed = page.model_copy(update={"closed": date(2026, 11, 16), "history": ()})
    shown = plain(unit_page(closed)["blocks"])
    assert "Closed since 16 Nov; what was stays." in shown
    assert shown.endswith("[ Open it again ]")
    assert "Check-in" not in shown


def test_closing_asks_what_becomes_of_what_is_open() -> None:
    form = settings_form(CLOSE)
    assert plain(form["blocks"]).startswith("Close Desktop?\nIts check-ins stop;")
    assert "It has 2 open objectives with 5 key results." in plain(form["blocks"])
    assert [block["element"]["initial_option"]["value"] for block in form["blocks"][2:]] == ["move", "mobile"]
    alone = settings_form(CLOSE.model_copy(update={"facts": {"stakes": "1 open objective"}}))
    assert [one["value"] for one in alone["blocks"][2]["element"]["options"]] == ["drop"]
    assert "Nothing of it is open." in plain(settings_form(CLOSE.model_copy(update={"facts": {}}))["blocks"])
    again = settings_form(REOPEN)
    assert (again["submit"]["text"], form["submit"]["text"]) == ("Open again", "Close it")


def test_a_binding_rhythm_has_no_button_and_says_whose_it_is() -> None:
    bound = UNIT.rhythms[0].model_copy(update={"binding": True, "offers": ()})
    view = unit_page(UNIT.model_copy(update={"rhythms": (bound,), "may": False, "ask": "Bo Lind or Ana Ruiz"}))
    assert buttons(view["blocks"]) == {}
    assert "Product suite sets it for all units below; it cannot be set here." in plain(view["blocks"])
    assert "Its leads and those above them change this: ask Bo Lind or Ana Ruiz." in plain(view["blocks"])


def test_giving_a_rhythm_back_is_asked_again_before_it_is_done() -> None:
    own = UNIT.rhythms[0].model_copy(update={"source": None, "offers": ("change", "drop")})
    view = unit_page(UNIT.model_copy(update={"rhythms": (own,)}))
    drop = next(
        e for b in view["blocks"] for e in b.get("elements", ()) if e["action_id"] == "settings_drop:crm:checkin"
    )
    assert drop["text"]["text"] == "Use the inherited one"
    assert drop["confirm"]["title"]["text"] == "Give up our own check-in?"


def test_what_was_saved_stands_first_with_before_and_after_and_from_when_it_counts() -> None:
    for view in (saved_modal(SAVED), unit_page(UNIT.model_copy(update={"saved": SAVED}))):
        assert plain(view["blocks"]).startswith(
            "✓ Saved: CRM\nChannel: none → <#C01CRM>\n"
            "Check-in: none of its own → every week on Tuesday at 09:00, from 17 Nov\n"
            "It counts from Tue 17 Nov; what was before stays."
        )
    assert plain(saved_modal(Saved(about="CRM"))["blocks"]).startswith("Nothing changed: CRM stands as it was.")


def test_the_rhythm_form_shows_the_next_slots_where_they_moved_from_and_when_they_are_for_whom() -> None:
    shown = plain(settings_form(RHYTHM)["blocks"])
    assert "• Mon 28 Dec 09:00, moved from Fri 25 Dec, Christmas Day\n• Fri 8 Jan 2027 09:00" in shown
    assert (
        "Where they are: 01:00 Bo Lind, Kim Oda, Lee Park, Pat Hall, in their quiet hours; Tue 13:00 Ari Moana" in shown
    )
    assert "On Fri 8 Jan: 01:00 Bo Lind" in shown
    assert "Whoever has quiet hours then is asked when they end." in shown
    assert "Counts from Mon 28 Dec; earlier rounds stay as they were." in shown


def test_a_rhythm_that_cannot_be_previewed_says_why() -> None:
    form = RHYTHM.model_copy(update={"preview": (), "problem": "choose at least one day"})
    assert "Not known yet: choose at least one day." in plain(settings_form(form)["blocks"])


def test_by_months_the_days_are_first_mondays_and_numbers() -> None:
    monthly = RHYTHM.model_copy(update={"typed": Typed(texts={**RHYTHM.typed.texts, "step": "months"})})
    [days] = [b["element"] for b in settings_form(monthly)["blocks"] if b.get("block_id") == "setting:monthdays"]
    values = [option["value"] for option in days["options"]]
    assert len(values) == 66
    assert {"first monday", "last friday", "1", "31"} <= set(values)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_what_is_typed_stands_in_the_form_and_is_read_back_from_it(form: SettingsForm) -> None:
    view = settings_form(form)
    assert check_view(view, "modal") == []
    read = typed_of({**view, "state": {"values": state_of(view["blocks"], {})}})
    assert {k: v for k, v in read.texts.items() if v} == dict(form.typed.texts)
    assert {k: v for k, v in read.lists.items() if v} == dict(form.typed.lists)


def test_an_emptied_field_is_empty_and_not_what_it_was() -> None:
    view = settings_form(MINE)
    state = state_of(view["blocks"], {})
    state["setting:zone"]["setting:zone"]["value"] = None
    assert typed_of({**view, "state": {"values": state}}).text("zone") == ""


@evil
def test_the_most_extreme_pages_are_valid_views(text: str) -> None:
    page = blown_up(PAGE.model_copy(update={"admin": True, "saved": SAVED}), text)
    units = tuple(line.model_copy(update={"key": f"unit-{n}"}) for n, line in enumerate(page.units))
    assert check_view(settings_page(page.model_copy(update={"units": units})), "modal") == []
    page_of_one = blown_up(UNIT.model_copy(update={"saved": SAVED}), text)
    rhythms = tuple(
        page_of_one.rhythms[n].model_copy(update={"which": w, "offers": ("change", "drop")})
        for n, w in enumerate(("checkin", "digest"))
    )
    assert check_view(unit_page(page_of_one.model_copy(update={"rhythms": rhythms})), "modal") == []
    assert check_view(saved_modal(blown_up(SAVED, text)), "modal") == []


@evil
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_the_most_extreme_forms_are_valid_views(form: SettingsForm, text: str) -> None:
    free = dict.fromkeys(("zone", "country", "region", "at_risk", "off_track", "nudges", "every"), text)
    typed = Typed(texts={**form.typed.texts, **free, "where": "zone"}, lists=form.typed.lists)
    kept = {"kind": form.kind, "about": form.about, "typed": typed, "facts": dict.fromkeys(form.facts, text)}
    if isinstance(form, RhythmForm):
        local = (LocalTime(at=text, names=(text,) * 100, quiet=True),) * 100
        slot = form.preview[0].model_copy(update={"holiday": text, "local": local})
        kept |= {"preview": (slot, form.preview[1]) * 50, "which": form.which, "inherited": text}
    extreme = form.model_copy(update={"name": text, **kept})
    assert check_view(settings_form(extreme), "modal") == []


def test_a_lead_of_sixty_units_has_the_first_and_a_menu_of_all() -> None:
    many = tuple(UnitLine(key=f"unit-{n}", name=f"Unit {n}", rhythm="none", mine=True) for n in range(60))
    view = settings_page(PAGE.model_copy(update={"units": many}))
    assert len(view["blocks"]) < 100
    menu = next(b["accessory"] for b in view["blocks"] if b.get("accessory", {}).get("type") == "static_select")
    assert len(menu["options"]) == 60
    assert menu["action_id"] == ids.SETTINGS_UNIT


def test_names_are_escaped_everywhere() -> None:
    text = EVIL["mentions of everyone"]
    for view in (
        settings_page(blown_up(PAGE, text)),
        unit_page(blown_up(UNIT, text)),
        saved_modal(blown_up(SAVED, text)),
    ):
        assert not any("<!channel" in said or "<!here" in said for said in mrkdwn(view["blocks"]))
