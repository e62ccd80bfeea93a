"""The tour's look at another model: its own choices, and a video that is encoded again because no browser shows it."""

from collections.abc import Callable

from sandbox.discord import Message, Person, wait_until
from sandbox.gateway import Plan, VideoShape
from sandbox.narrator import Narrator
from sandbox.promises import expect, named
from sandbox.stage import Stage

HEVC = VideoShape(width=240, height=240, seconds=3, encoder="libx265")
PLAN = Plan(queued_seconds=0.5, processing_seconds=1.5, progress=(50,), video=HEVC)
PATIENCE_SECONDS = 30

Show = Callable[..., None]


class Sibling:
    """A square video of Kling 3 with sound, which the gateway delivers as HEVC."""

    def __init__(self, stage: Stage, narrator: Narrator, show: Show) -> None:
        self._stage = stage
        self._tell = narrator
        self._show = show

    async def play(self) -> None:
        """The scene."""
        self._tell.scene("Another model, and the gateway delivers its video in a form that hardly any browser shows")
        name = self._stage.owner.user.name
        offered = await self._owner.autocomplete("video", "model", "kling", channel=self._stage.videos)
        expect(len(offered) == 1, "the model is offered")
        said = "prompt: a fox folds a map · duration: 3 · orientation: square · sound: True"
        self._tell.act(name, f"/video {said} · model: {offered[0]['name'].split(' · ')[0]}")
        self._stage.gateway.script(PLAN)
        known = {message.id for message in self._results()}
        options = {"prompt": "a fox folds a map", "duration": 3, "orientation": "square", "sound": True}
        answer = await self._owner.invoke("video", options | {"model": offered[0]["value"]}, channel=self._stage.videos)
        self._tell.say(named(self._stage, answer.text))
        await wait_until(lambda: any(message.id not in known for message in self._results()), PATIENCE_SECONDS)
        order = self._stage.gateway.orders[-1]
        body = {"prompt": "a fox folds a map", "duration": 3, "aspect_ratio": "1:1", "sound": True}
        expect((order.slug, order.body) == ("kling-v3.0-std-t2v", body), "the model got what was chosen, in its words")
        self._tell.fact("the gateway got duration 3, aspect_ratio 1:1 and sound true, and delivered HEVC")
        self._show(next(message for message in self._results() if message.id not in known), "sibling.mp4", by=name)

    def _results(self) -> list[Message]:
        return [message for message in self._stage.videos.history if message.attachments and not message.is_v2]

    @property
    def _owner(self) -> Person:
        return self._stage.discord.person(self._stage.owner)
