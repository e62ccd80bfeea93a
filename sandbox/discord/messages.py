"""Messages, their attachments, and what people can see of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord import components as tree
from sandbox.discord.components import Button, Media
from sandbox.discord.events import Intent
from sandbox.discord.files import Files, StoredFile
from sandbox.discord.snowflakes import made_at
from sandbox.discord.wire import Payload, optional_timestamp, timestamp

if TYPE_CHECKING:
    from sandbox.discord.channels import Place
    from sandbox.discord.guild import Role
    from sandbox.discord.users import User

CROSSPOSTED = 1 << 0
HAS_THREAD = 1 << 5
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person or the bot sends."""

    filename: str
    data: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    description: str | None = None


@dataclass(slots=True, eq=False)
class Attachment:
    """A file on a message, or in an option or a form."""

    id: int
    filename: str
    description: str | None
    stored: StoredFile
    files: Files
    ephemeral: bool = False

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.stored.data

    @property
    def content_type(self) -> str:
        return self.stored.content_type

    @property
    def url(self) -> str:
        """A fresh signed address."""
        return self.files.address(self.stored)

    def payload(self) -> Payload:
        url = self.url
        body: Payload = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": url,
            "proxy_url": url,
            "content_type": self.content_type,
        }
        if self.description is not None:
            body["description"] = self.description
        if self.ephemeral:
            body["ephemeral"] = True
        return body

    def media(self) -> Media:
        """The attachment as a component shows it."""
        url = self.url
        payload: Payload = {
            "id": str(self.id),
            "url": url,
            "proxy_url": url,
            "content_type": self.content_type,
            "attachment_id": str(self.id),
        }
        return Media(payload, self.filename, len(self.data))


@dataclass(frozen=True, slots=True)
class Edit:
    """How a message looked after one edit."""

    at: float
    text: str
    buttons: dict[str, Button]


@dataclass(slots=True, eq=False)
class Message:
    """A message; `viewer` is the only person who sees it when it is ephemeral."""

    id: int
    place: Place
    author: User
    content: str = ""
    embeds: list[Payload] = field(default_factory=list)
    components: list[Payload] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    edited_at: float | None = None
    nonce: str | None = None
    reference: Message | None = None
    viewer: User | None = None
    mentions: list[User] = field(default_factory=list)
    mentioned_roles: list[Role] = field(default_factory=list)
    mentions_everyone: bool = False
    edits: list[Edit] = field(default_factory=list)
    deleted: bool = False
    metadata: Payload | None = None
    application_id: int | None = None

    @property
    def created_at(self) -> float:
        return made_at(self.id)

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def is_loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def text(self) -> str:
        """Everything a person reads in the message: content, embeds, text of components."""
        parts = [self.content, *(part for embed in self.embeds for part in _embed_texts(embed))]
        return "\n".join(part for part in [*parts, *tree.texts(self.components)] if part)

    @property
    def buttons(self) -> dict[str, Button]:
        """The buttons by what is written on them."""
        return tree.buttons(self.components)

    @property
    def selects(self) -> dict[str, Payload]:
        """The select menus by custom id."""
        return tree.selects(self.components)

    @property
    def notified(self) -> list[User]:
        """Who was pinged when the message was made: mentioned people, members of mentioned roles, everyone."""
        if self.flags & SUPPRESS_NOTIFICATIONS:
            return []
        people = [*self.mentions]
        people += [user for role in self.mentioned_roles for user in role.holders()]
        if self.mentions_everyone:
            people += self.place.audience()
        return [user for user in dict.fromkeys(people) if user is not self.author]

    def visible_to(self, user: User) -> bool:
        """Whether a person's client shows the message."""
        if self.deleted or (self.viewer is not None and self.viewer is not user):
            return False
        return self.place.id in self.place.world.places and self.place.readable_by(user)

    def delete(self) -> None:
        """Delete the message, as its author or a moderator would."""
        if self.deleted:
            return
        self.deleted = True
        for attachment in self.attachments:
            attachment.files.remove(attachment.stored)
        if self.viewer is None:
            payload: Payload = {"id": str(self.id), "channel_id": str(self.place.id)}
            self.announce("MESSAGE_DELETE", payload)

    def announce(self, event: str, payload: Payload | None = None) -> None:
        """Tell the sessions that subscribed to messages, of what the bot can read."""
        if not self.place.readable_by(self.place.world.application.bot):
            return
        guild = self.place.guild
        body = self.payload() if payload is None else payload
        if guild is not None:
            body["guild_id"] = str(guild.id)
        intent = Intent.DIRECT_MESSAGES if guild is None else Intent.GUILD_MESSAGES
        self.place.world.emit(event, body, guild=guild, intent=intent)

    def payload(self, *, with_reference: bool = True) -> Payload:
        """The message on the wire, its file addresses renewed."""
        body: Payload = {
            "id": str(self.id),
            "type": self._kind(),
            "channel_id": str(self.place.id),
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": timestamp(self.created_at),
            "edited_timestamp": optional_timestamp(self.edited_at),
            "tts": False,
            "mention_everyone": self.mentions_everyone,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": [str(role.id) for role in self.mentioned_roles],
            "attachments": [] if self.is_v2 else [item.payload() for item in self.attachments],
            "embeds": [self._embed_payload(embed) for embed in self.embeds],
            "components": tree.with_media(self.components, self._media),
            "pinned": False,
            "flags": self.flags,
        }
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.application_id is not None:
            body |= {"application_id": str(self.application_id), "webhook_id": str(self.application_id)}
        if self.metadata is not None:
            body["interaction_metadata"] = self.metadata
        if self.reference is not None and with_reference:
            body |= self._reference_payload(self.reference)
        return body

    def _kind(self) -> int:
        if self.metadata is not None and self.metadata["type"] == 2:
            return 23 if "target_message_id" in self.metadata else 20
        return 19 if self.reference is not None else 0

    def _reference_payload(self, reference: Message) -> Payload:
        pointer: Payload = {
            "type": 0,
            "message_id": str(reference.id),
            "channel_id": str(reference.place.id),
        }
        if reference.place.guild is not None:
            pointer["guild_id"] = str(reference.place.guild.id)
        shown = None if reference.deleted else reference.payload(with_reference=False)
        return {"message_reference": pointer, "referenced_message": shown}

    def _embed_payload(self, embed: Payload) -> Payload:
        body: Payload = {"type": "rich", **embed}
        body["fields"] = [{"inline": False, **part} for part in embed.get("fields", ())]
        for key in ("image", "thumbnail", "video"):
            if key in embed:
                media = self._media(embed[key]["url"]).payload
                body[key] = {"proxy_url": media["proxy_url"], **embed[key], "url": media["url"]}
        return body

    def _media(self, url: str) -> Media:
        for attachment in self.attachments:
            if url == f"attachment://{attachment.filename}":
                return attachment.media()
        return Media({"id": str(self.id), "url": url, "proxy_url": url})


def _embed_texts(embed: Payload) -> list[str]:
    fields = [part[key] for part in embed.get("fields", ()) for key in ("name", "value")]
    author = embed.get("author", {}).get("name", "")
    footer = embed.get("footer", {}).get("text", "")
    return [author, embed.get("title") or "", embed.get("description") or "", *fields, footer]
