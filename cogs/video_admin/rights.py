"""What the bot may do in the channels that were chosen, by their real overwrites."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.domain.guild import GuildChoices

Channel = discord.abc.GuildChannel
_FOR_ORDERS = (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel, discord.StageChannel)

_NAMED = {
    "View Channel": discord.Permissions(view_channel=True),
    "Send Messages": discord.Permissions(send_messages=True),
    "Create Public Threads": discord.Permissions(create_public_threads=True),
    "Send Messages in Threads": discord.Permissions(send_messages_in_threads=True),
    "Attach Files": discord.Permissions(attach_files=True),
    "Read Message History": discord.Permissions(read_message_history=True),
}
"""Permissions by the names that Discord shows. Publishing one's own message needs none besides sending it."""
_POSTING = frozenset({"View Channel", "Send Messages", "Attach Files"})
_IN_FORUMS = frozenset({"View Channel", "Send Messages in Threads", "Attach Files"})
_FINDING = frozenset({"Read Message History"})
_THREADS = frozenset({"Create Public Threads", "Send Messages in Threads"})


@dataclass(frozen=True, slots=True)
class Rights:
    """What the bot lacks in a channel, by the names that Discord shows.

    `is_known`: whether the bot knows the channel at all; `takes_messages`: whether a message can be posted there, and
    not only into threads below it.
    """

    channel_id: int
    missing: tuple[str, ...] = ()
    is_known: bool = True
    takes_messages: bool = True

    @property
    def is_ready(self) -> bool:
        """Whether the bot has all that it needs."""
        return self.is_known and not self.missing


def rights_of(choices: GuildChoices, guild: discord.Guild | None) -> Sequence[Rights]:
    """The rights in each chosen channel, once each; `guild` is the server as the bot sees it, where it does.

    Where none is chosen videos are made everywhere: then also those where members can write and the bot lacks
    something.
    """
    chosen = dict.fromkeys(_chosen(choices))
    found = [_rights(channel_id, choices, guild) for channel_id in chosen]
    if guild is None or choices.channel_ids:
        return found
    others = [channel for channel in guild.channels if channel.id not in chosen and _is_open(channel)]
    return [*found, *(each for each in (_rights(one.id, choices, guild) for one in others) if each.missing)]


def _chosen(choices: GuildChoices) -> Iterable[int]:
    others = (
        choices.log_channel_id,
        choices.clip_channel_id,
        choices.announcement_channel_id,
        choices.gallery_channel_id,
    )
    yield from (id_ for id_ in others if id_ is not None)
    yield from sorted(choices.channel_ids)


def _is_open(channel: Channel) -> bool:
    """Whether everybody can order in a channel: who can't write there can't type a command either."""
    may = channel.permissions_for(channel.guild.default_role)
    return isinstance(channel, _FOR_ORDERS) and may.view_channel and may.send_messages


def _rights(channel_id: int, choices: GuildChoices, guild: discord.Guild | None) -> Rights:
    channel = None if guild is None else guild.get_channel(channel_id)
    if guild is None or channel is None:
        return Rights(channel_id, is_known=False, takes_messages=False)
    needed, may = _needed(channel, choices), channel.permissions_for(guild.me)
    missing = tuple(name for name, bit in _NAMED.items() if name in needed and not may >= bit)
    return Rights(channel_id, missing, takes_messages=not isinstance(channel, discord.ForumChannel))


def _needed(channel: Channel, choices: GuildChoices) -> frozenset[str]:
    if isinstance(channel, discord.ForumChannel):
        return _IN_FORUMS
    # To take back what was lent there, it has to be found again.
    needed = _POSTING | _FINDING if channel.id == choices.clip_channel_id else _POSTING
    orders = channel.id in choices.channel_ids or not choices.channel_ids
    makes_threads = choices.result_threads and orders and isinstance(channel, discord.TextChannel)
    return needed | _THREADS if makes_threads else needed
