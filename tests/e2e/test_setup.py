"""Setting up a server with the whole program."""

from sandbox.club import TRYING
from sandbox.discord import Message, wait_until
from tests.e2e.scene import Scene

ABOVE = "Buttons ask first above (dollars)"
PRICES = "Show prices to members"
PICTURES = "Anybody's pictures may be animated"


async def panel_of(scene: Scene) -> Message:
    """The panel as the owner sees it."""
    return (await scene.person(scene.club.owner).invoke("video-admin setup", channel=scene.club.videos)).reply


async def saved(scene: Scene, panel: Message) -> str:
    """The report after Save, once it is complete."""
    answer = await scene.person(scene.club.owner).click(panel, "Save")
    await wait_until(lambda: TRYING not in answer.text)
    return answer.text


async def test_a_private_clip_channel_is_ready(opening: Scene) -> None:
    report = (await opening.club.set_up()).text

    assert f"I hand pictures and clips to the video service in {opening.club.clips.mention}." in report
    assert "✗" not in report
    assert (
        f"✓ In {opening.club.clips.mention} I have every permission that I need, and a test message worked." in report
    )
    assert "so I hand over nothing" not in report


async def test_a_server_can_do_without_a_clip_channel(opening: Scene) -> None:
    assert "No clip channel is chosen" in (await opening.club.set_up(clips=False)).text


async def test_setting_up_again_keeps_every_choice(opening: Scene) -> None:
    owner = opening.person(opening.club.owner)
    await opening.club.set_up()
    panel = await panel_of(opening)
    await owner.click(panel, "Next")
    await owner.click(panel, "Next")
    form = (await owner.click(panel, "More…")).form
    await owner.submit(form, {ABOVE: "0.25", PRICES: True, PICTURES: True})
    form = (await owner.click(panel, "Results…")).form
    await owner.submit(form, {"How videos are shown": ["Keep the status message as a link to the video"]})
    before = await saved(opening, panel)

    again = await saved(opening, await panel_of(opening))

    assert again == before
    assert "Status messages stay as links to their videos." in again
    assert "Buttons ask first when a video costs more than $0.25." in again
    assert opening.club.clips.mention in again
    assert opening.club.log.mention in again
