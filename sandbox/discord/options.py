"""Options of slash commands, as a member's client lets them be entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from sandbox.discord.channels import Channel
from sandbox.discord.guild import Member, Role
from sandbox.discord.messages import Upload
from sandbox.discord.picking import ClientRefusesError, Resolver
from sandbox.discord.users import User
from sandbox.discord.wire import Payload

_SAFE_INTEGER = 2**53


class OptionKind(IntEnum):
    """Discord's option types."""

    SUBCOMMAND = 1
    SUBCOMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


_PICKED: dict[OptionKind, tuple[type, ...]] = {
    OptionKind.USER: (Member, User),
    OptionKind.CHANNEL: (Channel,),
    OptionKind.ROLE: (Role,),
    OptionKind.MENTIONABLE: (Member, User, Role),
    OptionKind.ATTACHMENT: (Upload,),
}


@dataclass(frozen=True, slots=True)
class Invocable:
    """A command, or the subcommand of one that was named; `path` are the subcommand's options around it."""

    options: list[Payload]
    path: list[Payload]

    def wrap(self, entered: list[Payload]) -> list[Payload]:
        """The `options` of the interaction, with the subcommands around what was entered."""
        for option in reversed(self.path):
            entered = [{"type": option["type"], "name": option["name"], "options": entered}]
        return entered


def find_invocable(command: Payload, names: list[str]) -> Invocable:
    """Follow subcommand names down a command."""
    options: list[Payload] = command.get("options") or []
    path: list[Payload] = []
    for name in names:
        chosen = next((item for item in options if item["name"] == name and item["type"] <= 2), None)
        if chosen is None:
            raise ClientRefusesError(f"/{command['name']} has no subcommand {name!r}")
        path.append(chosen)
        options = chosen.get("options") or []
    if options and options[0]["type"] <= OptionKind.SUBCOMMAND_GROUP:
        raise ClientRefusesError(f"/{command['name']} needs one of its subcommands")
    return Invocable(options, path)


def enter(
    known: list[Payload], given: Mapping[str, object], resolver: Resolver, *, complete: bool = True
) -> list[Payload]:
    """The entered options; `complete` is False while an autocomplete is still being typed."""
    by_name = {option["name"]: option for option in known}
    for name in given:
        if name not in by_name:
            raise ClientRefusesError(f"there is no option {name!r}")
    entered: list[Payload] = []
    for option in known:
        if option["name"] in given:
            value = _value(option, given[option["name"]], resolver)
            entered.append({"type": option["type"], "name": option["name"], "value": value})
        elif complete and option.get("required"):
            raise ClientRefusesError(f"option {option['name']!r} is required")
    return entered


def _value(option: Payload, given: object, resolver: Resolver) -> object:
    kind = OptionKind(option["type"])
    if kind in _PICKED:
        return _picked(option, kind, given, resolver)
    if kind == OptionKind.BOOLEAN:
        return _typed(option, given, bool)
    if kind == OptionKind.STRING:
        text = str(_typed(option, given, str))
        return _chosen(option, _within(option, text, len(text), "length"))
    if isinstance(given, bool):
        raise ClientRefusesError(f"option {option['name']!r} takes a number")
    number = _typed(option, given, int if kind == OptionKind.INTEGER else (int, float))
    assert isinstance(number, int | float)
    if abs(number) > _SAFE_INTEGER:
        raise ClientRefusesError(f"option {option['name']!r} takes no number as large as that")
    return _chosen(option, _within(option, number, number, "value"))


def _picked(option: Payload, kind: OptionKind, given: object, resolver: Resolver) -> str:
    if not isinstance(given, _PICKED[kind]):
        raise ClientRefusesError(f"option {option['name']!r} does not take {given!r}")
    channel_types = option.get("channel_types")
    if channel_types and isinstance(given, Channel) and given.kind not in channel_types:
        raise ClientRefusesError(f"option {option['name']!r} does not take channels of this kind")
    return resolver.add(given)


def _typed(option: Payload, given: object, kinds: type | tuple[type, ...]) -> object:
    if not isinstance(given, kinds):
        raise ClientRefusesError(f"option {option['name']!r} does not take {given!r}")
    return given


def _within(option: Payload, value: object, size: float, what: str) -> object:
    least, most = option.get(f"min_{what}"), option.get(f"max_{what}")
    if (least is not None and size < least) or (most is not None and size > most):
        raise ClientRefusesError(f"option {option['name']!r} takes a {what} of {least} to {most}, not {size}")
    if what == "length" and not 1 <= size <= 6000:
        raise ClientRefusesError(f"option {option['name']!r} takes 1 to 6000 characters")
    return value


def _chosen(option: Payload, given: object) -> object:
    choices = option.get("choices")
    if not choices:
        return given
    for choice in choices:
        if given in {choice["value"], choice["name"]}:
            return choice["value"]
    raise ClientRefusesError(f"option {option['name']!r} has no choice {given!r}")
