"""Characters and lent files in the words of the tests."""

from sandbox.discord import Answer, Message, Person, Upload, wait_until
from sandbox.gateway import Plan, VideoShape
from sandbox.gateway.films import film
from sandbox.gateway.tasks import Order
from tests.e2e.scene import PATIENCE_SECONDS, Scene

CLIP = Upload("puppet.mp4", film(VideoShape(width=160, height=90, seconds=4)), "video/mp4")
HELD = Plan(manual=True, queued_seconds=10, processing_seconds=10, eta=False)
"""In line until the test lets it begin."""
EVERYONE = "Everyone here"
CHOSEN = "Chosen members and roles"


async def saved(scene: Scene, name: str = "Mimi", by: Person | None = None, who: str = "Only me") -> Answer:
    """A character of mia's, or of somebody else's, with the seconds 1 to 3 of the clip."""
    person = by or scene.mia
    opened = await person.invoke("character new", {"name": name, "clip_range": "1-3"}, channel=scene.club.videos)
    answer = await person.submit(opened.form, {"Clip": CLIP, "Who may use it": who, "I confirm": True})
    await answer.settled()
    assert f"**{name}**" in answer.text
    return answer


async def begun(scene: Scene) -> Order:
    """The newest order, whose rendering begins now."""
    task = await scene.task()
    task.advance(11)
    return scene.orders[-1]


async def lent(scene: Scene) -> Message:
    """What lies in the clip channel, once it does."""
    await wait_until(lambda: bool(scene.club.clips.history), PATIENCE_SECONDS)
    (message,) = scene.club.clips.history
    return message


def lent_at(order: Order) -> list[tuple[int, str]]:
    """How the gateway got the files of an order."""
    return [(given.status, given.content_type) for given in order.inputs]
