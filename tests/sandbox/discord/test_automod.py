"""AutoMod's rules in the local Discord."""

import discord
import pytest

from sandbox.discord import Permission, automod
from tests.sandbox.discord.studio import Studio


async def test_rules_are_read_with_words_patterns_and_lists_of_discords_own(studio: Studio) -> None:
    studio.guild.me.give(studio.guild.add_role("managers", permissions=Permission.MANAGE_GUILD))
    automod.add_rule(studio.guild, "words", ["cat*", "dog"], ["b.d"], enabled=False)
    automod.add_rule(studio.guild, "Discord's list", is_preset=True)

    own, preset = await (await studio.bot.fetch_guild(studio.guild.id)).fetch_automod_rules()

    assert (own.name, own.enabled, own.trigger.type) == ("words", False, discord.AutoModRuleTriggerType.keyword)
    assert (own.trigger.keyword_filter, own.trigger.regex_patterns) == (["cat*", "dog"], ["b.d"])
    assert (preset.enabled, preset.trigger.type) == (True, discord.AutoModRuleTriggerType.keyword_preset)
    assert preset.trigger.keyword_filter == []


async def test_without_manage_server_no_rule_is_shown(studio: Studio) -> None:
    automod.add_rule(studio.guild, "words", ["cat"])

    with pytest.raises(discord.Forbidden) as refusal:
        await (await studio.bot.fetch_guild(studio.guild.id)).fetch_automod_rules()

    assert refusal.value.code == 50013


@pytest.mark.parametrize(("words", "patterns"), [(["x" * 61], []), ([""], []), ([], ["x"] * 11), (["x"] * 1001, [])])
async def test_a_rule_has_discords_limits(studio: Studio, words: list[str], patterns: list[str]) -> None:
    with pytest.raises(AssertionError):
        automod.add_rule(studio.guild, "words", words, patterns)
