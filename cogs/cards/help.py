"""What the bot tells about itself: how to make a video, who sees prompts and files, where to ask."""

from collections.abc import Iterator

import discord

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.client.escape import escape, units
from bot.client.services import Notice
from bot.domain.sentence import N_, NN_
from bot.locales import Translator
from cogs.cards.labels import LONGEST_PROMPT, ORIENTATIONS, SEPARATOR

TEXT_LIMIT = 4000
"""Of all texts of a message, in UTF-16 units."""
MOST_MODELS, LINE_LIMIT = 10, 300

_HOW_TO = N_(
    "Type `/video`, describe what happens in the video, and send. I show how far it is, and post the finished "
    "video in the same channel. It takes a few minutes."
)
_FILES = N_(
    "`image` is the first picture of the video. `clip` shows a character who shall appear; `clip_range` "
    "chooses 1 to 3 seconds of it, such as `4.5-7`. Neither may show real people. `/character new` saves a character "
    "for many videos, which `character` then takes, and `/character share` lets others use it."
)
_MODEL = N_("`model` chooses one of those below; `more` asks for what else it has.")
_PRIVATE = N_("`private` sends everything to you as direct messages; moderators of this server may still see it.")
_BUTTONS = N_(
    "Below a finished video: **Again** makes it once more, **Remix** changes it, and **Edit prompt** makes another one "
    "from it; each counts as a video of whoever presses. **Save as character** keeps 1 to 3 seconds of it, for its "
    "author. **Delete** deletes the post, for its author and for moderators."
)
_MENUS = N_(
    "`/remix` changes one of your own videos. In the menu of a message, under *Apps*: **Animate this picture**, "
    "**Remix this video**, **Video details**, and in servers **Report this video**."
)
_FOLLOW = N_(
    "`/my-videos queue` shows what is on its way, `/my-videos cancel` stops it. Until it is ordered that is free. "
    "`/my-videos history` and `/my-videos show` give finished ones back. `/my-videos usage` says what you "
    "have used. In `/my-videos preferences` you choose how you are told, whether others may make videos from yours, "
    "and your usual options."
)
_KEPT = N_(
    "Of clips I keep only the chosen seconds, of finished videos only what is too large to be posted, for 7 days at "
    "most. A character is kept until you remove it with `/character remove`. `/my-videos export` gives you my records "
    "of you as a file. What stands in channels stays until it is deleted."
)


def help_card(catalogue: Catalogue, notice: Notice, translator: Translator) -> discord.ui.LayoutView:
    """How to make a video and use it again, what the models offer, what is kept, and the links of the operator."""
    texts = [
        f"## {translator.text(N_('Making videos'))}\n{translator.text(_HOW_TO)}",
        f"{translator.text(_MODEL)}\n{translator.text(_FILES)}\n{translator.text(_PRIVATE)}",
        f"{translator.text(_BUTTONS)}\n{translator.text(_MENUS)}",
        translator.text(_FOLLOW),
        f"{first_use(notice, translator, with_link=False)} {translator.text(_KEPT)}",
    ]
    texts.insert(-1, _choices(catalogue, translator, TEXT_LIMIT - sum(map(units, texts))))
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container()
    for text in texts:
        card.add_item(discord.ui.TextDisplay(text))
    links: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.Button(label=translator.text(label), url=url) for label, url in _links(notice)
    ]
    if links:
        card.add_item(discord.ui.ActionRow(*links))
    return discord.ui.LayoutView(timeout=None).add_item(card)


def _choices(catalogue: Catalogue, translator: Translator, room: int) -> str:
    """What the first models offer, as many as the room of a message takes."""
    lines = [f"**{translator.text(N_('Models'))}**"]
    for model in catalogue.models[:MOST_MODELS]:
        lines.append(escape(_model(model, translator), LINE_LIMIT))
        if units("\n".join(lines)) > room:
            return "\n".join(lines[:-1])
    return "\n".join(lines)


def first_use(notice: Notice, translator: Translator, *, with_link: bool = True) -> str:
    """Who gets prompts and files and how long they are kept, for somebody's first video."""
    kept = NN_(
        "Your prompt and files go to the video service ({services}). I keep them {count} day. "
        "/my-videos erase deletes them.",
        "Your prompt and files go to the video service ({services}). I keep them {count} days. "
        "/my-videos erase deletes them.",
    )
    text = translator.text(kept, count=notice.retention_days, services=notice.gateway_names)
    if notice.privacy_url is None or not with_link:
        return text
    return f"{text} {translator.text(N_('Privacy: {link}'), link=f'<{notice.privacy_url}>')}"


def _links(notice: Notice) -> Iterator[tuple[str, str]]:
    links = (
        (N_("Privacy"), notice.privacy_url),
        (N_("Terms"), notice.terms_url),
        (N_("Support"), notice.support_url),
    )
    for label, url in links:
        if url is not None:
            yield label, url


def _model(model: Model, translator: Translator) -> str:
    durations = model.durations
    lengths = (durations.values[0], durations.values[-1]) if durations.is_range else durations.values
    joined = ("–" if durations.is_range else ", ").join(str(length) for length in lengths)
    words = [translator.text(ORIENTATIONS.get(word, word)) for word in model.orientations]
    sound = {
        "always": N_("with sound"),
        "optional": N_("with or without sound"),
        "never": N_("without sound"),
    }[model.sound]
    limit = translator.text(N_("prompts up to {count} characters"), count=min(model.prompt_limit, LONGEST_PROMPT))
    shape = [", ".join(words)] if words else []
    inputs = ", ".join(translator.text(name) for name, taken in _inputs(model) if taken)
    parts = [f"{model.title}: {joined} s", *shape, translator.text(sound), inputs, limit]
    return SEPARATOR.join(part for part in parts if part)


def _inputs(model: Model) -> Iterator[tuple[str, bool]]:
    """What a video can be made of besides words."""
    yield N_("picture"), model.takes_image
    yield N_("last picture"), model.takes_last_image
    yield N_("clip"), model.takes_clip
    yield N_("remix"), model.can_remix
