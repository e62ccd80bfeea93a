"""The cards in the log channel and their buttons; /video-admin grant, refund and retry."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.audit import Action
from bot.domain.block import Block
from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.domain.tier import Tier
from bot.policy.asker import Asker
from bot.policy.record import record
from bot.store import acts, blocks, outbox, personal
from cogs.cards import JobCards
from sandbox.discord import Answer, Message, Overwrite, Permission, Person, Upload, wait_until
from sandbox.discord.components import numbered
from sandbox.stage import BOT_PERMISSIONS
from tests.bot.media.films import png
from tests.bot.store.records import NOW
from tests.cogs.club import NOTICE, Club, commands_done

NO_MANAGER = "Only members who may manage this server can do that."
NO_MODERATOR = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
GONE = "This video is no longer in my records."
TWICE = "This may be paid twice. Order again?"
MANAGERS = ("card-refund", "card-retry", "card-approve", "card-decline")
MODERATORS = ("card-remove", "card-block")


@pytest.fixture
async def club(club: Club) -> Club:
    """The club with its log channel chosen."""
    await club.settle_in(log_channel_id=club.log.id)
    return club


async def ordered(club: Club, prompt: str = "a cat", *, private: bool = False, **columns: object) -> Job:
    """A video of Mia's, set where the worker would have brought it."""
    before = {job.id for job in await club.jobs()}
    await (await club.mia.invoke("video", {"prompt": prompt, "private": private}, channel=club.videos)).settled()
    await commands_done()
    (job,) = [each for each in await club.jobs() if each.id not in before]
    club.woken.jobs.clear()
    return await club.move(job, **columns) if columns else job


async def card_of(club: Club, job: Job) -> Message:
    """The card of a job, as the worker posts it."""
    facts = await club.ask(lambda tx: record(tx, job, NOW))
    view = JobCards(club.catalogue, NOTICE, lambda: NOW).log_card(job, facts)
    sent = await club.bot.get_partial_messageable(club.log.id).send(view=view)
    return club.log.messages[sent.id]


async def carded(club: Club, **columns: object) -> tuple[Job, Message]:
    """A video of Mia's and its card."""
    job = await ordered(club, **columns)  # type: ignore[arg-type]
    return job, await card_of(club, job)


async def decided(person: Person, card: Message, button: str, answer: str) -> Answer:
    """A button pressed and its question answered."""
    question = await person.click(card, button)
    assert question.ephemeral
    return await (await person.click(question.reply, answer)).settled()


async def notes(club: Club, job: Job) -> set[NoteKind]:
    return {note.kind for note in await club.ask(lambda tx: outbox.open_notes(tx, job.id))}


async def done(club: Club) -> list[tuple[Action, int, str | None]]:
    """What the record says, newest first."""
    found = await club.ask(lambda tx: acts.of_guild(tx, club.guild.id, offset=0, limit=9))
    return [(act.action, act.actor_id, act.job_id) for act in found]


async def again(club: Club, job: Job) -> Job:
    (only,) = [each for each in await club.jobs() if each.id == job.id]
    return only


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (JobState.AWAITING_APPROVAL, ["Approve", "Decline", "Block member"]),
        (JobState.DELIVERED, ["Remove", "Refund", "Block member"]),
        (JobState.FAILED, ["Remove", "Refund", "Block member"]),
        (JobState.UNSURE, ["Remove", "Retry", "Refund", "Block member"]),
        (JobState.OVERDUE, ["Remove", "Block member"]),
        (JobState.QUEUED, ["Block member"]),
    ],
)
async def test_a_card_has_the_buttons_that_do_something(club: Club, state: JobState, buttons: list[str]) -> None:
    _, card = await carded(club, state=state)

    assert list(card.buttons) == buttons


async def test_what_a_moderator_has_removed_is_not_ordered_again(club: Club) -> None:
    job, card = await carded(club, state=JobState.UNSURE, removed_at=NOW)

    assert list(card.buttons) == ["Refund", "Block member"]
    question = await club.manager.click(forged(club, "card-retry", job.id), "Press")
    answer = await (await club.manager.click(question.reply, "Order again")).settled()

    assert answer.text == "A moderator removed this video, so it can't be used any more."
    assert await club.jobs() == [job]


async def test_of_a_removed_video_there_is_nothing_to_remove_and_of_a_refunded_one_nothing_to_refund(
    club: Club,
) -> None:
    job, _ = await carded(club, state=JobState.DELIVERED, removed_at=NOW)
    manager = Asker(club.manager.user.id, club.guild.id, club.log.id, "en-US", manages=True)
    await club.bot.services.settling.refund(manager, job.id)

    assert list((await card_of(club, job)).buttons) == ["Block member"]


async def test_an_approved_order_is_in_line(club: Club) -> None:
    job, card = await carded(club, state=JobState.AWAITING_APPROVAL)

    answer = await decided(club.manager, card, "Approve", "Approve")

    assert answer.text == "Approved: it is in line now."
    assert (await again(club, job)).state is JobState.QUEUED
    assert await notes(club, job) == {NoteKind.STATUS, NoteKind.CARD}
    assert await done(club) == [(Action.APPROVE, club.manager.user.id, job.id)]
    assert club.woken.jobs == [job.id]


async def test_a_declined_order_costs_nothing(club: Club) -> None:
    job, card = await carded(club, state=JobState.AWAITING_APPROVAL)

    answer = await decided(club.manager, card, "Decline", "Decline")

    assert answer.text == "Declined: it costs nothing, and its member is told."
    ended = await again(club, job)
    assert (ended.state, ended.failure) == (JobState.CANCELLED, FailureKind.DECLINED)
    assert await club.settlement(job) is Settlement.REFUNDED
    assert await done(club) == [(Action.DECLINE, club.manager.user.id, job.id)]


async def test_of_two_managers_who_were_both_asked_the_second_is_told_that_it_is_decided(club: Club) -> None:
    job, card = await carded(club, state=JobState.AWAITING_APPROVAL)
    first, second = await club.manager.click(card, "Approve"), await club.owner.click(card, "Decline")
    await (await club.owner.click(second.reply, "Decline")).settled()

    late = await (await club.manager.click(first.reply, "Approve")).settled()

    assert late.text == "This video does not wait for approval any more."
    assert (await again(club, job)).state is JobState.CANCELLED
    assert (await club.manager.click(card, "Approve")).text == late.text


@pytest.mark.parametrize(
    ("state", "button", "asked"),
    [
        (JobState.AWAITING_APPROVAL, "Approve", "Let this video of {member} be made, for $0.15?"),
        (JobState.AWAITING_APPROVAL, "Decline", "Decline this video? {member} is told, and gets everything back."),
        (JobState.DELIVERED, "Refund", "Give {member} this video and $0.15 back?"),
    ],
)
async def test_a_question_names_whom_it_is_about_and_how_much(
    club: Club, state: JobState, button: str, asked: str
) -> None:
    _, card = await carded(club, state=state)

    question = await club.manager.click(card, button)

    assert question.text.startswith(asked.format(member=f"<@{club.mia.user.id}>"))
    assert question.reply.notified == []


async def test_an_order_whose_status_is_elsewhere_is_not_said_to_be_in_line_before_it_is_approved(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id, tiers={club.guild.id: Tier(approval_seconds=0)})

    answer = await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)
    await answer.settled()
    await commands_done()

    assert "Your video waits for a manager's approval: https://discord.com/channels/@me/" in answer.text
    assert "in line" not in answer.text


async def test_a_double_press_decides_once_and_is_told_what_came_of_it(club: Club) -> None:
    _, card = await carded(club, state=JobState.UNSURE)
    question = (await club.manager.click(card, "Refund")).reply

    await asyncio.gather(club.manager.click(question, "Refund"), club.manager.click(question, "Refund"))
    await commands_done()

    assert [action for action, *_ in await done(club)] == [Action.REFUND]
    assert question.text == f"<@{club.mia.user.id}> has the video and $0.15 back."


async def test_a_question_that_is_answered_with_no_changes_nothing(club: Club) -> None:
    job, card = await carded(club, state=JobState.AWAITING_APPROVAL)

    answer = await decided(club.manager, card, "Approve", "Not now")

    assert answer.text == "Nothing was changed."
    assert await again(club, job) == job
    assert await done(club) == []


async def test_a_refund_gives_the_member_the_video_back(club: Club) -> None:
    job, card = await carded(club, state=JobState.DELIVERED)

    answer = await decided(club.manager, card, "Refund", "Refund")

    assert answer.text == f"<@{club.mia.user.id}> has the video and $0.15 back."
    assert await club.settlement(job) is Settlement.REFUNDED
    assert await notes(club, job) >= {NoteKind.CARD}
    assert await done(club) == [(Action.REFUND, club.manager.user.id, job.id)]
    twice = await club.manager.click(card, "Refund")
    assert twice.text == "This video costs its member nothing, so there is nothing to give back."


async def test_a_retry_closes_the_old_order_and_makes_it_anew_for_its_member(club: Club) -> None:
    job, card = await carded(club, state=JobState.UNSURE, failure=FailureKind.UNSURE)
    before = len(club.videos.history)
    question = await club.manager.click(card, "Retry")
    assert question.text == TWICE

    answer = await (await club.manager.click(question.reply, "Order again")).settled()

    old, new = await club.jobs()
    assert answer.text == f"Ordered again for <@{club.mia.user.id}> as `{new.id}`."
    assert (old.state, old.failure) == (JobState.DROPPED, FailureKind.SETTLED)
    assert (new.state, new.author_id, new.channel_id, new.repeats) == (
        JobState.QUEUED, club.mia.user.id, club.videos.id, job.id,
    )  # fmt: skip
    assert (new.request, new.reply, new.acknowledged_at) == (job.request, None, NOW)
    assert [await club.settlement(each) for each in (old, new)] == [Settlement.REFUNDED, Settlement.RESERVED]
    (status,) = club.videos.history[before:]
    assert f"`{new.id}`" in status.text
    assert status.notified == []
    assert new.status is not None and new.status.message_id == status.id
    assert await done(club) == [(Action.RETRY, club.manager.user.id, job.id)]


async def test_what_the_old_order_holds_does_not_stand_in_its_own_way(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id, tiers={club.guild.id: Tier(videos_a_day=1)})
    _, card = await carded(club, state=JobState.UNSURE)

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text.startswith("Ordered again for")
    assert [job.state for job in await club.jobs()] == [JobState.DROPPED, JobState.QUEUED]


async def test_what_the_gate_has_against_its_member_is_told_and_nothing_changes(club: Club) -> None:
    job, card = await carded(club, state=JobState.UNSURE)
    block = Block(club.guild.id, club.mia.user.id, club.mod.user.id, None, "")
    async with club.database.write() as tx:
        await blocks.put(tx, block, NOW)

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text == "The moderators don't let you make videos here."
    assert await club.jobs() == [job]
    assert await club.settlement(job) is Settlement.RESERVED
    assert await done(club) == []


async def test_a_limit_that_its_member_has_reached_is_told_and_nothing_changes(club: Club) -> None:
    job, card = await carded(club, state=JobState.UNSURE)
    await ordered(club, "a dog")

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text.startswith("One of your videos is still on its way")
    assert await again(club, job) == job


async def test_nothing_is_ordered_again_for_somebody_who_is_gone(club: Club) -> None:
    job, card = await carded(club, state=JobState.UNSURE)
    club.mia_member.leave()

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text.startswith("Its member is not in this server any more")
    assert await club.jobs() == [job]


async def test_nothing_is_ordered_again_where_the_bot_may_not_post_any_more(club: Club) -> None:
    job, card = await carded(club, state=JobState.UNSURE)
    club.videos.overwrite(club.guild.everyone.id, Overwrite(deny=Permission.ATTACH_FILES))
    await wait_until(lambda: "Attach Files" in _lacks(club))

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text == f"I can't post in <#{club.videos.id}>: missing Attach Files. Nothing was changed."
    assert await club.jobs() == [job]


def _lacks(club: Club) -> str:
    guild = club.bot.get_guild(club.guild.id)
    assert guild is not None
    channel = guild.get_channel(club.videos.id)
    assert channel is not None
    return "" if channel.permissions_for(guild.me).attach_files else "Attach Files"


async def test_a_private_video_is_ordered_again_by_direct_message_and_the_manager_sees_nothing_of_it(
    club: Club,
) -> None:
    _, card = await carded(club, private=True, state=JobState.UNSURE)
    before = len(club.mia.dms())

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text.startswith("Ordered again for")
    (status,) = club.mia.dms()[before:]
    assert "**Queued" in status.text
    assert club.manager.dms() == []


async def test_a_member_who_takes_no_messages_keeps_the_old_order_as_it_is(club: Club) -> None:
    job, card = await carded(club, private=True, state=JobState.UNSURE)
    club.mia.user.takes_direct_messages = False

    answer = await decided(club.manager, card, "Retry", "Order again")

    assert answer.text.startswith("I couldn't show the member the status")
    assert await club.jobs() == [job]


async def test_a_moderator_removes_a_video_by_its_card_which_says_so(club: Club) -> None:
    job, card = await carded(club, state=JobState.DELIVERED)

    await decided(club.mod, card, "Remove", "Remove")

    removed = await again(club, job)
    assert removed.removed_at == NOW
    assert NoteKind.CARD in await notes(club, job)
    assert await done(club) == [(Action.REMOVE, club.mod.user.id, job.id)]
    assert f"Removed by <@{club.mod.user.id}>" in (await card_of(club, removed)).text
    assert not card.deleted


async def test_a_moderator_blocks_a_member_by_the_card_of_their_video_which_says_so(club: Club) -> None:
    job, card = await carded(club, state=JobState.FAILED)

    answer = await decided(club.mod, card, "Block member", "1 day")

    assert answer.text.startswith(f"<@{club.mia.user.id}> can't make videos here until")
    block = await club.ask(lambda tx: blocks.active(tx, club.guild.id, club.mia.user.id, NOW))
    assert block is not None and block.until == NOW + timedelta(days=1)
    assert NoteKind.CARD in await notes(club, job)
    assert await done(club) == [(Action.BLOCK, club.mod.user.id, job.id)]
    assert f"Its author was blocked by <@{club.mod.user.id}>" in (await card_of(club, job)).text


def forged(club: Club, verb: str, job_id: str) -> Message:
    """A message with a button that the bot never made."""
    button = {"type": 2, "style": 2, "label": "Press", "custom_id": f"cb:{verb}:{job_id}"}
    message = club.videos.post(club.server.world.application.bot, "Look at this")
    message.components = numbered([{"type": 1, "components": [button]}])
    return message


@pytest.mark.parametrize("verb", [*MANAGERS, *MODERATORS])
async def test_nobody_presses_a_cards_buttons_without_the_right_forged_or_not(club: Club, verb: str) -> None:
    state = JobState.AWAITING_APPROVAL if verb in {"card-approve", "card-decline"} else JobState.UNSURE
    job = await ordered(club, state=state)
    outsiders = [club.mia, club.tom, *([club.mod] if verb in MANAGERS else [])]

    for outsider in outsiders:
        answer = await outsider.click(forged(club, verb, job.id), "Press")
        assert answer.text == (NO_MANAGER if verb in MANAGERS else NO_MODERATOR)
        assert answer.ephemeral

    assert await again(club, job) == job
    assert await done(club) == []


@pytest.mark.parametrize("verb", [*MANAGERS, *MODERATORS])
async def test_a_video_of_another_server_is_not_found_by_any_button(club: Club, verb: str) -> None:
    job = await ordered(club, state=JobState.UNSURE, guild_id=club.guild.id + 1)

    for job_id in (job.id, "0000000000"):
        assert (await club.owner.click(forged(club, verb, job_id), "Press")).text == GONE

    assert await again(club, job) == job


@pytest.mark.parametrize(
    ("state", "button", "yes"),
    [
        (JobState.AWAITING_APPROVAL, "Approve", "Approve"),
        (JobState.AWAITING_APPROVAL, "Decline", "Decline"),
        (JobState.UNSURE, "Retry", "Order again"),
        (JobState.UNSURE, "Refund", "Refund"),
    ],
)
async def test_who_manages_no_more_when_they_answer_has_decided_nothing(
    club: Club, state: JobState, button: str, yes: str
) -> None:
    job, card = await carded(club, state=state)
    question = await club.manager.click(card, button)
    club.manager_member.take(*club.manager_member.roles)

    answer = await (await club.manager.click(question.reply, yes)).settled()

    assert answer.text == NO_MANAGER
    assert await club.jobs() == [job]


async def admin(club: Club, name: str, options: dict[str, object], *, by: Person | None = None) -> Answer:
    return await (await (by or club.manager).invoke(f"video-admin {name}", options, channel=club.videos)).settled()


async def test_a_gift_is_told_in_private_and_counts(club: Club) -> None:
    options = {"member": club.mia.user, "videos": 2, "dollars": 0.5, "reason": "a prize"}

    answer = await admin(club, "grant", options)

    mia = f"<@{club.mia.user.id}>"
    assert answer.text == f"{mia} can make 2 videos more today. {mia} can spend $0.50 more this month."
    assert answer.ephemeral
    given = await club.ask(lambda tx: personal.sums(tx, club.mia.user.id, NOW - timedelta(days=1), club.guild.id))
    assert (given.given_videos, given.given_amount) == (2, 5000)
    usage = await club.mia.invoke("my-videos usage", channel=club.videos)
    assert "Today: 0 of 5." in usage.text
    assert "2 of the 5 were given to you by a manager, for today." in usage.text


async def test_a_gift_lets_a_member_make_more_than_their_limit(club: Club) -> None:
    await club.settle_in(tiers={club.guild.id: Tier(videos_a_day=1, at_once=9)})
    await ordered(club)
    refused = await club.mia.invoke("video", {"prompt": "one more"}, channel=club.videos)

    await admin(club, "grant", {"member": club.mia.user, "videos": 1})

    assert "You have used 1 of 1" in refused.text
    assert "**Queued" in (await club.mia.invoke("video", {"prompt": "one more"}, channel=club.videos)).text


async def test_nothing_at_all_is_no_gift(club: Club) -> None:
    answer = await admin(club, "grant", {"member": club.mia.user})

    assert answer.text == "Please give videos, dollars, or both. Nothing was changed."


async def test_the_commands_refund_and_retry_do_what_the_buttons_do(club: Club) -> None:
    delivered, unsure = await ordered(club, state=JobState.DELIVERED), await ordered(club, state=JobState.UNSURE)

    refunded = await admin(club, "refund", {"video": f"`{delivered.id.upper()}`", "reason": "it was black"})
    question = await admin(club, "retry", {"video": unsure.id})
    asked = question.text
    told = await (await club.manager.click(question.reply, "Order again")).settled()

    assert refunded.text == f"<@{club.mia.user.id}> has the video and $0.15 back."
    assert asked == TWICE
    assert told.text.startswith("Ordered again for")
    assert [action for action, _, _ in await done(club)] == [Action.RETRY, Action.REFUND]
    assert (await admin(club, "retry", {"video": delivered.id})).text.startswith("It is known what became of")


async def test_the_servers_videos_are_offered_where_they_fit(club: Club) -> None:
    delivered, unsure = await ordered(club, state=JobState.DELIVERED), await ordered(club, state=JobState.UNSURE)
    await ordered(club, state=JobState.CANCELLED)

    async def offered(command: str, person: Person) -> set[str]:
        choices = await person.autocomplete(f"video-admin {command}", "video", "cat", channel=club.videos)
        return {choice["value"] for choice in choices}

    assert await offered("refund", club.manager) == {delivered.id, unsure.id}
    assert await offered("retry", club.manager) == {unsure.id}


@pytest.mark.parametrize("name", ["grant", "refund", "retry"])
async def test_the_commands_ask_who_it_is_even_if_discord_shows_them(club: Club, name: str) -> None:
    job = await ordered(club, state=JobState.UNSURE)
    (command,) = (item for item in club.server.commands.of(None) if item["name"] == "video-admin")
    command["default_member_permissions"] = None
    options: dict[str, object] = {"member": club.tom.user, "videos": 1} if name == "grant" else {"video": job.id}

    for outsider in (club.tom, club.mia, club.mod):
        answer = await admin(club, name, options, by=outsider)
        assert (answer.text, answer.ephemeral) == (NO_MANAGER, True)
        if name != "grant":
            assert await outsider.autocomplete(f"video-admin {name}", "video", "", channel=club.videos) == []

    assert await club.jobs() == [job]
    assert await done(club) == []


async def test_a_video_of_another_server_is_none_for_the_commands_either(club: Club) -> None:
    job = await ordered(club, state=JobState.UNSURE, guild_id=club.guild.id + 1)

    for name in ("refund", "retry"):
        assert (await admin(club, name, {"video": job.id})).text == GONE
        assert await club.manager.autocomplete(f"video-admin {name}", "video", "", channel=club.videos) == []


async def test_an_order_with_a_picture_that_has_waited_is_approved_with_a_fresh_link_to_it(club: Club) -> None:
    clips = club.guild.add_channel("clips", overwrites={
        club.guild.everyone: Overwrite(deny=Permission.VIEW_CHANNEL), club.guild.me: Overwrite(allow=BOT_PERMISSIONS),
    })  # fmt: skip
    await club.settle_in(log_channel_id=club.log.id, clip_channel_id=clips.id)
    picture = Upload("cat.png", png(), "image/png")
    await (await club.mia.invoke("video", {"prompt": "a cat", "image": picture}, channel=club.videos)).settled()
    job = await club.move(
        await club.job(), state=JobState.AWAITING_APPROVAL, created_at=NOW - timedelta(hours=20, minutes=1)
    )
    card = await card_of(club, job)

    answer = await decided(club.manager, card, "Approve", "Approve")

    approved = await again(club, job)
    (lent,) = clips.history
    assert answer.text == "Approved: it is in line now."
    assert approved.request.image == lent.attachments[0].url != job.request.image
    assert job.id in lent.attachments[0].filename


async def test_an_order_whose_picture_cannot_be_handed_over_any_more_is_cancelled_and_the_manager_told(
    club: Club,
) -> None:
    picture = Upload("cat.png", png(), "image/png")
    await (await club.mia.invoke("video", {"prompt": "a cat", "image": picture}, channel=club.videos)).settled()
    job = await club.move(await club.job(), state=JobState.AWAITING_APPROVAL, created_at=NOW - timedelta(hours=21))
    card = await card_of(club, job)

    answer = await decided(club.manager, card, "Approve", "Approve")

    ended = await again(club, job)
    assert answer.text.startswith("The picture or clip of this video can't be handed to the video service any more")
    assert (ended.state, ended.failure) == (JobState.CANCELLED, FailureKind.INPUTS_GONE)
    assert await club.settlement(job) is Settlement.REFUNDED
    # What only its owner may see was shown to nobody.
    assert [message for message in club.log.history if message.attachments] == []


async def test_an_order_whose_picture_discord_does_not_take_just_now_waits_on(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id, clip_channel_id=club.log.id + 10**6)
    picture = Upload("cat.png", png(), "image/png")
    await (await club.mia.invoke("video", {"prompt": "a cat", "image": picture}, channel=club.videos)).settled()
    job = await club.move(await club.job(), state=JobState.AWAITING_APPROVAL, created_at=NOW - timedelta(hours=21))
    card = await card_of(club, job)

    answer = await decided(club.manager, card, "Approve", "Approve")

    assert answer.text.startswith("I couldn't hand the picture or clip of this video to the video service.")
    assert (await again(club, job)).state is JobState.AWAITING_APPROVAL
