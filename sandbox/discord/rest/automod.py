"""AutoMod's rules."""

from aiohttp import web

from sandbox.discord.answering import json_response
from sandbox.discord.errors import ApiError, Refusal
from sandbox.discord.permissions import Permission, in_guild
from sandbox.discord.rest.access import Parts, find_guild


class AutoModRoutes:
    """`/guilds/{guild_id}/auto-moderation/rules`, for those who may manage the guild."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def table(self) -> list[web.RouteDef]:
        return [web.get("/guilds/{guild_id}/auto-moderation/rules", self.list_rules)]

    async def list_rules(self, request: web.Request) -> web.StreamResponse:
        guild = find_guild(self._parts, request)
        if Permission.MANAGE_GUILD not in in_guild(guild.me):
            raise ApiError(Refusal.MISSING_PERMISSIONS)
        return json_response([rule.payload() for rule in guild.world.automod.get(guild.id, ())])
