"""What the tour promises, shows and keeps: checks, texts as people see them, and the videos it was given."""

from pathlib import Path

import av

from sandbox.discord import Attachment
from sandbox.stage import Stage

OUTPUT = Path("demo-output")


class DemoError(Exception):
    """Something in the tour was not as promised; the text says what."""


def expect(true: bool, promise: str) -> None:
    """Raise DemoError unless the promise is kept."""
    if not true:
        raise DemoError(promise)


def state_of(text: str) -> str:
    """The line of a card that says how it stands."""
    return next((line for line in text.split("\n") if line.startswith("**")), text)


def named(stage: Stage, text: str) -> str:
    """The text with mentions as people see them."""
    names = {f"<@&{role.id}>": f"@{role.name}" for role in stage.guild.roles.values()}
    names |= {f"<#{channel.id}>": f"#{channel.name}" for channel in stage.guild.channels.values()}
    names |= {f"<@{member.id}>": f"@{member.user.name}" for member in stage.guild.members.values()}
    for mention, name in names.items():
        text = text.replace(mention, name)
    return text


def save(attachment: Attachment, path: Path) -> str:
    """Write an attachment to disk; its path, codec, size and length in a line."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(attachment.data)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        seconds = (container.duration or 0) / 1_000_000
        sound = container.streams.audio[0].codec_context.name if container.streams.audio else "no sound"
        codec, width, height = video.codec_context.name, video.width, video.height
    return f"{path} · {codec} {width}×{height} · {sound} · {path.stat().st_size / 1024:.0f} KiB · {seconds:.1f} s"
