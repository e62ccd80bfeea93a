"""A choice that a model has no word for: who hears that it was ignored, and that no preference refuses an order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.job import Job
from bot.domain.preferences import Preferences
from bot.domain.request import VideoRequest
from bot.domain.tier import Tier
from bot.store import people
from sandbox.discord import Answer, Upload
from tests.bot.media.films import png
from tests.bot.store.records import NOW
from tests.cogs.club import Club, commands_done
from tests.cogs.posting import press
from tests.cogs.test_forms import entered, finished, newest, press_edit

PICTURE = Upload("cat.png", png(300, 300), "image/png")
SHAPE = "Kling 3 follows the picture's shape; your orientation was ignored."


async def order(club: Club, **options: object) -> Answer:
    """/video by mia, with everything that is told besides."""
    answer = await club.mia.invoke("video", {"prompt": "a cat", **options}, channel=club.videos)
    await answer.settled()
    await commands_done()
    return answer


def told(answer: Answer) -> str:
    """What mia alone is told."""
    private = [answer.reply, *answer.followups]
    return "\n".join(message.text for message in private if message.ephemeral)


async def prefer(club: Club, **chosen: object) -> None:
    """What mia always wants."""
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia_member.user.id, replace(Preferences(), **chosen))  # type: ignore[arg-type]


async def test_a_shape_beside_a_picture_that_decides_it_is_ignored_and_told_to_its_member(club: Club) -> None:
    answer = await order(club, model="kling-3", orientation="square", image=PICTURE)

    assert SHAPE in told(answer)
    assert (await club.job()).request.aspect is None
    assert all("ignored" not in message.text for message in club.videos.history if not message.ephemeral)


async def test_without_a_picture_a_shape_that_the_model_lacks_is_refused(club: Club) -> None:
    answer = await order(club, model="hailuo-2.3", orientation="portrait")

    assert answer.text == "Hailuo 2.3 does not let you choose an orientation. Please leave it out."
    assert await club.jobs() == []


async def test_what_somebody_always_wants_is_left_out_without_a_word(club: Club) -> None:
    await prefer(club, model_id="kling-3", aspect="1:1", duration=10)

    answer = await order(club, image=PICTURE)

    made = await club.job()
    assert (made.model_id, made.request.duration, made.request.aspect) == ("kling-3", 10, None)
    assert "ignored" not in told(answer)


async def test_a_preferred_length_that_does_not_go_with_the_rest_refuses_nothing(club: Club) -> None:
    await prefer(club, model_id="hailuo-2.3", duration=10)
    opened = await club.mia.invoke("video", {"prompt": "a cat", "more": True}, channel=club.videos)

    await (await club.mia.submit(opened.form, {"Resolution": "1080P"})).settled()

    made = await club.job()
    assert (made.request.resolution, made.request.duration) == ("1080P", 6)


@pytest.mark.parametrize("watermark", [True, False])
async def test_what_the_server_wants_of_watermarks_is_nothing_to_tell(club: Club, *, watermark: bool) -> None:
    await club.settle_in(watermark=watermark)

    answer = await order(club, model="kling-3")

    assert "ignored" not in told(answer)
    assert (await club.job()).request.watermark is None


async def veo(club: Club) -> Job:
    """A video of mia's with everything that Veo has."""
    request = VideoRequest("a cat", 8, "16:9", resolution="1080p", audio=True, seed=7, negative="rain", watermark=None)
    return await finished(club, model_id="veo-3.1-fast", request=request, created_at=NOW - timedelta(days=1))


async def test_another_model_in_the_form_leaves_out_what_it_lacks_and_says_so(club: Club) -> None:
    opened = await press_edit(club, (await veo(club)).id)

    answer = await club.mia.submit(opened.form, {"Model": "hailuo-2.3", "Length": "6"})
    await answer.settled()
    await commands_done()

    made = await newest(club)
    assert (made.model_id, made.request) == (
        "hailuo-2.3", VideoRequest("a cat", 6, resolution="768P", audio=False)
    )  # fmt: skip
    assert told(answer).splitlines()[:5] == [
        "Hailuo 2.3 does not let you choose an orientation; yours was ignored.",
        "Hailuo 2.3 does not let you choose a seed; yours was ignored.",
        "Hailuo 2.3 does not let you choose a negative prompt; yours was ignored.",
        "1080p was chosen for another model; Hailuo 2.3 makes its usual 768P.",
        "Hailuo 2.3 does not offer videos with sound, so that was left out.",
    ]


async def test_a_length_that_another_model_lacks_is_refused_with_its_lengths(club: Club) -> None:
    opened = await press_edit(club, (await veo(club)).id)

    refused = await club.mia.submit(opened.form, {"Model": "sora-2"})

    assert refused.text == "Sora 2 does not make 8 s videos. It offers these lengths in seconds: 10 and 15."
    assert len(await club.jobs()) == 1


async def test_the_video_of_a_retired_model_says_what_there_is_instead_and_its_form_still_opens(club: Club) -> None:
    await club.settle_in(tiers={club.guild.id: Tier(models=frozenset({"veo-3.1-fast", "kling-3", "wan-2.6"}))})
    source = await veo(club)
    gateways = club.bot.services.orders.gateways
    for route in club.catalogue.get("veo-3.1-fast").routes:
        gateways.mark_retired("myrouter", route.slug)

    again = await press(club, "again", "Again", source.id)
    opened = await press_edit(club, source.id)
    ordered = await order(club, model="Veo 3.1 Fast")

    sentence = "Veo 3.1 Fast is no longer offered. Available: Kling 3 and Wan 2.6."
    assert (again.text, ordered.text) == (sentence, sentence)
    assert entered(opened)["Model"] == ["kling-3"]
    assert "Veo 3.1 Fast, which it was made with, is not there for you to choose." in opened.text
    answer = await club.mia.submit(opened.form, {})
    assert "Queued" in answer.text
    assert (await newest(club)).model_id == "kling-3"


async def test_again_keeps_the_model_and_everything_that_was_chosen(club: Club) -> None:
    source = await veo(club)

    answer = await press(club, "again", "Again", source.id)
    await answer.settled()
    await commands_done()

    made = await newest(club)
    assert "ignored" not in told(answer)
    assert (made.model_id, made.request, made.repeats) == (source.model_id, source.request, source.id)
