"""The longest prompts that the model takes, on every card and in every form; the stage refuses what Discord would."""

import pytest

from sandbox.discord import wait_until
from tests.e2e.presses import AGAIN, EDIT, REMIX
from tests.e2e.scene import WAITING, Scene

LONGEST = 2000
WIDE = "\U0001d54f"
CONTENT_UNITS = 2000


def units(text: str) -> int:
    """UTF-16 units, in which Discord's client counts."""
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("part", [WIDE, "*", "ক্ষ", "👩‍👩‍👧‍👦", "e\u0301\u0323\u0334\u0489"], ids=ascii)
async def test_a_video_of_the_longest_prompt_is_shown_everywhere(scene: Scene, part: str) -> None:
    prompt, gateway = (part * LONGEST)[:LONGEST].rstrip("\u200d"), scene.stage.gateway
    tom, commands = scene.person(scene.club.tom), ("my-videos queue", "my-videos history")
    gateway.script(WAITING)
    status = (await scene.order(prompt)).reply
    await scene.becomes("rendering")
    answers = [await scene.mia.invoke(commands[0], channel=scene.club.videos)]
    answers.append(await scene.mia.menu("Video details", status))
    (await scene.task()).finish()
    result = await scene.result()
    await scene.becomes("delivered")

    answers.append(await scene.mia.invoke(commands[1], channel=scene.club.videos))
    answers.append(await scene.mia.menu("Video details", result))
    report = (await tom.menu("Report this video", result)).form
    await (await tom.submit(report, {"What is wrong with it? (optional)": part * (1000 // len(part))})).settled()
    card = scene.reported
    await scene.mod.click(card, "Dismiss")
    edit, remix = [(await scene.mia.click(result, label)).form for label in (EDIT, REMIX)]
    again = await scene.mia.click(result, AGAIN)

    shown = part[0] if part != "*" else r"\*"
    assert all(shown in answer.text for answer in (*answers, again))
    assert units(result.content) <= CONTENT_UNITS
    assert edit is not None
    assert edit.fields[0].component["value"] == prompt
    assert remix is not None
    assert "**Nothing had to be done. By" in card.text
    await scene.becomes("delivered", "delivered")
    assert [order.body["prompt"] for order in scene.orders] == [prompt, prompt]


async def test_a_failure_of_the_longest_prompt_is_told(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order(WIDE * LONGEST)).reply

    (await scene.task()).fail("heavy_load")

    await wait_until(lambda: "**Failed**" in status.text)
    assert list(status.buttons) == ["Try again", EDIT]
