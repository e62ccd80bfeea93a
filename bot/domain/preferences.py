"""What a person has chosen for themselves, in every server."""

from dataclasses import dataclass
from enum import StrEnum


class Ping(StrEnum):
    """How somebody wants to hear that their video has ended: in the channel, in a direct message, both, neither."""

    HERE = "here"
    DIRECT = "direct"
    BOTH = "both"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Somebody's choices; `duration` in seconds, `aspect` such as `16:9`, None is the model's or server's own."""

    ping: Ping = Ping.HERE
    others_may_remix: bool = True
    duration: int | None = None
    aspect: str | None = None
    model_id: str | None = None
