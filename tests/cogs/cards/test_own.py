"""Cards about oneself: a page of the history, what was used, a video shown again; at Discord's limits."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.domain.job import ENDED, Job, JobState, MessagePlace
from bot.domain.tier import NO_LIMIT
from bot.locales import Translator
from bot.orders.account import MemberUsage
from bot.orders.history import PER_PAGE, Page
from cogs.cards.history import choice_name, history_options, history_texts, shown
from cogs.cards.labels import Labels
from cogs.cards.usage import usage_card
from tests.cogs.cards.gallery import CATALOGUE, JOB, NASTY, NOW, asking, job, long, read, refusals

LABELS = Labels(CATALOGUE, Translator("en-US"))
POST = MessagePlace(1130000000000000002, 1130000000000000088)
WIDE = ["𒐫", "漢", "ﷺ", "🦜", "\u0e01\u0e33"]
MOST_BYTES = 10_170
"""Of text in a layout, which Discord counts in UTF-8 as well."""


def page(*jobs: Job, number: int = 0, pages: int = 1) -> Page:
    return Page(jobs, number, pages, len(jobs))


def layout(*jobs: Job) -> discord.ui.LayoutView:
    """The page as the panel draws it."""
    texts = [discord.ui.TextDisplay[discord.ui.LayoutView](text) for text in history_texts(page(*jobs), LABELS)]
    view = discord.ui.LayoutView().add_item(discord.ui.Container(*texts))
    options = history_options(jobs, LABELS)
    if options:
        menu: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(options=options)
        view.add_item(discord.ui.ActionRow(menu))
    return view


@pytest.mark.parametrize("part", NASTY + WIDE)
def test_a_full_page_of_long_prompts_fits(part: str) -> None:
    full = [
        replace(asking(long(part), state=JobState.DELIVERED, message=POST), id=f"{n:010d}") for n in range(PER_PAGE)
    ]

    view = layout(*full)

    assert refusals(view) is None
    assert view.content_length() <= 4000
    assert len(read(view).encode()) < MOST_BYTES
    assert view.total_children_count <= 40


def test_an_entry_says_what_it_was_and_where_it_stands() -> None:
    heading, entry = history_texts(page(job(JobState.DELIVERED, message=POST)), LABELS)

    link = f"https://discord.com/channels/{JOB.server_id or '@me'}/{POST.channel_id}/{POST.message_id}"
    at = f"<t:{int(JOB.created_at.timestamp())}:d>"
    assert heading == "**1 video of yours**"
    assert entry == f"a cat in the rain\n-# Finished · Sora 2 · 10 s · {at} · {link} · `{JOB.id}`"


def test_what_a_moderator_removed_has_no_link_and_can_not_be_shown() -> None:
    removed = job(JobState.DELIVERED, message=POST, removed_at=NOW)

    _, entry = history_texts(page(removed), LABELS)

    assert "Removed by a moderator" in entry
    assert "https://" not in entry
    assert history_options([removed], LABELS) == []


@pytest.mark.parametrize("state", sorted(ENDED))
def test_every_ending_has_a_word(state: JobState) -> None:
    _, entry = history_texts(page(job(state)), LABELS)

    assert entry.splitlines()[1].startswith("-# ")
    assert bool(history_options([job(state)], LABELS)) == (state in {JobState.DELIVERED, JobState.UNDELIVERED})


def test_an_empty_history_says_where_to_look() -> None:
    assert history_texts(page(), LABELS) == [
        "None of your videos has ended yet. /my-videos queue shows those on their way."
    ]


def test_a_long_history_says_which_page_this_is() -> None:
    heading = history_texts(Page([job(JobState.FAILED)], 1, 3, 11), LABELS)[0]

    assert heading == "**11 videos of yours · page 2 of 3**"


@pytest.mark.parametrize("part", NASTY + WIDE)
def test_a_choice_is_never_longer_than_discord_takes(part: str) -> None:
    name = choice_name(JOB.id, long(part))

    assert name.startswith(f"{JOB.id} · ")
    assert len(name.encode("utf-16-le")) // 2 <= 100


@pytest.mark.parametrize("part", NASTY + WIDE)
def test_what_stands_beside_a_shown_video_fits_a_message(part: str) -> None:
    text = shown(asking(long(part)), LABELS)

    assert len(text.encode("utf-16-le")) // 2 < 1500
    assert text.endswith(f"-# AI-generated · Sora 2 · 10 s · landscape · with sound · `{JOB.id}`")


def test_usage_here_names_limits_and_hides_money() -> None:
    tomorrow = NOW + timedelta(hours=9)
    card = usage_card(MemberUsage(1, 1, 4, 2, tomorrow, a_day=3, at_once=1), Translator("en-US"))

    assert refusals(card) is None
    assert read(card) == (
        f"## Your videos here\nToday: 1 of 3. The next day begins <t:{int(tomorrow.timestamp())}:R>.\n"
        "On their way now: 1 of 1\nThis month: 4\n2 more were given back and don't count."
    )


def test_usage_shows_money_where_there_is_some_to_show() -> None:
    card = usage_card(MemberUsage(0, 0, 4, 0, NOW, a_day=3, at_once=1, spent_this_month=6000), Translator("en-US"))

    assert read(card).endswith("This month: 4\nCost this month: $0.60")


def test_usage_says_in_words_that_there_is_no_limit_and_shows_one_of_dollars() -> None:
    usage = MemberUsage(5, 2, 9, 0, NOW, a_day=NO_LIMIT, at_once=NO_LIMIT, spent_this_month=6000, month_limit=50_000)

    text = read(usage_card(usage, Translator("en-US")))

    assert "Today: 5, no limit." in text
    assert "On their way now: 2, no limit" in text
    assert text.endswith("Cost this month: $0.60 of $5.00")


def test_usage_everywhere_names_no_limit() -> None:
    card = usage_card(MemberUsage(2, 1, 4, 0, NOW), Translator("en-US"))

    assert read(card) == "## Your videos everywhere\nToday: 2\nOn their way now: 1\nThis month: 4"


def test_what_a_manager_has_given_is_told_and_dollars_only_where_they_are_shown() -> None:
    usage = MemberUsage(1, 1, 4, 0, NOW, a_day=5, at_once=1, given_today=2, given_this_month=5000)

    without_money = read(usage_card(usage, Translator("en-US")))
    with_money = read(usage_card(replace(usage, spent_this_month=6000), Translator("en-US")))

    assert "Today: 1 of 5." in without_money
    assert "2 of the 5 were given to you by a manager, for today." in without_money
    assert "A manager lets you spend more than usual this month." in without_money
    assert "$" not in without_money
    assert "A manager lets you spend $0.50 more this month." in with_money
