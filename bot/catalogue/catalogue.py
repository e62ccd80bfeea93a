"""The models on offer, read from the file that ships and one of the operator's own."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from bot.catalogue.check import faults_of
from bot.catalogue.errors import CatalogueError, UnknownModelError
from bot.catalogue.model import Model

MOST_BYTES = 4 << 20
"""A model takes about 1500; more than this is no catalogue."""
SHIPPED = Path(__file__).with_name("models.toml")
_TOP = {"default", "models"}


class Catalogue:
    """The models by id; the order is that of the files."""

    def __init__(self, models: Mapping[str, Model], default: str, added: Iterable[str] = ()) -> None:
        self._models = dict(models)
        self._default = default
        self._added = frozenset(added)

    @classmethod
    def load(cls, extra: Path | None = None, *, shipped: Path = SHIPPED) -> Self:
        """Read both files. Raises CatalogueError with a line for every fault of both."""
        faults: list[str] = []
        models: dict[str, Model] = {}
        added: Iterable[str] = ()
        default: object = None
        for path in (shipped, *([extra] if extra else [])):
            file = _File(path, faults)
            models |= file.models
            added = file.models if path == extra else ()
            default = file.content.get("default", default)
            faults += file.same_titles(models)
        offered = [id_ for id_, model in models.items() if model.enabled]
        if not faults and default not in offered:
            expected = f"expected one of {', '.join(offered)}; found {default!r}"
            faults.append(f"{(extra or shipped).name}: file: default: {expected}")
        if faults:
            raise CatalogueError(faults)
        return cls(models, str(default), added)

    @property
    def models(self) -> tuple[Model, ...]:
        """The models on offer."""
        return tuple(model for model in self._models.values() if model.enabled)

    @property
    def added(self) -> tuple[Model, ...]:
        """The models of the operator's own file, also those that are switched off there."""
        return tuple(model for id_, model in self._models.items() if id_ in self._added)

    @property
    def switched_off(self) -> tuple[Model, ...]:
        """The models that are not on offer."""
        return tuple(model for model in self._models.values() if not model.enabled)

    @property
    def default(self) -> Model:
        """The model of a request that names none."""
        return self._models[self._default]

    def get(self, model_id: str) -> Model:
        """A model on offer. Raises UnknownModelError, which says what is."""
        model = self._models.get(model_id)
        if model is None or not model.enabled:
            raise UnknownModelError(model=self.title(model_id), models=tuple(model.title for model in self.models))
        return model

    def title(self, model_id: str) -> str:
        """A model's name, also of one that is switched off; the id where nothing is known of it."""
        model = self._models.get(model_id)
        return model.title if model else model_id

    def title_at(self, slug: str) -> str:
        """The name of the first model whose endpoint this is; the endpoint itself where it is none's."""
        titles = (model.title for model in self._models.values() for route in model.routes if route.slug == slug)
        return next(titles, slug)


class _File:
    """One file: the models that are right, and a line for every fault of the others."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self._name = path.name or str(path)
        self._faults = faults
        self.content = self._read(path)
        self.models: dict[str, Model] = {}
        for unknown in sorted(self.content.keys() - _TOP):
            self._fault("file", unknown, f"expected only {', '.join(sorted(_TOP))}")
        entries = self.content.get("models", [])
        if not isinstance(entries, list):
            self._fault("file", "models", "expected entries that begin with [[models]]")
            return
        for number, entry in enumerate(entries, 1):
            self._add(number, entry)

    def _fault(self, entry: str, field: str, expected: str) -> None:
        self._faults.append(f"{self._name}: {entry}: {field}: {expected}")

    def _read(self, path: Path) -> dict[str, object]:
        try:
            # Whoever opens a pipe waits for somebody to write, and a device never ends.
            if path.exists() and not path.is_file():
                self._fault("file", "text", "expected a file, not a folder, pipe or device")
            elif path.stat().st_size > MOST_BYTES:
                self._fault("file", "text", f"expected at most {MOST_BYTES >> 20} MB")
            else:
                # Amounts are money: they never pass through a binary fraction.
                return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        except OSError as exc:
            self._fault("file", "text", f"expected a file that can be read ({exc.strerror})")
        except RecursionError:
            self._fault("file", "text", "expected TOML in UTF-8 (brackets are nested too deep)")
        except ArithmeticError:
            self._fault("file", "text", "expected TOML in UTF-8 (a number is out of reach)")
        except ValueError as exc:
            self._fault("file", "text", f"expected TOML in UTF-8 ({exc})")
        return {}

    def same_titles(self, models: Mapping[str, Model]) -> list[str]:
        """A line for each model of this file whose title another one of all `models` has: people choose by it."""
        owners = {model.title.casefold(): id_ for id_, model in reversed(list(models.items()))}
        same = [(id_, owners[model.title.casefold()]) for id_, model in self.models.items()]
        return [
            f"{self._name}: model {id_}: title: expected another one than {owner} has"
            for id_, owner in same
            if owner != id_
        ]

    def _add(self, number: int, raw: object) -> None:
        id_ = raw.get("id") if isinstance(raw, dict) else None
        name = f"model {id_}" if isinstance(id_, str) else f"entry {number}"
        try:
            model = Model.model_validate(raw)
        except ValidationError as exc:
            for field, expected in _told(exc):
                self._fault(name, field, expected)
            return
        for field, expected in faults_of(model):
            self._fault(name, field, expected)
        if model.id in self.models:
            self._fault(name, "id", "expected once in a file")
        self.models[model.id] = model


_NAMES = {
    "id": "small letters, digits, dots and hyphens, at most 50, a letter or digit first",
    "title": "1 to 50 characters in one line, without blanks around them",
    "slug": "letters, digits, dots, hyphens and underscores, at most 70, a letter or digit first",
}
"""The fields with a pattern."""
_PLAIN = {
    "missing": "expected, but missing",
    "too_short": "expected at least one entry",
    "too_long": "expected at most {max_length} entries",
}
"""What is told without what was found."""
_EXPECTED = {
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "int_type": "a whole number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "invalid-json-value": "text, a number, true or false, or a list or table of them",
}
"""What stands in a file, for what the check of its form calls otherwise."""


def _told(exc: ValidationError) -> Iterator[tuple[str, str]]:
    errors = exc.errors(include_url=False)
    for error in errors:
        # A list whose entries are wrong is not empty, although it is left without any.
        inner = [other["loc"] for other in errors if other is not error]
        if error["type"] == "too_short" and any(loc[: len(error["loc"])] == error["loc"] for loc in inner):
            continue
        # Entries of a list are counted from 1, as a reader of the file counts them. That a name is wrong, and not what
        # stands behind it, is seen from what is expected.
        named = [part for part in error["loc"] if part != "[key]"]
        field = ".".join(str(part + 1) if isinstance(part, int) else part for part in named)
        match error["type"]:
            case kind if kind in _PLAIN:
                expected = _PLAIN[kind].format(**error.get("ctx", {}))
            case "extra_forbidden":
                nested = ' (nested names of a body are quoted: "outer.inner")' if "body" in error["loc"] else ""
                expected = f"expected no such field{nested}"
            case "catalogue":
                expected = error["msg"]
            case kind if kind in _EXPECTED:
                expected = f"expected {_EXPECTED[kind]}; found {str(error['input'])[:40]!r}"
            case "string_pattern_mismatch":
                expected = f"expected {_NAMES[str(error['loc'][-1])]}; found {str(error['input'])[:40]!r}"
            case "literal_error":
                expected = f"expected {error['ctx']['expected']}; found {str(error['input'])[:40]!r}"
            case _:
                said = error["msg"].replace("Input should be", "expected").replace("String should", "expected to")
                expected = f"{said}; found {str(error['input'])[:40]!r}"
        yield field or "entry", expected
