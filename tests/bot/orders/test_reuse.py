"""New videos from old ones: who may, what carries over, what is lent, and where a remix goes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.catalogue.errors import OptionNotWithInputError
from bot.domain.character import Character, Sharing
from bot.domain.errors import RefusalError
from bot.domain.guild import GuildChoices
from bot.domain.inputs import Inputs
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.preferences import Preferences
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.tier import Tier
from bot.orders.draft import Draft
from bot.orders.errors import CharacterGoneError, NoServiceError, NotFinishedError, TwoClipsError
from bot.orders.lending import KeptFileGoneError, LentElsewhereError, LentKind, NoLendingError
from bot.orders.reuse import again, remix
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, KeptByAuthorError, LengthNotHereError, MinorsError, RemovedError
from bot.store import characters, moves, people
from tests.bot.orders.desk import CHOICES, MEMBER, Desk, receipt
from tests.bot.policy.askers import ROLE, asker
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, NOW, add, job

OTHER = asker(user_id=BOB, role_ids=frozenset({ROLE}))
STRANGER = replace(OTHER, guild_id=GUILD + 1)
CLIPS = replace(CHOICES, clip_channel_id=4242)
KEPT = Inputs("a.png", None, "b.mp4", Decimal("2.5"))
REQUEST = VideoRequest(
    "a cat", 15, "9:16", image="https://old/a.png", audio=True, watermark=False,
    character=CharacterClip("https://old/b.mp4", Decimal(4), Decimal("6.5")),
)  # fmt: skip
FOX = Character("f0x0000000", ALICE, GUILD, "Fox", "c.mp4", Decimal(2), NOW, NOW)


async def finished(desk: Desk, **changes: object) -> Job:
    """A video of Alice's that was posted."""
    done = {"state": JobState.DELIVERED, "gateway": "myrouter", "task_id": changes.pop("task_id", "t-1")}
    return await add(desk.database, job(**changes), **done, message_channel_id=CHANNEL, message_id=6)


async def prefer(desk: Desk, user: int, chosen: Preferences) -> None:
    async with desk.database.write() as tx:
        await people.save_preferences(tx, user, chosen)


@pytest.mark.parametrize(
    ("who", "changes", "refusal"),
    [
        (MEMBER, {}, None),
        (OTHER, {}, None),
        (replace(MEMBER, guild_id=GUILD + 1, channel_id=77), {}, None),
        (replace(OTHER, channel_id=CHANNEL + 1), {}, JobGoneError),
        (STRANGER, {}, JobGoneError),
        (replace(OTHER, guild_id=None), {}, JobGoneError),
        (OTHER, {"private": True}, JobGoneError),
        (MEMBER, {"private": True}, None),
    ],
)
async def test_one_s_own_can_be_used_everywhere_and_others_where_they_stand(
    desk: Desk, who: Asker, changes: dict[str, object], refusal: type[RefusalError] | None
) -> None:
    video = await finished(desk, **changes)

    if refusal is None:
        assert await desk.reuse.source(who, video.id) == video
    else:
        with pytest.raises(refusal):
            await desk.reuse.source(who, video.id)


async def test_an_author_can_keep_others_from_it_and_a_moderator_everybody(desk: Desk) -> None:
    video = await finished(desk)
    await prefer(desk, ALICE, Preferences(others_may_remix=False))

    assert await desk.reuse.source(MEMBER, video.id)
    with pytest.raises(KeptByAuthorError):
        await desk.reuse.source(OTHER, video.id)
    removed = await finished_and_removed(desk)
    with pytest.raises(RemovedError):
        await desk.reuse.source(MEMBER, removed.id)


async def finished_and_removed(desk: Desk) -> Job:
    return await add(desk.database, job(), state=JobState.DELIVERED, removed_at=NOW)


async def test_again_is_the_same_order_with_our_own_copies(desk: Desk) -> None:
    video = await finished(desk, request=REQUEST, inputs=KEPT)

    quote = await desk.quote(MEMBER, again(video))
    seen = await desk.orders.inspect(quote, receipt())

    assert [(file.kind, file.name, file.owner_id) for file in quote.lent] == [
        (LentKind.PICTURE, "a.png", ALICE),
        (LentKind.CLIP, "b.mp4", ALICE),
    ]
    lent = CharacterClip("https://lent.example/2/b.mp4", Decimal(0), Decimal("2.5"))
    assert seen.request == replace(REQUEST, image="https://lent.example/1/a.png", character=lent)
    assert seen.inputs == KEPT
    assert (await desk.orders.accept(seen, receipt())).repeats == video.id


async def test_links_of_members_are_used_again_as_they_were(desk: Desk) -> None:
    link = CharacterClip("https://93.184.216.34/b.mp4", Decimal(4), Decimal("6.5"))
    picture = "https://93.184.216.34/cat.png"
    video = await finished(desk, request=replace(REQUEST, image=picture, character=link))

    seen = await desk.orders.inspect(await desk.quote(MEMBER, again(video)), receipt())

    assert (seen.request.image, seen.request.character) == (picture, link)
    assert desk.lender.lent == []


async def test_files_of_others_need_a_place_to_lend_them(desk: Desk) -> None:
    video = await finished(desk, request=REQUEST, inputs=KEPT)

    with pytest.raises(NoLendingError):
        await desk.quote(OTHER, again(video))

    await desk.set_up(CLIPS)
    assert (await desk.quote(OTHER, again(video))).lent


async def test_what_was_borrowed_once_never_becomes_the_borrowers_own(desk: Desk) -> None:
    await desk.set_up(CLIPS)
    video = await finished(desk, request=REQUEST, inputs=KEPT)
    seen = await desk.orders.inspect(await desk.quote(OTHER, again(video)), receipt())
    borrowed = await desk.orders.accept(seen, receipt())
    async with desk.database.write() as tx:
        await moves.note_on(tx, borrowed.id, state=JobState.DELIVERED)

    once_more = await desk.quote(OTHER, again(borrowed))

    assert [file.owner_id for file in once_more.lent] == [ALICE, ALICE]
    await desk.set_up(CLIPS, GUILD + 1)
    with pytest.raises(LentElsewhereError):
        await desk.quote(replace(OTHER, guild_id=GUILD + 1), again(borrowed))
    await desk.set_up(CHOICES)
    with pytest.raises(NoLendingError):
        await desk.quote(OTHER, again(borrowed))
    assert (await desk.quote(MEMBER, again(video))).lent


async def test_of_a_video_with_files_of_two_each_stays_its_givers(desk: Desk) -> None:
    await desk.set_up(CLIPS)
    video = await finished(desk, request=REQUEST, inputs=KEPT)
    borrowed = replace(KEPT, picture="n.png", owners={"b.mp4": ALICE})
    mixed = await finished(desk, author_id=BOB, task_id="t-2", request=REQUEST, inputs=borrowed)

    seen = await desk.orders.inspect(await desk.quote(MEMBER, again(mixed)), receipt())

    assert [(file.name, file.owner_id) for file in seen.lent] == [("n.png", BOB), ("b.mp4", ALICE)]
    assert seen.inputs.owners == {"n.png": BOB}
    assert (await desk.quote(MEMBER, again(video))).lent


async def _kept_from_others(desk: Desk, _: Job) -> None:
    await prefer(desk, ALICE, Preferences(others_may_remix=False))


async def _removed(desk: Desk, video: Job) -> None:
    async with desk.database.write() as tx:
        await moves.note_on(tx, video.id, removed_at=NOW)


async def _erased(desk: Desk, _: Job) -> None:
    async with desk.database.write() as tx:
        await people.erase_before(tx, ALICE, NOW)


async def _forgotten(desk: Desk, video: Job) -> None:
    async with desk.database.write() as tx:
        await moves.note_on(tx, video.id, inputs=None)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (_kept_from_others, KeptByAuthorError),
        (_removed, RemovedError),
        (_erased, JobGoneError),
        (_forgotten, KeptFileGoneError),
    ],
)
async def test_what_was_taken_back_while_files_are_looked_at_is_not_used(
    desk: Desk, change: Callable[[Desk, Job], Awaitable[None]], refusal: type[RefusalError]
) -> None:
    await desk.set_up(CLIPS)
    video = await finished(desk, request=REQUEST, inputs=KEPT)
    seen = await desk.orders.inspect(await desk.quote(OTHER, again(video)), receipt())
    await change(desk, video)

    with pytest.raises(refusal):
        await desk.orders.accept(seen, receipt())
    with pytest.raises(refusal):
        await desk.quote(OTHER, replace(again(video)))


async def test_an_original_that_was_taken_back_meanwhile_is_not_remixed(desk: Desk) -> None:
    video = await finished(desk)
    quote = await desk.quote(OTHER, remix(video, "at night"))
    await _removed(desk, video)

    with pytest.raises(RemovedError):
        await desk.orders.accept(quote, receipt())


async def test_what_was_lent_once_is_not_lent_again_after_its_owner_has_changed_their_mind(desk: Desk) -> None:
    await desk.set_up(CLIPS)
    borrowed = await finished(desk, author_id=BOB, request=REQUEST, inputs=replace(KEPT, owners={"b.mp4": ALICE}))
    await _kept_from_others(desk, borrowed)

    with pytest.raises(KeptByAuthorError):
        await desk.quote(OTHER, again(borrowed))


async def test_a_new_picture_takes_the_place_of_the_kept_one(desk: Desk) -> None:
    video = await finished(desk, request=REQUEST, inputs=KEPT)

    quote = await desk.quote(MEMBER, replace(again(video), image_url="https://93.184.216.34/new.png"))

    assert [file.kind for file in quote.lent] == [LentKind.CLIP]


async def test_a_remix_goes_to_the_gateway_that_made_the_original(desk: Desk) -> None:
    video = await finished(desk)

    accepted = await desk.accept(OTHER, remix(video, "at night"))

    assert (accepted.request.parent_task, accepted.gateway) == ("t-1", "myrouter")
    assert (accepted.remix_of, accepted.request.duration) == (video.id, None)
    desk.gateways.mark_bad_key("myrouter")
    with pytest.raises(NoServiceError):
        await desk.quote(MEMBER, remix(video, "by day"))


async def test_a_remix_of_what_is_not_finished_or_gone_is_refused(desk: Desk) -> None:
    running = await add(desk.database, job(), state=JobState.RENDERING, gateway="myrouter", task_id="t-2")

    with pytest.raises(NotFinishedError):
        await desk.quote(MEMBER, remix(running, "at night"))
    with pytest.raises(JobGoneError):
        await desk.quote(MEMBER, Draft("at night", remix_of="0000000000"))
    with pytest.raises(OptionNotWithInputError):
        await desk.quote(MEMBER, Draft("at night", duration=10, remix_of=(await finished(desk)).id))


async def test_own_defaults_fill_what_was_left_out_of_a_new_video_only(desk: Desk) -> None:
    await prefer(desk, ALICE, Preferences(duration=15, aspect="9:16", model_id="gone"))
    video = await finished(desk, request=VideoRequest("a cat", 10, "16:9"))

    fresh, chosen = await desk.quote(), await desk.quote(draft=Draft("a cat", duration=10, aspect="landscape"))
    repeated = await desk.quote(draft=again(video))

    assert (fresh.request.duration, fresh.request.aspect) == (15, "9:16")
    assert (chosen.request.duration, chosen.request.aspect) == (10, "16:9")
    assert (repeated.request.duration, repeated.request.aspect) == (10, "16:9")


@pytest.mark.parametrize(
    ("sharing", "choices", "refusal"),
    [
        (Sharing.ME, CLIPS, CharacterGoneError),
        (Sharing.EVERYONE, CLIPS, None),
        (Sharing.EVERYONE, CHOICES, NoLendingError),
    ],
)
async def test_a_character_is_used_by_whom_it_is_shared_with(
    desk: Desk, sharing: Sharing, choices: GuildChoices, refusal: type[RefusalError] | None
) -> None:
    await desk.set_up(choices)
    async with desk.database.write() as tx:
        await characters.add(tx, replace(FOX, sharing=sharing))
    draft = Draft("a cat", character_id=FOX.id)

    if refusal is not None:
        with pytest.raises(refusal):
            await desk.quote(OTHER, draft)
        return
    seen = await desk.orders.inspect(await desk.quote(OTHER, draft), receipt())
    accepted = await desk.orders.accept(seen, receipt())
    assert accepted.request.character == CharacterClip("https://lent.example/1/c.mp4", Decimal(0), Decimal(2))
    assert accepted.inputs == Inputs(character_id=FOX.id)


async def test_a_character_taken_back_while_files_are_looked_at_is_not_used(desk: Desk) -> None:
    async with desk.database.write() as tx:
        await characters.add(tx, FOX)
    seen = await desk.orders.inspect(await desk.quote(MEMBER, Draft("a cat", character_id=FOX.id)), receipt())
    async with desk.database.write() as tx:
        await characters.remove(tx, FOX.id)

    with pytest.raises(CharacterGoneError):
        await desk.orders.accept(seen, receipt())


async def test_a_character_and_a_clip_are_one_too_many(desk: Desk) -> None:
    async with desk.database.write() as tx:
        await characters.add(tx, FOX)

    with pytest.raises(TwoClipsError):
        await desk.quote(MEMBER, Draft("a cat", character_id=FOX.id, clip_url="https://93.184.216.34/b.mp4"))


async def test_the_same_wish_is_known_by_what_the_files_are_and_not_by_their_addresses(desk: Desk) -> None:
    video = await finished(desk, request=REQUEST, inputs=KEPT, status=MessagePlace(CHANNEL, 9))
    first = await desk.orders.inspect(await desk.quote(MEMBER, again(video)), receipt())
    second = await desk.orders.inspect(await desk.quote(MEMBER, again(video)), receipt())
    await desk.orders.accept(first, receipt())

    with pytest.raises(RefusalError, match="SameAgainError"):
        await desk.orders.accept(second, receipt())


async def test_a_remix_is_as_long_as_its_original_for_every_limit(desk: Desk) -> None:
    video = await finished(desk, request=VideoRequest("a cat", 15))
    change = remix(video, "a dog")

    await desk.set_up(replace(CHOICES, tiers={GUILD: Tier(seconds=10)}))
    with pytest.raises(LengthNotHereError):
        await desk.quote(OTHER, change)

    await desk.set_up(replace(CHOICES, log_channel_id=4711, tiers={GUILD: Tier(approval_seconds=10)}))
    assert (await desk.accept(OTHER, change)).state is JobState.AWAITING_APPROVAL


@pytest.mark.parametrize(("seconds", "price"), [(10, 1500), (15, 2250)])
async def test_a_remix_costs_what_the_length_of_its_original_does_and_so_does_the_same_once_more(
    desk: Desk, seconds: int, price: int
) -> None:
    video = await finished(desk, request=VideoRequest("a cat", seconds))

    changed = await desk.accept(OTHER, remix(video, "a dog"))

    assert (changed.price, changed.request.seconds) == (price, seconds)
    assert (await desk.quote(OTHER, again(changed))).price == price


async def test_a_managers_price_of_remixes_is_not_less_than_the_longest_costs(desk: Desk) -> None:
    await desk.set_up(replace(CHOICES, prices={"sora-2/0": 2000}))
    videos = [await finished(desk, request=VideoRequest("a cat", each), task_id=f"t-{each}") for each in (10, 15)]

    prices = [(await desk.quote(OTHER, remix(video, "a dog"))).price for video in videos]

    assert prices == [2000, 2250]


async def test_a_remix_is_read_together_with_its_original_where_minors_may_be_meant(desk: Desk) -> None:
    video = await finished(desk, request=VideoRequest("a little girl at a beach", 10))

    with pytest.raises(MinorsError):
        await desk.quote(OTHER, remix(video, "now she is naked"))
