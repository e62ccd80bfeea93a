"""The buttons below videos and failures: for their author, for others, and for those who may not."""

import pytest

from sandbox.discord import wait_until
from sandbox.gateway.faults import FaultKind
from tests.e2e import books
from tests.e2e.presses import AGAIN, EDIT, REMIX, RETRY, forged, made, newcomer, press
from tests.e2e.scene import PROMPT, WAITING, Scene, job_id

PRICE = 1500
NO_ROLE = "You need one of these roles to make videos here:"
GONE = "This video is no longer in my records."
REMOVED = "A moderator removed this video, so it can't be used any more."
TWICE = "This may be paid twice. Order again?"
PRICED = "This costs about $0.15. Make it?"
NOTHING = "Nothing was ordered."
ASKS_ABOVE = {"Buttons ask first above (dollars)": "0.10"}
OTHER = "a paper plane"
VERBS = {AGAIN: "again", REMIX: "remix", EDIT: "edit", RETRY: "retry", "Delete": "delete"}


async def ask_above(scene: Scene) -> None:
    """The owner wants buttons to ask above ten cents."""
    owner = scene.person(scene.club.owner)
    panel = (await owner.invoke("video-admin setup", channel=scene.club.videos)).reply
    await owner.click(panel, "Next")
    await owner.click(panel, "Next")
    form = (await owner.click(panel, "More…")).form
    await owner.submit(form, ASKS_ABOVE)
    await owner.click(panel, "Save")


@pytest.mark.parametrize(("label", "asked"), [(AGAIN, PROMPT), (REMIX, OTHER), (EDIT, OTHER)])
async def test_a_button_below_a_video_makes_another_charged_to_whoever_presses(
    scene: Scene, label: str, asked: str
) -> None:
    result, noa = await made(scene), newcomer(scene)
    scene.stage.gateway.script(WAITING, times=2)

    own = await press(scene.mia, result, label, asked)
    others = await press(noa, result, label, asked)

    assert (own.ephemeral, others.ephemeral) == (False, False)
    assert asked in own.text
    assert f"<@{noa.user.id}>" in others.text
    assert books.paid_by(scene.stage, scene.club.guild) == {scene.mia.user.id: 2 * PRICE, noa.user.id: PRICE}
    await scene.becomes("delivered", "rendering", "rendering")
    assert [order.body["prompt"] for order in scene.orders[1:]] == [asked, asked]


async def test_a_result_offers_what_its_model_can_do(scene: Scene) -> None:
    result = await made(scene)

    assert list(result.buttons) == [AGAIN, REMIX, EDIT, "Delete", "Save as character"]


async def test_who_may_not_order_is_refused_by_every_button(scene: Scene) -> None:
    result, tom = await made(scene), scene.person(scene.club.tom)

    for label in (AGAIN, REMIX, EDIT):
        answer = await tom.click(result, label)
        assert answer.form is None, label
        assert answer.text.startswith(NO_ROLE), label
        assert answer.ephemeral, label

    assert (scene.states, scene.spent) == (["delivered"], PRICE)


@pytest.mark.parametrize("label", VERBS)
async def test_a_button_whose_video_is_gone_says_so(scene: Scene, label: str) -> None:
    answer = await scene.mia.click(forged(scene, f"cb:{VERBS[label]}:0123456789"), "Press")

    assert (answer.text, answer.ephemeral) == (GONE, True)


@pytest.mark.parametrize("label", [AGAIN, REMIX, EDIT])
async def test_above_the_managers_amount_a_button_asks_once_with_the_price(scene: Scene, label: str) -> None:
    await ask_above(scene)
    result, noa = await made(scene), newcomer(scene)

    question = await press(scene.mia, result, label, OTHER)
    others = await press(noa, result, label, OTHER)

    asked, offered = question.text, list(question.reply.buttons)
    assert (asked, offered, question.ephemeral) == (PRICED, ["Make it", "Not now"], True)
    assert scene.spent == PRICE
    refused = await noa.click(others.reply, "Not now")
    assert (refused.text, refused.reply.buttons) == (NOTHING, {})
    status = await scene.mia.click(question.reply, "Make it")
    assert "**Queued" in status.text
    assert not status.ephemeral
    await wait_until(lambda: question.reply.deleted)
    assert books.paid_by(scene.stage, scene.club.guild) == {scene.mia.user.id: 2 * PRICE}


async def test_a_failure_can_be_tried_again_by_its_author_and_by_others(scene: Scene) -> None:
    scene.stage.gateway.fault("submit", FaultKind.INVALID_REQUEST_BODY)
    status, noa, tom = (await scene.order()).reply, newcomer(scene), scene.person(scene.club.tom)
    await wait_until(lambda: RETRY in status.buttons)
    scene.stage.gateway.script(WAITING, times=2)

    refused = await tom.click(status, RETRY)
    answers = [await press(person, status, RETRY) for person in (scene.mia, noa)]

    assert refused.text.startswith(NO_ROLE)
    assert [answer.ephemeral for answer in answers] == [False, False]
    await scene.becomes("failed", "rendering", "rendering")
    assert books.paid_by(scene.stage, scene.club.guild) == {scene.mia.user.id: PRICE, noa.user.id: PRICE}
    assert [order.body["prompt"] for order in scene.orders] == [PROMPT, PROMPT]


async def test_an_order_of_unknown_outcome_is_tried_again_only_after_a_question(scene: Scene) -> None:
    scene.stage.gateway.fault("submit", FaultKind.RESET_AFTER_ORDER)
    status = (await scene.order()).reply
    await wait_until(lambda: RETRY in status.buttons)

    question = await scene.mia.click(status, RETRY)

    asked = question.text
    assert (asked, question.ephemeral, scene.spent) == (TWICE, True, PRICE)
    await scene.mia.click(question.reply, "Make it")
    await scene.becomes("unsure", "delivered")
    assert scene.spent == 2 * PRICE


async def test_a_video_that_a_moderator_deletes_is_nobodys_any_more(scene: Scene) -> None:
    result = await made(scene)

    stranger = await newcomer(scene).click(result, "Delete")
    question = await scene.mod.click(result, "Delete")
    asked = question.text
    removed = await (await scene.mod.click(question.reply, "Remove")).settled()

    assert stranger.text == "Only the person who asked for this video and moderators can do that."
    assert asked.startswith("Remove this video?")
    assert removed.text == "Removed: its posts are deleted, and nobody can get it back."
    assert result.deleted
    for label in (AGAIN, REMIX, EDIT, RETRY):
        answer = await scene.mia.click(forged(scene, f"cb:{VERBS[label]}:{job_id(result)}"), "Press")
        assert (answer.text, answer.ephemeral) == (REMOVED, True), label
    assert (scene.states, scene.spent) == (["delivered"], PRICE)
