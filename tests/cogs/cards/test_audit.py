"""The record in words: every action, whom and what it was about, each choice before and after, and never too long."""

import json
from collections.abc import Mapping

import pytest

from bot.administration.overview import ON_A_PAGE, ActsPage
from bot.catalogue.catalogue import Catalogue
from bot.domain.audit import ERASED, Act, Action
from bot.domain.job import Job, JobState, MessagePlace
from bot.locales import Translator
from cogs.cards.audit import TEXT_LIMIT, audit_texts
from cogs.cards.changes import Changes
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, NOW, job

CHANGES = Changes(GUILD, Catalogue.load(), Translator("en-US"))
STAMP = int(NOW.timestamp())


def act(action: Action = Action.SETUP, **about: object) -> Act:
    return Act(NOW, GUILD, int(str(about.pop("actor_id", BOB))), action, **about)  # type: ignore[arg-type]


def told(*acts: Act, jobs: Mapping[str, Job] | None = None) -> list[str]:
    """The paragraphs of a page, without its heading."""
    return audit_texts(ActsPage(acts, dict(jobs or {}), len(acts), 0), CHANGES)[1:]


@pytest.mark.parametrize("action", Action)
def test_every_action_has_words(action: Action) -> None:
    (text,) = told(act(action))

    assert text.startswith(f"<t:{STAMP}:f> · <@{BOB}> ")
    assert action.value not in {text.rpartition("> ")[2], ""}


@pytest.mark.parametrize(("actor", "name"), [(0, "The bot"), (ERASED, "Somebody whose data was erased")])
def test_who_has_no_name_is_told_in_words(actor: int, name: str) -> None:
    assert told(act(Action.PAUSE, actor_id=actor)) == [f"<t:{STAMP}:f> · {name} paused videos"]


def test_a_block_names_member_end_and_reason() -> None:
    until = json.dumps({"until": "2026-03-15T15:09:26Z"})

    (text,) = told(act(Action.BLOCK, member_id=ALICE, after=until, reason="*spam*\nagain"))
    (for_good,) = told(act(Action.BLOCK, member_id=ALICE, after='{"until": null}'))

    assert text.splitlines()[1] == f"-# <@{ALICE}> · until <t:{STAMP + 86_400}:f> · Reason: \\*spam\\* again"
    assert for_good.splitlines()[1] == f"-# <@{ALICE}> · for good"


def test_a_grant_names_what_was_given() -> None:
    (text,) = told(act(Action.GRANT, member_id=ALICE, after=json.dumps({"videos": 2, "amount": 15_000, "more": "x"})))

    assert text.splitlines()[1] == f"-# <@{ALICE}> · 2 videos · $1.50 · more: x"


def test_of_a_gift_only_what_was_given_is_told() -> None:
    (text,) = told(act(Action.GRANT, member_id=ALICE, after=json.dumps({"videos": 0, "amount": 15_000})))

    assert text.splitlines()[1] == f"-# <@{ALICE}> · $1.50"


def test_a_video_is_named_with_a_link_where_others_find_it() -> None:
    posted = {"message": MessagePlace(CHANNEL, 77), "server_id": GUILD, "state": JobState.DELIVERED}
    video, private, removed = job(**posted), job(private=True, **posted), job(removed_at=NOW, **posted)
    known = {each.id: each for each in (video, private, removed)}

    texts = told(*(act(Action.REFUND, job_id=id_) for id_ in (*known, "zzzzzzzzzz")), jobs=known)

    about = [text.splitlines()[1] for text in texts]
    assert about == [
        f"-# `{video.id}` · https://discord.com/channels/{GUILD}/{CHANNEL}/77",
        f"-# `{private.id}`",
        f"-# `{removed.id}`",
        "-# `zzzzzzzzzz`",
    ]


def test_each_choice_is_told_before_and_after() -> None:
    changed = act(
        before='{"log_channel_id": null, "show_money": false}', after='{"log_channel_id": 5, "show_money": true}'
    )

    (text,) = told(changed)

    assert text.splitlines()[1:] == ["**Log channel**: none → <#5>", "**Show prices to members**: off → on"]


def test_a_page_never_outgrows_its_card_and_says_how_much_is_left_out() -> None:
    words = [f"{number} {'long ' * 30}" for number in range(40)]
    after = {"words": words, "word_patterns": words, "pause": "why " * 100, "show_money": True, "animate_any": True}
    before: dict[str, object] = {
        "words": [],
        "word_patterns": [],
        "pause": None,
        "show_money": False,
        "animate_any": False,
    }
    big = act(before=json.dumps(before), after=json.dumps(after), reason="because " * 100)

    texts = told(*[big] * ON_A_PAGE)

    assert sum(map(len, texts)) <= TEXT_LIMIT
    assert all(text.endswith(" more") and "…" in text for text in texts)
    assert all(text.startswith(f"<t:{STAMP}:f> · <@{BOB}> changed the setup\n") for text in texts)


def test_a_record_without_a_line_says_so() -> None:
    assert told() == ["Nothing has been done yet."]
