"""What is told of a job in each of its states: a headline in parts, and the sentences below it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.failure import SENTENCES, FailureKind
from bot.domain.job import APPROVE_WITHIN, Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.sentence import N_, NN_, Instant, Plural, Sentence
from bot.domain.standing import Standing, is_slow

_UNPAID = frozenset({Settlement.REFUNDED, Settlement.NONE, Settlement.SERVER})
_ON_ITS_WAY = frozenset(
    {
        JobState.SUBMITTING,
        JobState.UNSURE,
        JobState.OVERDUE,
        JobState.RENDERED,
        JobState.DELIVERING,
        JobState.UNDELIVERED,
    }
)
_BEING_ORDERED = frozenset({JobState.QUEUED, JobState.SUBMITTING})
"""An order that was refused is in line again for a moment, until the worker sees that it is not wanted."""
_HEADLINES: dict[JobState, str | Plural] = {
    JobState.AWAITING_APPROVAL: N_("Waiting for a manager's approval"),
    JobState.QUEUED: N_("Queued"),
    JobState.SUBMITTING: N_("Ordering…"),
    JobState.RENDERING: N_("Rendering"),
    JobState.OVERDUE: NN_("No answer after {count} minute.", "No answer after {count} minutes."),
    JobState.RENDERED: N_("Finished"),
    JobState.DELIVERING: N_("Finished"),
    JobState.DELIVERED: N_("Finished"),
    JobState.UNDELIVERED: N_("Finished, but not posted"),
    JobState.FAILED: N_("Failed"),
    JobState.UNSURE: N_("Outcome unknown"),
    JobState.DROPPED: N_("Closed by a manager"),
    JobState.EXPIRED: N_("Given up"),
    JobState.CANCELLED: N_("Cancelled"),
}
_NEXT: dict[FailureKind, str] = {
    FailureKind.REJECTED: N_("Please change it and try again."),
    FailureKind.BUSY: N_("Trying again in a few minutes may work."),
    FailureKind.MODERATION: N_("Please rephrase it with Edit prompt."),
    FailureKind.REAL_PERSON: N_("Please use a clip or picture without real people."),
    FailureKind.SERVICE: N_("Press Try again to order it once more."),
    FailureKind.NO_VIDEO: N_("Press Try again to order it once more."),
    FailureKind.LOST: N_("Press Try again to order it once more."),
    FailureKind.EXPIRED: N_("Press Try again to order it once more."),
    FailureKind.NOT_A_VIDEO: N_("Press Try again to order it once more."),
    FailureKind.RESULT_GONE: N_("Press Try again to order it once more."),
    FailureKind.NO_CREDIT: N_("Please try again later."),
    FailureKind.BAD_KEY: N_("Please try again later."),
    FailureKind.NEVER_SENT: N_("Please try again in a few minutes."),
    FailureKind.UNSURE: N_("Ordering it again may cost twice."),
    FailureKind.RESTARTED: N_("Press Try again to order it once more."),
}
_USUAL_FAILURES = {
    JobState.UNSURE: FailureKind.UNSURE,
    JobState.EXPIRED: FailureKind.EXPIRED,
    JobState.DROPPED: FailureKind.SETTLED,
    JobState.UNDELIVERED: FailureKind.NOWHERE_TO_POST,
    JobState.CANCELLED: FailureKind.RESTARTED,
}
_APPROVAL = N_("If nobody approves it, it is cancelled {until} and costs nothing.")
_UNSURE_HERE = N_(
    "The video service did not answer, so I can't tell whether it was ordered. "
    "Its cost stays reserved until a manager decides."
)
_UNSURE_AND_SETTLED = N_("The video service did not answer, so I can't tell whether it was ordered.")


@dataclass(frozen=True, slots=True)
class Telling:
    """A headline in parts, and the sentences below it."""

    headline: tuple[Sentence, ...]
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Models:
    """The title of a job's model, and those of the others on offer."""

    own: str
    others: tuple[str, ...] = ()


def tell(job: Job, standing: Standing, now: datetime, models: Models) -> Telling:
    """What is told of a job."""
    if job.state is JobState.RENDERING:
        return _rendering(job, standing, now)
    if job.state is JobState.CANCELLED and job.failure is None:
        return Telling((_cancelled(standing),))
    return Telling((headline(job), *_beside(job, standing)), _below(job, standing, models))


def headline(job: Job) -> Sentence:
    """Where a job stands, in a word or two."""
    return Sentence(_HEADLINES[job.state], {"count": _minutes(job)})


def ending(job: Job, standing: Standing, models: Models) -> tuple[Sentence, ...]:
    """How a job ended: what happened, whether it was charged, what to do next."""
    what, kind = what_happened(job, standing, models), _kind(job)
    following = _following(job, kind, models)
    if kind is FailureKind.UNSURE and standing.settlement is Settlement.RESERVED:
        return (what, *following)
    # What a manager has given back, the server may still have to pay.
    return (what, charge(standing, of_ones_own=job.state is JobState.DROPPED), *following)


def what_happened(job: Job, standing: Standing, models: Models) -> Sentence:
    """Why there is no video."""
    kind = _kind(job)
    if kind is FailureKind.UNSURE and standing.settlement is not Settlement.RESERVED:
        # The usual sentence says that the cost stays reserved, which is not so here.
        return Sentence(_UNSURE_AND_SETTLED)
    if kind is FailureKind.UNSURE and job.guild_id is not None:
        return Sentence(_UNSURE_HERE)
    return Sentence(SENTENCES[kind], {"model": models.own, "minutes": _minutes(job)})


def until_approved(job: Job) -> Sentence:
    """For how long an order waits for approval."""
    return Sentence(_APPROVAL, {"until": Instant(job.created_at + APPROVE_WITHIN)})


def _kind(job: Job) -> FailureKind:
    return job.failure or _USUAL_FAILURES.get(job.state, FailureKind.SERVICE)


def _following(job: Job, kind: FailureKind, models: Models) -> tuple[Sentence, ...]:
    """What to do next."""
    if kind is FailureKind.MODEL_RETIRED and models.others:
        return (Sentence(N_("Available: {models}."), {"models": models.others}),)
    if kind is not FailureKind.NOWHERE_TO_POST:
        return (Sentence(_NEXT[kind]),) if kind in _NEXT else ()
    given = Sentence(N_("/my-videos show gives it to you."))
    if job.private:
        return (given, Sentence(N_("For the next one, please allow direct messages from me.")))
    # Outside its servers, nobody could let the bot post.
    return (given,) if job.guild_id is None else (given, Sentence(N_("Please ask a moderator to let me post here.")))


def charge(standing: Standing, *, of_ones_own: bool = False) -> Sentence:
    """Whether a job was charged, by its entries in the books; `of_ones_own`: whether to the member."""
    match standing.settlement:
        case Settlement.CHARGED:
            return Sentence(N_("It was charged."))
        case Settlement.RESERVED:
            return Sentence(N_("Its cost is reserved until it is settled."))
        case Settlement.SERVER:
            return Sentence(N_("Not charged to you."))
        case _:
            return Sentence(N_("Not charged to you.") if of_ones_own else N_("Nothing was charged."))


def _beside(job: Job, standing: Standing) -> tuple[Sentence, ...]:
    """What goes on in the headline: the place in line, or where the video is."""
    if job.state is JobState.QUEUED and standing.line is not None:
        return (Sentence(N_("#{line} in line"), {"line": standing.line}),)
    if job.state is JobState.DELIVERED and job.message is not None:
        return (Sentence("{link}", {"link": job.link(job.message)}),)
    return ()


def _below(job: Job, standing: Standing, models: Models) -> tuple[Sentence, ...]:
    if job.dont_post and job.state in _ON_ITS_WAY:
        return (wont_post(job, standing),)
    match job.state:
        case JobState.AWAITING_APPROVAL:
            return (until_approved(job),)
        case JobState.QUEUED | JobState.SUBMITTING | JobState.DELIVERED:
            return ()
        case JobState.RENDERED | JobState.DELIVERING:
            large = N_("It is over the upload limit, so posting it takes a little longer.")
            return (Sentence(large if standing.is_large else N_("Posting it now.")),)
        case JobState.OVERDUE:
            return (charge(standing, of_ones_own=True), Sentence(N_("If it still arrives I will post it.")))
        case _:
            return ending(job, standing, models)


def _rendering(job: Job, standing: Standing, now: datetime) -> Telling:
    begun = job.ordered_at or job.created_at
    slow = is_slow(now - begun, standing.usual)
    since = Sentence(N_("started {since}"), {"since": Instant(begun)})
    parts = [Sentence(N_("Taking longer than usual")), since] if slow else [headline(job)]
    progress = standing.progress
    if progress.percent is not None:
        parts.append(Sentence(N_("{percent} %"), {"percent": progress.percent}))
    if progress.eta_seconds is not None:
        time = timedelta(seconds=progress.eta_seconds)
        parts.append(Sentence(N_("ready in about {time}"), {"time": time}))
    if progress.percent is None and progress.eta_seconds is None and not slow:
        parts += [since, *_usual(standing)]
    sentences = [Sentence(N_("Still watching until {until}."), {"until": Instant(job.deadline_at, "t")})] * slow
    return Telling(tuple(parts), (*sentences, *([wont_post(job, standing)] * job.dont_post)))


def _usual(standing: Standing) -> tuple[Sentence, ...]:
    if standing.usual is None:
        return ()
    shortest, longest = (max(1, round(seconds / 60)) for seconds in (standing.usual.median, standing.usual.slow))
    if shortest >= longest:
        return (Sentence(N_("usually about {minutes} min"), {"minutes": shortest}),)
    return (Sentence(N_("usually {shortest}–{longest} min"), {"shortest": shortest, "longest": longest}),)


def _cancelled(standing: Standing) -> Sentence:
    if standing.settlement in _UNPAID:
        return Sentence(N_("Cancelled, not charged."))
    return Sentence(N_("Cancelled. {charge}"), {"charge": charge(standing)})


def stopped(job: Job, standing: Standing, *, for_author: bool) -> Sentence:
    """What a press on Cancel or Don't post has come to, for the author or for the moderator who pressed."""
    if job.state is JobState.CANCELLED:
        return _cancelled(standing)
    if for_author or job.state in _BEING_ORDERED | {JobState.DELIVERING}:
        return wont_post(job, standing)
    return Sentence(N_("I won't post it. Its status message tells its author, and what came of its cost."))


def wont_post(job: Job, standing: Standing) -> Sentence:
    """What is told of a job that somebody does not want to be posted; it claims only what the books say."""
    if job.state in _BEING_ORDERED:
        return Sentence(N_("It is being ordered right now, so it may count. I won't post it."))
    if job.state is JobState.DELIVERING:
        return Sentence(N_("It is being posted right now, so it may still appear. If not, I won't post it."))
    if job.state is JobState.UNSURE:
        cost = charge(standing)
        if standing.settlement is Settlement.RESERVED:
            cost = Sentence(N_("Its cost stays reserved."))
        return Sentence(N_("I can't tell whether it was ordered. {cost} I won't post it."), {"cost": cost})
    if standing.settlement in _UNPAID:
        return Sentence(N_("Not charged to you. I won't post it."))
    if not standing.is_kept:
        return Sentence(N_("Already ordered, so it counts. I won't post it."))
    return Sentence(N_("Already ordered, so it counts. I won't post it; find it in /my-videos history."))


def _minutes(job: Job) -> int:
    # One that waited for approval was ordered long after it was asked for.
    return max(1, round((job.deadline_at - (job.ordered_at or job.created_at)).total_seconds() / 60))
