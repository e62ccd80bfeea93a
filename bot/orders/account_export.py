"""Everything that is kept about one person, as one JSON file, and nothing of anybody else."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.domain.character import Character
from bot.domain.clock import Clock
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.money import usd
from bot.domain.preferences import Preferences
from bot.store import characters, history, people, personal
from bot.store.database import Database, Transaction
from bot.store.personal import Entry

MOST_VIDEOS = 2000
MOST_ENTRIES = 10_000
MOST_BYTES = 8 << 20
"""A file is made in memory."""
_DISCORD = "https://discord.com/channels"
Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Export:
    """A JSON file in UTF-8. `left_out`: how many of the oldest videos did not fit into it."""

    data: bytes
    videos: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Records:
    user_id: int
    made_at: datetime
    preferences: Preferences
    characters: Sequence[Character]
    videos: Sequence[Job]
    all_videos: int
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Exports:
    """Gathers what is kept about a person."""

    database: Database
    clock: Clock

    async def of(self, user_id: int, limit_bytes: int) -> Export:
        """The file, of at most so many bytes; the oldest videos are left out first."""
        async with self.database.read() as tx:
            records = await self._read(tx, user_id)
        return await asyncio.to_thread(_written, records, min(limit_bytes, MOST_BYTES))

    async def _read(self, tx: Transaction, user_id: int) -> _Records:
        return _Records(
            user_id,
            self.clock(),
            await people.preferences(tx, user_id),
            await characters.owned(tx, user_id),
            await history.everything(tx, user_id, limit=MOST_VIDEOS),
            await history.count(tx, user_id, frozenset(JobState)),
            await personal.entries(tx, user_id, limit=MOST_ENTRIES),
        )


def _written(records: _Records, limit_bytes: int) -> Export:
    head = _head(records)
    typed = _with_own_links(records.videos)
    videos = [_dump(_video(job, has_own_links=job.id in typed)) for job in records.videos]
    room = limit_bytes - len(_dump(head)) - len('"videos": []') - 100
    kept = list(_fitting(videos, room))
    left_out = records.all_videos - len(kept)
    begin = _dump(head | {"videos_left_out": left_out}).removesuffix(b"\n}")
    return Export(begin + b',\n "videos": [\n' + b",\n".join(kept) + b"\n ]\n}\n", len(kept), left_out)


def _fitting(texts: Sequence[bytes], room: int) -> Iterator[bytes]:
    for text in texts:
        room -= len(text) + 2
        if room < 0:
            return
        yield text


def _dump(content: Mapping[str, object]) -> bytes:
    """ASCII throughout: a prompt may hold half an emoji, which UTF-8 can't."""
    return json.dumps(content, indent=1, default=_plain).encode("ascii")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _head(records: _Records) -> Content:
    return {
        "person": str(records.user_id),
        "exported_at": records.made_at,
        "preferences": asdict(records.preferences),
        "characters": [_character(character) for character in records.characters],
        "books": [_entry(entry) for entry in records.entries],
    }


def _character(character: Character) -> Content:
    return {
        "name": character.name,
        "sharing": character.sharing,
        "seconds": character.seconds,
        "server": _id(character.guild_id),
        "confirmed_at": character.confirmed_at,
        "created_at": character.created_at,
    }


def _entry(entry: Entry) -> Content:
    return {
        "at": entry.at,
        "kind": entry.kind,
        "video": entry.job_id,
        "server": _id(entry.guild_id or None),
        "dollars": usd(entry.amount),
        "videos": entry.videos,
    }


def _with_own_links(videos: Sequence[Job]) -> AbstractSet[str]:
    """The ids of those, newest first, whose links were typed by their author: a repetition has its source's."""
    own = set[str]()
    for job in reversed(videos):
        if job.repeats is None or job.repeats in own:
            own.add(job.id)
    return own


def _video(job: Job, *, has_own_links: bool) -> Content:
    given = _given(job, has_own_links=has_own_links)
    # The task of a remixed video is the service's own word for it; where files were lent is for the service alone.
    left_out = {"prompt", "parent_task", "parent_seconds", *given}
    options = {name: value for name, value in asdict(job.request).items() if name not in left_out}
    return {
        "id": job.id,
        "prompt": job.request.prompt,
        "model": job.model_id,
        "options": {name: value for name, value in options.items() if value is not None},
        "given": given,
        "private": job.private,
        "spoiler": job.spoiler,
        "remix_of": job.remix_of,
        "made_again_from": job.repeats,
        "state": job.state,
        "failure": job.failure,
        "created_at": job.created_at,
        "ordered_at": job.ordered_at,
        "finished_at": job.finished_at,
        "removed_at": job.removed_at,
        "service": job.gateway,
        "price_dollars": usd(job.price),
        "server": _id(job.server_id),
        "channel": _id(job.channel_id),
        "status_message": _link(job, job.status),
        "message": _link(job, job.message),
    }


def _given(job: Job, *, has_own_links: bool) -> list[str]:
    """Which files the order was given whose addresses are not its author's to have, by the names of its options."""
    inputs, request = job.inputs, job.request
    clip = inputs.clip or inputs.character_id
    kept = {"image": inputs.picture, "last_image": inputs.last_picture, "character": clip}
    linked = {"image": request.image, "last_image": request.last_image, "character": request.character}
    return [name for name in kept if kept[name] or (linked[name] and not has_own_links)]


def _link(job: Job, place: MessagePlace | None) -> str | None:
    if place is None:
        return None
    link = job.link(place)
    return f"{_DISCORD}/{link.guild_id or '@me'}/{link.channel_id}/{link.message_id}"


def _id(number: int | None) -> str | None:
    """As text: a snowflake is more than a number of JSON holds everywhere."""
    return None if number is None else str(number)
