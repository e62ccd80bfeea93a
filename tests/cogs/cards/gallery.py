"""Jobs in every state, and cards as Discord would receive them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord

from bot.catalogue.catalogue import Catalogue
from bot.client.cards import ResultPost
from bot.client.services import Notice
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.request import VideoRequest
from bot.domain.standing import Standing
from cogs.cards import JobCards
from sandbox.discord import checks
from sandbox.discord.components import texts, walk
from sandbox.discord.wire import Payload

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
AUTHOR = 1120000000000000001
NOTICE = Notice(("myrouter", "highway"), 90)
CATALOGUE = Catalogue.load()
CARDS = JobCards(CATALOGUE, NOTICE, lambda: NOW)
JOB = Job(
    id="7q2m0x9dkt",
    state=JobState.QUEUED,
    fence=0,
    guild_id=1130000000000000001,
    server_id=1130000000000000001,
    channel_id=1130000000000000002,
    author_id=AUTHOR,
    locale="en-US",
    model_id="sora-2",
    request=VideoRequest("a cat in the rain", 10, "16:9", audio=True),
    private=False,
    price=1500,
    size_limit=10 << 20,
    created_at=NOW - timedelta(minutes=3),
    deadline_at=NOW + timedelta(minutes=57),
)
RESERVED = Standing(Settlement.RESERVED)
REFUNDED = Standing(Settlement.REFUNDED)
CHARGED = Standing(Settlement.CHARGED)

MARKDOWN = "**bold** ~~no~~ ||spoiler|| `code` # head > quote [a](https://example.com) "
MENTIONS = "@everyone @here <@1120000000000000009> <@&1120000000000000008> <#1120000000000000007> </video:1> <t:1:R> "
RIGHT_TO_LEFT = "\u202e\u2066مرحبا שלום\u2069 "
EMOJI = "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽 "
LONGEST = "\U0001d54f"
"""Two of Discord's units, and four bytes."""
NASTY = [
    MARKDOWN,
    MENTIONS,
    RIGHT_TO_LEFT,
    EMOJI,
    LONGEST,
    "ﷺ",
    "ক্ষ",
    "*",
    "\n",
    "a\n",
    "W" * 50 + " ",
    "\\",
    "<",
    "`" * 3 + "\n",
]
"""What prompts are filled with, up to the limit."""


def long(part: str, length: int = 4000) -> str:
    """A prompt of a part over and over."""
    return (part * length)[:length]


def job(state: JobState = JobState.QUEUED, **changes: object) -> Job:
    """The job in some state."""
    return replace(JOB, state=state, **changes)  # type: ignore[arg-type]


def asking(prompt: str, **changes: object) -> Job:
    """The job with some prompt."""
    return job(request=replace(JOB.request, prompt=prompt), **changes)  # type: ignore[arg-type]


def components_of(view: discord.ui.LayoutView | discord.ui.View) -> list[Payload]:
    """The components as Discord would receive them."""
    components: list[Payload] = view.to_components()
    return components


def payload(view: discord.ui.LayoutView) -> Payload:
    """A card as the body of a message."""
    return {"components": components_of(view), "flags": 1 << 15}


def post_payload(post: ResultPost) -> Payload:
    """A post as the body of a message with its file."""
    attachment = {"id": 0, "filename": "clapboard-7q2m0x9dkt.mp4", "description": post.alt_text}
    return {"content": post.content, "components": components_of(post.view), "attachments": [attachment]}


def refusals(view: discord.ui.LayoutView) -> object:
    """What Discord would refuse of a card."""
    return checks.message(payload(view))


def read(view: discord.ui.LayoutView) -> str:
    """What people read on a card."""
    return "\n".join(texts(components_of(view)))


def labels(view: discord.ui.LayoutView | discord.ui.View) -> dict[str, str]:
    """The buttons: what is written on them, and what they are or lead to."""
    buttons = (each for each in walk(components_of(view)) if each["type"] == discord.ComponentType.button.value)
    return {each["label"]: each.get("custom_id") or each["url"] for each in buttons}
