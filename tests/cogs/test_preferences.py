"""The panel on which people choose for themselves, and what comes of it."""

import asyncio

import pytest

from bot.domain.preferences import Ping, Preferences
from bot.store import people
from cogs.my_videos import preferences
from sandbox.discord import wait_until
from tests.cogs.club import Club, nothing_unhandled
from tests.cogs.test_own_videos import run


async def test_each_choice_is_in_effect_at_once(club: Club) -> None:
    panel = (await run(club, "preferences")).reply
    ping, remixing, model, duration, aspect = panel.selects

    for menu, value in ((ping, "both"), (remixing, "no"), (model, "sora-2"), (duration, "15"), (aspect, "9:16")):
        await club.mia.select(panel, menu, [value])

    assert await club.ask(lambda tx: people.preferences(tx, club.mia_member.id)) == Preferences(
        Ping.BOTH, others_may_remix=False, duration=15, aspect="9:16", model_id="sora-2"
    )
    assert await club.ask(lambda tx: people.preferences(tx, club.tom.user.id)) == Preferences()


async def picked(club: Club) -> list[str]:
    """What the panel has picked when it is opened."""
    panel = (await run(club, "preferences")).reply
    return [option["label"] for menu in panel.selects.values() for option in menu["options"] if option.get("default")]


async def test_the_panel_opens_with_what_was_chosen(club: Club) -> None:
    before = await picked(club)
    async with club.database.write() as tx:
        await people.save_preferences(
            tx, club.mia_member.id, Preferences(Ping.SILENT, others_may_remix=False, duration=15, model_id="retired")
        )

    assert before == ["In the channel, with a ping", "Yes", "The usual one", "The model's own", "The model's own"]
    assert await picked(club) == [
        "Neither: the video is posted without a ping",
        "No",
        "The usual one",
        "15 s",
        "The model's own",
    ]


async def test_another_model_takes_its_own_length_and_shape(club: Club) -> None:
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia_member.id, Preferences(duration=15, aspect="9:16"))
    panel = (await run(club, "preferences")).reply

    await club.mia.select(panel, list(panel.selects)[2], ["sora-2"])

    chosen = await club.ask(lambda tx: people.preferences(tx, club.mia_member.id))
    assert chosen == Preferences(model_id="sora-2")


async def test_a_choice_can_be_taken_back(club: Club) -> None:
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia_member.id, Preferences(duration=15))
    panel = (await run(club, "preferences")).reply

    await club.mia.select(panel, list(panel.selects)[3], ["The model's own"])

    assert await club.ask(lambda tx: people.preferences(tx, club.mia_member.id)) == Preferences()


async def test_what_somebody_prefers_is_what_they_get(club: Club) -> None:
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia_member.id, Preferences(duration=15, aspect="9:16"))

    await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    await wait_until(lambda: bool(club.woken.jobs))

    request = (await club.job()).request
    assert (request.duration, request.aspect) == (15, "9:16")


async def test_a_panel_that_is_left_alone_closes_itself(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "OPEN_SECONDS", 0.05)

    panel = (await run(club, "preferences")).reply

    await wait_until(lambda: not panel.selects)
    assert panel.text == ("This panel was closed. What you chose is in effect; /my-videos preferences opens it again.")


async def test_a_panel_that_was_dismissed_ends_quietly(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "OPEN_SECONDS", 0.05)

    with nothing_unhandled():
        panel = (await run(club, "preferences")).reply
        panel.delete()
        await wait_until(lambda: any(each.method == "PATCH" and each.status for each in club.server.exchanges.recorded))
        await asyncio.sleep(0.02)

    assert panel.deleted
