"""Orders that a manager has to approve, and the cards of the log channel, with the whole program."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.guild import Guild, GuildChoices
from bot.domain.tier import Tier
from bot.store import guilds
from bot.store.database import Database
from sandbox.discord import Answer, Message, wait_until
from sandbox.gateway import FaultKind
from sandbox.stage import Stage
from tests.e2e import books
from tests.e2e.conftest import check_exchanges, prepare
from tests.e2e.scene import PATIENCE_SECONDS, Scene, job_id
from tests.e2e.scene import WAITING as NEVER_DONE

LAUNCHER = ("-m", "tests.e2e.launcher")
WAITING = "Waiting for a manager's approval"
PRICE = 1500


async def ask_managers(scene: Scene) -> None:
    """The owner wants to approve whatever costs more than ten cents."""
    owner = scene.person(scene.club.owner)
    panel = (await owner.invoke("video-admin limits", channel=scene.club.videos)).reply
    await owner.click(panel, "Everyone's limits")
    form = (await owner.click(panel, "Approval and models…")).form
    await (await owner.submit(form, {"A manager approves above (dollars)": "0.10"})).settled()


def cards(scene: Scene) -> list[Message]:
    """The log channel's cards about videos."""
    return [message for message in scene.club.log.history if message.text.startswith("## ") and message.buttons]


async def card_of(scene: Scene, headline: str) -> Message:
    """The one card there is, once it says so."""
    await wait_until(lambda: any(card.text.startswith(f"## {headline}") for card in cards(scene)), PATIENCE_SECONDS)
    (card,) = cards(scene)
    return card


async def decide(scene: Scene, card: Message, button: str, yes: str) -> Answer:
    """The owner presses a button of a card, and means it."""
    owner = scene.person(scene.club.owner)
    question = await owner.click(card, button)
    return await (await owner.click(question.reply, yes)).settled()


async def test_an_order_waits_until_a_manager_approves_it_and_is_made_then(scene: Scene) -> None:
    await ask_managers(scene)
    answer = await scene.order()
    card = await card_of(scene, WAITING)
    assert WAITING in answer.text
    assert scene.orders == []

    told = await decide(scene, card, "Approve", "Approve")
    result = await scene.result()
    await scene.becomes("delivered")

    assert told.text == "Approved: it is in line now."
    await scene.reads(card, "## Finished")
    assert f"Approved by <@{scene.club.owner.id}>" in card.text
    assert f"/{result.id}" in card.text
    assert "Cost: $0.15, charged" in card.text
    assert cards(scene) == [card]
    assert len(scene.orders) == 1
    assert card.notified == []


async def test_a_declined_order_is_told_and_costs_nothing(scene: Scene) -> None:
    await ask_managers(scene)
    await scene.order()
    card = await card_of(scene, WAITING)

    await decide(scene, card, "Decline", "Decline")
    await scene.becomes("cancelled")

    status = await scene.status()
    await scene.reads(status, "A manager has declined this video. Nothing was charged.")
    await scene.reads(card, f"Declined by <@{scene.club.owner.id}>")
    assert list(card.buttons) == ["Block member"]
    assert (scene.entries, scene.spent, scene.orders) == (["reserve", "refund"], 0, [])


async def test_who_waits_can_cancel_and_nobody_approves_it_any_more(scene: Scene) -> None:
    await ask_managers(scene)
    await scene.order()
    card = await card_of(scene, WAITING)
    question = await scene.person(scene.club.owner).click(card, "Approve")

    await scene.mia.click(await scene.status(), "Cancel")

    await scene.reads(card, "## Cancelled")
    late = await (await scene.person(scene.club.owner).click(question.reply, "Approve")).settled()
    assert late.text == "This video does not wait for approval any more."
    assert (scene.states, scene.spent, scene.orders) == (["cancelled"], 0, [])


async def test_members_and_moderators_neither_approve_nor_decline(scene: Scene) -> None:
    await ask_managers(scene)
    await scene.order()
    card = await card_of(scene, WAITING)

    for person in (scene.mia, scene.person(scene.club.tom), scene.mod):
        for button in ("Approve", "Decline"):
            refused = await person.click(card, button)
            assert refused.text == "Only members who may manage this server can do that."

    assert scene.states == ["awaiting_approval"]
    await decide(scene, card, "Decline", "Decline")


async def test_what_the_service_does_not_allow_is_told_in_the_log_channel(scene: Scene) -> None:
    scene.stage.gateway.fault("submit", FaultKind.ILLEGAL_PROMPT)

    await scene.order()

    card = await card_of(scene, "Failed")
    assert "The video service's rules don't allow this prompt." in card.text
    assert "Cost: $0.15, given back" in card.text
    assert list(card.buttons) == ["Remove", "Block member"]


async def test_an_order_of_unknown_outcome_is_ordered_again_by_a_manager(scene: Scene) -> None:
    scene.stage.gateway.fault("submit", FaultKind.BAD_GATEWAY)
    await scene.order()
    card = await card_of(scene, "Outcome unknown")

    await decide(scene, card, "Retry", "Order again")
    await scene.becomes("dropped", "delivered")

    await scene.reads(card, "## Closed by a manager")
    assert f"Ordered again by <@{scene.club.owner.id}>" in card.text
    assert "given back to its member, still counted for the budget" in card.text
    assert books.paid_by(scene.stage, scene.club.guild)[scene.club.mia.id] == PRICE
    assert scene.spent == 2 * PRICE


async def test_a_refund_is_written_on_the_card_and_the_server_goes_on_carrying_the_price(scene: Scene) -> None:
    await scene.order()
    card = await card_of(scene, "Finished")

    await decide(scene, card, "Refund", "Refund")

    await scene.reads(card, f"Refunded by <@{scene.club.owner.id}>")
    assert "Refund" not in card.buttons
    assert books.paid_by(scene.stage, scene.club.guild)[scene.club.mia.id] == 0
    assert scene.spent == PRICE


async def test_a_removed_video_leaves_no_prompt_in_the_log_channel(scene: Scene) -> None:
    await scene.order("a secret boat")
    card = await card_of(scene, "Finished")
    assert "a secret boat" in card.text

    question = await scene.mod.click(card, "Remove")
    await (await scene.mod.click(question.reply, "Remove")).settled()

    await scene.reads(card, f"Removed by <@{scene.club.mod.id}>")
    assert "secret" not in card.text
    assert not card.deleted


async def choose(scene: Scene, tier: Tier | None = None) -> None:
    """Have the server set up before the bot starts."""
    club = scene.club
    chosen = GuildChoices(
        role_ids=frozenset({club.makers.id}), log_channel_id=club.log.id, tiers={club.guild.id: tier or Tier()}
    )
    async with Database(scene.stage.folder / "clapboard.db") as database, database.write() as tx:
        await guilds.save(tx, Guild(club.guild.id, chosen, approved=True, set_up_at=datetime.now(UTC)), club.owner.id)


async def test_an_order_waits_through_a_kill_and_its_card_works_afterwards(alone: Scene) -> None:
    await choose(alone, Tier(approval_seconds=5))
    await alone.stage.open()
    await alone.order()
    card = await card_of(alone, WAITING)

    await alone.stage.crash()
    await alone.stage.open()
    assert alone.states == ["awaiting_approval"]
    assert alone.orders == []
    told = await decide(alone, card, "Approve", "Approve")
    await alone.becomes("delivered")

    assert told.text == "Approved: it is in line now."
    await alone.reads(card, "## Finished")
    assert cards(alone) == [card]


@pytest_asyncio.fixture(loop_scope="package")
async def mortal(tmp_path: Path, template: Path) -> AsyncIterator[Scene]:
    """A program that dies where it is told to."""
    async with prepare(Stage(tmp_path / "bot", launch=LAUNCHER), template) as stage:
        yield Scene(stage, stage.club)
        check_exchanges(stage)


@pytest.mark.parametrize(
    "statement",
    [
        "after UPDATE jobs SET .*message_channel_id=",
        "before INSERT INTO posts",
        "after INSERT INTO posts",
    ],
)
async def test_a_process_killed_between_a_change_and_its_card_posts_one_card(mortal: Scene, statement: str) -> None:
    orders = mortal.stage.folder / "kill-at"
    mortal.stage.gateway.script(NEVER_DONE)
    await choose(mortal)
    await mortal.stage.open(KILL_FILE=str(orders))
    await mortal.order()
    task = await mortal.task()
    orders.write_text(statement)
    task.finish()
    await mortal.stage.gone()

    orders.unlink()
    await mortal.stage.open(KILL_FILE=str(orders))
    await mortal.becomes("delivered")
    card = await card_of(mortal, "Finished")
    await wait_until(lambda: not books.untold(mortal.stage, mortal.club.guild), PATIENCE_SECONDS)

    assert cards(mortal) == [card]
    assert job_id(card) == job_id(await mortal.result())
