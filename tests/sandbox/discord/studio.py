"""A small bot of discord.py's own making, and the guild in which it is tried out."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.discord import Channel, DiscordServer, Guild, Member, Role


class StudioBot(commands.AutoShardedBot):
    """Answers in every way that an interaction can be answered."""

    def __init__(self) -> None:
        super().__init__(
            command_prefix="!",
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0.1,
        )
        self.seen: list[discord.Interaction] = []
        self.resumes = 0

    async def setup_hook(self) -> None:
        _add_commands(self.tree)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The local gateway lets shards identify at once."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.seen.append(interaction)

    async def on_shard_resumed(self, _shard_id: int) -> None:
        self.resumes += 1


class NameForm(discord.ui.Modal):
    """A form with one field of most kinds."""

    def __init__(self) -> None:
        super().__init__(title="Your name")
        self.name = discord.ui.TextInput[NameForm](custom_id="name", max_length=10)
        self.colour = discord.ui.Select[NameForm](
            custom_id="colour", options=[discord.SelectOption(label="Red", value="r")]
        )
        self.roles = discord.ui.RoleSelect[NameForm](custom_id="roles", max_values=3, required=True)
        self.size = discord.ui.RadioGroup[NameForm](custom_id="size", options=_sizes())
        sound = discord.CheckboxGroupOption(label="Sound", value="s")
        self.extras = discord.ui.CheckboxGroup[NameForm](
            custom_id="extras", required=False, min_values=0, options=[sound]
        )
        for field in (self.name, self.colour, self.roles, self.size, self.extras):
            self.add_item(discord.ui.Label[NameForm](text=field.custom_id.title(), component=field))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        roles = [role.name for role in self.roles.values]
        parts = [self.name.value, *self.colour.values, *roles, self.size.value or "", *self.extras.values]
        await interaction.response.send_message(" ".join(parts), ephemeral=True)


def _sizes() -> list[discord.RadioGroupOption]:
    return [discord.RadioGroupOption(label=text, value=text[0]) for text in ("Large", "Small")]


class UploadForm(discord.ui.Modal):
    """A form for a tick and a file."""

    def __init__(self) -> None:
        super().__init__(title="Files")
        self.sure = discord.ui.Checkbox[UploadForm](custom_id="sure")
        self.file = discord.ui.FileUpload[UploadForm](custom_id="file")
        for field in (self.sure, self.file):
            self.add_item(discord.ui.Label[UploadForm](text=field.custom_id.title(), component=field))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        data = await self.file.values[0].read()
        await interaction.response.send_message(f"{self.sure.value} {data.decode()}")


class Panel(discord.ui.View):
    """Buttons and a menu on a classic message."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Stop", custom_id="cb:stop:1", style=discord.ButtonStyle.danger)
    async def stop_it(self, interaction: discord.Interaction, _button: "discord.ui.Button[Panel]") -> None:
        await interaction.response.edit_message(content="stopped", view=None)

    @discord.ui.button(label="Whisper", custom_id="cb:whisper:1")
    async def whisper(self, interaction: discord.Interaction, _button: "discord.ui.Button[Panel]") -> None:
        await interaction.response.defer()
        await interaction.followup.send("psst", ephemeral=True)

    @discord.ui.button(label="Form", custom_id="cb:form:1")
    async def form(self, interaction: discord.Interaction, _button: "discord.ui.Button[Panel]") -> None:
        await interaction.response.send_modal(NameForm())

    @discord.ui.button(label="Off", custom_id="cb:off:1", disabled=True)
    async def off(self, interaction: discord.Interaction, _button: "discord.ui.Button[Panel]") -> None:
        await interaction.response.send_message("never")

    @discord.ui.select(cls=discord.ui.ChannelSelect, custom_id="cb:where:1", channel_types=[discord.ChannelType.text])
    async def where(self, interaction: discord.Interaction, menu: "discord.ui.ChannelSelect[Panel]") -> None:
        await interaction.response.send_message(f"there: {menu.values[0].name}")


def _card() -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    more = discord.ui.Button[discord.ui.LayoutView](label="More", url="https://example.com/more")
    section = discord.ui.Section[discord.ui.LayoutView](discord.ui.TextDisplay("**Queued**"), accessory=more)
    cancel = discord.ui.Button[discord.ui.LayoutView](label="Cancel", custom_id="cb:cancel:1")
    row = discord.ui.ActionRow[discord.ui.LayoutView](cancel)
    view.add_item(discord.ui.Container(section, discord.ui.Separator(), row))
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://card.png", description="a card")))
    return view


def _add_commands(tree: app_commands.CommandTree) -> None:
    tree.add_command(say)
    tree.add_command(wait)
    tree.add_command(sleep)
    tree.add_command(inspect)
    tree.add_command(panel)
    tree.add_command(card)
    tree.add_command(ask)
    tree.add_command(ask_file)
    tree.add_command(pick)
    tree.add_command(manage)
    tree.add_command(Group())
    tree.add_command(app_commands.ContextMenu(name="Show text", callback=show_text))


@app_commands.command(description="Say something")
@app_commands.choices(tone=[app_commands.Choice(name="Loud", value="loud")])
async def say(
    interaction: discord.Interaction,
    text: app_commands.Range[str, 1, 20],
    times: app_commands.Range[int, 1, 3] = 1,
    tone: str = "calm",
    hidden: bool = False,
) -> None:
    await interaction.response.send_message(" ".join([text] * times) + f" ({tone})", ephemeral=hidden)


@app_commands.command(description="Think, then answer")
async def wait(interaction: discord.Interaction, hidden: bool = True) -> None:
    await interaction.response.defer(ephemeral=hidden, thinking=True)
    await asyncio.sleep(0.02)
    await interaction.followup.send("done thinking", ephemeral=not hidden)
    await interaction.followup.send("and more")


@app_commands.command(description="Never answer")
async def sleep(interaction: discord.Interaction) -> None:
    """Leaves the person without an answer."""


@app_commands.command(description="Tell what was given")
async def inspect(
    interaction: discord.Interaction, who: discord.Member, role: discord.Role, file: discord.Attachment
) -> None:
    data = await file.read()
    await interaction.response.send_message(f"{who.name} {role.name} {file.content_type} {len(data)}")


@app_commands.command(description="Show buttons")
async def panel(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("running", view=Panel())


@app_commands.command(description="Show a card")
async def card(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=_card(), file=discord.File(io.BytesIO(b"png"), "card.png"))


@app_commands.command(description="Open a form")
async def ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(NameForm())


@app_commands.command(name="ask-file", description="Open a form for a file")
async def ask_file(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(UploadForm())


@app_commands.command(description="Pick a length")
async def pick(interaction: discord.Interaction, length: int, model: str = "") -> None:
    await interaction.response.send_message(f"{length} {model}")


@pick.autocomplete("length")
async def _lengths(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
    model = interaction.namespace.model or "any"
    lengths = [10, 15, 20]
    return [app_commands.Choice(name=f"{n} s ({model})", value=n) for n in lengths if str(n).startswith(current)]


@app_commands.command(description="For managers")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def manage(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("managed", ephemeral=True)


class Group(app_commands.Group, name="mine", description="Your own things"):
    """Subcommands."""

    @app_commands.command(description="List them")
    async def list(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"listed for {interaction.locale}")


async def show_text(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"it says {message.content}", ephemeral=True)


def film(name: str = "film.mp4", data: bytes = b"film", description: str | None = None) -> discord.File:
    """A file for the bot to send."""
    return discord.File(io.BytesIO(data), name, description=description)


class Studio:
    """A server, a guild in it, and the bot connected to them."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        self.guild: Guild = server.world.add_guild("Studio")
        self.channel: Channel = self.guild.add_channel("videos")
        self.role: Role = self.guild.add_role("makers")
        self.ada: Member = self.guild.add_member("ada", roles=[self.role])
        self.bot = StudioBot()

    def messageable(self, channel: Channel) -> discord.PartialMessageable:
        """The bot's view of a channel, whether it is cached or not."""
        return self.bot.get_partial_messageable(channel.id, guild_id=self.guild.id)


@asynccontextmanager
async def addressed_to(server: DiscordServer) -> AsyncIterator[None]:
    """Let discord.py find its servers as the program does from DISCORD_API_URL."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway.url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def open_studio(server: DiscordServer) -> AsyncIterator[Studio]:
    """A running server with the bot connected."""
    studio = Studio(server)
    async with server, addressed_to(server), studio.bot:
        running = asyncio.create_task(studio.bot.start(server.token))
        try:
            await server.connected()
            yield studio
        finally:
            await studio.bot.close()
            await running
