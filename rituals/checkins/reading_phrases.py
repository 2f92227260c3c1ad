"""The plain phrases a reply is classified by: nothing to report, no change, waiting for, lower the target.

Tables and look-ups over folded text; every pattern is bounded, so that a look-up is linear. Nothing is decided here.
"""

import re

from rituals.okrs.typed import lowered

_TAIL = (
    r"(?: (?:from (?:us|our side|my side|me)|on (?:our|my) (?:side|end)|for (?:us|me|now|today|this (?:round|week))|"
    r"this (?:round|week|time)|here|so far|yet|right now|now|at (?:the moment|present|this time)|today|currently|"
    r"to report|to add|to mention|that i know(?: of)?|i know of|at all|either|really|thanks|thank you|either)){0,3}"
)
_KINDS = r"(?:dependenc(?:y|ies)|blockers?|blocks|blockages|impediments?|issues)"
_NEW = r"(?:(?:new|open|further|other|more|major|real|current|additional|external) ){0,2}"
_NONE = re.compile(
    r"(?:no|nope|none|nothing|nil|n/?a|not really|not (?:this time|that i know(?: of)?|right now|at the moment|yet)|"
    r"no new ones|nothing (?:new|else|more|here|special)|none (?:new|so far)|all clear|no thanks|-|–|—|nein|keine|non|"
    r"aucun|ninguno|nada)" + _TAIL,
)
_NO_BLOCKERS = re.compile(
    r"(?:(?:there (?:are|is|were)|we have|i have|have|still|currently) ){0,2}(?:no|not any|zero|without) "
    + _NEW
    + _KINDS
    + r"(?: ?(?:or|/|and|,) ?(?:no )?"
    + _NEW
    + _KINDS
    + r"){0,2}"
    r"(?: (?:have )?(?:emerged|came up|known))?"
    + _TAIL
    + r"|(?:we |i )?(?:don't|do not) (?:have|see) any "
    + _NEW
    + _KINDS
    + _TAIL
    + r"|(?:nothing (?:is )?(?:blocking|blocks|blocked)(?: us| me)?|(?:we are |we're |i am |i'm )?"
    r"(?:not (?:currently )?blocked|unblocked)(?: by anything| on anything)?)"
    + _TAIL
    + r"|(?:(?:zurzeit |aktuell )?keine (?:neuen )?(?:blocker|abhängigkeiten|hindernisse)|nichts blockiert(?: uns)?)|"
    r"wir sind nicht blockiert|(?:pas de|aucun) (?:nouveaux? )?(?:blocages?|bloqueurs?)|"
    r"(?:sin|ningún|no hay) (?:nuevos )?bloqueos?",
)
_NO_ADJUSTMENTS = re.compile(
    r"(?:(?:there (?:are|is)|we have|i have|currently) ){0,2}(?:no|nothing|not|don't|do not|none) "
    r"(?:(?:need|needs|needed|further|other|new|okr|target|want|have|reason|required) ){0,2}(?:to )?(?:be )?"
    r"(?:adjust(?:ments?|ed)?|changes? (?:to (?:the )?(?:okrs?|targets?|goals?|krs?)|needed|required|necessary)|"
    r"okr changes?|target changes?|changed?)"
    r"(?: (?:needed|required|necessary|anything|(?:(?:for|to) )?(?:(?:the|any|our) )?(?:okrs?|targets?|goals?|krs?)))?"
    + _TAIL
    + r"|(?:okrs?|targets?|goals?) (?:stay|remain|unchanged|are fine|still fit)(?: as (?:they are|is))?"
    + _TAIL,
)
_NEITHER = re.compile(
    r"(?:there (?:are|is) )?no "
    + _NEW
    + _KINDS
    + r" ?(?:or|/|and|,|nor) ?(?:no )?(?:adjustments?|changes)(?: needed)?"
    + _TAIL
)
_ALL = (
    r"(?:(?:they|we|krs|key results|shared (?:krs|key results|ones)|everything|all|both|things)"
    r"(?: (?:of them|is|are|looks?|krs|key results|still|'s)){0,3} )"
)
_NO_CHANGE = re.compile(
    r"(?:(?:there (?:is|are) )?(?:no|zero) (?:changes?|updates?|news)(?: since (?:last (?:time|week|round)|then))?|"
    r"nothing (?:new|changed|has changed|to report|to update|to add)(?: since last (?:time|week|round))?|unchanged|"
    r"(?:still )?(?:the )?same(?: as (?:before|last (?:time|week|round)))?|"
    r"(?:yes |yep |yeah )?" + _ALL + r"{0,1}(?:still )?(?:on[ -]track|on[ -]pace|on schedule|all good|good|fine|green|"
    r"as planned|unchanged|the same|ok|okay)|all (?:on track|good|fine|green|ok|okay)|"
    r"(?:everything|all) (?:is )?as planned)" + _TAIL,
)
_YES = re.compile(r"(?:yes|yep|yeah|yup|they are|yes they are|mostly)" + _TAIL)
_SURE_NO_CHANGE = re.compile(
    r"(?:no|zero) (?:changes?|updates?|news)|nothing (?:new|changed|has changed|to report|to update)|all|"
    r"everything|both|(?:they|we) are|unchanged|same"
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|thanks?|thank you|cheers)(?:,? [\w']{1,20}){0,3}"
    r"|here (?:is|are|comes?) (?:my|our|the) (?:answers?|updates?|check-?in)"
)
_AS_BEFORE = re.compile(r"(?:there (?:is|are) )?(?:no|zero|nothing|unchanged|(?:still )?(?:the )?same)(?![^\W_])")
_SPLIT = re.compile(r"[,;.!?\n]{1,5}| (?:and|but|&) |(?:^|\n) {0,5}[-•]{1} ")
LONGEST_CLAUSE = 300
_PUNCTUATION = " \t\n.,;:!?()\"'•*·"

_UNDONE = re.compile(
    r"(?:no longer|not|isn't|aren't|wasn't|no more|nothing|never|don't|doesn't|un|any|nicht|nicht mehr|keine?|pas|"
    r"plus) {0,2}$"
)
_NO_SUCH = re.compile(r"(?<![^\W_])(?:no|zero|without)(?: (?:new|open|further|other|more|real|current)){0,2} $")
_BUT = re.compile(r"[ ,]{0,3}(?:apart from|except|but|other than|besides|save for|beyond)(?![^\W_])")
_BLOCKED = re.compile(
    r"(?<![^\W_])(?:blocked|blockers?|blocking|blocks|wait(?:s|ing|ed)? (?:for|on|until)|awaiting|"
    r"depend(?:s|ing|ent|ency|encies)?(?: up)?(?: on)?|need(?:s|ed|ing)? [^.;\n]{1,60}? from|held (?:up|back)|"
    r"hold(?:s|ing) (?:us |it |this |everything )?(?:up|back)|on hold|stuck|"
    r"can(?:not|'t| not) [^.;\n]{1,60}? (?:until|without)|"
    r"missing [^.;\n]{1,40}? from|rel(?:y|ies|ying) on|impediments?|bottlenecks?|delayed by|late from|"
    r"warte[nt]? (?:(?:noch|immer noch|weiter|weiterhin) )?auf|blockiert(?: (?:von|durch))?|häng(?:en|t) (?:an|von)|"
    r"attendons|en attente d[eu']|bloqué(?:es|e|s)?(?: par)?|dépend(?:ons)? d[eu']|"
    r"esperamos(?: a)?|esperando(?: a)?|bloquead[oa]s?(?: por)?|dependemos de)(?![^\W_])"
)
_OVER = re.compile(
    r"(?<![^\W_])(?:unblocked|no longer (?:blocked|waiting|stuck|on hold)|not blocked any ?more|"
    r"(?:is|are|was|were|got|now) (?:resolved|solved|cleared|unblocked))(?![^\W_])"
)
_SUBJECTS = (
    r"(?:targets?|goals?|okrs?|objectives?|key results?|deadlines?|due dates?|scope|baselines?|kr[- ]?\d{1,4}|weights?)"
)
_ADJUSTED = re.compile(
    r"(?<![^\W_])(?:adjust(?:ment|ments|ing)?|re-?baselin(?:e|ing)|re-?scop(?:e|ing)|"
    r"(?:lower(?:ing)?|(?:rais|chang|mov|reduc|increas|postpon|replac|revis|merg|retir)(?:e|ing)|cut(?:ting)?|drop(?:ping)?|"
    r"push(?:ing)?|extend(?:ing)?|reset(?:ting)?|split(?:ting)?|swap(?:ping)?) [^.;\n]{0,60}?"
    + _SUBJECTS
    + r"|"
    + _SUBJECTS
    + r"(?:'s)? [^.;\n]{0,40}?"
    r"(?:should|needs? to|must|has to|ought to) (?:be|change|move|go|drop|come)|"
    r"should be (?:lowered|raised|changed|dropped|moved|retired|replaced)|new target|"
    r"no longer (?:relevant|makes sense)|not relevant any ?more|obsolete|too ambitious|not ambitious enough|"
    r"unrealistic)(?![^\W_])"
)


def clauses(text: str) -> list[str]:
    """The clauses of a stretch of folded text, in lower case and without punctuation; empty ones left out."""
    return [flat for piece in _SPLIT.split(lowered(text)) if piece and (flat := _flat(piece))]


def _flat(text: str) -> str:
    """On one line and without what is no word at either end, unless there is no word at all."""
    if len(text) > LONGEST_CLAUSE:
        return text
    worded = [at for at, char in enumerate(text) if char.isalnum()]
    return " ".join((text[worded[0] : worded[-1] + 1] if worded else text).split())


def says_nothing(clause: str) -> bool:
    """`no`, `none`, `nothing new`, `n/a`: an answer to whichever question it stands under."""
    return bool(_NONE.fullmatch(clause))


def nothing_for(clause: str) -> frozenset[int]:
    """The questions (2, 3) that a clause answers with nothing by name: `no blockers`, `nothing to adjust`."""
    if _NEITHER.fullmatch(clause):
        return frozenset({2, 3})
    if _NO_BLOCKERS.fullmatch(clause):
        return frozenset({2})
    return frozenset({3}) if _NO_ADJUSTMENTS.fullmatch(clause) else frozenset()


def says_no_change(clause: str, *, asked: bool = False) -> bool:
    """`no change`, `all on track`. With `asked` (it stands under question 1) also a bare `yes` or `on track`."""
    if asked and _YES.fullmatch(clause):
        return True
    return bool(_NO_CHANGE.fullmatch(clause)) and (asked or bool(_SURE_NO_CHANGE.search(clause)))


def is_empty_answer(text: str) -> bool:
    """Every clause says that there is nothing, in whatever words."""
    found = clauses(text)
    return bool(found) and all(says_nothing(c) or nothing_for(c) or says_no_change(c) for c in found)


def blocked_at(text: str) -> list[tuple[int, int]]:
    """Where the words stand that something waits for someone, but not `no longer blocked`."""
    low = lowered(text)
    spans = (found.span() for found in _BLOCKED.finditer(low))
    return [(start, end) for start, end in spans if not _is_undone(low, start, end)]


def _is_undone(low: str, start: int, end: int) -> bool:
    """`not blocked`, `no blockers`; but `no blockers apart from …` names one."""
    if _UNDONE.search(low, max(0, start - 12), start):
        return True
    return bool(_NO_SUCH.search(low, max(0, start - 30), start)) and not _BUT.match(low, end)


def adjusted_at(text: str) -> list[int]:
    """Where the words stand that propose to change an OKR, but not `no need to adjust`."""
    low = lowered(text)
    starts = (found.start() for found in _ADJUSTED.finditer(low))
    return [start for start in starts if not _UNDONE.search(low, max(0, start - 12), start)]


def asks_to_adjust(text: str) -> bool:
    """Whether the words propose to change an OKR."""
    return bool(adjusted_at(text))


def is_over(text: str) -> bool:
    """Whether the words say that something waits no longer: `unblocked`, `B-9 is resolved`."""
    return bool(_OVER.search(lowered(text)))


def is_greeting(text: str) -> bool:
    """A greeting or thanks and nothing else."""
    return bool(_GREETING.fullmatch(lowered(text).strip(_PUNCTUATION)))


def says_yes(clause: str) -> bool:
    """A bare yes."""
    return bool(_YES.fullmatch(clause))


def says_all_is_as_before(text: str) -> bool:
    """`no change`, `nothing new`, `same as last time`: about everything, not only about being on track."""
    return bool(found := clauses(text)) and all(_AS_BEFORE.match(clause) and says_no_change(clause) for clause in found)
