"""A club on a stage and what happens there, in the words of the tests."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import av

from bot.domain import ids
from sandbox.club import Club
from sandbox.discord import Answer, Attachment, Member, Message, Person, wait_until, waiting
from sandbox.discord.channels import Place
from sandbox.gateway import Plan
from sandbox.gateway.plans import NeverFinish
from sandbox.gateway.tasks import Order, Task
from sandbox.stage import Stage
from tests.e2e import books

PROMPT = "a paper boat"
QUICK = Plan(queued_seconds=0.05, processing_seconds=0.3, progress=(30, 70), eta=False)
"""Without an estimate the bot asks again at its usual pace, which is quick here."""
WAITING = Plan(queued_seconds=0, progress=(42,), eta=False, outcome=NeverFinish())
"""Renders until the test ends it."""
PATIENCE_SECONDS = waiting.PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class Film:
    """What a video file is, as a player sees it; the length in whole seconds."""

    codec: str
    width: int
    height: int
    seconds: int

    @classmethod
    def of(cls, attachment: Attachment) -> "Film":
        """The film in an attachment."""
        with av.open(io.BytesIO(attachment.data), "r") as container:
            picture = container.streams.video[0]
            seconds = round((container.duration or 0) / 1_000_000)
            return cls(picture.codec_context.name, picture.width, picture.height, seconds)


@dataclass
class Scene:
    """A club on a stage, from the moment the scene began."""

    stage: Stage
    club: Club
    _orders_before: int = field(init=False)

    def __post_init__(self) -> None:
        self._orders_before = len(self.stage.gateway.orders)

    @property
    def orders(self) -> list[Order]:
        """The orders that the first gateway took during the scene."""
        return self.stage.gateway.orders[self._orders_before :]

    @property
    def states(self) -> list[str]:
        """The states of the club's jobs, oldest first."""
        return books.states(self.stage, self.club.guild)

    @property
    def entries(self) -> list[str]:
        """The kinds of the club's entries in the ledger."""
        return books.entries(self.stage, self.club.guild)

    @property
    def spent(self) -> int:
        """What the club has spent and reserved, in units of a ten-thousandth of a dollar."""
        return books.spent(self.stage, self.club.guild)

    def person(self, member: Member) -> Person:
        """A member at the client."""
        return self.stage.discord.person(member)

    @property
    def mia(self) -> Person:
        """Who has the role Makers."""
        return self.person(self.club.mia)

    @property
    def mod(self) -> Person:
        """Who moderates."""
        return self.person(self.club.mod)

    async def order(
        self, prompt: str = PROMPT, *, by: Member | None = None, channel: Place | None = None, **options: object
    ) -> Answer:
        """/video by mia in #videos, or by somebody else elsewhere; the answer once it stands."""
        person = self.mia if by is None else self.person(by)
        answer = await person.invoke("video", {"prompt": prompt, **options}, channel=channel or self.club.videos)
        return await answer.settled()

    async def status(self, where: Place | Member | None = None) -> Message:
        """The first status message in #videos, or elsewhere."""
        return await self._wait(where, lambda message: message.is_v2 and "accepted…" not in message.text)

    async def result(self, where: Place | Member | None = None) -> Message:
        """The first posted video in #videos, or elsewhere."""
        return await self._wait(where, lambda message: bool(message.attachments))

    @property
    def reported(self) -> Message:
        """The newest card about a reported video in the log channel."""
        return next(card for card in reversed(self.club.log.history) if "Reported video" in card.text)

    async def _wait(self, where: Place | Member | None, wanted: object) -> Message:
        assert callable(wanted)
        return await self.stage.discord.wait_for_message(where or self.club.videos, wanted, timeout=PATIENCE_SECONDS)

    async def task(self) -> Task:
        """The newest task at the first gateway, once it is ordered and the bot has written that down."""
        await wait_until(lambda: bool(self.orders) and "submitting" not in self.states, PATIENCE_SECONDS)
        return self.orders[-1].task

    async def becomes(self, *states: str) -> None:
        """Wait until the club's jobs are in these states."""
        await wait_until(lambda: self.states == list(states), PATIENCE_SECONDS)

    async def reads(self, message: Message, text: str) -> None:
        """Wait until a message says something."""
        await wait_until(lambda: text in message.text, PATIENCE_SECONDS)

    @contextmanager
    def opened_to_everybody(self, name: str) -> Iterator[None]:
        """A server may give a command to whom it wants, under Integrations."""
        (command,) = (item for item in self.stage.discord.commands.of(None) if item["name"] == name)
        default, command["default_member_permissions"] = command["default_member_permissions"], None
        yield
        command["default_member_permissions"] = default

    def assert_nothing_happened(self) -> None:
        """Nothing was charged, ordered or said in public."""
        assert self.states == []
        assert self.entries == []
        assert self.orders == []
        assert self.club.videos.history == []

    async def is_refused(self, sentence: str, **order: object) -> None:
        """An order is refused in private with exactly this sentence, and nothing happens."""
        answer = await self.order(**order)  # type: ignore[arg-type]
        assert answer.text == sentence
        assert answer.ephemeral
        self.assert_nothing_happened()


def job_id(message: Message) -> str:
    """The id of the job that a message is about, as its small line says."""
    found = re.search(f"`({ids.PATTERN})`", message.text)
    assert found is not None, message.text
    return found[1]
