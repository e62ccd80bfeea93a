"""The questions and forms behind buttons, at their edges."""

import asyncio

import pytest

from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.preferences import Preferences
from bot.domain.standing import Standing
from bot.store import people
from cogs import question as questions
from cogs.cards import JobCards
from sandbox.discord import Message, Person, wait_until
from tests.cogs.club import NOTICE, Club

KEPT = "The person who made this video doesn't let others make new ones from it."
PRICED = "This costs about $0.15. Make it?"
BLOCKED = "This server's moderators don't allow a word in your prompt. Please rephrase it. Nothing was charged."
ALL = ("Again", "Remix", "Edit prompt")


async def posted(club: Club, by: Person) -> tuple[Job, Message]:
    """Somebody's finished video, and the bot's post of it."""
    await by.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    await wait_until(lambda: bool(club.woken.jobs))
    job = (await club.jobs())[-1]
    job = await club.move(job, gateway="myrouter", task_id=f"t-{job.id}", state=JobState.DELIVERED)
    cards = JobCards(club.bot.services.catalogue, NOTICE, club.bot.services.clock)
    post = cards.result(job, Standing(Settlement.CHARGED), size_bytes=None, posted_elsewhere=False)
    sent = await club.bot.get_partial_messageable(club.videos.id).send(post.content, view=post.view)
    job = await club.move(job, message_channel_id=club.videos.id, message_id=sent.id)
    return job, club.videos.messages[sent.id]


async def count(club: Club) -> int:
    """How many jobs there are."""
    return len(await club.jobs())


async def test_an_author_can_keep_others_from_making_new_ones(club: Club) -> None:
    _, post = await posted(club, club.mia)
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia.user.id, Preferences(others_may_remix=False))

    for label in ALL:
        answer = await club.owner.click(post, label)
        assert (answer.text, answer.ephemeral, answer.form) == (KEPT, True, None), label

    assert await count(club) == 1
    assert "**Queued" in (await club.mia.click(post, "Again")).text


async def test_a_question_about_money_that_nobody_answers_orders_nothing(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, post = await posted(club, club.mia)
    await club.settle_in(confirm_above=1499)
    monkeypatch.setattr(questions, "ANSWER_WITHIN_SECONDS", 0.05)

    question = await club.mia.click(post, "Again")

    await wait_until(lambda: not question.reply.buttons)
    assert question.text == "Nothing was ordered: you did not answer in time."
    assert await count(club) == 1


async def test_a_question_about_money_is_asked_above_the_amount_only(club: Club) -> None:
    _, post = await posted(club, club.mia)
    await club.settle_in(confirm_above=1500)

    assert "**Queued" in (await club.mia.click(post, "Again")).text


async def test_two_presses_on_make_it_order_once(club: Club) -> None:
    _, post = await posted(club, club.mia)
    await club.settle_in(confirm_above=1499)
    question = await club.mia.click(post, "Again")
    asked = question.text

    answers = await asyncio.gather(*(club.mia.click(question.reply, "Make it") for _ in range(2)))

    assert asked == PRICED
    assert sorted(answer.ephemeral for answer in answers) == [False, True]
    assert await count(club) == 2


async def test_what_is_refused_after_the_question_is_told_and_the_question_ends(club: Club) -> None:
    _, post = await posted(club, club.mia)
    await club.settle_in(confirm_above=1499)
    question = await club.mia.click(post, "Again")
    await club.settle_in(confirm_above=1499, words=("cat",))

    answer = await club.mia.click(question.reply, "Make it")

    assert (answer.text, answer.ephemeral) == (BLOCKED, True)
    await wait_until(lambda: question.reply.deleted)
    assert await count(club) == 1


async def test_a_remix_that_is_refused_keeps_what_was_typed(club: Club) -> None:
    _, post = await posted(club, club.mia)
    await club.settle_in(words=("rain",))
    form = (await club.mia.click(post, "Remix")).form
    assert form is not None

    refused = await club.mia.submit(form, {"What shall change": "in the rain"})
    again = (await club.mia.click(refused.reply, "Change it")).form

    assert refused.text == BLOCKED
    assert again is not None
    assert again.data["components"][0]["component"]["value"] == "in the rain"
    assert await count(club) == 1


async def test_a_moderator_who_deletes_a_video_of_their_own_removes_nothing(club: Club) -> None:
    job, post = await posted(club, club.owner)

    question = await (await club.owner.click(post, "Delete")).settled()
    asked = question.text
    await (await club.owner.click(question.reply, "Delete")).settled()

    assert asked.startswith("Delete this video's post?")
    assert post.deleted
    assert (await club.job()).removed_at is None
    assert job.id == (await club.job()).id


async def test_without_records_no_video_is_offered_for_a_remix(club: Club) -> None:
    club.database.path.unlink()
    await club.database.reader.dispose()

    assert await club.mia.autocomplete("remix", "video", "", channel=club.videos) == []
