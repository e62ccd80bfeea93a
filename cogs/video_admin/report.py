"""What holds after a setup, in words: who may order, where, whether the server is approved, what the bot lacks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.catalogue.catalogue import Catalogue
from bot.client.places import is_age_restricted
from bot.domain.guild import Guild
from bot.domain.sentence import N_, NN_, Mention, Sentence, channels, roles
from bot.domain.tier import NO_LIMIT
from bot.locales import Translator
from bot.policy.errors import ServerDeclinedError
from cogs.video_admin.budget import budget_lines
from cogs.video_admin.rights import Rights, rights_of
from cogs.video_admin.tier_words import everyone_line

TEXT_LIMIT, HOLDS_LIMIT = 3900, 3500
"""Characters of a report, and of what holds by it: Discord takes 4000 of a message."""
MOST_NAMED = 10
Outcomes = Mapping[int, Sentence | None]
"""What went wrong with the test message in each channel; None where nothing did."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the operator has to give: the models, what is paid for in a month (in units), and the roles that may make
    videos where a server has chosen none."""

    catalogue: Catalogue
    cap: int
    default_roles: frozenset[int] = frozenset()


class Report:
    """A server after its setup; `guild` is the server as the bot sees it, where it does."""

    def __init__(self, saved: Guild, guild: discord.Guild | None, translator: Translator, offer: Offer) -> None:
        self._saved, self._choices = saved, saved.choices
        self._guild = guild
        self._translator = translator
        self._offer = offer
        self._rights = rights_of(saved.choices, guild)

    @property
    def to_try(self) -> Sequence[int]:
        """The channels in which a test message should work."""
        return [rights.channel_id for rights in self._rights if rights.is_ready and rights.takes_messages]

    def card(self, outcomes: Outcomes | None = None) -> discord.ui.LayoutView:
        """The report as a card; None for `outcomes`: the channels are still being tried."""
        text = "\n".join(self._what_holds())[:HOLDS_LIMIT]
        found = _fitting(self._channels(outcomes), TEXT_LIMIT - len(text), self._translator)
        card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(discord.ui.TextDisplay(text))
        if found:
            card.add_item(discord.ui.Separator())
            card.add_item(discord.ui.TextDisplay(found))
        return discord.ui.LayoutView().add_item(card)

    def _what_holds(self) -> Iterator[str]:
        yield f"## {self._translator.text(N_('Saved'))}"
        yield self._approval()
        yield from self._who()
        yield from self._where()
        yield from self._how()
        yield from self._watching()
        yield from self._lending()

    def _approval(self) -> str:
        if self._saved.approved:
            return self._translator.text(N_("This server is approved."))
        if self._saved.declined:
            return self._translator.text(ServerDeclinedError.message)
        return self._translator.text(
            N_("The operator of this bot has been asked to approve this server. Videos can be made once that is done.")
        )

    def _who(self) -> Iterator[str]:
        text, choices = self._translator.text, self._choices
        may = choices.role_ids or self._default_roles()
        if may:
            named = _some(roles(may), self._translator)
            yield text(N_("Videos can be made by {roles} and by members with Manage Server."), roles=named)
        else:
            yield text(N_("Videos can be made by members with Manage Server only. Choose roles to let others."))
        if choices.denied_role_ids:
            named = _some(roles(choices.denied_role_ids), self._translator)
            yield text(N_("Nobody with one of these roles can make videos: {roles}."), roles=named)
        yield everyone_line(self._saved, self._offer.catalogue, self._translator)
        if choices.log_channel_id is None and _asks_for_approval(self._saved):
            yield text(N_("What a manager has to approve can't be ordered, because no log channel is chosen."))
        yield from budget_lines(choices, self._offer.cap, self._translator)
        yield text(N_("A day begins at midnight in {zone}."), zone=choices.time_zone)
        if choices.confirm_above is not None:
            price = self._translator.money(choices.confirm_above)
            yield text(N_("Buttons ask first when a video costs more than {price}."), price=price)
        if choices.show_money:
            yield text(N_("Members see prices."))
        if choices.animate_any:
            yield text(N_("Members may animate pictures that others have posted."))

    def _default_roles(self) -> frozenset[int]:
        """Of the operator's roles those that are this server's."""
        own = frozenset[int]() if self._guild is None else frozenset(role.id for role in self._guild.roles)
        return self._offer.default_roles & own

    def _where(self) -> Iterator[str]:
        text, choices = self._translator.text, self._choices
        if choices.channel_ids:
            named = _some(channels(choices.channel_ids), self._translator)
            yield text(N_("Videos are made in {channels}."), channels=named)
        else:
            yield text(N_("Videos are made in every channel."))
        if choices.age_restricted_only:
            yield text(N_("Of these, only age-restricted channels count."))
        if choices.gallery_channel_id is not None:
            gallery = Mention("channel", choices.gallery_channel_id)
            yield text(N_("Finished videos are posted in {channel}."), channel=gallery)
            if choices.channel_ids and choices.gallery_channel_id not in choices.channel_ids:
                told = N_(
                    "Members can't use **Again**, **Remix** and **Edit prompt** in {channel}, "
                    "because it is not among the channels where videos are made."
                )
                yield text(told, channel=gallery)
        elif choices.result_threads:
            yield text(N_("Finished videos are posted in threads below their status messages."))
        if choices.announcement_channel_id is not None:
            yield from self._announcing(choices.announcement_channel_id)
        yield from self._not_shown()

    def _announcing(self, channel_id: int) -> Iterator[str]:
        text, channel = self._translator.text, Mention("channel", channel_id)
        if not self._choices.publish:
            yield text(N_("A copy of each video is posted in {channel}."), channel=channel)
            return
        yield text(N_("A copy of each video is posted in {channel} and published."), channel=channel)
        found = None if self._guild is None else self._guild.get_channel(channel_id)
        if isinstance(found, discord.TextChannel) and not found.is_news():
            told = N_("{channel} is not one of Discord's announcement channels, so nothing can be published there.")
            yield text(told, channel=channel)

    def _not_shown(self) -> Iterator[str]:
        """Where nothing is shown of what Discord asks for age for."""
        choices, guild = self._choices, self._guild
        if guild is None:
            return
        restricted = choices.age_restricted_only or any(
            is_age_restricted(guild.get_channel(id_)) for id_ in choices.channel_ids
        )
        for channel_id in dict.fromkeys((choices.gallery_channel_id, choices.announcement_channel_id)):
            if restricted and channel_id is not None and not is_age_restricted(guild.get_channel(channel_id)):
                told = N_("What is made in age-restricted channels is not shown in {channel}, which is not one.")
                yield self._translator.text(told, channel=Mention("channel", channel_id))

    def _how(self) -> Iterator[str]:
        text, choices = self._translator.text, self._choices
        if choices.keep_status:
            yield text(N_("Status messages stay as links to their videos."))
        if choices.hide_prompts:
            yield text(N_("Prompts are hidden in messages that everybody sees."))
        if choices.spoilers:
            yield text(N_("Every video is a spoiler."))
        if not choices.watermark:
            yield text(N_("Videos have no watermark unless their member wants one."))

    def _watching(self) -> Iterator[str]:
        text, choices = self._translator.text, self._choices
        if choices.moderator_role_id is not None:
            role = Mention("role", choices.moderator_role_id)
            yield text(N_("{role} can cancel and remove the videos of others, and block members."), role=role)
            if self._guild is not None and _is_not_shown_commands(self._guild.get_role(choices.moderator_role_id)):
                told = N_(
                    "Discord shows /video-mod to {role} only with Moderate Members, "
                    "or if you allow it under Server Settings → Integrations."
                )
                yield text(told, role=role)
        if choices.log_channel_id is not None:
            channel = Mention("channel", choices.log_channel_id)
            yield text(N_("Moderators see every video, also private ones, and reports in {channel}."), channel=channel)
            yield from self._open_log(choices.log_channel_id)
        else:
            yield text(N_("Moderators see no private videos and no reports, because no log channel is chosen."))
        if choices.alert_role_id is not None:
            yield from self._alerting(choices.alert_role_id)

    def _open_log(self, channel_id: int) -> Iterator[str]:
        if self._is_open(channel_id):
            told = N_("Everybody can see {channel}, and with it private videos and reports. Please make it private.")
            yield self._translator.text(told, channel=Mention("channel", channel_id))

    def _is_open(self, channel_id: int) -> bool:
        """Whether everybody can see a channel."""
        found = None if self._guild is None else self._guild.get_channel(channel_id)
        return found is not None and found.permissions_for(found.guild.default_role).view_channel

    def _alerting(self, role_id: int) -> Iterator[str]:
        text, role = self._translator.text, Mention("role", role_id)
        if self._choices.log_channel_id is None:
            yield text(N_("No budget alert mentions {role}, because no log channel is chosen."), role=role)
            return
        yield text(N_("Budget alerts there mention {role}."), role=role)
        if self._guild is not None and _is_not_pinged(self._guild, role_id, self._choices.log_channel_id):
            told = N_(
                "Discord won't notify {role}: allow everybody to mention it, or give me "
                "Mention @everyone, @here, and All Roles."
            )
            yield text(told, role=role)

    def _lending(self) -> Iterator[str]:
        """Where files are handed to the video service, and who else sees them."""
        text, choices = self._translator.text, self._choices
        if choices.clip_channel_id is None:
            told = N_(
                "No clip channel is chosen, so members may be unable to use each other's pictures, "
                "clips and characters."
            )
            yield text(told)
            return
        channel = Mention("channel", choices.clip_channel_id)
        yield text(N_("I hand pictures and clips to the video service in {channel}."), channel=channel)
        if self._is_open(choices.clip_channel_id):
            told = N_("Everybody can see {channel}, so I hand over nothing of others there. Please make it private.")
            yield text(told, channel=channel)

    def _channels(self, outcomes: Outcomes | None) -> Sequence[str]:
        """A line for each chosen channel: first where something is amiss."""
        tried, unready = outcomes or {}, [each for each in self._rights if not each.is_ready]
        failed = [each for each in self._rights if each.is_ready and tried.get(each.channel_id) is not None]
        fine = [each for each in self._rights if each not in unready and each not in failed]
        lines = [self._line(each, tried) for each in (*unready, *failed, *fine)]
        if outcomes is None and self.to_try:
            trying = N_("I am posting a silent test message in these channels and deleting it again…")
            lines.insert(0, f"-# {self._translator.text(trying)}")
        return lines

    def _line(self, rights: Rights, tried: Outcomes) -> str:
        text, channel = self._translator.text, Mention("channel", rights.channel_id)
        if not rights.is_known:
            return text(N_("✗ I can't find {channel}. It may have been deleted."), channel=channel)
        if rights.missing:
            return text(N_("✗ In {channel} I cannot: {missing:unit}."), channel=channel, missing=rights.missing)
        if rights.channel_id not in tried:
            return text(N_("✓ In {channel} I have every permission that I need."), channel=channel)
        trouble = tried[rights.channel_id]
        if trouble is not None:
            told = N_("✗ In {channel} I have every permission that I need, but a test message failed. {trouble}")
            return text(told, channel=channel, trouble=trouble)
        told = N_("✓ In {channel} I have every permission that I need, and a test message worked.")
        return text(told, channel=channel)


def _fitting(lines: Iterable[str], room: int, translator: Translator) -> str:
    """The lines that fit, and how many don't."""
    kept, left = list(lines), 0
    while kept and sum(len(line) + 1 for line in kept) > room:
        kept.pop()
        left += 1
    if left:
        more = NN_("… and {count} more channel.", "… and {count} more channels.")
        kept[-1:] = [translator.text(more, count=left + 1)]
    return "\n".join(kept)


def _some(mentions: Sequence[Mention], translator: Translator) -> Collection[object]:
    """The first of many mentions, and how many there are besides."""
    if len(mentions) <= MOST_NAMED:
        return tuple(mentions)
    more = translator.text(N_("{count} more"), count=len(mentions) - MOST_NAMED)
    return (*mentions[:MOST_NAMED], more)


def _is_not_shown_commands(role: discord.Role | None) -> bool:
    """Whether Discord hides the moderators' commands from a role, by the permission that they ask for."""
    return role is not None and not (role.permissions.moderate_members or role.permissions.administrator)


def _asks_for_approval(guild: Guild) -> bool:
    """Whether some videos of some members have to be approved."""
    everyone = guild.allowance(frozenset())
    return min(everyone.approval_seconds, everyone.approval_price) < NO_LIMIT


def _is_not_pinged(guild: discord.Guild, role_id: int, channel_id: int) -> bool:
    """Whether a mention of a role by the bot in a channel would notify nobody."""
    role, channel = guild.get_role(role_id), guild.get_channel(channel_id)
    if role is None or channel is None:
        return False
    return not (role.mentionable or channel.permissions_for(guild.me).mention_everyone)
