"""Which named resource a sentence claims: a team, people of a kind, a budget, a system or a person that cannot be in
two places. Pure; rules for English, tuned for few false alarms: a name alone is no claim, it must be said to be used.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_TEAM = "team|squad|crew|guild|chapter|desk|headcount|capacity"
_PEOPLE = (
    "engineers|developers|designers|analysts|researchers|writers|lawyers|translators|testers|architects|specialists"
    "|contractors?|freelancers?|consultants?|agency"
)
_BUDGET = "budget|fund"
_SYSTEM = "cluster|environment|lab|testbed|test bed|studio|rig|mainframe|licen[cs]es?"
_NOUN = re.compile(rf"\b({_TEAM}|{_PEOPLE}|{_BUDGET}|{_SYSTEM})\b(?!-)", re.I)


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NOUNS = frozenset(re.findall(r"[a-z]+", f"{_TEAM} {_PEOPLE} {_BUDGET} {_SYSTEM}")) | _set(
    "contractor freelancer consultant license licenses licence licences"
)
_TOKEN = re.compile(r"\w+")
NOBODY: Mapping[str, Iterable[str]] = {}
_PLURAL = re.compile(r"s$", re.I)
_WORD = re.compile(r"[^\W_][\w'’&/-]*")
_STOP = _set(
    "the our their its his her my your this that these those both all whole entire same central shared joint in of "
    "with by from to for on at and or via using use uses need needs needed take takes have has half part get gets "
    "between through book books booked reserve reserves reserved borrow borrows more most fewer less own as per if "
    "when while is are was will be one two three four five six seven eight nine ten"
)
_VAGUE = _set("a an any each every another other new some no first second next bigger smaller small large")
_DEFINITE = _set("the our their its both all whole entire same central shared joint this these")
_BEFORE = re.compile(
    r"\b(?:using|needs?|needing|takes?|taking|books?|booked|booking|reserv\w+|borrow\w*|relies on|rely on|depends? on"
    r"|requires?|requiring|together with|help (?:of|from)|support (?:of|from)|capacity (?:of|from)"
    r"|(?<!response )(?<!load )time (?:of|from|in)"
    r"|(?:days?|weeks?|months?|sprints?|hours|half|quarter|third|most|all|two|three|rest) of"
    r"|wait\w* (?:for|on)|blocked by|assign\w*|allocat\w*|dedicat\w*|spend\w*|spent|secured?|staffed from"
    r"|(?:engineers?|people|designers?|developers?|analysts?|person|someone|days|weeks) (?:from|of|in)"
    r"|(?:paid|funded|financed|taken|bought)(?: \w+)? (?:by|from|out of)|out of"
    r"|sessions? (?:in|on)|(?:we|they) (?:have|get|got|use)"
    r"|(?:\w+ed(?: (?:over|up|out|on|in))?|built|done|made|written|run|shot) by"
    r"|(?:held|tested|tried|hosted|filmed|shot|recorded|run|runs?|tests?|rehears\w*|try) (?:on|in)"
    r")\W+(?:\w+\W+){0,2}$",
    re.I,
)
_WITH = re.compile(r"(?P<left>[\w ]*)\bwith\W+(?:\w+\W+){0,2}$", re.I)
_NO_USE = re.compile(
    r"\b(?:satisfaction|satisfied|experience|happy|happiness|trust|interviews?|meetings?|calls?|contacts?|tickets?"
    r"|sessions?|talks?|agree\w*|shared?|chats?)\W*$",
    re.I,
)
_THEIRS = re.compile(r"\b(?:customers|accounts|users|teams|companies|visitors|people) (?:who|that|which)\b", re.I)
_AFTER = re.compile(
    r"^(?:['’]s?)? (?:(?:re)?builds?|delivers?|writes?|makes?|does|migrates?|designs?|implements?|moves?|tests?|helps?"
    r"|pays?|covers?|funds?|full[- ]time|half[- ]time|on loan|works on"
    r"|(?:is|are|will be) (?:assigned|booked|reserved|dedicated|needed|working|moving|building|ours|on it|with us)"
    r"|will (?!be\b)\w+|for (?:a|an|one|two|three|four|five|six|\d+) (?:day|week|month|sprint|quarter)s?"
    r"|in (?:january|february|march|april|may|june|july|august|september|october|november|december))\b",
    re.I,
)
_MONTH = re.compile(
    r"\b(?:in|until|from|during|for|through|to|and|,) (january|february|march|april|may|june|july|august|september"
    r"|october|november|december)\b",
    re.I,
)


def claimed(text: str, people: Mapping[str, Iterable[str]] = NOBODY) -> frozenset[str]:
    """The resources that a text claims: by their bare names in lower case ("design team"), and of the `people`, full
    names by their first word in lower case, those whom it names in full.
    """
    words = _TOKEN.findall(text.casefold())
    found = frozenset() if _NOUNS.isdisjoint(words) else _claims(text)
    return found if people.keys().isdisjoint(words) else found | _named(text, words, people)


def _named(text: str, words: Iterable[str], people: Mapping[str, Iterable[str]]) -> frozenset[str]:
    named = {name for word in words for name in people.get(word, ())}
    return frozenset(name for name in named if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I))


@lru_cache(maxsize=1024)
def _claims(text: str) -> frozenset[str]:
    return frozenset(name for found in _NOUN.finditer(text) if (name := _claim(text, found)))


def months(text: str) -> frozenset[str]:
    """The months that a text names as a time."""
    return frozenset(month.casefold() for month in _MONTH.findall(text))


def _claim(text: str, noun: re.Match[str]) -> str:
    """The name that ends with a noun where the text says that it is used; "" else."""
    before = _WORD.findall(text[: noun.start()][-80:])
    name: list[str] = []
    while before and len(name) < 3 and before[-1].casefold() not in _STOP | _VAGUE:
        name.insert(0, before.pop())
    determiner = before[-1].casefold() if before else ""
    plural = bool(_PLURAL.search(noun[1])) and noun[1].casefold() != "capacity"
    if not name or determiner in _VAGUE or (plural and determiner not in _DEFINITE):
        return ""
    start = text.rindex(name[0], 0, noun.start())
    if not _used(text[:start], text[noun.end() :]):
        return ""
    bare = " ".join(word.casefold().removesuffix("'s").removesuffix("’s") for word in (*name, noun[1]))
    return bare.rstrip("s") if plural else bare


def _used(before: str, after: str) -> bool:
    if _THEIRS.search(before):
        return False
    if _AFTER.match(after) or _BEFORE.search(before):
        return True
    beside = _WITH.search(before)
    return beside is not None and not _NO_USE.search(beside["left"])
