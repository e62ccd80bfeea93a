"""Gathers what a server's log channel is told of a job."""

from datetime import datetime

from bot.domain.job import Job
from bot.domain.record import Record
from bot.policy.standing import standing
from bot.store import acts, guilds
from bot.store.database import Transaction


async def record(tx: Transaction, job: Job, now: datetime) -> Record:
    """How a job stands, what was done about it, and the language of its server; in one transaction."""
    guild = await guilds.get(tx, job.guild_id or 0)
    return Record(await standing(tx, job, now), await acts.on_job(tx, job.id), guild.choices.locale)
