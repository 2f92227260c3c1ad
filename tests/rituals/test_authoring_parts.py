"""The parts of the forms by themselves: keys, lines of milestones, words of a change, its effect."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rituals.errors import Refusal
from rituals.okrs.authoring import effect as authoring_effect
from rituals.okrs.authoring import keys as authoring_keys
from rituals.okrs.authoring import milestones as authoring_milestones
from rituals.okrs.figures import Figures, figures
from rituals.okrs.portfolio.schema import KeyResultEntry, MilestoneEntry
from tests.rituals.samples import BANDS, BERLIN, MID, TWO_WEEKS, kr


@pytest.mark.parametrize(
    ("keys", "made"),
    [
        ((), "KR-1"),
        (("KR-1", "KR-45", "KR-7"), "KR-46"),
        (("KR-1", "KR-2", "X9"), "KR-3"),
        (("2026-1", "2026-2"), "2026-3"),
        (("revenue",), "KR-1"),
    ],
)
def test_the_next_key_goes_on_with_the_commonest_series(keys: tuple[str, ...], made: str) -> None:
    assert authoring_keys.next_number(keys, "KR-") == made


@pytest.mark.parametrize(
    ("name", "keys", "made"),
    [
        ("Data platform", (), "data-platform"),
        ("Data platform", ("data-platform",), "data-platform-2"),
        ("R&D (Köln)", (), "r-d-köln"),
        ("!!!", (), "unit"),
        ("Line 2", ("line-2",), "line-3"),
        ("x" * 90, (), "x" * 50),
    ],
)
def test_a_unit_is_keyed_by_its_name(name: str, keys: tuple[str, ...], made: str) -> None:
    assert authoring_keys.of_name(name, keys) == made


titles = some.text(
    some.characters(blacklist_characters="|", blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")),
    min_size=1,
    max_size=40,
)
milestones = some.builds(
    MilestoneEntry,
    title=titles,
    weight=some.decimals(min_value="0.1", max_value=9999, places=1),
    due=some.none() | some.dates(),
    done=some.booleans() | some.dates(),
)


@given(some.lists(milestones, min_size=1, max_size=5))
def test_lines_of_milestones_come_back_as_they_were_written(steps: list[MilestoneEntry]) -> None:
    text = authoring_milestones.written(tuple(steps))
    assert [MilestoneEntry.model_validate(one) for one in authoring_milestones.read(text)] == steps


def test_a_part_of_a_milestone_that_is_neither_weight_nor_day_nor_done_is_asked_back() -> None:
    with pytest.raises(Refusal, match=r'I read "soon" in "Pilot \| soon"'):
        authoring_milestones.read("Pilot | soon")


def test_only_what_differs_is_a_change_and_2_is_2_point_0() -> None:
    before = KeyResultEntry(key="KR-1", title="T", target=Decimal("2.0"), owners=("crm",))
    after = before.model_copy(update={"target": Decimal(2), "title": "U"})
    assert authoring_effect.changed(before, after) == ({"title": "T"}, {"title": "U"})


def test_the_effect_says_what_moves_and_what_stays() -> None:
    def at(**changes: Any) -> Figures:
        return figures(replace(kr(), **changes), now=MID, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)

    words = authoring_effect.effect(at(), at(starts=kr().starts.replace(month=11)))
    assert words.startswith("expected today 49 % → 23 %")
    assert authoring_effect.effect(at(), at(target=Decimal(10))) == "expected today stays 49 %"
