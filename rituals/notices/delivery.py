"""What the workspace's admin is told when something could not be delivered."""

from typing import ClassVar

from rituals.notices.parts import Notice


class DeliveryTrouble(Notice):
    """Told once to the workspace's admin: something could not be delivered, and what to do."""

    KIND: ClassVar[str] = "delivery_trouble"
    channel: str
    reason: str
    what: str
