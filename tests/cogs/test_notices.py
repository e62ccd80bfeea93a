"""What managers read in their log channel, and whom it pings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.administration import record
from bot.client.escape import units
from bot.client.notices import NoticePoster
from bot.domain.audit import Action
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import NoticeKind
from bot.domain.tier import ALL_MODELS, NO_LIMIT, Tier
from bot.policy.asker import Asker
from bot.policy.prices import key
from bot.store import guilds, notices
from bot.worker.crier import Crier
from cogs.cards.changes import FIELDS, LIMITS
from cogs.cards.notices import NoticeCards
from sandbox.discord import Message, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club

UNTIL = NOW + timedelta(days=3)


@asynccontextmanager
async def crying(club: Club) -> AsyncIterator[None]:
    """The worker's part that tells notices, at work."""
    poster = NoticePoster(club.bot, NoticeCards(club.catalogue))
    stop = asyncio.Event()
    running = asyncio.create_task(Crier(club.database, poster, lambda: NOW, every_seconds=0.01).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def told(club: Club, kind: NoticeKind, **about: object) -> Message:
    """A notice as it stands in the log channel."""
    async with club.database.write() as tx:
        await notices.put(tx, club.guild.id, kind, about, NOW)
    async with crying(club):
        await wait_until(lambda: bool(club.log.history))
    (message,) = club.log.history
    return message


async def spending(club: Club, level: int, spent: int, period: str = "month") -> Message:
    return await told(
        club, NoticeKind.BUDGET, period=period, level=level, spent=spent, limit=200_000, until=UNTIL.isoformat()
    )


async def changed(club: Club, action: Action = Action.SETUP, **changes: object) -> str:
    """What the log channel says after a change by the manager."""
    asker = Asker(club.manager.user.id, club.guild.id, club.videos.id, "en-US", manages=True)
    async with club.database.write() as tx:
        before = await guilds.get(tx, club.guild.id)
        after = replace(before, choices=replace(before.choices, **changes))  # type: ignore[arg-type]
        await record.changed(tx, asker, action, before, after, NOW)
    async with crying(club):
        await wait_until(lambda: bool(club.log.history))
    (message,) = club.log.history
    assert message.notified == []
    return message.text


async def test_an_alert_says_how_much_is_used_and_pings_the_role_for_it_alone(club: Club) -> None:
    treasurers = club.guild.add_role("Treasurers", mentionable=True)
    treasurer = club.guild.add_member("tess", roles=[treasurers])
    await club.settle_in(log_channel_id=club.log.id, alert_role_id=treasurers.id)

    message = await spending(club, 50, 100_000)

    assert message.text == f"<@&{treasurers.id}> 50 % of this month's budget is used: $10.00 of $20.00."
    assert message.notified == [treasurer.user]


async def test_without_a_role_for_it_an_alert_pings_nobody(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)

    message = await spending(club, 80, 160_000, "day")

    assert message.text == "80 % of today's budget is used: $16.00 of $20.00."
    assert message.notified == []


async def test_the_last_alert_says_until_when_orders_pause(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)

    message = await spending(club, 100, 200_000)

    until = f"<t:{int(UNTIL.timestamp())}:f>"
    assert message.text == (f"100 % of this month's budget is used: $20.00 of $20.00. New orders pause until {until}.")


async def test_where_an_order_does_not_fit_any_more_it_is_not_said_that_all_is_used(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)

    message = await spending(club, 100, 199_000)

    until = f"<t:{int(UNTIL.timestamp())}:f>"
    assert message.text == (
        "An order did not fit into this month's budget any more: $19.90 of $20.00 is used. "
        f"What costs more than is left can be ordered again {until}."
    )


async def test_a_member_whose_prompts_were_declined_too_often_is_named_with_the_end_of_it(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)

    message = await told(club, NoticeKind.DECLINED_PROMPTS, member=club.tom.user.id, count=5, until=UNTIL.isoformat())

    until = f"<t:{int(UNTIL.timestamp())}:f>"
    tom = f"<@{club.tom.user.id}>"
    assert message.text == f"5 prompts of {tom} were declined today. They can't make videos until {until}."
    assert message.notified == []


async def test_a_change_names_who_and_each_choice_before_and_after(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    stars = club.guild.add_role("Stars")

    text = await changed(
        club,
        role_ids=frozenset({stars.id}),
        channel_ids=frozenset({club.videos.id}),
        budget_month=50_000,
        show_money=True,
        time_zone="Europe/Berlin",
        pause="*spam*",
    )

    assert text.splitlines() == [
        "## Settings changed",
        f"<@{club.manager.user.id}> has changed settings: `/video-admin setup`",
        f"**Roles that may make videos**: added <@&{stars.id}>; removed <@&{club.makers.id}>",
        "**Budget for a month**: not set → $5.00",
        f"**Channels where videos are made**: added <#{club.videos.id}>",
        "**Time zone**: UTC → Europe/Berlin",
        r"**Pause**: off → on: \*spam\*",
        "**Show prices to members**: off → on",
    ]


@pytest.mark.parametrize("moved", [True, False], ids=["moved", "given up"])
async def test_whoever_watches_a_log_channel_sees_that_it_is_left(club: Club, moved: bool) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    vault = club.guild.add_channel("vault")

    text = await changed(club, Action.SETUP, log_channel_id=vault.id if moved else None)

    now = vault.mention if moved else "none"
    assert text.splitlines()[-1] == f"**Log channel**: {club.log.mention} → {now}"
    async with crying(club):
        await wait_until(lambda: len(vault.history) == moved)
    assert [each.text for each in vault.history] == [text] * moved
    assert len(club.log.history) == 1


async def test_limits_and_prices_are_told_role_by_role_and_model_by_model(club: Club) -> None:
    everyone, makers, gone = club.guild.id, club.makers.id, 5
    before = {everyone: Tier(videos_a_day=3), gone: Tier(at_once=9)}
    await club.settle_in(log_channel_id=club.log.id, tiers=before, prices={key("sora-2", 10): 2000})
    after = {
        everyone: Tier(videos_a_day=NO_LIMIT, models=frozenset({"sora-2", "another"})),
        makers: Tier(month=30_000, approval_seconds=10),
    }

    text = await changed(club, Action.LIMITS, tiers=after, prices={key("sora-2", 10): 2500, key("sora-2", None): 300})

    roles = (
        "@\u200beveryone: videos a day 3 → no limit, models not set → another, Sora 2; "
        f"<@&{gone}>: removed; "
        f"<@&{makers}>: dollars a month not set → $3.00, approval above a length of not set → 10 s"
    )
    assert text.splitlines()[2:] == [
        f"**Limits of roles**: {roles}",
        "**Prices**: Sora 2, 10 s $0.20 → $0.25; Sora 2, a second not set → $0.03",
    ]


async def test_a_set_of_models_that_is_merely_in_another_order_is_no_change(club: Club) -> None:
    models = [f"model-{number}" for number in range(20)]
    one, other = Tier(models=frozenset(models)), Tier(models=frozenset(reversed(models)))

    old, new = record.differences(
        GuildChoices(tiers={1: one}, role_ids=frozenset(range(50))),
        GuildChoices(tiers={1: other}, role_ids=frozenset(reversed(range(50)))),
    )

    assert (old, new) == ({}, {})


async def test_long_lists_are_cut_and_nothing_in_them_is_live(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    words = tuple(f"@everyone {number} " + "\U0001d54f" * 90 for number in range(400))

    text = await changed(
        club,
        Action.WORDS,
        words=words,
        word_patterns=words,
        role_ids=frozenset(range(10**17, 10**17 + 300)),
        channel_ids=frozenset(range(10**17, 10**17 + 300)),
    )

    assert units(text) < 4000
    assert "397 more" in text
    assert "290 more" in text
    assert "@everyone" not in text


async def test_every_choice_has_a_label_and_is_shown_without_its_fields_name(club: Club) -> None:
    assert {each.name for each in fields(GuildChoices)} == FIELDS.keys()
    assert {each.name for each in fields(Tier)} == LIMITS.keys()
    labels = [label for label, _ in [*FIELDS.values(), *LIMITS.values()]]
    assert len(set(labels)) == len(labels)
    assert not any("_" in label for label in labels)


async def test_every_choice_can_be_shown_from_nothing_to_something(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    given: dict[str, object] = {
        "role_ids": frozenset({1}), "denied_role_ids": frozenset({2}),
        "tiers": {3: Tier(1, 2, 3, 4, ALL_MODELS, 5, 6), 4: Tier(models=frozenset())},
        "budget_day": 1, "budget_month": 2, "alert_role_id": 4, "prices": {"sora-2/10": 5}, "model_id": "sora-2",
        "channel_ids": frozenset({5}), "moderator_role_id": 6, "log_channel_id": club.log.id, "clip_channel_id": 8,
        "announcement_channel_id": 9, "publish": True, "gallery_channel_id": 10, "result_threads": True,
        "keep_status": True, "hide_prompts": True, "spoilers": True, "age_restricted_only": True, "locale": "de",
        "time_zone": "Asia/Tokyo", "watermark": False, "words": ("a",), "word_patterns": ("b+",),
        "base_words": False, "pause": "", "confirm_above": 1, "show_money": True, "animate_any": True,
    }  # fmt: skip
    assert given.keys() == FIELDS.keys()
    async with club.database.write() as tx:
        await guilds.save(tx, Guild(club.guild.id, GuildChoices(locale="en-US"), approved=True, set_up_at=NOW), 1)

    text = await changed(club, Action.SETUP, **(given | {"locale": "en-US"}))

    for label, _ in (FIELDS[name] for name in given if name != "locale"):
        assert f"**{label}**: " in text
    assert not any(f"{name}" in text for name in FIELDS if "_" in name)
