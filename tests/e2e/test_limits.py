"""How much may be ordered, one after the other and all at once: each limit with the time at which it ends."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.discord import Answer, Member, Person, Upload, wait_until
from tests.bot.media.films import png
from tests.e2e.conftest import approved
from tests.e2e.scene import PATIENCE_SECONDS, PROMPT, WAITING, Scene

PRICE = 1500
PICTURE = Upload("cat.png", png(), "image/png")
SAME = "That video is already being made"
USED_UP = "This server's video budget for this month is used up."
IN_LINE = "Your video is in line"
UNSEEN_AT_MOST_SECONDS = 120 + PATIENCE_SECONDS
"""An order that nobody saw is looked for once a minute, when it is a minute old."""


def _tomorrow() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _next_month() -> datetime:
    first = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _shown(moment: datetime) -> str:
    return f"<t:{moment.timestamp():.0f}:R>"


async def _all_at_once(
    scene: Scene, people: Sequence[Person], *, vary: bool = False
) -> tuple[list[Answer], list[Answer]]:
    """Everybody orders at the same moment; the answers that are status messages, and the refusals."""
    prompts = [f"{PROMPT} {number}" if vary else PROMPT for number in range(len(people))]
    orders = (
        person.invoke("video", {"prompt": prompt}, channel=scene.club.videos)
        for person, prompt in zip(people, prompts, strict=True)
    )
    answers = await asyncio.gather(*orders)
    return [item for item in answers if not item.ephemeral], [item for item in answers if item.ephemeral]


def _crowd(scene: Scene, size: int) -> list[Person]:
    members: list[Member] = [
        scene.club.guild.add_member(f"maker {number}", roles=[scene.club.makers]) for number in range(size)
    ]
    return [scene.person(member) for member in members]


async def test_the_fourth_video_of_a_day_is_refused_until_midnight(scene: Scene) -> None:
    for number in range(1, 4):
        await scene.order(f"boat {number}")
        await scene.becomes(*["delivered"] * number)

    answer = await scene.order()

    again = _shown(_tomorrow())
    assert answer.text == f"You have used 3 of 3 videos today. You can make another {again}."
    assert answer.ephemeral
    assert (len(scene.orders), scene.spent) == (3, 3 * PRICE)


async def test_a_second_video_at_once_is_refused_with_a_link_to_the_first(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    first = await scene.order()
    await scene.becomes("rendering")

    second = await scene.order("another boat")

    place = first.reply.place
    link = f"https://discord.com/channels/{scene.club.guild.id}/{place.id}/{first.reply.id}"
    assert second.text == f"One of your videos is still on its way ({link}). Wait or cancel it."
    assert second.ephemeral
    assert scene.entries == ["reserve"]


async def test_a_failed_video_does_not_count(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    (await scene.task()).fail("heavy_load")
    await scene.becomes("failed")

    for number in range(1, 4):
        await scene.order()
        await scene.becomes("failed", *["delivered"] * number)

    assert scene.spent == 3 * PRICE


async def test_of_ten_orders_by_one_member_at_once_one_is_taken(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING, times=None)

    taken, refused = await _all_at_once(scene, [scene.mia] * 10, vary=True)

    assert (len(taken), len(refused)) == (1, 9)
    assert all("still on its way" in answer.text for answer in refused)
    await scene.becomes("rendering")
    assert (len(scene.orders), scene.entries) == (1, ["reserve"])


async def test_the_same_again_within_seconds_gives_a_link_to_the_running_one(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    first = await scene.order()
    await scene.becomes("rendering")

    second = await scene.order()

    place = first.reply.place
    link = f"https://discord.com/channels/{scene.club.guild.id}/{place.id}/{first.reply.id}"
    assert second.text == f"That video is already being made: {link}"
    assert second.ephemeral
    assert (len(scene.orders), scene.entries, scene.club.videos.history) == (1, ["reserve"], [first.reply])


async def test_of_the_same_order_ten_times_at_the_same_moment_one_is_taken(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING, times=None)

    taken, refused = await _all_at_once(scene, [scene.mia] * 10)

    assert (len(taken), len(refused)) == (1, 9)
    assert all(answer.text.startswith("That video is already being made: ") for answer in refused)
    await scene.becomes("rendering")
    assert (len(scene.orders), scene.entries, scene.club.videos.history) == (1, ["reserve"], [taken[0].reply])


@pytest.mark.parametrize("options", [{"private": True}, {"image": PICTURE}], ids=["private", "file"])
async def test_of_the_same_order_twice_at_the_same_moment_nothing_is_left_over(
    scene: Scene, options: dict[str, object]
) -> None:
    scene.stage.gateway.script(WAITING, times=None)

    answers = await asyncio.gather(*(scene.order(**options) for _ in range(2)))  # type: ignore[arg-type]

    await scene.becomes("rendering")
    told = sorted(answer.text.partition(": ")[0] for answer in answers)
    assert told in (
        ["That video is already being made", IN_LINE],
        ["One of your videos is still on its way (https", IN_LINE],
    )
    (status,) = [*scene.club.videos.history, *scene.mia.dms()]
    assert PROMPT in status.text
    assert (len(scene.orders), scene.entries) == (1, ["reserve"])


async def test_of_fifty_orders_at_once_the_servers_budget_lets_three_through(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    people = _crowd(alone, 50)
    await alone.stage.open(**approved(alone.stage, GUILD_BUDGET_USD_PER_MONTH="0.45"))

    taken, refused = await _all_at_once(alone, people)

    assert (len(taken), len(refused)) == (3, 47)
    again = _shown(_next_month())
    sentence = f"This server's video budget for this month is used up. New videos are possible again {again}."
    assert {answer.text for answer in refused} == {sentence}
    await alone.becomes(*["rendering"] * 3)
    assert (len(alone.orders), alone.stage.gateway.submits) == (3, 3)
    assert alone.entries == ["reserve"] * 3
    assert len(alone.club.videos.history) == 3


async def test_of_two_hundred_orders_at_once_exactly_five_are_made_where_five_are_paid_for(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    people = _crowd(alone, 200)
    await alone.stage.open(**approved(alone.stage, GUILD_BUDGET_USD_PER_MONTH="0.75"))

    taken, refused = await _all_at_once(alone, people)

    assert len(taken) <= 5
    assert len(taken) + len(refused) == 200
    # On a busy machine the last in the line for the database are told to try again, and an order of theirs that nobody
    # saw is taken back by the next look but one.
    for person in reversed(people[-12:]):
        answer = await person.invoke("video", {"prompt": f"{PROMPT} anew"}, channel=alone.club.videos)
        await wait_until(lambda: {"rendering", "cancelled"}.issuperset(alone.states), UNSEEN_AT_MOST_SECONDS)
        if alone.spent == 5 * PRICE and answer.text.startswith(USED_UP):
            break
    assert answer.text.startswith(USED_UP)
    assert (len(alone.orders), alone.stage.gateway.submits, alone.spent) == (5, 5, 5 * PRICE)


async def test_the_operators_budget_for_the_day_holds_for_all_servers_together(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    first, second = _crowd(alone, 2)
    await alone.stage.open(**approved(alone.stage, BUDGET_USD_PER_DAY="0.20"))
    await first.invoke("video", {"prompt": PROMPT}, channel=alone.club.videos)

    answer = await second.invoke("video", {"prompt": PROMPT}, channel=alone.club.videos)

    again = _shown(_tomorrow())
    assert answer.text == (
        "This video costs more than is left of this bot's budget for today. A cheaper one may still fit. "
        f"More is possible {again}."
    )
    assert answer.ephemeral
    assert alone.entries == ["reserve"]
