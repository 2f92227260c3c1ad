"""The pictures: what they show in words, what they leave out, and that no text of people's breaks them."""

import os
import subprocess
import sys
from datetime import date
from itertools import pairwise

import pytest

from rituals.alignment.coverage import Cell
from rituals.alignment.page import AlignmentPage, LineRow, MapLine, MapPage, TopObjective
from rituals.digests.courses import Courses
from rituals.digests.notice import digest_notice
from rituals.notices import Digest
from rituals.pictures.canvas import Canvas, Picture, available, fitting, in_lines, readable, wide
from rituals.pictures.digest import BARS, connection_picture, digest_pictures, falling_picture, progress_picture
from rituals.pictures.drawing import Undrawn
from rituals.pictures.drawing import drawn as drawn_apart
from rituals.pictures.map import map_picture
from rituals.pictures.matrix import matrix_picture
from tests.rituals.digest_samples import behind, facts
from tests.rituals.test_digest_notice import NO_MODEL

PNG = b"\x89PNG\r\n\x1a\n"
DAYS = (date(2026, 10, 30), date(2026, 11, 6), date(2026, 11, 13))
COURSES = Courses(
    days=DAYS,
    shared=(None, 0.2, 0.3256),
    own=(0.1, 0.3, 0.305),
    expected=(0.3, 0.4, 0.4725),
    rates=((DAYS[0], 0.6), (DAYS[2], 0.8333)),
)


def of(*titles: str) -> Digest:
    """A digest of shared key results with these titles, all behind."""
    notice = digest_notice(facts(*(behind(f"KR-{number}") for number, _ in enumerate(titles))), NO_MODEL)
    renamed = [
        one.model_copy(update={"line": one.line.model_copy(update={"title": title})})
        for one, title in zip(notice.falling, titles, strict=True)
    ]
    return notice.model_copy(update={"falling": tuple(renamed)})


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def test_the_digest_has_three_pictures_each_with_its_facts_in_words() -> None:
    found = {picture.name: picture for picture in digest_pictures(of("Onboarding time"), COURSES)}
    assert list(found) == ["falling-behind", "shared-and-own", "connection-rate"]
    assert all(picture.png.startswith(PNG) for picture in found.values())
    assert "KR-0 ○ off track: 10 %, expected 47 %" in found["falling-behind"].alt
    assert "On 13 Nov: expected 47 %; shared 33 %; units' own 31 %." in found["shared-and-own"].alt
    assert "60 % on 30 Oct, 83 % on 13 Nov; healthy from 80 %." in found["connection-rate"].alt


def test_where_there_is_nothing_to_show_there_is_no_picture() -> None:
    assert falling_picture(of()) is None
    assert progress_picture(Courses(days=DAYS[:1], shared=(0.5,), own=(0.5,), expected=(0.5,))) is None
    assert progress_picture(Courses(days=DAYS, shared=(None,) * 3, own=(None,) * 3, expected=(0.3, 0.4, 0.5))) is None
    assert connection_picture(Courses(rates=((DAYS[0], 0.5),))) is None


def test_a_picture_is_as_tall_as_it_has_bars_and_no_taller_than_ten() -> None:
    heights = [size(picture.png)[1] for n in (1, 5, BARS, BARS + 30) if (picture := falling_picture(of(*["T"] * n)))]
    assert all(less < more for less, more in pairwise(heights))
    assert heights[-1] - heights[-2] < heights[0]


def test_no_text_of_peoples_breaks_a_picture() -> None:
    titles = (
        "costs from $3M to $5M, $e^x$ and $\\frac{1}",
        "日本語のタイトル",
        "عنوان بالعربية",
        "A" * 400,
        "word " * 200,
        "🎉 party\x07\u202etrick\nline",
        "",
    )
    picture = falling_picture(of(*titles))
    assert picture is not None
    assert size(picture.png)[0] == size(falling_picture(of("T")).png)[0]  # type: ignore[union-attr]


def test_the_same_digest_gives_the_same_picture() -> None:
    one, other = (falling_picture(of("Onboarding time")) for _ in range(2))
    assert one == other


def test_letters_that_the_face_lacks_are_left_out_and_said_otherwise() -> None:
    assert readable("Größe ● ○ Ж") == "Größe ● ○ Ж"
    assert readable("日本語", "line 3") == "line 3"
    assert readable("Team 日") == "Team ·"


def test_words_are_shortened_at_a_word_to_the_room_there_is() -> None:
    words = "Average onboarding time across the integrated suite"
    short = fitting(words, 150)
    assert short.endswith("…")
    assert words.startswith(short[:-1])
    assert words[len(short) - 1] == " "
    assert wide(short) <= 150
    assert fitting("Short", 150) == "Short"
    assert wide(fitting("x" * 300, 60)) <= 60


def test_words_are_broken_into_lines_and_only_the_last_is_shortened() -> None:
    lines = in_lines("Average onboarding time across the integrated suite of products", 120, 2)
    assert len(lines) == 2
    assert not lines[0].endswith("…")
    assert lines[1].endswith("…")
    assert in_lines("", 100, 2) == []


def test_a_sheet_of_any_size_stays_within_what_can_be_sent() -> None:
    wide_one, tall = size(Canvas(400, 100).png()), size(Canvas(2000, 9000).png())
    assert wide_one == (1111, 277)
    assert tall[0] * tall[1] <= 16_100_000


def test_the_extra_is_here_for_the_tests() -> None:
    assert available()


# Alignment


def matrix(objectives: int, lines: int, unit: str = "Product suite") -> AlignmentPage:
    """A page with a matrix of this size in which every kind of cell and of gap stands."""
    kinds: tuple[Cell, ...] = ("none", "stated", "has_kr", "moving", "stalled")
    columns = tuple(
        TopObjective(key=f"O-{n}", title=f"Objective {n} with a title of some length", gap="all stalled" * (n == 1))
        for n in range(objectives)
    )
    rows = tuple(
        LineRow(name=f"Line {n}", cells=tuple(kinds[(n + m) % 5] for m in range(objectives)), gap="no link" * (n == 0))
        for n in range(lines)
    )
    figures = {"objectives": 3, "linked": 2, "connection": 0.5, "connected_and_moving": 0.5, "on_track": 1}
    unknown = dict.fromkeys(("cycle", "shared_pace", "own_pace", "lag", "net_confidence"))
    return AlignmentPage.model_validate(
        {"unit": unit, "unit_key": "suite", "standing": {}, "lags": False, "off_track": 0, "key_results": 1}
        | figures
        | unknown
        | {"columns": columns, "rows": rows}
    )


def lines_of(depths: list[int], title: str = "Customers get value in weeks") -> MapPage:
    """A map of objectives at these depths."""
    told = [
        MapLine(
            depth=depth,
            key=f"O-{n}",
            title=title,
            unit="CRM",
            cycle="Q4",
            status="at_risk",
            below=None,
            key_results=n % 3,
        )
        for n, depth in enumerate(depths)
    ]
    return MapPage(unit="Product suite", cycles=("Q4",), lines=tuple(told))


def drawn(picture: Picture | None) -> Picture:
    assert picture is not None
    assert picture.png.startswith(PNG)
    return picture


def test_the_matrix_grows_with_its_lines_and_objectives_up_to_what_can_be_read() -> None:
    small, wide_one, tall = (drawn(matrix_picture(matrix(*size_))) for size_ in ((3, 7), (6, 7), (3, 40)))
    assert small.width < wide_one.width == drawn(matrix_picture(matrix(6, 8))).width
    assert size(small.png)[1] * 3 < size(tall.png)[1]
    most = drawn(matrix_picture(matrix(3, 200)))
    assert size(most.png) == size(drawn(matrix_picture(matrix(3, 300))).png)


def test_the_matrix_says_its_cells_and_gaps_in_words_too() -> None:
    told = drawn(matrix_picture(matrix(5, 5))).alt
    assert "5 portfolio objectives by 5 product lines" in told
    assert "5 none, 5 stated, 5 has a KR, 5 moving, 5 stalled" in told
    assert "Gaps: O-1 all stalled; Line 0 no link." in told


def test_without_objectives_or_lines_there_is_no_matrix_and_without_objectives_no_map() -> None:
    assert matrix_picture(matrix(0, 5)) is None
    assert matrix_picture(matrix(5, 0)) is None
    assert map_picture(lines_of([])) is None


def test_a_chain_of_the_map_takes_one_row_and_each_further_one_another() -> None:
    chain, three, flat = (size(drawn(map_picture(lines_of(d))).png) for d in ([0, 1, 2], [0, 1, 1, 1], [0, 0, 0, 0]))
    assert chain[0] > three[0] > flat[0]
    assert chain[1] < three[1] < flat[1]


def test_a_map_of_any_depth_and_length_can_be_sent() -> None:
    deep = drawn(map_picture(lines_of([*range(40), *([1] * 400)], title="日本語 $x_")))
    assert size(deep.png)[0] * size(deep.png)[1] <= 16_100_000
    assert "440 objectives under 1 at the top" in deep.alt


def test_names_in_other_scripts_have_a_number_instead() -> None:
    page = matrix(3, 3).model_copy(update={"rows": tuple(LineRow(name="日本語", cells=("moving",) * 3) for _ in "ab")})
    assert drawn(matrix_picture(page)).alt.startswith("Coverage of Product suite")


# In a process of its own

ALONE = """
import sys
from rituals.alignment.page import MapPage
from rituals.pictures.drawing import drawn

picture = drawn("map", MapPage.model_validate_json(sys.argv[1]))
print(len(picture.png), "matplotlib" in sys.modules, "numpy" in sys.modules)
"""


def test_a_picture_drawn_apart_is_the_same_and_leaves_no_library_behind() -> None:
    page, token = lines_of([0, 1], title="日本語 <b> \n“x”"), {"SLACK_BOT_TOKEN": "xoxb-1"}
    here = drawn(map_picture(page))
    assert drawn_apart("map", page) == here
    alone = [sys.executable, "-c", ALONE, page.model_dump_json()]
    told = subprocess.run(alone, capture_output=True, check=True, text=True, env=os.environ | token)
    assert told.stdout.split() == [str(len(here.png)), "False", "False"]


def test_where_there_is_nothing_to_show_nothing_is_drawn_apart_either() -> None:
    assert drawn_apart("matrix", matrix(0, 0)) is None


def test_a_drawing_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Undrawn, match=r"the map was not drawn within 0\.01 s"):
        drawn_apart("map", lines_of([0]), seconds=0.01)


def test_a_drawing_that_fails_says_with_what_it_ended() -> None:
    with pytest.raises(Undrawn, match=r"drawing the map ended with 1: .+"):
        drawn_apart("map", matrix(1, 1))
