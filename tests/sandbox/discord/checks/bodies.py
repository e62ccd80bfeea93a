"""Bodies exactly as discord.py sends them, made by its own objects."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

import discord
from discord import app_commands, ui
from discord.http import MultipartParameters, handle_message_parameters
from discord.webhook.async_ import interaction_message_response_params

Payload = dict[str, Any]

GREETING = "Ada ⛵ " * 10
CHANNEL = "/channels/200000000000000001/messages"
CALLBACK = "/interactions/200000000000000002/token/callback"
WEBHOOK = "/webhooks/200000000000000003/token"
COMMANDS = "/applications/200000000000000003/commands"
NOBODY = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class Sent:
    """A body and the request that it goes out with."""

    method: str
    path: str
    body: Any
    files: int = 0

    @property
    def message(self) -> Payload:
        """The message in the body, which an interaction's answer wraps."""
        return cast("Payload", self.body.get("data", self.body))


def video() -> discord.File:
    return discord.File(BytesIO(b"film"), "clapboard-7q2m0x9dkt.mp4", description="AI video: a harbour")


def buttons() -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label="Again", custom_id="cb:again:7q2m0x9dkt", emoji="🔁"))
    view.add_item(ui.Button(label="Delete", style=discord.ButtonStyle.danger, custom_id="cb:delete:7q2m0x9dkt"))
    view.add_item(ui.Button(label="Download", url="https://example.org/clapboard-7q2m0x9dkt.mp4"))
    moving = discord.PartialEmoji(name="reel", animated=True, id=200000000000000004)
    view.add_item(ui.Button(emoji=moving, custom_id="cb:remix:7q2m0x9dkt"))
    return view


def selects() -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(ui.Select(options=[discord.SelectOption(label="10 s"), discord.SelectOption(label="15 s")]))
    ada = discord.SelectDefaultValue(id=200000000000000005, type=discord.SelectDefaultValueType.user)
    view.add_item(ui.UserSelect(default_values=[ada], placeholder="Who may remix"))
    view.add_item(ui.RoleSelect(min_values=0, max_values=25))
    view.add_item(ui.ChannelSelect(channel_types=[discord.ChannelType.text, discord.ChannelType.public_thread]))
    view.add_item(ui.MentionableSelect())
    return view


def card(*, attached: bool = False) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    picture = "attachment://clapboard-7q2m0x9dkt.mp4" if attached else "https://example.org/a.png"
    accessory: ui.Item[ui.LayoutView] = ui.Thumbnail(picture, description="First picture")
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(ui.Button(label="Cancel", custom_id="cb:cancel:7q2m0x9dkt"))
    view.add_item(
        ui.Container(
            ui.TextDisplay(GREETING),
            ui.Section("Queued", "#2 in line", accessory=accessory),
            ui.Separator(spacing=discord.SeparatorSpacing.large),
            row,
            accent_colour=discord.Colour.blurple(),
        )
    )
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem(picture, description="AI video", spoiler=True)))
    if attached:
        view.add_item(ui.File(picture))
    return view


def card_of_too_much_text() -> Payload:
    view = card()
    text: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay("x" * 4000)
    view.add_item(text)
    return _message("POST", CHANNEL, view=view).message


def form() -> ui.Modal:
    modal = ui.Modal(title="More", timeout=840)
    shape = [discord.RadioGroupOption(label=name) for name in ("480p", "720p", "1080p")]
    boxes = [discord.CheckboxGroupOption(label=name) for name in ("Watermark", "Spoiler")]
    roles: ui.RoleSelect[ui.View] = ui.RoleSelect(required=False, min_values=0)
    modal.add_item(ui.Label(text="Resolution", component=ui.RadioGroup(options=shape)))
    modal.add_item(ui.Label(text="Last picture", component=ui.FileUpload(required=False, min_values=0, max_values=1)))
    modal.add_item(ui.Label(text="Roles", description="Who may order", component=roles))
    modal.add_item(ui.Label(text="More", component=ui.CheckboxGroup(options=boxes, required=False, min_values=0)))
    modal.add_item(ui.Label(text="I may use this", component=ui.Checkbox()))
    return modal


def old_form() -> ui.Modal:
    modal = ui.Modal(title="Edit prompt")
    prompt: ui.TextInput[ui.View] = ui.TextInput(
        label="Prompt", style=discord.TextStyle.paragraph, default="A harbour", min_length=1, max_length=4000
    )
    modal.add_item(prompt)
    seed: ui.TextInput[ui.View] = ui.TextInput(required=False, placeholder="any")
    modal.add_item(ui.Label(text="Seed", component=seed))
    return modal


def commands() -> list[Payload]:
    """A command with every kind of option, a group with subcommands, and a menu."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.default()))

    @tree.command(description="Make a video.")
    @app_commands.describe(prompt="What it shows.", duration="How long.")
    @app_commands.choices(orientation=[app_commands.Choice(name="landscape", value="landscape")])
    async def video(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, 4000],
        duration: int | None,
        orientation: str | None,
        image: discord.Attachment | None,
        private: bool = False,
        seed: app_commands.Range[float, 0.0, 1.5] = 0.0,
        member: discord.User | None = None,
        role: discord.Role | None = None,
        channel: discord.TextChannel | None = None,
    ) -> None: ...

    @video.autocomplete("duration")
    async def durations(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
        return []

    @tree.context_menu(name="Video details")
    async def details(interaction: discord.Interaction, message: discord.Message) -> None: ...

    permissions = discord.Permissions(manage_guild=True)
    contexts = app_commands.AppCommandContext(guild=True)
    admin = app_commands.Group(
        name="video-admin", description="Set up.", default_permissions=permissions, allowed_contexts=contexts
    )
    inner = app_commands.Group(name="tiers", description="Who may do how much.", parent=admin)

    @inner.command(name="list", description="All tiers.")
    async def listed(interaction: discord.Interaction, role: discord.Role) -> None: ...

    tree.add_command(admin)
    return [command.to_dict(tree) for command in tree.get_commands()]


def with_file_types(payloads: list[Payload]) -> list[Payload]:
    for option in payloads[0]["options"]:
        if option["type"] == discord.AppCommandOptionType.attachment.value:
            option["file_types"] = ["image/png", "image/jpeg"]
    return payloads


def _json(parameters: MultipartParameters) -> Payload:
    if parameters.payload is not None:
        return parameters.payload
    assert parameters.multipart is not None
    return cast("Payload", json.loads(parameters.multipart[0]["value"]))


def _message(method: str, path: str, **fields: Any) -> Sent:
    with handle_message_parameters(**fields) as parameters:
        return Sent(method, path, _json(parameters), len(parameters.files or ()))


def _answer(kind: int, **fields: Any) -> Sent:
    with interaction_message_response_params(type=kind, **fields) as parameters:
        return Sent("POST", CALLBACK, _json(parameters), len(parameters.files or ()))


def _embed() -> discord.Embed:
    embed = discord.Embed(title="Usage", description="of this month", colour=discord.Colour.green())
    embed.add_field(name="Ada", value="3 videos").set_footer(text="UTC").set_author(name="Clapboard")
    embed.set_image(url="https://example.org/a.png").timestamp = discord.utils.utcnow()
    return embed


def _kept() -> Payload:
    url = "https://example.org/a.mp4"
    return {"id": 200000000000000006, "filename": "a.mp4", "size": 5, "url": url, "proxy_url": url}


def _kept_attachment() -> discord.Attachment:
    state = discord.Client(intents=discord.Intents.default())._connection
    return discord.Attachment(data=cast("Any", _kept()), state=state)


MESSAGES: dict[str, Callable[[], Sent]] = {
    "a result": lambda: _message(
        "POST", CHANNEL, content="x", file=video(), view=buttons(), nonce="cb:7q2m0x9dkt:done", allowed_mentions=NOBODY
    ),
    "a ping": lambda: _message(
        "POST",
        CHANNEL,
        content="<@200000000000000005>",
        allowed_mentions=discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(200000000000000005)], replied_user=False
        ),
    ),
    "selects": lambda: _message("POST", CHANNEL, content="Who?", view=selects()),
    "an embed": lambda: _message("POST", CHANNEL, embed=_embed()),
    "a card": lambda: _message("POST", CHANNEL, view=card(), allowed_mentions=NOBODY),
    "a card with its file": lambda: _message("POST", CHANNEL, view=card(attached=True), file=video()),
    "a private follow-up": lambda: _message(
        "POST", WEBHOOK, content="x", view=buttons(), flags=discord.MessageFlags(ephemeral=True)
    ),
    "an answer": lambda: _answer(4, content="x", flags=discord.MessageFlags(ephemeral=True), allowed_mentions=NOBODY),
    "an answered card": lambda: _answer(4, view=card(), previous_allowed_mentions=NOBODY),
    "an answer with a file": lambda: _answer(4, content="x", file=video()),
}
EDITS: dict[str, Callable[[], Sent]] = {
    "an edit": lambda: _message("PATCH", f"{CHANNEL}/200000000000000007", content="x", view=None),
    "an edit into a card": lambda: _message(
        "PATCH", f"{CHANNEL}/200000000000000007", content=None, embeds=[], view=card()
    ),
    "an edit that keeps a file": lambda: _message(
        "PATCH", f"{CHANNEL}/200000000000000007", attachments=[_kept_attachment(), video()]
    ),
    "an edit of the answer": lambda: _message("PATCH", f"{WEBHOOK}/messages/@original", view=card()),
    "an edit by button": lambda: _answer(7, view=card()),
}
FORMS: dict[str, Callable[[], Payload]] = {
    "a form": lambda: form().to_dict(),
    "a form of the old kind": lambda: old_form().to_dict(),
}
