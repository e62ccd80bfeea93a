"""Setting up: what is kept, what is approved, what is refused, and who may."""

import time
from dataclasses import fields, replace

import pytest

from bot.administration.budget import AboveCapError, EverybodyAlertedError
from bot.administration.draft import CHOSEN_IN_SETUP
from bot.administration.setup import (
    Administration,
    Introduction,
    UnknownLanguageError,
    UnknownTimeZoneError,
    time_zone,
)
from bot.administration.tiers import EverybodyDeniedError
from bot.administration.word_lists import Wordbook
from bot.domain.audit import Act, Action
from bot.domain.errors import StoreUnavailableError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import Notice, NoticeKind
from bot.domain.tier import Tier
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError
from bot.policy.limits import Budgets
from bot.store import acts, guilds, notices
from bot.store.database import Database
from tests.bot.policy.askers import MOD_ROLE, ROLE, asker
from tests.bot.store.records import GUILD, NOW, add_reserved, rows

BUDGETS = Budgets(guild_month=200_000, process_day=1_000_000)
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
    return Administration(database, lambda: NOW, frozenset(), frozenset({"en-US", "de"}), BUDGETS)


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


async def approvals_asked(office: Administration) -> list[Notice]:
    """What the operators are asked."""
    async with office.database.read() as tx:
        return [each for each in await notices.due(tx, NOW, limit=10) if each.kind is NoticeKind.APPROVE_SERVER]


async def recorded(office: Administration) -> list[Act]:
    """What was written down, oldest first."""
    async with office.database.read() as tx:
        return list(reversed(await acts.of_guild(tx, GUILD, offset=0, limit=10)))


async def test_the_operators_are_asked_once_to_approve_a_server(office: Administration) -> None:
    club = Introduction("Film Club", 12)

    await office.set_up(MANAGER, CHOICES, introduction=club)
    await office.set_up(replace(MANAGER, user_id=2), GuildChoices(), introduction=club)
    await office.set_up(replace(MANAGER, guild_id=GUILD + 1), CHOICES)

    first, second = await approvals_asked(office)
    assert first.guild_id == second.guild_id == 0
    assert first.about == {"guild_id": GUILD, "name": "Film Club", "members": 12, "actor": MANAGER.user_id}
    assert second.about == {"guild_id": GUILD + 1, "name": "", "members": None, "actor": MANAGER.user_id}


async def test_nobody_is_asked_about_a_server_that_is_approved_or_was_declined(office: Administration) -> None:
    listed = replace(office, allowed_guilds=frozenset({GUILD + 1}))
    async with office.database.write() as tx:
        await guilds.save(tx, Guild(GUILD + 2, declined=True), 0)

    await office.set_up(OPERATOR, CHOICES)
    await office.set_up(MANAGER, CHOICES)
    await listed.set_up(replace(MANAGER, guild_id=GUILD + 1), CHOICES)
    declined = await office.set_up(replace(MANAGER, guild_id=GUILD + 2), CHOICES)

    assert await approvals_asked(office) == []
    assert (declined.approved, declined.declined) == (False, True)


async def test_the_operators_own_setup_takes_back_that_a_server_was_declined(office: Administration) -> None:
    async with office.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, declined=True), 0)

    made = await office.set_up(OPERATOR, CHOICES)

    assert (made.approved, made.declined) == (True, False)
    assert [act.action for act in await recorded(office)] == [Action.SETUP, Action.SERVE]


async def test_a_setup_is_written_down_with_what_it_changed(office: Administration) -> None:
    await office.set_up(MANAGER, CHOICES)
    await office.set_up(MANAGER, CHOICES)

    await office.set_up(MANAGER, replace(CHOICES, spoilers=True))

    first, second = await recorded(office)
    assert (first.action, first.actor_id) == (Action.SETUP, MANAGER.user_id)
    assert (second.before, second.after) == ('{"spoilers":false}', '{"spoilers":true}')


async def test_what_is_chosen_elsewhere_is_never_set_by_a_setup(office: Administration) -> None:
    await office.set_up(MANAGER, CHOICES)
    others = {
        "tiers": {ROLE: Tier(videos_a_day=9)},
        "prices": {"sora-2:10": 1},
        "model_id": "sora-2",
        "words": ("bad",),
        "word_patterns": ("b+",),
        "base_words": False,
        "pause": "cleaning",
    }
    async with office.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, replace(CHOICES, **others), set_up_at=NOW), 0)  # type: ignore[arg-type]

    made = await office.set_up(MANAGER, replace(CHOICES, spoilers=True))

    assert made.choices == replace(CHOICES, **others, spoilers=True)  # type: ignore[arg-type]
    assert {field.name for field in fields(GuildChoices)} == CHOSEN_IN_SETUP | others.keys()


async def test_what_another_manager_has_changed_meanwhile_stays_unless_it_was_chosen_here_too(
    office: Administration,
) -> None:
    seen = (await office.set_up(MANAGER, CHOICES)).choices
    tier = Tier(videos_a_day=9, models=frozenset({"sora-2"}))
    theirs = replace(seen, budget_day=50_000, log_channel_id=99, role_ids=frozenset(), tiers={GUILD: tier})
    await office.set_up(MANAGER, theirs)

    mine = replace(seen, log_channel_id=100, channel_ids=frozenset({5}), tiers={GUILD: Tier(at_once=2)})
    made = await office.set_up(MANAGER, mine, seen=seen)

    both = {GUILD: replace(tier, at_once=2)}
    expected = replace(theirs, log_channel_id=100, channel_ids=frozenset({5}), tiers=both)
    assert made.choices == expected


async def test_the_limits_of_everyone_can_be_taken_back_and_those_of_roles_stay(office: Administration) -> None:
    tiers = {GUILD: Tier(videos_a_day=1), ROLE: Tier(videos_a_day=9)}
    async with office.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, replace(CHOICES, tiers=tiers)), 0)

    made = await office.set_up(MANAGER, CHOICES)

    assert made.choices.tiers == {ROLE: Tier(videos_a_day=9)}


async def test_setting_up_again_leaves_the_moderators_words(office: Administration) -> None:
    await office.set_up(MANAGER, CHOICES)
    await Wordbook(office.database, office.clock).set_words(MODERATOR, "bad\nworse")

    made = await office.set_up(MANAGER, replace(CHOICES, words=("mine",), log_channel_id=None))

    assert made.choices == replace(CHOICES, words=("bad", "worse"), log_channel_id=None)
    assert await stored(office) == made


@pytest.mark.parametrize("choice", ["budget_day", "budget_month"])
async def test_a_budget_above_the_operators_cap_is_refused_and_nothing_changes(
    office: Administration, choice: str
) -> None:
    before = await office.set_up(MANAGER, CHOICES)

    with pytest.raises(AboveCapError):
        await office.set_up(MANAGER, replace(CHOICES, **{choice: 200_001}))  # type: ignore[arg-type]

    assert await stored(office) == before
    assert (await office.set_up(MANAGER, replace(CHOICES, **{choice: 200_000}))).approved is False  # type: ignore[arg-type]


async def test_a_budget_that_the_operator_has_undercut_since_stands_in_no_setups_way(office: Administration) -> None:
    await office.set_up(MANAGER, replace(CHOICES, budget_month=200_000))
    poorer = replace(office, budgets=replace(BUDGETS, guild_month=100_000))

    made = await poorer.set_up(MANAGER, replace(CHOICES, budget_month=200_000, spoilers=True))

    assert made.choices.spoilers


async def test_everybody_can_neither_be_denied_nor_alerted(office: Administration) -> None:
    before = await office.set_up(MANAGER, CHOICES)

    with pytest.raises(EverybodyDeniedError):
        await office.set_up(MANAGER, replace(CHOICES, denied_role_ids=frozenset({ROLE, GUILD})))
    with pytest.raises(EverybodyAlertedError):
        await office.set_up(MANAGER, replace(CHOICES, alert_role_id=GUILD))

    assert await stored(office) == before


async def test_a_budget_that_is_used_up_already_is_told_when_setup_lowers_it(office: Administration) -> None:
    job = await add_reserved(office.database)

    await office.set_up(MANAGER, replace(CHOICES, budget_month=job.price * 10 // 9))

    async with office.database.read() as tx:
        told = [each.about["level"] for each in await notices.due(tx, NOW, limit=10) if each.kind is NoticeKind.BUDGET]
    assert told == [50, 80]


async def test_what_was_used_while_nobody_watched_is_told_once_a_log_channel_is_chosen(office: Administration) -> None:
    budget = replace(CHOICES, budget_month=2 * (await add_reserved(office.database)).price)
    levels = []

    for log_channel_id in (None, 8, 8):
        await office.set_up(MANAGER, replace(budget, log_channel_id=log_channel_id))
        async with office.database.read() as tx:
            due = await notices.due(tx, NOW, limit=10)
        levels.append([each.about["level"] for each in due if each.kind is NoticeKind.BUDGET])

    assert levels == [[], [50], [50]]


async def test_words_can_be_chosen_before_a_server_is_set_up(office: Administration) -> None:
    await Wordbook(office.database, office.clock).set_words(MODERATOR, "bad")

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


async def test_a_database_that_went_away_changes_nothing_and_says_so(office: Administration) -> None:
    office.database.path.rename(office.database.path.with_name("moved.db"))

    with pytest.raises(StoreUnavailableError):
        await office.set_up(MANAGER, CHOICES)
