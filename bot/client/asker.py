"""Who asks, taken from the interaction's own payload: a cache would deny roles that a member has."""

import discord

from bot.client.bot import ClapboardBot
from bot.policy.asker import Asker


def asker_of(interaction: discord.Interaction[ClapboardBot]) -> Asker:
    """The person behind an interaction, with what they and the bot may do in its channel."""
    channel = interaction.channel
    thread = isinstance(channel, discord.Thread)
    may = interaction.permissions
    in_guild = interaction.guild_id is not None
    return Asker(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        locale=interaction.locale.value,
        parent_channel_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
        role_ids=_role_ids(interaction.user),
        manages=in_guild and (may.manage_guild or may.administrator),
        moderates=in_guild and (may.moderate_members or may.administrator),
        operates=interaction.user.id in interaction.client.operators,
        bot_lacks=lacking(interaction.app_permissions, thread=thread) if in_guild else (),
    )


def _role_ids(user: discord.User | discord.Member) -> frozenset[int]:
    if not isinstance(user, discord.Member):
        return frozenset()
    # The public property drops every role whose guild is not cached. @everyone has the guild's own id.
    return frozenset({*user._roles, user.guild.id})


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
