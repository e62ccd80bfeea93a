"""The bot is removed from a server while a video renders there."""

from sandbox.discord import wait_until
from tests.e2e.scene import PATIENCE_SECONDS, WAITING, Scene


async def test_a_video_on_its_way_comes_to_its_end_in_a_server_that_the_bot_was_removed_from(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    task = await scene.task()
    scene.club.guild.remove_bot()

    task.finish()

    await wait_until(lambda: scene.states in (["delivered"], ["undelivered"]), PATIENCE_SECONDS)
    assert scene.entries == ["reserve", "commit"]
