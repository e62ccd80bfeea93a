"""People and bots as Discord knows them outside any guild."""

from dataclasses import dataclass

from sandbox.discord.wire import Payload


@dataclass(slots=True, eq=False)
class User:
    """An account."""

    id: int
    name: str
    bot: bool = False
    takes_direct_messages: bool = True

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def payload(self) -> Payload:
        """The account as others see it."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "bot": self.bot,
            "primary_guild": None,
        }

    def own_payload(self) -> Payload:
        """The account as it sees itself."""
        return {**self.payload(), "mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}


@dataclass(slots=True, eq=False)
class Application:
    """The application that the bot under test logs in as."""

    id: int
    name: str
    bot: User
    owner: User
    token: str
    installs: tuple[int, ...] = (0, 1)
    """How it may be installed, which commands follow that say nothing of it: 0 in guilds, 1 for oneself."""
    flags: int = 0
    """What is switched on in the portal, such as 1 << 19 for the Message Content intent of a small application."""

    def payload(self, guild_count: int, user_count: int = 0) -> Payload:
        """What `/oauth2/applications/@me` answers."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "description": "",
            "type": None,
            "verify_key": f"{self.id:064x}",
            "flags": self.flags,
            "flags_new": str(self.flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": self.owner.payload(),
            "approximate_guild_count": guild_count,
            "approximate_user_install_count": user_count,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": [],
            "bot": self.bot.payload(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "integration_types_config": {str(kind): {} for kind in self.installs},
        }
