"""Buttons and forms that nobody offered: forged, of another server, of another time."""

import pytest

from sandbox.club import Club
from tests.e2e.presses import forged
from tests.e2e.scene import WAITING, Scene, job_id

GONE = "This video is no longer in my records."
TOO_OLD = "This form is too old; please start again."


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("cb:cancel:0123456789", GONE),
        ("cb:delete:0123456789", GONE),
        ("cb:cancel:", GONE),
        ("cb:cancel:' OR 1=1 --", GONE),
        ("cb:refund:0123456789", GONE),
        ("cb:cancel:0123456789:0", GONE),
        ("save", TOO_OLD),
        ("0123456789abcdef0123456789abcdef", TOO_OLD),
    ],
)
async def test_a_forged_button_is_answered_and_does_nothing(scene: Scene, custom_id: str, sentence: str) -> None:
    message = forged(scene, custom_id)

    answer = await scene.mia.click(message, "Press")

    assert (answer.text, answer.ephemeral) == (sentence, True)
    assert (scene.states, scene.entries) == ([], [])


@pytest.mark.parametrize("verb", ["cancel", "delete"])
async def test_the_moderators_of_another_server_have_no_say(scene: Scene, verb: str) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply
    await scene.becomes("rendering")
    elsewhere = Scene(scene.stage, Club.found(scene.stage.discord, name="Other Club"))
    await elsewhere.club.set_up()
    message = forged(elsewhere, f"cb:{verb}:{job_id(status)}")

    pressed = await elsewhere.mod.click(message, "Press")
    typed = await elsewhere.mod.invoke("my-videos cancel", {"video": job_id(status)}, channel=elsewhere.club.videos)

    assert (pressed.text, pressed.ephemeral) == (GONE, True)
    assert (typed.text, typed.ephemeral) == (GONE, True)
    (await scene.task()).finish()
    await scene.result()
