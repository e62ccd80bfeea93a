"""The last part of the tour: the owner decides who may spend how much, approves a video, and reads what it has cost."""

from collections.abc import Callable

from sandbox.discord import Message, Person, wait_until
from sandbox.gateway import Plan
from sandbox.narrator import Narrator
from sandbox.promises import expect, named, state_of
from sandbox.stage import Stage

QUICK = Plan(queued_seconds=0.5, processing_seconds=2, progress=(50,))
PATIENCE_SECONDS = 30
WAITING = "Waiting for a manager's approval"

Show = Callable[..., None]


class Owning:
    """Limits, a gift, approval, the log channel's card, and the budget."""

    def __init__(self, stage: Stage, narrator: Narrator, show: Show) -> None:
        self._stage = stage
        self._tell = narrator
        self._show = show

    async def play(self) -> None:
        """All scenes."""
        await self._limits()
        await self._approval()
        await self._budget()

    async def _limits(self) -> None:
        self._tell.scene("The owner wants to be asked before expensive videos, and gives mia another one for today")
        owner, name = self._owner, self._stage.owner.user.name
        self._tell.act(name, "/video-admin limits → Everyone's limits → A manager approves above (dollars): 0.20")
        panel = (await owner.invoke("video-admin limits", channel=self._stage.videos)).reply
        await owner.click(panel, "Everyone's limits")
        form = (await owner.click(panel, "Approval and models…")).form
        await (await owner.submit(form, {"A manager approves above (dollars)": "0.20"})).settled()
        told = next(line for line in panel.text.split("\n") if "approves" in line)
        self._tell.say(named(self._stage, told), only=name)
        self._tell.act(name, "/video-admin grant member: mia · videos: 1")
        options = {"member": self._stage.mia, "videos": 1}
        answer = await owner.invoke("video-admin grant", options, channel=self._stage.videos)
        self._tell.say(named(self._stage, answer.text), only=name)
        expect(answer.ephemeral and "mia" in named(self._stage, answer.text), "the gift is told")

    async def _approval(self) -> None:
        self._tell.scene("A video of 15 s costs more than that, so it waits until the owner approves it")
        owner, orders = self._owner, len(self._stage.gateway.orders)
        self._tell.act("mia", "/video prompt: a lighthouse in a teacup · duration: 15")
        options = {"prompt": "a lighthouse in a teacup", "duration": 15}
        answer = await self._stage.discord.person(self._stage.mia).invoke("video", options, channel=self._stage.videos)
        self._tell.say(state_of(answer.text))
        expect(WAITING in answer.text, "the member is told that it waits")
        card = await self._card()
        self._tell.fact("in #video-log:")
        self._tell.say(named(self._stage, card.text))
        expect(len(self._stage.gateway.orders) == orders, "nothing was ordered")
        self._stage.gateway.script(QUICK)
        known = {message.id for message in self._results()}
        self._tell.act(self._stage.owner.user.name, "Approve → Approve")
        question = await owner.click(card, "Approve")
        told = await (await owner.click(question.reply, "Approve")).settled()
        self._tell.say(named(self._stage, told.text), only=self._stage.owner.user.name)
        await wait_until(lambda: any(message.id not in known for message in self._results()), PATIENCE_SECONDS)
        self._show(next(message for message in self._results() if message.id not in known), "approved.mp4")
        await wait_until(lambda: card.text.startswith("## Finished"), PATIENCE_SECONDS)
        self._tell.fact("the same card in #video-log, changed and not posted anew:")
        self._tell.say(named(self._stage, card.text))

    async def _budget(self) -> None:
        self._tell.scene("What it has cost")
        self._tell.act(self._stage.owner.user.name, "/video-admin budget")
        answer = await self._owner.invoke("video-admin budget", channel=self._stage.videos)
        self._tell.say(named(self._stage, answer.text), only=self._stage.owner.user.name)

    async def _card(self) -> Message:
        def waiting() -> list[Message]:
            log = self._stage.club.log.history
            return [message for message in log if message.text.startswith(f"## {WAITING}")]

        await wait_until(lambda: bool(waiting()), PATIENCE_SECONDS)
        return waiting()[-1]

    def _results(self) -> list[Message]:
        return [message for message in self._stage.videos.history if message.attachments and not message.is_v2]

    @property
    def _owner(self) -> Person:
        return self._stage.discord.person(self._stage.owner)
