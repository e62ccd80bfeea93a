"""What people do with their own videos and records: look back, get one again, choose, export, erase."""

import asyncio
import json

import pytest

from bot.domain.job import Job, JobState
from bot.domain.request import VideoRequest
from bot.domain.tier import NO_LIMIT, Tier
from bot.store import ledger
from cogs import paging, question
from sandbox.discord import Answer, Message, Person, wait_until
from sandbox.stops import Stage as Point
from tests.bot.client.stage import answering
from tests.bot.store.records import NOW, SECOND, add_reserved, job
from tests.cogs.club import Club, nothing_unhandled

GONE = "This video is no longer in my records."
GIVEN = "A manager lets you spend more than usual this month."
COMMANDS = ["queue", "history", "usage", "preferences", "export", "erase"]


async def made(club: Club, count: int = 1, **columns: object) -> list[Job]:
    """Ended videos of Mia's, the newest last."""
    return [
        await add_reserved(
            club.database,
            job(
                author_id=club.mia_member.id,
                guild_id=club.guild.id,
                server_id=club.guild.id,
                channel_id=club.videos.id,
                request=VideoRequest(f"film {number}", 10, "16:9"),
                created_at=NOW - 60 * SECOND + number * SECOND,
            ),
            **({"state": JobState.DELIVERED} | columns),
        )
        for number in range(count)
    ]


async def posted(club: Club) -> tuple[Job, Message]:
    """A video of Mia's that stands in #videos."""
    sent = await club.bot.get_partial_messageable(club.videos.id).send("a video")
    (one,) = await made(club, message_channel_id=club.videos.id, message_id=sent.id)
    return one, club.videos.messages[sent.id]


async def run(club: Club, command: str, person: Person | None = None, **options: object) -> Answer:
    """/my-videos …, by Mia or somebody else."""
    answer = await (person or club.mia).invoke(f"my-videos {command}", options, channel=club.videos)
    return await answer.settled()


@pytest.mark.parametrize("command", COMMANDS)
async def test_everything_about_oneself_is_private(club: Club, command: str) -> None:
    await made(club)

    for person in (club.mia, club.tom):
        assert (await run(club, command, person)).ephemeral

    assert club.videos.history == []


async def test_the_pages_are_turned_in_place(club: Club) -> None:
    await made(club, 7)
    panel = (await run(club, "history")).reply
    first = panel.text
    buttons = {label: button.disabled for label, button in panel.buttons.items()}

    await club.mia.click(panel, "Next")
    second = panel.text
    await club.mia.click(panel, "Previous")

    assert "**7 videos of yours · page 1 of 2**" in first
    assert ("film 6" in first, "film 1" in first) == (True, False)
    assert ("film 6" in second, "film 1" in second) == (False, True)
    assert panel.text == first
    assert buttons == {"Previous": True, "Next": False}


async def test_the_history_of_somebody_without_videos_has_no_buttons(club: Club) -> None:
    panel = (await run(club, "history", club.tom)).reply

    assert (panel.buttons, panel.selects) == ({}, {})


async def test_a_page_that_nobody_turns_closes_itself(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)
    await made(club, 7)

    panel = (await run(club, "history")).reply

    await wait_until(lambda: not panel.buttons)
    assert "film 6" in panel.text
    assert "These buttons are closed; /my-videos history opens new ones." in panel.text


async def test_a_page_that_was_dismissed_ends_quietly(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)

    with nothing_unhandled():
        panel = (await run(club, "history")).reply
        panel.delete()
        await wait_until(lambda: any(each.method == "PATCH" and each.status for each in club.server.exchanges.recorded))
        await asyncio.sleep(0.02)

    assert panel.deleted


async def test_a_video_whose_post_stands_is_linked_to(club: Club) -> None:
    one, post = await posted(club)

    by_command = await run(club, "show", video=f" `{one.id.upper()}` ")
    panel = (await run(club, "history")).reply
    by_menu = await (await club.mia.select(panel, next(iter(panel.selects)), [one.id])).settled()

    link = f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{post.id}"
    assert by_command.text == by_menu.text == f"Your video is here: {link}"
    assert by_menu.ephemeral


async def test_a_post_that_can_not_be_looked_at_is_taken_to_stand(club: Club) -> None:
    one, _ = await posted(club)
    refuse = answering(403, {"message": "Missing Access", "code": 50001})
    club.server.stops.at(Point.RECEIVED, "GET", "/api/v10/channels/", refuse)

    assert (await run(club, "show", video=one.id)).text.startswith("Your video is here: ")


async def test_a_post_that_is_gone_is_noticed_and_the_video_is_looked_for(club: Club) -> None:
    one, post = await posted(club)
    post.delete()

    answer = await run(club, "show", video=one.id)

    # Nothing knows a gateway of this video here.
    assert answer.text == "The video service doesn't have this video any more, so I can't show it again."
    assert answer.ephemeral
    assert (await club.job()).message is None


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            {"state": JobState.FAILED},
            "Nothing came of this order, so there is no video to show.",
        ),
        ({"removed_at": NOW}, "A moderator removed this video, so it can't be used any more."),
    ],
)
async def test_what_can_not_be_shown_is_said(club: Club, columns: dict[str, object], told: str) -> None:
    (one,) = await made(club, 1, **columns)

    assert (await run(club, "show", video=one.id)).text == told


async def test_a_video_on_its_way_is_pointed_to(club: Club) -> None:
    (one,) = await made(club, state=JobState.RENDERING)

    assert (await run(club, "show", video=one.id)).text == f"This video is still on its way: `{one.id}`"


async def test_the_videos_of_others_do_not_exist(club: Club) -> None:
    one, _ = await posted(club)

    for person in (club.tom, club.mod, club.owner):
        assert (await run(club, "show", person, video=one.id)).text == GONE
        assert await club.bot.services.history.finished(person.user.id, "") == []


async def test_show_offers_finished_videos_by_their_words(club: Club) -> None:
    await made(club, 3)

    async def offered(typed: str, person: Person = club.mia) -> list[str]:
        choices = await person.autocomplete("my-videos show", "video", typed, channel=club.videos)
        return [choice["name"].partition(" · ")[2] for choice in choices]

    assert await offered("") == ["film 2", "film 1", "film 0"]
    assert await offered("1 FILM") == ["film 1"]
    assert await offered("", club.tom) == []


async def test_without_records_nothing_is_offered(club: Club) -> None:
    club.database.path.unlink()
    await club.database.reader.dispose()

    assert await club.mia.autocomplete("my-videos show", "video", "", channel=club.videos) == []


async def test_usage_is_told_here(club: Club) -> None:
    await made(club, 2)

    assert "Today: 2 of 3." in (await run(club, "usage")).text
    assert "Today: 0 of 3." in (await run(club, "usage", club.tom)).text


async def test_usage_is_told_with_the_limits_of_ones_roles(club: Club) -> None:
    tiers = {club.makers.id: Tier(videos_a_day=NO_LIMIT, at_once=4, month=10_000), club.guild.id: Tier(month=5_000)}
    await club.settle_in(tiers=tiers, show_money=True)
    await made(club, 2)

    mine, toms = (await run(club, "usage")).text, (await run(club, "usage", club.tom)).text

    assert "Today: 2, no limit." in mine
    assert "On their way now: 0 of 4\n" in mine
    assert "Cost this month: $0.30 of $1.00" in mine
    assert "Today: 0 of 3." in toms
    assert "Cost this month: $0.00 of $0.50" in toms


async def test_usage_has_what_a_manager_has_given_in_its_limits(club: Club) -> None:
    await club.settle_in(tiers={club.guild.id: Tier(month=5_000)}, show_money=True)
    await made(club, 2)
    gift = ledger.Gift("g", club.guild.id, club.mia_member.id, club.guild.owner.id, 3, 20_000, "for the festival")
    async with club.database.write() as tx:
        await ledger.grant(tx, gift, NOW)

    text = (await run(club, "usage")).text

    assert "Today: 2 of 6." in text
    assert "This month: 2\n" in text
    assert "Cost this month: $0.30 of $2.50\n$2.00 of the $2.50 were given to you by a manager" in text
    by_moderator = await club.owner.invoke("video-mod usage", {"member": club.mia_member}, channel=club.videos)
    assert "Today: 2 of 6." in by_moderator.text
    assert "Cost this month: $0.30 of $2.50" in by_moderator.text


async def test_usage_hides_money_where_managers_do_not_show_it(club: Club) -> None:
    await made(club)

    assert "$" not in (await run(club, "usage")).text


async def test_a_limit_of_dollars_is_told_without_them_where_managers_do_not_show_money(club: Club) -> None:
    await club.settle_in(tiers={club.guild.id: Tier(month=5_000)})
    await made(club, 2)
    gift = ledger.Gift("g", club.guild.id, club.mia_member.id, club.guild.owner.id, 0, 5_000, "")

    before = (await run(club, "usage")).text
    async with club.database.write() as tx:
        await ledger.grant(tx, gift, NOW)
    after = (await run(club, "usage")).text

    assert "$" not in before + after
    assert before.endswith("This month: 2\n60 % of your video budget for this month is used.")
    assert after.endswith("30 % of your video budget for this month is used.\n" + GIVEN)


async def test_a_manager_sees_dollars_that_members_do_not(club: Club) -> None:
    await club.settle_in(tiers={club.guild.id: Tier(month=5_000)})

    assert "Cost this month: $0.00 of $0.50" in (await run(club, "usage", club.owner)).text


async def test_an_export_is_a_file_of_ones_own(club: Club) -> None:
    await made(club, 2)

    mine, of_tom = await run(club, "export"), await run(club, "export", club.tom)

    assert mine.text == "This is all that I keep about you, and nothing of anybody else."
    assert [each["prompt"] for each in _content(mine)] == ["film 1", "film 0"]
    assert _content(of_tom) == []


def _content(answer: Answer) -> list[dict[str, object]]:
    (file,) = answer.reply.attachments
    assert file.filename == "clapboard-export.json"
    videos: list[dict[str, object]] = json.loads(file.data)["videos"]
    return videos


async def test_an_export_that_does_not_fit_says_what_it_leaves_out(club: Club) -> None:
    await made(club, 3)
    size = len((await run(club, "export")).reply.attachments[0].data)
    club.guild.upload_limit = size - 100

    answer = await run(club, "export")

    assert len(answer.reply.attachments[0].data) < size - 100
    assert "The oldest 1 video did not fit into the file." in answer.text


async def test_erasing_asks_first_and_says_what_stays(club: Club) -> None:
    await made(club)

    asked = await run(club, "erase")
    text = asked.text
    kept = await club.mia.click(asked.reply, "Keep")

    for said in ("your characters", "Amounts stay in the server's books without your name", "a moderator's block"):
        assert said in text
    assert kept.text == "Nothing was erased."
    assert len(await club.jobs()) == 1


async def test_erasing_erases(club: Club) -> None:
    await made(club, 2)
    await made(club, state=JobState.RENDERING)
    await made(club, state=JobState.QUEUED)
    asked = await run(club, "erase")

    answer = await (await club.mia.click(asked.reply, "Erase everything")).settled()

    assert answer.text == (
        "Erased. Files and messages for moderators follow within about an hour.\n"
        "1 video was cancelled, not charged.\n"
        "1 video is ordered already: it counts, is not posted, and is erased when it ends."
    )
    assert [each.state for each in await club.jobs()] == [JobState.RENDERING, JobState.CANCELLED]
    assert "None of your videos" not in (await run(club, "history")).text
    assert await club.ask(lambda tx: ledger.videos_since(tx, NOW - 60 * SECOND, club.guild.id, club.mia_member.id)) == 3


async def test_a_question_that_is_not_answered_erases_nothing(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "ANSWER_WITHIN_SECONDS", 0.05)
    await made(club)

    asked = await run(club, "erase")

    await wait_until(lambda: not asked.reply.buttons)
    assert asked.text == "Nothing was erased: you did not answer in time."
    assert len(await club.jobs()) == 1
