"""Video details on messages."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.failure import FailureKind
from bot.domain.film import Film, Treatment
from bot.domain.inputs import Inputs
from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.standing import Standing
from bot.store.rows import dump_film, dump_inputs, dump_request
from cogs.cards import JobCards
from sandbox.discord import Message, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import NOTICE, Club
from tests.cogs.posting import copied, posted

MENU = "Video details"
HIDDEN = "The prompt is shown to its author and to moderators only."


def moment(seconds: int = 0) -> str:
    return f"<t:{int((NOW + timedelta(seconds=seconds)).timestamp())}:f>"


async def test_a_finished_video_tells_everything_to_one_person(club: Club) -> None:
    times = {"ordered_at": NOW + timedelta(seconds=3), "finished_at": NOW + timedelta(seconds=90)}
    job, post = await posted(club, "a *cat*", gateway="myrouter", **times)

    answer = await club.tom.menu(MENU, post)

    assert answer.ephemeral
    link = f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{post.id}"
    assert answer.text.split("\n") == [
        "## Video details",
        r"a \*cat\*",
        f"**Finished · {link}**",
        f"Made by <@{club.mia.user.id}>",
        "Sora 2 · 10 s · landscape · with sound",
        "Video service: myrouter",
        f"asked for {moment()} · ordered {moment(3)} · finished {moment(90)} · took 2 min",
        f"-# `{job.id}`",
    ]


FILM = Film(3_500_000, 1280, 720, "h264", "aac", Decimal("10.031"), 23.976)
SHAPE = "File: H.264 · 1280 × 720 · 10 s · 23.98 frames per second · AAC sound · 3.4 MB"
SILENT = Film(1000, 320, 180, "ffv1")


@pytest.mark.parametrize(
    ("film", "line"),
    [
        (FILM, f"{SHAPE} · as it came from the video service"),
        (replace(FILM, treatment=Treatment.REWRAPPED), f"{SHAPE} · repacked without loss"),
        (replace(FILM, treatment=Treatment.REENCODED), f"{SHAPE} · re-encoded so that it plays everywhere"),
        (
            replace(FILM, treatment=Treatment.REENCODED, shrunk=True),
            f"{SHAPE} · re-encoded to fit this server's upload limit",
        ),
        (SILENT, "File: ffv1 · 320 × 180 · without sound · 0.1 MB · as it came from the video service"),
    ],
)
async def test_what_was_posted_is_told_as_a_player_sees_it(club: Club, film: Film, line: str) -> None:
    _, post = await posted(club, film=dump_film(film))

    answer = await club.tom.menu(MENU, post)

    assert f"\n{line}\n" in answer.text


async def test_a_status_message_has_details_too(club: Club) -> None:
    status = (await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)).reply
    await wait_until(lambda: bool(club.woken.jobs))

    answer = await club.tom.menu(MENU, status)

    assert "a cat\n**Queued · #1 in line**" in answer.text


async def test_a_status_message_without_buttons_has_details_too(club: Club) -> None:
    forged = "a cat `0000000000`"
    status = (await club.mia.invoke("video", {"prompt": forged}, channel=club.videos)).reply
    await wait_until(lambda: bool(club.woken.jobs))
    services, (job,) = club.bot.services, await club.jobs()
    ended = await club.move(job, state=JobState.UNDELIVERED, dont_post=True)
    card = JobCards(services.catalogue, NOTICE, services.clock).status(ended, Standing(Settlement.CHARGED))
    await club.bot.get_partial_messageable(club.videos.id).get_partial_message(status.id).edit(view=card)
    assert status.buttons == {}

    answer = await club.mia.menu(MENU, status)

    assert f"`{job.id}`" in answer.text
    assert "not posted" in answer.text


async def test_lineage_and_inputs_are_told_in_words(club: Club) -> None:
    first, original = await posted(club)
    clip = CharacterClip("https://example.com/clip.mp4", Decimal("0.5"), Decimal(3))
    request = dump_request(VideoRequest("a dog", 10, "9:16", character=clip, audio=True))
    inputs = dump_inputs(Inputs(picture="a.png", last_picture="b.png", clip="c.mp4", clip_seconds=Decimal("2.5")))
    _, post = await posted(club, remix_of=first.id, repeats="0000000000", request=request, inputs=inputs)

    text = (await club.mia.menu(MENU, post)).text

    link = f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{original.id}"
    assert "Sora 2 · 10 s · portrait · with sound" in text
    assert f"Remix of [`{first.id}`]({link})\nMade from `0000000000`" in text
    assert "Made with a first picture, a last picture, and 2.5 s of a clip" in text


async def test_a_saved_character_is_not_told_by_name(club: Club) -> None:
    _, post = await posted(club, inputs=dump_inputs(Inputs(character_id="0000000001")))

    assert "Made with a saved character" in (await club.tom.menu(MENU, post)).text


async def test_the_prompt_of_a_private_video_is_for_its_author_and_moderators(club: Club) -> None:
    job, _ = await posted(club, "a secret cat", private=True, inputs=dump_inputs(Inputs(picture="a.png")))
    copy = copied(club, job)

    told = (await club.tom.menu(MENU, copy)).text
    assert "secret" not in told
    assert HIDDEN in told
    assert "This video is private." in told
    assert "picture" not in told
    assert "a secret cat" in (await club.mod.menu(MENU, copy)).text
    assert "a secret cat" in (await club.mia.menu(MENU, copy)).text


async def test_the_prompt_of_a_removed_video_is_not_shown_to_others(club: Club) -> None:
    _, post = await posted(club, "a rude cat", removed_at=NOW)

    told = (await club.tom.menu(MENU, post)).text

    assert "rude" not in told
    assert f"A moderator removed this video {moment()}." in told


@pytest.mark.parametrize("shown", [True, False])
async def test_the_cost_is_shown_to_managers_and_where_the_server_shows_money(club: Club, shown: bool) -> None:
    await club.settle_in(show_money=shown)
    _, post = await posted(club)

    assert ("Cost: $0.15, reserved" in (await club.tom.menu(MENU, post)).text) is shown
    assert "Cost: $0.15, reserved" in (await club.manager.menu(MENU, post)).text


async def test_what_to_do_after_a_failure_is_told_to_the_author_alone(club: Club) -> None:
    _, post = await posted(club, state=JobState.FAILED, failure=FailureKind.MODERATION, message_id=None)

    sentence = "The video service's rules don't allow this prompt."
    assert sentence in (await club.mia.menu(MENU, post)).text
    assert "**Failed**" in (others := (await club.mod.menu(MENU, post)).text)
    assert sentence not in others


async def test_the_longest_prompt_fits_on_the_card(club: Club) -> None:
    _, post = await posted(club, request=dump_request(VideoRequest("[" * 4000)))

    answer = await club.mia.menu(MENU, post)

    assert "Made by" in answer.text
    assert len(answer.text) < 4000


async def test_the_reader_is_told_in_their_own_language_and_where_they_are(club: Club) -> None:
    _, post = await posted(club)

    assert "Video details" in (await club.tom.menu(MENU, post, locale="de")).text


def _by_somebody(club: Club, _: Message) -> Message:
    return club.tom.post(club.videos, "look")


def _copied_by_somebody(club: Club, post: Message) -> Message:
    return club.videos.post(club.tom.user, post.content)


@pytest.mark.parametrize("other", [_by_somebody, _copied_by_somebody])
async def test_the_messages_of_others_are_none_of_ours(club: Club, other: object) -> None:
    assert callable(other)
    _, post = await posted(club)

    answer = await club.tom.menu(MENU, other(club, post))

    assert answer.ephemeral
    assert answer.text == "This is not one of my videos."


async def test_a_video_that_is_forgotten_is_said_to_be_gone(club: Club) -> None:
    job, post = await posted(club)
    async with club.database.write() as tx:
        await tx.exec_driver_sql(f"DELETE FROM jobs WHERE id = '{job.id}'")

    assert (await club.tom.menu(MENU, post)).text == "This video is no longer in my records."


async def test_what_was_chosen_besides_is_told_to_whoever_may_read_the_prompt(club: Club) -> None:
    chosen = VideoRequest(
        "a *cat*", 8, "16:9", resolution="1080p", audio=False, seed=7, watermark=False, negative="dogs, *rain*"
    )
    _, post = await posted(club, "a *cat*", model_id="veo-3.1-fast", request=dump_request(chosen))
    await club.settle_in(hide_prompts=True)

    own, others = await club.mia.menu(MENU, post), await club.tom.menu(MENU, post)

    lines = own.text.split("\n")
    assert "1080p · seed 7 · without a watermark" in lines
    assert r"Negative prompt: dogs, \*rain\*" in lines
    assert "seed 7" not in others.text
    assert "dogs" not in others.text
