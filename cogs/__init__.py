"""Discord's face: commands, buttons and forms that collect, call and show."""

from discord import app_commands

from bot.client.bot import ClapboardBot
from cogs.cards import JobCards
from cogs.character.cog import CharacterCommands
from cogs.character.save import SaveCharacterButton
from cogs.log.buttons import LOG_BUTTONS
from cogs.menus.animate import Animate
from cogs.menus.details import DetailsMenu
from cogs.menus.report import ReportMenu
from cogs.menus.verdicts import ReportBlockButton, ReportDismissButton, ReportRemoveButton
from cogs.my_videos.cancel import CancelButton
from cogs.my_videos.cog import MyVideos
from cogs.my_videos.delete import DeleteButton
from cogs.presence import PresenceListener
from cogs.remix.button import RemixButton
from cogs.remix.cog import Remix
from cogs.retirements import OfferButton
from cogs.serving import SERVING_BUTTONS
from cogs.video.again import AgainButton
from cogs.video.cog import Video
from cogs.video.edit import EditButton
from cogs.video.ordering import Ordering
from cogs.video.retry import RetryButton
from cogs.video_admin.cog import VideoAdmin
from cogs.video_help import VideoHelp
from cogs.video_mod.cog import VideoMod

BUTTONS = (
    AgainButton,
    RetryButton,
    RemixButton,
    EditButton,
    CancelButton,
    DeleteButton,
    SaveCharacterButton,
    ReportRemoveButton,
    ReportBlockButton,
    ReportDismissButton,
    *LOG_BUTTONS,
)
"""Every button about a job."""
SERVERS_ONLY = frozenset({"video-admin", "video-mod", "Report this video"})
"""What moderators and managers do, and what is told to them."""


async def setup(bot: ClapboardBot, *, user_installs: bool = False) -> None:
    """Add every command and every button that works on old messages.

    `user_installs`: members may install the bot for themselves and use it anywhere.
    """
    services = bot.services
    cards = JobCards(services.catalogue, services.notice, services.clock)
    video = Video(Ordering(services, cards))
    for cog in (video, Remix(bot), Animate(bot), MyVideos(cards), VideoHelp(cards), VideoAdmin(), VideoMod(cards)):
        await bot.add_cog(cog)
    for menu in (DetailsMenu(bot, cards), ReportMenu(bot)):
        await bot.add_cog(menu)
    await bot.add_cog(CharacterCommands())
    await bot.add_cog(PresenceListener(bot))
    bot.add_dynamic_items(*BUTTONS, *SERVING_BUTTONS, OfferButton)
    _place_commands(bot, user_installs=user_installs)


def _place_commands(bot: ClapboardBot, *, user_installs: bool) -> None:
    """Say where Discord offers each command: what needs a server in servers only."""
    for command in bot.tree.get_commands():
        everywhere = command.name not in SERVERS_ONLY
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=everywhere, private_channel=everywhere and user_installs
        )
        # An application that is not set up for user installs may not be sent them.
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=everywhere and user_installs)
