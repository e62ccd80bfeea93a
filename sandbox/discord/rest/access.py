"""Finding what a path names, and refusing what the bot may not do there."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.discord.channels import Channel, ChannelKind, Place
from sandbox.discord.commands import Commands
from sandbox.discord.direct import DirectChannel
from sandbox.discord.errors import ApiError, Refusal, invalid
from sandbox.discord.gateway import Gateway
from sandbox.discord.guild import Guild
from sandbox.discord.interactions import Interactions
from sandbox.discord.messages import Message
from sandbox.discord.permissions import Permission
from sandbox.discord.ratelimits import RateLimits
from sandbox.discord.threads import Thread
from sandbox.discord.users import User
from sandbox.discord.world import World

_SILENT_KINDS = frozenset({ChannelKind.CATEGORY, ChannelKind.FORUM})


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with."""

    world: World
    gateway: Gateway
    commands: Commands
    interactions: Interactions
    rate_limits: RateLimits

    @property
    def bot(self) -> User:
        return self.world.application.bot


def snowflake(request: web.Request, name: str) -> int:
    """The id at a place of the path."""
    text = request.match_info[name]
    if not text.isdecimal():
        raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return int(text)


def find_guild(parts: Parts, request: web.Request) -> Guild:
    """The guild in the path."""
    guild = parts.world.guilds.get(snowflake(request, "guild_id"))
    if guild is None:
        raise ApiError(Refusal.UNKNOWN_GUILD)
    return guild


def find_place(parts: Parts, request: web.Request) -> Place:
    """The channel, thread or direct channel in the path, if the bot can see it."""
    place = parts.world.places.get(snowflake(request, "channel_id"))
    if place is None:
        raise ApiError(Refusal.UNKNOWN_CHANNEL)
    require(parts, place, Permission.VIEW_CHANNEL, Refusal.MISSING_ACCESS)
    return place


def find_channel(parts: Parts, request: web.Request) -> Channel:
    """Like `find_place`, for what only channels of guilds can do."""
    place = find_place(parts, request)
    if not isinstance(place, Channel):
        raise ApiError(Refusal.INVALID_CHANNEL_TYPE)
    return place


def find_message(parts: Parts, request: web.Request, place: Place) -> Message:
    """The message in the path; ephemeral ones don't exist here."""
    message = place.messages.get(snowflake(request, "message_id"))
    if message is None or message.deleted or message.viewer is not None:
        raise ApiError(Refusal.UNKNOWN_MESSAGE)
    return message


def require(parts: Parts, place: Place, permission: Permission, refusal: Refusal = Refusal.MISSING_PERMISSIONS) -> None:
    """Refuse unless the bot has the permission in the place."""
    if permission not in place.permissions_of(parts.bot):
        raise ApiError(refusal)


def require_sending(parts: Parts, place: Place, *, files: bool, embeds: bool) -> None:
    """Refuse a message that the bot may not send into a place."""
    if isinstance(place, DirectChannel):
        person = place.recipient
        if not person.takes_direct_messages or not parts.world.is_reachable(person):
            raise ApiError(Refusal.CANNOT_MESSAGE_USER)
        return
    if place.kind in _SILENT_KINDS:
        raise ApiError(Refusal.NOT_A_TEXT_CHANNEL)
    threaded = isinstance(place, Thread)
    require(parts, place, Permission.SEND_MESSAGES_IN_THREADS if threaded else Permission.SEND_MESSAGES)
    if files:
        require(parts, place, Permission.ATTACH_FILES)
    if embeds:
        require(parts, place, Permission.EMBED_LINKS)
    if isinstance(place, Thread) and place.locked:
        require(parts, place, Permission.MANAGE_THREADS, Refusal.THREAD_LOCKED)


def require_live_thread(place: Place) -> None:
    """Refuse a change inside an archived thread."""
    if isinstance(place, Thread) and place.archived:
        raise ApiError(Refusal.THREAD_ARCHIVED)
