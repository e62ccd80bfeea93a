"""Commands, buttons and forms that fail in every way that one can fail in."""

import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout, ReportingModal, ReportingView, guarded, reported
from bot.domain.errors import StoreUnavailableError
from bot.domain.sentence import roles
from bot.policy.errors import NoRoleError, NotSetUpError

Interaction = discord.Interaction[Any]
SECRET = "upstream said: key sk-123"


class Fussy(app_commands.Transformer):
    """Takes no value at all."""

    async def transform(self, interaction: Interaction, value: str, /) -> str:
        if value == "refuse":
            raise NotSetUpError
        raise ValueError(SECRET)


class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"cb:press:(?P<subject>[a-z]+)"):
    """A button that does what its subject says."""

    def __init__(self, subject: str) -> None:
        super().__init__(discord.ui.Button(label=subject.title(), custom_id=f"cb:press:{subject}"))
        self.subject = subject

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]) -> Self:
        if match["subject"] == "unmade":
            raise ValueError(SECRET)
        return cls(match["subject"])

    @reported
    async def callback(self, interaction: Interaction) -> None:
        if self.subject == "work":
            await interaction.response.send_message("worked", ephemeral=True)
        elif self.subject == "defer":
            await interaction.response.defer()
            raise NotSetUpError
        elif self.subject == "refuse":
            raise NotSetUpError
        else:
            raise ValueError(SECRET)


class Panel(ReportingView):
    """Static buttons that fail, on a classic message."""

    @discord.ui.button(label="Refuse", custom_id="panel-refuse")
    async def refuse(self, interaction: Interaction, _button: "discord.ui.Button[Panel]") -> None:
        raise NotSetUpError


class Layout(ReportingLayout):
    """A static button that fails, in a layout."""

    row = discord.ui.ActionRow[Any]()

    @row.button(label="Refuse", custom_id="layout-refuse")
    async def refuse(self, interaction: Interaction, _button: "discord.ui.Button[Layout]") -> None:
        raise NotSetUpError


class Form(ReportingModal, title="Form"):
    """A form that fails, or thanks."""

    text: discord.ui.Label[Any] = discord.ui.Label(text="Text", component=discord.ui.TextInput(custom_id="text"))

    async def on_submit(self, interaction: Interaction) -> None:
        assert isinstance(self.text.component, discord.ui.TextInput)
        if self.text.component.value == "refuse":
            raise NotSetUpError
        await interaction.response.send_message("thanks", ephemeral=True)


class Troublemakers(commands.Cog):
    """The commands."""

    @app_commands.command(description="Refuse")
    async def refuse(self, interaction: Interaction) -> None:
        raise NotSetUpError

    @app_commands.command(description="Refuse after a promise")
    async def promise(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        raise NoRoleError(roles=roles(frozenset({42})))

    @app_commands.command(description="Refuse after an answer")
    async def chat(self, interaction: Interaction) -> None:
        await interaction.response.send_message("first")
        raise NotSetUpError

    @app_commands.command(description="Break")
    async def broken(self, interaction: Interaction) -> None:
        raise ValueError(SECRET)

    @app_commands.command(description="No database")
    async def away(self, interaction: Interaction) -> None:
        raise StoreUnavailableError from OSError("disk gone")

    @app_commands.command(description="Only for nobody")
    @app_commands.check(lambda _: False)
    async def nobody(self, interaction: Interaction) -> None:
        raise AssertionError

    @app_commands.command(description="Take a value")
    async def fussy(self, interaction: Interaction, value: app_commands.Transform[str, Fussy]) -> None:
        raise AssertionError

    @app_commands.command(description="Choose")
    async def choose(self, interaction: Interaction, what: str) -> None:
        await interaction.response.send_message(what)

    @choose.autocomplete("what")
    async def _what(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        async with guarded(interaction):
            if current == "refuse":
                raise NotSetUpError
            if current == "late":
                await interaction.response.autocomplete([])
                raise NotSetUpError
            return [app_commands.Choice(name="a choice", value="a")]
        return []

    @app_commands.command(description="Show buttons")
    async def buttons(self, interaction: Interaction) -> None:
        view = discord.ui.View(timeout=None)
        for subject in ("work", "refuse", "break", "defer", "unmade"):
            view.add_item(Press(subject))
        await interaction.response.send_message("buttons", view=view)

    @app_commands.command(description="Show a panel")
    async def panel(self, interaction: Interaction, layout: bool = False) -> None:
        if layout:
            await interaction.response.send_message(view=Layout())
        else:
            await interaction.response.send_message("panel", view=Panel())

    @app_commands.command(description="Open a form")
    async def form(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(Form())


async def add_troublemakers(bot: ClapboardBot) -> None:
    """What the program's own function does with its cogs."""
    bot.add_dynamic_items(Press)
    await bot.add_cog(Troublemakers())
