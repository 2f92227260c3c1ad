"""Small portfolios for scenario tests: three product lines, three leads, a handful of key results with plain figures.

The ids are those of the sample's workspace, so that each lead has a zone of their own: Bo lives in Stockholm, Mia in
Tokyo, Omar in Cairo, Ana in Madrid. Sam is a member and leads nothing.
"""

ANA, BO, MIA, OMAR, SAM = "U01ANA", "U03BO", "U04MIA", "U05OMAR", "U12SAM"
SUITE, LEADERS = "C01PORTFOLIO", "C02LEADERS"

EVERY_TWO_WEEKS = '{every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}'
IN_BERLIN = '{every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05, timezone: Europe/Berlin}'
FRIDAYS = '{every: 1 week, on: friday, at: "15:00"}'

# KR-1 is shared and behind, KR-2 shared and on pace; CRM's KR-3 is on pace, KR-4 behind, Payments' KR-5 on pace.
KEY_RESULTS = """
      - key: KR-1
        title: Average onboarding time
        kind: decrease
        start: 45
        target: 20
        measured_in: days
        owners: [crm, analytics]
        reporter: bo
        updates: [{at: 2026-10-20, value: 41, confidence: 5, by: bo, note: Pilot started}]
      - key: KR-2
        title: Accounts on three products
        start: 10
        target: 40
        measured_in: "%"
        owners: [crm, analytics]
        reporter: mia
        updates: [{at: 2026-10-30, value: 24, confidence: 7, by: mia}]
  - key: O-2
    unit: crm
    cycle: 2026-Q4
    title: Deals close by themselves
    contributes_to: [{objective: O-1, how: Quotes come with the product inside}]
    key_results:
      - key: KR-3
        title: Quotes sent without a call
        start: 0
        target: 100
        measured_in: "%"
        owners: [crm]
        updates: [{at: 2026-10-30, value: 48, confidence: 7, by: bo}]
      - key: KR-4
        title: Quotes accepted within a week
        start: 20
        target: 70
        measured_in: "%"
        owners: [crm]
        updates: [{at: 2026-10-20, value: 22, confidence: 4, by: bo}]
  - key: O-3
    unit: payments
    cycle: 2026-Q4
    title: Money arrives by itself
    contributes_to: [{objective: O-1, how: Invoices follow the deal}]
    key_results:
      - key: KR-5
        title: Invoices paid on time
        start: 0
        target: 4000
        measured_in: invoices
        owners: [payments]
        updates: [{at: 2026-10-30, value: 1900, confidence: 8, by: omar}]
"""


def portfolio(
    *, cadence: str = EVERY_TWO_WEEKS, digest: str = "", key_results: str = KEY_RESULTS, zone: str = "Europe/Berlin"
) -> str:
    """The file's text. `cadence` and `digest` are the suite's; `key_results` begins inside its first objective."""
    return f"""
schema: plumbline/1
timezone: {zone}
people:
  - {{key: ana, name: Ana Ruiz, slack: {ANA}}}
  - {{key: bo, name: Bo Lindqvist, slack: {BO}}}
  - {{key: mia, name: Mia Tanaka, slack: {MIA}}}
  - {{key: omar, name: Omar Haddad, slack: {OMAR}}}
units:
  - {{key: acme, name: Acme, level: company}}
  - key: suite
    name: Product suite
    level: portfolio
    parent: acme
    leads: [ana]
    channel: {SUITE}
    leadership_channel: {LEADERS}
    cadence: {cadence}
{f"    digest: {digest}" if digest else ""}
  - {{key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}}
  - {{key: analytics, name: Analytics, level: product_line, parent: suite, leads: [mia]}}
  - {{key: payments, name: Payments, level: product_line, parent: suite, leads: [omar]}}
cycles:
  - {{key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Customers get value at once
    key_results:{key_results}"""
