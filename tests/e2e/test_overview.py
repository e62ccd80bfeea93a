"""What managers look at, from the whole process: status, record and files after a video."""

import csv
import io
import re
from datetime import UTC, datetime

from sandbox.discord import Answer
from tests.e2e.scene import PROMPT, Scene


async def looked_at(scene: Scene, command: str) -> Answer:
    """The answer to the server's owner."""
    owner = scene.person(scene.club.guild.owner)
    return await (await owner.invoke(f"video-admin {command}", channel=scene.club.videos)).settled()


async def test_after_a_video_the_status_says_how_loop_and_gateway_do(scene: Scene) -> None:
    await scene.order()
    await scene.becomes("delivered")

    text = (await looked_at(scene, "status")).text

    assert "**myrouter** · ready\nLast success <t:" in text
    assert re.search(r"\d+ of the last \d+ requests failed", text)
    assert "None is on its way." in text
    looked = re.search(r"I last looked for work <t:(\d+):R>", text)
    assert looked is not None
    assert abs(datetime.now(UTC).timestamp() - int(looked[1])) < 60


async def test_the_record_and_the_files_tell_of_what_was_done(scene: Scene) -> None:
    await scene.order()
    await scene.becomes("delivered")

    record, export = await looked_at(scene, "audit"), await looked_at(scene, "export")

    assert f"<@{scene.club.guild.owner.id}> changed the setup" in record.text
    files = {file.filename: file.data.decode("utf-8-sig") for file in export.reply.attachments}
    (video,) = csv.DictReader(io.StringIO(files["jobs.csv"]))
    assert (video["state"], video["cost_usd"], video["member_id"]) == ("delivered", "0.15", str(scene.club.mia.id))
    assert [row["kind"] for row in csv.DictReader(io.StringIO(files["ledger.csv"]))] == ["reserve", "commit"]
    assert PROMPT not in "".join(files.values())
