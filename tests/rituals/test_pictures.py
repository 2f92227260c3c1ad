"""The pictures: what they show in words, what they leave out, and that no text of people's breaks them."""

from datetime import date
from itertools import pairwise

from rituals.digests.courses import Courses
from rituals.digests.notice import digest_notice
from rituals.notices import Digest
from rituals.pictures.canvas import Canvas, available, fitting, in_lines, readable, wide
from rituals.pictures.digest import BARS, connection_picture, digest_pictures, falling_picture, progress_picture
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
