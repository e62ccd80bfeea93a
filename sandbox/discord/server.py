"""The local Discord as one server: REST, gateway and files on one port."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.discord.answering import json_response
from sandbox.discord.channels import Place
from sandbox.discord.commands import Commands
from sandbox.discord.errors import ApiError, Refusal
from sandbox.discord.exchanges import API_PREFIX, Exchanges, template_of
from sandbox.discord.gateway import Gateway
from sandbox.discord.guild import Member
from sandbox.discord.interactions import Interaction, Interactions
from sandbox.discord.messages import Message
from sandbox.discord.people import Person
from sandbox.discord.ratelimits import RateLimits
from sandbox.discord.rest.access import Parts
from sandbox.discord.rest.applications import ApplicationRoutes
from sandbox.discord.rest.automod import AutoModRoutes
from sandbox.discord.rest.callbacks import CallbackRoutes
from sandbox.discord.rest.downloads import DownloadRoutes
from sandbox.discord.rest.guilds import GuildRoutes
from sandbox.discord.rest.messages import MessageRoutes
from sandbox.discord.rest.users import UserRoutes
from sandbox.discord.users import User
from sandbox.discord.waiting import PATIENCE_SECONDS, wait_until
from sandbox.discord.world import World
from sandbox.stops import Stops

_LARGEST_REQUEST = 1 << 30
_OPEN_TO_ALL = ("/interactions/", "/webhooks/", "/gateway")
_STOPPING_SECONDS = 0.1


class DiscordServer:
    """Serves a world; the bot needs `api_url` and `token`, and may die and come back at any time."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.stops = Stops()
        self.exchanges = Exchanges()
        self.rate_limits = RateLimits()
        self.gateway = Gateway(self.world)
        self.commands = Commands(self.world.ids, self.world.application)
        self.interactions = Interactions(self.world)
        self._runner: web.AppRunner | None = None
        self._origin = ""

    @property
    def api_url(self) -> str:
        """The REST base address."""
        return f"{self._origin}{API_PREFIX}"

    @property
    def token(self) -> str:
        """The bot token that is accepted."""
        return self.world.application.token

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. A stopped server can be started again."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=_STOPPING_SECONDS)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self._runner = runner
        bound: int = runner.addresses[0][1]
        self._origin = f"http://127.0.0.1:{bound}"
        self.gateway.url = f"ws://127.0.0.1:{bound}/gateway"
        self.world.files.origin = self._origin

    async def stop(self) -> None:
        """Close every connection and stop listening; the world stays as it is."""
        if self._runner is not None:
            self.gateway.close_all()
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        if self._runner is None:
            await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def person(self, who: Member | User) -> Person:
        """Somebody who uses Discord's client."""
        user = who.user if isinstance(who, Member) else who
        return Person(user, self.world, self.commands, self.interactions, self.gateway)

    def expire_token(self, interaction: Interaction) -> None:
        """Let an interaction's token end now, as it does after 15 minutes."""
        interaction.token_revoked = True

    async def connected(self, *, timeout: float = PATIENCE_SECONDS) -> None:  # noqa: ASYNC109 - a bound is what callers state
        """Wait until every shard has a live session."""
        await wait_until(lambda: self.gateway.connected_shards == set(range(self.gateway.shards)), timeout)

    async def wait_for_message(
        self,
        where: Place | Member | User,
        wanted: str | Callable[[Message], bool],
        *,
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109
    ) -> Message:
        """The first message that everybody sees there and that contains the text, or satisfies the predicate."""
        fits = wanted if callable(wanted) else (lambda message: wanted in message.text)
        place = self._place(where)
        found: list[Message] = []

        def look() -> bool:
            found[:] = [message for message in place.history if not message.is_loading and fits(message)]
            return bool(found)

        await wait_until(look, timeout)
        return found[0]

    def _place(self, where: Place | Member | User) -> Place:
        if isinstance(where, Place):
            return where
        return self.world.direct_channel(where.user if isinstance(where, Member) else where)

    def _application(self) -> web.Application:
        middlewares = [
            self.exchanges.note_request(),
            self.stops.middleware(),
            self.exchanges.note_answer(),
            self._answer_refusals(),
        ]
        application = web.Application(middlewares=middlewares, client_max_size=_LARGEST_REQUEST)
        parts = Parts(self.world, self.gateway, self.commands, self.interactions, self.rate_limits)
        for routes in (ApplicationRoutes, UserRoutes, GuildRoutes, AutoModRoutes, MessageRoutes, CallbackRoutes):
            table = [
                web.RouteDef(route.method, f"{API_PREFIX}{route.path}", route.handler, route.kwargs)
                for route in routes(parts).table()
            ]
            application.add_routes(table)
        application.add_routes(DownloadRoutes(self.world).table())
        application.router.add_get("/gateway", self.gateway.accept)
        return application

    def _answer_refusals(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        @web.middleware
        async def answer(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            if not request.path.startswith(API_PREFIX):
                return await handler(request)
            template = template_of(request)
            try:
                self._authenticate(request, template)
                too_early = self.rate_limits.check(request, template)
                if too_early is not None:
                    return too_early
                response = await handler(request)
            except ApiError as error:
                response = json_response(error.payload(), status=error.status)
            except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
                missing = ApiError(Refusal.NOT_FOUND)
                response = json_response(missing.payload(), status=missing.status)
            response.headers.update(self.rate_limits.headers(request, template))
            return response

        return answer

    def _authenticate(self, request: web.Request, template: str) -> None:
        if template.startswith(_OPEN_TO_ALL) and template != "/gateway/bot":
            return
        if request.headers.get("Authorization") != f"Bot {self.token}":
            raise ApiError(Refusal.UNAUTHORIZED)
