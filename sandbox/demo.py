"""The tour of `make demo`: a server is set up, videos are made, approved and made anew, and the bot is killed once."""

import tempfile
from pathlib import Path

from sandbox.discord import Answer, Message, Upload, wait_until
from sandbox.gateway import Plan, VideoShape
from sandbox.gateway.films import film
from sandbox.narrator import Narrator
from sandbox.owning import Owning
from sandbox.promises import OUTPUT, DemoError, expect, named, save, state_of
from sandbox.reuse import Reuse
from sandbox.sibling import Sibling
from sandbox.stage import Stage

PROMPT = "A paper boat sails down a rainy gutter, past a curious cat, at dusk"
FIRST = Plan(queued_seconds=1.5, processing_seconds=18, progress=(12, 34, 58, 81, 93))
SECOND = Plan(queued_seconds=0.5, processing_seconds=6, progress=(20, 60, 90))


async def demo() -> int:
    """Play the tour; the exit status."""
    narrator = Narrator()
    with tempfile.TemporaryDirectory(prefix="clapboard-demo-") as folder:
        async with Stage(Path(folder) / "bot", fetch_inputs=True) as stage:
            try:
                await Tour(stage, narrator).play()
            except (DemoError, AssertionError, LookupError, OSError, RuntimeError) as error:
                print(f"\nThe demo failed: {error or type(error).__name__}\n\nThe bot's log:\n{stage.program.told()}")
                return 1
            orders, served = len(stage.gateway.orders), narrator.seconds()
    print(
        f"\n7 videos made, {orders} orders placed at the local gateway, 1 kill -9 survived, "
        f"3 requests refused before anything was ordered, {served:.0f} s.\nThe videos are in {OUTPUT}/"
    )
    return 0


class Tour:
    """The scenes, in order."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self._stage = stage
        self._tell = narrator

    async def play(self) -> None:
        """All scenes."""
        await self._start()
        await self._nothing_is_set_up()
        await self._set_up()
        await self._without_the_role()
        first = await self._first_video()
        second = await self._killed_in_the_middle()
        await Reuse(self._stage, self._tell, self._show).play(first, second)
        await Sibling(self._stage, self._tell, self._show).play()
        await Owning(self._stage, self._tell, self._show).play()
        expect(await self._stage.program.stop() == 0, "the bot stops in order")

    async def _start(self) -> None:
        self._tell.scene("A local Discord, a local video gateway, and the bot as its own process")
        self._tell.fact(f"Discord at {self._stage.discord.api_url}, gateway at {self._stage.gateway.url}")
        await self._stage.open(POLL_INTERVAL_SECONDS="0.5")
        self._tell.fact(f"python -m bot run: process {self._stage.program.pid}, connected")

    def _answered(self, name: str, answer: Answer) -> None:
        self._tell.say(named(self._stage, answer.text), only=name if answer.ephemeral else "")

    async def _refused(self, name: str, answer: Answer, because: str) -> None:
        self._answered(name, answer)
        expect(answer.ephemeral and because in answer.text, f"{name} is refused in private: {because}")
        expect(not self._stage.gateway.orders, "nothing was ordered")

    async def _nothing_is_set_up(self) -> None:
        self._tell.scene("Nothing is set up: nobody but the managers of an approved server could order")
        self._tell.act("mia", f"/video prompt: {PROMPT}")
        answer = await self._stage.discord.person(self._stage.mia).invoke(
            "video", {"prompt": PROMPT}, channel=self._stage.videos
        )
        await self._refused("mia", answer, "/video-admin setup")

    async def _set_up(self) -> None:
        self._tell.scene("The manager sets the server up")
        self._tell.act(
            self._stage.owner.user.name,
            "/video-admin setup → #videos · #video-clips → roles: Makers · @Moderators → #video-log",
        )
        report = await self._stage.set_up()
        self._answered(self._stage.owner.user.name, report)
        expect("approved" in report.text, "setup by the operator approves the server")
        self._tell.fact("approved by this setup, because @operator owns this server and the bot")

    async def _without_the_role(self) -> None:
        self._tell.scene("A member without the role, and a clip that is chosen badly")
        self._tell.act("tom", "/video prompt: a volcano of soap bubbles")
        answer = await self._stage.discord.person(self._stage.tom).invoke(
            "video", {"prompt": "a volcano of soap bubbles"}, channel=self._stage.videos
        )
        self._answered("tom", answer)
        expect(answer.ephemeral and "You need one of these roles" in answer.text, "tom needs a role")
        self._tell.act("mia", "/video prompt: … clip: [puppet.mp4, 4 s] clip_range: 3-7")
        answer = await self._invoke_with_clip("3-7")
        await self._refused("mia", answer, "1 to 3 seconds")

    async def _invoke_with_clip(self, chosen: str) -> Answer:
        shape = VideoShape(width=320, height=180, seconds=4)
        clip = Upload("puppet.mp4", film(shape), "video/mp4")
        options = {"prompt": PROMPT, "duration": 10, "orientation": "landscape", "clip": clip, "clip_range": chosen}
        answer = await self._stage.discord.person(self._stage.mia).invoke("video", options, channel=self._stage.videos)
        return await answer.settled()

    async def _first_video(self) -> Message:
        self._tell.scene("A video with a character clip")
        self._stage.gateway.script(FIRST)
        self._tell.act("mia", f"/video prompt: {PROMPT} · duration: 10 · clip: [puppet.mp4] · clip_range: 0.5-2.5")
        answer = await self._invoke_with_clip("0.5-2.5")
        status = await self._stage.discord.wait_for_message(self._stage.videos, lambda message: message.is_v2)
        told = len(status.edits)
        self._tell.say(named(self._stage, status.text))
        self._answered("mia", answer)
        self._tell.fact("The bot edits its message every 15 s at the most; meanwhile the gateway works on:")
        result = await self._watch(status, told, order=0)
        body = self._stage.gateway.orders[0].body
        expect(body.get("character_timestamps") == "0.5,2.5", "the gateway was given the chosen seconds")
        fetched = [given.status for given in self._stage.gateway.orders[0].inputs]
        expect(fetched == [200], "the gateway could fetch the clip")
        self._tell.fact(f"the gateway got character_timestamps {body['character_timestamps']} and fetched the clip")
        self._show(result, "first.mp4")
        return result

    async def _watch(self, status: Message, told: int, *, order: int) -> Message:
        """Tell each further edit of the status message and what the gateway does until the video is there."""
        results = [message for message in self._stage.videos.history if message.attachments]
        at_gateway = self._at_gateway(order)

        def news() -> bool:
            moved = self._at_gateway(order) != at_gateway
            return moved or len(status.edits) > told or self._newest() not in {None, *results}

        while True:
            await wait_until(news, 40)
            if self._at_gateway(order) != at_gateway:
                at_gateway = self._at_gateway(order)
                self._tell.gateway(at_gateway)
            for edit in status.edits[told:]:
                self._tell.say(state_of(edit.text))
            told = len(status.edits)
            newest = self._newest()
            if newest is not None and newest not in results:
                return newest

    def _at_gateway(self, order: int) -> str:
        """How the task of an order stands, by the gateway's own books."""
        orders = self._stage.gateway.orders
        if len(orders) <= order:
            return "not ordered yet"
        task = orders[order].task
        if task.ending is not None:
            return "finished"
        return f"{task.progress} %" if task.progress else "ordered, waits for its turn"

    def _newest(self) -> Message | None:
        posted = [message for message in self._stage.videos.history if message.attachments and not message.is_v2]
        return posted[-1] if posted else None

    def _show(self, result: Message, name: str, *, by: str = "mia") -> None:
        self._tell.say(named(self._stage, result.text))
        attachment = result.attachments[0]
        expect([user.name for user in result.notified] == [by], f"one ping, for {by}")
        self._tell.fact(f"one ping for {by} · alt text: {attachment.description}")
        self._tell.fact(save(attachment, OUTPUT / name))

    async def _killed_in_the_middle(self) -> Message:
        self._tell.scene("The bot is killed in the middle of a second video")
        self._stage.gateway.script(SECOND)
        before = len(self._stage.gateway.orders)
        self._tell.act("mia", "/video prompt: an owl reads the newspaper · orientation: portrait")
        options = {"prompt": "an owl reads the newspaper", "orientation": "portrait"}
        answer = await self._stage.discord.person(self._stage.mia).invoke("video", options, channel=self._stage.videos)
        self._tell.say(state_of(answer.text))
        status = answer.reply
        await wait_until(lambda: bool(status.edits), 20)
        self._tell.say(state_of(status.text))
        self._tell.fact(f"kill -9 {self._stage.program.pid}")
        await self._stage.crash()
        await self._stage.open(POLL_INTERVAL_SECONDS="0.5")
        self._tell.fact(f"started again: process {self._stage.program.pid}")
        result = await self._watch(status, len(status.edits), order=before)
        self._show(result, "second.mp4")
        expect(len(self._stage.gateway.orders) == before + 1, "the second video was ordered once")
        await wait_until(lambda: status.deleted, 10)
        self._tell.fact("ordered once, posted once, the status message is gone")
        return result
