"""The card about a job in the log channel."""

from datetime import timedelta

import pytest

from bot.domain.audit import Act, Action
from bot.domain.failure import FailureKind
from bot.domain.job import JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.domain.record import Record
from bot.domain.standing import Standing
from tests.cogs.cards.gallery import AUTHOR, CARDS, CHARGED, JOB, NOW, REFUNDED, RESERVED, asking, job, read, refusals

POST = MessagePlace(JOB.channel_id, 77)
MOD = 1120000000000000005


def test_a_finished_video_is_told_with_who_what_how_much_and_where() -> None:
    card = CARDS.log_card(job(JobState.DELIVERED, message=POST, gateway="myrouter"), Record(CHARGED))

    assert read(card).splitlines() == [
        "## Finished",
        "a cat in the rain",
        f"Asked for by <@{AUTHOR}>",
        "Sora 2 · 10 s · landscape · with sound",
        "Cost: $0.15, charged",
        "Video service: myrouter",
        f"https://discord.com/channels/{JOB.server_id}/{JOB.channel_id}/77",
        "-# `7q2m0x9dkt`",
    ]


@pytest.mark.parametrize(
    ("failure", "standing", "told"),
    [
        (FailureKind.MODERATION, REFUNDED, "The video service's rules don't allow this prompt.\nAsked for by"),
        (FailureKind.SERVICE, CHARGED, "Cost: $0.15, charged"),
        (FailureKind.SERVICE, REFUNDED, "Cost: $0.15, given back\n"),
        (
            FailureKind.SERVICE,
            Standing(Settlement.REFUNDED, is_carried=True),
            "Cost: $0.15, given back to its member, still counted for the budget\n",
        ),
        (FailureKind.MODEL_RETIRED, REFUNDED, "Sora 2 is no longer offered."),
    ],
)
def test_a_failure_says_why_and_whether_it_was_charged_and_gives_the_moderators_no_advice(
    failure: FailureKind, standing: Standing, told: str
) -> None:
    card = read(CARDS.log_card(job(JobState.FAILED, failure=failure), Record(standing)))

    assert card.startswith("## Failed\n")
    assert told in card
    assert "Press" not in card and "rephrase" not in card


@pytest.mark.parametrize(
    ("settlement", "told"),
    [
        (
            Settlement.RESERVED,
            "it was ordered. Its cost stays reserved until a manager decides.\n",
        ),
        (Settlement.REFUNDED, "so I can't tell whether it was ordered.\n"),
    ],
)
def test_an_order_of_unknown_outcome_says_what_the_books_say(settlement: Settlement, told: str) -> None:
    card = CARDS.log_card(job(JobState.UNSURE, failure=FailureKind.UNSURE), Record(Standing(settlement)))

    assert told in read(card)


def test_an_order_that_waits_says_until_when() -> None:
    card = read(CARDS.log_card(job(JobState.AWAITING_APPROVAL), Record(RESERVED)))

    until = int((JOB.created_at + timedelta(hours=24)).timestamp())
    assert card.startswith("## Waiting for a manager's approval\n")
    assert f"If nobody approves it, it is cancelled <t:{until}:R> and costs nothing." in card


def test_a_removed_video_leaves_no_prompt_on_its_card() -> None:
    removed = asking("a secret cat", state=JobState.DELIVERED, removed_at=NOW)

    card = read(CARDS.log_card(removed, Record(CHARGED, [Act(NOW, 5, MOD, Action.REMOVE)])))

    assert "secret" not in card
    assert "This video was removed, and its prompt with it." in card
    assert f"**Removed by <@{MOD}>, <t:{int(NOW.timestamp())}:f>.**" in card


def test_a_prompt_can_neither_mention_anybody_nor_look_like_the_bots_own_words() -> None:
    card = CARDS.log_card(asking("@everyone **Approved** <@1>", state=JobState.DELIVERED), Record(CHARGED))

    assert "@everyone" not in read(card)
    assert "**Approved**" not in read(card)
    assert "\\<@1>" in read(card)


def test_the_place_of_a_private_video_is_not_told() -> None:
    card = read(CARDS.log_card(job(JobState.DELIVERED, private=True, message=POST), Record(CHARGED)))

    assert "This video is private." in card
    assert "discord.com" not in card


def test_a_video_that_came_late_says_so_and_who_carries_it() -> None:
    card = read(CARDS.log_card(job(JobState.DELIVERED, late=True), Record(Standing(Settlement.SERVER))))

    assert "It came late, after I had given up on it." in card
    assert "Cost: $0.15, carried by the server" in card


@pytest.mark.parametrize("state", JobState)
def test_discord_takes_the_card_in_every_state(state: JobState) -> None:
    assert refusals(CARDS.log_card(job(state), Record(RESERVED))) is None


def test_a_job_that_waited_for_hours_names_the_minutes_since_it_was_ordered() -> None:
    ordered = NOW - timedelta(minutes=60)
    late = job(
        JobState.OVERDUE, created_at=NOW - timedelta(hours=9), ordered_at=ordered, deadline_at=NOW,
        failure=FailureKind.GAVE_UP,
    )  # fmt: skip

    assert "## No answer after 60 minutes." in read(CARDS.log_card(late, Record(REFUNDED)))
