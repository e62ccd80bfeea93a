"""How people want to be told: here, in a direct message, both, or not at all."""

import pytest

from bot.domain.job import Job, JobState
from bot.domain.preferences import Ping, Preferences
from bot.store import people
from bot.worker.herald import Place, PlaceClosedError, PostDeletedError, TryAgainError
from sandbox.gateway import Plan
from tests.bot.worker.stage import BY_HAND, MEMBER, Stage

LATE = 120.0
"""Past the time within which the status message alone tells of a failure."""


async def prefer(stage: Stage, ping: Ping) -> None:
    async with stage.database.write() as tx:
        await people.save_preferences(tx, MEMBER, Preferences(ping))


async def failed(stage: Stage) -> Job:
    """A video that fails after a while."""
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    stage.clock.jump(LATE)
    stage.gateway.orders[0].task.fail("a fault")
    return await stage.until_state(job, JobState.FAILED, hurry=1)


@pytest.mark.parametrize(
    ("ping", "told"), [(Ping.HERE, []), (Ping.DIRECT, [Place.DIRECT]), (Ping.BOTH, [Place.DIRECT]), (Ping.SILENT, [])]
)
async def test_a_finished_video_is_told_in_a_direct_message_where_that_is_wanted(
    stage: Stage, ping: Ping, told: list[Place]
) -> None:
    await prefer(stage, ping)
    await stage.start()

    job = await stage.until_state(await stage.order(), JobState.DELIVERED)

    assert [post.place for post in stage.herald.told] == told
    assert len(stage.herald.of(job)) == 1


async def test_a_private_video_is_not_told_a_second_time(stage: Stage) -> None:
    await prefer(stage, Ping.BOTH)
    await stage.start()

    await stage.until_state(await stage.order(private=True), JobState.DELIVERED)

    assert stage.herald.told == []


@pytest.mark.parametrize("error", [PlaceClosedError(), PostDeletedError()])
async def test_somebody_who_takes_no_messages_is_not_told_for_ever(stage: Stage, error: Exception) -> None:
    await prefer(stage, Ping.DIRECT)
    stage.herald.trouble("tell_directly", error)
    await stage.start()

    job = await stage.until_state(await stage.order(), JobState.DELIVERED)

    assert stage.herald.told == []
    assert await stage.notes(job) == []


async def test_a_direct_message_whose_answer_was_lost_is_sent_once(stage: Stage) -> None:
    await prefer(stage, Ping.BOTH)
    stage.herald.trouble("tell_directly", TryAgainError(), after=True)
    await stage.start()

    await stage.until_state(await stage.order(), JobState.DELIVERED, hurry=1)

    assert len(stage.herald.told) == 1


@pytest.mark.parametrize(
    ("ping", "pinged", "told"),
    [
        (Ping.HERE, [Place.CHANNEL], []),
        (Ping.DIRECT, [Place.DIRECT], []),
        (Ping.BOTH, [Place.CHANNEL], [Place.DIRECT]),
        (Ping.SILENT, [], []),
    ],
)
async def test_a_failure_is_told_the_same_way(stage: Stage, ping: Ping, pinged: list[Place], told: list[Place]) -> None:
    await prefer(stage, ping)

    job = await failed(stage)

    assert [post.place for post in stage.herald.pings] == pinged
    assert [post.place for post in stage.herald.told] == told
    assert stage.herald.last_shown(job).job.state is JobState.FAILED


async def test_a_failure_is_told_in_the_channel_where_direct_messages_are_closed(stage: Stage) -> None:
    await prefer(stage, Ping.DIRECT)
    stage.herald.closed.add(Place.DIRECT)

    await failed(stage)

    assert [post.place for post in stage.herald.pings] == [Place.CHANNEL]


async def test_a_failure_is_told_in_silence_where_the_status_message_is_gone(stage: Stage) -> None:
    await prefer(stage, Ping.SILENT)
    stage.herald.has_status = False

    await failed(stage)

    assert [post.place for post in stage.herald.pings] == [Place.CHANNEL]


async def test_a_failure_that_only_a_direct_message_could_tell_is_told_once(stage: Stage) -> None:
    await prefer(stage, Ping.BOTH)
    stage.herald.closed |= set(Place) - {Place.DIRECT}

    await failed(stage)

    assert [post.place for post in stage.herald.pings] == [Place.DIRECT]
    assert stage.herald.told == []


async def test_a_video_that_is_overdue_follows_the_choice_too(stage: Stage) -> None:
    await prefer(stage, Ping.DIRECT)
    stage.gateway.default_plan = Plan(manual=True)
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)

    stage.clock.jump(stage.deadline.total_seconds() + 60)

    await stage.until_state(job, JobState.OVERDUE, hurry=1)
    assert [post.place for post in stage.herald.pings] == [Place.DIRECT]
