"""What Discord would refuse in a body, gathered by place into its nested `errors` object."""

from dataclasses import dataclass, field

Path = tuple[str | int, ...]
Nested = dict[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse a body, and the place that it is about."""

    path: Path
    code: str
    message: str


@dataclass(slots=True)
class Refusals:
    """The refusals found so far in one body."""

    found: list[Refusal] = field(default_factory=list)

    def add(self, path: Path, code: str, message: str) -> None:
        """Note that the value at `path` is refused."""
        self.found.append(Refusal(path, code, message))

    def nested(self) -> Nested | None:
        """Return Discord's `errors` object, arrays keyed by index, or None when nothing was refused.

        A place has either reasons of its own or refused children, so a parent's reason gives way to its children's.
        """
        parents = {refusal.path[:depth] for refusal in self.found for depth in range(len(refusal.path))}
        root: Nested = {}
        for refusal in self.found:
            if refusal.path not in parents:
                _reasons(root, refusal.path).append({"code": refusal.code, "message": refusal.message})
        return root or None


def _reasons(root: Nested, path: Path) -> list[dict[str, str]]:
    node = root
    for step in path:
        child = node.setdefault(str(step), {})
        assert isinstance(child, dict)
        node = child
    reasons = node.setdefault("_errors", [])
    assert isinstance(reasons, list)
    return reasons
