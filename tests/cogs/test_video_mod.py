"""/video-mod queue, cancel, remove, block, unblock, pause, resume and usage."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.administration.oversight import PER_PAGE
from bot.domain.audit import Act, Action
from bot.domain.block import Block
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.tier import NO_LIMIT, Tier
from bot.store import acts, blocks, jobs
from sandbox.discord import Answer, ClientRefusesError, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.posting import posted

MODERATORS_ONLY = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."


async def moderated(club: Club, name: str, options: dict[str, object]) -> Answer:
    answer = await club.mod.invoke(f"video-mod {name}", options, channel=club.videos)
    return await answer.settled()


async def block_of_mia(club: Club) -> Block | None:
    return await club.ask(lambda tx: blocks.active(tx, club.guild.id, club.mia.user.id, NOW))


async def test_block_and_unblock_are_private_and_change_what_the_member_may_do(club: Club) -> None:
    mia = club.mia.user
    blocked = await moderated(club, "block", {"member": mia, "for": "day", "reason": "spam"})

    assert blocked.ephemeral
    assert blocked.text == f"<@{mia.id}> can't make videos here until <t:{int(NOW.timestamp()) + 86_400}:f>."
    assert await block_of_mia(club) == Block(club.guild.id, mia.id, club.mod.user.id, NOW + timedelta(days=1), "spam")
    refused = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    assert refused.text == f"The moderators don't let you make videos here until <t:{int(NOW.timestamp()) + 86_400}:f>."

    unblocked = await moderated(club, "unblock", {"member": mia})

    assert unblocked.ephemeral
    assert unblocked.text == f"<@{mia.id}> may make videos here again."
    assert "**Queued" in (await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)).text


async def test_a_block_for_good_names_no_time(club: Club) -> None:
    answer = await moderated(club, "block", {"member": club.mia.user, "for": "good"})

    assert answer.text == f"<@{club.mia.user.id}> can't make videos here any more."


async def test_managers_are_blocked_like_others(club: Club) -> None:
    await moderated(club, "block", {"member": club.manager.user, "for": "good"})

    refused = await club.manager.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    assert refused.text == "The moderators don't let you make videos here."


async def test_who_is_not_blocked_can_not_be_unblocked(club: Club) -> None:
    assert (await moderated(club, "unblock", {"member": club.tom.user})).text == (
        f"<@{club.tom.user.id}> is not blocked here."
    )


async def test_the_lengths_are_offered_as_choices(club: Club) -> None:
    with pytest.raises(ClientRefusesError):
        await moderated(club, "block", {"member": club.mia.user, "for": "a year"})


async def test_remove_takes_an_id_however_it_was_pasted_and_tells_the_author_why(club: Club) -> None:
    job, post = await posted(club)

    answer = await moderated(club, "remove", {"video": f" `{job.id.upper()}` ", "reason": "too *rude*"})

    assert answer.ephemeral
    assert answer.text == "Removed: its posts are deleted, and nobody can get it back."
    assert post.deleted
    (told,) = club.mia.dms()
    removed = f"A moderator of Film Club has removed your video `{job.id}`."
    assert told.text == f"{removed}\nIts cost is reserved until it is settled.\nReason: too \\*rude\\*"


async def test_remove_once_more_finishes_what_was_left_and_tells_nobody_twice(club: Club) -> None:
    job, _ = await posted(club)
    await moderated(club, "remove", {"video": job.id})

    answer = await moderated(club, "remove", {"video": job.id})

    assert answer.text == "Removed: its posts are deleted, and nobody can get it back."
    assert len(club.mia.dms()) == 1


async def test_the_author_may_be_the_moderator_and_is_not_told_what_they_did(club: Club) -> None:
    job, _ = await posted(club)
    await club.move(job, author_id=club.mod.user.id)

    await moderated(club, "remove", {"video": job.id})

    assert club.mod.dms() == []


async def test_the_buttons_of_a_removed_video_answer_that_it_is_gone(club: Club) -> None:
    job, post = await posted(club)
    await club.move(job, removed_at=NOW)

    answer = await club.mia.click(post, "Again")

    assert answer.text == "A moderator removed this video, so it can't be used any more."


@pytest.mark.parametrize("video", ["nonsense", "0000000000"])
async def test_a_video_that_is_not_known_is_said_to_be_gone(club: Club, video: str) -> None:
    assert (await moderated(club, "remove", {"video": video})).text == "This video is no longer in my records."


async def test_the_servers_videos_are_offered_with_their_prompts(club: Club) -> None:
    job, _ = await posted(club, "a *cat*\nin the rain")

    offered = await club.mod.autocomplete("video-mod remove", "video", "CAT", channel=club.videos)

    assert [(choice["name"], choice["value"]) for choice in offered] == [(f"{job.id} · a *cat* in the rain", job.id)]
    assert await club.mod.autocomplete("video-mod remove", "video", "dog", channel=club.videos) == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("remove", ("video",)),
        ("block", ("member", "for")),
        ("unblock", ("member",)),
        ("queue", ()),
        ("cancel", ("video",)),
        ("pause", ()),
        ("resume", ()),
        ("usage", ()),
        ("usage", ("member",)),
        ("words", ()),
    ],
)
async def test_the_commands_ask_who_it_is_even_if_discord_shows_them(
    club: Club, name: str, options: tuple[str, ...]
) -> None:
    job, post = await posted(club)
    (command,) = (item for item in club.server.commands.of(None) if item["name"] == "video-mod")
    command["default_member_permissions"] = None
    values = {"video": job.id, "member": club.mia.user, "for": "good"}

    answer = await club.tom.invoke(
        f"video-mod {name}", {option: values[option] for option in options}, channel=club.videos
    )

    assert answer.ephemeral
    assert answer.text == MODERATORS_ONLY
    assert not post.deleted
    assert await block_of_mia(club) is None
    assert (await club.chosen()).choices.pause is None
    for asked in ("remove", "cancel"):
        assert await club.tom.autocomplete(f"video-mod {asked}", "video", "", channel=club.videos) == []


async def ordered(club: Club, prompt: str = "a cat") -> Job:
    """A video of Mia's that is in line."""
    await club.mia.invoke("video", {"prompt": prompt}, channel=club.videos)
    await wait_until(lambda: bool(club.woken.jobs))
    job_id = club.woken.jobs.pop()
    return next(each for each in await club.jobs() if each.id == job_id)


async def test_the_queue_is_private_and_says_who_what_and_where(club: Club) -> None:
    job = await ordered(club, "a *cat*")

    answer = await moderated(club, "queue", {})

    assert answer.ephemeral
    assert job.status is not None
    link = f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{job.status.message_id}"
    head = f"**1 video of this server on its way**\na \\*cat\\*\n-# 1 · <@{club.mia.user.id}> · Queued · #1 in line"
    assert answer.text == f"{head} · {link} · `{job.id}`"
    assert answer.reply.mentions == []


async def test_an_empty_queue_says_so(club: Club) -> None:
    assert (await moderated(club, "queue", {})).text == "This server has no videos on their way."


async def test_a_private_video_is_in_the_queue_without_a_link_that_nobody_could_follow(club: Club) -> None:
    await (await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)).settled()

    text = (await moderated(club, "queue", {})).text

    assert " · private · " in text
    assert "https://" not in text


async def crowded(club: Club, count: int) -> None:
    """So many more videos of Mia's on their way."""
    first = await ordered(club)
    async with club.database.write() as tx:
        for number in range(count - 1):
            later = replace(first, id=f"{number:010d}", created_at=NOW + timedelta(seconds=number + 1))
            assert await jobs.add(tx, later, number + 1)


async def test_a_long_queue_is_turned_page_by_page_with_running_numbers(club: Club) -> None:
    await crowded(club, PER_PAGE + 2)

    answer = await moderated(club, "queue", {})
    first = answer.text
    second = (await club.mod.click(answer.reply, "Next")).text

    assert "**12 videos of this server on their way**" in first
    assert "page 1 of 2" in first
    assert "-# 10 · " in first
    assert "-# 11 · " not in first
    assert "-# 11 · " in second
    assert "page 2 of 2" in second


async def test_who_is_no_moderator_any_more_turns_no_page(club: Club) -> None:
    await crowded(club, PER_PAGE + 1)
    answer = await moderated(club, "queue", {})
    member = club.guild.members[club.mod.user.id]
    member.take(*member.roles)

    assert (await club.mod.click(answer.reply, "Next")).text == MODERATORS_ONLY


async def test_cancel_stops_any_video_of_the_server_and_is_recorded(club: Club) -> None:
    job = await ordered(club)

    answer = await moderated(club, "cancel", {"video": f" `{job.id.upper()}` "})

    assert answer.ephemeral
    assert answer.text == "Cancelled, not charged."
    assert (await club.job()).state is JobState.CANCELLED
    assert await club.settlement(job) is Settlement.REFUNDED
    assert club.woken.jobs == [job.id]
    recorded = await club.ask(lambda tx: acts.on_job(tx, job.id))
    assert recorded == [Act(NOW, club.guild.id, club.mod.user.id, Action.CANCEL, club.mia.user.id, job.id)]


async def test_what_is_ordered_already_is_not_posted_and_its_author_reads_it_on_the_status(club: Club) -> None:
    job = await ordered(club)
    await club.move(job, state=JobState.RENDERING)

    answer = await moderated(club, "cancel", {"video": job.id})

    assert answer.text == "I won't post it. Its status message tells its author, and what came of its cost."
    assert (await club.job()).dont_post


async def test_what_one_stops_of_ones_own_is_no_act_of_moderation(club: Club) -> None:
    job = await ordered(club)
    await club.mia.invoke("my-videos cancel", {"video": job.id}, channel=club.videos)

    assert await club.ask(lambda tx: acts.on_job(tx, job.id)) == []


async def test_running_videos_are_offered_to_cancel(club: Club) -> None:
    job = await ordered(club, "a *cat*")

    offered = await club.mod.autocomplete("video-mod cancel", "video", "CAT", channel=club.videos)

    assert [choice["value"] for choice in offered] == [job.id]
    await club.move(job, state=JobState.DELIVERED)
    assert await club.mod.autocomplete("video-mod cancel", "video", "", channel=club.videos) == []


@pytest.mark.parametrize("name", ["cancel", "remove"])
async def test_a_video_of_another_server_is_gone_here(club: Club, name: str) -> None:
    job = await ordered(club)
    await club.move(job, guild_id=club.guild.id + 1)

    answer = await moderated(club, name, {"video": job.id})

    assert answer.text == "This video is no longer in my records."
    found = await club.job()
    assert (found.state, found.dont_post, found.removed_at) == (JobState.QUEUED, False, None)


async def test_a_pause_refuses_orders_with_its_reason_and_leaves_what_runs(club: Club) -> None:
    job = await ordered(club)

    paused = await moderated(club, "pause", {"reason": "*spam* @everyone"})
    refused = await club.manager.invoke("video", {"prompt": "a dog"}, channel=club.videos)

    assert paused.ephemeral
    assert paused.text == "Videos are paused. What is on its way goes on; /video-mod resume ends the pause."
    assert refused.ephemeral
    assert refused.text == "The moderators have paused videos: \\*spam\\* @\u200beveryone"
    assert (await club.job()).state is JobState.QUEUED
    assert (await moderated(club, "cancel", {"video": job.id})).text == "Cancelled, not charged."


async def test_a_resumed_server_takes_orders_again(club: Club) -> None:
    await moderated(club, "pause", {})
    refused = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    resumed = await moderated(club, "resume", {})
    again = await moderated(club, "resume", {})

    assert refused.text == "The moderators have paused videos for now."
    assert resumed.text == "Videos can be made here again."
    assert "**Queued" in (await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)).text
    assert again.text == "Videos are not paused here."


async def test_usage_names_those_who_made_most_and_money_to_managers_only(club: Club) -> None:
    await ordered(club)

    seen = await moderated(club, "usage", {})
    by_manager = await club.owner.invoke("video-mod usage", channel=club.videos)

    since = "<t:1772323200:d>"
    line = f"1. <@{club.mia.user.id}> · 1 video"
    assert seen.ephemeral
    assert seen.text == f"## Who has made most since {since}\n{line}"
    assert by_manager.text == f"## Who has made most since {since}\n{line} · $0.15\nThe whole server: $0.15"
    assert seen.reply.mentions == []


async def test_usage_of_a_month_without_videos_says_so(club: Club) -> None:
    assert (await moderated(club, "usage", {})).text.endswith("\nNobody has made a video this month.")


async def test_usage_of_a_member_has_sums_and_limits(club: Club) -> None:
    await ordered(club)

    answer = await moderated(club, "usage", {"member": club.mia.user})
    by_manager = await club.owner.invoke("video-mod usage", {"member": club.mia.user}, channel=club.videos)

    lines = answer.text.splitlines()
    assert answer.ephemeral
    assert lines[0] == f"## Videos of <@{club.mia.user.id}>"
    assert lines[1].startswith("Today: 1 of 3. The next day begins <t:")
    assert lines[2:] == ["On their way now: 1 of 1", "This month: 1"]
    assert by_manager.text.splitlines()[4:] == ["Cost today: $0.15", "Cost this month: $0.15"]


async def test_the_month_of_a_tier_is_told_beside_what_was_spent(club: Club) -> None:
    await club.settle_in(show_money=True, tiers={club.guild.id: Tier(videos_a_day=NO_LIMIT, month=70_000)})
    await ordered(club)

    text = (await moderated(club, "usage", {"member": club.mia.user})).text

    assert "Today: 1, no limit." in text
    assert text.endswith("Cost this month: $0.15 of $7.00")


async def test_nobody_blocks_themselves(club: Club) -> None:
    answer = await moderated(club, "block", {"member": club.mod.user, "for": "good"})

    assert answer.text == "You can't block yourself."


async def test_the_moderator_role_of_setup_may_do_all_of_it(club: Club) -> None:
    helpers = club.guild.add_role("Helpers")
    helper = club.person(club.guild.add_member("hal", roles=[helpers]))
    await club.settle_in(moderator_role_id=helpers.id)
    (command,) = (item for item in club.server.commands.of(None) if item["name"] == "video-mod")
    command["default_member_permissions"] = None
    job = await ordered(club)
    calls: list[tuple[str, dict[str, object], str]] = [
        ("queue", {}, "**1 video of this server on its way**"),
        ("cancel", {"video": job.id}, "Cancelled, not charged."),
        ("remove", {"video": job.id}, "Removed"),
        ("block", {"member": club.mia.user, "for": "hour"}, "can't make videos here until"),
        ("unblock", {"member": club.mia.user}, "may make videos here again."),
        ("pause", {"reason": "too much"}, "Videos are paused."),
        ("resume", {}, "Videos can be made here again."),
        ("usage", {}, "## Who has made most since"),
        ("words", {}, "## Blocked words"),
    ]

    for name, options, told in calls:
        answer = await (await helper.invoke(f"video-mod {name}", options, channel=club.videos)).settled()
        assert told in answer.text, name
        assert answer.ephemeral
