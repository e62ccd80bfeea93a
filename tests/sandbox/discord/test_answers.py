"""Answers, follow-ups, buttons, menus and forms, with the rules of time that bind them."""

import discord
import pytest

from sandbox.discord import (
    ChannelKind,
    ClientRefusesError,
    DidNotRespondError,
    Overwrite,
    Permission,
    Person,
    Upload,
    wait_until,
)
from sandbox.discord.interactions import CallbackKind
from tests.sandbox.discord.studio import NameForm, Studio


async def unanswered(studio: Studio, ada: Person) -> discord.Interaction:
    """An interaction that the bot has left without an answer, while it could still give one."""
    studio.server.interactions.answer_within_seconds = 0.05
    with pytest.raises(DidNotRespondError):
        await ada.invoke("sleep", channel=studio.channel)
    studio.server.interactions.answer_within_seconds = 3.0
    await wait_until(lambda: bool(studio.bot.seen))
    return studio.bot.seen[0]


async def test_the_first_follow_up_fills_the_thinking_message_and_stays_hidden(studio: Studio, ada: Person) -> None:
    answer = await ada.invoke("wait", channel=studio.channel)
    assert answer.deferred
    assert answer.text == ""

    await answer.settled()
    await wait_until(lambda: bool(answer.followups))

    assert answer.text == "done thinking"
    assert answer.ephemeral
    assert [message.text for message in answer.followups] == ["and more"]
    assert studio.channel.history == answer.followups


async def test_a_hidden_answer_is_seen_by_its_person_only(studio: Studio, ada: Person) -> None:
    bob = studio.server.person(studio.guild.add_member("bob"))

    answer = await ada.invoke("say", {"text": "x", "hidden": True}, channel=studio.channel)

    assert ada.sees(answer.reply)
    assert not bob.sees(answer.reply)
    assert studio.channel.history == []


async def test_a_button_changes_its_message(studio: Studio, ada: Person) -> None:
    panel = (await ada.invoke("panel", channel=studio.channel)).reply

    answer = await ada.click(panel, "Stop")

    assert answer.type == CallbackKind.UPDATE
    assert answer.message is panel
    assert panel.text == "stopped"
    assert panel.buttons == {}
    assert [edit.text for edit in panel.edits] == ["stopped"]


async def test_a_silent_defer_is_followed_by_a_hidden_message(studio: Studio, ada: Person) -> None:
    panel = (await ada.invoke("panel", channel=studio.channel)).reply

    answer = await ada.click(panel, custom_id="cb:whisper:1")
    await answer.settled()

    assert answer.text == "psst"
    assert answer.ephemeral


async def test_a_disabled_or_missing_button_cannot_be_pressed(studio: Studio, ada: Person) -> None:
    panel = (await ada.invoke("panel", channel=studio.channel)).reply

    for label in ("Off", "Launch"):
        with pytest.raises(ClientRefusesError):
            await ada.click(panel, label)


async def test_a_menu_takes_only_channels_of_its_kinds(studio: Studio, ada: Person) -> None:
    panel = (await ada.invoke("panel", channel=studio.channel)).reply
    category = studio.guild.add_channel("group", kind=ChannelKind.CATEGORY)

    with pytest.raises(ClientRefusesError):
        await ada.select(panel, "cb:where:1", category)
    answer = await ada.select(panel, "cb:where:1", studio.channel)

    assert answer.text == "there: videos"


async def test_a_form_brings_every_kind_of_field_back(studio: Studio, ada: Person) -> None:
    opened = await ada.invoke("ask", channel=studio.channel)
    assert opened.form is not None
    assert opened.form.title == "Your name"

    answer = await ada.submit(
        opened.form,
        {"Name": "Ada", "colour": ["Red"], "roles": [studio.role], "Size": "Large", "extras": ["Sound"]},
    )

    assert answer.text == "Ada r makers L s"


async def test_a_form_takes_a_tick_and_a_file(studio: Studio, ada: Person) -> None:
    opened = await ada.invoke("ask-file", channel=studio.channel)

    answer = await ada.submit(opened.form, {"sure": True, "File": [Upload("a.txt", b"abc", "text/plain")]})

    assert answer.text == "True abc"


async def test_the_client_keeps_a_form_back_that_is_not_filled_in(studio: Studio, ada: Person) -> None:
    panel = (await ada.invoke("panel", channel=studio.channel)).reply
    opened = await ada.click(panel, "Form")
    full = {"name": "Ada", "colour": "r", "roles": [studio.role], "size": "L"}

    changes: list[dict[str, object]] = [{"name": ""}, {"name": "x" * 11}, {"colour": "b"}, {"roles": []}, {"age": "3"}]
    for change in changes:
        with pytest.raises(ClientRefusesError):
            await ada.submit(opened.form, {**full, **change})

    assert (await ada.submit(opened.form, full)).text == "Ada r makers L"


async def test_a_bot_that_does_not_answer_within_three_seconds_is_too_late(studio: Studio, ada: Person) -> None:
    interaction = await unanswered(studio, ada)
    studio.server.world.pass_time(3)

    with pytest.raises(discord.NotFound) as refused:
        await interaction.response.send_message("late")

    assert refused.value.code == 10062
    assert studio.channel.history == []


async def test_an_interaction_is_answered_once(studio: Studio, ada: Person) -> None:
    await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    again = studio.bot.seen[0]
    again.response._response_type = None

    with pytest.raises(discord.HTTPException) as refused:
        await again.response.send_message("twice")

    assert refused.value.code == 40060


async def test_a_token_ends_after_fifteen_minutes(studio: Studio, ada: Person) -> None:
    await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    studio.server.world.pass_time(15 * 60 + 1)

    with pytest.raises(discord.HTTPException) as refused:
        await studio.bot.seen[0].followup.send("late")

    assert (refused.value.status, refused.value.code) == (401, 50027)


async def test_a_token_can_be_ended_by_the_test(studio: Studio, ada: Person) -> None:
    answer = await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    studio.server.expire_token(answer.interaction)

    with pytest.raises(discord.HTTPException) as refused:
        await studio.bot.seen[0].edit_original_response(content="late")

    assert refused.value.code == 50027


async def test_a_follow_up_before_any_answer_finds_no_webhook(studio: Studio, ada: Person) -> None:
    interaction = await unanswered(studio, ada)

    with pytest.raises(discord.NotFound) as refused:
        await interaction.followup.send("early")

    assert refused.value.code == 10015


async def test_a_command_cannot_be_answered_with_choices(studio: Studio, ada: Person) -> None:
    interaction = await unanswered(studio, ada)
    interaction.type = discord.InteractionType.autocomplete

    with pytest.raises(discord.HTTPException) as refused:
        await interaction.response.autocomplete([])

    assert refused.value.code == 50035


async def test_a_faulty_form_is_refused_by_field(studio: Studio, ada: Person) -> None:
    interaction = await unanswered(studio, ada)
    form = NameForm()
    form.title = "x" * 46

    with pytest.raises(discord.HTTPException) as refused:
        await interaction.response.send_modal(form)

    assert "data.title" in refused.value.text


async def test_the_original_answer_can_be_changed_and_deleted(studio: Studio, ada: Person) -> None:
    answer = await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    interaction = studio.bot.seen[0]

    await interaction.edit_original_response(content="y")
    await interaction.delete_original_response()

    assert answer.reply.deleted
    assert answer.reply.text == "y"


async def test_a_stored_token_works_without_the_interaction(studio: Studio, ada: Person) -> None:
    answer = await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    application_id = studio.bot.application_id or 0
    webhook = discord.Webhook.partial(application_id, answer.interaction.token, client=studio.bot)

    await webhook.edit_message(answer.reply.id, content="z")

    assert answer.text == "z"


async def test_a_card_is_read_as_a_person_reads_it(studio: Studio, ada: Person) -> None:
    card = (await ada.invoke("card", channel=studio.channel)).reply

    assert card.is_v2
    assert card.text == "**Queued**"
    assert card.buttons["Cancel"].custom_id == "cb:cancel:1"
    assert card.buttons["More"].url == "https://example.com/more"
    assert card.attachments[0].data == b"png"
    assert card.payload()["attachments"] == []
    assert card.payload()["components"][1]["items"][0]["media"]["url"].startswith("http://127.0.0.1")


async def test_a_bot_is_told_the_thread_or_voice_channel_that_a_command_was_typed_in(
    studio: Studio, ada: Person
) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    voice = studio.guild.add_channel("talk", kind=ChannelKind.VOICE)

    for place in (thread, voice):
        answer = await ada.invoke("say", {"text": "x"}, channel=place)
        assert place.history == [answer.message]

    kinds = [type(interaction.channel) for interaction in studio.bot.seen]
    assert kinds == [discord.Thread, discord.VoiceChannel]


async def test_an_answer_into_a_channel_that_is_gone_is_refused(studio: Studio, ada: Person) -> None:
    await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    studio.channel.delete()

    with pytest.raises(discord.NotFound) as refused:
        await studio.bot.seen[0].followup.send("y")

    assert refused.value.code == 10003


async def test_a_message_that_a_person_cannot_see_has_no_buttons_for_them(studio: Studio, ada: Person) -> None:
    panel = (await ada.invoke("panel", channel=studio.channel)).reply
    studio.channel.overwrite(studio.ada.id, Overwrite(deny=Permission.VIEW_CHANNEL))

    with pytest.raises(ClientRefusesError):
        await ada.click(panel, "Stop")
