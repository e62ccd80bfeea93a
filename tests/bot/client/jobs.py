"""Jobs and cards for tests of telling."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import discord

from bot.client.cards import ResultPost
from bot.domain.guild import GuildChoices
from bot.domain.ids import new_job_id
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.record import Record
from bot.domain.request import VideoRequest
from bot.domain.standing import Standing

STANDING = Standing(Settlement.CHARGED, videos_left=2)


def a_job(guild_id: int | None, channel_id: int, author_id: int, **changes: Any) -> Job:
    """A job that is being delivered, unless told otherwise."""
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "id": new_job_id(),
        "state": JobState.DELIVERING,
        "fence": 1,
        "guild_id": guild_id,
        "channel_id": channel_id,
        "author_id": author_id,
        "locale": "en-US",
        "model_id": "sora-2",
        "request": VideoRequest("a cat"),
        "private": False,
        "price": 1500,
        "size_limit": 20 << 20,
        "created_at": now,
        "deadline_at": now + timedelta(hours=1),
        "deliver_first_at": now,
    }
    return Job(**{**fields, **changes})


class Choices:
    """What servers have chosen."""

    def __init__(self) -> None:
        self.of: dict[int, GuildChoices] = {}

    async def __call__(self, guild_id: int) -> GuildChoices:
        return self.of.get(guild_id, GuildChoices())


class Delete(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"cb:delete:(?P<job>[0-9a-z]{10})"):
    """A button as results have it."""

    def __init__(self, job_id: str) -> None:
        super().__init__(discord.ui.Button(label="Delete", custom_id=f"cb:delete:{job_id}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["job"])


class PlainCards:
    """Cards that say what they were given."""

    def status(self, job: Job, standing: Standing) -> discord.ui.LayoutView:
        row = discord.ui.ActionRow[Any](Delete(job.id))
        text = discord.ui.TextDisplay[Any](f"status {job.id} {job.state}")
        return discord.ui.LayoutView(timeout=None).add_item(text).add_item(row)

    def result(self, job: Job, standing: Standing, *, size_bytes: int | None, posted_elsewhere: bool) -> ResultPost:
        content = f"<@{job.author_id}> <@&{job.guild_id}> @everyone size={size_bytes} elsewhere={posted_elsewhere}"
        return ResultPost(content, "AI video: a cat", _buttons(job))

    def failure_ping(self, job: Job, standing: Standing) -> str:
        return f"<@{job.author_id}> {job.state}"

    def ready(self, job: Job) -> str:
        return f"ready {job.id} @everyone <@{job.author_id}>"

    def log_card(self, job: Job, record: Record) -> discord.ui.LayoutView:
        text = discord.ui.TextDisplay[Any](f"card {job.id} {job.state} of <@{job.author_id}>")
        row = discord.ui.ActionRow[Any](discord.ui.Button(label="Block", custom_id=f"cb:card-block:{job.id}"))
        return discord.ui.LayoutView(timeout=None).add_item(text).add_item(row)

    def announcement(self, job: Job, standing: Standing) -> ResultPost:
        content = f"announced `{job.id}` <@{job.author_id}> @everyone"
        return ResultPost(content, "AI video: a cat", discord.ui.View(timeout=None))

    def log_copy(self, job: Job, standing: Standing) -> ResultPost:
        return ResultPost(f"private, by <@{job.author_id}>", "AI video: a cat", _buttons(job))


def _buttons(job: Job) -> discord.ui.View:
    return discord.ui.View(timeout=None).add_item(Delete(job.id))


def field(body: object, name: str) -> object:
    """One field of a recorded body."""
    assert isinstance(body, Mapping)
    return body.get(name)
