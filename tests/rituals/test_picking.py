"""What a field offers in which a key result is chosen, on the sample portfolio."""

import pytest
from sqlmodel import select

from rituals.okrs import picking
from storage.database import Database
from storage.tables import Unit
from tests.rituals.halden import ANA, BO, INES, NOW, SAM, TEAM


def offered(db: Database, user: str, typed: str = "", *, to_update: bool = False) -> list[str]:
    """The keys that are offered, in order."""
    found = picking.key_results(db, TEAM, user, typed, now=NOW, to_update=to_update)
    return [choice.value for choice in found]


def test_ones_own_come_first_the_worst_before_the_others_then_what_is_shared(halden: Database) -> None:
    keys = offered(halden, BO)
    assert keys[:2] == ["KR-6", "KR-1"]
    assert len(keys) == 45
    shared = keys.index("KR-30")
    assert keys.index("KR-10") < shared < keys.index("KR-44")


def test_somebody_without_a_part_is_offered_all_that_may_be_seen_the_shared_first(halden: Database) -> None:
    keys = offered(halden, SAM)
    assert len(keys) == 45
    assert keys[0] == "KR-30"
    assert offered(halden, SAM, to_update=True) == []


def test_where_it_is_to_be_updated_only_what_the_person_may_update_is_offered(halden: Database) -> None:
    own = offered(halden, INES, to_update=True)
    assert own[:2] == ["KR-6", "KR-9"]
    assert "KR-12" not in own
    assert len(offered(halden, ANA, to_update=True)) == 45


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kr 12", "KR-12"),
        ("12", "KR-12"),
        ("KR-1", "KR-1"),
        ("onb", "KR-3"),
        ("median time", "KR-1"),
        ("onbaording support", "KR-3"),
    ],
)
def test_letters_find_a_key_the_beginning_of_words_and_a_mistyped_title(
    halden: Database, typed: str, first: str
) -> None:
    assert offered(halden, BO, typed)[0] == first


def test_a_key_typed_so_far_offers_all_that_begin_so_after_itself(halden: Database) -> None:
    keys = offered(halden, BO, "kr-1")
    assert keys[0] == "KR-1"
    assert {"KR-10", "KR-12", "KR-19"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_letters_that_fit_nothing_offer_nothing(halden: Database) -> None:
    assert offered(halden, BO, "qqqq zzzz") == []


def test_what_belongs_to_a_private_unit_is_offered_to_those_who_answer_for_it_only(halden: Database) -> None:
    with halden.transaction() as session:
        session.exec(select(Unit).where(Unit.team_id == TEAM, Unit.key == "crm")).one().private = True
    assert "KR-12" in offered(halden, BO, "KR-12")
    for typed in ("", "KR-12", "duplicate"):
        assert "KR-12" not in offered(halden, INES, typed)
        assert "KR-12" not in offered(halden, SAM, typed)
