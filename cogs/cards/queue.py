"""The list of a person's running videos, with links to their status messages."""

from collections.abc import Sequence

import discord

from bot.client.escape import escape
from bot.domain.job import Job
from bot.domain.sentence import N_, NN_, MessageLink, Sentence
from bot.locales import Translator
from cogs.cards.labels import SEPARATOR
from cogs.cards.telling import Telling

MOST_JOBS = 25
TEXT_LIMIT = 4000
LONGEST_PROMPT = 150

Row = tuple[Job, Telling]


def queue_card(rows: Sequence[Row], translator: Translator) -> discord.ui.LayoutView:
    """One short paragraph a job, oldest first; the prompts share what Discord leaves for text."""
    shown = rows[:MOST_JOBS]
    if not shown:
        return _card(translator.text(N_("You have no videos on their way. Make one with /video.")))
    count = NN_("**{count} video on its way**", "**{count} videos on their way**")
    heading = translator.text(count, count=len(shown))
    lines = [_line(number, row, translator) for number, row in enumerate(shown, 1)]
    used = len(heading) + sum(len(line) + 2 for line in lines)
    room = min(LONGEST_PROMPT, (TEXT_LIMIT - used) // len(shown))
    texts = [
        f"{escape(job.request.prompt, room, max_lines=1)}\n{line}"
        for (job, _), line in zip(shown, lines, strict=True)
    ]
    return _card("\n".join([heading, *texts]))


def _line(number: int, row: Row, translator: Translator) -> str:
    job, telling = row
    parts = [translator.text(part) for part in telling.headline]
    if job.status is not None:
        place = MessageLink(None if job.private else job.guild_id, job.status.channel_id, job.status.message_id)
        parts.append(translator.text(Sentence("{link}", {"link": place})))
    return f"-# {number} · {SEPARATOR.join(parts)} · `{job.id}`"


def _card(text: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    return view.add_item(discord.ui.Container(discord.ui.TextDisplay(text)))
