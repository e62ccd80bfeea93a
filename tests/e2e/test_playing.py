"""Whatever a gateway delivers, what is posted plays in a browser and fits where it is posted."""

import io
from dataclasses import replace
from fractions import Fraction

import av
import pytest

from sandbox.discord import Attachment
from sandbox.gateway import Damage, Index, Plan, VideoShape
from sandbox.gateway.films import Encoder, film
from tests.e2e.conftest import approved
from tests.e2e.scene import Scene
from tests.player import Played, Player

MEBIBYTE = 1 << 20
SECONDS = 3.0
ODD = {
    "hevc": VideoShape(seconds=SECONDS, encoder="libx265"),
    "hevc of 10 bits": VideoShape(seconds=SECONDS, encoder="libx265", pixels="yuv420p10le"),
    "av1": VideoShape(seconds=SECONDS, encoder="libsvtav1"),
    "vp9": VideoShape(seconds=SECONDS, encoder="libvpx-vp9"),
    "webm": VideoShape(seconds=SECONDS, encoder="libvpx-vp9", container="webm", sound_encoder="libopus"),
    "mpeg-4 part 2": VideoShape(seconds=SECONDS, encoder="mpeg4"),
    "10 bits": VideoShape(seconds=SECONDS, pixels="yuv420p10le"),
    "index last": VideoShape(seconds=SECONDS, index=Index.LAST),
    "fragments": VideoShape(seconds=SECONDS, index=Index.FRAGMENTS),
    "opus": VideoShape(seconds=SECONDS, sound_encoder="libopus"),
    "opus of 5.1": VideoShape(seconds=SECONDS, sound_encoder="libopus", sound_layout="5.1"),
    "silent hevc": VideoShape(seconds=SECONDS, encoder="libx265", sound=False),
    "silent, index last": VideoShape(seconds=SECONDS, index=Index.LAST, sound=False),
    "odd sides in vp9": VideoShape(seconds=SECONDS, width=321, height=181, encoder="libvpx-vp9"),
    "odd sides in av1": VideoShape(seconds=SECONDS, width=321, height=181, encoder="libsvtav1"),
    "uneven hevc": VideoShape(seconds=SECONDS, encoder="libx265", uneven=True),
    "uneven, index last": VideoShape(seconds=SECONDS, index=Index.LAST, uneven=True),
    "turned hevc": VideoShape(seconds=SECONDS, encoder="libx265", rotation=90),
    "turned, index last": VideoShape(seconds=SECONDS, index=Index.LAST, rotation=270),
    "one picture of hevc": VideoShape(seconds=1 / 12, encoder="libx265"),
    "six channels with hevc": VideoShape(seconds=SECONDS, encoder="libx265", sound_layout="5.1"),
    "wide pixels in vp9": VideoShape(seconds=SECONDS, encoder="libvpx-vp9", pixel_shape=Fraction(2)),
}
NOISE = VideoShape(width=640, height=360, seconds=10, fps=24)


async def posted(scene: Scene, shape: VideoShape) -> Attachment:
    """The file that stands in the channel after the gateway has delivered such a film."""
    scene.stage.gateway.script(Plan(queued_seconds=0, processing_seconds=0, eta=False, video=shape))
    await scene.order()
    videos = scene.club.videos
    result = await scene.stage.discord.wait_for_message(videos, lambda said: bool(said.attachments))
    (attachment,) = result.attachments
    await scene.becomes("delivered")
    assert scene.entries == ["reserve", "commit"]
    return attachment


def ordinary(shape: VideoShape) -> bytes:
    """The same film as every browser plays it."""
    return film(
        replace(
            shape,
            width=shape.width // 2 * 2,
            height=shape.height // 2 * 2,
            encoder="libx264",
            pixels="yuv420p",
            container="mp4",
            index=Index.FIRST,
            sound_encoder="aac",
            sound_layout="mono",
            noise_bytes=min(shape.noise_bytes, 8 * MEBIBYTE),
        )
    )


def assert_usual(data: bytes) -> None:
    """It is what every player knows: one piece with its index first, H.264 of 8 bits, AAC."""
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"moof" not in data
    with av.open(io.BytesIO(data), "r", format="mp4") as container:
        (picture,) = container.streams.video
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert [stream.codec_context.name for stream in container.streams.audio] in ([], ["aac"])


def assert_alike(played: Played, expected: Played) -> None:
    """Both look and sound the same, as far as a player can tell."""
    assert played.error == expected.error == ""
    assert played.seconds == pytest.approx(expected.seconds, abs=0.2)
    assert (played.width, played.height) == pytest.approx((expected.width, expected.height), abs=2)
    assert played.frames == pytest.approx(expected.frames, abs=1)
    assert played.corrupted == 0
    assert played.brightness == pytest.approx(expected.brightness, abs=12)
    assert bool(played.sound_bytes) is bool(expected.sound_bytes)
    # Of six channels mixed down to two, the middle one keeps half its power in each.
    assert played.loudness == pytest.approx(expected.loudness, abs=0.05)


async def test_an_ordinary_film_arrives_byte_for_byte(scene: Scene, player: Player) -> None:
    shape = VideoShape(seconds=SECONDS)

    attachment = await posted(scene, shape)

    assert attachment.data == film(shape)
    assert_alike(await player.play(attachment.data), await player.play(ordinary(shape)))


@pytest.mark.parametrize("shape", ODD.values(), ids=ODD)
async def test_an_odd_film_arrives_as_one_that_plays(scene: Scene, player: Player, shape: VideoShape) -> None:
    attachment = await posted(scene, shape)

    assert attachment.filename.endswith(".mp4")
    assert len(attachment.data) <= scene.club.guild.upload_limit
    assert_usual(attachment.data)
    assert_alike(await player.play(attachment.data), await player.play(ordinary(shape)))


async def test_40_megabytes_arrive_where_10_are_taken(scene: Scene, player: Player) -> None:
    scene.club.guild.upload_limit = 10 * MEBIBYTE
    shape = replace(NOISE, noise_bytes=40 * MEBIBYTE)

    attachment = await posted(scene, shape)

    assert 5 * MEBIBYTE < len(attachment.data) <= 10 * MEBIBYTE
    assert_usual(attachment.data)
    assert_alike(await player.play(attachment.data), await player.play(ordinary(shape)))


async def test_25_megabytes_arrive_where_less_is_taken_than_was_promised(scene: Scene, player: Player) -> None:
    scene.club.guild.set_boost_tier(2)
    scene.club.guild.lowered_upload_limit = 10 * MEBIBYTE
    shape = replace(NOISE, noise_bytes=25 * MEBIBYTE)

    attachment = await posted(scene, shape)

    uploads = [exchange.status for exchange in scene.stage.discord.exchanges.recorded if exchange.files]
    # As promised, as every server has it now, as every server had it before.
    assert uploads[-3:] == [413, 413, 200]
    assert len(attachment.data) <= 10 * MEBIBYTE
    assert_usual(attachment.data)
    assert_alike(await player.play(attachment.data), await player.play(ordinary(shape)))


@pytest.mark.parametrize("encoder", ["libx264", "libx265"])
async def test_of_a_damaged_film_arrives_what_can_be_played(scene: Scene, player: Player, encoder: Encoder) -> None:
    attachment = await posted(scene, VideoShape(seconds=SECONDS, encoder=encoder, damage=Damage.GARBLED))

    assert_usual(attachment.data)
    played = await player.play(attachment.data)
    assert played.error == ""
    assert SECONDS / 3 < played.seconds < SECONDS + 0.2
    assert played.frames > 12
    assert played.sound_bytes


@pytest.mark.parametrize("reencode", ["off", "on"])
async def test_what_is_encoded_again_is_the_operators_choice(alone: Scene, player: Player, reencode: str) -> None:
    await alone.stage.open(**approved(alone.stage), REENCODE=reencode)
    await alone.stage.set_up()
    shape = VideoShape(seconds=SECONDS, encoder="libx265")

    attachment = await posted(alone, shape)

    message = await alone.result()
    is_untouched = reencode == "off"
    assert (attachment.data == film(shape)) is is_untouched
    assert ("may not play in Discord" in message.text) is is_untouched
    assert ("re-encoded so that it plays everywhere" in message.text) is not is_untouched
    assert bool((await player.play(attachment.data)).error) is is_untouched


async def test_without_encoding_again_a_film_is_still_put_in_order(alone: Scene, player: Player) -> None:
    await alone.stage.open(**approved(alone.stage), REENCODE="off")
    await alone.stage.set_up()
    shape = VideoShape(seconds=SECONDS, index=Index.LAST)

    attachment = await posted(alone, shape)

    assert_usual(attachment.data)
    assert_alike(await player.play(attachment.data), await player.play(ordinary(shape)))


async def test_without_encoding_again_what_is_too_large_is_a_link(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage), REENCODE="off")
    await alone.stage.set_up()
    alone.club.guild.upload_limit = 10 * MEBIBYTE
    alone.stage.gateway.script(
        Plan(queued_seconds=0, processing_seconds=0, eta=False, video=replace(NOISE, noise_bytes=12 * MEBIBYTE))
    )

    await alone.order()

    result = await alone.stage.discord.wait_for_message(alone.club.videos, "is over this server's upload limit.")
    assert result.attachments == []
    assert "Download" in result.buttons
    await alone.becomes("delivered")
