"""/video-help, and what Discord is told of all commands."""

from sandbox.discord import checks
from sandbox.discord.wire import Payload
from tests.cogs.club import Club


def registered(club: Club) -> list[Payload]:
    """The commands as Discord got them."""
    (told,) = [each.body for each in club.server.exchanges.recorded if each.method == "PUT"]
    assert isinstance(told, list)
    return told


NEEDED = {
    "video": None,
    "remix": None,
    "character": None,
    "my-videos": None,
    "video-help": None,
    "video-admin": 1 << 5,
    "video-mod": 1 << 40,
    "Animate this picture": None,
    "Remix this video": None,
    "Video details": None,
    "Report this video": None,
}
"""Every command and menu of the contract, with the permission that Discord asks for before it shows it."""
SERVERS_ONLY = {"video-admin", "video-mod", "Report this video"}


async def test_every_command_is_registered_where_it_works(club: Club) -> None:
    commands = registered(club)

    assert checks.commands(commands) is None
    offered = {each["name"]: each["contexts"] for each in commands}
    assert offered == {name: [0] if name in SERVERS_ONLY else [0, 1] for name in NEEDED}
    assert all(each["integration_types"] == [0] for each in commands)


async def test_administration_is_offered_to_those_who_administer(club: Club) -> None:
    needed = {each["name"]: each["default_member_permissions"] for each in registered(club)}

    assert needed == NEEDED


async def test_video_has_the_options_of_the_contract(club: Club) -> None:
    (video,) = [each for each in registered(club) if each["name"] == "video"]

    names = [option["name"] for option in video["options"]]
    assert names == [
        "prompt",
        "duration",
        "orientation",
        "image",
        "character",
        "clip",
        "clip_range",
        "model",
        "sound",
        "private",
        "image_url",
        "clip_url",
        "more",
    ]
    assert [option["name"] for option in video["options"] if option.get("required")] == ["prompt"]


async def test_help_is_private(club: Club) -> None:
    answer = await club.tom.invoke("video-help", channel=club.videos)

    assert answer.ephemeral
    assert "Type `/video`" in answer.text
    assert answer.reply.buttons["Privacy"].url == "https://example.com/privacy"
