"""/character and *Save as character*, from typing to the card."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from bot.domain.character import Character, Sharing
from bot.domain.ids import file_name, new_job_id
from bot.domain.job import Job
from bot.store import characters as store
from cogs import paging
from cogs.character import sharing
from sandbox.discord import Answer, Message, Person, Upload, wait_until
from sandbox.gateway import VideoShape
from sandbox.gateway.films import film
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.posting import posted

FILM = film(VideoShape(width=64, height=48, seconds=4))
CLIP = Upload("puppet.mp4", FILM, "video/mp4")
OTHER = Upload("robot.mp4", film(VideoShape(width=48, height=64, seconds=2)), "video/mp4")
TEXT = Upload("puppet.mp4", b"no video at all " * 8, "video/mp4")
TICK = "I confirm"
WHO = "Who may use it"
SECONDS = "Which seconds of the clip"
GONE = "There is no such character that you may use here. /character list shows yours."


async def new(club: Club, **options: object) -> Answer:
    return await club.mia.invoke("character new", options, channel=club.videos)


async def submitted(club: Club, opened: Answer, **values: object) -> Answer:
    """The form that mia has open, sent with her tick."""
    answer = await club.mia.submit(opened.form, {TICK: True, **values})
    return await answer.settled()


async def made(club: Club, name: str = "Mimi", owner: Person | None = None, **changes: object) -> Character:
    """A character that is there, without its clip."""
    one = Character(
        new_job_id(), (owner or club.mia).user.id, club.guild.id, name, f"{'0' * 32}.mp4", Decimal(2), NOW, NOW
    )
    one = replace(one, **changes)  # type: ignore[arg-type]
    async with club.database.write() as tx:
        assert await store.add(tx, one)
    return one


async def mias(club: Club) -> Sequence[Character]:
    return await club.ask(lambda tx: store.owned(tx, club.mia.user.id))


async def names_for(club: Club, person: Person, typed: str = "") -> list[str]:
    """What /video offers somebody."""
    return [one["name"] for one in await person.autocomplete("video", "character", typed, channel=club.videos)]


async def test_a_character_is_saved_and_shown(club: Club) -> None:
    answer = await submitted(
        club, await new(club), Name="Mimi", Clip=CLIP, **{SECONDS: "0.5-2.5", WHO: "Everyone here"}
    )

    (one,) = await mias(club)
    assert (one.name, one.seconds, one.sharing, one.confirmed_at) == ("Mimi", Decimal(2), Sharing.EVERYONE, NOW)
    assert club.bot.services.characters.kept.path(one.file) is not None
    assert answer.ephemeral
    assert "**Mimi**\n2 s · saved" in answer.text
    assert "Everyone here may use it." in answer.text


async def test_what_was_given_stands_in_the_form(club: Club) -> None:
    opened = await new(club, name="Mimi", clip=CLIP, clip_range="1-3")

    assert opened.form is not None
    assert "Clip: puppet.mp4" in opened.text
    assert "Clip" not in [field.label for field in opened.form.fields]
    await submitted(club, opened)
    (one,) = await mias(club)
    assert (one.name, one.seconds, one.sharing) == ("Mimi", Decimal(2), Sharing.ME)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({TICK: False}, "Please tick that the clip shows no real person and that you may use this character."),
        ({"Clip": []}, "A character needs a clip: please attach one."),
        ({"Name": "  x  "}, "A character's name has 2 to 32 characters."),
        ({SECONDS: "3.5"}, "The clip must be 1 to 3 seconds long and lie inside the video (which is 4 s long)."),
        ({SECONDS: "soon"}, "I can't read that range."),
        ({"Name": "ROBOT"}, "You have a character called ROBOT already."),
    ],
    ids=["tick", "clip", "name", "seconds", "range", "taken"],
)
async def test_a_refused_form_can_be_changed(club: Club, values: dict[str, object], told: str) -> None:
    await made(club, "Robot")
    filled = {"Name": "Mimi", "Clip": CLIP, SECONDS: "0-2", WHO: "Everyone here"}

    refused = await submitted(club, await new(club), **{**filled, **values})

    assert told in refused.text
    assert refused.ephemeral
    again = await club.mia.click(refused.reply, "Change it")
    mending = {label: value for label, value in filled.items() if label in values and label != WHO}
    assert "**Mimi**" in (await submitted(club, again, **mending)).text
    (mimi, _) = await mias(club)
    assert (mimi.seconds, mimi.sharing) == (Decimal(2), Sharing.EVERYONE)


@pytest.mark.parametrize("given", [True, False])
async def test_a_clip_that_is_none_can_be_replaced(club: Club, given: bool) -> None:
    opened = await new(club, clip=TEXT) if given else await new(club)
    values = {"Name": "Mimi"} if given else {"Name": "Mimi", "Clip": TEXT}

    refused = await submitted(club, opened, **values)

    assert "is not a video that I can read" in refused.text
    again = await club.mia.click(refused.reply, "Change it")
    assert "Please choose another file" in again.text
    assert "**Mimi**" in (await submitted(club, again, Clip=OTHER)).text


async def test_who_may_not_order_saves_nothing(club: Club) -> None:
    answer = await club.tom.invoke("character new", {}, channel=club.videos)

    assert answer.form is None
    assert "You need one of these roles" in answer.text


async def test_chosen_ones_are_asked_for_at_once(club: Club) -> None:
    values = {"Name": "Mimi", "Clip": CLIP, WHO: "Chosen members and roles"}

    panel = await submitted(club, await new(club), **values)

    _, people = panel.reply.selects
    await club.mia.select(panel.reply, people, [club.manager_member, club.makers])
    (one,) = await mias(club)
    assert one.sharing is Sharing.CHOSEN
    assert one.user_ids == {club.manager_member.user.id}
    assert one.role_ids == {club.makers.id}
    assert "You and these may use it here:" in panel.text


async def test_sharing_holds_at_once_and_can_be_taken_back(club: Club) -> None:
    mimi = await made(club)
    panel = (await club.mia.invoke("character share", {"character": mimi.id}, channel=club.videos)).reply
    assert "They never get the clip itself." in panel.text
    menu = next(iter(panel.selects))

    seen = [await names_for(club, club.owner)]
    for choice in ("Everyone here", "Chosen members and roles", "Only me"):
        await club.mia.select(panel, menu, choice)
        seen.append(await names_for(club, club.owner))

    assert [bool(names) for names in seen] == [False, True, False, False]


async def test_who_was_chosen_is_remembered_while_the_panel_is_open(club: Club) -> None:
    mimi = await made(club, sharing=Sharing.CHOSEN, role_ids=frozenset({club.makers.id, 4711}))
    panel = (await club.mia.invoke("character share", {"character": "mimi"}, channel=club.videos)).reply
    menu = next(iter(panel.selects))

    await club.mia.select(panel, menu, "Only me")
    alone = await mias(club)
    await club.mia.select(panel, menu, "Chosen members and roles")

    assert (alone[0].role_ids, alone[0].sharing) == (frozenset(), Sharing.ME)
    assert (await mias(club))[0].role_ids == mimi.role_ids


async def test_a_choice_here_ends_the_sharing_in_another_server(club: Club) -> None:
    mimi = await made(club, guild_id=1, sharing=Sharing.EVERYONE)
    panel = (await club.mia.invoke("character share", {"character": mimi.id}, channel=club.videos)).reply
    told = panel.text

    await club.mia.select(panel, next(iter(panel.selects)), "Everyone here")

    assert "It is shared in another server now. A choice here ends that." in told
    assert (await mias(club))[0].guild_id == club.guild.id


async def test_in_direct_messages_a_character_is_for_oneself(club: Club) -> None:
    mimi = await made(club, sharing=Sharing.EVERYONE)

    panel = (await club.mia.invoke("character share", {"character": mimi.id})).reply

    ((menu, body),) = panel.selects.items()
    assert [option["label"] for option in body["options"]] == ["Only me"]
    await club.mia.select(panel, menu, "Only me")
    assert (await mias(club))[0].sharing is Sharing.ME


async def test_a_list_that_nobody_turns_loses_its_buttons(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)
    for number in range(13):
        await made(club, f"Mimi {number}")

    answer = await club.mia.invoke("character list", channel=club.videos)

    await wait_until(lambda: answer.reply.buttons == {})
    assert "**Mimi 0**" in answer.text


async def test_a_panel_that_nobody_uses_ends_as_a_card(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "CHOOSE_WITHIN_SECONDS", 0.05)
    mimi = await made(club)

    panel = (await club.mia.invoke("character share", {"character": mimi.id}, channel=club.videos)).reply

    await wait_until(lambda: not panel.selects)
    assert "**Mimi**" in panel.text


async def test_the_list_has_ones_own_and_those_of_others(club: Club) -> None:
    await made(club, "*Mimi*")
    await made(club, "Bolt", club.owner, sharing=Sharing.EVERYONE)
    await made(club, "Secret", club.owner)

    answer = await club.mia.invoke("character list", channel=club.videos)

    assert answer.ephemeral
    assert "**\\*Mimi\\***" in answer.text
    assert f"**Bolt** of <@{club.owner.user.id}>" in answer.text
    assert "Secret" not in answer.text
    assert answer.reply.buttons == {}


async def test_without_characters_the_list_says_how_to_make_one(club: Club) -> None:
    answer = await club.mia.invoke("character list", channel=club.videos)

    assert answer.text == "You have no characters yet. Make one with /character new."


async def test_a_long_list_is_paged_and_shows_each_once(club: Club) -> None:
    everybody = frozenset(range(10**18, 10**18 + 25))
    names = [f"{number:02}{'*' * 30}" for number in range(50)]
    for name in names:
        await made(club, name, sharing=Sharing.CHOSEN, role_ids=everybody)
    for number in range(20):
        await made(club, f"lent {number}", club.owner, sharing=Sharing.EVERYONE)
    answer = await club.mia.invoke("character list", channel=club.videos)
    shown = answer.text
    assert answer.reply.buttons["Previous"].disabled

    while not answer.reply.buttons["Next"].disabled:
        await club.mia.click(answer.reply, "Next")
        shown += answer.text

    assert [shown.count(f"**{name[:2]}") for name in names] == [1] * 50
    assert [shown.count(f"**lent {number}**") for number in range(20)] == [1] * 20
    await club.mia.click(answer.reply, "Previous")
    assert not answer.reply.buttons["Next"].disabled


async def test_removing_asks_once_and_deletes_the_clip(club: Club) -> None:
    await submitted(club, await new(club), Name="Mimi", Clip=CLIP)
    (one,) = await mias(club)
    kept = club.bot.services.characters.kept

    question = await club.mia.invoke("character remove", {"character": "mimi"}, channel=club.videos)
    asked, there = question.text, kept.path(one.file)
    await club.mia.click(question.reply, "Remove")

    assert "Remove **Mimi**?" in asked
    assert "Videos made with it stay." in asked
    assert there is not None
    assert kept.path(one.file) is None
    assert question.text == "Removed, and its clip is deleted. What was ordered with it before is still made."
    assert await mias(club) == []


async def test_a_character_can_be_kept_after_all(club: Club) -> None:
    mimi = await made(club)
    question = await club.mia.invoke("character remove", {"character": mimi.id}, channel=club.videos)

    await club.mia.click(question.reply, "Keep")

    assert question.text == "Nothing was removed."
    assert list(await mias(club)) == [mimi]


@pytest.mark.parametrize("command", ["character remove", "character share"])
async def test_only_ones_own_characters_are_offered_and_changed(club: Club, command: str) -> None:
    mimi = await made(club, sharing=Sharing.EVERYONE)
    offered = await club.mia.autocomplete(command, "character", "IM", channel=club.videos)
    foreign = await club.owner.autocomplete(command, "character", "", channel=club.videos)

    answer = await club.owner.invoke(command, {"character": mimi.id}, channel=club.videos)

    assert ([(one["name"], one["value"]) for one in offered], foreign) == ([("Mimi", mimi.id)], [])
    assert (answer.text, answer.ephemeral) == (GONE, True)


async def finished(club: Club) -> tuple[Job, Message]:
    """A finished video of mia's, and its post with the file."""
    job, post = await posted(club)
    upload = Upload(file_name(job.id), FILM, "video/mp4")
    with_file = club.videos.post(club.server.world.application.bot, post.text, (upload,))
    with_file.components = post.components
    return job, with_file


async def test_a_video_becomes_a_character(club: Club) -> None:
    _, post = await finished(club)
    opened = await club.mia.click(post, "Save as character")

    answer = await submitted(club, opened, Name="Mimi", **{SECONDS: "1-3", WHO: "Only me"})

    assert "Clip: clapboard-" in opened.text
    assert "**Mimi**\n2 s" in answer.text
    (one,) = await mias(club)
    assert one.seconds == 2


async def test_only_its_author_saves_a_video_as_a_character(club: Club) -> None:
    _, post = await finished(club)

    answer = await club.owner.click(post, "Save as character")

    assert answer.text == "Only the person who asked for this video can save it as a character."
    assert answer.ephemeral


@pytest.mark.parametrize(
    ("removed", "told"),
    [
        (NOW, "A moderator removed this video, so it can't be used any more."),
        (None, "This post has no file that I could take the character from."),
    ],
)
async def test_what_cannot_become_a_character_says_so(club: Club, removed: datetime | None, told: str) -> None:
    _, post = await posted(club, removed_at=removed)

    answer = await club.mia.click(post, "Save as character")

    assert told in answer.text


async def test_a_video_that_is_gone_becomes_no_character(club: Club) -> None:
    job, post = await finished(club)
    async with club.database.write() as tx:
        await tx.exec_driver_sql("DELETE FROM jobs WHERE id = ?", (job.id,))

    answer = await club.mia.click(post, "Save as character")

    assert answer.text == "This video is no longer in my records."


async def test_nobody_whom_the_gate_refuses_is_offered_characters(club: Club) -> None:
    await made(club, sharing=Sharing.EVERYONE)

    assert await names_for(club, club.tom) == []
    assert await names_for(club, club.mia) == ["Mimi"]
