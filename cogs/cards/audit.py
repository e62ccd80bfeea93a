"""The record of a server in words: when, who, what, about whom or which video, and each choice before and after."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.administration.overview import ActsPage
from bot.client.escape import escape
from bot.domain.audit import ERASED, Act, Action
from bot.domain.job import Job
from bot.domain.sentence import N_, NN_, Instant, Mention, Sentence
from bot.locales import Translator
from cogs.cards.changes import Changes
from cogs.cards.labels import SEPARATOR, small

TEXT_LIMIT = 3800
"""Characters of a page; Discord takes 4000 over all texts of a card."""
REASON_LIMIT = 200
MORE_LIMIT = 20
"""What the number of lines that were left out takes."""
_DONE: Mapping[Action, str] = {
    Action.SETUP: N_("{actor} changed the setup"),
    Action.LIMITS: N_("{actor} changed limits"),
    Action.BUDGET: N_("{actor} changed budgets"),
    Action.MODELS: N_("{actor} changed models or prices"),
    Action.WORDS: N_("{actor} changed blocked words"),
    Action.PAUSE: N_("{actor} paused videos"),
    Action.RESUME: N_("{actor} let videos be ordered again"),
    Action.BLOCK: N_("{actor} blocked a member"),
    Action.UNBLOCK: N_("{actor} unblocked a member"),
    Action.REMOVE: N_("{actor} removed a video"),
    Action.CANCEL: N_("{actor} cancelled a video"),
    Action.GRANT: N_("{actor} granted videos or dollars"),
    Action.REFUND: N_("{actor} refunded a video"),
    Action.RETRY: N_("{actor} had a video ordered again"),
    Action.APPROVE: N_("{actor} approved a video"),
    Action.DECLINE: N_("{actor} declined a video"),
    Action.SERVE: N_("{actor} approved this server"),
    Action.TURN_AWAY: N_("{actor} declined to serve this server"),
    Action.OFFER: N_("{actor} let a model be ordered again from a video service"),
}
_NOBODY = {
    0: N_("The bot"),
    ERASED: N_("Somebody whose data was erased"),
}


def audit_texts(page: ActsPage, changes: Changes) -> list[str]:
    """A heading, and a paragraph for each line of the record."""
    text = changes.translator.text
    heading = [f"**{text(N_('What was done in this server'))}**"]
    if page.pages > 1:
        heading.append(text(N_("page {page} of {pages}"), page=page.number + 1, pages=page.pages))
    if not page.acts:
        return [heading[0], text(N_("Nothing has been done yet."))]
    parts, left = [SEPARATOR.join(heading)], TEXT_LIMIT
    for index, act in enumerate(page.acts):
        # What an act does not need, the later ones may have.
        room = left // (len(page.acts) - index)
        parts.append(_fitting(list(_act(act, page.jobs.get(act.job_id or ""), changes)), room, changes.translator))
        left -= len(parts[-1])
    return parts


def _act(act: Act, job: Job | None, changes: Changes) -> Iterator[str]:
    text = changes.translator.text
    nobody = _NOBODY.get(act.actor_id)
    actor = Sentence(nobody) if nobody is not None else Mention("user", act.actor_id)
    yield f"{text('{at}', at=Instant(act.at, 'f'))}{SEPARATOR}{text(_DONE[act.action], actor=actor)}"
    about = [*_about(act, job, changes.translator)]
    if about:
        yield small(about)
    if act.before is not None and act.after is not None:
        yield from changes.lines(act.before, act.after)


def _about(act: Act, job: Job | None, translator: Translator) -> Iterator[str]:
    """Whom and which video it is about, what was given, and why."""
    if act.member_id is not None:
        yield translator.text("{member}", member=Mention("user", act.member_id))
    if act.job_id is not None:
        shown = job is not None and job.message is not None and not job.private and job.removed_at is None
        yield f"`{act.job_id}`"
        if job is not None and job.message is not None and shown:
            yield translator.text(Sentence("{link}", {"link": job.link(job.message)}))
    if act.before is None and act.after is not None:
        yield from _given(json.loads(act.after), translator)
    if act.reason:
        yield translator.text(N_("Reason: {reason}"), reason=escape(act.reason, REASON_LIMIT, max_lines=1))


def _given(given: Mapping[str, object], translator: Translator) -> Iterator[str]:
    """Amounts and times, as `bot.administration.record.acted` was given them."""
    for name, value in given.items():
        match name, value:
            case "until", None:
                yield translator.text(N_("for good"))
            case "until", str():
                yield translator.text(N_("until {until}"), until=Instant(datetime.fromisoformat(value), "f"))
            case _, None | "" | 0:
                continue
            case "videos", int():
                yield translator.text(NN_("{count} video", "{count} videos"), count=value)
            case (("amount" | "price"), int()):
                yield translator.money(value)
            case "endpoint", str():
                yield escape(value, REASON_LIMIT, max_lines=1)
            case _:
                # A record outlives the version that wrote it.
                yield f"{name}: {escape(str(value), REASON_LIMIT, max_lines=1)}"


def _fitting(lines: list[str], room: int, translator: Translator) -> str:
    """The lines as far as there is room; the first that has none is cut, and of the others it is told how many."""
    shown = list[str]()
    for index, line in enumerate(lines):
        if len(line) + MORE_LIMIT > room:
            shown.append(line[: max(room - MORE_LIMIT, 0)].rpartition(" ")[0] + "…")
            left = len(lines) - index - 1
            if left:
                shown.append(translator.text(NN_("{count} more", "{count} more"), count=left))
            break
        shown.append(line)
        room -= len(line) + 1
    return "\n".join(shown)
