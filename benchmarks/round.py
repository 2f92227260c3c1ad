"""A whole round for 1,000 leads in ten zones, in two ways: at each lead's own hour with the pace off, and for all at
one instant at Slack's rates.

    python -m benchmarks.round [--leads 1000] [--only paced|unpaced]

Exits 0 only if everybody was asked once and answered, Slack's rates refused nothing, and the sending took no more
than 5 % longer than those rates make it.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import round_paced, round_unpaced

Say = Callable[[str], None]


def paced(leads: int, say: Say) -> bool:
    """All at one instant, the sandbox holding to Slack's rates; says the figures and whether the promises hold."""
    with tempfile.TemporaryDirectory() as folder:
        found = round_paced.measured(Path(folder), leads=leads, say=say)
    room = f"{found.copies} answers in the room, {found.boards} board"
    refused = f"refused for speed: {found.refused or 0}; events that had to come again: {found.again}"
    say(f"at Slack's rates: {leads} leads asked at one instant, every one answers in their thread")
    say(f"  {found.asked} asked once, {found.thanked} receipts, {room}")
    say(f"  {found.posts} posts, {found.updates} updates of the board, {found.homes} Homes; {refused}")
    closest = ", ".join(f"{seconds:.2f} s of a {scope}'s limit" for scope, seconds in found.spare.items())
    say(f"  the closest posts were within {closest} (below 0: refused)")
    say(f"  first to last post {found.seconds:.0f} s; the limit's own {found.limit:.0f} s ({found.why})")
    say(f"  ratio {found.ratio:.3f}; prompts out after {found.prompts:.0f} s (four a second: {(leads - 1) / 4:.0f} s)")
    say(f"  the bot used {found.cpu:.0f} s of processor and {found.memory:.0f} MB at the end")
    whole = (found.asked, found.thanked, found.copies, found.boards) == (leads, leads, leads, 1)
    return whole and not found.refused and found.ratio <= 1.05


def unpaced(leads: int, say: Say) -> bool:
    """Each at their own hour, with the clock moved from zone to zone and no pace; says the figures."""
    with tempfile.TemporaryDirectory() as folder:
        found = round_unpaced.measured(Path(folder), leads=leads)
    say(f"with the pace off: {leads} leads, each at their own hour in one of ten zones")
    say(f"  {found.punctual} asked once, at their own hour")
    say(f"  deciding: {found.asks / found.deciding:,.0f} prompts a second (the longest step {found.longest:.2f} s)")
    say(f"  sending: {found.sent / found.sending:,.0f} messages a second")
    say(f"  a bare loop against the same sandbox: {found.bare:,.0f} a second; ours is {found.ratio:.0%} of it")
    return found.punctual == leads


def main() -> int:
    """Run it at full size and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leads", type=int, default=1000)
    parser.add_argument("--only", choices=("paced", "unpaced"))
    wanted = parser.parse_args()
    parts = {"unpaced": unpaced, "paced": paced}
    chosen = [part for name, part in parts.items() if wanted.only in (None, name)]
    held = [part(wanted.leads, lambda line: print(line, flush=True)) for part in chosen]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
