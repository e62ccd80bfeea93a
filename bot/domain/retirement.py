"""An endpoint that a gateway does not know any more."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Retirement:
    """Which endpoint gets no orders at which gateway; `since`: when an order to it was refused for that."""

    gateway: str
    slug: str
    since: datetime
