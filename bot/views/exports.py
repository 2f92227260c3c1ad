"""What is said with exported files, and instead of them where Slack does not take any. Data in, words out."""

from bot.views.blocks import Message, context, message, section
from bot.views.text import inline, listed
from rituals.notices import Export

NAMES = {"yaml": "YAML", "csv": "CSV", "json": "JSON", "md": "Markdown", "ics": ".ics"}
FOR = {
    "yaml": "YAML is what `plumbline import` reads and people edit",
    "csv": "CSV is for spreadsheets and can be imported too",
    "json": "JSON is the same for programs",
    "md": "Markdown is to be read",
    "ics": "the .ics file puts the rituals into a calendar",
}


def comment(notice: Export) -> str:
    """The words above the files; mrkdwn."""
    of = f" of {inline(notice.cycle, 40)}" if notice.cycle else ""
    uses = "; ".join(FOR[format] for format in notice.formats)
    return f"Your export{of}, with what you may see. {uses[:1].upper()}{uses[1:]}."


def promised(notice: Export) -> Message:
    """The reply to the command."""
    names = listed([NAMES[format] for format in notice.formats])
    of = f" of {inline(notice.cycle, 40)}" if notice.cycle else ""
    line = f"Your export{of} ({names}) comes as a direct message."
    return message(line, [section(line)])


def refused(notice: Export) -> Message:
    """Instead of the files, where Slack takes none from this app."""
    line = "Slack did not take the files of your export, because this app may not upload any."
    cure = (
        "Whoever installed Plumbline can install it again with the current manifest (`files:write`), "
        "or run `plumbline export`."
    )
    return message(f"{line} {cure}", [section(line), context(cure)])
