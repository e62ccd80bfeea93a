"""Ids of jobs and the names derived from them."""

from itertools import product

import pytest

from bot.domain.ids import ALPHABET, custom_id, file_name, is_job_id, new_job_id, nonce
from bot.domain.job import JobState
from bot.domain.outbox import NoteKind
from bot.worker.deliver import TAGS
from bot.worker.herald import Place

PING_TAGS = {f"{state[:4]}-{place[:2]}" for state, place in product(JobState, Place)}


def test_an_id_is_ten_characters_that_nobody_misreads() -> None:
    made = {new_job_id() for _ in range(2000)}

    assert len(made) == 2000
    assert all(len(id_) == 10 and is_job_id(id_) for id_ in made)
    assert set("".join(made)) == set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)
    assert ALPHABET.lower() == ALPHABET


@pytest.mark.parametrize(
    "text", ["", "7q2m0x9dk", "7q2m0x9dktt", "7Q2M0X9DKT", "7q2m0x9dki", "7q2m0x9dkt\n", " 7q2m0x9dk"]
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_job_id(text)


@pytest.mark.parametrize("tag", sorted({*TAGS.values(), *NoteKind, *PING_TAGS}))
def test_every_tag_of_the_worker_makes_a_nonce_that_discord_takes(tag: str) -> None:
    made = nonce("7q2m0x9dkt", tag)

    assert made == f"cb:7q2m0x9dkt:{tag}"
    assert len(made) <= 25


def test_the_places_of_one_post_have_nonces_of_their_own() -> None:
    assert len(set(TAGS.values())) == len(TAGS)
    assert TAGS.keys() == set(Place) - {Place.ANNOUNCEMENT}


def test_the_pings_of_different_ends_have_nonces_of_their_own() -> None:
    ends = [JobState.FAILED, JobState.UNSURE, JobState.OVERDUE, JobState.EXPIRED, JobState.UNDELIVERED]

    assert len({f"{state[:4]}-{place[:2]}" for state, place in product(ends, Place)}) == len(ends) * len(Place)


def test_a_longer_nonce_is_a_fault_of_the_program_and_never_sent() -> None:
    assert len(nonce("7q2m0x9dkt", "x" * 11)) == 25
    with pytest.raises(ValueError, match="cb:7q2m0x9dkt:xxxxxxxxxxxx"):
        nonce("7q2m0x9dkt", "x" * 12)


def test_buttons_and_files_are_named_after_the_job() -> None:
    assert custom_id("cancel", "7q2m0x9dkt") == "cb:cancel:7q2m0x9dkt"
    assert file_name("7q2m0x9dkt") == "clapboard-7q2m0x9dkt.mp4"
