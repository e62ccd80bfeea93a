from dataclasses import replace

import pytest
from pydantic import JsonValue

from sandbox.gateway import (
    Fail,
    GatewayServer,
    NeverFinish,
    Plan,
    SucceedWithoutVideo,
    UnknownStatus,
    Vanish,
)
from tests.sandbox.gateway.caller import REMIX, Caller, sora_body

NOW = Plan(queued_seconds=0, processing_seconds=0)


async def test_a_task_goes_from_queued_over_its_progress_to_a_video(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(Plan(manual=True, queued_seconds=1, processing_seconds=10, progress=(12, 40, 80)))
    task_id = await caller.order()
    task = gateway.tasks[task_id]

    seen: list[tuple[JsonValue, JsonValue, JsonValue]] = []
    for _ in range(5):
        about = await caller.task(task_id)
        seen.append((about["status"], about["progress_percent"], about["eta"]))
        task.advance()

    assert seen == [
        ("TASK_STATUS_QUEUED", 0, 11),
        ("TASK_STATUS_PROCESSING", 12, 10),
        ("TASK_STATUS_PROCESSING", 40, 7),
        ("TASK_STATUS_PROCESSING", 80, 4),
        ("TASK_STATUS_SUCCEED", 0, 0),
    ]


async def test_the_answer_has_every_documented_key(gateway: GatewayServer, caller: Caller) -> None:
    task_id = await caller.order()
    gateway.tasks[task_id].finish()

    answer = await caller.poll(task_id)

    assert set(answer.data) == {"task", "videos", "images", "audios", "extra"}
    assert set(answer.part("task")) == {
        "task_id",
        "status",
        "reason",
        "task_type",
        "eta",
        "progress_percent",
    }
    assert set(answer.video) == {"video_url", "video_url_ttl", "video_type"}
    assert answer.video["video_url_ttl"] == "3600"


async def test_without_manual_mode_a_task_ends_by_the_clock(gateway: GatewayServer, caller: Caller) -> None:
    gateway.default_plan = Plan(queued_seconds=0.02, processing_seconds=0.05)
    task_id = await caller.order()

    assert (await caller.task(task_id))["status"] == "TASK_STATUS_QUEUED"

    await gateway.wait_for(lambda: gateway.tasks[task_id].ending is not None)
    assert (await caller.task(task_id))["status"] == "TASK_STATUS_SUCCEED"


async def test_a_task_can_be_made_to_fail_with_a_reason(gateway: GatewayServer, caller: Caller) -> None:
    task_id = await caller.order()
    gateway.tasks[task_id].fail("heavy_load")

    about = await caller.task(task_id)

    assert (about["status"], about["reason"]) == ("TASK_STATUS_FAILED", "heavy_load")


async def test_a_planned_failure_may_have_no_reason(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(replace(NOW, outcome=Fail()))

    about = await caller.task(await caller.order())

    assert (about["status"], about["reason"]) == ("TASK_STATUS_FAILED", "")


async def test_a_vanished_task_is_not_found(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(replace(NOW, outcome=Vanish()))

    answer = await caller.poll(await caller.order())

    assert (answer.status, answer.reason) == (404, "TASK_NOT_FOUND")


async def test_a_task_that_never_finishes_can_still_be_finished_late(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(Plan(manual=True, outcome=NeverFinish()))
    task_id = await caller.order()
    gateway.tasks[task_id].advance(100_000)
    before = await caller.task(task_id)

    gateway.tasks[task_id].finish()

    assert (before["status"], before["progress_percent"]) == ("TASK_STATUS_PROCESSING", 80)
    assert (await caller.task(task_id))["status"] == "TASK_STATUS_SUCCEED"


@pytest.mark.parametrize(("empty_url", "early"), [(False, []), (True, [""])])
async def test_success_may_come_before_its_video(
    gateway: GatewayServer, caller: Caller, empty_url: bool, early: list[str]
) -> None:
    gateway.script(replace(NOW, outcome=SucceedWithoutVideo(times=2, empty_url=empty_url)))
    task_id = await caller.order()

    answers = [await caller.poll(task_id) for _ in range(3)]

    assert [answer.part("task")["status"] for answer in answers] == ["TASK_STATUS_SUCCEED"] * 3
    for answer in answers[:2]:
        videos = answer.data["videos"]
        assert isinstance(videos, list)
        assert [video["video_url"] for video in videos if isinstance(video, dict)] == early
    assert str(answers[2].video["video_url"]).startswith(gateway.url)


async def test_an_unknown_status_may_give_way_to_success(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(replace(NOW, outcome=UnknownStatus("TASK_STATUS_PAUSED", times=1)))
    task_id = await caller.order()

    seen = [(await caller.task(task_id))["status"] for _ in range(2)]

    assert seen == ["TASK_STATUS_PAUSED", "TASK_STATUS_SUCCEED"]


async def test_a_new_task_may_lag_behind_its_order(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(replace(NOW, hidden_polls=1))
    task_id = await caller.order()

    assert [(await caller.poll(task_id)).status for _ in range(2)] == [404, 200]


async def test_the_wording_varies_as_the_gateways_do(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(Plan(manual=True, id_field="id", ttl=None, videos_key=False, extra_keys=True, bare=True))
    submitted = await caller.submit()
    task = gateway.orders[0].task
    waiting = await caller.poll(task.task_id)
    task.finish()
    done = await caller.poll(task.task_id)

    assert submitted.data == {"id": task.task_id}
    assert set(waiting.data) == {"task", "request_id", "usage"}
    assert "eta" not in waiting.part("task")
    assert "video_url_ttl" not in done.video


async def test_scripts_go_to_the_orders_they_are_meant_for(gateway: GatewayServer, caller: Caller) -> None:
    owls, next_one = Plan(manual=True, ttl=60), Plan(manual=True, ttl=61)
    gateway.script(owls, prompt="owl", times=None)
    gateway.script(next_one)

    for prompt in ("an owl", "a fox", "two owls", "a hare"):
        await caller.order(sora_body(prompt=prompt))

    assert [order.task.plan for order in gateway.orders] == [owls, next_one, owls, gateway.default_plan]


async def test_every_order_is_noted_with_what_was_sent(gateway: GatewayServer, caller: Caller) -> None:
    task_id = await caller.order(sora_body(watermark=True))

    (order,) = gateway.orders
    assert (order.task_id, order.slug, order.key) == (task_id, "sora-2-video-reverse", gateway.key)
    assert order.body == sora_body(watermark=True)
    assert order.headers["Content-Type"] == "application/json"
    assert (gateway.submits, gateway.polls, gateway.refused) == (1, 0, [])


async def test_a_remix_starts_from_a_task_of_the_same_gateway(gateway: GatewayServer, caller: Caller) -> None:
    first = await caller.order(sora_body(size="720x1280", duration=15))

    await caller.order({"prompt": "at night", "task_id": first}, slug=REMIX)
    unknown = await caller.submit({"prompt": "at night", "task_id": "gone"}, slug=REMIX)

    assert gateway.orders[1].task.shape == gateway.orders[0].task.shape
    assert (unknown.status, unknown.reason) == (404, "TASK_NOT_FOUND")


async def test_a_restarted_gateway_knows_its_tasks(gateway: GatewayServer, caller: Caller) -> None:
    task_id = await caller.order()
    port = int(gateway.url.rsplit(":", 1)[1])

    await gateway.stop()
    await gateway.start(port)

    assert (await caller.task(task_id))["status"] == "TASK_STATUS_QUEUED"


async def test_a_forgotten_task_is_neither_reported_nor_remixed(gateway: GatewayServer, caller: Caller) -> None:
    first, second = await caller.order(), await caller.order()
    gateway.books.forget(gateway.tasks[first])
    gateway.tasks[second].vanish()

    for task_id in (first, second):
        polled = await caller.poll(task_id)
        remixed = await caller.submit({"prompt": "at night", "task_id": task_id}, slug=REMIX)

        assert [(answer.status, answer.reason) for answer in (polled, remixed)] == [(404, "TASK_NOT_FOUND")] * 2

    assert len(gateway.orders) == 2


async def test_the_task_of_another_gateway_cannot_be_remixed(gateway: GatewayServer, caller: Caller) -> None:
    async with GatewayServer() as other:
        there = await Caller(caller.session, other).order()

    answer = await caller.submit({"prompt": "at night", "task_id": there}, slug=REMIX)

    assert (answer.status, answer.reason) == (404, "TASK_NOT_FOUND")


async def test_a_remix_cannot_be_remixed(gateway: GatewayServer, caller: Caller) -> None:
    first = await caller.order()
    second = await caller.order({"prompt": "at night", "task_id": first}, slug=REMIX)

    answer = await caller.submit({"prompt": "at noon", "task_id": second}, slug=REMIX)

    assert (answer.status, answer.reason) == (400, "INVALID_REQUEST_BODY")
