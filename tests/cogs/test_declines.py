"""Five declined prompts a day: what the member is told, by command, form and button, and how moderators end it."""

from bot.domain.block import BY_THE_BOT
from bot.domain.job import JobState
from bot.domain.notice import NoticeKind
from bot.store import blocks, notices
from sandbox.discord import Answer
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.posting import posted

REFUSED = "This server's moderators don't allow a word in your prompt. Please rephrase it. Nothing was charged."
TOMORROW = "<t:1773532800:R>"
PAUSED = f"{REFUSED} That makes 5 declined prompts today, so you can make videos here again {TOMORROW}."
LATER = f"Too many of your prompts were declined today. You can make videos here again {TOMORROW}."


async def ordered(club: Club, prompt: str = "a volcano") -> Answer:
    return await club.mia.invoke("video", {"prompt": prompt}, channel=club.videos)


async def test_the_fifth_refusal_says_until_when_and_then_nothing_is_taken(club: Club) -> None:
    await club.settle_in(words=("volcano",))

    told = [await ordered(club) for _ in range(5)]
    harmless = await ordered(club, "a cat")

    assert [answer.text for answer in told] == [*[REFUSED] * 4, PAUSED]
    assert all(answer.ephemeral for answer in told)
    assert (harmless.text, harmless.ephemeral) == (LATER, True)
    assert await club.jobs() == []
    (notice,) = await club.ask(lambda tx: notices.due(tx, NOW, limit=9))
    assert (notice.kind, notice.about["member"]) == (NoticeKind.DECLINED_PROMPTS, club.mia.user.id)


async def test_moderators_let_somebody_back(club: Club) -> None:
    await club.settle_in(words=("volcano",))
    for _ in range(5):
        await ordered(club)

    unblocked = await club.mod.invoke("video-mod unblock", {"member": club.mia.user}, channel=club.videos)

    assert unblocked.text == f"<@{club.mia.user.id}> may make videos here again."
    assert "**Queued" in (await ordered(club, "a cat")).text


async def test_each_time_that_a_form_is_sent_counts_and_opening_it_does_not(club: Club) -> None:
    _, post = await posted(club)
    await club.settle_in(words=("volcano",))
    told = []

    form = (await club.mia.click(post, "Edit prompt")).form
    for _ in range(5):
        refused = await club.mia.submit(form, {"Prompt": "a volcano"})
        told.append(refused.text)
        form = (await club.mia.click(refused.reply, "Change it")).form

    assert told == [*[REFUSED] * 4, PAUSED]


async def test_a_button_that_asks_first_counts_once(club: Club) -> None:
    _, post = await posted(club, "a volcano")
    await club.settle_in(words=("volcano",), confirm_above=1)

    told = [(await club.mia.click(post, "Again")).text for _ in range(5)]

    assert told == [*[REFUSED] * 4, PAUSED]


async def test_a_word_that_is_blocked_while_the_question_stands_is_one_decline(club: Club) -> None:
    job, post = await posted(club, "a volcano")
    await club.move(job, state=JobState.DELIVERED)
    await club.settle_in(confirm_above=1)
    questions = [await club.mia.click(post, "Again") for _ in range(4)]
    await club.settle_in(words=("volcano",), confirm_above=1)

    told = [(await club.mia.click(question.reply, "Make it")).text for question in questions]

    assert told == [REFUSED] * 4
    assert await club.ask(lambda tx: blocks.active(tx, club.guild.id, club.mia.user.id, NOW)) is None
    assert (await ordered(club)).text == PAUSED
    block = await club.ask(lambda tx: blocks.active(tx, club.guild.id, club.mia.user.id, NOW))
    assert block is not None
    assert block.actor_id == BY_THE_BOT
