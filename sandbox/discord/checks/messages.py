"""What Discord would refuse in the body of a message that is sent or edited."""

from collections.abc import Iterator

from sandbox.discord.checks import components
from sandbox.discord.checks.embeds import EMBEDS
from sandbox.discord.checks.fields import (
    Fields,
    anything,
    choice,
    distinct,
    every,
    items,
    link,
    number,
    objects,
    shape,
    snowflake,
    text,
    truth,
    whole,
)
from sandbox.discord.checks.refusals import Nested, Path, Refusals

IS_COMPONENTS_V2 = 1 << 15
SETTABLE_FLAGS = 1 << 2 | 1 << 6 | 1 << 12 | 1 << 13 | IS_COMPONENTS_V2
# An edit repeats the flags that the message already has.
KNOWN_FLAGS = (1 << 9) - 1 | 1 << 12 | 1 << 13 | 1 << 14 | IS_COMPONENTS_V2

FIRST_SNOWFLAKE = 1 << 22
"""Attachment ids below this are positions of uploaded files, all others are files that the message has."""

MAX_ATTACHMENTS = 10


def message(payload: Nested, *, editing: bool = False, attachments: int = 0) -> Nested | None:
    """Return Discord's nested `errors` object, or None when the body is accepted.

    `attachments` is how many files came with the body. When a message is edited the caller puts the
    V2 bit that the message already has into `payload["flags"]`: it can't be taken back.
    """
    refusals = Refusals()
    shape({}, _EDITED if editing else _SENT)(refusals, (), payload)
    _flags(refusals, payload, KNOWN_FLAGS if editing else SETTABLE_FLAGS)
    _body(refusals, payload)
    if not refusals.found:
        _files(refusals, payload, attachments)
    if not refusals.found:
        _references(refusals, payload, editing=editing, attachments=attachments)
    return refusals.nested()


def is_empty(payload: Nested, attachments: int) -> bool:
    """Return whether a message would show nothing, which Discord refuses with 50006."""
    content = payload.get("content")
    if attachments or (isinstance(content, str) and content.strip()):
        return False
    return not any(payload.get(name) for name in ("embeds", "components", "sticker_ids", "poll", "attachments"))


def _flags(refusals: Refusals, payload: Nested, allowed: int) -> None:
    flags = payload.get("flags")
    if isinstance(flags, int) and flags & ~allowed:
        refusals.add(("flags",), "MESSAGE_FLAGS_INVALID", f"Flags {flags & ~allowed} cannot be set.")


def _body(refusals: Refusals, payload: Nested) -> None:
    flags = payload.get("flags")
    rows = payload.get("components")
    if not (isinstance(flags, int) and flags & IS_COMPONENTS_V2):
        if rows is not None:
            every(components.CLASSIC, components.names_once)(refusals, ("components",), rows)
        return
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if payload.get(name):
            reason = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            refusals.add((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", reason)
    if rows is not None:
        rule = every(components.V2, components.total_size, components.names_once)
        rule(refusals, ("components",), rows)


def _files(refusals: Refusals, payload: Nested, uploaded: int) -> None:
    described = objects(payload.get("attachments"))
    for index, each in enumerate(described):
        position = int(str(each["id"]))
        if uploaded <= position < FIRST_SNOWFLAKE:
            reason = f"No file was uploaded for attachment {position}"
            refusals.add(("attachments", index, "id"), "ATTACHMENT_NOT_FOUND", reason)
    if uploaded > MAX_ATTACHMENTS:
        reason = f"Must be {MAX_ATTACHMENTS} or fewer in length."
        refusals.add(("attachments",), "BASE_TYPE_MAX_LENGTH", reason)


def _references(refusals: Refusals, payload: Nested, *, editing: bool, attachments: int) -> None:
    described = payload.get("attachments")
    if described is None and (editing or attachments):
        # The names are those of the parts of the form, or of the files the message has: not in the body.
        return
    files = objects(described)
    if any(not each.get("filename") for each in files):
        return
    names = {str(each["filename"]) for each in files}
    for path, address in _addresses(payload):
        name = address.removeprefix("attachment://")
        if name != address and name not in names:
            reason = f"The referenced attachment {name} was not found"
            refusals.add(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", reason)


def _addresses(payload: Nested) -> Iterator[tuple[Path, str]]:
    for path, each in components.descend(payload.get("components")):
        yield from _address(path, each, ("media", "file"))
        for index, item in enumerate(objects(each.get("items"))):
            yield from _address((*path, "items", index), item, ("media",))
    for index, embed in enumerate(objects(payload.get("embeds"))):
        here = ("embeds", index)
        yield from _address(here, embed, ("image", "thumbnail", "video"))
        yield from _address(here, embed, ("author", "footer"), name="icon_url")


def _address(path: Path, holder: Nested, places: tuple[str, ...], *, name: str = "url") -> Iterator[tuple[Path, str]]:
    for place in places:
        media = holder.get(place)
        if isinstance(media, dict) and isinstance(media.get(name), str):
            yield (*path, place, name), media[name]


def _mention_lists(refusals: Refusals, path: Path, value: object) -> None:
    assert isinstance(value, dict)
    for name in ("users", "roles"):
        if name in (value.get("parse") or []) and value.get(name):
            reason = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            refusals.add((*path, name), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", reason)


def _nonce(refusals: Refusals, path: Path, value: object) -> None:
    if isinstance(value, int):
        whole(-(2**63), 2**63 - 1)(refusals, path, value)
    else:
        text(25)(refusals, path, value)


_IDS = every(items(snowflake, 0, 100), distinct)
_MENTIONS = every(
    shape(
        {},
        {
            "parse": every(items(choice("users", "roles", "everyone"), 0, 3), distinct),
            "users": _IDS,
            "roles": _IDS,
            "replied_user": truth,
        },
    ),
    _mention_lists,
)
_ATTACHMENT = shape(
    {"id": snowflake},
    {
        "filename": text(1024, 1),
        "description": text(1024),
        "title": text(1024),
        "duration_secs": number,
        "waveform": text(400),
        "is_spoiler": truth,
        "is_remix": truth,
        # A file that is kept in an edit is sent back by the client as it got it.
        **dict.fromkeys(("url", "proxy_url", "size", "width", "height", "content_type", "spoiler"), anything),
    },
)
_POLL_TEXT = shape({}, {"text": text(300, 1), "emoji": components.EMOJI})
_POLL = shape(
    {"question": _POLL_TEXT, "answers": items(shape({"poll_media": _POLL_TEXT}, {}), 1, 10)},
    {"allow_multiselect": truth, "layout_type": choice(1), "duration": whole(1, 768)},
)
_REFERENCE = shape(
    {"message_id": snowflake},
    {"guild_id": snowflake, "channel_id": snowflake, "fail_if_not_exists": truth, "type": choice(0, 1)},
)
_EDITED: Fields = {
    "content": text(2000),
    "embeds": EMBEDS,
    "allowed_mentions": _MENTIONS,
    "components": anything,
    "attachments": items(_ATTACHMENT, 0, MAX_ATTACHMENTS),
    "flags": whole(0, 2**31 - 1),
    "sticker_ids": items(snowflake, 0, 3),
    "poll": _POLL,
    # The client says `tts: false` in edits too.
    "tts": truth,
}
_SENT: Fields = {
    **_EDITED,
    "nonce": _nonce,
    "enforce_nonce": truth,
    "message_reference": _REFERENCE,
    "shared_client_theme": anything,
    "username": text(80, 1),
    "avatar_url": link(2048),
    "thread_name": text(100),
    "applied_tags": items(snowflake, 0, 5),
}
