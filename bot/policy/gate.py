"""The gate: the one place that says whether a person may order here, for commands, buttons and forms alike."""

from dataclasses import dataclass

from bot.catalogue.errors import PromptMissingError
from bot.domain.block import BY_THE_BOT, Block
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job, MessagePlace
from bot.domain.preferences import Preferences
from bot.domain.sentence import Instant, channels, roles
from bot.policy import base, patterns, words
from bot.policy.asker import Asker, Context
from bot.policy.errors import (
    AgeRestrictedOnlyError,
    BaseWordError,
    BlockedError,
    BlockedForGoodError,
    BlockedWordError,
    DeclinedTooOftenError,
    DeniedRoleError,
    DirectMessagesOffError,
    ElsewhereOffError,
    JobGoneError,
    KeptByAuthorError,
    ManagersOnlyError,
    MinorsError,
    ModeratorsOnlyError,
    NoRoleError,
    NoRolesChosenError,
    NotApprovedError,
    NotSetUpError,
    NotYourPictureError,
    NotYoursError,
    OperatorsOnlyError,
    PausedError,
    PausedForNowError,
    RemovedError,
    ServerDeclinedError,
    WrongChannelError,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """The rules of a process: which servers are approved from the start, which roles may order before setup, and
    whether the operator pays for direct messages and for installations by members."""

    allowed_guilds: frozenset[int] = frozenset()
    default_roles: frozenset[int] = frozenset()
    direct_messages: bool = False
    user_installs: bool = False

    def admit(self, asker: Asker, guild: Guild, block: Block | None = None) -> None:
        """Raise the first refusal that holds for this person in this place; spending is checked elsewhere.

        `block`: what moderators have against this person here.
        """
        if asker.guild_id is None:
            self._outside(asker)
            return
        self.check_served(guild)
        self._check_block(block)
        self._place(asker, guild.choices)
        self._role(asker, guild)

    @staticmethod
    def _place(asker: Asker, choices: GuildChoices) -> None:
        if choices.pause is not None:
            raise PausedError(reason=choices.pause) if choices.pause else PausedForNowError
        allowed = choices.channel_ids
        if allowed and not allowed & {asker.channel_id, asker.parent_channel_id}:
            raise WrongChannelError(channels=channels(allowed))
        if choices.age_restricted_only and not asker.age_restricted:
            raise AgeRestrictedOnlyError

    def _outside(self, asker: Asker) -> None:
        if asker.context is Context.DIRECT and not (self.direct_messages or self.user_installs):
            raise DirectMessagesOffError
        if asker.context is Context.ELSEWHERE and not self.user_installs:
            raise ElsewhereOffError

    def check_served(self, guild: Guild) -> None:
        """Raise unless the operator pays for this server."""
        if guild.approved or guild.id in self.allowed_guilds:
            return
        if guild.declined:
            raise ServerDeclinedError
        raise NotSetUpError if guild.set_up_at is None else NotApprovedError

    def _role(self, asker: Asker, guild: Guild) -> None:
        denied = guild.choices.denied_role_ids & asker.role_ids
        if denied:
            raise DeniedRoleError(roles=roles(denied))
        may = guild.choices.role_ids or self.default_roles
        if asker.manages or asker.role_ids & may:
            return
        if not may:
            raise NotSetUpError if guild.set_up_at is None else NoRolesChosenError
        raise NoRoleError(roles=roles(may))

    def check_prompt(self, prompt: str, guild: Guild, negative: str | None = None, before: str | None = None) -> None:
        """Raise PromptMissingError for a prompt in which nothing can be seen, MinorsError, BlockedWordError or
        BaseWordError for one with what is not allowed here; the first two of these for a negative one too.

        Whoever wants no gore in a video may say so: the base list is no list of what may not be left out. `before`: the
        prompt of the video that is changed, of which the new one may say only the rest.
        """
        if not words.normal(prompt):
            raise PromptMissingError
        texts, choices = (prompt, negative or ""), guild.choices
        if any(map(base.sexualises_minors, (*texts, f"{before or ''}\n{prompt}"))):
            raise MinorsError
        if any(words.blocked(text, choices.words) for text in texts):
            raise BlockedWordError
        if any(patterns.matched(text, choices.word_patterns) for text in texts):
            raise BlockedWordError
        if choices.base_words and base.has_base_word(prompt):
            raise BaseWordError

    @staticmethod
    def _check_block(block: Block | None) -> None:
        """Raise BlockedError for a member whom moderators have blocked, or DeclinedTooOftenError."""
        if block is None:
            return
        if block.until is None:
            raise BlockedForGoodError
        if block.actor_id == BY_THE_BOT:
            raise DeclinedTooOftenError(again=Instant(block.until))
        raise BlockedError(again=Instant(block.until, "f"))


def prompt_rules(guild: Guild) -> tuple[object, ...]:
    """What a prompt is held against in a server: while it stays the same, so does what `check_prompt` says."""
    return guild.choices.words, guild.choices.word_patterns, guild.choices.base_words


def moderates(asker: Asker, guild: Guild) -> bool:
    """Whether somebody is a moderator: Discord's permission, or the role chosen in setup."""
    return asker.manages or asker.moderates or guild.choices.moderator_role_id in asker.role_ids


def shows_money(asker: Asker, guild: Guild) -> bool:
    """Whether somebody sees amounts here: who manages the server or runs the bot does, others where it shows money."""
    return asker.manages or asker.operates or guild.choices.show_money


def require_manager(asker: Asker) -> None:
    """Raise ManagersOnlyError for everybody without Manage Server."""
    if asker.guild_id is None or not asker.manages:
        raise ManagersOnlyError


def require_operator(asker: Asker) -> None:
    """Raise OperatorsOnlyError for everybody who does not run this bot."""
    if not asker.operates:
        raise OperatorsOnlyError


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


def require_reuse(asker: Asker, job: Job, author: Preferences, copy: MessagePlace | None = None) -> None:
    """Raise unless the asker may make a new video of this one; `author`: what its author has chosen.

    One's own video can be used everywhere, somebody else's in the channel where it stands: only there is it certain
    that the asker may see it.
    """
    if job.removed_at is not None:
        raise RemovedError
    if job.author_id == asker.user_id:
        return
    if job.private or asker.guild_id is None or job.guild_id != asker.guild_id or not stands_before(asker, job, copy):
        raise JobGoneError
    if not author.others_may_remix:
        raise KeptByAuthorError


def stands_before(asker: Asker, job: Job, copy: MessagePlace | None = None) -> bool:
    """Whether a job was asked for, or has a message, in the channel that the asker is in; `copy`: its announcement."""
    places = (job.message, job.status, copy)
    return asker.channel_id in {job.channel_id, *(place.channel_id for place in places if place is not None)}


def require_picture_of(asker: Asker, author_id: int, choices: GuildChoices) -> None:
    """Raise unless the asker may make a video of a picture that this person has posted."""
    if author_id != asker.user_id and not choices.animate_any:
        raise NotYourPictureError
