"""What is wrong with the settings, as lines for the operator that never repeat a value."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

MISSING = "is missing"
PROBLEMS = {
    "missing": MISSING,
    "int_parsing": "has to be a whole number",
    "float_parsing": "has to be a number",
    "decimal_parsing": "has to be a number",
    "finite_number": "has to be a number with an end",
    "bool_parsing": "has to be true or false",
    "greater_than": "has to be more than {gt}",
    "greater_than_equal": "has to be {ge} or more",
    "less_than_equal": "has to be {le} or less",
    "enum": "has to be {expected}",
    "setting": "{problem}",
}
"""Sentences for pydantic's error types; its own may quote what was typed, which can be a key."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the setting, what is wrong with it, and a line that would be right."""

    setting: str
    problem: str
    example: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.problem}. Example: {self.example}"


class SettingsError(Exception):
    """The program can't start with these settings; `faults` has every reason, each on a line of `str()`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


def problems(error: ValidationError) -> dict[str, str]:
    """What is wrong with each field; of several faults in one field the first."""
    found: dict[str, str] = {}
    for detail in error.errors(include_url=False, include_input=False):
        wording = PROBLEMS.get(detail["type"], "can't be read")
        limits = {name: _plain(value) for name, value in detail.get("ctx", {}).items()}
        found.setdefault(str(detail["loc"][0]), wording.format(**limits))
    return found


def _plain(value: object) -> object:
    """A limit as people write it: no `.0`, no quotes around words."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.replace("'", "") if isinstance(value, str) else value
