"""Posting what is about no job: once, to whom it concerns, and what a no of Discord's means."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.client.bot import ClapboardBot
from bot.client.cards import NoticePost
from bot.client.notices import NoticePoster
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import Notice, NoticeKind
from bot.worker.herald import PlaceClosedError, TryAgainError
from sandbox.discord import Channel, Overwrite, Permission, Role
from sandbox.stops import Stage as Point
from tests.bot.client.herald import Post
from tests.bot.client.stage import answering

SENDS = ".*/channels/[0-9]+/messages"
ALERT = Notice(1, 1, NoticeKind.BUDGET, {}, 0, datetime(2026, 3, 14, tzinfo=UTC))
NONCE = "cb:n1:log"


@dataclass
class Cards:
    """Says the same of everything."""

    text: str

    def notice(self, notice: Notice, choices: GuildChoices | None = None) -> NoticePost:
        return NoticePost(f"{notice.kind} {self.text}")


@dataclass
class Board:
    """A server with a log channel and a role for alerts, and what posts there."""

    post: Post
    log: Channel
    role: Role
    poster: NoticePoster

    async def tell(self, notice: Notice = ALERT) -> None:
        stage = self.post.stage
        choices = GuildChoices(log_channel_id=self.log.id, alert_role_id=self.role.id)
        await self.poster.tell_server(Guild(stage.guild.id, choices), notice, NONCE)


@pytest.fixture
def board(post: Post) -> Board:
    stage = post.stage
    role = stage.guild.add_role("Treasurers", mentionable=True)
    stage.guild.add_member("tess", roles=[role])
    cards = Cards(f"{role.mention} {stage.role.mention} <@{stage.member.user.id}> @everyone")
    return Board(post, stage.guild.add_channel("log"), role, NoticePoster(stage.bot, cards))


async def test_an_alert_pings_the_role_for_it_alone_whatever_its_text_mentions(board: Board) -> None:
    await board.tell()

    (message,) = board.log.history
    assert message.mentioned_roles == [board.role]
    assert (message.mentions, message.mentions_everyone) == ([], False)


@pytest.mark.parametrize("kind", sorted(set(NoticeKind) - {NoticeKind.BUDGET}))
async def test_nothing_else_pings_anybody(board: Board, kind: NoticeKind) -> None:
    await board.tell(replace(ALERT, kind=kind))

    (message,) = board.log.history
    assert message.notified == []


async def test_a_message_whose_answer_was_lost_is_not_made_twice(board: Board) -> None:
    board.post.stage.server.stops.at(Point.APPLIED, "POST", SENDS, answering(503, "down"))
    with pytest.raises(TryAgainError):
        await board.tell()

    await board.tell()

    assert len(board.log.history) == 1


async def test_a_message_that_was_deleted_is_told_and_not_made_again(board: Board) -> None:
    await board.tell()
    board.log.history[0].delete()

    await board.tell()

    assert board.log.history == []


async def test_a_direct_message_is_made_once_for_each_who_is_told(board: Board) -> None:
    stage = board.post.stage
    for nonce in ("cb:n1:1", "cb:n1:1"):
        await board.poster.tell_person(stage.member.user.id, ALERT, nonce)

    (message,) = stage.ada.dms()
    assert message.notified == []


Closing = Callable[[Board], None]


def deleted(board: Board) -> None:
    board.log.delete()


def hidden(board: Board) -> None:
    board.log.overwrite(board.post.stage.guild.everyone.id, Overwrite(deny=Permission.VIEW_CHANNEL))


@pytest.mark.parametrize("close", [deleted, hidden])
async def test_a_log_channel_that_is_gone_or_forbidden_is_closed(board: Board, close: Closing) -> None:
    close(board)

    with pytest.raises(PlaceClosedError):
        await board.tell()


async def test_a_server_without_a_log_channel_is_closed(board: Board) -> None:
    with pytest.raises(PlaceClosedError):
        await board.poster.tell_server(Guild(1), ALERT, NONCE)


async def test_somebody_who_takes_no_direct_messages_is_closed(board: Board) -> None:
    member = board.post.stage.member
    member.close_direct_messages()

    with pytest.raises(PlaceClosedError):
        await board.poster.tell_person(member.user.id, ALERT, NONCE)


async def test_a_discord_that_does_not_answer_is_left_in_time(board: Board) -> None:
    ended = asyncio.Event()

    async def stall(_: web.Request) -> None:
        await ended.wait()

    board.post.stage.server.stops.at(Point.RECEIVED, "POST", SENDS, stall)
    with pytest.raises(TryAgainError):
        await replace(board.poster, tell_seconds=0.1).tell_server(
            Guild(board.post.stage.guild.id, GuildChoices(log_channel_id=board.log.id)), ALERT, NONCE
        )
    ended.set()


async def test_before_the_login_it_is_tried_later() -> None:
    poster = NoticePoster(ClapboardBot(), Cards("text"))
    tell: list[Callable[[], Awaitable[None]]] = [
        lambda: poster.tell_person(1, ALERT, NONCE),
        lambda: poster.tell_server(Guild(1, GuildChoices(log_channel_id=2)), ALERT, NONCE),
    ]

    for each in tell:
        with pytest.raises(TryAgainError):
            await each()


async def test_the_operators_are_those_of_the_bot_at_that_moment(board: Board) -> None:
    owner = board.post.stage.server.world.owner

    assert board.poster.operators == frozenset({owner.id})
