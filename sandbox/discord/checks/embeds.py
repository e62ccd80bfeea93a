"""The limits of embeds."""

from datetime import datetime

from sandbox.discord.checks.fields import Rule, anything, every, items, link, objects, shape, text, truth, whole
from sandbox.discord.checks.refusals import Path, Refusals

MAX_EMBEDS = 10
MAX_TEXT = 6000


def _moment(refusals: Refusals, path: Path, value: object) -> None:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        reason = f'Could not parse "{value}". Should be ISO8601.'
        refusals.add(path, "DATE_TIME_TYPE_PARSE", reason)


def _total_text(refusals: Refusals, path: Path, value: object) -> None:
    if sum(_text_size(embed) for embed in objects(value)) > MAX_TEXT:
        reason = f"Embed size exceeds maximum size of {MAX_TEXT}"
        refusals.add(path, "MAX_EMBED_SIZE_EXCEEDED", reason)


def _text_size(embed: dict[str, object]) -> int:
    texts = [embed.get("title"), embed.get("description")]
    for outer, inner in (("footer", "text"), ("author", "name")):
        holder = embed.get(outer)
        texts.append(holder.get(inner) if isinstance(holder, dict) else None)
    for field in objects(embed.get("fields")):
        texts += [field["name"], field["value"]]
    return sum(len(str(each)) for each in texts if each)


_PICTURE = link(2048, "http", "https", "attachment")
# The client sends an embed's pictures back as it got them, sizes and proxy addresses included.
_MEDIA: Rule = shape(
    {},
    {
        "url": _PICTURE,
        "description": text(4096),
        **dict.fromkeys(("proxy_url", "width", "height", "flags", "placeholder", "content_type"), anything),
        **dict.fromkeys(("placeholder_version", "is_animated"), anything),
    },
)
_EMBED = shape(
    {},
    {
        "type": text(100),
        "title": text(256),
        "description": text(4096),
        "url": link(2048),
        "timestamp": _moment,
        "color": whole(0, 0xFFFFFF),
        # The client says `flags: 0` in every embed.
        "flags": whole(0, 2**31 - 1),
        "footer": shape({}, {"text": text(2048), "icon_url": _PICTURE, "proxy_icon_url": anything}),
        "author": shape({}, {"name": text(256), "url": link(2048), "icon_url": _PICTURE, "proxy_icon_url": anything}),
        "provider": shape({}, {"name": text(256), "url": link(2048)}),
        "fields": items(shape({"name": text(256, 1), "value": text(1024, 1)}, {"inline": truth}), 0, 25),
        **dict.fromkeys(("image", "thumbnail", "video"), _MEDIA),
    },
)

EMBEDS = every(items(_EMBED, 0, MAX_EMBEDS), _total_text)
