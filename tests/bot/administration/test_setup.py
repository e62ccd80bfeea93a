"""Setting up: what is kept, what is approved, what is refused, and who may."""

import time
from dataclasses import replace

import pytest

from bot.administration.setup import (
    Administration,
    UnknownLanguageError,
    UnknownTimeZoneError,
    time_zone,
)
from bot.domain.errors import StoreUnavailableError
from bot.domain.guild import Guild, GuildChoices
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError, ModeratorsOnlyError, TooManyWordsError
from bot.policy.words import MAX_WORDS
from bot.store import guilds
from bot.store.database import Database
from tests.bot.policy.askers import MOD_ROLE, ROLE, asker
from tests.bot.store.records import GUILD, NOW, rows

MANAGER = asker(manages=True)
OPERATOR = asker(manages=True, operates=True)
MODERATOR = asker(moderates=True)
CHOICES = GuildChoices(
    role_ids=frozenset({ROLE}),
    channel_ids=frozenset({7}),
    moderator_role_id=MOD_ROLE,
    log_channel_id=8,
    time_zone="Europe/Berlin",
)


@pytest.fixture
def office(database: Database) -> Administration:
    return Administration(database, lambda: NOW, frozenset(), frozenset({"en-US", "de"}))


async def stored(office: Administration, guild_id: int = GUILD) -> Guild:
    async with office.database.read() as tx:
        return await guilds.get(tx, guild_id)


async def test_a_managers_choices_are_kept_and_wait_for_the_operator(office: Administration) -> None:
    made = await office.set_up(MANAGER, CHOICES)

    assert made == Guild(GUILD, CHOICES, approved=False, set_up_at=NOW)
    assert await stored(office) == await office.current(MANAGER) == made
    assert await rows(office.database, "SELECT changed_by FROM guilds") == [(MANAGER.user_id,)]
    assert await stored(office, GUILD + 1) == Guild(GUILD + 1)


async def test_the_operators_own_setup_approves_the_server_and_later_setups_leave_it_so(
    office: Administration,
) -> None:
    assert (await office.set_up(OPERATOR, CHOICES)).approved
    assert (await office.set_up(MANAGER, CHOICES)).approved


async def test_a_server_of_the_operators_list_is_approved_by_anybodys_setup(office: Administration) -> None:
    listed = replace(office, allowed_guilds=frozenset({GUILD}))

    assert (await listed.set_up(MANAGER, CHOICES)).approved
    assert not (await listed.set_up(replace(MANAGER, guild_id=GUILD + 1), CHOICES)).approved


async def test_setting_up_again_leaves_the_moderators_words(office: Administration) -> None:
    await office.set_up(MANAGER, CHOICES)
    await office.set_words(MODERATOR, "bad\nworse")

    made = await office.set_up(MANAGER, replace(CHOICES, words=("mine",), log_channel_id=None))

    assert made.choices == replace(CHOICES, words=("bad", "worse"), log_channel_id=None)
    assert await stored(office) == made


async def test_words_can_be_chosen_before_a_server_is_set_up(office: Administration) -> None:
    await office.set_words(MODERATOR, "bad")

    found = await stored(office)
    assert (found.choices.words, found.set_up_at, found.approved) == (("bad",), None, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("AMERICA/NEW YORK", "America/New_York"),
        ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("asia/ho  chi minh", "Asia/Ho_Chi_Minh"),
        ("gmt", "GMT"),
    ],
)
async def test_a_time_zone_is_known_however_it_is_typed(office: Administration, text: str, name: str) -> None:
    made = await office.set_up(MANAGER, replace(CHOICES, time_zone=text))

    assert time_zone(text) == made.choices.time_zone == name


@pytest.mark.parametrize("text", ["Berlin", "+2", "../etc/passwd", "localtime", "Factory", "/etc/localtime", "Europe/"])
async def test_what_is_no_time_zone_is_refused_with_what_was_typed_and_nothing_changes(
    office: Administration, text: str
) -> None:
    before = await office.set_up(MANAGER, CHOICES)

    with pytest.raises(UnknownTimeZoneError) as refused:
        await office.set_up(MANAGER, replace(CHOICES, time_zone=f" {text} "))

    assert refused.value.sentence.params == {"zone": text}
    assert await stored(office) == before


def test_an_endless_time_zone_is_cut_in_the_refusal() -> None:
    with pytest.raises(UnknownTimeZoneError) as refused:
        time_zone("x" * 4000)

    assert refused.value.sentence.params == {"zone": "x" * 60}


def test_the_time_zones_are_not_read_from_the_disk_each_time() -> None:
    time_zone("UTC")

    began = time.process_time()
    for _ in range(100):
        time_zone("Europe/Berlin")

    assert time.process_time() - began < 0.1


async def test_an_unknown_language_is_refused_with_those_that_are_known(office: Administration) -> None:
    assert (await office.set_up(MANAGER, replace(CHOICES, locale="de"))).choices.locale == "de"

    with pytest.raises(UnknownLanguageError) as refused:
        await office.set_up(MANAGER, replace(CHOICES, locale="tlh"))

    assert refused.value.sentence.params == {"language": "tlh", "languages": ("de", "en-US")}


@pytest.mark.parametrize("who", [asker(), MODERATOR, asker(operates=True), asker(manages=True, guild_id=None)])
async def test_the_right_to_manage_is_looked_at_each_time(office: Administration, who: Asker) -> None:
    before = await office.set_up(MANAGER, CHOICES)

    with pytest.raises(ManagersOnlyError):
        await office.set_up(who, GuildChoices())
    with pytest.raises(ManagersOnlyError):
        await office.current(who)

    assert await stored(office) == before


@pytest.mark.parametrize("who", [MODERATOR, MANAGER, asker(role_ids=frozenset({MOD_ROLE}))])
async def test_moderators_read_and_replace_the_words(office: Administration, who: Asker) -> None:
    await office.set_up(MANAGER, CHOICES)

    assert await office.words(who) == ()
    assert await office.set_words(who, "bad, worse") == ("bad", "worse")
    assert await office.words(who) == ("bad", "worse")
    assert await office.set_words(who, "") == ()


@pytest.mark.parametrize("who", [asker(), asker(role_ids=frozenset({ROLE})), asker(guild_id=None, moderates=True)])
async def test_the_right_to_moderate_is_looked_at_each_time(office: Administration, who: Asker) -> None:
    await office.set_up(MANAGER, CHOICES)
    await office.set_words(MANAGER, "bad")

    with pytest.raises(ModeratorsOnlyError):
        await office.words(who)
    with pytest.raises(ModeratorsOnlyError):
        await office.set_words(who, "")

    assert (await stored(office)).choices.words == ("bad",)


async def test_a_moderator_role_that_was_taken_back_counts_no_more(office: Administration) -> None:
    await office.set_up(MANAGER, CHOICES)
    holder = asker(role_ids=frozenset({MOD_ROLE}))
    await office.set_words(holder, "bad")

    await office.set_up(MANAGER, replace(CHOICES, moderator_role_id=None))

    with pytest.raises(ModeratorsOnlyError):
        await office.words(holder)


async def test_words_that_are_too_many_leave_the_list_as_it_was(office: Administration) -> None:
    await office.set_words(MODERATOR, "bad")

    with pytest.raises(TooManyWordsError):
        await office.set_words(MODERATOR, "\n".join(f"w{number}" for number in range(MAX_WORDS + 1)))

    assert await office.words(MODERATOR) == ("bad",)


async def test_odd_characters_in_words_can_be_kept(office: Administration) -> None:
    assert await office.set_words(MODERATOR, "b\ud83cad, ñandú, 🎬") == ("bad", "ñandú", "🎬")
    assert await office.words(MODERATOR) == ("bad", "ñandú", "🎬")


async def test_a_database_that_went_away_changes_nothing_and_says_so(office: Administration) -> None:
    office.database.path.rename(office.database.path.with_name("moved.db"))

    with pytest.raises(StoreUnavailableError):
        await office.set_up(MANAGER, CHOICES)
    with pytest.raises(StoreUnavailableError):
        await office.set_words(MANAGER, "bad")
