"""Picking people, roles, channels and files: ids for the values, and `resolved` for what they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.discord.channels import Channel, Place
from sandbox.discord.components import ComponentKind
from sandbox.discord.guild import MEBIBYTE, Member, Role
from sandbox.discord.messages import Message, Upload
from sandbox.discord.users import User
from sandbox.discord.wire import Payload


class ClientRefusesError(AssertionError):
    """Discord's own client would not let a person do this."""


@dataclass(slots=True)
class Resolver:
    """Collects the `resolved` object of one interaction while values are turned into ids."""

    user: User
    place: Place
    resolved: Payload = field(default_factory=dict)

    def add(self, value: object) -> str:
        """The id of what was picked; its object goes to `resolved`."""
        if isinstance(value, Member | User):
            return self._add_user(value.user if isinstance(value, Member) else value)
        if isinstance(value, Role):
            return self._put("roles", value.id, value.payload())
        if isinstance(value, Channel):
            granted = value.permissions_of(self.user)
            body = value.payload() if value.is_thread else value.partial_payload()
            return self._put("channels", value.id, {**body, "permissions": str(int(granted))})
        if isinstance(value, Upload):
            return self._add_upload(value)
        if isinstance(value, Message):
            return self._put("messages", value.id, value.payload())
        raise ClientRefusesError(f"{value!r} can't be picked")

    def _add_user(self, user: User) -> str:
        guild = self.place.guild
        member = None if guild is None else guild.members.get(user.id)
        if member is not None:
            body = member.payload(with_user=False)
            granted = self.place.permissions_of(user)
            self._put("members", user.id, {**body, "permissions": str(int(granted))})
        return self._put("users", user.id, user.payload())

    def _add_upload(self, upload: Upload) -> str:
        guild = self.place.guild
        limit = self.place.world.direct_upload_limit if guild is None else guild.upload_limit
        if len(upload.data) > limit:
            raise ClientRefusesError(f"{upload.filename} is over the limit of {limit / MEBIBYTE:.1f} MiB")
        attachment = self.place.attach(upload, ephemeral=True)
        return self._put("attachments", attachment.id, attachment.payload())

    def _put(self, kind: str, key: int, body: Payload) -> str:
        self.resolved.setdefault(kind, {})[str(key)] = body
        return str(key)


_PICKED: dict[int, tuple[type, ...]] = {
    ComponentKind.USER_SELECT: (Member, User),
    ComponentKind.ROLE_SELECT: (Role,),
    ComponentKind.MENTIONABLE_SELECT: (Member, User, Role),
    ComponentKind.CHANNEL_SELECT: (Channel,),
    ComponentKind.FILE_UPLOAD: (Upload,),
}


def pick_values(component: Payload, given: object, resolver: Resolver, label: str) -> list[str]:
    """The `values` of a select menu or file field; None keeps what is preset."""
    if given is None:
        values = _preset(component, resolver)
    else:
        wanted = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
        values = [_pick(component, item, resolver, label) for item in wanted]
    check_count(component, len(values), label)
    return values


def check_count(component: Payload, count: int, label: str) -> None:
    """Refuse fewer or more picks than a component takes."""
    if count == 0 and not component.get("required", True):
        return
    default_most = len(component["options"]) if component["type"] == ComponentKind.CHECKBOX_GROUP else 1
    least, most = component.get("min_values"), component.get("max_values")
    least, most = 1 if least is None else least, default_most if most is None else most
    if not least <= count <= most:
        raise ClientRefusesError(f"{label!r} takes {least} to {most} values, not {count}")


def _preset(component: Payload, resolver: Resolver) -> list[str]:
    if component["type"] == ComponentKind.STRING_SELECT:
        return [option["value"] for option in component["options"] if option.get("default")]
    return [resolver.add(_find(item, resolver)) for item in component.get("default_values") or ()]


def _find(default: Payload, resolver: Resolver) -> object:
    guild, key = resolver.place.guild, int(default["id"])
    if guild is None or default["type"] == "user":
        return resolver.place.world.users[key]
    return guild.roles[key] if default["type"] == "role" else guild.channels[key]


def _pick(component: Payload, wanted: object, resolver: Resolver, label: str) -> str:
    if component["type"] == ComponentKind.STRING_SELECT:
        for option in component["options"]:
            if wanted in {option["value"], option["label"]}:
                return str(option["value"])
        raise ClientRefusesError(f"{label!r} has no option {wanted!r}")
    if not isinstance(wanted, _PICKED[component["type"]]):
        raise ClientRefusesError(f"{label!r} does not take {wanted!r}")
    kinds = component.get("channel_types")
    if kinds and isinstance(wanted, Channel) and wanted.kind not in kinds:
        raise ClientRefusesError(f"{label!r} does not take channels of this kind")
    return resolver.add(wanted)
