"""Who has not the right (any more), and what is not there (any more): refused in a sentence, and nothing is charged."""

from collections.abc import Awaitable, Callable

import pytest

from sandbox.discord import Answer, Message, Person, Upload, wait_until
from sandbox.discord.components import numbered
from tests.bot.media.films import png
from tests.e2e import books
from tests.e2e.lending import CLIP, saved
from tests.e2e.presses import AGAIN, EDIT, REMIX, forged, made, newcomer, press
from tests.e2e.scene import PATIENCE_SECONDS, Scene, job_id

NO_ROLE = "You need one of these roles to make videos here:"
GONE = "This video is no longer in my records."
NO_CHARACTER = "There is no such character that you may use here. /character list shows yours."
MODERATORS_ONLY = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
SAVE = "Save as character"
ANIMATE = "Animate this picture"
PICTURE = Upload("cat.png", png(), "image/png")
NOBODYS = "0123456789"
IS_V2 = 1 << 15
OTHER = "a paper plane"
PRICE = 1500

Opening = Callable[[Scene, Person, Message], Awaitable[Answer]]


def pressing(label: str) -> Opening:
    """A form that a button below a video opens."""
    return lambda _scene, person, result: person.click(result, label)


def typing(command: str, **options: object) -> Opening:
    """A form that a command opens."""
    return lambda scene, person, _result: person.invoke(command, options, channel=scene.club.videos)


def choosing(menu: str) -> Opening:
    """A form that the menu on a video's message opens."""
    return lambda _scene, person, result: person.menu(menu, result)


async def animating(scene: Scene, person: Person, _result: Message) -> Answer:
    """The form that a picture of one's own opens."""
    return await person.menu(ANIMATE, person.post(scene.club.videos, "my cat", (PICTURE,)))


ORDERING: dict[str, tuple[Opening, dict[str, object]]] = {
    "edit": (pressing(EDIT), {"Prompt": OTHER}),
    "remix": (pressing(REMIX), {"What shall change": OTHER}),
    "remix by menu": (choosing("Remix this video"), {"What shall change": OTHER}),
    "more": (typing("video", prompt=OTHER, more=True), {}),
    "new character": (typing("character new", name="Mimi", clip=CLIP), {"I confirm": True}),
    "animate": (animating, {"Prompt": OTHER}),
}


async def test_no_form_is_opened_for_who_has_not_the_role(scene: Scene) -> None:
    result, tom = await made(scene), scene.person(scene.club.tom)

    for name, (opens, _) in ORDERING.items():
        answer = await opens(scene, tom, result)
        assert answer.form is None, name
        assert answer.text.startswith(NO_ROLE), name
        assert answer.ephemeral, name

    assert (scene.states, scene.spent) == (["delivered"], PRICE)


@pytest.mark.parametrize("name", ORDERING)
async def test_a_form_sent_after_the_role_was_taken_away_is_refused(scene: Scene, name: str) -> None:
    opens, entered = ORDERING[name]
    result, noa = await made(scene), scene.club.guild.add_member("noa", roles=[scene.club.makers])
    form = (await opens(scene, scene.person(noa), result)).form
    noa.take(scene.club.makers)

    answer = await (await scene.person(noa).submit(form, entered)).settled()

    assert answer.text.startswith(NO_ROLE)
    assert answer.ephemeral
    assert (scene.states, scene.spent) == (["delivered"], PRICE)


async def erase(person: Person, scene: Scene) -> None:
    """Somebody erases everything, once all has been told of it: a video waits for that."""
    await wait_until(lambda: not books.untold(scene.stage, scene.club.guild), PATIENCE_SECONDS)
    question = await person.invoke("my-videos erase", channel=scene.club.videos)
    await (await person.click(question.reply, "Erase everything")).settled()


@pytest.mark.parametrize(
    ("opens", "entered"),
    [
        (pressing(EDIT), {"Prompt": OTHER}),
        (pressing(REMIX), {"What shall change": OTHER}),
        (choosing("Report this video"), {}),
    ],
    ids=["edit", "remix", "report"],
)
async def test_a_form_whose_video_is_gone_meanwhile_is_refused(
    scene: Scene, opens: Opening, entered: dict[str, object]
) -> None:
    result, noa = await made(scene), newcomer(scene)
    form = (await opens(scene, noa, result)).form
    await erase(scene.mia, scene)

    answer = await (await noa.submit(form, entered)).settled()

    assert (answer.text, answer.ephemeral) == (GONE, True)
    assert books.paid_by(scene.stage, scene.club.guild).get(noa.user.id, 0) == 0
    assert scene.states == []


async def test_the_buttons_of_a_video_that_was_erased_say_so(scene: Scene) -> None:
    result = await made(scene)
    await erase(scene.mia, scene)

    for label in (AGAIN, REMIX, EDIT, SAVE, "Delete"):
        answer = await scene.mia.click(result, label)
        assert (answer.text, answer.ephemeral) == (GONE, True), label


@pytest.mark.parametrize("verb", ["report-remove", "report-block"])
async def test_the_report_of_a_video_that_is_gone_says_so(scene: Scene, verb: str) -> None:
    answer = await scene.mod.click(forged(scene, f"cb:{verb}:{NOBODYS}"), "Press")

    assert (answer.text, answer.ephemeral) == (GONE, True)


async def test_the_report_of_a_video_that_is_gone_can_be_dismissed(scene: Scene) -> None:
    card = forged(scene, f"cb:report-dismiss:{NOBODYS}")
    told = {"type": 10, "content": card.content}
    card.components = numbered([{"type": 17, "components": [told, *card.components]}])
    card.content, card.flags = "", card.flags | IS_V2

    await scene.mod.click(card, "Press")

    assert "**Nothing had to be done. By" in card.text
    assert card.buttons == {}


@pytest.mark.parametrize("menu", ["Remix this video", "Video details", "Report this video"])
async def test_the_menu_on_a_video_that_is_gone_says_so(scene: Scene, menu: str) -> None:
    message = forged(scene, f"cb:again:{NOBODYS}")

    answer = await scene.mia.menu(menu, message)

    assert (answer.text, answer.ephemeral) == (GONE, True)


@pytest.mark.parametrize(
    ("command", "options", "by", "sentence"),
    [
        ("remix", {"video": NOBODYS, "prompt": OTHER}, "mia", GONE),
        ("my-videos show", {"video": NOBODYS}, "mia", GONE),
        ("my-videos cancel", {"video": NOBODYS}, "mia", GONE),
        ("video-mod remove", {"video": NOBODYS}, "mod", GONE),
        ("video", {"prompt": OTHER, "character": "Mimi"}, "mia", NO_CHARACTER),
        ("character remove", {"character": "Mimi"}, "mia", NO_CHARACTER),
        ("character share", {"character": "Mimi"}, "mia", NO_CHARACTER),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() else "",
)
async def test_a_command_about_what_is_gone_says_so(
    scene: Scene, command: str, options: dict[str, object], by: str, sentence: str
) -> None:
    person = scene.person(getattr(scene.club, by))

    answer = await (await person.invoke(command, options, channel=scene.club.videos)).settled()

    assert (answer.text, answer.ephemeral) == (sentence, True)
    assert (scene.states, scene.entries) == ([], [])


async def test_a_video_of_another_is_remixed_by_command_and_charged_to_whoever_remixes(scene: Scene) -> None:
    video, noa = job_id(await made(scene)), newcomer(scene)

    async def remix(person: Person) -> Answer:
        return await person.invoke("remix", {"video": video, "prompt": OTHER}, channel=scene.club.videos)

    refused, answer = await remix(scene.person(scene.club.tom)), await remix(noa)

    assert refused.text.startswith(NO_ROLE)
    assert f"<@{noa.user.id}>" in answer.text
    await scene.becomes("delivered", "delivered")
    assert books.paid_by(scene.stage, scene.club.guild) == {scene.mia.user.id: PRICE, noa.user.id: PRICE}


async def test_only_its_author_with_the_role_saves_a_video_as_a_character(scene: Scene) -> None:
    result = await made(scene)

    others = await newcomer(scene).click(result, SAVE)
    scene.club.mia.take(scene.club.makers)
    own = await scene.mia.click(result, SAVE)

    assert (others.form, others.text) == (
        None,
        "Only the person who asked for this video can save it as a character.",
    )
    assert own.form is None
    assert own.text.startswith(NO_ROLE)


async def test_where_managers_widen_it_the_picture_of_another_is_charged_to_whoever_animates_it(scene: Scene) -> None:
    owner, noa = scene.person(scene.club.owner), newcomer(scene)
    panel = (await owner.invoke("video-admin setup", channel=scene.club.videos)).reply
    await owner.click(panel, "Next")
    await owner.click(panel, "Next")
    form = (await owner.click(panel, "More…")).form
    await owner.submit(form, {"Anybody's pictures may be animated": True})
    await owner.click(panel, "Save")
    opened = await noa.menu(ANIMATE, scene.mia.post(scene.club.videos, "my cat", (PICTURE,)))

    await (await noa.submit(opened.form, {"Prompt": OTHER})).settled()

    await scene.becomes("delivered")
    assert books.paid_by(scene.stage, scene.club.guild) == {noa.user.id: PRICE}


@pytest.mark.parametrize(
    "command", ["character remove", "character share"], ids=lambda value: value.removeprefix("character ")
)
async def test_the_character_of_another_can_be_neither_removed_nor_shared(scene: Scene, command: str) -> None:
    await saved(scene, who="Everyone here")

    answer = await newcomer(scene).invoke(command, {"character": "Mimi"}, channel=scene.club.videos)

    assert (answer.text, answer.ephemeral) == (NO_CHARACTER, True)


async def test_what_is_ones_own_is_there_without_the_role(scene: Scene) -> None:
    await saved(scene)
    result = await made(scene)
    scene.club.mia.take(scene.club.makers)

    async def told(command: str, **options: object) -> str:
        return (await (await scene.mia.invoke(command, options, channel=scene.club.videos)).settled()).text

    assert "**Mimi**" in await told("character list")
    assert "Mimi" in await told("character share", character="Mimi")
    assert "Your video is here: " in await told("my-videos show", video=job_id(result))
    question = await scene.mia.invoke("character remove", {"character": "Mimi"}, channel=scene.club.videos)
    assert (await scene.mia.click(question.reply, "Remove")).text.startswith("Removed, and its clip is deleted.")
    deletion = await press(scene.mia, result, "Delete")
    await press(scene.mia, deletion.reply, "Delete")
    assert result.deleted


@pytest.mark.parametrize(
    "command", ["remove", "block", "unblock", "queue", "cancel", "pause", "resume", "usage", "words"]
)
async def test_a_member_who_is_shown_a_moderators_command_is_refused(scene: Scene, command: str) -> None:
    result = await made(scene)
    options: dict[str, dict[str, object]] = {
        "remove": {"video": job_id(result)},
        "block": {"member": scene.club.tom, "for": "good"},
        "unblock": {"member": scene.club.tom},
        "cancel": {"video": job_id(result)},
    }

    with scene.opened_to_everybody("video-mod"):
        answer = await scene.mia.invoke(f"video-mod {command}", options.get(command, {}), channel=scene.club.videos)

    assert (answer.text, answer.ephemeral) == (MODERATORS_ONLY, True)
    assert not result.deleted


async def test_a_words_form_sent_after_the_right_was_taken_away_changes_nothing(scene: Scene) -> None:
    panel = (await scene.mod.invoke("video-mod words", channel=scene.club.videos)).reply
    form = (await scene.mod.click(panel, "Edit words…")).form
    scene.club.mod.take(scene.club.moderators)

    answer = await scene.mod.submit(form, {"Words or phrases, one per line": "paper"})

    assert (answer.text, answer.ephemeral) == (MODERATORS_ONLY, True)
    await press(scene.mia, await made(scene), AGAIN)
