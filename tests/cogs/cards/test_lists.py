"""The queue, the help, the first-use note, and the ping about a failure."""

from datetime import timedelta

import pytest

from bot.catalogue.schema import Durations
from bot.client.services import Notice
from bot.domain.failure import FailureKind
from bot.domain.job import JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.domain.standing import Progress, Standing
from cogs.cards import JobCards
from tests.cogs.cards.gallery import (
    AUTHOR,
    CARDS,
    CATALOGUE,
    JOB,
    NASTY,
    NOTICE,
    NOW,
    REFUNDED,
    RESERVED,
    asking,
    job,
    labels,
    long,
    read,
    refusals,
)

STATUS = MessagePlace(1130000000000000002, 1130000000000000077)


def test_an_empty_queue_says_how_to_fill_it() -> None:
    card = CARDS.queue([], "en-US")

    assert refusals(card) is None
    assert read(card) == "You have no videos on their way. Make one with /video."


def test_the_queue_links_to_the_status_messages() -> None:
    card = CARDS.queue([(job(status=STATUS), RESERVED), (job(private=True, status=STATUS), RESERVED)], "en-US")

    assert "**2 videos on their way**\na cat in the rain\n-# 1 · Queued · https://discord.com/channels/" in read(card)
    assert f"/{JOB.guild_id}/{STATUS.channel_id}/{STATUS.message_id}" in read(card)
    assert f"/@me/{STATUS.channel_id}/{STATUS.message_id}" in read(card)


@pytest.mark.parametrize("part", NASTY)
def test_a_full_queue_of_long_prompts_fits(part: str) -> None:
    full = [(asking(long(part, 2000), state=JobState.RENDERED, status=STATUS), RESERVED)] * 25

    card = CARDS.queue(full, "en-US")

    assert refusals(card) is None
    assert card.content_length() <= 4000
    assert "-# 25 · " in read(card)
    assert "more" not in read(card).splitlines()[-1]


def test_a_queue_whose_lines_alone_would_not_fit_says_how_many_are_left_out() -> None:
    slow = job(JobState.RENDERING, status=STATUS, ordered_at=NOW - timedelta(hours=1))
    standing = Standing(Settlement.RESERVED, progress=Progress(42, 100_000))

    card = CARDS.queue([(slow, standing)] * 30, "en-US")

    assert refusals(card) is None
    shown = read(card).count("Taking longer than usual")
    assert shown < 25
    assert read(card).endswith(f"… and {30 - shown} more")
    assert "**30 videos on their way**" in read(card)


def test_the_help_names_services_models_and_links() -> None:
    notice = Notice(("myrouter", "highway"), 90, "https://a.example/", "https://b.example/", "https://c.example/")
    cards = JobCards(CATALOGUE, notice, lambda: NOW)

    card = cards.help("en-US")

    assert refusals(card) is None
    sora = "Sora 2: 10, 15 s · landscape, portrait · with sound · picture, clip, remix · prompts up to 2,000 characters"
    assert sora in read(card)
    assert "square · with or without sound · picture, last picture · prompts up to 2,500 characters" in read(card)
    assert "Hailuo 2.3: 6, 10 s · without sound · picture · prompts" in read(card)
    assert "Vidu Q3 Turbo: 1–16 s" in read(card)
    assert "5,000" not in read(card), "`/video` takes no prompt that long"
    assert "go to the video service (myrouter and highway). I keep them 90 days. /my-videos erase" in read(card)
    assert labels(card) == {
        "Privacy": "https://a.example/",
        "Terms": "https://b.example/",
        "Support": "https://c.example/",
    }


@pytest.mark.parametrize(
    "named",
    [
        "/video",
        "`model`",
        "`more`",
        "/remix",
        "/character new",
        "/character share",
        "/character remove",
        "/my-videos queue",
        "/my-videos cancel",
        "/my-videos history",
        "/my-videos show",
        "/my-videos usage",
        "/my-videos preferences",
        "/my-videos export",
        "/my-videos erase",
        "**Again**",
        "**Remix**",
        "**Edit prompt**",
        "**Save as character**",
        "**Delete**",
        "**Animate this picture**",
        "**Remix this video**",
        "**Video details**",
        "**Report this video**",
    ],
)
def test_the_help_names_what_members_can_do(named: str) -> None:
    assert named in read(CARDS.help("en-US"))


def test_the_help_fits_with_many_models_and_leaves_room_for_longer_languages() -> None:
    models = {
        name: CATALOGUE.default.model_copy(update={"id": name, "title": "W" * 40}) for name in map(str, range(12))
    }
    notice = Notice(("myrouter", "highway"), 90, "https://a.example/", "https://b.example/", "https://c.example/")
    crowded = JobCards(type(CATALOGUE)(models, "0"), notice, lambda: NOW).help("en-US")

    assert refusals(crowded) is None
    assert crowded.content_length() <= 4000
    assert CARDS.help("en-US").content_length() <= 4000 / 1.4


def test_the_help_without_links_has_no_empty_row() -> None:
    card = CARDS.help("en-US")

    assert refusals(card) is None
    assert labels(card) == {}


def test_the_help_tells_a_range_of_lengths_as_one() -> None:
    sora = CATALOGUE.default
    lengths = Durations(min=4, max=15, default=5)
    shapeless = sora.model_copy(update={"durations": lengths, "aspects": None})
    cards = JobCards(type(CATALOGUE)({"sora-2": shapeless}, "sora-2"), NOTICE, lambda: NOW)

    assert "Sora 2: 4–15 s · with sound" in read(cards.help("en-US"))


def test_the_first_use_note_says_where_prompts_go() -> None:
    note = JobCards(CATALOGUE, Notice(("myrouter",), 1, "https://a.example/p"), lambda: NOW).first_use("en-US")

    assert note == (
        "Your prompt and files go to the video service (myrouter). I keep them 1 day. /my-videos erase deletes them. "
        "Privacy: <https://a.example/p>"
    )


def test_a_failure_ping_says_what_happened_and_where() -> None:
    failed = job(JobState.FAILED, failure=FailureKind.SERVICE, status=STATUS)

    text = CARDS.failure_ping(failed, REFUNDED)

    assert text == (
        f"<@{AUTHOR}> **Failed**\nThe video service failed. Nothing was charged. "
        "Press Try again to order it once more.\n"
        f"-# `{JOB.id}` · https://discord.com/channels/{JOB.guild_id}/{STATUS.channel_id}/{STATUS.message_id}"
    )


def test_a_failure_ping_without_a_status_message_has_no_link() -> None:
    assert CARDS.failure_ping(job(JobState.OVERDUE), REFUNDED).endswith(f"-# `{JOB.id}`")
