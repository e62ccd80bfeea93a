"""Handing kept files to gateways: what orders need of whoever can put a file where a gateway can fetch it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from bot.domain.errors import NotNowError, RefusalError
from bot.domain.guild import GuildChoices
from bot.domain.job import ReplyToken
from bot.domain.sentence import N_
from bot.policy.asker import Asker


class LentKind(StrEnum):
    """What a file is to the order; also the name that it is lent under."""

    PICTURE = "picture"
    LAST_PICTURE = "last"
    CLIP = "clip"


@dataclass(frozen=True, slots=True)
class Lendable:
    """A kept file, whose it is, and the length of a clip in seconds."""

    kind: LentKind
    name: str
    owner_id: int
    seconds: Decimal | None = None
    character_id: str | None = None


@dataclass(frozen=True, slots=True)
class Borrowing:
    """Who borrows, for which job, and the interaction's token, by which a follow-up can carry the owner's own file.

    `reply` is None where it was not the owner who pressed: they alone may see the follow-up.
    """

    job_id: str
    asker: Asker
    choices: GuildChoices
    reply: ReplyToken | None


class NoLendingError(RefusalError):
    """There is no way to give this file to a video service."""

    message = N_(
        "This needs a picture or clip of somebody else, and I have no place to hand it to the video service. A manager "
        "of this server can choose a clip channel with /video-admin setup. Nothing was charged."
    )


class OpenClipChannelError(RefusalError):
    """What is handed over in the clip channel would be seen by the borrower, or by everybody."""

    message = N_(
        "This needs a picture or clip of somebody else, and you can see the clip channel of this server, where I would "
        "hand it over. A manager can make that channel private. Nothing was charged."
    )


class LentElsewhereError(RefusalError):
    """What was borrowed in one server is taken to another, where other people look after the clip channel."""

    message = N_(
        "This video has a picture or clip of somebody else, which can only be used in the server where the video was "
        "made. Nothing was charged."
    )


class NotLentError(NotNowError):
    """Discord did not take the file."""

    message = N_(
        "I couldn't hand the picture or clip of this video to the video service. Nothing was charged. "
        "Please try again in a few minutes."
    )


class KeptFileGoneError(RefusalError):
    """The copy is not there any more."""

    message = N_(
        "I don't keep the picture or clip that this needs any more. Please use /video and attach it again. "
        "Nothing was charged."
    )


def check_borrowed(asker: Asker, files: Sequence[Lendable], guild_id: int | None) -> None:
    """Raise LentElsewhereError for files of others out of the server in which they were given.

    Characters are left out: who may use them where is a right of its own.
    """
    borrowed = any(file.character_id is None and file.owner_id != asker.user_id for file in files)
    if borrowed and (guild_id is None or guild_id != asker.guild_id):
        raise LentElsewhereError


class Lender(Protocol):
    """Puts kept files where a gateway can fetch them, for as long as it needs them."""

    def check(self, asker: Asker, choices: GuildChoices, owner_id: int) -> None:
        """Raise NoLendingError or OpenClipChannelError if a file of `owner_id` can't be lent for this asker's order."""
        ...

    async def lend(self, file: Lendable, borrowing: Borrowing) -> str:
        """The address of a kept file. Raises what `check` raises, KeptFileGoneError and NotLentError."""
        ...
