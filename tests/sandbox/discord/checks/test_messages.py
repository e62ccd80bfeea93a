"""What Discord refuses in messages: each limit is passed at the limit and refused one over it."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord import checks
from tests.sandbox.discord.checks.nested import places

Payload = dict[str, Any]
V2 = 1 << 15


def button(number: int = 0, **fields: object) -> Payload:
    return {"type": 2, "style": 1, "label": "Again", "custom_id": f"cb:again:{number}", **fields}


def link(url: str) -> Payload:
    return {"type": 2, "style": 5, "label": "Download", "url": url}


def row(*components: Payload) -> Payload:
    return {"type": 1, "components": list(components)}


def option(number: int = 0, **fields: object) -> Payload:
    return {"label": f"Option {number}", "value": str(number), **fields}


def select(options: list[Payload], **fields: object) -> Payload:
    return {"type": 3, "custom_id": "choose", "options": options, **fields}


def classic(*rows: Payload) -> Payload:
    return {"content": "x", "components": list(rows)}


def text(content: str) -> Payload:
    return {"type": 10, "content": content}


def v2(*components: Payload, **fields: object) -> Payload:
    return {"flags": V2, "components": list(components), **fields}


def gallery(*items: Payload) -> Payload:
    return {"type": 12, "items": list(items)}


def picture(url: str = "https://example.org/a.png", **fields: object) -> Payload:
    return {"media": {"url": url}, **fields}


def embed(**fields: object) -> Payload:
    return {"embeds": [fields]}


def address(length: int) -> str:
    return "https://example.org/".ljust(length, "a")


def embed_of(size: int) -> Payload:
    fields = [{"name": "n", "value": "v" * 999} for _ in range(5)]
    return embed(title="t", description="d" * (size - 5001), fields=fields)


LIMITS: dict[str, tuple[Callable[[int], Payload], int, str]] = {
    "content": (lambda n: {"content": "x" * n}, 2000, "content"),
    "nonce": (lambda n: {"content": "x", "nonce": "n" * n}, 25, "nonce"),
    "embeds": (lambda n: {"embeds": [{"title": "t"}] * n}, 10, "embeds"),
    "embed title": (lambda n: embed(title="x" * n), 256, "embeds.0.title"),
    "embed description": (lambda n: embed(description="x" * n), 4096, "embeds.0.description"),
    "embed fields": (lambda n: embed(fields=[{"name": "n", "value": "v"}] * n), 25, "embeds.0.fields"),
    "embed field name": (lambda n: embed(fields=[{"name": "x" * n, "value": "v"}]), 256, "embeds.0.fields.0.name"),
    "embed field value": (lambda n: embed(fields=[{"name": "n", "value": "x" * n}]), 1024, "embeds.0.fields.0.value"),
    "embed footer": (lambda n: embed(footer={"text": "x" * n}), 2048, "embeds.0.footer.text"),
    "embed author": (lambda n: embed(author={"name": "x" * n}), 256, "embeds.0.author.name"),
    "embed picture": (lambda n: embed(image={"url": address(n)}), 2048, "embeds.0.image.url"),
    "text of all embeds": (embed_of, 6000, "embeds"),
    "rows": (lambda n: classic(*[row(button(i)) for i in range(n)]), 5, "components"),
    "buttons in a row": (lambda n: classic(row(*[button(i) for i in range(n)])), 5, "components.0.components"),
    "button label": (lambda n: classic(row(button(label="x" * n))), 80, "components.0.components.0.label"),
    "custom id": (lambda n: classic(row(button(custom_id="x" * n))), 100, "components.0.components.0.custom_id"),
    "button link": (lambda n: classic(row(link(address(n)))), 512, "components.0.components.0.url"),
    "select options": (
        lambda n: classic(row(select([option(i) for i in range(n)]))),
        25,
        "components.0.components.0.options",
    ),
    "option label": (
        lambda n: classic(row(select([option(label="x" * n)]))),
        100,
        "components.0.components.0.options.0.label",
    ),
    "option value": (
        lambda n: classic(row(select([option(value="x" * n)]))),
        100,
        "components.0.components.0.options.0.value",
    ),
    "option description": (
        lambda n: classic(row(select([option(description="x" * n)]))),
        100,
        "components.0.components.0.options.0.description",
    ),
    "placeholder": (
        lambda n: classic(row(select([option()], placeholder="x" * n))),
        150,
        "components.0.components.0.placeholder",
    ),
    "values to choose": (
        lambda n: classic(row({"type": 5, "custom_id": "who", "max_values": n})),
        25,
        "components.0.components.0.max_values",
    ),
    "values beyond the options": (
        lambda n: classic(row(select([option(0), option(1)], max_values=n))),
        2,
        "components.0.components.0.max_values",
    ),
    "V2 components at the top": (lambda n: v2(*[text("x")] * n), 40, "components"),
    "V2 components nested": (
        lambda n: v2(*[{"type": 17, "components": [text("x")] * 19}] * 2, *[text("x")] * (n - 40)),
        40,
        "components",
    ),
    "V2 text in bytes": (lambda n: v2(text("漢" * (n // 3)), text("x" * (n % 3 + 3))), 10_167, "components"),
    "V2 text of one display": (lambda n: v2(text("x" * n)), 4000, "components.0.content"),
    "V2 text of all displays": (
        lambda n: v2({"type": 17, "components": [text("x" * 2000)]}, text("y" * (n - 2000))),
        4000,
        "components",
    ),
    "section texts": (
        lambda n: v2({"type": 9, "components": [text("x")] * n, "accessory": button()}),
        3,
        "components.0.components",
    ),
    "gallery items": (lambda n: v2(gallery(*[picture()] * n)), 10, "components.0.items"),
    "gallery description": (
        lambda n: v2(gallery(picture(description="x" * n))),
        1024,
        "components.0.items.0.description",
    ),
    "media address": (lambda n: v2(gallery(picture(address(n)))), 2048, "components.0.items.0.media.url"),
    "thumbnail description": (
        lambda n: v2({"type": 9, "components": [text("x")], "accessory": {"type": 11, **picture(description="x" * n)}}),
        1024,
        "components.0.accessory.description",
    ),
    "container colour": (
        lambda n: v2({"type": 17, "components": [text("x")], "accent_color": n}),
        0xFFFFFF,
        "components.0.accent_color",
    ),
    "attachment description": (
        lambda n: {"attachments": [{"id": 0, "filename": "a.mp4", "description": "x" * n}]},
        1024,
        "attachments.0.description",
    ),
    "attachments": (
        lambda n: {"content": "x", "attachments": [{"id": str(10**18 + i)} for i in range(n)]},
        10,
        "attachments",
    ),
    "mentioned users": (
        lambda n: {"content": "x", "allowed_mentions": {"users": [str(10**18 + i) for i in range(n)]}},
        100,
        "allowed_mentions.users",
    ),
    "mentioned roles": (
        lambda n: {"content": "x", "allowed_mentions": {"roles": [10**18 + i for i in range(n)]}},
        100,
        "allowed_mentions.roles",
    ),
    "poll answers": (
        lambda n: {"poll": {"question": {"text": "q"}, "answers": [{"poll_media": {"text": "a"}}] * n}},
        10,
        "poll.answers",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_message_at_the_limit_is_accepted(name: str) -> None:
    build, limit, _place = LIMITS[name]

    errors = checks.message(build(limit), attachments=1)

    assert errors is None


@pytest.mark.parametrize("name", LIMITS)
def test_a_message_one_over_the_limit_is_refused_at_that_place(name: str) -> None:
    build, limit, place = LIMITS[name]

    errors = checks.message(build(limit + 1), attachments=1)

    assert set(places(errors)) == {place}


CONTAINER = {"type": 17, "components": [text("x")]}
SECTION = {"type": 9, "components": [text("x")], "accessory": button()}
FILE = {"type": 13, "file": {"url": "attachment://a.mp4"}}
UPLOAD = [{"id": 0, "filename": "a.mp4"}]

REFUSED: dict[str, tuple[Payload, str, str]] = {
    "an unknown key": ({"content": "x", "colour": 1}, "colour", "UNKNOWN_FIELD"),
    "an unknown key of a component": (
        classic(row(button(colour=1))),
        "components.0.components.0.colour",
        "UNKNOWN_FIELD",
    ),
    "content that is no text": ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
    "an ephemeral-only flag": ({"content": "x", "flags": 1 << 7}, "flags", "MESSAGE_FLAGS_INVALID"),
    "a custom id twice": (
        classic(row(button(1)), row(button(1))),
        "components.1.components.0.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "a component id twice": (
        v2({**text("x"), "id": 7}, {"type": 17, "components": [{**text("y"), "id": 7}]}),
        "components.1.components.0.id",
        "COMPONENT_ID_DUPLICATED",
    ),
    "an empty custom id": (
        classic(row(button(custom_id=""))),
        "components.0.components.0.custom_id",
        "BASE_TYPE_REQUIRED",
    ),
    "a button without custom id": (
        classic(row({"type": 2, "style": 1, "label": "x"})),
        "components.0.components.0.custom_id",
        "COMPONENT_CUSTOM_ID_REQUIRED",
    ),
    "a button with custom id and link": (
        classic(row(button(url="https://example.org/"))),
        "components.0.components.0.url",
        "BUTTON_COMPONENT_FIELD_CONFLICT",
    ),
    "a link button with custom id": (
        classic(row({**link("https://example.org/"), "custom_id": "x"})),
        "components.0.components.0.custom_id",
        "BUTTON_COMPONENT_FIELD_CONFLICT",
    ),
    "a link button without link": (
        classic(row({"type": 2, "style": 5, "label": "x"})),
        "components.0.components.0.url",
        "BASE_TYPE_REQUIRED",
    ),
    "a link of another scheme": (
        classic(row(link("ftp://example.org/"))),
        "components.0.components.0.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    "a link that is none": (
        classic(row(link("nowhere"))),
        "components.0.components.0.url",
        "URL_TYPE_INVALID_URL",
    ),
    "a premium button with a label": (
        classic(row({"type": 2, "style": 6, "sku_id": "1", "label": "x"})),
        "components.0.components.0.label",
        "BUTTON_COMPONENT_FIELD_CONFLICT",
    ),
    "a button without a face": (
        classic(row({"type": 2, "style": 1, "custom_id": "x"})),
        "components.0.components.0.label",
        "BUTTON_COMPONENT_EMPTY",
    ),
    "an unknown button style": (
        classic(row(button(style=7))),
        "components.0.components.0.style",
        "BASE_TYPE_CHOICES",
    ),
    "an empty row": (classic(row()), "components.0.components", "BASE_TYPE_REQUIRED"),
    "a select beside a button": (
        classic(row(button(), select([option()]))),
        "components.0.components.1",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "a select without options": (
        classic(row(select([]))),
        "components.0.components.0.options",
        "BASE_TYPE_REQUIRED",
    ),
    "an option's value twice": (
        classic(row(select([option(1), option(1)]))),
        "components.0.components.0.options.1.value",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    "more defaults than values": (
        classic(row(select([option(0, default=True), option(1, default=True)]))),
        "components.0.components.0.options",
        "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
    ),
    "fewest above most": (
        classic(row({"type": 6, "custom_id": "x", "min_values": 3, "max_values": 2})),
        "components.0.components.0.min_values",
        "NUMBER_TYPE_MAX",
    ),
    "a button outside a row": (classic(button()), "components.0.type", "UNION_TYPE_CHOICES"),
    "a text input in a message": (
        classic(row({"type": 4, "custom_id": "x", "style": 1})),
        "components.0.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "a container in a container": (
        v2({"type": 17, "components": [CONTAINER]}),
        "components.0.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "a section without accessory": (
        v2({"type": 9, "components": [text("x")]}),
        "components.0.accessory",
        "BASE_TYPE_REQUIRED",
    ),
    "an empty container": (v2({"type": 17, "components": []}), "components.0.components", "BASE_TYPE_REQUIRED"),
    "an empty gallery": (v2(gallery()), "components.0.items", "BASE_TYPE_REQUIRED"),
    "an empty text display": (v2(text("")), "components.0.content", "BASE_TYPE_REQUIRED"),
    "a file from elsewhere": (
        v2({"type": 13, "file": {"url": "https://example.org/a.mp4"}}),
        "components.0.file.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    "a file that was not uploaded": (
        v2({"type": 13, "file": {"url": "attachment://b.mp4"}}, attachments=UPLOAD),
        "components.0.file.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    "a gallery item that was not uploaded": (
        v2({"type": 17, "components": [gallery(picture("attachment://b.mp4"))]}, attachments=UPLOAD),
        "components.0.components.0.items.0.media.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    "an embed's picture that was not uploaded": (
        {**embed(image={"url": "attachment://b.png"}), "attachments": UPLOAD},
        "embeds.0.image.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    "an attachment without file": (
        {"attachments": [{"id": 1, "filename": "a.mp4"}]},
        "attachments.0.id",
        "ATTACHMENT_NOT_FOUND",
    ),
    "V2 with content": (
        v2(text("x"), content="x"),
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "V2 with embeds": (
        v2(text("x"), embeds=[{"title": "x"}]),
        "embeds",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "V2 with a poll": (
        v2(text("x"), poll={"question": {"text": "q"}, "answers": [{"poll_media": {"text": "a"}}]}),
        "poll",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "V2 with stickers": (
        v2(text("x"), sticker_ids=["1"]),
        "sticker_ids",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "a mention kind that doesn't exist": (
        {"content": "x", "allowed_mentions": {"parse": ["here"]}},
        "allowed_mentions.parse.0",
        "BASE_TYPE_CHOICES",
    ),
    "all users and some users": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions.users",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    "all roles and some roles": (
        {"content": "x", "allowed_mentions": {"parse": ["roles"], "roles": ["1"]}},
        "allowed_mentions.roles",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    "a user mentioned twice": (
        {"content": "x", "allowed_mentions": {"users": ["1", "1"]}},
        "allowed_mentions.users.1",
        "SET_TYPE_ALREADY_CONTAINS_VALUE",
    ),
    "a user without id": (
        {"content": "x", "allowed_mentions": {"users": ["someone"]}},
        "allowed_mentions.users.0",
        "NUMBER_TYPE_COERCE",
    ),
    "a moment that is none": (embed(timestamp="soon"), "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_message_is_refused_for(name: str) -> None:
    payload, place, code = REFUSED[name]

    errors = checks.message(payload, attachments=1)

    assert places(errors) == {place: [code]}


@pytest.mark.parametrize(
    "component",
    [CONTAINER, SECTION, FILE, text("x"), gallery(picture()), {"type": 14}, {"type": 11, **picture()}],
    ids=lambda component: f"type {component['type']}",
)
def test_a_component_of_the_second_version_is_refused_without_its_flag(component: Payload) -> None:
    errors = checks.message({"components": [component], "attachments": UPLOAD}, attachments=1)

    assert places(errors) == {"components.0.type": ["UNION_TYPE_CHOICES"]}


@pytest.mark.parametrize("component", [CONTAINER, SECTION, FILE, text("x"), gallery(picture()), {"type": 14}])
def test_a_component_of_the_second_version_is_accepted_with_its_flag(component: Payload) -> None:
    errors = checks.message(v2(component, attachments=UPLOAD), attachments=1)

    assert errors is None


def test_the_errors_have_the_shape_of_discords_answer() -> None:
    errors = checks.message({"content": "x" * 2001})

    too_long = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
    assert errors == {"content": {"_errors": [too_long]}}


def test_every_fault_of_a_message_is_told_at_once() -> None:
    payload: Payload = {"content": "x" * 2001, "nonce": "n" * 26, "components": [row(button(label="x" * 81))]}

    errors = checks.message(payload)

    assert set(places(errors)) == {"content", "nonce", "components.0.components.0.label"}


def test_a_message_of_the_second_version_cannot_become_classic_again() -> None:
    was_v2 = {"content": "plain again", "components": [], "flags": V2}

    errors = checks.message(was_v2, editing=True)

    assert set(places(errors)) == {"content"}


def test_a_classic_message_becomes_one_of_the_second_version_when_its_old_fields_are_emptied() -> None:
    errors = checks.message(v2(text("x"), content=None, embeds=[]), editing=True)

    assert errors is None


def test_an_edit_repeats_flags_that_cannot_be_set_when_sending() -> None:
    has_thread = {"content": "x", "flags": 1 << 5}

    assert checks.message(has_thread, editing=True) is None
    assert set(places(checks.message(has_thread))) == {"flags"}


@pytest.mark.parametrize("name", ["nonce", "enforce_nonce", "message_reference", "username"])
def test_what_only_a_new_message_has_is_refused_in_an_edit(name: str) -> None:
    value = {"nonce": "n", "enforce_nonce": True, "message_reference": {"message_id": "1"}, "username": "u"}[name]

    assert checks.message({"content": "x", name: value}) is None
    assert set(places(checks.message({"content": "x", name: value}, editing=True))) == {name}


def test_an_edit_may_point_at_a_file_that_the_message_has() -> None:
    kept_without_being_named = v2(FILE)

    assert checks.message(kept_without_being_named, editing=True) is None
    assert set(places(checks.message(kept_without_being_named))) == {"components.0.file.url"}


@pytest.mark.parametrize(
    "payload",
    [{}, {"content": ""}, {"content": " \n"}, {"content": None, "embeds": []}, {"flags": 64}],
)
def test_a_message_that_shows_nothing_is_empty(payload: Payload) -> None:
    assert checks.is_empty(payload, 0)


@pytest.mark.parametrize(
    ("payload", "attachments"),
    [
        ({"content": "x"}, 0),
        ({"embeds": [{"title": "x"}]}, 0),
        (v2(text("x")), 0),
        ({}, 1),
        ({"sticker_ids": ["1"]}, 0),
    ],
)
def test_a_message_that_shows_something_is_not_empty(payload: Payload, attachments: int) -> None:
    assert not checks.is_empty(payload, attachments)
