"""What the operator has to know of a gateway is noted once, and again when it is true again."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.administration.retirements import Retirements
from bot.domain.job import JobState
from bot.domain.notice import NoticeKind
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.policy.asker import Asker
from bot.store import jobs, notices, retirements
from bot.worker.submit import CREDIT_PAUSE, CREDIT_RETRY
from sandbox.gateway import FaultKind
from tests.bot.worker.stage import BY_HAND, CHANNEL, MEMBER, Stage

MYROUTER = {"gateway": "myrouter", "model": ""}


async def noted(stage: Stage) -> list[tuple[NoticeKind, dict[str, object]]]:
    async with stage.database.read() as tx:
        due = await notices.due(tx, stage.clock(), limit=100)
    assert {notice.guild_id for notice in due} <= {0}
    return [(notice.kind, dict(notice.about)) for notice in due]


@pytest.fixture(autouse=True)
def _midday(stage: Stage) -> None:
    """A refused key is told again on another day, and none begins within these tests."""
    now = stage.clock()
    noon = (now + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    stage.clock.jump((noon - now).total_seconds())


async def restart(stage: Stage) -> None:
    await stage.worker.stop()
    await stage.start("next")


async def fail_to_order(stage: Stage) -> None:
    job = await stage.order()
    await stage.until_state(job, JobState.FAILED, hurry=15)


async def test_a_refused_key_is_told_once_and_after_a_restart_only_if_it_is_another(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.FAILED_TO_AUTH, times=None)
    await stage.start()
    await asyncio.gather(*(fail_to_order(stage) for _ in range(3)))
    assert await noted(stage) == [(NoticeKind.BAD_KEY, MYROUTER)]

    await restart(stage)
    await fail_to_order(stage)
    assert len(await noted(stage)) == 1

    await stage.worker.stop()
    stage.gateway.books.keys = ("sk-another",)
    await stage.start("with another key")
    await fail_to_order(stage)
    assert await noted(stage) == [(NoticeKind.BAD_KEY, MYROUTER)] * 2


async def test_a_key_that_is_refused_while_videos_render_is_told_too_and_only_once(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    ordered = [await stage.order() for _ in range(2)]
    for job in ordered:
        await stage.until_state(job, JobState.RENDERING)

    stage.gateway.fault("poll", FaultKind.INVALID_API_KEY, times=None)

    async def is_noted() -> bool:
        return bool(await noted(stage))

    await stage.until(is_noted, hurry=15)
    await fail_to_order(stage)
    assert await noted(stage) == [(NoticeKind.BAD_KEY, MYROUTER)]


async def test_of_the_key_itself_nothing_is_written_down(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.FAILED_TO_AUTH)
    await stage.start()
    await fail_to_order(stage)

    async with stage.database.read() as tx:
        rows = [str(tuple(row)) for row in await tx.exec_driver_sql("SELECT * FROM notices")]

    assert len(rows) == 1
    key = stage.gateway.key
    assert not any(key[start : start + 6] in rows[0] for start in range(len(key) - 5))


def test_the_mark_of_a_key_tells_it_from_others() -> None:
    http = GatewayHttp()
    marks = [GatewayClient("x", "http://x", SecretStr(key), http, Pace(60)).key_mark for key in ("one", "two", "one")]

    assert marks[0] == marks[2] != marks[1]


async def test_an_empty_account_is_told_after_the_doubt_and_again_once_orders_were_taken(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.BALANCE_NOT_ENOUGH_402, times=None)
    await stage.start()
    job = await stage.order()

    async def is_doubted() -> bool:
        return stage.gateway.submits == 1 and (await stage.read(job)).state is JobState.QUEUED

    await stage.until(is_doubted)
    assert await noted(stage) == []
    await stage.until_state(job, JobState.FAILED, hurry=CREDIT_RETRY.total_seconds())
    assert await noted(stage) == [(NoticeKind.NO_CREDIT, MYROUTER)]

    stage.clock.jump(CREDIT_PAUSE.total_seconds() + 1)
    await fail_to_order(stage)
    await restart(stage)
    await fail_to_order(stage)
    assert len(await noted(stage)) == 1

    stage.gateway.faults.armed.clear()
    stage.clock.jump(CREDIT_PAUSE.total_seconds() + 1)
    await stage.until_state(await stage.order(), JobState.DELIVERED)
    stage.gateway.fault("submit", FaultKind.BALANCE_NOT_ENOUGH_402, times=None)
    await fail_to_order(stage)
    assert await noted(stage) == [(NoticeKind.NO_CREDIT, MYROUTER)] * 2


SORA = "sora-2-video-reverse"


@pytest.mark.usefixtures("highway")
async def test_a_retired_model_is_told_once_for_each_gateway(stage: Stage) -> None:
    for server in stage.servers.values():
        server.fault("submit", FaultKind.MODEL_NOT_FOUND, times=None)
    await stage.start()
    await fail_to_order(stage)
    await restart(stage)
    await fail_to_order(stage)

    assert await noted(stage) == [told_of(name) for name in ("myrouter", "highway")]
    assert [server.submits for server in stage.servers.values()] == [1, 1]


def told_of(gateway: str) -> tuple[NoticeKind, dict[str, object]]:
    return NoticeKind.MODEL_RETIRED, {"gateway": gateway, "model": "Sora 2", "slug": SORA}


async def test_a_retired_model_is_not_ordered_after_a_restart_until_an_operator_says_so_and_then_told_again(
    stage: Stage,
) -> None:
    stage.gateway.fault("submit", FaultKind.MODEL_NOT_FOUND, times=2)
    await stage.start()
    await fail_to_order(stage)
    await restart(stage)
    assert stage.worker.gateways.conditions[0].retired == {SORA}
    await fail_to_order(stage)
    assert stage.gateway.submits == 1

    await order_there_again(stage)
    await fail_to_order(stage)
    assert stage.gateway.submits == 2
    assert await noted(stage) == [told_of("myrouter")] * 2

    await order_there_again(stage)
    await restart(stage)
    await stage.until_state(await stage.order(), JobState.DELIVERED)
    assert len(await noted(stage)) == 2


async def order_there_again(stage: Stage) -> None:
    """An operator says that the gateway has it."""
    asker = Asker(MEMBER, None, CHANNEL, "en-US", operates=True)
    assert await Retirements(stage.database, stage.worker.gateways, stage.clock).end(asker, "myrouter", SORA)


@pytest.mark.usefixtures("highway")
async def test_what_is_retired_is_written_down_with_its_notice_and_the_job_that_is_queued_again(stage: Stage) -> None:
    seen: list[tuple[int, int, JobState]] = []
    job = await stage.order()

    async def look(label: str) -> None:
        if label == "write done":
            async with stage.database.read() as tx:
                marks, told = await retirements.known(tx), await notices.due(tx, stage.clock(), limit=9)
                found = await jobs.get(tx, job.id)
            assert found is not None
            seen.append((len(marks), len(told), found.state))

    stage.gateway.fault("submit", FaultKind.MODEL_NOT_FOUND)
    stage.database.reached = look
    await stage.start()
    await stage.until_state(job, JobState.DELIVERED, hurry=1)

    assert next(each for each in seen if any(each[:2])) == (1, 1, JobState.QUEUED)


@pytest.mark.parametrize("kind", [FaultKind.INVALID_REQUEST_BODY, FaultKind.OK_EMPTY])
async def test_what_says_no_to_one_order_only_is_not_told(stage: Stage, kind: FaultKind) -> None:
    stage.gateway.fault("submit", FaultKind.RATE_LIMIT_EXCEEDED)
    stage.gateway.fault("submit", kind)
    await stage.start()
    job = await stage.order()
    await stage.until_state(job, JobState.FAILED, JobState.UNSURE, hurry=15)

    assert await noted(stage) == []
