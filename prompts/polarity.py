"""What a sentence says is not so, says only perhaps, asks, or orders. Pure look-ups over words.

A quotation is true to its answer only with the "not", the "maybe" and the question mark that stand around it. This
module finds them; what follows from them is decided in `grounding`.
"""

import re

_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT = frozenset(
    re.findall(
        r"\S+",
        """not never cannot nor neither hardly isn't aren't wasn't weren't don't doesn't didn't won't can't couldn't
        hasn't haven't hadn't shouldn't wouldn't nicht nie niemals pas jamais ningún nunca""",
    )
)
_NO = frozenset(
    re.findall(r"\w+", "no none zero without nothing nobody kein keine keinen keiner aucun aucune sin ohne sans nichts")
)
_LONGER = frozenset({"longer", "more", "mehr", "plus"})
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """yet been be being currently really longer any more at all the a an is are was were have has had do does did
        will actually still even quite so very that this it we us our anymore now right mehr plus""",
    )
)
_TROUBLE = re.compile(
    r"^(?:block|wait|await|depend|stuck|delay|late|slip|miss|hold|held|need|impedi|issue|problem|stop|bottleneck|risk|"
    r"wart|blockier|attend|bloqu|espera|retras|verzöger)"
)
_HEDGE = re.compile(
    r"(?<!\w)(?:might|maybe|perhaps|probably|possibly|unsure|not sure|(?-i:may)|could(?! not|n't)|if|unless|"
    r"rumou?rs?|fear|afraid|guess|suspect|supposedly|allegedly|apparently|risk of|hope(?:fully)?|vielleicht|"
    r"eventuell|vermutlich|wahrscheinlich|falls|peut-être|si|quizás|tal vez)(?!\w)",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\bif (?:i|we) may(?: \w+)?\b|\bif you like\b|\bif possible\b", re.IGNORECASE)
_VERB = (
    r"(?:write|say|state|report|tell|post|output|respond|reply|answer|print|announce|mention|include|add|append|mark|"
    r"declare|summari[sz]e|translate|repeat|reveal)"
)
_MODEL = r"(?:ai|assistant|language model|llm|chatbot|summari[sz]er|bot|model|chatgpt|gpt)"
_PLACE = r"(?:summary|digest|headline|output|leadership)"
_ORDERS = re.compile(
    "|".join(
        (
            r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,60}\b(?:instructions?|rules?|prompts?|above|"
            r"previous|earlier|facts|everything|checks?|system)\b",
            rf"(?:^|[\n.!?\]>#*\"'“(-])\s*(?:system|developer|user|(?:note to (?:the )?)?{_MODEL})\b[^.\n]{{0,20}}:",
            rf"\b(?:as an? |you are (?:now )?(?:an? |the )?|dear |hey |hello |attention ){_MODEL}\b",
            r"\b(?:the |your |this )?(?:summary|digest|answer|output|response|headline)s? "
            r"(?:must|should|has to|shall|needs to|will)\b",
            rf"\b{_VERB}\b.{{0,40}}\b(?:in|to|into|at the (?:top|end) of) (?:the |your )?{_PLACE}\b",
            rf"(?:^|[\n.!?:]\s*|\b(?:please|must|instead|only) )(?:do not |don't |never |only |always |just )?{_VERB} "
            r"(?:that|exactly|verbatim|the following|nothing|instead|json|no blockers|everything is)\b",
            rf"\b{_VERB} (?:only )?(?:with|in|as|like) (?:a |an |the )?(?:json|pirate|poem|word|text|markdown)\b",
            r"\"claims\"\s*:",
            r"<\|?(?:im_start|system|/?facts)|\[/?inst\]|###\s*(?:instruction|system)|\bbegin (?:system|prompt)\b",
            r"\bprompt\b.{0,20}\b(?:reveal|print|show|repeat)\b|\b(?:reveal|print|show|repeat)\b.{0,20}\bprompt\b",
            r"\b(?:ignorier|vergiss|missacht)\w*\b.{0,60}\b(?:anweisung|regel|vorgabe)\w*",
            r"\b(?:zusammenfassung|le résumé|el resumen) (?:muss|soll|doit|debe)\b",
            r"\b(?:ignore[rz]?|oublie[rz]?)\b.{0,60}\b(?:instructions|consignes|règles)\b",
            r"\bignora\b.{0,60}\binstrucciones\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)


def denied(text: str) -> frozenset[str]:
    """Stems of what a text says is not so: "not blocked" gives block, "no open blockers" block, "not waiting" waiti.

    "without" and "cannot" deny what follows them, not what is missing.
    """
    words = [w.casefold().replace("’", "'") for w in _WORDS.findall(text)]
    found = set()
    for place, word in enumerate(words):
        following = words[place + 1 : place + 6]
        if word in _NOT or (word in _NO and following[:1] and following[0] in _LONGER):
            found |= {root(w) for w in [w for w in following if w not in _FILLERS][:1]}
        elif word in _NO:
            found |= {root(w) for w in following[:3] if _TROUBLE.match(w)}
        elif word.startswith("un") and _TROUBLE.match(word[2:]):
            found.add(root(word[2:]))
    return frozenset(found)


def asserted(text: str) -> frozenset[str]:
    """Stems of the words of a text that it does not deny anywhere."""
    return frozenset(root(w) for w in _WORDS.findall(text)) - denied(text)


def root(word: str) -> str:
    """The stem without endings, so that short verbs meet as well: waits, waiting and wait are one."""
    bare = word.casefold().replace("’", "'")
    if bare.startswith("block"):
        return "block"
    for ending in ("'s", "ing", "ed", "es", "s", "e"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            bare = bare[: -len(ending)]
            break
    return bare[:6]


def says_no(text: str) -> bool:
    """Whether a text denies anything."""
    return any(w.casefold().replace("’", "'") in _NOT | _NO for w in _WORDS.findall(text)) or bool(denied(text))


def hedges(text: str) -> bool:
    """Whether a text says something only perhaps, or under a condition."""
    return bool(_HEDGE.search(_POLITE.sub(" ", text)))


def asks(text: str) -> bool:
    """Whether a text is a question."""
    return text.rstrip(" \n\"'”’)").endswith(("?", "？", "؟"))


def gives_orders(text: str) -> bool:
    """Whether a text speaks to whoever summarises it instead of about work: "ignore the rules", "SYSTEM:".

    A list of habits, not a proof: it is one guard of several, and it may well refuse an honest sentence.
    """
    return bool(_ORDERS.search(text))
