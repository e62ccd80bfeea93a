"""An order before it is accepted: what was typed, attached and carried over, and what it would be."""

from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.model import Model
from bot.domain.guild import Guild
from bot.domain.inputs import NO_INPUTS, Inputs
from bot.domain.job import Job, MessagePlace, ReplyToken
from bot.domain.request import VideoRequest
from bot.domain.sentence import Sentence
from bot.media.attachments import Attachment
from bot.orders.lending import Lendable
from bot.policy.asker import Asker


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member typed, attached, or takes over from a video; None is *left out*.

    `duration` in seconds; `aspect` is an orientation's word or a shape such as `16:9`. `kept`: the inputs of the video
    `repeats`, with the owner of each file; they were given in the server `kept_guild_id`. `remix_of`: the id of the
    video that is to be changed; `remix_seconds`: its length, as far as it is known. `gives_way`: what was chosen for
    another model is left out where this one lacks it.
    """

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
    resolution: str | None = None
    audio: bool | None = None
    seed: int | None = None
    negative: str | None = None
    watermark: bool | None = None
    spoiler: bool = False
    last_image: Attachment | None = None
    last_image_url: str | None = None
    character_id: str | None = None
    kept: Inputs = NO_INPUTS
    kept_guild_id: int | None = None
    remix_of: str | None = None
    remix_seconds: int | None = None
    repeats: str | None = None
    gives_way: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it can be accepted at once: nothing to fetch, to look up, to lend, or to send before."""
        links = (self.image_url, self.last_image_url, self.clip_url)
        return not (self.private or self.has_files or any(link is not None for link in links) or self.lends)

    @property
    def has_files(self) -> bool:
        """Whether something has to be fetched and looked at before the order can be accepted."""
        return any(file is not None for file in (self.image, self.last_image, self.clip))

    @property
    def lends(self) -> bool:
        """Whether a kept file has to be given to the gateway."""
        return bool(self.kept.files) or self.character_id is not None


@dataclass(frozen=True, slots=True)
class Quote:
    """A draft that the gate lets through, with its price in units of a ten-thousandth of a dollar.

    `lent`: the kept files that have to be given to the gateway. `original`: the video that is changed.
    `repeats_unsure`: it is made from an order that may have been taken, and paid, already. `ignored`: what is told of
    choices that the model has no word for.
    """

    asker: Asker
    guild: Guild
    model: Model
    request: VideoRequest
    price: int
    draft: Draft
    lent: tuple[Lendable, ...] = ()
    inputs: Inputs = NO_INPUTS
    original: Job | None = None
    repeats_unsure: bool = False
    ignored: tuple[Sentence, ...] = ()

    @property
    def gateway(self) -> str | None:
        """The only one that can take the order, where there is only one: that of the original."""
        return None if self.original is None else self.original.gateway

    @property
    def asks_first(self) -> bool:
        """Whether a button has to ask before it orders this."""
        above = self.guild.choices.confirm_above
        return above is not None and self.price > above


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an order comes from and can be answered; the id is made before, so that a message can carry it.

    `reply` answers the interaction of whoever gets the video, None where somebody else has pressed; `is_answer`: the
    status message is that answer, so that the token can edit it.
    """

    job_id: str
    interaction_id: int
    size_limit: int
    received_at: datetime
    reply: ReplyToken | None
    is_answer: bool = False
    status: MessagePlace | None = None
