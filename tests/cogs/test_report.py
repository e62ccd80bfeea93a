"""Report this video on messages, and what moderators do with the card."""

import asyncio

import pytest

from bot.domain.audit import Action
from bot.domain.job import Job, JobState, MessagePlace
from bot.store import acts, blocks, posts
from bot.store.posts import PostKind
from cogs import blocking
from cogs import question as question_
from sandbox.discord import Answer, Message, Overwrite, Permission, Person, wait_until
from sandbox.stops import Stage as Point
from tests.bot.client.stage import answering
from tests.bot.store.records import NOW
from tests.cogs.club import Club, commands_done
from tests.cogs.posting import copied, posted

MENU = "Report this video"
REASON = "What is wrong with it? (optional)"
THANKS = "Thank you. The moderators have been told."
TOLD_BEFORE = "The moderators have been told about this video already. Thank you."
NO_MODERATOR = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
FORBIDDEN = {"message": "Missing Permissions", "code": 50013}
GONE = "This video is no longer in my records."


@pytest.fixture
async def club(club: Club) -> Club:
    """The club with its log channel chosen."""
    await club.settle_in(log_channel_id=club.log.id)
    return club


async def sent(person: Person, message: Message, reason: str = "") -> Answer:
    """A report, once it is answered."""
    answer = await person.menu(MENU, message)
    assert answer.form is not None, answer.text
    return await (await person.submit(answer.form, {REASON: reason})).settled()


async def reported(club: Club, reason: str = "It is *rude*", **columns: object) -> tuple[Job, Message, Message]:
    """A video of Mia's that Tom has reported: the job, its post, and the card in the log channel."""
    job, post = await posted(club, "a @everyone cat", **columns)
    assert (await sent(club.tom, post, reason)).text == THANKS
    return job, post, card_of(club)


def card_of(club: Club) -> Message:
    (card,) = [message for message in club.log.history if message.is_v2]
    return card


async def test_a_report_becomes_a_card_for_the_moderators_and_pings_nobody(club: Club) -> None:
    job, post = await posted(club, "a @everyone *cat*")

    answer = await sent(club.tom, post, "It is *rude* @everyone")

    assert answer.ephemeral
    assert answer.text == THANKS
    card = card_of(club)
    assert card.text.split("\n") == [
        "## Reported video",
        f"<@{club.tom.user.id}> has reported a video by <@{club.mia.user.id}>.",
        "a @\u200beveryone \\*cat\\*",
        "Reason: It is \\*rude\\* @\u200beveryone",
        f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{post.id}",
        f"-# `{job.id}`",
    ]
    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]
    assert card.notified == []
    (kept,) = await club.ask(lambda tx: posts.of_job(tx, job.id))
    assert (kept.kind, kept.author_id) == (PostKind.REPORT, club.mia.user.id)
    assert (kept.place.channel_id, kept.place.message_id) == (club.log.id, card.id)


async def test_a_reason_is_not_asked_for_twice_nor_needed(club: Club) -> None:
    _, _, card = await reported(club, "")

    assert "Reason" not in card.text


async def test_the_longest_prompt_and_reason_fit_on_the_card(club: Club) -> None:
    _, post = await posted(club, "[" * 1000)

    assert (await sent(club.tom, post, "[" * 1000)).text == THANKS

    assert len(card_of(club).text) < 4000


async def test_a_second_report_is_thanked_and_tells_nobody_again(club: Club) -> None:
    _, post, _ = await reported(club)

    assert (await club.mod.menu(MENU, post)).text == TOLD_BEFORE
    assert len(club.log.history) == 1


async def test_two_reports_at_the_same_moment_make_one_card(club: Club) -> None:
    _, post = await posted(club)
    forms = [(person, (await person.menu(MENU, post)).form) for person in (club.tom, club.mod)]

    answers = await asyncio.gather(*(person.submit(form, {}) for person, form in forms))

    assert {(await answer.settled()).text for answer in answers} <= {THANKS, TOLD_BEFORE}
    card_of(club)


async def test_a_blocked_member_without_the_role_may_report(club: Club) -> None:
    await club.mod.invoke("video-mod block", {"member": club.tom.user, "for": "good"}, channel=club.videos)
    _, post = await posted(club)

    assert (await sent(club.tom, post)).text == THANKS


async def test_a_private_videos_copy_can_be_reported(club: Club) -> None:
    job, _ = await posted(club, private=True)
    copy = copied(club, job)

    assert (await sent(club.mod, copy)).text == THANKS

    assert f"https://discord.com/channels/{club.guild.id}/{club.log.id}/{copy.id}" in card_of(club).text


async def test_without_a_log_channel_the_member_is_sent_to_a_moderator(club: Club) -> None:
    await club.settle_in()
    _, post = await posted(club)

    answer = await club.tom.menu(MENU, post)

    assert answer.text == "This server has no log channel, so nobody would see your report. Please ask a moderator."


@pytest.mark.parametrize("deleted", [True, False])
async def test_a_log_channel_that_is_closed_is_told_and_the_report_can_be_sent_again(club: Club, deleted: bool) -> None:
    _, post = await posted(club)
    if deleted:
        club.log.delete()
    else:
        club.log.overwrite(club.guild.me.id, Overwrite(deny=Permission.SEND_MESSAGES))

    answer = await sent(club.tom, post)

    assert answer.ephemeral
    assert answer.text == (
        "I couldn't post in the log channel, so the moderators were not told. Please ask one of them."
    )
    if not deleted:
        club.log.overwrite(club.guild.me.id, Overwrite())
        assert (await sent(club.tom, post)).text == THANKS


async def test_what_is_no_video_removed_or_gone_can_not_be_reported(club: Club) -> None:
    _, removed = await posted(club, removed_at=NOW)
    gone, forgotten = await posted(club)
    async with club.database.write() as tx:
        await tx.exec_driver_sql(f"DELETE FROM jobs WHERE id = '{gone.id}'")

    assert (await club.mia.menu(MENU, club.tom.post(club.videos, "hm"))).text == "This is not one of my videos."
    assert (await club.tom.menu(MENU, forgotten)).text == GONE
    told = "A moderator removed this video, so it can't be used any more."
    assert (await club.tom.menu(MENU, removed)).text == told


async def removed(club: Club, card: Message) -> str:
    """What the moderator is told after Remove and Remove."""
    question = await club.mod.click(card, "Remove")
    assert question.ephemeral
    answer = await (await club.mod.click(question.reply, "Remove")).settled()
    return answer.text


async def test_remove_takes_the_video_away_for_good_and_tells_its_author(club: Club) -> None:
    job, post, card = await reported(club)
    copy = copied(club, job)
    async with club.database.write() as tx:
        await posts.put(tx, job.id, PostKind.LOG, job.author_id, _place(copy))

    told = await removed(club, card)

    assert told == "Removed: its posts are deleted, and nobody can get it back."
    assert (post.deleted, copy.deleted, card.deleted) == (True, True, False)
    assert card.buttons == {}
    assert f"**The video was removed. By <@{club.mod.user.id}>, <t:" in card.text
    assert "Reason: It is \\*rude\\*" in card.text
    (only,) = await club.jobs()
    assert only.removed_at == NOW
    assert [each.kind for each in await club.ask(lambda tx: posts.of_job(tx, job.id))] == [PostKind.REPORT]
    (message,) = club.mia.dms()
    assert (
        message.text
        == f"A moderator of Film Club has removed your video `{job.id}`.\nIts cost is reserved until it is settled."
    )


def _place(message: Message) -> MessagePlace:
    return MessagePlace(message.place.id, message.id)


async def test_nothing_is_removed_before_the_question_is_answered(club: Club) -> None:
    _, post, card = await reported(club)

    question = await club.mod.click(card, "Remove")
    answer = await club.mod.click(question.reply, "Keep")

    assert answer.text == "Nothing was removed."
    assert not post.deleted
    assert (await club.job()).removed_at is None
    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]


async def test_what_discord_does_not_let_the_bot_delete_is_told_with_its_place(club: Club) -> None:
    _, post, card = await reported(club)
    club.server.stops.at(Point.RECEIVED, "DELETE", rf".*/messages/{post.id}$", answering(403, FORBIDDEN))

    told = await removed(club, card)

    link = f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{post.id}"
    assert told == f"Removed: nobody can get it back. But Discord doesn't let me delete {link}. Please do it by hand."
    assert (await club.job()).removed_at == NOW


async def test_an_author_who_takes_no_messages_is_not_told_and_nothing_else_changes(club: Club) -> None:
    _, post, card = await reported(club)
    club.mia_member.close_direct_messages()

    assert (await removed(club, card)).startswith("Removed: its posts are deleted")

    assert post.deleted
    assert card.buttons == {}


LENGTHS = [("1 hour", 3600), ("1 day", 86_400), ("1 week", 7 * 86_400), ("for good", None)]


@pytest.mark.parametrize(("label", "seconds"), LENGTHS)
async def test_block_asks_for_how_long_and_is_written_on_the_card(club: Club, label: str, seconds: int | None) -> None:
    job, post, card = await reported(club)
    question = await club.mod.click(card, "Block")
    assert question.text == f"For how long shall <@{job.author_id}> make no videos here?"
    assert list(question.reply.buttons) == [*(label for label, _ in LENGTHS), "Not now"]

    answer = await club.mod.click(question.reply, label)
    await commands_done()

    until = None if seconds is None else int(NOW.timestamp()) + seconds
    ends = "any more" if until is None else f"until <t:{until}:f>"
    assert answer.text == f"<@{job.author_id}> can't make videos here {ends}."
    assert f"**{answer.text} By <@{club.mod.user.id}>, <t:" in card.text
    assert card.buttons == {}
    assert not post.deleted
    found = await club.ask(lambda tx: blocks.active(tx, club.guild.id, job.author_id, NOW))
    assert found is not None
    assert found.reason == f"report of {job.id}"
    refused = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    ends = "" if until is None else f" until <t:{until}:f>"
    assert refused.text == f"The moderators don't let you make videos here{ends}."


async def test_block_can_be_thought_better_of(club: Club) -> None:
    job, _, card = await reported(club)
    question = await club.mod.click(card, "Block")

    answer = await club.mod.click(question.reply, "Not now")

    assert (answer.text, list(answer.reply.buttons)) == ("Nobody was blocked.", [])
    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]
    assert await club.ask(lambda tx: blocks.active(tx, club.guild.id, job.author_id, NOW)) is None


async def test_a_double_press_blocks_once(club: Club) -> None:
    _, _, card = await reported(club)
    question = (await club.mod.click(card, "Block")).reply

    await asyncio.gather(club.mod.click(question, "1 day"), club.mod.click(question, "1 day"))
    await commands_done()

    record = await club.ask(lambda tx: acts.of_guild(tx, club.guild.id, offset=0, limit=9))
    assert [act.action for act in record] == [Action.BLOCK]


async def test_dismiss_closes_the_card_and_changes_nothing(club: Club) -> None:
    _, post, card = await reported(club)

    await club.mod.click(card, "Dismiss")

    assert card.buttons == {}
    assert f"**Nothing had to be done. By <@{club.mod.user.id}>, <t:" in card.text
    assert not post.deleted
    assert (await club.mod.menu(MENU, post)).text == TOLD_BEFORE


@pytest.mark.parametrize("button", ["Remove", "Block", "Dismiss"])
async def test_the_buttons_are_for_moderators_alone(club: Club, button: str) -> None:
    _, _, card = await reported(club)

    for person in (club.tom, club.mia):
        answer = await person.click(card, button)
        assert answer.ephemeral
        assert answer.text == NO_MODERATOR

    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]


@pytest.mark.parametrize(("button", "answer"), [("Remove", "Remove"), ("Block", "for good")])
async def test_the_right_is_looked_at_again_when_the_question_is_answered(club: Club, button: str, answer: str) -> None:
    job, _, card = await reported(club)
    question = await club.mod.click(card, button)
    member = club.guild.members[club.mod.user.id]
    member.take(*member.roles)

    told = await club.mod.click(question.reply, answer)

    assert told.text == NO_MODERATOR
    assert (await club.job()).removed_at is None
    assert await club.ask(lambda tx: blocks.active(tx, club.guild.id, job.author_id, NOW)) is None
    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]


async def test_a_report_of_a_video_that_was_removed_elsewhere_is_closed_with_that(club: Club) -> None:
    job, _, card = await reported(club)
    await (await club.mod.invoke("video-mod remove", {"video": job.id}, channel=club.videos)).settled()

    await club.mod.click(card, "Dismiss")

    assert f"**The video had been removed. By <@{club.mod.user.id}>, <t:" in card.text


async def test_a_report_on_a_video_that_is_forgotten_can_still_be_dismissed(club: Club) -> None:
    job, _, card = await reported(club)
    async with club.database.write() as tx:
        await tx.exec_driver_sql(f"DELETE FROM jobs WHERE id = '{job.id}'")

    assert (await club.mod.click(card, "Remove")).text == GONE
    assert (await club.mod.click(card, "Block")).text == GONE
    await club.mod.click(card, "Dismiss")
    assert card.buttons == {}


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("Remove", "Nothing was removed: you did not answer in time."),
        ("Block", "Nobody was blocked: you did not answer in time."),
    ],
)
async def test_a_question_that_is_not_answered_changes_nothing(
    club: Club, monkeypatch: pytest.MonkeyPatch, button: str, told: str
) -> None:
    monkeypatch.setattr(question_, "ANSWER_WITHIN_SECONDS", 0.05)
    monkeypatch.setattr(blocking, "ANSWER_WITHIN_SECONDS", 0.05)
    _, _, card = await reported(club)

    question = await club.mod.click(card, button)

    await wait_until(lambda: question.reply.text == told)
    assert question.reply.buttons == {}
    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]


async def test_a_running_video_is_stopped_by_its_report(club: Club) -> None:
    status = (await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)).reply
    await wait_until(lambda: bool(club.woken.jobs))
    await sent(club.tom, status)

    await removed(club, card_of(club))

    assert status.deleted
    assert (await club.job()).state is JobState.CANCELLED
