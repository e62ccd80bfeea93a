"""What old messages and abandoned forms cost: the bot keeps nothing for the first, and forgets the second."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.crowd import Crowd, crowd
from benchmarks.table import BenchmarkError, Section, mebibytes, milliseconds
from bot.domain import ids

CARDS = 5000
BATCH = 200
"""Finished at one moment; also what warms up: what is loaded and allocated once is there after so many."""
FORMS = 1000
COMPLETED_EACH = 5
POSTED_WITHIN_SECONDS = 600
_UNSET = ("message_id", "message_channel_id", "deliver_first_at", "task_id", "next_at", "lease_owner", "lease_until")
TARGET = "target: under 5 MiB, both together"


async def measure() -> Section:
    """5,000 results are posted with their buttons; then a form is opened 1,000 times and never sent."""
    section = Section(f"cards · {CARDS} results with live buttons, {FORMS} forms opened and dismissed")
    async with crowd(1, POLL_INTERVAL_SECONDS="0.2") as people:
        await people.order_as_fast_as_answered(range(1), 1)
        await people.until_ordered()
        people.orders()[0].task.finish()
        await people.until_posted(range(1))
        await _fill_the_caches(people)
        await _post(people, BATCH)
        before = people.process.resident_bytes()
        section.add("before", mebibytes(before))
        # One batch after the other: thousands that are due at once would measure the worker, not the cards.
        for _ in range(CARDS // BATCH):
            await _post(people, BATCH)
        after_cards = people.process.resident_bytes()
        section.add(f"{CARDS} cards", mebibytes(after_cards - before), TARGET)
        await _complete(section, people)
        forms_before = people.process.resident_bytes()
        await _open_forms(people, FORMS)
        section.add(f"{FORMS} forms", mebibytes(people.process.resident_bytes() - forms_before), TARGET)
    return section


async def _post(people: Crowd, count: int) -> None:
    """Let the bot post so many finished videos, as if they had rendered one after the other."""
    before = _delivered(people)
    with closing(sqlite3.connect(people.stage.folder / "clapboard.db", timeout=30)) as connection, connection:
        connection.row_factory = sqlite3.Row
        _copy_the_first(connection, count, state="rendered")
    async with asyncio.timeout(POSTED_WITHIN_SECONDS):
        while _delivered(people) < before + count:  # noqa: ASYNC110  counting thousands more often would slow the rest
            await asyncio.sleep(0.5)


async def _fill_the_caches(people: Crowd) -> None:
    """Make the file as large as it will be, and let it be read: the database's own caches are no cards."""
    with closing(sqlite3.connect(people.stage.folder / "clapboard.db", timeout=30)) as connection, connection:
        connection.row_factory = sqlite3.Row
        _copy_the_first(connection, CARDS, state="delivered")
    seat = people.seats[0]
    for typed in ("no such words", ""):
        await seat.person.autocomplete("my-videos show", "video", typed, channel=seat.channel)
    await seat.person.invoke("my-videos usage", channel=seat.channel)


def _copy_the_first(connection: sqlite3.Connection, count: int, *, state: str) -> None:
    """Write so many jobs like the first; those that are rendered wait to be posted."""
    first = dict(connection.execute("SELECT * FROM jobs ORDER BY interaction_id LIMIT 1").fetchone())
    newest: int = connection.execute("SELECT max(interaction_id) FROM jobs").fetchone()[0]
    now = int((datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
    fresh: dict[str, object] = dict.fromkeys(_UNSET) | {"state": state, "created_at": now}
    rows = [
        first | fresh | {"id": ids.new_job_id(), "interaction_id": newest + number, "finished_at": now}
        for number in range(1, count + 1)
    ]
    columns, marks = ", ".join(first), ", ".join("?" * len(first))
    connection.executemany(f"INSERT INTO jobs ({columns}) VALUES ({marks})", [tuple(row.values()) for row in rows])
    if state == "rendered":
        notes = [(row["id"], "done", now) for row in rows]
        connection.executemany("INSERT INTO outbox (job_id, kind, created_at) VALUES (?, ?, ?)", notes)
        connection.executemany("UPDATE jobs SET next_at = ? WHERE id = ?", [(now, row["id"]) for row in rows])


def _delivered(people: Crowd) -> int:
    return sum(1 for message in people.seats[0].channel.history if message.attachments)


async def _complete(section: Section, people: Crowd) -> None:
    """How long ids and words take to complete among all these videos, seen from the client."""
    seat, times = people.seats[0], list[float]()
    for typed in ("film", "number 0", "no such words", "") * COMPLETED_EACH:
        offered = await seat.person.autocomplete("my-videos show", "video", typed, channel=seat.channel)
        times.append(offered.seconds)
    beside = f"longest {milliseconds(max(times))}; target: under 200 ms"
    section.add(f"completing among {_delivered(people)} videos", milliseconds(median(times)), beside)


async def _open_forms(people: Crowd, count: int) -> None:
    """Press **Edit prompt** below results and dismiss the form, which Discord tells nobody."""
    seat = people.seats[0]
    results = [message for message in seat.channel.history if message.attachments][:count]
    for result in results:
        answer = await seat.person.click(result, "Edit prompt")
        if answer.form is None:
            message = f"no form was opened: {answer.text}"
            raise BenchmarkError(message)
