"""People at Discord's client: they type commands, press buttons, fill in forms, and post."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.discord import components as tree
from sandbox.discord.answers import Answer, Choices, DidNotRespondError
from sandbox.discord.channels import Place
from sandbox.discord.commands import CommandKind, Commands
from sandbox.discord.components import ComponentKind
from sandbox.discord.events import Event, Intent
from sandbox.discord.forms import Form
from sandbox.discord.gateway import Gateway
from sandbox.discord.interactions import Interaction, InteractionKind, Interactions
from sandbox.discord.messages import Message, Upload
from sandbox.discord.offering import Offered, find_offered, names_offered
from sandbox.discord.options import enter, find_invocable
from sandbox.discord.permissions import Permission
from sandbox.discord.picking import ClientRefusesError, Resolver, pick_values
from sandbox.discord.threads import Thread
from sandbox.discord.users import User
from sandbox.discord.wire import Payload
from sandbox.discord.world import World

__all__ = ["ClientRefusesError", "Person"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the client; the client refuses (ClientRefusesError) what Discord's own would."""

    user: User
    world: World = field(repr=False)
    commands: Commands = field(repr=False)
    interactions: Interactions = field(repr=False)
    gateway: Gateway = field(repr=False)

    async def invoke(
        self,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        channel: Place | None = None,
        locale: str = "en-US",
    ) -> Answer:
        """Run a slash command, such as `video` or `my-videos cancel`; without a channel in the bot's direct messages.

        Values of options are text, numbers, booleans, or a Member, User, Role, Channel or Upload.
        """
        place = self._place(channel)
        offered, names = self._offered(name, place)
        invocable, resolver = find_invocable(offered.command, names), Resolver(self.user, place)
        entered = invocable.wrap(enter(invocable.options, options or {}, resolver))
        data = _command_data(offered.command, entered, resolver)
        return await self._do(InteractionKind.COMMAND, place, data, locale=locale, installs=offered.installs)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        *,
        channel: Place | None = None,
        options: Mapping[str, object] | None = None,
        locale: str = "en-US",
    ) -> Choices:
        """The choices offered while typing an option, after the options entered so far; `seconds` is what it took."""
        place = self._place(channel)
        offered, names = self._offered(name, place)
        invocable, resolver = find_invocable(offered.command, names), Resolver(self.user, place)
        focused = next((item for item in invocable.options if item["name"] == option), None)
        if focused is None or not focused.get("autocomplete"):
            raise ClientRefusesError(f"option {option!r} of /{name} does not autocomplete")
        entered = enter(invocable.options, options or {}, resolver, complete=False)
        typing: Payload = {"type": focused["type"], "name": option, "value": typed, "focused": True}
        data = _command_data(offered.command, invocable.wrap([*entered, typing]), Resolver(self.user, place))
        kind = InteractionKind.AUTOCOMPLETE
        answer = await self._do(kind, place, data, locale=locale, installs=offered.installs)
        return answer.choices

    async def menu(self, name: str, message: Message, *, locale: str = "en-US") -> Answer:
        """Choose an entry of a message's context menu."""
        self._see(message)
        place = message.place
        if message.ephemeral:
            raise ClientRefusesError("a message that only one person sees has no menu of applications")
        offered = find_offered(self.commands, name, CommandKind.MESSAGE_MENU, self.user, place)
        resolver = Resolver(self.user, place)
        data = _command_data(offered.command, None, resolver)
        data["target_id"] = resolver.add(message)
        data["resolved"] = resolver.resolved
        return await self._do(InteractionKind.COMMAND, place, data, locale=locale, installs=offered.installs)

    async def click(
        self, message: Message, label: str | None = None, *, custom_id: str | None = None, locale: str = "en-US"
    ) -> Answer:
        """Press a button, named by what is written on it or by its custom id."""
        self._see(message)
        for component in tree.walk(message.components):
            if component["type"] != ComponentKind.BUTTON or not component.get("custom_id"):
                continue
            written = component.get("label") or component.get("emoji", {}).get("name")
            if component["custom_id"] == custom_id or (custom_id is None and written == label):
                return await self._use(message, component, {}, locale)
        raise ClientRefusesError(
            f"there is no button {label or custom_id!r} to press; there are {list(message.buttons)}"
        )

    async def select(self, message: Message, custom_id: str, values: object, *, locale: str = "en-US") -> Answer:
        """Choose in a select menu: option values or labels, or Members, Roles, Channels."""
        self._see(message)
        component = message.selects.get(custom_id)
        if component is None:
            raise ClientRefusesError(f"there is no menu {custom_id!r}")
        resolver = Resolver(self.user, message.place)
        data: Payload = {"values": pick_values(component, values, resolver, custom_id)}
        if resolver.resolved:
            data["resolved"] = resolver.resolved
        return await self._use(message, component, data, locale)

    async def submit(self, form: Form | None, values: Mapping[str, object], *, locale: str = "en-US") -> Answer:
        """Send a form; values go by custom id or label, what is left out stays as preset."""
        if form is None or form.opened_by.user is not self.user:
            raise ClientRefusesError("there is no open form")
        opened_by = form.opened_by
        resolver = Resolver(self.user, opened_by.place)
        data: Payload = {"custom_id": form.custom_id, "components": form.filled(values, resolver)}
        if resolver.resolved:
            data["resolved"] = resolver.resolved
        return await self._do(
            InteractionKind.MODAL,
            opened_by.place,
            data,
            locale=locale,
            source=opened_by.source,
            trigger=opened_by,
        )

    def offers(self, channel: Place | None = None) -> list[str]:
        """The names of the commands and message menus that the client offers there."""
        return names_offered(self.commands, self.user, self._place(channel))

    def install(self) -> None:
        """Install the application for oneself: its commands come along to every place."""
        self.world.install_for(self.user)

    def uninstall(self) -> None:
        """Take back `install`."""
        self.world.uninstall_for(self.user)

    def post(
        self,
        channel: Place,
        content: str = "",
        uploads: tuple[Upload, ...] = (),
        *,
        embeds: tuple[Payload, ...] = (),
    ) -> Message:
        """Write a message; `embeds` are what Discord makes of the links in it."""
        threaded = isinstance(channel, Thread)
        sending = Permission.SEND_MESSAGES_IN_THREADS if threaded else Permission.SEND_MESSAGES
        if sending not in channel.permissions_of(self.user):
            raise ClientRefusesError("this person can't write here")
        return channel.post(self.user, content, uploads, embeds)

    def dms(self) -> list[Message]:
        """The direct messages with the bot, oldest first."""
        return self.world.direct_channel(self.user).history

    def sees(self, message: Message) -> bool:
        """Whether this person's client shows a message."""
        return message.visible_to(self.user)

    def _place(self, channel: Place | None) -> Place:
        return self.world.direct_channel(self.user) if channel is None else channel

    def _see(self, message: Message) -> None:
        if not self.sees(message):
            raise ClientRefusesError("this person does not see that message")

    def _offered(self, name: str, place: Place) -> tuple[Offered, list[str]]:
        first, *names = name.split(" ")
        return find_offered(self.commands, first, CommandKind.SLASH, self.user, place), names

    async def _use(self, message: Message, component: Payload, data: Payload, locale: str) -> Answer:
        if component.get("disabled"):
            raise ClientRefusesError(f"{component['custom_id']!r} is disabled")
        used = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"]}
        return await self._do(InteractionKind.COMPONENT, message.place, used | data, locale=locale, source=message)

    async def _do(
        self,
        kind: InteractionKind,
        place: Place,
        data: Payload,
        *,
        locale: str,
        source: Message | None = None,
        trigger: Interaction | None = None,
        installs: dict[str, str] | None = None,
    ) -> Answer:
        interactions = self.interactions
        interaction = interactions.add(
            kind, self.user, place, data, locale=locale, source=source, trigger=trigger, installs=installs
        )
        guild_id = None if place.guild is None else place.guild.id
        self.gateway.publish(Event("INTERACTION_CREATE", interaction.payload(), guild_id, Intent.NONE))
        try:
            async with asyncio.timeout(interactions.answer_within_seconds):
                await interaction.answered.wait()
        except TimeoutError:
            what = f"{kind.name} {data.get('name') or data.get('custom_id')}"
            raise DidNotRespondError(f"no answer to {what}") from interaction.refused
        return Answer(interaction)


def _command_data(command: Payload, options: list[Payload] | None, resolver: Resolver) -> Payload:
    data: Payload = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if options is not None:
        data["options"] = options
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    if resolver.resolved:
        data["resolved"] = resolver.resolved
    return data
