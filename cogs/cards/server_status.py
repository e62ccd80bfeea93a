"""How a server and the gateways stand, for its managers."""

from collections.abc import Iterator

import discord

from bot.administration.overview import Status
from bot.catalogue.catalogue import Catalogue
from bot.client.asker import lacking
from bot.client.escape import escape
from bot.domain.job import Job
from bot.domain.sentence import N_, NN_, Instant, Mention, Sentence
from bot.gateway.choice import Condition
from bot.gateway.health import NEWEST, WITHIN
from bot.locales import Translator

TEXT_LIMIT = 3600
"""Discord takes 4000 over all texts of a card; what was pressed is told below."""
REASON_LIMIT = 200
_COUNTS = {
    "awaiting_approval": NN_("{count} video waits for approval", "{count} videos wait for approval"),
    "queued": NN_("{count} video waits to be ordered", "{count} videos wait to be ordered"),
    "rendering": NN_("{count} video is rendering", "{count} videos are rendering"),
    "finishing": NN_("{count} finished video is being posted", "{count} finished videos are being posted"),
    "unsure": NN_(
        "{count} video has an unknown outcome",
        "{count} videos have an unknown outcome",
    ),
}


def status_text(status: Status, guild: discord.Guild | None, catalogue: Catalogue, translator: Translator) -> str:
    """The card's text; `guild` is the server as the bot sees it, where it does."""
    text = translator.text
    lines = [
        f"## {text(N_('How this server stands'))}",
        *_standing(status, guild, translator),
        f"### {text(N_('Videos of this server'))}",
        *_jobs(status, translator),
        f"### {text(N_('The video services, for all servers of this bot'))}",
        *_gateways(status, catalogue, translator),
    ]
    return "\n".join(lines)[:TEXT_LIMIT]


def _standing(status: Status, guild: discord.Guild | None, translator: Translator) -> Iterator[str]:
    text, saved = translator.text, status.guild
    if status.approved:
        yield text(N_("Approved by the operator of this bot."))
    elif saved.declined:
        yield text(N_("The operator of this bot has declined to serve this server."))
    else:
        yield text(N_("Not approved yet: the operator of this bot has to approve this server."))
    if saved.set_up_at is None:
        yield text(N_("Not set up yet: run /video-admin setup."))
    pause = saved.choices.pause
    if pause is None:
        yield text(N_("The moderators have not paused videos."))
    elif pause:
        yield text(N_("The moderators have paused videos: {reason}"), reason=escape(pause, REASON_LIMIT, max_lines=1))
    else:
        yield text(N_("The moderators have paused videos."))
    if status.process_until is not None:
        told = N_(
            "This bot has reached its operator's budget for today, for all of its servers. "
            "New videos are possible again {again}."
        )
        yield text(told, again=Instant(status.process_until))
    yield _log_channel(saved.choices.log_channel_id, guild, translator)


def _log_channel(channel_id: int | None, guild: discord.Guild | None, translator: Translator) -> str:
    if channel_id is None:
        return translator.text(N_("There is no log channel: choose one with /video-admin setup."))
    channel = guild.get_channel(channel_id) if guild is not None else None
    if guild is None or channel is None:
        return translator.text(N_("The log channel is gone, or I can't see it: choose one with /video-admin setup."))
    missing = lacking(channel.permissions_for(guild.me), thread=False)
    shown = {"channel": Mention("channel", channel_id), "missing": missing}
    told = N_("I can't post in the log channel {channel}: missing {missing}.") if missing else N_("Log: {channel}")
    return translator.text(told, **shown)


def _jobs(status: Status, translator: Translator) -> Iterator[str]:
    counts = {name: getattr(status.open, name) for name in _COUNTS}
    for name, count in counts.items():
        if count:
            yield translator.text(_COUNTS[name], count=count)
    if not any(counts.values()):
        yield translator.text(N_("None is on its way."))
    if status.oldest is not None:
        yield translator.text(_oldest(status.oldest))
    yield translator.text(N_("I last looked for work {when}."), when=Instant(status.looked_at))


def _oldest(job: Job) -> Sentence:
    """Which one waits longest, with a link where somebody else may follow one."""
    about = {"id": f"`{job.id}`", "when": Instant(job.created_at)}
    if job.status is None or job.private:
        return Sentence(N_("The oldest that waits was asked for {when}: {id}"), about)
    return Sentence(
        N_("The oldest that waits was asked for {when}: {id} {link}"), about | {"link": job.link(job.status)}
    )


def _gateways(status: Status, catalogue: Catalogue, translator: Translator) -> Iterator[str]:
    for condition in status.conditions:
        yield f"**{condition.name}** · {translator.text(_breaker(condition))}"
        for sentence in _requests(condition):
            yield translator.text(sentence)
        if condition.retired:
            gone = tuple(sorted({catalogue.title_at(slug) for slug in condition.retired}))
            yield translator.text(N_("No longer offered there: {models}."), models=gone)


def _breaker(condition: Condition) -> Sentence:
    if condition.refuses_key:
        return Sentence(N_("gets no orders: it refuses this bot's key"))
    if condition.paused_until is not None:
        until = Instant(condition.paused_until)
        return Sentence(N_("gets no orders: it is out of credit, and is tried again {until}"), {"until": until})
    return Sentence(N_("ready"))


def _requests(condition: Condition) -> Iterator[Sentence]:
    lately = condition.requests
    if lately.last_success is None:
        yield Sentence(N_("No request has succeeded since I was started."))
    else:
        yield Sentence(N_("Last success {when}."), {"when": Instant(lately.last_success)})
    about = {"count": lately.count, "failed": lately.failed, "time": WITHIN}
    if lately.count:
        told = NN_(
            "{failed} of the last {count} request failed ({percent} %); counted are up to {most} of the last {time}.",
            "{failed} of the last {count} requests failed ({percent} %); counted are up to {most} of the last {time}.",
        )
        yield Sentence(told, about | {"percent": round(100 * lately.failed / lately.count), "most": NEWEST})
    else:
        yield Sentence(N_("No requests in the last {time}."), about)
