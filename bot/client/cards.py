"""What delivery needs of the cards, which the cogs draw and `bot.app` hands over."""

from dataclasses import dataclass
from typing import Protocol

import discord

from bot.domain.guild import GuildChoices
from bot.domain.job import Job
from bot.domain.notice import Notice
from bot.domain.record import Record
from bot.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class ResultPost:
    """A classic message with a video: text of at most 2000 characters, alt text of at most 1024, buttons."""

    content: str
    alt_text: str
    view: discord.ui.View


class Cards(Protocol):
    """Turns jobs into messages, in the job's language. Pure: no I/O."""

    def status(self, job: Job, standing: Standing) -> discord.ui.LayoutView:
        """The status message of a job in any state that has one."""
        ...

    def result(self, job: Job, standing: Standing, *, size_bytes: int | None, posted_elsewhere: bool) -> ResultPost:
        """The finished video's message with its ping.

        `size_bytes` is the size of a video that was too large to upload and is given as a link, else None.
        `posted_elsewhere` is true where it could not be posted in the channel it was asked for in.
        """
        ...

    def failure_ping(self, job: Job, standing: Standing) -> str:
        """A message that pings the author about how their job ended."""
        ...

    def ready(self, job: Job) -> str:
        """A direct message that a video stands, with its link."""
        ...

    def log_card(self, job: Job, record: Record) -> discord.ui.LayoutView:
        """The log channel's card about a job, in the server's language."""
        ...

    def announcement(self, job: Job, standing: Standing) -> ResultPost:
        """A video as the announcement channel shows it once more; no ping, no buttons."""
        ...

    def log_copy(self, job: Job, standing: Standing) -> ResultPost:
        """A private video as moderators see it in the log channel; no ping, the video hidden as a spoiler."""
        ...


@dataclass(frozen=True, slots=True)
class NoticePost:
    """What is told that is about no job: a text of at most 2000 characters, with or without buttons, or a layout."""

    content: str | None
    view: discord.ui.View | discord.ui.LayoutView = discord.utils.MISSING


class NoticeCards(Protocol):
    """Turns notices into messages. Pure: no I/O."""

    def notice(self, notice: Notice, choices: GuildChoices | None = None) -> NoticePost:
        """The message; `choices`: of the server that it is for, None in a direct message."""
        ...
