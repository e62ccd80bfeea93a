"""Who asks, taken from the interaction's own payload: a cache would deny roles that a member has."""

import asyncio
from dataclasses import replace

import aiohttp
import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.places import is_age_restricted
from bot.domain.job import Job
from bot.policy.asker import Asker, Context

MEMBER_SECONDS = 1.5
"""An answer has to come within 3."""

log = structlog.get_logger(__name__)


def asker_of(interaction: discord.Interaction[ClapboardBot]) -> Asker:
    """The person behind an interaction, with what they and the bot may do in its channel."""
    channel = interaction.channel
    thread = channel if isinstance(channel, discord.Thread) else None
    may = interaction.permissions
    in_guild = interaction.guild_id is not None and interaction.is_guild_integration()
    return Asker(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id if in_guild else None,
        channel_id=interaction.channel_id or 0,
        locale=interaction.locale.value,
        parent_channel_id=None if thread is None else thread.parent_id,
        role_ids=_role_ids(interaction.user),
        manages=in_guild and (may.manage_guild or may.administrator),
        moderates=in_guild and (may.moderate_members or may.administrator),
        operates=interaction.user.id in interaction.client.operators,
        bot_lacks=_lacking_in(interaction.app_permissions, thread) if in_guild else (),
        context=_context(interaction, in_guild=in_guild),
        visited_guild_id=None if in_guild else interaction.guild_id,
        interaction_id=interaction.id,
        age_restricted=is_age_restricted(channel),
    )


async def asker_below(interaction: discord.Interaction[ClapboardBot], job: Job) -> Asker:
    """The person behind an interaction about one of their videos.

    A private one that was ordered in a server lies among their direct messages. What is made of it there is that
    server's too: its rules hold for them as for the member that they are there, or else those of direct messages.
    """
    asker = asker_of(interaction)
    if asker.context is not Context.DIRECT or not job.private or job.author_id != asker.user_id:
        return asker
    there = await author_of(interaction.client, job)
    if there is None:
        return asker
    return replace(there, locale=asker.locale, operates=asker.operates, bot_lacks=asker.bot_lacks)


async def author_of(bot: ClapboardBot, job: Job) -> Asker | None:
    """The author of a job as the member of its server that they are now, in its channel.

    None for whoever is no member any more, or may not use commands there, or if that can't be told in time.
    """
    guild = bot.get_guild(job.guild_id or 0)
    if guild is None or guild.unavailable:
        return None
    member = await _member(guild, job.author_id)
    if member is None or member.pending or member.is_timed_out():
        return None
    channel = guild.get_channel_or_thread(job.channel_id)
    thread = channel if isinstance(channel, discord.Thread) else None
    may = member.guild_permissions if channel is None else channel.permissions_for(member)
    if not (may.view_channel and may.use_application_commands):
        return None
    return Asker(
        user_id=member.id,
        guild_id=guild.id,
        channel_id=job.channel_id,
        locale=job.locale,
        parent_channel_id=None if thread is None else thread.parent_id,
        role_ids=_role_ids(member),
        manages=may.manage_guild or may.administrator,
        moderates=may.moderate_members or may.administrator,
        operates=member.id in bot.operators,
        bot_lacks=("View Channel",) if channel is None else _lacking_in(channel.permissions_for(guild.me), thread),
        context=Context.SERVER,
        age_restricted=is_age_restricted(channel),
    )


async def _member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """A member as Discord knows them now; None for whoever is none, or if it can't be told in time."""
    try:
        async with asyncio.timeout(MEMBER_SECONDS):
            return await guild.fetch_member(user_id)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("member not found", guild=guild.id, error=repr(error))
        return None


def _context(interaction: discord.Interaction[ClapboardBot], *, in_guild: bool) -> Context:
    if in_guild:
        return Context.SERVER
    return Context.DIRECT if interaction.context.dm_channel else Context.ELSEWHERE


def role_ids_of(user: discord.User | discord.Member) -> frozenset[int] | None:
    """The roles of somebody named in an option; None for whoever is not in the server."""
    return _role_ids(user) if isinstance(user, discord.Member) else None


def _role_ids(user: discord.User | discord.Member) -> frozenset[int]:
    if not isinstance(user, discord.Member):
        return frozenset()
    # The public property drops every role whose guild is not cached. @everyone has the guild's own id.
    return frozenset({*user._roles, user.guild.id})


def _lacking_in(may: discord.Permissions, thread: discord.Thread | None) -> tuple[str, ...]:
    lacks = lacking(may, thread=thread is not None)
    locked = thread is not None and thread.locked and not (may.manage_threads or may.administrator)
    return (*lacks, "Manage Threads") if locked else lacks


def lacking(may: discord.Permissions, *, thread: bool) -> tuple[str, ...]:
    """The permissions that a post would need, by the names that Discord shows."""
    if may.administrator:
        return ()
    if thread:
        held = {"Send Messages in Threads": may.send_messages_in_threads}
    else:
        held = {"Send Messages": may.send_messages}
    held = {"View Channel": may.view_channel, **held, "Attach Files": may.attach_files}
    return tuple(name for name, has in held.items() if not has)
