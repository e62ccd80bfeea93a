"""What Discord refuses in commands and in autocomplete answers."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord import checks
from tests.sandbox.discord.checks.nested import places

Payload = dict[str, Any]

STRING, INTEGER, BOOLEAN, NUMBER, ATTACHMENT = 3, 4, 5, 10, 11


def command(*options: Payload, **fields: object) -> Payload:
    return {"name": "video", "description": "Make a video.", "type": 1, "options": list(options), **fields}


def option(name: str = "prompt", kind: int = STRING, **fields: object) -> Payload:
    return {"type": kind, "name": name, "description": "What it shows.", **fields}


def subcommand(name: str, *options: Payload) -> Payload:
    return option(name, 1, options=list(options))


def group(name: str, *options: Payload) -> Payload:
    return option(name, 2, options=list(options))


def choices(count: int) -> list[Payload]:
    return [{"name": f"Choice {number}", "value": str(number)} for number in range(count)]


def choice(**fields: object) -> Payload:
    return command(option(choices=[{"name": "x", "value": "x", **fields}]))


def command_of(size: int) -> Payload:
    """A command whose names, descriptions and values have exactly `size` characters."""
    full = [{"name": f"{number:099}", "value": f"{number:099}"} for number in range(25)]
    options = [option("a", description="d", choices=full), option("b", description="d", choices=full[:15])]
    taken = len("n" + "d") + len("a" + "d" + "b" + "d" + "c") + 40 * 2 * 99
    return command(*options, option("c", description="d" * (size - taken)), name="n", description="d")


LIMITS: dict[str, tuple[Callable[[int], Payload], int, str]] = {
    "name": (lambda n: command(name="x" * n), 32, "name"),
    "description": (lambda n: command(description="x" * n), 100, "description"),
    "options": (lambda n: command(*[option(f"o{i}") for i in range(n)]), 25, "options"),
    "option name": (lambda n: command(option("x" * n)), 32, "options.0.name"),
    "option description": (lambda n: command(option(description="x" * n)), 100, "options.0.description"),
    "choices": (lambda n: command(option(choices=choices(n))), 25, "options.0.choices"),
    "choice name": (lambda n: choice(name="x" * n), 100, "options.0.choices.0.name"),
    "choice value": (lambda n: choice(value="x" * n), 100, "options.0.choices.0.value"),
    "shortest text": (lambda n: command(option(min_length=n)), 6000, "options.0.min_length"),
    "longest text": (lambda n: command(option(max_length=n)), 6000, "options.0.max_length"),
    "integer": (lambda n: command(option("n", INTEGER, max_value=n)), 2**53 - 1, "options.0.max_value"),
    "least below most": (lambda n: command(option(min_length=n, max_length=7)), 7, "options.0.min_length"),
    "number range": (lambda n: command(option("n", NUMBER, min_value=n, max_value=1.5)), 1, "options.0.min_value"),
    "subcommand options": (
        lambda n: command(subcommand("new", *[option(f"o{i}") for i in range(n)])),
        25,
        "options.0.options",
    ),
    "permissions": (lambda n: command(default_member_permissions=n), 2**54 - 1, "default_member_permissions"),
    "translated name": (lambda n: command(name_localizations={"de": "x" * n}), 32, "name_localizations.de"),
    "translated description": (
        lambda n: command(description_localizations={"de": "x" * n}),
        100,
        "description_localizations.de",
    ),
    "menu name": (lambda n: {"type": 3, "name": "X" * n}, 32, "name"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_command_at_the_limit_is_accepted(name: str) -> None:
    build, limit, _place = LIMITS[name]

    assert checks.command(build(limit)) is None


@pytest.mark.parametrize("name", LIMITS)
def test_a_command_one_over_the_limit_is_refused_at_that_place(name: str) -> None:
    build, limit, place = LIMITS[name]

    assert set(places(checks.command(build(limit + 1)))) == {place}


REFUSED: dict[str, tuple[Payload, str, str]] = {
    "capitals": (command(name="Video"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
    "a space": (command(name="my video"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
    "a sign in the name": (command(name="video!"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
    "no name": (command(name=""), "name", "BASE_TYPE_REQUIRED"),
    "no description": (command(description=None), "description", "BASE_TYPE_REQUIRED"),
    "an option's capitals": (command(option("Prompt")), "options.0.name", "APPLICATION_COMMAND_INVALID_NAME"),
    "an option's name twice": (
        command(option("a"), option("a")),
        "options.1.name",
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ),
    "required after optional": (
        command(option("a"), option("b", required=True)),
        "options.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "required after optional in a subcommand": (
        command(group("g", subcommand("s", option("a"), option("b", required=True)))),
        "options.0.options.0.options.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "an unknown option type": (command(option("a", 12)), "options.0.type", "UNION_TYPE_CHOICES"),
    "an option beside a subcommand": (
        command(subcommand("s"), option("a")),
        "options.0.type",
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    "a group in a group": (
        command(group("g", group("h"))),
        "options.0.options.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "choices with autocomplete": (
        command(option(choices=choices(1), autocomplete=True)),
        "options.0.autocomplete",
        "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
    ),
    "a choice's name twice": (
        command(option(choices=[{"name": "a", "value": "1"}, {"name": "a", "value": "2"}])),
        "options.0.choices.1.name",
        "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
    ),
    "a text as an integer's choice": (
        command(option("n", INTEGER, choices=[{"name": "a", "value": "1"}])),
        "options.0.choices.0.value",
        "NUMBER_TYPE_COERCE",
    ),
    "choices of a truth value": (
        command(option("b", BOOLEAN, choices=choices(1))),
        "options.0.choices",
        "UNKNOWN_FIELD",
    ),
    "a length of an integer": (command(option("n", INTEGER, max_length=3)), "options.0.max_length", "UNKNOWN_FIELD"),
    "file types that are no text": (
        command(option("clip", ATTACHMENT, file_types=[1])),
        "options.0.file_types.0",
        "STRING_TYPE_CONVERT",
    ),
    "a context that doesn't exist": (command(contexts=[3]), "contexts.0", "BASE_TYPE_CHOICES"),
    "no context": (command(contexts=[]), "contexts", "BASE_TYPE_REQUIRED"),
    "a context twice": (command(contexts=[0, 0]), "contexts.1", "SET_TYPE_ALREADY_CONTAINS_VALUE"),
    "an install that doesn't exist": (command(integration_types=[2]), "integration_types.0", "BASE_TYPE_CHOICES"),
    "permissions in words": (
        command(default_member_permissions="manage_guild"),
        "default_member_permissions",
        "BITFIELD_TYPE_CONVERT",
    ),
    "a locale that Discord doesn't know": (
        command(name_localizations={"de-DE": "film"}),
        "name_localizations.de-DE",
        "UNKNOWN_FIELD",
    ),
    "a translated name with capitals": (
        command(name_localizations={"de": "Film"}),
        "name_localizations.de",
        "APPLICATION_COMMAND_INVALID_NAME",
    ),
    "a menu with a description": (
        {"type": 3, "name": "Animate this picture", "description": "x"},
        "description",
        "APPLICATION_COMMAND_CONTEXT_MENU_FIELD",
    ),
    "a menu with options": (
        {"type": 2, "name": "Videos", "options": [option()]},
        "options",
        "APPLICATION_COMMAND_CONTEXT_MENU_FIELD",
    ),
    "an unknown key": (command(colour=1), "colour", "UNKNOWN_FIELD"),
    "an unknown kind": (command(type=5), "type", "BASE_TYPE_CHOICES"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_command_is_refused_for(name: str) -> None:
    payload, place, code = REFUSED[name]

    found = places(checks.command(payload))

    assert found[place] == [code]
    assert len(found) == 1 or name == "an option beside a subcommand"


@pytest.mark.parametrize("name", ["my-videos", "vidéo", "видео", "動画", "वीडियो", "วิดีโอ", "l'image", "a_1"])
def test_a_name_may_be_of_any_script_in_lower_case(name: str) -> None:
    assert checks.command(command(name=name)) is None


def test_a_menu_may_have_capitals_and_spaces() -> None:
    assert checks.command({"type": 3, "name": "Animate this picture", "options": []}) is None


@pytest.mark.parametrize("value", ["32", 32, "0", None])
def test_permissions_may_be_digits_or_an_integer(value: object) -> None:
    assert checks.command(command(default_member_permissions=value)) is None


def test_a_command_has_8000_characters_at_most() -> None:
    assert checks.command(command_of(8000)) is None
    assert places(checks.command(command_of(8001))) == {"": ["APPLICATION_COMMAND_TOO_LARGE"]}


def test_of_translations_the_longest_counts() -> None:
    payload = command_of(8000)

    payload["description_localizations"] = {"de": "d", "fr": "dd"}

    assert places(checks.command(payload)) == {"": ["APPLICATION_COMMAND_TOO_LARGE"]}


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
def test_an_application_has_so_many_commands_of_a_kind(kind: int, most: int) -> None:
    registered = [{"type": kind, "name": f"c{number}"} for number in range(most + 1)]
    if kind == 1:
        registered = [{**each, "description": "x"} for each in registered]

    assert checks.commands(registered[:most]) is None
    assert places(checks.commands(registered)) == {"": ["APPLICATION_COMMANDS_MAXIMUM_REACHED"]}


def test_a_fault_among_commands_is_told_by_position() -> None:
    errors = checks.commands([command(), command(name="Second")])

    assert places(errors) == {"1.name": ["APPLICATION_COMMAND_INVALID_NAME"]}


def test_two_commands_of_one_kind_cannot_share_a_name_but_a_menu_can() -> None:
    assert checks.commands([command(), {"type": 3, "name": "video"}]) is None
    assert places(checks.commands([command(), command()])) == {"1.name": ["APPLICATION_COMMANDS_DUPLICATE_NAME"]}


@pytest.mark.parametrize(
    ("build", "limit", "place"),
    [
        (choices, 25, "choices"),
        (lambda n: [{"name": "x" * n, "value": "x"}], 100, "choices.0.name"),
        (lambda n: [{"name": "x", "value": "x" * n}], 100, "choices.0.value"),
    ],
    ids=["choices", "name", "value"],
)
def test_an_autocomplete_answer_is_accepted_at_the_limit_only(
    build: Callable[[int], list[Payload]], limit: int, place: str
) -> None:
    assert checks.autocomplete({"choices": build(limit)}) is None
    assert set(places(checks.autocomplete({"choices": build(limit + 1)}))) == {place}


@pytest.mark.parametrize("value", [10, 1.5, "ten"])
def test_an_autocomplete_value_is_text_or_a_number(value: object) -> None:
    assert checks.autocomplete({"choices": [{"name": "ten", "value": value}]}) is None


@pytest.mark.parametrize("data", [{}, {"choices": [{"name": "x", "value": True}]}, {"choices": [{"name": ""}]}])
def test_an_autocomplete_answer_without_proper_choices_is_refused(data: Payload) -> None:
    assert checks.autocomplete(data) is not None
