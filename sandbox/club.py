"""A server of the local Discord with the people that a story about the bot needs."""

from dataclasses import dataclass
from typing import Self

from sandbox.discord import Answer, Channel, DiscordServer, Guild, Member, Overwrite, Permission, Role, User, wait_until

BOT_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
    | Permission.READ_MESSAGE_HISTORY
)
"""What the README's invite link asks for."""

TRYING = "I am posting a silent test message"
"""What the report of a setup says until it is complete."""


@dataclass(frozen=True, slots=True)
class Club:
    """A server; `mia` has the role Makers, `tom` has none, `mod` moderates; only admins and the bot see `clips`."""

    discord: DiscordServer
    guild: Guild
    videos: Channel
    general: Channel
    log: Channel
    clips: Channel
    makers: Role
    moderators: Role
    mia: Member
    tom: Member
    mod: Member

    @classmethod
    def found(cls, discord: DiscordServer, *, owner: User | None = None, name: str = "Film Club") -> Self:
        """A new server that the bot is in, owned by the bot's owner or by somebody else; nothing is set up there."""
        world = discord.world
        guild = world.add_guild(name, owner=owner or world.owner, bot_permissions=BOT_PERMISSIONS)
        makers = guild.add_role("Makers")
        moderators = guild.add_role("Moderators", permissions=Permission.MODERATE_MEMBERS)
        hidden: dict[Role | Member, Overwrite] = {
            guild.everyone: Overwrite(deny=Permission.VIEW_CHANNEL),
            guild.me: Overwrite(allow=BOT_PERMISSIONS),
        }
        return cls(
            discord,
            guild,
            general=guild.add_channel("general"),
            videos=guild.add_channel("videos"),
            log=guild.add_channel("video-log"),
            clips=guild.add_channel("video-clips", overwrites=hidden),
            makers=makers,
            moderators=moderators,
            mia=guild.add_member("mia", roles=[makers]),
            tom=guild.add_member("tom"),
            mod=guild.add_member("mod", roles=[moderators]),
        )

    @property
    def owner(self) -> Member:
        """Whose server it is."""
        return self.guild.owner

    async def set_up(self, *, clips: bool = True) -> Answer:
        """The owner runs /video-admin setup: Makers may order in #videos, Moderators watch, a log; the report.

        `clips`: whether the clip channel is chosen too.
        """
        owner = self.discord.person(self.owner)
        panel = (await owner.invoke("video-admin setup", channel=self.videos)).reply
        channels, lent, *_ = panel.selects
        await owner.select(panel, channels, [self.videos])
        await owner.select(panel, lent, [self.clips] if clips else [])
        await owner.click(panel, "Next")
        roles, _denied, moderator = panel.selects
        await owner.select(panel, roles, [self.makers])
        await owner.select(panel, moderator, [self.moderators])
        await owner.click(panel, "Next")
        await owner.select(panel, next(iter(panel.selects)), [self.log])
        report = await owner.click(panel, "Save")
        await wait_until(lambda: TRYING not in report.text)
        return report
