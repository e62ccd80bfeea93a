"""What options offer while somebody types, out of far more than Discord takes; `make bench` prints the times."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.domain.character import Character, Sharing
from bot.domain.ids import new_job_id
from bot.domain.request import VideoRequest
from bot.store import characters, jobs
from bot.store.database import Transaction
from tests.bot.store.records import NOW, job
from tests.cogs.club import Club

VIDEOS, RUNNING, OWN, SHARED = 100, 25, 50, 100


async def _videos(tx: Transaction, club: Club) -> None:
    """Mia's videos with long prompts; the newest are on their way."""
    for number in range(VIDEOS):
        of = job(
            guild_id=club.guild.id,
            server_id=club.guild.id,
            channel_id=club.videos.id,
            author_id=club.mia.user.id,
            created_at=NOW - timedelta(minutes=VIDEOS - number),
            request=VideoRequest(f"{'a paper boat at sea, ' * 50}{number}", 10, "16:9"),
        )
        assert await jobs.add(tx, of, number)
    await tx.exec_driver_sql("UPDATE jobs SET state = 'delivered', gateway = 'myrouter', task_id = id")
    newest = f"SELECT id FROM jobs ORDER BY created_at DESC LIMIT {RUNNING}"
    await tx.exec_driver_sql(f"UPDATE jobs SET state = 'rendering' WHERE id IN ({newest})")


async def _characters(tx: Transaction, club: Club) -> None:
    """Mia's own, and more of others that everyone here may use."""
    mimi = Character(new_job_id(), 0, club.guild.id, "", f"{'0' * 32}.mp4", Decimal(2), NOW, NOW, Sharing.EVERYONE)
    for number in range(OWN + SHARED):
        owner = club.mia.user.id if number < OWN else 1000 + number
        assert await characters.add(tx, replace(mimi, id=new_job_id(), owner_id=owner, name=f"Mimi {number}"))


ASKED = {
    ("mia", "video", "duration", ""): 2,
    ("mia", "video", "orientation", ""): 2,
    ("mia", "video", "model", ""): 8,
    ("mia", "video", "character", "mimi"): 25,
    ("mia", "remix", "video", "boat at sea"): 25,
    ("mia", "character remove", "character", "mimi"): 25,
    ("mia", "character share", "character", "mimi"): 25,
    ("mia", "my-videos show", "video", "boat at sea"): 25,
    ("mia", "my-videos show", "video", "nowhere to be found"): 0,
    ("mia", "my-videos cancel", "video", "boat at sea"): 25,
    ("mod", "video-mod remove", "video", "boat at sea"): 25,
}
"""Who types what in which option, and how many choices there are."""


async def test_every_option_offers_what_fits_and_no_more_than_discord_takes(club: Club) -> None:
    async with club.database.write() as tx:
        await _videos(tx, club)
        await _characters(tx, club)
    offered = {}

    for by, command, option, typed in ASKED:
        choices = await getattr(club, by).autocomplete(command, option, typed, channel=club.videos)
        offered[by, command, option, typed] = len(choices)

    assert offered == ASKED
