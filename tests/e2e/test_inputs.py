"""Pictures and clips, attached or linked: what the gateway is given, and what is refused before anything is paid."""

import pytest

from sandbox.discord import Upload
from sandbox.gateway import VideoShape
from sandbox.gateway.films import film
from tests.bot.media.films import png
from tests.e2e.scene import PROMPT, Scene

CLIP = Upload("puppet.mp4", film(VideoShape(width=160, height=90, seconds=4)), "video/mp4")
SHORT = Upload("blink.mp4", film(VideoShape(width=160, height=90, seconds=0.5)), "video/mp4")
PICTURE = Upload("cat.png", png(), "image/png")
GIF = Upload("cat.png", b"GIF89a" + bytes(64), "image/png")
PAGE = Upload("cat.png", b"<!DOCTYPE html><html><body>cat</body></html>", "image/png")
TEXT = Upload("puppet.mp4", b"no video at all " * 8, "video/mp4")
CLIP_LINK = "https://93.184.215.14/puppet.mp4"
PICTURE_LINK = "https://93.184.215.14/cat.jpeg?size=large"
PRIVATE = "This link leads to a private address, which the video service can't open."
LOCAL = "This link leads to a name inside a private network, which the video service can't open."
EXTENSION = "The address of a picture has to end in .jpg, .jpeg or .png."
SCHEME = "Links have to begin with https:// or http://."


async def test_an_attached_picture_becomes_the_first_one(fetching: Scene) -> None:
    answer = await fetching.order(image=PICTURE)

    status = await fetching.status()
    assert answer.ephemeral
    assert f"/{status.place.id}/{status.id}" in answer.text
    await fetching.result()
    (order,) = fetching.orders
    assert order.body.keys() == {"prompt", "duration", "size", "watermark", "image"}
    assert [(given.status, given.content_type) for given in order.inputs] == [(200, "image/png")]


async def test_a_linked_picture_is_passed_on_as_it_was_written(scene: Scene) -> None:
    await scene.order(image_url=f" <{PICTURE_LINK}> ")

    assert (await scene.task()).ending is None
    assert scene.orders[0].body["image"] == PICTURE_LINK


@pytest.mark.parametrize(
    ("chosen", "sent"), [("1-3", "1,3"), ("0.5-2.5", "0.5,2.5"), ("0:01 – 0:04 s", "1,4"), ("1", "1,4"), (None, "0,3")]
)
async def test_the_chosen_seconds_of_a_clip_are_sent(fetching: Scene, chosen: str | None, sent: str) -> None:
    options = {"clip": CLIP} if chosen is None else {"clip": CLIP, "clip_range": chosen}

    await fetching.order(**options)

    await fetching.task()
    (order,) = fetching.orders
    assert order.body["character_timestamps"] == sent
    await fetching.result()
    assert [(given.status, given.content_type) for given in order.inputs] == [(200, "video/mp4")]


async def test_a_linked_clip_is_passed_on_with_its_seconds(scene: Scene) -> None:
    await scene.order(clip_url=CLIP_LINK, clip_range="4.5-7")

    await scene.task()
    body = scene.orders[0].body
    assert (body["character_url"], body["character_timestamps"]) == (CLIP_LINK, "4.5,7")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (GIF, "This file is GIF. Please attach a PNG or JPEG picture."),
        (PAGE, "This file is HTML. Please attach a PNG or JPEG picture."),
    ],
    ids=["GIF", "HTML"],
)
async def test_a_picture_is_judged_by_its_bytes(scene: Scene, file: Upload, sentence: str) -> None:
    await scene.is_refused(sentence, image=file)


@pytest.mark.parametrize(
    ("file", "chosen", "length"),
    [(CLIP, "3-7", "4"), (CLIP, "3.5", "4"), (CLIP, "1-1.5", "4"), (CLIP, "0-3.5", "4"), (SHORT, "0-1", "0.5")],
)
async def test_the_chosen_seconds_have_to_lie_inside_the_clip(
    scene: Scene, file: Upload, chosen: str, length: str
) -> None:
    sentence = f"The clip must be 1 to 3 seconds long and lie inside the video (which is {length} s long)."

    await scene.is_refused(sentence, clip=file, clip_range=chosen)


async def test_a_clip_is_judged_by_its_bytes(scene: Scene) -> None:
    sentence = "This file is not a video that I can read. Please attach an MP4, MOV or WebM clip."

    await scene.is_refused(sentence, clip=TEXT)


@pytest.mark.parametrize(
    ("option", "link", "sentence"),
    [
        ("image_url", "http://10.1.2.3/cat.png", PRIVATE),
        ("clip_url", "https://[::1]/puppet.mp4", PRIVATE),
        ("image_url", "https://localhost/cat.png", LOCAL),
        ("clip_url", "https://nas.local/puppet.mp4", LOCAL),
        ("image_url", "https://93.184.215.14/cat", EXTENSION),
        ("image_url", "https://93.184.215.14/cat.gif", EXTENSION),
        ("image_url", "ftp://93.184.215.14/cat.png", SCHEME),
        ("clip_url", "ftp://93.184.215.14/puppet.mp4", SCHEME),
    ],
)
async def test_a_bad_link_is_refused_with_its_reason(scene: Scene, option: str, link: str, sentence: str) -> None:
    await scene.is_refused(sentence, **{option: link})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"clip_url": CLIP_LINK, "clip_range": "1-9"}, "The chosen part of the clip must be 1 to 3 seconds long."),
        (
            {"clip": CLIP, "clip_range": "soon"},
            'I can\'t read that range. Write 4.5 for "from there", or 4.5-7 for both ends, in seconds.',
        ),
        ({"clip_range": "1-3"}, "clip_range chooses seconds of a clip, so it needs clip or clip_url."),
        ({"clip": CLIP, "clip_url": CLIP_LINK}, "Please give one of these: character, clip or clip_url."),
        ({"image": PICTURE, "image_url": PICTURE_LINK}, "Please give one picture: image or image_url, not both."),
        ({"duration": 12}, "Sora 2 does not make 12 s videos. It offers these lengths in seconds: 10 and 15."),
        ({"orientation": "square"}, "Sora 2 does not make square videos. It offers: landscape and portrait."),
        (
            {"prompt": PROMPT * 170},
            "Your prompt has 2,040 characters; Sora 2 takes at most 2,000. Please shorten it.",
        ),
    ],
    ids=lambda value: str(list(value)) if isinstance(value, dict) else "",
)
async def test_what_the_model_cannot_do_is_refused(scene: Scene, options: dict[str, object], sentence: str) -> None:
    await scene.is_refused(sentence, **options)
