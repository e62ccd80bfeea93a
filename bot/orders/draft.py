"""An order before it is accepted: what was typed and attached, and what it would be."""

from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.model import Model
from bot.domain.guild import Guild
from bot.domain.job import MessagePlace, ReplyToken
from bot.domain.request import VideoRequest
from bot.media.attachments import Attachment
from bot.policy.asker import Asker


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member typed and attached; None is *left out*. `duration` in seconds, `aspect` such as `16:9`."""

    prompt: str
    duration: int | None = None
    aspect: str | None = None
    model_id: str | None = None
    image: Attachment | None = None
    image_url: str | None = None
    clip: Attachment | None = None
    clip_url: str | None = None
    clip_range: str | None = None
    private: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it can be accepted at once: nothing to fetch, to look up, or to send before."""
        links = self.image_url is not None or self.clip_url is not None
        return not (self.private or self.has_files or links)

    @property
    def has_files(self) -> bool:
        """Whether something has to be fetched and looked at before the order can be accepted."""
        return self.image is not None or self.clip is not None


@dataclass(frozen=True, slots=True)
class Quote:
    """A draft that the gate lets through, with its price in units of a ten-thousandth of a dollar."""

    asker: Asker
    guild: Guild
    model: Model
    request: VideoRequest
    price: int
    private: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an order comes from and can be answered; the id is made before, so that a message can carry it."""

    job_id: str
    interaction_id: int
    size_limit: int
    received_at: datetime
    reply: ReplyToken | None = None
    status: MessagePlace | None = None
