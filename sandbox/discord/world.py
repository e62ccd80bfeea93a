"""Everything there is in the local Discord, and its clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.discord.automod import AutoModRule
from sandbox.discord.channels import ChannelKind, Place
from sandbox.discord.direct import DirectChannel, PrivateChannel
from sandbox.discord.events import Event, Intent
from sandbox.discord.files import Files
from sandbox.discord.guild import UPLOAD_LIMITS, Guild
from sandbox.discord.messages import Message
from sandbox.discord.permissions import NOTHING, Permission
from sandbox.discord.snowflakes import Snowflakes
from sandbox.discord.users import Application, User
from sandbox.discord.wire import Payload


@dataclass(slots=True)
class Nonces:
    """Which message each author's recent nonces made; `memory_seconds` is how long that is remembered."""

    memory_seconds: float = 300.0
    _made: dict[tuple[int, str], tuple[float, Message]] = field(default_factory=dict)

    def remember(self, nonce: str, message: Message, now: float) -> None:
        self._made[message.author.id, nonce] = (now, message)

    def recall(self, author: User, nonce: str, now: float) -> Message | None:
        """The message that this author made with this nonce, if it is not too long ago."""
        made = self._made.get((author.id, nonce))
        if made is None or now - made[0] > self.memory_seconds:
            return None
        return made[1]


@dataclass(slots=True)
class Clock:
    """The present moment in seconds since 1970, which tests can move forward."""

    ahead_seconds: float = 0.0

    def now(self) -> float:
        return time.time() + self.ahead_seconds


class World:
    """All guilds, people and direct messages that the bot can meet; built by ordinary method calls."""

    def __init__(self, *, bot_name: str = "clapboard", token: str = "sandbox-token") -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock.now)
        self.files = Files(self.clock.now)
        self.nonces = Nonces()
        self.direct_upload_limit = UPLOAD_LIMITS[0]
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        """The guilds that the bot is in."""
        self.installed_for: set[int] = set()
        """The ids of the people who installed the application for themselves."""
        self.places: dict[int, Place] = {}
        self.automod: dict[int, list[AutoModRule]] = {}
        """AutoMod's rules by the id of their guild."""
        self.listeners: list[Callable[[Event], None]] = []
        self.owner = self.add_user("operator")
        bot = self.add_user(bot_name, bot=True)
        self.application = Application(bot.id, bot_name, bot, self.owner, token)

    def now(self) -> float:
        return self.clock.now()

    def pass_time(self, seconds: float) -> None:
        """Move the world's clock forward, for everything that expires."""
        self.clock.ahead_seconds += seconds

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Add an account that is in no guild yet."""
        user = User(self.ids.next(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(
        self,
        name: str,
        *,
        owner: User | None = None,
        bot_permissions: Permission = NOTHING,
        locale: str = "en-US",
        boost_tier: int = 0,
        with_bot: bool = True,
    ) -> Guild:
        """Add a guild with an owner and, unless told otherwise, the bot; `bot_permissions` go to the bot's role."""
        guild = Guild(self.ids.next_for_guild(), name, self, locale, boost_tier)
        guild.owner = guild.add_member(owner or self.add_user(f"owner of {name}"))
        if with_bot:
            guild.invite_bot(bot_permissions)
        return guild

    def install_for(self, user: User) -> None:
        """Install the application for one person, wherever that person goes."""
        self.installed_for.add(user.id)

    def uninstall_for(self, user: User) -> None:
        """Take the application away from a person again."""
        self.installed_for.discard(user.id)

    def private_channel(self, *people: User) -> PrivateChannel:
        """A conversation between people without the bot: of two, or a group."""
        kind = ChannelKind.DIRECT if len(people) == 2 else ChannelKind.GROUP
        channel = PrivateChannel(self.ids.next(), self, kind, recipients=people)
        self.places[channel.id] = channel
        return channel

    def direct_channel(self, user: User) -> DirectChannel:
        """The direct messages between the bot and a person; made on first use."""
        for place in self.places.values():
            if isinstance(place, DirectChannel) and place.recipient is user:
                return place
        channel = DirectChannel(self.ids.next(), self, ChannelKind.DIRECT, recipient=user)
        self.places[channel.id] = channel
        return channel

    def shares_guild(self, user: User) -> bool:
        """Whether the bot has a guild in common with a person."""
        return any(user.id in guild.members for guild in self.guilds.values())

    def is_reachable(self, user: User) -> bool:
        """Whether the bot may write to a person, who may have closed their direct messages all the same."""
        return self.shares_guild(user) or user.id in self.installed_for

    def emit(self, name: str, payload: Payload, *, guild: Guild | None, intent: Intent) -> None:
        """Tell the gateway sessions that something happened; before a guild is complete nobody is told."""
        if guild is not None and guild.id not in self.guilds and name != "GUILD_DELETE":
            return
        event = Event(name, payload, None if guild is None else guild.id, intent)
        for listener in list(self.listeners):
            listener(event)
