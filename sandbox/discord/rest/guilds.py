"""Guilds, their channels, roles, members and threads."""

from aiohttp import web

from sandbox.discord import drafts
from sandbox.discord.answering import json_response, no_content
from sandbox.discord.channels import Channel, ChannelKind
from sandbox.discord.errors import ApiError, Refusal, invalid
from sandbox.discord.messages import HAS_THREAD
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.access import (
    Parts,
    find_channel,
    find_guild,
    find_message,
    find_place,
    require,
    snowflake,
)
from sandbox.discord.rest.bodies import read_files, read_object
from sandbox.discord.threads import AUTO_ARCHIVE_MINUTES, Thread
from sandbox.discord.wire import Payload


class GuildRoutes:
    """`/guilds`, `/channels/{channel_id}` itself, and threads."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/guilds/{guild_id}", self.get),
            web.get("/guilds/{guild_id}/channels", self.list_channels),
            web.get("/guilds/{guild_id}/roles", self.list_roles),
            web.get("/guilds/{guild_id}/threads/active", self.list_threads),
            web.get("/guilds/{guild_id}/members/{user_id}", self.get_member),
            web.get("/channels/{channel_id}", self.get_channel),
            web.patch("/channels/{channel_id}", self.update_channel),
            web.delete("/channels/{channel_id}", self.delete_channel),
            web.put("/channels/{channel_id}/thread-members/@me", self.join_thread),
            web.delete("/channels/{channel_id}/thread-members/@me", self.leave_thread),
            web.put("/channels/{channel_id}/thread-members/{user_id}", self.add_to_thread),
            web.post("/channels/{channel_id}/threads", self.create_thread),
            web.post("/channels/{channel_id}/messages/{message_id}/threads", self.create_thread_from_message),
        ]

    async def get(self, request: web.Request) -> web.StreamResponse:
        guild = find_guild(self._parts, request)
        body = guild.payload()
        if request.query.get("with_counts") in {"1", "true", "True"}:
            count = len(guild.members)
            body |= {"approximate_member_count": count, "approximate_presence_count": count}
        return json_response(body)

    async def list_channels(self, request: web.Request) -> web.StreamResponse:
        guild = find_guild(self._parts, request)
        return json_response([channel.payload() for channel in guild.channels.values()])

    async def list_roles(self, request: web.Request) -> web.StreamResponse:
        guild = find_guild(self._parts, request)
        return json_response([role.payload() for role in guild.roles.values()])

    async def list_threads(self, request: web.Request) -> web.StreamResponse:
        guild = find_guild(self._parts, request)
        threads = [item.payload() for item in guild.threads.values() if not item.archived]
        return json_response({"threads": threads, "members": [], "has_more": False})

    async def get_member(self, request: web.Request) -> web.StreamResponse:
        guild = find_guild(self._parts, request)
        member = guild.members.get(snowflake(request, "user_id"))
        if member is None:
            raise ApiError(Refusal.UNKNOWN_MEMBER)
        return json_response(member.payload())

    async def get_channel(self, request: web.Request) -> web.StreamResponse:
        return json_response(find_place(self._parts, request).payload())

    async def update_channel(self, request: web.Request) -> web.StreamResponse:
        """Only what is needed of threads: archive, lock, rename."""
        channel, changes = find_channel(self._parts, request), await read_object(request)
        require(self._parts, channel, self._needed(channel, changes))
        if "name" in changes:
            channel.name = _thread_name(changes)
        if isinstance(channel, Thread):
            if channel.archived and changes.get("archived") is not False:
                raise ApiError(Refusal.THREAD_ARCHIVED)
            channel.archived = changes.get("archived", channel.archived)
            channel.locked = changes.get("locked", channel.locked)
        channel.tell("UPDATE")
        return json_response(channel.payload())

    def _needed(self, channel: Channel, changes: Payload) -> Permission:
        """Whoever made a thread may rename and archive it, and everybody may open one that is not locked."""
        if not isinstance(channel, Thread):
            return Permission.MANAGE_CHANNELS
        own = channel.owner is self._parts.bot and changes.keys() <= {"name", "archived", "auto_archive_duration"}
        if not channel.locked and (own or changes == {"archived": False}):
            return Permission.SEND_MESSAGES_IN_THREADS
        return Permission.MANAGE_THREADS

    async def delete_channel(self, request: web.Request) -> web.StreamResponse:
        channel = find_channel(self._parts, request)
        threaded = isinstance(channel, Thread)
        require(self._parts, channel, Permission.MANAGE_THREADS if threaded else Permission.MANAGE_CHANNELS)
        channel.delete()
        return json_response(channel.payload())

    async def join_thread(self, request: web.Request) -> web.StreamResponse:
        self._thread(request).joined.add(self._parts.bot.id)
        return no_content()

    async def leave_thread(self, request: web.Request) -> web.StreamResponse:
        self._thread(request).joined.discard(self._parts.bot.id)
        return no_content()

    async def add_to_thread(self, request: web.Request) -> web.StreamResponse:
        thread, user_id = self._thread(request), snowflake(request, "user_id")
        if user_id not in thread.home.members:
            raise ApiError(Refusal.UNKNOWN_MEMBER)
        require(self._parts, thread, Permission.SEND_MESSAGES_IN_THREADS)
        thread.joined.add(user_id)
        return no_content()

    async def create_thread(self, request: web.Request) -> web.StreamResponse:
        channel, payload = find_channel(self._parts, request), await read_object(request)
        if channel.kind == ChannelKind.FORUM:
            return await self._create_post(request, channel, payload)
        private = payload.get("type", ChannelKind.PRIVATE_THREAD) == ChannelKind.PRIVATE_THREAD
        needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        require(self._parts, channel, needed)
        name = _thread_name(payload)
        thread = channel.home.add_thread(name, channel, owner=self._parts.bot, private=private)
        return json_response(thread.payload(), status=201)

    async def create_thread_from_message(self, request: web.Request) -> web.StreamResponse:
        channel, payload = find_channel(self._parts, request), await read_object(request)
        message = find_message(self._parts, request, channel)
        if channel.kind not in {ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT}:
            raise ApiError(Refusal.INVALID_CHANNEL_TYPE)
        require(self._parts, channel, Permission.CREATE_PUBLIC_THREADS)
        if message.id in channel.home.threads:
            raise ApiError(Refusal.THREAD_EXISTS)
        name, minutes, bot = _thread_name(payload), _minutes(payload), self._parts.bot
        thread = channel.home.add_thread(name, channel, owner=bot, thread_id=message.id)
        thread.auto_archive_minutes = minutes
        message.flags |= HAS_THREAD
        message.announce("MESSAGE_UPDATE")
        return json_response(thread.payload(), status=201)

    async def _create_post(self, request: web.Request, channel: Channel, payload: Payload) -> web.StreamResponse:
        require(self._parts, channel, Permission.SEND_MESSAGES)
        bot, files = self._parts.bot, await read_files(request)
        if files:
            require(self._parts, channel, Permission.ATTACH_FILES)
        thread = channel.home.add_thread(_thread_name(payload), channel, owner=bot)
        try:
            message = drafts.create(thread, bot, payload.get("message") or {}, files)
        except ApiError:
            thread.delete()
            raise
        message.id = thread.id
        thread.messages[message.id] = message
        return json_response({**thread.payload(), "message": message.payload()}, status=201)

    def _thread(self, request: web.Request) -> Thread:
        channel = find_channel(self._parts, request)
        if not isinstance(channel, Thread):
            raise ApiError(Refusal.INVALID_CHANNEL_TYPE)
        if channel.archived:
            raise ApiError(Refusal.THREAD_ARCHIVED)
        return channel


def _thread_name(payload: Payload) -> str:
    name = str(payload.get("name") or "")
    if not 1 <= len(name) <= 100:
        raise invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    return name


def _minutes(payload: Payload) -> int:
    minutes = payload.get("auto_archive_duration")
    if minutes not in {None, *AUTO_ARCHIVE_MINUTES}:
        raise invalid("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {AUTO_ARCHIVE_MINUTES}.")
    return AUTO_ARCHIVE_MINUTES[1] if minutes is None else int(minutes)
