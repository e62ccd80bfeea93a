"""What the operators are told by direct message, and the two buttons by which they serve a server or turn it away."""

import pytest

from bot.domain.audit import Action
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import NoticeKind
from bot.store import acts, guilds, notices
from sandbox.discord import Message, Person, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.test_notices import UNTIL, crying

APPROVED = "The operator of this bot has approved **Film Club**: videos can be made there now."
DECLINED = "The operator of this bot has declined to serve **Film Club**, so no videos can be made there."


async def to_operator(club: Club, kind: NoticeKind, once: str | None = None, **about: object) -> Message:
    """What the operator, who owns the application, is told."""
    async with club.database.write() as tx:
        await notices.put(tx, 0, kind, about, NOW, once=once)
    async with crying(club):
        await wait_until(lambda: bool(club.owner.dms()))
    (message,) = club.owner.dms()
    return message


async def asked(club: Club, *, log: bool = True, name: str = "Film Club") -> Message:
    """The question about the club, whose manager has run setup."""
    choices = GuildChoices(log_channel_id=club.log.id if log else None)
    async with club.database.write() as tx:
        await guilds.save(tx, Guild(club.guild.id, choices, set_up_at=NOW), club.manager.user.id)
    return await to_operator(
        club,
        NoticeKind.APPROVE_SERVER,
        f"approve:{club.guild.id}",
        guild_id=club.guild.id,
        name=name,
        members=42,
        actor=club.manager.user.id,
    )


async def decided(club: Club, where: list[Message] | None = None) -> str:
    """What the managers are told of the decision."""
    async with crying(club):
        await wait_until(lambda: bool(club.log.history if where is None else where))
    message = (club.log.history if where is None else where)[-1]
    assert message.notified == []
    return message.text


async def actions(club: Club) -> list[tuple[Action, int]]:
    record = await club.ask(lambda tx: acts.of_guild(tx, club.guild.id, offset=0, limit=9))
    return [(act.action, act.actor_id) for act in record]


async def test_the_question_names_the_server_its_manager_and_its_size(club: Club) -> None:
    message = await asked(club)

    assert message.text == (
        f"<@{club.manager.user.id}> has run /video-admin setup in **Film Club** (`{club.guild.id}`). "
        "Shall I serve this server? Its videos are paid with your key, up to the budget that you give each server.\n"
        "It has 42 members."
    )
    assert list(message.buttons) == ["Approve", "Decline"]


async def test_the_name_of_a_server_is_shown_as_written(club: Club) -> None:
    message = await asked(club, name="**[free](https://example.com)** @everyone")

    assert r"**\*\*\[free\](https\://example.com)\*\* @" in message.text
    assert "@everyone" not in message.text


async def test_approve_opens_the_server_is_recorded_and_told_in_its_log_channel(club: Club) -> None:
    message = await asked(club)

    await club.owner.click(message, "Approve")

    assert message.text.endswith("\n**Approved. Its managers are told.**")
    assert list(message.buttons) == ["Decline"]
    assert (await club.chosen()).approved
    assert await actions(club) == [(Action.SERVE, club.owner.user.id)]
    assert await decided(club) == APPROVED


async def test_decline_keeps_it_out_and_the_other_button_changes_that(club: Club) -> None:
    message = await asked(club)
    await club.owner.click(message, "Decline")
    declined = await club.chosen()
    text = message.text

    await club.owner.click(message, "Approve")

    assert (declined.approved, declined.declined) == (False, True)
    assert text.endswith("\n**Declined. Its managers are told.**")
    assert (await club.chosen()).approved
    assert message.text.endswith("\n**Approved. Its managers are told.**")
    assert message.text.count("Approved") == 1
    assert [action for action, _ in await actions(club)] == [Action.SERVE, Action.TURN_AWAY]


async def test_a_press_about_a_server_that_was_approved_otherwise_says_so(club: Club) -> None:
    message = await asked(club)
    await club.settle_in()

    await club.owner.click(message, "Approve")

    assert message.text.endswith("\n**This server is approved already.**")
    assert await actions(club) == []


async def test_without_a_log_channel_the_manager_who_ran_setup_is_told(club: Club) -> None:
    message = await asked(club, log=False)
    await club.owner.click(message, "Decline")

    async with crying(club):
        await wait_until(lambda: bool(club.manager.dms()))

    assert [each.text for each in club.manager.dms()] == [DECLINED]
    assert club.log.history == []


async def test_where_the_log_channel_is_closed_the_manager_who_ran_setup_is_told(club: Club) -> None:
    message = await asked(club)
    club.log.delete()
    await club.owner.click(message, "Approve")

    async with crying(club):
        await wait_until(lambda: bool(club.manager.dms()))

    assert [each.text for each in club.manager.dms()] == [APPROVED]


@pytest.mark.parametrize("verb", ["serve", "turn-away"])
@pytest.mark.parametrize("who", ["mia", "mod", "manager"])
async def test_a_forged_button_decides_nothing(club: Club, verb: str, who: str) -> None:
    await asked(club)
    before = await club.chosen()
    button = {"type": 2, "style": 3, "label": "Approve", "custom_id": f"cb:{verb}:{club.guild.id}"}
    forged = club.videos.post(club.server.world.application.bot, "free videos")
    forged.components = [{"type": 1, "components": [button | {"id": 2}], "id": 1}]
    person: Person = getattr(club, who)

    answer = await person.click(forged, "Approve")

    assert answer.text == "Only those who run this bot can do that."
    assert answer.ephemeral
    assert await club.chosen() == before
    assert await actions(club) == []


BAD_KEY = "myrouter refuses its key, so it gets no orders. Please renew `MYROUTER_API_KEY` and restart me."
DAY_OVER = (
    "An order did not fit into BUDGET_USD_PER_DAY ($10.00) any more. "
    f"What costs more than is left can be ordered again <t:{int(UNTIL.timestamp())}:f>."
)
GATEWAY = {"gateway": "myrouter", "model": "Sora 2"}


@pytest.mark.parametrize(
    ("kind", "about", "text"),
    [
        (NoticeKind.BAD_KEY, GATEWAY, BAD_KEY),
        (NoticeKind.NO_CREDIT, GATEWAY, "The account at myrouter is empty, so it gets no orders. Please top it up;"),
        (NoticeKind.MODEL_RETIRED, GATEWAY, "myrouter does not offer Sora 2 any more."),
        (NoticeKind.PROCESS_BUDGET, {"limit": 100_000, "until": UNTIL.isoformat()}, DAY_OVER),
    ],
)
async def test_the_operator_is_told_what_only_they_can_mend(
    club: Club, kind: NoticeKind, about: dict[str, object], text: str
) -> None:
    message = await to_operator(club, kind, None, **about)

    assert message.text.startswith(text)
    assert message.buttons == {}


async def test_each_operator_is_told_and_one_who_takes_no_messages_is_no_hindrance(club: Club) -> None:
    club.bot.operators = frozenset({club.owner.user.id, club.mod.user.id, club.tom.user.id})
    club.tom.user.takes_direct_messages = False

    await to_operator(club, NoticeKind.NO_CREDIT, **GATEWAY)
    async with crying(club):
        await wait_until(lambda: bool(club.mod.dms()))

    assert [len(person.dms()) for person in (club.owner, club.mod, club.tom)] == [1, 1, 0]
