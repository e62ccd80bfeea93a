"""The messages that carry a finished video."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.film import Film, Treatment
from bot.domain.job import Job, JobState, TaskRef
from bot.domain.ledger import Settlement
from bot.domain.request import VideoRequest
from bot.domain.sentence import MessageLink
from bot.domain.standing import Standing
from sandbox.discord import checks
from tests.cogs.cards.gallery import (
    AUTHOR,
    CARDS,
    CHARGED,
    JOB,
    MENTIONS,
    NASTY,
    NOW,
    asking,
    job,
    labels,
    long,
    post_payload,
)

DELIVERING = job(JobState.DELIVERING, finished_at=NOW)
URL = "https://cdn.example/v.mp4?sig=1"
LARGE = 42 << 20
ORIGINAL = "a1b2c3d4e5"
TASK = TaskRef("myrouter", "t1")
MADE = replace(DELIVERING, task=TASK)
LIVE = re.compile(r"(?<!\\)<(?:@[&!]?\d+|#\d+|/|t:)>?|@everyone|@here")


def content(of: Job, standing: Standing = CHARGED, *, size_bytes: int | None = None, elsewhere: bool = False) -> str:
    """The text of a result post, which Discord has to accept."""
    post = CARDS.result(of, standing, size_bytes=size_bytes, posted_elsewhere=elsewhere)
    assert checks.message(post_payload(post), attachments=1) is None
    return post.content


def test_a_post_has_one_ping_the_prompt_and_the_small_line() -> None:
    standing = Standing(Settlement.CHARGED, videos_left=2)

    lines = content(DELIVERING, standing).split("\n")

    assert lines == [
        f"<@{AUTHOR}>",
        "a cat in the rain",
        "-# AI-generated · Sora 2 · 10 s · landscape · with sound · took 3 min · 2 videos left today · `7q2m0x9dkt`",
    ]


FILM = Film(3 << 20, 1280, 720, "h264", "aac", Decimal("10.031"), 24.0)
SHRUNK = replace(FILM, treatment=Treatment.REENCODED, shrunk=True)
REMADE = replace(SHRUNK, shrunk=False)


def ending(film: Film, **changes: object) -> str:
    """The last line of a post with a file."""
    return content(job(JobState.DELIVERING, film=film, **changes)).split("\n")[-1]


def test_a_video_that_was_encoded_again_says_so_and_why() -> None:
    assert " · re-encoded to fit this server's upload limit · `" in ending(SHRUNK)
    assert " · re-encoded to fit the upload limit here · `" in ending(SHRUNK, private=True)
    assert " · re-encoded so that it plays everywhere · `" in ending(REMADE)


def test_copies_say_it_of_their_own_file() -> None:
    shown = job(JobState.DELIVERED, film=SHRUNK)

    for_all, for_moderators = CARDS.announcement(shown, CHARGED), CARDS.log_copy(replace(shown, private=True), CHARGED)

    assert " · re-encoded to fit this server's upload limit · `" in for_all.content
    assert " · re-encoded to fit the upload limit here · `" in for_moderators.content


@pytest.mark.parametrize("treatment", [Treatment.UNTOUCHED, Treatment.REWRAPPED])
def test_a_video_that_lost_nothing_needs_no_word(treatment: Treatment) -> None:
    assert ending(replace(FILM, treatment=treatment)) == ending(None)  # type: ignore[arg-type]


def test_a_silent_video_is_not_said_to_have_sound() -> None:
    silent = replace(FILM, audio_codec=None)

    assert " · with sound · " in ending(FILM)
    assert " · without sound · " in ending(silent)
    assert " · without sound · " in ending(silent, request=VideoRequest("a cat"))
    assert "sound" not in ending(FILM, request=VideoRequest("a cat"))


@pytest.mark.parametrize(
    "film",
    [replace(FILM, video_codec="hevc"), replace(FILM, pixel_format="yuv420p10le"), replace(FILM, video_codec="av1")],
)
def test_a_video_that_could_not_be_encoded_again_may_not_play(film: Film) -> None:
    odd = job(JobState.DELIVERING, film=film)

    assert "\nThis video may not play in Discord; download it to watch it.\n-#" in content(odd)
    assert "may not play" not in content(odd, size_bytes=LARGE)
    assert "may not play" not in content(job(JobState.DELIVERING, film=FILM))
    assert "may not play" not in content(job(JobState.DELIVERING, film=replace(FILM, pixel_format="yuv420p")))


def test_a_hidden_prompt_is_neither_read_nor_heard() -> None:
    post = CARDS.result(DELIVERING, replace(CHARGED, hides_prompt=True), size_bytes=None, posted_elsewhere=False)

    assert post.content.startswith(f"<@{AUTHOR}>\n-# AI-generated · ")
    assert post.alt_text == "AI video"
    assert checks.message(post_payload(post), attachments=1) is None


def test_one_video_left_is_singular() -> None:
    assert "· 1 video left today ·" in content(DELIVERING, Standing(Settlement.CHARGED, videos_left=1))


@pytest.mark.parametrize("part", NASTY)
@pytest.mark.parametrize("length", [2000, 4000])
def test_a_post_takes_any_prompt(part: str, length: int) -> None:
    full = asking(long(part, length), remix_of=ORIGINAL, late=True, result_url=URL.ljust(512, "x"), task=TASK)
    standing = Standing(Settlement.SERVER, videos_left=100, cost=1500, original=MessageLink(1 << 62, 1 << 62, 1 << 62))

    text = content(full, standing, size_bytes=LARGE, elsewhere=True)

    assert len(text.encode("utf-16-le")) // 2 <= 2000
    assert f"`{JOB.id}`" in text


def test_the_author_is_the_only_live_mention() -> None:
    assert [found.group() for found in LIVE.finditer(content(asking(MENTIONS)))] == [f"<@{AUTHOR}>"]


def test_alt_text_is_the_prompt_and_fits() -> None:
    short = CARDS.result(DELIVERING, CHARGED, size_bytes=None, posted_elsewhere=False)
    cut = CARDS.result(asking(long("word ")), CHARGED, size_bytes=None, posted_elsewhere=False)

    assert short.alt_text == "AI video: a cat in the rain"
    assert 1000 < len(cut.alt_text) <= 1024


def buttons(of: Job) -> dict[str, str]:
    """The buttons of a result post."""
    post = CARDS.result(of, CHARGED, size_bytes=None, posted_elsewhere=False)
    assert post.view.timeout is None
    return labels(post.view)


def test_a_post_offers_everything_that_its_model_can_do() -> None:
    assert buttons(MADE) == {
        "Again": f"cb:again:{JOB.id}",
        "Remix": f"cb:remix:{JOB.id}",
        "Edit prompt": f"cb:edit:{JOB.id}",
        "Delete": f"cb:delete:{JOB.id}",
        "Save as character": f"cb:character:{JOB.id}",
    }


def test_what_a_gateway_would_not_change_offers_no_remix() -> None:
    remix = replace(MADE, remix_of=ORIGINAL, request=replace(JOB.request, parent_task="t1"))

    assert "Remix" not in buttons(DELIVERING)
    assert "Remix" not in buttons(remix)


def test_a_model_that_is_no_longer_offered_leaves_only_the_prompt() -> None:
    assert list(buttons(replace(MADE, model_id="gone-1"))) == ["Edit prompt", "Delete"]


def test_a_remix_names_its_original_and_leads_to_it() -> None:
    remix = replace(DELIVERING, remix_of=ORIGINAL)
    link = MessageLink(1, 2, 3)

    linked = content(remix, Standing(Settlement.CHARGED, original=link))
    unlinked = content(remix, Standing(Settlement.CHARGED, original=ORIGINAL))

    assert f" · Remix of [{ORIGINAL}](https://discord.com/channels/1/2/3) · took " in linked
    assert f" · Remix of {ORIGINAL} · took " in unlinked


def test_the_cost_is_told_where_members_are_shown_money() -> None:
    assert " · cost $0.15 · `" in content(DELIVERING, Standing(Settlement.CHARGED, cost=1500))
    assert "$" not in content(DELIVERING)


def test_a_late_video_says_so_and_that_it_is_not_charged() -> None:
    text = content(job(JobState.DELIVERING, late=True), Standing(Settlement.SERVER))

    assert "This video came late, after I had given up on it. Not charged to you." in text


def test_a_video_that_is_posted_elsewhere_says_where_it_was_to_be() -> None:
    assert f"I couldn't post in <#{JOB.channel_id}>." in content(DELIVERING, elsewhere=True)


def test_a_conversation_of_people_is_not_named_elsewhere() -> None:
    text = content(job(JobState.DELIVERING, guild_id=None, server_id=None), elsewhere=True)

    assert "I couldn't post where you asked for it." in text
    assert "<#" not in text


@pytest.mark.parametrize("outside", [{"private": True}, {"guild_id": None, "server_id": None}])
def test_outside_servers_it_is_no_servers_upload_limit(outside: dict[str, object]) -> None:
    text = content(job(JobState.DELIVERING, **outside), size_bytes=LARGE)

    assert "42 MB is over the upload limit here." in text


def test_a_video_that_is_too_large_is_a_link_with_its_end() -> None:
    until = NOW + timedelta(hours=1)
    large = job(JobState.DELIVERING, result_url=URL, result_expires_at=until)

    post = CARDS.result(large, CHARGED, size_bytes=LARGE, posted_elsewhere=False)

    assert (
        "42 MB is over this server's upload limit.\nDownload it with the button.\n"
        f"The link works until <t:{int(until.timestamp())}:f>."
    ) in post.content
    assert labels(post.view)["Download"] == URL


@pytest.mark.parametrize("length", [513, 1000, 1500])
def test_a_link_too_long_for_a_button_is_text(length: int) -> None:
    url = URL.ljust(length, "x")

    text = content(asking(long("*"), result_url=url), size_bytes=LARGE)

    assert f"Download: <{url}>" in text


def test_a_link_too_long_for_a_message_is_left_out() -> None:
    text = content(job(JobState.DELIVERING, result_url=URL.ljust(1990, "x")), size_bytes=LARGE)

    assert "Its link is too long to be posted here." in text


def test_a_video_that_is_too_large_and_has_no_link_any_more_says_its_size() -> None:
    assert "42 MB is over this server's upload limit.\n-#" in content(DELIVERING, size_bytes=LARGE)


def test_the_copy_for_moderators_says_who_what_and_how_much() -> None:
    copy = CARDS.log_copy(job(JobState.DELIVERED, finished_at=NOW, private=True), CHARGED)

    assert checks.message(post_payload(copy), attachments=1) is None
    assert copy.content.startswith(f"Private video of <@{AUTHOR}>\na cat in the rain\n-# AI-generated · Sora 2")
    assert "· cost $0.15 ·" in copy.content
    assert labels(copy.view) == {}


@pytest.mark.parametrize("part", NASTY)
def test_the_copy_for_moderators_takes_any_prompt(part: str) -> None:
    copy = CARDS.log_copy(asking(long(part)), CHARGED)

    assert checks.message(post_payload(copy), attachments=1) is None


ANNOUNCED = replace(CHARGED, stands=MessageLink(JOB.guild_id, 5, 6), videos_left=2, cost=1500)


def test_the_copy_for_all_says_who_what_and_where_and_nothing_of_money() -> None:
    copy = CARDS.announcement(job(JobState.DELIVERED, finished_at=NOW), ANNOUNCED)

    link = f"https://discord.com/channels/{JOB.guild_id}/5/6"
    assert copy.content == (
        f"<@{AUTHOR}> has made a video: {link}\na cat in the rain\n"
        "-# AI-generated · Sora 2 · 10 s · landscape · with sound · took 3 min · `7q2m0x9dkt`"
    )
    assert (copy.alt_text, labels(copy.view)) == ("AI video: a cat in the rain", {})


def test_the_copy_for_all_leads_nobody_to_where_they_can_not_go() -> None:
    copy = CARDS.announcement(job(JobState.DELIVERED), replace(ANNOUNCED, stands=None))

    assert copy.content.startswith(f"<@{AUTHOR}> has made a video.\na cat in the rain\n")


def test_the_copy_for_all_hides_the_prompt() -> None:
    copy = CARDS.announcement(job(JobState.DELIVERED), replace(ANNOUNCED, hides_prompt=True))

    assert JOB.request.prompt not in copy.content
    assert copy.alt_text == "AI video"


@pytest.mark.parametrize("part", NASTY)
def test_the_copy_for_all_takes_any_prompt(part: str) -> None:
    copy = CARDS.announcement(asking(long(part)), ANNOUNCED)

    assert checks.message(post_payload(copy), attachments=1) is None
