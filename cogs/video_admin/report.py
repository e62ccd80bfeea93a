"""What holds after a setup, in words: who may order, where, whether the server is approved, what the bot lacks."""

from collections.abc import Iterator

import discord

from bot.client.asker import lacking
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import N_, NN_, Mention, channels, roles
from bot.locales import Translator
from bot.policy.errors import ServerDeclinedError

TEXT_LIMIT = 4000
_IN_THREADS = (discord.ForumChannel,)


def report_card(saved: Guild, guild: discord.Guild | None, translator: Translator) -> discord.ui.LayoutView:
    """The report as a card; `guild` is the server as the bot sees it, where it does."""
    text = "\n".join(_lines(saved, guild, translator))
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(discord.ui.TextDisplay(text[:TEXT_LIMIT]))
    return discord.ui.LayoutView().add_item(card)


def _lines(saved: Guild, guild: discord.Guild | None, translator: Translator) -> Iterator[str]:
    text, choices = translator.text, saved.choices
    yield f"## {text(N_('Saved'))}"
    yield _approval(saved, translator)
    if choices.role_ids:
        yield text(
            N_("Videos can be made by {roles} and by members with Manage Server."), roles=roles(choices.role_ids)
        )
    else:
        yield text(N_("Videos can be made by members with Manage Server only. Choose roles to let others."))
    if choices.channel_ids:
        yield text(N_("Videos are made in {channels}."), channels=channels(choices.channel_ids))
    else:
        yield text(N_("Videos are made in every channel."))
    daily = NN_("A member may make {count} video a day.", "A member may make {count} videos a day.")
    yield text(daily, count=saved.allowance(frozenset()).videos_a_day)
    yield text(N_("A day begins at midnight in {zone}."), zone=choices.time_zone)
    yield from _prices_and_pictures(choices, translator)
    yield from _watching(saved, guild, translator)
    yield from _lending(choices, guild, translator)
    yield from _obstacles(saved, guild, translator)


def _approval(saved: Guild, translator: Translator) -> str:
    if saved.approved:
        return translator.text(N_("This server is approved."))
    if saved.declined:
        return translator.text(ServerDeclinedError.message)
    return translator.text(
        N_("The operator of this bot has been asked to approve this server. Videos can be made once that is done.")
    )


def _watching(saved: Guild, guild: discord.Guild | None, translator: Translator) -> Iterator[str]:
    choices = saved.choices
    if choices.moderator_role_id is not None:
        role = Mention("role", choices.moderator_role_id)
        yield translator.text(N_("{role} can cancel and remove the videos of others, and block members."), role=role)
        if guild is not None and _is_not_shown_commands(guild.get_role(choices.moderator_role_id)):
            told = N_(
                "Discord shows /video-mod to {role} only with Moderate Members, "
                "or if you allow it under Server Settings → Integrations."
            )
            yield translator.text(told, role=role)
    if choices.log_channel_id is not None:
        channel = Mention("channel", choices.log_channel_id)
        yield translator.text(N_("Reports and private videos are shown to moderators in {channel}."), channel=channel)
    else:
        told = N_("Reports and private videos are not shown to moderators, because no log channel is chosen.")
        yield translator.text(told)


def _prices_and_pictures(choices: GuildChoices, translator: Translator) -> Iterator[str]:
    text = translator.text
    if choices.confirm_above is not None:
        price = translator.money(choices.confirm_above)
        yield text(N_("Buttons ask first when a video costs more than {price}."), price=price)
    if choices.show_money:
        yield text(N_("Members see prices."))
    if choices.animate_any:
        yield text(N_("Members may animate pictures that others have posted."))


def _lending(choices: GuildChoices, guild: discord.Guild | None, translator: Translator) -> Iterator[str]:
    """Where files are handed to the video service, what the bot lacks there, and who else sees them."""
    if choices.clip_channel_id is None:
        told = N_(
            "No clip channel is chosen, so members may be unable to use each other's pictures, clips and characters."
        )
        yield translator.text(told)
        return
    channel = Mention("channel", choices.clip_channel_id)
    yield translator.text(N_("I hand pictures and clips to the video service in {channel}."), channel=channel)
    found = guild.get_channel(choices.clip_channel_id) if guild else None
    missing = ("View Channel",) if guild is None or found is None else _missing_to_lend(found.permissions_for(guild.me))
    if missing:
        told = N_("I can't hand anything over in {channel}: missing {missing}.")
        yield translator.text(told, channel=channel, missing=missing)
    if guild is not None and found is not None and found.permissions_for(guild.default_role).view_channel:
        told = N_("Everybody can see {channel}, so I hand over nothing of others there. Please make it private.")
        yield translator.text(told, channel=channel)


def _missing_to_lend(may: discord.Permissions) -> tuple[str, ...]:
    """The permissions that lending needs: the history too, to find and take back what was posted."""
    unread = () if may.administrator or may.read_message_history else ("Read Message History",)
    return (*lacking(may, thread=False), *unread)


def _is_not_shown_commands(role: discord.Role | None) -> bool:
    """Whether Discord hides the moderators' commands from a role, by the permission that they ask for."""
    return role is not None and not (role.permissions.moderate_members or role.permissions.administrator)


def _obstacles(saved: Guild, guild: discord.Guild | None, translator: Translator) -> Iterator[str]:
    choices = saved.choices
    chosen = [*sorted(choices.channel_ids)]
    if choices.log_channel_id is not None and choices.log_channel_id not in chosen:
        chosen.append(choices.log_channel_id)
    for channel_id in chosen:
        missing = _missing(channel_id, guild)
        if missing:
            channel = Mention("channel", channel_id)
            told = N_("I can't post in {channel}: missing {missing}.")
            yield translator.text(told, channel=channel, missing=missing)


def _missing(channel_id: int, guild: discord.Guild | None) -> tuple[str, ...]:
    channel = guild.get_channel(channel_id) if guild else None
    if guild is None or channel is None:
        return ("View Channel",)
    return lacking(channel.permissions_for(guild.me), thread=isinstance(channel, _IN_THREADS))
