"""AutoMod's rules about words, as far as somebody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.discord.wire import Payload

if TYPE_CHECKING:
    from sandbox.discord.guild import Guild

MOST_KEYWORDS, LONGEST_KEYWORD = 1000, 60
MOST_PATTERNS, LONGEST_PATTERN = 10, 260
"""Discord's limits of one rule."""
KEYWORD, PRESET = 1, 4


@dataclass(frozen=True, slots=True)
class AutoModRule:
    """A rule that blocks messages with words of its own, or with those of a list that Discord keeps."""

    id: int
    guild_id: int
    creator_id: int
    name: str
    keywords: tuple[str, ...]
    patterns: tuple[str, ...]
    is_preset: bool
    enabled: bool

    def payload(self) -> Payload:
        own: Payload = {
            "keyword_filter": list(self.keywords),
            "regex_patterns": list(self.patterns),
            "allow_list": [],
        }
        return {
            "id": str(self.id),
            "guild_id": str(self.guild_id),
            "creator_id": str(self.creator_id),
            "name": self.name,
            "event_type": 1,
            "actions": [{"type": 1, "metadata": {}}],
            "trigger_type": PRESET if self.is_preset else KEYWORD,
            "trigger_metadata": {"presets": [1, 2], "allow_list": []} if self.is_preset else own,
            "enabled": self.enabled,
            "exempt_roles": [],
            "exempt_channels": [],
        }


def add_rule(
    guild: Guild,
    name: str,
    keywords: Sequence[str] = (),
    patterns: Sequence[str] = (),
    *,
    is_preset: bool = False,
    enabled: bool = True,
) -> AutoModRule:
    """Add a rule as a manager of the server would; Discord's limits hold."""
    assert len(keywords) <= MOST_KEYWORDS and all(0 < len(word) <= LONGEST_KEYWORD for word in keywords)
    assert len(patterns) <= MOST_PATTERNS and all(0 < len(pattern) <= LONGEST_PATTERN for pattern in patterns)
    words, regexes = tuple(keywords), tuple(patterns)
    rule = AutoModRule(guild.world.ids.next(), guild.id, guild.owner.id, name, words, regexes, is_preset, enabled)
    guild.world.automod.setdefault(guild.id, []).append(rule)
    return rule
