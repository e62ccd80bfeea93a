"""The bot object: one lean connection to Discord, with a watchdog that ends it when Discord stays away."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord.ext import commands

from bot.client import reporter
from bot.client.refusals import FormTooOldError
from bot.client.services import Services
from bot.client.session import LOST, GatewayAwayError, NotInGuildError, ShardWatch, session_error
from bot.client.tree import Memory, ReportingTree, publish
from bot.policy.errors import JobGoneError

MAX_RATELIMIT_SECONDS = 30
"""The shortest that the library allows: past it people are told, or it is tried again later."""
AWAY_SECONDS = 600.0
WATCH_SECONDS = 5.0
CANCEL_AGAIN_SECONDS = 0.2
FINISH_SECONDS = 10.0
_CALLBACKS = ("CommandTree-invoker", "discord-ui-", "discord.py: on_")
"""How the names of the tasks begin in which the library runs commands, buttons, forms and listeners."""
_UNKNOWN = frozenset({discord.InteractionType.component, discord.InteractionType.modal_submit})

# Nothing here speaks in a voice channel, for which alone the library wants what it warns about at every start.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Given:
    """What `serve` hands over."""

    services: Services
    memory: Memory
    add_commands: "Callable[[ClapboardBot], Awaitable[None]]"


class ClapboardBot(commands.AutoShardedBot):
    """Discord's side of the process. `serve` comes before `live`; a bot that was closed can't live again.

    `operators` are the given ids; without any, those whom the application belongs to, known from login on.
    """

    def __init__(
        self,
        *,
        operator_ids: frozenset[int] = frozenset(),
        guild_id: int | None = None,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
        away_seconds: float = AWAY_SECONDS,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        super().__init__(
            # Mentions are the one prefix that asks for no privileged intent; no message ever arrives.
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=ReportingTree,
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=MAX_RATELIMIT_SECONDS,
            shard_count=shard_count,
        )
        self.shard_ids = list(shard_ids) or None
        self.operators = operator_ids
        self._guild_id = guild_id
        self._away_seconds, self._watch_seconds = away_seconds, watch_seconds
        self._shard_watch = ShardWatch()
        self._ending = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._given: _Given | None = None
        self._was_ready = False

    @property
    def services(self) -> Services:
        """What commands may use."""
        return self._served.services

    @property
    def within_reach(self) -> bool:
        """Whether requests can be sent: logged in and not closed."""
        return self.user is not None and not self.is_closed()

    def serve(
        self, services: Services, memory: Memory, add_commands: Callable[["ClapboardBot"], Awaitable[None]]
    ) -> None:
        """Hand over what commands use, what remembers their registration, and what adds cogs and dynamic items."""
        self._given = _Given(services, memory, add_commands)

    async def live(self, token: str) -> None:
        """Log in, connect and stay until `close`.

        Raises SessionError when Discord refuses the bot or has been away too long: the process should end then.
        """
        async with self:
            self._connecting = asyncio.create_task(self._connect(token), name="gateway")
            watching = asyncio.create_task(self._watch(), name="gateway watch")
            try:
                await asyncio.wait({self._connecting, watching}, return_when=asyncio.FIRST_COMPLETED)
                for task in (watching, self._connecting):
                    if task.done() and not self._ending.is_set():
                        await task
            except LOST as error:
                raise session_error(error) from error
            finally:
                # Left alone, the library would go on trying to connect with a closed session.
                await _cancel(self._connecting, watching)

    async def register(self, token: str) -> int:
        """Log in, register the commands whether they changed or not, and close; how many there are.

        Raises SessionError.
        """
        async with self:
            try:
                await self.login(token)
                await self._publish(force=True)
            except LOST as error:
                raise session_error(error) from error
            return len(self.tree.get_commands())

    async def setup_hook(self) -> None:
        """Add the commands and register them if they changed. Raises SessionError."""
        self.operators = self.operators or _owners(self.application)
        await self._served.add_commands(self)
        try:
            await self._publish()
        except discord.HTTPException as error:
            # The commands of before still work, and so do buttons and the videos on their way.
            log.exception("commands not registered", status=error.status, code=error.code)

    async def finish(self) -> None:
        """Let what people have asked for so far be answered, within 10 s: it would be taken back otherwise."""
        callbacks = [task for task in asyncio.all_tasks() if task.get_name().startswith(_CALLBACKS)]
        if callbacks:
            await asyncio.wait(callbacks, timeout=FINISH_SECONDS)

    async def close(self) -> None:
        """End the connection; `live` returns."""
        # The library closes the bot too, before it raises what Discord ended the connection with.
        if asyncio.current_task() is not self._connecting:
            self._ending.set()
        if self._closing is None:
            self._closing = asyncio.create_task(super().close(), name="close")
        # Whoever waits may be cancelled; the sockets are closed all the same.
        await asyncio.shield(self._closing)

    async def on_ready(self) -> None:
        """Every shard has a session; it happens again after a session was lost."""
        if not self._was_ready:
            self._was_ready = True
            log.info("ready", bot=str(self.user), servers=len(self.guilds))

    async def on_shard_connect(self, shard_id: int) -> None:
        """A shard has identified."""
        self._shard_watch.connected(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A shard is back in its session."""
        self._shard_watch.connected(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard is gone."""
        self._shard_watch.lost(shard_id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer buttons and forms that nobody knows, on which the library is silent.

        It is called after their own callback has begun, which marks the interaction before it waits for anything.
        """
        if interaction.type not in _UNKNOWN or reporter.is_reached(interaction):
            return
        data: Mapping[str, object] = dict(interaction.data or {})
        custom_id = str(data.get("custom_id", ""))
        log.info("unknown button or form", custom_id=custom_id)
        of_job = interaction.type is discord.InteractionType.component and custom_id.startswith("cb:")
        await reporter.report(interaction, JobGoneError() if of_job else FormTooOldError())

    @property
    def _served(self) -> "_Given":
        if self._given is None:
            raise RuntimeError("serve the bot before it is used")
        return self._given

    async def _publish(self, *, force: bool = False) -> None:
        try:
            await publish(self.tree, self._served.memory, self._guild_id, force=force)
        except discord.HTTPException as error:
            if self._guild_id is not None and error.code in NotInGuildError.CODES:
                raise NotInGuildError from error
            raise

    async def _connect(self, token: str) -> None:
        await self.login(token)
        self._shard_watch.begin()
        await self.connect()

    async def _watch(self) -> None:
        """Return when the bot is closed; raise GatewayAwayError when a shard has been away too long."""
        while not self._ending.is_set():
            away = self._shard_watch.away_seconds(self.shard_ids or range(self.shard_count or 1))
            if away > self._away_seconds:
                raise GatewayAwayError(away)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._watch_seconds):
                    await self._ending.wait()


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    """Cancel until they have ended: before Python 3.12, `asyncio.wait_for`, with which the library connects, swallows a
    cancellation that comes in the moment in which its time is not needed any more."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


def _owners(application: discord.AppInfo | None) -> frozenset[int]:
    """Whom an application belongs to: its owner, or the members of its team who may change it."""
    if application is None:  # before login
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    accepted, reads = discord.TeamMembershipState.accepted, discord.TeamMemberRole.read_only
    members = application.team.members
    return frozenset(m.id for m in members if m.membership_state is accepted and m.role is not reads)
