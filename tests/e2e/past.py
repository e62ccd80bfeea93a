"""A club with everything that can be there when the program is killed."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

from sandbox.discord import Answer, Member, Message, Person, Upload, wait_until
from sandbox.discord.forms import Form
from sandbox.gateway.faults import FaultKind
from tests.bot.media.films import png
from tests.e2e import books
from tests.e2e.lending import EVERYONE, saved
from tests.e2e.presses import AGAIN, EDIT, REMIX, RETRY
from tests.e2e.scene import PATIENCE_SECONDS, WAITING, Scene

PICTURE = Upload("cat.png", png(), "image/png")
AUTHORS = ("mia", AGAIN, REMIX, EDIT, "dia", "rea", "bea", "lea", "kim", "zoe", "sho", "era")
"""Who each have a finished video; three press the button they are called after, the others have their story below."""
REPORTED = ("rea", "bea", "lea")


@dataclass
class Past:
    """What was there, by the names of those whom it belongs to."""

    scene: Scene
    people: dict[str, Member] = field(default_factory=dict)
    videos: dict[str, Message] = field(default_factory=dict)
    reports: dict[str, Message] = field(default_factory=dict)
    running: dict[str, Message] = field(default_factory=dict)
    forms: dict[str, tuple[Person, Form | None]] = field(default_factory=dict)
    panels: dict[str, tuple[Person, Message]] = field(default_factory=dict)
    failure: Message = field(init=False)
    picture: Message = field(init=False)

    def person(self, name: str) -> Person:
        """Somebody at the client."""
        return self.scene.person(self.people[name])

    async def run(self, who: str | Person, command: str, **options: object) -> Answer:
        """A command in #videos; the answer once it stands."""
        person = self.person(who) if isinstance(who, str) else who
        return await (await person.invoke(command, options, channel=self.scene.club.videos)).settled()

    def paid_by(self, person: Person) -> int:
        """What somebody has spent and reserved, in units of a ten-thousandth of a dollar."""
        return books.paid_by(self.scene.stage, self.scene.club.guild).get(person.user.id, 0)

    async def make(self) -> None:
        """Everything, from the videos to the panels that lie open."""
        await self._people_and_videos()
        await self._choices()
        await self._reports()
        await self._forms()
        await self._panels()

    async def _people_and_videos(self) -> None:
        scene, club = self.scene, self.scene.club
        names = (*AUTHORS[1:], "fay", "ron", "roy", "pia", "bob", "bud")
        self.people = {name: club.guild.add_member(name, roles=[club.makers]) for name in names}
        self.people |= {"mia": club.mia, "tom": club.tom, "mod": club.mod, "owner": club.owner}
        await asyncio.gather(*(scene.order(by=self.people[name]) for name in AUTHORS))
        await scene.becomes(*["delivered"] * len(AUTHORS))
        for message in club.videos.history:
            owners = [name for name in AUTHORS if message.attachments and self.people[name].user in message.notified]
            self.videos.update((name, message) for name in owners)
        scene.stage.gateway.fault("submit", FaultKind.INVALID_REQUEST_BODY)
        self.failure = (await scene.order(by=self.people["fay"])).reply
        await wait_until(lambda: RETRY in self.failure.buttons, PATIENCE_SECONDS)
        scene.stage.gateway.script(WAITING, times=2)
        for name in ("ron", "roy"):
            self.running[name] = (await scene.order(by=self.people[name])).reply
        statuses = self.running.values()
        await wait_until(lambda: all("Don't post" in each.buttons for each in statuses), PATIENCE_SECONDS)
        self.picture = self.person("pia").post(club.videos, "my cat", (PICTURE,))

    async def _choices(self) -> None:
        """A shared character, a preference of kim's, two blocks, a blocked word."""
        await saved(self.scene, who=EVERYONE)
        panel = (await self.run("kim", "my-videos preferences")).reply
        await self.person("kim").select(panel, list(panel.selects)[1], ["no"])
        for name in ("bob", "bud"):
            await self.run("mod", "video-mod block", **{"member": self.people[name], "for": "good"})
        words = (await self._words_form()).form
        await self.person("mod").submit(words, {"Words or phrases, one per line": "volcano"})

    async def _words_form(self) -> Answer:
        panel = (await self.run("mod", "video-mod words")).reply
        return await self.person("mod").click(panel, "Edit words…")

    async def _reports(self) -> None:
        for name in REPORTED:
            form = (await self.person("tom").menu("Report this video", self.videos[name])).form
            await (await self.person("tom").submit(form, {})).settled()
            self.reports[name] = self.scene.reported

    async def _forms(self) -> None:
        mia, result = self.person("mia"), self.videos["mia"]

        async def opened(name: str, who: str, answer: Awaitable[Answer]) -> None:
            self.forms[name] = (self.person(who), (await answer).form)

        await opened("edit", "mia", mia.click(result, EDIT))
        await opened("remix", "mia", mia.click(result, REMIX))
        await opened("save as character", "mia", mia.click(result, "Save as character"))
        await opened("more", "mia", self.run("mia", "video", prompt="a boat", more=True))
        await opened("new character", "mia", self.run("mia", "character new", name="Momo"))
        await opened("animate", "pia", self.person("pia").menu("Animate this picture", self.picture))
        await opened("report", "tom", self.person("tom").menu("Report this video", result))
        await opened("words", "mod", self._words_form())
        setup = (await self.run("owner", "video-admin setup")).reply
        self.panels["Save"] = (self.person("owner"), setup)
        for _ in range(2):
            await self.person("owner").click(setup, "Next")
        await opened("more of setup", "owner", self.person("owner").click(setup, "More…"))

    async def _panels(self) -> None:
        mia, form = self.forms["edit"]
        self.panels["Change it"] = (mia, (await mia.submit(form, {"Prompt": "w" * 2001})).reply)
        self.panels["Delete"] = (mia, (await (await mia.click(self.videos["mia"], "Delete")).settled()).reply)
        self.panels["Erase everything"] = (mia, (await self.run("mia", "my-videos erase")).reply)
        self.panels["Remove"] = (mia, (await self.run("mia", "character remove", character="Mimi")).reply)
        for command in ("my-videos history", "my-videos preferences"):
            self.panels[command] = (mia, (await self.run("mia", command)).reply)
        self.panels["character share"] = (mia, (await self.run("mia", "character share", character="Mimi")).reply)
