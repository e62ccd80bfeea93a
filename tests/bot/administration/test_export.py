"""What managers get as files: their server's rows within their days, and nothing that was erased or is another's."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.administration import export as export_module
from bot.administration.dates import UnknownDateError
from bot.administration.export import ENTRY_COLUMNS, VIDEO_COLUMNS, Export, Exporting
from bot.catalogue.catalogue import Catalogue
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job, JobState
from bot.domain.request import VideoRequest
from bot.domain.tier import NO_LIMIT, Tier
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError
from bot.store import guilds, ledger, people
from bot.store.database import Database
from bot.store.ledger import Gift
from tests.bot.policy.askers import MOD_ROLE, asker
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, NOW, add, add_reserved, job

MANAGER = asker(user_id=BOB, manages=True)
OTHER = 1130000000000000009
MEBIBYTE = 1 << 20
Rows = Sequence[dict[str, str]]


@pytest.fixture
def exporting(database: Database) -> Exporting:
    return Exporting(database, Catalogue.load(), lambda: NOW)


async def made(exporting: Exporting, first: str = "", last: str = "", *, limit: int = MEBIBYTE) -> Export:
    return await exporting.of(MANAGER, first, last, limit)


def rows(data: bytes) -> Rows:
    """A file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


async def choose(database: Database, **choices: object) -> None:
    async with database.write() as tx:
        chosen = replace(GuildChoices(), **choices)  # type: ignore[arg-type]
        await guilds.save(tx, Guild(GUILD, chosen, approved=True, set_up_at=NOW), BOB)


async def delivered(database: Database, **changes: object) -> Job:
    """A finished video that was charged."""
    new = job(server_id=GUILD, gateway="myrouter", **changes)
    posted = {"state": JobState.DELIVERED, "message_channel_id": CHANNEL, "message_id": 77}
    return await add_reserved(database, new, **posted)


async def test_a_video_is_a_row_with_its_cost_and_its_link_and_without_its_prompt(exporting: Exporting) -> None:
    video = await delivered(exporting.database, request=VideoRequest("a secret cat", 10, "9:16"))

    export = await made(exporting)

    (row,) = rows(export.jobs.data)
    assert row == {
        "id": video.id,
        "created": "2026-03-14T15:09:26+00:00",
        "member_id": str(ALICE),
        "model": "Sora 2",
        "seconds": "10",
        "orientation": "portrait",
        "state": "delivered",
        "cost_usd": "0.15",
        "gateway": "myrouter",
        "failure": "",
        "private": "no",
        "link": f"https://discord.com/channels/{GUILD}/{CHANNEL}/77",
    }
    assert tuple(row) == VIDEO_COLUMNS
    assert b"secret" not in export.jobs.data + export.ledger.data + export.settings


async def test_what_was_refunded_costs_nothing(exporting: Exporting) -> None:
    failed = await add_reserved(exporting.database, state=JobState.FAILED, failure=FailureKind.MODERATION)
    async with exporting.database.write() as tx:
        await ledger.refund(tx, failed, NOW, "failed")

    export = await made(exporting)

    (row,) = rows(export.jobs.data)
    assert (row["state"], row["failure"], row["cost_usd"]) == ("failed", "moderation", "0")
    assert [entry["amount_usd"] for entry in rows(export.ledger.data)] == ["0.15", "-0.15"]


async def test_private_and_removed_videos_have_no_link(exporting: Exporting) -> None:
    await delivered(exporting.database, private=True)
    removed = await delivered(exporting.database)
    async with exporting.database.write() as tx:
        await tx.exec_driver_sql("UPDATE jobs SET removed_at = 1 WHERE id = ?", (removed.id,))

    found = rows((await made(exporting)).jobs.data)

    assert [(row["private"], row["link"]) for row in found] == [("yes", ""), ("no", "")]


async def test_gifts_stand_in_the_books_with_actor_and_reason(exporting: Exporting) -> None:
    gift = Gift("gift000000", GUILD, ALICE, BOB, 2, 5000, "=thanks")
    async with exporting.database.write() as tx:
        await ledger.grant(tx, gift, NOW)

    found = rows((await made(exporting)).ledger.data)

    assert tuple(found[0]) == ENTRY_COLUMNS
    assert [(row["kind"], row["member_id"], row["amount_usd"], row["videos"]) for row in found] == [
        ("grant", str(ALICE), "-0.5", "-2"),
        ("contra", "", "0.5", "2"),
    ]
    assert {(row["job"], row["actor_id"], row["reason"]) for row in found} == {("gift000000", str(BOB), "'=thanks")}


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        ("2026-03-28T22:59:59Z", False),
        ("2026-03-28T23:00:00Z", True),
        ("2026-03-29T21:59:59Z", True),
        ("2026-03-29T22:00:00Z", False),
    ],
)
async def test_days_are_the_servers_own_with_both_ends_and_all_their_hours(
    exporting: Exporting, at: str, is_in: bool
) -> None:
    """On this day, clocks in Berlin are put forward."""
    await choose(exporting.database, time_zone="Europe/Berlin")
    await add_reserved(exporting.database, job(created_at=datetime.fromisoformat(at).astimezone(UTC)))

    export = await made(exporting, "2026-03-29", "2026-03-29")

    assert len(rows(export.jobs.data)) == len(rows(export.ledger.data)) == is_in
    assert export.zone == "Europe/Berlin"
    for row in rows(export.jobs.data):
        assert row["created"] in {"2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"}


async def test_left_out_it_is_this_month_there(exporting: Exporting) -> None:
    await add(exporting.database, job(created_at=NOW.replace(month=2)))
    this = await add(exporting.database)

    export = await made(exporting)

    assert [row["id"] for row in rows(export.jobs.data)] == [this.id]
    assert (export.days.first.isoformat(), export.days.last.isoformat()) == ("2026-03-01", "2026-03-14")


async def test_another_server_is_in_no_file(exporting: Exporting) -> None:
    await add_reserved(exporting.database, job(guild_id=OTHER, server_id=OTHER))
    await add_reserved(exporting.database, job(guild_id=None))
    async with exporting.database.write() as tx:
        await guilds.save(tx, Guild(OTHER, GuildChoices(words=("theirs",))), ALICE)

    export = await made(exporting)

    assert (rows(export.jobs.data), rows(export.ledger.data)) == ([], [])
    assert b"theirs" not in export.settings


async def test_pages_are_joined_without_a_gap_or_a_repetition(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "ROWS_AT_ONCE", 2)
    exporting = Exporting(exporting.database, exporting.catalogue, exporting.clock)
    made_at = [NOW, NOW, NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)]
    videos = [await add_reserved(exporting.database, job(created_at=at)) for at in made_at]

    export = await made(exporting)

    assert [row["id"] for row in rows(export.jobs.data)] == [video.id for video in videos]
    assert [row["job"] for row in rows(export.ledger.data)] == [video.id for video in videos]


async def test_what_does_not_fit_is_left_out_from_a_day_that_is_told(exporting: Exporting) -> None:
    for days in range(12):
        await add_reserved(exporting.database, job(created_at=NOW - timedelta(days=12 - days)))
    whole = await made(exporting)
    limit = len(whole.settings) + len(whole.jobs.data) + 100

    export = await made(exporting, limit=limit)

    assert len(export.jobs.data) + len(export.ledger.data) + len(export.settings) <= limit
    found = rows(export.jobs.data)
    assert 0 < len(found) < 12
    assert export.jobs.ends_on is not None
    assert found[-1]["created"].startswith(export.jobs.ends_on.isoformat())
    assert (whole.jobs.ends_on, whole.ledger.ends_on) == (None, None)


async def test_who_has_asked_to_be_erased_is_in_no_row(exporting: Exporting) -> None:
    await add_reserved(exporting.database, state=JobState.RENDERING)
    async with exporting.database.write() as tx:
        await people.erase_before(tx, ALICE, NOW)
    later = await add_reserved(exporting.database, job(created_at=NOW + timedelta(seconds=1)))

    export = await made(exporting)

    videos, entries = rows(export.jobs.data), rows(export.ledger.data)
    assert [row["member_id"] for row in videos] == [row["member_id"] for row in entries] == ["", str(ALICE)]
    assert videos[-1]["id"] == later.id


async def test_an_account_of_nobody_has_no_member(exporting: Exporting) -> None:
    await add_reserved(exporting.database)
    async with exporting.database.write() as tx:
        await tx.exec_driver_sql("UPDATE accounts SET user_id = -1 WHERE kind = 'member'")

    assert [row["member_id"] for row in rows((await made(exporting)).ledger.data)] == [""]


async def test_the_settings_name_ids_as_text_and_amounts_in_dollars(exporting: Exporting) -> None:
    tier = Tier(videos_a_day=NO_LIMIT, month=50_000, approval_price=NO_LIMIT, models=frozenset({"sora-2"}))
    await choose(
        exporting.database,
        role_ids=frozenset({MOD_ROLE, CHANNEL}),
        log_channel_id=CHANNEL,
        tiers={MOD_ROLE: tier},
        budget_month=123_400,
        prices={"sora-2/10": 1500},
        words=("caf\u00e9",),
        show_money=True,
    )

    content = json.loads((await made(exporting)).settings, parse_int=lambda digits: int(digits) % 10**9)

    choices = content["choices"]
    assert content["server_id"] == str(GUILD)
    assert choices["role_ids"] == sorted([str(MOD_ROLE), str(CHANNEL)])
    assert choices["log_channel_id"] == str(CHANNEL)
    assert (choices["budget_month"], choices["prices"]) == ("12.34", {"sora-2/10": "0.15"})
    limits = choices["tiers"][str(MOD_ROLE)]
    assert (limits["videos_a_day"], limits["month"], limits["approval_price"]) == ("no limit", "5", "no limit")
    assert (limits["models"], limits["seconds"]) == (["sora-2"], None)
    assert (choices["words"], choices["show_money"]) == (["café"], True)


async def test_every_choice_is_in_the_settings(exporting: Exporting) -> None:
    content = json.loads((await made(exporting)).settings)

    assert set(content["choices"]) == set(GuildChoices.__dataclass_fields__)


async def test_what_is_no_date_is_refused(exporting: Exporting) -> None:
    with pytest.raises(UnknownDateError):
        await made(exporting, "tomorrow")


@pytest.mark.parametrize(
    "who",
    [asker(), asker(moderates=True), asker(operates=True), asker(guild_id=None, manages=True)],
    ids=["a member", "a moderator", "the operator", "in direct messages"],
)
async def test_nobody_but_managers_gets_files(exporting: Exporting, who: Asker) -> None:
    with pytest.raises(ManagersOnlyError):
        await exporting.of(who, "", "", MEBIBYTE)
