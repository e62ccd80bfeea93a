"""Video details and Report this video, on what the program has posted."""

import pytest

from sandbox.club import Club
from sandbox.discord import Message
from tests.e2e.scene import WAITING, Scene, job_id

DETAILS = "Video details"
REPORT = "Report this video"
HIDDEN = "The prompt is shown to its author and to moderators only."


async def delivered(scene: Scene, **order: object) -> Message:
    """A finished video of Mia's."""
    await scene.order(**order)  # type: ignore[arg-type]
    result = await scene.result()
    await scene.becomes("delivered")
    return result


async def test_anybody_who_sees_a_video_sees_its_details_alone(scene: Scene) -> None:
    result = await delivered(scene, prompt="a paper *boat*", duration=15)

    for member in (scene.club.mia, scene.club.tom, scene.club.mod):
        answer = await scene.person(member).menu(DETAILS, result)
        assert answer.ephemeral
        assert r"a paper \*boat\*" in answer.text
        assert f"Made by <@{scene.club.mia.id}>\nSora 2 · 15 s · landscape" in answer.text
        assert "Video service: myrouter" in answer.text
        assert f"`{job_id(result)}`" in answer.text
        assert "Cost" not in answer.text

    assert "Cost: $0.225, charged" in (await scene.person(scene.club.owner).menu(DETAILS, result)).text


async def test_a_status_message_has_details(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    status = await scene.status()
    await scene.task()

    assert "a paper boat\n**Rendering" in (await scene.person(scene.club.tom).menu(DETAILS, status)).text


async def test_the_prompt_of_a_private_video_stays_with_its_author_and_moderators(scene: Scene) -> None:
    await scene.order(private=True, prompt="a secret boat")
    copy = await scene.result(scene.club.log)
    await scene.becomes("delivered")

    assert HIDDEN in (told := (await scene.person(scene.club.tom).menu(DETAILS, copy)).text)
    assert "secret" not in told
    assert "a secret boat" in (await scene.mod.menu(DETAILS, copy)).text
    assert "a secret boat" in (await scene.mia.menu(DETAILS, copy)).text
    direct = await scene.result(scene.club.mia)
    assert "a secret boat" in (await scene.mia.menu(DETAILS, direct)).text


async def test_a_member_without_the_role_reports_a_video_to_the_log(scene: Scene) -> None:
    result = await delivered(scene)
    tom = scene.person(scene.club.tom)

    form = (await tom.menu(REPORT, result)).form
    answer = await (await tom.submit(form, {"What is wrong with it? (optional)": "It is rude"})).settled()

    assert answer.ephemeral
    assert answer.text == "Thank you. The moderators have been told."
    card = scene.reported
    assert f"<@{tom.user.id}> has reported a video by <@{scene.club.mia.id}>." in card.text
    assert "a paper boat\nReason: It is rude" in card.text
    again = await scene.mia.menu(REPORT, result)
    assert again.text == "The moderators have been told about this video already. Thank you."


@pytest.mark.parametrize("menu", [DETAILS, REPORT])
async def test_other_messages_have_nothing_to_tell(scene: Scene, menu: str) -> None:
    message = scene.mia.post(scene.club.videos, "look")

    answer = await scene.person(scene.club.tom).menu(menu, message)

    assert answer.text == "This is not one of my videos."
    message.delete()


async def test_a_video_of_another_server_that_was_forwarded_is_none_of_ours(scene: Scene) -> None:
    result = await delivered(scene)
    elsewhere = Club.found(scene.stage.discord, name="Other Club")
    await elsewhere.set_up()
    message = elsewhere.videos.post(scene.stage.discord.world.application.bot, result.content)
    message.components = result.components

    for menu in (DETAILS, REPORT):
        answer = await scene.person(elsewhere.owner).menu(menu, message)
        assert answer.text == "This video is no longer in my records."
    message.delete()
