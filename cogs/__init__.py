"""Discord's face: commands, buttons and forms that collect, call and show."""

from bot.client.bot import ClapboardBot
from cogs.cards import JobCards
from cogs.my_videos.cancel import CancelButton
from cogs.my_videos.cog import MyVideos
from cogs.my_videos.delete import DeleteButton
from cogs.video.cog import Video
from cogs.video.ordering import Ordering
from cogs.video_admin.cog import VideoAdmin
from cogs.video_help import VideoHelp
from cogs.video_mod import VideoMod


async def setup(bot: ClapboardBot) -> None:
    """Add every command and every button that works on old messages."""
    services = bot.services
    cards = JobCards(services.catalogue, services.notice, services.clock)
    for cog in (Video(Ordering(services, cards)), MyVideos(cards), VideoHelp(cards), VideoAdmin(), VideoMod()):
        await bot.add_cog(cog)
    bot.add_dynamic_items(CancelButton, DeleteButton)
