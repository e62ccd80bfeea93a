"""Who asks, taken from the interaction's own payload: a cache would deny roles that a member has."""

import discord

from bot.client.bot import ClapboardBot
from bot.policy.asker import Asker, Context


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
    )


def _context(interaction: discord.Interaction[ClapboardBot], *, in_guild: bool) -> Context:
    if in_guild:
        return Context.SERVER
    return Context.DIRECT if interaction.context.dm_channel else Context.ELSEWHERE


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
