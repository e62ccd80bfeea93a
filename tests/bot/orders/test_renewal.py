"""Orders that have waited: their files at fresh addresses, or a refusal before anything is paid."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.guild import GuildChoices
from bot.domain.inputs import Inputs
from bot.domain.job import Job
from bot.domain.request import CharacterClip, VideoRequest
from bot.orders.lending import Borrowing, KeptFileGoneError, Lendable, LentKind, NoLendingError
from bot.orders.renewal import Renewal
from tests.bot.orders.desk import CHOICES, Desk, MemoryLender
from tests.bot.policy.askers import asker
from tests.bot.store.records import BOB, NOW, job

CLIPS = replace(CHOICES, clip_channel_id=5)
OLD = VideoRequest(
    "a cat", 10, image="https://old/1", last_image="https://old/2",
    character=CharacterClip("https://old/3", Decimal(1), Decimal(3)),
)  # fmt: skip
INPUTS = Inputs("p.png", "l.png", "c.mp4", Decimal(2), owners={"p.png": BOB})


async def renewed(
    desk: Desk, hours: float, choices: GuildChoices = CLIPS, *, lender: MemoryLender | None = None, **changes: object
) -> VideoRequest:
    desk.now = NOW + timedelta(hours=hours)
    waited: Job = job(**({"request": OLD, "inputs": INPUTS} | changes))
    return await Renewal(desk.database, lender or desk.lender, desk.clock)(waited, asker(), choices)


async def test_the_files_of_an_order_that_has_waited_get_fresh_addresses(desk: Desk) -> None:
    request = await renewed(desk, 2)

    assert request.image == "https://lent.example/1/p.png"
    assert request.last_image == "https://lent.example/2/l.png"
    assert request.character == CharacterClip("https://lent.example/3/c.mp4", Decimal(0), Decimal(2))
    assert [(file.kind, file.owner_id == BOB) for file, _ in desk.lender.lent] == [
        (LentKind.PICTURE, True),
        (LentKind.LAST_PICTURE, False),
        (LentKind.CLIP, False),
    ]
    # Whoever approves is not the owner, so nothing is shown to them.
    assert {borrowing.reply for _, borrowing in desk.lender.lent} == {None}


async def test_what_was_asked_for_a_moment_ago_is_as_it_was(desk: Desk) -> None:
    assert await renewed(desk, 0.9) == OLD
    assert desk.lender.lent == []


async def test_links_of_members_stay_as_they_are(desk: Desk) -> None:
    assert await renewed(desk, 20, inputs=Inputs()) == OLD


@pytest.mark.parametrize("hours", [2, 19])
async def test_without_a_place_to_lend_discords_own_link_serves_as_long_as_it_lives(desk: Desk, hours: float) -> None:
    assert await renewed(desk, hours, CHOICES, inputs=Inputs(picture="p.png", owners={"p.png": BOB})) == OLD


async def test_without_a_place_to_lend_an_old_order_is_refused(desk: Desk) -> None:
    with pytest.raises(NoLendingError):
        await renewed(desk, 21, CHOICES, inputs=Inputs(picture="p.png", owners={"p.png": BOB}))


class EmptyShelf(MemoryLender):
    """Has nothing any more."""

    async def lend(self, file: Lendable, borrowing: Borrowing) -> str:
        """Nothing to lend."""
        raise KeptFileGoneError


async def test_a_file_or_a_character_that_is_gone_is_not_paid_for(desk: Desk) -> None:
    with pytest.raises(KeptFileGoneError):
        await renewed(desk, 2, lender=EmptyShelf())
    with pytest.raises(KeptFileGoneError):
        await renewed(desk, 2, inputs=Inputs(character_id="nosuchchar"))
