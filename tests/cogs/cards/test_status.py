"""The status message in every state."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.failure import FailureKind
from bot.domain.job import JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.domain.sentence import MessageLink
from bot.domain.standing import Progress, RenderTime, Standing
from cogs.cards import JobCards
from cogs.cards.telling import stopped
from tests.cogs.cards.gallery import (
    AUTHOR,
    CARDS,
    CATALOGUE,
    CHARGED,
    JOB,
    MENTIONS,
    NASTY,
    NOTICE,
    NOW,
    REFUNDED,
    RESERVED,
    asking,
    job,
    labels,
    long,
    read,
    refusals,
)

CANCEL = f"cb:cancel:{JOB.id}"
AGAIN = {"Try again": f"cb:retry:{JOB.id}", "Edit prompt": f"cb:edit:{JOB.id}"}
SERVER = Standing(Settlement.SERVER)
MOST_BYTES = 10_170
MOST_COMPONENTS = 40


def told(state: JobState, standing: Standing = RESERVED, **changes: object) -> str:
    """What the card says of a job, without the prompt and the small line."""
    return read(CARDS.status(job(state, **changes), standing)).split("\n", 1)[1].split("\n-#")[0]


@pytest.mark.parametrize("part", NASTY)
def test_a_card_takes_any_prompt(part: str) -> None:
    for of in (asking(long(part)), asking(long(part), state=JobState.FAILED, failure=FailureKind.MODERATION)):
        card = CARDS.status(of, RESERVED)

        assert refusals(card) is None
        assert card.content_length() <= 4000
        assert len(read(card).encode()) <= MOST_BYTES
        assert card.total_children_count <= MOST_COMPONENTS


def test_no_mention_in_a_prompt_is_live() -> None:
    shown = read(CARDS.status(asking(MENTIONS), RESERVED)).split("\n")[0]

    assert not re.search(r"(?<!\\)<[@#/t]|@everyone|@here", shown)


def test_the_small_line_names_the_model_the_author_and_the_id() -> None:
    assert f"-# Sora 2 · 10 s · landscape · with sound · <@{AUTHOR}> · `{JOB.id}`" in read(CARDS.status(JOB, RESERVED))


def test_a_silent_video_without_length_or_shape_says_only_what_is_so() -> None:
    bare = replace(JOB.request, duration=None, aspect=None, audio=False)

    assert "-# Sora 2 · without sound ·" in read(CARDS.status(job(request=bare), RESERVED))


def test_a_shape_or_model_that_the_catalogue_lost_is_shown_as_it_was_stored() -> None:
    odd = replace(JOB.request, aspect="21:9")

    assert "-# Sora 2 · 10 s · 21:9" in read(CARDS.status(job(request=odd), RESERVED))
    assert "-# gone-1 · 10 s · 16:9" in read(CARDS.status(job(model_id="gone-1"), RESERVED))


def test_a_queued_job_shows_its_place_and_can_be_cancelled() -> None:
    card = CARDS.status(JOB, Standing(Settlement.RESERVED, line=2))

    assert "**Queued · #2 in line**" in read(card)
    assert labels(card) == {"Cancel": CANCEL}


def test_a_queued_job_of_unknown_place_is_just_queued() -> None:
    assert told(JobState.QUEUED) == "**Queued**"


def test_a_job_that_waits_for_approval_can_be_cancelled() -> None:
    card = CARDS.status(job(JobState.AWAITING_APPROVAL), RESERVED)

    until = int((JOB.created_at + timedelta(hours=24)).timestamp())
    assert "**Waiting for a manager's approval**" in read(card)
    assert f"If nobody approves it, it is cancelled <t:{until}:R> and costs nothing." in read(card)
    assert labels(card) == {"Cancel": CANCEL}


def test_an_ordered_job_can_only_be_kept_from_being_posted() -> None:
    card = CARDS.status(job(JobState.SUBMITTING), RESERVED)

    assert "**Ordering…**" in read(card)
    assert labels(card) == {"Don't post": CANCEL}


def test_the_percentage_and_the_time_are_the_gateways() -> None:
    standing = Standing(Settlement.RESERVED, progress=Progress(42, 170))

    assert told(JobState.RENDERING, standing) == "**Rendering · 42 % · ready in about 3 min**"


def test_without_a_percentage_elapsed_and_usual_time_are_shown() -> None:
    ordered = NOW - timedelta(minutes=1)
    standing = Standing(Settlement.RESERVED, usual=RenderTime(120, 240))

    shown = told(JobState.RENDERING, standing, ordered_at=ordered)

    assert shown == f"**Rendering · started <t:{int(ordered.timestamp())}:R> · usually 2–4 min**"


def test_a_usual_time_that_hardly_varies_is_one_number() -> None:
    standing = Standing(Settlement.RESERVED, usual=RenderTime(179, 181))

    assert "usually about 3 min" in told(JobState.RENDERING, standing, ordered_at=NOW)


def test_without_history_only_the_elapsed_time_is_shown() -> None:
    assert told(JobState.RENDERING, ordered_at=NOW) == f"**Rendering · started <t:{int(NOW.timestamp())}:R>**"


def test_a_slow_job_says_until_when_it_is_watched() -> None:
    standing = Standing(Settlement.RESERVED, progress=Progress(70), usual=RenderTime(60, 80))
    until = int(JOB.deadline_at.timestamp())

    shown = told(JobState.RENDERING, standing, ordered_at=NOW - timedelta(minutes=4, seconds=1))

    assert shown.startswith("**Taking longer than usual · started <t:")
    assert "· 70 %**" in shown
    assert f"Still watching until <t:{until}:t>." in shown


def test_a_job_is_not_called_slow_before_twice_the_time_that_most_need() -> None:
    standing = Standing(Settlement.RESERVED, usual=RenderTime(60, 120))

    shown = told(JobState.RENDERING, standing, ordered_at=NOW - timedelta(minutes=4))

    assert shown.startswith("**Rendering · started <t:")


@pytest.mark.parametrize("state", [JobState.RENDERING, JobState.OVERDUE, JobState.RENDERED])
def test_who_said_don_t_post_is_told_so_and_has_no_button(state: JobState) -> None:
    card = CARDS.status(job(state, dont_post=True), RESERVED)

    assert "Already ordered, so it counts. I won't post it; find it in /my-videos history." in read(card)
    assert labels(card) == {}


def test_don_t_post_while_ordering_does_not_claim_more_than_is_known() -> None:
    shown = told(JobState.SUBMITTING, dont_post=True)

    assert "may count" in shown
    assert "I won't post it." in shown


@pytest.mark.parametrize(
    ("standing", "money"),
    [
        (RESERVED, "Its cost stays reserved."),
        (REFUNDED, "Nothing was charged."),
        (CHARGED, "It was charged."),
        (SERVER, "Not charged to you."),
    ],
)
def test_don_t_post_of_an_order_of_unknown_outcome_says_what_the_books_say(standing: Standing, money: str) -> None:
    card = CARDS.status(job(JobState.UNSURE, failure=FailureKind.UNSURE, dont_post=True), standing)

    assert f"**Outcome unknown**\nI can't tell whether it was ordered. {money} I won't post it." in read(card)
    assert labels(card) == {}


def test_a_refused_order_that_waits_with_don_t_post_is_not_said_to_be_ordered() -> None:
    answer = stopped(job(JobState.QUEUED, dont_post=True), RESERVED, for_author=True)

    assert answer.id == "It is being ordered right now, so it may count. I won't post it."


def test_don_t_post_of_a_job_that_is_not_charged_says_so() -> None:
    assert "Not charged to you. I won't post it." in told(JobState.UNDELIVERED, SERVER, dont_post=True)


@pytest.mark.parametrize("state", [JobState.RENDERED, JobState.DELIVERING])
def test_a_finished_job_is_being_posted(state: JobState) -> None:
    assert told(state) == "**Finished**\nPosting it now."
    large = replace(CHARGED, is_large=True)
    assert told(state, large) == "**Finished**\nIt is over the upload limit, so posting it takes a little longer."


def test_a_status_that_is_kept_is_one_line_that_leads_to_the_post() -> None:
    there = Standing(Settlement.CHARGED, keeps_status=True, stands=MessageLink(JOB.guild_id, 5, 6))

    card = CARDS.status(job(JobState.DELIVERED, message=MessagePlace(5, 6)), there)

    link = f"https://discord.com/channels/{JOB.guild_id}/5/6"
    assert read(card) == f"-# <@{AUTHOR}> · Finished · {link} · `{JOB.id}`"
    assert labels(card) == {}


def test_a_status_that_is_kept_leads_nobody_to_where_they_can_not_go() -> None:
    card = CARDS.status(job(JobState.DELIVERED, message=MessagePlace(5, 6)), replace(CHARGED, keeps_status=True))

    assert read(card) == f"-# <@{AUTHOR}> · Finished · I couldn't post it here. · `{JOB.id}`"


@pytest.mark.parametrize("state", JobState)
def test_a_hidden_prompt_is_on_no_card(state: JobState) -> None:
    hidden = Standing(Settlement.RESERVED, line=2, hides_prompt=True, keeps_status=True)

    card = CARDS.status(job(state), hidden)

    assert refusals(card) is None
    assert JOB.request.prompt in read(CARDS.status(job(state), RESERVED)) or state is JobState.DELIVERED
    assert JOB.request.prompt not in read(card)
    assert f"`{JOB.id}`" in read(card)


@pytest.mark.parametrize("standing", [REFUNDED, SERVER])
def test_an_overdue_job_is_not_charged_and_still_watched(standing: Standing) -> None:
    card = CARDS.status(job(JobState.OVERDUE, failure=FailureKind.GAVE_UP), standing)

    assert "**No answer after 60 minutes.**\nNot charged to you. If it still arrives I will post it." in read(card)
    assert labels(card) == {"Don't post": CANCEL}


@pytest.mark.parametrize(
    ("standing", "money"),
    [
        (CHARGED, "It was charged."),
        (REFUNDED, "Nothing was charged."),
        (Standing(Settlement.NONE), "Nothing was charged."),
        (SERVER, "Not charged to you."),
        (RESERVED, "Its cost is reserved until it is settled."),
    ],
)
def test_a_failure_says_what_happened_what_it_cost_and_what_to_do(standing: Standing, money: str) -> None:
    card = CARDS.status(job(JobState.FAILED, failure=FailureKind.MODERATION), standing)

    assert (
        f"**Failed**\nThe video service's rules don't allow this prompt. {money} Please rephrase it with Edit prompt."
    ) in read(card)
    assert labels(card) == {"Edit prompt": AGAIN["Edit prompt"]}


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_has_its_sentences(kind: FailureKind) -> None:
    card = CARDS.status(job(JobState.FAILED, failure=kind), REFUNDED)

    assert refusals(card) is None
    assert "Nothing was charged." in read(card)
    assert "{" not in read(card)


@pytest.mark.parametrize(
    "state",
    [
        JobState.FAILED,
        JobState.UNSURE,
        JobState.DROPPED,
        JobState.EXPIRED,
        JobState.UNDELIVERED,
        JobState.CANCELLED,
    ],
)
def test_what_has_not_become_a_video_can_be_tried_again(state: JobState) -> None:
    removed = job(state, failure=FailureKind.RESULT_GONE, removed_at=NOW)

    assert labels(CARDS.status(job(state, failure=FailureKind.RESULT_GONE), RESERVED)) == AGAIN
    assert labels(CARDS.status(removed, RESERVED)) == {}


@pytest.mark.parametrize("kind", [FailureKind.ORIGINAL_LOST, FailureKind.NOWHERE_TO_POST])
def test_what_would_fail_again_or_is_there_already_is_not_offered_again(kind: FailureKind) -> None:
    assert labels(CARDS.status(job(JobState.UNDELIVERED, failure=kind), CHARGED)) == {}


def test_of_a_retired_model_only_the_prompt_can_be_taken_to_another() -> None:
    gone = job(JobState.FAILED, model_id="gone-1", failure=FailureKind.MODEL_RETIRED)
    last = job(JobState.FAILED, failure=FailureKind.MODEL_RETIRED)
    only = JobCards(Catalogue({"sora-2": CATALOGUE.get("sora-2")}, "sora-2"), NOTICE, lambda: NOW)

    assert labels(CARDS.status(gone, REFUNDED)) == {"Edit prompt": f"cb:edit:{JOB.id}"}
    assert labels(only.status(last, REFUNDED)) == {}


def test_a_retired_model_names_the_others() -> None:
    retired = job(JobState.FAILED, failure=FailureKind.MODEL_RETIRED)

    shown = read(CARDS.status(retired, REFUNDED))

    others = "Kling 3, Veo 3.1 Fast, Hailuo 2.3, Seedance 2 Fast, Wan 2.6, Vidu Q3 Turbo, and Grok Imagine"
    assert f"Sora 2 is no longer offered. Nothing was charged. Available: {others}." in shown


def test_a_failure_of_unknown_kind_is_the_services() -> None:
    assert "The video service failed." in told(JobState.FAILED, REFUNDED)


def test_a_failure_is_told_also_to_who_did_not_want_the_post() -> None:
    assert "The video service failed. Nothing was charged." in told(JobState.FAILED, REFUNDED, dont_post=True)


def test_an_unsure_job_stays_reserved() -> None:
    shown = told(JobState.UNSURE, failure=FailureKind.UNSURE)

    assert "Its cost stays reserved" in shown
    assert "Ordering it again may cost twice." in shown
    assert "turns up" not in shown


def test_an_unsure_job_that_was_refunded_does_not_claim_to_be_reserved() -> None:
    shown = told(JobState.UNSURE, REFUNDED, failure=FailureKind.UNSURE)

    assert "reserved" not in shown
    assert "Nothing was charged." in shown


def test_a_job_that_a_manager_settled_says_why_and_what_it_cost_its_member() -> None:
    why = "The video service did not answer, so nobody could tell whether it was ordered. A manager has settled it."
    assert told(JobState.DROPPED, REFUNDED) == f"**Closed by a manager**\n{why} Not charged to you."
    assert told(JobState.DROPPED, CHARGED) == f"**Closed by a manager**\n{why} It was charged."


def test_an_expired_job_is_given_up() -> None:
    assert "I have stopped watching. Nothing was charged." in told(JobState.EXPIRED, REFUNDED)


def test_a_cancelled_job_says_what_the_books_say() -> None:
    assert told(JobState.CANCELLED, REFUNDED) == "**Cancelled, not charged.**"
    assert told(JobState.CANCELLED, CHARGED) == "**Cancelled. It was charged.**"


def test_a_job_that_a_restart_took_back_asks_to_be_sent_again() -> None:
    shown = told(JobState.CANCELLED, REFUNDED, failure=FailureKind.RESTARTED)

    assert "I was restarted before this was queued. Nothing was charged. Press Try again" in shown


def test_a_video_that_could_not_be_posted_is_given_as_a_link() -> None:
    until = NOW + timedelta(hours=1)
    why = FailureKind.NOWHERE_TO_POST
    kept = job(JobState.UNDELIVERED, failure=why, result_url="https://cdn.example/v.mp4", result_expires_at=until)

    card = CARDS.status(kept, CHARGED)

    assert refusals(card) is None
    assert "could not post it anywhere. It was charged." in read(card)
    assert f"You can download it yourself until <t:{int(until.timestamp())}:f>." in read(card)
    assert labels(card) == {"Download": "https://cdn.example/v.mp4"}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({}, " Please ask a moderator to let me post here."),
        ({"private": True}, " For the next one, please allow direct messages from me."),
        ({"guild_id": None, "server_id": None}, ""),
    ],
)
def test_a_video_that_could_not_be_posted_asks_whoever_could_change_that(where: dict[str, object], told: str) -> None:
    kept = job(JobState.UNDELIVERED, failure=FailureKind.NOWHERE_TO_POST, **where)

    shown = read(CARDS.status(kept, CHARGED))

    assert f"It was charged. /my-videos show gives it to you.{told}\n" in shown


@pytest.mark.parametrize("why", [FailureKind.RESULT_GONE, FailureKind.NOT_A_VIDEO])
def test_an_address_that_gave_no_video_is_not_handed_on(why: FailureKind) -> None:
    url = "http://10.0.0.5:8080/internal/v.mp4?token=abc"

    card = CARDS.status(job(JobState.UNDELIVERED, failure=why, result_url=url), CHARGED)

    assert labels(card) == AGAIN
    assert "10.0.0.5" not in read(card)


def test_a_long_link_to_a_kept_video_is_text() -> None:
    url = "https://cdn.example/" + "x" * 1000

    why = FailureKind.NOWHERE_TO_POST
    card = CARDS.status(asking(long("*"), state=JobState.UNDELIVERED, failure=why, result_url=url), CHARGED)

    assert refusals(card) is None
    assert f"You can download it yourself.\n<{url}>" in read(card)
    assert labels(card) == {}
