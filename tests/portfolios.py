"""Small portfolio files for tests: who there is, the product lines of a suite with their leads, quarters, objectives.

The text is what a person would write, so that a test can change a line of it.
"""

from collections.abc import Mapping, Sequence

QUARTERS = {
    "2026-Q4": "starts: 2026-10-01, ends: 2026-12-31",
    "2027-Q1": "starts: 2027-01-01, ends: 2027-03-31",
}
FASTER = """\
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Customers start faster
    key_results:
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20, owners: [crm, payments]}
"""
"""One objective of the suite whose key result CRM and Payments share."""


def small_portfolio(
    people: Sequence[str],
    lines: Mapping[str, str],
    *,
    suite: str = "leads: [ana], channel: C01ALL",
    others: Sequence[str] = (),
    quarters: Sequence[str] = ("2026-Q4",),
    objectives: str = FASTER,
) -> str:
    """The file. People are `Bo Lind U02BO` or `Lee Park lee@example.com`, known by their first name; `lines` have what
    stands behind their name, as `leads: [bo]`, and are known by it; `suite` has what is said of it, `others` are
    further units.
    """
    units = [f"{{key: suite, name: Product suite, level: portfolio, {suite}}}"]
    for name, said in lines.items():
        units.append(f"{{key: {name.lower()}, name: {name}, level: product_line, parent: suite, {said}}}")
    cycles = [f"{{key: {quarter}, {QUARTERS[quarter]}}}" for quarter in quarters]
    head = "\nschema: plumbline/1\ntimezone: Europe/Berlin\n"
    parts = {"people": [_person(one) for one in people], "units": [*units, *others], "cycles": cycles}
    return head + "".join(_listed(name, entries) for name, entries in parts.items()) + f"objectives:\n{objectives}"


def _person(text: str) -> str:
    name, _, known = text.rpartition(" ")
    kind = "email" if "@" in known else "slack"
    return f"{{key: {name.split()[0].lower()}, name: {name}, {kind}: {known}}}"


def _listed(name: str, entries: Sequence[str]) -> str:
    return f"{name}:\n" + "".join(f"  - {entry}\n" for entry in entries)
