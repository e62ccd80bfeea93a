"""What the worker needs of Discord, and how Discord says no. `bot.parts` fills it."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.domain.guild import Guild
from bot.domain.job import Job, MessagePlace
from bot.domain.notice import Notice
from bot.domain.record import Record
from bot.domain.standing import Standing


class Place(StrEnum):
    """Where something can be posted, in the order in which it is tried. A private job's channel is its author's
    direct messages; a reply answers the interaction in the same channel, where the bot may not post by itself.
    GALLERY and THREAD come first where a server has chosen them; a thread begins with the status message.
    ANNOUNCEMENT is where copies go."""

    GALLERY = "gallery"
    THREAD = "thread"
    CHANNEL = "channel"
    REPLY = "reply"
    PARENT = "parent"
    DIRECT = "direct"
    LOG = "log"
    ANNOUNCEMENT = "announcement"


class TellError(Exception):
    """Something could not be told there."""


class TryAgainError(TellError):
    """It may work later: Discord is busy, failing, or unreachable."""

    def __init__(self, retry_after_seconds: float | None = None) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class PlaceClosedError(TellError):
    """It will never work there: gone, forbidden, locked, or messages not wanted."""


class PostDeletedError(TellError):
    """The post that this nonce made was deleted by somebody. It is not made again: it was delivered."""


class TooLargeError(TellError):
    """The file is over the upload limit there."""


class Herald(Protocol):
    """Tells people about jobs. Every method may raise TryAgainError; each has its own time-out below the lease."""

    def takes_bytes(self, job: Job, place: Place) -> int:
        """How many bytes a file may have there, as far as that is known; Discord may still say TooLargeError."""
        ...

    async def show_status(self, job: Job, standing: Standing) -> bool:
        """Bring the job's status message in line with the job (a delivered job's is deleted, unless it is kept).

        False: there is no such message any more, or it can't be edited.
        """
        ...

    async def post_result(
        self, job: Job, standing: Standing, place: Place, video: Path | None, *, size_bytes: int, nonce: str
    ) -> MessagePlace:
        """Post the finished video, with its one ping if the author wants that here.

        Without a file (it is too large) as the gateway's link (`job.result_url`, works until `job.result_expires_at`).

        Raises PlaceClosedError, TooLargeError and PostDeletedError. A nonce that Discord remembers gives the first
        post again, except by reply: there each call makes another post.
        """
        ...

    async def find_result(self, job: Job) -> MessagePlace | None:
        """Look for our own post of this job where it may stand, by its mark, newest first.

        Raises PlaceClosedError if the history can't be read.
        """
        ...

    async def ping_failure(self, job: Job, standing: Standing, place: Place, nonce: str) -> MessagePlace:
        """Tell the author of a job's end in a new message, with a ping unless they want none.

        Raises PlaceClosedError.
        """
        ...

    async def tell_directly(self, job: Job, standing: Standing, nonce: str) -> None:
        """Tell the author in a direct message, with a link, that their video stands or how it ended.

        Raises PlaceClosedError and PostDeletedError.
        """
        ...

    async def log_result(self, job: Job, standing: Standing, video: Path | None, nonce: str) -> MessagePlace:
        """Show a private video in the server's log channel. Raises PlaceClosedError, TooLargeError."""
        ...

    async def post_card(self, job: Job, record: Record, nonce: str) -> MessagePlace:
        """Post the log channel's card about a job; one that an earlier try has posted is brought in line with it.

        Raises PlaceClosedError and PostDeletedError.
        """
        ...

    async def change_card(self, job: Job, record: Record, card: MessagePlace) -> None:
        """Bring a card in line with its job. Raises PlaceClosedError."""
        ...

    async def find_card(self, job: Job) -> MessagePlace | None:
        """Look for that card by its mark. Raises PlaceClosedError if the history can't be read."""
        ...

    async def announce(self, job: Job, standing: Standing, video: Path | None, nonce: str) -> MessagePlace:
        """Show a video once more in the server's announcement channel, without a ping.

        Raises PlaceClosedError, TooLargeError and PostDeletedError.
        """
        ...

    async def find_copy(self, job: Job, place: Place) -> MessagePlace | None:
        """Look for the copy in the announcement or the log channel. Raises PlaceClosedError if its history can't be
        read."""
        ...

    async def publish(self, place: MessagePlace) -> None:
        """Send a copy on to the servers that follow its channel; where none can, or it was done before, do nothing.

        Raises PlaceClosedError.
        """
        ...

    async def take_down(self, job: Job, place: MessagePlace) -> None:
        """Delete one of our messages about a job; one that is gone is no matter.

        Raises PlaceClosedError if it stands and can't be deleted.
        """
        ...


class NoticeHerald(Protocol):
    """Tells what is about no job. Every method may raise TryAgainError and PlaceClosedError, has a time-out of its own,
    and with a nonce that Discord remembers makes no second message."""

    @property
    def operators(self) -> frozenset[int]:
        """Those who run this bot."""
        ...

    async def tell_server(self, guild: Guild, notice: Notice, nonce: str) -> None:
        """Tell a server in its log channel, and in its language. It has one, or it is closed."""
        ...

    async def tell_person(self, user_id: int, notice: Notice, nonce: str) -> None:
        """Tell somebody in a direct message."""
        ...
