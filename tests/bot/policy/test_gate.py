"""The gate: who is let through where, and the first refusal that holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue.errors import PromptMissingError
from bot.domain.block import BY_THE_BOT, Block
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job
from bot.domain.preferences import Preferences
from bot.domain.sentence import Instant, Mention
from bot.policy.asker import Asker, Context
from bot.policy.errors import (
    BaseWordError,
    BlockedError,
    BlockedForGoodError,
    BlockedWordError,
    DeclinedTooOftenError,
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
    NotYoursError,
    RemovedError,
    ServerDeclinedError,
    WrongChannelError,
)
from bot.policy.gate import Gate, moderates, require_manager, require_moderator, require_own, require_reuse
from tests.bot.policy.askers import MOD_ROLE, OTHER_ROLE, ROLE, asker
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, NOW, job

ROLES = GuildChoices(role_ids=frozenset({ROLE}))
NEW = Guild(GUILD)
ASKED = Guild(GUILD, ROLES, approved=False, set_up_at=NOW)
DECLINED = replace(ASKED, declined=True)
READY = Guild(GUILD, ROLES, approved=True, set_up_at=NOW)
APPROVED_ONLY = Guild(GUILD, approved=True)
NO_ROLES = Guild(GUILD, approved=True, set_up_at=NOW)
CHANNELS = Guild(GUILD, GuildChoices(role_ids=frozenset({ROLE}), channel_ids=frozenset({CHANNEL})), True, NOW)

GATE = Gate()
ALLOWS = Gate(allowed_guilds=frozenset({GUILD}))
DEFAULTS = Gate(allowed_guilds=frozenset({GUILD}), default_roles=frozenset({OTHER_ROLE}))

PLAIN = asker()
MEMBER = asker(role_ids=frozenset({ROLE, 5}))
OTHER = asker(role_ids=frozenset({OTHER_ROLE}))
MANAGER = asker(manages=True)
MODERATOR = asker(moderates=True)
DIRECT = asker(guild_id=None, context=Context.DIRECT)
ELSEWHERE = asker(guild_id=None, context=Context.ELSEWHERE, visited_guild_id=GUILD)


@pytest.mark.parametrize(
    ("gate", "who", "guild", "refusal"),
    [
        (GATE, PLAIN, NEW, NotSetUpError),
        (GATE, MANAGER, NEW, NotSetUpError),
        (GATE, MEMBER, ASKED, NotApprovedError),
        (GATE, MANAGER, ASKED, NotApprovedError),
        (GATE, MANAGER, DECLINED, ServerDeclinedError),
        (GATE, MEMBER, replace(DECLINED, set_up_at=None), ServerDeclinedError),
        (ALLOWS, MEMBER, DECLINED, None),
        (GATE, MEMBER, READY, None),
        (GATE, MANAGER, READY, None),
        (GATE, PLAIN, READY, NoRoleError),
        (GATE, OTHER, READY, NoRoleError),
        (GATE, MODERATOR, READY, NoRoleError),
        (GATE, MANAGER, APPROVED_ONLY, None),
        (GATE, MEMBER, APPROVED_ONLY, NotSetUpError),
        (GATE, MANAGER, NO_ROLES, None),
        (GATE, MEMBER, NO_ROLES, NoRolesChosenError),
        (ALLOWS, MANAGER, NEW, None),
        (ALLOWS, MEMBER, NEW, NotSetUpError),
        (ALLOWS, MEMBER, ASKED, None),
        (DEFAULTS, OTHER, NEW, None),
        (DEFAULTS, MEMBER, NEW, NoRoleError),
        (DEFAULTS, OTHER, NO_ROLES, None),
        (DEFAULTS, OTHER, READY, NoRoleError),
        (GATE, DIRECT, Guild(0), DirectMessagesOffError),
        (Gate(direct_messages=True), DIRECT, Guild(0), None),
        (Gate(user_installs=True), DIRECT, Guild(0), None),
        (GATE, ELSEWHERE, Guild(0), ElsewhereOffError),
        (Gate(direct_messages=True), ELSEWHERE, Guild(0), ElsewhereOffError),
        (Gate(user_installs=True), ELSEWHERE, Guild(0), None),
        (GATE, replace(MEMBER, bot_lacks=("Attach Files",)), READY, None),
        (GATE, MEMBER, CHANNELS, None),
        (GATE, asker(role_ids=frozenset({ROLE}), channel_id=9), CHANNELS, WrongChannelError),
        (GATE, asker(role_ids=frozenset({ROLE}), channel_id=9, parent_channel_id=CHANNEL), CHANNELS, None),
        (GATE, asker(role_ids=frozenset({ROLE}), channel_id=9, parent_channel_id=8), CHANNELS, WrongChannelError),
        (GATE, asker(manages=True, channel_id=9), CHANNELS, WrongChannelError),
        (GATE, asker(channel_id=9), CHANNELS, WrongChannelError),
        (GATE, asker(channel_id=9), ASKED, NotApprovedError),
        (Gate(allowed_guilds=frozenset({GUILD + 1})), MANAGER, NEW, NotSetUpError),
    ],
)
def test_who_may_order_where(gate: Gate, who: Asker, guild: Guild, refusal: type[RefusalError] | None) -> None:
    if refusal is None:
        gate.admit(who, guild)
        return

    with pytest.raises(RefusalError) as refused:
        gate.admit(who, guild)

    assert type(refused.value) is refusal


def test_a_refusal_names_the_roles_that_may() -> None:
    guild = Guild(GUILD, GuildChoices(role_ids=frozenset({ROLE, OTHER_ROLE})), True, NOW)

    with pytest.raises(NoRoleError) as refused:
        GATE.admit(PLAIN, guild)

    assert refused.value.sentence.params == {"roles": (Mention("role", ROLE), Mention("role", OTHER_ROLE))}


def test_a_refusal_names_the_channels_where_it_works() -> None:
    with pytest.raises(WrongChannelError) as refused:
        GATE.admit(asker(channel_id=9), CHANNELS)

    assert refused.value.sentence.params == {"channels": (Mention("channel", CHANNEL),)}


def test_the_default_roles_are_named_where_they_count() -> None:
    with pytest.raises(NoRoleError) as refused:
        DEFAULTS.admit(PLAIN, NEW)

    assert refused.value.sentence.params == {"roles": (Mention("role", OTHER_ROLE),)}


def test_a_blocked_word_is_not_repeated_to_the_channel() -> None:
    guild = Guild(GUILD, GuildChoices(words=("bad",)))
    GATE.check_prompt("a good cat", guild)

    with pytest.raises(BlockedWordError) as refused:
        GATE.check_prompt("a BÀD cat", guild)

    assert refused.value.sentence.params == {}


def test_a_pattern_of_the_server_refuses_as_a_word_does() -> None:
    guild = Guild(GUILD, GuildChoices(word_patterns=("ba+d",)))
    GATE.check_prompt("a good cat", guild)

    with pytest.raises(BlockedWordError):
        GATE.check_prompt("a baaad cat", guild)


@pytest.mark.parametrize("choices", [GuildChoices(words=("bad",)), GuildChoices(word_patterns=("b[a]d",))])
def test_a_negative_prompt_is_looked_at_too(choices: GuildChoices) -> None:
    with pytest.raises(BlockedWordError):
        GATE.check_prompt("a cat", Guild(GUILD, choices), "a bad cat")


def test_the_base_list_holds_unless_it_is_switched_off_and_nobody_has_to_want_what_it_names() -> None:
    GATE.check_prompt("a beheading", Guild(GUILD, GuildChoices(base_words=False)))
    GATE.check_prompt("a cat", Guild(GUILD), "gore, nsfw")

    with pytest.raises(BaseWordError):
        GATE.check_prompt("a beheading", Guild(GUILD))


@pytest.mark.parametrize("guild", [Guild(0), Guild(GUILD, GuildChoices(base_words=False))])
def test_sexual_content_with_minors_is_refused_everywhere(guild: Guild) -> None:
    for prompt, negative in (("a nude teen", None), ("a cat", "a nude teen")):
        with pytest.raises(MinorsError):
            GATE.check_prompt(prompt, guild, negative)


def test_what_is_changed_and_the_change_are_read_as_one_where_minors_may_be_meant() -> None:
    GATE.check_prompt("now they eat ice cream", READY, None, "kids at a beach")
    GATE.check_prompt("now she is naked", READY, None, "a woman at a beach")

    with pytest.raises(MinorsError):
        GATE.check_prompt("now she is naked", READY, None, "a little girl at a beach")
    with pytest.raises(MinorsError):
        GATE.check_prompt("girl", READY, None, "a naked little")


def test_a_day_of_declined_prompts_is_told_as_what_it_is() -> None:
    tomorrow = NOW + timedelta(hours=9)

    with pytest.raises(DeclinedTooOftenError) as refused:
        GATE.admit(MEMBER, READY, Block(GUILD, ALICE, BY_THE_BOT, tomorrow))

    assert refused.value.sentence.params == {"again": Instant(tomorrow)}


def test_who_is_blocked_is_told_until_when() -> None:
    with pytest.raises(BlockedError) as refused:
        GATE.admit(MEMBER, READY, Block(GUILD, ALICE, BOB, NOW + timedelta(days=1)))

    assert refused.value.sentence.params == {"again": Instant(NOW + timedelta(days=1), "f")}


def test_who_is_blocked_for_good_is_told_so() -> None:
    with pytest.raises(BlockedForGoodError):
        GATE.admit(MEMBER, READY, Block(GUILD, ALICE, BOB))


@pytest.mark.parametrize(
    ("who", "can"),
    [(MEMBER, True), (replace(MEMBER, bot_lacks=("Attach Files",)), False), (DIRECT, True), (ELSEWHERE, False)],
)
def test_where_the_bot_can_post_by_itself(who: Asker, can: bool) -> None:
    assert who.bot_can_post is can


@pytest.mark.parametrize(("who", "server_id"), [(MEMBER, GUILD), (DIRECT, None), (ELSEWHERE, GUILD)])
def test_links_lead_to_the_server_that_the_channel_is_in(who: Asker, server_id: int | None) -> None:
    assert who.server_id == server_id


WITH_MODERATORS = Guild(GUILD, GuildChoices(moderator_role_id=MOD_ROLE), True, NOW)


@pytest.mark.parametrize(
    ("who", "guild", "expected"),
    [
        (PLAIN, WITH_MODERATORS, False),
        (MODERATOR, WITH_MODERATORS, True),
        (MANAGER, WITH_MODERATORS, True),
        (asker(role_ids=frozenset({MOD_ROLE})), WITH_MODERATORS, True),
        (asker(role_ids=frozenset({MOD_ROLE})), NEW, False),
        (asker(role_ids=frozenset({ROLE})), WITH_MODERATORS, False),
    ],
)
def test_who_is_a_moderator(who: Asker, guild: Guild, expected: bool) -> None:
    assert moderates(who, guild) is expected
    if expected:
        require_moderator(who, guild)
        return
    with pytest.raises(ModeratorsOnlyError):
        require_moderator(who, guild)


def test_nobody_moderates_or_manages_a_direct_message() -> None:
    alone = asker(guild_id=None, manages=True, moderates=True)

    with pytest.raises(ModeratorsOnlyError):
        require_moderator(alone, NEW)
    with pytest.raises(ManagersOnlyError):
        require_manager(alone)


def test_managing_needs_manage_server() -> None:
    require_manager(MANAGER)
    for who in (PLAIN, MODERATOR, asker(operates=True)):
        with pytest.raises(ManagersOnlyError):
            require_manager(who)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (asker(), None),
        (asker(guild_id=None), None),
        (asker(guild_id=GUILD + 1), None),
        (asker(user_id=BOB, moderates=True), None),
        (asker(user_id=BOB, manages=True), None),
        (asker(user_id=BOB, role_ids=frozenset({MOD_ROLE})), None),
        (asker(user_id=BOB), NotYoursError),
        (asker(user_id=BOB, guild_id=GUILD + 1, moderates=True), JobGoneError),
        (asker(user_id=BOB, guild_id=GUILD + 1, manages=True), JobGoneError),
        (asker(user_id=BOB, guild_id=None), JobGoneError),
    ],
)
def test_a_job_is_its_authors_and_its_servers_moderators(who: Asker, refusal: type[RefusalError] | None) -> None:
    if refusal is None:
        require_own(who, job(), WITH_MODERATORS)
        return

    with pytest.raises(refusal):
        require_own(who, job(), WITH_MODERATORS)


def test_a_direct_job_is_its_authors_alone() -> None:
    direct = job(guild_id=None)

    require_own(asker(user_id=ALICE, guild_id=None), direct, Guild(0))
    for other in (asker(user_id=BOB, guild_id=None), asker(user_id=BOB, manages=True)):
        with pytest.raises(JobGoneError):
            require_own(other, direct, Guild(0))


SHARES = Preferences()
KEEPS = Preferences(others_may_remix=False)


@pytest.mark.parametrize(
    ("who", "made", "author", "refusal"),
    [
        (asker(), job(), KEEPS, None),
        (asker(guild_id=None), job(), KEEPS, None),
        (asker(), job(private=True, guild_id=None), KEEPS, None),
        (asker(user_id=BOB), job(), SHARES, None),
        (asker(user_id=BOB), job(), KEEPS, KeptByAuthorError),
        (asker(user_id=BOB), job(private=True), SHARES, JobGoneError),
        (asker(user_id=BOB, guild_id=GUILD + 1), job(), SHARES, JobGoneError),
        (asker(user_id=BOB, guild_id=None), job(guild_id=None), SHARES, JobGoneError),
        (asker(), replace(job(), removed_at=NOW), SHARES, RemovedError),
        (asker(user_id=BOB), replace(job(), removed_at=NOW), KEEPS, RemovedError),
    ],
)
def test_whose_videos_may_be_used_again(
    who: Asker, made: Job, author: Preferences, refusal: type[RefusalError] | None
) -> None:
    if refusal is None:
        require_reuse(who, made, author)
        return

    with pytest.raises(refusal):
        require_reuse(who, made, author)


@pytest.mark.parametrize("prompt", ["\u200b", "\u3164 \u2060", "\u0600", " \n"])
def test_a_prompt_in_which_nothing_can_be_seen_is_none(prompt: str) -> None:
    with pytest.raises(PromptMissingError):
        GATE.check_prompt(prompt, READY)
