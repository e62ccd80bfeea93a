"""/video-help, /video-mod, and what Discord is told of all commands."""

from bot.policy.words import MAX_WORDS
from cogs.video_mod.words import fields_of
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


async def test_moderators_choose_words_in_a_form(club: Club) -> None:
    empty = await club.mod.invoke("video-mod words", channel=club.videos)
    saved = await club.mod.submit(empty.form, {"Words or phrases, one per line": "gore\nbad  word,gore\n"})
    filled = await club.mod.invoke("video-mod words", channel=club.videos)

    assert saved.ephemeral
    assert saved.text == "2 words or phrases are blocked now."
    assert filled.form is not None
    assert filled.form.fields[0].component["value"] == "gore\nbad word"


async def test_a_blocked_word_refuses_a_prompt(club: Club) -> None:
    form = (await club.mod.invoke("video-mod words", channel=club.videos)).form
    told = await club.mod.submit(form, {"Words or phrases, one per line": "gore"})

    answer = await club.mia.invoke("video", {"prompt": "so much GORE"}, channel=club.videos)

    assert told.text == "1 word or phrase is blocked now."
    assert "don't allow a word in your prompt" in answer.text


async def test_who_is_no_moderator_any_more_can_t_save_words(club: Club) -> None:
    form = (await club.mod.invoke("video-mod words", channel=club.videos)).form
    member = club.guild.members[club.mod.user.id]
    member.take(*member.roles)

    answer = await club.mod.submit(form, {"Words or phrases, one per line": "gore"})

    assert answer.text.startswith("Only moderators can do that")
    assert (await club.chosen()).choices.words == ()


async def test_the_longest_list_of_words_fits_and_keeps_every_word(club: Club) -> None:
    words = tuple(f"{number:03d}".ljust(60, "w") for number in range(MAX_WORDS))
    await club.settle_in(words=words)

    opened = await club.mod.invoke("video-mod words", channel=club.videos)
    saved = await club.mod.submit(opened.form, {})

    assert saved.text == "200 words or phrases are blocked now."
    assert (await club.chosen()).choices.words == words


def test_a_list_that_half_fills_its_last_field_gets_another() -> None:
    assert fields_of(()) == [""]
    assert fields_of(("a", "b")) == ["a\nb"]
    assert fields_of(("w" * 2001,)) == ["w" * 2001, ""]
