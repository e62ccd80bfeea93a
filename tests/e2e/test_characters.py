"""Characters from the form to the gateway: by their owner, by those they are shared with, and by nobody else."""

import pytest

from sandbox.discord import Member, Message, wait_until
from tests.e2e import books
from tests.e2e.lending import CHOSEN, EVERYONE, HELD, lent_at, saved
from tests.e2e.presses import made
from tests.e2e.scene import Scene

NOT_LENT = "This video was made with a character that you may not use here, or that was removed."
GONE = "There is no such character that you may use here. /character list shows yours."
NO_ROLE = "You need one of these roles to make videos here:"
PRICE = 1500


@pytest.fixture
def noa(scene: Scene) -> Member:
    """Another member who may make videos."""
    return scene.club.guild.add_member("noa", roles=[scene.club.makers])


async def offered(scene: Scene, member: Member) -> list[str]:
    """The characters that /video offers somebody."""
    person = scene.person(member)
    choices = await person.autocomplete("video", "character", "MI", channel=scene.club.videos)
    return [choice["name"].split(" ")[0] for choice in choices]


async def panel(scene: Scene) -> Message:
    """The panel on which mia shares her character."""
    return (await scene.mia.invoke("character share", {"character": "Mimi"}, channel=scene.club.videos)).reply


async def choose(scene: Scene, panel: Message, number: int, choice: object) -> None:
    """Mia chooses in one of the panel's menus."""
    await scene.mia.select(panel, list(panel.selects)[number], choice)


async def test_others_use_what_is_shared_with_them_and_pay_for_it(fetching: Scene, noa: Member) -> None:
    await saved(fetching, who=EVERYONE)

    names = await offered(fetching, noa)
    await fetching.order(by=noa, character="Mimi")

    await fetching.becomes("delivered")
    assert names == ["Mimi"]
    assert books.paid_by(fetching.stage, fetching.club.guild) == {noa.user.id: PRICE}
    assert lent_at(fetching.orders[0]) == [(200, "video/mp4")]
    assert fetching.orders[0].body["character_timestamps"] == "0,2"


async def test_a_character_is_for_those_who_were_chosen(scene: Scene, noa: Member) -> None:
    await saved(scene, who=CHOSEN)
    opened = await panel(scene)
    ben = scene.club.guild.add_member("ben", roles=[scene.club.makers])
    seen = [await offered(scene, noa)]

    for chosen in ([noa], [scene.club.makers], []):
        await choose(scene, opened, 1, chosen)
        seen.append([*await offered(scene, noa), *await offered(scene, ben)])

    assert seen == [[], ["Mimi"], ["Mimi", "Mimi"], []]


async def test_a_right_that_was_taken_back_ends_orders_and_buttons(scene: Scene, noa: Member) -> None:
    await saved(scene, who=EVERYONE)
    await scene.order(by=noa, character="mimi")
    await scene.becomes("delivered")
    result = await scene.result()
    opened = await panel(scene)

    await choose(scene, opened, 0, "Only me")

    answers = [
        await scene.order(by=noa, character="mimi"),
        await scene.person(noa).click(result, "Again"),
    ]
    assert [(answer.text, answer.ephemeral) for answer in answers] == [(GONE, True), (NOT_LENT, True)]
    assert scene.spent == PRICE


async def test_a_character_that_was_removed_is_gone_for_everybody(scene: Scene) -> None:
    await saved(scene)
    await scene.order(character="mimi")
    result = await scene.result()
    question = await scene.mia.invoke("character remove", {"character": "mimi"}, channel=scene.club.videos)
    await scene.mia.click(question.reply, "Remove")

    answers = [await scene.order(character="mimi"), await scene.mia.click(result, "Again")]

    assert [answer.text for answer in answers] == [GONE, NOT_LENT]
    assert scene.spent == PRICE


async def test_without_the_role_a_shared_character_is_of_no_use(scene: Scene) -> None:
    await saved(scene, who=EVERYONE)

    answer = await scene.order(by=scene.club.tom, character="mimi")

    assert answer.text.startswith(NO_ROLE)
    assert answer.ephemeral
    assert scene.states == []


async def test_a_video_is_saved_as_a_character_and_used(fetching: Scene) -> None:
    result = await made(fetching)
    opened = await fetching.mia.click(result, "Save as character")
    saved = await fetching.mia.submit(opened.form, {"Name": "Boat", "I confirm": True})
    await saved.settled()

    await fetching.order(character="boat")

    await fetching.becomes("delivered", "delivered")
    assert fetching.orders[1].body["character_timestamps"] == "0,3"
    assert lent_at(fetching.orders[1]) == [(200, "video/mp4")]


async def test_a_character_that_is_taken_back_while_it_renders_still_becomes_a_video(
    fetching: Scene, noa: Member
) -> None:
    await saved(fetching, who=EVERYONE)
    fetching.stage.gateway.script(HELD)
    await fetching.order(by=noa, character="mimi")
    task = await fetching.task()

    await choose(fetching, await panel(fetching), 0, "Only me")
    task.finish()

    await fetching.becomes("delivered")
    await wait_until(lambda: fetching.club.clips.history == [])
