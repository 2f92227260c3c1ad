"""A digest as a whole e-mail (RFC 5322): the plain text, the HTML, and the pictures that the HTML shows.

Pure. It names no sender and no recipient and sends nothing: whoever sends it adds them.
"""

from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage

from rituals.digests.html import html
from rituals.digests.parts import title
from rituals.digests.plain import plain_text
from rituals.notices import Digest
from rituals.pictures.canvas import Picture

_AT = "digest.plumbline"


def mail(notice: Digest, pictures: Sequence[Picture] = (), *, at: datetime, aside: str = "") -> bytes:
    """The message as bytes, written at an instant; `aside` as in `html`."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = " ".join(title(notice).split())
    message["Date"] = at
    message.set_content(plain_text(notice))
    placed = [(picture, f"cid:{picture.name}@{_AT}") for picture in pictures]
    message.add_alternative(html(notice, placed, aside=aside), subtype="html")
    page = message.get_payload(1)
    if not isinstance(page, EmailMessage):
        raise TypeError("the second part of the mail is its page")
    for picture in pictures:
        page.add_related(
            picture.png,
            maintype="image",
            subtype="png",
            cid=f"<{picture.name}@{_AT}>",
            filename=f"{picture.name}.png",
            disposition="inline",
        )
    return message.as_bytes()
