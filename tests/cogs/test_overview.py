"""/video-admin status, export and audit: what managers look at, and nobody else."""

import json
from datetime import timedelta

import pytest

from bot.administration.overview import ON_A_PAGE, Overview
from bot.domain.audit import Act, Action
from bot.domain.guild import Guild
from bot.domain.job import JobState
from bot.domain.notice import NoticeKind
from bot.gateway.errors import GatewayUnavailableError
from bot.policy import calendar
from bot.store import acts, guilds, notices
from cogs import paging
from sandbox.discord import Permission, Person, wait_until
from sandbox.discord.channels import Overwrite
from tests.bot.store.records import NOW, add, add_reserved, job
from tests.cogs.club import Club

ONLY_MANAGERS = "Only members who may manage this server can do that."
STAMP = int(NOW.timestamp())


def opened_to_everybody(club: Club) -> None:
    """A server may show a command to whom it wants, under Integrations."""
    (command,) = (item for item in club.server.commands.of(None) if item["name"] == "video-admin")
    command["default_member_permissions"] = None


def outsider(club: Club, name: str) -> Person:
    """Somebody who is no manager."""
    return {"a member": club.mia, "a moderator": club.mod}[name]


async def status_text(club: Club) -> str:
    answer = await club.manager.invoke("video-admin status", channel=club.videos)
    assert answer.ephemeral
    return answer.text


def overview(club: Club) -> Overview:
    return club.bot.services.overview


async def test_a_quiet_server_is_told_in_words(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)

    text = await status_text(club)

    assert "Approved by the operator of this bot." in text
    assert "The moderators have not paused videos." in text
    assert f"Log: <#{club.log.id}>" in text
    assert "None is on its way." in text
    assert f"I last looked for work <t:{STAMP}:R>." in text
    assert "### The video services, for all servers of this bot\n**myrouter** · ready\n" in text
    assert "No request has succeeded since I was started." in text
    assert "No requests in the last 15 min." in text


async def test_where_the_operator_has_declined_nothing_says_that_videos_can_be_ordered(club: Club) -> None:
    async with club.database.write() as tx:
        await guilds.save(tx, Guild(club.guild.id, declined=True), club.owner.user.id)

    text = await status_text(club)

    assert "The operator of this bot has declined to serve this server." in text
    assert "can be ordered" not in text


async def test_jobs_are_counted_and_the_oldest_that_waits_is_linked(club: Club) -> None:
    place = {"status_channel_id": club.videos.id, "status_message_id": 77}
    here = {"guild_id": club.guild.id, "server_id": club.guild.id}
    old = job(created_at=NOW - timedelta(minutes=5), **here)
    await add(club.database, old, **place)
    await add(club.database, job(**here))
    await add(club.database, job(state=JobState.UNSURE, **here))
    await add(club.database, job(state=JobState.AWAITING_APPROVAL, **here))

    text = await status_text(club)

    assert "2 videos wait to be ordered" in text
    assert "1 video has an unknown outcome" in text
    assert "1 video waits for approval" in text
    link = f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/77"
    assert f"The oldest that waits was asked for <t:{STAMP - 300}:R>: `{old.id}` {link}" in text


async def test_a_private_video_is_not_linked(club: Club) -> None:
    waiting = job(guild_id=club.guild.id, server_id=club.guild.id, private=True)
    await add(club.database, waiting, status_channel_id=5, status_message_id=77)

    text = await status_text(club)

    assert f"`{waiting.id}`" in text
    assert "/77" not in text


async def test_the_videos_of_another_server_are_not_counted(club: Club) -> None:
    await add(club.database, job(guild_id=5, server_id=5))

    assert "None is on its way." in await status_text(club)


async def test_what_keeps_videos_from_being_ordered_is_told(club: Club) -> None:
    await club.settle_in(pause="moving *house*")

    text = await status_text(club)

    assert "The moderators have paused videos: moving \\*house\\*" in text
    assert "There is no log channel: choose one with /video-admin setup." in text


async def test_an_operators_budget_that_is_used_up_is_told_with_the_time_at_which_it_ends(club: Club) -> None:
    _, tomorrow = calendar.day(NOW, "UTC")
    async with club.database.write() as tx:
        await notices.put(tx, 0, NoticeKind.PROCESS_BUDGET, {}, NOW, once=f"process:{NOW.date()}")

    text = await status_text(club)

    assert "This bot has reached its operator's budget for today, for all of its servers." in text
    assert f"<t:{tomorrow.timestamp():.0f}:R>" in text


async def test_a_log_channel_that_is_gone_or_closed_to_the_bot_is_told(club: Club) -> None:
    await club.settle_in(log_channel_id=5)
    gone = await status_text(club)
    await club.settle_in(log_channel_id=club.log.id)
    club.log.overwrite(club.server.world.application.bot.id, Overwrite(deny=Permission.ATTACH_FILES))

    closed = await status_text(club)

    assert "The log channel is gone, or I can't see it" in gone
    assert f"I can't post in the log channel <#{club.log.id}>: missing Attach Files." in closed


async def test_what_the_gateways_have_said_is_told(club: Club) -> None:
    gateways = overview(club).gateways
    (client,) = gateways.all
    client.health.note()
    client.health.note(GatewayUnavailableError())
    gateways.mark_retired("myrouter", "sora-2-video-reverse")
    gateways.mark_out_of_credit("myrouter", NOW + timedelta(days=10_000))

    out_of_credit = await status_text(club)
    gateways.mark_bad_key("myrouter")
    bad_key = await status_text(club)

    assert "gets no orders: it is out of credit, and is tried again <t:" in out_of_credit
    assert "1 of the last 2 requests failed (50 %); counted are up to 200 of the last 15 min." in out_of_credit
    assert "Last success <t:" in out_of_credit
    assert "No longer offered there: Sora 2." in out_of_credit
    assert "**myrouter** · gets no orders: it refuses this bot's key" in bad_key


@pytest.mark.parametrize("who", ["a member", "a moderator"])
@pytest.mark.parametrize("command", ["status", "export", "audit"])
async def test_the_commands_ask_who_it_is_even_if_discord_shows_them(club: Club, command: str, who: str) -> None:
    opened_to_everybody(club)

    answer = await (await outsider(club, who).invoke(f"video-admin {command}", channel=club.videos)).settled()

    assert answer.ephemeral
    assert answer.text == ONLY_MANAGERS


async def test_an_export_is_three_files_for_one_pair_of_eyes(club: Club) -> None:
    await add_reserved(club.database, job(guild_id=club.guild.id))
    await add_reserved(club.database, job(guild_id=5))
    days = {"from": "2026-03-01", "to": "2026-03-31"}

    answer = await (await club.manager.invoke("video-admin export", days, channel=club.videos)).settled()

    assert answer.ephemeral
    assert answer.text == (
        "Videos and books of this server from 2026-03-01 to 2026-03-31, both included, in the time zone UTC. "
        "They name members by id: keep them to yourself."
    )
    files = {file.filename: file.data for file in answer.reply.attachments}
    assert list(files) == ["jobs.csv", "ledger.csv", "settings.json"]
    assert files["jobs.csv"].count(b"\r\n") == files["ledger.csv"].count(b"\r\n") == 2
    assert json.loads(files["settings.json"])["server_id"] == str(club.guild.id)


async def test_an_export_that_does_not_fit_says_where_it_ends(club: Club) -> None:
    for _ in range(20):
        await add_reserved(club.database, job(guild_id=club.guild.id))
    whole = await (await club.manager.invoke("video-admin export", channel=club.videos)).settled()
    club.guild.upload_limit = sum(len(file.data) for file in whole.reply.attachments) // 2

    answer = await (await club.manager.invoke("video-admin export", channel=club.videos)).settled()

    assert "jobs.csv was too large and ends within 2026-03-14: export the rest from that day on." in answer.text
    assert sum(len(file.data) for file in answer.reply.attachments) <= club.guild.upload_limit


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"from": "March"}, "I can't read March as a date. Write it like 2026-03-31: year, month, day."),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "2026-03-02 comes after 2026-03-01."),
    ],
)
async def test_dates_that_are_none_are_refused(club: Club, days: dict[str, str], told: str) -> None:
    answer = await (await club.manager.invoke("video-admin export", days, channel=club.videos)).settled()

    assert answer.ephemeral
    assert answer.text.startswith(told)


async def recorded(club: Club, count: int, guild_id: int | None = None) -> None:
    """So many blocks by the manager, each with its number as the reason."""
    async with club.database.write() as tx:
        for number in range(1, count + 1):
            reason = f"reason {number}."
            guild = club.guild.id if guild_id is None else guild_id
            act = Act(NOW, guild, club.manager.user.id, Action.BLOCK, club.mia.user.id, reason=reason)
            await acts.add(tx, act)


async def test_the_record_is_told_newest_first_and_can_be_turned(club: Club) -> None:
    await recorded(club, ON_A_PAGE + 1)
    await recorded(club, 3, guild_id=5)

    answer = await club.manager.invoke("video-admin audit", channel=club.videos)
    first = answer.text
    await club.manager.click(answer.reply, "Next")

    assert answer.ephemeral
    assert "page 1 of 2" in first
    assert f"<t:{STAMP}:f> · <@{club.manager.user.id}> blocked a member" in first
    assert first.index(f"Reason: reason {ON_A_PAGE + 1}.") < first.index("Reason: reason 2.")
    assert "reason 1." not in first
    assert "page 2 of 2" in answer.reply.text
    assert "Reason: reason 1." in answer.reply.text


async def test_what_was_changed_by_a_command_stands_in_the_record(club: Club) -> None:
    blocked = {"member": club.mia.user, "for": "day", "reason": "spam"}
    await club.mod.invoke("video-mod block", blocked, channel=club.videos)

    text = (await club.manager.invoke("video-admin audit", channel=club.videos)).text

    assert text.count("blocked a member") == 1
    assert f"<@{club.mod.user.id}> blocked a member" in text
    assert f"<@{club.mia.user.id}> · until <t:{STAMP + 86_400}:f> · Reason: spam" in text


async def test_who_is_no_manager_any_more_turns_no_page(club: Club) -> None:
    await recorded(club, ON_A_PAGE + 1)
    panel = (await club.manager.invoke("video-admin audit", channel=club.videos)).reply
    club.manager_member.take(*club.manager_member.roles)

    answer = await club.manager.click(panel, "Next")

    assert answer.text == ONLY_MANAGERS
    assert "page 1 of 2" in panel.text


async def test_pages_that_nobody_turns_close_with_a_sentence(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)
    await recorded(club, ON_A_PAGE + 1)

    panel = (await club.manager.invoke("video-admin audit", channel=club.videos)).reply

    await wait_until(lambda: "/video-admin audit opens new ones." in panel.text)
    assert panel.buttons == {}
