"""Lists of running videos, a person's and a server's, with links to their status messages."""

from collections.abc import Sequence

import discord

from bot.client.escape import escape
from bot.domain.job import Job
from bot.domain.sentence import N_, NN_, Mention, Sentence
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
    """One short paragraph a job, oldest first."""
    if not rows:
        return _card(translator.text(N_("You have no videos on their way. Make one with /video.")))
    count = NN_("**{count} video on its way**", "**{count} videos on their way**")
    heading = translator.text(count, count=len(rows))
    lines = [_line(number, row, translator) for number, row in enumerate(rows[:MOST_JOBS], 1)]
    texts = [heading, *_paragraphs(rows, lines)]
    shown = len(texts) - 1
    if shown < len(rows):
        texts.append(translator.text(N_("… and {number} more"), number=len(rows) - shown))
    return _card("\n".join(texts))


def server_queue_text(rows: Sequence[Row], first: int, total: int, translator: Translator) -> str:
    """A page of a server's jobs, numbered from `first`, each with its author; `total`: how many there are in all."""
    if not rows:
        return translator.text(N_("This server has no videos on their way."))
    count = NN_("**{count} video of this server on its way**", "**{count} videos of this server on their way**")
    lines = [_line(number, row, translator, names_author=True) for number, row in enumerate(rows, first)]
    return "\n".join([translator.text(count, count=total), *_paragraphs(rows, lines)])


def _paragraphs(rows: Sequence[Row], lines: list[str]) -> list[str]:
    """A prompt above each line, as many as fit; the prompts share what Discord leaves for text."""
    while _length(lines) + len(lines) * SHORTEST_PROMPT > TEXT_LIMIT - FRAME:
        lines.pop()
    room = (TEXT_LIMIT - FRAME - _length(lines)) // len(lines) - 1
    prompts = (escape(job.request.prompt, min(LONGEST_PROMPT, room), max_lines=1) or "…" for job, _ in rows)
    return [f"{prompt}\n{line}" for prompt, line in zip(prompts, lines, strict=False)]


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _line(number: int, row: Row, translator: Translator, *, names_author: bool = False) -> str:
    job, telling = row
    parts = [translator.text(part) for part in telling.headline]
    if names_author:
        parts.insert(0, translator.text("{author}", author=Mention("user", job.author_id)))
    if names_author and job.private:
        # Its status is among its author's direct messages, where nobody else can follow a link.
        parts.append(translator.text(N_("private")))
    elif job.status is not None:
        parts.append(translator.text(Sentence("{link}", {"link": job.link(job.status)})))
    return f"-# {number} · {SEPARATOR.join(parts)} · `{job.id}`"


def _card(text: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    return view.add_item(discord.ui.Container(discord.ui.TextDisplay(text)))
