"""Fresh addresses for the files of an order that has waited."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.clock import Clock
from bot.domain.guild import GuildChoices
from bot.domain.inputs import Inputs
from bot.domain.job import Job
from bot.domain.request import VideoRequest
from bot.orders.intake import with_lent
from bot.orders.lending import (
    Borrowing,
    KeptFileGoneError,
    Lendable,
    Lender,
    LentKind,
    NoLendingError,
    NotLentError,
    OpenClipChannelError,
)
from bot.policy.asker import Asker
from bot.store import characters
from bot.store.database import Database

FRESH_FOR = timedelta(hours=1)
"""Addresses of our own live for two, and an order may take one."""
LINKS_LIVE = timedelta(hours=20)
"""Discord keeps a link up for about a day, and the order has to be made and fetched."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Lends the kept files of an order anew, once what its member gave may have run out."""

    database: Database
    lender: Lender
    clock: Clock

    async def __call__(self, job: Job, author: Asker, choices: GuildChoices) -> VideoRequest:
        """What the job asks for, with addresses that last.

        `author`: whoever asked for it. Raises KeptFileGoneError, NotLentError, NoLendingError and OpenClipChannelError.
        """
        age, request = self.clock() - job.created_at, job.request
        if age <= FRESH_FOR:
            return request
        borrowing = Borrowing(job.id, author, choices, None)
        for file in await self._files(job):
            try:
                address = await self.lender.lend(file, borrowing)
            except (NotLentError, NoLendingError, OpenClipChannelError):
                # Its own link is of Discord's then, like that to what was attached.
                if age > LINKS_LIVE:
                    raise
                continue
            request, _ = with_lent(request, job.inputs, file, address)
        return request

    async def _files(self, job: Job) -> list[Lendable]:
        inputs, files = job.inputs, list[Lendable]()
        if inputs.picture is not None:
            files.append(Lendable(LentKind.PICTURE, inputs.picture, _owner(inputs, inputs.picture, job)))
        if inputs.last_picture is not None:
            files.append(Lendable(LentKind.LAST_PICTURE, inputs.last_picture, _owner(inputs, inputs.last_picture, job)))
        if inputs.character_id is not None:
            async with self.database.read() as tx:
                character = await characters.get(tx, inputs.character_id)
            if character is None:
                raise KeptFileGoneError
            clip = (character.file, character.owner_id, character.seconds, character.id)
            files.append(Lendable(LentKind.CLIP, *clip))
        elif inputs.clip is not None:
            owner_id = _owner(inputs, inputs.clip, job)
            files.append(Lendable(LentKind.CLIP, inputs.clip, owner_id, inputs.clip_seconds))
        return files


def _owner(inputs: Inputs, name: str, job: Job) -> int:
    """Whose file it is: the author's, unless it was taken over from somebody else's video."""
    return inputs.owners.get(name, job.author_id)
