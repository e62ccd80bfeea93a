"""Guilds on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.discord.permissions import Permission
from sandbox.discord.snowflakes import made_at
from sandbox.discord.wire import Payload, timestamp

if TYPE_CHECKING:
    from sandbox.discord.guild import Guild

_UNSET = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)
_ORDINARY: Payload = {
    "features": [],
    "region": "us-east",
    "afk_timeout": 300,
    "system_channel_flags": 0,
    "widget_enabled": False,
    "verification_level": 0,
    "default_message_notifications": 1,
    "mfa_level": 0,
    "explicit_content_filter": 0,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "premium_progress_bar_enabled": False,
    "nsfw": False,
    "nsfw_level": 0,
    "emojis": [],
    "stickers": [],
}
_BOOSTS = {0: 0, 1: 2, 2: 7, 3: 14}


def guild_payload(guild: Guild) -> Payload:
    """The guild as REST answers it."""
    return {
        **dict.fromkeys(_UNSET),
        **_ORDINARY,
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "roles": [role.payload() for role in guild.roles.values()],
        "premium_tier": guild.boost_tier,
        "premium_subscription_count": _BOOSTS[guild.boost_tier],
        "preferred_locale": guild.locale,
    }


def joining_payload(guild: Guild) -> Payload:
    """The guild as GUILD_CREATE brings it: only the threads that the bot can see and are not archived."""
    bot = guild.me.user
    threads = [thread for thread in guild.threads.values() if not thread.archived]
    seen = [thread for thread in threads if Permission.VIEW_CHANNEL in thread.permissions_of(bot)]
    return {
        **guild_payload(guild),
        "joined_at": timestamp(made_at(guild.id)),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [guild.me.payload()],
        "channels": [channel.payload() for channel in guild.channels.values()],
        "threads": [thread.payload() for thread in seen],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
