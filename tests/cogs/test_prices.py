"""What a video would cost is told before it is ordered where the manager shows money, and nowhere else."""

from dataclasses import replace

import pytest

from bot.domain.job import Job, JobState
from bot.domain.request import VideoRequest
from bot.domain.tier import Tier
from sandbox.discord import Upload
from tests.bot.media.films import png
from tests.bot.store.records import add, job
from tests.cogs.club import Club
from tests.cogs.posting import press

PICTURE = Upload("cat.png", png(), "image/png")


@pytest.fixture
async def club(club: Club) -> Club:
    """A club that shows money."""
    await club.settle_in(show_money=True)
    return club


async def offered(club: Club, option: str, typed: str = "", **options: object) -> list[str]:
    """The names of what an option offers mia."""
    found = await club.mia.autocomplete("video", option, typed, channel=club.videos, options=options)
    return [str(choice["name"]) for choice in found]


async def finished(club: Club, **columns: object) -> Job:
    """A video of mia's that is posted."""
    of_mia = job(
        guild_id=club.guild.id,
        server_id=club.guild.id,
        channel_id=club.videos.id,
        author_id=club.mia_member.user.id,
        request=VideoRequest("a cat", 10, "16:9", audio=True, watermark=True),
    )
    return await add(club.database, replace(of_mia, **columns), state=JobState.DELIVERED)  # type: ignore[arg-type]


async def test_models_are_offered_with_what_the_rest_of_the_command_costs(club: Club) -> None:
    usual = await offered(club, "model", "veo")
    silent = await offered(club, "model", "veo", duration=4, sound=False)
    loud = await offered(club, "model", "veo", duration=4, sound=True)
    elsewhere = await offered(club, "model", "veo", duration=10, orientation="square")

    assert usual == elsewhere == ["Veo 3.1 Fast · about $0.68 for 8 s"]
    assert silent == ["Veo 3.1 Fast · about $0.34 for 4 s"]
    assert loud == ["Veo 3.1 Fast · about $0.51 for 4 s"]


async def test_lengths_are_offered_with_what_each_costs(club: Club) -> None:
    of_sora = await offered(club, "duration")
    of_kling = await offered(club, "duration", "1", model="kling-3", sound=True)

    assert of_sora == ["10 s · about $0.15", "15 s · about $0.225"]
    assert of_kling[0] == "10 s · about $1.50"


async def test_what_is_attached_linked_or_saved_is_in_the_price(club: Club) -> None:
    told = [
        await offered(club, "model", "seedance", **options)
        for options in (
            {},
            {"clip": Upload("me.mp4", b"a clip", "video/mp4")},
            {"clip_url": "https://93.184.216.34/me.mp4"},
            {"character": "f0x0000000"},
        )
    ]

    assert told == [["Seedance 2 Fast · about $1.35 for 5 s"], *[["Seedance 2 Fast · about $2.70 for 5 s"]] * 3]


async def test_the_form_for_more_tells_the_price_of_each_resolution_or_of_the_video(club: Club) -> None:
    veo = {"prompt": "a cat", "model": "veo-3.1-fast", "duration": 8, "more": True}
    sora = {"prompt": "a cat", "model": "sora-2", "image": PICTURE, "more": True}

    of_resolutions = await club.mia.invoke("video", veo, channel=club.videos)
    of_video = await club.mia.invoke("video", sora, channel=club.videos)

    assert of_resolutions.form is not None
    (row,) = [field for field in of_resolutions.form.fields if field.label == "Resolution"]
    assert [option["label"] for option in row.component["options"]] == ["720p · about $0.68", "1080p · about $0.68"]
    assert "This video costs about $0.15." in of_video.text


async def test_the_form_of_an_old_video_tells_the_price_of_each_model(club: Club) -> None:
    opened = await press(club, "edit", "Edit prompt", (await finished(club)).id)

    assert opened.form is not None
    (row,) = [field for field in opened.form.fields if field.label == "Model"]
    # Kling's is without sound: that Sora always has it is no wish.
    expected = [
        "Sora 2 · about $0.15 for 10 s",
        "Kling 3 · about $1.00 for 10 s",
        "Veo 3.1 Fast · about $0.68 for 8 s",
    ]
    assert [option["label"] for option in row.component["options"]][:3] == expected


async def test_where_several_models_are_there_a_length_tells_the_least_that_it_costs(club: Club) -> None:
    tier = Tier(models=frozenset({"sora-2", "kling-3", "veo-3.1-fast"}))
    await club.settle_in(show_money=True, tiers={club.guild.id: tier})

    opened = await press(club, "edit", "Edit prompt", (await finished(club)).id)

    assert opened.form is not None
    (row,) = [field for field in opened.form.fields if field.label == "Length"]
    labels = {option["value"]: option["label"] for option in row.component["options"]}
    assert [labels[seconds] for seconds in ("4", "7", "10", "15")] == [
        "4 s · from about $0.34",
        "7 s · about $0.70",
        "10 s · from about $0.15",
        "15 s · from about $0.225",
    ]


async def test_the_least_of_a_length_is_that_of_any_orientation_beside_it(club: Club) -> None:
    tier = Tier(models=frozenset({"sora-2", "kling-3"}))
    await club.settle_in(show_money=True, tiers={club.guild.id: tier})
    square = VideoRequest("a cat", 10, "1:1", audio=False)

    opened = await press(club, "edit", "Edit prompt", (await finished(club, model_id="kling-3", request=square)).id)

    assert opened.form is not None
    (row,) = [field for field in opened.form.fields if field.label == "Length"]
    assert "10 s · from about $0.15" in [option["label"] for option in row.component["options"]]


async def test_the_form_for_a_picture_tells_the_price_of_each_model(club: Club) -> None:
    message = club.mia.post(club.videos, "look", (PICTURE,))

    opened = await club.mia.menu("Animate this picture", message)

    assert opened.form is not None
    (row,) = [field for field in opened.form.fields if field.label == "Model"]
    labels = [option["label"] for option in row.component["options"]]
    assert labels[:2] == ["Sora 2 · about $0.15 for 10 s", "Kling 3 · about $0.50 for 5 s"]


async def test_where_one_model_is_there_its_lengths_have_the_prices(club: Club) -> None:
    tier = Tier(models=frozenset({"sora-2"}))
    await club.settle_in(show_money=True, tiers={club.guild.id: tier})

    opened = await press(club, "edit", "Edit prompt", (await finished(club)).id)

    assert opened.form is not None
    (row,) = [field for field in opened.form.fields if field.label == "Length"]
    labels = [option["label"] for option in row.component["options"]]
    assert labels == ["10 s · about $0.15", "15 s · about $0.225"]
    assert all(field.label != "Model" for field in opened.form.fields)


async def test_above_the_managers_amount_again_asks_with_about_as_much(club: Club) -> None:
    await club.settle_in(show_money=True, confirm_above=1000)

    asked = await press(club, "again", "Again", (await finished(club)).id)

    assert asked.text == "This costs about $0.15. Make it?"


async def test_nobody_pays_more_than_they_agreed_to(club: Club) -> None:
    await club.settle_in(show_money=True, confirm_above=1000)
    asked = await press(club, "again", "Again", (await finished(club)).id)
    await club.settle_in(show_money=True, confirm_above=1000, prices={"sora-2/10": 90_000})

    asked_again = await club.mia.click(asked.reply, "Make it")

    assert asked_again.text == "This costs about $9.00. Make it?"
    assert len(await club.jobs()) == 1
    await club.settle_in(show_money=True, confirm_above=1000, prices={"sora-2/10": 80_000})
    await (await club.mia.click(asked_again.reply, "Make it")).settled()
    assert [job.price for job in await club.jobs()][1:] == [80_000]


async def test_a_remix_tells_its_price_wherever_its_words_are_asked_for(club: Club) -> None:
    original = await club.move(await finished(club), gateway="myrouter", task_id="t-1")
    change = await finished(club, remix_of=original.id, request=VideoRequest("more rain"))

    edited = await press(club, "edit", "Edit prompt", change.id)
    asked = await press(club, "remix", "Remix", original.id)

    assert "**Sora 2** · about $0.15" in edited.text
    assert "Everything else stays as it is in the original. · about $0.15" in asked.text


async def test_a_remix_of_a_longer_video_tells_the_price_of_its_length(club: Club) -> None:
    request = VideoRequest("rain", 15, "16:9")
    original = await club.move(await finished(club, request=request), gateway="myrouter", task_id="t-1")
    change = await finished(club, remix_of=original.id, request=VideoRequest("more rain", parent_seconds=15))

    edited = await press(club, "edit", "Edit prompt", change.id)
    asked = await press(club, "remix", "Remix", original.id)

    assert "**Sora 2** · about $0.225" in edited.text
    assert "Everything else stays as it is in the original. · about $0.225" in asked.text


async def test_where_the_manager_shows_no_money_there_are_no_dollars(club: Club) -> None:
    await club.settle_in(show_money=False)
    source = await finished(club)
    message = club.mia.post(club.videos, "look", (PICTURE,))
    command = {"prompt": "a cat", "model": "veo-3.1-fast", "more": True}

    texts = await offered(club, "model") + await offered(club, "duration", model="kling-3")
    forms = [
        await press(club, "edit", "Edit prompt", source.id),
        await club.mia.menu("Animate this picture", message),
        await club.mia.invoke("video", command, channel=club.videos),
    ]

    assert "Kling 3 · 3 to 15 s" in texts
    assert all(form.form is not None for form in forms)
    assert "$" not in "".join([*texts, *(str(form.form) for form in forms)])


async def test_nobody_whom_the_gate_refuses_is_told_prices(club: Club) -> None:
    for option in ("model", "duration", "orientation"):
        assert await club.tom.autocomplete("video", option, "", channel=club.videos) == []
