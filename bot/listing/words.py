"""The catalogue's words as people say them."""

from collections.abc import Iterator

from bot.catalogue.schema import Choice, Condition, Input

INPUT_WORDS: dict[Input, str] = {
    "image": "picture",
    "last_image": "last picture",
    "character": "character clip",
    "parent_task": "video to remix",
}


def counted(number: int, noun: str) -> str:
    """A number of things: `1 model`, `2 models`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def in_words(choice: Choice) -> str:
    """What a choice or condition asks for: `at 1080p for 6 s or 8 s with sound`."""
    return " ".join(_parts(choice))


def _parts(choice: Choice) -> Iterator[str]:
    if choice.resolution:
        yield f"at {' or '.join(choice.resolution)}"
    if choice.aspect:
        yield f"as {' or '.join(choice.aspect)}"
    if choice.duration:
        yield f"for {' or '.join(f'{seconds} s' for seconds in choice.duration)}"
    if choice.audio is not None:
        yield "with sound" if choice.audio else "without sound"
    if isinstance(choice, Condition) and choice.given:
        yield f"with a {' and a '.join(INPUT_WORDS[name] for name in choice.given)}"
