"""An owner's limits, budget and prices in the running program, by the panels alone."""

from sandbox.discord import Message, wait_until
from tests.e2e.conftest import approved
from tests.e2e.scene import Scene


async def _opened(scene: Scene, command: str) -> Message:
    owner = scene.person(scene.club.guild.owner)
    return (await owner.invoke(f"video-admin {command}", channel=scene.club.videos)).reply


async def test_an_owner_says_by_panels_who_may_spend_how_much_and_the_operators_cap_holds(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage, GUILD_BUDGET_USD_PER_MONTH="7"))
    owner = alone.person(alone.club.guild.owner)

    limits = await _opened(alone, "limits")
    await owner.select(limits, next(iter(limits.selects)), [alone.club.makers])
    await owner.submit((await owner.click(limits, "Amounts…")).form, {"Videos a day": "1"})
    await owner.click(limits, "Back")
    await owner.click(limits, "Everyone's limits")
    await owner.submit((await owner.click(limits, "Amounts…")).form, {"Videos a day": "1"})
    await owner.click(limits, "Back")
    models = await _opened(alone, "models")
    await owner.submit((await owner.click(models, "Set a price…")).form, {"Length in seconds": "10", "Dollars": "0.5"})
    budget = await _opened(alone, "budget")
    refusal = await owner.submit((await owner.click(budget, "Change budgets…")).form, {"Dollars a month": "8"})
    refused = refusal.text
    await owner.submit((await owner.click(refusal.reply, "Change it")).form, {"Dollars a month": "0.75"})
    await wait_until(lambda: "This server may spend $0.75 a month" in budget.text)

    await alone.order()
    await alone.becomes("delivered")
    await owner.click(budget, "Refresh")
    second = await alone.order("another boat")
    owners = await alone.order("a third boat", by=alone.club.guild.owner)

    assert "The operator of this bot pays up to $7.00 a month" in refused
    assert f"**<@&{alone.club.makers.id}>**\n1 video a day, 2 at once" in limits.text
    assert "This month: $0.50 of $0.75." in budget.text
    assert second.text.startswith("You have used 1 of 1 video today.")
    assert owners.text.startswith("This video costs more than is left of this server's video budget for this month.")
    assert alone.spent == 5_000
