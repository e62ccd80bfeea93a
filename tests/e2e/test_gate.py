"""Every refusal of the gate: its sentence, in private, and nothing charged, ordered or said in public."""

import pytest

from sandbox.club import Club
from sandbox.discord import ClientRefusesError
from tests.e2e.conftest import approved
from tests.e2e.scene import Scene

NOT_SET_UP = "A manager of this server has to run /video-admin setup first."
NO_ROLES = "No role may make videos here yet. A manager of this server can choose roles with /video-admin setup."
MANAGERS_ONLY = "Only members who may manage this server can do that."
MODERATORS_ONLY = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
BLOCKED_WORD = "This server's moderators don't allow a word in your prompt. Please rephrase it. Nothing was charged."


async def test_nobody_can_order_before_the_server_is_set_up(opening: Scene) -> None:
    await opening.is_refused(NOT_SET_UP)


async def test_a_server_of_somebody_else_waits_for_the_operator(opening: Scene) -> None:
    world = opening.stage.discord.world
    elsewhere = Scene(opening.stage, Club.found(opening.stage.discord, owner=world.add_user("olga"), name="Other Club"))
    report = await elsewhere.club.set_up()
    assert "The operator of this bot has been asked to approve this server." in report.text

    await elsewhere.is_refused(
        "The operator of this bot has been asked to approve this server. Videos can be made here once that is done."
    )


async def test_a_setup_without_roles_lets_only_managers_order(opening: Scene) -> None:
    owner = opening.person(opening.club.owner)
    panel = (await owner.invoke("video-admin setup", channel=opening.club.videos)).reply
    report = await owner.click(panel, "Save")
    assert "Videos can be made by members with Manage Server only." in report.text

    await opening.is_refused(NO_ROLES)

    assert "**Queued" in (await opening.order(by=opening.club.owner)).text


async def test_before_setup_the_operators_settings_say_which_servers_and_roles(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage))
    elsewhere = Scene(alone.stage, Club.found(alone.stage.discord, name="Other Club"))

    await elsewhere.is_refused(NOT_SET_UP)
    await alone.is_refused(
        f"You need one of these roles to make videos here: {alone.club.makers.mention}", by=alone.club.tom
    )

    assert "**Queued" in (await alone.order(by=alone.club.mia)).text


async def test_a_member_without_the_role_is_told_which(scene: Scene) -> None:
    sentence = f"You need one of these roles to make videos here: {scene.club.makers.mention}"

    await scene.is_refused(sentence, by=scene.club.tom)


async def test_in_the_wrong_channel_the_right_one_is_named(scene: Scene) -> None:
    await scene.is_refused(f"Videos are made in {scene.club.videos.mention}.", channel=scene.club.general)


async def test_a_word_that_the_moderators_blocked_is_refused(scene: Scene) -> None:
    panel = (await scene.mod.invoke("video-mod words", channel=scene.club.videos)).reply
    form = (await scene.mod.click(panel, "Edit words…")).form
    answer = await scene.mod.submit(form, {"Words or phrases, one per line": "volcano\nrubber duck"})
    assert answer.text.endswith("2 words or phrases are blocked now.")

    await scene.is_refused(BLOCKED_WORD, prompt="a RUBBER  Duck at sea")


async def test_setup_keeps_the_blocked_words(scene: Scene) -> None:
    panel = (await scene.mod.invoke("video-mod words", channel=scene.club.videos)).reply
    form = (await scene.mod.click(panel, "Edit words…")).form
    await scene.mod.submit(form, {"Words or phrases, one per line": "volcano"})

    await scene.club.set_up()

    await scene.is_refused(BLOCKED_WORD, prompt="a volcano")


async def test_administration_is_not_offered_in_direct_messages(scene: Scene) -> None:
    for name in ("video-admin setup", "video-mod words"):
        with pytest.raises(ClientRefusesError, match="not offered in direct messages"):
            await scene.mia.invoke(name)


async def test_administration_is_not_offered_to_members(scene: Scene) -> None:
    for name in ("video-admin setup", "video-mod words"):
        with pytest.raises(ClientRefusesError, match="not offered to this person"):
            await scene.mia.invoke(name, channel=scene.club.videos)


@pytest.mark.parametrize(
    ("name", "sentence"), [("video-admin setup", MANAGERS_ONLY), ("video-mod words", MODERATORS_ONLY)]
)
async def test_administration_opened_to_everybody_still_asks_who_it_is(scene: Scene, name: str, sentence: str) -> None:
    with scene.opened_to_everybody(name.partition(" ")[0]):
        answer = await scene.mia.invoke(name, channel=scene.club.videos)

    assert answer.text == sentence
    assert answer.ephemeral
