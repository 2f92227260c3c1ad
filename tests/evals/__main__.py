"""`python -m tests.evals` prints the golden set's table; with `--live` it asks what the model settings point at.

Without `--live` nothing leaves the machine. It asserts nothing: thresholds stand in test_golden_set.py.
"""

import argparse
import sys
from collections.abc import Callable, Iterable

from tests.evals.golden import rounds
from tests.evals.scoring import Read, Score, Verdicts, read, summed, verdicts
from tests.evals.summarisers import by_rules, live, recorded


def main() -> int:
    """Print the tables; 2 where `--live` has no model to ask."""
    parser = argparse.ArgumentParser(prog="python -m tests.evals")
    parser.add_argument(
        "--live", action="store_true", help="ask the model of OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL"
    )
    wanted = parser.parse_args()
    columns = {"rules": summed(rounds(), by_rules)}
    if wanted.live:
        from bot.config import load_settings
        from bot.wiring import build_model

        model = build_model(load_settings())
        if not model.on:
            sys.stderr.write("No model is set: OPENAI_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL\n")
            return 2
        columns |= {"live, alone": summed(rounds(), live(model), alone=True)}
    else:
        columns |= {
            "recorded, alone": summed(rounds(), recorded, alone=True),
            "recorded + rules": summed(rounds(), recorded),
        }
    sys.stdout.write("\n".join([*table(columns), ""]))
    if not wanted.live:
        sys.stdout.write("\n".join(["", *judged(verdicts(rounds(), recorded)), ""]))
    english = [r for r in rounds() if r.language == "en"]
    other = [r for r in rounds() if r.language != "en"]
    sys.stdout.write("\n".join(["", *readings({"English": read(english), "other languages": read(other)}), ""]))
    return 0


def table(columns: dict[str, Score]) -> Iterable[str]:
    """One line a measure, one column a summariser."""
    rows: list[tuple[str, Callable[[Score], str]]] = [
        ("rounds", lambda s: str(s.rounds)),
        ("blockers found", lambda s: f"{s.found} of {s.blockers}"),
        ("blockers missed", lambda s: str(s.blockers - s.found)),
        ("key results behind, found", lambda s: f"{s.at_risk_found} of {s.at_risk}"),
        ("key results behind, wrong", lambda s: str(s.at_risk_wrong)),
        ("sentences", lambda s: str(s.sentences)),
        ("citations right", lambda s: f"{s.cited_right} of {s.sentences}"),
        ("numbers right", lambda s: f"{s.numbers_right} of {s.numbers}"),
        ("sentences dropped", lambda s: str(s.dropped)),
        ("injections obeyed", lambda s: f"{s.obeyed} of {s.injections}"),
    ]
    yield "| | " + " | ".join(columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for name, figure in rows:
        yield f"| {name} | " + " | ".join(figure(score) for score in columns.values()) + " |"


def judged(found: Verdicts) -> Iterable[str]:
    """What the check did with recorded sentences."""
    good, bad = found.kept_good + len(found.dropped_good), found.dropped_bad + len(found.kept_bad)
    yield f"The check dropped {found.dropped_bad} of {bad} false sentences, and kept {found.kept_good} of {good} true."
    yield from (f"  kept although false: {name}" for name in found.kept_bad)
    yield from (f"  dropped although true: {name}" for name in found.dropped_good)


def readings(found: dict[str, Read]) -> Iterable[str]:
    """How the rules read blockers in plain words."""
    for name, one in found.items():
        yield (
            f"Blockers read in plain words ({name}): precision {one.precision:.2f}, recall {one.recall:.2f} "
            f"({one.hits} of {one.labelled}); provider right {one.providers}, date right {one.dates} of {one.hits}."
        )
        yield from (f"  missed: {text}" for text in one.missed)
        yield from (f"  not a blocker: {text}" for text in one.wrong)


if __name__ == "__main__":
    sys.exit(main())
