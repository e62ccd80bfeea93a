"""From /video to the video in the channel, through the program as its own process."""

import av

from sandbox.discord import wait_until
from sandbox.stage import Stage
from tests.e2e.conftest import approved


async def test_a_prompt_becomes_a_video_in_the_channel(stage: Stage) -> None:
    await stage.open(**approved(stage))
    person = stage.discord.person(stage.mia)

    answer = await person.invoke("video", {"prompt": "a paper boat"}, channel=stage.videos)

    print(answer.text)
    result = await stage.discord.wait_for_message(stage.videos, lambda m: bool(m.attachments))
    print(result.text, result.attachments)
    await wait_until(lambda: answer.reply.deleted)
