"""Numbers of a CSV file whose decimal mark is stated, as plain text. What a number may be is not known here."""

import re
from typing import Literal

DecimalMark = Literal[".", ","]

_AROUND = re.compile(r"([^\d.,+\-−]*)([-+−]?[\d.,' \u00a0\u202f]*\d)(.*)", re.DOTALL)

_GROUPED = {
    ".": re.compile(r"([-+−]?)(\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+|\d+)(?:\.(\d+))?"),
    ",": re.compile(r"([-+−]?)(\d{1,3}(?:[ .'\u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?"),
}


def plain_number(text: str, mark: DecimalMark | None) -> str:
    """`1.250,5` as `1250.5` where the decimal mark is a comma; anything else, and without a mark, as it is."""
    found = _GROUPED[mark].fullmatch(text) if mark else None
    if found is None:
        return text
    sign = "-" if found[1] in ("-", "−") else ""
    return sign + re.sub(r"\D", "", found[2]) + (f".{found[3]}" if found[3] else "")


def plain_amount(text: str, mark: DecimalMark | None) -> str:
    """As `plain_number`, for a number with a unit around it: `€ 1.250,5` as `€ 1250.5`.

    Exactly three decimals get a fourth, because `1.250` could be read as 1,250 again.
    """
    found = _AROUND.fullmatch(text.strip()) if mark else None
    if found is None:
        return text
    number = plain_number(found[2], mark)
    guarded = f"{number}0" if re.fullmatch(r"-?\d+\.\d{3}", number) else number
    return f"{found[1]}{guarded}{found[3]}"
