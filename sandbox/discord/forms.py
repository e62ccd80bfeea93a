"""Forms (modals) as a person fills them in, and what the client would not let them send."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.discord import components as tree
from sandbox.discord.components import ComponentKind
from sandbox.discord.interactions import Interaction
from sandbox.discord.picking import ClientRefusesError, Resolver, check_count, pick_values
from sandbox.discord.wire import Payload


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form with what is written over it."""

    label: str
    component: Payload

    @property
    def custom_id(self) -> str:
        return str(self.component["custom_id"])


@dataclass(frozen=True, slots=True)
class Form:
    """An open form."""

    data: Payload
    opened_by: Interaction

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def custom_id(self) -> str:
        return str(self.data["custom_id"])

    @property
    def fields(self) -> list[Field]:
        """The fields, top to bottom."""
        found: list[Field] = []
        for row in self.data["components"]:
            if row["type"] == ComponentKind.LABEL:
                found.append(Field(row["label"], row["component"]))
            elif row["type"] == ComponentKind.ACTION_ROW:
                found += [Field(item.get("label") or "", item) for item in row["components"]]
        return found

    @property
    def text(self) -> str:
        """All that a person reads in the form."""
        labels = [field.label for field in self.fields]
        explained = [row.get("description") or "" for row in self.data["components"]]
        return "\n".join(filter(None, [self.title, *tree.texts(self.data["components"]), *labels, *explained]))

    def filled(self, values: Mapping[str, object], resolver: Resolver) -> list[Payload]:
        """The `components` of a submission; `values` go by custom id or label, what is left out stays preset."""
        known = {key for field in self.fields for key in (field.custom_id, field.label)}
        for key in values:
            if key not in known:
                raise ClientRefusesError(f"the form has no field {key!r}")
        return [self._row(row, number, values, resolver) for number, row in enumerate(self._numbered(), 1)]

    def _numbered(self) -> list[Payload]:
        return tree.numbered(self.data["components"], form=True)

    def _row(self, row: Payload, number: int, values: Mapping[str, object], resolver: Resolver) -> Payload:
        answer: Payload = {"type": row["type"], "id": row.get("id", number)}
        if row["type"] == ComponentKind.LABEL:
            answer["component"] = _entered(Field(row["label"], row["component"]), values, resolver)
        elif row["type"] == ComponentKind.ACTION_ROW:
            fields = [Field(item.get("label") or "", item) for item in row["components"]]
            answer["components"] = [_entered(field, values, resolver) for field in fields]
        return answer


def _entered(field: Field, values: Mapping[str, object], resolver: Resolver) -> Payload:
    component = field.component
    given = values.get(field.custom_id, values.get(field.label))
    body: Payload = {"type": component["type"], "id": component["id"], "custom_id": field.custom_id}
    reader = _READERS.get(component["type"], _select)
    return body | reader(field, given, resolver)


def _text(field: Field, given: object, _resolver: Resolver) -> Payload:
    component = field.component
    value = component.get("value") or "" if given is None else given
    if not isinstance(value, str):
        raise ClientRefusesError(f"{field.label!r} takes text")
    if component.get("required", True) and not value:
        raise ClientRefusesError(f"{field.label!r} is required")
    shortest, longest = component.get("min_length") or 0, component.get("max_length") or 4000
    if value and not shortest <= len(value) <= longest:
        raise ClientRefusesError(f"{field.label!r} takes {shortest} to {longest} characters, not {len(value)}")
    return {"value": value}


def _one_of(field: Field, given: object, _resolver: Resolver) -> Payload:
    options = field.component["options"]
    preset = next((option["value"] for option in options if option.get("default")), None)
    value = preset if given is None else _option_value(field, given)
    if value is None and field.component.get("required", True):
        raise ClientRefusesError(f"{field.label!r} is required")
    return {"value": value}


def _several_of(field: Field, given: object, _resolver: Resolver) -> Payload:
    preset = [option["value"] for option in field.component["options"] if option.get("default")]
    if given is None:
        chosen = preset
    elif isinstance(given, Sequence) and not isinstance(given, str):
        chosen = [_option_value(field, item) for item in given]
    else:
        raise ClientRefusesError(f"{field.label!r} takes a list")
    check_count(field.component, len(chosen), field.label)
    return {"values": chosen}


def _tick(field: Field, given: object, _resolver: Resolver) -> Payload:
    return {"value": bool(field.component.get("default", False) if given is None else given)}


def _select(field: Field, given: object, resolver: Resolver) -> Payload:
    return {"values": pick_values(field.component, given, resolver, field.label)}


def _option_value(field: Field, wanted: object) -> str:
    for option in field.component["options"]:
        if wanted in {option["value"], option["label"]}:
            return str(option["value"])
    raise ClientRefusesError(f"{field.label!r} has no option {wanted!r}")


_READERS: dict[int, Callable[[Field, object, Resolver], Payload]] = {
    ComponentKind.TEXT_INPUT: _text,
    ComponentKind.RADIO_GROUP: _one_of,
    ComponentKind.CHECKBOX_GROUP: _several_of,
    ComponentKind.CHECKBOX: _tick,
}
