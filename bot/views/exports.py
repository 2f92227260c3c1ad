"""What is said with exported files, and instead of them where Slack does not take any. Data in, words out."""

from bot.views.blocks import Message, context, message, section
from bot.views.text import inline, listed
from rituals.notices import Export

NAMES = {"yaml": "YAML", "csv": "CSV", "json": "JSON", "md": "Markdown", "ics": ".ics"}
PICTURES = {"matrix": "picture of the coverage matrix", "map": "picture of the map"}
IMPORTED = ("yaml", "csv", "json")


def comment(notice: Export) -> str:
    """The words above the files; mrkdwn."""
    if pictured := _picture(notice):
        where = "/okr align map" if "map" in notice.formats else "/okr align"
        return f"The {pictured}, with what you may see. `{where}` has the same in words."
    of = f" of {inline(notice.cycle, 40)}" if notice.cycle else ""
    read = [NAMES[format] for format in notice.formats if format in IMPORTED]
    again = (
        f" `plumbline import` reads {' and '.join([', '.join(read[:-1]), read[-1]] if read[1:] else read)}."
        if read
        else ""
    )
    return f"Your export{of}, with what you may see.{again}"


def promised(notice: Export) -> Message:
    """The reply to the command."""
    if pictured := _picture(notice):
        line = f"The {pictured} comes as a direct message."
        return message(line, [section(line)])
    names = listed([NAMES[format] for format in notice.formats])
    of = f" of {inline(notice.cycle, 40)}" if notice.cycle else ""
    line = f"Your export{of} ({names}) comes as a direct message."
    return message(line, [section(line)])


def refused(notice: Export) -> Message:
    """Instead of the files, where Slack takes none from this app."""
    if pictured := _picture(notice):
        line = f"Slack did not take the {pictured}, because this app may not upload any file."
        cure = "Whoever installed Plumbline can install it again with the current manifest (`files:write`)."
        same = "`/okr align map` shows it in words." if "map" in notice.formats else "`/okr align` has the table."
        return message(f"{line} {same}", [section(f"{line} {same}"), context(cure)])
    line = "Slack did not take the files of your export, because this app may not upload any."
    cure = (
        "Whoever installed Plumbline can install it again with the current manifest (`files:write`), "
        "or run `plumbline export`."
    )
    return message(f"{line} {cure}", [section(line), context(cure)])


def _picture(notice: Export) -> str:
    """What a notice of a picture is called; "" for files."""
    return next((PICTURES[format] for format in notice.formats if format in PICTURES), "")
