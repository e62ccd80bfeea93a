"""The rules for single fields, lists and objects, from which the checks of whole bodies are put together."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from sandbox.discord.checks.refusals import Path, Refusals

Rule = Callable[[Refusals, Path, object], None]
"""Notes what is wrong with one value that is present and not null."""

Fields = Mapping[str, Rule]

REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


def anything(_refusals: Refusals, _path: Path, _value: object) -> None:
    """Accept every value: another rule has looked at it."""


def truth(refusals: Refusals, path: Path, value: object) -> None:
    """Accept a boolean."""
    if not isinstance(value, bool):
        refusals.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def number(refusals: Refusals, path: Path, value: object) -> None:
    """Accept an integer or a fraction within 2^53."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        refusals.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')
    elif abs(value) > 2**53:
        refusals.add(path, "NUMBER_TYPE_MAX", "float value should be between -2^53 and 2^53.")


def snowflake(refusals: Refusals, path: Path, value: object) -> None:
    """Accept an id as digits or as an integer (the client sends both)."""
    digits = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit() and int(digits) < 2**63):
        refusals.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def text(maximum: int, minimum: int = 0) -> Rule:
    """Accept text of `minimum` to `maximum` characters."""

    def check(refusals: Refusals, path: Path, value: object) -> None:
        if not isinstance(value, str):
            refusals.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        elif minimum and not value:
            refusals.add(path, *REQUIRED)
        else:
            _length(refusals, path, len(value), (minimum, maximum))

    return check


def whole(minimum: int, maximum: int) -> Rule:
    """Accept an integer in a range."""

    def check(refusals: Refusals, path: Path, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            refusals.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < minimum:
            refusals.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {minimum}.")
        elif value > maximum:
            refusals.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {maximum}.")

    return check


def choice(*values: int | str) -> Rule:
    """Accept one of the listed values."""

    def check(refusals: Refusals, path: Path, value: object) -> None:
        if isinstance(value, bool) or value not in values:
            listed = ", ".join(str(each) for each in values)
            refusals.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")

    return check


def link(maximum: int, *schemes: str) -> Rule:
    """Accept a well-formed address of one of `schemes` (http and https when none is named)."""
    accepted = schemes or ("http", "https")

    def check(refusals: Refusals, path: Path, value: object) -> None:
        if not isinstance(value, str):
            refusals.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return
        scheme, place = _split(value)
        if len(value) > maximum:
            _length(refusals, path, len(value), (0, maximum))
        elif not scheme or not place:
            refusals.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        elif scheme not in accepted:
            reason = f'Scheme "{scheme}" is not supported. Scheme must be one of {accepted}.'
            refusals.add(path, "URL_TYPE_INVALID_SCHEME", reason)

    return check


def items(rule: Rule, minimum: int, maximum: int) -> Rule:
    """Accept a list of `minimum` to `maximum` values that each pass `rule`."""

    def check(refusals: Refusals, path: Path, value: object) -> None:
        if not isinstance(value, list):
            refusals.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        elif minimum and not value:
            refusals.add(path, *REQUIRED)
        elif _length(refusals, path, len(value), (minimum, maximum)):
            for index, each in enumerate(value):
                rule(refusals, (*path, index), each)

    return check


def distinct(refusals: Refusals, path: Path, value: object) -> None:
    """Refuse a list that holds one value twice."""
    if isinstance(value, list):
        for index in repeated(str(each) for each in value):
            refusals.add((*path, index), "SET_TYPE_ALREADY_CONTAINS_VALUE", "The Set already contains this value.")


def shape(required: Fields, optional: Fields) -> Rule:
    """Accept an object with these fields and no other; optional ones may be null."""
    known = {**required, **optional}

    def check(refusals: Refusals, path: Path, value: object) -> None:
        if not isinstance(value, dict):
            refusals.add(path, "MODEL_TYPE_CONVERTIBLE", "Only dictionaries may be used in a ModelType")
            return
        for name in required:
            if value.get(name) is None:
                refusals.add((*path, name), *REQUIRED)
        for name, each in value.items():
            if name not in known:
                refusals.add((*path, name), "UNKNOWN_FIELD", "This field does not exist here.")
            elif each is not None:
                known[name](refusals, (*path, name), each)

    return check


def union(kinds: Mapping[int, Rule]) -> Rule:
    """Accept an object whose `type` is one of `kinds` and that passes that kind's rule."""

    def check(refusals: Refusals, path: Path, value: object) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, int) and not isinstance(kind, bool) and kind in kinds:
            kinds[kind](refusals, path, value)
            return
        listed = ", ".join(str(each) for each in sorted(kinds))
        reason = f'Value of field "type" must be one of ({listed}).'
        refusals.add((*path, "type"), "UNION_TYPE_CHOICES", reason)

    return check


def every(*rules: Rule) -> Rule:
    """Accept what passes all rules; later ones run only when the earlier ones found nothing."""

    def check(refusals: Refusals, path: Path, value: object) -> None:
        before = len(refusals.found)
        for rule in rules:
            rule(refusals, path, value)
            if len(refusals.found) > before:
                return

    return check


def repeated(values: Iterable[object]) -> list[int]:
    """Return the positions of the values that have occurred before."""
    seen: set[object] = set()
    positions = []
    for position, value in enumerate(values):
        if value in seen:
            positions.append(position)
        seen.add(value)
    return positions


def objects(value: object) -> list[dict[str, object]]:
    """Return the objects of a list, and nothing for null or anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _length(refusals: Refusals, path: Path, length: int, limits: tuple[int, int]) -> bool:
    minimum, maximum = limits
    if minimum <= length <= maximum:
        return True
    if minimum:
        refusals.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {minimum} and {maximum} in length.")
    else:
        refusals.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {maximum} or fewer in length.")
    return False


def _split(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc
