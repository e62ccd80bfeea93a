"""The application, its commands, and where its gateway is."""

from aiohttp import web

from sandbox.discord.answering import json_response, no_content
from sandbox.discord.errors import ApiError, Refusal
from sandbox.discord.rest.access import Parts, find_guild, snowflake
from sandbox.discord.rest.bodies import read_list, read_object
from sandbox.discord.wire import Payload


class ApplicationRoutes:
    """`/applications`, `/oauth2/applications/@me` and `/gateway`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def table(self) -> list[web.RouteDef]:
        routes = [
            web.get("/gateway", self.gateway),
            web.get("/gateway/bot", self.gateway_for_bots),
            web.get("/oauth2/applications/@me", self.me),
            web.get("/applications/@me", self.me),
        ]
        for scope in ("/applications/{application_id}", "/applications/{application_id}/guilds/{guild_id}"):
            routes += [
                web.get(f"{scope}/commands", self.list_commands),
                web.put(f"{scope}/commands", self.replace_commands),
                web.post(f"{scope}/commands", self.upsert_command),
                web.get(f"{scope}/commands/{{command_id}}", self.get_command),
                web.patch(f"{scope}/commands/{{command_id}}", self.update_command),
                web.delete(f"{scope}/commands/{{command_id}}", self.remove_command),
            ]
        return routes

    async def gateway(self, _request: web.Request) -> web.StreamResponse:
        return json_response({"url": self._parts.gateway.url})

    async def gateway_for_bots(self, _request: web.Request) -> web.StreamResponse:
        gateway = self._parts.gateway
        limit: Payload = {
            "total": 1000,
            "remaining": max(0, 1000 - gateway.identified),
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        }
        return json_response({"url": gateway.url, "shards": gateway.shards, "session_start_limit": limit})

    async def me(self, _request: web.Request) -> web.StreamResponse:
        world = self._parts.world
        return json_response(world.application.payload(len(world.guilds), len(world.installed_for)))

    async def list_commands(self, request: web.Request) -> web.StreamResponse:
        return json_response(self._parts.commands.of(self._scope(request)))

    async def replace_commands(self, request: web.Request) -> web.StreamResponse:
        scope = self._scope(request)
        return json_response(self._parts.commands.replace_all(scope, await read_list(request)))

    async def upsert_command(self, request: web.Request) -> web.StreamResponse:
        scope = self._scope(request)
        return json_response(self._parts.commands.upsert(scope, await read_object(request)))

    async def get_command(self, request: web.Request) -> web.StreamResponse:
        command_id = snowflake(request, "command_id")
        return json_response(self._parts.commands.get(self._scope(request), command_id))

    async def update_command(self, request: web.Request) -> web.StreamResponse:
        scope, command_id = self._scope(request), snowflake(request, "command_id")
        return json_response(self._parts.commands.update(scope, command_id, await read_object(request)))

    async def remove_command(self, request: web.Request) -> web.StreamResponse:
        self._parts.commands.remove(self._scope(request), snowflake(request, "command_id"))
        return no_content()

    def _scope(self, request: web.Request) -> int | None:
        if snowflake(request, "application_id") != self._parts.world.application.id:
            raise ApiError(Refusal.MISSING_ACCESS)
        return find_guild(self._parts, request).id if "guild_id" in request.match_info else None
