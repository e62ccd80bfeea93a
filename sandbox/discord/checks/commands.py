"""What Discord would refuse in an application command that is registered."""

import unicodedata

from sandbox.discord.checks.autocompletion import choices, localized
from sandbox.discord.checks.components import CHANNEL_TYPES
from sandbox.discord.checks.fields import (
    Fields,
    Rule,
    anything,
    choice,
    distinct,
    every,
    items,
    number,
    objects,
    repeated,
    shape,
    snowflake,
    text,
    truth,
    union,
    whole,
)
from sandbox.discord.checks.refusals import Nested, Path, Refusals

CHAT_INPUT, USER_MENU, MESSAGE_MENU, ENTRY_POINT = range(1, 5)
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)

MAX_SIZE = 8000
MAX_OF_KIND = {CHAT_INPUT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
"""How many commands of a kind an application may have (130 in all, as the description says)."""

_INT53 = 2**53 - 1
# Devanagari and Thai write vowels with marks, which are no letters: Discord allows those two scripts whole.
_MARKED_SCRIPTS = ("\u0900-\u097f", "\ua8e0-\ua8ff", "\u0e00-\u0e7f")


def command(payload: Nested) -> Nested | None:
    """Return Discord's nested `errors` object for one command, or None when it is accepted."""
    refusals = Refusals()
    _command(refusals, (), payload)
    return refusals.nested()


def commands(payloads: list[Nested]) -> Nested | None:
    """Return the nested `errors` object for all commands of an application, keyed by index, or None."""
    refusals = Refusals()
    for index, each in enumerate(payloads):
        _command(refusals, (index,), each)
    kinds = [each.get("type") or CHAT_INPUT for each in payloads]
    for index in repeated((kind, str(each.get("name"))) for kind, each in zip(kinds, payloads, strict=True)):
        reason = "Application command names must be unique"
        refusals.add((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", reason)
    for kind, most in MAX_OF_KIND.items():
        if kinds.count(kind) > most:
            reason = f"Maximum number of application commands reached ({most})"
            refusals.add((), "APPLICATION_COMMANDS_MAXIMUM_REACHED", reason)
    return refusals.nested()


def _command(refusals: Refusals, path: Path, payload: Nested) -> None:
    kind = payload.get("type") or CHAT_INPUT
    rule = _MENU if kind in {USER_MENU, MESSAGE_MENU} else _CHAT
    every(rule, _options, _size)(refusals, path, payload)


def _chat_name(refusals: Refusals, path: Path, value: object) -> None:
    text(32, 1)(refusals, path, value)
    if not isinstance(value, str):
        return
    if value != value.lower() or not all(_is_name_character(each) for each in value):
        refusals.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _is_name_character(character: str) -> bool:
    if character in "-_'" or unicodedata.category(character)[0] in "LN":
        return True
    return any(script[0] <= character <= script[-1] for script in _MARKED_SCRIPTS)


def _permissions(refusals: Refusals, path: Path, value: object) -> None:
    """Discord documents text, its description an integer, and the client sends an integer: both are taken."""
    digits = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit() and int(digits) < 2**54):
        refusals.add(path, "BITFIELD_TYPE_CONVERT", f'Value "{value}" is not a set of permissions.')


def _absent(refusals: Refusals, path: Path, value: object) -> None:
    if value:
        reason = "Context menu commands cannot have this field"
        refusals.add(path, "APPLICATION_COMMAND_CONTEXT_MENU_FIELD", reason)


def _options(refusals: Refusals, path: Path, value: object) -> None:
    """Check what the options of one level say together, then go down into subcommands."""
    assert isinstance(value, dict)
    options = objects(value.get("options"))
    here = (*path, "options")
    for index in repeated(each["name"] for each in options):
        reason = "Option name already exists"
        refusals.add((*here, index, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", reason)
    optional_seen = False
    nested = {each["type"] in {SUBCOMMAND, GROUP} for each in options}
    for index, each in enumerate(options):
        if len(nested) > 1:
            reason = "Sub-command and sub-command group option types are mutually exclusive to all other types"
            refusals.add((*here, index, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", reason)
        elif nested != {True} and each.get("required") and optional_seen:
            reason = "Required options must be placed before non-required options"
            refusals.add((*here, index), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", reason)
        optional_seen = optional_seen or not each.get("required")
        _option_itself(refusals, (*here, index), each)
        _options(refusals, (*here, index), each)


def _option_itself(refusals: Refusals, path: Path, option: Nested) -> None:
    if option.get("autocomplete") and option.get("choices"):
        reason = "Autocomplete cannot be set when choices are"
        refusals.add((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", reason)
    for unit in ("value", "length"):
        least, most = option.get(f"min_{unit}"), option.get(f"max_{unit}")
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            reason = f"The minimum is above the maximum {most}"
            refusals.add((*path, f"min_{unit}"), "APPLICATION_COMMAND_OPTIONS_RANGE_INVALID", reason)
    for name in ("name", "value"):
        for index in repeated(each[name] for each in objects(option.get("choices"))):
            code = f"APPLICATION_COMMAND_OPTIONS_CHOICE_{name.upper()}_ALREADY_EXISTS"
            refusals.add((*path, "choices", index, name), code, f"Option choice {name} already exists")


def _size(refusals: Refusals, path: Path, value: object) -> None:
    assert isinstance(value, dict)
    size = _characters(value)
    if size > MAX_SIZE:
        reason = f"Command exceeds maximum size ({size} of {MAX_SIZE})"
        refusals.add(path, "APPLICATION_COMMAND_TOO_LARGE", reason)


def _characters(part: Nested) -> int:
    """Names, descriptions and values count, of each translated text the longest."""
    total = len(str(part.get("value", "")))
    for name in ("name", "description"):
        translations = part.get(f"{name}_localizations")
        texts = list(translations.values()) if isinstance(translations, dict) else []
        total += max(len(str(each)) for each in [part.get(name) or "", *texts])
    inner = objects(part.get("options")) + objects(part.get("choices"))
    return total + sum(_characters(each) for each in inner)


_DESCRIPTION = text(100, 1)
_LIST_LIMIT = 25


def _option(optional: Fields) -> Rule:
    return shape(
        {"type": anything, "name": _chat_name, "description": _DESCRIPTION},
        {
            "name_localizations": localized(_chat_name),
            "description_localizations": localized(_DESCRIPTION),
            "required": truth,
            **optional,
        },
    )


_PLAIN = _option({})
_VALUES: dict[int, Rule] = {
    STRING: _option(
        {
            "autocomplete": truth,
            "choices": choices(text(100)),
            "min_length": whole(0, 6000),
            "max_length": whole(1, 6000),
        }
    ),
    INTEGER: _option(
        {
            "autocomplete": truth,
            "choices": choices(whole(-_INT53, _INT53)),
            "min_value": whole(-_INT53, _INT53),
            "max_value": whole(-_INT53, _INT53),
        }
    ),
    NUMBER: _option({"autocomplete": truth, "choices": choices(number), "min_value": number, "max_value": number}),
    CHANNEL: _option({"channel_types": every(items(choice(*CHANNEL_TYPES), 0, _LIST_LIMIT), distinct)}),
    # Newer than the description: what the file picker of an attachment option offers.
    ATTACHMENT: _option({"file_types": items(text(100, 1), 0, _LIST_LIMIT)}),
    **dict.fromkeys((BOOLEAN, USER, ROLE, MENTIONABLE), _PLAIN),
}
_SUBCOMMAND_RULE = _option({"options": items(union(_VALUES), 0, _LIST_LIMIT)})
_GROUP_RULE = _option({"options": items(union({SUBCOMMAND: _SUBCOMMAND_RULE}), 0, _LIST_LIMIT)})
_ANY_OPTION = union({**_VALUES, SUBCOMMAND: _SUBCOMMAND_RULE, GROUP: _GROUP_RULE})

_COMMON: Fields = {
    "id": snowflake,
    "type": choice(CHAT_INPUT, USER_MENU, MESSAGE_MENU, ENTRY_POINT),
    "default_member_permissions": _permissions,
    "dm_permission": truth,
    "nsfw": truth,
    "contexts": every(items(choice(0, 1, 2), 1, 3), distinct),
    "integration_types": every(items(choice(0, 1), 1, 2), distinct),
    "handler": choice(1, 2),
}
_CHAT = shape(
    {"name": _chat_name, "description": _DESCRIPTION},
    {
        **_COMMON,
        "name_localizations": localized(_chat_name),
        "description_localizations": localized(_DESCRIPTION),
        "options": items(_ANY_OPTION, 0, _LIST_LIMIT),
    },
)
_MENU = shape(
    {"name": text(32, 1)},
    {
        **_COMMON,
        "name_localizations": localized(text(32, 1)),
        **dict.fromkeys(("description", "description_localizations", "options"), _absent),
    },
)
