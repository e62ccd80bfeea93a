"""What operators press when a gateway has a model again: below the direct message, and in /video-admin status."""

import pytest

from bot.domain.audit import Action
from bot.domain.notice import NoticeKind
from bot.domain.retirement import Retirement
from bot.gateway.choice import Gateways
from bot.store import acts, retirements
from cogs import paging
from sandbox.discord import Answer, Message, Person, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.test_serving import to_operator

SLUG = "kling-v3.0-std-t2v"
GONE = "myrouter does not offer Kling 3 any more. If there is another video service, orders go there."
PRESS = "Order there again"
OPERATORS_ONLY = "Only those who run this bot can do that."


def gateways(club: Club) -> Gateways:
    return club.bot.services.orders.gateways


async def retire(club: Club, *slugs: str) -> None:
    """What the worker does when a gateway has refused an order for that."""
    async with club.database.write() as tx:
        for slug in slugs:
            await retirements.add(tx, Retirement("myrouter", slug, NOW))
            gateways(club).mark_retired("myrouter", slug)


async def told(club: Club) -> Message:
    """The direct message of the operator, who owns the application."""
    await retire(club, SLUG)
    return await to_operator(club, NoticeKind.MODEL_RETIRED, gateway="myrouter", model="Kling 3", slug=SLUG)


async def status(club: Club, person: Person) -> Message:
    return (await person.invoke("video-admin status", channel=club.videos)).reply


async def actions(club: Club, guild_id: int) -> list[tuple[Action, int]]:
    record = await club.ask(lambda tx: acts.of_guild(tx, guild_id, offset=0, limit=9))
    return [(act.action, act.actor_id) for act in record]


async def test_the_message_names_the_endpoint_and_has_the_button(club: Club) -> None:
    message = await told(club)

    assert message.text == (
        f"{GONE}\nIts endpoint `{SLUG}` gets no orders there until you say otherwise, also after a restart."
    )
    assert list(message.buttons) == [PRESS]


async def test_a_press_has_it_ordered_again_is_recorded_and_the_message_says_what_was_done_and_when(
    club: Club,
) -> None:
    message = await told(club)

    await club.owner.click(message, PRESS)

    first, second = message.text.splitlines()
    assert first == GONE
    assert second.startswith("**Since <t:")
    assert second.endswith(":f> orders go there again. If it refuses one, I tell you.**")
    assert message.buttons == {}
    assert gateways(club).sells(SLUG)
    assert await club.ask(retirements.known) == []
    assert await actions(club, 0) == [(Action.OFFER, club.owner.user.id)]


async def test_a_second_operator_is_told_that_it_was_done(club: Club) -> None:
    message = await told(club)
    async with club.database.write() as tx:
        await retirements.end(tx, "myrouter", SLUG)

    await club.owner.click(message, PRESS)

    assert message.text == f"{GONE}\n**Orders go there again already.**"
    assert message.buttons == {}
    assert await actions(club, 0) == []


async def test_a_message_from_before_endpoints_were_written_down_has_no_button(club: Club) -> None:
    message = await to_operator(club, NoticeKind.MODEL_RETIRED, gateway="myrouter", model="Kling 3")

    assert (message.text, message.buttons) == (GONE, {})


@pytest.mark.parametrize("who", ["mia", "mod", "manager"])
async def test_a_forged_button_changes_nothing(club: Club, who: str) -> None:
    await retire(club, SLUG)
    button = {"type": 2, "style": 2, "label": PRESS, "custom_id": f"cb:offer:myrouter:{SLUG}", "id": 2}
    forged = club.videos.post(club.server.world.application.bot, "free videos")
    forged.components = [{"type": 1, "components": [button], "id": 1}]
    person: Person = getattr(club, who)

    answer: Answer = await person.click(forged, PRESS)

    assert (answer.text, answer.ephemeral) == (OPERATORS_ONLY, True)
    assert not gateways(club).sells(SLUG)
    assert len(await club.ask(retirements.known)) == 1
    assert await actions(club, club.guild.id) == []


async def test_in_the_status_an_operator_has_a_button_for_each_endpoint_and_managers_have_none(club: Club) -> None:
    await retire(club, SLUG, "wan2.6-i2v")

    seen_by_manager = await status(club, club.manager)
    seen_by_operator = await status(club, club.owner)

    assert "No longer offered there: Kling 3 and Wan 2.6." in seen_by_manager.text
    assert seen_by_manager.buttons == {}
    assert list(seen_by_operator.buttons) == [f"{PRESS}: myrouter {SLUG}", f"{PRESS}: myrouter wan2.6-i2v"]


async def test_a_press_there_is_told_below_and_stands_in_the_record_of_the_server(club: Club) -> None:
    await retire(club, SLUG)
    panel = await status(club, club.owner)

    await club.owner.click(panel, f"{PRESS}: myrouter {SLUG}")

    assert "No longer offered" not in panel.text
    assert "myrouter gets orders for Kling 3 again. If it refuses one, I tell you." in panel.text
    assert panel.buttons == {}
    assert gateways(club).sells(SLUG)
    assert await actions(club, club.guild.id) == [(Action.OFFER, club.owner.user.id)]
    record = (await club.manager.invoke("video-admin audit", channel=club.videos)).text
    assert f"<@{club.owner.user.id}> let a model be ordered again from a video service" in record
    assert SLUG in record


async def test_who_runs_the_bot_no_more_changes_nothing(club: Club) -> None:
    await retire(club, SLUG)
    panel = await status(club, club.owner)
    club.bot.operators = frozenset({club.mod.user.id})

    answer = await club.owner.click(panel, f"{PRESS}: myrouter {SLUG}")

    assert answer.text == OPERATORS_ONLY
    assert not gateways(club).sells(SLUG)


async def test_of_many_endpoints_each_press_makes_room_for_the_next(club: Club) -> None:
    slugs = sorted({route.slug for model in club.catalogue.models for route in model.routes})[:7]
    await retire(club, *slugs)
    panel = await status(club, club.owner)

    for slug in slugs:
        assert len(panel.buttons) == min(5, len(slugs) - slugs.index(slug))
        await club.owner.click(panel, f"{PRESS}: myrouter {slug}")

    assert panel.buttons == {}
    assert all(gateways(club).sells(slug) for slug in slugs)


async def test_the_longest_name_that_an_endpoint_may_have_fits_into_both_buttons(club: Club) -> None:
    longest = "z" * 70
    await retire(club, longest)
    message = await to_operator(club, NoticeKind.MODEL_RETIRED, gateway="myrouter", model="Z" * 50, slug=longest)
    panel = await status(club, club.owner)

    await club.owner.click(message, PRESS)

    assert [len(label) for label in panel.buttons] == [80]
    assert gateways(club).sells(longest)


async def test_buttons_that_nobody_presses_close_with_a_sentence(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)
    await retire(club, SLUG)

    panel = await status(club, club.owner)

    await wait_until(lambda: "/video-admin status opens new ones." in panel.text)
    assert panel.buttons == {}
    assert "No longer offered there: Kling 3." in panel.text
