"""Characters as people see them: one card each, and a list in pages."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.client.escape import escape
from bot.domain.character import LONGEST_NAME, Character, Sharing
from bot.domain.sentence import N_, Instant, Mention
from bot.locales import Translator
from bot.policy.asker import Asker
from cogs.cards.labels import SEPARATOR

TEXT_LIMIT = 3600
"""Characters of a page's entries; Discord takes 4000 with the headings."""
MOST_ENTRIES = 12
"""Each may be a container with a text, and Discord takes 40 components."""

View = discord.ui.LayoutView


@dataclass(frozen=True, slots=True)
class Entry:
    """One character in a list."""

    text: str
    own: bool


def shown_name(character: Character) -> str:
    """A name in bold; markdown in it is shown as typed."""
    return f"**{escape(character.name, 2 * LONGEST_NAME, max_lines=1)}**"


def sharing_of(character: Character, asker: Asker, translator: Translator) -> str:
    """Who may use a character besides its owner, in a few words."""
    if character.sharing is Sharing.ME:
        return translator.text(N_("Only you may use it."))
    if character.guild_id != asker.guild_id:
        return translator.text(N_("It is shared in another server."))
    if character.sharing is Sharing.EVERYONE:
        return translator.text(N_("Everyone here may use it."))
    chosen = [Mention("role", id_) for id_ in sorted(character.role_ids)]
    chosen += [Mention("user", id_) for id_ in sorted(character.user_ids)]
    if not chosen:
        return translator.text(N_("Only you may use it, until you choose somebody."))
    return translator.text(N_("You and these may use it here: {chosen}"), chosen=tuple(chosen))


def described(character: Character, asker: Asker, translator: Translator) -> str:
    """One's own character: name, length, since when, who may use it."""
    saved = translator.text(N_("saved {when}"), when=Instant(character.created_at, "d"))
    facts = SEPARATOR.join([translator.seconds(character.seconds.normalize()), saved])
    return f"{shown_name(character)}\n{facts}\n{sharing_of(character, asker, translator)}"


def saved_card(character: Character, asker: Asker, translator: Translator, heading: str) -> View:
    """A character by itself, and how it is used."""
    hint = translator.text(N_("Use it with `character` in /video. /character share changes who may use it."))
    texts = [f"### {translator.text(heading)}", described(character, asker, translator), f"-# {hint}"]
    card: discord.ui.Container[View] = discord.ui.Container(*(discord.ui.TextDisplay(text) for text in texts))
    return View(timeout=None).add_item(card)


def entries_of(
    own: Sequence[Character], borrowed: Sequence[Character], asker: Asker, translator: Translator
) -> list[Entry]:
    """Everything that a list shows."""
    mine = [Entry(described(one, asker, translator), own=True) for one in own]
    by = N_("of {member}")
    return mine + [
        Entry(f"{shown_name(one)} {translator.text(by, member=Mention('user', one.owner_id))}", own=False)
        for one in borrowed
    ]


def paged(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries in as many pages as Discord's limits ask for; at least one."""
    pages: list[list[Entry]] = [[]]
    for entry in entries:
        page = pages[-1]
        length = sum(len(other.text) + 1 for other in page) + len(entry.text)
        if page and (len(page) >= MOST_ENTRIES or length > TEXT_LIMIT):
            pages.append([])
        pages[-1].append(entry)
    return pages


def page_items(page: Sequence[Entry], translator: Translator) -> list[discord.ui.Item[View]]:
    """A page: a card for each of one's own characters, then those of others in lines."""
    own, borrowed = [entry for entry in page if entry.own], [entry for entry in page if not entry.own]
    items: list[discord.ui.Item[View]] = []
    if own:
        items.append(discord.ui.TextDisplay(f"### {translator.text(N_('Your characters'))}"))
        items += [discord.ui.Container(discord.ui.TextDisplay(entry.text)) for entry in own]
    if borrowed:
        heading = translator.text(N_("Characters of others that you may use here"))
        items.append(discord.ui.TextDisplay(f"### {heading}"))
        items.append(discord.ui.Container(discord.ui.TextDisplay("\n".join(entry.text for entry in borrowed))))
    if not items:
        none = N_("You have no characters yet. Make one with /character new.")
        items.append(discord.ui.TextDisplay(translator.text(none)))
    return items
