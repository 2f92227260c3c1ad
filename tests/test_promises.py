"""Promises between files: what one says, the other keeps."""

import re
from itertools import pairwise
from pathlib import Path

from bot.config import Settings

REPO = Path(__file__).resolve().parents[1]


def test_every_setting_is_in_the_example_file_under_a_comment_and_nothing_else_is() -> None:
    lines = (REPO / ".env.example").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    for above, line in pairwise(lines):
        if re.match(r"[A-Z]", line):
            assert above.startswith("# "), f"{line} has no comment"


def test_no_example_value_is_a_secret() -> None:
    text = (REPO / ".env.example").read_text(encoding="utf-8")
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    assert {name: value for name, value in values.items() if value} == {
        "PLUMBLINE_LLM": "auto",
        "PORT": "3000",
        "LOG_LEVEL": "INFO",
    }
