"""The panel of /video-admin setup in the hands of a manager."""

from sandbox.club import TRYING
from sandbox.discord import Answer, Message, Permission, Person, wait_until
from sandbox.discord.channels import Overwrite
from tests.cogs.club import Club

Place = tuple[int, int]
"""Of a menu: its step, and its place there."""

CHANNELS, CLIPS, ANNOUNCEMENTS, GALLERY = ((0, place) for place in range(4))
ROLES, DENIED, MODERATORS = ((1, place) for place in range(3))
LOG, ALERTED, LANGUAGE = ((2, place) for place in range(3))
ABOVE = "Buttons ask first above (dollars)"
PRICES = "Show prices to members"
PICTURES = "Anybody's pictures may be animated"
MANAGERS_ONLY = "Only members who may manage this server can do that."
RESULTS = "How videos are shown"
HIDDEN_PROMPTS = "Hide prompts in messages that everybody sees"
SPOILERS = "Every video as a spoiler, hidden until it is clicked"
WATERMARK = "A watermark, where the model makes one by itself; members can choose otherwise"
AGE_RESTRICTED = "Make videos in age-restricted channels only"
AMOUNTS, APPROVAL, BUDGET = "Everyone's amounts…", "Everyone's approval and models…", "Budget…"
HIDDEN = Overwrite(deny=Permission.VIEW_CHANNEL)
LENDING = Overwrite(
    allow=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.ATTACH_FILES | Permission.READ_MESSAGE_HISTORY
)


def step_of(panel: Message) -> int:
    """The step that the panel shows, counted from 0."""
    return int(panel.text.split("step ")[1][0]) - 1


async def at(club: Club, panel: Message, step: int) -> Message:
    """The panel, turned to a step."""
    while step_of(panel) != step:
        await club.manager.click(panel, "Next" if step_of(panel) < step else "Back")
    return panel


def menu(panel: Message, place: Place) -> str:
    """The id of a menu of the step that is shown."""
    assert step_of(panel) == place[0]
    return list(panel.selects)[place[1]]


async def pick(club: Club, panel: Message, place: Place, values: object) -> Answer:
    """Turn to a menu's step and choose there."""
    return await club.manager.select(panel, menu(await at(club, panel, place[0]), place), values)


async def press(club: Club, panel: Message, label: str, step: int = 2) -> Answer:
    """Turn to a step and press a button there."""
    return await club.manager.click(await at(club, panel, step), label)


async def picked(club: Club, panel: Message, place: Place) -> list[int]:
    """What a menu has picked from the start."""
    shown = await at(club, panel, place[0])
    return [int(each["id"]) for each in shown.selects[menu(shown, place)].get("default_values", [])]


async def opened(club: Club) -> Message:
    """The panel as the manager sees it."""
    return (await club.manager.invoke("video-admin setup", channel=club.videos)).reply


async def saved(club: Club, panel: Message, by: Person | None = None) -> Answer:
    """The report after Save, once it is complete."""
    answer = await (by or club.manager).click(panel, "Save")
    await wait_until(lambda: TRYING not in answer.text)
    return answer


def knows(club: Club, role_id: int) -> bool:
    """Whether the bot has heard of a role."""
    guild = club.bot.get_guild(club.guild.id)
    return guild is not None and guild.get_role(role_id) is not None
