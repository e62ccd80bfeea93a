"""Videos that don't come, come late, or may never have been ordered: what is told, and what is charged."""

import pytest

from sandbox.discord import Message, wait_until
from sandbox.gateway.faults import FaultKind
from tests.e2e.conftest import approved
from tests.e2e.scene import PROMPT, WAITING, Scene, job_id

MODERATION = (
    "The video service's rules don't allow this prompt. Nothing was charged. Please rephrase it with Edit prompt."
)
REAL_PERSON = (
    "The video service does not accept clips or pictures of real people. Nothing was charged. "
    "Please use a clip or picture without real people."
)
SERVICE = "The video service failed. Nothing was charged. Press Try again to order it once more."
BUSY = (
    "The video service is overloaded and gave up on this video. Nothing was charged. "
    "Trying again in a few minutes may work."
)
REJECTED = "The video service did not accept this request. Nothing was charged. Please change it and try again."
UNSURE = (
    "The video service did not answer, so I can't tell whether it was ordered. "
    "Its cost stays reserved until a manager decides. "
    "Ordering it again may cost twice."
)
PRICE = 1500


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("internal error at node 7", SERVICE),
        ("", SERVICE),
        ("This content may violate our content policies", MODERATION),
        ("The input has photorealistic people", REAL_PERSON),
        ("heavy_load", BUSY),
    ],
)
async def test_a_task_that_failed_is_told_in_plain_words_and_not_charged(scene: Scene, reason: str, told: str) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply

    (await scene.task()).fail(reason)

    await scene.reads(status, f"{PROMPT}\n**Failed**\n{told}\n")
    once_more = [] if told in {MODERATION, REAL_PERSON} else ["Try again"]
    assert list(status.buttons) == [*once_more, "Edit prompt"]
    assert (scene.states, scene.entries, scene.spent) == (["failed"], ["reserve", "refund"], 0)
    assert _pings(scene) == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [(FaultKind.ILLEGAL_PROMPT, MODERATION), (FaultKind.INVALID_REQUEST_BODY, REJECTED)],
)
async def test_an_order_that_was_refused_is_told_and_not_charged(scene: Scene, fault: FaultKind, told: str) -> None:
    scene.stage.gateway.fault("submit", fault)

    status = (await scene.order()).reply

    await scene.reads(status, f"**Failed**\n{told}\n")
    assert (scene.orders, scene.entries, scene.spent) == ([], ["reserve", "refund"], 0)


@pytest.mark.parametrize("fault", [FaultKind.RESET_AFTER_ORDER, FaultKind.BAD_GATEWAY])
async def test_an_order_without_an_answer_stays_reserved_and_is_not_repeated(scene: Scene, fault: FaultKind) -> None:
    scene.stage.gateway.fault("submit", fault)
    submits = scene.stage.gateway.submits

    status = (await scene.order()).reply

    await scene.reads(status, f"**Outcome unknown**\n{UNSURE}\n")
    await wait_until(lambda: bool(_pings(scene)))
    (ping,) = _pings(scene)
    assert ping.reference is status
    assert UNSURE in ping.text
    assert job_id(ping) == job_id(status)
    assert (scene.states, scene.entries, scene.spent) == (["unsure"], ["reserve"], PRICE)
    assert (len(scene.orders), scene.stage.gateway.submits - submits) == (1, 1)


async def test_a_busy_gateway_gets_the_order_later_and_once(scene: Scene) -> None:
    fault = scene.stage.gateway.fault("submit", FaultKind.SERVICE_NOT_AVAILABLE)

    await scene.order()

    await scene.result()
    assert fault.hits == 1
    await scene.becomes("delivered")
    assert (len(scene.orders), scene.entries) == (1, ["reserve", "commit"])


async def test_trouble_while_asking_changes_nothing(scene: Scene) -> None:
    scene.stage.gateway.fault("poll", FaultKind.INTERNAL_SERVER_ERROR)
    scene.stage.gateway.fault("video", FaultKind.TRUNCATED_BODY)

    await scene.order()

    await scene.result()
    await scene.becomes("delivered")
    assert (len(scene.orders), scene.entries) == (1, ["reserve", "commit"])
    assert [message.notified for message in scene.club.videos.history if message.attachments] == [[scene.club.mia.user]]


@pytest.mark.parametrize(
    ("fault", "told", "then"),
    [
        (
            FaultKind.FAILED_TO_AUTH,
            "The video service refuses this bot's key. The operator of this bot has to renew it. Nothing was charged.",
            "No video service can take Sora 2 orders right now. Nothing was charged. Please try again later.",
        ),
        (
            FaultKind.MODEL_NOT_FOUND,
            "Sora 2 is no longer offered. Nothing was charged.",
            (
                "Sora 2 is no longer offered. Available: Kling 3, Veo 3.1 Fast, Hailuo 2.3, Seedance 2 Fast, Wan 2.6, "
                "Vidu Q3 Turbo, and Grok Imagine."
            ),
        ),
    ],
)
async def test_a_gateway_that_cannot_be_used_is_not_asked_again(
    alone: Scene, fault: FaultKind, told: str, then: str
) -> None:
    await alone.stage.open(**approved(alone.stage))
    alone.stage.gateway.fault("submit", fault)
    status = (await alone.order()).reply
    await alone.reads(status, f"**Failed**\n{told}")

    answer = await alone.order()

    assert answer.text == then
    assert (alone.orders, alone.stage.gateway.submits, alone.spent) == ([], 1, 0)


async def test_a_late_video_is_posted_and_not_charged_to_its_author(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    await alone.stage.open(**approved(alone.stage, JOB_DEADLINE_MINUTES="0.02", POLL_INTERVAL_SECONDS="0.05"))
    status = (await alone.order()).reply
    await alone.reads(status, "**No answer after 1 minute.**\nNot charged to you. If it still arrives I will post it.")
    await wait_until(lambda: bool(_pings(alone)))
    assert (alone.entries, alone.spent) == (["reserve", "refund", "hold"], PRICE)

    alone.orders[0].task.finish()

    result = await alone.result()
    assert "This video came late, after I had given up on it. Not charged to you." in result.text
    assert "3 videos left today" in result.text
    await wait_until(lambda: status.deleted)
    assert (alone.entries, alone.spent) == (["reserve", "refund", "hold", "commit"], PRICE)
    assert len(alone.orders) == 1


def _pings(scene: Scene) -> list[Message]:
    return [message for message in scene.club.videos.history if message.notified]
