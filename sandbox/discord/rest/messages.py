"""Messages in channels: send, read, edit, delete, publish."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from sandbox.discord import drafts
from sandbox.discord.answering import json_response, no_content
from sandbox.discord.channels import ChannelKind, Place
from sandbox.discord.errors import ApiError, Refusal, invalid
from sandbox.discord.messages import CROSSPOSTED, Message
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.access import (
    Parts,
    find_message,
    find_place,
    require,
    require_live_thread,
    require_sending,
)
from sandbox.discord.rest.bodies import read_files, read_object
from sandbox.discord.threads import Thread
from sandbox.discord.wire import Payload

_OLD_AFTER_SECONDS = 3600


class MessageRoutes:
    """`/channels/{channel_id}/messages` and below."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def table(self) -> list[web.RouteDef]:
        collection = "/channels/{channel_id}/messages"
        single = f"{collection}/{{message_id}}"
        return [
            web.post(collection, self.create),
            web.get(collection, self.list),
            web.get(single, self.get),
            web.patch(single, self.edit),
            web.delete(single, self.delete),
            web.post(f"{single}/crosspost", self.publish),
            web.post("/channels/{channel_id}/typing", self.typing),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        parts, place = self._parts, find_place(self._parts, request)
        payload, files = await read_object(request), await read_files(request)
        earlier = self._made_before(payload)
        if earlier is not None:
            return json_response(earlier.payload())
        require_sending(parts, place, files=bool(files), embeds=bool(payload.get("embeds")))
        reference = self._find_reference(place, payload)
        message = drafts.create(place, parts.bot, payload, files, reference=reference)
        place.messages[message.id] = message
        if message.nonce is not None:
            parts.world.nonces.remember(message.nonce, message, parts.world.now())
        if isinstance(place, Thread) and place.archived:
            place.revive()
        message.announce("MESSAGE_CREATE")
        return json_response(message.payload())

    async def list(self, request: web.Request) -> web.StreamResponse:
        place = find_place(self._parts, request)
        if Permission.READ_MESSAGE_HISTORY not in place.permissions_of(self._parts.bot):
            return json_response([])
        limit = int(request.query.get("limit", "50"))
        if not 1 <= limit <= 100:
            code = "NUMBER_TYPE_MIN" if limit < 1 else "NUMBER_TYPE_MAX"
            raise invalid("limit", code, "int value should be between 1 and 100.")
        chosen = _page(place.history, request.query, limit)
        return json_response([message.payload() for message in reversed(chosen)])

    async def get(self, request: web.Request) -> web.StreamResponse:
        place = find_place(self._parts, request)
        require(self._parts, place, Permission.READ_MESSAGE_HISTORY, Refusal.MISSING_ACCESS)
        return json_response(find_message(self._parts, request, place).payload())

    async def edit(self, request: web.Request) -> web.StreamResponse:
        parts, place = self._parts, find_place(self._parts, request)
        message = find_message(parts, request, place)
        if message.author is not parts.bot:
            raise ApiError(Refusal.NOT_YOUR_MESSAGE)
        require_live_thread(place)
        if parts.world.now() - message.created_at > _OLD_AFTER_SECONDS:
            too_many = parts.rate_limits.check_old_edit(place.id)
            if too_many is not None:
                return too_many
        files = await read_files(request)
        if files and place.guild is not None:
            require(parts, place, Permission.ATTACH_FILES)
        drafts.edit(message, await read_object(request), files)
        message.announce("MESSAGE_UPDATE")
        return json_response(message.payload())

    async def delete(self, request: web.Request) -> web.StreamResponse:
        place = find_place(self._parts, request)
        message = find_message(self._parts, request, place)
        if message.author is not self._parts.bot:
            require(self._parts, place, Permission.MANAGE_MESSAGES)
        require_live_thread(place)
        message.delete()
        return no_content()

    async def publish(self, request: web.Request) -> web.StreamResponse:
        place = find_place(self._parts, request)
        message = find_message(self._parts, request, place)
        if place.kind != ChannelKind.ANNOUNCEMENT:
            raise ApiError(Refusal.INVALID_CHANNEL_TYPE)
        if message.flags & CROSSPOSTED:
            raise ApiError(Refusal.ALREADY_CROSSPOSTED)
        own = message.author is self._parts.bot
        require(self._parts, place, Permission.SEND_MESSAGES if own else Permission.MANAGE_MESSAGES)
        message.flags |= CROSSPOSTED
        message.announce("MESSAGE_UPDATE")
        return json_response(message.payload())

    async def typing(self, request: web.Request) -> web.StreamResponse:
        place = find_place(self._parts, request)
        require_sending(self._parts, place, files=False, embeds=False)
        return no_content()

    def _made_before(self, payload: Payload) -> Message | None:
        nonce = payload.get("nonce")
        if nonce is None or not payload.get("enforce_nonce"):
            return None
        world = self._parts.world
        message = world.nonces.recall(self._parts.bot, str(nonce), world.now())
        if message is not None and message.deleted:
            raise ApiError(Refusal.UNKNOWN_MESSAGE)
        return message

    def _find_reference(self, place: Place, payload: Payload) -> Message | None:
        named = payload.get("message_reference")
        if not named:
            return None
        require(self._parts, place, Permission.READ_MESSAGE_HISTORY, Refusal.REPLY_NEEDS_HISTORY)
        message = place.messages.get(int(named["message_id"]))
        if message is not None and not message.deleted and message.viewer is None:
            return message
        if named.get("fail_if_not_exists", True):
            raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None


def _page(history: Sequence[Message], query: Mapping[str, str], limit: int) -> Sequence[Message]:
    """The messages that a query asks for, oldest first."""
    if "around" in query:
        middle = int(query["around"])
        older = [item for item in history if item.id < middle][-(limit // 2) :]
        newer = [item for item in history if item.id >= middle][: limit // 2 + 1]
        return [*older, *newer][:limit]
    if "after" in query:
        return [item for item in history if item.id > int(query["after"])][:limit]
    before = int(query.get("before", 1 << 63))
    return [item for item in history if item.id < before][-limit:]
