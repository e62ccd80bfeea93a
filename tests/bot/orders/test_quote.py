"""The gate answers first: every refusal before anything is written, fetched or paid."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import (
    DurationNotOfferedError,
    InputMissingError,
    InputNotTakenError,
    PromptMissingError,
    PromptTooLongError,
    UnknownModelError,
)
from bot.domain.errors import RefusalError, StoreUnavailableError
from bot.domain.guild import Guild
from bot.domain.job import JobState
from bot.domain.request import VideoRequest
from bot.media.attachments import Attachment
from bot.orders.draft import Draft
from bot.orders.errors import NoLongerMadeError, NoServiceError, RangeWithoutClipError, TwoClipsError, TwoPicturesError
from bot.orders.menu import NO_PREFERENCES
from bot.orders.wish import wish_of
from bot.policy.asker import Asker, Context
from bot.policy.errors import (
    AtOnceError,
    BlockedWordError,
    DeclinedTooOftenError,
    DirectMessagesOffError,
    ElsewhereOffError,
    GuildBudgetError,
    MinorsError,
    NoRoleError,
    NotSetUpError,
    PausedByDeclinesError,
    ProcessBudgetError,
    UnpricedError,
    WrongChannelError,
)
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.store.database import Database
from tests.bot.orders.desk import CHOICES, DRAFT, MEMBER, Desk, receipt
from tests.bot.policy.askers import asker
from tests.bot.store.records import GUILD, NOW, add_reserved, job, rows

PICTURE = Attachment("https://cdn.example/a.png", "a.png", 10)
CLIP = Attachment("https://cdn.example/c.mp4", "c.mp4", 10)

STILL = """
default = "still"

[[models]]
id = "still"
title = "Still"
prompt_limit = 100
durations = { choices = [5], default = 5 }
sound = "never"

[[models.prices]]
when = { given = ["last_image"] }
usd = 9
per = "video"

[[models.prices]]
usd = 0.2
per = "video"

[[models.routes]]
slug = "still-i2v"
needs = ["image"]
takes = ["last_image"]

[models.routes.body]
prompt = { from = "prompt" }
duration = { from = "duration" }
image = { from = "image" }
last_image = { from = "last_image" }

[[models]]
id = "dear"
title = "Dear"
prompt_limit = 100
durations = { choices = [5], default = 5 }
sound = "never"

[[models.prices]]
when = { given = ["image"] }
usd = 2
per = "video"

[[models.prices]]
usd = 1
per = "video"

[[models.routes]]
slug = "dear-t2v"

[models.routes.body]
prompt = { from = "prompt" }
duration = { from = "duration" }

[[models.routes]]
slug = "dear-i2v"
needs = ["image"]

[models.routes.body]
prompt = { from = "prompt" }
duration = { from = "duration" }
image = { from = "image" }
"""


ALWAYS = """
[[models.prices]]
usd = 1
per = "video"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """One model that needs a picture, and one that is dearer with one."""
    file = tmp_path / "models.toml"
    file.write_text(STILL)
    return Catalogue.load(file)


async def test_a_draft_is_settled_and_priced_and_nothing_is_written(desk: Desk) -> None:
    before = await desk.contents()

    plain = await desk.quote()
    long = await desk.quote(draft=Draft("a cat", 15, "9:16", private=True))

    assert plain.request == VideoRequest("a cat", 10, "16:9", audio=True, watermark=True)
    assert (plain.price, plain.draft.private, plain.model.id) == (1500, False, "sora-2")
    assert long.request == VideoRequest("a cat", 15, "9:16", audio=True, watermark=True)
    assert (long.price, long.draft.private) == (2250, True)
    assert await desk.contents() == before


def test_without_a_choice_the_model_says_whether_there_is_a_watermark() -> None:
    marked = Catalogue.load().get("sora-2")
    clean = marked.model_copy(update={"watermark": False})

    made = [wish_of(Draft("a cat"), model, NO_PREFERENCES, watermark=True).request for model in (marked, clean)]

    assert [request.watermark for request in made] == [True, False]


async def test_the_watermark_is_the_servers_choice(desk: Desk) -> None:
    await desk.set_up(replace(CHOICES, watermark=False))

    assert (await desk.quote()).request.watermark is False


@pytest.mark.parametrize(
    ("who", "draft", "refusal"),
    [
        (asker(guild_id=None, context=Context.DIRECT), DRAFT, DirectMessagesOffError),
        (asker(guild_id=None, context=Context.ELSEWHERE), DRAFT, ElsewhereOffError),
        (asker(guild_id=GUILD + 1, manages=True), DRAFT, NotSetUpError),
        (asker(), DRAFT, NoRoleError),
        (replace(MEMBER, channel_id=9), DRAFT, WrongChannelError),
        (MEMBER, Draft("a BAD cat"), BlockedWordError),
        (MEMBER, Draft("  "), PromptMissingError),
        (MEMBER, Draft("x" * 2001), PromptTooLongError),
        (MEMBER, Draft("a cat", 11), DurationNotOfferedError),
        (MEMBER, Draft("a cat", model_id="nothing"), UnknownModelError),
        (MEMBER, Draft("a cat", image=PICTURE, image_url="https://x.example/a.png"), TwoPicturesError),
        (MEMBER, Draft("a cat", clip=CLIP, clip_url="https://x.example/c.mp4"), TwoClipsError),
        (MEMBER, Draft("a cat", clip_range="1-3"), RangeWithoutClipError),
    ],
)
async def test_what_does_not_pass_is_refused_and_writes_nothing(
    desk: Desk, who: Asker, draft: Draft, refusal: type[RefusalError]
) -> None:
    await desk.set_up(replace(CHOICES, channel_ids=frozenset({MEMBER.channel_id}), words=("bad",)))
    before = await desk.contents()

    with pytest.raises(refusal):
        await desk.quote(who, draft)

    assert await desk.contents() == before


async def test_where_the_bot_can_not_post_an_order_goes_through_all_the_same(desk: Desk) -> None:
    quote = await desk.quote(replace(MEMBER, bot_lacks=("Attach Files",)))

    assert not quote.asker.bot_can_post


@pytest.mark.parametrize("context", [Context.DIRECT, Context.ELSEWHERE])
async def test_where_no_server_pays_the_operators_day_does(desk: Desk, context: Context) -> None:
    who, draft = asker(guild_id=None, context=context), replace(DRAFT, clip_url="https://x.example/c.mp4")
    terms = replace(desk.orders.terms, gate=Gate(user_installs=True))
    desk.orders = replace(desk.orders, terms=replace(terms, budgets=Budgets(guild_month=0, process_day=1500)))
    await desk.quote(who, draft)
    desk.orders = replace(desk.orders, terms=replace(terms, budgets=Budgets(guild_month=0, process_day=1499)))

    with pytest.raises(ProcessBudgetError):
        await desk.quote(who, draft)


@pytest.mark.parametrize("context", [Context.DIRECT, Context.ELSEWHERE])
async def test_sexual_content_with_minors_is_refused_where_no_server_is_too(desk: Desk, context: Context) -> None:
    desk.orders = replace(desk.orders, terms=replace(desk.orders.terms, gate=Gate(user_installs=True)))

    with pytest.raises(MinorsError):
        await desk.quote(asker(guild_id=None, context=context), Draft("a nude teen"))


async def test_of_many_declined_at_once_the_log_channel_is_told_once(desk: Desk) -> None:
    await desk.set_up(replace(CHOICES, words=("volcano",)))

    async def declined(number: int) -> type[Exception]:
        with pytest.raises(RefusalError) as refused:
            await desk.quote(replace(MEMBER, interaction_id=number), Draft("a volcano"))
        return refused.type

    kinds = await asyncio.gather(*map(declined, range(1, 13)))

    assert kinds.count(BlockedWordError) == 4
    assert {*kinds} <= {BlockedWordError, PausedByDeclinesError, DeclinedTooOftenError}
    told = await rows(desk.database, "SELECT kind FROM notices")
    assert told == [("declined_prompts",)]


async def test_a_word_that_is_blocked_after_the_quote_counts_once_and_reserves_nothing(desk: Desk) -> None:
    quote = await desk.quote(replace(MEMBER, interaction_id=1), Draft("a volcano"))
    await desk.set_up(replace(CHOICES, words=("volcano",)))

    with pytest.raises(BlockedWordError):
        await desk.orders.accept(quote, receipt())

    assert await rows(desk.database, "SELECT interaction_id FROM declines") == [(1,)]
    assert await rows(desk.database, "SELECT * FROM ledger") == []


@pytest.mark.parametrize(("context", "private"), [(Context.DIRECT, False), (Context.ELSEWHERE, True)])
async def test_direct_messages_are_private_by_themselves(desk: Desk, context: Context, private: bool) -> None:
    desk.orders = replace(desk.orders, terms=replace(desk.orders.terms, gate=Gate(user_installs=True)))

    quote = await desk.quote(asker(guild_id=None, context=context), replace(DRAFT, private=True))

    assert quote.draft.private is private


async def test_who_may_not_order_at_all_can_be_told_before_anything_is_asked(desk: Desk) -> None:
    await desk.orders.admit(MEMBER)

    with pytest.raises(NoRoleError):
        await desk.orders.admit(asker())


async def test_limits_and_budgets_are_told_before_anything_is_fetched(desk: Desk) -> None:
    poor = desk.with_terms(budgets=Budgets(1499, 10**9))
    poorer = desk.with_terms(budgets=Budgets(10**9, 1499))

    linked = replace(DRAFT, image_url="https://example.com/cat.png")

    with pytest.raises(GuildBudgetError):
        await poor.quote(MEMBER, linked)
    with pytest.raises(ProcessBudgetError):
        await poorer.quote(MEMBER, linked)
    await add_reserved(desk.database, job(created_at=NOW), state=JobState.RENDERING)
    with pytest.raises(AtOnceError):
        await desk.quote(MEMBER, linked)


async def test_what_has_no_price_is_refused_unless_the_operator_assumes_one(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(STILL.replace(ALWAYS, ""))
    unpriced = replace(desk.orders, catalogue=Catalogue.load(file))
    assumed = replace(unpriced, terms=replace(unpriced.terms, assumed_price=777))
    draft = Draft("a cat", model_id="dear")

    with pytest.raises(UnpricedError):
        await unpriced.quote(MEMBER, draft)
    assert (await assumed.quote(MEMBER, draft)).price == 777


async def test_a_model_that_no_gateway_takes_is_refused_before_anything_is_paid(desk: Desk) -> None:
    desk.gateways.mark_bad_key("myrouter")

    with pytest.raises(NoServiceError) as refused:
        await desk.quote()

    assert refused.value.sentence.params == {"model": "Sora 2"}


async def test_a_model_that_needs_a_picture_is_quoted_with_one(desk: Desk, catalogue: Catalogue) -> None:
    orders = replace(desk.orders, catalogue=catalogue)

    attached = await orders.quote(MEMBER, Draft("a cat", image=PICTURE))
    linked = await orders.quote(MEMBER, Draft("a cat", image_url="https://x.example/a.png"))

    assert attached.price == linked.price == 2000
    assert attached.request.image is linked.request.image is None
    with pytest.raises(InputMissingError):
        await orders.quote(MEMBER, DRAFT)
    with pytest.raises(InputNotTakenError):
        await orders.quote(MEMBER, Draft("a cat", clip=CLIP))


async def test_the_price_is_that_of_what_is_attached(desk: Desk, catalogue: Catalogue) -> None:
    orders = replace(desk.orders, catalogue=catalogue)

    plain = await orders.quote(MEMBER, Draft("a cat", model_id="dear"))
    attached = await orders.quote(MEMBER, Draft("a cat", model_id="dear", image=PICTURE))

    assert (plain.price, attached.price) == (10_000, 20_000)


async def test_the_endpoint_that_will_be_used_is_the_one_that_has_to_be_open(desk: Desk, catalogue: Catalogue) -> None:
    orders = replace(desk.orders, catalogue=catalogue)
    desk.gateways.mark_retired("myrouter", "dear-i2v")

    await orders.quote(MEMBER, Draft("a cat", model_id="dear"))
    with pytest.raises(NoLongerMadeError):
        await orders.quote(MEMBER, Draft("a cat", model_id="dear", image=PICTURE))


async def test_a_database_that_does_not_answer_means_no(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"a shopping list, not a database\n" * 200)
    broken = Database(path)

    with pytest.raises(StoreUnavailableError):
        await replace(desk.orders, database=broken).quote(MEMBER, DRAFT)

    await broken.writer.dispose()
    await broken.reader.dispose()


@pytest.mark.parametrize(
    ("draft", "has_files"),
    [
        (DRAFT, False),
        (Draft("a cat", image=PICTURE), True),
        (Draft("a cat", clip=CLIP), True),
        (Draft("a cat", image_url="https://x.example/a.png"), False),
    ],
)
def test_a_draft_with_attachments_has_files(draft: Draft, has_files: bool) -> None:
    assert draft.has_files is has_files


class WatchedGate(Gate):
    """The gate, which remembers where prompts were looked at."""

    __slots__ = ()
    threads: ClassVar[list[threading.Thread]] = []

    def check_prompt(self, prompt: str, guild: Guild, negative: str | None = None, before: str | None = None) -> None:
        self.threads.append(threading.current_thread())
        super().check_prompt(prompt, guild, negative, before)


async def test_prompts_are_held_against_patterns_where_nobody_else_waits(desk: Desk) -> None:
    orders = desk.with_terms(gate=WatchedGate())

    accepted = await orders.accept(await orders.quote(MEMBER, DRAFT), receipt())

    assert accepted.request.prompt == DRAFT.prompt
    assert len(WatchedGate.threads) == 1
    other = await orders.quote(replace(MEMBER, user_id=MEMBER.user_id + 7), DRAFT)
    await desk.set_up(replace(CHOICES, words=("dog",)))
    await orders.accept(other, receipt())
    assert len(WatchedGate.threads) == 3
    assert threading.main_thread() not in WatchedGate.threads
