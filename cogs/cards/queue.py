"""The list of a person's running videos, with links to their status messages."""

from collections.abc import Sequence

import discord

from bot.client.escape import escape
from bot.domain.job import Job
from bot.domain.sentence import N_, NN_, Sentence
from bot.locales import Translator
from cogs.cards.labels import SEPARATOR
from cogs.cards.telling import Telling

MOST_JOBS = 25
TEXT_LIMIT = 4000
LONGEST_PROMPT = 150
SHORTEST_PROMPT = 20
FRAME = 200
"""Characters for the heading and for what is left out."""

Row = tuple[Job, Telling]


def queue_card(rows: Sequence[Row], translator: Translator) -> discord.ui.LayoutView:
    """One short paragraph a job, oldest first; the prompts share what Discord leaves for text."""
    if not rows:
        return _card(translator.text(N_("You have no videos on their way. Make one with /video.")))
    count = NN_("**{count} video on its way**", "**{count} videos on their way**")
    heading = translator.text(count, count=len(rows))
    lines = [_line(number, row, translator) for number, row in enumerate(rows[:MOST_JOBS], 1)]
    while _length(lines) + len(lines) * SHORTEST_PROMPT > TEXT_LIMIT - FRAME:
        lines.pop()
    room = (TEXT_LIMIT - FRAME - _length(lines)) // len(lines) - 1
    prompts = (escape(job.request.prompt, min(LONGEST_PROMPT, room), max_lines=1) for job, _ in rows)
    texts = [heading, *(f"{prompt}\n{line}" for prompt, line in zip(prompts, lines, strict=False))]
    if len(lines) < len(rows):
        texts.append(translator.text(N_("… and {number} more"), number=len(rows) - len(lines)))
    return _card("\n".join(texts))


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _line(number: int, row: Row, translator: Translator) -> str:
    job, telling = row
    parts = [translator.text(part) for part in telling.headline]
    if job.status is not None:
        parts.append(translator.text(Sentence("{link}", {"link": job.link(job.status)})))
    return f"-# {number} · {SEPARATOR.join(parts)} · `{job.id}`"


def _card(text: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    return view.add_item(discord.ui.Container(discord.ui.TextDisplay(text)))
