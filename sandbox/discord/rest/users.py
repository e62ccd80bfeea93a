"""The bot's own account, other people's, and direct messages with them."""

from aiohttp import web

from sandbox.discord.answering import json_response
from sandbox.discord.errors import ApiError, Refusal, invalid
from sandbox.discord.rest.access import Parts, snowflake
from sandbox.discord.rest.bodies import read_object


class UserRoutes:
    """`/users`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/users/@me", self.me),
            web.get("/users/@me/guilds", self.list_guilds),
            web.post("/users/@me/channels", self.open_direct_channel),
            web.get("/users/{user_id}", self.get),
        ]

    async def me(self, _request: web.Request) -> web.StreamResponse:
        return json_response(self._parts.bot.own_payload())

    async def list_guilds(self, _request: web.Request) -> web.StreamResponse:
        guilds = self._parts.world.guilds.values()
        return json_response(
            [
                {
                    "id": str(guild.id),
                    "name": guild.name,
                    "icon": None,
                    "banner": None,
                    "owner": False,
                    "permissions": str(int(guild.me.permissions)),
                    "features": [],
                }
                for guild in guilds
            ]
        )

    async def get(self, request: web.Request) -> web.StreamResponse:
        user = self._parts.world.users.get(snowflake(request, "user_id"))
        if user is None:
            raise ApiError(Refusal.UNKNOWN_USER)
        return json_response(user.payload())

    async def open_direct_channel(self, request: web.Request) -> web.StreamResponse:
        recipient_id = str((await read_object(request)).get("recipient_id", ""))
        if not recipient_id.isdecimal():
            raise invalid("recipient_id", "BASE_TYPE_REQUIRED", "This field is required")
        user = self._parts.world.users.get(int(recipient_id))
        if user is None or user is self._parts.bot:
            raise invalid("recipient_id", "INVALID_RECIPIENT", "Invalid Recipient(s)")
        return json_response(self._parts.world.direct_channel(user).payload())
