"""Commands that people brought along: the bot's direct messages, strange servers, conversations of others."""

import discord
import pytest
from discord import app_commands

from sandbox.discord import (
    Answer,
    Channel,
    ClientRefusesError,
    DirectChannel,
    Guild,
    Member,
    Overwrite,
    Permission,
    Person,
    PrivateChannel,
    Upload,
    wait_until,
)
from sandbox.discord.channels import Place
from tests.sandbox.discord.studio import NameForm, Studio, film

PRIVATE = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE


class Card(discord.ui.View):
    """A button that opens a form, and one that changes its message."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Form", custom_id="roam:form")
    async def form(self, interaction: discord.Interaction, _button: "discord.ui.Button[Card]") -> None:
        await interaction.response.send_modal(NameForm())

    @discord.ui.button(label="Turn", custom_id="roam:turn")
    async def turn(self, interaction: discord.Interaction, _button: "discord.ui.Button[Card]") -> None:
        await interaction.response.edit_message(content="turned")


@app_commands.command(description="Work everywhere")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def roam(interaction: discord.Interaction, file: discord.Attachment | None = None) -> None:
    text = "here" if file is None else (await file.read()).decode()
    await interaction.response.send_message(text, view=Card())


@app_commands.command(description="Work where the server wants it")
@app_commands.allowed_installs(guilds=True, users=False)
async def stay(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("home")


@app_commands.command(description="Work in servers, whoever brings it")
@app_commands.allowed_installs(guilds=False, users=True)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def visit(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("guest")


@app_commands.context_menu(name="Roam this")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def roam_this(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(message.content, ephemeral=True)


class Town:
    """The studio, a server without the bot, and a conversation of ada and bob; ada brings the bot along."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        world = studio.server.world
        self.strange: Guild = world.add_guild("Strange", with_bot=False)
        self.square: Channel = self.strange.add_channel("square")
        self.bob: Member = self.strange.add_member("bob")
        self.strange.add_member(studio.ada.user)
        self.talk: PrivateChannel = world.private_channel(studio.ada.user, self.bob.user)
        self.ada: Person = studio.server.person(studio.ada)
        self.other: Person = studio.server.person(self.bob)
        self.ada.install()

    @property
    def home(self) -> DirectChannel:
        return self.studio.server.world.direct_channel(self.ada.user)

    @property
    def last(self) -> discord.Interaction:
        return self.studio.bot.seen[-1]

    def owners(self, answer: Answer) -> dict[str, str]:
        owners: dict[str, str] = answer.interaction.payload()["authorizing_integration_owners"]
        return owners

    async def follow_up(self, text: str) -> None:
        await self.last.followup.send(text)


@pytest.fixture
async def town(studio: Studio) -> Town:
    tree = studio.bot.tree
    tree.add_command(roam)
    tree.add_command(stay)
    tree.add_command(visit)
    tree.add_command(roam_this)
    await studio.bot.tree.sync()
    return Town(studio)


async def test_a_command_that_was_brought_along_is_answered_in_a_strange_server(town: Town) -> None:
    answer = await town.ada.invoke("roam", channel=town.square)

    assert town.square.history == [answer.reply]
    assert town.owners(answer) == {"1": str(town.ada.user.id)}
    assert town.last.is_user_integration()
    assert not town.last.is_guild_integration()
    assert town.last.context.guild
    assert town.last.guild_id == town.strange.id
    assert town.last.app_permissions.send_messages
    assert isinstance(town.last.user, discord.Member)


async def test_both_owners_are_named_where_both_installed_it(town: Town) -> None:
    answer = await town.ada.invoke("roam", channel=town.studio.channel)

    assert town.owners(answer) == {"0": str(town.studio.guild.id), "1": str(town.ada.user.id)}


async def test_a_command_goes_into_a_conversation_of_other_people(town: Town) -> None:
    answer = await town.ada.invoke("roam", channel=town.talk)

    assert town.other.sees(answer.reply)
    assert town.owners(answer) == {"1": str(town.ada.user.id)}
    assert town.last.context.private_channel
    assert town.last.guild_id is None
    assert int(town.last.app_permissions.value) == PRIVATE
    assert isinstance(town.last.channel, discord.DMChannel)


async def test_a_group_is_a_conversation_too(town: Town) -> None:
    world = town.studio.server.world
    group = world.private_channel(town.ada.user, town.other.user, world.add_user("eve"))

    await town.ada.invoke("roam", channel=group)

    assert isinstance(town.last.channel, discord.GroupChannel)


async def test_the_bots_direct_messages_name_no_server(town: Town) -> None:
    town.ada.uninstall()
    file = Upload("a.txt", b"abc", "text/plain")

    answer = await town.ada.invoke("roam", {"file": file})

    assert answer.text == "abc"
    assert town.owners(answer) == {"0": "0"}
    assert town.last.context.dm_channel
    assert int(town.last.app_permissions.value) == PRIVATE | Permission.USE_EXTERNAL_EMOJIS


async def test_who_only_brought_it_along_has_it_in_direct_messages_too(town: Town) -> None:
    town.other.install()

    answer = await town.other.invoke("roam")
    await (await town.studio.bot.fetch_user(town.other.user.id)).send("hello")

    assert town.owners(answer) == {"1": str(town.other.user.id)}
    assert [message.text for message in town.other.dms()] == ["here", "hello"]


async def test_buttons_forms_and_whispers_work_in_direct_messages(town: Town) -> None:
    card = (await town.ada.invoke("roam")).reply
    opened = await town.ada.invoke("ask-file")
    filled = await town.ada.submit(opened.form, {"sure": True, "file": Upload("a.txt", b"abc", "text/plain")})
    turned = await town.ada.click(card, "Turn")
    whisper = await town.ada.invoke("say", {"text": "psst", "hidden": True})

    assert filled.text == "True abc"
    assert turned.text == "turned"
    assert town.owners(turned) == {"0": "0", "1": str(town.ada.user.id)}
    assert whisper.ephemeral
    assert whisper.reply not in town.ada.dms()


async def test_a_menu_reads_a_message_of_others_where_the_bot_is_not(town: Town) -> None:
    for place in (town.square, town.talk, town.home):
        message = (town.ada if place is town.home else town.other).post(place, "a cat")

        answer = await town.ada.menu("Roam this", message)

        assert answer.text == "a cat"


@pytest.mark.parametrize(("command", "where"), [("stay", "square"), ("stay", "talk"), ("visit", "home"), ("say", "no")])
async def test_a_command_is_offered_only_as_it_declares(town: Town, command: str, where: str) -> None:
    place: Place | None = {"square": town.square, "talk": town.talk, "home": None, "no": town.studio.channel}[where]
    person = town.other if where == "no" else town.ada

    with pytest.raises(ClientRefusesError):
        await person.invoke(command, {"text": "x"} if command == "say" else {}, channel=place)

    assert town.studio.bot.seen == []


async def test_a_command_that_declares_nothing_is_offered_everywhere(town: Town) -> None:
    for place in (town.studio.channel, town.square, town.talk, town.home):
        assert (await town.ada.invoke("say", {"text": "x"}, channel=place)).text == "x (calm)"


async def test_nobody_is_offered_what_they_did_not_bring_along(town: Town) -> None:
    for place in (town.square, town.talk, None):
        with pytest.raises(ClientRefusesError):
            await town.other.invoke("roam", channel=place)


async def test_a_client_lists_what_it_offers_in_each_place(town: Town) -> None:
    names = {"roam", "stay", "visit", "Roam this"}
    places: list[Place | None] = [town.studio.channel, town.square, town.talk, None]

    offered = [names & set(town.ada.offers(place)) for place in places]

    assert offered == [names, {"roam", "visit", "Roam this"}, {"roam", "Roam this"}, {"roam", "stay", "Roam this"}]
    assert town.other.offers(town.square) == []


async def test_a_stranger_who_presses_a_button_is_not_its_owner(town: Town) -> None:
    card = (await town.ada.invoke("roam", channel=town.talk)).reply

    answer = await town.other.click(card, "Turn")

    assert town.owners(answer) == {"1": str(town.ada.user.id)}
    assert town.last.user.id == town.other.user.id


async def test_a_form_keeps_the_owners_of_the_command_behind_it(town: Town) -> None:
    card = (await town.ada.invoke("roam", channel=town.square)).reply
    opened = await town.ada.click(card, "Form")
    role = town.strange.add_role("townsfolk")

    answer = await town.ada.submit(opened.form, {"name": "Ada", "colour": "r", "roles": [role], "size": "L"})

    assert town.owners(answer) == {"1": str(town.ada.user.id)}


async def test_the_api_knows_no_server_that_the_bot_is_not_in(town: Town) -> None:
    answer = await town.ada.invoke("roam", channel=town.square)
    target = town.studio.bot.get_partial_messageable(town.square.id, guild_id=town.strange.id)

    with pytest.raises(discord.Forbidden) as send:
        await target.send("x")
    with pytest.raises(discord.Forbidden) as edit:
        await target.get_partial_message(answer.reply.id).edit(content="x")
    with pytest.raises(discord.NotFound) as guild:
        await town.studio.bot.fetch_guild(town.strange.id)

    assert (send.value.code, edit.value.code, guild.value.code) == (50001, 50001, 10004)
    assert [item.id for item in town.studio.bot.guilds] == [town.studio.guild.id]


async def test_the_api_knows_no_conversation_of_others(town: Town) -> None:
    with pytest.raises(discord.Forbidden) as refused:
        await town.studio.bot.get_partial_messageable(town.talk.id).send("x")

    assert refused.value.code == 50001


async def test_only_five_messages_follow_where_the_bot_is_not(town: Town) -> None:
    for place in (town.square, town.talk):
        await town.ada.invoke("roam", channel=place)
        for number in range(5):
            await town.follow_up(str(number))

        with pytest.raises(discord.HTTPException) as refused:
            await town.follow_up("one too many")

        assert (refused.value.status, refused.value.code) == (400, 40094)
        assert len(place.history) == 6


async def test_any_number_of_messages_follow_where_it_is_installed(town: Town) -> None:
    for place in (town.studio.channel, town.home):
        await town.ada.invoke("roam", channel=place)
        for number in range(6):
            await town.follow_up(str(number))

        assert len(place.history) == 7


async def test_a_follow_up_brings_a_file_into_a_strange_server(town: Town) -> None:
    await town.ada.invoke("roam", channel=town.square)

    sent = await town.last.followup.send(file=film(), wait=True)
    await sent.edit(content="with words")
    await sent.delete()

    assert [message.text for message in town.square.history] == ["here"]


async def test_a_server_can_keep_what_is_brought_along_quiet(town: Town) -> None:
    town.square.overwrite(town.strange.everyone.id, Overwrite(deny=Permission.USE_EXTERNAL_APPS))

    answer = await town.ada.invoke("roam", channel=town.square)
    await town.follow_up("more")

    assert answer.ephemeral
    assert town.square.history == []


async def test_a_bot_that_is_removed_is_a_stranger_from_then_on(town: Town) -> None:
    studio = town.studio
    target = studio.messageable(studio.channel)
    sent = await target.send("x")

    studio.guild.remove_bot()
    await wait_until(lambda: studio.bot.get_guild(studio.guild.id) is None)

    with pytest.raises(discord.Forbidden) as refused:
        await sent.edit(content="y")
    with pytest.raises(discord.NotFound) as unknown:
        await studio.bot.fetch_guild(studio.guild.id)
    with pytest.raises(ClientRefusesError):
        await town.ada.invoke("stay", channel=studio.channel)
    assert (refused.value.code, unknown.value.code) == (50001, 10004)
    assert town.owners(await town.ada.invoke("roam", channel=studio.channel)) == {"1": str(town.ada.user.id)}


async def test_a_bot_can_be_let_in_later(town: Town) -> None:
    town.strange.invite_bot()
    await wait_until(lambda: town.studio.bot.get_guild(town.strange.id) is not None)

    await town.studio.bot.get_partial_messageable(town.square.id, guild_id=town.strange.id).send("hello")

    assert [message.text for message in town.square.history] == ["hello"]
