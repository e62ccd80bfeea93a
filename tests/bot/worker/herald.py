"""A Discord that lives in memory: it remembers posts by nonce, can be searched, and fails on demand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from bot.domain.clock import Clock
from bot.domain.film import Film
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.record import Record
from bot.domain.standing import Standing
from bot.worker.herald import Place, PlaceClosedError, TooLargeError

NONCE_MEMORY = timedelta(seconds=60)
CHANNELS = {
    Place.ANNOUNCEMENT: 401,
    Place.LOG: 402,
    Place.GALLERY: 403,
    Place.PARENT: 404,
    Place.DIRECT: 405,
    Place.THREAD: 1,
}
"""Where what does not go to the job's own channel goes."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message that people can see; `size_bytes` None is a link."""

    job_id: str
    place: Place
    message: MessagePlace
    nonce: str
    size_bytes: int | None
    at: datetime
    url: str | None = None
    film: Film | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One edit of a status message."""

    job: Job
    standing: Standing
    at: datetime


@dataclass(frozen=True, slots=True)
class Carded:
    """One state of a card in the log channel."""

    job: Job
    record: Record
    message: MessagePlace


@dataclass(slots=True)
class Trouble:
    """An error for the next calls; `answered` False is made after the work was done, as when the answer is lost."""

    method: str
    error: Exception
    times: int
    after: bool


async def _nothing(_: str) -> None:
    return None


@dataclass(slots=True)
class MemoryHerald:
    """Implements `Herald`; a private job's channel is its author's direct messages, as with the real one, and what is
    said by reply is said again when it is repeated."""

    clock: Clock
    posts: list[Post] = field(default_factory=list)
    pings: list[Post] = field(default_factory=list)
    logs: list[Post] = field(default_factory=list)
    told: list[Post] = field(default_factory=list)
    cards: list[Post] = field(default_factory=list)
    carded: list[Carded] = field(default_factory=list)
    copies: list[Post] = field(default_factory=list)
    published: list[MessagePlace] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    taken_down: list[MessagePlace] = field(default_factory=list)
    closed: set[Place] = field(default_factory=set)
    upload_limit: int | None = None
    """The bytes of a file that are taken, whatever is known of it."""
    known_limits: dict[Place, int] = field(default_factory=dict)
    history_closed: bool = False
    has_status: bool = True
    searches: int = 0
    card_searches: int = 0
    copy_searches: int = 0
    reached: Callable[[str], Awaitable[None]] = _nothing
    _troubles: list[Trouble] = field(default_factory=list)
    _ids: "count[int]" = field(default_factory=lambda: count(1000))

    def trouble(self, method: str, error: Exception, *, times: int = 1, after: bool = False) -> None:
        """Let the next calls of a method fail."""
        self._troubles.append(Trouble(method, error, times, after))

    def takes_bytes(self, job: Job, place: Place) -> int:
        return self.known_limits.get(place, job.size_limit)

    async def show_status(self, job: Job, standing: Standing) -> bool:
        await self._meet("show_status", after=False)
        if self.has_status:
            self.shown.append(Shown(job, standing, self.clock()))
            if job.state is JobState.DELIVERED and job.id not in self.deleted:
                self.deleted.append(job.id)
        await self._meet("show_status", after=True)
        return self.has_status

    async def post_result(
        self, job: Job, standing: Standing, place: Place, video: Path | None, *, size_bytes: int, nonce: str
    ) -> MessagePlace:
        await self._meet("post_result", after=False)
        self._open(job, place, video)
        message = self._say(self.posts, job, place, video, nonce)
        await self._meet("post_result", after=True)
        return message

    async def find_result(self, job: Job) -> MessagePlace | None:
        await self._meet("find_result", after=False)
        self.searches += 1
        if self.history_closed:
            raise PlaceClosedError
        return next((post.message for post in reversed(self.posts) if post.job_id == job.id), None)

    async def ping_failure(self, job: Job, standing: Standing, place: Place, nonce: str) -> MessagePlace:
        await self._meet("ping_failure", after=False)
        self._open(job, place, None)
        message = self._say(self.pings, job, place, None, nonce)
        await self._meet("ping_failure", after=True)
        return message

    async def tell_directly(self, job: Job, standing: Standing, nonce: str) -> None:
        await self._meet("tell_directly", after=False)
        self._open(job, Place.DIRECT, None)
        self._say(self.told, job, Place.DIRECT, None, nonce)
        await self._meet("tell_directly", after=True)

    async def log_result(self, job: Job, standing: Standing, video: Path | None, nonce: str) -> MessagePlace:
        await self._meet("log_result", after=False)
        self._open(job, Place.LOG, video)
        message = self._say(self.logs, job, Place.LOG, video, nonce)
        await self._meet("log_result", after=True)
        return message

    async def post_card(self, job: Job, record: Record, nonce: str) -> MessagePlace:
        await self._meet("post_card", after=False)
        self._open(job, Place.LOG, None)
        message = self._say(self.cards, job, Place.LOG, None, nonce)
        self.carded.append(Carded(job, record, message))
        await self._meet("post_card", after=True)
        return message

    async def change_card(self, job: Job, record: Record, card: MessagePlace) -> None:
        await self._meet("change_card", after=False)
        self._open(job, Place.LOG, None)
        self.carded.append(Carded(job, record, card))
        await self._meet("change_card", after=True)

    async def find_card(self, job: Job) -> MessagePlace | None:
        self.card_searches += 1
        if self.history_closed:
            raise PlaceClosedError
        return next((post.message for post in reversed(self.cards) if post.job_id == job.id), None)

    async def announce(self, job: Job, standing: Standing, video: Path | None, nonce: str) -> MessagePlace:
        await self._meet("announce", after=False)
        self._open(job, Place.ANNOUNCEMENT, video)
        message = self._say(self.copies, job, Place.ANNOUNCEMENT, video, nonce)
        await self._meet("announce", after=True)
        return message

    async def find_copy(self, job: Job, place: Place) -> MessagePlace | None:
        self.copy_searches += 1
        if self.history_closed:
            raise PlaceClosedError
        copies = self.logs if place is Place.LOG else self.copies
        return next((post.message for post in reversed(copies) if post.job_id == job.id), None)

    async def publish(self, place: MessagePlace) -> None:
        await self._meet("publish", after=False)
        self.published.append(place)

    async def take_down(self, job: Job, place: MessagePlace) -> None:
        await self._meet("take_down", after=False)
        self.taken_down.append(place)
        await self._meet("take_down", after=True)

    def of(self, job: Job) -> list[Post]:
        """The posts of a job's video."""
        return [post for post in self.posts if post.job_id == job.id]

    def last_shown(self, job: Job) -> Shown:
        """The newest status of a job."""
        return next(shown for shown in reversed(self.shown) if shown.job.id == job.id)

    def _open(self, job: Job, place: Place, video: Path | None) -> None:
        without_token = place is Place.REPLY and (job.reply is None or job.reply.expires_at <= self.clock())
        if place in self.closed or without_token:
            raise PlaceClosedError
        if video is not None and self.upload_limit is not None and video.stat().st_size > self.upload_limit:
            raise TooLargeError

    def _say(self, said: list[Post], job: Job, place: Place, video: Path | None, nonce: str) -> MessagePlace:
        now = self.clock()
        known = next((post for post in said if post.nonce == nonce and now - post.at <= NONCE_MEMORY), None)
        if known is not None and place is not Place.REPLY:
            return known.message
        message = MessagePlace(CHANNELS.get(place, job.channel_id), next(self._ids))
        size = None if video is None else video.stat().st_size
        said.append(Post(job.id, place, message, nonce, size, now, job.result_url, job.film))
        return message

    async def _meet(self, method: str, *, after: bool) -> None:
        await self.reached(f"{method} {'done' if after else 'asked'}")
        for trouble in self._troubles:
            if trouble.method == method and trouble.after is after:
                trouble.times -= 1
                if not trouble.times:
                    self._troubles.remove(trouble)
                raise trouble.error
