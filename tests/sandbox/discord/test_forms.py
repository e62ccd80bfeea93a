"""Every kind of field that a form can have, filled in, left as preset, or refused by the client."""

import io
from collections.abc import Mapping

import discord
import pytest
from discord import app_commands

from sandbox.discord import ClientRefusesError, Form, Person, Upload
from tests.sandbox.discord.studio import Studio

CLIP = Upload("clip.mp4", b"clip", "video/mp4")


class ShareForm(discord.ui.Modal):
    """Whom to share a clip with; `ada` is preset."""

    def __init__(self, ada: discord.Object) -> None:
        super().__init__(title="Share")
        self.add_item(discord.ui.TextDisplay("Only a part of **the clip** is kept."))
        preset = [discord.SelectDefaultValue.from_user(ada)]
        self.people = discord.ui.UserSelect[ShareForm](
            custom_id="people", max_values=2, required=False, default_values=preset
        )
        self.either = discord.ui.MentionableSelect[ShareForm](custom_id="either", max_values=2, required=False)
        self.clip = discord.ui.FileUpload[ShareForm](custom_id="clip", max_values=2, required=False, min_values=0)
        self.sharing = discord.ui.RadioGroup[ShareForm](custom_id="sharing", options=_sharings())
        for field in (self.people, self.either, self.clip, self.sharing):
            label = discord.ui.Label[ShareForm](text=field.custom_id.title(), description="Choose", component=field)
            self.add_item(label)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        clips = [f"{item.filename}={(await item.read()).decode()}" for item in self.clip.values]
        names = [item.name for item in (*self.people.values, *self.either.values)]
        await interaction.response.send_message(" ".join([*names, *clips, self.sharing.value or "-"]), ephemeral=True)


def _sharings() -> list[discord.RadioGroupOption]:
    return [
        discord.RadioGroupOption(label="Me", value="me", default=True),
        discord.RadioGroupOption(label="Everyone", value="everyone"),
    ]


class BareForm(discord.ui.Modal):
    """One text that has to be long enough."""

    def __init__(self) -> None:
        super().__init__(title="Prompt")
        text = discord.ui.TextInput[BareForm](custom_id="text", default="a boat", min_length=3, max_length=10)
        self.text = text
        self.add_item(discord.ui.Label[BareForm](text="Prompt", component=text))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        file = discord.File(io.BytesIO(b"kept"), "kept.txt")
        await interaction.response.send_message(self.text.value, file=file)


@pytest.fixture
async def forms(studio: Studio) -> Studio:
    ada = discord.Object(studio.ada.id)

    @app_commands.command(description="Share a clip")
    async def share(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(ShareForm(ada))

    @app_commands.command(description="Ask for a text")
    async def bare(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(BareForm())

    studio.bot.tree.add_command(share)
    studio.bot.tree.add_command(bare)
    await studio.bot.tree.sync()
    return studio


async def opened(forms: Studio, ada: Person, name: str) -> Form:
    form = (await ada.invoke(name, channel=forms.channel)).form
    assert form is not None
    return form


async def test_what_is_left_out_stays_as_preset(forms: Studio, ada: Person) -> None:
    form = await opened(forms, ada, "share")

    answer = await ada.submit(form, {})

    assert "Only a part of **the clip** is kept." in form.text
    assert [field.label for field in form.fields] == ["People", "Either", "Clip", "Sharing"]
    assert answer.text == "ada me"


async def test_people_roles_and_files_come_back(forms: Studio, ada: Person) -> None:
    bob = forms.guild.add_member("bob")
    form = await opened(forms, ada, "share")

    values = {"people": [bob], "Either": [forms.role, forms.ada], "clip": [CLIP], "sharing": "Everyone"}
    answer = await ada.submit(form, values)

    assert set(answer.text.split()) == {"bob", "makers", "ada", "clip.mp4=clip", "everyone"}


@pytest.mark.parametrize(
    "values", [{"clip": [CLIP] * 3}, {"clip": "clip.mp4"}, {"sharing": "Nobody"}, {"colour": "red"}]
)
async def test_the_client_refuses_what_a_field_does_not_take(
    forms: Studio, ada: Person, values: Mapping[str, object]
) -> None:
    form = await opened(forms, ada, "share")

    with pytest.raises(ClientRefusesError):
        await ada.submit(form, values)


async def test_a_role_is_not_a_person(forms: Studio, ada: Person) -> None:
    form = await opened(forms, ada, "share")

    with pytest.raises(ClientRefusesError):
        await ada.submit(form, {"people": [forms.role]})


@pytest.mark.parametrize("text", ["", "ab", "x" * 11, 7])
async def test_a_text_has_the_length_that_is_asked(forms: Studio, ada: Person, text: object) -> None:
    form = await opened(forms, ada, "bare")

    with pytest.raises(ClientRefusesError):
        await ada.submit(form, {"text": text})


async def test_a_form_is_answered_with_a_file(forms: Studio, ada: Person) -> None:
    answer = await ada.submit(await opened(forms, ada, "bare"), {})

    assert answer.text == "a boat"
    assert answer.reply.attachments[0].data == b"kept"
