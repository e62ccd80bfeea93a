"""Where members can ask for a video: any kind of channel, where the bot may not post, and outside its servers."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from sandbox.discord import (
    Answer,
    Channel,
    ChannelKind,
    ClientRefusesError,
    Message,
    Overwrite,
    Permission,
    Person,
    Upload,
    wait_until,
)
from sandbox.discord.channels import Place
from sandbox.stage import BOT_PERMISSIONS, Stage
from tests.bot.media.films import png
from tests.e2e import books
from tests.e2e.conftest import PLENTY, check_exchanges, prepare
from tests.e2e.scene import PATIENCE_SECONDS, PROMPT, WAITING, Scene

PICTURE = Upload("cat.png", png(), "image/png")
HOW_IT_COMES = "Your video will come as my answer here, or as a direct message if it takes longer than 15 minutes."
NO_DIRECT_MESSAGES = "I don't make videos in direct messages. Please use /video in a server where I am set up."

Ground = Callable[[Scene], Channel]


async def _open_everywhere(scene: Scene) -> None:
    """The owner lets Makers order in every channel; there is no log."""
    owner = scene.person(scene.club.owner)
    panel = (await owner.invoke("video-admin setup", channel=scene.club.videos)).reply
    await owner.click(panel, "Next")
    await owner.select(panel, next(iter(panel.selects)), [scene.club.makers])
    await owner.click(panel, "Save")


def _thread_of(scene: Scene, kind: ChannelKind, *, private: bool = False) -> Channel:
    guild = scene.club.guild
    members = [scene.club.mia, guild.me]
    return guild.add_thread("talk", guild.add_channel("home", kind=kind), private=private, members=members)


KINDS: dict[str, Ground] = {
    "thread": lambda scene: _thread_of(scene, ChannelKind.TEXT),
    "private thread": lambda scene: _thread_of(scene, ChannelKind.TEXT, private=True),
    "forum post": lambda scene: _thread_of(scene, ChannelKind.FORUM),
    "announcements": lambda scene: scene.club.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT),
    "thread below announcements": lambda scene: _thread_of(scene, ChannelKind.ANNOUNCEMENT),
    "voice channel": lambda scene: scene.club.guild.add_channel("lounge", kind=ChannelKind.VOICE),
    "stage": lambda scene: scene.club.guild.add_channel("hall", kind=ChannelKind.STAGE),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_video_appears_in_every_kind_of_channel_where_it_was_asked_for(opening: Scene, kind: str) -> None:
    await _open_everywhere(opening)
    place = KINDS[kind](opening)

    answer = await opening.order(channel=place)

    result = await opening.result(place)
    assert "I couldn't post" not in result.text
    assert result.notified == [opening.club.mia.user]
    await wait_until(lambda: answer.reply.deleted, PATIENCE_SECONDS)
    assert (len(answer.followups), opening.entries) == (1, ["reserve", "commit"])


async def test_in_a_thread_of_an_allowed_channel_videos_are_allowed(scene: Scene) -> None:
    thread = scene.club.guild.add_thread("boats", scene.club.videos)

    await scene.order(channel=thread)

    assert (await scene.result(thread)).place is thread


async def test_an_archived_thread_is_revived_by_the_video_although_its_status_can_not_be_edited(scene: Scene) -> None:
    thread = scene.club.guild.add_thread("boats", scene.club.videos)
    scene.stage.gateway.script(WAITING)
    answer = await scene.order(channel=thread)
    task = await scene.task()
    scene.stage.discord.expire_token(answer.interaction)
    thread.archive()

    task.finish()

    await scene.result(thread)
    assert not thread.archived
    await wait_until(lambda: answer.reply.deleted, PATIENCE_SECONDS)


def _channel_gone(scene: Scene, place: Channel) -> None:
    place.delete()


def _thrown_out(scene: Scene, place: Channel) -> None:
    scene.club.guild.remove_bot()


def _server_gone(scene: Scene, place: Channel) -> None:
    scene.club.guild.delete()


@pytest.mark.parametrize(
    ("kind", "vanish"),
    [
        ("forum post", _channel_gone),
        ("voice channel", _channel_gone),
        ("thread", _thrown_out),
        ("announcements", _server_gone),
    ],
)
async def test_what_has_no_place_any_more_comes_as_a_direct_message(
    opening: Scene, kind: str, vanish: Callable[[Scene, Channel], None]
) -> None:
    shared = opening.stage.discord.world.add_guild("Meeting point", bot_permissions=BOT_PERMISSIONS)
    shared.add_member(opening.club.mia.user)
    await _open_everywhere(opening)
    place = KINDS[kind](opening)
    opening.stage.gateway.script(WAITING)
    answer = await opening.order(channel=place)
    task = await opening.task()
    opening.stage.discord.expire_token(answer.interaction)
    vanish(opening, place)

    task.finish()

    result = await opening.result(opening.club.mia)
    assert f"I couldn't post in {place.mention}." in result.text
    await opening.becomes("delivered")
    assert (len(opening.orders), opening.entries) == (1, ["reserve", "commit"])


async def test_what_can_be_sent_nowhere_is_kept(opening: Scene) -> None:
    await _open_everywhere(opening)
    opening.stage.gateway.script(WAITING)
    answer = await opening.order()
    task = await opening.task()
    opening.stage.discord.expire_token(answer.interaction)
    opening.club.guild.remove_bot()

    task.finish()

    await opening.becomes("undelivered")
    assert opening.entries == ["reserve", "commit"]
    assert opening.mia.dms() == []


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.SEND_MESSAGES, "Send Messages and Attach Files"),
        (Permission.VIEW_CHANNEL, "View Channel, Send Messages, and Attach Files"),
    ],
)
async def test_where_the_bot_may_not_post_the_video_answers_the_command(
    scene: Scene, denied: Permission, missing: str
) -> None:
    scene.club.videos.overwrite(scene.club.guild.me.id, Overwrite(deny=denied))

    answer = await scene.order()

    assert "**Queued · #1 in line**" in answer.text
    result = await scene.result()
    assert "I couldn't post" not in result.text
    assert result.notified == [scene.club.mia.user]
    (notice,) = [item for item in answer.followups if item is not result]
    assert notice.ephemeral
    assert notice.text.startswith(f"I can't post here: missing {missing}. {HOW_IT_COMES}")
    await wait_until(lambda: answer.reply.deleted, PATIENCE_SECONDS)
    assert scene.entries == ["reserve", "commit"]


async def test_where_the_bot_may_not_post_an_order_with_a_file_is_shown_to_its_author_alone(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    scene.club.videos.overwrite(scene.club.guild.me.id, Overwrite(deny=Permission.ATTACH_FILES))

    answer = await scene.order(image=PICTURE)

    assert answer.ephemeral
    assert f"{PROMPT}\n**" in answer.text
    task = await scene.task()
    await wait_until(lambda: "Rendering · 42 %" in answer.text, PATIENCE_SECONDS)
    assert scene.club.videos.history == []
    task.finish()
    result = await scene.result()
    assert (result.ephemeral, result.notified) == (False, [scene.club.mia.user])
    await wait_until(lambda: answer.reply.deleted, PATIENCE_SECONDS)


async def test_where_the_bot_may_not_post_and_the_command_is_over_it_comes_as_a_direct_message(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    scene.club.videos.overwrite(scene.club.guild.me.id, Overwrite(deny=Permission.SEND_MESSAGES))
    answer = await scene.order()
    task = await scene.task()
    scene.stage.discord.expire_token(answer.interaction)

    task.finish()

    result = await scene.result(scene.club.mia)
    assert f"I couldn't post in {scene.club.videos.mention}." in result.text


async def test_in_a_thread_the_bot_needs_the_right_for_threads(scene: Scene) -> None:
    thread = scene.club.guild.add_thread("boats", scene.club.videos)
    denied = Permission.SEND_MESSAGES_IN_THREADS
    scene.club.videos.overwrite(scene.club.guild.me.id, Overwrite(deny=denied))

    answer = await scene.order(channel=thread)

    result = await scene.result(thread)
    (notice,) = [item for item in answer.followups if item is not result]
    assert "I can't post here: missing Send Messages in Threads and Attach Files." in notice.text


async def test_direct_messages_are_off_unless_the_operator_pays(scene: Scene) -> None:
    answer = await scene.mia.invoke("video", {"prompt": PROMPT})

    assert answer.text == NO_DIRECT_MESSAGES
    scene.assert_nothing_happened()


async def test_without_user_installs_no_command_comes_along(scene: Scene) -> None:
    scene.mia.install()
    elsewhere = scene.stage.discord.world.add_guild("Elsewhere", with_bot=False)
    elsewhere.add_member(scene.club.mia.user)

    with pytest.raises(ClientRefusesError):
        await scene.mia.invoke("video", {"prompt": PROMPT}, channel=elsewhere.add_channel("talk"))


@dataclass(frozen=True)
class Traveller:
    """Somebody who has installed the bot for themselves, on a stage where the operator pays for that."""

    stage: Stage
    person: Person

    async def order(self, place: Place | None, **options: object) -> Answer:
        """/video somewhere, or in direct messages; the answer once it stands."""
        answer = await self.person.invoke("video", {"prompt": PROMPT, **options}, channel=place)
        return await answer.settled()

    async def video(self, where: Place | None = None) -> Message:
        """The video that everybody sees there, or in the direct messages."""
        return await self.stage.discord.wait_for_message(
            where or self.person.user, lambda message: bool(message.attachments), timeout=PATIENCE_SECONDS
        )

    def elsewhere(self, *, public: bool = True) -> Channel:
        """A channel of a server that the bot is not in; `public`: whether others see what visiting bots say."""
        guild = self.stage.discord.world.add_guild("Elsewhere", with_bot=False)
        guild.add_member(self.person.user)
        channel = guild.add_channel("talk")
        if not public:
            channel.overwrite(guild.everyone.id, Overwrite(deny=Permission.USE_EXTERNAL_APPS))
        return channel


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def open_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A program whose operator pays for direct messages and user installs."""
    async with prepare(Stage(tmp_path_factory.mktemp("open") / "bot")) as stage:
        await stage.open(**PLENTY, ALLOW_DMS="true", ALLOW_USER_INSTALL="true")
        yield stage
        check_exchanges(stage)


@pytest_asyncio.fixture(loop_scope="package")
async def ida(open_world: Stage) -> Traveller:
    """Somebody new who has installed the bot."""
    person = open_world.discord.person(open_world.discord.world.add_user("ida"))
    person.install()
    return Traveller(open_world, person)


SERVERS_ONLY = {"video-admin", "video-mod", "Report this video"}


async def test_what_needs_a_server_is_offered_in_servers_only(shared: Stage, open_world: Stage) -> None:
    offered = {
        stage: {
            (item["name"] in SERVERS_ONLY, tuple(item["contexts"]), tuple(item["integration_types"]))
            for item in stage.discord.commands.of(None)
        }
        for stage in (shared, open_world)
    }

    assert offered[shared] == {(True, (0,), (0,)), (False, (0, 1), (0,))}
    assert offered[open_world] == {(True, (0,), (0,)), (False, (0, 1, 2), (0, 1))}


@pytest.mark.parametrize("private", [False, True])
async def test_in_direct_messages_everything_is_said_there(ida: Traveller, private: bool) -> None:
    answer = await ida.order(None, private=private)

    assert "**Queued" in answer.text
    result = await ida.video()
    assert "I couldn't post" not in result.text
    await wait_until(lambda: answer.reply.deleted, PATIENCE_SECONDS)
    assert [message for message in ida.person.dms() if "accepted…" in message.text] == []


async def test_in_direct_messages_an_order_with_a_file_has_its_status_there(ida: Traveller) -> None:
    answer = await ida.order(None, image=PICTURE)

    assert answer.ephemeral
    result = await ida.video()
    assert f"Your video is in line: https://discord.com/channels/@me/{result.place.id}/" in answer.text
    await wait_until(lambda: ida.person.dms() == [result], PATIENCE_SECONDS)


async def test_in_direct_messages_links_lead_there_and_members_have_their_limits(ida: Traveller) -> None:
    ida.stage.gateway.script(WAITING)
    first = await ida.order(None)
    await wait_until(lambda: "rendering" in books.states(ida.stage), PATIENCE_SECONDS)

    second = await ida.order(None, prompt="another boat")

    link = f"https://discord.com/channels/@me/{first.reply.place.id}/{first.reply.id}"
    assert second.text == f"One of your videos is still on its way ({link}). Wait or cancel it."
    ida.stage.gateway.orders[-1].task.finish()
    await ida.video()


async def test_members_commands_work_in_direct_messages(ida: Traveller) -> None:
    queue = await ida.person.invoke("my-videos queue")
    help_ = await ida.person.invoke("video-help")

    assert "/video" in queue.text + help_.text
    for name in ("video-admin setup", "video-mod words"):
        with pytest.raises(ClientRefusesError):
            await ida.person.invoke(name)


PLACES: dict[str, Callable[[Traveller], Place]] = {
    "server": Traveller.elsewhere,
    "conversation of two": lambda ida: _conversation(ida, 1),
    "group": lambda ida: _conversation(ida, 3),
}


def _conversation(ida: Traveller, others: int) -> Place:
    world = ida.stage.discord.world
    return world.private_channel(ida.person.user, *(world.add_user(f"friend {n}") for n in range(others)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("with_file", [False, True])
async def test_where_a_member_takes_the_bot_the_video_answers_the_command(
    ida: Traveller, place: str, with_file: bool
) -> None:
    where = PLACES[place](ida)

    answer = await ida.order(where, **({"image": PICTURE} if with_file else {}))

    assert answer.ephemeral is with_file
    result = await ida.video(where)
    assert "I couldn't post" not in result.text
    (notice,) = [item for item in answer.followups if item is not result]
    assert notice.ephemeral
    assert notice.text.startswith(f"I am not a member here. {HOW_IT_COMES}")
    await wait_until(lambda: answer.reply.deleted, PATIENCE_SECONDS)


async def test_where_visiting_bots_are_not_seen_the_video_is_shown_to_its_author(ida: Traveller) -> None:
    channel = ida.elsewhere(public=False)

    answer = await ida.order(channel)

    await wait_until(lambda: any(item.attachments for item in answer.followups), PATIENCE_SECONDS)
    assert channel.history == []


@pytest.mark.parametrize("place", PLACES)
async def test_where_the_command_is_over_the_video_comes_as_a_direct_message(ida: Traveller, place: str) -> None:
    ida.stage.gateway.script(WAITING)
    where, orders = PLACES[place](ida), len(ida.stage.gateway.orders)
    answer = await ida.order(where)
    await wait_until(lambda: len(ida.stage.gateway.orders) > orders, PATIENCE_SECONDS)
    ida.stage.discord.expire_token(answer.interaction)

    ida.stage.gateway.orders[-1].task.finish()

    told = "where you asked for it." if where.guild is None else f"in <#{where.id}>."
    assert f"I couldn't post {told}" in (await ida.video()).text


async def test_a_private_video_from_elsewhere_comes_as_a_direct_message(ida: Traveller) -> None:
    channel = ida.elsewhere()

    await ida.order(channel, private=True)

    assert "I couldn't post" not in (await ida.video()).text
    assert channel.history == []


@pytest.mark.parametrize("public", [True, False])
async def test_a_video_from_elsewhere_is_deleted_although_the_bot_is_no_member_there(
    ida: Traveller, public: bool
) -> None:
    status = await ida.order(ida.elsewhere(public=public))
    await wait_until(lambda: any(item.attachments for item in status.followups), PATIENCE_SECONDS)
    (result,) = (item for item in status.followups if item.attachments)
    await wait_until(lambda: status.reply.deleted, PATIENCE_SECONDS)

    question = await (await ida.person.click(result, "Delete")).settled()
    answer = await (await ida.person.click(question.reply, "Delete")).settled()

    assert answer.text == "Deleted."
    assert result.deleted
