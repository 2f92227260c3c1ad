"""The languages a summary may be asked for, by their code. Pure; the rules' summary is English in each of them."""

import re

ENGLISH = "English"
LANGUAGES = {
    "cs": "Czech", "da": "Danish", "de": "German", "en": ENGLISH, "es": "Spanish", "fi": "Finnish", "fr": "French",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def language_named(code: str) -> str:
    """`de` is German, `en-GB` English; a code that is not known stands for itself, anything else for English."""
    plain = code.strip()
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}", plain):
        return ENGLISH
    return LANGUAGES.get(plain.partition("-")[0].lower(), plain)
