from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from bot.worker.herald import Place
from tests.bot.worker.stage import PRICE, Stage


async def test_a_queued_job_becomes_a_posted_video(stage: Stage) -> None:
    await stage.start()

    job = await stage.order()

    done = await stage.until_state(job, JobState.DELIVERED)
    await stage.until_free(job)
    (post,) = stage.herald.of(job)
    assert (post.place, post.nonce, done.message) == (Place.CHANNEL, f"cb:{job.id}:done", post.message)
    assert post.size_bytes and post.size_bytes > 1000
    assert len(stage.gateway.orders) == stage.gateway.submits == 1
    assert await stage.settlement(job) is Settlement.CHARGED
    assert await stage.spent(member=True) == PRICE
    assert await stage.spent(member=False) == 0
    assert stage.herald.deleted == [job.id]
    assert stage.files() == []
    assert stage.herald.pings == []
    assert not done.late
