"""Every card, message and form that carries text of people, filled with the longest that people can write."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.administration.oversight import PER_PAGE as ROWS
from bot.administration.oversight import Waiting
from bot.administration.reports import Report
from bot.client.cards import ResultPost
from bot.client.reporter import ReportingModal
from bot.domain.audit import Act, Action
from bot.domain.character import LONGEST_NAME, Character, Sharing
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild, GuildChoices
from bot.domain.inputs import Inputs
from bot.domain.job import ENDED, Job, JobState, MessagePlace, TaskRef
from bot.domain.ledger import Settlement
from bot.domain.record import Record
from bot.domain.request import CharacterClip
from bot.domain.sentence import MessageLink
from bot.domain.standing import Progress, RenderTime, Standing
from bot.locales import Translator
from bot.media.attachments import Attachment
from bot.orders.characters import MOST_GRANTS, NewCharacter
from bot.orders.details import Details
from bot.orders.history import PER_PAGE, Page
from bot.policy.asker import Asker
from cogs.cards.history import choice_name, history_options, history_texts, shown
from cogs.cards.labels import Labels
from cogs.cards.queue import MOST_JOBS
from cogs.cards.report import report_card
from cogs.cards.result import alt_text
from cogs.character.cards import Entry, entries_of, page_items, paged, saved_card
from cogs.character.form import CharacterForm, Opening
from cogs.menus.report import ReportForm
from cogs.remix.form import RemixForm
from cogs.video.edit import edit_form
from cogs.video_admin.report import Offer
from cogs.video_admin.report import Report as SetupReport
from cogs.video_mod.word_forms import PatternsForm, WordsForm, fields_of
from sandbox.discord import checks
from sandbox.discord.components import texts, walk
from sandbox.discord.wire import Payload
from tests import openapi
from tests.bot.orders.menus import menu_of
from tests.cogs.cards.gallery import (
    CARDS,
    CATALOGUE,
    JOB,
    LONGEST,
    NASTY,
    NOW,
    components_of,
    long,
    payload,
    post_payload,
)
from tests.cogs.cards.test_wordy import NoWords

CONTENT_UNITS, TEXT_UNITS, TEXT_BYTES, COMPONENTS = 2000, 4000, 10_170, 40
UNITS = {"label": 100, "description": 1024, "placeholder": 150}
PROMPT = 4000
"""Characters that a prompt may have."""
SHOWN, LISTED = 2000, 600
"""As good as endless on a status message, which shows 1000 of them, and in a list, which shows 150."""

ZALGO = "Z" + "\u0301\u0323\u0334\u0489" * 8
EXPLODING = [
    *NASTY,
    ZALGO,
    "\u0301",
    "𒐫",
    "🦜",
    "e\u0301",
    "\u0e01\u0e33",
    "\\*_~`|<[]",
    "@everyone",
    "://",
    "1. ",
    "\ud800",
]
"""What fills prompts: four bytes a character, markdown that doubles, marks that pile up, what is not shown at all."""

LARGE = 1 << 62
PLACE = MessagePlace(LARGE, LARGE)
LINK = MessageLink(LARGE, LARGE, LARGE)
URL = "https://cdn.example/v.mp4?sig="
LABELS = Labels(CATALOGUE, Translator("en-US"))
FULL = Standing(
    Settlement.RESERVED,
    line=1_000_000,
    progress=Progress(100, 1_000_000),
    usual=RenderTime(60, 80),
    videos_left=1_000_000,
    original=LINK,
    cost=10_000_000,
)
"""Everything that can be told of a job, at length."""


def units(text: str) -> int:
    """UTF-16 units, in which Discord's client counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def assert_taken(body: Payload, *, files: int = 0) -> None:
    """Discord takes the body of a message: by the sandbox's checks, and counted in its units."""
    assert checks.message(body, attachments=files) is None
    everything = list(walk(body.get("components", [])))
    displayed = "".join(texts(body.get("components", [])))
    assert units(body.get("content", "")) <= CONTENT_UNITS
    assert units(displayed) <= TEXT_UNITS
    assert len(displayed.encode()) <= TEXT_BYTES
    assert len(everything) <= COMPONENTS
    for part in [*everything, *(option for each in everything for option in each.get("options", ()))]:
        assert [name for name, most in UNITS.items() if units(part.get(name) or "") > most] == []


def assert_form_taken(form: discord.ui.Modal) -> None:
    """Discord opens the form."""
    body = form.to_dict()
    assert checks.modal(body) is None
    for part in walk(body["components"]):
        assert units(part.get("label") or "") <= 45
        assert units(part.get("description") or "") <= 100
        assert units(part.get("placeholder") or "") <= 100


def asking(prompt: str, state: JobState = JobState.DELIVERED, **changes: object) -> Job:
    """A job with everything that a job can have."""
    request = replace(
        JOB.request,
        prompt=prompt,
        image="https://a.example/1.png",
        last_image="https://a.example/2.png",
        character=CharacterClip("https://a.example/3.mp4", Decimal("1.25"), Decimal("3.75")),
    )
    full = replace(
        JOB,
        state=state,
        request=request,
        status=PLACE,
        message=PLACE,
        task=TaskRef("myrouter", "t1"),
        gateway="myrouter",
        ordered_at=NOW - timedelta(hours=30),
        finished_at=NOW,
        remix_of="a1b2c3d4e5",
        repeats="b1b2c3d4e5",
        inputs=Inputs("p.png", "l.png", "c.mp4", Decimal(3)),
    )
    return replace(full, **changes)  # type: ignore[arg-type]


def posted(post: ResultPost) -> Iterator[tuple[Payload, int]]:
    yield post_payload(post), 1


def plain_text(content: str) -> Iterator[tuple[Payload, int]]:
    yield {"content": content}, 0


def cards(*views: discord.ui.LayoutView) -> Iterator[tuple[Payload, int]]:
    yield from ((payload(view), 0) for view in views)


def statuses(prompt: str) -> Iterator[tuple[Payload, int]]:
    """The status message in every state, and where a video is kept whose link is long."""
    yield from cards(*(CARDS.status(asking(prompt[:SHOWN], state), FULL) for state in JobState))
    kept = asking(
        prompt,
        JobState.UNDELIVERED,
        failure=FailureKind.NOWHERE_TO_POST,
        result_url=URL.ljust(2000, "x"),
        result_expires_at=NOW,
    )
    yield from cards(CARDS.status(kept, FULL))


def results(prompt: str) -> Iterator[tuple[Payload, int]]:
    """The post with everything that it can say: late, elsewhere, a remix, and a link of any length."""
    for length in (100, 512, 513, 1500, 1990):
        job = asking(prompt, late=True, result_url=URL.ljust(length, "x"), result_expires_at=NOW)
        yield from posted(CARDS.result(job, FULL, size_bytes=1 << 40, posted_elsewhere=True))
    yield from posted(CARDS.result(asking(prompt, late=True), FULL, size_bytes=None, posted_elsewhere=True))


def histories(prompt: str) -> Iterator[tuple[Payload, int]]:
    """Pages of every ending, as the panel draws them."""
    for state in sorted(ENDED):
        jobs = [replace(asking(prompt[:LISTED], state), id=f"{number:010d}") for number in range(PER_PAGE)]
        parts = [
            discord.ui.TextDisplay[discord.ui.LayoutView](text)
            for text in history_texts(Page(jobs, 98, 99, 490), LABELS)
        ]
        view = discord.ui.LayoutView().add_item(discord.ui.Container(*parts))
        options = history_options(jobs, LABELS)
        if options:
            menu: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(options=options)
            view.add_item(discord.ui.ActionRow(menu))
        yield from cards(view)


def queues(prompt: str) -> Iterator[tuple[Payload, int]]:
    """The queue at every length."""
    row = (asking(prompt[:LISTED], JobState.RENDERING), FULL)
    yield from cards(*(CARDS.queue([row] * length, "en-US") for length in (1, 10, 15, 20, MOST_JOBS, 2 * MOST_JOBS)))


def server_queues(prompt: str) -> Iterator[tuple[Payload, int]]:
    """A moderator's page of the server's queue, with all that stands below it."""
    row = (asking(prompt[:LISTED], JobState.RENDERING), FULL)
    for length in (1, ROWS):
        text = CARDS.server_queue(Waiting([row] * length, 98, 99, 990), "en-US")
        view = discord.ui.LayoutView().add_item(discord.ui.Container(discord.ui.TextDisplay(text)))
        yield from cards(view.add_item(discord.ui.TextDisplay("These buttons are closed".ljust(150, "."))))


def details(prompt: str) -> Iterator[tuple[Payload, int]]:
    """Everything that one person may see of a video."""
    for state, failure in ((JobState.RENDERING, None), (JobState.UNSURE, FailureKind.UNSURE), (JobState.FAILED, None)):
        job = asking(prompt, state, failure=failure, private=True, removed_at=NOW, dont_post=True)
        seen = Details(job, FULL, is_own=True, shows_prompt=True, cost=10_000_000, repeated=LINK)
        yield from cards(CARDS.details(seen, "en-US"))


def reports(prompt: str) -> Iterator[tuple[Payload, int]]:
    """A reported video with a reason as long as a prompt."""
    yield from cards(report_card(Report(asking(prompt), LARGE, prompt[:1000], LINK, LARGE, "en-US"), LABELS.translator))


def logged(prompt: str) -> Iterator[tuple[Payload, int]]:
    """The log channel's card in every state, with all that may have been done about it."""
    acts = [Act(NOW, LARGE, LARGE, action) for action in Action] * 3
    for state in JobState:
        job = asking(prompt, state, failure=FailureKind.MODEL_RETIRED, late=True)
        yield from cards(CARDS.log_card(job, Record(FULL, acts)))


MESSAGES: dict[str, Callable[[str], Iterator[tuple[Payload, int]]]] = {
    "status": statuses,
    "result": results,
    "log copy": lambda prompt: posted(CARDS.log_copy(asking(prompt, private=True), FULL)),
    "announcement": lambda prompt: posted(CARDS.announcement(asking(prompt), replace(FULL, stands=LINK))),
    "failure ping": lambda prompt: plain_text(CARDS.failure_ping(asking(prompt, JobState.UNSURE), FULL)),
    "told directly": lambda prompt: plain_text(CARDS.ready(asking(prompt))),
    "shown again": lambda prompt: plain_text(shown(asking(prompt), LABELS)),
    "history": histories,
    "queue": queues,
    "server queue": server_queues,
    "details": details,
    "report": reports,
    "logged": logged,
}


@pytest.mark.parametrize("part", EXPLODING, ids=ascii)
@pytest.mark.parametrize("name", MESSAGES)
def test_discord_takes_every_message_about_the_longest_prompts(name: str, part: str) -> None:
    for body, files in MESSAGES[name](long(part, PROMPT)):
        assert_taken(body, files=files)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_as_discord_describes_it(name: str) -> None:
    for body, files in MESSAGES[name](long(LONGEST, PROMPT)):
        kind = openapi.FORM if files else openapi.JSON
        path = f"/channels/{JOB.channel_id}/messages"
        assert openapi.described().check_request("POST", path, {}, body, kind) == []


@settings(max_examples=15, deadline=None)
@given(prompt=st.lists(st.sampled_from(EXPLODING), min_size=1, max_size=400).map("".join))
def test_discord_takes_whatever_people_mix(prompt: str) -> None:
    for draw in (results, details, reports, MESSAGES["log copy"], MESSAGES["told directly"], MESSAGES["shown again"]):
        for body, files in draw(prompt[:PROMPT]):
            assert_taken(body, files=files)


@pytest.mark.parametrize("part", EXPLODING, ids=ascii)
def test_alt_texts_and_choices_fit(part: str) -> None:
    job = asking(long(part, PROMPT))

    assert units(alt_text(job, LABELS.translator)) <= 1024
    assert 0 < units(choice_name(job.id, job.request.prompt)) <= 100


def characters(part: str, how_many: int, *, owner_id: int = 1) -> list[Character]:
    """Characters with names of a part over and over, shared with as many as can be chosen."""
    ids = frozenset(range(LARGE, LARGE + MOST_GRANTS))
    clip = f"{'0' * 32}.mp4"
    return [
        Character(
            f"{number:010d}",
            owner_id,
            guild_id=5,
            name=long(part, LONGEST_NAME),
            file=clip,
            seconds=Decimal("2.875"),
            confirmed_at=NOW,
            created_at=NOW,
            sharing=Sharing.CHOSEN,
            user_ids=ids,
        )
        for number in range(how_many)
    ]


def page_of(entries: list[Entry]) -> discord.ui.LayoutView:
    """A page of the list with its buttons, as it is sent."""
    view = discord.ui.LayoutView()
    for item in page_items(entries, LABELS.translator):
        view.add_item(item)
    view.add_item(discord.ui.TextDisplay("-# Page 99 of 99"))
    turning: list[discord.ui.Button[discord.ui.LayoutView]] = [discord.ui.Button(label="Next") for _ in range(2)]
    return view.add_item(discord.ui.ActionRow(*turning))


@pytest.mark.parametrize("part", EXPLODING, ids=ascii)
def test_discord_takes_cards_of_characters_with_the_longest_names(part: str) -> None:
    asker = Asker(1, 5, 6, "en-US")
    own, borrowed = characters(part, 50), characters(part, 100, owner_id=LARGE)

    views = [saved_card(own[0], asker, LABELS.translator, "Character saved")]
    views += [page_of(page) for page in paged(entries_of(own, borrowed, asker, LABELS.translator))]

    assert len(views) > 2
    for body, _ in cards(*views):
        assert_taken(body)


def forms(job: Job, part: str) -> list[discord.ui.Modal]:
    """Every form that shows text of people: the prompt of a job, names of a part over and over."""
    clip = Attachment("https://cdn.example/c.mp4", long(part, 200), 1)
    name = NewCharacter(long(part, LONGEST_NAME), clip, "1" * 40, confirmed=True, sharing=Sharing.CHOSEN)
    return [
        edit_form(job, menu_of(CATALOGUE), LABELS.translator),
        edit_form(replace(job, remix_of="a1b2c3d4e5"), menu_of(CATALOGUE), LABELS.translator),
        RemixForm(job, LABELS.translator, long(part, PROMPT)),
        CharacterForm(Opening("New character", asks_clip=True, shareable=True), name, LABELS.translator),
        CharacterForm(Opening("Save as character", asks_clip=False, shareable=True), name, LABELS.translator),
        WordsForm(NoWords(LABELS.translator), fields_of(tuple(f"{number}{long(part, 60)}" for number in range(300)))),
        PatternsForm(NoWords(LABELS.translator), fields_of(tuple(long(part, 260) for _ in range(40)))),
        ReportForm(job.id, PLACE, LABELS.translator),
    ]


def test_every_form_ends_by_itself_and_has_an_id_of_its_own() -> None:
    opened = [form for _ in range(2) for form in forms(asking("a cat", remix_of=None), "a cat")]

    assert {form.timeout for form in opened} == {14 * 60}
    assert len({form.custom_id for form in opened}) == len(opened)
    kinds = [kind for kind in _below(discord.ui.Modal) if kind.__module__.startswith("cogs.")]
    assert len(kinds) > 8
    assert all(issubclass(kind, ReportingModal) for kind in kinds)


def _below(kind: type[discord.ui.Modal]) -> Iterator[type[discord.ui.Modal]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


@pytest.mark.parametrize("part", EXPLODING, ids=ascii)
def test_discord_opens_every_form_with_the_longest_texts(part: str) -> None:
    job = asking(long(part, PROMPT).encode("utf-8", "replace").decode(), remix_of=None)

    for form in forms(job, part):
        assert_form_taken(form)


def test_discord_takes_the_report_of_the_largest_setup() -> None:
    many = frozenset(range(LARGE, LARGE + 75))
    choices = GuildChoices(
        role_ids=many, denied_role_ids=many, channel_ids=many, time_zone="America/Argentina/ComodRivadavia"
    )
    choices = replace(
        choices, moderator_role_id=LARGE, log_channel_id=LARGE, clip_channel_id=LARGE, alert_role_id=LARGE
    )
    choices = replace(choices, confirm_above=10**9, show_money=True, animate_any=True)
    choices = replace(choices, announcement_channel_id=LARGE, gallery_channel_id=LARGE, publish=True)
    choices = replace(choices, keep_status=True, hide_prompts=True, spoilers=True, age_restricted_only=True)

    report = SetupReport(Guild(5, choices), None, LABELS.translator, Offer(CATALOGUE, 200_000))
    (body, files), *_ = cards(report.card({}))

    assert_taken(body, files=files)
    assert "more channels." in str(body)


def test_the_check_finds_what_is_too_long() -> None:
    wide = discord.ui.LayoutView().add_item(discord.ui.TextDisplay("\U0001d54f" * 2001))

    for body in ({"content": "\U0001d54f" * 1001}, {"components": components_of(wide), "flags": 1 << 15}):
        with pytest.raises(AssertionError):
            assert_taken(body)
