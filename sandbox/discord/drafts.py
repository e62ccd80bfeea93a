"""Turning what the bot sent into a message, or into the edit of one."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace

from sandbox.discord import checks
from sandbox.discord import components as tree
from sandbox.discord.channels import Place
from sandbox.discord.errors import ApiError, Refusal, invalid
from sandbox.discord.mentions import find_mentions
from sandbox.discord.messages import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Attachment,
    Edit,
    Message,
    Upload,
)
from sandbox.discord.users import User
from sandbox.discord.wire import Payload

Files = Mapping[int, Upload]
_SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2 | EPHEMERAL
_EDITABLE = SUPPRESS_EMBEDS | COMPONENTS_V2


def create(
    place: Place,
    author: User,
    payload: Payload,
    files: Files,
    *,
    viewer: User | None = None,
    reference: Message | None = None,
) -> Message:
    """A new message for a place, refused as Discord would; `viewer` makes it ephemeral for that person."""
    _refuse_faults(payload, files, editing=False)
    _refuse_large(place, files)
    flags = payload.get("flags") or 0
    message = Message(place.world.ids.next(), place, author, flags=flags & _SETTABLE)
    message.viewer, message.reference = viewer, reference
    if viewer is None:
        message.flags &= ~EPHEMERAL
    _fill(message, payload, files)
    _refuse_unfit(message)
    find_mentions(message, payload.get("allowed_mentions"))
    nonce = payload.get("nonce")
    message.nonce = None if nonce is None else str(nonce)
    return message


def edit(message: Message, payload: Payload, files: Files) -> None:
    """Change a message, refused as Discord would; the first filling of a loading message is no edit."""
    flags = message.flags & COMPONENTS_V2 | (payload.get("flags", message.flags) or 0) & _EDITABLE
    _refuse_faults({**payload, "flags": flags} if flags else payload, files, editing=True)
    _refuse_large(message.place, files)
    trial = replace(message, flags=message.flags & ~(LOADING | _EDITABLE) | flags)
    _fill(trial, payload, files)
    _refuse_unfit(trial)
    filling = message.is_loading
    for name in ("content", "embeds", "components", "attachments", "flags"):
        setattr(message, name, getattr(trial, name))
    if filling:
        find_mentions(message, payload.get("allowed_mentions"))
        return
    message.edited_at = message.place.world.now()
    message.edits.append(Edit(message.edited_at, message.text, message.buttons))


def _fill(message: Message, payload: Payload, files: Files) -> None:
    if "content" in payload:
        message.content = payload["content"] or ""
    if "embeds" in payload:
        message.embeds = list(payload["embeds"] or ())
    if "components" in payload:
        message.components = tree.numbered(payload["components"] or ())
    listed: list[Payload] | None = payload.get("attachments")
    kept = message.attachments if listed is None else _kept(message, listed)
    described = {str(item["id"]): item for item in listed or ()}
    added = [_attach(message, upload, described.get(str(index), {})) for index, upload in files.items()]
    message.attachments = [*kept, *added]


def _kept(message: Message, listed: list[Payload]) -> list[Attachment]:
    wanted = {str(item["id"]) for item in listed}
    return [item for item in message.attachments if str(item.id) in wanted]


def _attach(message: Message, upload: Upload, described: Payload) -> Attachment:
    name = described.get("filename") or upload.filename
    guessed = mimetypes.guess_type(name)[0] or upload.content_type
    named = Upload(name, upload.data, guessed, described.get("description"))
    return message.place.attach(named, ephemeral=message.viewer is not None)


def _refuse_faults(payload: Payload, files: Files, *, editing: bool) -> None:
    errors = checks.message(payload, editing=editing, attachments=len(files))
    if errors is not None:
        raise ApiError(Refusal.INVALID_FORM_BODY, errors)


def _refuse_large(place: Place, files: Files) -> None:
    limit = place.upload_limit_at_send()
    if any(len(upload.data) > limit for upload in files.values()):
        raise ApiError(Refusal.TOO_LARGE)


def _refuse_unfit(message: Message) -> None:
    # The body itself was checked; this is about what the message keeps from before its edit.
    if message.is_v2 and (message.content or message.embeds):
        field, code = "flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
        raise invalid(field, code, "The 'content' and 'embeds' fields cannot be used with components V2")
    shown = message.attachments and not message.is_v2
    if not (message.content or message.embeds or message.components or shown):
        raise ApiError(Refusal.EMPTY_MESSAGE)
    names = {f"attachment://{item.filename}" for item in message.attachments}
    for media in tree.media_items(message.components):
        if media["url"].startswith("attachment://") and media["url"] not in names:
            code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
            raise invalid("components", code, f"The referenced attachment {media['url']} was not found")
