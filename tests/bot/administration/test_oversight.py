"""What moderators see and stop as a whole: the queue, the pause, the usage; and who may."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.administration.oversight import PER_PAGE, NotPausedError, Oversight
from bot.domain.audit import Action
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import AT_REST, JobState
from bot.domain.notice import NoticeKind
from bot.domain.tier import Tier
from bot.policy.asker import Asker
from bot.policy.errors import ModeratorsOnlyError
from bot.store import acts, guilds, ledger, notices
from bot.store.database import Database
from bot.store.personal import Spender
from tests.bot.policy.askers import MOD_ROLE, ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, PRICE, SECOND, add, add_reserved, ask, job

MODERATOR = asker(user_id=BOB, moderates=True)
MANAGER = asker(user_id=BOB, manages=True)
CHOICES = GuildChoices(moderator_role_id=MOD_ROLE, log_channel_id=8, time_zone="Europe/Berlin")


@dataclass
class Office:
    """The room of the moderators."""

    database: Database
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.oversight = Oversight(self.database, lambda: self.now)

    async def choose(self, **choices: object) -> None:
        chosen = replace(CHOICES, **choices)  # type: ignore[arg-type]
        async with self.database.write() as tx:
            await guilds.save(tx, Guild(GUILD, chosen, approved=True), BOB)

    async def pause_now(self) -> str | None:
        return (await ask(self.database, lambda tx: guilds.get(tx, GUILD))).choices.pause


@pytest.fixture
async def office(database: Database) -> Office:
    office = Office(database)
    await office.choose()
    return office


async def test_the_queue_has_the_servers_jobs_on_their_way_oldest_first_page_by_page(office: Office) -> None:
    running = [state for state in JobState if state not in AT_REST]
    wanted = []
    for number in range(PER_PAGE + 1):
        state = running[number % len(running)]
        wanted.append(await add(office.database, job(created_at=NOW + number * SECOND), state=state))
    await add(office.database, job(guild_id=GUILD + 1))
    await add(office.database, job(guild_id=None))
    for state in sorted(AT_REST):
        await add(office.database, state=state)

    first = await office.oversight.queue(MODERATOR, 0)
    beyond = await office.oversight.queue(MODERATOR, 7)

    assert [row.id for row, _ in first.rows] == [each.id for each in wanted[:-1]]
    assert [row.id for row, _ in beyond.rows] == [wanted[-1].id]
    assert (first.number, first.pages, first.jobs) == (0, 2, PER_PAGE + 1)
    assert beyond.number == 1


async def test_what_runs_is_found_by_id_and_words_in_this_server_only(office: Office) -> None:
    here = await add(office.database)
    await add(office.database, job(guild_id=GUILD + 1))
    await add(office.database, state=JobState.DELIVERED)

    async def found(typed: str) -> list[str]:
        return [each.id for each in await office.oversight.running(MODERATOR, typed)]

    assert await found("") == await found(here.id) == await found("CAT a") == [here.id]
    assert await found("dog") == []


async def test_a_pause_is_kept_with_its_reason_recorded_and_told(office: Office) -> None:
    await office.oversight.pause(MODERATOR, " too \n much ")
    paused = await office.pause_now()
    await office.oversight.resume(MODERATOR)

    assert paused == "too much"
    assert await office.pause_now() is None
    resumed, first = await ask(office.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
    assert (first.action, first.actor_id, first.at) == (Action.PAUSE, BOB, NOW)
    assert (first.before, first.after) == ('{"pause":null}', '{"pause":"too much"}')
    assert (resumed.action, resumed.after) == (Action.RESUME, '{"pause":null}')
    told = await ask(office.database, lambda tx: notices.due(tx, NOW, limit=9))
    assert [(each.kind, each.about["action"]) for each in told] == [
        (NoticeKind.CHANGED, Action.PAUSE),
        (NoticeKind.CHANGED, Action.RESUME),
    ]


async def test_a_pause_without_a_reason_is_one_and_what_is_not_paused_can_not_be_resumed(office: Office) -> None:
    with pytest.raises(NotPausedError):
        await office.oversight.resume(MODERATOR)
    await office.oversight.pause(MODERATOR, "")

    assert await office.pause_now() == ""
    await office.oversight.resume(MODERATOR)
    assert await office.pause_now() is None


async def test_a_members_usage_has_their_sums_of_day_and_month_and_their_limits(office: Office) -> None:
    await office.choose(tiers={GUILD: Tier(videos_a_day=4), ROLE: Tier(videos_a_day=9, month=70_000)})
    await add_reserved(office.database)
    await add_reserved(office.database, job(created_at=NOW - timedelta(days=2)))
    await add_reserved(office.database, job(created_at=NOW - timedelta(days=20)))
    await add_reserved(office.database, job(guild_id=GUILD + 1))
    refunded = await add_reserved(office.database)
    async with office.database.write() as tx:
        await ledger.refund(tx, refunded, NOW, "failed")

    used = await office.oversight.usage_of(MODERATOR, ALICE, frozenset({ROLE}))

    assert (used.today.videos, used.today.amount, used.today.refunded) == (1, PRICE, 1)
    assert (used.month.videos, used.month.amount) == (2, 2 * PRICE)
    assert used.running == 4
    assert used.allowed is not None
    assert (used.allowed.videos_a_day, used.allowed.at_once) == (9, 2)
    assert used.tomorrow.isoformat() == "2026-03-14T23:00:00+00:00"


async def test_who_is_not_here_any_more_has_sums_without_limits(office: Office) -> None:
    assert (await office.oversight.usage_of(MODERATOR, ALICE, None)).allowed is None


async def test_the_top_spenders_of_the_month_are_those_who_cost_most(office: Office) -> None:
    async def spend(user_id: int, videos: int, price: int, **changes: object) -> None:
        for _ in range(videos):
            await add_reserved(office.database, job(author_id=user_id, price=price, **changes))

    await spend(1, 3, 100)
    await spend(2, 1, 1000)
    await spend(3, 9, 9999, created_at=NOW - timedelta(days=20))
    await spend(4, 9, 9999, guild_id=GUILD + 1)
    async with office.database.write() as tx:
        await ledger.grant(tx, ledger.Gift("g1", GUILD, 2, BOB, videos=5, amount=950, reason=""), NOW)

    usage = await office.oversight.usage(MODERATOR)

    assert usage.spenders == [Spender(2, 1, 1000), Spender(1, 3, 300)]
    assert usage.spent == 1300
    assert usage.since.isoformat() == "2026-02-28T23:00:00+00:00"


async def test_who_got_everything_back_is_no_spender_and_ten_are_the_most(office: Office) -> None:
    for user_id in range(1, 13):
        last = await add_reserved(office.database, job(author_id=user_id))
    async with office.database.write() as tx:
        await ledger.refund(tx, last, NOW, "failed")

    assert [each.user_id for each in (await office.oversight.usage(MODERATOR)).spenders] == list(range(1, 11))


@pytest.mark.parametrize(
    ("who", "show_money", "shown"),
    [(MODERATOR, False, False), (MODERATOR, True, True), (MANAGER, False, True)],
)
async def test_money_is_for_managers_and_where_it_is_shown(
    office: Office, who: Asker, show_money: bool, shown: bool
) -> None:
    await office.choose(show_money=show_money)

    assert (await office.oversight.usage(who)).shows_money is shown
    assert (await office.oversight.usage_of(who, ALICE, None)).shows_money is shown


@pytest.mark.parametrize("who", [asker(), asker(guild_id=None, moderates=True), asker(role_ids=frozenset({ROLE}))])
async def test_nobody_else_may_do_any_of_it(office: Office, who: Asker) -> None:
    oversight = office.oversight
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: oversight.queue(who, 0),
        lambda: oversight.running(who, ""),
        lambda: oversight.pause(who, "x"),
        lambda: oversight.resume(who),
        lambda: oversight.usage(who),
        lambda: oversight.usage_of(who, ALICE, None),
    ]

    for call in calls:
        with pytest.raises(ModeratorsOnlyError):
            await call()
    assert await office.pause_now() is None


async def test_the_moderator_role_of_setup_is_enough(office: Office) -> None:
    await office.oversight.pause(asker(role_ids=frozenset({MOD_ROLE})), "x")

    assert await office.pause_now() == "x"
