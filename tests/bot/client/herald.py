"""A herald with the real bot behind it, and a video to post."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.client.delivery import ChannelHerald
from bot.domain.guild import GuildChoices
from bot.domain.ids import nonce
from bot.domain.job import Job, JobState, MessagePlace, ReplyToken
from bot.worker.herald import Place
from sandbox.discord import Answer, Channel, Message
from sandbox.discord.channels import Place as Where
from tests.bot.client.jobs import STANDING, Choices, PlainCards, a_job
from tests.bot.client.stage import Stage
from tests.bot.client.troublemakers import add_troublemakers

VIDEO = b"\0\0\0\x18ftypmp42" + b"frames" * 100


@dataclass
class Post:
    """A herald with the real bot behind it, and a video to post."""

    stage: Stage
    herald: ChannelHerald
    choices: Choices
    video: Path

    def job(self, where: Where | None = None, **changes: Any) -> Job:
        stage = self.stage
        return a_job(stage.guild.id, (where or stage.channel).id, stage.member.id, **changes)

    async def result(self, job: Job, place: Place = Place.CHANNEL, *, as_link: bool = False) -> MessagePlace:
        video = None if as_link else self.video
        tag = nonce(job.id, "done")
        return await self.herald.post_result(job, STANDING, place, video, size_bytes=42, nonce=tag)

    async def status_of(self, job: Job) -> Job:
        """The job with a status message of the bot's own."""
        channel = self.stage.bot.get_partial_messageable(job.channel_id)
        sent = await channel.send(view=PlainCards().status(job, STANDING))
        return replace(job, status=MessagePlace(sent.channel.id, sent.id))

    def message(self, at: MessagePlace) -> Message:
        return self.stage.server.world.places[at.channel_id].messages[at.message_id]

    @property
    def dms(self) -> list[Message]:
        return self.stage.ada.dms()

    @property
    def dm_id(self) -> int:
        return self.stage.server.world.direct_channel(self.stage.member.user).id

    def log_channel(self) -> Channel:
        log = self.stage.guild.add_channel("log")
        self.choices.of[self.stage.guild.id] = GuildChoices(log_channel_id=log.id)
        return log


async def answered(post: Post) -> tuple[Job, Answer]:
    """A job whose status is the answer to a command."""
    bot = post.stage.bot
    if not bot.get_cog("Troublemakers"):
        await add_troublemakers(bot)
        await bot.tree.sync()
    answer = await post.stage.ada.invoke("panel", {"layout": True}, channel=post.stage.channel)
    until = datetime.now(UTC) + timedelta(minutes=14)
    status = MessagePlace(post.stage.channel.id, answer.reply.id)
    reply = ReplyToken(answer.interaction.token, until)
    return replace(post.job(state=JobState.RENDERING), status=status, reply=reply), answer
