"""Saved characters: made from a clip, shared and taken back, removed with their clip."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.character import LONGEST_NAME, SHORTEST_NAME, Character, Sharing
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild
from bot.domain.ids import is_job_id, new_job_id
from bot.domain.job import Job
from bot.domain.sentence import N_
from bot.media.attachments import Attachment, Attachments
from bot.media.clips import parse_range
from bot.media.kept import KeptFiles
from bot.orders.errors import CharacterGoneError
from bot.orders.place import Orders
from bot.policy import words
from bot.policy.asker import Asker
from bot.policy.errors import DeclinedPromptError, JobGoneError, RemovedError
from bot.store import characters, inputs, jobs
from bot.store.database import Database, Transaction

MOST = 50
"""Characters of one owner: 3 seconds are about 1 MB."""
MOST_GRANTS = 25
"""Members and roles together; Discord's menus offer no more at once."""
MOST_SHARED = 100
"""Characters of others that a list shows."""


class NameLengthError(RefusalError):
    """A name too short or too long."""

    message = N_("A character's name has {shortest} to {longest} characters.")


class NameTakenError(RefusalError):
    """Two characters of one owner with one name."""

    message = N_("You have a character called {name} already. Please choose another name, or remove that one first.")


class NameNotAllowedError(RefusalError):
    """A name is seen by everybody the character is shared with."""

    message = N_("A word in this name is not allowed here. Please choose another name.")


class TooManyCharactersError(RefusalError):
    """The owner's shelf is full."""

    message = N_("You have {count} characters, and that is as many as I keep. Please remove one first.")


class NotConfirmedError(RefusalError):
    """The tick is missing."""

    message = N_(
        "Please tick that the clip shows no real person and that you may use this character. Nothing was saved."
    )


class BorrowedCharacterError(RefusalError):
    """What somebody else lends would outlive their taking it back."""

    message = N_("This video was made with somebody else's character, so it can't be saved as one of yours.")


class NoClipGivenError(RefusalError):
    """A character without a clip."""

    message = N_("A character needs a clip: please attach one.")


class NotTheAuthorError(RefusalError):
    """A character is made of somebody else's video."""

    message = N_("Only the person who asked for this video can save it as a character.")


@dataclass(frozen=True, slots=True)
class NewCharacter:
    """What somebody has filled in; `chosen` is a `clip_range`."""

    name: str
    clip: Attachment | None
    chosen: str | None
    confirmed: bool
    sharing: Sharing = Sharing.ME


@dataclass(frozen=True, slots=True)
class Characters:
    """Keeps characters. Only their owner sees, shares and removes them; others may use what is shared with them."""

    database: Database
    orders: Orders
    attachments: Attachments
    kept: KeptFiles
    clock: Clock

    async def usable(self, asker: Asker, typed: str = "") -> Sequence[Character]:
        """The characters that the asker may use here, their own first, whose names contain what was typed."""
        async with self.database.read() as tx:
            return await characters.usable(tx, asker.user_id, asker.guild_id, asker.role_ids, typed=typed)

    async def find(self, asker: Asker, text: str) -> str:
        """The id of a character that the asker may use, by its id or its whole name. Raises CharacterGoneError."""
        async with self.database.read() as tx:
            found = await characters.get(tx, text) if is_job_id(text) else None
            if found is not None and found.may_use(asker.user_id, asker.guild_id, asker.role_ids):
                return found.id
            usable = await characters.usable(tx, asker.user_id, asker.guild_id, asker.role_ids, typed=text)
        wanted = characters.folded(text)
        named = next((one.id for one in usable if characters.folded(one.name) == wanted), None)
        if named is None:
            raise CharacterGoneError
        return named

    async def own(self, asker: Asker, typed: str = "") -> Sequence[Character]:
        """The asker's own characters by name, those whose names contain what was typed."""
        wanted = characters.folded(typed)
        async with self.database.read() as tx:
            return [one for one in await characters.owned(tx, asker.user_id) if wanted in characters.folded(one.name)]

    async def own_one(self, asker: Asker, text: str) -> Character:
        """One of the asker's own characters, by its id or its whole name. Raises CharacterGoneError."""
        wanted = characters.folded(text)
        for one in await self.own(asker):
            if text == one.id or wanted == characters.folded(one.name):
                return one
        raise CharacterGoneError

    async def borrowed(self, asker: Asker) -> Sequence[Character]:
        """The characters of others that the asker may use here, by name."""
        async with self.database.read() as tx:
            usable = await characters.usable(
                tx, asker.user_id, asker.guild_id, asker.role_ids, limit=MOST + MOST_SHARED
            )
        return [one for one in usable if one.owner_id != asker.user_id]

    async def check_new(self, asker: Asker) -> None:
        """Raise what keeps somebody from saving a character at all, before they fill in a form."""
        await self.orders.admit(asker)
        async with self.database.read() as tx:
            await _check_room(tx, asker)

    async def source(self, asker: Asker, job_id: str) -> Job:
        """A video that its author can save as a character.

        Raises JobGoneError, NotTheAuthorError, RemovedError and BorrowedCharacterError.
        """
        async with self.database.read() as tx:
            job = await jobs.get(tx, job_id)
            if job is None:
                raise JobGoneError
            if job.author_id != asker.user_id:
                raise NotTheAuthorError
            if job.removed_at is not None:
                raise RemovedError
            used = job.inputs.character_id
            character = None if used is None else await characters.get(tx, used)
        if used is not None and (character is None or character.owner_id != asker.user_id):
            raise BorrowedCharacterError
        return job

    async def save(self, asker: Asker, new: NewCharacter) -> Character:
        """Look at the clip, keep its chosen seconds, and write the character.

        Raises the refusals of this room, of the gate, and of `Attachments.clip`.
        """
        if not new.confirmed:
            raise NotConfirmedError
        name, clip = proper_name(new.name), new.clip
        if clip is None:
            raise NoClipGivenError
        self._check_name(name, await self.orders.admit(asker))
        async with self.database.read() as tx:
            # Before a clip is fetched and cut for nothing.
            await _check_room(tx, asker, name)
        checked = await self.attachments.clip(clip, parse_range(new.chosen))
        now = self.clock()
        character = Character(
            id=new_job_id(),
            owner_id=asker.user_id,
            guild_id=asker.guild_id,
            name=name,
            file=checked.kept,
            seconds=checked.kept_seconds,
            confirmed_at=now,
            created_at=now,
            sharing=new.sharing,
        )
        async with self.database.write() as tx:
            await _check_room(tx, asker)
            if not await characters.add(tx, character):
                raise NameTakenError(name=name)
        return character

    def _check_name(self, name: str, guild: Guild) -> None:
        """Raise NameNotAllowedError for a name that could not stand in a prompt."""
        try:
            self.orders.terms.gate.check_prompt(name, guild)
        except DeclinedPromptError as error:
            raise NameNotAllowedError from error

    async def share(
        self,
        asker: Asker,
        character_id: str,
        sharing: Sharing,
        user_ids: frozenset[int] = frozenset(),
        role_ids: frozenset[int] = frozenset(),
    ) -> Character:
        """Say who may use a character from now on, in the server where this is asked. Raises CharacterGoneError."""
        async with self.database.write() as tx:
            own = await characters.get(tx, character_id)
            if own is None or own.owner_id != asker.user_id:
                raise CharacterGoneError
            shared = replace(
                own, guild_id=asker.guild_id or own.guild_id, sharing=sharing, user_ids=user_ids, role_ids=role_ids
            )
            await characters.share(tx, shared)
        return shared

    async def remove(self, asker: Asker, character_id: str) -> Character:
        """Forget a character and delete its clip. Raises CharacterGoneError."""
        async with self.database.write() as tx:
            own = await characters.get(tx, character_id)
            if own is None or own.owner_id != asker.user_id:
                raise CharacterGoneError
            await characters.remove(tx, character_id)
            # The same seconds may have been attached to an order, or be another character's.
            is_named = await inputs.is_named(tx, own.file)
        if not is_named:
            self.kept.remove(own.file)
        return own


async def _check_room(tx: Transaction, asker: Asker, name: str | None = None) -> None:
    """Raise TooManyCharactersError, or NameTakenError for a name that one of the asker's own has."""
    own = await characters.owned(tx, asker.user_id)
    if len(own) >= MOST:
        raise TooManyCharactersError(count=len(own))
    if name is not None and characters.folded(name) in {characters.folded(one.name) for one in own}:
        raise NameTakenError(name=name)


def proper_name(text: str) -> str:
    """A name as it is shown: one line without control characters. Raises NameLengthError."""
    shown = "".join(" " if unicodedata.category(c)[0] == "Z" else c for c in text if unicodedata.category(c)[0] != "C")
    name = " ".join(shown.split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not words.normal(name):
        raise NameLengthError(shortest=SHORTEST_NAME, longest=LONGEST_NAME)
    return name
