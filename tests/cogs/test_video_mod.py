"""/video-mod remove, block and unblock."""

from datetime import timedelta

import pytest

from bot.domain.block import Block
from bot.store import blocks
from sandbox.discord import Answer, ClientRefusesError
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.posting import posted


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
    [("remove", ("video",)), ("block", ("member", "for")), ("unblock", ("member",))],
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
    assert answer.text == "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
    assert not post.deleted
    assert await block_of_mia(club) is None
    assert await club.tom.autocomplete("video-mod remove", "video", "", channel=club.videos) == []
