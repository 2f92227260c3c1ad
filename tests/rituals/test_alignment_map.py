"""The tree of contributions with status rolled up, and who shares what with whom."""

from rituals.alignment.map import pairs, tree
from rituals.okrs.model import Contribution, KeyResult, Objective, Status
from tests.rituals.samples import kr


def objective(key: str, *krs: KeyResult, to: tuple[str, ...] = ()) -> Objective:
    """An objective with links upward."""
    return Objective(key, f"Objective {key}", "crm", "q4", krs, tuple(Contribution(above, "because") for above in to))


def one(key: str, *owners: str) -> KeyResult:
    """A key result of these units."""
    return kr(key=key, owners=owners or ("crm",))


STATUSES: dict[str, Status] = {"KR-1": "on_track", "KR-2": "off_track", "KR-3": "at_risk", "KR-4": "achieved"}


def shape(*objectives: Objective) -> list[tuple[str, int]]:
    """Keys and depths in order."""
    return [(node.objective.key, node.depth) for node in tree(objectives, STATUSES)]


def test_what_contributes_stands_under_what_it_moves_worst_first() -> None:
    top, first, second = objective("O-1"), objective("O-2", one("KR-1"), to=("O-1",)), objective("O-3", one("KR-2"))
    second = Objective("O-3", "x", "pay", "q4", (one("KR-2"),), (Contribution("O-1", ""),))
    assert shape(top, first, second) == [("O-1", 0), ("O-3", 1), ("O-2", 1)]


def test_a_status_rolls_up_from_all_that_is_below() -> None:
    nodes = tree(
        [
            objective("O-1", one("KR-1")),
            objective("O-2", one("KR-4"), to=("O-1",)),
            objective("O-3", one("KR-2"), to=("O-2",)),
        ],
        STATUSES,
    )
    assert [(n.objective.key, n.status, n.below) for n in nodes] == [
        ("O-1", "on_track", "off_track"),
        ("O-2", "achieved", "off_track"),
        ("O-3", "off_track", None),
    ]


def test_what_moves_two_objectives_stands_under_both() -> None:
    assert shape(objective("O-1"), objective("O-2"), objective("O-3", to=("O-1", "O-2"))) == [
        ("O-1", 0),
        ("O-3", 1),
        ("O-2", 0),
        ("O-3", 1),
    ]


def test_what_nothing_contributes_to_stands_after_the_trees() -> None:
    assert shape(objective("O-9", one("KR-2")), objective("O-1"), objective("O-2", one("KR-1"), to=("O-1",))) == [
        ("O-1", 0),
        ("O-2", 1),
        ("O-9", 0),
    ]


def test_two_circles_are_both_shown() -> None:
    circles = [objective(f"O-{a}", to=(f"O-{b}",)) for a, b in ((1, 2), (2, 1), (3, 4), (4, 3))]
    assert shape(*circles) == [("O-1", 0), ("O-2", 1), ("O-3", 0), ("O-4", 1)]


def test_what_links_to_an_objective_that_is_not_shown_is_a_root() -> None:
    assert shape(objective("O-5", to=("O-99",))) == [("O-5", 0)]


def test_a_circle_is_shown_once_and_ends() -> None:
    assert shape(objective("O-1", to=("O-2",)), objective("O-2", to=("O-1",))) == [("O-1", 0), ("O-2", 1)]


def test_two_units_are_a_pair_by_what_both_own() -> None:
    found = pairs(
        [
            one("KR-1", "crm", "analytics"),
            one("KR-2", "analytics", "crm"),
            one("KR-3", "crm", "pay", "mobile"),
            one("KR-4", "crm"),
        ],
        STATUSES,
    )
    assert [(p.one, p.other, [k.key for k in p.key_results], p.behind) for p in found] == [
        ("analytics", "crm", ["KR-2", "KR-1"], 1),
        ("crm", "mobile", ["KR-3"], 1),
        ("crm", "pay", ["KR-3"], 1),
        ("mobile", "pay", ["KR-3"], 1),
    ]


def test_what_has_no_key_result_shows_what_is_below_it_and_pulls_nothing_down() -> None:
    bare, child = objective("O-1"), objective("O-2", one("KR-3"), to=("O-1",))
    empty = objective("O-3", to=("O-2",))
    found = {node.objective.key: node.below for node in tree([bare, child, empty], STATUSES)}
    assert found == {"O-1": "at_risk", "O-2": None, "O-3": None}


def test_many_links_upward_make_no_tree_that_never_ends() -> None:
    layers = [[objective(f"O-{n}{side}", to=(f"O-{n - 1}a", f"O-{n - 1}b")) for side in "ab"] for n in range(40)]
    every = [one for layer in layers for one in layer]
    found = tree(every, STATUSES)
    assert {node.objective.key for node in found} == {one.key for one in every}
    assert len(found) == 2 + 39 * 4  # each link once


def test_a_circle_of_objectives_is_shown_once() -> None:
    round_about = [objective(f"O-{n}", one("KR-2"), to=tuple(f"O-{m}" for m in range(9) if m != n)) for n in range(9)]
    found = tree(round_about, STATUSES)
    assert {node.objective.key for node in found} == {o.key for o in round_about}
    assert len(found) <= 1 + 9 * 8
