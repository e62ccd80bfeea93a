"""The second half of the tour: videos made from videos, and a character that is used when its link has long expired."""

from collections.abc import Callable

from sandbox.discord import Answer, Member, Message, Person, wait_until
from sandbox.gateway import Plan
from sandbox.gateway.tasks import Order
from sandbox.narrator import Narrator
from sandbox.promises import expect, named, state_of
from sandbox.stage import Stage

QUICK = Plan(queued_seconds=0.5, processing_seconds=2, progress=(50,))
CHARACTER = "Captain Paper"
PATIENCE_SECONDS = 30

Show = Callable[..., None]


class Reuse:
    """Again, Remix and a saved character."""

    def __init__(self, stage: Stage, narrator: Narrator, show: Show) -> None:
        self._stage = stage
        self._tell = narrator
        self._show = show

    async def play(self, first: Message, second: Message) -> None:
        """All scenes; `first` was made with a clip."""
        await self._again(first)
        await self._remix(second)
        await self._character(first)

    async def _again(self, first: Message) -> None:
        self._tell.scene("Every link to the first clip has expired, and somebody else presses Again below the video")
        self._stage.discord.world.files.expire()
        self._tell.fact("no link that Discord gave out so far works any more; the bot has kept the chosen seconds")
        self._tell.act(self._stage.owner.user.name, "Again")
        answer = await self._person(self._stage.owner).click(self._fresh(first), "Again")
        order = await self._made(answer, "again.mp4", by=self._stage.owner)
        self._lent(order)

    async def _remix(self, second: Message) -> None:
        self._tell.scene("The author changes the second video")
        self._tell.act("mia", "Remix → What shall change: the same by candlelight")
        mia = self._person(self._stage.mia)
        form = (await mia.click(self._fresh(second), "Remix")).form
        answer = await mia.submit(form, {"What shall change": "the same by candlelight"})
        order = await self._made(answer, "remix.mp4", by=self._stage.mia)
        original = self._stage.gateway.orders[1].task.task_id
        expect(order.body == {"prompt": "the same by candlelight", "task_id": original}, "a remix of that task")
        self._tell.fact(f"the gateway that made the original got its task id, {original}")

    async def _character(self, first: Message) -> None:
        self._tell.scene("A character is saved from the first video and shared; the link of its clip has expired too")
        mia = self._person(self._stage.mia)
        self._tell.act("mia", f"Save as character → {CHARACTER} · 0.5-2.5 · everyone here · [x] no real person")
        form = (await mia.click(self._fresh(first), "Save as character")).form
        filled = {"Name": CHARACTER, "Which seconds of the clip": "0.5-2.5"}
        ticked = {"Who may use it": "everyone", "I confirm": True}
        answer = await (await mia.submit(form, filled | ticked)).settled()
        self._tell.say(named(self._stage, answer.text), only="mia")
        self._stage.discord.world.files.expire()
        owner = self._person(self._stage.owner)
        offered = await owner.autocomplete("video", "character", "paper", channel=self._stage.videos)
        expect(len(offered) == 1, "the character is offered to the other member")
        self._tell.act(
            self._stage.owner.user.name,
            f"/video prompt: the captain finds a lighthouse · character: {offered[0]['name']}",
        )
        options = {"prompt": "the captain finds a lighthouse", "character": offered[0]["value"]}
        answer = await owner.invoke("video", options, channel=self._stage.videos)
        order = await self._made(answer, "character.mp4", by=self._stage.owner)
        expect(order.body["character_timestamps"] == "0,2", "the gateway was given the whole clip of 2 s")
        self._lent(order)

    async def _made(self, answer: Answer, name: str, *, by: Member) -> Order:
        """Follow a video to its post; the order that the gateway got."""
        self._stage.gateway.script(QUICK)
        known = {message.id for message in self._results()}
        answer = await answer.settled()
        if answer.ephemeral:
            self._tell.say(named(self._stage, answer.text), only=by.user.name)
        else:
            self._tell.say(state_of(answer.text))
        await wait_until(lambda: any(message.id not in known for message in self._results()), PATIENCE_SECONDS)
        self._show(next(message for message in self._results() if message.id not in known), name, by=by.user.name)
        return self._stage.gateway.orders[-1]

    def _lent(self, order: Order) -> None:
        """A file of somebody else's reached the gateway, and nobody but the bot."""
        expect([given.status for given in order.inputs] == [200], "the gateway could fetch the clip")
        expect(self._stage.club.clips.history == [], "the clip channel is empty again")
        self._tell.fact("the clip was handed over in #video-clips, which only the bot sees, and is gone from there")

    def _results(self) -> list[Message]:
        return [message for message in self._stage.videos.history if message.attachments and not message.is_v2]

    def _fresh(self, message: Message) -> Message:
        """The message as it stands in the channel."""
        return next(found for found in self._results() if found.id == message.id)

    def _person(self, member: Member) -> Person:
        return self._stage.discord.person(member)
