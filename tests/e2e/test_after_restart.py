"""After a kill and a start: all buttons, menus and commands work on what was there, all open forms are too old."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import wait_until
from sandbox.stage import Stage
from tests.e2e.conftest import PLENTY, check_exchanges, prepare
from tests.e2e.lending import lent_at
from tests.e2e.past import Past
from tests.e2e.presses import AGAIN, EDIT, REMIX, RETRY, newcomer, press
from tests.e2e.scene import PATIENCE_SECONDS, Film, Scene, job_id

TOO_OLD = "This form is too old; please start again."
GONE = "This video is no longer in my records."
ORDERED = "Already ordered, so it counts. I won't post it; find it in /my-videos history."
REMOVED = "Removed: its posts are deleted, and nobody can get it back."
OTHER = "a paper plane"
PRICE = 1500


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def past(tmp_path_factory: pytest.TempPathFactory, template: Path) -> AsyncIterator[Past]:
    """Everything is made, then the program is killed and started again, and all of Discord's links have expired."""
    async with prepare(Stage(tmp_path_factory.mktemp("past") / "bot"), template) as stage:
        stage.gateway.fetch_inputs = True
        past = Past(Scene(stage, stage.club))
        await stage.open(**PLENTY)
        await stage.set_up()
        await past.make()
        await stage.crash()
        stage.discord.world.files.expire()
        await stage.open(**PLENTY)
        yield past
        check_exchanges(stage)
        assert "Traceback" not in stage.program.told()


@pytest.mark.parametrize("label", [AGAIN, REMIX, EDIT])
@pytest.mark.parametrize("is_author", [True, False], ids=["author", "another"])
async def test_a_button_makes_a_video_charged_to_whoever_presses(past: Past, label: str, is_author: bool) -> None:
    person = past.person(label) if is_author else newcomer(past.scene, f"no {label}")
    before = past.paid_by(person)

    answer = await press(person, past.videos[label], label, OTHER)

    assert "**Queued" in answer.text
    assert f"<@{person.user.id}>" in answer.text
    assert past.paid_by(person) - before == PRICE


async def test_a_failure_is_tried_again(past: Past) -> None:
    ola = newcomer(past.scene, "ola")

    answer = await press(ola, past.failure, RETRY)

    assert "**Queued" in answer.text
    assert past.paid_by(ola) == PRICE


async def test_a_running_video_is_kept_from_being_posted(past: Past) -> None:
    assert (await past.person("ron").click(past.running["ron"], "Don't post")).text == ORDERED


async def test_a_post_is_deleted_after_the_question(past: Past) -> None:
    question = await press(past.person("dia"), past.videos["dia"], "Delete")

    await press(past.person("dia"), question.reply, "Delete")

    assert past.videos["dia"].deleted


async def test_a_video_is_saved_as_a_character(past: Past) -> None:
    opened = await past.person("mia").click(past.videos["mia"], "Save as character")

    answer = await past.person("mia").submit(opened.form, {"Name": "Boat", "I confirm": True})

    assert "**Boat**" in (await answer.settled()).text


async def test_a_reported_video_is_removed_and_can_not_be_had_back(past: Past) -> None:
    card, result = past.reports["rea"], past.videos["rea"]

    question = (await past.scene.mod.click(card, "Remove")).reply
    told = await (await past.scene.mod.click(question, "Remove")).settled()

    assert told.text == REMOVED
    assert result.deleted
    assert f"**The video was removed. By <@{past.scene.club.mod.id}>" in card.text
    assert card.buttons == {}
    (direct,) = past.person("rea").dms()
    assert direct.text == f"A moderator of Film Club has removed your video `{job_id(card)}`.\nIt was charged."


async def test_the_author_of_a_reported_video_is_blocked(past: Past) -> None:
    question = (await past.scene.mod.click(past.reports["bea"], "Block")).reply
    await past.scene.mod.click(question, "1 hour")
    await wait_until(lambda: not past.reports["bea"].buttons, PATIENCE_SECONDS)

    refused = await past.run("bea", "video", prompt=OTHER)

    assert refused.text.startswith("The moderators don't let you make videos here until <t:")


async def test_a_report_is_dismissed(past: Past) -> None:
    card = past.reports["lea"]

    await past.scene.mod.click(card, "Dismiss")

    assert "**Nothing had to be done. By" in card.text
    assert not past.videos["lea"].deleted


FORMS: dict[str, dict[str, object]] = {
    "edit": {"Prompt": OTHER},
    "remix": {"What shall change": OTHER},
    "save as character": {"Name": "Boat", "I confirm": True},
    "more": {},
    "new character": {"I confirm": True},
    "animate": {"Prompt": OTHER},
    "report": {},
    "words": {"Words or phrases, one per line": "lava"},
    "more of setup": {},
}


@pytest.mark.parametrize("name", FORMS)
async def test_an_open_form_is_too_old_and_nothing_is_charged(past: Past, name: str) -> None:
    person, form = past.forms[name]
    before = past.paid_by(person)

    answer = await person.submit(form, FORMS[name])

    assert (answer.text, answer.ephemeral) == (TOO_OLD, True)
    assert past.paid_by(person) == before


@pytest.mark.parametrize("label", ["Save", "Change it", "Delete", "Erase everything", "Remove"])
async def test_the_button_of_an_open_panel_is_too_old(past: Past, label: str) -> None:
    person, panel = past.panels[label]

    assert (await person.click(panel, label)).text == TOO_OLD


@pytest.mark.parametrize("name", ["my-videos history", "my-videos preferences", "character share"])
async def test_the_menu_of_an_open_panel_is_too_old(past: Past, name: str) -> None:
    person, panel = past.panels[name]
    custom_id, menu = next(iter(panel.selects.items()))

    assert (await person.select(panel, custom_id, [menu["options"][0]["value"]])).text == TOO_OLD


async def test_the_menus_on_messages_know_what_was_there(past: Past) -> None:
    noa, result = newcomer(past.scene, "noa of the menus"), past.videos["mia"]

    assert (await noa.menu("Remix this video", result)).form is not None
    assert f"Made by {past.people['mia'].mention}" in (await noa.menu("Video details", result)).text
    assert (await noa.menu("Report this video", result)).form is not None
    assert (await past.person("pia").menu("Animate this picture", past.picture)).form is not None


async def test_a_remix_is_ordered_by_command_and_charged_to_whoever_orders(past: Past) -> None:
    noa = newcomer(past.scene, "noa who remixes")

    answer = await past.run(noa, "remix", video=job_id(past.videos["mia"]), prompt=OTHER)

    assert "**Queued" in answer.text
    assert past.paid_by(noa) == PRICE


async def test_a_saved_character_is_lent_to_another_although_its_link_has_expired(past: Past) -> None:
    noa = newcomer(past.scene, "noa with mimi")

    await past.run(noa, "video", prompt="mimi sings", character="mimi")

    def given() -> list[tuple[int, str]]:
        return [each for order in past.scene.orders if order.body["prompt"] == "mimi sings" for each in lent_at(order)]

    await wait_until(lambda: given() == [(200, "video/mp4")], PATIENCE_SECONDS)
    assert past.paid_by(noa) == PRICE


@pytest.mark.parametrize(
    ("who", "prompt", "sentence"),
    [
        ("tom", "a boat", "You need one of these roles to make videos here"),
        ("bob", "a boat", "The moderators don't let you make videos here."),
        ("lea", "a Volcano", "This server's moderators don't allow a word in your prompt."),
    ],
    ids=["role", "block", "word"],
)
async def test_what_was_set_up_still_holds(past: Past, who: str, prompt: str, sentence: str) -> None:
    assert (await past.run(who, "video", prompt=prompt)).text.startswith(sentence)


async def test_who_kept_others_from_their_videos_still_does(past: Past) -> None:
    answer = await newcomer(past.scene, "noa who is kept").click(past.videos["kim"], AGAIN)

    assert answer.text == "The person who made this video doesn't let others make new ones from it."


async def test_a_video_whose_post_is_gone_is_given_back(past: Past) -> None:
    past.videos["sho"].delete()

    shown = await past.run("sho", "my-videos show", video=job_id(past.videos["sho"]))

    assert shown.ephemeral
    assert Film.of(shown.reply.attachments[0]).codec == "h264"


async def test_an_export_has_what_was_there(past: Past) -> None:
    exported = json.loads((await past.run("kim", "my-videos export")).reply.attachments[0].data)

    assert exported["preferences"]["others_may_remix"] is False
    assert [each["id"] for each in exported["videos"]] == [job_id(past.videos["kim"])]


async def test_what_was_there_can_be_erased(past: Past) -> None:
    question = await past.run("era", "my-videos erase")

    await press(past.person("era"), question.reply, "Erase everything")

    assert (await past.person("era").click(past.videos["era"], "Delete")).text == GONE


@pytest.mark.parametrize(
    ("who", "command", "told"),
    [
        ("roy", "my-videos queue", "**1 video on its way**"),
        ("mia", "my-videos history", "\n-# Finished · Sora 2 · 10 s · "),
        ("kim", "my-videos usage", "Today: 1 of 3."),
        ("kim", "my-videos preferences", "## Your preferences"),
        ("kim", "character list", "**Mimi** of <@"),
        ("mia", "character new", "New character"),
        ("tom", "video-help", "Type `/video`"),
        ("mod", "video-mod words", "Blocked words"),
        ("owner", "video-admin setup", "Save"),
    ],
)
async def test_a_command_tells_of_what_was_there(past: Past, who: str, command: str, told: str) -> None:
    answer = await past.run(who, command)

    shown = [answer.text, *(answer.message.buttons if answer.message else ())]
    assert any(told in text for text in shown)


async def test_commands_change_what_was_there(past: Past) -> None:
    cancelled = await past.run("roy", "my-videos cancel", video=job_id(past.running["roy"]))
    unblocked = await past.run("mod", "video-mod unblock", member=past.people["bud"])
    removed = await past.run("mod", "video-mod remove", video=job_id(past.videos["zoe"]))
    shared = await past.run("mia", "character share", character="Mimi")
    asked = await past.run("mia", "character remove", character="Mimi")

    assert cancelled.text == ORDERED
    assert unblocked.text == f"{past.people['bud'].mention} may make videos here again."
    assert removed.text == REMOVED
    assert "Everyone here may use it." in shared.text
    assert asked.text.startswith("Remove **Mimi**?")
