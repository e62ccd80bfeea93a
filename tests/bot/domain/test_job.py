"""The table of moves is the drawing: one move more or less is a fault."""

import pytest

from bot.domain.job import AT_WORK, ENDED, MOVES, ORDERED, JobState, sources

DRAWING = """
awaiting_approval → queued cancelled
queued → submitting failed cancelled
submitting → queued rendering failed unsure cancelled
unsure → rendering dropped
rendering → rendered failed overdue
overdue → rendered failed expired
rendered → delivering undelivered
delivering → delivered undelivered
"""
"""As in the architecture. Beside its arrows: a job whose deadline passes in the queue fails; a cancel that came while
the order was on its way counts once it is certain that nothing was created; an overdue task may still fail."""

ARROWS = {
    (JobState(before), JobState(after))
    for before, afters in (line.split(" → ") for line in DRAWING.strip().splitlines())
    for after in afters.split()
}


@pytest.mark.parametrize("before", JobState)
def test_a_move_is_allowed_exactly_if_it_is_drawn(before: JobState) -> None:
    drawn = {after for start, after in ARROWS if start is before}

    assert MOVES[before] == drawn
    assert {after for after in JobState if before in sources(after)} == drawn


def test_a_job_has_ended_where_no_arrow_leads_on() -> None:
    assert {"delivered", "undelivered", "failed", "dropped", "expired", "cancelled"} == ENDED


def test_whatever_may_have_been_paid_counts_as_ordered() -> None:
    assert {"submitting", "unsure", "rendering", "overdue", "rendered", "delivering"} == ORDERED


def test_at_once_counts_what_the_member_is_waiting_for() -> None:
    assert {"awaiting_approval", "queued", "submitting", "rendering"} == AT_WORK


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    starts = {JobState.QUEUED, JobState.AWAITING_APPROVAL}

    reached = starts | {after for _, after in ARROWS}

    assert reached == set(JobState) == MOVES.keys()


def test_nothing_leads_from_an_order_that_may_be_paid_back_to_the_queue_but_submitting() -> None:
    assert sources(JobState.QUEUED) & ORDERED == {JobState.SUBMITTING}
