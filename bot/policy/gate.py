"""The gate: the one place that says whether a person may order here, for commands, buttons and forms alike."""

from dataclasses import dataclass

from bot.domain.guild import Guild
from bot.domain.job import Job
from bot.domain.sentence import channels, roles
from bot.policy import words
from bot.policy.asker import Asker
from bot.policy.errors import (
    BlockedWordError,
    BotRightsError,
    JobGoneError,
    ManagersOnlyError,
    ModeratorsOnlyError,
    NoRoleError,
    NoRolesChosenError,
    NotApprovedError,
    NotSetUpError,
    NotYoursError,
    ServersOnlyError,
    WrongChannelError,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """The rules of a process: which servers are approved from the start, which roles may order before setup."""

    allowed_guilds: frozenset[int] = frozenset()
    default_roles: frozenset[int] = frozenset()

    def admit(self, asker: Asker, guild: Guild) -> None:
        """Raise the first refusal that holds for this person in this place; spending is checked elsewhere."""
        if asker.guild_id is None:
            raise ServersOnlyError
        self._served(guild)
        allowed = guild.choices.channel_ids
        if allowed and not allowed & {asker.channel_id, asker.parent_channel_id}:
            raise WrongChannelError(channels=channels(allowed))
        self._role(asker, guild)

    def _served(self, guild: Guild) -> None:
        approved = guild.approved or guild.id in self.allowed_guilds
        if not approved and guild.set_up_at is None:
            raise NotSetUpError
        if not approved:
            raise NotApprovedError

    def _role(self, asker: Asker, guild: Guild) -> None:
        may = guild.choices.role_ids or self.default_roles
        if asker.manages or asker.role_ids & may:
            return
        if not may:
            raise NotSetUpError if guild.set_up_at is None else NoRolesChosenError
        raise NoRoleError(roles=roles(may))

    def check_prompt(self, prompt: str, guild: Guild) -> None:
        """Raise BlockedWordError for a prompt with a word that the server does not allow."""
        if words.blocked(prompt, guild.choices.words) is not None:
            raise BlockedWordError

    def check_bot(self, asker: Asker) -> None:
        """Raise BotRightsError if the bot could not post in this channel."""
        if asker.bot_lacks:
            raise BotRightsError(missing=asker.bot_lacks)


def moderates(asker: Asker, guild: Guild) -> bool:
    """Whether somebody is a moderator: Discord's permission, or the role chosen in setup."""
    return asker.manages or asker.moderates or guild.choices.moderator_role_id in asker.role_ids


def require_manager(asker: Asker) -> None:
    """Raise ManagersOnlyError for everybody without Manage Server."""
    if asker.guild_id is None or not asker.manages:
        raise ManagersOnlyError


def require_moderator(asker: Asker, guild: Guild) -> None:
    """Raise ModeratorsOnlyError for everybody who is no moderator here."""
    if asker.guild_id is None or not moderates(asker, guild):
        raise ModeratorsOnlyError


def require_own(asker: Asker, job: Job, guild: Guild) -> None:
    """Raise unless the job is the asker's, or of a server that the asker moderates."""
    if job.author_id == asker.user_id:
        return
    if asker.guild_id is None or job.guild_id != asker.guild_id:
        raise JobGoneError
    if not moderates(asker, guild):
        raise NotYoursError
