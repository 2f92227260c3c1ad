"""One of every block that the page draws, as plain dicts: what the browser tests show and look at. Sends nothing."""

from typing import Any

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str = "") -> Block:
    return {"text": plain(text), "value": value} | ({"description": plain(description)} if description else {})


def button(text: str, action: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action, "value": action, **more}


CONFIRM: Block = {
    "title": plain("Undo this update?"),
    "text": mrkdwn("*KR-1* goes back to 41 days."),
    "confirm": plain("Undo"),
    "deny": plain("Keep"),
    "style": "danger",
}

PROMPT: list[Block] = [
    {"type": "header", "block_id": "g-head", "text": plain("Check-in 4 of 6 · Product suite")},
    {
        "type": "section",
        "block_id": "g-text",
        "text": mrkdwn(
            "By <!date^1794934800^{date_short_pretty} {time}|Wed 18:00>. *Three* key results wait for you, _about_ two "
            "minutes; ~not ten~. Reply in this thread, see <https://example.com/help|help>, or ask <@U01ANA> in "
            "<#C01PORTFOLIO>.\n&gt; We wait for the billing API\n&gt; until 12 Dec\n• `KR-1` 41 days, expected 33\n"
            "• `KR-7` 18 %, expected 21 %\n```/okr update KR-12 30 days 7/10```"
        ),
    },
    {
        "type": "section",
        "block_id": "g-fields",
        "fields": [
            mrkdwn("*Now*\n41 days"),
            mrkdwn("*Expected*\n33 days"),
            mrkdwn("*Status*\n○ off track"),
            plain("R&D *plain*"),
        ],
        "accessory": {
            "type": "overflow",
            "action_id": "g-more",
            "options": [option("In two hours", "2h"), option("Tomorrow morning", "tomorrow", "09:00 in your zone")],
        },
    },
    {
        "type": "actions",
        "block_id": "g-actions",
        "elements": [
            button("Answer", "g-answer", style="primary"),
            button("No change", "g-same"),
            button("Undo", "g-undo", style="danger", confirm=CONFIRM),
            {
                "type": "static_select",
                "action_id": "g-unit",
                "placeholder": plain("Other unit"),
                "options": [option("Payments", "payments"), option("Search", "search")],
            },
        ],
    },
    {"type": "divider", "block_id": "g-divider"},
    {
        "type": "context",
        "block_id": "g-context",
        "elements": [
            mrkdwn("For example: *1.* KR-1 30 days 7/10  *2.* no  *3.* no"),
            {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "logo"},
        ],
    },
    {
        "type": "image",
        "block_id": "g-image",
        "image_url": "https://example.com/chart.png",
        "alt_text": "Progress of KR-1",
        "title": plain("KR-1"),
    },
]

ROWS = [
    [
        "○ KR-1 Average onboarding time across the suite",
        "41 days",
        "33",
        "stalled two rounds, waits for Payments",
        "CRM, Analytics",
    ],
    ["◐ KR-7 Accounts on three products", "18 %", "21 %", "lands at 0.62", "Mobile, Search, CRM"],
    ["◐ KR-9 Shared sign-in adoption", "55 %", "62 %", "confidence 3 of 10", "Identity"],
    ["● KR-4 Suite availability", "99.95 %", "99.9 %", "inside its bound", "Payments"],
    ["● KR-12 Cross-product usage", "31 %", "30 %", "on pace", "Analytics, Mobile"],
    ["✓ KR-11 Single invoice", "1", "1", "achieved", "Payments"],
]
HEAD = ["Key result", "Now", "Expected", "Why", "Owners"]


def raw(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def rich(text: str, **style: bool) -> Block:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text, "style": style}]}],
    }


TABLE: Block = {
    "type": "table",
    "block_id": "g-table",
    "column_settings": [
        {"is_wrapped": True},
        {"align": "right"},
        {"align": "right"},
        {"is_wrapped": True},
        {"is_wrapped": True},
    ],
    "rows": [[raw(h) for h in HEAD], *([rich(r[0], bold=True), *[raw(c) for c in r[1:]]] for r in ROWS[:3])],
}
DATA_TABLE: Block = {
    "type": "data_table",
    "block_id": "g-data-table",
    "caption": "Shared key results",
    "page_size": 5,
    "rows": [[raw(h) for h in HEAD], *([raw(c) for c in r] for r in ROWS)],
}


def series(name: str, values: list[float], labels: list[str]) -> Block:
    return {"name": name, "data": [{"label": c, "value": v} for c, v in zip(labels, values, strict=True)]}


WEEKS = ["12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov"]
LINES = ["CRM", "Analytics", "Payments", "Mobile"]
LINE_CHART: Block = {
    "type": "data_visualization",
    "block_id": "g-line",
    "title": "Shared against unit progress, Q4",
    "chart": {
        "type": "line",
        "series": [
            series("Expected", [8, 16, 23, 31, 39, 46], WEEKS),
            series("Shared key results", [6, 11, 15, 18, 20, 22], WEEKS),
            series("Unit key results", [7, 15, 24, 30, 41, 49], WEEKS),
        ],
        "axis_config": {"categories": WEEKS, "x_label": "Week of", "y_label": "Progress, %"},
    },
}
BAR_CHART: Block = {
    "type": "data_visualization",
    "block_id": "g-bar",
    "title": "Key results by line",
    "chart": {
        "type": "bar",
        "series": [
            series("On track", [4, 3, 2, 5], LINES),
            series("At risk", [1, 2, 0, 1], LINES),
            series("Off track", [1, 0, 2, 0], LINES),
        ],
        "axis_config": {"categories": LINES, "y_label": "Key results"},
    },
}
DIGEST: list[Block] = [
    {"type": "header", "block_id": "d-head", "text": plain("Product suite · week of 9 Nov · Q4 is 44 % through")},
    {
        "type": "section",
        "block_id": "d-text",
        "text": mrkdwn(
            "One shared key result fell off track; one missing API blocks two lines; connection rate 83 % (+3)."
        ),
    },
    TABLE,
    LINE_CHART,
    {
        "type": "context_actions",
        "block_id": "d-feedback",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "g-feedback",
                "positive_button": {"text": plain("Useful"), "value": "useful"},
                "negative_button": {"text": plain("Not useful"), "value": "not-useful"},
            }
        ],
    },
]

MARKDOWN = """## What moved
1. **KR-4** +9 points
2. _KR-11_ achieved
   - by Payments

> quoted

| KR | now |
|---|---|
| KR-1 | 41 |

<script>alert(1)</script>"""

OTHERS: list[Block] = [
    DATA_TABLE,
    BAR_CHART,
    {
        "type": "markdown",
        "block_id": "o-markdown",
        "text": MARKDOWN,
    },
    {
        "type": "card",
        "block_id": "o-card",
        "title": mrkdwn("*KR-1* Average onboarding time"),
        "subtitle": mrkdwn("○ off track"),
        "body": mrkdwn("41 → 30 days"),
        "actions": [button("Open", "o-open")],
    },
    {
        "type": "container",
        "block_id": "o-container",
        "title": plain("Details"),
        "subtitle": plain("three lines"),
        "is_collapsible": True,
        "has_header_divider": True,
        "child_blocks": [{"type": "section", "block_id": "o-inner", "text": mrkdwn("Inside the *container*")}],
    },
    {
        "type": "rich_text",
        "block_id": "o-rich",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Asked "},
                    {"type": "user", "user_id": "U03BO"},
                    {"type": "text", "text": " twice", "style": {"bold": True}},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "the true value"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "the next step"}]},
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "We wait for Payments."}]},
        ],
    },
    {"type": "hologram", "block_id": "o-unknown"},
]


def ask(block: str, label: str, element: Block, **more: Any) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "element": {"action_id": f"{block}-typed", **element},
        **more,
    }


KRS = [
    option("KR-1 Average onboarding time", "KR-1"),
    option("KR-7 Accounts on three products", "KR-7"),
    option("KR-9 Shared sign-in", "KR-9"),
]
FORM: list[Block] = [
    {"type": "alert", "block_id": "f-alert", "level": "warning", "text": mrkdwn("KR-1 was last updated on *19 Oct*.")},
    ask(
        "f-value",
        "Value",
        {"type": "plain_text_input", "placeholder": plain("30 days")},
        hint=plain("A number with its unit"),
    ),
    ask(
        "f-confidence",
        "Confidence",
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "10"},
    ),
    ask("f-note", "Note", {"type": "plain_text_input", "multiline": True}, optional=True),
    ask(
        "f-unit",
        "Unit",
        {"type": "static_select", "options": [option("CRM", "crm"), option("Payments", "payments")]},
        optional=True,
    ),
    ask(
        "f-kr",
        "Key result",
        {"type": "external_select", "min_query_length": 0, "placeholder": plain("Type a key or a title")},
        optional=True,
    ),
    ask("f-many", "Also for", {"type": "multi_static_select", "options": KRS}, optional=True),
    ask("f-who", "Reporter", {"type": "users_select"}, optional=True),
    ask(
        "f-track",
        "On track?",
        {"type": "radio_buttons", "options": [option("Yes", "yes"), option("Not quite", "no", "Say why below")]},
        optional=True,
    ),
    ask(
        "f-flags",
        "Ask",
        {"type": "checkboxes", "options": [option("The owner", "owner"), option("*The channel*", "channel")]},
        optional=True,
    ),
    ask("f-date", "By", {"type": "datepicker", "initial_date": "2026-12-12"}, optional=True),
    ask("f-time", "At", {"type": "timepicker", "initial_time": "09:00"}, optional=True),
]
MODAL: Block = {
    "type": "modal",
    "callback_id": "g-form",
    "title": plain("Update KR-1"),
    "submit": plain("Save"),
    "close": plain("Cancel"),
    "blocks": FORM,
}

HOME: list[Block] = [
    {"type": "header", "block_id": "h-owe", "text": plain("What you owe")},
    {
        "type": "section",
        "block_id": "h-ask",
        "text": mrkdwn("Check-in 4 · Product suite, by Wed 18:00"),
        "accessory": button("Answer", "g-answer", style="primary"),
    },
    {"type": "header", "block_id": "h-krs", "text": plain("Your key results")},
    {
        "type": "section",
        "block_id": "h-kr1",
        "text": mrkdwn("○ *KR-1* Average onboarding time\n41 → 30 days, 60 % of the way (expected 49 %)"),
        "accessory": button("Update", "g-update"),
    },
    {"type": "context", "block_id": "h-next", "elements": [mrkdwn("Next check-in Mon 16 Nov · digest Fri 15:00")]},
]
