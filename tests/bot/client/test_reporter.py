"""Whatever goes wrong ends in an answer, privately, in plain words."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
from structlog.testing import capture_logs

from bot.client.bot import ClapboardBot
from sandbox.discord import Answer, wait_until
from sandbox.stops import Stage as Point
from tests.bot.client.stage import Stage, answering, open_stage
from tests.bot.client.troublemakers import SECRET, Troublemakers, add_troublemakers

NOT_SET_UP = "A manager of this server has to run /video-admin setup first."
TOO_OLD = "This form is too old; please start again."


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage(ClapboardBot(), add_troublemakers) as opened:
        yield opened


async def run(stage: Stage, name: str, **options: object) -> Answer:
    return await stage.ada.invoke(name, options, channel=stage.channel)


async def test_a_refusal_is_told_privately_in_its_own_words(stage: Stage) -> None:
    answer = await run(stage, "refuse")

    assert answer.text == NOT_SET_UP
    assert answer.ephemeral


async def test_a_refusal_after_a_promise_takes_its_place_and_pings_nobody(stage: Stage) -> None:
    answer = await (await run(stage, "promise")).settled()

    assert answer.text == "You need one of these roles to make videos here: <@&42>"
    assert answer.ephemeral
    assert answer.reply.notified == []


async def test_a_refusal_after_an_answer_is_a_private_message_below_it(stage: Stage) -> None:
    answer = await run(stage, "chat")
    await _followed(answer)

    assert answer.text == "first"
    assert [(message.text, message.ephemeral) for message in answer.followups] == [(NOT_SET_UP, True)]


async def _followed(answer: Answer) -> None:
    await wait_until(lambda: bool(answer.followups))


async def test_what_nobody_foresaw_is_told_with_a_reference_that_finds_it_in_the_log(stage: Stage) -> None:
    with capture_logs() as logs:
        answer = await run(stage, "broken")

    entry = next(entry for entry in logs if entry["event"] == "unexpected error")
    assert answer.ephemeral
    assert SECRET not in answer.text
    assert str(entry["reference"]) in answer.text
    assert str(entry["exc_info"]) == SECRET


async def test_trouble_below_that_has_a_sentence_is_told_and_logged(stage: Stage) -> None:
    with capture_logs() as logs:
        answer = await run(stage, "away")

    assert "My records can't be reached" in answer.text
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["told as it is"]


async def test_a_check_of_the_librarys_is_told(stage: Stage) -> None:
    assert (await run(stage, "nobody")).text == "You can't use this command here."


async def test_a_value_that_can_not_be_used_is_told(stage: Stage) -> None:
    refused, broken = await run(stage, "fussy", value="refuse"), await run(stage, "fussy", value="x")

    assert refused.text == NOT_SET_UP
    assert SECRET not in broken.text


async def test_a_command_of_an_older_version_is_told(stage: Stage) -> None:
    stage.bot.tree.remove_command("refuse")

    assert "This command has changed" in (await run(stage, "refuse")).text


async def test_choices_that_fail_are_none(stage: Stage) -> None:
    with capture_logs() as logs:
        for typed, count in (("", 1), ("refuse", 0), ("late", 0)):
            assert len(await stage.ada.autocomplete("choose", "what", typed, channel=stage.channel)) == count
        await asyncio.sleep(0.02)

    assert [entry for entry in logs if entry["log_level"] != "info"] == []


@pytest.mark.parametrize("button", ["Refuse", "Defer"])
async def test_a_button_that_refuses_tells_why(stage: Stage, button: str) -> None:
    message = (await run(stage, "buttons")).reply

    answer = await (await stage.ada.click(message, button)).settled()

    assert answer.text == NOT_SET_UP
    assert answer.ephemeral
    assert len(answer.followups) == (1 if button == "Defer" else 0)


async def test_a_button_that_works_is_answered_once(stage: Stage) -> None:
    message = (await run(stage, "buttons")).reply

    answer = await stage.ada.click(message, "Work")

    assert answer.text == "worked"
    assert await _all_said(stage) == ["buttons", "worked"]


async def test_a_button_that_breaks_hides_what_broke(stage: Stage) -> None:
    message = (await run(stage, "buttons")).reply

    answer = await stage.ada.click(message, "Break")

    assert "reference" in answer.text
    assert SECRET not in answer.text


async def test_a_button_that_could_not_be_made_is_answered(stage: Stage) -> None:
    message = (await run(stage, "buttons")).reply

    answer = await stage.ada.click(message, "Unmade")

    assert answer.text == "This video is no longer in my records."


@pytest.mark.parametrize("layout", [False, True])
async def test_a_panel_that_refuses_tells_why(stage: Stage, layout: bool) -> None:
    message = (await run(stage, "panel", layout=layout)).reply

    assert (await stage.ada.click(message, "Refuse")).text == NOT_SET_UP


async def test_a_form_that_refuses_tells_why(stage: Stage) -> None:
    opened = await run(stage, "form")

    assert (await stage.ada.submit(opened.form, {"text": "refuse"})).text == NOT_SET_UP


async def test_a_form_that_works_is_answered_once(stage: Stage) -> None:
    opened = await run(stage, "form")

    assert (await stage.ada.submit(opened.form, {"text": "hello"})).text == "thanks"
    assert await _all_said(stage) == [None, "thanks"]


async def test_a_form_is_told_to_be_too_old_once_it_is_forgotten(stage: Stage) -> None:
    opened = await run(stage, "form")
    await stage.ada.submit(opened.form, {"text": "hello"})

    answer = await stage.ada.submit(opened.form, {"text": "again"})

    assert answer.text == TOO_OLD
    assert answer.ephemeral


async def test_a_panel_that_nobody_knows_is_told_to_be_too_old(stage: Stage) -> None:
    view = discord.ui.View().add_item(discord.ui.Button(label="Old", custom_id="some-panel"))
    view.stop()
    channel = stage.bot.get_partial_messageable(stage.channel.id)
    await channel.send("panel", view=view)

    answer = await stage.ada.click(stage.channel.history[-1], "Old")

    assert answer.text == TOO_OLD


async def test_a_button_of_a_job_that_nobody_knows_is_told_to_be_forgotten(stage: Stage) -> None:
    view = discord.ui.View().add_item(discord.ui.Button(label="Again", custom_id="cb:again:7q2m0x9dkt"))
    view.stop()
    await stage.bot.get_partial_messageable(stage.channel.id).send("a video", view=view)

    answer = await stage.ada.click(stage.channel.history[-1], "Again")

    assert answer.text == "This video is no longer in my records."


async def test_a_button_works_after_a_restart(stage: Stage) -> None:
    await stage.bot.remove_cog("Troublemakers")
    await stage.bot.add_cog(Troublemakers())
    view = discord.ui.View().add_item(discord.ui.Button(label="Press", custom_id="cb:press:refuse"))
    view.stop()
    await stage.bot.get_partial_messageable(stage.channel.id).send("from before", view=view)

    assert (await stage.ada.click(stage.channel.history[-1], "Press")).text == NOT_SET_UP


async def test_what_is_told_is_in_the_readers_language(stage: Stage) -> None:
    answer = await stage.ada.invoke("refuse", channel=stage.channel, locale="de")

    assert answer.text == NOT_SET_UP, "there is no German catalogue yet, so English is right"


async def test_an_interaction_that_is_over_is_logged_only(stage: Stage) -> None:
    over = answering(404, {"code": 10062, "message": "Unknown interaction"})
    stage.server.stops.at(Point.RECEIVED, "POST", ".*/callback", over)
    with capture_logs() as logs:
        await _cut_off(stage, "choose", what="x")

    assert [entry["code"] for entry in logs if entry["event"] == "interaction is over"] == [10062]
    assert _callbacks(stage) == ["x"]


async def test_an_answer_that_can_not_be_told_is_logged(stage: Stage) -> None:
    stage.server.stops.at(Point.RECEIVED, "POST", ".*/callback", answering(400, "cut off"))
    with capture_logs() as logs:
        await _cut_off(stage, "refuse")

    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == ["could not tell"]


async def test_when_the_first_answers_receipt_is_lost_the_error_is_told_below_it(stage: Stage) -> None:
    stage.server.stops.at(Point.APPLIED, "POST", ".*/callback", answering(400, "cut off"))

    answer = await run(stage, "choose", what="x")
    await _followed(answer)

    assert answer.text == "x"
    assert "reference" in answer.followups[0].text
    assert answer.followups[0].ephemeral


async def _cut_off(stage: Stage, name: str, **options: object) -> None:
    """A command whose answer never arrives."""
    task = asyncio.create_task(run(stage, name, **options))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.wait({task})


async def _all_said(stage: Stage) -> list[object]:
    """Every answer that the bot has given or tried to give, with a moment for one too many."""
    await asyncio.sleep(0.05)
    assert not [item for item in stage.server.exchanges.recorded if item.template.startswith("/webhooks/")]
    return _callbacks(stage)


def _callbacks(stage: Stage) -> list[object]:
    """The texts of the answers that the bot has tried to give."""
    paths = [item for item in stage.server.exchanges.recorded if item.path.endswith("/callback")]
    bodies = [item.body for item in paths if isinstance(item.body, dict)]
    return [body.get("data", {}).get("content") for body in bodies]
