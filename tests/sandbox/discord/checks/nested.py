"""Reads Discord's nested errors."""


def places(errors: object, path: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Flatten nested errors into the codes by dotted place."""
    assert isinstance(errors, dict)
    found: dict[str, list[str]] = {}
    for step, inner in errors.items():
        if step == "_errors":
            assert all(each["message"] for each in inner)
            found[".".join(path)] = [each["code"] for each in inner]
        else:
            found |= places(inner, (*path, step))
    return found
