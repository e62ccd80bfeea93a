"""Pressing the buttons below videos: those that the bot has made, and those that somebody remembers."""

from sandbox.discord import Answer, Message, Person
from sandbox.discord.components import numbered
from tests.e2e.scene import Scene

AGAIN, REMIX, EDIT, RETRY = "Again", "Remix", "Edit prompt", "Try again"


def forged(scene: Scene, custom_id: str) -> Message:
    """A message of the bot's with a button *Press* that it never made, or made long ago."""
    button = {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id}
    message = scene.club.videos.post(scene.stage.discord.world.application.bot, "Look at this")
    message.components = numbered([{"type": 1, "components": [button]}])
    return message


async def made(scene: Scene, prompt: str = "a paper boat") -> Message:
    """A finished video of mia's, as it was posted."""
    before = len(scene.states)
    await scene.order(prompt)
    await scene.becomes(*["delivered"] * (before + 1))
    return [message for message in scene.club.videos.history if message.attachments][-1]


async def press(person: Person, message: Message, label: str, prompt: str | None = None) -> Answer:
    """Press a button; where it opens a form, write a prompt and send it."""
    answer = await person.click(message, label)
    if answer.form is None:
        return await answer.settled()
    entered = {} if prompt is None else {answer.form.fields[0].label: prompt}
    return await (await person.submit(answer.form, entered)).settled()


def newcomer(scene: Scene, name: str = "noa") -> Person:
    """Another member who may make videos."""
    return scene.person(scene.club.guild.add_member(name, roles=[scene.club.makers]))
