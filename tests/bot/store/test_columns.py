"""Columns: moments to the millisecond in UTC, truth as 0 and 1, ids of 64 bits."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.store.database import Database
from tests.bot.store.records import NOW, add, reread, rows


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 1000, UTC),
        datetime(9999, 1, 1, tzinfo=UTC),
    ],
)
async def test_a_moment_comes_back_as_it_was(database: Database, moment: datetime) -> None:
    written = await add(database, acknowledged_at=moment)

    assert (await reread(database, written.id)).acknowledged_at == moment


async def test_a_moment_of_another_zone_comes_back_in_utc_and_without_microseconds(database: Database) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9))) + timedelta(microseconds=999)

    written = await add(database, acknowledged_at=there)

    assert written.acknowledged_at == NOW
    assert written.acknowledged_at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_a_fault_of_the_program(database: Database) -> None:
    with pytest.raises(Exception, match="offset-naive"):
        await add(database, acknowledged_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("truth", [True, False])
async def test_a_truth_is_kept_as_a_number(database: Database, truth: bool) -> None:
    written = await add(database, dont_post=truth)

    assert written.dont_post is truth
    assert await rows(database, f"SELECT dont_post FROM jobs WHERE id = '{written.id}'") == [(int(truth),)]


async def test_the_largest_ids_of_discord_fit(database: Database) -> None:
    written = await add(database, status_channel_id=2**63 - 1, status_message_id=2**63 - 2)

    assert written.status is not None
    assert (written.status.channel_id, written.status.message_id) == (2**63 - 1, 2**63 - 2)
