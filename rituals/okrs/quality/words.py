"""What the words of a key result's title say: an effect or a deliverable, how vague, which metric. Pure; English only,
and by word lists: it is advice, and a title that it does not understand gets none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


MAKE = _set(
    "add build create deliver deploy design develop enable expand extend implement integrate introduce launch "
    "offer open prototype provide release roll ship start"
)
MOVE = _set(
    "automate clean close complete consolidate convert finalise finalize finish fix merge migrate modernise "
    "modernize move port rebuild redesign refactor remove replace retire rewrite set setup sunset switch transition "
    "upgrade"
)
TELL = _set(
    "agree analyse analyze announce approve attend audit book collect conduct define demo document draft evaluate "
    "facilitate get hold host identify interview investigate meet negotiate onboard organise organize pilot plan "
    "prepare present produce promote propose publish research review run schedule send sign submit survey teach test "
    "train translate validate visit write"
)
HIRE = _set("appoint assign establish form found hire recruit staff")
DELIVERABLE = MAKE | MOVE | TELL | HIRE
_DONE = _set(
    "added agreed approved audited automated built closed completed conducted created defined delivered deployed "
    "designed developed documented done drafted finished held hired implemented integrated introduced launched merged "
    "migrated organised organized planned produced published released retired reviewed sent shipped "
    "started tested trained translated upgraded written"
)
EFFECT = _set(
    "achieve accelerate boost cut decrease double drop earn exceed fall falls gain grow halve improve increase keep "
    "lift lifts limit lower lowers maintain raise raises reach reduce reduces retain rise rises save shorten shrink "
    "sustain triple win"
)
VAGUE = _set(
    "awareness best better culture delight drive easier efficient enhance excellence excellent faster great happier "
    "improve innovation innovative intuitive leading modern optimise optimize quality robust scale seamless simpler "
    "simplify smarter stronger strengthen successful sustainably user-friendly world-class data-driven more"
)
ACQUISITION = (
    r"new (?:\w+ )?(?:customers?|accounts?|users?|logos?|markets?|countries|leads?|business)|sign-?ups?|acqui\w+"
    r"|leads?\b|trials?\b|prospects?|pipeline|market share|first[- ]time (?:buyers?|customers?)"
    r"|registrations?|downloads?|installs?"
)
_STOP = _set(
    "a all an and are as at average be by each every for from in is its of on or our per than that the their to total "
    "under we which who with within number share rate count mean median percentage level"
)
_ALSO_ADJECTIVES = _set("clean complete found open present")  # a verb only before what is made: "open a shop"
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundred|half|third|quarter|double)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*", re.IGNORECASE)
_FEW, _LONG_ENOUGH, _SPELT_ALIKE = 2, 5, 80  # words left over, letters, of 100 by rapidfuzz
_COURSE = re.compile(
    r"\bfrom\b.{1,30}\d.{0,30}\bto\b.{0,10}\d|\bby (?:a |an )?(?:\d|half|third|quarter|fifth|tenth)|→", re.I
)
_WHO = re.compile(
    r"\W*[\w-]+ (?!(?:the|a|an|all|every|our|\d)\b)[\w-]+ (?:who|that|which)\b", re.I
)  # "pilot customers who"
_MADE = re.compile(r"\W*\w+ (?:the|a|an|all|every|our|up|\d|two|three|four|five)\b", re.I)
_PURPOSE = re.compile(r"\b(?:so that|in order to|to|which|that|and thereby|resulting in|lifts?|raises?|cuts?)\b", re.I)

PORTFOLIOS = 16  # whose titles are compared in turns; with more of them the answers are made anew
TOGETHER = 3  # words in which two titles must meet to be looked at


def words(text: str) -> list[str]:
    """The words of a title in lower case, without numbers."""
    return [word.casefold() for word in _WORD.findall(text)]


def has_number(text: str) -> bool:
    """Whether a title has a number in it."""
    return bool(_NUMBER.search(text))


def deliverable(title: str) -> str:
    """The word by which a title names a deliverable or an activity ("launch", "published"); "" where it names none.

    A title begins with such a verb, or ends with it as a thing done.
    """
    found = words(title)
    if not found:
        return ""
    if found[0] in DELIVERABLE and not _WHO.match(title) and not _describes(found[0], title):
        return found[0]
    return found[-1] if found[-1] in _DONE else ""


def _describes(first: str, title: str) -> bool:
    """Whether the first word says what something is like and not what is done: "open deals", not "open a shop"."""
    return first in _ALSO_ADJECTIVES and _MADE.match(title) is None


def effect(title: str) -> bool:
    """Whether a title names a measured effect: that something rises or falls, from what to what or by how much."""
    course = _COURSE.search(title)
    if course is None:
        return False
    before = title[: course.start()]
    found = words(title)
    if found and found[0] not in DELIVERABLE:
        return True
    said = _PURPOSE.search(before)
    return said is not None and any(word in EFFECT for word in words(before[said.start() :]))


def is_output(title: str) -> bool:
    """Whether a title names a deliverable and no measured effect: "Launch integration between A and B"."""
    return bool(deliverable(title)) and not effect(title)


def vague_words(title: str) -> tuple[str, ...]:
    """The words of a title that everybody understands differently."""
    return tuple(dict.fromkeys(word for word in words(title) if word in VAGUE))


def acquires(title: str) -> str:
    """What a title says about winning new customers; "" where it does not."""
    found = re.search(rf"\b(?:{ACQUISITION})", title, re.IGNORECASE)
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def metric(title: str) -> frozenset[str]:
    """The words that say what is measured: without directions, numbers and small words, plurals as singulars."""
    return frozenset(_stem(word) for word in words(title) if word not in _STOP | EFFECT)


def alike(one: str, other: str) -> bool:
    """Whether two titles name the same metric: three quarters of their words are the same, or spelt nearly so."""
    return _three_quarters(metric(one), metric(other))


def alike_pairs(titles: Sequence[str]) -> list[tuple[int, int]]:
    """The places of every two titles that are `alike`, in order."""
    return list(alike_apart(tuple(titles), tuple((str(place),) for place in range(len(titles)))))


@lru_cache(maxsize=PORTFOLIOS)
def alike_apart(titles: tuple[str, ...], owners: tuple[tuple[str, ...], ...]) -> tuple[tuple[int, int], ...]:
    """The places of every two titles that are `alike` and have no owner in common, in order.

    It is the longest part of checking a portfolio, and titles change seldom: the last answers are kept.
    """
    measured = [metric(title) for title in titles]
    near = ((one, other) for one, other in meeting(measured) if set(owners[one]).isdisjoint(owners[other]))
    return tuple(sorted(pair for pair in near if _three_quarters(measured[pair[0]], measured[pair[1]])))


def meeting(measured: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """The places of every two sets of words that may have three quarters in common, each pair once.

    Of two such sets the three rarest words in common (two or one of sets so small) are among the rarest n // 4 + 3 of
    either: at most a quarter of the n is not in common. So only those that meet in three words need a look, and not
    all pairs, nor all that are about the same customers.
    """
    often = Counter(word for found in measured for word in found)
    met: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, found in enumerate(measured):
        fewest = min(TOGETHER, len(found))
        rarest = sorted(found, key=lambda word: (often[word], word))[: len(found) // 4 + fewest]
        threes = list(combinations(rarest, fewest)) if found else []
        for other in {other for three in threes for other in met[three]}:
            yield other, place
        for three in threes:
            met[three].append(place)


def _three_quarters(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether that many words are the same; of the few that are not, those spelt nearly alike count as well."""
    shared = len(a & b)
    if shared == 0 or _enough(shared, a, b):
        return shared > 0
    if shared * 2 < max(len(a), len(b)) or not _enough(min(len(a), len(b)), a, b):
        return False
    if max(len(a), len(b)) - shared > _FEW:
        return False
    return _enough(shared + _spelt_alike(sorted(a - b), sorted(b - a)), a, b)


def _enough(shared: int, a: frozenset[str], b: frozenset[str]) -> bool:
    return shared * 4 >= (len(a) + len(b) - shared) * 3


def _spelt_alike(left: Sequence[str], right: list[str]) -> int:
    """How many words have one spelt nearly like them on the other side: "organisation", "organization", "onboard"."""
    from rapidfuzz import fuzz  # loading it takes a while, and few pairs come so far

    found = 0
    for word in left:
        near = (other for other in right if not _negates(word, other) and fuzz.ratio(word, other) >= _SPELT_ALIKE)
        if len(word) >= _LONG_ENOUGH and (match := next(near, None)):
            right.remove(match)
            found += 1
    return found


def _negates(one: str, other: str) -> bool:
    """Whether one is the other with something before it: "active" and "inactive" are not the same."""
    return one.endswith(other) or other.endswith(one)


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
